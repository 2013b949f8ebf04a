/* finance_verify.c - the finance room's invariants, from its rows. */
#include "base/id.h"
#include "base/str.h"
#include "oms/finance/finance_sql.h"
#include "oms/finance/finance_store.h"
#include "oms/verify.h"
#include "store/sql.h"

static err_t verify_total(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    return verify_none(
        ctx, SQL_CREDIT_VERIFY_TOTAL,
        (struct verify){report, arg, "credit", "crn",
                        "the total is not the sum of the lines"});
}

static err_t verify_external(struct ctx *ctx, verify_report_fn *report,
                             void *arg)
{
    return verify_none(
        ctx, SQL_CREDIT_VERIFY_EXTERNAL,
        (struct verify){report, arg, "credit", "crn",
                        "another note has its channel and external id"});
}

static err_t verify_link(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    return verify_none(
        ctx, SQL_CREDIT_VERIFY_LINK,
        (struct verify){report, arg, "credit", "crn",
                        "is linked to no order line of its SKU"});
}

static err_t verify_units(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    return verify_none(
        ctx, SQL_CREDIT_VERIFY_UNITS,
        (struct verify){report, arg, "credit", "ord",
                        "more units are credited than were ordered"});
}

static err_t verify_event(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    return verify_none(ctx, SQL_CREDIT_VERIFY_EVENT,
                       (struct verify){report, arg, "credit", "crn",
                                       "its versions are not one event each"});
}

static const struct verify_check checks[] = {
    {"credit", "credit note = sum of its lines",            verify_total   },
    {"credit", "(channel, external id) is unique",          verify_external},
    {"credit", "a credit line points to a line of its SKU", verify_link    },
    {"credit", "no unit is credited twice",                 verify_units   },
    {"I29",    "each credit note has its event",            verify_event   },
};
const struct verify_list finance_verify = {checks, COUNT_OF(checks)};
