/* change_exchange_test.c - goods that come back for other goods: what leaves
 * when, and the difference to the cent. */
#include "base/json.h"
#include "oms/change/change_exchange.h"
#include "oms/fulfillment/fulfillment_testkit.h"
#include "oms/order/order_fulfil.h"
#include "oms/payment/payment.h"
#include "oms/returns/returns_testkit.h"
#include "oms/room.h"
#include "store/event.h"

struct shown {
    err_t err;
    const char *slug;
    str state;
    exchange_id id;
    struct testkit_reply reply;
};

static struct shown call(struct shop *shop, const char *operation,
                         const char *id, const char *body)
{
    struct shown ret = {.err = OK};
    struct testkit_call c = {
        .operation = operation, .path = {id}, .body = body};
    shop_call(shop, &exchange_room, &c, &ret.reply);
    ret.err = ret.reply.err;
    ret.slug = ret.err == OK         ? ""
               : shop->kit->err.slug ? shop->kit->err.slug
                                     : err_slug(ret.err);
    return ret;
}

/* So many SHOEs at `price` for what comes back. */
static const char *body_of(struct shop *shop, order_id order, return_id rma,
                           int qty, int price)
{
    return shop_text(
        shop,
        "{\"version\":%lld,\"return\":\"%s\",\"reason\":\"test\",\"lines\":[{"
        "\"sku\":\"SHOE\",\"quantity\":%d,\"unit_price\":{\"amount\":%d,"
        "\"currency\":\"EUR\"}}]}",
        (long long)shop_order(shop, order).version, shop_id(shop, "ret", rma.v),
        qty, price);
}

static exchange_id draft(struct shop *shop, order_id order, return_id rma,
                         int qty, int price)
{
    exchange_id id;
    struct shown seen =
        call(shop, "draftExchange", shop_id(shop, "ord", order.v),
             body_of(shop, order, rma, qty, price));
    assert_string_equal(seen.slug, "");
    assert_ok(&seen.reply.ctx,
              json_get_id(seen.reply.json, "id", "exc", &id.v));
    return id;
}

struct looking {
    exchange_id id;
    struct exchange at;
};

static err_t look(struct ctx *ctx, void *arg)
{
    struct looking *l = arg;
    return exchange_get(ctx, l->id, &l->at);
}

static struct exchange now(struct shop *shop, exchange_id id)
{
    struct looking l = {.id = id};
    assert_ok(shop->kit, testkit_read(shop->kit, look, &l));
    return l.at;
}

static const char *step(struct shop *shop, const char *operation,
                        exchange_id id)
{
    return call(shop, operation, shop_id(shop, "exc", id.v),
                shop_text(shop, "{\"version\":%lld}",
                          (long long)now(shop, id).edit.version))
        .slug;
}

static str text_of(struct shown *seen, const char *key)
{
    str text;
    assert_ok(&seen->reply.ctx,
              json_get_str(seen->reply.json, key, 1, 100, &text));
    return text;
}

static int64_t amount_of(struct shown *seen, const char *key)
{
    money m;
    assert_ok(&seen->reply.ctx,
              json_get_money(seen->reply.json, key, "EUR", &m));
    return m.minor;
}

/* The order has so many units, paid, and so many of them are asked back. */
struct asked {
    order_id order;
    return_id rma;
};
static struct asked asked(struct shop *shop, const char *key, int qty,
                          const char *policy)
{
    struct asked ret;
    ret.order = rma_shipped(shop, key, shop_text(shop, "SHOE:%d:1000", qty),
                            shop_text(shop, "1:%d", qty));
    rma_paid(shop, ret.order, qty * 1000);
    rma_policy(shop, 0, policy);
    ret.rma = rma_ask(shop, ret.order, LINE(1));
    return ret;
}

static void expect(struct shop *shop, exchange_id id, enum exchange_state state)
{
    shop_drain(shop);
    assert_int_equal(now(shop, id).state, state);
    rma_sound(shop);
}

static size_t open_fos(struct shop *shop, order_id id)
{
    struct fulfillment *fos;
    size_t n = 0, count = shop_fulfillments(shop, id, &fos);
    for (size_t i = 0; i < count; i++)
        n += fos[i].status == FULFILLMENT_OPEN;
    return n;
}

