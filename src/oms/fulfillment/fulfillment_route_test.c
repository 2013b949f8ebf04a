/* fulfillment_route_test.c - stored orders are routed again as new ones are:
 * by their facts and their SKUs, within capacity, with promises that follow. */
#include "oms/catalog/catalog.h"
#include "oms/fulfillment/fulfillment_testkit.h"
#include "oms/inventory/inventory_command.h"
#include "oms/room.h"
#include "oms/routing/routing_zone.h"

#define RANKED(places)                                                         \
    "\"steps\":[{\"name\":\"one\",\"rank\":[{\"by\":\"ranked\","               \
    "\"locations\":" places "}]}]"

static int setup(void **state)
{
    struct shop *shop = shop_open(STOCK_POLICY_BACKORDER);
    shop_add_location(shop, "A");
    shop_add_location(shop, "B");
    shop_add_location(shop, "C");
    shop_add_sku(shop, "SHOE", true);
    shop_add_sku(shop, "SOCK", true);
    shop_rank(shop, "A B C");
    *state = shop;
    return 0;
}

static int teardown(void **state)
{
    shop_verify(*state);
    shop_close(*state);
    return 0;
}

#define SHOP(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

/* The error code or ""; of the body's members some more may be given. */
static const char *try_place(struct shop *shop, const char *external_id,
                             const char *lines, const char *more, order_id *ret)
{
    struct testkit_reply reply;
    const char *body = shop_body(shop, external_id, lines);
    const char *slug = shop_place(
        shop, shop_text(shop, "%.*s%s}", (int)strlen(body) - 1, body, more),
        &reply);
    if (!*slug)
        *ret = shop_order_id(shop, &reply);
    shop_drain(shop);
    return slug;
}

static order_id place(struct shop *shop, const char *external_id,
                      const char *lines, const char *more)
{
    order_id id = {0};
    assert_string_equal(try_place(shop, external_id, lines, more, &id), "");
    return id;
}

static struct fulfillment open_one(struct shop *shop, order_id id)
{
    struct fulfillment *fos;
    size_t count = shop_fulfillments(shop, id, &fos), at = 0;
    while (at < count && fos[at].status != FULFILLMENT_OPEN)
        at++;
    assert_true(at < count);
    return fos[at];
}

static const char *act(struct shop *shop, const char *operation, order_id id,
                       const char *more)
{
    struct fulfillment fo = open_one(shop, id);
    struct testkit_reply reply;
    struct testkit_call call = {.operation = operation,
                                .path = {shop_id(shop, "fo", fo.id.v)},
                                .body = shop_text(shop, "{\"version\":%lld%s}",
                                                  (long long)fo.version, more)};
    shop_call(shop, &fulfillment_room, &call, &reply);
    const char *slug = shop->kit->err.slug ? shop->kit->err.slug : "refused";
    shop_drain(shop);
    return reply.err == OK ? "" : slug;
}

/* Its place has no room for it: it is routed again. */
static void refuse(struct shop *shop, order_id id)
{
    assert_string_equal(
        act(shop, "cancelFulfillmentOrder", id, ",\"reason\":\"flood\""), "");
}

static const char *move(struct shop *shop, order_id id, const char *to)
{
    return act(shop, "moveFulfillmentOrder", id,
               shop_text(shop, ",\"location\":\"%s\"",
                         shop_id(shop, "loc", shop_loc(shop, to).v)));
}

static void expect_at(struct shop *shop, order_id id, const char *code)
{
    struct order order = shop_order(shop, id);
    assert_int_equal(order.allocation_count, 1);
    assert_int_equal(order.allocations[0].location.v, shop_loc(shop, code).v);
}

static void stock_all(struct shop *shop, int64_t qty)
{
    static const char *const places[] = {"A", "B", "C"};
    for (size_t i = 0; i < COUNT_OF(places); i++)
        shop_set_stock(shop, "SHOE", places[i], qty);
}

/* What such an order asks for is C before B, whatever the channel's list. */
static void goes_by_its_scenario(struct shop *shop, const char *when,
                                 const char *more)
{
    shop_route(shop, "A B C",
               shop_text(shop,
                         "[{\"name\":\"some\",\"when\":%s," RANKED(
                             "[\"A\",\"C\",\"B\"]") "}]",
                         when));
    order_id id = place(shop, "1", "SHOE:2:100", more);
    order_id other = place(shop, "2", "SOCK:1:100", more);
    expect_at(shop, id, "A");
    refuse(shop, id);
    expect_at(shop, id, "C");
    stock_all(shop, 9); /* So does what waited. */
    shop_turn(shop);
    shop_set_stock(shop, "SOCK", "B", 1);
    shop_set_stock(shop, "SOCK", "C", 1);
    shop_turn(shop);
    expect_at(shop, other, "C");
}

