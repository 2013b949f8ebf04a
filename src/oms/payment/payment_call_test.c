/* payment_call_test.c - what gateways are asked, where they say nothing. */
#include "oms/payment/payment_call.h"

#include "base/json.h"
#include "base/str.h"
#include "base/testing.h"
#include "oms/payment/payment_hook.h"
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

static void must(struct shop *shop, const struct room *room,
                 const struct testkit_call *call, struct testkit_reply *ret)
{
    shop_call(shop, room, call, ret);
    assert_ok(shop->kit, ret->err);
}

/* A sale of 100.00 EUR that its gateway is to be asked for. */
static payment_id sell(struct shop *shop)
{
    struct testkit_reply reply;
    payment_id id;
    struct testkit_call account = {
        .operation = "createGatewayAccount",
        .body = "{\"code\":\"psp\",\"gateway\":\"manual\"}"};
    must(shop, &gateway_room, &account, &reply);
    /* The store of a test has no keys to seal a secret with. */
    testkit_sql(shop->kit, "UPDATE gateway_accounts SET gateway = 'relay'");
    shop_place(shop, shop_body(shop, "1", "SHOE:2:5000"), &reply);
    order_id order = shop_order_id(shop, &reply);
    struct testkit_call pay = {
        .operation = "createPayment",
        .path = {shop_id(shop, "ord", order.v)},
        .body = "{\"tender\":\"card\",\"gateway\":\"psp\",\"token\":\"t\","
                "\"amount\":{\"amount\":10000,\"currency\":\"EUR\"},"
                "\"done\":\"captured\"}"};
    must(shop, &payment_room, &pay, &reply);
    assert_ok(&reply.ctx, json_get_id(reply.json, "id", "pay", &id.v));
    return id;
}

struct turn {
    enum gateway_op op;
    size_t count;
};

/* As the worker: what is due is asked, and nothing can be told. */
static err_t run_turn(struct ctx *ctx, void *arg)
{
    struct turn *turn = arg;
    struct payment_task *tasks;
    struct call_taker taker = {.owner = 1, .limit = 10};
    struct gateway_outcome lost = {.result = GATEWAY_UNKNOWN,
                                   .text = STR("no answer came"),
                                   .field = STR("")};
    TRY(payment_call_take(ctx, &taker, &tasks, &turn->count));
    for (size_t i = 0; i < turn->count; i++) {
        turn->op = tasks[i].request.op;
        TRY(payment_call_record(ctx, &tasks[i], &lost));
    }
    return OK;
}

static struct turn take_turn(struct shop *shop)
{
    enum { QUARTER_MS = 15 * 60 * 1000 };
    struct turn turn = {.count = 0};
    shop->kit->now += QUARTER_MS;
    assert_ok(shop->kit, testkit_run(shop->kit, run_turn, &turn));
    return turn;
}

struct look {
    payment_id id;
    struct payment pay;
};

static err_t run_look(struct ctx *ctx, void *arg)
{
    struct look *look = arg;
    return payment_get(ctx, look->id, &look->pay);
}

static struct payment look_at(struct shop *shop, payment_id id)
{
    struct look look = {.id = id};
    assert_ok(shop->kit, testkit_read(shop->kit, run_look, &look));
    return look.pay;
}

static void look_up_in_vain(struct shop *shop)
{
    for (int i = 0; i < CALL_LOOKUPS_MAX; i++) {
        struct turn turn = take_turn(shop);
        assert_int_equal(turn.count, 1);
        assert_int_equal(turn.op, GATEWAY_LOOKUP);
    }
    assert_int_equal(take_turn(shop).count, 0);
    assert_int_equal(take_turn(shop).count, 0);
}

static struct payment settle(struct shop *shop, payment_id id,
                             const char *truth)
{
    struct testkit_reply reply;
    struct payment pay = look_at(shop, id);
    struct testkit_call call = {
        .operation = "settlePayment",
        .path = {shop_id(shop, "pay", id.v)},
        .body = shop_text(shop,
                          "{\"version\":%lld,\"call\":\"%s\",\"truth\":\"%s\"}",
                          (long long)pay.version,
                          shop_id(shop, "gcl", pay.calls[0].id.v), truth)};
    must(shop, &gateway_room, &call, &reply);
    return look_at(shop, id);
}