static void take_back(struct shop *shop, return_id id)
{
    assert_ok(shop->kit,
              rma_step(shop, "inspectReturn", id,
                       ",\"items\":[{\"unit\":1,\"acceptance\":\"accepted\","
                       "\"disposition\":\"restock\"}]"));
}

static void send(struct shop *shop, order_id id)
{
    struct fulfillment *fos;
    size_t count = shop_fulfillments(shop, id, &fos);
    const struct fulfillment *fo = &fos[count - 1];
    assert_int_equal(fo->status, FULFILLMENT_OPEN);
    assert_string_equal(shop_note(shop, fo->id, NOTE_PICKED, "2:1"), "");
    assert_string_equal(shop_note(shop, fo->id, NOTE_PACKED, "2:1"), "");
    assert_string_equal(shop_note(shop, fo->id, NOTE_SHIPPED, "2:1"), "");
}

/* The same price: it waits for the goods, and nothing is paid twice. */
static void goods_leave_once_the_others_came(void **state)
{
    struct shop *shop = *state;
    struct asked a = asked(shop, "1", 2, "");
    struct shown seen =
        call(shop, "previewNewExchange", shop_id(shop, "ord", a.order.v),
             body_of(shop, a.order, a.rma, 1, 1000));
    assert_string_equal(seen.slug, "");
    assert_true(
        str_equal_cstr(text_of(&seen, "state_after"), "awaiting_return"));
    assert_int_equal(amount_of(&seen, "return_worth"), 1000);
    assert_int_equal(amount_of(&seen, "balance_after"), 1000);
    assert_int_equal(amount_of(&seen, "due"), 0);
    exchange_id id = draft(shop, a.order, a.rma, 1, 1000);
    assert_string_equal(step(shop, "confirmExchange", id), "");
    struct order order = shop_order(shop, a.order);
    assert_int_equal(order.status, ORDER_CONFIRMED);
    assert_int_equal(order.lines[1].allocated, 1);
    assert_int_equal(order_balance(&order), 1000);
    expect(shop, id, EXCHANGE_AWAITING_RETURN);
    assert_int_equal(open_fos(shop, a.order), 0);
    assert_int_equal(shop_level(shop, "SHOE", "A").committed, 1);
    assert_ok(shop->kit, rma_step(shop, "receiveReturn", a.rma, ""));
    expect(shop, id, EXCHANGE_RELEASED);
    assert_int_equal(open_fos(shop, a.order), 1);
    assert_string_equal(step(shop, "cancelExchange", id), "exchange_state");
    take_back(shop, a.rma);
    send(shop, a.order);
    expect(shop, id, EXCHANGE_CLOSED);
    rma_expect_money(shop, a.order, 2000, 0);
    assert_int_equal(testkit_events(shop->kit, "order.gate_lifted"), 1);
    assert_int_equal(testkit_events(shop->kit, "exchange.settled"), 1);
}

/* Dearer goods: nothing leaves before the difference is paid. */
static void the_difference_is_paid_first(void **state)
{
    struct shop *shop = *state;
    struct asked a = asked(shop, "1", 2, ",\"exchange\":\"at_once\"");
    exchange_id id = draft(shop, a.order, a.rma, 1, 1250);
    struct shown seen =
        call(shop, "previewExchange", shop_id(shop, "exc", id.v), "{}");
    assert_int_equal(amount_of(&seen, "due"), 250);
    assert_true(
        str_equal_cstr(text_of(&seen, "state_after"), "awaiting_payment"));
    assert_string_equal(step(shop, "confirmExchange", id), "");
    expect(shop, id, EXCHANGE_AWAITING_PAYMENT);
    assert_int_equal(open_fos(shop, a.order), 0);
    rma_paid(shop, a.order, 249);
    expect(shop, id, EXCHANGE_AWAITING_PAYMENT);
    rma_paid(shop, a.order, 1);
    expect(shop, id, EXCHANGE_RELEASED);
    assert_int_equal(open_fos(shop, a.order), 1);
    send(shop, a.order);
    expect(shop, id, EXCHANGE_RELEASED);
    struct order order = shop_order(shop, a.order);
    assert_int_equal(order_balance(&order), 1000);
    assert_ok(shop->kit, rma_step(shop, "receiveReturn", a.rma, ""));
    take_back(shop, a.rma);
    expect(shop, id, EXCHANGE_CLOSED);
    rma_expect_money(shop, a.order, 2250, 0);
    order = shop_order(shop, a.order);
    assert_int_equal(order_balance(&order), 0);
}

