/* step_ship.c - parcels, their labels, and what carriers say of them. */
#define WHARF_UNBANNED
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "faulty.h"
#include "goods.h"
#include "parcel.h"

static struct parcel parcel, now;

/* How far a state is on its way; -1: it says nothing of that (I24). */
static int rank_of(const char *state)
{
    static const char *const states[] = {"labelled", "manifested", "in_transit",
                                         "out_for_delivery", "delivered"};
    for (int i = 0; i < (int)COUNT_OF(states); i++)
        if (strcmp(state, states[i]) == 0)
            return i;
    return -1;
}

static bool is_out(const char *state)
{
    return rank_of(state) > 0 || strcmp(state, "exception") == 0 ||
           strcmp(state, "return_to_sender") == 0 || strcmp(state, "lost") == 0;
}

static bool is(const char *state)
{
    return strcmp(parcel.state, state) == 0;
}

/* ---- reading ---- */

static void copy_text(struct json_in *in, const char *key, char *ret,
                      size_t size)
{
    str text = STR_NONE;
    ret[0] = '\0';
    if (json_opt_str(in, key, 0, 100, &text) == OK && text.len < size)
        snprintf(ret, size, "%.*s", STR_ARG(text));
}

static void read_items(struct sim *sim, struct json_in *in, struct parcel *p)
{
    struct json_list list;
    struct m_order *order = order_of(&sim->model, p->order);
    if (!sim_expect(sim,
                    order && json_get_list(in, "items", 0, 100, &list) == OK,
                    "a parcel has no items"))
        return;
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *item;
        const struct m_part *parts;
        struct m_part self;
        str code = STR_NONE;
        if (json_list_object(&list, i, &item) != OK ||
            json_get_str(item, "sku", 1, 64, &code) != OK)
            return;
        int64_t n = sim_i64(item, "line");
        int count = m_parts(&order->lines[n - 1], &parts, &self);
        for (int j = 0; j < count; j++)
            if (parts[j].sku == m_sku_of(&sim->model, code))
                p->kits[n - 1] = sim_i64(item, "quantity") / parts[j].qty;
    }
}

static bool read_parcel(struct sim *sim, struct json_in *in, struct parcel *p)
{
    struct json_in *label = NULL;
    *p = (struct parcel){.id = sim_id(in, "id", "pkg"),
                         .version = sim_i64(in, "version"),
                         .order = sim_id(in, "order_id", "ord"),
                         .fo = sim_id(in, "fulfillment_order_id", "fo")};
    p->place = m_place_of(&sim->model, sim_id(in, "location_id", "loc"));
    copy_text(in, "state", p->state, sizeof(p->state));
    copy_text(in, "tracking", p->tracking, sizeof(p->tracking));
    if (json_opt_object(in, "label", &label) == OK && label) {
        json_allow_rest(label);
        copy_text(label, "reference", p->label, sizeof(p->label));
        copy_text(label, "state", p->label_state, sizeof(p->label_state));
    }
    read_items(sim, in, p);
    return sim_expect(sim, p->id > 0 && p->place >= 0 && p->state[0] != '\0',
                      "a parcel cannot be read");
}

bool parcel_read(struct sim *sim, int64_t id, struct parcel *ret)
{
    struct call *call = call_open("getPackage");
    sim_path(call, 0, "pkg", id);
    call->now = sim->now;
    place_calls(sim->place, &call, 1);
    bool is_fine =
        sim_ended(sim, call, "") && read_parcel(sim, call->json, ret);
    call_close(call);
    return is_fine;
}

/* ---- packing ---- */

void parcel_setup(struct sim *sim)
{
    struct json_out out;
    struct call *call = sim_begin(sim, "createCarrierAccount", &out);
    json_put_cstr(&out, "code", "FAULTY");
    json_put_cstr(&out, "carrier", "faulty");
    json_begin_list(&out, "services");
    json_begin(&out, NULL);
    json_put_cstr(&out, "code", "std");
    json_end_object(&out);
    json_end_list(&out);
    sim_body(call, &out);
    sim_call(sim, call);
    sim_ended(sim, call, "");
    call_close(call);
}

