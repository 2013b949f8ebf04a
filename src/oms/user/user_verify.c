/* user_verify.c - what the schema does not hold by itself. */
#include "base/fold.h"
#include "base/id.h"
#include "base/str.h"
#include "oms/user/user_room.h"
#include "oms/user/user_rules.h"
#include "oms/user/user_secret.h"
#include "oms/user/user_session.h"
#include "oms/user/user_sql.h"
#include "oms/verify.h"
#include "store/sql.h"

static err_t see_key(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    (void)ctx;
    const struct verify *check = arg;
    unsigned char hash[KEY_HASH_BYTES];
    if (sql_int(row, 0, 1) == 0)
        verify_tell(check, sql_int(row, 0, 0), "the key has no scope");
    if (!hash_from_hex(sql_str(row, 0, 2), hash))
        verify_tell(check, sql_int(row, 0, 0),
                    "the key is not stored as a hash");
    return OK;
}

/* key_id, key_hash, the key, whose present secret it is */
static err_t see_old(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    (void)ctx;
    const struct verify *check = arg;
    int64_t id = sql_int(row, 0, 0);
    unsigned char hash[KEY_HASH_BYTES];
    if (!hash_from_hex(sql_str(row, 0, 1), hash))
        verify_tell(check, id, "an old secret is not stored as a hash");
    if (sql_is_null(row, 0, 2))
        verify_tell(check, id, "an old secret is of no key");
    if (!sql_is_null(row, 0, 3))
        verify_tell(check, id, "an old secret is also a present one");
    return OK;
}

static err_t check_keys(struct ctx *ctx, verify_report_fn *fn, void *arg)
{
    struct verify check = {fn, arg, "keys", "key", ""};
    TRY(sql_each(ctx, SQL_VERIFY_KEYS, NULL, 0, see_key, &check));
    return sql_each(ctx, SQL_VERIFY_KEY_OLDS, NULL, 0, see_old, &check);
}

/* id, email, email_fold, password_hash, device_key, roles */
static err_t see_user(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    const struct verify *check = arg;
    int64_t id = sql_int(row, 0, 0);
    unsigned char hash[KEY_HASH_BYTES];
    if (!str_equal(str_fold(ctx->arena, sql_str(row, 0, 1)),
                   sql_str(row, 0, 2)))
        verify_tell(check, id, "the folded address is not that of the address");
    if (!sql_is_null(row, 0, 3) &&
        !str_starts(sql_str(row, 0, 3), STR("$argon2id$")))
        verify_tell(check, id, "the password is not stored as argon2id");
    if (!hash_from_hex(sql_str(row, 0, 4), hash))
        verify_tell(check, id, "the device key is not 256 bits");
    if (sql_int(row, 0, 5) == 0)
        verify_tell(check, id, "the person has no role");
    return OK;
}

static err_t check_users(struct ctx *ctx, verify_report_fn *fn, void *arg)
{
    struct verify check = {fn, arg, "users", "usr", ""};
    return sql_each(ctx, SQL_VERIFY_USERS, NULL, 0, see_user, &check);
}

/* user_id, role, perms of the own role, id of the user */
static err_t see_grant(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    (void)ctx;
    const struct verify *check = arg;
    int64_t id = sql_int(row, 0, 0);
    bool is_builtin = builtin_role(sql_str(row, 0, 1)) != NULL;
    if (sql_is_null(row, 0, 2) && !is_builtin)
        verify_tell(check, id, "has a role that there is not");
    if (!sql_is_null(row, 0, 2) && is_builtin)
        verify_tell(check, id, "has a role that hides a builtin one");
    if (sql_is_null(row, 0, 3))
        verify_tell(check, id, "a role is given to nobody");
    return OK;
}

static err_t check_grants(struct ctx *ctx, verify_report_fn *fn, void *arg)
{
    struct verify check = {fn, arg, "grants", "usr", ""};
    return sql_each(ctx, SQL_VERIFY_GRANTS, NULL, 0, see_grant, &check);
}

/* id, token_hash, created_at, seen_at, expires_at, user, is_active */
static err_t see_session(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    (void)ctx;
    const struct verify *check = arg;
    int64_t id = sql_int(row, 0, 0);
    unsigned char hash[KEY_HASH_BYTES];
    if (!hash_from_hex(sql_str(row, 0, 1), hash))
        verify_tell(check, id, "the session is not stored as a hash");
    if (sql_int(row, 0, 3) < sql_int(row, 0, 2))
        verify_tell(check, id, "the session was used before it began");
    if (sql_int(row, 0, 4) - sql_int(row, 0, 2) > SESSION_MAX_MS)
        verify_tell(check, id, "the session lasts longer than any may");
    if (sql_is_null(row, 0, 5))
        verify_tell(check, id, "the session is nobody's");
    else if (sql_int(row, 0, 6) == 0)
        verify_tell(check, id, "the session is of a deactivated person");
    return OK;
}

static err_t check_sessions(struct ctx *ctx, verify_report_fn *fn, void *arg)
{
    struct verify check = {fn, arg, "sessions", "ses", ""};
    return sql_each(ctx, SQL_VERIFY_SESSIONS, NULL, 0, see_session, &check);
}

static const struct verify_check checks[] = {
    {"keys",     "keys have scopes and are stored hashed",         check_keys  },
    {"users",    "people have roles and no readable secrets",      check_users },
    {"grants",   "roles that are given exist",                     check_grants},
    {"sessions", "sessions are of active people, hashed, and end",
     check_sessions                                                            },
};
const struct verify_list user_verify = {checks, COUNT_OF(checks)};
