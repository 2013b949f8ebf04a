/* payment_testkit.c - a payment whose gateway says what a test wants. */
#include "oms/payment/payment_testkit.h"

#include "base/json.h"
#include "base/str.h"
#include "base/testing.h"
#include "oms/payment/payment_hook.h"
#include "oms/shop_testkit.h"

int gate_setup(void **state)
{
    struct shop *shop = shop_open(STOCK_POLICY_BACKORDER);
    shop_add_location(shop, "A");
    shop_add_sku(shop, "SHOE", true);
    shop_set_stock(shop, "SHOE", "A", 5);
    *state = shop;
    return 0;
}

int gate_teardown(void **state)
{
    shop_close(*state);
    return 0;
}

static void must(struct shop *shop, const struct room *room,
                 const struct testkit_call *call, struct testkit_reply *ret)
{
    shop_call(shop, room, call, ret);
    assert_ok(shop->kit, ret->err);
}

/* 100.00 EUR on an account, whose gateway is to be asked for `done`. */
payment_id gate_pay(struct shop *shop, const char *done)
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

payment_id gate_sell(struct shop *shop)
{
    return gate_pay(shop, ",\"done\":\"captured\"");
}

/* As the worker: what is due is asked, and nothing can be told. */
static err_t run_turn(struct ctx *ctx, void *arg)
{
    struct gate_turn *turn = arg;
    struct payment_task *tasks;
    struct call_taker taker = {.owner = 1, .limit = 10};
    struct gateway_outcome lost = {.result = GATEWAY_UNKNOWN,
                                   .text = STR("no answer came"),
                                   .field = STR("")};
    TRY(payment_call_take(ctx, &taker, &tasks, &turn->count));
    for (size_t i = 0; i < turn->count; i++) {
        turn->op = tasks[i].request.op;
        turn->is_renewal = tasks[i].request.is_renewal;
        lost.result = turn->finds_nothing && turn->op == GATEWAY_LOOKUP
                          ? GATEWAY_DONE
                          : GATEWAY_UNKNOWN;
        TRY(payment_call_record(ctx, &tasks[i], &lost));
    }
    return OK;
}

void gate_ask(struct shop *shop, struct gate_turn *turn)
{
    assert_ok(shop->kit, testkit_run(shop->kit, run_turn, turn));
}

struct gate_turn gate_turn(struct shop *shop)
{
    enum { QUARTER_MS = 15 * 60 * 1000 };
    struct gate_turn turn = {.count = 0};
    shop->kit->now += QUARTER_MS;
    gate_ask(shop, &turn);
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

struct payment gate_look(struct shop *shop, payment_id id)
{
    struct look look = {.id = id};
    assert_ok(shop->kit, testkit_read(shop->kit, run_look, &look));
    return look.pay;
}

void gate_look_in_vain(struct shop *shop)
{
    for (int i = 0; i < CALL_LOOKUPS_MAX; i++) {
        struct gate_turn turn = gate_turn(shop);
        assert_int_equal(turn.count, 1);
        assert_int_equal(turn.op, GATEWAY_LOOKUP);
    }
    assert_int_equal(gate_turn(shop).count, 0);
    assert_int_equal(gate_turn(shop).count, 0);
}

struct payment gate_settle(struct shop *shop, payment_id id, const char *truth)
{
    struct testkit_reply reply;
    struct payment pay = gate_look(shop, id);
    struct testkit_call call = {
        .operation = "settlePayment",
        .path = {shop_id(shop, "pay", id.v)},
        .body = shop_text(
            shop, "{\"version\":%lld,\"call\":\"%s\",\"truth\":\"%s\"}",
            (long long)pay.version,
            shop_id(shop, "gcl", pay.calls[pay.call_count - 1].id.v), truth)};
    must(shop, &gateway_room, &call, &reply);
    return gate_look(shop, id);
}

static err_t run_answer(struct ctx *ctx, void *arg)
{
    const struct gate_answer *answer = arg;
    struct gateway_outcome outcome = {
        .result = answer->is_refused ? GATEWAY_REFUSED : GATEWAY_DONE,
        .facts = answer->facts,
        .fact_count = answer->count,
        .field = STR(""),
        .text = STR("")};
    return payment_call_record(ctx, &answer->task, &outcome);
}

void gate_tell(struct shop *shop, struct gate_answer *answer)
{
    str first;
    assert_ok(shop->kit, testkit_run(shop->kit, run_answer, answer));
    assert_int_equal(testkit_verify(shop->kit, &payment_room, &first), 0);
    assert_int_equal(testkit_verify(shop->kit, &gateway_room, &first), 0);
}

void gate_fact(struct gate_answer *answer, enum payment_type type,
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
struct gate_answer gate_answer_to(struct payment_call call, enum gateway_op op)
{
    return (struct gate_answer){
        .task = {.id = call.id,
                 .account_id = call.account,
                 .gateway = gateway_find(STR("relay")),
                 .request.op = op}
    };
}

/* The gateway did what it was asked; a promise stands so long (0: it says
 * nothing). */
void gate_say_until(struct shop *shop, struct payment_call call, const char *id,
                    utc_ms for_ms)
{
    struct gate_answer answer =
        gate_answer_to(call, (enum gateway_op)call.type);
    gate_fact(&answer, call.type, id, call.amount,
              shop_id(shop, "gcl", call.id.v));
    answer.facts[0].expires_at = for_ms ? shop->kit->now + for_ms : 0;
    gate_tell(shop, &answer);
}

void gate_say_done(struct shop *shop, struct payment_call call, const char *id)
{
    gate_say_until(shop, call, id, 0);
}

struct payment gate_step(struct shop *shop, payment_id id,
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
                          (long long)gate_look(shop, id).version,
                          (long long)amount, reference)};
    must(shop, &payment_room, &call, &reply);
    return gate_look(shop, id);
}

payment_id gate_promise(struct shop *shop, int64_t amount)
{
    payment_id id = gate_pay(shop, "");
    struct payment now =
        gate_step(shop, id, "authorizePayment", amount, "first");
    (void)gate_turn(shop);
    gate_say_done(shop, now.calls[0], "t1");
    assert_int_equal(gate_look(shop, id).now.authorized, amount);
    return id;
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
void gate_hook(struct shop *shop, payment_id id, const char *reference)
{
    struct hook hook = {
        .account = gate_look(shop, id).account,
        .body = str_from_cstr(shop_text(
            shop,
            "{\"event\":{\"status\":\"done\",\"type\":\"capture\",\"id\":"
            "\"t7\",\"payment\":\"%s\",\"reference\":\"%s\",\"amount\":"
            "{\"amount\":5000,\"currency\":\"EUR\"}}}",
            shop_id(shop, "pay", id.v), reference))};
    assert_ok(shop->kit, testkit_run(shop->kit, run_hook, &hook));
    assert_int_equal(gate_look(shop, id).now.captured, 5000);
}
