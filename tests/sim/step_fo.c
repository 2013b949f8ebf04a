/* step_fo.c - fulfillment orders held, moved, split, merged, called off, and
 * sent by who keeps the stock. */
#define WHARF_UNBANNED
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "goods.h"
#include "model_pay.h"

enum { DUE_SEEN_MS = 7200000 }; /* Older ones were seen before. */

static struct g_fos *was, now;
static struct g_fo *fo;

static bool is_request(const char *request)
{
    return strcmp(fo->request, request) == 0;
}

static bool may_edit(const struct g_fo *at)
{
    return g_is(at, "open") || g_is(at, "on_hold") || g_is(at, "scheduled");
}

static bool has_shipped(void)
{
    for (int i = 0; i < fo->line_count; i++)
        if (fo->lines[i].shipped > 0)
            return true;
    return false;
}

/* ---- calls ---- */

/* Sometimes of an old version. */
static struct call *begin(struct sim *sim, const char *operation,
                          struct json_out *out, const char **ret_code)
{
    struct call *call = sim_begin(sim, operation, out);
    bool is_stale = sim_chance(sim, 4);
    sim_path(call, 0, "fo", fo->id);
    json_put_i64(out, "version", fo->version + is_stale);
    *ret_code = is_stale ? "stale" : "";
    return call;
}

/* The first that stands in the way is told. */
static void must(const char **code, bool cond, const char *slug)
{
    if ((*code)[0] == '\0' && !cond)
        *code = slug;
}

static bool finish(struct sim *sim, struct call *call, struct json_out *out,
                   const char *code)
{
    sim_body(call, out);
    sim_call(sim, call);
    bool is_done = sim_ended(sim, call, code) && code[0] == '\0';
    sim->moves += is_done;
    return is_done;
}

/* It must be so now; NULL: as it was. */
static void expect(struct sim *sim, const char *status, const char *request)
{
    const struct g_fo *at = g_fo_of(&now, fo->id);
    status = status ? status : fo->status;
    request = request ? request : fo->request;
    sim_expect(sim,
               at && g_is(at, status) && strcmp(at->request, request) == 0 &&
                   at->version > fo->version,
               "%s: an FO must be %s (%s) and is %s (%s)", was->order->external,
               status, request, at ? at->status : "gone",
               at ? at->request : "");
}

/* A command that only says something of it. */
static void say(struct sim *sim, const char *operation, const char *word,
                bool is_allowed, const char *slug, const char *to_status,
                const char *to_request)
{
    struct json_out out;
    const char *code;
    struct call *call = begin(sim, operation, &out, &code);
    must(&code, is_allowed, slug);
    if (word)
        json_put_cstr(&out, word, "said by the simulator");
    if (finish(sim, call, &out, code)) {
        goods_follow(sim, was, NULL, &now);
        expect(sim, to_status, to_request);
    }
    call_close(call);
}

static void hold(struct sim *sim)
{
    bool is_here = !g_is_elsewhere(fo);
    say(sim, "holdFulfillmentOrder", "reason", is_here && g_is(fo, "open"),
        is_here ? "state" : "request_state", "on_hold", NULL);
}

static void release(struct sim *sim)
{
    const char *code = "";
    must(&code, g_is(fo, "on_hold"), "state");
    must(&code, m_is_covered(&sim->model, was->order), "payment_unmet");
    must(&code, !g_is_stopped(was->order, fo), "order_held");
    say(sim, "releaseFulfillmentOrder", NULL, code[0] == '\0', code, "open",
        NULL);
}

static void open(struct sim *sim)
{
    const char *code = "";
    must(&code, g_is(fo, "scheduled"), "state");
    must(&code, m_is_covered(&sim->model, was->order), "payment_unmet");
    must(&code, !g_is_stopped(was->order, fo), "order_held");
    was->order->is_opened_early |= code[0] == '\0';
    say(sim, "openFulfillmentOrder", NULL, code[0] == '\0', code, "open", NULL);
}

/* ---- elsewhere ---- */

static bool all_found(const struct m_leaving *units)
{
    for (int i = 0; i < M_LINES; i++)
        if (units->waiting[i] > 0)
            return false;
    return true;
}

static void leave(struct sim *sim, struct call *call, struct json_out *out,
                  const char *code, const char *to_request)
{
    struct m_leaving units = goods_leaving(sim, was->order, fo, -1);
    struct g_left left = {&units, fo->place, true};
    if (!finish(sim, call, out, code))
        return;
    goods_follow(sim, was, &left, &now);
    expect(sim, has_shipped() ? "closed" : "cancelled", to_request);
}

