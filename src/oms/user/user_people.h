/* user_people.h - people and their roles; the second face of the room.
 *
 * A person has one or more roles; what he may do is what they hold together.
 * The builtin roles stand in the code, so that a new scope reaches them with
 * the version that brings it; own roles are named sets of scopes. Nobody gives
 * away what he does not hold, and nobody changes a person who holds more than
 * he does himself: else a password set for an admin would be a way up.
 */
#ifndef WHARF_OMS_USER_PEOPLE_H
#define WHARF_OMS_USER_PEOPLE_H

#include "base/base.h"
#include "oms/ids.h"

enum {
    ROLES_MAX = 200,     /* Own ones of a store. */
    USER_ROLES_MAX = 16, /* Of one person. */
    PASSWORD_MIN_BYTES = 12,
    PASSWORD_MAX_BYTES = 256,
    PASSWORD_HASH_BYTES = 128 /* Text of libsodium, with its NUL. */
};

struct role {
    str code;
    str title;
    unsigned perms;
    bool is_builtin;
    int64_t version;   /* 1 where it is builtin. */
    utc_ms created_at; /* 0 where it is builtin. */
};

struct role_cmd {
    str code; /* Lower-case letters, digits and '-', at most 64 bytes. */
    str title;
    unsigned perms;    /* At least one. */
    unsigned granting; /* What the caller holds. */
};
MUST_USE err_t role_create(struct ctx *ctx, const struct role_cmd *cmd,
                           struct role *ret);
struct role_change {
    int64_t version;
    unsigned granting;
    const str *title;      /* NULL: as it is. */
    const unsigned *perms; /* NULL: as they are. */
};
/* ERR_STATE, slug "role_builtin", for those of the code. */
MUST_USE err_t role_change(struct ctx *ctx, str code,
                           const struct role_change *change, struct role *ret);
/* ERR_STATE, slug "role_in_use", while somebody has it. */
MUST_USE err_t role_delete(struct ctx *ctx, str code, unsigned granting,
                           struct role *ret);
MUST_USE err_t role_get(struct ctx *ctx, str code, struct role *ret);
/* All of them, builtin and own, in order of code. */
MUST_USE err_t role_list(struct ctx *ctx, struct role **ret, size_t *ret_count);

struct user {
    user_id id;
    str email; /* As it was written; its folded form is unique. */
    str name;
    bool is_active;
    str roles[USER_ROLES_MAX];
    size_t role_count;
    unsigned perms; /* Of all its roles. */
    utc_ms created_at;
    utc_ms password_at; /* 0: none yet, so no way in. */
    int64_t version;
};

struct user_cmd {
    str email;
    str name;
    str roles[USER_ROLES_MAX];
    size_t role_count; /* At least one. */
    unsigned granting;
};
MUST_USE err_t user_create(struct ctx *ctx, const struct user_cmd *cmd,
                           struct user *ret);
struct user_change {
    int64_t version;
    unsigned granting;
    const str *email; /* NULL: as it is; so for all of them. */
    const str *name;
    const bool *is_active;
    const str *roles; /* role_count of them. */
    size_t role_count;
};
/* Ends all sessions of who is deactivated. ERR_STATE, slug "last_admin",
 * where nobody would be left to let others in. */
MUST_USE err_t user_change(struct ctx *ctx, user_id id,
                           const struct user_change *change, struct user *ret);
struct user_password {
    int64_t version; /* 0: whatever it is. */
    unsigned granting;
    str hash; /* Of password_make(). */
};
/* Ends all sessions of that person. */
MUST_USE err_t user_set_password(struct ctx *ctx, user_id id,
                                 const struct user_password *cmd,
                                 struct user *ret);
MUST_USE err_t user_get(struct ctx *ctx, user_id id, struct user *ret);
MUST_USE err_t user_find(struct ctx *ctx, str email, struct user *ret,
                         bool *found);
/* Newest first, keyset by id; before.v 0 starts. */
MUST_USE err_t user_list(struct ctx *ctx, user_id before, size_t limit,
                         struct user **ret, size_t *ret_count);

/* What a password must be; field names it. Pure. */
MUST_USE err_t password_check(struct ctx *ctx, const char *field, str password);
/* Argon2id: a tenth of a second and 64 MiB, so never on a net or writer
 * thread. *ret is in ctx->arena. */
MUST_USE err_t password_make(struct ctx *ctx, str password, str *ret);
/* As slow where hash is empty, and then false. */
bool password_fits(struct ctx *ctx, str hash, str password);

#endif
