/* order_verify.c - the order room's invariants, recomputed from its rows. */
#include "base/arena.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/order/order_backorder_sql.h"
#include "oms/order/order_pay.h"
#include "oms/order/order_people.h"
#include "oms/order/order_people_sql.h"
#include "oms/order/order_rules.h"
#include "oms/order/order_search.h"
#include "oms/order/order_store.h"
#include "oms/order/order_verify_sql.h"
#include "oms/order/order_wait_verify.h"
#include "oms/verify.h"
#include "store/event.h"
#include "store/sql.h"

/* ---- units ---- */

static err_t verify_units(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    return verify_none(
        ctx, SQL_ORDER_VERIFY_UNITS,
        (struct verify){report, arg, "I10", "ord",
                        "ordered less cancelled is not the sum of "
                        "the line's quantities"});
}

static err_t verify_returned(struct ctx *ctx, verify_report_fn *report,
                             void *arg)
{
    return verify_none(ctx, SQL_ORDER_VERIFY_RETURNED,
                       (struct verify){report, arg, "I11", "ord",
                                       "more units came back, are asked for or "
                                       "written off than were shipped"});
}

static err_t report_reserved(struct ctx *ctx, const struct sql_rows *row,
                             void *arg)
{
    struct verify *check = arg;
    char id[ID_TEXT_BYTES];
    int len = (int)id_to_text("ord", sql_int(row, 0, 0), id);
    check->report(check->arg, check->invariant,
                  str_printf(ctx->arena, "%.*s/%lld", len, id,
                             (long long)sql_int(row, 0, 1)),
                  str_printf(ctx->arena,
                             "%lld allocated or picked, %lld in live "
                             "reservations",
                             (long long)sql_int(row, 0, 2),
                             (long long)sql_int(row, 0, 3)));
    return OK;
}

static err_t verify_reserved(struct ctx *ctx, verify_report_fn *report,
                             void *arg)
{
    struct verify check = {report, arg, "I5", "ord",
                           "a live reservation of no tracked line"};
    TRY(sql_each(ctx, SQL_ORDER_VERIFY_RESERVED, NULL, 0, report_reserved,
                 &check));
    return verify_none(ctx, SQL_ORDER_VERIFY_STRAY, check);
}

static err_t verify_kits(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct verify check = {report, arg, "I8", "ord",
                           "components of a kit at another location"};
    TRY(sql_each(ctx, SQL_ORDER_VERIFY_KITS, NULL, 0, report_reserved, &check));
    TRY(verify_none(ctx, SQL_ORDER_VERIFY_KIT_PLACES, check));
    check.what = "a kit without components, or components without a kit";
    return verify_none(ctx, SQL_ORDER_VERIFY_KIT_LINES, check);
}

/* ---- money ---- */

static err_t verify_line_sums(struct ctx *ctx, verify_report_fn *report,
                              void *arg)
{
    return verify_none(ctx, SQL_ORDER_VERIFY_LINE_SUMS,
                       (struct verify){report, arg, "I13", "ord",
                                       "the line is not quantity times price "
                                       "less discount plus tax"});
}

struct charges {
    int64_t price, discount, tax;
};

static err_t add_amount(struct json_in *in, const char *key, int64_t *sum)
{
    money amount = {0};
    TRY(json_opt_money(in, key, NULL, &amount));
    *sum += amount.minor;
    return OK;
}

static err_t add_charge(struct json_in *in, struct charges *sum)
{
    struct json_list taxes;
    TRY(add_amount(in, "price", &sum->price));
    TRY(add_amount(in, "amount", &sum->price));
    TRY(add_amount(in, "discount", &sum->discount));
    TRY(json_get_list(in, "tax_lines", 0, SIZE_MAX, &taxes));
    for (size_t i = 0; i < taxes.count; i++) {
        struct json_in *tax;
        TRY(json_list_object(&taxes, i, &tax));
        TRY(add_amount(tax, "amount", &sum->tax));
    }
    return OK;
}

/* `list` is a JSON array of shipping lines or fees. */
static err_t sum_charges(struct ctx *ctx, str list, struct charges *ret)
{
    struct json_in *in;
    struct json_list charges;
    if (list.len <= 2)
        return OK;
    str body = str_printf(ctx->arena, "{\"list\":%.*s}", STR_ARG(list));
    TRY(json_parse(ctx, body, &in));
    err_t err = json_get_list(in, "list", 0, SIZE_MAX, &charges);
    for (size_t i = 0; err == OK && i < charges.count; i++) {
        struct json_in *at;
        err = json_list_object(&charges, i, &at);
        if (err == OK)
            err = add_charge(at, ret);
    }
    return err;
}

