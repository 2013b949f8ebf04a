/* step_exchange.c - goods that come back for other goods. */
#define WHARF_UNBANNED
#include <stdio.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "exchange.h"
#include "goods.h"
#include "later.h"
#include "pay.h"

enum { EXCHANGES = 50, SEEN = 4000 };

static struct m_order *order, after;
static struct m_edit_plan plan;
static struct m_exchange *swap, fresh;

/* Orders whose exchanges went on by themselves, and what they gave back. */
static struct {
    struct m_order *order;
    struct m_exchange *swap;
    const struct m_refund *refund;
} seen[SEEN];
static int seen_count;

/* ---- comparing ---- */

static void compare(struct sim *sim, struct json_in *in,
                    const struct m_order *of, const struct m_exchange *at)
{
    struct json_list lines;
    bool is_unsettled = !at->is_unsettled;
    if (!sim_expect(sim,
                    sim_id(in, "id", "exc") == at->id &&
                        sim_id(in, "order", "ord") == of->id &&
                        sim_id(in, "return", "ret") == at->back->id &&
                        json_opt_bool(in, "is_unsettled", &is_unsettled) ==
                            OK &&
                        json_has(in, "settled_at") == at->is_settled &&
                        is_unsettled == at->is_unsettled &&
                        sim_i64(in, "version") == at->version &&
                        sim_has_text(in, "state", m_swap_names[at->state]),
                    "%s: an exchange must be %s at version %lld%s%s and is at "
                    "version %lld",
                    of->external, m_swap_names[at->state],
                    (long long)at->version, at->is_settled ? ", settled" : "",
                    at->is_unsettled ? ", unsettled" : "",
                    (long long)sim_i64(in, "version")))
        return;
    sim_expect(sim,
               json_get_list(in, "lines", 1, M_LINES, &lines) == OK &&
                   lines.count == (size_t)at->lines.count,
               "%s: an exchange must have %d lines", of->external,
               at->lines.count);
}

static void read_one(struct sim *sim, const struct m_order *of,
                     const struct m_exchange *at)
{
    struct call *call = call_open("getExchange");
    sim_path(call, 0, "exc", at->id);
    call->now = sim->now;
    place_calls(sim->place, &call, 1);
    if (sim_ended(sim, call, ""))
        compare(sim, call->json, of, at);
    call_close(call);
}

static int count_of(const struct m_order *of)
{
    int count = 0;
    for (const struct m_exchange *at = of->exchanges; at; at = at->next)
        count++;
    return count;
}

void check_exchanges(struct sim *sim, const struct m_order *of)
{
    struct json_list list = {0};
    struct call *call = call_open("listExchanges");
    const struct m_exchange *at = of->exchanges;
    sim_path(call, 0, "ord", of->id);
    call->now = sim->now;
    place_calls(sim->place, &call, 1);
    if (sim_ended(sim, call, ""))
        sim_expect(sim,
                   json_get_list(call->json, "items", 0, EXCHANGES, &list) ==
                           OK &&
                       list.count == (size_t)count_of(of),
                   "%s: must have %d exchanges", of->external, count_of(of));
    for (size_t i = 0; i < list.count && !sim->is_wrong; i++, at = at->next) {
        struct json_in *in;
        if (sim_expect(sim, json_list_object(&list, i, &in) == OK,
                       "%s: an exchange cannot be read", of->external))
            compare(sim, in, of, at);
    }
    call_close(call);
}

/* ---- by itself ---- */

static void go_on(struct sim *sim, struct m_order *of, struct m_exchange *at)
{
    struct m_swap_step step = m_swap_advance(of, at, false);
    const struct m_refund *refund =
        step.is_owed ? refund_by_house(sim, of) : NULL;
    of->version += step.is_lifted;
    if (step.is_changed && seen_count < SEEN) {
        seen[seen_count].order = of;
        seen[seen_count].swap = at;
        seen[seen_count++].refund = refund;
    }
}

void exchanges_due(struct sim *sim)
{
    for (size_t i = 0; i < sim->model.order_count; i++) {
        struct m_order *of = sim->model.orders[i];
        for (struct m_exchange *at = of->exchanges; at; at = at->next)
            go_on(sim, of, at);
    }
}

