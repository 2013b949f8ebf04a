/* order_place_test.c - placing orders: once, exactly, never a unit twice. */
#include "base/testing.h"
#include "oms/room.h"
#include "oms/routing/routing.h"
#include "oms/shop_testkit.h"

static int setup(void **state)
{
    struct shop *shop = shop_open(STOCK_POLICY_REFUSE);
    shop_add_location(shop, "A");
    shop_add_location(shop, "B");
    shop_add_sku(shop, "SHOE", true);
    shop_add_sku(shop, "SOCK", true);
    shop_add_sku(shop, "GIFT", false);
    shop_rank(shop, "A B");
    *state = shop;
    return 0;
}

static int teardown(void **state)
{
    shop_close(*state);
    return 0;
}

#define SHOP(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

/* A3.03: the routed location's stock is committed in the same transaction. */
static void placing_commits_stock_at_the_routed_location(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    shop_set_stock(shop, "SHOE", "A", 5);
    shop_set_stock(shop, "SOCK", "A", 9);
    const char *slug = shop_place(
        shop, shop_body(shop, "1", "SHOE:2:5000 SOCK:3:400"), &reply);
    assert_string_equal(slug, "");
    assert_int_equal(reply.status, 201);
    struct order order = shop_order(shop, shop_order_id(shop, &reply));
    assert_int_equal(order.status, ORDER_CONFIRMED);
    assert_int_equal(order.version, 1);
    assert_str(order.number, "W-1");
    assert_int_equal(order.totals.total, 11200);
    assert_int_equal(order.allocation_count, 2);
    assert_int_equal(order.allocations[1].qty, 3);
    assert_int_equal(order.allocations[1].location.v, shop_loc(shop, "A").v);
    assert_int_equal(shop_level(shop, "SHOE", "A").committed, 2);
    assert_int_equal(shop_level(shop, "SOCK", "A").committed, 3);
    assert_int_equal(shop_level(shop, "SHOE", "A").on_hand, 5);
    assert_int_equal(testkit_events(shop->kit, "order.placed"), 1);
    assert_int_equal(testkit_events(shop->kit, "order.confirmed"), 1);
    shop_drain(shop);
    shop_verify(shop);
}

/* C1, C2: the last unit is sold once, in one batch or in two. */
static void the_last_unit_is_sold_once(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    shop_set_stock(shop, "SHOE", "A", 1);
    const char *bodies[] = {shop_body(shop, "1", "SHOE:1:5000"),
                            shop_body(shop, "2", "SHOE:1:5000")};
    struct shop_result *results = shop_place_many(shop, bodies, 2);
    assert_string_equal(results[0].slug, "");
    assert_string_equal(results[1].slug, "out_of_stock");
    assert_int_equal(results[1].err, ERR_CONFLICT);
    assert_string_equal(
        shop_place(shop, shop_body(shop, "3", "SHOE:1:5000"), &reply),
        "out_of_stock");
    assert_string_equal(shop->kit->err.field, "lines[0].quantity");
    assert_string_equal(shop->kit->err.text, "1 of SHOE wanted, 0 available");
    assert_int_equal(shop_level(shop, "SHOE", "A").committed, 1);
    assert_int_equal(testkit_events(shop->kit, "order.placed"), 1);
    shop_drain(shop);
    shop_verify(shop);
}

/* C3 (I6): two lines of one SKU count on the same units. */
static void two_lines_of_one_sku_are_checked_on_their_sum(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    shop_set_stock(shop, "SHOE", "A", 3);
    assert_string_equal(
        shop_place(shop, shop_body(shop, "1", "SHOE:2:5000 SHOE:2:5000"),
                   &reply),
        "out_of_stock");
    assert_string_equal(shop->kit->err.field, "lines[1].quantity");
    assert_int_equal(shop_level(shop, "SHOE", "A").committed, 0);
    assert_string_equal(
        shop_place(shop, shop_body(shop, "2", "SHOE:2:5000 SHOE:1:5000"),
                   &reply),
        "");
    assert_int_equal(shop_level(shop, "SHOE", "A").committed, 3);
    shop_drain(shop);
    shop_verify(shop);
}

