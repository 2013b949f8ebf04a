/* change_replace_gate.c - goods that are sent once more, but not before what
 * they are for came back.
 *
 * An exchange for the same: the new line has the worth that the return takes
 * off, to the cent, so that nothing is due and nothing is given back. What
 * holds its units and what lets them go is the exchange.
 */
#include <string.h>

#include "base/arena.h"
#include "base/check.h"
#include "base/json.h"
#include "base/money.h"
#include "base/str.h"
#include "oms/change/change_edit_action.h"
#include "oms/change/change_exchange.h"
#include "oms/change/change_replace.h"
#include "oms/order/order_then.h"

/* The return is of what is replaced, and none of it is decided. */
static err_t check_units(struct ctx *ctx, const struct replace_cmd *cmd)
{
    struct rma rma;
    TRY(return_get(ctx, cmd->rma, &rma));
    const struct return_line *line = &rma.lines[0];
    if (rma.line_count != 1 || line->n != cmd->of || line->qty != cmd->qty)
        return fail_as(ctx, ERR_INVALID, "return_differs", "return",
                       "the return is not of %lld units of line %lld alone",
                       (long long)cmd->qty, (long long)cmd->of);
    if (line->returned + line->written_off + line->dropped == 0)
        return OK;
    return fail_as(ctx, ERR_STATE, "return_over", "return",
                   "the return is %s: what came of it is decided",
                   return_state_name(rma.state));
}

/* ---- what it is worth ---- */

struct worth {
    int64_t net, tax; /* net: what the line comes to without exclusive tax. */
};

static err_t look_at_worth(struct ctx *ctx, const struct replace_cmd *cmd,
                           const struct order *order, struct worth *ret)
{
    struct return_outlook own;
    struct order then = order_keep(ctx->arena, order);
    TRY(return_look_ahead(ctx, &then, cmd->rma, &own));
    if (own.missing > 0)
        return fail_as(ctx, ERR_STATE, "return_over", "return",
                       "%lld units of the return are not taken back",
                       (long long)own.missing);
    int64_t worth = own.worth > 0 ? own.worth : 0;
    int64_t tax =
        order->lines[cmd->of - 1].tax_now - then.lines[cmd->of - 1].tax_now;
    tax = tax < worth ? tax : worth;
    ret->tax = tax > 0 ? tax : 0;
    ret->net = order->tax_mode == TAX_EXCLUSIVE ? worth - ret->tax : worth;
    return OK;
}

static err_t read_tax(struct json_list *list, size_t i, const char *currency,
                      struct order_tax *ret)
{
    struct json_in *at;
    money amount;
    TRY(json_list_object(list, i, &at));
    TRY(json_get_str(at, "name", 1, SIZE_MAX, &ret->name));
    TRY(json_opt_i64(at, "rate_ppm", 0, INT32_MAX, &ret->rate_ppm));
    TRY(json_opt_str(at, "jurisdiction", 0, SIZE_MAX, &ret->jurisdiction));
    TRY(json_opt_str(at, "reason", 0, SIZE_MAX, &ret->reason));
    TRY(json_get_money(at, "amount", currency, &amount));
    ret->amount = amount.minor;
    return OK;
}

/* The taxes that the line came with, so much of them in all. */
static err_t share_tax(struct ctx *ctx, const struct order *order, int64_t n,
                       int64_t tax, struct order_line_cmd *add)
{
    struct json_in *doc;
    struct json_list list;
    TRY(json_parse(ctx, order->lines[n - 1].doc, &doc));
    TRY(json_get_list(doc, "tax_lines", 0, SIZE_MAX, &list));
    size_t count = list.count ? list.count : 1;
    struct order_tax *taxes = arena_array(ctx->arena, struct order_tax, count);
    int64_t *weights = arena_array(ctx->arena, int64_t, count);
    money *parts = arena_array(ctx->arena, money, count);
    if (list.count == 0)
        taxes[0].name = STR("tax");
    for (size_t i = 0; i < list.count; i++)
        TRY(read_tax(&list, i, order->currency, &taxes[i]));
    for (size_t i = 0; i < count; i++)
        weights[i] = taxes[i].amount;
    TRY(money_split(ctx, money_make(tax, order->currency), weights, count,
                    parts));
    for (size_t i = 0; i < count; i++)
        taxes[i].amount = parts[i].minor;
    add->taxes = taxes;
    add->tax_count = list.count || tax ? count : 0;
    return OK;
}

/* At the price of now, and what that is above its worth off it. */
static err_t price(struct ctx *ctx, const struct replace_cmd *cmd,
                   const struct order *order, struct order_line_cmd *add)
{
    struct worth worth;
    TRY(look_at_worth(ctx, cmd, order, &worth));
    int64_t least = (worth.net + cmd->qty - 1) / cmd->qty;
    int64_t now = order->lines[cmd->of - 1].unit_price_now;
    add->unit_price = now > least ? now : least;
    add->discount = add->unit_price * cmd->qty - worth.net;
    return share_tax(ctx, order, cmd->of, worth.tax, add);
}

err_t replace_gated(struct ctx *ctx, const struct replace_cmd *cmd,
                    struct exchange_outlook *look, struct replacement *ret)
{
    const struct order *before = &look->look.work.before;
    struct edit_action action = {.type = EDIT_ADD_LINE,
                                 .tax = EDIT_TAX_KEPT,
                                 .add = replace_line(cmd, before)};
    struct exchange at = {
        .edit = {.order = cmd->order,
                 .order_version = cmd->version,
                 .reason = str_from_cstr(replace_cause_name(cmd->cause)),
                 .actions = &action,
                 .count = 1},
        .rma = cmd->rma,
        .is_replacement = true,
    };
    memcpy(at.edit.currency, before->currency, sizeof at.edit.currency);
    TRY(exchange_check_return(ctx, &at));
    TRY(check_units(ctx, cmd));
    TRY(price(ctx, cmd, before, &action.add));
    TRY(edit_action_keep(ctx, at.edit.currency, &action));
    TRY(exchange_add(ctx, &at));
    ret->exchange.v = at.edit.id.v;
    struct order_note note = replace_note(ctx, cmd, ret);
    TRY(exchange_place(ctx, &at, look, &note));
    ret->state = (int)at.state;
    return OK;
}
