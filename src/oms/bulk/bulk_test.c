/* bulk_test.c - jobs over orders: what they take, item by item, once each. */
#include "oms/bulk/bulk_job.h"
#include "oms/bulk/bulk_rules.h"

#include "base/json.h"
#include "base/perm.h"
#include "base/testing.h"
#include "base/testing_grid.h"
#include "oms/room.h"
#include "oms/shop_testkit.h"
#include "oms/user/user.h"
#include "store/event.h"

static int setup(void **state)
{
    struct shop *shop = shop_open(STOCK_POLICY_BACKORDER);
    shop_add_location(shop, "A");
    shop_add_sku(shop, "SHOE", true);
    shop_set_stock(shop, "SHOE", "A", 500);
    shop_rank(shop, "A");
    *state = shop;
    return 0;
}

static int teardown(void **state)
{
    shop_close(*state);
    return 0;
}

#define SHOP(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

static const char *place(struct shop *shop, const char *external_id)
{
    struct testkit_reply reply;
    assert_string_equal(
        shop_place(shop, shop_body(shop, external_id, "SHOE:1:100"), &reply),
        "");
    return shop_id(shop, "ord", shop_order_id(shop, &reply).v);
}

static const char *call(struct shop *shop, const char *operation,
                        const char *id, const char *body,
                        struct testkit_reply *ret)
{
    struct testkit_call call = {
        .operation = operation, .path = {id}, .body = body};
    shop_call(shop, &bulk_room, &call, ret);
    if (ret->err == OK)
        return "";
    return shop->kit->err.slug ? shop->kit->err.slug : err_slug(ret->err);
}

static order_job_id begin(struct shop *shop, const char *body)
{
    struct testkit_reply reply;
    order_job_id id;
    assert_string_equal(call(shop, "createOrderJob", NULL, body, &reply), "");
    assert_int_equal(reply.status, 202);
    assert_ok(&reply.ctx, json_get_id(reply.json, "id", "ojb", &id.v));
    return id;
}

/* ---- the worker, one item a transaction ---- */

struct turn {
    struct order_job_item *items;
    size_t count, at;
    struct err_detail why;
};

static err_t run_next(struct ctx *ctx, void *arg)
{
    struct turn *turn = arg;
    return order_job_next(ctx, 5, &turn->items, &turn->count);
}

static err_t run_one(struct ctx *ctx, void *arg)
{
    const struct turn *turn = arg;
    TRY(order_job_lock_orders(ctx, turn->items, turn->count));
    return order_job_item_run(ctx, &turn->items[turn->at]);
}

static err_t refuse_one(struct ctx *ctx, void *arg)
{
    const struct turn *turn = arg;
    return order_job_item_refuse(ctx, &turn->items[turn->at], &turn->why);
}

static size_t take_turn(struct shop *shop)
{
    struct turn turn = {.count = 0};
    assert_ok(shop->kit, testkit_read(shop->kit, run_next, &turn));
    for (turn.at = 0; turn.at < turn.count; turn.at++) {
        if (testkit_run(shop->kit, run_one, &turn) == OK) {
            /* A second time changes nothing. */
            assert_ok(shop->kit, testkit_run(shop->kit, run_one, &turn));
            continue;
        }
        turn.why = shop->kit->err;
        assert_ok(shop->kit, testkit_run(shop->kit, refuse_one, &turn));
        assert_ok(shop->kit, testkit_run(shop->kit, refuse_one, &turn));
    }
    return turn.count;
}

struct seen {
    struct order_job job;
    struct order_job_item *items;
    size_t count;
};

static err_t read_seen(struct ctx *ctx, void *arg)
{
    struct seen *seen = arg;
    struct order_job_item_query query = {.job = seen->job.id, .limit = 50};
    TRY(order_job_get(ctx, seen->job.id, &seen->job));
    return order_job_items(ctx, &query, &seen->items, &seen->count);
}

static struct seen see(struct shop *shop, order_job_id id)
{
    struct seen seen = {.job.id = id};
    str first;
    assert_ok(shop->kit, testkit_read(shop->kit, read_seen, &seen));
    if (testkit_verify(shop->kit, &bulk_room, &first) > 0)
        fail_msg("%.*s", STR_ARG(first));
    return seen;
}

