/* change_draft_verify.c - what the schema does not hold of drafts. */
#include "base/id.h"
#include "base/str.h"
#include "oms/change/change_draft.h"
#include "oms/change/change_draft_sql.h"
#include "oms/room.h"
#include "store/sql.h"

struct check {
    verify_report_fn *report;
    void *arg;
    const char *what;
};

static err_t see(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    (void)ctx;
    const struct check *check = arg;
    char text[ID_TEXT_BYTES];
    size_t len = id_to_text("drf", sql_int(row, 0, 0), text);
    check->report(check->arg, "drafts", (str){text, len},
                  str_from_cstr(check->what));
    return OK;
}

static err_t run(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct check order = {report, arg, "has no order, or one of another total"};
    struct check party = {report, arg,
                          "is for a company or a customer that is not there"};
    TRY(sql_each(ctx, SQL_DRAFT_VERIFY_ORDER, NULL, 0, see, &order));
    return sql_each(ctx, SQL_DRAFT_VERIFY_PARTY, NULL, 0, see, &party);
}

static const struct verify_check checks[] = {
    {"drafts", "converted drafts have their order", run},
};
const struct verify_list draft_verify = {checks, COUNT_OF(checks)};
