/* call.h - one function run as one work of a store, and waited for. */
#ifndef WHARF_STORE_CALL_H
#define WHARF_STORE_CALL_H

#include "store/store.h"

/* As work_run_fn: it may be run again from the start after a conflict. */
typedef err_t store_call_fn(struct ctx *ctx, void *arg);

/* Runs fn in a transaction of that lane, with the arena, the actor and the
 * time of ctx; `name` is for the log. Returns what fn returned, or ERR_BUSY
 * where the store took nothing; details are in ctx->err. */
err_t store_call(struct ctx *ctx, struct store *store, enum work_lane lane,
                 const char *name, store_call_fn *fn, void *arg);
/* The same on the writer's thread between its batches, without a transaction.
 */
err_t store_call_bare(struct ctx *ctx, struct store *store, const char *name,
                      store_call_fn *fn, void *arg);

#endif