/* ---- tests ---- */

static void the_grid_is_as_its_page(void **state)
{
    struct arena *arena = arena_open();
    (void)state;
    assert_grid(arena, &order_job_machine, "docs/states/order_job.md",
                1U << ORDER_JOB_DONE | 1U << ORDER_JOB_CANCELLED);
    arena_close(arena);
}

static void progress_is_told_twenty_times(void **state)
{
    int told = 0;
    (void)state;
    for (int64_t i = 0; i < 10000; i++) {
        struct order_job before = {.total = 10000, .done = i / 2};
        before.failed = i - before.done;
        struct order_job now = before;
        now.done++;
        assert_int_equal(order_job_waiting(&before), 10000 - i);
        told += order_job_tells(&before, &now);
    }
    assert_int_equal(told, 20);
}

static void each_action_asks_for_what_its_commands_ask(void **state)
{
    struct bulk_with with = {.goal = BULK_ACCEPTED};
    (void)state;
    assert_int_equal(bulk_perms(BULK_UNTAG, &with), PERM_ORDERS_WRITE);
    assert_int_equal(bulk_perms(BULK_LABEL, &with), PERM_SHIPPING_WRITE);
    assert_int_equal(bulk_perms(BULK_INVOICE, &with), PERM_FINANCE_WRITE);
    assert_int_equal(bulk_perms(BULK_FULFIL, &with), PERM_FULFILLMENT_WRITE);
    with.goal = BULK_PACKED;
    assert_int_equal(bulk_perms(BULK_FULFIL, &with), PERM_SHIPPING_WRITE);
    with.goal = BULK_SHIPPED;
    assert_int_equal(bulk_perms(BULK_FULFIL, &with),
                     PERM_SHIPPING_WRITE | PERM_FULFILLMENT_WRITE);
}

static void each_order_is_done_once_and_failures_say_why(void **state)
{
    struct shop *shop = *state;
    const char *a = place(shop, "a"), *b = place(shop, "b");
    order_job_id id = begin(
        shop, shop_text(shop,
                        "{\"action\":\"cancel\",\"with\":{\"reason\":\"x\"},"
                        "\"orders\":[\"%s\",\"%s\",\"%s\",\"%s\"]}",
                        b, a, b, shop_id(shop, "ord", 77)));
    assert_int_equal(take_turn(shop), 3);
    assert_int_equal(take_turn(shop), 0);
    struct seen seen = see(shop, id);
    assert_int_equal(seen.job.state, ORDER_JOB_DONE);
    assert_int_equal(seen.job.done, 2);
    assert_int_equal(seen.job.failed, 1);
    assert_str(seen.job.params, "{}");
    assert_int_equal(seen.items[0].state, ORDER_JOB_ITEM_FAILED);
    assert_str(seen.items[0].code, "not_found");
    assert_int_equal(testkit_events(shop->kit, "order.cancelled"), 2);
    assert_int_equal(testkit_events(shop->kit, "order_job.done"), 1);
    id = begin(shop, shop_text(shop,
                               "{\"action\":\"cancel\",\"with\":{\"reason\":"
                               "\"x\"},\"orders\":[\"%s\"]}",
                               a));
    assert_int_equal(take_turn(shop), 1);
    seen = see(shop, id);
    assert_int_equal(seen.job.failed, 1);
    assert_str(seen.items[0].code, "state");
    assert_true(seen.items[0].detail.len > 0);
    shop_verify(shop);
}

struct asker {
    struct key_cmd cmd;
    struct api_key key;
    str text;
};

static err_t make_key(struct ctx *ctx, void *arg)
{
    struct asker *asker = arg;
    return key_create(ctx, &asker->cmd, &asker->key, &asker->text);
}

static err_t revoke_key(struct ctx *ctx, void *arg)
{
    struct asker *asker = arg;
    return key_revoke(ctx, asker->key.id, PERM_ALL, &asker->key);
}

