/* batch.h - many small pieces of work in one transaction of a store; where one
 * of them is refused, each in its own. What workers do besides asking. */
#ifndef WHARF_JOBS_BATCH_H
#define WHARF_JOBS_BATCH_H

#include "base/base.h"

struct arena;
struct store;

struct batch_kind {
    const char *name;   /* In the log. */
    bool is_one_by_one; /* Each in a transaction of its own from the start. */
    /* Finds the next, in a snapshot; 0: there are none. */
    err_t (*read)(struct ctx *ctx, void *arg, size_t *ret_count);
    err_t (*run)(struct ctx *ctx, void *arg, size_t at);
    /* It was refused alone, for that reason. */
    err_t (*refuse)(struct ctx *ctx, void *arg, size_t at,
                    const struct err_detail *why);
};
/* What is read lives in the first arena. True where there was something to do.
 */
bool batch_run(struct store *store, const struct batch_kind *kind, void *arg,
               struct arena *arena, struct arena *scratch);

/* Of several kinds what waits is looked for in one snapshot: where nothing
 * does, as most of the time, that is one short read. */
struct batch_part {
    const struct batch_kind *kind;
    void *arg;
    size_t count; /* Found by it. */
};
bool batch_run_all(struct store *store, struct batch_part *parts, size_t count,
                   struct arena *arena, struct arena *scratch);

#endif
