/* forget.h - answers remembered for idempotency that must be forgotten. */
#ifndef WHARF_STORE_FORGET_H
#define WHARF_STORE_FORGET_H

#include "base/base.h"

typedef bool forget_fn(void *arg, str reply);
/* Empties every remembered answer for which `fn` says so, in ctx's transaction;
 * its key stays, and the same request sent again fails with ERR_CONFLICT
 * (reply_erased). Reads all answers of the last day. */
MUST_USE err_t forget_replies(struct ctx *ctx, forget_fn *fn, void *arg,
                              int64_t *ret_count);

#endif
