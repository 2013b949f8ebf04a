/* payment_verify.c - payments against their transactions and their orders. */
#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "oms/payment/payment_credit_sql.h"
#include "oms/payment/payment_dispute_sql.h"
#include "oms/payment/payment_refund_sql.h"
#include "oms/payment/payment_rules.h"
#include "oms/payment/payment_sql.h"
#include "oms/payment/payment_store.h"
#include "oms/verify.h"
#include "store/sql.h"

static bool is_same(const struct payment_now *a, const struct payment_now *b)
{
    return a->state == b->state && a->pending == b->pending &&
           a->authorized == b->authorized && a->captured == b->captured &&
           a->refunded == b->refunded && a->disputed == b->disputed;
}

static bool is_ours(const struct payment *pay)
{
    for (size_t i = 0; i < pay->transaction_count; i++)
        if (pay->transactions[i].origin == PAYMENT_OF_OUTSIDE)
            return false;
    return true;
}

static err_t see_payment(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    struct verify *check = arg;
    struct payment pay;
    payment_from_row(row, 0, &pay);
    TRY(payment_read_transactions(ctx, &pay));
    struct payment_now now =
        payment_fold(pay.amount, pay.transactions, pay.transaction_count);
    if (!is_same(&now, &pay.now))
        verify_tell(check, pay.id.v,
                    "it is not what its transactions make of it");
    check->invariant = "I15";
    if (is_ours(&pay) &&
        !payment_is_within(pay.amount, pay.transactions, pay.transaction_count))
        verify_tell(check, pay.id.v,
                    "more was taken or given back than there was");
    check->invariant = "I27";
    return OK;
}

static err_t check_payments(struct ctx *ctx, verify_report_fn *report,
                            void *arg)
{
    struct verify check = {report, arg, "I27", "pay", ""};
    TRY(sql_each(ctx, SQL_PAYMENT_VERIFY_ROWS, NULL, 0, see_payment, &check));
    check.what = "a chargeback names no dispute of its payment";
    TRY(verify_none(ctx, SQL_DISPUTE_VERIFY, check));
    check.what = "it has a dispute of which nothing is told";
    return verify_none(ctx, SQL_DISPUTE_VERIFY_BARE, check);
}

static err_t check_orders(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct verify check = {
        report, arg, "I16", "ord",
        "its payment facts are not the sums of its payments"};
    TRY(verify_none(ctx, SQL_PAYMENT_VERIFY_ORDERS, check));
    check.prefix = "pay";
    check.what = "it is of no order, or in another currency";
    return verify_none(ctx, SQL_PAYMENT_VERIFY_STRAY, check);
}

static err_t check_refunds(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct verify check = {report, arg, "I17", "rfd",
                           "it is not the sum of its parts, or not in their "
                           "state"};
    TRY(verify_none(ctx, SQL_REFUND_VERIFY_SUMS, check));
    check.prefix = "ord";
    check.what = "refunds wrote off more units than its lines say";
    TRY(verify_none(ctx, SQL_REFUND_VERIFY_LINES, check));
    check.what = "refunds took off more fees or goodwill than it says";
    return verify_none(ctx, SQL_REFUND_VERIFY_CHARGES, check);
}

static err_t check_tenders(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct verify check = {report, arg, "I18", "pay",
                           "its refunds gave back more than it paid, or than "
                           "its transactions say"};
    return verify_none(ctx, SQL_REFUND_VERIFY_TENDERS, check);
}

static err_t check_credit(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct verify check = {report, arg, "credit", "gft",
                           "its balance is not the sum of its entries"};
    TRY(verify_none(ctx, SQL_CREDIT_ACCOUNT_VERIFY_SUMS, check));
    check.prefix = "pay";
    check.what = "it took from its account, or gave back, what its "
                 "transactions do not say";
    return verify_none(ctx, SQL_CREDIT_ACCOUNT_VERIFY_PAYMENTS, check);
}

static const struct verify_check checks[] = {
    {"I27",    "payments are what their transactions say", check_payments},
    {"I16",    "orders know the sums of their payments",   check_orders  },
    {"I17",    "refunds are what they took off and gave",  check_refunds },
    {"I18",    "no tender gives back more than it paid",   check_tenders },
    {"credit", "balances are the sums of their entries",   check_credit  },
};
const struct verify_list payment_verify = {checks, COUNT_OF(checks)};
