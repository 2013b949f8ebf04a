/* order_policy_test.c - what a channel may sell, and low stock told once per
 * crossing. */
#include "base/testing.h"
#include "oms/room.h"
#include "oms/shop_testkit.h"

static int setup(void **state)
{
    struct shop *shop = shop_open(STOCK_POLICY_REFUSE);
    shop_add_location(shop, "A");
    shop_add_location(shop, "B");
    shop_add_sku(shop, "CUP", true);
    shop_add_sku(shop, "MUG", true);
    shop_add_sku(shop, "GIFT", false);
    shop_rank(shop, "A B");
    *state = shop;
    return 0;
}

static int teardown(void **state)
{
    shop_drain(*state);
    shop_verify(*state);
    shop_close(*state);
    return 0;
}

#define SHOP(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

/* Sets one policy; the item's error code, or "". */
static const char *set(struct shop *shop, const char *item)
{
    struct testkit_reply reply;
    struct json_list items;
    struct json_in *in, *error = NULL;
    str code;
    struct testkit_call call = {
        .operation = "setPolicies",
        .body = shop_text(shop, "{\"items\":[{%s}]}", item)};
    shop_call(shop, &inventory_room, &call, &reply);
    if (reply.err != OK)
        return shop->kit->err.slug ? shop->kit->err.slug : err_slug(reply.err);
    json_allow_rest(reply.json);
    assert_int_equal(json_get_list(reply.json, "items", 1, 1, &items), OK);
    assert_int_equal(json_list_object(&items, 0, &in), OK);
    assert_int_equal(json_opt_object(in, "error", &error), OK);
    if (!error)
        return "";
    assert_int_equal(json_get_str(error, "code", 1, 64, &code), OK);
    return str_to_cstr(shop->kit->arena, code);
}

#define CUP_A "\"sku\":\"CUP\",\"location\":\"A\","

static const char *buy(struct shop *shop, const char *lines)
{
    static int serial;
    struct testkit_reply reply;
    return shop_place(shop,
                      shop_body(shop, shop_text(shop, "o-%d", ++serial), lines),
                      &reply);
}

static size_t told(struct shop *shop, const char *type)
{
    return testkit_events(shop->kit, type);
}

static void A3_a_channel_sells_by_its_own_safety_stock(void **state)
{
    struct shop *shop = *state;
    shop_set_stock(shop, "CUP", "A", 10);
    assert_string_equal(set(shop, CUP_A "\"safety_stock\":6"), "");
    assert_string_equal(buy(shop, "CUP:5:100"), "out_of_stock");
    /* The channel may go deeper than the others. */
    assert_string_equal(
        set(shop, CUP_A "\"channel\":\"web\",\"safety_stock\":2"), "");
    assert_string_equal(buy(shop, "CUP:5:100"), "");
    assert_int_equal(stock_available(&(struct stock_level){0}), 0);
    struct stock_level level = shop_level(shop, "CUP", "A");
    assert_int_equal(stock_available(&level), -1);
    assert_int_equal(level.channel_policies, 1);
    assert_string_equal(buy(shop, "CUP:4:100"), "out_of_stock");
    assert_string_equal(buy(shop, "CUP:3:100"), "");
    /* Or less deep. */
    assert_string_equal(set(shop, CUP_A "\"safety_stock\":0"), "");
    assert_string_equal(buy(shop, "CUP:1:100"), "out_of_stock");
    /* Without one of its own it goes by the level's. */
    assert_string_equal(
        set(shop, CUP_A "\"channel\":\"web\",\"safety_stock\":null"), "");
    assert_int_equal(shop_level(shop, "CUP", "A").channel_policies, 0);
    assert_string_equal(buy(shop, "CUP:2:100"), "");
    assert_int_equal(told(shop, "stock.policy_set"), 4);
}