static void by_the_tags_of_the_order(void **state)
{
    stock_all(*state, 2);
    goes_by_its_scenario(*state, "{\"tags\":[\"vip\"]}",
                         ",\"tags\":[\"vip\",\"new\"]");
}

static void by_its_value(void **state)
{
    stock_all(*state, 2);
    goes_by_its_scenario(*state,
                         "{\"value_min\":{\"amount\":100,\"currency\":\"EUR\"},"
                         "\"value_max\":{\"amount\":200,\"currency\":\"EUR\"}}",
                         "");
}

static void by_channel_and_service(void **state)
{
    stock_all(*state, 2);
    goes_by_its_scenario(
        *state, "{\"channel_types\":[\"web\"],\"services\":[\"express\"]}",
        ",\"service\":\"express\"");
}

static void set_class(struct shop *shop, const char *code)
{
    struct testkit_reply reply;
    struct testkit_call find = {.operation = "listSkus",
                                .query = shop_text(shop, "code=%s", code)};
    struct json_list list;
    struct json_in *sku;
    int64_t id, version;
    shop_call(shop, &catalog_room, &find, &reply);
    assert_ok(shop->kit, reply.err);
    assert_ok(&reply.ctx, json_get_list(reply.json, "items", 1, 1, &list));
    assert_ok(&reply.ctx, json_list_object(&list, 0, &sku));
    assert_ok(&reply.ctx, json_get_id(sku, "id", "sku", &id));
    assert_ok(&reply.ctx, json_get_i64(sku, "version", 0, INT64_MAX, &version));
    struct testkit_call change = {
        .operation = "changeSku",
        .path = {shop_id(shop, "sku", id)},
        .body = shop_text(shop,
                          "{\"version\":%lld,\"attrs\":{\"class\":\"glass\"}}",
                          (long long)version)};
    shop_call(shop, &catalog_room, &change, &reply);
    assert_ok(shop->kit, reply.err);
}

static void by_what_its_skus_are(void **state)
{
    stock_all(*state, 2);
    set_class(*state, "SHOE");
    set_class(*state, "SOCK");
    goes_by_its_scenario(
        *state, "{\"sku_attrs\":[{\"key\":\"class\",\"values\":[\"glass\"]}]}",
        "");
}

/* ---- capacity ---- */

static void a_full_site_is_passed_over(void **state)
{
    struct shop *shop = *state;
    stock_all(shop, 9);
    shop_set_site(shop, "B", "{\"capacity\":{\"orders_per_day\":1}}");
    shop_rank(shop, "B A C");
    order_id one = place(shop, "1", "SHOE:2:100", "");
    order_id two = place(shop, "2", "SHOE:2:100", "");
    expect_at(shop, one, "B");
    expect_at(shop, two, "A");
    refuse(shop, two);
    expect_at(shop, two, "C");
    assert_string_equal(move(shop, two, "B"), "location_full");
    expect_at(shop, two, "C");
    /* What leaves makes room for others, who take it. */
    assert_string_equal(move(shop, one, "A"), "");
    assert_string_equal(move(shop, two, "B"), "");
    order_id three = place(shop, "3", "SHOE:2:100", "");
    expect_at(shop, three, "A");
}

static void who_waits_takes_no_more_than_there_is_room_for(void **state)
{
    struct shop *shop = *state;
    shop_set_site(shop, "A", "{\"capacity\":{\"units_per_day\":3}}");
    order_id one = place(shop, "1", "SHOE:2:100", "");
    order_id two = place(shop, "2", "SHOE:2:100", "");
    order_id three = place(shop, "3", "SHOE:1:100", "");
    shop_turn(shop);
    shop_set_stock(shop, "SHOE", "A", 9);
    shop_turn(shop);
    expect_at(shop, one, "A");
    assert_int_equal(shop_order(shop, two).lines[0].backordered, 2);
    expect_at(shop, three, "A");
    shop_set_stock(shop, "SHOE", "B", 2);
    shop_turn(shop);
    expect_at(shop, two, "B");
}

/* What comes with a new hour. */
static err_t new_hour(struct ctx *ctx, void *arg)
{
    bool *is_more = arg;
    return routing_room.timers->at[0].run(ctx, is_more);
}

static void begin_hour(struct shop *shop, utc_ms more)
{
    bool is_more = false;
    shop->kit->now += more;
    assert_ok(shop->kit, testkit_run(shop->kit, new_hour, &is_more));
    assert_false(is_more);
    shop_turn(shop);
}

