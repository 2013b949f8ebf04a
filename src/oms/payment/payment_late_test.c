/* payment_late_test.c - what gateways tell late, twice, or against what they
 * said. */
#include "base/str.h"
#include "base/testing.h"
#include "oms/payment/payment_expiry.h"
#include "oms/payment/payment_testkit.h"
#include "oms/room.h"

#define SHOP(name)                                                             \
    cmocka_unit_test_setup_teardown(name, gate_setup, gate_teardown)

static const utc_ms DAY = 24 * 60 * 60 * 1000;

/* Events of that type whose data says that `key` is true. */
static size_t count(struct shop *shop, const char *type, const char *key)
{
    struct testkit *kit = shop->kit;
    size_t before = testkit_events(kit, "seen");
    testkit_sql(
        kit, shop_text(shop,
                       "UPDATE events SET type = 'seen' WHERE type = '%s' AND "
                       "REPLACE(CAST(data AS TEXT), ' ', '') LIKE "
                       "'%%\"%s\":true%%'",
                       type, key));
    return testkit_events(kit, "seen") - before;
}

/* Told without our reference while the call was stuck; then a person says that
 * it was done. */
static void what_was_told_a_person_settles_once(void **state)
{
    struct shop *shop = *state;
    payment_id id = gate_promise(shop, 10000);
    struct payment now = gate_step(shop, id, "capturePayment", 5000, "a");
    (void)gate_turn(shop);
    gate_look_in_vain(shop);
    gate_hook(shop, id, "");
    now = gate_settle(shop, id, "done");
    assert_int_equal(now.calls[1].state, CALL_DONE);
    assert_int_equal(now.now.captured, 5000);
    assert_int_equal(now.transaction_count, 2);
    /* Another of the same amount is another. */
    (void)gate_step(shop, id, "capturePayment", 5000, "b");
    (void)gate_turn(shop);
    gate_look_in_vain(shop);
    now = gate_settle(shop, id, "done");
    assert_int_equal(now.now.captured, 10000);
    assert_int_equal(now.transaction_count, 3);
}

/* It was done, and now it is not: it is recorded, no sum follows, and a person
 * is told. */
static void what_failed_after_it_was_done_is_recorded(void **state)
{
    struct shop *shop = *state;
    payment_id id = gate_sell(shop);
    (void)gate_turn(shop);
    struct payment now = gate_look(shop, id);
    gate_say_done(shop, now.calls[0], "t1");
    struct gate_answer books = gate_answer_to(now.calls[0], GATEWAY_LOOKUP);
    gate_fact(&books, PAYMENT_CAPTURE, "t1", 10000,
              shop_id(shop, "gcl", now.calls[0].id.v));
    books.facts[0].status = GATEWAY_FACT_REFUSED;
    for (int turn = 0; turn < 2; turn++)
        gate_tell(shop, &books);
    struct gate_answer no = gate_answer_to(now.calls[0], GATEWAY_CAPTURE);
    no.is_refused = true;
    gate_tell(shop, &no); /* The same, as an answer that came late. */
    now = gate_look(shop, id);
    assert_int_equal(now.transaction_count, 2);
    assert_int_equal(now.transactions[1].type, PAYMENT_FAIL);
    assert_int_equal(now.transactions[1].origin, PAYMENT_OF_OUTSIDE);
    assert_int_equal(now.now.state, PAYMENT_CAPTURED);
    assert_int_equal(now.now.captured, 10000);
    assert_int_equal(now.calls[0].state, CALL_DONE);
    assert_int_equal(count(shop, "payment.failed", "is_contrary"), 1);
}

/* One look-up tells that all was taken and what was promised is over: nothing
 * is missed. */
static void what_is_paid_needs_no_new_promise(void **state)
{
    struct shop *shop = *state;
    payment_id id = gate_promise(shop, 10000);
    struct payment now = gate_look(shop, id);
    struct gate_answer books = gate_answer_to(now.calls[0], GATEWAY_LOOKUP);
    gate_fact(&books, PAYMENT_CAPTURE, "t2", 10000, "");
    gate_fact(&books, PAYMENT_EXPIRE, "t3", 1, "");
    gate_tell(shop, &books);
    assert_int_equal(testkit_events(shop->kit, "payment.expired"), 1);
    assert_int_equal(count(shop, "payment.expired", "is_needed"), 0);
}

static err_t run_expiry(struct ctx *ctx, void *arg)
{
    return payment_expiry_run(ctx, arg);
}

static struct payment let_pass(struct shop *shop, payment_id id, utc_ms ms)
{
    bool is_more = true;
    shop->kit->now += ms;
    while (is_more)
        assert_ok(shop->kit, testkit_run(shop->kit, run_expiry, &is_more));
    return gate_look(shop, id);
}

/* Of two promises each lapses at its own end; what was taken was of the one
 * that ends first. */
static void each_promise_lapses_by_itself(void **state)
{
    struct shop *shop = *state;
    payment_id id = gate_pay(shop, "");
    testkit_sql(shop->kit, "UPDATE gateway_accounts SET renew_hours = 0");
    struct payment now = gate_step(shop, id, "authorizePayment", 4000, "one");
    (void)gate_turn(shop);
    gate_say_until(shop, now.calls[0], "t1", 2 * DAY);
    now = gate_step(shop, id, "authorizePayment", 6000, "two");
    (void)gate_turn(shop);
    gate_say_until(shop, now.calls[1], "t2", 7 * DAY);
    utc_ms second = shop->kit->now + 7 * DAY;
    now = gate_step(shop, id, "capturePayment", 1000, "a");
    (void)gate_turn(shop);
    gate_say_done(shop, now.calls[2], "t3");
    now = let_pass(shop, id, 3 * DAY);
    assert_int_equal(now.now.authorized, 6000);
    assert_int_equal(now.transactions[3].type, PAYMENT_EXPIRE);
    assert_int_equal(now.transactions[3].amount, 3000);
    assert_int_equal(now.expires_at, second);
    assert_int_equal(now.watch_at, second);
    now = let_pass(shop, id, DAY);
    assert_int_equal(now.transaction_count, 4);
    now = let_pass(shop, id, 4 * DAY);
    assert_int_equal(now.now.authorized, 0);
    assert_int_equal(now.transactions[4].amount, 6000);
    assert_int_equal(now.watch_at, 0);
}

