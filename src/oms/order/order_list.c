/* order_list.c - pages of orders from the read model, newest first.
 *
 * Each filter offered has an index that yields its orders newest first, so a
 * page costs the same at a million orders as at ten. A channel alone is read
 * as one range per status and merged.
 */
#include "base/arena.h"
#include "base/id.h"
#include "base/money.h"
#include "base/str.h"
#include "oms/order/order_people.h"
#include "oms/order/order_people_sql.h"
#include "oms/order/order_sql.h"
#include "oms/order/order_store.h"
#include "store/sql.h"

enum { STATUSES = ORDER_DISCARDED };

void order_item_from_row(const struct sql_rows *rows, size_t row,
                         struct order_item *ret)
{
    size_t at = 0;
    ret->id.v = sql_int(rows, row, at++);
    ret->channel.v = sql_int(rows, row, at++);
    ret->status = (enum order_status)sql_int(rows, row, at++);
    ret->external_id = sql_str(rows, row, at++);
    ret->number = sql_str(rows, row, at++);
    ret->customer = sql_str(rows, row, at++);
    ret->units = sql_int(rows, row, at++);
    ret->line_count = sql_int(rows, row, at++);
    ret->backordered = sql_int(rows, row, at++);
    str currency = sql_str(rows, row, at++);
    ASSERT(currency.len == 3);
    memcpy(ret->total.currency, currency.ptr, 3);
    ret->total.minor = sql_int(rows, row, at++);
    ret->placed_at = sql_int(rows, row, at++);
    ret->version = sql_int(rows, row, at++);
    ret->payment = (enum order_payment)sql_int(rows, row, at);
}

static err_t list_by(struct ctx *ctx, int stmt, const struct sql_arg *args,
                     size_t count, struct order_item **ret, size_t *ret_count)
{
    struct sql_rows rows;
    TRY(sql_list(ctx, stmt, args, count, &rows));
    *ret = arena_array(ctx->arena, struct order_item, rows.count);
    for (size_t i = 0; i < rows.count; i++)
        order_item_from_row(&rows, i, &(*ret)[i]);
    *ret_count = rows.count;
    return OK;
}

static err_t list_channel(struct ctx *ctx, const struct order_list_query *query,
                          enum order_status status, struct order_item **ret,
                          size_t *ret_count)
{
    struct sql_arg args[] = {sql_i(query->channel.v), sql_i(status),
                             sql_i(query->before.v), sql_i(query->from.v),
                             sql_i((int64_t)query->limit)};
    return list_by(ctx, SQL_ORDER_LIST_CHANNEL, args, COUNT_OF(args), ret,
                   ret_count);
}

static err_t list_payment(struct ctx *ctx, const struct order_list_query *query,
                          enum order_status status, struct order_item **ret,
                          size_t *ret_count)
{
    struct sql_arg args[] = {sql_i(query->payment), sql_i(status),
                             sql_i(query->before.v), sql_i(query->from.v),
                             sql_i((int64_t)query->limit)};
    return list_by(ctx, SQL_ORDER_LIST_PAYMENT, args, COUNT_OF(args), ret,
                   ret_count);
}

typedef err_t list_fn(struct ctx *ctx, const struct order_list_query *query,
                      enum order_status status, struct order_item **ret,
                      size_t *ret_count);

/* The newest of the pages of all statuses, up to the limit. */
static err_t list_all_statuses(struct ctx *ctx,
                               const struct order_list_query *query,
                               list_fn *list, struct order_item **ret,
                               size_t *ret_count)
{
    struct order_item *pages[STATUSES];
    size_t counts[STATUSES], at[STATUSES] = {0};
    for (int i = 0; i < STATUSES; i++)
        TRY(list(ctx, query, (enum order_status)(i + 1), &pages[i],
                 &counts[i]));
    *ret = arena_array(ctx->arena, struct order_item, query->limit);
    *ret_count = 0;
    while (*ret_count < query->limit) {
        int best = -1;
        for (int i = 0; i < STATUSES; i++)
            if (at[i] < counts[i] &&
                (best < 0 || pages[i][at[i]].id.v > pages[best][at[best]].id.v))
                best = i;
        if (best < 0)
            break;
        (*ret)[(*ret_count)++] = pages[best][at[best]++];
    }
    return OK;
}