enum {
    S_ID,
    S_LINES,
    S_DISCOUNT,
    S_SHIPPING,
    S_FEES,
    S_TAX,
    S_TOTAL,
    S_MODE,
    S_LINE_GROSS,
    S_LINE_DISCOUNT,
    S_LINE_TAX,
    S_SHIPPING_DOC,
    S_FEES_DOC
};

static err_t check_order_sums(struct ctx *ctx, const struct sql_rows *row,
                              void *arg)
{
    struct charges shipping = {0}, fees = {0};
    TRY(sum_charges(ctx, sql_str(row, 0, S_SHIPPING_DOC), &shipping));
    TRY(sum_charges(ctx, sql_str(row, 0, S_FEES_DOC), &fees));
    int64_t discount = sql_int(row, 0, S_DISCOUNT);
    int64_t tax = sql_int(row, 0, S_TAX);
    int64_t total = sql_int(row, 0, S_LINES) + sql_int(row, 0, S_SHIPPING) +
                    sql_int(row, 0, S_FEES) - discount;
    if (sql_int(row, 0, S_MODE) == TAX_EXCLUSIVE)
        total += tax;
    if (total == sql_int(row, 0, S_TOTAL) &&
        sql_int(row, 0, S_LINE_GROSS) == sql_int(row, 0, S_LINES) &&
        sql_int(row, 0, S_LINE_DISCOUNT) + shipping.discount == discount &&
        sql_int(row, 0, S_LINE_TAX) + shipping.tax + fees.tax == tax &&
        shipping.price == sql_int(row, 0, S_SHIPPING) &&
        fees.price == sql_int(row, 0, S_FEES))
        return OK;
    struct sql_rows id = {.count = 1, .columns = 1, .cells = row->cells};
    return verify_row(ctx, &id, arg);
}

static err_t verify_order_sums(struct ctx *ctx, verify_report_fn *report,
                               void *arg)
{
    struct verify check = {report, arg, "I13", "ord",
                           "the order is not the sum of its lines, shipping "
                           "and fees less discounts plus tax"};
    return sql_each(ctx, SQL_ORDER_VERIFY_ORDER_SUMS, NULL, 0, check_order_sums,
                    &check);
}

/* What is left of it, and what was paid. */
static err_t verify_now(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct verify check = {report, arg, "I16", "ord",
                           "a line without units is worth something"};
    TRY(verify_none(ctx, SQL_ORDER_VERIFY_LINE_NOW, check));
    check.what = "what a line is worth is not that of its units that are left";
    TRY(verify_none(ctx, SQL_ORDER_VERIFY_LINE_PARTS, check));
    check.what = "shipping, fees or allowance are below zero";
    TRY(verify_none(ctx, SQL_ORDER_VERIFY_CHARGES, check));
    check.what = "it is cancelled and its shipping or fees are not";
    TRY(verify_none(ctx, SQL_ORDER_VERIFY_ORDER_NOW, check));
    check.what = "a sum of its payments is below zero";
    return verify_none(ctx, SQL_ORDER_VERIFY_PAY, check);
}

/* ---- process ---- */

static err_t report_first(struct ctx *ctx, const struct sql_rows *row,
                          void *arg)
{
    struct sql_rows id = {.count = 1, .columns = 1, .cells = row->cells};
    return verify_row(ctx, &id, arg);
}

static err_t verify_external(struct ctx *ctx, verify_report_fn *report,
                             void *arg)
{
    struct verify check = {report, arg, "I22", "ord",
                           "another order has its channel and external id"};
    return sql_each(ctx, SQL_ORDER_VERIFY_EXTERNAL, NULL, 0, report_first,
                    &check);
}

static err_t verify_decisions(struct ctx *ctx, verify_report_fn *report,
                              void *arg)
{
    return verify_none(
        ctx, SQL_ORDER_VERIFY_DECISIONS,
        (struct verify){report, arg, "I25", "ord", "no routing decision"});
}

static err_t verify_events(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct verify check = {report, arg, "I29", "ord",
                           "its versions are not one event each, the first "
                           "order.placed"};
    return sql_each(ctx, SQL_ORDER_VERIFY_EVENTS, NULL, 0, report_first,
                    &check);
}

static err_t verify_status(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    return verify_none(ctx, SQL_ORDER_VERIFY_STATUS,
                       (struct verify){report, arg, "I27", "ord",
                                       "cancelled and units left disagree"});
}

static err_t verify_history(struct ctx *ctx, verify_report_fn *report,
                            void *arg)
{
    return verify_none(ctx, SQL_ORDER_VERIFY_HISTORY,
                       (struct verify){report, arg, "history", "ord",
                                       "history that is not completed, shipped "
                                       "and without stock"});
}

/* ---- read models: only once their consumer has caught up ---- */

static err_t is_drained(struct ctx *ctx, bool *ret)
{
    size_t lag;
    TRY(event_lag(ctx, ORDER_CONSUMER, 1, &lag));
    *ret = lag == 0;
    return OK;
}