/* Two promises of a payment: 40.00 for two days, 60.00 for a week. */
static payment_id promise_twice(struct shop *shop)
{
    payment_id id = gate_pay(shop, "");
    struct payment now = gate_step(shop, id, "authorizePayment", 4000, "one");
    (void)gate_turn(shop);
    gate_say_until(shop, now.calls[0], "t1", 2 * DAY);
    now = gate_step(shop, id, "authorizePayment", 6000, "two");
    (void)gate_turn(shop);
    gate_say_until(shop, now.calls[1], "t2", 7 * DAY);
    return id;
}

/* What was given up does not stand in for what ends. */
static void a_promise_given_up_counts_no_more(void **state)
{
    static const struct {
        int64_t given_up, left;
    } cases[] = {
        {6000, 0   },
        {4000, 6000},
        {1000, 5000}
    };
    struct shop *shop = *state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        if (i > 0) {
            gate_teardown(state);
            gate_setup(state);
            shop = *state;
        }
        payment_id id = promise_twice(shop);
        testkit_sql(shop->kit, "UPDATE gateway_accounts SET renew_hours = 0");
        testkit_sql(shop->kit, "UPDATE payment_intents SET watch_at = "
                               "expires_at");
        struct payment now = gate_look(shop, id);
        struct gate_answer books = gate_answer_to(now.calls[0], GATEWAY_LOOKUP);
        gate_fact(&books, PAYMENT_VOID, "t3", cases[i].given_up, "");
        gate_tell(shop, &books);
        now = let_pass(shop, id, 3 * DAY);
        assert_int_equal(now.now.authorized, cases[i].left);
        now = let_pass(shop, id, 5 * DAY);
        assert_int_equal(now.now.authorized, 0);
    }
}

/* The one that ends is promised anew, and takes its own place alone. */
static void of_two_promises_one_is_promised_anew(void **state)
{
    struct shop *shop = *state;
    payment_id id = promise_twice(shop);
    utc_ms second = shop->kit->now + 7 * DAY;
    struct payment now = let_pass(shop, id, DAY);
    assert_int_equal(now.call_count, 3);
    assert_int_equal(now.calls[2].amount, 4000);
    assert_true(gate_turn(shop).is_renewal);
    gate_say_until(shop, now.calls[2], "t3", 30 * DAY);
    now = gate_look(shop, id);
    assert_int_equal(now.now.authorized, 10000);
    assert_int_equal(now.transactions[2].type, PAYMENT_EXPIRE);
    assert_int_equal(now.transactions[2].amount, 4000);
    assert_int_equal(now.expires_at, second);
    assert_true(now.watch_at < second && now.watch_at > shop->kit->now);
    /* Then the other. */
    now = let_pass(shop, id, 5 * DAY);
    assert_int_equal(now.calls[3].amount, 6000);
    (void)gate_turn(shop);
    gate_say_until(shop, now.calls[3], "t4", 7 * DAY);
    now = let_pass(shop, id, 0);
    assert_int_equal(now.now.authorized, 10000);
    assert_int_equal(now.transactions[4].amount, 6000);
}

static const char *refused(struct shop *shop, payment_id id,
                           const char *operation, const char *more)
{
    struct testkit_reply reply;
    struct testkit_call call = {.operation = operation,
                                .path = {shop_id(shop, "pay", id.v)},
                                .body = shop_text(shop, "{%s}", more)};
    shop_call(shop, &payment_room, &call, &reply);
    assert_int_equal(reply.err, ERR_INVALID);
    return shop->kit->err.field;
}

static void what_cannot_be_names_its_field(void **state)
{
    struct shop *shop = *state;
    payment_id id = gate_sell(shop);
    (void)gate_turn(shop);
    gate_say_done(shop, gate_look(shop, id).calls[0], "t1");
    assert_string_equal(refused(shop, id, "recordPayment",
                                "\"type\":\"chargeback\",\"event_id\":\"e1\","
                                "\"due_at\":\"1969-12-31T00:00:00Z\""),
                        "due_at");
    /* It would count as of a refund, and be given twice. */
    assert_string_equal(
        refused(shop, id, "refundPayment",
                shop_text(shop,
                          "\"version\":%lld,\"reference\":"
                          "\"rfd_0000000000001\"",
                          (long long)gate_look(shop, id).version)),
        "reference");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        SHOP(what_was_told_a_person_settles_once),
        SHOP(what_failed_after_it_was_done_is_recorded),
        SHOP(what_is_paid_needs_no_new_promise),
        SHOP(each_promise_lapses_by_itself),
        SHOP(a_promise_given_up_counts_no_more),
        SHOP(of_two_promises_one_is_promised_anew),
        SHOP(what_cannot_be_names_its_field),
    };
    int bad = 0;
    do
        bad += RUN_TESTS(tests, argc, argv);
    while (testkit_next_engine());
    return bad;
}
