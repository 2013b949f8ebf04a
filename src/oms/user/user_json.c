/* user_json.c - bodies about keys, people and roles. */
#include "oms/user/user_json.h"

#include "base/perm.h"
#include "base/str.h"

enum { SCOPES_MAX = 32, SCOPE_BYTES = 64, PASSWORD_READ_BYTES = 4096 };

/* ---- reading ---- */

static err_t read_scopes(struct json_in *in, unsigned *ret)
{
    struct json_list list;
    unsigned perms = 0;
    TRY(json_get_list(in, "scopes", 1, SCOPES_MAX, &list));
    for (size_t i = 0; i < list.count; i++) {
        str name;
        enum perm perm;
        TRY(json_list_str(&list, i, 1, SCOPE_BYTES, &name));
        /* "all" is a word of the command line, not a scope. */
        if (!perm_from_str(name, &perm) || perm == PERM_ALL)
            return json_fail(in, "scopes", ERR_INVALID, "scope_unknown",
                             "element %zu is not a scope, as orders:read", i);
        perms |= (unsigned)perm;
    }
    *ret = perms;
    return OK;
}

err_t user_read_key(struct json_in *in, struct key_cmd *ret)
{
    struct key_cmd cmd = {.name = STR_NONE};
    TRY(json_get_str(in, "name", 1, LIMIT_NAME_BYTES, &cmd.name));
    TRY(read_scopes(in, &cmd.perms));
    TRY(json_opt_time(in, "expires_at", &cmd.expires_at));
    TRY(json_opt_i64(in, "rate_per_s", 1, KEY_RATE_MAX, &cmd.rate_per_s));
    TRY(json_opt_i64(in, "burst", 1, KEY_RATE_MAX, &cmd.burst));
    TRY(json_end(in));
    *ret = cmd;
    return OK;
}

err_t user_read_rotation(struct json_in *in, struct key_rotation *ret)
{
    enum { DAY_S = 24 * 60 * 60 };
    *ret = (struct key_rotation){.overlap_s = DAY_S};
    TRY(json_opt_i64(in, "overlap_s", 0, KEY_OVERLAP_MAX_S, &ret->overlap_s));
    return json_end(in);
}

static err_t read_roles(struct json_in *in, str ret[USER_ROLES_MAX],
                        size_t *ret_count)
{
    struct json_list list;
    TRY(json_get_list(in, "roles", 1, USER_ROLES_MAX, &list));
    for (size_t i = 0; i < list.count; i++)
        TRY(json_list_str(&list, i, 1, LIMIT_CODE_BYTES, &ret[i]));
    *ret_count = list.count;
    return OK;
}

err_t user_read(struct json_in *in, struct user_cmd *ret)
{
    *ret = (struct user_cmd){.role_count = 0};
    TRY(json_get_str(in, "email", 1, LIMIT_EMAIL_BYTES, &ret->email));
    TRY(json_get_str(in, "name", 1, LIMIT_NAME_BYTES, &ret->name));
    TRY(read_roles(in, ret->roles, &ret->role_count));
    return json_end(in);
}

static err_t opt_str(struct json_in *in, const char *key, size_t max,
                     str *value, const str **ret)
{
    TRY(json_opt_str(in, key, 1, max, value));
    *ret = json_has(in, key) ? value : NULL;
    return OK;
}

err_t user_read_change(struct json_in *in, struct user_patch *ret)
{
    struct user_change *c = &ret->change;
    *ret = (struct user_patch){.is_active = false};
    json_refuse_nulls(in);
    TRY(json_get_i64(in, "version", 1, INT64_MAX, &c->version));
    TRY(opt_str(in, "email", LIMIT_EMAIL_BYTES, &ret->email, &c->email));
    TRY(opt_str(in, "name", LIMIT_NAME_BYTES, &ret->name, &c->name));
    TRY(json_opt_bool(in, "is_active", &ret->is_active));
    c->is_active = json_has(in, "is_active") ? &ret->is_active : NULL;
    if (json_has(in, "roles")) {
        TRY(read_roles(in, ret->roles, &c->role_count));
        c->roles = ret->roles;
    }
    return json_end(in);
}

err_t user_read_role(struct json_in *in, struct role_cmd *ret)
{
    struct role_cmd cmd = {.perms = 0};
    TRY(json_get_str(in, "code", 1, LIMIT_CODE_BYTES, &cmd.code));
    TRY(json_get_str(in, "title", 1, LIMIT_TITLE_BYTES, &cmd.title));
    TRY(read_scopes(in, &cmd.perms));
    TRY(json_end(in));
    *ret = cmd;
    return OK;
}

err_t user_read_role_change(struct json_in *in, struct role_patch *ret)
{
    struct role_change *c = &ret->change;
    *ret = (struct role_patch){.perms = 0};
    json_refuse_nulls(in);
    TRY(json_get_i64(in, "version", 1, INT64_MAX, &c->version));
    TRY(opt_str(in, "title", LIMIT_TITLE_BYTES, &ret->title, &c->title));
    if (json_has(in, "scopes")) {
        TRY(read_scopes(in, &ret->perms));
        c->perms = &ret->perms;
    }
    return json_end(in);
}

err_t user_read_password(struct json_in *in, int64_t *ret_version, str *ret)
{
    *ret_version = 0;
    TRY(json_opt_i64(in, "version", 1, INT64_MAX, ret_version));
    TRY(json_get_str(in, "password", 1, PASSWORD_READ_BYTES, ret));
    return json_end(in);
}

err_t user_read_sign_in(struct json_in *in, struct sign_in_body *ret)
{
    TRY(json_get_str(in, "email", 1, LIMIT_EMAIL_BYTES, &ret->email));
    TRY(json_get_str(in, "password", 1, PASSWORD_READ_BYTES, &ret->password));
    return json_end(in);
}

err_t user_read_own_password(struct json_in *in, struct own_password_body *ret)
{
    TRY(json_get_str(in, "current_password", 1, PASSWORD_READ_BYTES,
                     &ret->current));
    TRY(json_get_str(in, "password", 1, PASSWORD_READ_BYTES, &ret->password));
    return json_end(in);
}

/* ---- writing ---- */

void user_write_scopes(struct json_out *out, const char *key, unsigned perms)
{
    json_begin_list(out, key);
    for (unsigned bit = 1; bit <= PERM_ALL; bit <<= 1)
        if (perms & bit)
            json_put_cstr(out, NULL, perm_name((enum perm)bit));
    json_end_list(out);
}

void user_write(struct json_out *out, const char *key, const struct user *user)
{
    json_begin(out, key);
    json_put_id(out, "id", "usr", user->id.v);
    json_put_str(out, "email", user->email);
    json_put_str(out, "name", user->name);
    json_put_bool(out, "is_active", user->is_active);
    json_begin_list(out, "roles");
    for (size_t i = 0; i < user->role_count; i++)
        json_put_str(out, NULL, user->roles[i]);
    json_end_list(out);
    json_put_time(out, "created_at", user->created_at);
    json_put_time_or_null(out, "password_at", user->password_at);
    json_put_i64(out, "version", user->version);
    json_end_object(out);
}

void user_write_role(struct json_out *out, const struct role *role)
{
    json_begin(out, NULL);
    json_put_str(out, "code", role->code);
    json_put_str(out, "title", role->title);
    user_write_scopes(out, "scopes", role->perms);
    json_put_bool(out, "is_builtin", role->is_builtin);
    json_put_time_or_null(out, "created_at", role->created_at);
    json_put_i64(out, "version", role->version);
    json_end_object(out);
}
