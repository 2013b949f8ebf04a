/* user_store.c - rows of people and roles. */
#include "oms/user/user_store.h"

#include "base/arena.h"
#include "base/fold.h"
#include "base/str.h"
#include "oms/user/user_rules.h"
#include "oms/user/user_secret.h"
#include "oms/user/user_sql.h"
#include "store/sql.h"

/* ---- roles ---- */

static void read_role(const struct sql_rows *rows, size_t i, struct role *ret)
{
    *ret = (struct role){
        .code = sql_str(rows, i, 0),
        .title = sql_str(rows, i, 1),
        .perms = (unsigned)sql_int(rows, i, 2),
        .version = sql_int(rows, i, 3),
        .created_at = sql_int(rows, i, 4),
    };
}

err_t role_rows(struct ctx *ctx, struct role **ret, size_t *ret_count)
{
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_ROLE_ALL, NULL, 0, &rows));
    *ret = arena_array(ctx->arena, struct role, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        read_role(&rows, i, &(*ret)[i]);
    return OK;
}

err_t role_row_find(struct ctx *ctx, str code, bool is_lock, struct role *ret,
                    bool *found)
{
    const struct role *builtin = builtin_role(code);
    struct sql_rows rows;
    *found = builtin != NULL;
    if (builtin) {
        *ret = *builtin;
        return OK;
    }
    struct sql_arg args[] = {sql_s(code)};
    TRY(sql_list(ctx, is_lock ? SQL_ROLE_LOCK : SQL_ROLE_ROW, args,
                 COUNT_OF(args), &rows));
    *found = rows.count > 0;
    if (*found)
        read_role(&rows, 0, ret);
    return OK;
}

unsigned role_perms(const struct role *own, size_t own_count, const str *codes,
                    size_t count)
{
    unsigned perms = 0;
    for (size_t i = 0; i < count; i++) {
        const struct role *builtin = builtin_role(codes[i]);
        if (builtin)
            perms |= builtin->perms;
        for (size_t j = 0; !builtin && j < own_count; j++)
            if (str_equal(own[j].code, codes[i]))
                perms |= own[j].perms;
    }
    return perms;
}

/* ---- people ---- */

static void read_user(const struct sql_rows *rows, size_t i, struct user *ret)
{
    *ret = (struct user){
        .id = {sql_int(rows, i, 0)},
        .email = sql_str(rows, i, 1),
        .name = sql_str(rows, i, 2),
        .is_active = sql_int(rows, i, 3) != 0,
        .version = sql_int(rows, i, 4),
        .created_at = sql_int(rows, i, 5),
        .password_at = sql_int(rows, i, 6),
    };
}

/* Users by falling id; their roles. */
static err_t add_roles(struct ctx *ctx, struct user *users, size_t count)
{
    struct sql_rows rows;
    struct role *own;
    size_t own_count, at = count;
    if (count == 0)
        return OK;
    struct sql_arg args[] = {sql_i(users[count - 1].id.v),
                             sql_i(users[0].id.v)};
    TRY(sql_list(ctx, SQL_USER_ROLE_RANGE, args, COUNT_OF(args), &rows));
    TRY(role_rows(ctx, &own, &own_count));
    for (size_t i = 0; i < rows.count; i++) {
        int64_t id = sql_int(&rows, i, 0);
        while (at > 0 && users[at - 1].id.v < id)
            at--;
        struct user *user = at > 0 ? &users[at - 1] : NULL;
        if (user && user->id.v == id && user->role_count < USER_ROLES_MAX)
            user->roles[user->role_count++] = sql_str(&rows, i, 1);
    }
    for (size_t i = 0; i < count; i++)
        users[i].perms =
            role_perms(own, own_count, users[i].roles, users[i].role_count);
    return OK;
}

static err_t user_rows(struct ctx *ctx, int stmt, const struct sql_arg *args,
                       size_t arg_count, struct user **ret, size_t *ret_count)
{
    struct sql_rows rows;
    TRY(sql_list(ctx, stmt, args, arg_count, &rows));
    struct user *users = arena_array(ctx->arena, struct user, rows.count);
    for (size_t i = 0; i < rows.count; i++)
        read_user(&rows, i, &users[i]);
    *ret = users;
    *ret_count = rows.count;
    return add_roles(ctx, users, rows.count);
}

static err_t user_row(struct ctx *ctx, int stmt, user_id id, struct user *ret)
{
    struct user *users;
    size_t count;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(user_rows(ctx, stmt, args, COUNT_OF(args), &users, &count));
    if (count == 0)
        return fail(ctx, ERR_NOT_FOUND, "id", "there is no such person");
    *ret = users[0];
    return OK;
}

