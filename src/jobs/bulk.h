/* bulk.h - the worker of jobs over orders (oms/bulk), item by item. */
#ifndef WHARF_JOBS_BULK_H
#define WHARF_JOBS_BULK_H

#include <stdbool.h>

struct arena;
struct store;

/* As batch_run(): the next items of one job. */
bool bulk_run(struct store *store, struct arena *arena, struct arena *scratch);

#endif
