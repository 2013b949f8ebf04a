/* change_release.h - releases of blanket orders that are due: what their worker
 * does. A public header of the room.
 *
 * A release becomes an order in the transaction that says so: once, whenever a
 * process dies. docs/blankets.md
 */
#ifndef WHARF_OMS_CHANGE_RELEASE_H
#define WHARF_OMS_CHANGE_RELEASE_H

#include "base/base.h"
#include "oms/ids.h"

enum { BLANKET_BATCH = 20 };

struct release_key {
    blanket_id blanket;
    int64_t n;
};
/* Those that are due, first first. */
MUST_USE err_t blanket_due(struct ctx *ctx, size_t limit,
                           struct release_key **ret, size_t *ret_count);
/* Places its order. Does nothing where it is not due any more. */
MUST_USE err_t blanket_release(struct ctx *ctx, const struct release_key *key);
/* It could not be: it is tried again later. */
MUST_USE err_t blanket_refuse(struct ctx *ctx, const struct release_key *key,
                              const struct err_detail *why);

#endif
