/* order_wait_verify.c - pegs and promises against what waits and what comes.
 *
 * Only once the consumer has caught up and all queues have been walked.
 */
#include "oms/order/order_wait_verify.h"
#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "oms/inventory/inventory_wait.h"
#include "oms/order/order_store.h"
#include "oms/order/order_wait_sql.h"
#include "oms/verify.h"
#include "store/event.h"
#include "store/sql.h"

static err_t is_settled(struct ctx *ctx, bool *ret)
{
    size_t lag;
    bool turning;
    TRY(event_lag(ctx, ORDER_BACKORDER_CONSUMER, 1, &lag));
    TRY(wait_is_turning(ctx, &turning));
    *ret = lag == 0 && !turning;
    return OK;
}

err_t order_wait_verify_pegs(struct ctx *ctx, verify_report_fn *report,
                             void *arg)
{
    struct verify supplies = {report, arg, "pegs", "sup",
                              "more is pegged to it than is open"};
    struct verify lines = {report, arg, "pegs", "ord",
                           "a line has more pegged than it waits for"};
    bool settled;
    TRY(is_settled(ctx, &settled));
    if (!settled)
        return OK;
    TRY(verify_none(ctx, SQL_ORDER_VERIFY_PEG_SUPPLIES, supplies));
    return verify_none(ctx, SQL_ORDER_VERIFY_PEG_LINES, lines);
}

err_t order_wait_verify_promises(struct ctx *ctx, verify_report_fn *report,
                                 void *arg)
{
    struct verify check = {report, arg, "pegs", "ord",
                           "it was told another time than its lines have"};
    utc_ms next;
    bool settled;
    TRY(is_settled(ctx, &settled));
    TRY(order_wait_next_at(ctx, &next));
    if (!settled || next == ctx->now)
        return OK;
    return verify_none(ctx, SQL_ORDER_VERIFY_PROMISES, check);
}