void exchanges_seen(struct sim *sim)
{
    for (int i = 0; i < seen_count && !sim->is_wrong; i++) {
        read_one(sim, seen[i].order, seen[i].swap);
        if (!sim->is_wrong && seen[i].refund)
            refund_look(sim, seen[i].refund);
        if (!sim->is_wrong)
            check_gate(sim, seen[i].order);
    }
    seen_count = 0;
}

/* ---- asked for ---- */

/* Often for no more than what comes back is worth. */
static struct m_line line_for(struct sim *sim, const struct m_return *back)
{
    struct m_line line = edit_line(sim);
    const struct m_line *of = &order->lines[back->line];
    int64_t left = m_line_left(of);
    int64_t worth = left > 0 ? m_line_worth(order, of) * back->qty / left : 0;
    if (sim_chance(sim, 30))
        return line;
    line.qty = sim_between(sim, 1, 2);
    line.price = worth / 4 > 0 ? sim_between(sim, 0, worth / 4) : 0;
    line.discount = line.tax = 0;
    return line;
}

static void make(struct sim *sim)
{
    int64_t count = 0;
    struct m_return *back = order->returns;
    for (struct m_return *at = back; at; at = at->next)
        count++;
    for (int64_t i = sim_between(sim, 0, count - 1); i > 0; i--)
        back = back->next;
    fresh = (struct m_exchange){.back = back, .first = -1, .version = 1};
    count = sim_chance(sim, 30) ? 2 : 1;
    for (int i = 0; i < count; i++)
        fresh.lines.at[fresh.lines.count++] = (struct m_edit_action){
            .type = M_ADD_LINE, .add = line_for(sim, back)};
}

static void put_draft(const struct sim *sim, struct json_out *out, bool stale)
{
    json_put_i64(out, "version", order->version + stale);
    json_put_id(out, "return", "ret", fresh.back->id);
    json_put_cstr(out, "reason", "a size up");
    json_begin_list(out, "lines");
    for (int i = 0; i < fresh.lines.count; i++)
        edit_put_line(sim, out, NULL, &fresh.lines.at[i].add);
    json_end_list(out);
}

/* Cancelled or closed. */
static bool is_over(const struct m_return *back)
{
    return back->state[0] == 'c';
}

/* What its order and its return say to it; `after` is the order with it. */
static const char *why_not(const struct sim *sim, const struct m_exchange *at,
                           const struct m_exchange *but)
{
    const char *why =
        m_edit_plan(&sim->model, order, &at->lines, &after, &plan);
    if (why[0] != '\0')
        return why;
    if (is_over(at->back))
        return "return_over";
    if (m_swap_is_taken(order, at->back, but))
        return "return_exchanged";
    return !but && count_of(order) >= EXCHANGES ? "too_many_exchanges" : "";
}

static void preview(struct sim *sim, int64_t id, const struct m_exchange *at,
                    const char *code)
{
    struct json_out out;
    struct call *call =
        sim_begin(sim, id ? "previewExchange" : "previewNewExchange", &out);
    sim_path(call, 0, id ? "exc" : "ord", id ? id : order->id);
    if (!id)
        put_draft(sim, &out, false);
    sim_body(call, &out);
    call->key = STR_NONE;
    place_calls(sim->place, &call, 1);
    sim->calls++;
    if (sim_ended(sim, call, code) && code[0] == '\0') {
        struct m_swap_facts facts = m_swap_look(&after, at);
        int64_t due = facts.due > 0 ? facts.due : 0;
        const char *then = m_swap_names[m_swap_then(&facts)];
        sim_expect(sim,
                   sim_has_text(call->json, "state_after", then) &&
                       pay_minor(call->json, "return_worth") == facts.worth &&
                       pay_minor(call->json, "due") == due &&
                       pay_minor(call->json, "total_after") == m_worth(&after),
                   "%s: an exchange must come to %s, %lld due, %lld off, and "
                   "says %lld and %lld",
                   order->external, then, (long long)due,
                   (long long)facts.worth,
                   (long long)pay_minor(call->json, "due"),
                   (long long)pay_minor(call->json, "return_worth"));
    }
    call_close(call);
}

