/* order_select.c - the filter of the list of orders, and what it chooses. */
#include "oms/order/order_select.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/order/order_pay.h"
#include "oms/order/order_rules.h"
#include "oms/order/order_store.h"

err_t order_filter_from_json(struct json_in *in, struct order_filter *ret)
{
    *ret = (struct order_filter){.from = INT64_MIN, .to = INT64_MAX};
    TRY(json_opt_str(in, "status", 1, LIMIT_CODE_BYTES, &ret->status));
    TRY(json_opt_str(in, "channel", 1, LIMIT_CODE_BYTES, &ret->channel));
    TRY(json_opt_str(in, "payment_status", 1, LIMIT_CODE_BYTES, &ret->payment));
    TRY(json_opt_str(in, "external_id", 1, LIMIT_EXTERNAL_ID_BYTES,
                     &ret->external_id));
    TRY(json_opt_time(in, "received_from", &ret->from));
    TRY(json_opt_time(in, "received_to", &ret->to));
    return json_end(in);
}

static bool is_sent(str text)
{
    return text.ptr != NULL;
}

/* Times bound the ids, which hold the instant the order was received. */
static void set_range(const struct order_filter *filter,
                      struct order_list_query *query)
{
    query->before.v = INT64_MAX;
    if (filter->to != INT64_MAX)
        query->before.v = id_floor(filter->to);
    if (filter->from != INT64_MIN)
        query->from.v = id_floor(filter->from);
}

static err_t set_status(struct ctx *ctx, str name, enum order_status *ret)
{
    if (is_sent(name) && !order_status_from_name(name, ret))
        return fail(ctx, ERR_INVALID, "status",
                    "must be draft, pending, confirmed, completed, cancelled, "
                    "expired or discarded");
    return OK;
}

static err_t set_channel(struct ctx *ctx, const struct order_filter *filter,
                         struct order_list_query *query)
{
    bool is_found;
    struct channel channel;
    query->external_id = filter->external_id;
    query->channel_code = filter->channel;
    if (!is_sent(filter->channel) && is_sent(filter->external_id))
        return fail_as(ctx, ERR_INVALID, "missing_field", "channel",
                       "an external id is unique in its channel only; "
                       "give the channel, too");
    if (!is_sent(filter->channel))
        return OK;
    TRY(channel_find(ctx, filter->channel, &channel, &is_found));
    if (!is_found)
        return fail_as(ctx, ERR_INVALID, "channel_unknown", "channel",
                       "there is no channel with this code");
    query->channel = channel.id;
    return OK;
}

/* After the channel: payments have an index of their own. */
static err_t set_payment(struct ctx *ctx, str name,
                         struct order_list_query *query)
{
    if (!is_sent(name))
        return OK;
    if (!order_payment_from_name(name, &query->payment))
        return fail(ctx, ERR_INVALID, "payment_status",
                    "must be a payment status, as unpaid, authorized or paid");
    if (query->channel.v && query->external_id.len == 0)
        return fail_as(ctx, ERR_INVALID, "filters_exclude", "payment_status",
                       "orders are listed by channel or by payment status, "
                       "not by both");
    return OK;
}

err_t order_filter_query(struct ctx *ctx, const struct order_filter *filter,
                         struct order_list_query *ret)
{
    *ret = (struct order_list_query){.limit = LIMIT_PAGE};
    set_range(filter, ret);
    TRY(set_status(ctx, filter->status, &ret->status));
    TRY(set_channel(ctx, filter, ret));
    return set_payment(ctx, filter->payment, ret);
}

err_t order_select(struct ctx *ctx, const struct order_filter *filter,
                   size_t max, order_id **ret, size_t *ret_count)
{
    struct order_list_query query;
    struct order_item *items;
    size_t count = LIMIT_PAGE;
    TRY(order_filter_query(ctx, filter, &query));
    *ret = arena_array(ctx->arena, order_id, max);
    *ret_count = 0;
    while (count == query.limit && *ret_count < max) {
        struct arena_mark mark = arena_mark(ctx->arena);
        TRY(order_list(ctx, &query, &items, &count));
        for (size_t i = 0; i < count && *ret_count < max; i++)
            (*ret)[(*ret_count)++] = items[i].id;
        arena_reset_to(ctx->arena, mark);
        if (*ret_count > 0)
            query.before = (*ret)[*ret_count - 1];
    }
    return OK;
}
