/* user_account.c - the commands that make and change people. */
#include "base/buf.h"
#include "base/check.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/user/user_grant.h"
#include "oms/user/user_rules.h"
#include "oms/user/user_session.h"
#include "oms/user/user_sql.h"
#include "oms/user/user_store.h"
#include "store/event.h"
#include "store/sql.h"

/* Ids and codes only: names and addresses stay out of the log. */
static err_t tell(struct ctx *ctx, const char *type, const struct user *user)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_begin_list(&out, "roles");
    for (size_t i = 0; i < user->role_count; i++)
        json_put_str(&out, NULL, user->roles[i]);
    json_end_list(&out);
    json_put_bool(&out, "is_active", user->is_active);
    json_put_i64(&out, "version", user->version);
    json_end_object(&out);
    return event_add(ctx, type, "user", user->id.v, buf_str(&buf), NULL);
}

static err_t check_user(struct ctx *ctx, const struct user *user)
{
    TRY(check_email(ctx, "email", user->email));
    return check_line(ctx, "name", user->name, 1, LIMIT_NAME_BYTES);
}

/* Each role exists and stands once; *ret gets what they hold together. Own
 * ones are locked, so that none is deleted meanwhile. */
static err_t check_roles(struct ctx *ctx, const struct user *user,
                         unsigned *ret)
{
    if (user->role_count == 0)
        return fail_as(ctx, ERR_INVALID, "too_short", "roles",
                       "must name at least one role");
    *ret = 0;
    for (size_t i = 0; i < user->role_count; i++) {
        struct role role = {0};
        bool found;
        TRY(role_row_find(ctx, user->roles[i], true, &role, &found));
        if (!found)
            return fail_as(ctx, ERR_INVALID, "role_unknown", "roles",
                           "there is no role '%.*s'", STR_ARG(user->roles[i]));
        for (size_t j = 0; j < i; j++)
            if (str_equal(user->roles[i], user->roles[j]))
                return fail_as(ctx, ERR_INVALID, "role_repeated", "roles",
                               "'%.*s' stands twice", STR_ARG(user->roles[i]));
        *ret |= role.perms;
    }
    return OK;
}

static err_t fail_taken(struct ctx *ctx)
{
    return fail_as(ctx, ERR_CONFLICT, "email_taken", "email",
                   "there is a person with this e-mail address");
}

err_t user_create(struct ctx *ctx, const struct user_cmd *cmd, struct user *ret)
{
    ASSERT(ctx->tx != NULL && cmd->role_count <= USER_ROLES_MAX);
    struct user user = {
        .email = cmd->email,
        .name = cmd->name,
        .is_active = true,
        .role_count = cmd->role_count,
        .created_at = ctx->now,
        .version = 1,
    };
    bool added;
    memcpy(user.roles, cmd->roles, cmd->role_count * sizeof user.roles[0]);
    TRY(check_user(ctx, &user));
    TRY(check_roles(ctx, &user, &user.perms));
    TRY(grant_check(ctx, "roles", cmd->granting, user.perms));
    user.id.v = id_next(ctx->ids, ctx->now, 0);
    TRY(user_row_add(ctx, &user, &added));
    if (!added)
        return fail_taken(ctx);
    TRY(user_roles_save(ctx, &user));
    TRY(tell(ctx, "user.created", &user));
    *ret = user;
    return OK;
}

static bool is_admin(const struct user *user)
{
    for (size_t i = 0; user->is_active && i < user->role_count; i++)
        if (str_equal_cstr(user->roles[i], "admin"))
            return true;
    return false;
}

static void apply(const struct user_change *change, struct user *user)
{
    if (change->email)
        user->email = *change->email;
    if (change->name)
        user->name = *change->name;
    if (change->is_active)
        user->is_active = *change->is_active;
    if (change->roles) {
        user->role_count = change->role_count;
        memcpy(user->roles, change->roles,
               change->role_count * sizeof user->roles[0]);
    }
}

static err_t check_address_free(struct ctx *ctx, const struct user *user)
{
    struct user other = {0};
    bool found;
    TRY(user_find(ctx, user->email, &other, &found));
    return found && other.id.v != user->id.v ? fail_taken(ctx) : OK;
}

/* What the change needs of the caller and leaves of the house. */
static err_t check_change(struct ctx *ctx, const struct user_change *change,
                          const struct user *before, struct user *after,
                          size_t admins_left)
{
    TRY(grant_check(ctx, "id", change->granting, before->perms));
    TRY(check_version(ctx, change->version, before->version));
    TRY(check_user(ctx, after));
    if (change->roles) {
        TRY(check_roles(ctx, after, &after->perms));
        TRY(grant_check(ctx, "roles", change->granting, after->perms));
    }
    if (is_admin(before) && !is_admin(after) && admins_left == 0)
        return fail_as(ctx, ERR_STATE, "last_admin", "",
                       "this is the last active admin; make another first");
    return change->email ? check_address_free(ctx, after) : OK;
}

err_t user_change(struct ctx *ctx, user_id id, const struct user_change *change,
                  struct user *ret)
{
    ASSERT(ctx->tx != NULL && change->role_count <= USER_ROLES_MAX);
    struct user before = {0};
    size_t admins_left = 1;
    /* Before the row itself: two that take out two admins wait here. */
    if (change->roles || change->is_active)
        TRY(user_admins_left(ctx, id, &admins_left));
    TRY(user_row_lock(ctx, id, &before));
    struct user user = before;
    apply(change, &user);
    TRY(check_change(ctx, change, &before, &user, admins_left));
    TRY(user_row_save(ctx, &user));
    if (change->roles)
        TRY(user_roles_save(ctx, &user));
    int64_t ended;
    if (!user.is_active)
        TRY(session_end_all(ctx, id, &ended));
    TRY(tell(ctx, "user.changed", &user));
    *ret = user;
    return OK;
}

err_t user_set_password(struct ctx *ctx, user_id id,
                        const struct user_password *cmd, struct user *ret)
{
    ASSERT(ctx->tx != NULL && cmd->hash.len > 0);
    struct user user = {0};
    int64_t changed;
    TRY(user_row_lock(ctx, id, &user));
    TRY(grant_check(ctx, "id", cmd->granting, user.perms));
    if (cmd->version != 0)
        TRY(check_version(ctx, cmd->version, user.version));
    struct sql_arg args[] = {sql_s(cmd->hash), sql_i(ctx->now), sql_i(id.v),
                             sql_i(user.version)};
    TRY(sql_run(ctx, SQL_USER_SAVE_PASSWORD, args, COUNT_OF(args), &changed));
    if (changed != 1)
        return ERR_RETRY;
    user.version++;
    user.password_at = ctx->now;
    TRY(session_end_all(ctx, id, &changed));
    TRY(tell(ctx, "user.password_set", &user));
    *ret = user;
    return OK;
}
