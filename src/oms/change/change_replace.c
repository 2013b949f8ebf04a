/* change_replace.c - the command that sends goods once more: a change of the
 * order that adds one line without a price. */
#include "oms/change/change_replace.h"

#include <string.h>

#include "base/check.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/change/change_edit_stock.h"
#include "oms/order/order_worth.h"
#include "store/event.h"

const char *const replace_causes[REPLACE_CAUSES] = {"lost", "damaged",
                                                    "wrong_item", "missing"};

const char *replace_cause_name(enum replace_cause cause)
{
    ASSERT(cause >= REPLACE_LOST && cause <= REPLACE_MISSING);
    return replace_causes[cause - 1];
}

/* Shipped units that are the buyer's and have no other in their place. */
static err_t check_limit(struct ctx *ctx, const struct replace_cmd *cmd,
                         const struct order_line *line)
{
    struct replacement *all;
    size_t count;
    int64_t limit = order_line_returnable(line);
    TRY(replacement_list(ctx, cmd->order, &all, &count));
    for (size_t i = 0; i < count; i++)
        if (all[i].of == line->n)
            limit -= all[i].live;
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
}

err_t order_replace(struct ctx *ctx, const struct replace_cmd *cmd,
                    struct replacement *ret, struct order *ret_order)
{
    ASSERT(ctx->tx && ctx->ids && cmd->of > 0 && cmd->qty > 0);
    struct edit_outlook look = {.since_count = 0};
    struct edit_action action = {.type = EDIT_ADD_LINE, .tax = EDIT_TAX_KEPT};
    struct edit edit = {.order = cmd->order,
                        .order_version = cmd->version,
                        .reason = STR(""),
                        .actions = &action,
                        .count = 1};
    TRY(fulfillment_change_begin(ctx, cmd->order, &look.work));
    const struct order *before = &look.work.before;
    TRY(check_version(ctx, cmd->version, before->version));
    if (cmd->of > (int64_t)before->line_count)
        return fail_as(ctx, ERR_INVALID, "line_unknown", "line",
                       "the order has lines 1 to %zu", before->line_count);
    const struct order_line *line = &before->lines[cmd->of - 1];
    TRY(check_limit(ctx, cmd, line));
    memcpy(edit.currency, before->currency, sizeof edit.currency);
    action.add = (struct order_line_cmd){.sku = line->sku_code,
                                         .title = line->title,
                                         .qty = cmd->qty,
                                         .total = -1};
    *ret = (struct replacement){.n = (int64_t)before->line_count + 1,
                                .of = cmd->of,
                                .qty = cmd->qty,
                                .live = cmd->qty,
                                .cause = cmd->cause,
                                .at = ctx->now};
    struct order_note note = {.type = "order.changed",
                              .event_id = event_id(ctx, cmd->order.v),
                              .write = write_replaced,
                              .arg = ret};
    TRY(edit_work_out(ctx, &edit, &look));
    TRY(edit_carry_out(ctx, &look, &note));
    TRY(replacement_add(ctx, cmd->order, ret));
    return order_get(ctx, cmd->order, ret_order);
}