/* A1.02, C20: the same order sent again is the same order. */
static void the_same_order_again_is_answered_from_the_store(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply first, again;
    shop_set_stock(shop, "SHOE", "A", 5);
    shop_place(shop, shop_body(shop, "1", "SHOE:1:5000"), &first);
    assert_int_equal(first.status, 201);
    shop_place(shop, shop_body(shop, "1", "SHOE:1:5000"), &again);
    assert_int_equal(again.status, 200);
    assert_int_equal(again.body.len, first.body.len);
    assert_memory_equal(again.body.ptr, first.body.ptr, first.body.len);
    assert_int_equal(shop_level(shop, "SHOE", "A").committed, 1);
    assert_int_equal(testkit_events(shop->kit, "order.placed"), 1);
    shop_drain(shop);
    shop_verify(shop);
}

/* On PostgreSQL another node may be storing this very order meanwhile, with the
 * last unit: an order sent twice at once is not out of stock. */
static void the_same_order_at_once_is_not_out_of_stock(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    const char *body = shop_body(shop, "1", "SHOE:1:5000");
    shop_set_stock(shop, "SHOE", "A", 1);
    assert_string_equal(shop_place(shop, body, &reply), "");
    struct testkit_link *hiding = testkit_beside(
        shop->kit, "UPDATE orders SET external_id = 'not yet stored'");
    if (!hiding)
        return;
    testkit_beside_end(hiding);
    struct testkit_link *storing =
        testkit_beside(shop->kit, "UPDATE orders SET external_id = '1';"
                                  "UPDATE levels SET version = version");
    const char *slug = shop_place(shop, body, &reply);
    testkit_beside_end(storing);
    assert_string_equal(slug, "");
    assert_int_equal(reply.status, 200);
}

static void another_order_under_the_same_external_id_is_refused(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    shop_set_stock(shop, "SHOE", "A", 5);
    shop_place(shop, shop_body(shop, "1", "SHOE:1:5000"), &reply);
    assert_string_equal(
        shop_place(shop, shop_body(shop, "1", "SHOE:2:5000"), &reply),
        "external_id_reused");
    assert_int_equal(reply.status, 409);
    assert_string_equal(shop->kit->err.field, "external_id");
}

static void one_batch_decides_a_repeated_id_against_the_first(void **state)
{
    struct shop *shop = *state;
    shop_set_stock(shop, "SHOE", "A", 5);
    const char *bodies[] = {shop_body(shop, "1", "SHOE:9:5000"),
                            shop_body(shop, "1", "SHOE:1:5000"),
                            shop_body(shop, "1", "SHOE:1:5000"),
                            shop_body(shop, "1", "SHOE:2:5000"),
                            shop_body(shop, "2", "SHOE:1:5000")};
    struct shop_result *results = shop_place_many(shop, bodies, 5);
    assert_string_equal(results[0].slug, "out_of_stock");
    assert_true(results[1].err == OK && results[1].is_new);
    assert_true(results[2].err == OK && !results[2].is_new);
    assert_int_equal(results[2].order.id.v, results[1].order.id.v);
    assert_str(results[2].order.number, "W-1");
    assert_string_equal(results[3].slug, "external_id_reused");
    assert_str(results[4].order.number, "W-2");
    assert_int_equal(shop_level(shop, "SHOE", "A").committed, 2);
    shop_drain(shop);
    shop_verify(shop);
}

static void a_refused_order_leaves_its_neighbours_alone(void **state)
{
    struct shop *shop = *state;
    shop_set_stock(shop, "SHOE", "A", 2);
    const char *nowhere = shop_text(
        shop, "{\"channel\":\"nowhere\",\"external_id\":\"5\","
              "\"lines\":[{\"sku\":\"SHOE\",\"quantity\":1,"
              "\"unit_price\":{\"amount\":1,\"currency\":\"EUR\"}}]}");
    const char *bodies[] = {shop_body(shop, "1", "SHOE:1:5000"),
                            shop_body(shop, "2", "NONE:1:5000"),
                            shop_body(shop, "3", "SOCK:1:5000"),
                            shop_body(shop, "4", "SHOE:1:5000"), nowhere};
    struct shop_result *results = shop_place_many(shop, bodies, 5);
    assert_string_equal(results[0].slug, "");
    assert_string_equal(results[1].slug, "sku_unknown");
    assert_string_equal(results[2].slug, "out_of_stock");
    assert_string_equal(results[3].slug, "");
    assert_string_equal(results[4].slug, "channel_unknown");
    shop_drain(shop);
    shop_verify(shop);
}

