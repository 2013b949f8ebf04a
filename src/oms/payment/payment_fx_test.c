/* payment_fx_test.c - I20: a rate is fixed at capture, and reused on refund. */
#include "oms/payment/payment_fx.h"

#include "base/json.h"
#include "base/str.h"
#include "base/testing.h"
#include "oms/room.h"
#include "oms/shop_testkit.h"

static const utc_ms T0 = 1700000000000, DAY = 24 * 60 * 60 * 1000;

static int setup(void **state)
{
    struct shop *shop = shop_open(STOCK_POLICY_BACKORDER);
    shop_add_location(shop, "A");
    shop_add_sku(shop, "GIFT", false);
    shop->kit->now = T0;
    *state = shop;
    return 0;
}

static int teardown(void **state)
{
    shop_close(*state);
    return 0;
}

#define SHOP(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

/* ---- pure ---- */

static void digits_of_both_currencies_count(void **state)
{
    int64_t got;
    (void)state;
    assert_true(fx_convert("USD", "EUR", 10000, 923456789, &got));
    assert_int_equal(got, 9235);
    assert_true(fx_convert("JPY", "EUR", 10000, 6100000, &got));
    assert_int_equal(got, 6100);
    assert_true(fx_convert("EUR", "JPY", 6100, 163934426230, &got));
    assert_int_equal(got, 10000);
    assert_true(fx_convert("KWD", "EUR", 1000, 3000000000, &got));
    assert_int_equal(got, 300);
    assert_true(fx_convert("USD", "EUR", 1, 500000000, &got)); /* Even. */
    assert_int_equal(got, 0);
    assert_false(fx_convert("USD", "EUR", LIMIT_MINOR, LIMIT_FX_RATE, &got));
}

/* Whatever was captured at whatever rates, and in whatever parts it goes back:
 * all of it is worth all of it, and no part is below 0. */
static void all_that_goes_back_is_worth_all_that_came(void **state)
{
    enum { CAPTURES = 4, MOST = 64 };
    (void)state;
    uint32_t seed = 7;
    for (int turn = 0; turn < 2000; turn++) {
        struct payment_transaction tx[MOST];
        struct exchange_row rows[CAPTURES], now[MOST];
        struct payment pay = {.currency = "USD", .transactions = tx};
        int64_t left = 0, base = 0, n = 0;
        for (int i = 0; i < CAPTURES; i++) {
            seed = seed * 1664525u + 1013904223u;
            tx[n] = (struct payment_transaction){
                .n = n + 1, .type = PAYMENT_CAPTURE, .amount = seed % 997 + 1};
            rows[i] = (struct exchange_row){.n = n + 1,
                                            .rate = seed % 1999999999 + 1};
            left += tx[n++].amount;
        }
        while (left > 0) {
            seed = seed * 1664525u + 1013904223u;
            int64_t part = n == MOST - 1 ? left : seed % 400 % left + 1;
            tx[n] = (struct payment_transaction){
                .n = n + 1,
                .type = seed & 1024 ? PAYMENT_REFUND : PAYMENT_CHARGEBACK,
                .amount = part};
            left -= tx[n++].amount;
        }
        pay.transaction_count = (size_t)n;
        assert_int_equal(fx_work_out(&pay, "EUR", rows, CAPTURES, now), n);
        for (int64_t i = 0; i < n; i++) {
            assert_false(now[i].is_open);
            assert_true(now[i].amount >= 0);
            base += i < CAPTURES ? now[i].amount : -now[i].amount;
        }
        assert_int_equal(base, 0);
    }
}

/* ---- in the store ---- */

static err_t call(struct shop *shop, const char *operation, const char *id,
                  const char *body, struct testkit_reply *ret)
{
    bool is_rate = strstr(operation, "Fx") || strstr(operation, "Exchange");
    struct testkit_call c = {
        .operation = operation, .path = {id}, .body = body};
    shop_call(shop, is_rate ? &fx_room : &payment_room, &c, ret);
    return ret->err;
}

