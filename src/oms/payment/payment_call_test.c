/* payment_call_test.c - what gateways are asked, where they say nothing. */
#include "oms/payment/payment_call.h"

#include "base/json.h"
#include "base/str.h"
#include "base/testing.h"
#include "base/time.h"
#include "oms/payment/payment_expiry.h"
#include "oms/payment/payment_hook.h"
#include "oms/payment/payment_testkit.h"
#include "oms/shop_testkit.h"
#include "store/epoch.h"

#define SHOP(name)                                                             \
    cmocka_unit_test_setup_teardown(name, gate_setup, gate_teardown)

static void what_is_not_told_in_20_look_ups_a_person_settles(void **state)
{
    struct shop *shop = *state;
    payment_id id = gate_sell(shop);
    struct gate_turn first = gate_turn(shop);
    assert_int_equal(first.op, GATEWAY_CAPTURE);
    gate_look_in_vain(shop);
    assert_int_equal(gate_look(shop, id).calls[0].state, CALL_STUCK);
    assert_int_equal(testkit_events(shop->kit, "payment.stuck"), 1);
    /* It is looked up again, and never asked for. */
    assert_int_equal(gate_settle(shop, id, "ask_again").calls[0].state,
                     CALL_UNKNOWN);
    gate_look_in_vain(shop);
    assert_int_equal(testkit_events(shop->kit, "payment.stuck"), 2);
    struct payment pay = gate_settle(shop, id, "done");
    assert_int_equal(pay.now.state, PAYMENT_CAPTURED);
    assert_int_equal(pay.now.captured, 10000);
    assert_int_equal(pay.transaction_count, 1);
}

