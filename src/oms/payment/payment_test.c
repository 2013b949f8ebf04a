/* payment_test.c - payments of an order, in the store. */
#include "oms/payment/payment.h"

#include "base/json.h"
#include "base/testing.h"
#include "oms/order/order_pay.h"
#include "oms/payment/payment_rules.h"
#include "oms/shop_testkit.h"

static int setup(void **state)
{
    struct shop *shop = shop_open(STOCK_POLICY_BACKORDER);
    shop_add_location(shop, "A");
    shop_add_sku(shop, "SHOE", true);
    shop_set_stock(shop, "SHOE", "A", 5);
    *state = shop;
    return 0;
}

static int teardown(void **state)
{
    shop_close(*state);
    return 0;
}

#define SHOP(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

/* An order of 100.00 EUR. */
static order_id place(struct shop *shop)
{
    struct testkit_reply reply;
    shop_place(shop, shop_body(shop, "1", "SHOE:2:5000"), &reply);
    return shop_order_id(shop, &reply);
}

static err_t call(struct shop *shop, const char *operation, const char *id,
                  const char *body)
{
    struct testkit_reply reply;
    struct testkit_call call = {
        .operation = operation, .path = {id}, .body = body};
    shop_call(shop, &payment_room, &call, &reply);
    return reply.err;
}

static payment_id pay(struct shop *shop, order_id order, const char *tender,
                      int64_t amount, const char *more)
{
    struct testkit_reply reply;
    payment_id id;
    struct testkit_call call = {
        .operation = "createPayment",
        .path = {shop_id(shop, "ord", order.v)},
        .body = shop_text(shop,
                          "{\"tender\":\"%s\",\"amount\":{\"amount\":%lld,"
                          "\"currency\":\"EUR\"}%s}",
                          tender, (long long)amount, more)};
    shop_call(shop, &payment_room, &call, &reply);
    assert_ok(shop->kit, reply.err);
    assert_ok(&reply.ctx, json_get_id(reply.json, "id", "pay", &id.v));
    return id;
}

struct seen {
    payment_id id;
    struct payment pay;
};

static err_t look(struct ctx *ctx, void *arg)
{
    struct seen *seen = arg;
    return payment_get(ctx, seen->id, &seen->pay);
}

static struct payment now(struct shop *shop, payment_id id)
{
    struct seen seen = {.id = id};
    assert_ok(shop->kit, testkit_read(shop->kit, look, &seen));
    return seen.pay;
}

/* A step at the current version; amount 0: all there is. */
static err_t step(struct shop *shop, const char *operation, payment_id id,
                  int64_t amount)
{
    const char *version =
        shop_text(shop, "\"version\":%lld", (long long)now(shop, id).version);
    const char *sum =
        amount ? shop_text(shop,
                           ",\"amount\":{\"amount\":%lld,\"currency\":\"EUR\"}",
                           (long long)amount)
               : "";
    return call(shop, operation, shop_id(shop, "pay", id.v),
                shop_text(shop, "{%s%s}", version, sum));
}

static err_t record(struct shop *shop, payment_id id, const char *type,
                    const char *event, int64_t amount)
{
    const char *sum =
        amount ? shop_text(shop,
                           ",\"amount\":{\"amount\":%lld,\"currency\":\"EUR\"}",
                           (long long)amount)
               : "";
    return call(shop, "recordPayment", shop_id(shop, "pay", id.v),
                shop_text(shop, "{\"type\":\"%s\",\"event_id\":\"%s\"%s}", type,
                          event, sum));
}

static enum order_payment status(struct shop *shop, order_id id)
{
    struct order order = shop_order(shop, id);
    return order_payment_of(&order);
}

static int64_t balance(struct shop *shop, order_id id)
{
    struct order order = shop_order(shop, id);
    return order_balance(&order);
}

static void assert_sound(struct shop *shop)
{
    str first;
    shop_drain(shop);
    shop_verify(shop);
    assert_int_equal(testkit_verify(shop->kit, &payment_room, &first), 0);
}

