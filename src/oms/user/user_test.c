/* user_test.c - API keys: made, found, handed on, revoked. */
#include "oms/user/user.h"

#include "base/arena.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/room.h"
#include "oms/room_testkit.h"
#include "oms/user/user_secret.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#undef fail /* cmocka's, which hides ours. */

struct making {
    struct key_cmd cmd;
    struct api_key key;
    str text;
    key_id id;
};

static err_t make(struct ctx *ctx, void *arg)
{
    struct making *m = arg;
    return key_create(ctx, &m->cmd, &m->key, &m->text);
}

static err_t revoke(struct ctx *ctx, void *arg)
{
    struct making *m = arg;
    return key_revoke(ctx, m->id, m->cmd.granting, &m->key);
}

struct rotating {
    struct key_rotation cmd;
    struct api_key key;
    str text;
};

static err_t rotate(struct ctx *ctx, void *arg)
{
    struct rotating *r = arg;
    return key_rotate(ctx, r->key.id, &r->cmd, &r->key, &r->text);
}

struct directory {
    struct key_entry *at;
    size_t count;
};

static err_t load(struct ctx *ctx, void *arg)
{
    struct directory *d = arg;
    return key_directory_load(ctx, &d->at, &d->count);
}

static struct making making_of(unsigned perms)
{
    return (struct making){
        .cmd = {.name = STR("till"), .perms = perms, .granting = PERM_ALL}
    };
}

static void close(struct testkit *kit)
{
    assert_int_equal(testkit_verify(kit, &user_room, NULL), 0);
    testkit_close(kit);
}

static struct directory load_all(struct testkit *kit)
{
    struct directory d = {0};
    assert_int_equal(testkit_read(kit, load, &d), OK);
    return d;
}

static void a_made_key_is_found_by_its_hash(void **state)
{
    (void)state;
    struct testkit *kit = testkit_open();
    struct making m = making_of(PERM_ORDERS_READ | PERM_ORDERS_WRITE);
    assert_int_equal(testkit_run(kit, make, &m), OK);
    assert_int_equal(m.text.len, KEY_SECRET_BYTES);
    assert_true(str_starts(m.text, STR("wk_")));
    assert_memory_equal(m.key.hint.ptr, m.text.ptr + m.text.len - 4, 4);
    unsigned char hash[KEY_HASH_BYTES];
    assert_true(key_hash(m.text, hash));
    struct directory d = load_all(kit);
    assert_int_equal(d.count, 1);
    assert_memory_equal(d.at[0].hash, hash, KEY_HASH_BYTES);
    assert_int_equal(d.at[0].perms, PERM_ORDERS_READ | PERM_ORDERS_WRITE);
    assert_int_equal(testkit_events(kit, "key.created"), 1);
    close(kit);
}

static void what_is_no_key_has_no_hash(void **state)
{
    (void)state;
    unsigned char hash[KEY_HASH_BYTES];
    char text[KEY_SECRET_BYTES];
    secret_make("wk", text);
    str whole = {text, sizeof text};
    assert_true(key_hash(whole, hash));
    assert_false(key_hash((str){text, sizeof text - 1}, hash));
    text[10] = 'U';
    assert_false(key_hash(whole, hash));
    text[10] = '0';
    text[0] = 'W';
    assert_false(key_hash(whole, hash));
    assert_false(key_hash(STR(""), hash));
}

static void secrets_use_all_digits_and_never_repeat(void **state)
{
    (void)state;
    char a[KEY_SECRET_BYTES], b[KEY_SECRET_BYTES];
    bool seen[256] = {false};
    size_t kinds = 0;
    for (int i = 0; i < 200; i++) {
        secret_make("wk", a);
        secret_make("wk", b);
        assert_memory_not_equal(a, b, sizeof a);
        for (size_t j = 3; j < sizeof a; j++)
            seen[(unsigned char)a[j]] = true;
    }
    for (size_t i = 0; i < COUNT_OF(seen); i++)
        kinds += seen[i];
    assert_int_equal(kinds, 32);
}

static void a_revoked_key_leaves_the_directory(void **state)
{
    (void)state;
    struct testkit *kit = testkit_open();
    struct making m = making_of(PERM_ALL);
    assert_int_equal(testkit_run(kit, make, &m), OK);
    m.id = m.key.id;
    assert_int_equal(testkit_run(kit, revoke, &m), OK);
    assert_int_equal(m.key.version, 2);
    assert_int_equal(load_all(kit).count, 0);
    assert_int_equal(testkit_run(kit, revoke, &m), ERR_STATE);
    m.id.v = 1;
    assert_int_equal(testkit_run(kit, revoke, &m), ERR_NOT_FOUND);
    assert_int_equal(testkit_events(kit, "key.revoked"), 1);
    close(kit);
}

