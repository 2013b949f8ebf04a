/* returns_testkit.c - a shop whose goods come back. */
#include "oms/returns/returns_testkit.h"

#include "base/json.h"
#include "oms/fulfillment/fulfillment_testkit.h"
#include "oms/order/order_pay.h"
#include "oms/payment/payment.h"

int rma_setup(void **state)
{
    struct shop *shop = shop_open(STOCK_POLICY_BACKORDER);
    shop_add_location(shop, "A");
    shop_add_location(shop, "B");
    shop_rank(shop, "A B");
    shop_add_sku(shop, "SHOE", true);
    shop_add_sku(shop, "GIFT", false);
    shop_set_stock(shop, "SHOE", "A", 10);
    *state = shop;
    return 0;
}

int rma_teardown(void **state)
{
    shop_close(*state);
    return 0;
}

void rma_sound(struct shop *shop)
{
    str first;
    shop_drain(shop);
    shop_verify(shop);
    if (testkit_verify(shop->kit, &returns_room, &first) != 0)
        fail_msg("%.*s", STR_ARG(first));
}

/* Placed and shipped, all of it. */
order_id rma_shipped(struct shop *shop, const char *key, const char *lines,
                     const char *units)
{
    struct testkit_reply reply;
    struct fulfillment *fos;
    assert_string_equal(shop_place(shop, shop_body(shop, key, lines), &reply),
                        "");
    order_id id = shop_order_id(shop, &reply);
    shop_drain(shop);
    assert_int_equal(shop_fulfillments(shop, id, &fos), 1);
    assert_string_equal(shop_note(shop, fos[0].id, NOTE_PICKED, units), "");
    assert_string_equal(shop_note(shop, fos[0].id, NOTE_PACKED, units), "");
    assert_string_equal(shop_note(shop, fos[0].id, NOTE_SHIPPED, units), "");
    return id;
}

err_t rma_call(struct shop *shop, const char *operation, const char *id,
               const char *body, struct rma *ret)
{
    struct testkit_reply reply;
    struct testkit_call call = {
        .operation = operation, .path = {id}, .body = body};
    shop_call(shop, &returns_room, &call, &reply);
    if (reply.err == OK && ret)
        assert_ok(&reply.ctx, json_get_id(reply.json, "id", "ret", &ret->id.v));
    return reply.err;
}

static err_t look(struct ctx *ctx, void *arg)
{
    struct rma *rma = arg;
    return return_get(ctx, rma->id, rma);
}

struct rma rma_now(struct shop *shop, return_id id)
{
    struct rma rma = {.id = id};
    assert_ok(shop->kit, testkit_read(shop->kit, look, &rma));
    return rma;
}

return_id rma_ask(struct shop *shop, order_id order, const char *items)
{
    struct rma rma;
    assert_ok(shop->kit,
              rma_call(shop, "createReturn", shop_id(shop, "ord", order.v),
                       shop_text(shop, "{\"items\":[%s]}", items), &rma));
    return rma.id;
}

err_t rma_step(struct shop *shop, const char *operation, return_id id,
               const char *more)
{
    return rma_call(shop, operation, shop_id(shop, "ret", id.v),
                    shop_text(shop, "{\"version\":%lld%s}",
                              (long long)rma_now(shop, id).version, more),
                    NULL);
}

void rma_policy(struct shop *shop, int version, const char *members)
{
    assert_ok(shop->kit,
              rma_call(shop, "setReturnPolicy",
                       shop_id(shop, "chn", shop->web.id.v),
                       shop_text(shop, "{\"version\":%d%s}", version, members),
                       NULL));
}

void rma_paid(struct shop *shop, order_id order, int amount)
{
    struct testkit_reply reply;
    struct testkit_call pay = {
        .operation = "createPayment",
        .path = {shop_id(shop, "ord", order.v)},
        .body = shop_text(shop,
                          "{\"tender\":\"cash\",\"done\":\"captured\","
                          "\"amount\":{\"amount\":%d,\"currency\":\"EUR\"}}",
                          amount)};
    shop_call(shop, &payment_room, &pay, &reply);
    assert_ok(shop->kit, reply.err);
}

void rma_expect_money(struct shop *shop, order_id id, int64_t total,
                      int64_t refunded)
{
    str first;
    struct order order = shop_order(shop, id);
    assert_int_equal(order_total_now(&order), total);
    assert_int_equal(order.pay.refunded, refunded);
    rma_sound(shop);
    assert_int_equal(testkit_verify(shop->kit, &payment_room, &first), 0);
}
