/* change_edit_verify.c - changes against the orders they are of. */
#include "base/id.h"
#include "base/str.h"
#include "oms/change/change_edit.h"
#include "oms/change/change_edit_sql.h"
#include "oms/room.h"
#include "store/sql.h"

struct check {
    verify_report_fn *report;
    void *arg;
    const char *invariant, *what;
};

static err_t see(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    const struct check *check = arg;
    char text[ID_TEXT_BYTES];
    size_t len = id_to_text("chg", sql_int(row, 0, 0), text);
    (void)ctx;
    check->report(check->arg, check->invariant, (str){text, len},
                  str_from_cstr(check->what));
    return OK;
}

static err_t check_orders(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct check check = {report, arg, "changes",
                          "it is of no order, in another currency, or empty"};
    return sql_each(ctx, SQL_EDIT_VERIFY_ORDER, NULL, 0, see, &check);
}

static err_t check_events(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct check check = {report, arg, "I29",
                          "it is confirmed and its order was not changed"};
    return sql_each(ctx, SQL_EDIT_VERIFY_EVENT, NULL, 0, see, &check);
}

static const struct verify_check checks[] = {
    {"changes", "changes are of orders",                 check_orders},
    {"I29",     "confirmed changes have changed orders", check_events},
};
const struct verify_list edit_verify = {checks, COUNT_OF(checks)};
