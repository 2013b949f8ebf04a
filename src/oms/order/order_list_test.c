/* order_list_test.c - reading orders: pages, counters, the whole order. */
#include "base/testing.h"
#include "oms/change/change.h"
#include "oms/room.h"
#include "oms/shop_testkit.h"

static int setup(void **state)
{
    struct shop *shop = shop_open(STOCK_POLICY_BACKORDER);
    shop_add_location(shop, "A");
    shop_add_sku(shop, "SHOE", true);
    shop_add_sku(shop, "GIFT", false);
    *state = shop;
    return 0;
}

static int teardown(void **state)
{
    shop_close(*state);
    return 0;
}

#define SHOP(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

static order_id place(struct shop *shop, const char *id, const char *lines)
{
    struct testkit_reply reply;
    shop->kit->now += 1000;
    shop_place(shop, shop_body(shop, id, lines), &reply);
    return shop_order_id(shop, &reply);
}

static void cancel(struct shop *shop, order_id id)
{
    struct testkit_reply reply;
    struct testkit_call call = {.operation = "cancelOrder",
                                .path = {shop_id(shop, "ord", id.v)},
                                .body = "{\"version\":1,\"reason\":\"x\"}"};
    shop_call(shop, &change_room, &call, &reply);
    assert_ok(shop->kit, reply.err);
}

/* The external ids of a page, "3 2 1", with " >" where more follow. */
static const char *page(struct shop *shop, const char *query,
                        const char **ret_next)
{
    struct testkit_reply reply;
    struct json_list items = {0};
    const char *text = "";
    struct testkit_call call = {.operation = "listOrders", .query = query};
    shop_call(shop, &order_room, &call, &reply);
    if (reply.err != OK)
        return shop->kit->err.slug ? shop->kit->err.slug : "invalid";
    assert_ok(&reply.ctx, json_get_list(reply.json, "items", 0, 99, &items));
    for (size_t i = 0; i < items.count; i++) {
        struct json_in *item = NULL;
        str id = STR_NONE;
        assert_ok(&reply.ctx, json_list_object(&items, i, &item));
        assert_ok(&reply.ctx, json_get_str(item, "external_id", 1, 99, &id));
        text = shop_text(shop, "%s%s%.*s", text, *text ? " " : "", STR_ARG(id));
    }
    if (!json_has(reply.json, "next"))
        return text;
    str next = STR_NONE;
    assert_ok(&reply.ctx, json_get_str(reply.json, "next", 1, 99, &next));
    if (ret_next)
        *ret_next = str_to_cstr(shop->kit->arena, next);
    return shop_text(shop, "%s >", text);
}

/* C22: a page is a range of an index, wherever it begins. */
static void the_list_shows_the_newest_first_by_key(void **state)
{
    struct shop *shop = *state;
    const char *next = "";
    assert_string_equal(page(shop, NULL, NULL), "");
    for (int i = 1; i <= 5; i++)
        place(shop, shop_text(shop, "%d", i), "GIFT:1:100");
    shop_drain(shop);
    assert_string_equal(page(shop, NULL, NULL), "5 4 3 2 1");
    assert_string_equal(page(shop, "limit=2", &next), "5 4 >");
    assert_string_equal(
        page(shop, shop_text(shop, "limit=2&after=%s", next), &next), "3 2 >");
    assert_string_equal(
        page(shop, shop_text(shop, "limit=2&after=%s", next), &next), "1");
    assert_string_equal(page(shop, "limit=5", NULL), "5 4 3 2 1");
    shop_verify(shop);
}

static void filters_have_an_index_or_are_refused(void **state)
{
    struct shop *shop = *state;
    order_id ids[5];
    for (int i = 0; i < 5; i++)
        ids[i] = place(shop, shop_text(shop, "%d", i + 1), "GIFT:1:100");
    cancel(shop, ids[1]);
    cancel(shop, ids[3]);
    shop_drain(shop);
    assert_string_equal(page(shop, "status=cancelled", NULL), "4 2");
    assert_string_equal(page(shop, "status=confirmed&limit=2", NULL), "5 3 >");
    assert_string_equal(page(shop, "channel=web", NULL), "5 4 3 2 1");
    assert_string_equal(page(shop, "channel=web&limit=3", NULL), "5 4 3 >");
    assert_string_equal(page(shop, "channel=web&status=cancelled", NULL),
                        "4 2");
    assert_string_equal(page(shop, "channel=web&external_id=3", NULL), "3");
    assert_string_equal(
        page(shop, "channel=web&external_id=3&status=cancelled", NULL), "");
    assert_string_equal(page(shop, "channel=web&external_id=9", NULL), "");
    assert_string_equal(page(shop, "external_id=3", NULL), "missing_field");
    assert_string_equal(page(shop, "channel=shop", NULL), "channel_unknown");
    assert_string_equal(page(shop, "status=lost", NULL), "invalid");
    assert_string_equal(page(shop, "number=W-1", NULL), "unknown_parameter");
    shop_verify(shop);
}