static void draft(struct sim *sim)
{
    struct json_out out;
    bool is_stale = sim_chance(sim, 4);
    if (order->line_count + fresh.lines.count > M_LINES)
        return;
    const char *code = why_not(sim, &fresh, NULL);
    if (sim_chance(sim, 25))
        preview(sim, 0, &fresh, code);
    struct call *call = sim_begin(sim, "draftExchange", &out);
    sim_path(call, 0, "ord", order->id);
    put_draft(sim, &out, is_stale);
    sim_body(call, &out);
    code = code[0] == '\0' && is_stale ? "stale" : code;
    sim_call(sim, call);
    if (sim_ended(sim, call, code) && code[0] == '\0') {
        struct m_exchange **last = &order->exchanges;
        while (*last)
            last = &(*last)->next;
        swap = *last = arena_new(sim->model.arena, struct m_exchange);
        *swap = fresh;
        swap->id = sim_id(call->json, "id", "exc");
        swap->drafted_at = order->version;
        compare(sim, call->json, order, swap);
    }
    call_close(call);
}

/* ---- done ---- */

static bool read_parts(struct sim *sim, struct call *call,
                       struct json_in **ret_swap, struct json_in **ret_page)
{
    return sim_expect(sim,
                      json_get_object(call->json, "exchange", ret_swap) == OK &&
                          json_get_object(call->json, "order", ret_page) == OK,
                      "%s: an exchange without its order", order->external);
}

static void take(struct sim *sim, struct call *call)
{
    struct json_in *in, *page;
    const struct m_refund *refund = NULL;
    if (!read_parts(sim, call, &in, &page))
        return;
    swap->first = order->line_count;
    swap->state = M_CONFIRMED;
    struct m_swap_step step = m_swap_advance(&after, swap, true);
    compare(sim, in, order, swap);
    if (step.is_owed)
        refund = refund_by_house(sim, &after);
    edit_follow(sim, page, order, &after, &plan);
    if (refund)
        refund_look(sim, refund);
    sim->swaps++;
}

static void confirm(struct sim *sim)
{
    struct json_out out;
    struct m_leaving found;
    bool is_stale = sim_chance(sim, 4), is_seen = sim_chance(sim, 60);
    int64_t drafted_at = is_seen ? order->version : swap->drafted_at;
    if (order->line_count + swap->lines.count > M_LINES)
        return;
    bool refuses = sim->model.channels[order->channel].refuses;
    const char *code = why_not(sim, swap, swap);
    bool may_wait = code[0] == '\0' && refuses &&
                    m_edit_is_unsure(&sim->model, &after, &plan);
    if (swap->state == M_DRAFT && sim_chance(sim, 30))
        preview(sim, swap->id, swap, code);
    if (code[0] == '\0' && refuses &&
        m_edit_find(&sim->model, &after, &plan, &found) > 0)
        code = "out_of_stock";
    /* The return is looked at before the lines are. */
    if (is_over(swap->back))
        code = "return_over";
    if (order->version != drafted_at)
        code = "stale";
    if (swap->state != M_DRAFT)
        code = "exchange_state";
    if (is_stale)
        code = "stale";
    struct call *call = sim_begin(sim, "confirmExchange", &out);
    sim_path(call, 0, "exc", swap->id);
    json_put_i64(&out, "version", swap->version + is_stale);
    if (is_seen)
        json_put_i64(&out, "order_version", order->version);
    sim_body(call, &out);
    sim_call(sim, call);
    bool is_unsure = may_wait && code[0] == '\0' && call->err != OK;
    if (is_unsure)
        code = "out_of_stock";
    if (sim_ended(sim, call, code) && code[0] == '\0')
        take(sim, call);
    call_close(call);
}

/* Its lines are given up as by a change that removes them. */
static bool take_off(struct sim *sim)
{
    struct m_edit off = {.count = 0};
    for (int i = 0; i < swap->lines.count && swap->first >= 0; i++)
        if (m_line_left(&order->lines[swap->first + i]) > 0)
            off.at[off.count++] = (struct m_edit_action){
                .type = M_REMOVE_LINE, .line = swap->first + i, .tax = -1};
    if (off.count > 0)
        (void)m_edit_plan(&sim->model, order, &off, &after, &plan);
    return off.count > 0;
}

