/* goods.c - reads fulfillment orders and judges what was done to them. */
#define WHARF_UNBANNED
#include "goods.h"
#include "model_exchange.h"
#include "model_pay.h"

#include <stdio.h>
#include <string.h>

#include "base/id.h"
#include "base/json.h"
#include "base/str.h"

bool g_is(const struct g_fo *fo, const char *status)
{
    return strcmp(fo->status, status) == 0;
}

bool g_is_over(const struct g_fo *fo)
{
    return g_is(fo, "closed") || g_is(fo, "cancelled");
}

bool g_is_elsewhere(const struct g_fo *fo)
{
    static const char *const those[] = {"submitted", "accepted",
                                        "cancellation_requested",
                                        "cancellation_rejected"};
    for (size_t i = 0; i < COUNT_OF(those); i++)
        if (strcmp(fo->request, those[i]) == 0)
            return true;
    return false;
}

bool g_is_picked(const struct g_fo *fo)
{
    for (int i = 0; i < fo->line_count; i++)
        if (fo->lines[i].picked > fo->lines[i].shipped)
            return true;
    return false;
}

struct g_fo *g_fo_of(struct g_fos *fos, int64_t id)
{
    for (int i = 0; i < fos->count; i++)
        if (fos->at[i].id == id)
            return &fos->at[i];
    return NULL;
}

struct g_line *g_line_of(struct g_fo *fo, int64_t n)
{
    for (int i = 0; i < fo->line_count; i++)
        if (fo->lines[i].n == n)
            return &fo->lines[i];
    return NULL;
}

static bool read_text(struct json_in *in, const char *key, char *ret,
                      size_t size)
{
    str text = STR_NONE;
    if (json_get_str(in, key, 1, size - 1, &text) != OK)
        return false;
    snprintf(ret, size, "%.*s", STR_ARG(text));
    return true;
}

static bool read_fo(struct sim *sim, struct json_in *in, struct g_fo *ret)
{
    struct json_list lines;
    *ret = (struct g_fo){.id = sim_id(in, "id", "fo"),
                         .version = sim_i64(in, "version")};
    ret->place = m_place_of(&sim->model, sim_id(in, "location_id", "loc"));
    if (ret->place < 0 ||
        !read_text(in, "status", ret->status, sizeof(ret->status)) ||
        !read_text(in, "request_status", ret->request, sizeof(ret->request)) ||
        json_opt_bool(in, "is_sticky", &ret->is_sticky) != OK ||
        json_get_list(in, "lines", 1, M_LINES, &lines) != OK)
        return false;
    ret->is_pickup = sim_has_text(in, "method", "pickup");
    ret->is_unpaid = sim_has_text(in, "hold_reason", "payment");
    ret->is_stopped = sim_has_text(in, "hold_reason", "order_hold");
    ret->line_count = (int)lines.count;
    for (int i = 0; i < ret->line_count; i++) {
        struct json_in *line;
        if (json_list_object(&lines, (size_t)i, &line) != OK)
            return false;
        ret->lines[i] = (struct g_line){
            .n = sim_i64(line, "n"),
            .qty = sim_i64(line, "quantity"),
            .picked = sim_i64(line, "picked"),
            .packed = sim_i64(line, "packed"),
            .shipped = sim_i64(line, "shipped"),
        };
    }
    return true;
}

/* ---- fulfillment orders and their order ---- */

static bool check_steps(struct sim *sim, const struct g_fo *fo)
{
    for (int i = 0; i < fo->line_count; i++) {
        const struct g_line *line = &fo->lines[i];
        if (!sim_expect(sim,
                        line->qty >= line->picked &&
                            line->picked >= line->packed &&
                            line->packed >= line->shipped && line->shipped >= 0,
                        "FO line %lld: %lld units, %lld picked, %lld packed, "
                        "%lld shipped",
                        (long long)line->n, (long long)line->qty,
                        (long long)line->picked, (long long)line->packed,
                        (long long)line->shipped))
            return false;
    }
    return true;
}

