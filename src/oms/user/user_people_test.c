/* user_people_test.c - people, roles, who may give what to whom. */
#include "oms/user/user_people.h"

#include "base/perm.h"
#include "base/testing.h"
#include "oms/room.h"
#include "oms/room_testkit.h"
#include "oms/user/user_device.h"
#include "oms/user/user_secret.h"
#include "oms/user/user_session.h"
#include "oms/user/user_store.h"

struct person {
    struct user_cmd cmd;
    struct user_change change;
    struct user_password password;
    struct user user;
};

static err_t run_create(struct ctx *ctx, void *arg)
{
    struct person *p = arg;
    return user_create(ctx, &p->cmd, &p->user);
}

static err_t run_change(struct ctx *ctx, void *arg)
{
    struct person *p = arg;
    return user_change(ctx, p->user.id, &p->change, &p->user);
}

static err_t run_password(struct ctx *ctx, void *arg)
{
    struct person *p = arg;
    return user_set_password(ctx, p->user.id, &p->password, &p->user);
}

static struct person person_of(const char *email, const char *role)
{
    return (struct person){
        .cmd = {.email = str_from_cstr(email),
                .name = STR("Ann"),
                .roles = {str_from_cstr(role)},
                .role_count = 1,
                .granting = PERM_ALL},
    };
}

static struct person add(struct testkit *kit, const char *email,
                         const char *role)
{
    struct person p = person_of(email, role);
    assert_ok(kit, testkit_run(kit, run_create, &p));
    p.change = (struct user_change){.version = 1, .granting = PERM_ALL};
    return p;
}

static void act_as(struct testkit *kit, const struct person *p)
{
    kit->actor = (struct actor){ACTOR_USER, p->user.id.v};
}

static void done(struct testkit *kit)
{
    str first;
    size_t count = testkit_verify(kit, &user_room, &first);
    if (count > 0)
        fail_msg("%.*s", STR_ARG(first));
    testkit_close(kit);
}

static void an_address_is_one_persons_in_any_case(void **state)
{
    (void)state;
    struct testkit *kit = testkit_open();
    struct person ann = add(kit, "Ann@Shop.example", "viewer");
    assert_int_equal(ann.user.version, 1);
    assert_int_equal(ann.user.password_at, 0);
    struct person again = person_of("ANN@shop.EXAMPLE", "viewer");
    assert_int_equal(testkit_run(kit, run_create, &again), ERR_CONFLICT);
    assert_slug(kit, "email_taken");
    again = person_of("stra\u00dfe@shop.example", "viewer");
    assert_ok(kit, testkit_run(kit, run_create, &again));
    again = person_of("STRASSE@shop.example", "viewer");
    assert_int_equal(testkit_run(kit, run_create, &again), ERR_CONFLICT);
    const str taken = STR("ann@SHOP.example");
    struct person bob = add(kit, "bob@shop.example", "viewer");
    bob.change.email = &taken;
    assert_int_equal(testkit_run(kit, run_change, &bob), ERR_CONFLICT);
    /* His own address in another case is his. */
    ann.change.email = &taken;
    assert_ok(kit, testkit_run(kit, run_change, &ann));
    assert_str(ann.user.email, "ann@SHOP.example");
    assert_int_equal(testkit_events(kit, "user.created"), 3);
    assert_int_equal(testkit_events(kit, "user.changed"), 1);
    done(kit);
}

static void addresses_names_and_roles_are_checked(void **state)
{
    (void)state;
    struct testkit *kit = testkit_open();
    static const char *const bad[] = {"ann",   "@b",      "a@",
                                      "a@b@c", "a b@c.d", "a@b\tc"};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct person p = person_of(bad[i], "viewer");
        assert_int_equal(testkit_run(kit, run_create, &p), ERR_INVALID);
        assert_string_equal(kit->err.field, "email");
    }
    struct person p = person_of("a@b", "viewer");
    p.cmd.name = STR("");
    assert_int_equal(testkit_run(kit, run_create, &p), ERR_INVALID);
    p = person_of("a@b", "king");
    assert_int_equal(testkit_run(kit, run_create, &p), ERR_INVALID);
    assert_slug(kit, "role_unknown");
    p = person_of("a@b", "viewer");
    p.cmd.roles[p.cmd.role_count++] = STR("viewer");
    assert_int_equal(testkit_run(kit, run_create, &p), ERR_INVALID);
    assert_slug(kit, "role_repeated");
    p.cmd.role_count = 0;
    assert_int_equal(testkit_run(kit, run_create, &p), ERR_INVALID);
    done(kit);
}

