/* routing_verify.c - the routing room's invariants, recomputed. */
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "oms/room.h"
#include "oms/routing/routing_sql.h"
#include "oms/routing/routing_store.h"
#include "store/sql.h"

struct check {
    verify_report_fn *report;
    void *arg;
};

static void tell(const struct check *check, const char *invariant,
                 const char *prefix, int64_t id, const char *what)
{
    char text[ID_TEXT_BYTES];
    size_t len = id_to_text(prefix, id, text);
    check->report(check->arg, invariant, (str){text, len}, str_from_cstr(what));
}

static err_t report_load(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    (void)ctx;
    tell(arg, "A4.02", "loc", sql_int(row, 0, 0),
         "its load is not what its orders take");
    return OK;
}

static err_t verify_loads(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct check check = {report, arg};
    return sql_each(ctx, SQL_ROUTING_VERIFY_LOADS, NULL, 0, report_load,
                    &check);
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
    tell(arg, "C24", "ord", sql_int(row, 0, 0),
         "its promise is not what its document says");
    return OK;
}

static err_t verify_promises(struct ctx *ctx, verify_report_fn *report,
                             void *arg)
{
    struct check check = {report, arg};
    return sql_each(ctx, SQL_ROUTING_VERIFY_PROMISES, NULL, 0, check_promise,
                    &check);
}

static const struct verify_check checks[] = {
    {"A4.02", "loads of sites = what orders take of them", verify_loads   },
    {"C24",   "promises are as they came about",           verify_promises},
};
const struct verify_list routing_verify = {checks, COUNT_OF(checks)};