static void who_waits_is_asked_again_when_an_hour_begins(void **state)
{
    static const utc_ms hour = 3600000;
    struct shop *shop = *state;
    shop_set_site(shop, "A", "{\"capacity\":{\"orders_per_hour\":1}}");
    shop_rank(shop, "A");
    shop_set_stock(shop, "SHOE", "A", 9);
    begin_hour(shop, 0);
    order_id one = place(shop, "1", "SHOE:2:100", "");
    order_id two = place(shop, "2", "SHOE:2:100", "");
    expect_at(shop, one, "A");
    begin_hour(shop, 1000);
    assert_int_equal(shop_order(shop, two).lines[0].backordered, 2);
    begin_hour(shop, hour);
    expect_at(shop, two, "A");
}

static void pickup_at(struct shop *shop, const char *code)
{
    struct testkit_reply reply;
    struct testkit_call call = {
        .operation = "changeLocation",
        .path = {shop_id(shop, "loc", shop_loc(shop, code).v)},
        .body = "{\"version\":1,\"is_pickup\":true}"};
    shop_call(shop, &inventory_room, &call, &reply);
    assert_ok(shop->kit, reply.err);
}

static void what_is_picked_up_comes_from_there_or_waits(void **state)
{
    struct shop *shop = *state;
    static const char *const at_c =
        ",\"method\":\"pickup\",\"pickup_location\":\"C\"";
    order_id none;
    pickup_at(shop, "C");
    shop_set_site(shop, "C", "{\"capacity\":{\"orders_per_day\":2}}");
    order_id one = place(shop, "1", "SHOE:2:100", at_c);
    shop_turn(shop);
    shop_set_stock(shop, "SHOE", "A", 9);
    shop_turn(shop);
    assert_int_equal(shop_order(shop, one).lines[0].backordered, 2);
    shop_set_stock(shop, "SHOE", "C", 9);
    shop_turn(shop);
    expect_at(shop, one, "C");
    order_id two = place(shop, "2", "SHOE:1:100", at_c);
    expect_at(shop, two, "C");
    assert_string_equal(try_place(shop, "3", "SHOE:1:100", at_c, &none),
                        "location_full");
}

/* ---- what takes no stock ---- */

/* Units of a SKU that was not tracked when it was sold wait for a place that
 * may send them, never for stock, and take none. */
static void what_takes_no_stock_waits_for_a_place(void **state)
{
    struct shop *shop = *state;
    shop_add_sku(shop, "GIFT", false);
    shop_add_sku(shop, "CARD", false);
    shop_rank(shop, "A");
    order_id card = place(shop, "2", "CARD:3:100", "");
    refuse(shop, card);
    assert_int_equal(shop_order(shop, card).lines[0].backordered, 3);
    order_id id = place(shop, "1", "GIFT:2:100", "");
    refuse(shop, id);
    assert_int_equal(shop_order(shop, id).lines[0].backordered, 2);
    shop_turn(shop);
    assert_int_equal(shop_order(shop, id).lines[0].backordered, 2);
    testkit_sql(shop->kit,
                "UPDATE skus SET is_tracked = 1 WHERE code = 'GIFT'");
    shop_set_stock(shop, "GIFT", "B", 5);
    shop_rank(shop, "A B");
    shop_turn(shop);
    expect_at(shop, card, "B");
    assert_int_equal(shop_order(shop, card).lines[0].allocated, 3);
    expect_at(shop, id, "B");
    assert_int_equal(shop_order(shop, id).lines[0].allocated, 2);
    assert_int_equal(shop_level(shop, "GIFT", "B").committed, 0);
    assert_int_equal(open_one(shop, id).location.v, shop_loc(shop, "B").v);
}

/* ---- promises ---- */

struct promises {
    order_id order;
    struct routing_promised *at;
    size_t count;
};

static err_t list_promises(struct ctx *ctx, void *arg)
{
    struct promises *p = arg;
    return routing_promise_list(ctx, &p->order, 1, &p->at, &p->count);
}

static void set_table(struct shop *shop, const char *operation,
                      const char *items)
{
    struct testkit_reply reply;
    struct testkit_call call = {
        .operation = operation,
        .body = shop_text(shop, "{\"version\":0,\"items\":[%s]}", items)};
    shop_call(shop, &routing_room, &call, &reply);
    assert_ok(shop->kit, reply.err);
}

/* From B it takes longer than from A, and from C nobody knows. */
static void set_transit(struct shop *shop)
{
    set_table(shop, "setRoutingZones",
              "{\"code\":\"de\",\"tz\":\"Europe/Berlin\","
              "\"places\":[{\"country\":\"DE\"}]}");
    set_table(shop, "setRoutingServices",
              "{\"code\":\"std\",\"days\":[\"mon\",\"tue\",\"wed\",\"thu\","
              "\"fri\",\"sat\",\"sun\"],\"deliver_by\":\"18:00\"}");
    set_table(shop, "setRoutingTransit",
              "{\"from\":\"A\",\"to\":\"de\",\"service\":\"std\",\"days\":1},"
              "{\"from\":\"B\",\"to\":\"de\",\"service\":\"std\",\"days\":5}");
}