static void nobody_gives_or_changes_more_than_he_holds(void **state)
{
    (void)state;
    struct testkit *kit = testkit_open();
    struct person boss = add(kit, "boss@shop.example", "admin");
    struct person ann = add(kit, "ann@shop.example", "manager");
    act_as(kit, &ann);
    struct person more = person_of("evil@shop.example", "admin");
    assert_int_equal(testkit_run(kit, run_create, &more), ERR_DENIED);
    assert_slug(kit, "scope_not_held");
    /* What the session said before counts less than the row. */
    struct person less = person_of("low@shop.example", "viewer");
    less.cmd.granting = PERM_ORDERS_READ;
    assert_int_equal(testkit_run(kit, run_create, &less), ERR_DENIED);
    const str name = STR("Mine");
    boss.change.name = &name;
    assert_int_equal(testkit_run(kit, run_change, &boss), ERR_DENIED);
    boss.password = (struct user_password){.granting = PERM_ALL,
                                           .hash = STR("$argon2id$x")};
    assert_int_equal(testkit_run(kit, run_password, &boss), ERR_DENIED);
    const str up[] = {STR_INIT("admin")};
    ann.change.roles = up;
    ann.change.role_count = 1;
    assert_int_equal(testkit_run(kit, run_change, &ann), ERR_DENIED);
    act_as(kit, &boss);
    assert_ok(kit, testkit_run(kit, run_change, &ann));
    const bool no = false;
    ann.change = (struct user_change){
        .version = 2, .granting = PERM_ALL, .is_active = &no};
    assert_ok(kit, testkit_run(kit, run_change, &ann));
    act_as(kit, &ann);
    less.cmd.granting = PERM_ALL;
    assert_int_equal(testkit_run(kit, run_create, &less), ERR_DENIED);
    done(kit);
}

static void the_last_active_admin_stays(void **state)
{
    (void)state;
    struct testkit *kit = testkit_open();
    const bool no = false;
    const str viewer[] = {STR_INIT("viewer")};
    struct person one = add(kit, "one@shop.example", "admin");
    one.change.is_active = &no;
    assert_int_equal(testkit_run(kit, run_change, &one), ERR_STATE);
    assert_slug(kit, "last_admin");
    struct person two = add(kit, "two@shop.example", "admin");
    two.change.roles = viewer;
    two.change.role_count = 1;
    assert_ok(kit, testkit_run(kit, run_change, &one));
    assert_int_equal(testkit_run(kit, run_change, &two), ERR_STATE);
    two.change.version = 7;
    assert_int_equal(testkit_run(kit, run_change, &two), ERR_STALE);
    assert_int_equal(kit->err.version, 1);
    const bool yes = true;
    one.change.version = 2;
    one.change.is_active = &yes;
    assert_ok(kit, testkit_run(kit, run_change, &one));
    two.change.version = 1;
    assert_ok(kit, testkit_run(kit, run_change, &two));
    done(kit);
}

static void a_password_is_kept_as_argon2id_and_fits_only_itself(void **state)
{
    (void)state;
    struct testkit *kit = testkit_open();
    struct ctx ctx = {.arena = kit->arena, .now = kit->now};
    struct person ann = add(kit, "ann@shop.example", "viewer");
    str pass = STR("correct horse caf\u00e9"),
        other = STR("correct horse cafe");
    assert_ok(&ctx, password_check(&ctx, "password", pass));
    assert_int_equal(password_check(&ctx, "p", STR("short")), ERR_INVALID);
    ann.password.granting = PERM_ALL;
    assert_ok(&ctx, password_make(&ctx, pass, &ann.password.hash));
    assert_true(str_starts(ann.password.hash, STR("$argon2id$")));
    assert_ok(kit, testkit_run(kit, run_password, &ann));
    assert_int_equal(ann.user.version, 2);
    assert_true(password_fits(&ctx, ann.password.hash, pass));
    /* As another keyboard writes the same. */
    assert_true(password_fits(&ctx, ann.password.hash,
                              STR("correct horse cafe\u0301")));
    assert_false(password_fits(&ctx, ann.password.hash, other));
    assert_false(password_fits(&ctx, STR(""), pass));
    ann.password.version = 1;
    assert_int_equal(testkit_run(kit, run_password, &ann), ERR_STALE);
    done(kit);
}

