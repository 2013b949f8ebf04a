/* order_wait_test.c - who waits is served in turn, and told when. */
#include "base/id.h"
#include "base/testing.h"
#include "base/time.h"
#include "oms/catalog/catalog.h"
#include "oms/change/change.h"
#include "oms/inventory/inventory_supply.h"
#include "oms/order/order_wait.h"
#include "oms/room.h"
#include "oms/routing/routing.h"
#include "oms/shop_testkit.h"
#include "store/event.h"

static int open_shop(void **state)
{
    struct shop *shop = shop_open(STOCK_POLICY_BACKORDER);
    shop_add_location(shop, "A");
    shop_add_location(shop, "B");
    shop_add_sku(shop, "SHOE", true);
    shop_add_sku(shop, "CUP", true);
    *state = shop;
    return 0;
}

static int close_shop(void **state)
{
    shop_close(*state);
    return 0;
}

#define SHOP(test) cmocka_unit_test_setup_teardown(test, open_shop, close_shop)

static order_id place(struct shop *shop, const char *external, const char *what)
{
    struct testkit_reply reply;
    shop->kit->now += 10;
    assert_string_equal(
        shop_place(shop, shop_body(shop, external, what), &reply), "");
    return shop_order_id(shop, &reply);
}

static void call(struct shop *shop, const struct testkit_call *call,
                 const struct room *room, struct testkit_reply *ret)
{
    shop_call(shop, room, call, ret);
    assert_ok(shop->kit, ret->err);
}

static void receive(struct shop *shop, const char *sku, const char *location,
                    int qty)
{
    struct testkit_reply reply;
    struct testkit_call receipt = {
        .operation = "createReceipt",
        .body = shop_text(shop,
                          "{\"location\":\"%s\",\"lines\":[{\"sku\":\"%s\","
                          "\"quantity\":%d}]}",
                          location, sku, qty)};
    call(shop, &receipt, &inventory_room, &reply);
}

/* What is announced for so many days from now. */
static const char *expect(struct shop *shop, const char *sku,
                          const char *location, int qty, int days)
{
    char at[TIME_TEXT_BYTES];
    struct testkit_reply reply;
    int64_t id;
    time_to_text(shop->kit->now + days * DAY_MS, at);
    struct testkit_call announce = {
        .operation = "createExpectedReceipt",
        .body = shop_text(shop,
                          "{\"location\":\"%s\",\"sku\":\"%s\",\"quantity\":"
                          "%d,\"expected_at\":\"%.*s\"}",
                          location, sku, qty, TIME_TEXT_BYTES, at)};
    call(shop, &announce, &inventory_room, &reply);
    assert_ok(&reply.ctx, json_get_id(reply.json, "id", "sup", &id));
    return shop_id(shop, "sup", id);
}

static void move(struct shop *shop, const char *supply, int64_t version,
                 int days)
{
    char at[TIME_TEXT_BYTES];
    struct testkit_reply reply;
    time_to_text(shop->kit->now + days * DAY_MS, at);
    struct testkit_call change = {
        .operation = "changeExpectedReceipt",
        .path = {supply},
        .body = shop_text(shop, "{\"version\":%lld,\"expected_at\":\"%.*s\"}",
                          (long long)version, TIME_TEXT_BYTES, at)};
    call(shop, &change, &inventory_room, &reply);
}

static void assert_line(struct shop *shop, order_id id, int64_t n,
                        int64_t allocated, int64_t backordered)
{
    struct order order = shop_order(shop, id);
    assert_int_equal(order.lines[n - 1].allocated, allocated);
    assert_int_equal(order.lines[n - 1].backordered, backordered);
}

struct look {
    order_id id;
    utc_ms promise_at;
    struct order_wait told;
};
static err_t look(struct ctx *ctx, void *arg)
{
    struct look *l = arg;
    struct wait_line *lines;
    size_t count;
    TRY(wait_list_orders(ctx, &l->id, 1, &lines, &count));
    l->promise_at = order_promise_of(lines, count);
    return order_wait_get(ctx, l->id, &l->told);
}