/* One at most: the channel's own id is unique. */
static err_t list_external(struct ctx *ctx,
                           const struct order_list_query *query,
                           struct order_item **ret, size_t *ret_count)
{
    struct order_key key = {query->channel, query->channel_code,
                            query->external_id};
    struct order_known *known;
    size_t count;
    TRY(order_find_many(ctx, &key, 1, &known, &count));
    *ret_count = 0;
    if (count == 0)
        return OK;
    struct sql_arg args[] = {sql_i(known[0].id.v), sql_i(query->before.v),
                             sql_i(query->from.v)};
    TRY(list_by(ctx, SQL_ORDER_LIST_ONE, args, COUNT_OF(args), ret, ret_count));
    if (*ret_count > 0 && query->status && (*ret)[0].status != query->status)
        *ret_count = 0;
    if (*ret_count > 0 && query->payment && (*ret)[0].payment != query->payment)
        *ret_count = 0;
    return OK;
}

err_t order_list(struct ctx *ctx, const struct order_list_query *query,
                 struct order_item **ret, size_t *ret_count)
{
    ASSERT(query->limit > 0 && query->limit <= LIMIT_PAGE + 1);
    ASSERT(query->external_id.len == 0 || query->channel.v);
    struct sql_arg limit = sql_i((int64_t)query->limit);
    struct sql_arg before = sql_i(query->before.v);
    struct sql_arg from = sql_i(query->from.v);
    if (query->external_id.len > 0)
        return list_external(ctx, query, ret, ret_count);
    ASSERT(!query->channel.v || !query->payment);
    list_fn *by_status = query->payment     ? list_payment
                         : query->channel.v ? list_channel
                                            : NULL;
    if (by_status && query->status)
        return by_status(ctx, query, query->status, ret, ret_count);
    if (by_status)
        return list_all_statuses(ctx, query, by_status, ret, ret_count);
    if (query->status) {
        struct sql_arg args[] = {sql_i(query->status), before, from, limit};
        return list_by(ctx, SQL_ORDER_LIST_STATUS, args, COUNT_OF(args), ret,
                       ret_count);
    }
    struct sql_arg args[] = {before, from, limit};
    return list_by(ctx, SQL_ORDER_LIST_ALL, args, COUNT_OF(args), ret,
                   ret_count);
}

err_t order_list_customer(struct ctx *ctx, customer_id id, order_id before,
                          size_t limit, struct order_item **ret,
                          size_t *ret_count)
{
    struct sql_arg args[] = {sql_i(id.v), sql_i(before.v),
                             sql_i((int64_t)limit)};
    return list_by(ctx, SQL_ORDER_LIST_CUSTOMER, args, COUNT_OF(args), ret,
                   ret_count);
}

err_t order_count_list(struct ctx *ctx, struct order_count **ret,
                       size_t *ret_count)
{
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_ORDER_COUNT_LIST, NULL, 0, &rows));
    *ret = arena_array(ctx->arena, struct order_count, rows.count);
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i] =
            (struct order_count){{sql_int(&rows, i, 0)},
                                 (enum order_status)sql_int(&rows, i, 1),
                                 sql_int(&rows, i, 2)};
    *ret_count = rows.count;
    return OK;
}

err_t order_count_recent(struct ctx *ctx, utc_ms from, int64_t most,
                         int64_t *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id_floor(from)), sql_i(most)};
    TRY(sql_list(ctx, SQL_ORDER_COUNT_RECENT, args, COUNT_OF(args), &rows));
    *ret = sql_int(&rows, 0, 0);
    return OK;
}