/* Where nothing ships from, units that take no stock have no FO. */
static bool check_line(struct sim *sim, struct g_fos *fos, int at)
{
    struct m_line *line = &fos->order->lines[at];
    int64_t picked = 0, shipped = 0, to_do = 0, here[M_PLACES] = {0};
    /* What may not leave may have none. */
    bool is_gated = m_is_gated(fos->order, at);
    bool is_covered = m_is_covered(&sim->model, fos->order) &&
                      !m_is_stopped(fos->order, at) && !is_gated;
    line->elsewhere = 0;
    for (int i = 0; i < fos->count; i++) {
        struct g_fo *fo = &fos->at[i];
        const struct g_line *part = g_line_of(fo, at + 1);
        if (!part)
            continue;
        picked += part->picked - part->shipped;
        shipped += part->shipped;
        to_do += g_is_over(fo) ? 0 : part->qty - part->shipped;
        here[fo->place] += g_is_over(fo) ? 0 : part->qty - part->shipped;
        if (!g_is_over(fo) && g_is_elsewhere(fo))
            line->elsewhere += part->qty - part->shipped;
    }
    if (!sim_expect(sim,
                    picked == line->picked && shipped == line->shipped &&
                        (to_do == line->allocated + line->picked ||
                         (to_do == 0 && !line->takes_stock) ||
                         (!is_covered && to_do >= line->picked &&
                          to_do < line->allocated + line->picked)),
                    "%s line %d: its FOs picked %lld of %lld, shipped %lld of "
                    "%lld, and have %lld to do of %lld",
                    fos->order->external, at + 1, (long long)picked,
                    (long long)line->picked, (long long)shipped,
                    (long long)line->shipped, (long long)to_do,
                    (long long)(line->allocated + line->picked)))
        return false;
    if (!sim_expect(sim, !is_gated || to_do == 0,
                    "%s line %d: waits for an exchange, and FOs have %lld "
                    "units of it",
                    fos->order->external, at + 1, (long long)to_do))
        return false;
    for (int i = 0; i < M_PLACES && line->takes_stock; i++)
        if (!sim_expect(sim,
                        here[i] == m_held_at(line, i) ||
                            (!is_covered && here[i] < m_held_at(line, i)),
                        "%s line %d: FOs have %lld units at a place where %lld "
                        "are reserved",
                        fos->order->external, at + 1, (long long)here[i],
                        (long long)m_held_at(line, i)))
            return false;
    return true;
}

bool goods_list(struct sim *sim, struct m_order *order, struct g_fos *ret)
{
    char query[64], text[ID_TEXT_BYTES];
    struct json_list list = {0};
    struct call *call = call_open("listFulfillmentOrders");
    size_t len = id_to_text("ord", order->id, text);
    snprintf(query, sizeof(query), "order=%.*s", (int)len, text);
    call->query = query;
    call->now = sim->now;
    place_calls(sim->place, &call, 1);
    *ret = (struct g_fos){.order = order};
    bool is_fine =
        sim_ended(sim, call, "") &&
        sim_expect(sim,
                   json_get_list(call->json, "items", 0, G_FOS, &list) == OK,
                   "%s: no FOs", order->external);
    for (size_t i = 0; is_fine && i < list.count; i++) {
        struct json_in *in;
        struct g_fo *fo = &ret->at[ret->count++];
        is_fine = sim_expect(sim,
                             json_list_object(&list, i, &in) == OK &&
                                 read_fo(sim, in, fo),
                             "%s: an FO cannot be read", order->external) &&
                  check_steps(sim, fo);
    }
    call_close(call);
    return is_fine;
}

bool goods_read(struct sim *sim, struct m_order *order, struct g_fos *ret)
{
    bool is_fine = goods_list(sim, order, ret);
    for (int i = 0; is_fine && i < order->line_count; i++)
        is_fine = check_line(sim, ret, i);
    return is_fine;
}

/* ---- what a deed did ---- */

/* Units that were lost came from elsewhere, or wait. */
static int64_t take_elsewhere(struct sim *sim, struct m_order *order, int at,
                              const int64_t now[M_PLACES])
{
    struct m_line *line = &order->lines[at];
    int64_t more = 0;
    for (int i = 0; i < M_PLACES; i++) {
        int64_t got = now[i] - m_held_at(line, i);
        if (!sim_expect(
                sim,
                got >= 0 && (got == 0 || (!(line->barred >> i & 1) &&
                                          m_fits(&sim->model, order->channel,
                                                 line, i) >= got)),
                "%s line %d: %lld units are at a place where they must not be",
                order->external, at + 1, (long long)got))
            return 0;
        if (got > 0)
            m_take(&sim->model, line, i, got);
        more += got;
    }
    return more;
}