static void cancel(struct sim *sim)
{
    struct json_out out;
    const char *code;
    struct call *call = begin(sim, "cancelFulfillmentOrder", &out, &code);
    json_put_cstr(&out, "reason", "not from here");
    must(&code, !g_is_elsewhere(fo), "request_state");
    must(&code, !g_is_over(fo), "state");
    must(&code, !g_is(fo, "in_progress"), "units_in_work");
    leave(sim, call, &out, code, NULL);
    call_close(call);
}

/* What a person had sent there stays until a person says more. */
static void reject(struct sim *sim)
{
    struct json_out out;
    const char *code;
    if (fo->is_sticky) {
        bool may_leave = m_is_covered(&sim->model, was->order) &&
                         !g_is_stopped(was->order, fo);
        say(sim, "rejectFulfillmentOrder", "reason", is_request("submitted"),
            "request_state", may_leave ? NULL : "on_hold", "rejected");
        return;
    }
    struct call *call = begin(sim, "rejectFulfillmentOrder", &out, &code);
    json_put_cstr(&out, "reason", "none there");
    must(&code, is_request("submitted"), "request_state");
    leave(sim, call, &out, code, "rejected");
    call_close(call);
}

/* All that is left goes where a person says. */
static void take_moved(struct sim *sim, const struct m_leaving *units, int to)
{
    struct m_order *order = was->order;
    struct g_left left = {units, fo->place, false};
    for (int i = 0; i < order->line_count; i++)
        order->lines[i].barred &= ~(1u << to);
    goods_follow(sim, was, &left, &now);
    if (has_shipped()) {
        expect(sim, "closed", NULL);
        return;
    }
    const struct g_fo *at = g_fo_of(&now, fo->id);
    expect(sim, g_is(fo, "incomplete") ? "open" : NULL, "unsubmitted");
    sim_expect(sim, at && at->place == to && at->is_sticky,
               "%s: an FO was moved and is not there", order->external);
}

static void move(struct sim *sim)
{
    struct json_out out;
    const char *code;
    int to = (int)sim_between(sim, 0, sim->model.place_count - 1);
    struct m_leaving units = goods_leaving(sim, was->order, fo, to);
    struct call *call = begin(sim, "moveFulfillmentOrder", &out, &code);
    json_put_id(&out, "location", "loc", sim->model.places[to].id);
    must(&code, !g_is_elsewhere(fo), "request_state");
    must(&code, sim->model.places[to].is_active, "location_inactive");
    must(&code, to != fo->place, "same_location");
    must(&code, !g_is_picked(fo), "units_in_work");
    must(&code, may_edit(fo) || g_is(fo, "incomplete"), "state");
    must(&code, all_found(&units), "out_of_stock");
    if (finish(sim, call, &out, code)) {
        bool is_again = has_shipped() && !is_request("unsubmitted");
        if (is_again) /* The rest has an FO of its own. */
            memcpy(fo->request, "unsubmitted", sizeof("unsubmitted"));
        take_moved(sim, &units, to);
    }
    call_close(call);
}

/* ---- apart and together ---- */

static const char *put_split(struct sim *sim, struct json_out *out,
                             int64_t ret[M_LINES])
{
    int64_t left = 0, parted = 0;
    bool is_over = false;
    json_begin_list(out, "lines");
    for (int i = 0; i < fo->line_count; i++) {
        const struct g_line *line = &fo->lines[i];
        int64_t qty = sim_between(sim, 0, line->qty);
        if (sim_chance(sim, 2))
            qty = line->qty + 1;
        is_over |= qty > line->qty;
        left += line->qty - qty;
        parted += qty;
        ret[line->n - 1] = qty;
        if (qty == 0)
            continue;
        json_begin(out, NULL);
        json_put_i64(out, "n", line->n);
        json_put_i64(out, "quantity", qty);
        json_end_object(out);
    }
    json_end_list(out);
    if (parted == 0)
        return NULL;
    return is_over ? "over_split" : left == 0 ? "nothing_left" : "";
}

static void check_split(struct sim *sim, int64_t id,
                        const int64_t parted[M_LINES])
{
    struct g_fo *a = g_fo_of(&now, fo->id), *b = g_fo_of(&now, id);
    if (!sim_expect(sim,
                    a && b && a != b && b->place == fo->place &&
                        strcmp(a->status, fo->status) == 0 &&
                        strcmp(b->status, fo->status) == 0,
                    "%s: an FO was split and there are no two alike",
                    was->order->external))
        return;
    for (int i = 0; i < fo->line_count; i++) {
        const struct g_line *line = &fo->lines[i];
        const struct g_line *kept = g_line_of(a, line->n);
        const struct g_line *gone = g_line_of(b, line->n);
        int64_t qty = parted[line->n - 1];
        sim_expect(sim,
                   kept && kept->qty == line->qty - qty &&
                       (gone ? gone->qty : 0) == qty,
                   "%s line %lld: %lld units parted and %lld are there",
                   was->order->external, (long long)line->n, (long long)qty,
                   (long long)(gone ? gone->qty : 0));
    }
}