static void untracked_lines_take_no_stock_and_count_as_allocated(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    shop_set_stock(shop, "SHOE", "B", 5);
    shop_place(shop, shop_body(shop, "1", "GIFT:7:0"), &reply);
    struct order alone = shop_order(shop, shop_order_id(shop, &reply));
    assert_int_equal(alone.lines[0].allocated, 7);
    assert_false(alone.lines[0].is_tracked);
    assert_int_equal(alone.allocation_count, 1);
    assert_int_equal(alone.allocations[0].location.v, shop_loc(shop, "A").v);
    /* Beside a tracked line it travels with that one. */
    shop_place(shop, shop_body(shop, "2", "GIFT:1:0 SHOE:1:5000"), &reply);
    struct order both = shop_order(shop, shop_order_id(shop, &reply));
    assert_int_equal(both.allocations[0].location.v, shop_loc(shop, "B").v);
    shop_drain(shop);
    shop_verify(shop);
}

static void what_does_not_fit_waits_where_the_channel_allows_it(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    struct testkit_call call = {
        .operation = "changeChannel",
        .path = {shop_id(shop, "chn", shop->web.id.v)},
        .body = "{\"version\":1,\"stock_policy\":\"backorder\"}"};
    shop_call(shop, &channel_room, &call, &reply);
    assert_ok(shop->kit, reply.err);
    shop_set_stock(shop, "SHOE", "A", 2);
    shop_set_stock(shop, "SHOE", "B", 1);
    shop_place(shop, shop_body(shop, "1", "SHOE:5:5000"), &reply);
    struct order order = shop_order(shop, shop_order_id(shop, &reply));
    assert_int_equal(order.lines[0].allocated, 3);
    assert_int_equal(order.lines[0].backordered, 2);
    assert_int_equal(order.allocation_count, 2);
    assert_int_equal(shop_level(shop, "SHOE", "A").committed, 2);
    assert_int_equal(shop_level(shop, "SHOE", "B").committed, 1);
    shop_drain(shop);
    shop_verify(shop);
}

static const char *currency_body(struct shop *shop, const char *id,
                                 const char *currency, const char *price)
{
    return shop_text(shop,
                     "{\"channel\":\"web\",\"external_id\":\"%s\","
                     "\"currency\":\"%s\",\"lines\":[{\"sku\":\"GIFT\","
                     "\"quantity\":3,\"unit_price\":{\"amount\":%s,"
                     "\"currency\":\"%s\"}}],\"totals\":{\"tax\":"
                     "{\"amount\":0,\"currency\":\"%s\"},\"total\":"
                     "{\"amount\":%s0,\"currency\":\"%s\"}}}",
                     id, currency, price, currency, currency, "3", currency);
}

/* C25: minor units mean 0, 2 or 3 decimals; nothing is scaled. */
static void currencies_of_0_2_and_3_decimals_are_exact(void **state)
{
    struct shop *shop = *state;
    static const char *const currencies[] = {"JPY", "EUR", "KWD"};
    for (size_t i = 0; i < COUNT_OF(currencies); i++) {
        struct testkit_reply reply;
        const char *slug = shop_place(
            shop, currency_body(shop, currencies[i], currencies[i], "10"),
            &reply);
        assert_string_equal(slug, "");
        struct order order = shop_order(shop, shop_order_id(shop, &reply));
        assert_string_equal(order.currency, currencies[i]);
        assert_int_equal(order.totals.total, 30);
    }
    struct testkit_reply reply;
    assert_string_equal(
        shop_place(shop, currency_body(shop, "4", "EUR", "10.5"), &reply),
        "wrong_type");
    assert_string_equal(
        shop_place(shop, currency_body(shop, "5", "EUX", "10"), &reply),
        "currency_unknown");
    shop_drain(shop);
    shop_verify(shop);
}

