/* payment_call_test.c - what gateways are asked, where they say nothing. */
#include "oms/payment/payment_call.h"

#include "base/json.h"
#include "base/str.h"
#include "base/testing.h"
#include "oms/payment/payment_expiry.h"
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

/* 100.00 EUR on an account, whose gateway is to be asked for `done`. */
static payment_id pay(struct shop *shop, const char *done)
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
    struct testkit_call call = {
        .operation = "createPayment",
        .path = {shop_id(shop, "ord", order.v)},
        .body = shop_text(shop,
                          "{\"tender\":\"card\",\"gateway\":\"psp\","
                          "\"token\":\"t\",\"amount\":{\"amount\":10000,"
                          "\"currency\":\"EUR\"}%s}",
                          done)};
    must(shop, &payment_room, &call, &reply);
    assert_ok(&reply.ctx, json_get_id(reply.json, "id", "pay", &id.v));
    return id;
}

static payment_id sell(struct shop *shop)
{
    return pay(shop, ",\"done\":\"captured\"");
}

struct turn {
    enum gateway_op op;
    size_t count;
    bool is_renewal;
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
        turn->is_renewal = tasks[i].request.is_renewal;
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

enum { FACTS_MAX = 3 };
struct answer {
    struct payment_task task;
    struct gateway_fact facts[FACTS_MAX];
    size_t count;
    bool is_refused;
};

static err_t run_answer(struct ctx *ctx, void *arg)
{
    const struct answer *answer = arg;
    struct gateway_outcome outcome = {
        .result = answer->is_refused ? GATEWAY_REFUSED : GATEWAY_DONE,
        .facts = answer->facts,
        .fact_count = answer->count,
        .field = STR(""),
        .text = STR("")};
    return payment_call_record(ctx, &answer->task, &outcome);
}

static void tell(struct shop *shop, struct answer *answer)
{
    str first;
    assert_ok(shop->kit, testkit_run(shop->kit, run_answer, answer));
    assert_int_equal(testkit_verify(shop->kit, &payment_room, &first), 0);
    assert_int_equal(testkit_verify(shop->kit, &gateway_room, &first), 0);
}

static void put_fact(struct answer *answer, enum payment_type type,
                     const char *id, int64_t amount, const char *reference)
{
    answer->facts[answer->count++] =
        (struct gateway_fact){.type = (int)type,
                              .status = GATEWAY_FACT_DONE,
                              .reference = str_from_cstr(reference),
                              .id = str_from_cstr(id),
                              .amount = amount,
                              .currency = "EUR",
                              .text = STR("")};
}

/* To the call, or with GATEWAY_LOOKUP what became of it. */
static struct answer answer_to(struct payment_call call, enum gateway_op op)
{
    return (struct answer){
        .task = {.id = call.id,
                 .account_id = call.account,
                 .gateway = gateway_find(STR("relay")),
                 .request.op = op}
    };
}

/* The gateway did what it was asked; a promise stands so long (0: it says
 * nothing). */
static void say_until(struct shop *shop, struct payment_call call,
                      const char *id, utc_ms for_ms)
{
    struct answer answer = answer_to(call, (enum gateway_op)call.type);
    put_fact(&answer, call.type, id, call.amount,
             shop_id(shop, "gcl", call.id.v));
    answer.facts[0].expires_at = for_ms ? shop->kit->now + for_ms : 0;
    tell(shop, &answer);
}

static void say_done(struct shop *shop, struct payment_call call,
                     const char *id)
{
    say_until(shop, call, id, 0);
}

static struct payment step(struct shop *shop, payment_id id,
                           const char *operation, int64_t amount,
                           const char *reference)
{
    struct testkit_reply reply;
    struct testkit_call call = {
        .operation = operation,
        .path = {shop_id(shop, "pay", id.v)},
        .body = shop_text(shop,
                          "{\"version\":%lld,\"amount\":{\"amount\":%lld,"
                          "\"currency\":\"EUR\"},\"reference\":\"%s\"}",
                          (long long)look_at(shop, id).version,
                          (long long)amount, reference)};
    must(shop, &payment_room, &call, &reply);
    return look_at(shop, id);
}

static payment_id promise(struct shop *shop, int64_t amount)
{
    payment_id id = pay(shop, "");
    struct payment now = step(shop, id, "authorizePayment", amount, "first");
    (void)take_turn(shop);
    say_done(shop, now.calls[0], "t1");
    assert_int_equal(look_at(shop, id).now.authorized, amount);
    return id;
}

static void what_was_done_after_all_is_recorded(void **state)
{
    struct shop *shop = *state;
    payment_id id = sell(shop);
    (void)take_turn(shop);
    look_up_in_vain(shop);
    struct payment now = settle(shop, id, "not_done");
    for (int turn = 0; turn < 2; turn++)
        say_done(shop, now.calls[0], "t1");
    struct answer books = answer_to(now.calls[0], GATEWAY_LOOKUP);
    put_fact(&books, PAYMENT_CAPTURE, "t1", 10000,
             shop_id(shop, "gcl", now.calls[0].id.v));
    tell(shop, &books);
    now = look_at(shop, id);
    assert_int_equal(now.now.state, PAYMENT_CAPTURED);
    assert_int_equal(now.now.captured, 10000);
    assert_int_equal(now.transaction_count, 2);
    assert_int_equal(now.transactions[1].origin, PAYMENT_OF_OUTSIDE);
    assert_int_equal(now.calls[0].state, CALL_REFUSED);
}

static void a_second_promise_stands_beside_the_first(void **state)
{
    struct shop *shop = *state;
    payment_id id = promise(shop, 4000);
    struct payment now = step(shop, id, "authorizePayment", 6000, "more");
    struct turn turn = take_turn(shop);
    assert_int_equal(turn.count, 1);
    assert_false(turn.is_renewal);
    say_done(shop, now.calls[1], "t2");
    now = look_at(shop, id);
    assert_int_equal(now.now.authorized, 10000);
    assert_int_equal(now.transaction_count, 2);
}

/* Two captures are wanted; the store is a backup, and its gateway took half of
 * the money in the life that was lost. */
static payment_id restore(struct shop *shop)
{
    payment_id id = promise(shop, 10000);
    (void)step(shop, id, "capturePayment", 3000, "a");
    testkit_sql(shop->kit, "UPDATE payment_intents SET epoch = 'before'");
    testkit_sql(shop->kit, "UPDATE payment_calls SET epoch = 'before'");
    (void)step(shop, id, "capturePayment", 2000, "b");
    return id;
}

/* The next call is looked up, and the gateway shows its books. */
static void show_books(struct shop *shop, payment_id id, size_t call)
{
    struct turn turn = take_turn(shop);
    struct payment now = look_at(shop, id);
    struct answer books = answer_to(now.calls[call], GATEWAY_LOOKUP);
    assert_int_equal(turn.count, 1);
    assert_int_equal(turn.op, GATEWAY_LOOKUP);
    testkit_sql(shop->kit, "UPDATE payment_calls SET state = 4 "
                           "WHERE state = 3 AND lookups > 0");
    put_fact(&books, PAYMENT_AUTHORIZE, "t1", 10000,
             shop_id(shop, "gcl", now.calls[0].id.v));
    put_fact(&books, PAYMENT_CAPTURE, "t7", 5000, "gcl_0000000000001");
    tell(shop, &books);
}

static void assert_withdrawn(struct shop *shop, payment_id id)
{
    struct payment now = look_at(shop, id);
    assert_int_equal(now.calls[1].state, CALL_CANCELLED);
    assert_int_equal(now.calls[2].state, CALL_CANCELLED);
    assert_int_equal(now.now.captured, 5000);
    assert_int_equal(take_turn(shop).count, 0);
}

static void what_a_restore_undid_comes_before_all_that_was_asked(void **state)
{
    struct shop *shop = *state;
    payment_id id = restore(shop);
    show_books(shop, id, 1);
    show_books(shop, id, 2);
    assert_withdrawn(shop, id);
}

struct hook {
    gateway_account_id account;
    str body;
};

static err_t run_hook(struct ctx *ctx, void *arg)
{
    const struct hook *hook = arg;
    gateway_event_id *ids;
    size_t due;
    bool is_known;
    TRY(gateway_event_take(ctx, hook->account, STR("e7"), hook->body,
                           &is_known));
    TRY(gateway_event_due(ctx, 10, &ids, &due));
    ASSERT(due == 1);
    return gateway_event_apply(ctx, ids[0]);
}

/* A webhook tells that 50.00 EUR were taken, by the gateway's own id t7. */
static void tell_by_hook(struct shop *shop, payment_id id,
                         const char *reference)
{
    struct hook hook = {
        .account = look_at(shop, id).account,
        .body = str_from_cstr(shop_text(
            shop,
            "{\"event\":{\"status\":\"done\",\"type\":\"capture\",\"id\":"
            "\"t7\",\"payment\":\"%s\",\"reference\":\"%s\",\"amount\":"
            "{\"amount\":5000,\"currency\":\"EUR\"}}}",
            shop_id(shop, "pay", id.v), reference))};
    assert_ok(shop->kit, testkit_run(shop->kit, run_hook, &hook));
    assert_int_equal(look_at(shop, id).now.captured, 5000);
}

static void what_was_told_before_the_look_up_counts_too(void **state)
{
    struct shop *shop = *state;
    payment_id id = restore(shop);
    tell_by_hook(shop, id, "gcl_0000000000001");
    show_books(shop, id, 1);
    show_books(shop, id, 2);
    assert_withdrawn(shop, id);
}

/* Told without our reference while the call was stuck: then the answer says
 * that it was this step. */
static void what_is_known_by_the_gateways_own_id_counts_once(void **state)
{
    struct shop *shop = *state;
    payment_id id = promise(shop, 10000);
    struct payment now = step(shop, id, "capturePayment", 5000, "a");
    (void)take_turn(shop);
    look_up_in_vain(shop);
    tell_by_hook(shop, id, "");
    say_done(shop, now.calls[1], "t7");
    now = look_at(shop, id);
    assert_int_equal(now.calls[1].state, CALL_DONE);
    assert_int_equal(now.now.captured, 5000);
    assert_int_equal(now.transaction_count, 2);
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
    return look_at(shop, id);
}

static const utc_ms H = 60 * 60 * 1000, DAY = 24 * 60 * 60 * 1000;

static payment_id promise_a_week(struct shop *shop)
{
    payment_id id = pay(shop, ",\"done\":\"authorized\"");
    (void)take_turn(shop);
    say_until(shop, look_at(shop, id).calls[0], "t1", 7 * DAY);
    return id;
}

static void assert_wants_renewal(struct shop *shop, const struct payment *now,
                                 size_t call, int64_t amount)
{
    assert_int_equal(now->call_count, call + 1);
    assert_int_equal(now->calls[call].amount, amount);
    assert_true(take_turn(shop).is_renewal);
}

static void what_was_promised_is_promised_anew_in_time(void **state)
{
    struct shop *shop = *state;
    payment_id id = promise_a_week(shop);
    assert_int_equal(let_pass(shop, id, 6 * DAY - H).call_count, 1);
    struct payment now = let_pass(shop, id, 2 * H);
    assert_wants_renewal(shop, &now, 1, 10000);
    say_until(shop, now.calls[1], "t2", 7 * DAY);
    now = let_pass(shop, id, 0);
    assert_int_equal(now.now.authorized, 10000);
    assert_int_equal(now.call_count, 2);
    assert_int_equal(now.transaction_count, 3);
    assert_int_equal(now.expires_at, shop->kit->now + 7 * DAY);
    /* What is left after a part was taken; so much as is still to be paid. */
    now = step(shop, id, "capturePayment", 4000, "a");
    (void)take_turn(shop);
    say_done(shop, now.calls[2], "t3");
    now = let_pass(shop, id, 6 * DAY);
    assert_wants_renewal(shop, &now, 3, 6000);
    say_until(shop, now.calls[3], "t4", 7 * DAY);
    now = look_at(shop, id);
    assert_int_equal(now.now.state, PAYMENT_PARTIALLY_CAPTURED);
    assert_int_equal(now.now.authorized, 6000);
}

static void what_is_not_promised_anew_lapses_once(void **state)
{
    struct shop *shop = *state;
    payment_id id = promise_a_week(shop);
    struct payment now = let_pass(shop, id, 6 * DAY + H);
    assert_wants_renewal(shop, &now, 1, 10000);
    struct answer no = answer_to(now.calls[1], GATEWAY_AUTHORIZE);
    no.is_refused = true;
    tell(shop, &no);
    assert_int_equal(let_pass(shop, id, H).call_count, 2);
    now = let_pass(shop, id, DAY);
    assert_int_equal(now.now.state, PAYMENT_EXPIRED);
    assert_int_equal(now.watch_at, 0);
    assert_int_equal(testkit_events(shop->kit, "payment.expired"), 1);
    /* The gateway says so too; then there is a new promise. */
    struct answer too = answer_to(now.calls[1], GATEWAY_LOOKUP);
    put_fact(&too, PAYMENT_EXPIRE, "t3", 10000, "");
    tell(shop, &too);
    now = step(shop, id, "authorizePayment", 10000, "again");
    (void)take_turn(shop);
    say_until(shop, now.calls[2], "t4", 7 * DAY);
    assert_int_equal(look_at(shop, id).now.authorized, 10000);
}

static void nothing_lapses_while_it_is_being_taken(void **state)
{
    struct shop *shop = *state;
    payment_id id = promise_a_week(shop);
    struct payment now = step(shop, id, "capturePayment", 10000, "a");
    assert_int_equal(let_pass(shop, id, 8 * DAY).transaction_count, 1);
    assert_int_equal(look_at(shop, id).version, now.version);
    (void)take_turn(shop);
    say_done(shop, now.calls[1], "t2");
    now = let_pass(shop, id, DAY);
    assert_int_equal(now.now.captured, 10000);
    assert_int_equal(now.transaction_count, 2);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        SHOP(what_was_promised_is_promised_anew_in_time),
        SHOP(what_is_not_promised_anew_lapses_once),
        SHOP(nothing_lapses_while_it_is_being_taken),
        SHOP(what_was_done_after_all_is_recorded),
        SHOP(a_second_promise_stands_beside_the_first),
        SHOP(what_a_restore_undid_comes_before_all_that_was_asked),
        SHOP(what_was_told_before_the_look_up_counts_too),
        SHOP(what_is_known_by_the_gateways_own_id_counts_once),
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
