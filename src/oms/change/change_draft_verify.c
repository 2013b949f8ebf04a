/* change_draft_verify.c - what the schema does not hold of drafts. */
#include "base/id.h"
#include "base/str.h"
#include "oms/change/change_draft.h"
#include "oms/change/change_draft_sql.h"
#include "oms/verify.h"
#include "store/sql.h"

static err_t run(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct verify order = {report, arg, "drafts", "drf",
                           "has no order, or one of another total"};
    struct verify party = {report, arg, "drafts", "drf",
                           "is for a company or a customer that is not there"};
    TRY(verify_none(ctx, SQL_DRAFT_VERIFY_ORDER, order));
    return verify_none(ctx, SQL_DRAFT_VERIFY_PARTY, party);
}

static const struct verify_check checks[] = {
    {"drafts", "converted drafts have their order", run},
};
const struct verify_list draft_verify = {checks, COUNT_OF(checks)};
