/* payment_rules.c - what transactions make of a payment. Pure.
 *
 * State and sums come from sums alone, so that the order in which transactions
 * came does not matter.
 */
#include "oms/payment/payment_rules.h"

#include "base/machine.h"
#include "base/str.h"

static const char *const states[PAYMENT_FAILED] = {
    "created", "authorized", "partially_captured", "captured", "voided",
    "expired", "failed"};
static const char *const events[PAYMENT_EVENT_REFUND] = {
    "create", "authorize", "capture_part", "capture",
    "void",   "expire",    "fail",         "refund"};

const char *const payment_tender_names[TENDER_STORE_CREDIT] = {
    "card", "cash", "invoice", "external", "gift_card", "store_credit"};
const char *const payment_type_names[PAYMENT_TYPES] = {
    "authorize",           "capture", "void", "refund",      "chargeback",
    "chargeback_reversed", "expire",  "fail", "dispute_lost"};

/* Read as: a payment that is <from> and sees <event> becomes <to>. */
/* clang-format off */
static const struct machine_move moves[] = {
    {PAYMENT_NONE, PAYMENT_EVENT_CREATE, PAYMENT_CREATED},
    {PAYMENT_CREATED, PAYMENT_EVENT_AUTHORIZE, PAYMENT_AUTHORIZED},
    {PAYMENT_CREATED, PAYMENT_EVENT_CAPTURE_PART, PAYMENT_PARTIALLY_CAPTURED},
    {PAYMENT_CREATED, PAYMENT_EVENT_CAPTURE, PAYMENT_CAPTURED},
    {PAYMENT_CREATED, PAYMENT_EVENT_VOID, PAYMENT_VOIDED},
    {PAYMENT_CREATED, PAYMENT_EVENT_FAIL, PAYMENT_FAILED},
    {PAYMENT_AUTHORIZED, PAYMENT_EVENT_AUTHORIZE, PAYMENT_AUTHORIZED},
    {PAYMENT_AUTHORIZED, PAYMENT_EVENT_CAPTURE_PART, PAYMENT_PARTIALLY_CAPTURED},
    {PAYMENT_AUTHORIZED, PAYMENT_EVENT_CAPTURE, PAYMENT_CAPTURED},
    {PAYMENT_AUTHORIZED, PAYMENT_EVENT_VOID, PAYMENT_VOIDED},
    {PAYMENT_AUTHORIZED, PAYMENT_EVENT_EXPIRE, PAYMENT_EXPIRED},
    {PAYMENT_PARTIALLY_CAPTURED, PAYMENT_EVENT_AUTHORIZE, PAYMENT_PARTIALLY_CAPTURED},
    {PAYMENT_PARTIALLY_CAPTURED, PAYMENT_EVENT_CAPTURE_PART, PAYMENT_PARTIALLY_CAPTURED},
    {PAYMENT_PARTIALLY_CAPTURED, PAYMENT_EVENT_CAPTURE, PAYMENT_CAPTURED},
    {PAYMENT_PARTIALLY_CAPTURED, PAYMENT_EVENT_VOID, PAYMENT_CAPTURED},
    {PAYMENT_PARTIALLY_CAPTURED, PAYMENT_EVENT_EXPIRE, PAYMENT_CAPTURED},
    {PAYMENT_PARTIALLY_CAPTURED, PAYMENT_EVENT_REFUND, PAYMENT_PARTIALLY_CAPTURED},
    {PAYMENT_CAPTURED, PAYMENT_EVENT_REFUND, PAYMENT_CAPTURED},
    {PAYMENT_EXPIRED, PAYMENT_EVENT_AUTHORIZE, PAYMENT_AUTHORIZED},
};
/* clang-format on */

const struct machine payment_machine = {
    .states = states,
    .events = events,
    .state_count = COUNT_OF(states),
    .event_count = COUNT_OF(events),
    .moves = moves,
    .move_count = COUNT_OF(moves),
    .slug = "payment_state",
    .noun = "a payment that is",
    .unasked = 1u << PAYMENT_EVENT_EXPIRE | 1u << PAYMENT_EVENT_FAIL,
};

