/* change_blanket_verify.c - what the schema does not hold of blanket orders. */
#include "base/id.h"
#include "base/str.h"
#include "oms/change/change_blanket.h"
#include "oms/change/change_blanket_sql.h"
#include "oms/verify.h"
#include "store/sql.h"

static err_t run(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct verify order = {report, arg, "blankets", "blk",
                           "has a release without its order"};
    struct verify due = {report, arg, "blankets", "blk",
                         "has a release that is due and must not be, or the "
                         "other way round"};
    struct verify party = {report, arg, "blankets", "blk",
                           "is for a company or a customer that is not there"};
    TRY(verify_none(ctx, SQL_BLANKET_VERIFY_ORDER, order));
    TRY(verify_none(ctx, SQL_BLANKET_VERIFY_DUE, due));
    return verify_none(ctx, SQL_BLANKET_VERIFY_PARTY, party);
}

static const struct verify_check checks[] = {
    {"blankets", "releases are placed once, and only of active ones", run},
};
const struct verify_list blanket_verify = {checks, COUNT_OF(checks)};