static void a_range_of_time_bounds_the_list(void **state)
{
    struct shop *shop = *state;
    place(shop, "1", "GIFT:1:100");
    shop_drain(shop);
    assert_string_equal(page(shop, "received_from=2020-01-02T00:00:00Z", NULL),
                        "1");
    assert_string_equal(page(shop, "received_from=2086-01-01T00:00:00Z", NULL),
                        "");
    assert_string_equal(page(shop, "received_to=2020-01-02T00:00:00Z", NULL),
                        "");
    assert_string_equal(page(shop, "received_to=2086-01-01T00:00:00Z", NULL),
                        "1");
    assert_string_equal(page(shop, "received_to=1999-01-01T00:00:00Z", NULL),
                        "");
}

static void counters_follow_the_orders(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    order_id first = place(shop, "1", "GIFT:1:100");
    place(shop, "2", "GIFT:1:100");
    shop_drain(shop);
    cancel(shop, first);
    place(shop, "3", "GIFT:2:100");
    shop_drain(shop);
    shop_drain(shop);
    struct testkit_call call = {.operation = "countOrders"};
    shop_call(shop, &order_room, &call, &reply);
    assert_ok(shop->kit, reply.err);
    assert_str(reply.body,
               "{\"recent\":{\"minutes\":10,\"orders\":3,"
               "\"is_at_least\":false},"
               "\"items\":[{\"channel\":\"web\",\"status\":\"confirmed\","
               "\"orders\":2},{\"channel\":\"web\",\"status\":\"cancelled\","
               "\"orders\":1}],\"next\":null}");
    shop_verify(shop);
}

/* An order placed and cancelled before anybody looked counts once, as it is. */
static void one_run_of_events_folds_an_orders_whole_life(void **state)
{
    struct shop *shop = *state;
    cancel(shop, place(shop, "1", "GIFT:4:100"));
    shop_drain(shop);
    assert_string_equal(page(shop, "status=cancelled", NULL), "1");
    assert_string_equal(page(shop, "status=confirmed", NULL), "");
    shop_verify(shop);
}

static const char full_body[] =
    "{\"channel\":\"web\",\"external_id\":\"1\",\"tax_mode\":\"exclusive\","
    "\"customer\":{\"name\":\"Ada \\\"L\\\"\",\"email\":\"ada@example.org\"},"
    "\"shipping_address\":{\"name\":\"Ada\",\"city\":\"Berlin\","
    "\"country\":\"DE\"},"
    "\"lines\":[{\"sku\":\"SHOE\",\"title\":\"Red\",\"quantity\":2,"
    "\"unit_price\":{\"amount\":1000,\"currency\":\"EUR\"},"
    "\"discount\":{\"amount\":1,\"currency\":\"EUR\"},"
    "\"tax_lines\":[{\"name\":\"VAT\",\"rate_ppm\":190000,"
    "\"amount\":{\"amount\":380,\"currency\":\"EUR\"}}],"
    "\"total\":{\"amount\":2379,\"currency\":\"EUR\"},"
    "\"attrs\":{\"size\":\"42\"}}],"
    "\"shipping_lines\":[{\"title\":\"Post\","
    "\"price\":{\"amount\":500,\"currency\":\"EUR\"}}],"
    "\"fees\":[{\"title\":\"Wrap\","
    "\"amount\":{\"amount\":50,\"currency\":\"EUR\"}}],"
    "\"totals\":{\"tax\":{\"amount\":380,\"currency\":\"EUR\"},"
    "\"total\":{\"amount\":2929,\"currency\":\"EUR\"}},"
    "\"tags\":[\"vip\"],\"attrs\":{\"campaign\":\"x\"},\"note\":\"ring\"}";

