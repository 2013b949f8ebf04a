/* change_exchange_verify.c - exchanges against their orders and gates. */
#include "base/id.h"
#include "base/str.h"
#include "oms/change/change_exchange.h"
#include "oms/change/change_exchange_sql.h"
#include "oms/verify.h"
#include "store/sql.h"

static err_t check_orders(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct verify check = {report, arg, "exchanges", "exc",
                           "it is of no order or return, or of another one's, "
                           "in another currency, or empty"};
    return verify_none(ctx, SQL_EXCHANGE_VERIFY_ORDER, check);
}

static err_t check_gates(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct verify check = {report, arg, "exchanges", "exc",
                           "its lines are held back and it does not wait, or "
                           "the reverse"};
    return verify_none(ctx, SQL_EXCHANGE_VERIFY_GATE, check);
}

static const struct verify_check checks[] = {
    {"exchanges", "exchanges are of orders and their returns", check_orders},
    {"exchanges", "lines are held back by who waits",          check_gates },
};
const struct verify_list exchange_verify = {checks, COUNT_OF(checks)};
