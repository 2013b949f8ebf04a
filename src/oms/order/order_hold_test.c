/* order_hold_test.c - orders that confirm a hold (A3.19, A14.02). */
#include "base/id.h"
#include "base/json.h"
#include "base/testing.h"
#include "oms/change/change.h"
#include "oms/hold/hold.h"
#include "oms/order/order_store.h"
#include "oms/shop_testkit.h"

static struct shop *open_shop(void)
{
    struct shop *shop = shop_open(STOCK_POLICY_REFUSE);
    shop_add_location(shop, "north");
    shop_add_location(shop, "south");
    shop_add_sku(shop, "TEA", true);
    shop_add_sku(shop, "CUP", true);
    shop_set_stock(shop, "TEA", "north", 5);
    shop_set_stock(shop, "TEA", "south", 3);
    shop_set_stock(shop, "CUP", "south", 4);
    shop_rank(shop, "north south");
    return shop;
}

static void done(struct shop *shop)
{
    shop_drain(shop);
    shop_verify(shop);
    shop_close(shop);
}

/* Items as JSON; the id of the hold. */
static const char *held(struct shop *shop, const char *items)
{
    struct testkit_reply reply;
    int64_t id = 0;
    struct testkit_call call = {
        .operation = "placeHold",
        .body = shop_text(shop,
                          "{\"channel\":\"web\",\"ttl_s\":60,"
                          "\"items\":[%s]}",
                          items)};
    shop_call(shop, &hold_room, &call, &reply);
    assert_ok(shop->kit, reply.err);
    assert_ok(&reply.ctx, json_get_id(reply.json, "id", "hld", &id));
    return shop_id(shop, "hld", id);
}

#define TEA(n) "{\"sku\":\"TEA\",\"quantity\":" #n "}"
#define CUP(n) "{\"sku\":\"CUP\",\"quantity\":" #n "}"

/* The body of an order that names a hold. */
static const char *body_of(struct shop *shop, const char *external_id,
                           const char *lines, const char *hold)
{
    const char *body = shop_body(shop, external_id, lines);
    return shop_text(shop, "{\"hold\":\"%s\",%s", hold, body + 1);
}

static void expect(struct shop *shop, const char *sku, const char *location,
                   int64_t reserved, int64_t committed)
{
    struct stock_level level = shop_level(shop, sku, location);
    assert_int_equal(level.reserved, reserved);
    assert_int_equal(level.committed, committed);
}

static void expect_hold(struct shop *shop, const char *id, const char *state)
{
    struct testkit_reply reply;
    struct testkit_call call = {.operation = "getHold", .path = {id}};
    str got;
    shop_call(shop, &hold_room, &call, &reply);
    assert_ok(shop->kit, reply.err);
    assert_ok(&reply.ctx, json_get_str(reply.json, "state", 1, 20, &got));
    assert_str(got, state);
}

static void A3_19_an_order_takes_the_units_where_they_are_held(void **state)
{
    (void)state;
    struct shop *shop = open_shop();
    struct testkit_reply reply;
    const char *hold = held(shop, TEA(6) "," CUP(1));
    assert_string_equal(
        shop_place(shop, body_of(shop, "1", "TEA:6:100 CUP:1:100", hold),
                   &reply),
        "");
    expect(shop, "TEA", "north", 0, 5);
    expect(shop, "TEA", "south", 0, 1);
    expect(shop, "CUP", "south", 0, 1);
    struct order order = shop_order(shop, shop_order_id(shop, &reply));
    assert_int_equal(order.allocation_count, 3);
    assert_int_equal(order.lines[0].allocated, 6);
    expect_hold(shop, hold, "confirmed");
    assert_int_equal(testkit_events(shop->kit, "hold.confirmed"), 1);
    done(shop);
}

static void lines_beyond_the_hold_take_free_stock(void **state)
{
    (void)state;
    struct shop *shop = open_shop();
    struct testkit_reply reply;
    /* What is not held fits at one location, where all of it goes. */
    const char *hold = held(shop, TEA(4));
    assert_string_equal(
        shop_place(shop, body_of(shop, "1", "CUP:2:9 TEA:5:9 TEA:1:9", hold),
                   &reply),
        "");
    expect(shop, "TEA", "north", 0, 4);
    expect(shop, "TEA", "south", 0, 2);
    expect(shop, "CUP", "south", 0, 2);
    done(shop);
}

