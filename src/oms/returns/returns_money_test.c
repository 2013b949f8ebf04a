/* returns_money_test.c - what goes back of the money of a return, and what is
 * kept. */
#include "oms/returns/returns_testkit.h"

static void money_goes_back_less_what_is_kept(void **state)
{
    struct shop *shop = *state;
    order_id order = rma_shipped(shop, "1", "SHOE:4:1005", "1:4");
    rma_paid(shop, order, 4020);
    rma_policy(shop, 0,
               ",\"refund\":\"on_receipt\",\"restocking_ppm\":100000,"
               "\"shipping_fee\":{\"amount\":300,\"currency\":\"EUR\"}");
    return_id id = rma_ask(shop, order, LINE(1));
    assert_ok(shop->kit, rma_step(shop, "receiveReturn", id, ""));
    /* A tenth of 1005, rounded down; no label of ours, no fee for one. */
    struct rma rma = rma_now(shop, id);
    assert_int_equal(rma.restocking_kept, 100);
    assert_int_equal(rma.shipping_kept, 0);
    rma_expect_money(shop, order, 3115, 905);
    id = rma_ask(shop, order,
                 "{\"line\":1,\"quantity\":1,\"reason\":\"wrong_item\"}");
    assert_ok(shop->kit, rma_step(shop, "receiveReturn", id, ""));
    assert_int_equal(rma_now(shop, id).restocking_kept, 0);
    rma_expect_money(shop, order, 2110, 1910);
    rma_policy(shop, 1, ",\"refund\":\"manual\"");
    id = rma_ask(shop, order, LINE(1));
    assert_ok(shop->kit, rma_step(shop, "receiveReturn", id, ""));
    rma_expect_money(shop, order, 2110, 1910);
    assert_ok(
        shop->kit,
        rma_step(shop, "inspectReturn", id,
                 ",\"items\":[{\"unit\":1,\"acceptance\":\"accepted\"}]"));
    rma_expect_money(shop, order, 1105, 1910);
    /* By inspection, with what was owed before. */
    rma_policy(shop, 2, ",\"refund\":\"on_inspection\"");
    id = rma_ask(shop, order, LINE(1));
    assert_ok(shop->kit, rma_step(shop, "receiveReturn", id, ""));
    assert_int_equal(shop_order(shop, order).pay.refunded, 1910);
    assert_ok(
        shop->kit,
        rma_step(shop, "inspectReturn", id,
                 ",\"items\":[{\"unit\":1,\"acceptance\":\"accepted\"}]"));
    rma_expect_money(shop, order, 100, 3920);
    assert_int_equal(testkit_events(shop->kit, "refund.succeeded"), 3);
}

static void what_is_worth_little_need_not_come(void **state)
{
    struct shop *shop = *state;
    order_id order = rma_shipped(shop, "1", "SHOE:3:1000", "1:3");
    rma_paid(shop, order, 3000);
    rma_policy(shop, 0,
               ",\"refund\":\"on_inspection\",\"keep_up_to\":{\"amount\":1000,"
               "\"currency\":\"EUR\"}");
    return_id id = rma_ask(shop, order, LINE(1));
    struct rma rma = rma_now(shop, id);
    assert_int_equal(rma.state, RETURN_CLOSED);
    assert_int_equal(rma.units[0].reception, RECEPTION_GIVEN_TO_CUSTOMER);
    assert_int_equal(shop_order(shop, order).lines[0].written_off, 1);
    assert_int_equal(shop_level(shop, "SHOE", "A").on_hand, 7);
    rma_expect_money(shop, order, 2000, 1000);
    id = rma_ask(shop, order, LINE(1)); /* One by one is no way around it. */
    assert_int_equal(rma_now(shop, id).state, RETURN_OPEN);
    assert_ok(shop->kit, rma_step(shop, "cancelReturn", id, ""));
    id = rma_ask(shop, order, LINE(2));
    assert_int_equal(rma_now(shop, id).state, RETURN_OPEN);
    rma_policy(shop, 1,
               ",\"keep_up_to\":{\"amount\":5000,\"currency\":\"USD\"}");
    assert_ok(shop->kit, rma_step(shop, "cancelReturn", id, ""));
    id = rma_ask(shop, order, LINE(1));
    assert_int_equal(rma_now(shop, id).state, RETURN_OPEN);
    rma_expect_money(shop, order, 2000, 1000);
}

/* However units come back, the whole order gives back all but what is kept
 * (I16, I17). */
static void all_of_an_order_gives_all_its_money_back(void **state)
{
    struct shop *shop = *state;
    for (int turn = 0; turn < 3; turn++) {
        const char *key = shop_text(shop, "t%d", turn);
        order_id order = rma_shipped(shop, key, "SHOE:3:333", "1:3");
        rma_paid(shop, order, 999);
        if (turn == 0)
            rma_policy(shop, 0, ",\"refund\":\"on_receipt\"");
        for (int left = 3; left > 0;) {
            int part = turn == 0 ? 1 : turn == 1 && left == 3 ? 2 : left;
            return_id id = rma_ask(shop, order,
                                   shop_text(shop,
                                             "{\"line\":1,\"quantity\":%d,"
                                             "\"reason\":\"unwanted\"}",
                                             part));
            assert_ok(shop->kit, rma_step(shop, "receiveReturn", id, ""));
            left -= part;
        }
        rma_expect_money(shop, order, 0, 999);
    }
}

/* The goods are in all the same, and a person is told. */
static void what_cannot_be_given_back_holds_up_nothing(void **state)
{
    struct shop *shop = *state;
    rma_policy(shop, 0, ",\"refund\":\"on_receipt\"");
    for (int turn = 0; turn < 2; turn++) {
        order_id order =
            rma_shipped(shop, turn ? "2" : "1", "SHOE:1:1005", "1:1");
        rma_paid(shop, order, 1005);
        if (turn)
            shop_fill_refunds(shop, order);
        else
            shop_fill_payments(shop, order);
        return_id id = rma_ask(shop, order, LINE(1));
        assert_ok(shop->kit, rma_step(shop, "receiveReturn", id, ""));
        assert_int_equal(rma_now(shop, id).units[0].reception,
                         RECEPTION_RECEIVED);
        assert_int_equal(shop_order(shop, order).pay.refunded, 0);
        assert_int_equal(testkit_events(shop->kit, "return.refund_refused"),
                         turn + 1);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        SHOP(money_goes_back_less_what_is_kept),
        SHOP(what_is_worth_little_need_not_come),
        SHOP(all_of_an_order_gives_all_its_money_back),
        SHOP(what_cannot_be_given_back_holds_up_nothing),
    };
    int bad = 0;
    do
        bad += RUN_TESTS(tests, argc, argv);
    while (testkit_next_engine());
    return bad;
}
