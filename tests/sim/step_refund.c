/* step_refund.c - money is given back: worth off the order, shared out over
 * its payments, at once or later, right and wrong. */
#define WHARF_UNBANNED
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "exchange.h"
#include "goods.h"
#include "model_refund.h"
#include "pay.h"
#include "till.h"

static void put_amount(struct json_out *out, const char *key, int64_t minor,
                       bool is_foreign)
{
    json_put_money(out, key,
                   is_foreign ? (money){minor, "USD"} : (money){minor, "EUR"});
}

/* ---- what is asked for ---- */

static void ask_parts(struct sim *sim, const struct m_order *order,
                      struct m_refund_ask *ret)
{
    int64_t most = m_payment_count(order);
    for (int i = 0; i < 2 && most > 0 && sim_chance(sim, 60); i++) {
        struct m_part_back *part = &ret->parts[ret->part_count++];
        part->pay = order->payments;
        for (int64_t j = sim_between(sim, 0, most - 1); j > 0; j--)
            part->pay = part->pay->next;
        int64_t room = m_payment_room(part->pay, M_REFUND);
        part->amount = room > 1 && sim_chance(sim, 80)
                           ? sim_between(sim, 1, room)
                           : room + 1;
        if (sim_chance(sim, 2))
            part->pay = NULL;
    }
}

static struct m_refund_ask ask_for(struct sim *sim, const struct m_order *order)
{
    struct m_refund_ask ask = {.version = order->version,
                               .twice = -1,
                               .amount = -1,
                               .is_later = sim_chance(sim, 30)};
    for (int i = 0; i < order->line_count; i++) {
        const struct m_line *line = &order->lines[i];
        int64_t left = line->shipped - line->written_off - line->returned -
                       line->return_requested;
        if (left > 0 && sim_chance(sim, 40))
            ask.qty[i] = sim_between(sim, 1, left + sim_chance(sim, 3));
        if (ask.qty[i] > 0 && sim_chance(sim, 3))
            ask.twice = i;
    }
    if (sim_chance(sim, 1))
        ask.qty[order->line_count] = 1;
    if (sim_chance(sim, 25))
        ask.shipping = sim_between(sim, 0, order->shipping);
    if (sim_chance(sim, 2))
        ask.fees = 1;
    if (sim_chance(sim, 15))
        ask.allowance = sim_between(sim, 0, 500);
    int64_t owed = -m_balance(order);
    if (sim_chance(sim, 25))
        ask.amount = sim_between(sim, 0, owed > 0 ? owed : 1000);
    if (sim_chance(sim, 30))
        ask_parts(sim, order, &ask);
    if (ask.part_count > 0 && sim_chance(sim, 80))
        ask.amount = -1;
    if (sim_chance(sim, 5))
        ask.version++;
    ask.is_foreign = ask.amount >= 0 && sim_chance(sim, 3) &&
                     ask.shipping + ask.fees + ask.allowance == 0 &&
                     ask.part_count == 0;
    return ask;
}

static void put_line(struct json_out *out, int64_t n, int64_t qty)
{
    json_begin(out, NULL);
    json_put_i64(out, "n", n);
    json_put_i64(out, "quantity", qty);
    json_end_object(out);
}

static void put_ask(struct json_out *out, const struct m_order *order,
                    const struct m_refund_ask *ask)
{
    json_begin_list(out, "lines");
    for (int i = 0; i <= order->line_count; i++) {
        if (ask->qty[i] > 0)
            put_line(out, i + 1, ask->qty[i]);
        if (ask->twice == i)
            put_line(out, i + 1, 1);
    }
    json_end_list(out);
    if (ask->shipping > 0)
        put_amount(out, "shipping", ask->shipping, false);
    if (ask->fees > 0)
        put_amount(out, "fees", ask->fees, false);
    if (ask->allowance > 0)
        put_amount(out, "allowance", ask->allowance, false);
    if (ask->amount >= 0)
        put_amount(out, "amount", ask->amount, ask->is_foreign);
    json_begin_list(out, "tenders");
    for (int i = 0; i < ask->part_count; i++) {
        const struct m_part_back *part = &ask->parts[i];
        json_begin(out, NULL);
        json_put_id(out, "payment_id", "pay", part->pay ? part->pay->id : 255);
        put_amount(out, "amount", part->amount, false);
        json_end_object(out);
    }
    json_end_list(out);
}

/* ---- comparing ---- */

static bool is_parts(struct json_in *in, const struct m_part_back *parts,
                     int count)
{
    struct json_list list;
    if (json_get_list(in, "tenders", 0, M_PAYMENTS, &list) != OK ||
        list.count != (size_t)count)
        return false;
    for (int i = 0; i < count; i++) {
        struct json_in *at;
        if (json_list_object(&list, (size_t)i, &at) != OK ||
            sim_id(at, "payment_id", "pay") != parts[i].pay->id ||
            pay_minor(at, "amount") != parts[i].amount)
            return false;
    }
    return true;
}