/* ---- sessions ---- */

struct sitting {
    struct session_cmd cmd;
    struct session session;
    str token;
    struct session *list;
    size_t count;
    bool flag;
};

static err_t run_start(struct ctx *ctx, void *arg)
{
    struct sitting *s = arg;
    return session_start(ctx, &s->cmd, &s->session, &s->token);
}

static err_t run_sessions(struct ctx *ctx, void *arg)
{
    struct sitting *s = arg;
    return session_list(ctx, s->cmd.user, &s->list, &s->count);
}

static err_t run_sweep(struct ctx *ctx, void *arg)
{
    struct sitting *s = arg;
    return session_sweep(ctx, &s->flag);
}

static err_t run_find(struct ctx *ctx, void *arg)
{
    struct sitting *s = arg;
    return session_find(ctx, s->cmd.replaces, &s->session, &s->flag);
}

static void sessions_are_bounded_and_swept(void **state)
{
    (void)state;
    struct testkit *kit = testkit_open();
    struct person ann = add(kit, "ann@shop.example", "viewer");
    struct sitting s = {
        .cmd = {.user = ann.user.id, .peer = STR("::1")}
    };
    assert_ok(kit, testkit_run(kit, run_start, &s));
    str first = s.token;
    for (int i = 0; i < SESSIONS_MAX + 4; i++) {
        kit->now += 1000;
        assert_ok(kit, testkit_run(kit, run_start, &s));
    }
    assert_ok(kit, testkit_read(kit, run_sessions, &s));
    assert_int_equal(s.count, SESSIONS_MAX);
    struct sitting old = {.cmd.replaces = first};
    assert_ok(kit, testkit_read(kit, run_find, &old));
    assert_false(old.flag);
    /* The one brought along ends; it makes its own room. */
    s.cmd.replaces = s.token;
    assert_ok(kit, testkit_run(kit, run_start, &s));
    assert_ok(kit, testkit_read(kit, run_sessions, &s));
    assert_int_equal(s.count, SESSIONS_MAX);
    kit->now += SESSION_IDLE_MS;
    assert_ok(kit, testkit_read(kit, run_sessions, &s));
    assert_int_equal(s.count, 0);
    assert_ok(kit, testkit_run(kit, run_sweep, &s));
    old.cmd.replaces = s.token;
    assert_ok(kit, testkit_read(kit, run_find, &old));
    assert_false(old.flag);
    assert_int_equal(testkit_events(kit, "session.started"), SESSIONS_MAX + 6);
    assert_int_equal(testkit_events(kit, "session.ended"), SESSIONS_MAX + 6);
    done(kit);
}

static void the_csrf_token_is_that_of_its_session(void **state)
{
    (void)state;
    char one[SESSION_TOKEN_BYTES], two[SESSION_TOKEN_BYTES];
    char csrf[SESSION_CSRF_BYTES];
    unsigned char hash[KEY_HASH_BYTES];
    secret_make("ws", one);
    secret_make("ws", two);
    str a = {one, sizeof one}, b = {two, sizeof two}, c = {csrf, sizeof csrf};
    assert_true(session_hash(a, hash));
    assert_false(key_hash(a, hash));
    session_csrf(a, csrf);
    assert_true(session_csrf_fits(a, c));
    assert_false(session_csrf_fits(b, c));
    assert_false(session_csrf_fits(a, STR("")));
    csrf[5] ^= 1;
    assert_false(session_csrf_fits(a, c));
}