static void take_line(struct sim *sim, struct json_in *in,
                      struct m_order *order, int at, const struct g_deed *deed)
{
    struct m_line *line = &order->lines[at];
    int64_t now[M_PLACES] = {0}, more = 0;
    int64_t shipped = deed->shipped[at], lost = deed->lost[at];
    struct json_list list;
    struct json_in *page;
    if (!sim_expect(sim,
                    json_get_list(in, "lines", 1, M_LINES, &list) == OK &&
                        json_list_object(&list, (size_t)at, &page) == OK,
                    "%s has no line %d", order->external, at + 1))
        return;
    line->picked += deed->picked[at] - shipped;
    line->shipped += shipped;
    line->delivered += deed->is_pickup ? shipped : 0;
    line->allocated -= deed->picked[at] + lost;
    if (lost > 0)
        line->barred |= 1u << deed->place;
    if (line->takes_stock && order_places(sim, in, at, now)) {
        if (shipped > 0)
            m_leave(&sim->model, line, deed->place, shipped);
        if (lost > 0)
            m_lose(&sim->model, line, deed->place, lost, deed->missing[at]);
        more = take_elsewhere(sim, order, at, now);
    } else if (lost > 0) { /* Such units are anywhere. */
        more = lost - (sim_i64(page, "backordered") - line->backordered);
    }
    line->allocated += more;
    line->backordered += lost - more;
    sim_expect(sim, more >= 0 && more <= lost,
               "%s line %d: %lld units were lost and %lld came instead",
               order->external, at + 1, (long long)lost, (long long)more);
}

void goods_take(struct sim *sim, struct m_order *order,
                const struct g_deed *deed)
{
    struct call *call = call_open("getOrder");
    sim_path(call, 0, "ord", order->id);
    call->now = sim->now;
    place_calls(sim->place, &call, 1);
    if (sim_ended(sim, call, "")) {
        int64_t version = sim_i64(call->json, "version");
        for (int i = 0; i < order->line_count; i++)
            take_line(sim, call->json, order, i, deed);
        sim_expect(sim, version > order->version,
                   "%s: its units moved and its version did not",
                   order->external);
        order->version = version;
        order_settle(order);
        order_compare(sim, call->json, order);
    }
    call_close(call);
}

/* ---- what a command did ---- */

unsigned goods_told(const struct g_fos *fos)
{
    unsigned ret = 0;
    for (int i = 0; i < fos->count; i++) {
        const struct g_fo *fo = &fos->at[i];
        ret |= g_is(fo, "on_hold") ? 1 : 0;
        ret |= g_is(fo, "scheduled") ? 2 : 0;
        ret |= g_is(fo, "in_progress") && g_is_elsewhere(fo) ? 4 : 0;
    }
    return ret;
}

static void leave_line(struct sim *sim, struct m_order *order, int at,
                       const struct g_left *left)
{
    struct m_line *line = &order->lines[at];
    int64_t qty = left->units->qty[at], waiting = left->units->waiting[at];
    if (qty == 0)
        return;
    line->allocated -= waiting;
    line->backordered += waiting;
    if (left->bars)
        line->barred |= 1u << left->from;
    if (!line->takes_stock)
        return;
    m_free(&sim->model, line, left->from, qty);
    for (int i = 0; i < M_PLACES; i++)
        if (left->units->at[at][i] > 0)
            m_take(&sim->model, line, i, left->units->at[at][i]);
}

struct m_leaving goods_leaving(struct sim *sim, const struct m_order *order,
                               const struct g_fo *fo, int only)
{
    struct m_leaving ret = {.qty = {0}};
    unsigned barred = 1u << fo->place;
    for (int i = 0; i < fo->line_count; i++) {
        const struct g_line *line = &fo->lines[i];
        ret.qty[line->n - 1] = line->qty - line->picked;
        if (line->qty > line->picked)
            barred |= order->lines[line->n - 1].barred;
    }
    m_reroute(&sim->model, order, barred, only, &ret);
    return ret;
}

void goods_left(struct sim *sim, struct m_order *order,
                const struct g_left *left)
{
    for (int i = 0; i < order->line_count; i++)
        leave_line(sim, order, i, left);
}

