/* change_edit_verify.c - changes against the orders they are of. */
#include "base/id.h"
#include "base/str.h"
#include "oms/change/change_edit.h"
#include "oms/change/change_edit_sql.h"
#include "oms/verify.h"
#include "store/sql.h"

static err_t check_orders(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct verify check = {report, arg, "changes", "chg",
                           "it is of no order, in another currency, or empty"};
    return verify_none(ctx, SQL_EDIT_VERIFY_ORDER, check);
}

static err_t check_events(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct verify check = {report, arg, "I29", "chg",
                           "it is confirmed and its order was not changed"};
    return verify_none(ctx, SQL_EDIT_VERIFY_EVENT, check);
}

static const struct verify_check checks[] = {
    {"changes", "changes are of orders",                 check_orders},
    {"I29",     "confirmed changes have changed orders", check_events},
};
const struct verify_list edit_verify = {checks, COUNT_OF(checks)};
