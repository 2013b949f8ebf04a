/* routing_verify.c - the routing room's invariants, recomputed. */
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "oms/routing/routing_sql.h"
#include "oms/routing/routing_store.h"
#include "oms/verify.h"
#include "store/sql.h"

static err_t verify_loads(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct verify check = {report, arg, "A4.02", "loc",
                           "its load is not what its orders take"};
    return verify_none(ctx, SQL_ROUTING_VERIFY_LOADS, check);
}

/* Columns: order, promise_at, and of its document promise_at and ship_at. */
static err_t check_promise(struct ctx *ctx, const struct sql_rows *row,
                           void *arg)
{
    utc_ms told, ship;
    (void)ctx;
    if (time_from_text(sql_str(row, 0, 2), &told) &&
        time_from_text(sql_str(row, 0, 3), &ship) &&
        told == sql_int(row, 0, 1) && ship <= told)
        return OK;
    return verify_row(ctx, row, arg);
}

static err_t verify_promises(struct ctx *ctx, verify_report_fn *report,
                             void *arg)
{
    struct verify check = {report, arg, "C24", "ord",
                           "its promise is not what its document says"};
    return sql_each(ctx, SQL_ROUTING_VERIFY_PROMISES, NULL, 0, check_promise,
                    &check);
}

static const struct verify_check checks[] = {
    {"A4.02", "loads of sites = what orders take of them", verify_loads   },
    {"C24",   "promises are as they came about",           verify_promises},
};
const struct verify_list routing_verify = {checks, COUNT_OF(checks)};