err_t user_get(struct ctx *ctx, user_id id, struct user *ret)
{
    return user_row(ctx, SQL_USER_ROW, id, ret);
}

err_t user_row_lock(struct ctx *ctx, user_id id, struct user *ret)
{
    return user_row(ctx, SQL_USER_LOCK, id, ret);
}

err_t user_find(struct ctx *ctx, str email, struct user *ret, bool *found)
{
    struct user *users;
    size_t count;
    struct sql_arg args[] = {sql_s(str_fold(ctx->arena, email))};
    TRY(user_rows(ctx, SQL_USER_BY_EMAIL, args, COUNT_OF(args), &users,
                  &count));
    *found = count > 0;
    if (*found)
        *ret = users[0];
    return OK;
}

err_t user_list(struct ctx *ctx, user_id before, size_t limit,
                struct user **ret, size_t *ret_count)
{
    struct sql_arg args[] = {sql_i(before.v ? before.v : INT64_MAX),
                             sql_i((int64_t)limit)};
    return user_rows(ctx, SQL_USER_PAGE, args, COUNT_OF(args), ret, ret_count);
}

err_t user_row_add(struct ctx *ctx, const struct user *user, bool *ret_added)
{
    int64_t added;
    char *device_key = arena_alloc(ctx->arena, KEY_HEX_BYTES);
    device_key_make(device_key);
    struct sql_arg args[] = {
        sql_i(user->id.v),
        sql_s(user->email),
        sql_s(str_fold(ctx->arena, user->email)),
        sql_s(user->name),
        sql_s((str){device_key, KEY_HEX_BYTES}),
        sql_i(user->created_at),
    };
    TRY(sql_run(ctx, SQL_USER_ADD, args, COUNT_OF(args), &added));
    *ret_added = added == 1;
    return OK;
}

err_t user_row_save(struct ctx *ctx, struct user *user)
{
    int64_t changed;
    struct sql_arg args[] = {
        sql_s(user->email), sql_s(str_fold(ctx->arena, user->email)),
        sql_s(user->name),  sql_i(user->is_active),
        sql_i(user->id.v),  sql_i(user->version),
    };
    TRY(sql_run(ctx, SQL_USER_SAVE, args, COUNT_OF(args), &changed));
    if (changed != 1)
        return ERR_RETRY;
    user->version++;
    return OK;
}

err_t user_roles_save(struct ctx *ctx, const struct user *user)
{
    struct sql_arg who[] = {sql_i(user->id.v)};
    TRY(sql_run(ctx, SQL_USER_ROLE_CLEAR, who, COUNT_OF(who), NULL));
    for (size_t i = 0; i < user->role_count; i++) {
        struct sql_arg args[] = {sql_i(user->id.v), sql_s(user->roles[i])};
        TRY(sql_run(ctx, SQL_USER_ROLE_ADD, args, COUNT_OF(args), NULL));
    }
    return OK;
}

err_t user_admins_left(struct ctx *ctx, user_id but, size_t *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_s(STR("admin"))};
    TRY(sql_list(ctx, SQL_USER_ADMINS_LOCK, args, COUNT_OF(args), &rows));
    *ret = 0;
    for (size_t i = 0; i < rows.count; i++)
        *ret += sql_int(&rows, i, 0) != but.v;
    return OK;
}

/* ---- what only signing in looks at ---- */

static err_t secrets(struct ctx *ctx, int stmt, struct sql_arg arg,
                     struct user_secrets *ret)
{
    struct sql_rows rows;
    *ret = (struct user_secrets){.is_active = false};
    TRY(sql_list(ctx, stmt, &arg, 1, &rows));
    if (rows.count == 0)
        return OK;
    *ret = (struct user_secrets){
        .id = {sql_int(&rows, 0, 0)},
        .password_hash = sql_str(&rows, 0, 1),
        .device_key = sql_str(&rows, 0, 2),
        .is_active = sql_int(&rows, 0, 3) != 0,
    };
    return OK;
}

err_t user_secrets_by_email(struct ctx *ctx, str email_fold,
                            struct user_secrets *ret)
{
    return secrets(ctx, SQL_USER_SECRETS, sql_s(email_fold), ret);
}

err_t user_secrets_by_id(struct ctx *ctx, user_id id, struct user_secrets *ret)
{
    return secrets(ctx, SQL_USER_SECRETS_BY_ID, sql_i(id.v), ret);
}