static void what_is_not_told_in_20_look_ups_a_person_settles(void **state)
{
    struct shop *shop = *state;
    payment_id id = sell(shop);
    struct turn first = take_turn(shop);
    assert_int_equal(first.op, GATEWAY_CAPTURE);
    look_up_in_vain(shop);
    assert_int_equal(look_at(shop, id).calls[0].state, CALL_STUCK);
    assert_int_equal(testkit_events(shop->kit, "payment.stuck"), 1);
    /* It is looked up again, and never asked for. */
    assert_int_equal(settle(shop, id, "ask_again").calls[0].state,
                     CALL_UNKNOWN);
    look_up_in_vain(shop);
    assert_int_equal(testkit_events(shop->kit, "payment.stuck"), 2);
    struct payment pay = settle(shop, id, "done");
    assert_int_equal(pay.now.state, PAYMENT_CAPTURED);
    assert_int_equal(pay.now.captured, 10000);
    assert_int_equal(pay.transaction_count, 1);
}

static void what_a_person_says_was_not_done_fails(void **state)
{
    struct shop *shop = *state;
    payment_id id = sell(shop);
    (void)take_turn(shop);
    look_up_in_vain(shop);
    struct payment pay = settle(shop, id, "not_done");
    assert_int_equal(pay.calls[0].state, CALL_REFUSED);
    assert_int_equal(pay.now.state, PAYMENT_FAILED);
    assert_int_equal(take_turn(shop).count, 0);
}

/* ---- what is told ---- */

struct told {
    gateway_account_id account;
    size_t due;
    bool is_known, is_more;
};

static err_t run_tell(struct ctx *ctx, void *arg)
{
    struct told *told = arg;
    return gateway_event_take(
        ctx, told->account, STR("e1"),
        STR("{\"event\":{\"status\":\"done\",\"type\":\"refund\",\"id\":"
            "\"t9\",\"gateway_ref\":\"nobody\"}}"),
        &told->is_known);
}

static err_t run_apply(struct ctx *ctx, void *arg)
{
    struct told *told = arg;
    gateway_event_id *ids;
    TRY(gateway_event_due(ctx, 10, &ids, &told->due));
    for (size_t i = 0; i < told->due; i++)
        TRY(gateway_event_apply(ctx, ids[i]));
    return OK;
}

static err_t run_forget(struct ctx *ctx, void *arg)
{
    struct told *told = arg;
    return gateway_event_forget(ctx, &told->is_more);
}

static void what_is_of_nobody_waits_three_days(void **state)
{
    enum { DAY_MS = 24 * 60 * 60 * 1000 };
    struct shop *shop = *state;
    struct testkit *kit = shop->kit;
    struct payment pay = look_at(shop, sell(shop));
    struct told told = {.account = pay.account};
    str first;
    assert_ok(kit, testkit_run(kit, run_tell, &told));
    assert_false(told.is_known);
    assert_ok(kit, testkit_run(kit, run_tell, &told));
    assert_true(told.is_known);
    assert_ok(kit, testkit_run(kit, run_apply, &told));
    assert_int_equal(told.due, 1);
    assert_ok(kit, testkit_run(kit, run_apply, &told));
    assert_int_equal(told.due, 0); /* It waits a while. */
    assert_int_equal(testkit_verify(kit, &gateway_room, &first), 0);
    testkit_sql(kit, "UPDATE gateway_events SET account_id = 1");
    assert_int_equal(testkit_verify(kit, &gateway_room, &first), 1);
    testkit_sql(kit, "UPDATE gateway_events SET account_id = "
                     "(SELECT id FROM gateway_accounts)");
    kit->now += (utc_ms)3 * DAY_MS;
    assert_ok(kit, testkit_run(kit, run_apply, &told));
    assert_int_equal(told.due, 1);
    assert_int_equal(testkit_events(kit, "gateway_account.misheard"), 1);
    kit->now += (utc_ms)29 * DAY_MS;
    assert_ok(kit, testkit_run(kit, run_apply, &told));
    assert_int_equal(told.due, 0);
    assert_ok(kit, testkit_run(kit, run_forget, &told));
    assert_ok(kit, testkit_run(kit, run_tell, &told));
    assert_true(told.is_known);
    kit->now += (utc_ms)2 * DAY_MS;
    assert_ok(kit, testkit_run(kit, run_forget, &told));
    assert_ok(kit, testkit_run(kit, run_tell, &told));
    assert_false(told.is_known); /* Forgotten. */
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        SHOP(what_is_not_told_in_20_look_ups_a_person_settles),
        SHOP(what_a_person_says_was_not_done_fails),
        SHOP(what_is_of_nobody_waits_three_days),
    };
    int bad = 0;
    do
        bad += RUN_TESTS(tests, argc, argv);
    while (testkit_next_engine());
    return bad;
}
