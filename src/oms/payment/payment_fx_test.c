/* payment_fx_test.c - A10.06, I20: a rate is fixed at capture and reused. */
#include "oms/payment/payment_fx.h"

#include "base/arena.h"
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
        struct arena *arena = arena_open();
        assert_int_equal(fx_work_out(arena, &pay, "EUR", rows, CAPTURES, now),
                         n);
        arena_close(arena);
        for (int64_t i = 0; i < n; i++) {
            assert_false(now[i].is_open);
            assert_true(now[i].amount >= 0);
            base += i < CAPTURES ? now[i].amount : -now[i].amount;
        }
        assert_int_equal(base, 0);
    }
}

/* However many they are, none is left out. */
static void many_captures_and_refunds_are_worked_out(void **state)
{
    enum { CAPTURES = 1500, MOST = CAPTURES * 2 };
    static struct payment_transaction tx[MOST];
    static struct exchange_row rows[CAPTURES], now[MOST];
    struct payment pay = {
        .currency = "USD", .transactions = tx, .transaction_count = MOST};
    int64_t base = 0;
    (void)state;
    for (int i = 0; i < MOST; i++)
        tx[i] = (struct payment_transaction){
            .n = i + 1,
            .type = i < CAPTURES ? PAYMENT_CAPTURE : PAYMENT_REFUND,
            .amount = 101};
    for (int i = 0; i < CAPTURES; i++)
        rows[i] =
            (struct exchange_row){.n = i + 1, .rate = 900000000 + i * 1000};
    struct arena *arena = arena_open();
    assert_int_equal(fx_work_out(arena, &pay, "EUR", rows, CAPTURES, now),
                     MOST);
    for (int i = 0; i < MOST; i++)
        base += i < CAPTURES ? now[i].amount : -now[i].amount;
    assert_int_equal(base, 0);
    assert_int_equal(now[CAPTURES - 1].amount, 91);
    arena_close(arena);
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

static void the_books_are_in_one_currency(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    assert_ok(shop->kit, rate(shop, 1300000000, 1));
    /* The rate is gone, what was decided by it is not. */
    testkit_sql(shop->kit, "DELETE FROM fx_rates");
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

static err_t run_turn(struct ctx *ctx, void *arg)
{
    return fx_turn(ctx, arg);
}

/* All that is to be done now. */
static void turn(struct shop *shop)
{
    bool is_more = true;
    for (int i = 0; is_more; i++) {
        assert_true(i < 20);
        is_more = false;
        assert_ok(shop->kit, testkit_run(shop->kit, run_turn, &is_more));
    }
}

static err_t run_next_at(struct ctx *ctx, void *arg)
{
    return fx_turn_next_at(ctx, arg);
}

static void what_was_before_the_books_is_fixed_a_while_after(void **state)
{
    struct shop *shop = *state;
    payment_id id = pay(shop);
    step(shop, id, "capturePayment", 1000);
    payment_id other = pay(shop);
    step(shop, other, "capturePayment", 10);
    turn(shop);
    assert_ok(shop->kit, rate(shop, 1300000000, 1));
    step(shop, id, "refundPayment", 100);
    assert_int_equal(worth(shop, id, 0), 1300);
    assert_int_equal(worth(shop, id, 1), 130);
    turn(shop); /* Who did not see the rate may still be at it. */
    assert_int_equal(worth(shop, other, 0), -2);
    shop->kit->now += FX_SETTLE_MS;
    turn(shop);
    assert_int_equal(worth(shop, other, 0), 13);
    assert_int_equal(unsound(shop), 0);
}

/* As where both were committed beside each other, and neither saw the other. */
static void a_capture_beside_its_rate_is_fixed_by_a_turn(void **state)
{
    struct shop *shop = *state;
    assert_ok(shop->kit, rate(shop, 1300000000, 20));
    payment_id id = pay(shop);
    step(shop, id, "capturePayment", 1000);
    turn(shop);
    assert_int_equal(worth(shop, id, 0), -1);
    assert_int_equal(testkit_events(shop->kit, "fx_wait.opened"), 1);
    turn(shop);
    assert_int_equal(testkit_events(shop->kit, "fx_wait.opened"), 1);
    utc_ms next; /* A capture from before the first rate wakes nobody. */
    assert_ok(shop->kit, testkit_run(shop->kit, run_next_at, &next));
    assert_true(next == 0 || next > shop->kit->now);
    testkit_sql(shop->kit,
                "INSERT INTO fx_rates (id, currency, books, rate, valid_from, "
                "created_at) VALUES (1, 'EUR', 'USD', 1100000000, 1, 1)");
    turn(shop);
    assert_int_equal(worth(shop, id, 0), 1100);
    assert_int_equal(testkit_events(shop->kit, "fx_wait.ended"), 1);
    assert_int_equal(unsound(shop), 0);
}

/* Of one the order is not to be had: it waits, and the others do not. */
static void one_that_fails_does_not_stop_the_others(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    assert_ok(shop->kit, rate(shop, 1300000000, 20));
    payment_id bad = pay(shop);
    step(shop, bad, "capturePayment", 1000);
    shop->kit->now += 1;
    payment_id good = pay(shop);
    step(shop, good, "capturePayment", 1000);
    const char *turned = shop_text(shop,
                                   "UPDATE payment_intents SET order_id = "
                                   "-order_id WHERE id = %lld",
                                   (long long)bad.v);
    testkit_sql(shop->kit, turned);
    assert_ok(shop->kit,
              call(shop, "recordFxRate", NULL,
                   "{\"currency\":\"EUR\",\"books\":\"USD\",\"rate_ppb\":"
                   "1200000000,\"valid_from\":\"2023-11-02T00:00:00Z\"}",
                   &reply));
    assert_int_equal(worth(shop, good, 0), 1200);
    turn(shop);
    testkit_sql(shop->kit, turned);
    assert_int_equal(worth(shop, bad, 0), -1);
    turn(shop);
    assert_int_equal(worth(shop, bad, 0), 1200);
    assert_int_equal(unsound(shop), 0);
}

/* A rate is known, and its worth cannot be said: nobody waits for another. */
static void what_is_too_large_ends(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    static const char large[] =
        "{\"currency\":\"EUR\",\"books\":\"USD\",\"rate_ppb\":"
        "1000000000000000,\"valid_from\":\"2023-11-02T00:00:00Z\"}";
    bool is_more = true;
    assert_ok(shop->kit, rate(shop, 1300000000, 20));
    payment_id id = pay(shop);
    testkit_sql(shop->kit, "UPDATE payment_transactions SET amount = "
                           "900000000000000");
    testkit_sql(shop->kit,
                "UPDATE payment_intents SET amount = 900000000000000, "
                "authorized = 900000000000000");
    step(shop, id, "capturePayment", 900000000000000);
    assert_ok(shop->kit, call(shop, "recordFxRate", NULL, large, &reply));
    assert_ok(&reply.ctx, json_opt_bool(reply.json, "is_more", &is_more));
    assert_false(is_more);
    assert_int_equal(worth(shop, id, 0), -1);
    turn(shop);
    assert_int_equal(testkit_events(shop->kit, "fx_wait.opened"), 0);
    assert_int_equal(unsound(shop), 0);
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
        TEST(many_captures_and_refunds_are_worked_out),
    };
    const struct CMUnitTest stored[] = {
        SHOP(what_goes_back_is_worth_what_it_was),
        SHOP(a_missing_rate_is_fixed_when_it_comes),
        SHOP(the_books_are_in_one_currency),
        SHOP(what_was_before_the_books_is_fixed_a_while_after),
        SHOP(a_capture_beside_its_rate_is_fixed_by_a_turn),
        SHOP(one_that_fails_does_not_stop_the_others),
        SHOP(what_is_too_large_ends),
        SHOP(verify_finds_what_was_bent),
    };
    int bad = RUN_TESTS(pure, argc, argv);
    do
        bad += cmocka_run_group_tests_name("exchange", stored, NULL, NULL);
    while (testkit_next_engine());
    return bad;
}