/* Days from `then` to what was told; -1: nothing. */
static int told(struct shop *shop, order_id id, utc_ms then)
{
    struct look l = {.id = id};
    assert_ok(shop->kit, testkit_read(shop->kit, look, &l));
    assert_int_equal(l.promise_at, l.told.promise_at);
    return l.told.promise_at == 0 ? -1
                                  : (int)((l.told.promise_at - then) / DAY_MS);
}

/* Units that nobody came for wait for a person, not in the queue. */
static void only_who_waits_is_served(void **state)
{
    struct shop *shop = *state;
    order_id one = place(shop, "1", "SHOE:3:100");
    shop_turn(shop);
    testkit_sql(shop->kit, "UPDATE order_lines SET unallocated = 2, "
                           "backordered = 1");
    receive(shop, "SHOE", "A", 3);
    shop_turn(shop);
    assert_line(shop, one, 1, 1, 0);
    assert_int_equal(shop_order(shop, one).lines[0].unallocated, 2);
}

/* A3.14: Solidus fills first in, first out, and so does this. */
static void what_comes_in_goes_to_who_waits_longest(void **state)
{
    struct shop *shop = *state;
    order_id one = place(shop, "1", "SHOE:2:100");
    order_id two = place(shop, "2", "SHOE:2:100");
    order_id three = place(shop, "3", "SHOE:1:100");
    shop_turn(shop);
    receive(shop, "SHOE", "A", 3);
    shop_turn(shop);
    assert_line(shop, one, 1, 2, 0);
    assert_line(shop, two, 1, 1, 1);
    assert_line(shop, three, 1, 0, 1);
    assert_int_equal(shop_level(shop, "SHOE", "A").committed, 3);
    assert_int_equal(testkit_events(shop->kit, "order.allocated"), 2);
    shop_verify(shop);
    shop_set_stock(shop, "SHOE", "B", 9); /* However units come. */
    shop_turn(shop);
    assert_line(shop, two, 1, 2, 0);
    assert_line(shop, three, 1, 1, 0);
    assert_int_equal(shop_level(shop, "SHOE", "B").committed, 2);
    shop_turn(shop);
    assert_int_equal(testkit_events(shop->kit, "order.allocated"), 4);
    shop_verify(shop);
}

static void units_that_a_cancelled_order_gives_back_are_served(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    shop_set_stock(shop, "SHOE", "A", 2);
    order_id one = place(shop, "1", "SHOE:2:100");
    order_id two = place(shop, "2", "SHOE:2:100");
    shop_turn(shop);
    struct testkit_call cancel = {.operation = "cancelOrder",
                                  .path = {shop_id(shop, "ord", one.v)},
                                  .body = "{\"version\":1,\"reason\":\"x\"}"};
    call(shop, &cancel, &change_room, &reply);
    assert_line(shop, two, 1, 0, 2);
    shop_turn(shop);
    assert_line(shop, two, 1, 2, 0);
    shop_verify(shop);
}

/* A channel that ships from one place alone. */
static void add_channel(struct shop *shop, const char *code, const char *policy,
                        const char *place)
{
    struct testkit_reply reply;
    int64_t id;
    struct testkit_call create = {
        .operation = "createChannel",
        .body = shop_text(shop,
                          "{\"code\":\"%s\",\"name\":\"%s\",\"type\":\"web\","
                          "\"currency\":\"EUR\",\"tax_mode\":\"inclusive\","
                          "\"stock_policy\":\"%s\"}",
                          code, code, policy)};
    call(shop, &create, &channel_room, &reply);
    assert_ok(&reply.ctx, json_get_id(reply.json, "id", "chn", &id));
    struct testkit_call rank = {
        .operation = "setChannelRouting",
        .path = {shop_id(shop, "chn", id)},
        .body = shop_text(shop, "{\"version\":0,\"locations\":[\"%s\"]}",
                          shop_id(shop, "loc", shop_loc(shop, place).v))};
    call(shop, &rank, &routing_room, &reply);
}

