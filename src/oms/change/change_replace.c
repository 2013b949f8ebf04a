/* change_replace.c - the command that sends goods once more: a change of the
 * order that adds one line without a price. */
#include "oms/change/change_replace.h"

#include <string.h>

#include "base/check.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/change/change_edit_stock.h"
#include "oms/change/change_exchange.h"
#include "oms/order/order_worth.h"
#include "store/event.h"

const char *const replace_causes[REPLACE_CAUSES] = {"lost", "damaged",
                                                    "wrong_item", "missing"};

const char *replace_cause_name(enum replace_cause cause)
{
    ASSERT(cause >= REPLACE_LOST && cause <= REPLACE_MISSING);
    return replace_causes[cause - 1];
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Shipped units that are the buyer's and have no other in their place; what is
 * asked back may be replaced by what waits for it. */
static err_t check_limit(struct ctx *ctx, const struct replace_cmd *cmd,
                         const struct order_line *line)
{
    struct replacement *all;
    size_t count;
    int64_t shipped = line->shipped;
    int64_t buyers = order_line_returnable(line);
    TRY(replacement_list(ctx, cmd->order, &all, &count));
    for (size_t i = 0; i < count; i++) {
        if (all[i].of != line->n)
            continue;
        shipped -= all[i].live;
        buyers -= all[i].exchange.v ? 0 : all[i].live;
    }
    int64_t limit = cmd->rma.v ? shipped : least(shipped, buyers);
    if (cmd->qty <= limit)
        return OK;
    return fail_as(ctx, ERR_INVALID, "over_replaced", "quantity",
                   "line %lld has %lld to replace: shipped, neither back "
                   "nor asked back nor replaced",
                   (long long)line->n, (long long)(limit > 0 ? limit : 0));
}

static void write_replaced(struct json_out *out, const void *arg)
{
    const struct replacement *at = arg;
    json_put_i64(out, "line", at->n);
    json_put_i64(out, "replaces", at->of);
    json_put_i64(out, "quantity", at->qty);
    json_put_cstr(out, "cause", replace_cause_name(at->cause));
    if (at->exchange.v)
        json_put_id(out, "exchange", "exc", at->exchange.v);
}

struct order_line_cmd replace_line(const struct replace_cmd *cmd,
                                   const struct order *order)
{
    const struct order_line *line = &order->lines[cmd->of - 1];
    return (struct order_line_cmd){.sku = line->sku_code,
                                   .title = line->title,
                                   .qty = cmd->qty,
                                   .total = -1};
}

struct order_note replace_note(struct ctx *ctx, const struct replace_cmd *cmd,
                               const struct replacement *at)
{
    return (struct order_note){.type = "order.changed",
                               .event_id = event_id(ctx, cmd->order.v),
                               .write = write_replaced,
                               .arg = at};
}

static err_t replace_now(struct ctx *ctx, const struct replace_cmd *cmd,
                         struct edit_outlook *look, struct replacement *ret)
{
    struct edit_action action = {.type = EDIT_ADD_LINE,
                                 .tax = EDIT_TAX_KEPT,
                                 .add = replace_line(cmd, &look->work.before)};
    struct edit edit = {.order = cmd->order,
                        .order_version = cmd->version,
                        .reason = STR(""),
                        .actions = &action,
                        .count = 1};
    memcpy(edit.currency, look->work.before.currency, sizeof edit.currency);
    struct order_note note = replace_note(ctx, cmd, ret);
    TRY(edit_work_out(ctx, &edit, look));
    return edit_carry_out(ctx, look, &note);
}

err_t order_replace(struct ctx *ctx, const struct replace_cmd *cmd,
                    struct replacement *ret, struct order *ret_order)
{
    ASSERT(ctx->tx && ctx->ids && cmd->of > 0 && cmd->qty > 0);
    struct exchange_outlook look = {.worth = 0};
    TRY(fulfillment_change_begin(ctx, cmd->order, &look.look.work));
    const struct order *before = &look.look.work.before;
    TRY(check_version(ctx, cmd->version, before->version));
    if (cmd->of > (int64_t)before->line_count)
        return fail_as(ctx, ERR_INVALID, "line_unknown", "line",
                       "the order has lines 1 to %zu", before->line_count);
    TRY(check_limit(ctx, cmd, &before->lines[cmd->of - 1]));
    *ret = (struct replacement){.n = (int64_t)before->line_count + 1,
                                .of = cmd->of,
                                .qty = cmd->qty,
                                .live = cmd->qty,
                                .cause = cmd->cause,
                                .rma = cmd->rma,
                                .at = ctx->now};
    TRY(cmd->rma.v ? replace_gated(ctx, cmd, &look, ret)
                   : replace_now(ctx, cmd, &look.look, ret));
    TRY(replacement_add(ctx, cmd->order, ret));
    return order_get(ctx, cmd->order, ret_order);
}
