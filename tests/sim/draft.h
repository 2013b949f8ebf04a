/* draft.h - drafts and quotes, which become orders once. */
#ifndef WHARF_SIM_DRAFT_H
#define WHARF_SIM_DRAFT_H

#include "sim.h"

/* Written down, asked about, sent, answered, placed; right and wrong. */
void step_draft(struct sim *sim);
/* What the orders of each company owe, and how much more it may. */
void check_credit(struct sim *sim);
void drafts_tell(const struct sim *sim);

#endif