static void keep(struct model *model, int64_t id)
{
    struct m_parcels *kept = &model->goods.parcels;
    kept->at[kept->count++ % M_PARCELS] = (struct m_parcel){.id = id};
}

/* Some of what is picked and in no parcel, sometimes more. */
static int64_t put_items(struct sim *sim, struct json_out *out,
                         const struct g_fo *fo, int64_t ret[M_LINES],
                         bool *ret_is_over)
{
    int64_t sum = 0;
    *ret_is_over = false;
    json_begin_list(out, "items");
    for (int i = 0; i < fo->line_count; i++) {
        const struct g_line *line = &fo->lines[i];
        int64_t room = line->picked - line->packed;
        int64_t qty = sim_chance(sim, 60) ? room : sim_between(sim, 0, room);
        if (room > 0 && sim_chance(sim, 5)) {
            qty = room + sim_between(sim, 1, 3);
            *ret_is_over = true;
        }
        if (qty == 0)
            continue;
        json_begin(out, NULL);
        json_put_i64(out, "line", line->n);
        json_put_i64(out, "quantity", qty);
        json_end_object(out);
        ret[line->n - 1] = qty;
        sum += qty;
    }
    json_end_list(out);
    return sum;
}

/* Its FO has them packed, or not any more. */
static void check_packed(struct sim *sim, const struct g_fo *before,
                         struct m_order *order, const int64_t qty[M_LINES],
                         int sign)
{
    static struct g_fos after;
    if (!goods_read(sim, order, &after))
        return;
    for (int i = 0; i < after.count; i++)
        for (int j = 0; after.at[i].id == before->id && j < before->line_count;
             j++) {
            const struct g_line *line = &before->lines[j];
            const struct g_line *at = g_line_of(&after.at[i], line->n);
            sim_expect(sim,
                       at && at->qty == line->qty &&
                           at->picked == line->picked &&
                           at->packed == line->packed + sign * qty[line->n - 1],
                       "%s: line %lld of an FO is not packed as it was told",
                       order->external, (long long)line->n);
        }
}

void parcel_make(struct sim *sim, struct m_order *order, const struct g_fo *fo)
{
    struct json_out out;
    struct json_list list;
    struct json_in *in;
    int64_t qty[M_LINES] = {0};
    bool is_over;
    struct call *call = sim_begin(sim, "createPackages", &out);
    json_put_id(&out, "fulfillment_order_id", "fo", fo->id);
    json_put_bool(&out, "close", true);
    json_put_i64(&out, "weight_g", sim_between(sim, 1, 3000));
    int64_t sum = put_items(sim, &out, fo, qty, &is_over);
    const char *code = fo->is_pickup ? "not_shipped"
                       : is_over     ? "over_packed"
                                     : "";
    sim_body(call, &out);
    if (sum > 0) {
        sim_call(sim, call);
        if (sim_ended(sim, call, code) && code[0] == '\0' &&
            sim_expect(sim,
                       json_get_list(call->json, "items", 1, 1, &list) == OK &&
                           json_list_object(&list, 0, &in) == OK,
                       "createPackages: not one parcel") &&
            read_parcel(sim, in, &parcel)) {
            keep(&sim->model, parcel.id);
            check_packed(sim, fo, order, qty, 1);
        }
    }
    call_close(call);
}

/* ---- shipping ---- */

/* Its units left the house. */
static void take_shipped(struct sim *sim, const struct parcel *p)
{
    struct g_deed deed = {.place = p->place};
    static struct g_fos fos;
    struct m_order *order = order_of(&sim->model, p->order);
    memcpy(deed.shipped, p->kits, sizeof(deed.shipped));
    goods_take(sim, order, &deed);
    (void)(!sim->is_wrong && goods_read(sim, order, &fos));
    for (int i = 0; i < M_LINES; i++)
        sim->shipped += p->kits[i];
}

static struct call *begin(struct sim *sim, const char *operation,
                          struct json_out *out, const char **ret_code)
{
    struct call *call = sim_begin(sim, operation, out);
    bool is_stale = sim_chance(sim, 4);
    sim_path(call, 0, "pkg", parcel.id);
    json_put_i64(out, "version", parcel.version + is_stale);
    *ret_code = is_stale ? "stale" : "";
    return call;
}

