/* notify_verify.c - what the schema does not hold by itself. */
#include "base/id.h"
#include "base/secret.h"
#include "base/str.h"
#include "oms/notify/notify_room.h"
#include "oms/notify/notify_sql.h"
#include "oms/verify.h"
#include "store/sql.h"

static err_t see_webhook(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    (void)ctx;
    bool has_old = !sql_is_null(row, 0, 2);
    if (!secret_is_sealed(sql_str(row, 0, 1)) ||
        (has_old && !secret_is_sealed(sql_str(row, 0, 2))))
        verify_tell(arg, sql_int(row, 0, 0), "its secret is not sealed");
    return OK;
}

static err_t check_webhooks(struct ctx *ctx, verify_report_fn *fn, void *arg)
{
    struct verify check = {fn, arg, "webhooks", "whk", ""};
    return sql_each(ctx, SQL_VERIFY_WEBHOOKS, NULL, 0, see_webhook, &check);
}

static err_t see_delivery(struct ctx *ctx, const struct sql_rows *row,
                          void *arg)
{
    (void)ctx;
    const char *what = sql_is_null(row, 0, 3)   ? "a delivery has no webhook"
                       : sql_is_null(row, 0, 5) ? "a delivery has no event"
                       : sql_int(row, 0, 2) > sql_int(row, 0, 4)
                           ? "a delivery is beyond what was taken"
                           : "a delivery's state and tries do not fit";
    verify_tell(arg, sql_int(row, 0, 0), what);
    return OK;
}

static err_t check_deliveries(struct ctx *ctx, verify_report_fn *fn, void *arg)
{
    struct verify check = {fn, arg, "webhooks", "whk", ""};
    return sql_each(ctx, SQL_VERIFY_DELIVERIES, NULL, 0, see_delivery, &check);
}

static const struct verify_check checks[] = {
    {"webhooks", "secrets of webhooks are sealed",          check_webhooks  },
    {"webhooks", "deliveries have their event and webhook", check_deliveries},
};
const struct verify_list notify_verify = {checks, COUNT_OF(checks)};
