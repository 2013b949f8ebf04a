/* user_rules.h - the builtin roles and small checks; private to the room. */
#ifndef WHARF_OMS_USER_RULES_H
#define WHARF_OMS_USER_RULES_H

#include "oms/user/user_people.h"

extern const struct role builtin_roles[]; /* In order of code. */
extern const size_t builtin_role_count;
/* NULL: there is none of that code. */
const struct role *builtin_role(str code);

/* One '@' with something on both sides, no blanks, no control characters. */
MUST_USE err_t check_email(struct ctx *ctx, const char *field, str email);
MUST_USE err_t check_role_code(struct ctx *ctx, str code);
/* ERR_DENIED, slug "scope_not_held", unless `held` covers `perms`. */
MUST_USE err_t check_held(struct ctx *ctx, const char *field, unsigned held,
                          unsigned perms);

#endif