static void cancel(struct sim *sim)
{
    struct json_out out;
    struct json_in *in, *page;
    bool is_stale = sim_chance(sim, 4);
    struct call *call = sim_begin(sim, "cancelExchange", &out);
    sim_path(call, 0, "exc", swap->id);
    json_put_i64(&out, "version", swap->version + is_stale);
    sim_body(call, &out);
    const char *code = is_stale ? "stale"
                       : swap->state != M_DRAFT && !m_swap_waits(swap)
                           ? "exchange_state"
                           : "";
    sim_call(sim, call);
    if (sim_ended(sim, call, code) && code[0] == '\0' &&
        read_parts(sim, call, &in, &page)) {
        bool has_units = take_off(sim);
        swap->state = M_OFF;
        swap->version++;
        compare(sim, in, order, swap);
        if (has_units)
            edit_follow(sim, page, order, &after, &plan);
        else
            order_compare(sim, page, order);
    }
    call_close(call);
}

static void one_deed(struct sim *sim, struct m_order *of)
{
    order = of;
    swap = of->exchanges;
    int64_t skip = sim_between(sim, 0, count_of(of));
    for (; swap && swap->next && skip > 0; skip--)
        swap = swap->next;
    if (m_balance(of) > 0 && sim_chance(sim, of->exchanges ? 5 : 60)) {
        pay_create(sim, of, sim_chance(sim, 20));
    } else if (!of->returns) {
        return_work(sim, of); /* It starts with one. */
    } else if (!swap || sim_chance(sim, 20)) {
        make(sim);
        draft(sim);
        if (!sim->is_wrong && swap && sim_chance(sim, 80))
            confirm(sim);
    } else if (swap->state == M_DRAFT ? sim_chance(sim, 80)
                                      : sim_chance(sim, 10)) {
        confirm(sim);
    } else if (sim_chance(sim, 20) && m_balance(of) > 0) {
        pay_create(sim, of, sim_chance(sim, 20));
    } else if (sim_chance(sim, 60)) {
        return_work(sim, of);
    } else if (sim_chance(sim, 15)) {
        cancel(sim);
    }
}

static bool has_left(const struct m_order *of)
{
    for (int i = 0; i < of->line_count && !of->is_cancelled; i++) {
        const struct m_line *line = &of->lines[i];
        if (line->part_count == 0 && line->shipped > line->return_requested +
                                                         line->returned +
                                                         line->written_off)
            return true;
    }
    return false;
}

/* One that was begun, or of which something left: the first from anywhere. */
static struct m_order *likely(struct sim *sim, struct m_order *of)
{
    const struct model *model = &sim->model;
    size_t from = (size_t)sim_between(sim, 0, (int64_t)model->order_count - 1);
    bool is_begun = sim_chance(sim, 55);
    for (size_t i = 0; i < model->order_count; i++) {
        struct m_order *at = model->orders[(from + i) % model->order_count];
        if (is_begun ? at->exchanges != NULL : has_left(at))
            return at;
    }
    return of;
}

void exchange_work(struct sim *sim, struct m_order *of)
{
    if (sim_chance(sim, 95))
        of = likely(sim, of);
    for (int64_t i = sim_between(sim, 1, 6); i > 0 && !sim->is_wrong; i--) {
        one_deed(sim, of);
        step_wait(sim);
    }
    if (!sim->is_wrong && sim_chance(sim, 30))
        check_exchanges(sim, of);
}

void step_exchange(struct sim *sim)
{
    step_wait(sim);
    if (sim->model.order_count > 0 && !sim->is_wrong)
        exchange_work(sim, sim->model.orders[sim->model.order_count - 1]);
}

void exchange_tell(const struct sim *sim)
{
    int states[M_OFF + 1] = {0};
    for (size_t i = 0; i < sim->model.order_count; i++)
        for (const struct m_exchange *at = sim->model.orders[i]->exchanges; at;
             at = at->next)
            states[at->state]++;
    printf("sim: exchanges=%lld", (long long)sim->swaps);
    for (int i = 0; i <= M_OFF; i++)
        printf(" %s=%d", m_swap_names[i], states[i]);
    printf("\n");
}