/* The key is looked at again with each of its orders. */
static void a_revoked_key_does_no_more(void **state)
{
    struct shop *shop = *state;
    struct actor before = shop->kit->actor;
    struct asker asker = {
        .cmd = {.name = STR("shop"),
                .perms = PERM_ORDERS_WRITE | PERM_ORDERS_READ,
                .granting = PERM_ALL}
    };
    const char *list = "";
    for (int i = 0; i < 6; i++)
        list = shop_text(shop, "%s%s\"%s\"", list, i > 0 ? "," : "",
                         place(shop, shop_text(shop, "o%d", i)));
    assert_ok(shop->kit, testkit_run(shop->kit, make_key, &asker));
    shop->kit->actor = (struct actor){ACTOR_KEY, asker.key.id.v};
    order_job_id id = begin(
        shop, shop_text(shop,
                        "{\"action\":\"tag\",\"with\":{\"tags\":[\"vip\"]},"
                        "\"orders\":[%s]}",
                        list));
    shop->kit->actor = before;
    assert_int_equal(take_turn(shop), 5);
    assert_ok(shop->kit, testkit_run(shop->kit, revoke_key, &asker));
    assert_int_equal(take_turn(shop), 1);
    struct seen seen = see(shop, id);
    assert_int_equal(seen.job.done, 5);
    assert_int_equal(seen.job.failed, 1);
    assert_str(seen.items[5].code, "denied");
    assert_str(seen.items[5].detail, "the key was revoked");
}

static void jobs_take_turns_and_a_cancelled_one_none(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    const char *all[12];
    str list = STR("");
    for (int i = 0; i < 12; i++) {
        all[i] = place(shop, shop_text(shop, "t%d", i));
        list = str_printf(shop->kit->arena, "%.*s%s\"%s\"", STR_ARG(list),
                          i ? "," : "", all[i]);
    }
    const char *body = shop_text(
        shop,
        "{\"action\":\"tag\",\"with\":{\"tags\":[\"vip\"]},\"orders\":[%.*s]}",
        STR_ARG(list));
    order_job_id first = begin(shop, body);
    shop->kit->now++;
    order_job_id second = begin(shop, body);
    shop->kit->now++;
    assert_int_equal(take_turn(shop), 5);
    assert_int_equal(see(shop, first).job.done, 5);
    shop->kit->now++;
    assert_int_equal(take_turn(shop), 5);
    assert_int_equal(see(shop, second).job.done, 5);
    const char *id = shop_id(shop, "ojb", second.v);
    assert_string_equal(
        call(shop, "cancelOrderJob", id, "{\"version\":2}", &reply), "stale");
    assert_string_equal(
        call(shop, "cancelOrderJob", id, "{\"version\":1}", &reply), "");
    assert_string_equal(
        call(shop, "cancelOrderJob", id, "{\"version\":2}", &reply),
        "order_job_state");
    while (take_turn(shop) > 0)
        shop->kit->now++;
    assert_int_equal(see(shop, first).job.state, ORDER_JOB_DONE);
    struct seen seen = see(shop, second);
    assert_int_equal(seen.job.done, 5);
    assert_int_equal(seen.items[11].state, ORDER_JOB_ITEM_WAITING);
    assert_int_equal(testkit_events(shop->kit, "order.tagged"), 12);
    shop_verify(shop);
}

static void what_a_filter_chose_stays_so(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    place(shop, "a");
    place(shop, "b");
    shop_drain(shop);
    const char *body = "{\"action\":\"tag\",\"with\":{\"tags\":[\"vip\"]},"
                       "\"filter\":{\"channel\":\"web\"}}";
    order_job_id id = begin(shop, body);
    place(shop, "c");
    shop_drain(shop);
    while (take_turn(shop) > 0)
        shop->kit->now++;
    assert_int_equal(see(shop, id).job.done, 2);
    assert_string_equal(call(shop, "createOrderJob", NULL,
                             "{\"action\":\"label\",\"filter\":{\"channel\":"
                             "\"nowhere\"}}",
                             &reply),
                        "channel_unknown");
    assert_string_equal(shop->kit->err.field, "filter.channel");
    assert_string_equal(call(shop, "createOrderJob", NULL,
                             "{\"action\":\"label\",\"filter\":{\"status\":"
                             "\"expired\"}}",
                             &reply),
                        "no_orders");
    for (int i = 0; i < LIMIT_ORDER_JOBS; i++)
        begin(shop, body);
    assert_string_equal(call(shop, "createOrderJob", NULL, body, &reply),
                        "too_many_jobs");
}

