/* order_people_test.c - orders and whose they are. */
#include "oms/order/order_people.h"

#include "base/testing.h"
#include "oms/customer/customer.h"
#include "oms/order/order_erase.h"
#include "oms/room.h"
#include "oms/shop_testkit.h"

static int setup(void **state)
{
    struct shop *shop = shop_open(STOCK_POLICY_BACKORDER);
    shop_add_location(shop, "A");
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

static order_id buy(struct shop *shop, const char *id, const char *customer)
{
    struct testkit_reply reply;
    const char *body = shop_text(
        shop,
        "{\"channel\":\"web\",\"external_id\":\"%s\",\"customer\":{%s},"
        "\"shipping_address\":{\"country\":\"DE\"},"
        "\"lines\":[{\"sku\":\"GIFT\",\"quantity\":1,\"unit_price\":"
        "{\"amount\":100,\"currency\":\"EUR\"}}]}",
        id, customer);
    shop->kit->now += 1000;
    assert_string_equal(shop_place(shop, body, &reply), "");
    return shop_order_id(shop, &reply);
}

static size_t customers(struct shop *shop)
{
    return testkit_events(shop->kit, "customer.created");
}

static void A9_02_orders_of_one_person_have_one_customer(void **state)
{
    struct shop *shop = *state;
    buy(shop, "1", "\"email\":\"ada@x.org\",\"phone\":\"030 111222\"");
    buy(shop, "2", "\"phone\":\"+49 30 111222\"");
    buy(shop, "3", "\"email\":\"ADA@x.org\",\"external_id\":\"7\"");
    buy(shop, "4", "\"external_id\":\"7\"");
    buy(shop, "5", "\"name\":\"who\"");
    shop_drain(shop);
    assert_int_equal(customers(shop), 1);
    shop_verify(shop);
}

static void a_wrong_account_is_seen_by_verify(void **state)
{
    struct shop *shop = *state;
    str first = STR_NONE;
    buy(shop, "1", "\"email\":\"ada@x.org\"");
    shop_drain(shop);
    assert_int_equal(testkit_verify(shop->kit, &customer_room, &first), 0);
    testkit_sql(shop->kit, "UPDATE customer_values SET orders = 2");
    assert_int_equal(testkit_verify(shop->kit, &customer_room, &first), 1);
    testkit_sql(shop->kit, "UPDATE customer_values SET orders = 1");
    testkit_sql(shop->kit, "UPDATE customer_orders SET total_minor = 1");
    assert_int_equal(testkit_verify(shop->kit, &order_room, &first), 1);
    testkit_sql(shop->kit, "UPDATE customer_orders SET total_minor = 100");
    testkit_sql(shop->kit, "UPDATE customers SET erased_at = 1");
    assert_int_equal(testkit_verify(shop->kit, &customer_room, &first), 1);
    testkit_sql(shop->kit, "UPDATE customers SET erased_at = NULL");
    testkit_sql(shop->kit, "UPDATE customer_orders SET customer_id = 5");
    assert_true(testkit_verify(shop->kit, &customer_room, &first) > 0);
    testkit_sql(shop->kit, "UPDATE customer_orders SET customer_id = "
                           "(SELECT id FROM customers)");
}

struct found {
    order_id *ids;
    size_t count;
};

static err_t erase_all(struct ctx *ctx, void *arg)
{
    struct found *found = arg;
    customer_id ada;
    TRY(order_people_catch_up(ctx));
    TRY(customer_find_email(ctx, STR("ada@x.org"), &ada));
    TRY(customer_order_list(ctx, ada, INT64_MAX, 10, &found->ids,
                            &found->count));
    return order_erase_many(ctx, found->ids, found->count);
}

/* On PostgreSQL readers of the log wait for the oldest transaction. */
static void
A19_07_an_order_that_the_log_does_not_show_yet_is_erased(void **state)
{
    struct shop *shop = *state;
    struct found found = {0};
    buy(shop, "1", "\"email\":\"ada@x.org\"");
    shop_drain(shop);
    struct testkit_link *older =
        testkit_beside(shop->kit, "CREATE TABLE older (n bigint)");
    buy(shop, "2", "\"email\":\"ADA@x.org\"");
    assert_int_equal(testkit_run(shop->kit, erase_all, &found), OK);
    assert_int_equal(found.count, 2);
    testkit_beside_end(older);
    shop_drain(shop);
    assert_int_equal(customers(shop), 1);
    shop_verify(shop);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        SHOP(A9_02_orders_of_one_person_have_one_customer),
        SHOP(a_wrong_account_is_seen_by_verify),
        SHOP(A19_07_an_order_that_the_log_does_not_show_yet_is_erased),
    };
    int bad = 0;
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    do
        bad += cmocka_run_group_tests_name("order_people", tests, NULL, NULL);
    while (testkit_next_engine());
    return bad;
}
