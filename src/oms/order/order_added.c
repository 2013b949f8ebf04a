/* order_added.c - lines that come later are taxed as an order of them alone. */
#include "oms/order/order_added.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/order/order_price.h"
#include "oms/order/order_way.h"
#include "oms/order/tax_engine.h"

/* ---- an order of them alone ---- */

static err_t read_places(struct ctx *ctx, const struct order *order,
                         const struct order_added *added, struct order_cmd *cmd)
{
    struct json_in *in, *way, *who;
    struct order_party *customer = arena_new(ctx->arena, struct order_party);
    TRY(json_parse(ctx, order->doc, &in));
    TRY(order_party_from_json(ctx, in, "shipping_address",
                              &cmd->shipping_address));
    TRY(order_party_from_json(ctx, in, "billing_address",
                              &cmd->billing_address));
    TRY(json_opt_object(in, "customer", &who));
    if (who)
        TRY(json_opt_str(who, "tax_id", 0, SIZE_MAX, &customer->tax_id));
    if (customer->tax_id.len > 0)
        cmd->customer = customer;
    if (added->address.len == 0)
        return OK;
    str body = str_printf(ctx->arena, "{\"shipping_address\":%.*s}",
                          STR_ARG(added->address));
    TRY(json_parse(ctx, body, &way));
    return order_party_from_json(ctx, way, "shipping_address",
                                 &cmd->shipping_address);
}

/* As POST /v1/orders/price takes it. */
static err_t body_of(struct ctx *ctx, const struct order_added *added,
                     struct json_in **ret)
{
    struct order order;
    TRY(order_get(ctx, added->order, &order));
    struct order_cmd cmd = {.channel = order.channel_code,
                            .tax_mode = order.tax_mode,
                            .line_count = added->count};
    memcpy(cmd.currency, order.currency, sizeof cmd.currency);
    TRY(read_places(ctx, &order, added, &cmd));
    cmd.lines = arena_array(ctx->arena, struct order_line_cmd, added->count);
    for (size_t i = 0; i < added->count; i++) {
        cmd.lines[i] = *added->lines[i];
        cmd.lines[i].total = -1; /* It has no taxes yet. */
    }
    return json_parse(ctx, order_cmd_body(ctx->arena, &cmd), ret);
}

err_t order_added_prepare(struct ctx *ctx, struct request *req,
                          const struct order_added *added)
{
    struct json_in *in;
    if (added->count == 0)
        return order_quote_unasked(req);
    TRY(body_of(ctx, added, &in));
    return order_quote_prepare(ctx, req, in, NULL);
}

/* ---- their taxes ---- */

/* "lines[2].sku" is the sku of the third of them. */
static void name_field(struct ctx *ctx, const struct order_added *added)
{
    char *field = ctx->err.field, *end;
    if (strncmp(field, "lines[", 6) != 0)
        return;
    unsigned long i = strtoul(field + 6, &end, 10);
    if (*end != ']' || i >= added->count)
        return;
    str name = str_printf(ctx->arena, "%s%s", added->fields[i], end + 1);
    (void)snprintf(ctx->err.field, sizeof ctx->err.field, "%.*s",
                   STR_ARG(name));
}

/* Whether what it costs cannot be told without: elsewhere taxes are known where
 * there is a place to look for. */
static err_t must_tax(struct ctx *ctx, const struct order_added *added,
                      bool *ret)
{
    struct order order;
    struct channel channel;
    struct tax_engine engine;
    TRY(order_get(ctx, added->order, &order));
    TRY(channel_get(ctx, order.channel, &channel));
    TRY(tax_engine_find(ctx, &channel, &engine, ret));
    *ret |= channel.taxes == TAXES_COMPUTED;
    return OK;
}

static err_t fail_tax(struct ctx *ctx, const struct order_added *added,
                      err_t err)
{
    bool must;
    struct err_detail why = ctx->err;
    if (!why.slug || strcmp(why.slug, "destination_unknown") != 0) {
        name_field(ctx, added);
        return err;
    }
    err_clear(ctx);
    TRY(must_tax(ctx, added, &must));
    if (must)
        ctx->err = why;
    return must ? err : OK;
}

err_t order_added_tax(struct ctx *ctx, const struct order_ask *ask,
                      const struct order_added *added, bool *ret_is_by_tables)
{
    struct json_in *in;
    struct order_cmd cmd;
    *ret_is_by_tables = false;
    if (added->count == 0)
        return OK;
    TRY(body_of(ctx, added, &in));
    err_t err = order_quote(ctx, in, NULL, ask, &cmd);
    if (err != OK)
        return fail_tax(ctx, added, err);
    ASSERT(cmd.line_count == added->count);
    for (size_t i = 0; i < added->count; i++) {
        added->lines[i]->taxes = cmd.lines[i].taxes;
        added->lines[i]->tax_count = cmd.lines[i].tax_count;
    }
    *ret_is_by_tables = tax_engine_is_marked(&cmd);
    return OK;
}

err_t order_added_mark(struct ctx *ctx, const struct order *order, str *ret)
{
    struct json_in *in;
    struct json_list list;
    struct buf buf;
    struct json_out out;
    bool is_marked = false;
    *ret = STR_NONE;
    TRY(json_parse(ctx, order->doc, &in));
    TRY(json_get_list(in, "tags", 0, SIZE_MAX, &list));
    buf_init(&buf, ctx->arena, LIMIT_ARENA_BYTES);
    json_out_init(&out, &buf);
    json_begin_list(&out, NULL);
    for (size_t i = 0; i < list.count; i++) {
        str tag;
        TRY(json_list_str(&list, i, 0, SIZE_MAX, &tag));
        is_marked |= str_equal_cstr(tag, TAX_FALLBACK_TAG);
        json_put_str(&out, NULL, tag);
    }
    json_put_cstr(&out, NULL, TAX_FALLBACK_TAG);
    json_end_list(&out);
    if (!is_marked && list.count < LIMIT_TAGS)
        *ret = buf_str(&buf);
    return OK;
}
