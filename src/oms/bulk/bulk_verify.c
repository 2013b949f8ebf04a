/* bulk_verify.c - jobs against their items. */
#include "base/id.h"
#include "base/str.h"
#include "oms/bulk/bulk_job.h"
#include "oms/bulk/bulk_sql.h"
#include "oms/verify.h"
#include "store/sql.h"

static err_t check_counts(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct verify check = {report, arg, "order_jobs", "ojb",
                           "it counts its items otherwise than they are"};
    return verify_none(ctx, SQL_ORDER_JOB_VERIFY, check);
}

static const struct verify_check checks[] = {
    {"order_jobs", "a job is over when all its items are", check_counts},
};
const struct verify_list bulk_verify = {checks, COUNT_OF(checks)};
