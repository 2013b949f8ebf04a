/* user_fuzz.c - any bytes as a body about keys, people, roles, views and
 * sign-in, and as what a browser says it is. */
#include "base/arena.h"
#include "base/fold.h"
#include "base/str.h"
#include "oms/user/user_device.h"
#include "oms/user/user_json.h"
#include "oms/user/user_rules.h"
#include "oms/user/user_session.h"
#include "oms/user/user_view.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static err_t decode_person(struct ctx *ctx, struct json_in *in, int which)
{
    struct user_cmd user;
    struct user_patch change;
    struct sign_in_body sign_in;
    struct own_password_body own;
    str password;
    int64_t version;
    switch (which) {
    case 0:
        TRY(user_read(in, &user));
        ASSERT(user.role_count >= 1 && user.role_count <= USER_ROLES_MAX);
        ASSERT(str_is_utf8(str_fold(ctx->arena, user.email)));
        return check_email(ctx, "email", user.email);
    case 1: return user_read_change(in, &change);
    case 2: return user_read_sign_in(in, &sign_in);
    case 3: return user_read_own_password(in, &own);
    default:
        TRY(user_read_password(in, &version, &password));
        ASSERT(str_is_utf8(str_nfkc(ctx->arena, password)));
        return password_check(ctx, "password", password);
    }
}

static err_t decode(struct ctx *ctx, struct json_in *in, int which)
{
    struct key_cmd key;
    struct key_rotation rotation;
    struct role_cmd role;
    struct role_patch change;
    struct view_cmd view;
    struct view_patch altered;
    switch (which) {
    case 5:
        TRY(user_read_key(in, &key));
        ASSERT(key.perms != 0);
        return OK;
    case 6: return user_read_rotation(in, &rotation);
    case 7:
        TRY(user_read_role(in, &role));
        return check_role_code(ctx, role.code);
    case 8: return user_read_role_change(in, &change);
    case 10:
        TRY(view_read(in, &view));
        ASSERT(view.list >= VIEW_ORDERS && view.list <= VIEW_TASKS);
        return OK;
    case 11: return view_read_change(in, &altered);
    default: return decode_person(ctx, in, which);
    }
}

/* What a cookie says is signed on, and then recognized. */
static void try_device(struct ctx *ctx, str cookie)
{
    str key = STR("0123456789abcdef0123456789abcdef"
                  "0123456789abcdef0123456789abcdef");
    str name;
    unsigned char hash[KEY_HASH_BYTES];
    (void)device_is_known(cookie, key, &name);
    str signed_on = device_sign(ctx, cookie, key);
    bool is_known = device_is_known(signed_on, key, &name);
    ASSERT(is_known);
    ASSERT(str_equal(device_sign(ctx, signed_on, key), signed_on));
    (void)session_hash(cookie, hash);
    (void)key_hash(cookie, hash);
}

/* The first byte chooses the decoder. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { DECODERS = 12, DEVICE = 9 };
    if (size == 0)
        return 0;
    struct ctx ctx = {.arena = arena_open()};
    struct json_in *in = NULL;
    str body = {(const char *)data + 1, size - 1};
    if (data[0] % DECODERS == DEVICE) {
        try_device(&ctx, body);
        arena_close(ctx.arena);
        return 0;
    }
    err_t err = json_parse(&ctx, body, &in);
    if (err == OK)
        err = decode(&ctx, in, data[0] % DECODERS);
    ASSERT(err == OK || err == ERR_MALFORMED || err == ERR_INVALID);
    arena_close(ctx.arena);
    return 0;
}
