/* releases.h - the worker of blanket orders (oms/change): releases that are due
 * become orders. */
#ifndef WHARF_JOBS_RELEASES_H
#define WHARF_JOBS_RELEASES_H

#include <stdbool.h>

struct arena;
struct store;

/* As batch_run(): the next that are due. */
bool releases_run(struct store *store, struct arena *arena,
                  struct arena *scratch);

#endif
