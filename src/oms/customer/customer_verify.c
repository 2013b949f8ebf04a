/* customer_verify.c - what the schema does not hold by itself. */
#include "base/id.h"
#include "base/str.h"
#include "oms/customer/customer_company_sql.h"
#include "oms/customer/customer_room.h"
#include "oms/customer/customer_sql.h"
#include "oms/room.h"
#include "store/sql.h"

struct check {
    verify_report_fn *report;
    void *arg;
    const char *invariant, *prefix, *what;
};

static err_t see_row(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    (void)ctx;
    const struct check *check = arg;
    char text[ID_TEXT_BYTES];
    size_t len = id_to_text(check->prefix, sql_int(row, 0, 0), text);
    check->report(check->arg, check->invariant, (str){text, len},
                  str_from_cstr(check->what));
    return OK;
}

static err_t check_keys(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct check keys = {report, arg, "keys", "cus",
                         "is merged or erased and still has keys"};
    struct check merged = {report, arg, "keys", "cus",
                           "points to a customer who was merged, too"};
    TRY(sql_each(ctx, SQL_VERIFY_CUSTOMER_KEYS, NULL, 0, see_row, &keys));
    return sql_each(ctx, SQL_VERIFY_CUSTOMER_MERGED, NULL, 0, see_row, &merged);
}

static err_t check_links(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct check check = {report, arg, "links", "ord",
                          "belongs to a customer who is not there"};
    return sql_each(ctx, SQL_VERIFY_CUSTOMER_LINKS, NULL, 0, see_row, &check);
}

static err_t check_values(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct check check = {report, arg, "values", "cus",
                          "orders and totals are not those of its orders"};
    return sql_each(ctx, SQL_VERIFY_CUSTOMER_VALUES, NULL, 0, see_row, &check);
}

static const struct verify_check checks[] = {
    {"keys",   "keys belong to customers who live",          check_keys  },
    {"links",  "orders belong to customers who are there",   check_links },
    {"values", "values equal the orders they are kept from", check_values},
};
const struct verify_list customer_verify = {checks, COUNT_OF(checks)};

static err_t check_prices(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct check check = {report, arg, "prices", "cmp",
                          "has prices and is not there"};
    return sql_each(ctx, SQL_COMPANY_VERIFY_PRICES, NULL, 0, see_row, &check);
}

static const struct verify_check company_checks[] = {
    {"prices", "prices belong to companies that are there", check_prices},
};
const struct verify_list company_verify = {company_checks,
                                           COUNT_OF(company_checks)};