static void what_a_person_says_was_not_done_fails(void **state)
{
    struct shop *shop = *state;
    payment_id id = gate_sell(shop);
    (void)gate_turn(shop);
    gate_look_in_vain(shop);
    struct payment pay = gate_settle(shop, id, "not_done");
    assert_int_equal(pay.calls[0].state, CALL_REFUSED);
    assert_int_equal(pay.now.state, PAYMENT_FAILED);
    assert_int_equal(gate_turn(shop).count, 0);
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
    struct shop *shop = *state;
    struct testkit *kit = shop->kit;
    struct payment pay = gate_look(shop, gate_sell(shop));
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

static void what_was_done_after_all_is_recorded(void **state)
{
    struct shop *shop = *state;
    payment_id id = gate_sell(shop);
    (void)gate_turn(shop);
    gate_look_in_vain(shop);
    struct payment now = gate_settle(shop, id, "not_done");
    for (int turn = 0; turn < 2; turn++)
        gate_say_done(shop, now.calls[0], "t1");
    struct gate_answer books = gate_answer_to(now.calls[0], GATEWAY_LOOKUP);
    gate_fact(&books, PAYMENT_CAPTURE, "t1", 10000,
              shop_id(shop, "gcl", now.calls[0].id.v));
    gate_tell(shop, &books);
    now = gate_look(shop, id);
    assert_int_equal(now.now.state, PAYMENT_CAPTURED);
    assert_int_equal(now.now.captured, 10000);
    assert_int_equal(now.transaction_count, 2);
    assert_int_equal(now.transactions[1].origin, PAYMENT_OF_OUTSIDE);
    assert_int_equal(now.calls[0].state, CALL_REFUSED);
}

static void a_second_promise_stands_beside_the_first(void **state)
{
    struct shop *shop = *state;
    payment_id id = gate_promise(shop, 4000);
    struct payment now = gate_step(shop, id, "authorizePayment", 6000, "more");
    struct gate_turn turn = gate_turn(shop);
    assert_int_equal(turn.count, 1);
    assert_false(turn.is_renewal);
    gate_say_done(shop, now.calls[1], "t2");
    now = gate_look(shop, id);
    assert_int_equal(now.now.authorized, 10000);
    assert_int_equal(now.transaction_count, 2);
}

/* Two captures are wanted; the store is a backup, and its gateway took half of
 * the money in the life that was lost. */
static payment_id restore(struct shop *shop)
{
    payment_id id = gate_promise(shop, 10000);
    (void)gate_step(shop, id, "capturePayment", 3000, "a");
    testkit_sql(shop->kit, "UPDATE payment_intents SET epoch = 'before'");
    testkit_sql(shop->kit, "UPDATE payment_calls SET epoch = 'before'");
    (void)gate_step(shop, id, "capturePayment", 2000, "b");
    return id;
}

static err_t run_restore(struct ctx *ctx, void *arg)
{
    const struct outbound_cmd resume = {.is_paused = false};
    struct outbound out;
    (void)arg;
    TRY(epoch_renew(ctx));
    return outbound_set(ctx, &resume, &out);
}

/* As the worker, so much later: the gateway knows nothing that is news. */
static struct gate_turn look_in_its_books(struct shop *shop, utc_ms later)
{
    struct gate_turn turn = {.finds_nothing = true};
    shop->kit->now += later;
    gate_ask(shop, &turn);
    return turn;
}

/* What the life that is lost asked last may still be under way. */
static void what_another_life_asked_has_time_to_arrive(void **state)
{
    enum { SOON = 20000 };
    struct shop *shop = *state;
    payment_id id = gate_promise(shop, 10000);
    (void)gate_step(shop, id, "capturePayment", 3000, "a");
    assert_ok(shop->kit, testkit_run(shop->kit, run_restore, NULL));
    for (int i = 0; i < 3; i++) {
        struct gate_turn turn = look_in_its_books(shop, i ? SOON : 0);
        assert_int_equal(turn.count, 1);
        assert_int_equal(turn.op, GATEWAY_LOOKUP);
    }
    assert_int_equal(look_in_its_books(shop, SOON).op, GATEWAY_LOOKUP);
    assert_int_equal(look_in_its_books(shop, 1).op, GATEWAY_CAPTURE);
}

/* So may what it asked under a name that the backup does not have. */
static void what_a_new_life_wants_waits_for_it_too(void **state)
{
    enum { SOON = 20000 };
    struct shop *shop = *state;
    payment_id id = gate_promise(shop, 10000);
    assert_ok(shop->kit, testkit_run(shop->kit, run_restore, NULL));
    (void)gate_step(shop, id, "capturePayment", 3000, "a");
    for (int i = 0; i < 3; i++)
        assert_int_equal(look_in_its_books(shop, i ? SOON : 0).op,
                         GATEWAY_LOOKUP);
    assert_int_equal(gate_look(shop, id).calls[1].state, CALL_UNKNOWN);
    assert_int_equal(look_in_its_books(shop, SOON).op, GATEWAY_LOOKUP);
    assert_int_equal(look_in_its_books(shop, 1).op, GATEWAY_CAPTURE);
    assert_int_equal(testkit_events(shop->kit, "payment.synced"), 1);
}

/* The next call is looked up, and the gateway shows its books. */
static void show_books(struct shop *shop, payment_id id, size_t call)
{
    struct gate_turn turn = gate_turn(shop);
    struct payment now = gate_look(shop, id);
    struct gate_answer books = gate_answer_to(now.calls[call], GATEWAY_LOOKUP);
    assert_int_equal(turn.count, 1);
    assert_int_equal(turn.op, GATEWAY_LOOKUP);
    books.task.lease_until = shop->kit->now + CALL_LEASE_MS;
    testkit_sql(shop->kit, "UPDATE payment_calls SET state = 4, lease_until = "
                           "updated_at + 120000 WHERE state = 3");
    gate_fact(&books, PAYMENT_AUTHORIZE, "t1", 10000,
              shop_id(shop, "gcl", now.calls[0].id.v));
    gate_fact(&books, PAYMENT_CAPTURE, "t7", 5000, "gcl_0000000000001");
    gate_tell(shop, &books);
}

static void assert_withdrawn(struct shop *shop, payment_id id)
{
    struct payment now = gate_look(shop, id);
    assert_int_equal(now.calls[1].state, CALL_CANCELLED);
    assert_int_equal(now.calls[2].state, CALL_CANCELLED);
    assert_int_equal(now.now.captured, 5000);
    assert_int_equal(gate_turn(shop).count, 0);
}

static void what_a_restore_undid_comes_before_all_that_was_asked(void **state)
{
    struct shop *shop = *state;
    payment_id id = restore(shop);
    show_books(shop, id, 1);
    show_books(shop, id, 2);
    assert_withdrawn(shop, id);
}

static void what_was_told_before_the_look_up_counts_too(void **state)
{
    struct shop *shop = *state;
    payment_id id = restore(shop);
    gate_hook(shop, id, "gcl_0000000000001");
    show_books(shop, id, 1);
    show_books(shop, id, 2);
    assert_withdrawn(shop, id);
}

/* Told without our reference while the call was stuck: then the answer says
 * that it was this step. */
static void what_is_known_by_the_gateways_own_id_counts_once(void **state)
{
    struct shop *shop = *state;
    payment_id id = gate_promise(shop, 10000);
    struct payment now = gate_step(shop, id, "capturePayment", 5000, "a");
    (void)gate_turn(shop);
    gate_look_in_vain(shop);
    gate_hook(shop, id, "");
    gate_say_done(shop, now.calls[1], "t7");
    now = gate_look(shop, id);
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
    return gate_look(shop, id);
}

static const utc_ms H = 60 * 60 * 1000, DAY = 24 * 60 * 60 * 1000;

static payment_id promise_a_week(struct shop *shop)
{
    payment_id id = gate_pay(shop, ",\"done\":\"authorized\"");
    (void)gate_turn(shop);
    gate_say_until(shop, gate_look(shop, id).calls[0], "t1", 7 * DAY);
    return id;
}

static void assert_wants_renewal(struct shop *shop, const struct payment *now,
                                 size_t call, int64_t amount)
{
    assert_int_equal(now->call_count, call + 1);
    assert_int_equal(now->calls[call].amount, amount);
    assert_true(gate_turn(shop).is_renewal);
}

static void c16_what_was_promised_is_promised_anew_in_time(void **state)
{
    struct shop *shop = *state;
    payment_id id = promise_a_week(shop);
    assert_int_equal(let_pass(shop, id, 6 * DAY - H).call_count, 1);
    struct payment now = let_pass(shop, id, 2 * H);
    assert_wants_renewal(shop, &now, 1, 10000);
    gate_say_until(shop, now.calls[1], "t2", 7 * DAY);
    now = let_pass(shop, id, 0);
    assert_int_equal(now.now.authorized, 10000);
    assert_int_equal(now.call_count, 2);
    assert_int_equal(now.transaction_count, 3);
    assert_int_equal(now.expires_at, shop->kit->now + 7 * DAY);
    /* What is left after a part was taken; so much as is still to be paid. */
    now = gate_step(shop, id, "capturePayment", 4000, "a");
    (void)gate_turn(shop);
    gate_say_done(shop, now.calls[2], "t3");
    now = let_pass(shop, id, 6 * DAY);
    assert_wants_renewal(shop, &now, 3, 6000);
    gate_say_until(shop, now.calls[3], "t4", 7 * DAY);
    now = gate_look(shop, id);
    assert_int_equal(now.now.state, PAYMENT_PARTIALLY_CAPTURED);
    assert_int_equal(now.now.authorized, 6000);
}

static void what_is_not_promised_anew_lapses_once(void **state)
{
    struct shop *shop = *state;
    payment_id id = promise_a_week(shop);
    struct payment now = let_pass(shop, id, 6 * DAY + H);
    assert_wants_renewal(shop, &now, 1, 10000);
    struct gate_answer no = gate_answer_to(now.calls[1], GATEWAY_AUTHORIZE);
    no.is_refused = true;
    gate_tell(shop, &no);
    assert_int_equal(let_pass(shop, id, H).call_count, 2);
    now = let_pass(shop, id, DAY);
    assert_int_equal(now.now.state, PAYMENT_EXPIRED);
    assert_int_equal(now.watch_at, 0);
    assert_int_equal(testkit_events(shop->kit, "payment.expired"), 1);
    /* The gateway says so too; then there is a new promise. */
    struct gate_answer too = gate_answer_to(now.calls[1], GATEWAY_LOOKUP);
    gate_fact(&too, PAYMENT_EXPIRE, "t3", 10000, "");
    gate_tell(shop, &too);
    now = gate_step(shop, id, "authorizePayment", 10000, "again");
    (void)gate_turn(shop);
    gate_say_until(shop, now.calls[2], "t4", 7 * DAY);
    assert_int_equal(gate_look(shop, id).now.authorized, 10000);
}

static void nothing_lapses_while_it_is_being_taken(void **state)
{
    struct shop *shop = *state;
    payment_id id = promise_a_week(shop);
    struct payment now = gate_step(shop, id, "capturePayment", 10000, "a");
    assert_int_equal(let_pass(shop, id, 8 * DAY).transaction_count, 1);
    assert_int_equal(gate_look(shop, id).version, now.version);
    (void)gate_turn(shop);
    gate_say_done(shop, now.calls[1], "t2");
    now = let_pass(shop, id, DAY);
    assert_int_equal(now.now.captured, 10000);
    assert_int_equal(now.transaction_count, 2);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        SHOP(c16_what_was_promised_is_promised_anew_in_time),
        SHOP(what_is_not_promised_anew_lapses_once),
        SHOP(nothing_lapses_while_it_is_being_taken),
        SHOP(what_was_done_after_all_is_recorded),
        SHOP(a_second_promise_stands_beside_the_first),
        SHOP(what_a_restore_undid_comes_before_all_that_was_asked),
        SHOP(what_was_told_before_the_look_up_counts_too),
        SHOP(what_another_life_asked_has_time_to_arrive),
        SHOP(what_a_new_life_wants_waits_for_it_too),
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