static err_t check_payment(struct ctx *ctx, const struct sql_rows *row,
                           void *arg)
{
    enum { LINES = 3, HISTORY = 6, PAY };
    struct order_facts facts = {
        .total = sql_int(row, 0, 2),
        .total_now =
            order_total_of(sql_int(row, 0, LINES), sql_int(row, 0, LINES + 1),
                           sql_int(row, 0, LINES + 2)),
        .is_history = sql_int(row, 0, HISTORY) != 0,
        .pay = {sql_int(row, 0, PAY), sql_int(row, 0, PAY + 1),
                sql_int(row, 0, PAY + 2), sql_int(row, 0, PAY + 3),
                sql_int(row, 0, PAY + 4)},
    };
    if ((int64_t)order_payment_status(&facts) == sql_int(row, 0, 1))
        return OK;
    return report_first(ctx, row, arg);
}

static err_t verify_list(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    bool drained;
    struct verify check = {report, arg, "list", "ord",
                           "the list differs from the order"};
    TRY(is_drained(ctx, &drained));
    if (!drained)
        return OK;
    TRY(verify_none(ctx, SQL_ORDER_VERIFY_LIST, check));
    TRY(verify_none(ctx, SQL_ORDER_VERIFY_LIST_UNITS, check));
    check.what = "its payment status in the list is another";
    return sql_each(ctx, SQL_ORDER_VERIFY_LIST_PAYMENT, NULL, 0, check_payment,
                    &check);
}

static err_t verify_backorders(struct ctx *ctx, verify_report_fn *report,
                               void *arg)
{
    size_t lag;
    struct verify check = {report, arg, "backorders", "ord",
                           "what it waits for is summed otherwise"};
    TRY(event_lag(ctx, ORDER_BACKORDER_CONSUMER, 1, &lag));
    return lag == 0 ? verify_none(ctx, SQL_ORDER_VERIFY_BACKORDERS, check) : OK;
}

static err_t verify_people(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    size_t lag;
    struct verify check = {report, arg, "customers", "ord",
                           "its customer's account says something else"};
    TRY(event_lag(ctx, ORDER_PEOPLE_CONSUMER, 1, &lag));
    return lag == 0 ? verify_none(ctx, SQL_ORDER_VERIFY_PEOPLE, check) : OK;
}

static err_t report_counter(struct ctx *ctx, const struct sql_rows *row,
                            void *arg)
{
    struct verify *check = arg;
    check->report(check->arg, check->invariant,
                  str_printf(ctx->arena, "%lld/%lld",
                             (long long)sql_int(row, 0, 0),
                             (long long)sql_int(row, 0, 1)),
                  str_printf(ctx->arena, "%s: %lld orders, %lld counted",
                             check->what, (long long)sql_int(row, 0, 2),
                             (long long)sql_int(row, 0, 3)));
    return OK;
}

static err_t verify_counts(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    bool drained;
    struct verify counts = {report, arg, "counts", "", "channel/status"};
    struct verify sales = {report, arg, "counts", "", "quarter/channel"};
    TRY(is_drained(ctx, &drained));
    if (!drained)
        return OK;
    TRY(sql_each(ctx, SQL_ORDER_VERIFY_COUNTS, NULL, 0, report_counter,
                 &counts));
    return sql_each(ctx, SQL_ORDER_VERIFY_SALES, NULL, 0, report_counter,
                    &sales);
}

static const struct verify_check checks[] = {
    {"I10",        "line quantities add up",                     verify_units       },
    {"I11",        "what comes back was shipped",                verify_returned    },
    {"I5",         "allocated units have one live reservation",  verify_reserved    },
    {"I8",         "kits hold all their components, together",   verify_kits        },
    {"I13",        "line = quantity x price - discount + tax",   verify_line_sums   },
    {"I13",        "order = lines + shipping + fees - discount", verify_order_sums  },
    {"I16",        "what is left of orders, and what was paid",  verify_now         },
    {"I22",        "(channel, external id) is unique",           verify_external    },
    {"I25",        "each order has a routing decision",          verify_decisions   },
    {"I27",        "cancelled means nothing is left",            verify_status      },
    {"I29",        "each version has its event",                 verify_events      },
    {"history",    "history touches neither stock nor routing",  verify_history     },
    {"list",       "the order list equals the orders",           verify_list        },
    {"search",     "orders are found by their words",            order_search_verify},
    {"customers",  "customers' accounts equal the orders",       verify_people      },
    {"counts",     "counters and sales equal the orders",        verify_counts      },
    {"backorders", "what orders wait for is summed by SKU",      verify_backorders  },
    {"pegs",       "pegged is at most what is open and waits",
     order_wait_verify_pegs                                                         },
    {"promises",   "what was told is what is expected",
     order_wait_verify_promises                                                     },
};
const struct verify_list order_verify = {checks, COUNT_OF(checks)};
