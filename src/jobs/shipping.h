/* shipping.h - the worker of the shipping room in batches: labels asked for in
 * bulk, those that wait for prices, what carriers tell by themselves. */
#ifndef WHARF_JOBS_SHIPPING_H
#define WHARF_JOBS_SHIPPING_H

#include "base/base.h"
#include "oms/ids.h"

struct batch_kind;
struct fact_key;
struct job_item;

/* What is next; the arguments of the kinds (jobs/batch.h). */
struct label_items {
    struct job_item *at;
};
struct label_shoppers {
    label_id *labels;
};
struct carrier_hooks {
    int64_t *ids;
};
struct carrier_facts {
    struct fact_key *keys;
};
extern const struct batch_kind label_items_kind, label_shoppers_kind,
    carrier_hooks_kind, carrier_facts_kind;

#endif
