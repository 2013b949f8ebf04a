/* step_return.c - goods come back: asked for, received, judged, placed. Of each
 * return one line, whose units go one way. */
#define WHARF_UNBANNED
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "goods.h"
#include "pay.h"

enum { RETURNS = 50, OUTSIDE = -1, AVAILABLE = 0, DAMAGED = 1, QC = 2 };

/* Where units go, in words and in stock; the first is nowhere yet. */
enum { NOWHERE, RESTOCK, IN_QC, IS_DAMAGED, REFURBISH, SCRAP, VENDOR, WAYS };
static const struct {
    const char *name;
    int bucket;
    unsigned to; /* A bit each. */
} ways[WAYS] = {
    [NOWHERE] = {NULL,              QC,        ~0u           },
    [RESTOCK] = {"restock",         AVAILABLE, 0             },
    [IN_QC] = {"quality_control", QC,
                 1u << RESTOCK | 1u << IS_DAMAGED | 1u << REFURBISH |
                   1u << SCRAP | 1u << VENDOR                },
    [IS_DAMAGED] = {"damaged",         DAMAGED,
                 1u << REFURBISH | 1u << SCRAP | 1u << VENDOR},
    [REFURBISH] = {"refurbish",       DAMAGED,
                 1u << RESTOCK | 1u << IS_DAMAGED | 1u << SCRAP |
                       1u << VENDOR                          },
    [SCRAP] = {"scrap",           OUTSIDE,   0             },
    [VENDOR] = {"vendor",          OUTSIDE,   0             },
};

static struct m_order *order;
static struct m_return *back;

static struct m_line *line_of(const struct m_return *at)
{
    return &order->lines[at->line];
}

static bool is(const char *state)
{
    return strcmp(back->state, state) == 0;
}

static bool has_started(void)
{
    for (const struct m_return *at = order->returns; at; at = at->next)
        if (strcmp(at->state, "received") == 0)
            return true;
    return false;
}

static int count_of(void)
{
    int count = 0;
    for (const struct m_return *at = order->returns; at; at = at->next)
        count++;
    return count;
}

/* Of a line: rejected and not sent back, so they cannot come once more. */
static int64_t held_of(int line)
{
    int64_t held = 0;
    for (const struct m_return *at = order->returns; at; at = at->next)
        if (at->line == line && strcmp(at->acceptance, "rejected") == 0)
            held += at->qty;
    return held;
}

/* The merchant's own from then on; what was rejected is the buyer's. */
static bool is_taking(int way)
{
    return way == RESTOCK || way == REFURBISH || way == VENDOR;
}

/* ---- stock ---- */

/* "" or the slug. What takes no stock now moves none. */
static const char *move(struct sim *sim, int from, int to)
{
    const struct m_sku *sku = &sim->model.skus[line_of(back)->sku];
    struct m_level *level = &sim->model.levels[line_of(back)->sku][back->place];
    if (from == to || !sku->is_tracked || sku->part_count > 0)
        return "";
    if (from > AVAILABLE && level->blocked[from] < back->qty)
        return "not_enough_stock";
    if (from == OUTSIDE) {
        level->on_hand += back->qty;
        level->is_there = true;
    } else if (from > AVAILABLE) {
        level->blocked[from] -= back->qty;
    }
    if (to == OUTSIDE)
        level->on_hand -= back->qty;
    else if (to > AVAILABLE)
        level->blocked[to] += back->qty;
    return "";
}

/* ---- comparing ---- */

static void compare(struct sim *sim, struct json_in *in)
{
    struct json_list units;
    struct json_in *unit;
    const char *way = ways[back->way].name;
    if (!sim_expect(sim,
                    json_get_list(in, "units", 1, 1, &units) == OK &&
                        json_list_object(&units, 0, &unit) == OK,
                    "%s: a return must have one row of units", order->external))
        return;
    str placed = STR_NONE;
    sim_expect(sim,
               json_opt_str(unit, "disposition", 1, 100, &placed) == OK &&
                   str_equal_cstr(placed, way ? way : "") &&
                   sim_has_text(unit, "acceptance", back->acceptance) &&
                   sim_i64(unit, "quantity") == back->qty,
               "%s: units of a return must be %s and %s", order->external,
               back->acceptance, way ? way : "nowhere");
    sim_expect(sim,
               sim_id(in, "id", "ret") == back->id &&
                   sim_has_text(in, "state", back->state) &&
                   sim_i64(in, "version") == back->version,
               "%s: a return must be %s at version %lld and is at version "
               "%lld",
               order->external, back->state, (long long)back->version,
               (long long)sim_i64(in, "version"));
}

