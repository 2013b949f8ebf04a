/* user_role.c - roles: named sets of scopes, builtin and own. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/user/user_grant.h"
#include "oms/user/user_rules.h"
#include "oms/user/user_sql.h"
#include "oms/user/user_store.h"
#include "store/event.h"
#include "store/sql.h"

/* Roles have codes and no ids, so they are all about subject 0. */
static err_t tell(struct ctx *ctx, const char *type, const struct role *role)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_str(&out, "code", role->code);
    json_put_i64(&out, "perms", role->perms);
    json_put_i64(&out, "version", role->version);
    json_end_object(&out);
    return event_add(ctx, type, "role", 0, buf_str(&buf), NULL);
}

static err_t check(struct ctx *ctx, const struct role *role)
{
    TRY(check_role_code(ctx, role->code));
    TRY(check_line(ctx, "title", role->title, 1, LIMIT_TITLE_BYTES));
    if (role->perms == 0)
        return fail_as(ctx, ERR_INVALID, "too_short", "scopes",
                       "must name at least one scope");
    return OK;
}

static int compare(const void *a, const void *b)
{
    const struct role *x = a, *y = b;
    return str_compare(x->code, y->code);
}

err_t role_list(struct ctx *ctx, struct role **ret, size_t *ret_count)
{
    struct role *own;
    size_t count;
    TRY(role_rows(ctx, &own, &count));
    struct role *all =
        arena_array(ctx->arena, struct role, count + builtin_role_count);
    for (size_t i = 0; i < builtin_role_count; i++)
        all[i] = builtin_roles[i];
    for (size_t i = 0; i < count; i++)
        all[builtin_role_count + i] = own[i];
    count += builtin_role_count;
    qsort(all, count, sizeof *all, compare);
    *ret = all;
    *ret_count = count;
    return OK;
}

static err_t fail_unknown(struct ctx *ctx)
{
    return fail(ctx, ERR_NOT_FOUND, "code", "there is no such role");
}

err_t role_get(struct ctx *ctx, str code, struct role *ret)
{
    bool found;
    TRY(role_row_find(ctx, code, false, ret, &found));
    return found ? OK : fail_unknown(ctx);
}

static err_t role_lock_own(struct ctx *ctx, str code, struct role *ret)
{
    bool found;
    TRY(role_row_find(ctx, code, true, ret, &found));
    if (!found)
        return fail_unknown(ctx);
    if (ret->is_builtin)
        return fail_as(ctx, ERR_STATE, "role_builtin", "code",
                       "a builtin role stays as it is; make one of your own");
    return OK;
}

err_t role_create(struct ctx *ctx, const struct role_cmd *cmd, struct role *ret)
{
    ASSERT(ctx->tx != NULL);
    struct role role = {.code = cmd->code,
                        .title = cmd->title,
                        .perms = cmd->perms,
                        .version = 1,
                        .created_at = ctx->now};
    struct role *own;
    size_t count;
    int64_t added = 0;
    TRY(check(ctx, &role));
    TRY(grant_check(ctx, "scopes", cmd->granting, role.perms));
    TRY(role_rows(ctx, &own, &count));
    if (count >= ROLES_MAX)
        return fail_as(ctx, ERR_STATE, "too_many_roles", "",
                       "a store has at most %d roles of its own", ROLES_MAX);
    struct sql_arg args[] = {sql_s(role.code), sql_s(role.title),
                             sql_i(role.perms), sql_i(role.created_at)};
    if (!builtin_role(role.code))
        TRY(sql_run(ctx, SQL_ROLE_ADD, args, COUNT_OF(args), &added));
    if (added != 1)
        return fail_as(ctx, ERR_CONFLICT, "code_taken", "code",
                       "there is a role with this code");
    TRY(tell(ctx, "role.created", &role));
    *ret = role;
    return OK;
}

err_t role_change(struct ctx *ctx, str code, const struct role_change *change,
                  struct role *ret)
{
    ASSERT(ctx->tx != NULL);
    struct role role = {0};
    int64_t changed;
    TRY(role_lock_own(ctx, code, &role));
    unsigned before = role.perms;
    role.title = change->title ? *change->title : role.title;
    role.perms = change->perms ? *change->perms : role.perms;
    TRY(grant_check(ctx, "scopes", change->granting, before | role.perms));
    TRY(check_version(ctx, change->version, role.version));
    TRY(check(ctx, &role));
    struct sql_arg args[] = {sql_s(role.title), sql_i(role.perms),
                             sql_s(role.code), sql_i(role.version)};
    TRY(sql_run(ctx, SQL_ROLE_SAVE, args, COUNT_OF(args), &changed));
    if (changed != 1)
        return ERR_RETRY;
    role.version++;
    TRY(tell(ctx, "role.changed", &role));
    *ret = role;
    return OK;
}

err_t role_delete(struct ctx *ctx, str code, unsigned granting,
                  struct role *ret)
{
    ASSERT(ctx->tx != NULL);
    struct role role = {0};
    struct sql_rows rows;
    struct sql_arg args[] = {sql_s(code)};
    TRY(role_lock_own(ctx, code, &role));
    TRY(grant_check(ctx, "code", granting, role.perms));
    TRY(sql_list(ctx, SQL_USER_ROLE_ANY, args, COUNT_OF(args), &rows));
    if (rows.count > 0)
        return fail_as(ctx, ERR_STATE, "role_in_use", "code",
                       "somebody has this role; take it from him first");
    TRY(sql_run(ctx, SQL_ROLE_DELETE, args, COUNT_OF(args), NULL));
    TRY(tell(ctx, "role.deleted", &role));
    *ret = role;
    return OK;
}