static void compare_lines(struct sim *sim, struct json_in *in,
                          const struct m_order *order,
                          const struct m_refund_plan *plan)
{
    struct json_list list;
    struct json_in *at;
    if (!sim_expect(sim, json_get_list(in, "lines", 0, M_LINES, &list) == OK,
                    "%s: a refund without lines", order->external))
        return;
    for (size_t i = 0; i < list.count; i++) {
        if (json_list_object(&list, i, &at) != OK)
            return;
        int64_t n = sim_i64(at, "n");
        sim_expect(sim, pay_minor(at, "amount") == plan->lines[n - 1],
                   "%s line %lld: a refund takes off %lld and not %lld",
                   order->external, (long long)n,
                   (long long)pay_minor(at, "amount"),
                   (long long)plan->lines[n - 1]);
    }
}

static void compare(struct sim *sim, struct json_in *in,
                    const struct m_order *order, const struct m_refund *refund)
{
    sim_expect(sim,
               sim_id(in, "id", "rfd") == refund->id &&
                   sim_has_text(in, "state", refund->state) &&
                   sim_i64(in, "version") == refund->version &&
                   pay_minor(in, "amount") == refund->amount &&
                   is_parts(in, refund->parts, refund->part_count),
               "%s: a refund of %lld must be %s at version %lld, and is of "
               "%lld at version %lld",
               order->external, (long long)refund->amount, refund->state,
               (long long)refund->version, (long long)pay_minor(in, "amount"),
               (long long)sim_i64(in, "version"));
}

void check_refunds(struct sim *sim, const struct m_order *order)
{
    struct json_list list = {0};
    struct call *call = call_open("listRefunds");
    const struct m_refund *refund = order->refunds;
    sim_path(call, 0, "ord", order->id);
    call->now = sim->now;
    place_calls(sim->place, &call, 1);
    if (sim_ended(sim, call, ""))
        sim_expect(
            sim,
            json_get_list(call->json, "items", 0, M_REFUNDS, &list) == OK &&
                list.count == (size_t)m_refund_count(order),
            "%s: must have %d refunds", order->external, m_refund_count(order));
    for (size_t i = 0; i < list.count && !sim->is_wrong; i++) {
        struct json_in *in;
        if (sim_expect(sim, json_list_object(&list, i, &in) == OK,
                       "%s: a refund cannot be read", order->external))
            compare(sim, in, order, refund);
        refund = refund->next;
    }
    call_close(call);
}

/* ---- deeds ---- */

/* It must say the same as the command would do, and do nothing. */
static void preview(struct sim *sim, struct m_order *order,
                    const struct m_refund_ask *ask, const char *code,
                    const struct m_refund_plan *plan)
{
    struct json_out out;
    struct call *call = sim_begin(sim, "previewRefund", &out);
    sim_path(call, 0, "ord", order->id);
    put_ask(&out, order, ask);
    sim_body(call, &out);
    call->key = STR_NONE;
    place_calls(sim->place, &call, 1);
    sim->calls++;
    if (sim_ended(sim, call, code) && code[0] == '\0') {
        sim_expect(sim,
                   pay_minor(call->json, "amount") == plan->amount &&
                       pay_minor(call->json, "owed_after") ==
                           plan->owed_after &&
                       is_parts(call->json, plan->parts, plan->part_count),
                   "%s: a preview gives %lld of %lld, %lld owed after it of "
                   "%lld",
                   order->external, (long long)pay_minor(call->json, "amount"),
                   (long long)plan->amount,
                   (long long)pay_minor(call->json, "owed_after"),
                   (long long)plan->owed_after);
        compare_lines(sim, call->json, order, plan);
    }
    call_close(call);
}

/* Gateways may have been asked for it: that shows in their payments. */
static void look_at_asked(struct sim *sim, const struct m_refund *refund)
{
    for (int i = 0; i < refund->part_count && !sim->is_wrong; i++)
        if (refund->parts[i].pay->is_asked)
            till_sync(sim, refund->parts[i].pay);
}

void refund_look(struct sim *sim, const struct m_refund *refund)
{
    look_at_asked(sim, refund);
}

/* Too much was given already: it is left to a person. */
static bool is_full(const struct m_order *order,
                    const struct m_refund_plan *plan)
{
    for (int i = 0; i < plan->part_count; i++)
        if (plan->parts[i].pay->count + m_live_calls(plan->parts[i].pay) >=
            M_TRANSACTIONS)
            return true;
    return m_refund_count(order) >= M_REFUNDS;
}