/* The order after it: its version rises where it shows. */
static void follow(struct sim *sim, struct json_in *in, bool has_changed)
{
    struct m_money before = m_order_money(order);
    order->version += has_changed;
    compare(sim, in);
    pay_follow(sim, order, &before);
    sim->returns++;
}

/* ---- deeds ---- */

/* All is decided and has its place. */
static void settle(void)
{
    bool is_decided = strcmp(back->acceptance, "accepted") == 0 ||
                      strcmp(back->acceptance, "rejected") == 0;
    if (is("received") && is_decided && back->way != NOWHERE)
        back->state = "closed";
}

static void request(struct sim *sim)
{
    struct json_out out;
    int at = (int)sim_between(sim, 0, order->line_count - 1);
    int place = (int)sim_between(sim, 0, sim->model.place_count - 1);
    struct m_line *line = &order->lines[at];
    /* What was rejected may be written off all the same. */
    int64_t left = line->shipped - line->return_requested - line->returned -
                   line->written_off - held_of(at);
    left = left > 0 ? left : 0;
    int64_t qty =
        left > 0 && sim_chance(sim, 90) ? sim_between(sim, 1, left) : left + 1;
    bool is_here = sim_chance(sim, 30);
    int way = is_here ? (int)sim_between(sim, 0, WAYS - 1) : NOWHERE;
    if (line->part_count > 0 || !sim->model.places[place].is_active)
        return;
    struct call *call = sim_begin(sim, "createReturn", &out);
    sim_path(call, 0, "ord", order->id);
    json_begin_list(&out, "items");
    json_begin(&out, NULL);
    json_put_i64(&out, "line", at + 1);
    json_put_i64(&out, "quantity", qty);
    json_put_cstr(&out, "reason", "too_small");
    if (ways[way].name)
        json_put_cstr(&out, "disposition", ways[way].name);
    json_end_object(&out);
    json_end_list(&out);
    json_put_cstr(&out, "location", sim->model.places[place].code);
    if (is_here)
        json_put_bool(&out, "received", true);
    sim_body(call, &out);
    const char *code = order->is_cancelled     ? "order_not_returnable"
                       : count_of() >= RETURNS ? "limit_reached"
                       : qty > left            ? "over_return_requested"
                                               : "";
    sim_call(sim, call);
    if (sim_ended(sim, call, code) && code[0] == '\0') {
        struct m_return **last = &order->returns;
        while (*last)
            last = &(*last)->next;
        back = *last = arena_new(sim->model.arena, struct m_return);
        *back = (struct m_return){.id = sim_id(call->json, "id", "ret"),
                                  .version = 1,
                                  .state = is_here ? "received" : "open",
                                  .acceptance = "pending",
                                  .line = at,
                                  .qty = qty,
                                  .place = place,
                                  .way = way};
        if (is_here)
            (void)move(sim, OUTSIDE, ways[way].bucket);
        line->return_requested += qty;
        follow(sim, call->json, true);
    }
    call_close(call);
}

static struct call *begin(struct sim *sim, const char *operation,
                          struct json_out *out, const char **ret_code,
                          bool is_allowed)
{
    struct call *call = sim_begin(sim, operation, out);
    bool is_stale = sim_chance(sim, 5);
    sim_path(call, 0, "ret", back->id);
    json_put_i64(out, "version", back->version + is_stale);
    *ret_code = is_stale ? "stale" : is_allowed ? "" : "return_state";
    return call;
}

static bool finish(struct sim *sim, struct call *call, struct json_out *out,
                   const char *code)
{
    sim_body(call, out);
    sim_call(sim, call);
    bool is_done = sim_ended(sim, call, code) && code[0] == '\0';
    back->version += is_done;
    return is_done;
}