static err_t rate(struct shop *shop, int64_t ppb, int day)
{
    struct testkit_reply reply;
    return call(shop, "recordFxRate", NULL,
                shop_text(shop,
                          "{\"currency\":\"EUR\",\"books\":\"USD\",\"rate_"
                          "ppb\":%lld,\"valid_from\":\"2023-11-%02dT00:00:00Z"
                          "\"}",
                          (long long)ppb, day),
                &reply);
}

static payment_id pay(struct shop *shop)
{
    struct testkit_reply reply;
    payment_id id;
    assert_string_equal(
        shop_place(shop, shop_body(shop, "1", "GIFT:3:1000"), &reply), "");
    order_id order = shop_order_id(shop, &reply);
    assert_ok(shop->kit,
              call(shop, "createPayment", shop_id(shop, "ord", order.v),
                   "{\"tender\":\"card\",\"amount\":{\"amount\":3000,"
                   "\"currency\":\"EUR\"},\"done\":\"authorized\"}",
                   &reply));
    assert_ok(&reply.ctx, json_get_id(reply.json, "id", "pay", &id.v));
    return id;
}

static void step(struct shop *shop, payment_id id, const char *operation,
                 int64_t amount)
{
    struct testkit_reply reply;
    int64_t version;
    const char *path = shop_id(shop, "pay", id.v);
    assert_ok(shop->kit, call(shop, "getPayment", path, NULL, &reply));
    assert_ok(&reply.ctx,
              json_get_i64(reply.json, "version", 1, INT64_MAX, &version));
    assert_ok(shop->kit, call(shop, operation, path,
                              shop_text(shop,
                                        "{\"version\":%lld,\"amount\":{"
                                        "\"amount\":%lld,\"currency\":"
                                        "\"EUR\"}}",
                                        (long long)version, (long long)amount),
                              &reply));
}

/* The n-th of what it came to: -1 where it is open, -2 where it has none. */
static int64_t worth(struct shop *shop, payment_id id, size_t n)
{
    struct testkit_reply reply;
    struct json_list list;
    struct json_in *at;
    money amount;
    assert_ok(shop->kit, call(shop, "getPaymentExchange",
                              shop_id(shop, "pay", id.v), NULL, &reply));
    assert_ok(&reply.ctx,
              json_get_list(reply.json, "items", 0, SIZE_MAX, &list));
    if (n >= list.count)
        return -2;
    assert_ok(&reply.ctx, json_list_object(&list, n, &at));
    if (!json_has(at, "worth"))
        return -1;
    assert_ok(&reply.ctx, json_get_money(at, "worth", "USD", &amount));
    return amount.minor;
}

/* How many; below 0 where there are more. */
static int listed(struct shop *shop, const char *query)
{
    struct testkit_reply reply;
    struct json_list list;
    struct testkit_call c = {.operation = "listFxRates", .query = query};
    shop_call(shop, &fx_room, &c, &reply);
    assert_ok(shop->kit, reply.err);
    assert_ok(&reply.ctx,
              json_get_list(reply.json, "items", 0, SIZE_MAX, &list));
    return json_has(reply.json, "next") ? -(int)list.count : (int)list.count;
}

static size_t unsound(struct shop *shop)
{
    str first;
    return testkit_verify(shop->kit, &fx_room, &first);
}

static void what_goes_back_is_worth_what_it_was(void **state)
{
    struct shop *shop = *state;
    assert_ok(shop->kit, rate(shop, 1100000000, 1));
    payment_id id = pay(shop);
    step(shop, id, "capturePayment", 1001);
    assert_int_equal(worth(shop, id, 0), 1101);
    assert_ok(shop->kit, rate(shop, 1300000000, 15));
    shop->kit->now = T0 + 5 * DAY; /* 2023-11-19 */
    step(shop, id, "capturePayment", 1000);
    assert_int_equal(worth(shop, id, 1), 1300);
    step(shop, id, "refundPayment", 501);
    assert_int_equal(worth(shop, id, 2), 551);
    step(shop, id, "refundPayment", 600); /* 500 of the first, 100 more. */
    assert_int_equal(worth(shop, id, 3), 550 + 130);
    step(shop, id, "refundPayment", 900);
    assert_int_equal(worth(shop, id, 4), 1170);
    assert_int_equal(unsound(shop), 0);
}