static void A3_policies_are_refused_item_by_item(void **state)
{
    struct shop *shop = *state;
    static const struct {
        const char *item, *slug;
    } cases[] = {
        {"\"sku\":\"NO\",\"location\":\"A\",\"safety_stock\":1",   "sku_unknown"        },
        {"\"sku\":\"CUP\",\"location\":\"NO\",\"safety_stock\":1",
         "location_unknown"                                                             },
        {"\"sku\":\"GIFT\",\"location\":\"A\",\"safety_stock\":1",
         "sku_untracked"                                                                },
        {CUP_A "\"channel\":\"no\",\"safety_stock\":1",            "channel_unknown"    },
        {CUP_A "\"channel\":\"web\",\"low_stock\":1",              "unknown_field"      },
        {CUP_A "\"safety_stock\":null",                            "wrong_type"         },
        {CUP_A "\"expected_version\":1",                           "missing_field"      },
        {CUP_A "\"safety_stock\":-1",                              "number_out_of_range"},
        {CUP_A "\"low_stock\":1,\"expected_version\":7",           "stale"              },
        {CUP_A "\"channel\":\"web\",\"safety_stock\":1,"
               "\"expected_version\":1",                  "stale"              },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_string_equal(set(shop, cases[i].item), cases[i].slug);
    assert_int_equal(told(shop, "stock.policy_set"), 0);
    assert_string_equal(set(shop, CUP_A "\"channel\":\"web\",\"safety_stock\":"
                                        "1,\"expected_version\":0"),
                        "");
    assert_string_equal(set(shop, CUP_A "\"channel\":\"web\",\"safety_stock\":"
                                        "1,\"expected_version\":1"),
                        "");
    assert_int_equal(told(shop, "stock.policy_set"), 1);
}

/* A3.09: one event per crossing, not one per sale. */
static void A3_09_low_stock_is_told_once_per_crossing(void **state)
{
    struct shop *shop = *state;
    shop_set_stock(shop, "CUP", "A", 20);
    assert_string_equal(set(shop, CUP_A "\"low_stock\":10"), "");
    assert_int_equal(told(shop, "stock.low"), 0);
    assert_string_equal(buy(shop, "CUP:9:100"), "");
    assert_int_equal(told(shop, "stock.low"), 0);
    for (int i = 0; i < 5; i++)
        assert_string_equal(buy(shop, "CUP:1:100"), "");
    assert_int_equal(told(shop, "stock.low"), 1);
    assert_int_equal(told(shop, "stock.recovered"), 0);
    shop_set_stock(shop, "CUP", "A", 40);
    assert_int_equal(told(shop, "stock.recovered"), 1);
    assert_string_equal(buy(shop, "CUP:20:100"), "");
    assert_int_equal(told(shop, "stock.low"), 2);
    /* A policy crosses, too: the threshold, and what is kept back. */
    assert_string_equal(set(shop, CUP_A "\"low_stock\":0"), "");
    assert_int_equal(told(shop, "stock.recovered"), 2);
    assert_string_equal(set(shop, CUP_A "\"safety_stock\":30"), "");
    assert_int_equal(told(shop, "stock.low"), 3);
    assert_string_equal(set(shop, CUP_A "\"low_stock\":null"), "");
    assert_int_equal(told(shop, "stock.recovered"), 3);
    assert_string_equal(set(shop, CUP_A "\"low_stock\":5"), "");
    assert_int_equal(told(shop, "stock.low"), 4);
}

/* Several commands of one batch are one net crossing. */
static void A3_09_a_batch_tells_its_net_crossing(void **state)
{
    struct shop *shop = *state;
    shop_set_stock(shop, "CUP", "A", 20);
    shop_set_stock(shop, "MUG", "A", 20);
    assert_string_equal(set(shop, CUP_A "\"low_stock\":15"), "");
    assert_string_equal(
        set(shop, "\"sku\":\"MUG\",\"location\":\"A\",\"low_stock\":1"), "");
    const char *bodies[] = {
        shop_body(shop, "1", "CUP:3:100 MUG:3:100"),
        shop_body(shop, "2", "CUP:3:100"),
        shop_body(shop, "3", "CUP:3:100 MUG:1:100"),
    };
    shop_place_many(shop, bodies, COUNT_OF(bodies));
    assert_int_equal(told(shop, "stock.low"), 1);
    struct testkit_reply reply;
    struct testkit_call call = {
        .operation = "adjustStock",
        .body = "{\"reason\":\"x\",\"items\":["
                "{\"sku\":\"CUP\",\"location\":\"A\",\"delta\":30},"
                "{\"sku\":\"CUP\",\"location\":\"A\",\"delta\":-30}]}"};
    shop_call(shop, &inventory_room, &call, &reply);
    assert_int_equal(told(shop, "stock.low"), 1);
    assert_int_equal(told(shop, "stock.recovered"), 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        SHOP(A3_a_channel_sells_by_its_own_safety_stock),
        SHOP(A3_policies_are_refused_item_by_item),
        SHOP(A3_09_low_stock_is_told_once_per_crossing),
        SHOP(A3_09_a_batch_tells_its_net_crossing),
    };
    int bad = 0;
    do
        bad += RUN_TESTS(tests, argc, argv);
    while (testkit_next_engine());
    return bad;
}
