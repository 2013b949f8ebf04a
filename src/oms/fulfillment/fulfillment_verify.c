/* fulfillment_verify.c - the room's invariants, recomputed from its rows. */
#include "base/id.h"
#include "base/str.h"
#include "oms/fulfillment/fulfillment_store.h"
#include "oms/fulfillment/fulfillment_verify_sql.h"
#include "oms/order/order_pay.h"
#include "oms/verify.h"
#include "store/event.h"
#include "store/sql.h"

static err_t verify_units(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct verify check = {report, arg, "I10", "ord",
                           "its fulfillment orders picked or shipped other "
                           "numbers of units"};
    return verify_none(ctx, SQL_FULFILLMENT_VERIFY_UNITS, check);
}

static err_t verify_live(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct verify check = {
        report, arg, "I5", "ord",
        "more is to leave a location than is reserved there"};
    TRY(verify_none(ctx, SQL_FULFILLMENT_VERIFY_LIVE, check));
    return verify_none(ctx, SQL_FULFILLMENT_VERIFY_KITS, check);
}

/* Columns of fulfillment_verify_short, after the row's name. */
enum { V_RELEASE = 2, V_LINES, V_CHARGES, V_ALLOWANCE, V_PAY };

/* What may not leave yet has no fulfillment order. */
static err_t report_short(struct ctx *ctx, const struct sql_rows *row,
                          void *arg)
{
    const struct order_pay pay = {.authorized = sql_int(row, 0, V_PAY),
                                  .captured = sql_int(row, 0, V_PAY + 1),
                                  .refunded = sql_int(row, 0, V_PAY + 2),
                                  .disputed = sql_int(row, 0, V_PAY + 3)};
    int64_t total =
        order_total_of(sql_int(row, 0, V_LINES), sql_int(row, 0, V_CHARGES),
                       sql_int(row, 0, V_ALLOWANCE));
    struct sql_rows name = {.count = 1, .columns = 2, .cells = row->cells};
    if (!order_is_releasable(ORDER_CONFIRMED, total, &pay,
                             (enum payment_release)sql_int(row, 0, V_RELEASE)))
        return OK;
    return verify_row(ctx, &name, arg);
}

static err_t verify_cover(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct verify check = {report, arg, "I10", "ord",
                           "what is allocated is not what fulfillment orders "
                           "have of it"};
    size_t lag;
    TRY(event_lag(ctx, FULFILLMENT_CONSUMER, 1, &lag));
    TRY(verify_none(ctx, SQL_FULFILLMENT_VERIFY_COVER, check));
    if (lag > 0) /* Once the log is read, no less. */
        return OK;
    return sql_each(ctx, SQL_FULFILLMENT_VERIFY_SHORT, NULL, 0, report_short,
                    &check);
}

static err_t verify_status(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct verify check = {report, arg, "I27", "fo",
                           "its status is not what its lines say"};
    return verify_none(ctx, SQL_FULFILLMENT_VERIFY_STATUS, check);
}

static err_t verify_order(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct verify check = {report, arg, "bucket", "fo",
                           "it is of no such order or line, or in another "
                           "bucket"};
    return verify_none(ctx, SQL_FULFILLMENT_VERIFY_ORDER, check);
}

static err_t verify_flags(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct verify check = {report, arg, "I27", "ord",
                           "it was told otherwise of its fulfillment orders"};
    return verify_none(ctx, SQL_FULFILLMENT_VERIFY_FLAGS, check);
}

static const struct verify_check checks[] = {
    {"I10",    "orders picked and shipped what their FOs did",   verify_units },
    {"I5",     "what is to leave a location is reserved there",  verify_live  },
    {"I10",    "fulfillment orders cover what is allocated",     verify_cover },
    {"I27",    "a fulfillment order's status follows its lines", verify_status},
    {"I27",    "orders know of holds and schedules",             verify_flags },
    {"bucket", "fulfillment orders are of orders and lines",     verify_order },
};
const struct verify_list fulfillment_verify = {checks, COUNT_OF(checks)};
