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
#include "store/event.h"
#include "store/sql.h"

struct check {
    verify_report_fn *report;
    void *arg;
    const char *prefix, *what;
};

static err_t report_row(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    const struct check *check = arg;
    char id[ID_TEXT_BYTES];
    int len = (int)id_to_text(check->prefix, sql_int(row, 0, 0), id);
    check->report(check->arg, "pegs", str_printf(ctx->arena, "%.*s", len, id),
                  str_from_cstr(check->what));
    return OK;
}

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
    struct check supplies = {report, arg, "sup",
                             "more is pegged to it than is open"};
    struct check lines = {report, arg, "ord",
                          "a line has more pegged than it waits for"};
    bool settled;
    TRY(is_settled(ctx, &settled));
    if (!settled)
        return OK;
    TRY(sql_each(ctx, SQL_ORDER_VERIFY_PEG_SUPPLIES, NULL, 0, report_row,
                 &supplies));
    return sql_each(ctx, SQL_ORDER_VERIFY_PEG_LINES, NULL, 0, report_row,
                    &lines);
}

err_t order_wait_verify_promises(struct ctx *ctx, verify_report_fn *report,
                                 void *arg)
{
    struct check check = {report, arg, "ord",
                          "it was told another time than its lines have"};
    utc_ms next;
    bool settled;
    TRY(is_settled(ctx, &settled));
    TRY(order_wait_next_at(ctx, &next));
    if (!settled || next == ctx->now)
        return OK;
    return sql_each(ctx, SQL_ORDER_VERIFY_PROMISES, NULL, 0, report_row,
                    &check);
}
