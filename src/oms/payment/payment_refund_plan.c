/* payment_refund_plan.c - what a refund takes off and whom it pays. Pure. */
#include "oms/payment/payment_refund_plan.h"

#include "base/arena.h"
#include "base/machine.h"
#include "base/money.h"
#include "base/str.h"
#include "oms/order/order_pay.h"
#include "oms/order/order_worth.h"

static const char *const states[REFUND_CANCELLED] = {"pending", "succeeded",
                                                     "failed", "cancelled"};
static const char *const events[REFUND_EVENT_CANCEL] = {"create", "succeed",
                                                        "fail", "cancel"};

/* Read as: a refund that is <from> and sees <event> becomes <to>. */
static const struct machine_move moves[] = {
    {REFUND_NONE,    REFUND_EVENT_CREATE,  REFUND_PENDING  },
    {REFUND_PENDING, REFUND_EVENT_SUCCEED, REFUND_SUCCEEDED},
    {REFUND_PENDING, REFUND_EVENT_FAIL,    REFUND_FAILED   },
    {REFUND_PENDING, REFUND_EVENT_CANCEL,  REFUND_CANCELLED},
};

const struct machine refund_machine = {
    .states = states,
    .events = events,
    .state_count = COUNT_OF(states),
    .event_count = COUNT_OF(events),
    .moves = moves,
    .move_count = COUNT_OF(moves),
    .slug = "refund_state",
    .noun = "a refund that is",
};

const char *refund_state_name(enum refund_state state)
{
    return machine_state_name(&refund_machine, (int)state);
}

enum refund_state refund_fold(const struct refund_part *parts, size_t count)
{
    bool has[REFUND_CANCELLED + 1] = {false};
    for (size_t i = 0; i < count; i++)
        has[parts[i].state] = true;
    if (has[REFUND_PENDING])
        return REFUND_PENDING;
    if (has[REFUND_FAILED])
        return REFUND_FAILED;
    return has[REFUND_CANCELLED] ? REFUND_CANCELLED : REFUND_SUCCEEDED;
}

bool refund_has_worth(const struct refund *refund)
{
    return refund->line_count > 0 || refund->shipping > 0 || refund->fees > 0 ||
           refund->allowance > 0;
}

/* ---- what is taken off ---- */

static err_t take_line(struct ctx *ctx, const struct refund_cmd *cmd, size_t i,
                       struct order *order, struct refund_line *ret)
{
    const struct refund_line *line = &cmd->lines[i];
    for (size_t j = 0; j < i; j++)
        if (cmd->lines[j].n == line->n)
            return fail_as(ctx, ERR_INVALID, "duplicate_line", "lines",
                           "line %lld is there twice", (long long)line->n);
    struct order_line before = {.n = 0};
    if (line->n >= 1 && line->n <= (int64_t)order->line_count)
        before = order->lines[line->n - 1];
    TRY(order_worth_write_off(ctx, order, line->n, line->qty));
    const struct order_line *after = &order->lines[line->n - 1];
    *ret = *line;
    ret->amount = before.total_now - after->total_now;
    ret->tax = before.tax_now - after->tax_now;
    return OK;
}

static err_t take_charges(struct ctx *ctx, const struct refund_cmd *cmd,
                          struct order *order, struct refund *ret)
{
    struct order_charges_now before, after;
    if (cmd->shipping == 0 && cmd->fees == 0)
        return OK;
    TRY(order_worth_charges_now(ctx, order, &before));
    TRY(order_worth_charges(ctx, order, cmd->shipping, cmd->fees));
    TRY(order_worth_charges_now(ctx, order, &after));
    ret->shipping = cmd->shipping;
    ret->fees = cmd->fees;
    ret->shipping_tax = before.shipping_tax - after.shipping_tax;
    ret->fees_tax = before.fees_tax - after.fees_tax;
    return OK;
}

static err_t take_off(struct ctx *ctx, const struct refund_cmd *cmd,
                      struct order *order, struct refund *ret)
{
    ret->lines = arena_array(ctx->arena, struct refund_line, cmd->line_count);
    for (size_t i = 0; i < cmd->line_count; i++)
        TRY(take_line(ctx, cmd, i, order, &ret->lines[i]));
    ret->line_count = cmd->line_count;
    TRY(take_charges(ctx, cmd, order, ret));
    if (cmd->allowance > 0)
        TRY(order_worth_allow(ctx, order, cmd->allowance));
    ret->allowance = cmd->allowance;
    return OK;
}

/* ---- whom it pays ---- */

static err_t fail_over(struct ctx *ctx, const struct order *order,
                       const char *field, const char *what, int64_t limit)
{
    money most = money_make(limit, order->currency);
    return fail_as(ctx, ERR_INVALID, "over_refunded", field,
                   "%.*s %s is the most that %s can still give back",
                   STR_ARG(money_to_decimal(ctx->arena, most)), most.currency,
                   what);
}

