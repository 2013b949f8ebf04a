/* labels.h - the worker that asks carriers: labels and what belongs to them,
 * besides, a store's chores (chores.h). See asker.h and docs/shipping.md. */
#ifndef WHARF_JOBS_LABELS_H
#define WHARF_JOBS_LABELS_H

#include "jobs/asker.h"

/* Metrics are wharf_carrier_calls_total, wharf_carrier_unknown_total. */
extern const struct asker_kind labels_kind;

#endif