static void a_promise_is_captured_in_parts_and_given_back(void **state)
{
    struct shop *shop = *state;
    order_id order = place(shop);
    payment_id id = pay(shop, order, "card", 10000, "");
    assert_int_equal(status(shop, order), ORDER_PAY_PENDING);
    assert_ok(shop->kit, step(shop, "authorizePayment", id, 0));
    assert_int_equal(status(shop, order), ORDER_PAY_AUTHORIZED);
    assert_ok(shop->kit, step(shop, "capturePayment", id, 4000));
    assert_int_equal(status(shop, order), ORDER_PAY_PARTIALLY_PAID);
    assert_ok(shop->kit, step(shop, "capturePayment", id, 1000));
    assert_int_equal(now(shop, id).now.state, PAYMENT_PARTIALLY_CAPTURED);
    assert_int_equal(step(shop, "capturePayment", id, 5001), ERR_INVALID);
    assert_slug(shop->kit, "over_captured");
    assert_non_null(strstr(shop->kit->err.text, "50.00 EUR"));
    assert_ok(shop->kit, step(shop, "capturePayment", id, 0));
    assert_int_equal(status(shop, order), ORDER_PAY_PAID);
    assert_int_equal(balance(shop, order), 0);
    assert_int_equal(step(shop, "capturePayment", id, 1), ERR_STATE);
    assert_slug(shop->kit, "payment_state");
    assert_ok(shop->kit, step(shop, "refundPayment", id, 3000));
    assert_int_equal(step(shop, "refundPayment", id, 7001), ERR_INVALID);
    assert_slug(shop->kit, "over_refunded");
    assert_int_equal(status(shop, order), ORDER_PAY_PARTIALLY_REFUNDED);
    assert_ok(shop->kit, step(shop, "refundPayment", id, 0));
    assert_int_equal(status(shop, order), ORDER_PAY_REFUNDED);
    assert_int_equal(balance(shop, order), 10000);
    assert_int_equal(now(shop, id).transaction_count, 6);
    assert_sound(shop);
}

static void an_order_is_paid_by_many_tenders(void **state)
{
    struct shop *shop = *state;
    order_id order = place(shop);
    payment_id cash = pay(shop, order, "cash", 3000, ",\"done\":\"captured\"");
    payment_id card =
        pay(shop, order, "card", 5000, ",\"done\":\"authorized\"");
    payment_id invoice = pay(shop, order, "invoice", 2000, "");
    assert_int_equal(now(shop, cash).now.state, PAYMENT_CAPTURED);
    assert_int_equal(now(shop, card).now.authorized, 5000);
    struct order now_is = shop_order(shop, order);
    assert_int_equal(now_is.pay.captured, 3000);
    assert_int_equal(now_is.pay.authorized, 5000);
    assert_int_equal(now_is.pay.pending, 2000);
    assert_ok(shop->kit, step(shop, "voidPayment", card, 0));
    assert_int_equal(now(shop, card).now.state, PAYMENT_VOIDED);
    assert_int_equal(step(shop, "authorizePayment", card, 0), ERR_STATE);
    assert_ok(shop->kit, step(shop, "capturePayment", invoice, 500));
    assert_int_equal(balance(shop, order), 6500);
    assert_sound(shop);
}

static void what_happened_outside_is_recorded_once_and_as_it_is(void **state)
{
    struct shop *shop = *state;
    order_id order = place(shop);
    payment_id id = pay(shop, order, "card", 10000, ",\"done\":\"captured\"");
    assert_ok(shop->kit, record(shop, id, "chargeback", "e1", 10000));
    assert_ok(shop->kit, record(shop, id, "chargeback", "e1", 10000));
    assert_int_equal(now(shop, id).transaction_count, 2);
    assert_int_equal(status(shop, order), ORDER_PAY_DISPUTED);
    assert_int_equal(record(shop, id, "refund", "e1", 10000), ERR_CONFLICT);
    assert_slug(shop->kit, "event_id_reused");
    /* A chargeback after a refund: more went back than came. */
    assert_ok(shop->kit, record(shop, id, "refund", "e2", 10000));
    struct payment pay = now(shop, id);
    assert_false(
        payment_is_within(pay.amount, pay.transactions, pay.transaction_count));
    assert_int_equal(balance(shop, order), 20000);
    assert_ok(shop->kit, record(shop, id, "chargeback_reversed", "e3", 0));
    assert_int_equal(status(shop, order), ORDER_PAY_REFUNDED);
    assert_int_equal(testkit_events(shop->kit, "payment.charged_back"), 1);
    assert_sound(shop);
}

