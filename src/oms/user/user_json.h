/* user_json.h - bodies about keys, people and roles; private to the room. */
#ifndef WHARF_OMS_USER_JSON_H
#define WHARF_OMS_USER_JSON_H

#include "base/json.h"
#include "oms/user/user.h"
#include "oms/user/user_people.h"

/* `granting` is left to the caller. */
MUST_USE err_t user_read_key(struct json_in *in, struct key_cmd *ret);
MUST_USE err_t user_read_rotation(struct json_in *in, struct key_rotation *ret);
MUST_USE err_t user_read(struct json_in *in, struct user_cmd *ret);
MUST_USE err_t user_read_role(struct json_in *in, struct role_cmd *ret);

/* A change and the values that its pointers name. */
struct user_patch {
    struct user_change change;
    str email, name, roles[USER_ROLES_MAX];
    bool is_active;
};
MUST_USE err_t user_read_change(struct json_in *in, struct user_patch *ret);
struct role_patch {
    struct role_change change;
    str title;
    unsigned perms;
};
MUST_USE err_t user_read_role_change(struct json_in *in,
                                     struct role_patch *ret);
/* {"password": …} */
MUST_USE err_t user_read_password(struct json_in *in, int64_t *ret_version,
                                  str *ret);

struct sign_in_body {
    str email, password;
};
MUST_USE err_t user_read_sign_in(struct json_in *in, struct sign_in_body *ret);
struct own_password_body {
    str current, password;
};
MUST_USE err_t user_read_own_password(struct json_in *in,
                                      struct own_password_body *ret);

void user_write_scopes(struct json_out *out, const char *key, unsigned perms);
void user_write(struct json_out *out, const char *key, const struct user *user);
void user_write_role(struct json_out *out, const struct role *role);

#endif