/* Cheaper goods: what is left is given back once the return is accepted, less
 * what the channel keeps. */
static void what_is_left_goes_back(void **state)
{
    struct shop *shop = *state;
    struct asked a = asked(shop, "1", 2,
                           ",\"exchange\":\"on_inspection\","
                           "\"restocking_ppm\":100000");
    exchange_id id = draft(shop, a.order, a.rma, 1, 700);
    assert_string_equal(step(shop, "confirmExchange", id), "");
    expect(shop, id, EXCHANGE_AWAITING_RETURN);
    assert_ok(shop->kit, rma_step(shop, "receiveReturn", a.rma, ""));
    expect(shop, id, EXCHANGE_AWAITING_RETURN);
    take_back(shop, a.rma);
    expect(shop, id, EXCHANGE_RELEASED);
    /* 2000 - 1000 + 100 kept + 700; 2000 was paid. */
    rma_expect_money(shop, a.order, 1800, 200);
    send(shop, a.order);
    expect(shop, id, EXCHANGE_CLOSED);
    assert_int_equal(testkit_events(shop->kit, "refund.succeeded"), 1);
}

/* What is owed cannot be given back by itself: the exchange goes on, and a
 * person is told. */
static void what_has_no_room_is_told(void **state)
{
    struct shop *shop = *state;
    struct asked a = asked(shop, "1", 2, ",\"exchange\":\"on_inspection\"");
    exchange_id id = draft(shop, a.order, a.rma, 1, 700);
    assert_string_equal(step(shop, "confirmExchange", id), "");
    assert_ok(shop->kit, rma_step(shop, "receiveReturn", a.rma, ""));
    shop_fill_payments(shop, a.order);
    take_back(shop, a.rma);
    expect(shop, id, EXCHANGE_RELEASED);
    assert_int_equal(testkit_events(shop->kit, "exchange.settled"), 1);
    assert_int_equal(testkit_events(shop->kit, "exchange.refund_refused"), 1);
    rma_expect_money(shop, a.order, 1700, 0);
}

/* It went out at once, and the other never came. */
static void what_does_not_come_is_due(void **state)
{
    struct shop *shop = *state;
    struct asked a = asked(shop, "1", 1, ",\"exchange\":\"at_once\"");
    exchange_id id = draft(shop, a.order, a.rma, 1, 1000);
    assert_string_equal(step(shop, "confirmExchange", id), "");
    expect(shop, id, EXCHANGE_RELEASED);
    send(shop, a.order);
    assert_ok(shop->kit, rma_step(shop, "receiveReturn", a.rma,
                                  ",\"items\":[{\"n\":1,\"quantity\":1,"
                                  "\"as\":\"short\"}]"));
    expect(shop, id, EXCHANGE_RELEASED);
    assert_true(now(shop, id).is_unsettled);
    assert_int_equal(testkit_events(shop->kit, "exchange.unsettled"), 1);
    struct order order = shop_order(shop, a.order);
    assert_int_equal(order_balance(&order), 1000);
    rma_paid(shop, a.order, 1000);
    expect(shop, id, EXCHANGE_CLOSED);
    assert_false(now(shop, id).is_unsettled);
    order = shop_order(shop, a.order);
    assert_int_equal(order_balance(&order), 0);
}

/* One that waited for goods that do not come waits for money. */
static void a_return_that_fails_holds_it_back(void **state)
{
    struct shop *shop = *state;
    struct asked a = asked(shop, "1", 1, "");
    exchange_id id = draft(shop, a.order, a.rma, 1, 1000);
    assert_string_equal(step(shop, "confirmExchange", id), "");
    expect(shop, id, EXCHANGE_AWAITING_RETURN);
    assert_ok(shop->kit, rma_step(shop, "cancelReturn", a.rma, ""));
    expect(shop, id, EXCHANGE_AWAITING_PAYMENT);
    assert_int_equal(open_fos(shop, a.order), 0);
    assert_string_equal(step(shop, "cancelExchange", id), "");
    expect(shop, id, EXCHANGE_CANCELLED);
    struct order order = shop_order(shop, a.order);
    assert_int_equal(order.status, ORDER_COMPLETED);
    assert_int_equal(order_balance(&order), 0);
    assert_int_equal(shop_level(shop, "SHOE", "A").committed, 0);
}