static void an_order_is_shown_with_everything_it_came_with(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    assert_string_equal(shop_place(shop, full_body, &reply), "");
    struct testkit_call call = {
        .operation = "getOrder",
        .path = {shop_id(shop, "ord", shop_order_id(shop, &reply).v)}};
    struct json_in *part = NULL;
    struct json_list lines = {0};
    money total;
    str text = STR_NONE;
    shop_call(shop, &order_room, &call, &reply);
    assert_ok(shop->kit, reply.err);
    struct ctx *ctx = &reply.ctx;
    assert_ok(ctx, json_get_object(reply.json, "totals", &part));
    assert_ok(ctx, json_get_money(part, "total", "EUR", &total));
    assert_int_equal(total.minor, 2929);
    assert_ok(ctx, json_get_object(reply.json, "customer", &part));
    assert_ok(ctx, json_get_str(part, "name", 1, 99, &text));
    assert_str(text, "Ada \"L\"");
    assert_ok(ctx, json_get_str(reply.json, "note", 1, 99, &text));
    assert_str(text, "ring");
    assert_ok(ctx, json_get_str(reply.json, "payment_status", 1, 99, &text));
    assert_str(text, "unpaid");
    assert_ok(ctx, json_get_list(reply.json, "lines", 1, 1, &lines));
    assert_ok(ctx, json_list_object(&lines, 0, &part));
    assert_ok(ctx, json_get_str(part, "title", 1, 99, &text));
    assert_str(text, "Red");
    assert_ok(ctx, json_get_object(part, "attrs", &part));
    assert_ok(ctx, json_get_str(part, "size", 1, 99, &text));
    assert_str(text, "42");
    assert_false(json_has(reply.json, "billing_address"));
    shop_drain(shop);
    shop_verify(shop);
}

static void an_unknown_order_is_not_found(void **state)
{
    struct shop *shop = *state;
    static const char *const operations[] = {"getOrder", "listOrderEvents"};
    for (size_t i = 0; i < COUNT_OF(operations); i++) {
        struct testkit_reply reply;
        struct testkit_call call = {.operation = operations[i],
                                    .path = {shop_id(shop, "ord", 77)}};
        shop_call(shop, &order_room, &call, &reply);
        assert_int_equal(reply.err, ERR_NOT_FOUND);
    }
}

static void the_timeline_tells_what_happened(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    struct json_list items = {0};
    order_id id = place(shop, "1", "GIFT:4:100");
    shop->kit->actor = (struct actor){ACTOR_USER, 77};
    cancel(shop, id);
    struct testkit_call call = {.operation = "listOrderEvents",
                                .path = {shop_id(shop, "ord", id.v)}};
    shop_call(shop, &order_room, &call, &reply);
    assert_ok(shop->kit, reply.err);
    assert_ok(&reply.ctx, json_get_list(reply.json, "items", 4, 4, &items));
    static const char *const types[] = {"order.placed", "order.confirmed",
                                        "order.routed", "order.cancelled"};
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        struct json_in *item = NULL;
        str type = STR_NONE;
        assert_ok(&reply.ctx, json_list_object(&items, i, &item));
        assert_ok(&reply.ctx, json_get_str(item, "type", 1, 99, &type));
        assert_str(type, types[i]);
    }
    const char *who = shop_text(shop, "\"kind\":\"user\",\"id\":\"%s\"",
                                shop_id(shop, "usr", 77));
    assert_non_null(memmem(reply.body.ptr, reply.body.len, who, strlen(who)));
    call.query = "limit=1";
    shop_call(shop, &order_room, &call, &reply);
    str next = STR_NONE;
    assert_ok(&reply.ctx, json_get_str(reply.json, "next", 1, 99, &next));
    call.query = shop_text(shop, "after=%.*s", STR_ARG(next));
    shop_call(shop, &order_room, &call, &reply);
    assert_ok(&reply.ctx, json_get_list(reply.json, "items", 3, 3, &items));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        SHOP(the_list_shows_the_newest_first_by_key),
        SHOP(filters_have_an_index_or_are_refused),
        SHOP(a_range_of_time_bounds_the_list),
        SHOP(counters_follow_the_orders),
        SHOP(one_run_of_events_folds_an_orders_whole_life),
        SHOP(an_order_is_shown_with_everything_it_came_with),
        SHOP(an_unknown_order_is_not_found),
        SHOP(the_timeline_tells_what_happened),
    };
    int bad = 0;
    do
        bad += RUN_TESTS(tests, argc, argv);
    while (testkit_next_engine());
    return bad;
}