static void heads_that_do_not_fit_the_channel_are_refused(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    static const struct {
        const char *extra, *currency, *slug, *field;
    } cases[] = {
        {"",                                        "USD", "currency_mismatch", "currency"},
        {"\"placed_at\":\"2026-12-24T00:00:00Z\",", "EUR", "time_out_of_range",
         "placed_at"                                                                      },
        {"\"placed_at\":\"1960-12-24T00:00:00Z\",", "EUR", "time_out_of_range",
         "placed_at"                                                                      },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *slug = shop_place(
            shop,
            shop_text(shop,
                      "{%s\"channel\":\"web\",\"external_id\":\"1\","
                      "\"lines\":[{\"sku\":\"GIFT\",\"quantity\":1,"
                      "\"unit_price\":{\"amount\":1,\"currency\":\"%s\"}}]}",
                      cases[i].extra, cases[i].currency),
            &reply);
        assert_string_equal(slug, cases[i].slug);
        assert_string_equal(shop->kit->err.field, cases[i].field);
    }
    struct testkit_call call = {.operation = "changeChannel",
                                .path = {shop_id(shop, "chn", shop->web.id.v)},
                                .body = "{\"version\":1,\"is_active\":false}"};
    shop_call(shop, &channel_room, &call, &reply);
    assert_ok(shop->kit, reply.err);
    assert_string_equal(
        shop_place(shop, shop_body(shop, "1", "GIFT:1:1"), &reply),
        "channel_inactive");
}

/* C23: a thousand lines come whole, in order, and are cancelled whole. */
static void a_thousand_lines_come_whole(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    char *lines = arena_alloc(shop->kit->arena, 100000);
    size_t len = 0;
    for (int i = 0; i < 1000; i++)
        len += (size_t)snprintf(
            lines + len, 100000 - len,
            "%s{\"sku\":\"%s\",\"quantity\":1,\"unit_price\":{\"amount\":%d,"
            "\"currency\":\"EUR\"}}",
            i ? "," : "", i % 2 ? "SOCK" : "SHOE", i);
    str body = str_printf(shop->kit->arena,
                          "{\"channel\":\"web\",\"external_id\":\"1\","
                          "\"lines\":[%s]}",
                          lines);
    shop_set_stock(shop, "SHOE", "A", 500);
    shop_set_stock(shop, "SOCK", "B", 500);
    assert_string_equal(
        shop_place(shop, str_to_cstr(shop->kit->arena, body), &reply), "");
    order_id id = shop_order_id(shop, &reply);
    struct testkit_call call = {.operation = "getOrder",
                                .path = {shop_id(shop, "ord", id.v)}};
    struct json_list list = {0};
    shop_call(shop, &order_room, &call, &reply);
    assert_ok(shop->kit, reply.err);
    assert_ok(&reply.ctx, json_get_list(reply.json, "lines", 0, 5000, &list));
    assert_int_equal(list.count, 1000);
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *line = NULL;
        int64_t n = 0;
        assert_ok(&reply.ctx, json_list_object(&list, i, &line));
        assert_ok(&reply.ctx, json_get_i64(line, "n", 1, 1000, &n));
        assert_int_equal(n, i + 1);
    }
    assert_int_equal(shop_order(shop, id).totals.total, 999 * 1000 / 2);
    shop_drain(shop);
    shop_verify(shop);
}