static const char *try_sell(struct shop *shop, const char *channel,
                            const char *external, int qty)
{
    struct testkit_reply reply;
    shop->kit->now += 10;
    return shop_place(
        shop,
        shop_text(shop,
                  "{\"channel\":\"%s\",\"external_id\":\"%s\",\"lines\":[{"
                  "\"sku\":\"SHOE\",\"quantity\":%d,\"unit_price\":{"
                  "\"amount\":100,\"currency\":\"EUR\"}}]}",
                  channel, external, qty),
        &reply);
}

/* Between a delivery and its turn only units are kept that who waits can get:
 * there where his channel ships from, and no more than he waits for. */
static void what_nobody_can_get_who_waits_is_sold_at_once(void **state)
{
    struct shop *shop = *state;
    shop_rank(shop, "A");
    add_channel(shop, "far", "backorder", "B");
    add_channel(shop, "at-a", "refuse", "A");
    add_channel(shop, "at-b", "refuse", "B");
    order_id one = place(shop, "1", "SHOE:2:100");
    shop_turn(shop);
    shop_set_stock(shop, "SHOE", "B", 3);
    assert_string_equal(try_sell(shop, "at-b", "2", 3), "");
    assert_string_equal(try_sell(shop, "far", "3", 9), "");
    shop_turn(shop);
    shop_set_stock(shop, "SHOE", "A", 5);
    assert_string_equal(try_sell(shop, "at-a", "4", 4), "out_of_stock");
    assert_string_equal(try_sell(shop, "at-a", "5", 3), "");
    assert_string_equal(try_sell(shop, "at-a", "6", 1), "out_of_stock");
    shop_turn(shop);
    assert_line(shop, one, 1, 2, 0);
    shop_verify(shop);
}

static void prioritize(struct shop *shop, order_id id, int priority)
{
    struct testkit_reply reply;
    struct testkit_call set = {
        .operation = "setOrderPriority",
        .path = {shop_id(shop, "ord", id.v)},
        .body = shop_text(shop, "{\"version\":1,\"priority\":%d}", priority)};
    call(shop, &set, &order_room, &reply);
}

static void priority_comes_before_age(void **state)
{
    struct shop *shop = *state;
    utc_ms then = shop->kit->now;
    order_id one = place(shop, "1", "SHOE:2:100");
    order_id two = place(shop, "2", "SHOE:2:100");
    expect(shop, "SHOE", "A", 2, 5);
    shop_turn(shop);
    assert_int_equal(told(shop, one, then), 5);
    assert_int_equal(told(shop, two, then), -1);
    prioritize(shop, two, 7);
    shop_turn(shop);
    assert_int_equal(told(shop, one, then), -1);
    assert_int_equal(told(shop, two, then), 5);
    receive(shop, "SHOE", "A", 2);
    shop_turn(shop);
    assert_line(shop, one, 1, 0, 2);
    assert_line(shop, two, 1, 2, 0);
    shop_verify(shop);
}

/* Between the delivery and the turn of the queue. */
static void a_new_order_does_not_take_what_others_wait_for(void **state)
{
    struct shop *shop = *state;
    order_id one = place(shop, "1", "SHOE:3:100");
    shop_turn(shop);
    receive(shop, "SHOE", "A", 4);
    order_id two = place(shop, "2", "SHOE:2:100");
    assert_line(shop, two, 1, 1, 1); /* What is beyond three is free. */
    shop_turn(shop);
    assert_line(shop, one, 1, 3, 0);
    assert_line(shop, two, 1, 1, 1);
    shop_verify(shop);
}

/* Units its channel may not sell keep nobody else from them. */
static void what_cannot_serve_the_queue_is_sold_to_others(void **state)
{
    struct shop *shop = *state;
    shop_rank(shop, "A");
    order_id one = place(shop, "1", "SHOE:3:100");
    expect(shop, "SHOE", "B", 9, 1);
    shop_turn(shop);
    assert_int_equal(told(shop, one, 0), -1);
    receive(shop, "SHOE", "B", 5);
    shop_turn(shop);
    assert_line(shop, one, 1, 0, 3);
    shop_rank(shop, "A B");
    shop_turn(shop);
    assert_line(shop, one, 1, 3, 0);
    shop_verify(shop);
}