static void a_browser_is_known_to_those_who_signed_in_with_it(void **state)
{
    struct ctx *ctx = *state;
    char ann[KEY_HEX_BYTES], more[KEY_HEX_BYTES];
    device_key_make(ann);
    str key = {ann, sizeof ann}, name, again;
    str cookie = device_sign(ctx, STR_NONE, key);
    assert_true(device_is_known(cookie, key, &name));
    for (int i = 0; i < DEVICE_PEOPLE; i++) {
        str other = {more, sizeof more};
        device_key_make(more);
        assert_false(device_is_known(cookie, other, &again));
        assert_true(device_is_known(cookie, key, &again));
        assert_true(str_equal(name, again));
        cookie = device_sign(ctx, cookie, other);
    }
    /* Those who were there last are kept. */
    assert_false(device_is_known(cookie, key, &again));
    assert_false(device_is_known(STR("x.y"), key, &again));
    assert_false(device_is_known(cookie, STR(""), &again));
}

/* ---- roles ---- */

struct roles {
    struct role_cmd cmd;
    struct role_change change;
    struct role role;
};

static err_t run_role_create(struct ctx *ctx, void *arg)
{
    struct roles *r = arg;
    return role_create(ctx, &r->cmd, &r->role);
}

static err_t run_role_change(struct ctx *ctx, void *arg)
{
    struct roles *r = arg;
    return role_change(ctx, r->cmd.code, &r->change, &r->role);
}

static err_t run_role_delete(struct ctx *ctx, void *arg)
{
    struct roles *r = arg;
    return role_delete(ctx, r->cmd.code, PERM_ALL, &r->role);
}

static void own_roles_are_sets_of_scopes(void **state)
{
    (void)state;
    struct testkit *kit = testkit_open();
    struct roles r = {
        .cmd = {.code = STR("picker"),
                .title = STR("Picker"),
                .perms = PERM_ORDERS_READ,
                .granting = PERM_ALL}
    };
    assert_ok(kit, testkit_run(kit, run_role_create, &r));
    assert_int_equal(testkit_run(kit, run_role_create, &r), ERR_CONFLICT);
    struct person ann = add(kit, "ann@shop.example", "picker");
    assert_int_equal(ann.user.perms, PERM_ORDERS_READ);
    assert_int_equal(testkit_run(kit, run_role_delete, &r), ERR_STATE);
    assert_slug(kit, "role_in_use");
    const unsigned more = PERM_ORDERS_READ | PERM_USERS_WRITE;
    r.change = (struct role_change){
        .version = 1, .granting = PERM_ALL, .perms = &more};
    act_as(kit, &ann);
    assert_int_equal(testkit_run(kit, run_role_change, &r), ERR_DENIED);
    kit->actor = (struct actor){ACTOR_CLI, 0};
    assert_ok(kit, testkit_run(kit, run_role_change, &r));
    assert_int_equal(testkit_run(kit, run_role_change, &r), ERR_STALE);
    const str viewer[] = {STR_INIT("viewer")};
    ann.change.roles = viewer;
    ann.change.role_count = 1;
    assert_ok(kit, testkit_run(kit, run_change, &ann));
    assert_ok(kit, testkit_run(kit, run_role_delete, &r));
    assert_int_equal(testkit_run(kit, run_role_delete, &r), ERR_NOT_FOUND);
    r.cmd.code = STR("admin");
    assert_int_equal(testkit_run(kit, run_role_create, &r), ERR_CONFLICT);
    assert_int_equal(testkit_run(kit, run_role_delete, &r), ERR_STATE);
    assert_slug(kit, "role_builtin");
    r.cmd.code = STR("No Blank");
    assert_int_equal(testkit_run(kit, run_role_create, &r), ERR_INVALID);
    done(kit);
}

static err_t run_ghost(struct ctx *ctx, void *arg)
{
    struct person *p = arg;
    p->user.roles[0] = STR("ghost");
    return user_roles_save(ctx, &p->user);
}

static err_t run_no_roles(struct ctx *ctx, void *arg)
{
    struct person *p = arg;
    p->user.role_count = 0;
    return user_roles_save(ctx, &p->user);
}