/* A3.02: more buyers than units, in batches: exactly the units are sold. */
static void no_more_units_are_sold_than_there_are(void **state)
{
    struct shop *shop = *state;
    enum { UNITS = 50, BATCHES = 8, EACH = 16 };
    size_t sold = 0, refused = 0;
    shop_set_stock(shop, "SHOE", "A", 30);
    shop_set_stock(shop, "SHOE", "B", 20);
    for (int b = 0; b < BATCHES; b++) {
        const char *bodies[EACH];
        for (int i = 0; i < EACH; i++)
            bodies[i] =
                shop_body(shop, shop_text(shop, "%d-%d", b, i), "SHOE:1:5000");
        struct shop_result *results = shop_place_many(shop, bodies, EACH);
        for (int i = 0; i < EACH; i++) {
            sold += results[i].err == OK;
            refused += strcmp(results[i].slug, "out_of_stock") == 0;
        }
    }
    assert_int_equal(sold, UNITS);
    assert_int_equal(sold + refused, BATCHES * EACH);
    assert_int_equal(shop_level(shop, "SHOE", "A").committed, 30);
    assert_int_equal(shop_level(shop, "SHOE", "B").committed, 20);
    shop_drain(shop);
    shop_verify(shop);
}

static void bulk_answers_each_order_by_itself(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    struct json_list items = {0};
    shop_set_stock(shop, "SHOE", "A", 1);
    struct testkit_call call = {
        .operation = "placeOrders",
        .body = shop_text(shop, "{\"orders\":[%s,%s,%s]}",
                          shop_body(shop, "1", "SHOE:1:5000"),
                          shop_body(shop, "2", "SHOE:1:5000"),
                          shop_body(shop, "1", "SHOE:1:5000"))};
    shop_call(shop, &order_room, &call, &reply);
    assert_ok(shop->kit, reply.err);
    assert_ok(&reply.ctx, json_get_list(reply.json, "items", 3, 3, &items));
    static const int64_t wanted[] = {201, 409, 200};
    for (size_t i = 0; i < COUNT_OF(wanted); i++) {
        struct json_in *item = NULL;
        int64_t status = 0;
        assert_ok(&reply.ctx, json_list_object(&items, i, &item));
        assert_ok(&reply.ctx, json_get_i64(item, "status", 0, 999, &status));
        assert_int_equal(status, wanted[i]);
        assert_int_equal(json_has(item, "order"), wanted[i] != 409);
        assert_int_equal(json_has(item, "error"), wanted[i] == 409);
    }
    call.body = "{\"orders\":[{\"channel\":\"web\",\"lines\":[]}]}";
    shop_call(shop, &order_room, &call, &reply);
    assert_int_equal(reply.err, ERR_INVALID);
    assert_string_equal(shop->kit->err.field, "orders[0].lines");
    shop_drain(shop);
    shop_verify(shop);
}

static const char *doubtful_body(struct shop *shop, const char *channel,
                                 const char *more)
{
    return shop_text(shop,
                     "{\"channel\":\"%s\",\"external_id\":\"%zu\","
                     "\"lines\":[{\"sku\":\"GIFT\",\"quantity\":1,"
                     "\"unit_price\":{\"amount\":1,\"currency\":\"EUR\"}}],"
                     "%s}",
                     channel, strlen(more), more);
}

static void what_cannot_be_right_is_refused_by_its_field(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    static const char *const rows[][3] = {
        {"\"customer\":{\"email\":\"ada@x\"}",                              "email_invalid",
         "customer.email"                                                                                              },
        {"\"shipping_address\":{\"country\":\"DE\",\"email\":\"a b@x.y\"}",
         "email_invalid",                                                                      "shipping_address.email"},
        {"\"billing_address\":{\"country\":\"DE\",\"phone\":\"12\"}",
         "phone_invalid",                                                                      "billing_address.phone" },
        {"\"service\":\"teleport\"",                                        "service_unknown", "service"               },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *body = doubtful_body(shop, "web", rows[i][0]);
        assert_string_equal(shop_place(shop, body, &reply), rows[i][1]);
        assert_int_equal(reply.err, ERR_INVALID);
        assert_string_equal(shop->kit->err.field, rows[i][2]);
    }
    static const char *const terms[][2] = {
        {"\"incoterm\":\"DDX\"",                                      "incoterm_unknown"},
        {"\"incoterm\":\"DAP\",\"fees\":[{\"title\":\"x\",\"kind\":\"duty\","
         "\"amount\":{\"amount\":0,\"currency\":\"EUR\"}}]", "duties_unpaid"   },
        {"\"fees\":[{\"title\":\"x\",\"kind\":\"import_tax\","
         "\"amount\":{\"amount\":0,\"currency\":\"EUR\"}}]", "duties_unpaid"   },
    };
    for (size_t i = 0; i < COUNT_OF(terms); i++) {
        const char *body = doubtful_body(shop, "web", terms[i][0]);
        assert_string_equal(shop_place(shop, body, &reply), terms[i][1]);
        assert_int_equal(reply.err, ERR_INVALID);
        assert_string_equal(shop->kit->err.field, "incoterm");
    }
    assert_int_equal(testkit_events(shop->kit, "order.placed"), 0);
    /* A cut-off names a service, so does a scenario of the channel. */
    shop_set_site(shop, "B",
                  "{\"cutoffs\":[{\"at\":\"12:00\",\"service\":\"noon\"}]}");
    shop_route(shop, "A B",
               "[{\"name\":\"s\",\"when\":{\"services\":[\"fast\"]},"
               "\"steps\":[{\"name\":\"all\"}]}]");
    const char *known = "\"service\":\"noon\"";
    assert_string_equal(
        shop_place(shop, doubtful_body(shop, "web", known), &reply), "");
    known = "\"service\":\"fast\",\"tags\":[\"a\"]";
    assert_string_equal(
        shop_place(shop, doubtful_body(shop, "web", known), &reply), "");
    shop_drain(shop);
    shop_verify(shop);
}