static void one_delivery_that_moves_is_one_event_an_order(void **state)
{
    struct shop *shop = *state;
    utc_ms then = shop->kit->now;
    const char *supply = expect(shop, "SHOE", "A", 4, 3);
    expect(shop, "CUP", "A", 9, 2);
    order_id one = place(shop, "1", "SHOE:2:100 CUP:1:100 SHOE:1:100");
    order_id two = place(shop, "2", "CUP:1:100");
    shop_turn(shop);
    assert_int_equal(testkit_events(shop->kit, "order.promise_changed"), 2);
    assert_int_equal(told(shop, one, then), 3);
    assert_int_equal(told(shop, two, then), 2);
    move(shop, supply, 1, 8);
    shop_turn(shop);
    assert_int_equal(testkit_events(shop->kit, "order.promise_changed"), 3);
    assert_int_equal(told(shop, one, then), 8);
    shop_turn(shop);
    assert_int_equal(testkit_events(shop->kit, "order.promise_changed"), 3);
    struct testkit_reply reply;
    struct testkit_call end = {.operation = "cancelExpectedReceipt",
                               .path = {supply},
                               .query = "version=2"};
    call(shop, &end, &inventory_room, &reply);
    shop_turn(shop);
    assert_int_equal(told(shop, one, then), -1);
    assert_int_equal(testkit_events(shop->kit, "order.promise_changed"), 4);
    shop_verify(shop);
}

/* The delivery for the first does not make the second one's promise vanish. */
static void a_delivery_moves_no_other_promise(void **state)
{
    struct shop *shop = *state;
    utc_ms then = shop->kit->now;
    expect(shop, "SHOE", "A", 2, 9);
    const char *first = expect(shop, "SHOE", "A", 2, 1);
    order_id one = place(shop, "1", "SHOE:2:100");
    order_id two = place(shop, "2", "SHOE:2:100");
    shop_turn(shop);
    assert_int_equal(told(shop, one, then), 1);
    assert_int_equal(told(shop, two, then), 9);
    struct testkit_reply reply;
    struct testkit_call receipt = {
        .operation = "createReceipt",
        .body = shop_text(shop,
                          "{\"location\":\"A\",\"lines\":[{\"sku\":\"SHOE\","
                          "\"quantity\":2,\"expected_receipt\":\"%s\"}]}",
                          first)};
    call(shop, &receipt, &inventory_room, &reply);
    shop_turn(shop);
    assert_line(shop, one, 1, 2, 0);
    assert_int_equal(told(shop, two, then), 9);
    assert_int_equal(testkit_events(shop->kit, "order.promise_changed"), 2);
    shop_verify(shop);
}

static void a_broken_promise_is_told_once(void **state)
{
    struct shop *shop = *state;
    const char *supply = expect(shop, "SHOE", "A", 4, 1);
    place(shop, "1", "SHOE:2:100");
    shop_turn(shop);
    shop->kit->now += 2 * DAY_MS;
    shop_turn(shop);
    shop_turn(shop);
    assert_int_equal(testkit_events(shop->kit, "order.promise_missed"), 1);
    move(shop, supply, 1, 1);
    shop_turn(shop);
    shop->kit->now += 2 * DAY_MS;
    shop_turn(shop);
    assert_int_equal(testkit_events(shop->kit, "order.promise_missed"), 2);
    shop_verify(shop);
}

