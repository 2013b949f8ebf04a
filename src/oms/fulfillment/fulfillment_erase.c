/* fulfillment_erase.c - what fulfillment orders say of a person, taken out. */
#include "oms/fulfillment/fulfillment_erase.h"

#include "base/id.h"
#include "base/str.h"
#include "oms/fulfillment/fulfillment_erase_sql.h"
#include "oms/fulfillment/fulfillment_leave.h"
#include "oms/fulfillment/fulfillment_store.h"
#include "store/event.h"
#include "store/sql.h"

static err_t erase_one(struct ctx *ctx, order_id order)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_s(STR(FULFILLMENT_UNPAID)),
                             sql_s(STR(FULFILLMENT_SHUT)),
                             sql_s(STR(FULFILLMENT_ORDER_HOLD)),
                             sql_s(STR("erased")),
                             sql_i(ctx->now),
                             sql_i(id_bucket(order.v)),
                             sql_i(order.v)};
    TRY(sql_list(ctx, SQL_FULFILLMENT_ERASE, args, COUNT_OF(args), &rows));
    for (size_t i = 0; i < rows.count; i++) {
        str data = str_printf(ctx->arena, "{\"version\":%lld}",
                              (long long)sql_int(&rows, i, 1));
        TRY(event_add(ctx, "fulfillment_order.erased", "fulfillment_order",
                      sql_int(&rows, i, 0), data, NULL));
    }
    return OK;
}

err_t fulfillment_erase_many(struct ctx *ctx, const order_id *ids, size_t count)
{
    ASSERT(ctx->tx != NULL);
    for (size_t i = 0; i < count; i++)
        TRY(erase_one(ctx, ids[i]));
    return OK;
}
