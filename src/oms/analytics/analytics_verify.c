/* analytics_verify.c - what reports count against the orders themselves. */
#include "base/arena.h"
#include "base/str.h"
#include "oms/analytics/analytics_sql.h"
#include "oms/analytics/analytics_store.h"
#include "oms/room.h"
#include "store/event.h"
#include "store/sql.h"

struct check {
    verify_report_fn *report;
    void *arg;
    const char *what;
};

static err_t report_sum(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    const struct check *check = arg;
    check->report(check->arg, "reports",
                  str_printf(ctx->arena, "%lld/%lld",
                             (long long)sql_int(row, 0, 0),
                             (long long)sql_int(row, 0, 1)),
                  str_printf(ctx->arena, "%s: %lld, %lld counted", check->what,
                             (long long)sql_int(row, 0, 2),
                             (long long)sql_int(row, 0, 3)));
    return OK;
}

static err_t verify_sums(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    size_t lag;
    struct check orders = {report, arg, "quarter/channel: orders"};
    struct check units = {report, arg, "quarter/channel: units"};
    TRY(event_lag(ctx, REPORT_CONSUMER, 1, &lag));
    if (lag > 0)
        return OK;
    TRY(sql_each(ctx, SQL_REPORT_VERIFY_ORDERS, NULL, 0, report_sum, &orders));
    return sql_each(ctx, SQL_REPORT_VERIFY_SKUS, NULL, 0, report_sum, &units);
}

static const struct verify_check checks[] = {
    {"reports", "sums of reports = the orders", verify_sums},
};
const struct verify_list analytics_verify = {checks, COUNT_OF(checks)};
