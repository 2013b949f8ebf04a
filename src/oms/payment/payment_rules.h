/* payment_rules.h - the pure part of the payment room. Private to it. */
#ifndef WHARF_OMS_PAYMENT_RULES_H
#define WHARF_OMS_PAYMENT_RULES_H

#include "oms/payment/payment.h"

/* Ends the event key of what a renewal replaced. */
#define PAYMENT_REPLACED_KEY "-old"

struct machine;

enum {
    LIMIT_PAYMENTS = 50,      /* Of an order. */
    LIMIT_TRANSACTIONS = 100, /* Of a payment. */
    LIMIT_REFERENCE_BYTES = 100,
    LIMIT_TOKEN_BYTES = 500
};

/* What may be asked for. docs/states/payment.md has the grid. */
enum payment_event {
    PAYMENT_EVENT_CREATE = 1,
    PAYMENT_EVENT_AUTHORIZE,
    PAYMENT_EVENT_CAPTURE_PART,
    PAYMENT_EVENT_CAPTURE, /* All that is left. */
    PAYMENT_EVENT_VOID,
    PAYMENT_EVENT_EXPIRE,
    PAYMENT_EVENT_FAIL,
    PAYMENT_EVENT_REFUND
};
extern const struct machine payment_machine;
enum payment_state payment_next(enum payment_state from,
                                enum payment_event event);

/* The names of each enum; index + 1 is the value. */
extern const char *const payment_tender_names[TENDER_STORE_CREDIT];
extern const char *const payment_type_names[PAYMENT_TYPES];
const char *payment_state_name(enum payment_state state);

/* The payment after all of them, in whatever order they came and however often
 * one of the same event key is repeated. */
struct payment_now payment_fold(int64_t amount,
                                const struct payment_transaction *at,
                                size_t count);
/* How much more of `type` I15 allows after these. */
int64_t payment_room_for(enum payment_type type, int64_t amount,
                         const struct payment_transaction *at, size_t count);
/* When a promise is looked at next: so many hours before it ends, but not
 * before half of its time is over. 0 hours: when it ends. */
utc_ms payment_watch_at(utc_ms now, utc_ms expires_at, int64_t renew_hours);
/* What promises stand for beyond `now`, of those that no renewal replaced and
 * nobody gave up; what ends at an unknown time ends with the payment's.
 * *ret_next_at: when the next of them ends; 0: never. */
int64_t payment_promised_beyond(const struct payment *pay, utc_ms now,
                                utc_ms *ret_next_at);
/* What may happen to a dispute. docs/states/dispute.md has the grid. */
enum dispute_event {
    DISPUTE_EVENT_OPEN = 1,
    DISPUTE_EVENT_ANSWER,
    DISPUTE_EVENT_RETURN, /* A part of it came again. */
    DISPUTE_EVENT_WIN,
    DISPUTE_EVENT_LOSE
};
extern const struct machine dispute_machine;
extern const char *const dispute_state_names[DISPUTE_LOST]; /* Index + 1. */
/* What its transactions make of a dispute, in whatever order they came. */
struct dispute_now dispute_fold(const struct payment_transaction *at,
                                size_t count, payment_dispute_id id);
/* Whether one of its disputes is open. */
bool payment_is_disputed(const struct payment *pay);
bool payment_is_of_dispute(enum payment_type type);

/* Captured no more than promised or asked for, given back no more than
 * captured. What happens outside may break it. */
bool payment_is_within(int64_t amount, const struct payment_transaction *at,
                       size_t count);
#endif
