/* order_price_ask.c - what orders would cost. Places nothing. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/order/order_price.h"
#include "oms/order/order_quote.h"
#include "oms/order/order_rules.h"
#include "oms/order/tax_engine.h"

static err_t check_head(struct ctx *ctx, const struct order_cmd *cmd,
                        const struct channel *channel)
{
    if (cmd->is_currency_default &&
        strcmp(cmd->currency, channel->currency) != 0)
        return fail_as(ctx, ERR_INVALID, "currency_mismatch", "currency",
                       "amounts are in %s and the channel sells in %s; name "
                       "the currency of the order",
                       cmd->currency, channel->currency);
    return OK;
}

/* Until the taxes: channel and discounts. */
static err_t begin_one(struct ctx *ctx, struct order_priced *one,
                       const struct channel *found, size_t count)
{
    const struct order_cmd *cmd = &one->asked.cmd;
    size_t i = 0;
    while (i < count && !str_equal(found[i].code, cmd->channel))
        i++;
    if (i == count)
        return fail_as(ctx, ERR_INVALID, "channel_unknown", "channel",
                       "there is no channel with the code %.*s",
                       STR_ARG(cmd->channel));
    one->channel = found[i];
    TRY(check_head(ctx, cmd, &one->channel));
    return order_discounts_apply(ctx, &one->asked, one->channel.rounding,
                                 &one->cmd);
}

/* Taxes and totals. */
static err_t end_one(struct ctx *ctx, const struct order_taxes *taxes,
                     struct order_priced *one)
{
    struct order_taxed item = {&one->cmd, &one->channel, one->answer};
    struct order_cmd cmd;
    struct order_totals *totals = arena_new(ctx->arena, struct order_totals);
    struct order_sums *sums;
    TRY(order_taxes_apply(ctx, taxes, &item, &cmd));
    TRY(order_totals_check(ctx, &cmd, cmd.tax_mode, totals, &sums));
    for (size_t i = 0; i < cmd.line_count; i++)
        cmd.lines[i].total = sums[i].total;
    cmd.totals = totals;
    one->cmd = cmd;
    return OK;
}

err_t order_price_many(struct ctx *ctx, struct order_priced *all, size_t count)
{
    str *codes = arena_array(ctx->arena, str, count);
    struct order_taxed *items =
        arena_array(ctx->arena, struct order_taxed, count);
    struct order_taxes *taxes;
    struct channel *found;
    size_t found_count;
    for (size_t i = 0; i < count; i++)
        codes[i] = all[i].asked.cmd.channel;
    TRY(channel_list_codes(ctx, codes, count, &found, &found_count));
    for (size_t i = 0; i < count; i++) {
        all[i].ctx = *ctx;
        all[i].err = begin_one(&all[i].ctx, &all[i], found, found_count);
        if (all[i].err == OK)
            items[i] = (struct order_taxed){&all[i].cmd, &all[i].channel,
                                            all[i].answer};
    }
    TRY(order_taxes_gather(ctx, items, count, &taxes));
    for (size_t i = 0; i < count; i++)
        if (all[i].err == OK)
            all[i].err = end_one(&all[i].ctx, taxes, &all[i]);
    return OK;
}

err_t order_price_request(struct ctx *ctx, struct order_priced *one,
                          struct tax_request *ret)
{
    struct order_taxes *taxes;
    struct channel *found;
    size_t count;
    TRY(channel_list_codes(ctx, &one->asked.cmd.channel, 1, &found, &count));
    TRY(begin_one(ctx, one, found, count));
    struct order_taxed item = {&one->cmd, &one->channel, NULL};
    TRY(order_taxes_gather(ctx, &item, 1, &taxes));
    return order_taxes_request(ctx, taxes, &item, ret);
}

/* ---- for rooms above ---- */

err_t order_quote(struct ctx *ctx, struct json_in *in,
                  const struct order_listed *listed,
                  const struct order_ask *ask, struct order_cmd *ret)
{
    struct order_priced *one = arena_new(ctx->arena, struct order_priced);
    one->asked.cmd.is_listed = listed != NULL;
    TRY(order_asked_from_json(ctx, in, &one->asked));
    if (listed)
        TRY(listed->fill(ctx, listed->arg, &one->asked.cmd));
    TRY(tax_engine_answer(ctx, ask, &one->answer));
    TRY(order_price_many(ctx, one, 1));
    if (one->err != OK) {
        ctx->err = one->ctx.err;
        return one->err;
    }
    TRY(tax_engine_mark(ctx, ask, &one->channel, &one->cmd));
    *ret = one->cmd;
    return OK;
}

str order_cmd_body(struct arena *arena, const struct order_cmd *cmd)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    order_cmd_put_body(&out, NULL, cmd);
    return buf_str(&buf);
}