static bool finish(struct sim *sim, struct call *call, struct json_out *out,
                   const char *code)
{
    sim_body(call, out);
    sim_call(sim, call);
    return sim_ended(sim, call, code) && code[0] == '\0' &&
           read_parcel(sim, call->json, &now);
}

static void ship(struct sim *sim)
{
    struct json_out out;
    const char *code;
    struct call *call = begin(sim, "shipPackage", &out, &code);
    if (code[0] == '\0' && !is("labelled"))
        code = "state";
    else if (code[0] == '\0' && strcmp(parcel.label_state, "voiding") == 0)
        code = "label_voiding";
    if (finish(sim, call, &out, code) &&
        sim_expect(sim, strcmp(now.state, "manifested") == 0,
                   "a parcel that left is %s", now.state))
        take_shipped(sim, &parcel);
    call_close(call);
}

static void want_label(struct sim *sim)
{
    struct json_out out;
    const char *code;
    struct call *call = begin(sim, "requestLabel", &out, &code);
    json_put_cstr(&out, "account", "FAULTY");
    json_put_cstr(&out, "service", "std");
    if (code[0] == '\0' && !is("draft"))
        code = "state";
    if (finish(sim, call, &out, code))
        sim_expect(sim,
                   strcmp(now.state, "label_pending") == 0 &&
                       now.label[0] != '\0',
                   "a parcel whose label is wanted is %s", now.state);
    call_close(call);
}

void parcel_wish(struct sim *sim)
{
    const struct m_parcels *all = &sim->model.goods.parcels;
    int64_t known = (int64_t)(all->count < M_PARCELS ? all->count : M_PARCELS);
    if (known > 0 &&
        parcel_read(sim, all->at[sim_between(sim, 0, known - 1)].id, &parcel) &&
        is("draft"))
        want_label(sim);
}

/* Who asks while the carrier is asked must wait. */
static void end_label(struct sim *sim, const char *operation)
{
    struct json_out out;
    const char *code;
    struct call *call = begin(sim, operation, &out, &code);
    bool is_pending = is("label_pending") && code[0] == '\0';
    bool is_whole = strcmp(operation, "voidPackage") == 0;
    sim_body(call, &out);
    sim_call(sim, call);
    bool is_waiting = is_pending && strcmp(call->code, "label_under_way") == 0;
    if (code[0] == '\0' && !is_pending && !is("labelled") &&
        !(is_whole && is("draft")))
        code = "state";
    if (!is_waiting && sim_ended(sim, call, code) && code[0] == '\0')
        (void)read_parcel(sim, call->json, &now);
    call_close(call);
}

/* ---- tracking ---- */

static int is_bad(const char *state)
{
    return is_out(state) && rank_of(state) < 0;
}

/* What its order learns of a parcel that was `was` and is `is` now. */
static void learn(struct sim *sim, const struct parcel *p, const char *was,
                  const char *is)
{
    struct m_order *order = order_of(&sim->model, p->order);
    struct g_deed nothing = {.place = p->place};
    bool has_arrived = strcmp(is, "delivered") == 0;
    bool was_bad = order->bad_parcels > 0;
    order->bad_parcels += is_bad(is) - is_bad(was);
    for (int i = 0; has_arrived && i < order->line_count; i++)
        order->lines[i].delivered += p->kits[i];
    if (!is_out(was) && is_out(is))
        take_shipped(sim, p);
    else if (has_arrived || was_bad != (order->bad_parcels > 0))
        goods_take(sim, order, &nothing);
}