#define TO_BERLIN ",\"shipping_address\":{\"country\":\"DE\"}"

/* The order has this one promise, and its open FO the same; when it comes. */
static utc_ms expect_promise(struct shop *shop, order_id id, const char *code)
{
    struct promises told = {.order = id};
    struct fulfillment fo = open_one(shop, id);
    assert_ok(shop->kit, testkit_read(shop->kit, list_promises, &told));
    assert_int_equal(told.count, 1);
    assert_int_equal(told.at[0].location.v, shop_loc(shop, code).v);
    assert_int_equal(fo.location.v, told.at[0].location.v);
    assert_int_equal(fo.promise_at, told.at[0].promise_at);
    assert_int_equal(fo.deadline_at, told.at[0].ship_at);
    assert_true(fo.deadline_at > shop->kit->now);
    assert_true(fo.deadline_at < fo.promise_at);
    return fo.promise_at;
}

static void promises_are_of_where_it_ships_from_now(void **state)
{
    struct shop *shop = *state;
    struct promises told;
    set_transit(shop);
    shop_set_stock(shop, "SHOE", "A", 2);
    shop_set_stock(shop, "SHOE", "B", 3);
    order_id id = place(shop, "1", "SHOE:3:100", TO_BERLIN);
    expect_at(shop, id, "B");
    utc_ms late = expect_promise(shop, id, "B");
    shop_set_stock(shop, "SHOE", "A", 3);
    assert_string_equal(move(shop, id, "A"), "");
    assert_true(expect_promise(shop, id, "A") < late);
    shop_set_stock(shop, "SHOE", "B", 0);
    shop_set_stock(shop, "SHOE", "C", 3);
    refuse(shop, id);
    expect_at(shop, id, "C");
    told = (struct promises){.order = id};
    assert_ok(shop->kit, testkit_read(shop->kit, list_promises, &told));
    assert_int_equal(told.count, 0);
    struct fulfillment fo = open_one(shop, id);
    assert_int_equal(fo.location.v, shop_loc(shop, "C").v);
    assert_int_equal(fo.promise_at, 0);
    assert_int_equal(fo.deadline_at, 0);
}

/* A part keeps what was promised of the whole, units that come later are
 * promised anew, and together they keep what was promised first. */
static void parts_keep_their_promise(void **state)
{
    struct shop *shop = *state;
    struct fulfillment *fos;
    set_transit(shop);
    shop_set_stock(shop, "SHOE", "B", 4);
    order_id id = place(shop, "1", "SHOE:4:100 SOCK:1:100", TO_BERLIN);
    utc_ms first = expect_promise(shop, id, "B");
    utc_ms deadline = open_one(shop, id).deadline_at;
    assert_string_equal(act(shop, "splitFulfillmentOrder", id,
                            ",\"lines\":[{\"n\":1,\"quantity\":1}]"),
                        "");
    assert_int_equal(shop_fulfillments(shop, id, &fos), 2);
    assert_int_equal(fos[1].promise_at, first);
    assert_int_equal(fos[1].deadline_at, deadline);
    shop->kit->now += (utc_ms)3 * 24 * 60 * 60 * 1000;
    shop_set_stock(shop, "SOCK", "B", 1);
    shop_turn(shop);
    assert_true(expect_promise(shop, id, "B") > first);
    assert_int_equal(shop_fulfillments(shop, id, &fos), 2);
    assert_int_equal(fos[0].line_count, 2);
    assert_int_equal(fos[1].promise_at, first);
    const char *with =
        shop_text(shop, ",\"with\":[{\"id\":\"%s\",\"version\":%lld}]",
                  shop_id(shop, "fo", fos[1].id.v), (long long)fos[1].version);
    assert_string_equal(act(shop, "mergeFulfillmentOrders", id, with), "");
    struct fulfillment joined = open_one(shop, id);
    assert_int_equal(joined.id.v, fos[0].id.v);
    assert_int_equal(joined.promise_at, first);
    assert_int_equal(joined.deadline_at, deadline);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        SHOP(by_the_tags_of_the_order),
        SHOP(by_its_value),
        SHOP(by_channel_and_service),
        SHOP(by_what_its_skus_are),
        SHOP(a_full_site_is_passed_over),
        SHOP(who_waits_takes_no_more_than_there_is_room_for),
        SHOP(who_waits_is_asked_again_when_an_hour_begins),
        SHOP(what_is_picked_up_comes_from_there_or_waits),
        SHOP(what_takes_no_stock_waits_for_a_place),
        SHOP(promises_are_of_where_it_ships_from_now),
        SHOP(parts_keep_their_promise),
    };
    int bad = 0;
    do
        bad += RUN_TESTS(tests, argc, argv);
    while (testkit_next_engine());
    return bad;
}
