/* payment_gateway_verify.c - what gateways were asked, against transactions. */
#include "base/id.h"
#include "base/str.h"
#include "oms/payment/payment_call_sql.h"
#include "oms/payment/payment_call_store.h"
#include "oms/payment/payment_handlers.h"
#include "oms/payment/payment_hook_sql.h"
#include "oms/payment/payment_store.h"
#include "oms/room.h"
#include "store/sql.h"

struct check {
    verify_report_fn *report;
    void *arg;
};

static void say(const struct check *check, payment_id id, const char *what)
{
    char text[ID_TEXT_BYTES];
    size_t len = id_to_text("pay", id.v, text);
    check->report(check->arg, "I15", (str){text, len}, str_from_cstr(what));
}

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

static void see_call(struct ctx *ctx, const struct check *check,
                     const struct payment *pay, const struct payment_call *call)
{
    const struct payment_transaction *tx = find(ctx, pay, call);
    bool is_done = call->state == CALL_DONE;
    bool is_refused = call->state == CALL_REFUSED;
    if (is_done && (!tx || tx->type != call->type))
        say(check, pay->id, "a call is done, and no transaction says so");
    if (is_refused && !tx)
        say(check, pay->id, "a call is refused, and no transaction says so");
    if (tx && payment_call_is_live(call))
        say(check, pay->id, "what is under way is done already");
    if (call->account.v != pay->account.v)
        say(check, pay->id, "another account was asked than its own");
    for (const struct payment_call *other = pay->calls; other < call; other++) {
        if (payment_call_is_live(call) && payment_call_is_live(other) &&
            call->type == other->type && str_equal(call->step, other->step))
            say(check, pay->id, "the same step is under way twice");
        if (call->transaction_n && call->transaction_n == other->transaction_n)
            say(check, pay->id, "two calls are one transaction");
    }
}

static err_t see(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    const struct check *check = arg;
    struct payment pay;
    TRY(payment_get(ctx, (payment_id){sql_int(row, 0, 0)}, &pay));
    for (size_t i = 0; i < pay.call_count; i++)
        see_call(ctx, check, &pay, &pay.calls[i]);
    return OK;
}

static err_t check_calls(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct check check = {report, arg};
    return sql_each(ctx, SQL_PAYMENT_VERIFY_CALLED, NULL, 0, see, &check);
}

static err_t see_stray(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    (void)ctx;
    say(arg, (payment_id){sql_int(row, 0, 0)},
        "a gateway was asked for what is no payment of ours");
    return OK;
}

static err_t check_stray(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct check check = {report, arg};
    return sql_each(ctx, SQL_PAYMENT_VERIFY_CALL_STRAY, NULL, 0, see_stray,
                    &check);
}

static err_t see_told(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    const struct check *check = arg;
    char text[ID_TEXT_BYTES];
    size_t len = id_to_text("gev", sql_int(row, 0, 0), text);
    (void)ctx;
    check->report(check->arg, "I22", (str){text, len},
                  STR("what a gateway told is not what came of it"));
    return OK;
}

static err_t check_told(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct check check = {report, arg};
    return sql_each(ctx, SQL_GATEWAY_EVENT_VERIFY, NULL, 0, see_told, &check);
}

static const struct verify_check checks[] = {
    {"I15", "what gateways did is in transactions, once", check_calls},
    {"I15", "gateways are asked for payments",            check_stray},
    {"I22", "what gateways told is applied once",         check_told },
};
const struct verify_list gateway_verify = {checks, COUNT_OF(checks)};
