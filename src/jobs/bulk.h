/* bulk.h - the worker of jobs over orders (oms/bulk), item by item. */
#ifndef WHARF_JOBS_BULK_H
#define WHARF_JOBS_BULK_H

#include "base/base.h"

struct order_job_item;

/* The next items of one job; the argument of bulk_kind (jobs/batch.h). */
struct bulk_items {
    struct order_job_item *at;
    size_t count;
};
extern const struct batch_kind bulk_kind;

#endif
