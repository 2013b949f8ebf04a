/* user_grant.h - what the caller of a command holds. */
#ifndef WHARF_OMS_USER_GRANT_H
#define WHARF_OMS_USER_GRANT_H

#include "base/base.h"

/* Of `granting` what the caller's own row still holds now: a key that is live,
 * a person who is active. ERR_DENIED where it is not. */
MUST_USE err_t grant_held(struct ctx *ctx, unsigned granting, unsigned *ret);
/* Fails unless the caller holds all of perms. */
MUST_USE err_t grant_check(struct ctx *ctx, const char *field,
                           unsigned granting, unsigned perms);

#endif