/* Units that take no stock are anywhere: whether they wait, the house says. */
void goods_untracked(struct json_in *in, struct m_order *order)
{
    struct json_list list;
    struct json_in *page;
    if (json_get_list(in, "lines", 1, M_LINES, &list) != OK)
        return;
    for (int i = 0; i < order->line_count; i++) {
        struct m_line *line = &order->lines[i];
        int64_t both = line->allocated + line->backordered;
        if (line->takes_stock ||
            json_list_object(&list, (size_t)i, &page) != OK)
            continue;
        int64_t waiting = sim_i64(page, "backordered");
        if (waiting < 0 || waiting > both)
            continue;
        line->backordered = waiting;
        line->allocated = both - waiting;
    }
}

void goods_follow(struct sim *sim, const struct g_fos *before,
                  const struct g_left *left, struct g_fos *ret)
{
    struct m_order *order = before->order;
    if (!goods_list(sim, order, ret))
        return;
    order->version += left || goods_told(before) != goods_told(ret) ? 1 : 0;
    if (left)
        goods_left(sim, order, left);
    struct call *call = call_open("getOrder");
    sim_path(call, 0, "ord", order->id);
    call->now = sim->now;
    place_calls(sim->place, &call, 1);
    if (left && call->err == OK)
        goods_untracked(call->json, order);
    if (sim_ended(sim, call, "") && order_compare(sim, call->json, order))
        (void)goods_read(sim, order, ret);
    call_close(call);
    /* Its event says that it was allocated: it is not one that was served. */
    place_forget(sim->place);
}

static void give_line(struct sim *sim, struct m_line *line,
                      const struct g_line *had, int place)
{
    int64_t put = had->picked - had->packed, left = had->qty - had->packed;
    line->picked -= put;
    line->allocated -= left - put;
    line->unallocated += left;
    if (line->takes_stock && left > 0)
        m_free(&sim->model, line, place, left);
}

void goods_give_back(struct sim *sim, struct m_order *order,
                     const struct g_fo *fo)
{
    int64_t put = 0, left = 0;
    for (int i = 0; i < fo->line_count; i++) {
        const struct g_line *had = &fo->lines[i];
        give_line(sim, &order->lines[had->n - 1], had, fo->place);
        put += had->picked - had->packed;
        left += had->qty - had->packed;
    }
    order->version += (put > 0) + (left > 0);
}

void goods_are_back(struct sim *sim, struct m_order *order,
                    const struct g_fo *fo)
{
    static struct g_fos after;
    struct call *call = call_open("getOrder");
    sim_path(call, 0, "ord", order->id);
    call->now = sim->now;
    place_calls(sim->place, &call, 1);
    if (sim_ended(sim, call, "") && order_compare(sim, call->json, order) &&
        goods_read(sim, order, &after)) {
        const struct g_fo *now = g_fo_of(&after, fo->id);
        sim_expect(sim, now && g_is_over(now),
                   "%s: an FO that nobody came for is %s", order->external,
                   now ? now->status : "gone");
    }
    call_close(call);
}

/* ---- pick tasks ---- */

bool task_read(struct sim *sim, struct json_in *in, struct g_task *ret)
{
    struct json_list list;
    *ret = (struct g_task){.id = sim_id(in, "id", "pkt"),
                           .version = sim_i64(in, "version")};
    ret->place = m_place_of(&sim->model, sim_id(in, "location_id", "loc"));
    if (!sim_expect(
            sim,
            ret->place >= 0 &&
                read_text(in, "state", ret->state, sizeof(ret->state)) &&
                json_get_list(in, "lines", 0, G_TASK_LINES, &list) == OK,
            "a pick task cannot be read"))
        return false;
    ret->count = (int)list.count;
    for (int i = 0; i < ret->count; i++) {
        struct json_in *at;
        str code = STR_NONE;
        if (!sim_expect(sim,
                        json_list_object(&list, (size_t)i, &at) == OK &&
                            json_get_str(at, "sku", 1, 64, &code) == OK,
                        "a line of a pick task cannot be read"))
            return false;
        ret->lines[i] = (struct g_task_line){
            .fo = sim_id(at, "fulfillment_order", "fo"),
            .order = sim_id(at, "order", "ord"),
            .n = sim_i64(at, "order_line"),
            .line = sim_i64(at, "line"),
            .per = sim_i64(at, "per_line_unit"),
            .qty = sim_i64(at, "quantity"),
            .picked = sim_i64(at, "picked"),
            .missing = sim_i64(at, "missing"),
            .sku = m_sku_of(&sim->model, code),
        };
    }
    return true;
}
