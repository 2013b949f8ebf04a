/* parcel.h - a parcel as the house shows it. */
#ifndef WHARF_SIM_PARCEL_H
#define WHARF_SIM_PARCEL_H

#include "faulty.h"
#include "goods.h"

struct parcel {
    int64_t id, version, order, fo;
    int place;
    char state[20], label[32], label_state[16], tracking[24];
    int64_t kits[M_LINES]; /* Units of lines. */
};
bool parcel_read(struct sim *sim, int64_t id, struct parcel *ret);

/* Wants a label for one that has none. */
void parcel_wish(struct sim *sim);
/* The store is lost and comes back from its backup. */
void step_restore(struct sim *sim);

/* Asks again for a label nobody wants, also of one that was not refused. */
void orphan_work(struct sim *sim);
/* Once carriers were asked all there was: each label they sold is borne by a
 * parcel, void, or listed as one that nobody wants (I23). */
void check_orphans(struct sim *sim);

/* How many there were, for the end of a run. */
void orphan_tell(const struct sim *sim);

/* Manifests, carriers that come, labels in bulk. */
void handover_work(struct sim *sim);
/* Once carriers were asked all there was. */
void check_handovers(struct sim *sim);

#endif
