/* order_price_api.c - what orders would cost. Places nothing. */
#include "base/arena.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/order/order_price.h"
#include "oms/order/order_rules.h"

struct priced {
    struct order_asked asked;
    struct order_cmd cmd; /* With its discounts; then with its taxes. */
    struct channel channel;
    struct ctx ctx; /* Of its own refusal. */
    err_t err;
};

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
static err_t begin_one(struct ctx *ctx, struct priced *one,
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
                     struct priced *one)
{
    struct order_taxed item = {&one->cmd, &one->channel};
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

static err_t price_many(struct ctx *ctx, struct priced *all, size_t count)
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
            items[i] = (struct order_taxed){&all[i].cmd, &all[i].channel};
    }
    TRY(order_taxes_gather(ctx, items, count, &taxes));
    for (size_t i = 0; i < count; i++)
        if (all[i].err == OK)
            all[i].err = end_one(&all[i].ctx, taxes, &all[i]);
    return OK;
}

/* POST /v1/orders/price */
err_t order_api_price(struct ctx *ctx, struct request *req)
{
    struct priced *one = arena_new(ctx->arena, struct priced);
    TRY(request_query_end(req));
    TRY(order_asked_from_json(ctx, req->body, &one->asked));
    TRY(price_many(ctx, one, 1));
    if (one->err != OK) {
        ctx->err = one->ctx.err;
        return one->err;
    }
    order_cmd_put_body(req->reply, NULL, &one->cmd);
    return OK;
}

static void put_item(struct json_out *out, const struct priced *one)
{
    const struct err_detail *err = &one->ctx.err;
    json_begin(out, NULL);
    if (one->err == OK) {
        json_put_i64(out, "status", 200);
        order_cmd_put_body(out, "order", &one->cmd);
        json_put_null(out, "error");
    } else {
        json_put_i64(out, "status", err_http_status(one->err));
        json_put_null(out, "order");
        json_begin(out, "error");
        json_put_cstr(out, "code", err->slug ? err->slug : err_slug(err->code));
        json_put_cstr(out, "field", err->field);
        json_put_cstr(out, "detail", err->text);
        json_end_object(out);
    }
    json_end_object(out);
}

/* POST /v1/orders/price/bulk */
err_t order_api_price_bulk(struct ctx *ctx, struct request *req)
{
    struct json_list list;
    TRY(request_query_end(req));
    TRY(json_get_list(req->body, "orders", 1, LIMIT_BULK_ITEMS, &list));
    struct priced *all = arena_array(ctx->arena, struct priced, list.count);
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *in;
        TRY(json_list_object(&list, i, &in));
        TRY(order_asked_from_json(ctx, in, &all[i].asked));
    }
    TRY(json_end(req->body));
    TRY(price_many(ctx, all, list.count));
    json_begin(req->reply, NULL);
    json_begin_list(req->reply, "items");
    for (size_t i = 0; i < list.count; i++)
        put_item(req->reply, &all[i]);
    json_end_list(req->reply);
    json_end_object(req->reply);
    return OK;
}