static void what_runs_out_is_promised_anew(void **state)
{
    struct shop *shop = *state;
    order_id order = place(shop);
    payment_id id = pay(shop, order, "card", 10000, ",\"done\":\"authorized\"");
    assert_ok(shop->kit, record(shop, id, "expire", "x1", 0));
    assert_int_equal(now(shop, id).now.state, PAYMENT_EXPIRED);
    assert_int_equal(status(shop, order), ORDER_PAY_UNPAID);
    assert_int_equal(step(shop, "capturePayment", id, 0), ERR_STATE);
    assert_ok(shop->kit, step(shop, "authorizePayment", id, 0));
    assert_int_equal(now(shop, id).now.authorized, 10000);
    assert_ok(shop->kit, step(shop, "capturePayment", id, 0));
    assert_int_equal(status(shop, order), ORDER_PAY_PAID);
    payment_id other = pay(shop, order, "card", 100, "");
    assert_ok(shop->kit, record(shop, other, "fail", "f1", 0));
    assert_int_equal(now(shop, other).now.state, PAYMENT_FAILED);
    assert_int_equal(shop_order(shop, order).pay.pending, 0);
    assert_sound(shop);
}

static void what_is_wrong_is_refused(void **state)
{
    struct shop *shop = *state;
    order_id order = place(shop);
    const char *ord = shop_id(shop, "ord", order.v);
    payment_id id = pay(shop, order, "card", 10000, "");
    const char *body = shop_id(shop, "pay", id.v);
    assert_int_equal(call(shop, "capturePayment", body, "{\"version\":9}"),
                     ERR_STALE);
    assert_int_equal(call(shop, "capturePayment", body,
                          "{\"version\":1,\"amount\":{\"amount\":1,"
                          "\"currency\":\"USD\"}}"),
                     ERR_INVALID);
    assert_slug(shop->kit, "currency_mismatch");
    assert_int_equal(call(shop, "createPayment", ord,
                          "{\"tender\":\"cash\",\"amount\":{\"amount\":0,"
                          "\"currency\":\"EUR\"}}"),
                     ERR_INVALID);
    assert_int_equal(call(shop, "createPayment", ord, "{\"tender\":\"cash\"}"),
                     ERR_INVALID);
    assert_slug(shop->kit, "missing_field");
    assert_int_equal(call(shop, "createPayment", ord,
                          "{\"tender\":\"shells\",\"amount\":{\"amount\":1,"
                          "\"currency\":\"EUR\"}}"),
                     ERR_INVALID);
    assert_int_equal(step(shop, "authorizePayment", id, 10001), ERR_INVALID);
    assert_slug(shop->kit, "over_authorized");
    assert_int_equal(step(shop, "refundPayment", id, 1), ERR_STATE);
    for (int i = 1; i < LIMIT_PAYMENTS; i++)
        (void)pay(shop, order, "cash", 1, "");
    assert_int_equal(call(shop, "createPayment", ord,
                          "{\"tender\":\"cash\",\"amount\":{\"amount\":1,"
                          "\"currency\":\"EUR\"}}"),
                     ERR_STATE);
    assert_slug(shop->kit, "too_many_payments");
}

static void each_check_finds_what_it_is_for(void **state)
{
    struct shop *shop = *state;
    order_id order = place(shop);
    str first;
    (void)pay(shop, order, "card", 10000, ",\"done\":\"captured\"");
    assert_int_equal(testkit_verify(shop->kit, &payment_room, &first), 0);
    testkit_sql(shop->kit, "UPDATE orders SET pay_captured = 9999");
    assert_int_equal(testkit_verify(shop->kit, &payment_room, &first), 1);
    testkit_sql(shop->kit, "UPDATE orders SET pay_captured = 10000");
    testkit_sql(shop->kit, "UPDATE payment_intents SET pending = 1");
    assert_int_equal(testkit_verify(shop->kit, &payment_room, &first), 2);
    testkit_sql(shop->kit, "UPDATE payment_intents SET pending = 0");
    testkit_sql(shop->kit, "UPDATE payment_transactions SET amount = 20000");
    assert_int_equal(testkit_verify(shop->kit, &payment_room, &first), 2);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        SHOP(a_promise_is_captured_in_parts_and_given_back),
        SHOP(an_order_is_paid_by_many_tenders),
        SHOP(what_happened_outside_is_recorded_once_and_as_it_is),
        SHOP(what_runs_out_is_promised_anew),
        SHOP(what_is_wrong_is_refused),
        SHOP(each_check_finds_what_it_is_for),
    };
    int bad = 0;
    do
        bad += RUN_TESTS(tests, argc, argv);
    while (testkit_next_engine());
    return bad;
}