static void a_missing_rate_is_fixed_when_it_comes(void **state)
{
    struct shop *shop = *state;
    assert_ok(shop->kit, rate(shop, 1300000000, 20));
    payment_id id = pay(shop);
    step(shop, id, "capturePayment", 1000);
    step(shop, id, "refundPayment", 100);
    assert_int_equal(worth(shop, id, 0), -1);
    assert_int_equal(worth(shop, id, 1), -1);
    assert_int_equal(unsound(shop), 0);
    assert_ok(shop->kit, rate(shop, 1200000000, 2));
    assert_int_equal(worth(shop, id, 0), 1200);
    assert_int_equal(worth(shop, id, 1), 120);
    assert_ok(shop->kit, rate(shop, 1200000000, 2)); /* Again. */
    assert_int_equal(listed(shop, "limit=1"), -1);
    assert_int_equal(listed(shop, "currency=EUR"), 2);
    assert_int_equal(listed(shop, "currency=CHF"), 0);
    assert_int_equal(rate(shop, 1200000001, 2), ERR_CONFLICT);
    assert_slug(shop->kit, "rate_there");
    assert_int_equal(unsound(shop), 0);
}

static void what_was_before_the_books_is_left_alone(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    payment_id id = pay(shop);
    step(shop, id, "capturePayment", 1000);
    assert_ok(shop->kit, rate(shop, 1300000000, 1));
    step(shop, id, "refundPayment", 100);
    assert_int_equal(worth(shop, id, 0), -2);
    assert_int_equal(call(shop, "recordFxRate", NULL,
                          "{\"currency\":\"EUR\",\"books\":\"CHF\","
                          "\"rate_ppb\":950000000}",
                          &reply),
                     ERR_CONFLICT);
    assert_slug(shop->kit, "books_in");
    assert_int_equal(call(shop, "recordFxRate", NULL,
                          "{\"currency\":\"EUR\",\"books\":\"EUR\","
                          "\"rate_ppb\":1}",
                          &reply),
                     ERR_INVALID);
    assert_string_equal(shop->kit->err.field, "books");
}

static void verify_finds_what_was_bent(void **state)
{
    static const char *const bent[] = {
        "UPDATE payment_exchanges SET amount = amount + 1 WHERE n = 2",
        "UPDATE payment_exchanges SET amount = amount + 1 WHERE n = 3",
        "UPDATE payment_exchanges SET rate = rate + 1 WHERE n = 2",
        "DELETE FROM payment_exchanges WHERE n = 3",
        "UPDATE fx_rates SET rate = rate + 1"};
    struct shop *shop = *state;
    for (size_t i = 0; i < COUNT_OF(bent); i++) {
        if (i > 0) {
            teardown(state);
            setup(state);
            shop = *state;
        }
        assert_ok(shop->kit, rate(shop, 1100000000, 1));
        payment_id id = pay(shop);
        step(shop, id, "capturePayment", 1000);
        step(shop, id, "refundPayment", 100);
        assert_int_equal(unsound(shop), 0);
        testkit_sql(shop->kit, bent[i]);
        assert_true(unsound(shop) > 0);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest pure[] = {
        TEST(digits_of_both_currencies_count),
        TEST(all_that_goes_back_is_worth_all_that_came),
    };
    const struct CMUnitTest stored[] = {
        SHOP(what_goes_back_is_worth_what_it_was),
        SHOP(a_missing_rate_is_fixed_when_it_comes),
        SHOP(what_was_before_the_books_is_left_alone),
        SHOP(verify_finds_what_was_bent),
    };
    int bad = RUN_TESTS(pure, argc, argv);
    do
        bad += cmocka_run_group_tests_name("exchange", stored, NULL, NULL);
    while (testkit_next_engine());
    return bad;
}
