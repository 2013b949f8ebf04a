/* chores.h - what a store's worker does in batches, of all rooms: each kind in
 * a file of its own, named after what it is of. The thread is the one that
 * asks carriers (labels.h): a store has few threads, and where nothing waits
 * all kinds together are one short read. */
#ifndef WHARF_JOBS_CHORES_H
#define WHARF_JOBS_CHORES_H

#include "base/base.h"

struct arena;
struct store;

/* True where there was something to do. Both arenas are its own. */
bool chores_run(struct store *store, struct arena *arena,
                struct arena *scratch);

#endif
