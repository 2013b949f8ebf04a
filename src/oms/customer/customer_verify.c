/* customer_verify.c - what the schema does not hold by itself. */
#include "base/id.h"
#include "base/str.h"
#include "oms/customer/customer_company_sql.h"
#include "oms/customer/customer_room.h"
#include "oms/customer/customer_sql.h"
#include "oms/verify.h"
#include "store/sql.h"

static err_t check_keys(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct verify keys = {report, arg, "keys", "cus",
                          "is merged or erased and still has keys"};
    struct verify merged = {report, arg, "keys", "cus",
                            "points to a customer who was merged, too"};
    TRY(verify_none(ctx, SQL_VERIFY_CUSTOMER_KEYS, keys));
    return verify_none(ctx, SQL_VERIFY_CUSTOMER_MERGED, merged);
}

static err_t check_links(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct verify check = {report, arg, "links", "ord",
                           "belongs to a customer who is not there"};
    return verify_none(ctx, SQL_VERIFY_CUSTOMER_LINKS, check);
}

static err_t check_values(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct verify check = {report, arg, "values", "cus",
                           "orders and totals are not those of its orders"};
    return verify_none(ctx, SQL_VERIFY_CUSTOMER_VALUES, check);
}

static const struct verify_check checks[] = {
    {"keys",   "keys belong to customers who live",          check_keys  },
    {"links",  "orders belong to customers who are there",   check_links },
    {"values", "values equal the orders they are kept from", check_values},
};
const struct verify_list customer_verify = {checks, COUNT_OF(checks)};

static err_t check_prices(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct verify check = {report, arg, "prices", "cmp",
                           "has prices and is not there"};
    return verify_none(ctx, SQL_COMPANY_VERIFY_PRICES, check);
}

static const struct verify_check company_checks[] = {
    {"prices", "prices belong to companies that are there", check_prices},
};
const struct verify_list company_verify = {company_checks,
                                           COUNT_OF(company_checks)};