/* All of the order came back; what was to go out for it does not. */
static void the_last_of_an_order_is_given_up(void **state)
{
    struct shop *shop = *state;
    struct asked a = asked(shop, "1", 1, ",\"exchange\":\"on_inspection\"");
    exchange_id id = draft(shop, a.order, a.rma, 1, 1500);
    assert_string_equal(step(shop, "confirmExchange", id), "");
    assert_ok(shop->kit, rma_step(shop, "receiveReturn", a.rma, ""));
    take_back(shop, a.rma);
    expect(shop, id, EXCHANGE_AWAITING_PAYMENT);
    assert_string_equal(step(shop, "cancelExchange", id), "");
    expect(shop, id, EXCHANGE_CANCELLED);
    assert_int_equal(shop_order(shop, a.order).status, ORDER_COMPLETED);
    rma_expect_money(shop, a.order, 0, 0);
}

static void what_cannot_be_is_refused(void **state)
{
    struct shop *shop = *state;
    struct asked a = asked(shop, "1", 2, "");
    order_id other = rma_shipped(shop, "2", "SHOE:1:1000", "1:1");
    const char *path = shop_id(shop, "ord", a.order.v);
    assert_string_equal(call(shop, "draftExchange",
                             shop_id(shop, "ord", other.v),
                             body_of(shop, other, a.rma, 1, 1000))
                            .slug,
                        "return_unknown");
    exchange_id id = draft(shop, a.order, a.rma, 1, 1000);
    assert_string_equal(
        call(shop, "draftExchange", path, body_of(shop, a.order, a.rma, 1, 1))
            .slug,
        "return_exchanged");
    rma_paid(shop, a.order, 1);
    assert_string_equal(step(shop, "confirmExchange", id), "stale");
    assert_int_equal(shop_level(shop, "SHOE", "A").committed, 0);
    assert_string_equal(step(shop, "cancelExchange", id), "");
    assert_string_equal(step(shop, "confirmExchange", id), "exchange_state");
    assert_ok(shop->kit, rma_step(shop, "cancelReturn", a.rma, ""));
    assert_string_equal(
        call(shop, "draftExchange", path, body_of(shop, a.order, a.rma, 1, 1))
            .slug,
        "return_over");
    rma_sound(shop);
}

/* Each counts on its own return alone. */
static void two_of_an_order_wait_each_for_its_own(void **state)
{
    struct shop *shop = *state;
    struct asked a = asked(shop, "1", 3, "");
    return_id second = rma_ask(shop, a.order, LINE(1));
    exchange_id one = draft(shop, a.order, a.rma, 1, 1000);
    assert_string_equal(step(shop, "confirmExchange", one), "");
    exchange_id two = draft(shop, a.order, second, 1, 1000);
    assert_string_equal(step(shop, "confirmExchange", two), "");
    expect(shop, one, EXCHANGE_AWAITING_RETURN);
    expect(shop, two, EXCHANGE_AWAITING_RETURN);
    assert_ok(shop->kit, rma_step(shop, "receiveReturn", second, ""));
    expect(shop, one, EXCHANGE_AWAITING_RETURN);
    expect(shop, two, EXCHANGE_RELEASED);
    assert_int_equal(open_fos(shop, a.order), 1);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        SHOP(goods_leave_once_the_others_came),
        SHOP(the_difference_is_paid_first),
        SHOP(what_is_left_goes_back),
        SHOP(what_has_no_room_is_told),
        SHOP(what_does_not_come_is_due),
        SHOP(a_return_that_fails_holds_it_back),
        SHOP(the_last_of_an_order_is_given_up),
        SHOP(what_cannot_be_is_refused),
        SHOP(two_of_an_order_wait_each_for_its_own),
    };
    int bad = 0;
    do
        bad += RUN_TESTS(tests, argc, argv);
    while (testkit_next_engine());
    return bad;
}