static err_t run_bad_hash(struct ctx *ctx, void *arg)
{
    struct person *p = arg;
    p->password =
        (struct user_password){.granting = PERM_ALL, .hash = STR("secret")};
    return user_set_password(ctx, p->user.id, &p->password, &p->user);
}

static err_t run_dead_session(struct ctx *ctx, void *arg)
{
    struct person *p = arg;
    struct session_cmd cmd = {.user = p->user.id, .peer = STR("-")};
    struct session session;
    str token;
    TRY(session_start(ctx, &cmd, &session, &token));
    p->user.is_active = false;
    return user_row_save(ctx, &p->user);
}

static void verify_sees(testkit_fn *bend, const char *what)
{
    struct testkit *kit = testkit_open();
    struct person ann = add(kit, "ann@shop.example", "viewer");
    str first;
    assert_ok(kit, testkit_run(kit, bend, &ann));
    assert_int_equal(testkit_verify(kit, &user_room, &first), 1);
    assert_non_null(strstr(str_to_cstr(kit->arena, first), what));
    testkit_close(kit);
}

static void verify_sees_bent_rows(void **state)
{
    (void)state;
    verify_sees(run_ghost, "grants usr_");
    verify_sees(run_no_roles, "users usr_");
    verify_sees(run_bad_hash, "argon2id");
    verify_sees(run_dead_session, "sessions ses_");
}

/* ---- over HTTP ---- */

static struct testkit_reply call(struct testkit *kit, const char *operation,
                                 const char *path, const char *query,
                                 const char *body)
{
    struct testkit_call call = {
        .operation = operation, .path = {path}, .query = query, .body = body};
    struct testkit_reply reply;
    testkit_call(kit, &user_room, &call, &reply);
    return reply;
}

static void people_and_roles_are_listed_page_by_page(void **state)
{
    (void)state;
    struct testkit *kit = testkit_open();
    str next;
    (void)add(kit, "a@shop.example", "admin");
    (void)add(kit, "b@shop.example", "support");
    struct testkit_reply reply = call(kit, "listUsers", NULL, "limit=1", NULL);
    assert_non_null(strstr(str_to_cstr(kit->arena, reply.body), "b@shop"));
    assert_int_equal(json_get_str(reply.json, "next", 1, 40, &next), OK);
    reply = call(
        kit, "listUsers", NULL,
        str_to_cstr(kit->arena, str_printf(kit->arena, "limit=5&after=%.*s",
                                           STR_ARG(next))),
        NULL);
    assert_non_null(strstr(str_to_cstr(kit->arena, reply.body), "a@shop"));
    reply = call(kit, "createRole", NULL, NULL,
                 "{\"code\":\"buyer\",\"title\":\"Buyer\","
                 "\"scopes\":[\"catalog:read\"]}");
    assert_int_equal(reply.status, 201);
    reply = call(kit, "listRoles", NULL, "limit=2&after=admin", NULL);
    assert_int_equal(json_get_str(reply.json, "next", 1, 40, &next), OK);
    assert_str(next, "manager");
    assert_non_null(strstr(str_to_cstr(kit->arena, reply.body), "buyer"));
    reply = call(kit, "getRole", "nobody", NULL, NULL);
    assert_int_equal(reply.err, ERR_NOT_FOUND);
    done(kit);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_is_one_persons_in_any_case),
        cmocka_unit_test(addresses_names_and_roles_are_checked),
        cmocka_unit_test(nobody_gives_or_changes_more_than_he_holds),
        cmocka_unit_test(the_last_active_admin_stays),
        cmocka_unit_test(a_password_is_kept_as_argon2id_and_fits_only_itself),
        cmocka_unit_test(sessions_are_bounded_and_swept),
        cmocka_unit_test(the_csrf_token_is_that_of_its_session),
        TEST(a_browser_is_known_to_those_who_signed_in_with_it),
        cmocka_unit_test(own_roles_are_sets_of_scopes),
        cmocka_unit_test(verify_sees_bent_rows),
        cmocka_unit_test(people_and_roles_are_listed_page_by_page),
    };
    int bad = 0;
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    do
        bad += cmocka_run_group_tests_name("people", tests, NULL, NULL);
    while (testkit_next_engine());
    return bad;
}
