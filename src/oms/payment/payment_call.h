/* payment_call.h - what gateways are asked, and what came of it.
 *
 * A call is stored before it is made; its answer is a new command that adds a
 * transaction with our reference, the call's id, as its event id: however often
 * and by whatever way it is told, it is one. Where no answer can be told, the
 * gateway is asked what it knows of the payment before money is moved again; so
 * is it of a payment from before a restore. The second public header of the
 * room, for the worker (jobs/gateways.h). docs/states/gateway_call.md
 */
#ifndef WHARF_OMS_PAYMENT_CALL_H
#define WHARF_OMS_PAYMENT_CALL_H

#include "oms/payment/gateway.h"
#include "oms/payment/payment.h"

struct machine;

extern const struct machine payment_call_machine;
/* CALL_NONE where the event is refused. */
enum call_state payment_call_next(enum call_state from, enum call_event event);

struct payment_call {
    gateway_call_id id;
    payment_id payment;
    gateway_account_id account;
    enum payment_type type;
    int64_t amount;
    str step; /* Whoever asked calls it so; once at a time. */
    enum call_state state;
    str epoch;
    int64_t tries, lookups;
    utc_ms next_at, asked_at;
    int64_t owner;
    utc_ms lease_until;
    str error;
    utc_ms created_at, updated_at;
    bool is_renewal;   /* Takes the place of what is promised. */
    bool is_overtaken; /* Whoever wanted it did not know what was done before:
                          it is done only where it was asked already. */
    int64_t transaction_n; /* That it was, told before as from outside; 0. */
};
/* May have been done, or will be. */
bool payment_call_is_live(const struct payment_call *call);
bool payment_has_call(const struct payment *pay, gateway_call_id id);
/* "gcl_…": the reference that the gateway knows, in the arena. */
str payment_call_reference(struct arena *arena, gateway_call_id id);

enum payment_truth {
    PAYMENT_WAS_DONE = 1,
    PAYMENT_NOT_DONE,
    PAYMENT_ASK_AGAIN
};
/* A person says what became of a call that is stuck. */
MUST_USE err_t payment_settle(struct ctx *ctx, gateway_call_id id,
                              int64_t version, enum payment_truth truth,
                              struct payment *ret);

/* ---- for the worker ---- */

struct payment_task {
    gateway_call_id id;
    gateway_account_id account_id;
    const struct gateway *gateway;
    struct gateway_account account;
    struct gateway_request request; /* op GATEWAY_LOOKUP where it was lost. */
    utc_ms lease_until; /* Of this turn: what an earlier one left open says
                           nothing of the next. */
};
/* When the next call is due; 0: nothing waits, or outbound work is paused. */
MUST_USE err_t payment_call_peek(struct ctx *ctx,
                                 const struct call_taker *taker,
                                 utc_ms *ret_next_at);
/* Takes what is due, in the transaction that marks it as asked; of a payment
 * one after another. None while outbound work is paused. */
MUST_USE err_t payment_call_take(struct ctx *ctx,
                                 const struct call_taker *taker,
                                 struct payment_task **ret, size_t *ret_count);
/* What came of a task, now or late, once or more often. */
MUST_USE err_t payment_call_record(struct ctx *ctx,
                                   const struct payment_task *task,
                                   const struct gateway_outcome *outcome);
/* Calls under way of an owner, or of all others (a process that died), are
 * looked up next. */
MUST_USE err_t payment_call_release(struct ctx *ctx, int64_t owner,
                                    bool is_others);

#endif