static void make_kit(struct shop *shop)
{
    struct testkit_reply reply;
    shop_add_sku(shop, "SET", false);
    struct testkit_call get = {.operation = "listSkus", .query = "code=SET"};
    struct json_list list;
    struct json_in *in;
    int64_t id;
    call(shop, &get, &catalog_room, &reply);
    assert_ok(&reply.ctx, json_get_list(reply.json, "items", 1, 1, &list));
    assert_ok(&reply.ctx, json_list_object(&list, 0, &in));
    assert_ok(&reply.ctx, json_get_id(in, "id", "sku", &id));
    struct testkit_call set = {
        .operation = "setComponents",
        .path = {shop_id(shop, "sku", id)},
        .body = "{\"version\":1,\"components\":[{\"sku\":\"SHOE\",\"quantity\":"
                "2},{\"sku\":\"CUP\",\"quantity\":1}]}"};
    call(shop, &set, &change_room, &reply);
}

/* B9 for kits: all components at one place, or none. */
static void a_kit_is_served_when_all_its_parts_are_there(void **state)
{
    struct shop *shop = *state;
    utc_ms then = shop->kit->now;
    make_kit(shop);
    order_id one = place(shop, "1", "SET:2:100");
    order_id two = place(shop, "2", "SHOE:1:100");
    receive(shop, "CUP", "A", 5);
    expect(shop, "SHOE", "A", 4, 3);
    shop_turn(shop);
    assert_line(shop, one, 1, 0, 2);
    assert_int_equal(told(shop, one, then), 3); /* Its cups are there. */
    assert_int_equal(told(shop, two, then), -1);
    receive(shop, "SHOE", "B", 1); /* Not where the cups are. */
    shop_turn(shop);
    assert_line(shop, one, 1, 0, 2);
    assert_line(shop, two, 1, 1, 0);
    receive(shop, "SHOE", "A", 3);
    shop_turn(shop);
    assert_line(shop, one, 1, 1, 1);
    assert_int_equal(shop_level(shop, "SHOE", "A").committed, 2);
    assert_int_equal(shop_level(shop, "CUP", "A").committed, 1);
    receive(shop, "SHOE", "A", 1);
    shop_turn(shop);
    assert_line(shop, one, 1, 2, 0);
    shop_verify(shop);
}

/* Longer than what is looked at in a turn, and than a part of a queue. */
static void a_long_queue_is_walked_in_parts(void **state)
{
    enum { ORDERS = 210 };
    struct shop *shop = *state;
    const char *bodies[ORDERS];
    utc_ms then = shop->kit->now;
    for (int i = 0; i < ORDERS; i++)
        bodies[i] = shop_body(shop, shop_text(shop, "%d", i), "SHOE:1:100");
    struct shop_result *placed = shop_place_many(shop, bodies, ORDERS);
    expect(shop, "SHOE", "A", ORDERS - 1, 4);
    shop_turn(shop);
    assert_int_equal(testkit_events(shop->kit, "order.promise_changed"),
                     ORDERS - 1);
    assert_int_equal(told(shop, placed[ORDERS - 2].order.id, then), 4);
    assert_int_equal(told(shop, placed[ORDERS - 1].order.id, then), -1);
    shop_verify(shop);
    receive(shop, "SHOE", "A", 100);
    shop_turn(shop);
    assert_line(shop, placed[99].order.id, 1, 1, 0);
    assert_line(shop, placed[100].order.id, 1, 0, 1);
    assert_int_equal(shop_level(shop, "SHOE", "A").committed, 100);
    shop_verify(shop);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        SHOP(only_who_waits_is_served),
        SHOP(what_comes_in_goes_to_who_waits_longest),
        SHOP(units_that_a_cancelled_order_gives_back_are_served),
        SHOP(what_nobody_can_get_who_waits_is_sold_at_once),
        SHOP(priority_comes_before_age),
        SHOP(a_new_order_does_not_take_what_others_wait_for),
        SHOP(what_cannot_serve_the_queue_is_sold_to_others),
        SHOP(one_delivery_that_moves_is_one_event_an_order),
        SHOP(a_delivery_moves_no_other_promise),
        SHOP(a_broken_promise_is_told_once),
        SHOP(a_kit_is_served_when_all_its_parts_are_there),
        SHOP(a_long_queue_is_walked_in_parts),
    };
    int bad = 0;
    do
        bad += RUN_TESTS(tests, argc, argv);
    while (testkit_next_engine());
    return bad;
}