static const struct refund_tender *find_tender(const struct refund_facts *facts,
                                               payment_id id)
{
    for (size_t i = 0; i < facts->count; i++)
        if (facts->tenders[i].payment.v == id.v)
            return &facts->tenders[i];
    return NULL;
}

/* As it is read later: the latest payment first. */
static void add_part(struct refund *ret, const struct refund_part *part,
                     enum payment_tender tender)
{
    size_t at = ret->part_count++;
    for (; at > 0 && ret->parts[at - 1].payment.v < part->payment.v; at--)
        ret->parts[at] = ret->parts[at - 1];
    ret->parts[at] = *part;
    ret->parts[at].tender = tender;
    ret->parts[at].state = REFUND_PENDING;
    ret->amount += part->amount;
}

static err_t take_named(struct ctx *ctx, const struct refund_cmd *cmd, size_t i,
                        const struct refund_facts *facts,
                        const struct order *order, struct refund *ret)
{
    const struct refund_part *part = &cmd->parts[i];
    const struct refund_tender *tender = find_tender(facts, part->payment);
    char field[48];
    snprintf(field, sizeof field, "tenders[%zu].payment_id", i);
    if (!tender)
        return fail_as(ctx, ERR_INVALID, "payment_unknown", field,
                       "the order has no such payment");
    for (size_t j = 0; j < i; j++)
        if (cmd->parts[j].payment.v == part->payment.v)
            return fail_as(ctx, ERR_INVALID, "duplicate_tender", field,
                           "the payment is there twice");
    snprintf(field, sizeof field, "tenders[%zu].amount", i);
    if (part->amount > tender->room)
        return fail_over(ctx, order, field, "this payment", tender->room);
    add_part(ret, part, tender->tender);
    return OK;
}

/* The latest payment first. */
static void take_latest(const struct refund_facts *facts, int64_t amount,
                        struct refund *ret)
{
    ret->amount = amount;
    for (size_t i = facts->count; i > 0 && amount > 0; i--) {
        const struct refund_tender *tender = &facts->tenders[i - 1];
        int64_t part = tender->room < amount ? tender->room : amount;
        if (part <= 0)
            continue;
        ret->parts[ret->part_count++] = (struct refund_part){
            tender->payment, part, tender->tender, REFUND_PENDING};
        amount -= part;
    }
    ASSERT(amount == 0);
}

static int64_t room_of(const struct refund_facts *facts)
{
    int64_t room = 0;
    for (size_t i = 0; i < facts->count; i++)
        if (facts->tenders[i].room > 0)
            room += facts->tenders[i].room;
    return room;
}

/* What is owed and not on its way already. */
static int64_t owed_of(const struct order *order,
                       const struct refund_facts *facts)
{
    int64_t owed = -order_balance(order) - facts->pending;
    int64_t room = room_of(facts);
    owed = owed < room ? owed : room;
    return owed > 0 ? owed : 0;
}

/* `taken`: what this refund took off the order. */
static err_t share_out(struct ctx *ctx, const struct refund_cmd *cmd,
                       const struct refund_facts *facts,
                       const struct order *order, int64_t taken,
                       struct refund *ret)
{
    int64_t owed = owed_of(order, facts);
    int64_t amount = cmd->amount;
    size_t room =
        cmd->part_count > facts->count ? cmd->part_count : facts->count;
    ret->parts = arena_array(ctx->arena, struct refund_part, room);
    for (size_t i = 0; i < cmd->part_count; i++)
        TRY(take_named(ctx, cmd, i, facts, order, ret));
    if (cmd->part_count > 0 && amount >= 0 && amount != ret->amount)
        return fail_as(ctx, ERR_INVALID, "tenders_mismatch", "amount",
                       "the tenders come to %lld", (long long)ret->amount);
    if (cmd->part_count > 0)
        amount = ret->amount;
    else if (amount == REFUND_AS_OWED)
        amount = refund_has_worth(ret) && taken < owed ? taken : owed;
    if (amount > owed)
        return fail_over(ctx, order, "amount", "the order", owed);
    if (cmd->part_count == 0)
        take_latest(facts, amount, ret);
    ret->owed = owed - amount;
    return OK;
}

err_t refund_plan(struct ctx *ctx, const struct refund_cmd *cmd,
                  const struct refund_facts *facts, struct order *order,
                  struct refund *ret)
{
    int64_t before = order_total_now(order);
    *ret = (struct refund){.order = order->id,
                           .state = REFUND_PENDING,
                           .reason = cmd->reason,
                           .reference = cmd->reference,
                           .version = 1};
    memcpy(ret->currency, order->currency, sizeof ret->currency);
    if (cmd->currency[0] &&
        memcmp(cmd->currency, order->currency, sizeof cmd->currency) != 0)
        return fail_as(ctx, ERR_INVALID, "currency_mismatch", "amount",
                       "the order is in %s", order->currency);
    TRY(take_off(ctx, cmd, order, ret));
    return share_out(ctx, cmd, facts, order, before - order_total_now(order),
                     ret);
}
