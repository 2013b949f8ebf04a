/* user_store.h - rows of keys, people and roles; private to the room. */
#ifndef WHARF_OMS_USER_STORE_H
#define WHARF_OMS_USER_STORE_H

#include "oms/user/user.h"
#include "oms/user/user_people.h"

MUST_USE err_t key_row_lock(struct ctx *ctx, key_id id, struct api_key *ret);

/* With roles and what they hold. */
MUST_USE err_t user_row_lock(struct ctx *ctx, user_id id, struct user *ret);
/* *ret_added is false where another has this address. */
MUST_USE err_t user_row_add(struct ctx *ctx, const struct user *user,
                            bool *ret_added);
/* Writes address, name and is_active at user->version, which it then raises. */
MUST_USE err_t user_row_save(struct ctx *ctx, struct user *user);
/* Replaces the roles by those in user->roles. */
MUST_USE err_t user_roles_save(struct ctx *ctx, const struct user *user);
/* Active admins, locked; counts those who are not `but`, up to 1000. */
MUST_USE err_t user_admins_left(struct ctx *ctx, user_id but, size_t *ret);

/* What only signing in looks at. All empty where there is nobody. */
struct user_secrets {
    user_id id;
    str password_hash; /* Empty: none set. */
    str device_key;
    bool is_active;
};
MUST_USE err_t user_secrets_by_email(struct ctx *ctx, str email_fold,
                                     struct user_secrets *ret);
MUST_USE err_t user_secrets_by_id(struct ctx *ctx, user_id id,
                                  struct user_secrets *ret);

/* Of role->code, builtin or own; found tells. */
MUST_USE err_t role_row_find(struct ctx *ctx, str code, bool is_lock,
                             struct role *ret, bool *found);
/* Own roles, in order of code. */
MUST_USE err_t role_rows(struct ctx *ctx, struct role **ret, size_t *ret_count);
/* What they hold together; unknown codes hold nothing. */
unsigned role_perms(const struct role *own, size_t own_count, const str *codes,
                    size_t count);

#endif
