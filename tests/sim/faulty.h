/* faulty.h - a carrier that fails in every way, and the worker that asks it.
 *
 * Mutants and the simulator only: the linker lets accounts name it. It keeps a
 * book of the labels it made; whoever asks it twice gets two. Now and then it
 * says no and does it all the same; sometimes it says so later.
 */
#ifndef WHARF_SIM_FAULTY_H
#define WHARF_SIM_FAULTY_H

#include "wire.h"

enum { F_LABELS = 20000, F_TOLD = 4000 };

struct f_label {
    char reference[32], tracking[24];
    char kept_for[32]; /* The void that it refused: no once, no for ever. */
    utc_ms sold_at;
    bool is_void, is_denied; /* Denied: it said that it did not sell it. */
};
struct faulty {
    struct f_label labels[F_LABELS];
    int count;
    char told[F_TOLD][32]; /* Manifests, and where it was asked to come. */
    int told_count;
    int64_t owner; /* Of the worker that lives. */
    struct wire wire;
    /* It did what it refused just now, and says so later: that tracking number,
     * or "". NULL: no. */
    const char *late;
    utc_ms restored_at;   /* The store that asked before is lost. */
    int seen;             /* Labels that the last check looked at. */
    int64_t denied, kept; /* Labels sold so, voids refused. */
    bool is_fair;         /* It sells and voids all it is asked. */
    int mood;             /* Mutants: how much more often it says no. */
    bool is_blind; /* Mutant: what was lost is asked again, not looked up. */
};

/* As the wire asks it. */
wire_house_fn faulty_house;

/* Lets the worker do what is due. Fair: nothing fails and time passes until
 * nothing is left to do. */
void faulty_turn(struct sim *sim, bool is_fair);
/* Asks what is due once, and takes no items of jobs; how many were asked. */
size_t faulty_ask(struct sim *sim);
/* Whether a manifest or a pickup of that reference came to it. */
bool faulty_knows(const struct sim *sim, const char *reference);
/* The label of that reference, one that is void only where there is no other;
 * NULL: none. Several: the simulator is told. */
const struct f_label *faulty_find(struct sim *sim, const char *reference);

#endif