static void what_the_order_does_not_use_goes_back(void **state)
{
    (void)state;
    struct shop *shop = open_shop();
    struct testkit_reply reply;
    const char *hold = held(shop, TEA(7) "," CUP(4));
    assert_string_equal(
        shop_place(shop, body_of(shop, "1", "TEA:2:9 TEA:1:9", hold), &reply),
        "");
    expect(shop, "TEA", "north", 0, 3);
    expect(shop, "TEA", "south", 0, 0);
    expect(shop, "CUP", "south", 0, 0);
    expect_hold(shop, hold, "confirmed");
    /* None of the lines is of its SKUs. */
    const char *other = held(shop, TEA(2));
    assert_string_equal(
        shop_place(shop, body_of(shop, "2", "CUP:1:9", other), &reply), "");
    expect(shop, "TEA", "north", 0, 3);
    expect_hold(shop, other, "confirmed");
    done(shop);
}

static void a_hold_is_spent_once_also_within_one_batch(void **state)
{
    (void)state;
    struct shop *shop = open_shop();
    const char *hold = held(shop, TEA(2));
    const char *bodies[] = {
        body_of(shop, "1", "TEA:2:9", hold),
        body_of(shop, "2", "TEA:2:9", hold),
        body_of(shop, "1", "TEA:2:9", hold), /* The first, sent again. */
    };
    struct shop_result *results = shop_place_many(shop, bodies, 3);
    assert_string_equal(results[0].slug, "");
    assert_string_equal(results[1].slug, "hold_not_open");
    assert_string_equal(results[2].slug, "");
    assert_false(results[2].is_new);
    expect(shop, "TEA", "north", 0, 2);
    struct testkit_reply reply;
    assert_string_equal(shop_place(shop, bodies[1], &reply), "hold_not_open");
    assert_string_equal(shop_place(shop, bodies[0], &reply), "");
    expect(shop, "TEA", "north", 0, 2);
    done(shop);
}

static void what_cannot_be_confirmed_is_refused_by_name(void **state)
{
    (void)state;
    struct shop *shop = open_shop();
    struct testkit_reply reply;
    struct testkit_call call = {
        .operation = "createChannel",
        .body = "{\"code\":\"pos\",\"name\":\"Till\",\"type\":\"pos\","
                "\"currency\":\"EUR\",\"tax_mode\":\"inclusive\"}"};
    shop_call(shop, &channel_room, &call, &reply);
    assert_ok(shop->kit, reply.err);
    const char *hold = held(shop, TEA(2));
    const char *body = body_of(shop, "1", "TEA:2:9", hold);
    const char *other = shop_text(
        shop, "{\"hold\":\"%s\",\"channel\":\"pos\",%s", hold,
        shop_body(shop, "1", "TEA:2:9") + strlen("{\"channel\":\"web\","));
    assert_string_equal(shop_place(shop, other, &reply), "hold_other_channel");
    assert_string_equal(
        shop_place(shop,
                   body_of(shop, "1", "TEA:2:9", shop_id(shop, "hld", 12345)),
                   &reply),
        "hold_unknown");
    assert_string_equal(
        shop_place(shop, body_of(shop, "1", "TEA:9:9", hold), &reply),
        "out_of_stock");
    expect(shop, "TEA", "north", 2, 0);
    shop->kit->now += 60000;
    assert_string_equal(shop_place(shop, body, &reply), "hold_expired");
    expect(shop, "TEA", "north", 2, 0);
    done(shop);
}

static void a_confirmed_hold_is_cancelled_like_any_order(void **state)
{
    (void)state;
    struct shop *shop = open_shop();
    struct testkit_reply reply;
    const char *hold = held(shop, TEA(6));
    assert_string_equal(
        shop_place(shop, body_of(shop, "1", "TEA:6:9", hold), &reply), "");
    order_id id = shop_order_id(shop, &reply);
    struct testkit_call call = {
        .operation = "cancelOrder",
        .path = {shop_id(shop, "ord", id.v)},
        .body = "{\"version\":1,\"reason\":\"changed my mind\"}"};
    shop_call(shop, &change_room, &call, &reply);
    assert_ok(shop->kit, reply.err);
    expect(shop, "TEA", "north", 0, 0);
    expect(shop, "TEA", "south", 0, 0);
    done(shop);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(A3_19_an_order_takes_the_units_where_they_are_held),
        cmocka_unit_test(lines_beyond_the_hold_take_free_stock),
        cmocka_unit_test(what_the_order_does_not_use_goes_back),
        cmocka_unit_test(a_hold_is_spent_once_also_within_one_batch),
        cmocka_unit_test(what_cannot_be_confirmed_is_refused_by_name),
        cmocka_unit_test(a_confirmed_hold_is_cancelled_like_any_order),
    };
    int bad = 0;
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    do
        bad += cmocka_run_group_tests_name("order hold", tests, NULL, NULL);
    while (testkit_next_engine());
    return bad;
}