static void split(struct sim *sim)
{
    struct json_out out;
    const char *code;
    int64_t parted[M_LINES] = {0};
    struct call *call = begin(sim, "splitFulfillmentOrder", &out, &code);
    const char *why = put_split(sim, &out, parted);
    must(&code, !g_is_elsewhere(fo), "request_state");
    must(&code, may_edit(fo), "state");
    if (code[0] == '\0' && why)
        code = why;
    if (why && was->count < G_FOS / 2 && finish(sim, call, &out, code)) {
        goods_follow(sim, was, NULL, &now);
        check_split(sim, sim_id(call->json, "id", "fo"), parted);
    }
    call_close(call);
}

static const char *why_not_merged(const struct g_fo *other, bool is_stale)
{
    if (other == fo)
        return "fulfillment_order_unknown";
    if (is_stale)
        return "stale";
    if (g_is_elsewhere(other))
        return "request_state";
    if (!may_edit(other))
        return "state";
    return other->place == fo->place && g_is(other, fo->status) ? ""
                                                                : "not_alike";
}

static void check_merged(struct sim *sim, struct g_fo *other)
{
    struct g_fo *a = g_fo_of(&now, fo->id), *b = g_fo_of(&now, other->id);
    if (!sim_expect(sim, a && b && g_is(b, "cancelled"),
                    "%s: an FO was merged and is %s", was->order->external,
                    b ? b->status : "gone"))
        return;
    for (int i = 0; i < M_LINES; i++) {
        const struct g_line *x = g_line_of(fo, i + 1);
        const struct g_line *y = g_line_of(other, i + 1);
        const struct g_line *z = g_line_of(a, i + 1);
        int64_t sum = (x ? x->qty : 0) + (y ? y->qty : 0);
        sim_expect(sim, (z ? z->qty : 0) == sum,
                   "%s line %d: two FOs of %lld units are one of %lld",
                   was->order->external, i + 1, (long long)sum,
                   (long long)(z ? z->qty : 0));
    }
}

/* Mostly with one that it can be merged with. */
static struct g_fo *pick_other(struct sim *sim)
{
    for (int i = 0; i < was->count && sim_chance(sim, 90); i++)
        if (why_not_merged(&was->at[i], false)[0] == '\0')
            return &was->at[i];
    return &was->at[sim_between(sim, 0, was->count - 1)];
}

static void merge(struct sim *sim)
{
    struct json_out out;
    const char *code;
    struct g_fo *other = pick_other(sim);
    bool is_stale = sim_chance(sim, 5);
    struct call *call = begin(sim, "mergeFulfillmentOrders", &out, &code);
    json_begin_list(&out, "with");
    json_begin(&out, NULL);
    json_put_id(&out, "id", "fo", other->id);
    json_put_i64(&out, "version", other->version + is_stale);
    json_end_object(&out);
    json_end_list(&out);
    must(&code, !g_is_elsewhere(fo), "request_state");
    must(&code, may_edit(fo), "state");
    if (code[0] == '\0')
        code = why_not_merged(other, is_stale);
    if (finish(sim, call, &out, code)) {
        goods_follow(sim, was, NULL, &now);
        check_merged(sim, other);
    }
    call_close(call);
}

/* ---- who keeps the stock ---- */

static void submit(struct sim *sim)
{
    const char *code = "";
    must(&code, is_request("unsubmitted"), "request_state");
    must(&code, sim->model.places[fo->place].is_asked, "location_type");
    must(&code, g_is(fo, "open"), "state");
    say(sim, "submitFulfillmentOrder", "message", code[0] == '\0', code, NULL,
        "submitted");
}

static void answer(struct sim *sim, bool is_yes)
{
    if (!is_yes) {
        reject(sim);
        return;
    }
    say(sim, "acceptFulfillmentOrder", "reference", is_request("submitted"),
        "request_state", "in_progress", "accepted");
}

static void want_back(struct sim *sim)
{
    say(sim, "requestFulfillmentCancellation", "message",
        is_request("accepted"), "request_state", NULL,
        "cancellation_requested");
}

