/* change_blanket_verify.c - what the schema does not hold of blanket orders. */
#include "base/id.h"
#include "base/str.h"
#include "oms/change/change_blanket.h"
#include "oms/change/change_blanket_sql.h"
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
    size_t len = id_to_text("blk", sql_int(row, 0, 0), text);
    check->report(check->arg, "blankets", (str){text, len},
                  str_from_cstr(check->what));
    return OK;
}

static err_t run(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct check order = {report, arg, "has a release without its order"};
    struct check due = {report, arg,
                        "has a release that is due and must not be, or the "
                        "other way round"};
    struct check party = {report, arg,
                          "is for a company or a customer that is not there"};
    TRY(sql_each(ctx, SQL_BLANKET_VERIFY_ORDER, NULL, 0, see, &order));
    TRY(sql_each(ctx, SQL_BLANKET_VERIFY_DUE, NULL, 0, see, &due));
    return sql_each(ctx, SQL_BLANKET_VERIFY_PARTY, NULL, 0, see, &party);
}

static const struct verify_check checks[] = {
    {"blankets", "releases are placed once, and only of active ones", run},
};
const struct verify_list blanket_verify = {checks, COUNT_OF(checks)};
