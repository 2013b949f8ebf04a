/* till.h - a gateway that fails in every way, and the worker that asks it.
 *
 * Mutants and the simulator only: the linker lets accounts name it. It keeps a
 * book of what it did; whoever asks it twice moves money twice.
 */
#ifndef WHARF_SIM_TILL_H
#define WHARF_SIM_TILL_H

#include "model_pay.h"
#include "wire.h"

enum { T_DEEDS = 8000, T_TOLD = 128, T_PAYMENTS = 4000 };

/* What it did, or refused to do. */
struct t_deed {
    enum m_type type;
    bool is_refused;
    int64_t payment, amount;
    char reference[32]; /* "-": nobody here asked. */
};
struct till {
    struct wire wire;
    int64_t owner, account;
    struct t_deed deeds[T_DEEDS];
    int count;
    struct m_payment *payments[T_PAYMENTS];
    int payment_count;
    struct {
        int deed;
        utc_ms at; /* When it is told; 0: free. */
    } told[T_TOLD];
    int64_t heard;       /* The payment that was told of last. */
    struct t_late *late; /* An answer that comes when nobody waits for it. */
    int64_t settled, garbled;
    bool is_silent; /* It does what it is asked, and answers nobody. */
    bool is_blind;  /* Mutant: what it knows is not looked at. */
};

/* ---- its own house (till_book.c) ---- */

wire_house_fn till_house;
/* What it did of that sort with the payment. */
int64_t till_sum(const struct till *till, int64_t payment, enum m_type type);
/* What it knows by that reference, or NULL. */
const struct t_deed *till_deed(const struct till *till, const char *reference);
/* It was not done, and will not be. */
void till_deny(struct sim *sim, const struct m_payment *pay,
               const struct m_call *call);
/* What a webhook tells of a deed. */
void till_tell(const struct till *till, int deed, struct buf *ret);
/* The merchant's or the bank's own doing. */
void till_outside(struct sim *sim);

/* ---- the worker (till.c) ---- */

void till_setup(struct sim *sim);
/* Lets the worker do what is due. Fair: nothing fails and time passes until
 * nothing is left to do. */
void till_turn(struct sim *sim, bool is_fair);
/* Answers nobody while all the same is done: what was asked gets stuck. */
void till_fall_silent(struct sim *sim);
/* Asks what is due while the store is about to be lost: what comes of it the
 * house will not remember. How many were asked. */
size_t till_ask(struct sim *sim);
/* The process dies with what it knew. */
void till_die(struct sim *sim);
/* Once all is done: the house knows what is in its book, each once. */
void check_till(struct sim *sim);

/* ---- the auditor (step_till.c) ---- */

/* A payment as the house shows it: what is new of it must be in the book. */
void till_take(struct sim *sim, struct m_payment *pay, struct json_in *in);
/* The same, read. */
void till_sync(struct sim *sim, struct m_payment *pay);
struct m_payment *till_payment(const struct till *till, int64_t id);

#endif
