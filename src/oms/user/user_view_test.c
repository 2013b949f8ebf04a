/* user_view_test.c - views of lists: whose they are, who sees and shares. */
#include "oms/user/user_view.h"

#include "base/perm.h"
#include "base/str.h"
#include "base/testing.h"
#include "oms/room.h"
#include "oms/room_testkit.h"
#include "oms/user/user_people.h"

struct act {
    struct view_cmd cmd;
    struct view_change change;
    struct saved_view view, *all;
    view_id id;
    unsigned held;
    size_t count;
};

static err_t run_person(struct ctx *ctx, void *arg)
{
    return user_create(ctx,
                       &(struct user_cmd){.email = *(str *)arg,
                                          .name = STR("A"),
                                          .roles = {STR("support")},
                                          .role_count = 1,
                                          .granting = PERM_ALL},
                       &(struct user){.version = 0});
}

static err_t run_create(struct ctx *ctx, void *arg)
{
    struct act *act = arg;
    return view_create(ctx, &act->cmd, &act->view);
}

static err_t run_change(struct ctx *ctx, void *arg)
{
    struct act *act = arg;
    return view_alter(ctx, act->id, &act->change, &act->view);
}

static err_t run_remove(struct ctx *ctx, void *arg)
{
    struct act *act = arg;
    return view_remove(ctx, act->id, act->held, &act->view);
}

static err_t run_all(struct ctx *ctx, void *arg)
{
    struct act *act = arg;
    return view_all(ctx, act->cmd.list, act->held, &act->all, &act->count);
}

static err_t run_whose(struct ctx *ctx, void *arg)
{
    bool found;
    struct user user;
    struct act *act = arg;
    TRY(user_find(ctx, act->cmd.name, &user, &found));
    ctx->actor = (struct actor){ACTOR_USER, user.id.v};
    act->view.owner = ctx->actor;
    return OK;
}

static void act_as(struct testkit *kit, const char *email)
{
    struct act act = {.cmd = {.name = str_from_cstr(email)}};
    assert_ok(kit, testkit_read(kit, run_whose, &act));
    kit->actor = act.view.owner;
}

static struct testkit *open(void)
{
    struct testkit *kit = testkit_open();
    str emails[] = {STR("ann@shop.example"), STR("bob@shop.example")};
    for (size_t i = 0; i < COUNT_OF(emails); i++)
        assert_ok(kit, testkit_run(kit, run_person, &emails[i]));
    act_as(kit, "ann@shop.example");
    return kit;
}

static void done(struct testkit *kit)
{
    str first;
    assert_int_equal(testkit_verify(kit, &view_room, &first), 0);
    testkit_close(kit);
}

static struct act of(const char *name, bool is_shared)
{
    return (struct act){
        .held = PERM_ALL,
        .cmd = {.held = PERM_ALL,
                .list = VIEW_ORDERS,
                .name = str_from_cstr(name),
                .query = STR("status=confirmed"),
                .is_shared = is_shared}
    };
}

static struct act add(struct testkit *kit, const char *name, bool is_shared)
{
    struct act act = of(name, is_shared);
    assert_ok(kit, testkit_run(kit, run_create, &act));
    act.id = act.view.id;
    act.change = (struct view_change){.held = PERM_ALL, .version = 1};
    return act;
}

static size_t seen(struct testkit *kit)
{
    struct act act = of("", false);
    assert_ok(kit, testkit_read(kit, run_all, &act));
    return act.count;
}

static void a_view_is_its_owners_unless_it_is_shared(void **state)
{
    (void)state;
    struct testkit *kit = open();
    struct act own = add(kit, "Mine", false), shared = add(kit, "Ours", true);
    assert_int_equal(seen(kit), 2);
    act_as(kit, "bob@shop.example");
    assert_int_equal(seen(kit), 1);
    str empty = STR_NONE;
    own.change.query = &empty;
    assert_int_equal(testkit_run(kit, run_change, &own), ERR_NOT_FOUND);
    assert_int_equal(testkit_run(kit, run_remove, &own), ERR_NOT_FOUND);
    assert_int_equal(testkit_run(kit, run_change, &shared), ERR_DENIED);
    /* He is of support, whatever he says: people are not his to keep. */
    assert_int_equal(testkit_run(kit, run_remove, &shared), ERR_DENIED);
    act_as(kit, "ann@shop.example");
    shared.change.is_shared = &(bool){false};
    assert_ok(kit, testkit_run(kit, run_change, &shared));
    assert_int_equal(shared.view.version, 2);
    assert_int_equal(testkit_run(kit, run_change, &shared), ERR_STALE);
    act_as(kit, "bob@shop.example");
    assert_int_equal(seen(kit), 0);
    act_as(kit, "ann@shop.example");
    assert_ok(kit, testkit_run(kit, run_remove, &own));
    assert_int_equal(seen(kit), 1);
    assert_int_equal(testkit_events(kit, "view.deleted"), 1);
    done(kit);
}

static void who_keeps_the_people_takes_shared_views_away(void **state)
{
    (void)state;
    struct testkit *kit = open();
    struct act shared = add(kit, "Ours", true), own = add(kit, "Mine", false);
    kit->actor = (struct actor){ACTOR_CLI, 0};
    assert_int_equal(testkit_run(kit, run_remove, &own), ERR_NOT_FOUND);
    assert_ok(kit, testkit_run(kit, run_remove, &shared));
    done(kit);
}

static void scopes_names_and_limits_hold(void **state)
{
    (void)state;
    struct testkit *kit = open();
    struct act act = of("Late", false);
    act.cmd.held = PERM_CATALOG_READ;
    assert_int_equal(testkit_run(kit, run_create, &act), ERR_DENIED);
    act.held = PERM_CATALOG_READ;
    assert_int_equal(testkit_read(kit, run_all, &act), ERR_DENIED);
    act.cmd.held = PERM_ORDERS_READ;
    assert_ok(kit, testkit_run(kit, run_create, &act));
    assert_int_equal(testkit_run(kit, run_create, &act), ERR_CONFLICT);
    assert_string_equal(kit->err.field, "name");
    struct act other = add(kit, "Later", false);
    other.change.name = &act.cmd.name;
    assert_int_equal(testkit_run(kit, run_change, &other), ERR_CONFLICT);
    act.cmd.name = STR("Ours");
    act.cmd.is_shared = true;
    assert_int_equal(testkit_run(kit, run_create, &act), ERR_DENIED);
    act.cmd.name = STR("a\nb");
    assert_int_equal(testkit_run(kit, run_create, &act), ERR_INVALID);
    for (int i = 2; i < VIEWS_OWN_MAX; i++) {
        str name = str_printf(kit->arena, "View %d", i);
        (void)add(kit, str_to_cstr(kit->arena, name), false);
    }
    act = of("One more", false);
    assert_int_equal(testkit_run(kit, run_create, &act), ERR_STATE);
    done(kit);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_view_is_its_owners_unless_it_is_shared),
        cmocka_unit_test(who_keeps_the_people_takes_shared_views_away),
        cmocka_unit_test(scopes_names_and_limits_hold),
    };
    int bad = 0;
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    do
        bad += cmocka_run_group_tests_name("views", tests, NULL, NULL);
    while (testkit_next_engine());
    return bad;
}
