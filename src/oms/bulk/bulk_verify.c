/* bulk_verify.c - jobs against their items. */
#include "base/id.h"
#include "base/str.h"
#include "oms/bulk/bulk_job.h"
#include "oms/bulk/bulk_sql.h"
#include "oms/room.h"
#include "store/sql.h"

struct check {
    verify_report_fn *report;
    void *arg;
};

static err_t see(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    const struct check *check = arg;
    check->report(check->arg, "order_jobs",
                  id_str(ctx->arena, "ojb", sql_int(row, 0, 0)),
                  STR("it counts its items otherwise than they are"));
    return OK;
}

static err_t check_counts(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct check check = {report, arg};
    return sql_each(ctx, SQL_ORDER_JOB_VERIFY, NULL, 0, see, &check);
}

static const struct verify_check checks[] = {
    {"order_jobs", "a job is over when all its items are", check_counts},
};
const struct verify_list bulk_verify = {checks, COUNT_OF(checks)};