static void cancel(struct sim *sim)
{
    struct json_out out;
    const char *code;
    struct call *call = begin(sim, "cancelReturn", &out, &code, is("open"));
    if (finish(sim, call, &out, code)) {
        back->state = "cancelled";
        line_of(back)->return_requested -= back->qty;
        follow(sim, call->json, true);
    }
    call_close(call);
}

/* All that is awaited came. */
static void receive(struct sim *sim)
{
    struct json_out out;
    const char *code;
    bool had_started = has_started();
    struct call *call =
        begin(sim, "receiveReturn", &out, &code, is("open") || is("received"));
    if (code[0] == '\0' && is("received"))
        code = "over_received";
    if (finish(sim, call, &out, code)) {
        back->state = "received";
        (void)move(sim, OUTSIDE, QC);
        follow(sim, call->json, !had_started);
    }
    call_close(call);
}

static const char *judge(const char *verdict)
{
    bool may = strcmp(back->acceptance, "pending") == 0 ||
               (strcmp(back->acceptance, "manual") == 0 &&
                strcmp(verdict, "manual") != 0);
    return may ? "" : "acceptance_state";
}

/* What was paid for units that are taken back is off the order's worth; those
 * that are not may be asked back again. */
static void take_back(const char *verdict)
{
    struct m_line *line = line_of(back);
    back->acceptance = verdict;
    if (strcmp(verdict, "manual") == 0)
        return;
    if (strcmp(verdict, "accepted") == 0) {
        m_take_off(order, line, back->qty);
        line->returned += back->qty;
    }
    line->return_requested -= back->qty;
}

static void inspect(struct sim *sim)
{
    static const char *const verdicts[] = {"accepted", "rejected", "manual"};
    struct json_out out;
    const char *code;
    bool had_started = has_started();
    const char *verdict =
        sim_chance(sim, 70)
            ? verdicts[sim_chance(sim, 60) ? 0 : sim_between(sim, 0, 2)]
            : NULL;
    int way = !verdict || sim_chance(sim, 50)
                  ? (int)sim_between(sim, RESTOCK, WAYS - 1)
                  : NOWHERE;
    struct call *call = begin(sim, "inspectReturn", &out, &code,
                              is("received") || is("closed"));
    json_begin_list(&out, "items");
    json_begin(&out, NULL);
    json_put_i64(&out, "unit", 1);
    if (verdict)
        json_put_cstr(&out, "acceptance", verdict);
    if (way != NOWHERE)
        json_put_cstr(&out, "disposition", ways[way].name);
    json_end_object(&out);
    json_end_list(&out);
    if (code[0] == '\0' && verdict)
        code = judge(verdict);
    if (code[0] == '\0' && verdict && strcmp(verdict, "rejected") == 0 &&
        is_taking(back->way))
        code = "rejected_taken";
    if (code[0] == '\0' && is_taking(way) &&
        strcmp(verdict ? verdict : back->acceptance, "rejected") == 0)
        code = "rejected_taken";
    if (code[0] == '\0' && way != NOWHERE && !(ways[back->way].to >> way & 1))
        code = "disposition_state";
    if (code[0] == '\0' && way != NOWHERE)
        code = move(sim, ways[back->way].bucket, ways[way].bucket);
    if (finish(sim, call, &out, code)) {
        if (verdict)
            take_back(verdict);
        back->way = way != NOWHERE ? way : back->way;
        settle();
        follow(sim, call->json,
               (verdict && strcmp(verdict, "manual") != 0) ||
                   has_started() != had_started);
    }
    call_close(call);
}

void return_work(struct sim *sim, struct m_order *of)
{
    order = of;
    back = order->returns;
    int64_t deed = sim_between(sim, 0, 99);
    for (int64_t i = back ? sim_between(sim, 0, count_of() - 1) : 0; i > 0; i--)
        back = back->next;
    if (!back || deed < 25)
        request(sim);
    else if (deed < 35)
        cancel(sim);
    else if (deed < 60)
        receive(sim);
    else
        inspect(sim);
}
