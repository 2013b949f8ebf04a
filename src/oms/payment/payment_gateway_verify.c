/* payment_gateway_verify.c - what gateways were asked, against transactions. */
#include "base/id.h"
#include "base/str.h"
#include "oms/payment/payment_call_sql.h"
#include "oms/payment/payment_call_store.h"
#include "oms/payment/payment_handlers.h"
#include "oms/payment/payment_hook_sql.h"
#include "oms/payment/payment_store.h"
#include "oms/verify.h"
#include "store/sql.h"

/* The transaction that came of a call; NULL: none. */
static const struct payment_transaction *find(struct ctx *ctx,
                                              const struct payment *pay,
                                              const struct payment_call *call)
{
    str reference = payment_call_reference(ctx->arena, call->id);
    for (size_t i = 0; i < pay->transaction_count; i++)
        if (call->transaction_n
                ? pay->transactions[i].n == call->transaction_n
                : str_equal(pay->transactions[i].event_key, reference))
            return &pay->transactions[i];
    return NULL;
}

static void see_call(struct ctx *ctx, const struct verify *check,
                     const struct payment *pay, const struct payment_call *call)
{
    const struct payment_transaction *tx = find(ctx, pay, call);
    bool is_done = call->state == CALL_DONE;
    bool is_refused = call->state == CALL_REFUSED;
    if (is_done && (!tx || tx->type != call->type))
        verify_tell(check, pay->id.v,
                    "a call is done, and no transaction says so");
    if (is_refused && !tx)
        verify_tell(check, pay->id.v,
                    "a call is refused, and no transaction says so");
    if (tx && payment_call_is_live(call))
        verify_tell(check, pay->id.v, "what is under way is done already");
    if (call->account.v != pay->account.v)
        verify_tell(check, pay->id.v, "another account was asked than its own");
    for (const struct payment_call *other = pay->calls; other < call; other++) {
        if (payment_call_is_live(call) && payment_call_is_live(other) &&
            call->type == other->type && str_equal(call->step, other->step))
            verify_tell(check, pay->id.v, "the same step is under way twice");
        if (call->transaction_n && call->transaction_n == other->transaction_n)
            verify_tell(check, pay->id.v, "two calls are one transaction");
    }
}

static err_t see(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    const struct verify *check = arg;
    struct payment pay;
    TRY(payment_get(ctx, (payment_id){sql_int(row, 0, 0)}, &pay));
    for (size_t i = 0; i < pay.call_count; i++)
        see_call(ctx, check, &pay, &pay.calls[i]);
    return OK;
}

static err_t check_calls(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct verify check = {report, arg, "I15", "pay", ""};
    return sql_each(ctx, SQL_PAYMENT_VERIFY_CALLED, NULL, 0, see, &check);
}

static err_t check_stray(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct verify check = {
        report, arg, "I15", "pay",
        "a gateway was asked for what is no payment of ours"};
    return verify_none(ctx, SQL_PAYMENT_VERIFY_CALL_STRAY, check);
}

static err_t check_told(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct verify check = {report, arg, "I22", "gev",
                           "what a gateway told is not what came of it"};
    return verify_none(ctx, SQL_GATEWAY_EVENT_VERIFY, check);
}

static const struct verify_check checks[] = {
    {"I15", "what gateways did is in transactions, once", check_calls},
    {"I15", "gateways are asked for payments",            check_stray},
    {"I22", "what gateways told is applied once",         check_told },
};
const struct verify_list gateway_verify = {checks, COUNT_OF(checks)};