enum payment_state payment_next(enum payment_state from,
                                enum payment_event event)
{
    return (enum payment_state)machine_next(&payment_machine, from, event);
}

const char *payment_state_name(enum payment_state state)
{
    return machine_state_name(&payment_machine, state);
}

/* ---- the fold ---- */

struct sums {
    int64_t authorized, captured, refunded;
    int64_t voided, expired;
    int64_t charged_back, reversed;
    int64_t failures, lost;
};

static bool is_repeated(const struct payment_transaction *at, size_t i)
{
    if (at[i].event_key.len == 0)
        return false;
    for (size_t j = 0; j < i; j++)
        if (str_equal(at[j].event_key, at[i].event_key))
            return true;
    return false;
}

static int64_t *sum_of(struct sums *sums, enum payment_type type)
{
    switch (type) {
    case PAYMENT_AUTHORIZE: return &sums->authorized;
    case PAYMENT_CAPTURE: return &sums->captured;
    case PAYMENT_VOID: return &sums->voided;
    case PAYMENT_REFUND: return &sums->refunded;
    case PAYMENT_CHARGEBACK: return &sums->charged_back;
    case PAYMENT_CHARGEBACK_REVERSED: return &sums->reversed;
    case PAYMENT_EXPIRE: return &sums->expired;
    case PAYMENT_DISPUTE_LOST: return &sums->lost;
    case PAYMENT_FAIL: break;
    }
    return &sums->failures;
}

static struct sums add_up(const struct payment_transaction *at, size_t count)
{
    struct sums sums = {0};
    for (size_t i = 0; i < count; i++)
        if (!is_repeated(at, i))
            *sum_of(&sums, at[i].type) +=
                at[i].type == PAYMENT_FAIL ? 1 : at[i].amount;
    return sums;
}

static int64_t at_least_0(int64_t value)
{
    return value > 0 ? value : 0;
}

/* What may still be captured: of a promise, or of what was asked for. */
static int64_t rest_of(int64_t amount, const struct sums *sums)
{
    int64_t whole = sums->authorized > 0 ? sums->authorized : amount;
    return at_least_0(whole - sums->captured - sums->voided - sums->expired);
}

static enum payment_state state_of(int64_t rest, const struct sums *sums)
{
    if (sums->captured > 0)
        return rest > 0 ? PAYMENT_PARTIALLY_CAPTURED : PAYMENT_CAPTURED;
    if (sums->authorized == 0 && sums->failures > 0)
        return PAYMENT_FAILED;
    if (rest > 0)
        return sums->authorized > 0 ? PAYMENT_AUTHORIZED : PAYMENT_CREATED;
    return sums->voided > 0 ? PAYMENT_VOIDED : PAYMENT_EXPIRED;
}

struct payment_now
payment_fold(int64_t amount, const struct payment_transaction *at, size_t count)
{
    struct sums sums = add_up(at, count);
    int64_t rest = rest_of(amount, &sums);
    struct payment_now now = {
        .state = state_of(rest, &sums),
        .captured = sums.captured,
        .refunded = sums.refunded,
        .disputed = at_least_0(sums.charged_back - sums.reversed),
    };
    if (sums.authorized > 0)
        now.authorized = rest;
    else if (now.state != PAYMENT_FAILED)
        now.pending = rest;
    return now;
}