static void what_is_not_said_is_asked_for(void **state)
{
    static const struct {
        const char *body, *slug, *field;
    } cases[] = {
        {"{\"action\":\"burn\",\"orders\":[\"ord_1\"]}",              "unknown_value",
         "action"                                                                                 },
        {"{\"action\":\"tag\",\"orders\":[]}",                        "missing_field", "with"     },
        {"{\"action\":\"tag\",\"with\":{\"tags\":[]},\"orders\":[]}",
         "missing_field",                                                              "with.tags"},
        {"{\"action\":\"cancel\",\"with\":{\"reason\":\"\"}}",        "too_short",
         "with.reason"                                                                            },
        {"{\"action\":\"fulfil\",\"with\":{\"to\":\"moon\"}}",        "unknown_value",
         "with.to"                                                                                },
        {"{\"action\":\"label\",\"with\":{\"tags\":[]}}",             "unknown_field",
         "with.tags"                                                                              },
        {"{\"action\":\"label\",\"orders\":[\"pkg_1\"]}",             "id_invalid",
         "orders"                                                                                 },
        {"{\"action\":\"label\",\"orders\":[\"x\"],\"filter\":{}}",   "one_of",
         "orders"                                                                                 },
    };
    struct shop *shop = *state;
    struct testkit_reply reply;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_string_equal(
            call(shop, "createOrderJob", NULL, cases[i].body, &reply),
            cases[i].slug);
        assert_string_equal(shop->kit->err.field, cases[i].field);
    }
}

static err_t remove_old(struct ctx *ctx, void *arg)
{
    return bulk_timers.at[0].run(ctx, arg);
}

static bool removes_one(struct shop *shop)
{
    bool is_more;
    assert_ok(shop->kit, testkit_run(shop->kit, remove_old, &is_more));
    return is_more;
}

static void what_ended_long_ago_is_removed_and_nothing_else(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    const char *body =
        shop_text(shop,
                  "{\"action\":\"tag\",\"with\":{\"tags\":[\"vip\"]},"
                  "\"orders\":[\"%s\"]}",
                  place(shop, "r1"));
    order_job_id jobs[4];
    const utc_ms day = (utc_ms)24 * 60 * 60 * 1000;
    for (int i = 0; i < 2; i++) {
        jobs[i] = begin(shop, body);
        while (take_turn(shop) > 0)
            shop->kit->now++;
    }
    jobs[2] = begin(shop, body); /* Cancelled, its item never taken up. */
    assert_string_equal(call(shop, "cancelOrderJob",
                             shop_id(shop, "ojb", jobs[2].v), "{\"version\":1}",
                             &reply),
                        "");
    jobs[3] = begin(shop, body); /* Runs on. */
    assert_false(removes_one(shop));
    shop->kit->now += ORDER_JOB_KEEP_DAYS * day - 1000;
    assert_false(removes_one(shop));
    shop->kit->now += 2000;
    for (int i = 0; i < 3; i++) {
        assert_true(removes_one(shop));
        assert_string_equal(call(shop, "getOrderJob",
                                 shop_id(shop, "ojb", jobs[i].v), NULL, &reply),
                            "not_found");
        if (i < 2) /* The oldest alone. */
            (void)see(shop, jobs[i + 1]);
    }
    assert_false(removes_one(shop));
    assert_int_equal(see(shop, jobs[3]).count, 1);
    while (take_turn(shop) > 0)
        shop->kit->now++;
    assert_int_equal(see(shop, jobs[3]).job.state, ORDER_JOB_DONE);
    assert_false(removes_one(shop));
    shop_verify(shop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_grid_is_as_its_page),
        cmocka_unit_test(progress_is_told_twenty_times),
        cmocka_unit_test(each_action_asks_for_what_its_commands_ask),
        SHOP(each_order_is_done_once_and_failures_say_why),
        SHOP(a_revoked_key_does_no_more),
        SHOP(jobs_take_turns_and_a_cancelled_one_none),
        SHOP(what_a_filter_chose_stays_so),
        SHOP(what_ended_long_ago_is_removed_and_nothing_else),
        SHOP(what_is_not_said_is_asked_for),
    };
    int bad = 0;
    do
        bad += cmocka_run_group_tests_name("bulk", tests, NULL, NULL);
    while (testkit_next_engine());
    return bad;
}