struct m_refund *refund_by_house(struct sim *sim, struct m_order *order)
{
    static struct m_order after;
    static struct m_refund_plan plan;
    const struct m_refund_ask all = {.twice = -1, .amount = -1};
    struct m_refund *refund = NULL;
    struct json_list list = {0};
    struct json_in *in;
    (void)m_refund_plan(order, &all, &after, &plan);
    if (plan.amount == 0 || is_full(order, &plan))
        return NULL;
    size_t known = (size_t)m_refund_count(order);
    struct call *call = call_open("listRefunds");
    sim_path(call, 0, "ord", order->id);
    call->now = sim->now;
    place_calls(sim->place, &call, 1);
    if (sim_ended(sim, call, "") &&
        sim_expect(sim,
                   json_get_list(call->json, "items", 0, M_REFUNDS, &list) ==
                           OK &&
                       list.count == known + 1 &&
                       json_list_object(&list, known, &in) == OK,
                   "%s: owes %lld, and nothing was given back", order->external,
                   (long long)plan.amount)) {
        struct m_money before = m_order_money(order);
        refund =
            m_refund_add(&sim->model, order, sim_id(in, "id", "rfd"), &plan);
        m_refund_end(&sim->model, refund, "succeeded");
        int64_t given = m_order_money(order).refunded - before.refunded;
        order->version += given > 0;
        sim->refunded += given;
        sim->refunds++;
        compare(sim, in, order, refund);
    }
    call_close(call);
    return refund;
}

static void take(struct sim *sim, struct json_in *in, struct m_order *order,
                 const struct m_order *after, const struct m_refund_plan *plan,
                 bool is_later)
{
    struct m_money before = m_order_money(order);
    struct m_payment *payments = order->payments;
    *order = *after;
    order->payments = payments;
    order->version += plan->has_worth;
    struct m_refund *refund =
        m_refund_add(&sim->model, order, sim_id(in, "id", "rfd"), plan);
    if (!is_later || plan->part_count == 0)
        m_refund_end(&sim->model, refund, "succeeded");
    compare(sim, in, order, refund);
    compare_lines(sim, in, order, plan);
    sim->refunds++;
    pay_follow(sim, order, &before);
    look_at_asked(sim, refund);
}

static void create(struct sim *sim, struct m_order *order)
{
    static struct m_order after;
    static struct m_refund_plan plan;
    struct m_refund_ask ask = ask_for(sim, order);
    struct json_out out;
    const char *why = m_refund_plan(order, &ask, &after, &plan);
    if (sim_chance(sim, 30))
        preview(sim, order, &ask, why, &plan);
    struct call *call = sim_begin(sim, "createRefund", &out);
    sim_path(call, 0, "ord", order->id);
    json_put_i64(&out, "version", ask.version);
    put_ask(&out, order, &ask);
    if (ask.is_later)
        json_put_bool(&out, "later", true);
    sim_body(call, &out);
    const char *code = ask.version != order->version ? "stale" : why;
    if (code[0] == '\0' && !plan.has_worth && plan.amount == 0)
        code = "nothing_to_refund";
    if (code[0] == '\0' && m_refund_count(order) >= M_REFUNDS)
        code = "too_many_refunds";
    for (int i = 0; i < plan.part_count && code[0] == '\0'; i++)
        if (!ask.is_later &&
            plan.parts[i].pay->count + m_live_calls(plan.parts[i].pay) >=
                M_TRANSACTIONS)
            code = "too_many_transactions";
    sim_call(sim, call);
    if (sim_ended(sim, call, code) && code[0] == '\0')
        take(sim, call->json, order, &after, &plan, ask.is_later);
    call_close(call);
}

static void end(struct sim *sim, struct m_order *order)
{
    static const struct {
        const char *operation, *state;
    } ends[] = {
        {"succeedRefund", "succeeded"},
        {"failRefund",    "failed"   },
        {"cancelRefund",  "cancelled"}
    };
    struct json_out out;
    int which = sim_chance(sim, 60) ? 0 : (int)sim_between(sim, 1, 2);
    struct m_refund *refund = order->refunds;
    for (int64_t i = sim_between(sim, 0, m_refund_count(order) - 1); i > 0; i--)
        refund = refund->next;
    bool is_stale = sim_chance(sim, 5);
    struct call *call = sim_begin(sim, ends[which].operation, &out);
    sim_path(call, 0, "rfd", refund->id);
    json_put_i64(&out, "version", refund->version + is_stale);
    sim_body(call, &out);
    const char *code = is_stale                                ? "stale"
                       : strcmp(refund->state, "pending") != 0 ? "refund_state"
                       : m_refund_is_asked(refund)             ? "payment_busy"
                       : which == 0 ? m_refund_can(refund)
                                    : "";
    sim_call(sim, call);
    if (sim_ended(sim, call, code) && code[0] == '\0') {
        struct m_money before = m_order_money(order);
        m_refund_end(&sim->model, refund, ends[which].state);
        compare(sim, call->json, order, refund);
        pay_follow(sim, order, &before);
        look_at_asked(sim, refund);
    }
    call_close(call);
}

void refund_work(struct sim *sim, struct m_order *order)
{
    if (order->refunds && sim_chance(sim, 40))
        end(sim, order);
    else
        create(sim, order);
}