static void a_key_hands_on_only_what_it_holds(void **state)
{
    (void)state;
    struct testkit *kit = testkit_open();
    struct making first = making_of(PERM_KEYS_WRITE | PERM_ORDERS_READ);
    assert_int_equal(testkit_run(kit, make, &first), OK);
    kit->actor = (struct actor){ACTOR_KEY, first.key.id.v};
    struct making more = making_of(PERM_ORDERS_READ | PERM_ORDERS_WRITE);
    assert_int_equal(testkit_run(kit, make, &more), ERR_DENIED);
    assert_string_equal(kit->err.slug, "scope_not_held");
    struct making same = making_of(PERM_ORDERS_READ);
    assert_int_equal(testkit_run(kit, make, &same), OK);
    same.cmd.granting = PERM_CATALOG_READ;
    assert_int_equal(testkit_run(kit, make, &same), ERR_DENIED);
    first.id = first.key.id;
    assert_int_equal(testkit_run(kit, revoke, &first), OK);
    same.cmd.granting = PERM_ALL;
    assert_int_equal(testkit_run(kit, make, &same), ERR_DENIED);
    close(kit);
}

static void a_key_that_holds_less_revokes_none_that_holds_more(void **state)
{
    (void)state;
    struct testkit *kit = testkit_open();
    struct making high = making_of(PERM_KEYS_WRITE | PERM_ORDERS_READ);
    struct making low = making_of(PERM_KEYS_WRITE);
    assert_int_equal(testkit_run(kit, make, &high), OK);
    assert_int_equal(testkit_run(kit, make, &low), OK);
    high.id = high.key.id;
    low.id = low.key.id;
    kit->actor = (struct actor){ACTOR_KEY, low.key.id.v};
    assert_int_equal(testkit_run(kit, revoke, &high), ERR_DENIED);
    assert_string_equal(kit->err.slug, "scope_not_held");
    assert_int_equal(testkit_events(kit, "key.revoked"), 0);
    /* Its own it may end, and one that holds no more. */
    assert_int_equal(testkit_run(kit, revoke, &low), OK);
    kit->actor = (struct actor){ACTOR_KEY, high.key.id.v};
    high.cmd.granting = PERM_KEYS_WRITE;
    assert_int_equal(testkit_run(kit, revoke, &high), ERR_DENIED);
    high.cmd.granting = PERM_ALL;
    assert_int_equal(testkit_run(kit, revoke, &high), OK);
    close(kit);
}

static void keys_need_a_name_a_scope_and_a_future(void **state)
{
    (void)state;
    struct testkit *kit = testkit_open();
    struct making m = making_of(PERM_NONE);
    assert_int_equal(testkit_run(kit, make, &m), ERR_INVALID);
    assert_string_equal(kit->err.field, "scopes");
    m = making_of(PERM_ALL);
    m.cmd.name = STR("");
    assert_int_equal(testkit_run(kit, make, &m), ERR_INVALID);
    assert_string_equal(kit->err.field, "name");
    m = making_of(PERM_ALL);
    m.cmd.expires_at = kit->now;
    assert_int_equal(testkit_run(kit, make, &m), ERR_INVALID);
    assert_string_equal(kit->err.field, "expires_at");
    m.cmd.expires_at = kit->now + 1;
    assert_int_equal(testkit_run(kit, make, &m), OK);
    close(kit);
}

/* Must be there. */
static struct key_entry entry_of(const struct directory *d, str text)
{
    unsigned char hash[KEY_HASH_BYTES];
    assert_true(key_hash(text, hash));
    size_t i = 0;
    while (i < d->count && memcmp(d->at[i].hash, hash, sizeof hash) != 0)
        i++;
    assert_true(i < d->count);
    return d->at[i];
}

static void a_rotated_key_has_two_secrets_for_a_while(void **state)
{
    (void)state;
    struct testkit *kit = testkit_open();
    struct making m = making_of(PERM_ORDERS_READ);
    m.cmd.rate_per_s = 7;
    assert_int_equal(testkit_run(kit, make, &m), OK);
    struct rotating r = {
        .cmd = {.overlap_s = 60, .granting = PERM_ALL},
          .key = m.key
    };
    assert_int_equal(testkit_run(kit, rotate, &r), OK);
    assert_int_equal(r.key.version, 2);
    assert_int_equal(r.key.old_until, kit->now + 60000);
    assert_false(str_equal(r.text, m.text));
    struct directory d = load_all(kit);
    struct key_entry old = entry_of(&d, m.text);
    struct key_entry new = entry_of(&d, r.text);
    assert_int_equal(d.count, 2);
    assert_int_equal(old.expires_at, kit->now + 60000);
    assert_int_equal(new.expires_at, 0);
    assert_true(old.id == new.id &&old.perms == new.perms);
    assert_int_equal(old.rate_per_s, 7);
    assert_int_equal(new.burst, 7);
    kit->now += 60000;
    d = load_all(kit);
    assert_int_equal(d.count, 1);
    assert_int_equal(entry_of(&d, r.text).expires_at, 0);
    /* Without an overlap the others end at once. */
    r.cmd.overlap_s = 60;
    assert_int_equal(testkit_run(kit, rotate, &r), OK);
    r.cmd.overlap_s = 0;
    assert_int_equal(testkit_run(kit, rotate, &r), OK);
    assert_int_equal(load_all(kit).count, 1);
    assert_int_equal(testkit_events(kit, "key.rotated"), 3);
    close(kit);
}