static void give_back(struct sim *sim, bool is_yes)
{
    bool is_asked = is_request("cancellation_requested");
    if (is_yes)
        say(sim, "acceptFulfillmentCancellation", "message", is_asked,
            "request_state", "incomplete", "cancellation_accepted");
    else
        say(sim, "rejectFulfillmentCancellation", "message", is_asked,
            "request_state", NULL, "cancellation_rejected");
}

/* They tell what left; of picking they tell nothing. */
static void ship(struct sim *sim)
{
    struct json_out out;
    const char *code;
    struct g_deed deed = {.place = fo->place, .is_pickup = fo->is_pickup};
    int64_t sum = 0;
    bool is_over = sim_chance(sim, 5);
    struct call *call = begin(sim, "shipFulfillmentOrder", &out, &code);
    json_begin_list(&out, "lines");
    for (int i = 0; i < fo->line_count; i++) {
        const struct g_line *line = &fo->lines[i];
        int64_t left = line->qty - line->shipped;
        int64_t qty = sim_chance(sim, 60) ? left : sim_between(sim, 0, left);
        qty += is_over;
        if (qty == 0)
            continue;
        json_begin(&out, NULL);
        json_put_i64(&out, "n", line->n);
        json_put_i64(&out, "quantity", qty);
        json_begin_list(&out, "units");
        json_end_list(&out);
        json_end_object(&out);
        deed.picked[line->n - 1] = deed.shipped[line->n - 1] = qty;
        sum += qty;
    }
    json_end_list(&out);
    json_put_cstr(&out, "tracking", "3PL-1");
    must(&code, g_is_elsewhere(fo), "ships_in_parcels");
    must(&code, g_is(fo, "in_progress"), "state");
    must(&code, !is_over, "over_shipped");
    if (sum > 0 && finish(sim, call, &out, code)) {
        goods_take(sim, was->order, &deed);
        (void)(!sim->is_wrong && goods_read(sim, was->order, &now));
        sim->shipped += sum;
    }
    call_close(call);
}

/* ---- deeds ---- */

static void anything(struct sim *sim)
{
    switch (sim_between(sim, 0, 12)) {
    case 0: open(sim); return;
    case 1: hold(sim); return;
    case 2: release(sim); return;
    case 3: move(sim); return;
    case 4: split(sim); return;
    case 5: merge(sim); return;
    case 6: cancel(sim); return;
    case 7: submit(sim); return;
    case 8: answer(sim, true); return;
    case 9: reject(sim); return;
    case 10: want_back(sim); return;
    case 11: give_back(sim, sim_chance(sim, 50)); return;
    default: ship(sim); return;
    }
}

/* What moves it on. */
static void likely(struct sim *sim)
{
    if (is_request("submitted"))
        answer(sim, sim_chance(sim, 60));
    else if (is_request("accepted"))
        sim_chance(sim, 60) ? ship(sim) : want_back(sim);
    else if (is_request("cancellation_requested"))
        give_back(sim, sim_chance(sim, 60));
    else if (is_request("cancellation_rejected"))
        ship(sim);
    else if (g_is(fo, "incomplete"))
        sim_chance(sim, 60) ? move(sim) : cancel(sim);
    else if (g_is(fo, "on_hold") && sim_chance(sim, 60))
        release(sim);
    else if (sim->model.places[fo->place].is_asked && sim_chance(sim, 50))
        submit(sim);
    else
        anything(sim);
}

/* Those that may be scheduled have no more that should be open. */
void step_due(struct sim *sim)
{
    const struct model *model = &sim->model;
    place_due(sim->place, sim->now);
    step_wait(sim);
    for (size_t i = 0; i < model->order_count && !sim->is_wrong; i++) {
        struct m_order *order = model->orders[i];
        if (order->fulfil_at <= sim->now - DUE_SEEN_MS ||
            order->fulfil_at > sim->now || !goods_list(sim, order, &now))
            continue;
        for (int j = 0; j < now.count; j++)
            sim_expect(sim, !g_is(&now.at[j], "scheduled"),
                       "%s: its day has come and an FO is scheduled",
                       order->external);
    }
}

void fo_work(struct sim *sim, struct g_fos *fos)
{
    int at = (int)sim_between(sim, 0, fos->count - 1);
    was = fos;
    fo = &fos->at[at];
    for (int i = 0; i < 10 && g_is_over(fo) && sim_chance(sim, 95); i++)
        fo = &fos->at[sim_between(sim, 0, fos->count - 1)];
    if (sim_chance(sim, 80))
        likely(sim);
    else
        anything(sim);
}
