/* purchasing_verify.c - purchase orders against what was expected and came. */
#include "base/id.h"
#include "base/str.h"
#include "oms/purchasing/purchasing_sql.h"
#include "oms/purchasing/purchasing_store.h"
#include "oms/verify.h"
#include "store/event.h"
#include "store/sql.h"

static err_t check_orders(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct verify sums = {report, arg, "purchases", "po",
                          "total, status and day of sending are not those of "
                          "its lines"};
    struct verify supplies = {report, arg, "purchases", "po",
                              "what is expected of it is not what was ordered"};
    struct verify received = {report, arg, "purchases", "po",
                              "what it received is not what came in"};
    size_t lag;
    TRY(verify_none(ctx, SQL_VERIFY_PURCHASE_SUMS, sums));
    TRY(verify_none(ctx, SQL_VERIFY_PURCHASE_SUPPLIES, supplies));
    TRY(event_lag(ctx, PURCHASE_CONSUMER, 1, &lag));
    if (lag > 0)
        return OK;
    return verify_none(ctx, SQL_VERIFY_PURCHASE_RECEIVED, received);
}

static const struct verify_check checks[] = {
    {"purchases", "purchase orders = what is expected and received",
     check_orders},
};
const struct verify_list purchasing_verify = {checks, COUNT_OF(checks)};