/* It is sold there already: nobody is refused, and a person is told. */
static void what_a_marketplace_sold_is_taken_as_it_came(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    struct testkit_call call = {
        .operation = "createChannel",
        .body = "{\"code\":\"bay\",\"name\":\"Bay\",\"type\":\"marketplace\","
                "\"currency\":\"EUR\",\"tax_mode\":\"inclusive\"}"};
    shop_call(shop, &channel_room, &call, &reply);
    assert_ok(shop->kit, reply.err);
    const char *body = doubtful_body(
        shop, "bay",
        "\"customer\":{\"email\":\"none\",\"phone\":\"0\"},\"service\":\"x\"");
    assert_string_equal(shop_place(shop, body, &reply), "");
    assert_int_equal(reply.status, 201);
    struct order order = shop_order(shop, shop_order_id(shop, &reply));
    assert_int_equal(order.status, ORDER_CONFIRMED);
    assert_int_equal(order.version, 1);
    assert_non_null(strstr(str_to_cstr(shop->kit->arena, order.doc), "\"x\""));
    assert_non_null(
        strstr(str_to_cstr(shop->kit->arena, order.doc), "\"none\""));
    assert_int_equal(testkit_events(shop->kit, "order.doubtful"), 1);
    assert_string_equal(shop_place(shop, body, &reply), "");
    assert_int_equal(reply.status, 200);
    assert_int_equal(testkit_events(shop->kit, "order.doubtful"), 1);
    shop_drain(shop);
    shop_verify(shop);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        SHOP(placing_commits_stock_at_the_routed_location),
        SHOP(the_last_unit_is_sold_once),
        SHOP(two_lines_of_one_sku_are_checked_on_their_sum),
        SHOP(the_same_order_again_is_answered_from_the_store),
        SHOP(the_same_order_at_once_is_not_out_of_stock),
        SHOP(another_order_under_the_same_external_id_is_refused),
        SHOP(one_batch_decides_a_repeated_id_against_the_first),
        SHOP(a_refused_order_leaves_its_neighbours_alone),
        SHOP(untracked_lines_take_no_stock_and_count_as_allocated),
        SHOP(what_does_not_fit_waits_where_the_channel_allows_it),
        SHOP(currencies_of_0_2_and_3_decimals_are_exact),
        SHOP(heads_that_do_not_fit_the_channel_are_refused),
        SHOP(a_thousand_lines_come_whole),
        SHOP(no_more_units_are_sold_than_there_are),
        SHOP(bulk_answers_each_order_by_itself),
        SHOP(what_cannot_be_right_is_refused_by_its_field),
        SHOP(what_a_marketplace_sold_is_taken_as_it_came),
    };
    int bad = 0;
    do
        bad += RUN_TESTS(tests, argc, argv);
    while (testkit_next_engine());
    return bad;
}