int64_t payment_room_for(enum payment_type type, int64_t amount,
                         const struct payment_transaction *at, size_t count)
{
    struct sums sums = add_up(at, count);
    int64_t rest = rest_of(amount, &sums);
    int64_t disputed = at_least_0(sums.charged_back - sums.reversed);
    switch (type) {
    case PAYMENT_AUTHORIZE: /* What is sold in parts is not promised besides. */
        if (sums.authorized == 0)
            return sums.captured > 0 ? 0 : rest;
        return at_least_0(amount - sums.captured - rest);
    case PAYMENT_REFUND:
        return at_least_0(sums.captured - sums.refunded - disputed);
    case PAYMENT_CHARGEBACK: return at_least_0(sums.captured - disputed);
    case PAYMENT_CHARGEBACK_REVERSED: return disputed;
    case PAYMENT_CAPTURE:
    case PAYMENT_VOID:
    case PAYMENT_EXPIRE: return rest;
    case PAYMENT_DISPUTE_LOST:
    case PAYMENT_FAIL: break;
    }
    return 0;
}

utc_ms payment_watch_at(utc_ms now, utc_ms expires_at, int64_t renew_hours)
{
    utc_ms early = expires_at - renew_hours * 60 * 60 * 1000;
    utc_ms half = now + (expires_at - now) / 2;
    if (renew_hours == 0 || expires_at <= now)
        return expires_at;
    return early > half ? early : half;
}

/* ---- promises ---- */

static utc_ms end_of(const struct payment *pay, size_t i)
{
    utc_ms at = pay->transactions[i].expires_at;
    return at < 0 ? pay->expires_at : at;
}

/* A renewal took its place: of all that end by its time, or of all there was.
 */
static bool is_replaced(const struct payment *pay, size_t promise)
{
    const struct payment_transaction *all = pay->transactions;
    for (size_t i = promise + 1; i < pay->transaction_count; i++) {
        if (all[i].type != PAYMENT_EXPIRE ||
            !str_ends(all[i].event_key, STR(PAYMENT_REPLACED_KEY)))
            continue;
        if (all[i].expires_at <= 0 || all[promise].expires_at < 0 ||
            (all[promise].expires_at > 0 &&
             all[promise].expires_at <= all[i].expires_at))
            return true;
    }
    return false;
}

static bool is_standing(const struct payment *pay, size_t i, utc_ms now)
{
    return pay->transactions[i].type == PAYMENT_AUTHORIZE &&
           (end_of(pay, i) == 0 || end_of(pay, i) > now) &&
           !is_replaced(pay, i);
}

/* What was given up was a promise that has ended by now, by its amount; where
 * that is not sure it was of those that stand, so that none counts too long. */
static bool is_of_ended(const struct payment *pay, size_t given_up, utc_ms now)
{
    const struct payment_transaction *all = pay->transactions;
    const struct payment_transaction *tx = &all[given_up];
    int64_t ended = 0;
    for (size_t i = 0; i < given_up; i++) {
        bool is_same = all[i].amount == tx->amount;
        if (is_same && is_standing(pay, i, now))
            return false;
        ended += is_same && is_standing(pay, i, tx->occurred_at);
        ended -= is_same && all[i].type == PAYMENT_VOID;
    }
    return ended > 0;
}

int64_t payment_promised_beyond(const struct payment *pay, utc_ms now,
                                utc_ms *ret_next_at)
{
    int64_t sum = 0;
    *ret_next_at = 0;
    for (size_t i = 0; i < pay->transaction_count; i++) {
        const struct payment_transaction *tx = &pay->transactions[i];
        if (tx->type == PAYMENT_VOID && !is_of_ended(pay, i, now))
            sum = at_least_0(sum - tx->amount);
        if (!is_standing(pay, i, now))
            continue;
        utc_ms at = end_of(pay, i);
        sum += tx->amount;
        if (at > 0 && (*ret_next_at == 0 || at < *ret_next_at))
            *ret_next_at = at;
    }
    return sum;
}

bool payment_is_within(int64_t amount, const struct payment_transaction *at,
                       size_t count)
{
    struct sums sums = add_up(at, count);
    int64_t most = sums.authorized > 0 ? sums.authorized : amount;
    int64_t disputed = at_least_0(sums.charged_back - sums.reversed);
    return sums.captured <= most && sums.refunded + disputed <= sums.captured;
}