static void rotation_has_its_limits(void **state)
{
    (void)state;
    struct testkit *kit = testkit_open();
    struct making m = making_of(PERM_ORDERS_READ | PERM_KEYS_WRITE);
    struct making low = making_of(PERM_KEYS_WRITE);
    m.cmd.expires_at = kit->now + 5000;
    assert_int_equal(testkit_run(kit, make, &m), OK);
    assert_int_equal(testkit_run(kit, make, &low), OK);
    struct rotating r = {
        .cmd = {.overlap_s = 60, .granting = PERM_ALL},
          .key = m.key
    };
    /* The secret of a key that may more would be a way up. */
    kit->actor = (struct actor){ACTOR_KEY, low.key.id.v};
    assert_int_equal(testkit_run(kit, rotate, &r), ERR_DENIED);
    assert_string_equal(kit->err.slug, "scope_not_held");
    kit->actor = (struct actor){ACTOR_CLI, 0};
    r.cmd.overlap_s = KEY_OVERLAP_MAX_S + 1;
    assert_int_equal(testkit_run(kit, rotate, &r), ERR_INVALID);
    r.cmd.overlap_s = 1;
    for (int i = 0; i < KEY_OLDS_MAX; i++)
        assert_int_equal(testkit_run(kit, rotate, &r), OK);
    assert_int_equal(testkit_run(kit, rotate, &r), ERR_STATE);
    assert_string_equal(kit->err.slug, "too_many_secrets");
    /* The old one does not outlive the key. */
    r.cmd.overlap_s = 0;
    assert_int_equal(testkit_run(kit, rotate, &r), OK);
    r.cmd.overlap_s = 3600;
    assert_int_equal(testkit_run(kit, rotate, &r), OK);
    struct directory d = load_all(kit);
    for (size_t i = 0; i < d.count; i++)
        assert_true(d.at[i].id == low.key.id.v ||
                    d.at[i].expires_at == kit->now + 5000);
    kit->now += 5000;
    assert_int_equal(testkit_run(kit, rotate, &r), ERR_STATE);
    assert_string_equal(kit->err.slug, "key_expired");
    close(kit);
}

static struct testkit_reply call(struct testkit *kit, const char *operation,
                                 const char *path, const char *body)
{
    struct testkit_call call = {
        .operation = operation, .path = {path}, .body = body};
    struct testkit_reply reply;
    testkit_call(kit, &user_room, &call, &reply);
    return reply;
}

static void the_secret_is_told_once(void **state)
{
    (void)state;
    struct testkit *kit = testkit_open();
    struct testkit_reply reply =
        call(kit, "createApiKey", NULL,
             "{\"name\":\"erp\",\"scopes\":[\"orders:read\","
             "\"events:read\"],\"expires_at\":\"2030-01-01T00:00:00Z\"}");
    assert_int_equal(reply.status, 201);
    str secret, id;
    assert_int_equal(json_get_str(reply.json, "secret", 55, 55, &secret), OK);
    assert_int_equal(json_get_str(reply.json, "id", 1, 40, &id), OK);
    reply = call(kit, "listApiKeys", NULL, NULL);
    assert_null(memmem(reply.body.ptr, reply.body.len, "secret", 6));
    assert_null(memmem(reply.body.ptr, reply.body.len, secret.ptr + 3, 20));
    assert_non_null(memmem(reply.body.ptr, reply.body.len, "events:read", 11));
    const char *path = str_to_cstr(kit->arena, id);
    assert_int_equal(call(kit, "revokeApiKey", path, NULL).status, 200);
    reply = call(kit, "createApiKey", NULL,
                 "{\"name\":\"erp\",\"scopes\":[\"all\"]}");
    assert_int_equal(reply.err, ERR_INVALID);
    assert_string_equal(kit->err.slug, "scope_unknown");
    close(kit);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_made_key_is_found_by_its_hash),
        cmocka_unit_test(what_is_no_key_has_no_hash),
        cmocka_unit_test(secrets_use_all_digits_and_never_repeat),
        cmocka_unit_test(a_revoked_key_leaves_the_directory),
        cmocka_unit_test(a_key_hands_on_only_what_it_holds),
        cmocka_unit_test(a_key_that_holds_less_revokes_none_that_holds_more),
        cmocka_unit_test(keys_need_a_name_a_scope_and_a_future),
        cmocka_unit_test(a_rotated_key_has_two_secrets_for_a_while),
        cmocka_unit_test(rotation_has_its_limits),
        cmocka_unit_test(the_secret_is_told_once),
    };
    int bad = 0;
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    do
        bad += cmocka_run_group_tests_name("user", tests, NULL, NULL);
    while (testkit_next_engine());
    return bad;
}
