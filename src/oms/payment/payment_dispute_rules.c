/* payment_dispute_rules.c - what chargebacks make of a dispute. Pure. */
#include "base/machine.h"
#include "oms/payment/payment_rules.h"

const char *const dispute_state_names[DISPUTE_LOST] = {"open", "won", "lost"};
static const char *const events[DISPUTE_EVENT_LOSE] = {
    "open", "answer", "return_part", "win", "lose"};

/* A pair that is not listed is refused. docs/states/dispute.md shows the whole
 * grid. */
static const struct machine_move moves[] = {
    {DISPUTE_NONE, DISPUTE_EVENT_OPEN,   DISPUTE_OPEN},
    {DISPUTE_OPEN, DISPUTE_EVENT_OPEN,   DISPUTE_OPEN}, /* More is taken back. */
    {DISPUTE_OPEN, DISPUTE_EVENT_ANSWER, DISPUTE_OPEN},
    {DISPUTE_OPEN, DISPUTE_EVENT_RETURN, DISPUTE_OPEN},
    {DISPUTE_OPEN, DISPUTE_EVENT_WIN,    DISPUTE_WON },
    {DISPUTE_OPEN, DISPUTE_EVENT_LOSE,   DISPUTE_LOST},
};

const struct machine dispute_machine = {
    .states = dispute_state_names,
    .events = events,
    .state_count = COUNT_OF(dispute_state_names),
    .event_count = COUNT_OF(events),
    .moves = moves,
    .move_count = COUNT_OF(moves),
    .slug = "dispute_state",
    .noun = "a dispute that is",
};

bool payment_is_of_dispute(enum payment_type type)
{
    return type == PAYMENT_CHARGEBACK || type == PAYMENT_CHARGEBACK_REVERSED ||
           type == PAYMENT_DISPUTE_LOST;
}

struct dispute_now dispute_fold(const struct payment_transaction *at,
                                size_t count, payment_dispute_id id)
{
    struct dispute_now now = {.state = DISPUTE_OPEN};
    for (size_t i = 0; i < count; i++) {
        if (at[i].dispute.v != id.v)
            continue;
        if (at[i].type == PAYMENT_CHARGEBACK)
            now.amount += at[i].amount;
        else if (at[i].type == PAYMENT_CHARGEBACK_REVERSED)
            now.returned += at[i].amount;
        else
            now.state = DISPUTE_LOST;
    }
    if (now.returned > 0 && now.returned >= now.amount)
        now.state = DISPUTE_WON;
    return now;
}

bool payment_is_disputed(const struct payment *pay)
{
    for (size_t i = 0; i < pay->dispute_count; i++)
        if (dispute_fold(pay->transactions, pay->transaction_count,
                         pay->disputes[i].id)
                .state == DISPUTE_OPEN)
            return true;
    return false;
}