static void trace(struct sim *sim, struct m_parcel *kept)
{
    static const char *const codes[] = {
        "announced",     "accepted",  "in_transit",     "customs",
        "delayed",       "delivered", "attempt_failed", "out_for_delivery",
        "address_wrong", "lost",      "returning",      "in_transit"};
    struct json_out out;
    struct call *call = sim_begin(sim, "addTracking", &out);
    int count = (int)COUNT_OF(codes);
    const char *code = codes[sim_between(sim, 0, count - 1)];
    utc_ms at = sim->now - sim_between(sim, 0, 7200000);
    sim_path(call, 0, "pkg", parcel.id);
    json_begin_list(&out, "items");
    json_begin(&out, NULL);
    json_put_cstr(&out, "code", code);
    json_put_time(&out, "occurred_at", at);
    json_end_object(&out);
    json_end_list(&out);
    sim_body(call, &out);
    sim_call(sim, call);
    if (sim_ended(sim, call, "") && parcel_read(sim, parcel.id, &now)) {
        bool is_changed = strcmp(now.state, parcel.state) != 0;
        int rank = rank_of(now.state);
        sim_expect(sim, !is_changed || at >= kept->moved_at,
                   "I24: a parcel went from %s to %s because of an older %s",
                   parcel.state, now.state, code);
        sim_expect(sim, rank < 0 || rank >= kept->rank,
                   "I24: a parcel that was farther is %s after %s", now.state,
                   code);
        sim_expect(sim, !is_changed || is_out(now.state),
                   "a parcel is %s after %s", now.state, code);
        if (is_changed)
            kept->moved_at = at;
        if (rank > kept->rank)
            kept->rank = rank;
        if (is_changed)
            learn(sim, &parcel, parcel.state, now.state);
    }
    call_close(call);
}

/* ---- deeds ---- */

static void work_on(struct sim *sim, struct m_parcel *kept)
{
    int64_t dice = sim_between(sim, 0, 99);
    if (is("draft"))
        dice < 80   ? want_label(sim)
        : dice < 90 ? end_label(sim, "voidPackage")
                    : ship(sim);
    else if (is("label_pending"))
        dice < 10 ? end_label(sim, "voidLabel") : want_label(sim);
    else if (is("labelled"))
        dice < 50   ? ship(sim)
        : dice < 70 ? end_label(sim, "voidLabel")
        : dice < 77 ? end_label(sim, "voidPackage")
                    : trace(sim, kept);
    else if (is_out(parcel.state))
        dice < 10 ? ship(sim) : trace(sim, kept);
}

void parcel_work(struct sim *sim)
{
    struct m_parcels *all = &sim->model.goods.parcels;
    size_t count = all->count < M_PARCELS ? all->count : M_PARCELS;
    for (int deeds = 0; deeds < 3 && count > 0 && !sim->is_wrong; deeds++) {
        struct m_parcel *kept =
            &all->at[sim_between(sim, 0, (int64_t)count - 1)];
        if (parcel_read(sim, kept->id, &parcel) && !is("voided"))
            work_on(sim, kept);
    }
    if (sim_chance(sim, 25))
        handover_work(sim);
    if (sim_chance(sim, 10))
        orphan_work(sim);
    faulty_turn(sim, false);
}

/* ---- checks ---- */

/* Nothing is left to ask: each parcel that has a label has the one its carrier
 * made, and no carrier has another of it (I23). */
void check_labels(struct sim *sim)
{
    struct m_parcels *all = &sim->model.goods.parcels;
    size_t count = all->count < M_PARCELS ? all->count : M_PARCELS;
    faulty_turn(sim, true);
    check_handovers(sim);
    check_orphans(sim);
    for (size_t i = 0; i < count && !sim->is_wrong; i++) {
        if (!parcel_read(sim, all->at[i].id, &now))
            return;
        const struct f_label *label = faulty_find(sim, now.label);
        bool has_one = rank_of(now.state) >= 0 || is_out(now.state);
        /* It left while its label was being voided. */
        bool is_void = strcmp(now.label_state, "voided") == 0;
        sim_expect(sim, strcmp(now.state, "label_pending") != 0,
                   "I23: the label %s is asked for and never comes", now.label);
        sim_expect(sim,
                   !has_one || (label && label->is_void == is_void &&
                                strcmp(label->tracking, now.tracking) == 0),
                   "I23: a parcel is %s with the label %s and its carrier has "
                   "%s of it",
                   now.state, now.tracking, label ? label->tracking : "none");
    }
}
