/* change_edit_test.c - orders changed after they were placed: money, units,
 * and what was placed stays. */
#include "base/json.h"
#include "base/testing.h"
#include "base/time.h"
#include "oms/change/change_edit_testkit.h"
#include "oms/fulfillment/fulfillment_testkit.h"
#include "oms/order/order_pay.h"
#include "oms/order/order_then.h"
#include "oms/order/order_worth.h"
#include "oms/payment/payment.h"
#include "oms/room.h"
#include "oms/shop_testkit.h"

static int setup(void **state)
{
    struct shop *shop = shop_open(STOCK_POLICY_BACKORDER);
    shop_add_location(shop, "A");
    shop_add_location(shop, "B");
    shop_add_sku(shop, "SHOE", true);
    shop_add_sku(shop, "SOCK", true);
    shop_add_sku(shop, "GIFT", false);
    shop_rank(shop, "A B");
    shop_set_stock(shop, "SHOE", "A", 10);
    shop_set_stock(shop, "SOCK", "B", 10);
    *state = shop;
    return 0;
}

static int teardown(void **state)
{
    shop_close(*state);
    return 0;
}

#define SHOP(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

static order_id place(struct shop *shop, const char *lines)
{
    struct testkit_reply reply;
    shop_place(shop, shop_body(shop, "1", lines), &reply);
    return shop_order_id(shop, &reply);
}

static struct json_in *preview(struct shop *shop, order_id order,
                               const char *actions)
{
    static struct testkit_reply reply;
    struct testkit_call c = {
        .operation = "previewNewOrderChange",
        .path = {shop_id(shop, "ord", order.v)},
        .body = shop_text(
            shop, "{\"version\":1,\"reason\":\"test\",\"actions\":[%s]}",
            edit_test_json(shop, actions))};
    assert_string_equal(edit_test_call(shop, c, &reply), "");
    return reply.json;
}

static int64_t amount(struct shop *shop, struct json_in *in, const char *key)
{
    money m;
    struct ctx ctx = {.arena = shop->kit->arena};
    json_in_rebind(in, &ctx);
    assert_ok(&ctx, json_get_money(in, key, "EUR", &m));
    return m.minor;
}

static void sound(struct shop *shop)
{
    shop_drain(shop);
    shop_verify(shop);
}

/* ---- money and units ---- */

static void units_are_added_to_a_line_and_found_at_once(void **state)
{
    struct shop *shop = *state;
    order_id id = place(shop, "SHOE:2:5000");
    sound(shop);
    const char *more = "{'type':'set_quantity','line':1,'quantity':5}";
    struct json_in *seen = preview(shop, id, more);
    assert_int_equal(amount(shop, seen, "difference"), 15000);
    assert_int_equal(amount(shop, seen, "balance_after"), 25000);
    assert_int_equal(shop_level(shop, "SHOE", "A").committed, 2);
    assert_string_equal(edit_test_change(shop, id, more), "");
    struct order order = shop_order(shop, id);
    assert_int_equal(order.lines[0].ordered, 5);
    assert_int_equal(order.lines[0].added, 3);
    assert_int_equal(order.lines[0].allocated, 5);
    assert_int_equal(order.lines[0].total, 10000);
    assert_int_equal(order.totals.total, 10000);
    assert_int_equal(order_total_now(&order), 25000);
    assert_int_equal(shop_level(shop, "SHOE", "A").committed, 5);
    sound(shop);
    struct fulfillment *at;
    assert_int_equal(shop_fulfillments(shop, id, &at), 1);
    assert_int_equal(at[0].lines[0].qty, 5);
    assert_int_equal(testkit_events(shop->kit, "order.changed"), 1);
}

static void units_that_are_nowhere_wait(void **state)
{
    struct shop *shop = *state;
    order_id id = place(shop, "SHOE:2:5000");
    assert_string_equal(
        edit_test_change(shop, id,
                         "{'type':'set_quantity','line':1,'quantity':14}"),
        "");
    struct order order = shop_order(shop, id);
    assert_int_equal(order.lines[0].allocated, 10);
    assert_int_equal(order.lines[0].backordered, 4);
    sound(shop);
    shop_set_stock(shop, "SHOE", "B", 4);
    shop_turn(shop);
    assert_int_equal(shop_order(shop, id).lines[0].allocated, 14);
    sound(shop);
}

static void a_line_is_added_and_another_taken_off(void **state)
{
    struct shop *shop = *state;
    order_id id = place(shop, "SHOE:2:5000 GIFT:1:0");
    sound(shop);
    assert_string_equal(
        edit_test_change(shop, id,
                         "{'type':'add_line','add':{'sku':'SOCK','quantity':3,"
                         "'unit_price':EUR(400),'discount':EUR(100),"
                         "'tax_lines':[{'name':'VAT','rate_ppm':190000,"
                         "'amount':EUR(176)}]}},"
                         "{'type':'remove_line','line':2},"
                         "{'type':'set_quantity','line':1,'quantity':1}"),
        "");
    struct order order = shop_order(shop, id);
    assert_int_equal(order.line_count, 3);
    assert_int_equal(order.lines[2].total_now, 1100);
    assert_int_equal(order.lines[2].tax_now, 176);
    assert_int_equal(order.lines[2].total, 0);
    assert_int_equal(order.lines[2].allocated, 3);
    assert_int_equal(order.lines[1].cancelled, 1);
    assert_int_equal(order_total_now(&order), 6100);
    assert_int_equal(shop_level(shop, "SHOE", "A").committed, 1);
    assert_int_equal(shop_level(shop, "SOCK", "B").committed, 3);
    sound(shop);
    struct fulfillment *at;
    assert_int_equal(shop_fulfillments(shop, id, &at), 2);
}

/* A change of prices touches no stock row. */
static void c15_prices_alone_touch_no_stock(void **state)
{
    struct shop *shop = *state;
    order_id id = place(shop, "SHOE:3:5000 SOCK:1:400");
    sound(shop);
    int64_t level = shop_level(shop, "SHOE", "A").version;
    int64_t last = shop_level(shop, "SHOE", "A").last_movement_id;
    assert_string_equal(
        edit_test_change(shop, id,
                         "{'type':'set_price','line':1,'unit_price':EUR(4000)},"
                         "{'type':'set_discount','line':2,'discount':EUR(50)},"
                         "{'type':'order_discount','discount':EUR(100)},"
                         "{'type':'set_charges','total':EUR(490)}"),
        "");
    struct order order = shop_order(shop, id);
    assert_int_equal(order.lines[0].unit_price, 5000);
    assert_int_equal(order.lines[0].unit_price_now, 4000);
    assert_int_equal(order.lines[0].total_now + order.lines[1].total_now,
                     12000 + 350 - 100);
    assert_int_equal(order.lines[1].discount_now, 53);
    assert_int_equal(order.charges_now, 490);
    assert_int_equal(shop_level(shop, "SHOE", "A").version, level);
    assert_int_equal(shop_level(shop, "SHOE", "A").last_movement_id, last);
    sound(shop);
}

/* ---- stages ---- */

static void ship(struct shop *shop, order_id id, const char *units)
{
    struct fulfillment *at;
    shop_drain(shop);
    assert_true(shop_fulfillments(shop, id, &at) > 0);
    assert_string_equal(shop_note(shop, at[0].id, NOTE_PICKED, units), "");
    assert_string_equal(shop_note(shop, at[0].id, NOTE_PACKED, units), "");
    assert_string_equal(shop_note(shop, at[0].id, NOTE_SHIPPED, units), "");
}

/* I12, open-mercato 3993: never below what is shipped. */
static void c15_a_line_never_has_fewer_units_than_are_shipped(void **state)
{
    struct shop *shop = *state;
    order_id id = place(shop, "SHOE:3:5000");
    ship(shop, id, "1:2");
    assert_string_equal(
        edit_test_change(shop, id,
                         "{'type':'set_quantity','line':1,'quantity':1}"),
        "below_shipped");
    assert_non_null(strstr(shop->kit->err.text, "2"));
    assert_string_equal(
        edit_test_change(shop, id, "{'type':'remove_line','line':1}"),
        "below_shipped");
    assert_string_equal(
        edit_test_change(shop, id,
                         "{'type':'set_quantity','line':1,'quantity':2}"),
        "");
    assert_int_equal(shop_order(shop, id).status, ORDER_COMPLETED);
    assert_int_equal(shop_level(shop, "SHOE", "A").committed, 0);
    sound(shop);
}

static void a_completed_order_opens_again(void **state)
{
    struct shop *shop = *state;
    order_id id = place(shop, "SHOE:1:5000");
    ship(shop, id, "1:1");
    assert_int_equal(shop_order(shop, id).status, ORDER_COMPLETED);
    assert_string_equal(
        edit_test_change(
            shop, id, "{'type':'set_price','line':1,'unit_price':EUR(4500)}"),
        "");
    assert_int_equal(shop_order(shop, id).status, ORDER_COMPLETED);
    assert_string_equal(
        edit_test_change(shop, id,
                         "{'type':'set_quantity','line':1,'quantity':3}"),
        "");
    struct order order = shop_order(shop, id);
    assert_int_equal(order.status, ORDER_CONFIRMED);
    assert_int_equal(order.lines[0].shipped, 1);
    assert_int_equal(order.lines[0].allocated, 2);
    assert_int_equal(order_total_now(&order), 13500);
    sound(shop);
}

static void units_in_a_hand_are_named_and_put_back_first(void **state)
{
    struct shop *shop = *state;
    struct fulfillment *at;
    order_id id = place(shop, "SHOE:3:5000");
    shop_drain(shop);
    shop_fulfillments(shop, id, &at);
    assert_string_equal(shop_note(shop, at[0].id, NOTE_PICKED, "1:2"), "");
    const char *less = "{'type':'set_quantity','line':1,'quantity':2}";
    const char *none = "{'type':'set_quantity','line':1,'quantity':1}";
    struct json_in *seen = preview(shop, id, none);
    struct json_list hands;
    struct json_in *hand;
    int64_t qty;
    struct ctx ctx = {.arena = shop->kit->arena};
    json_in_rebind(seen, &ctx);
    assert_ok(&ctx, json_get_list(seen, "put_back_first", 1, 1, &hands));
    assert_ok(&ctx, json_list_object(&hands, 0, &hand));
    assert_ok(&ctx, json_get_i64(hand, "quantity", 1, 9, &qty));
    assert_int_equal(qty, 1);
    assert_string_equal(edit_test_change(shop, id, none), "units_in_work");
    assert_string_equal(edit_test_change(shop, id, less), "");
    assert_string_equal(shop_note(shop, at[0].id, NOTE_UNPICKED, "1:2"), "");
    assert_string_equal(edit_test_change(shop, id, none), "");
    assert_int_equal(shop_level(shop, "SHOE", "A").committed, 1);
    sound(shop);
}

/* medusa 16406: down, up and down again, each unit is given back once. */
static void c15_units_given_back_are_not_given_back_again(void **state)
{
    struct shop *shop = *state;
    static const int to[] = {1, 6, 2, 9, 3};
    order_id id = place(shop, "SHOE:4:5000");
    for (size_t i = 0; i < COUNT_OF(to); i++) {
        assert_string_equal(
            edit_test_change(
                shop, id,
                shop_text(shop,
                          "{'type':'set_quantity','line':1,'quantity':%d}",
                          to[i])),
            "");
        assert_int_equal(shop_level(shop, "SHOE", "A").committed, to[i]);
        assert_int_equal(shop_level(shop, "SHOE", "A").on_hand, 10);
        struct order order = shop_order(shop, id);
        assert_int_equal(order_line_left(&order.lines[0]), to[i]);
        assert_int_equal(order_total_now(&order), to[i] * 5000);
        sound(shop);
    }
}

/* ---- C13, C14: medusa 13068, vendure 4013, medusa 14984 ---- */

static void pay(struct shop *shop, order_id id, const char *done,
                int64_t amount)
{
    struct testkit_reply reply;
    struct testkit_call c = {
        .operation = "createPayment",
        .path = {shop_id(shop, "ord", id.v)},
        .body = shop_text(shop,
                          "{\"tender\":\"card\",\"amount\":{\"amount\":%lld,"
                          "\"currency\":\"EUR\"},\"done\":\"%s\"}",
                          (long long)amount, done)};
    shop_call(shop, &payment_room, &c, &reply);
    assert_ok(shop->kit, reply.err);
}

/* What is due is what the lines come to now, and nothing is given back by
 * itself; a change taken back leaves nothing due. */
static void c13_the_difference_due_is_what_the_lines_differ_by(void **state)
{
    struct shop *shop = *state;
    order_id id = place(shop, "SHOE:3:3333 SOCK:1:400");
    pay(shop, id, "captured", 10399);
    assert_string_equal(
        edit_test_change(shop, id,
                         "{'type':'set_quantity','line':1,'quantity':2},"
                         "{'type':'order_discount','discount':EUR(1000)}"),
        "");
    struct order order = shop_order(shop, id);
    assert_int_equal(order_balance(&order), -3333 - 1000);
    assert_int_equal(order.pay.refunded, 0);
    assert_string_equal(
        edit_test_change(shop, id,
                         "{'type':'set_discount','line':1,'discount':EUR(0)},"
                         "{'type':'set_discount','line':2,'discount':EUR(0)},"
                         "{'type':'set_quantity','line':1,'quantity':3}"),
        "");
    order = shop_order(shop, id);
    assert_int_equal(order_balance(&order), 0);
    sound(shop);
}

static void c14_a_change_leaves_what_was_promised_as_it_is(void **state)
{
    struct shop *shop = *state;
    order_id id = place(shop, "SHOE:2:5000");
    pay(shop, id, "authorized", 10000);
    assert_string_equal(
        edit_test_change(shop, id,
                         "{'type':'set_quantity','line':1,'quantity':3}"),
        "");
    struct order order = shop_order(shop, id);
    assert_int_equal(order.pay.authorized, 10000);
    assert_int_equal(order_payment_of(&order), ORDER_PAY_PARTIALLY_AUTHORIZED);
    assert_int_equal(order_balance(&order), 15000);
    sound(shop);
}

/* ---- process ---- */

static void two_agents_the_second_learns_what_the_first_did(void **state)
{
    struct shop *shop = *state;
    order_id id = place(shop, "SHOE:2:5000");
    const char *more = "{'type':'set_quantity','line':1,'quantity':3}";
    struct edit_drafted a = edit_test_draft(shop, id, 1, more);
    shop->kit->now += 1;
    struct edit_drafted b = edit_test_draft(shop, id, 1, more);
    assert_string_equal(
        edit_test_step(shop, "requestOrderChange", a.id, "{'version':1}"), "");
    assert_string_equal(
        edit_test_step(shop, "requestOrderChange", b.id, "{'version':1}"), "");
    assert_string_equal(
        edit_test_step(shop, "confirmOrderChange", a.id, "{'version':2}"), "");
    assert_string_equal(
        edit_test_step(shop, "confirmOrderChange", b.id, "{'version':2}"),
        "stale");
    assert_int_equal(shop->kit->err.version, 2);
    assert_non_null(strstr(shop->kit->err.text, "order.changed"));
    assert_string_equal(
        edit_test_step(shop, "confirmOrderChange", a.id, "{'version':3}"),
        "change_state");
    assert_int_equal(shop_order(shop, id).lines[0].ordered, 3);
    /* He looked at the order as it is: the same quantity changes nothing. */
    assert_string_equal(edit_test_step(shop, "confirmOrderChange", b.id,
                                       "{'version':2,'order_version':2}"),
                        "");
    assert_int_equal(shop_order(shop, id).lines[0].ordered, 3);
    assert_string_equal(edit_test_draft(shop, id, 1, more).slug, "stale");
    sound(shop);
}

static err_t expire(struct ctx *ctx, void *arg)
{
    bool is_more = false;
    (void)arg;
    return edit_room.timers->at[0].run(ctx, &is_more);
}

static void a_change_that_ran_out_is_not_confirmed(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    order_id id = place(shop, "SHOE:2:5000");
    order_change_id chg;
    char until[TIME_TEXT_BYTES];
    time_to_text(shop->kit->now + 1000, until);
    struct testkit_call c = {
        .operation = "draftOrderChange",
        .path = {shop_id(shop, "ord", id.v)},
        .body = shop_text(shop,
                          "{\"version\":1,\"reason\":\"x\",\"expires_at\":"
                          "\"%.*s\",\"actions\":[{\"type\":\"set_quantity\","
                          "\"line\":1,\"quantity\":1}]}",
                          TIME_TEXT_BYTES, until)};
    assert_string_equal(edit_test_call(shop, c, &reply), "");
    assert_ok(&reply.ctx, json_get_id(reply.json, "id", "chg", &chg.v));
    assert_string_equal(
        edit_test_step(shop, "confirmOrderChange", chg, "{'version':1}"),
        "change_state");
    assert_non_null(strstr(shop->kit->err.text, "request"));
    assert_string_equal(
        edit_test_step(shop, "requestOrderChange", chg, "{'version':1}"), "");
    shop->kit->now += 2000;
    assert_string_equal(
        edit_test_step(shop, "confirmOrderChange", chg, "{'version':2}"),
        "change_expired");
    assert_ok(shop->kit, testkit_run(shop->kit, expire, NULL));
    assert_int_equal(testkit_events(shop->kit, "order_change.expired"), 1);
    assert_string_equal(edit_test_step(shop, "declineOrderChange", chg,
                                       "{'version':3,'reason':'late'}"),
                        "change_state");
    sound(shop);
}

static void nothing_is_changed_of_what_is_over_or_would_be_empty(void **state)
{
    struct shop *shop = *state;
    order_id id = place(shop, "SHOE:2:5000");
    assert_string_equal(
        edit_test_change(shop, id, "{'type':'remove_line','line':1}"),
        "nothing_left");
    assert_string_equal(
        edit_test_change(
            shop, id, "{'type':'set_discount','line':1,'discount':EUR(10001)}"),
        "discount_too_large");
    assert_string_equal(
        edit_test_change(shop, id,
                         "{'type':'order_discount','discount':EUR(10001)}"),
        "discount_too_large");
    assert_string_equal(
        edit_test_change(shop, id,
                         "{'type':'set_quantity','line':1,'quantity':1},"
                         "{'type':'set_quantity','line':1,'quantity':3}"),
        "line_twice");
    assert_int_equal(shop_order(shop, id).version, 1);
    assert_int_equal(shop_order(shop, id).totals.total, 10000);
    sound(shop);
}

/* ---- what was known then ---- */

struct ask {
    order_id id;
    utc_ms at;
    struct order order;
};

static err_t ask_order(struct ctx *ctx, void *arg)
{
    struct ask *ask = arg;
    return order_get_at(ctx, ask->id, ask->at, &ask->order);
}

static void an_order_is_known_as_it_was_before_it_was_changed(void **state)
{
    struct shop *shop = *state;
    order_id id = place(shop, "SHOE:2:5000");
    struct ask ask = {.id = id, .at = shop->kit->now};
    shop->kit->now += 10;
    assert_string_equal(
        edit_test_change(shop, id,
                         "{'type':'set_quantity','line':1,'quantity':3},"
                         "{'type':'set_price','line':1,'unit_price':EUR(4000)},"
                         "{'type':'add_line','add':{'sku':'SOCK','quantity':1,"
                         "'unit_price':EUR(400)}}"),
        "");
    shop->kit->now += 10;
    assert_string_equal(
        edit_test_change(shop, id,
                         "{'type':'set_quantity','line':2,'quantity':4}"),
        "");
    assert_ok(shop->kit, testkit_read(shop->kit, ask_order, &ask));
    assert_int_equal(ask.order.line_count, 1);
    assert_int_equal(ask.order.lines[0].ordered, 2);
    assert_int_equal(ask.order.lines[0].added, 0);
    assert_int_equal(ask.order.lines[0].unit_price_now, 5000);
    assert_int_equal(order_total_now(&ask.order), 10000);
    assert_int_equal(ask.order.allocation_count, 1);
    ask.at += 10;
    assert_ok(shop->kit, testkit_read(shop->kit, ask_order, &ask));
    assert_int_equal(ask.order.line_count, 2);
    assert_int_equal(ask.order.lines[0].ordered, 3);
    assert_int_equal(ask.order.lines[1].ordered, 1);
    assert_int_equal(order_total_now(&ask.order), 12400);
    sound(shop);
}

static void a_line_with_its_own_day_keeps_it(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    const char *body = edit_test_json(
        shop, "{'channel':'web','external_id':'1','fulfil_at':'2998-01-01T00:"
              "00:00Z','lines':[{'sku':'SHOE','quantity':1,'unit_price':EUR("
              "5000)},{'sku':'SHOE','quantity':1,'unit_price':EUR(5000),"
              "'fulfil_at':'2999-01-01T00:00:00Z'}]}");
    shop_place(shop, body, &reply);
    order_id id = shop_order_id(shop, &reply);
    shop_drain(shop);
    struct fulfillment *fos;
    assert_int_equal(shop_fulfillments(shop, id, &fos), 2);
    utc_ms own = fos[1].fulfil_at;
    assert_string_equal(
        edit_test_change(shop, id,
                         "{'type':'set_ship_date','fulfil_at':'2999-01-01T00:"
                         "00:00Z'}"),
        "");
    shop_drain(shop);
    assert_int_equal(shop_fulfillments(shop, id, &fos), 2);
    assert_int_equal(fos[0].fulfil_at, own);
    assert_int_equal(fos[1].fulfil_at, own);
    assert_string_equal(
        edit_test_change(shop, id,
                         "{'type':'set_ship_date','fulfil_at':'2998-01-01T00:"
                         "00:00Z'}"),
        "");
    assert_int_equal(shop_fulfillments(shop, id, &fos), 2);
    assert_true(fos[0].fulfil_at < own);
    assert_int_equal(fos[1].fulfil_at, own);
    sound(shop);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        SHOP(units_are_added_to_a_line_and_found_at_once),
        SHOP(units_that_are_nowhere_wait),
        SHOP(a_line_is_added_and_another_taken_off),
        SHOP(c15_prices_alone_touch_no_stock),
        SHOP(c15_a_line_never_has_fewer_units_than_are_shipped),
        SHOP(a_completed_order_opens_again),
        SHOP(units_in_a_hand_are_named_and_put_back_first),
        SHOP(c15_units_given_back_are_not_given_back_again),
        SHOP(c13_the_difference_due_is_what_the_lines_differ_by),
        SHOP(c14_a_change_leaves_what_was_promised_as_it_is),
        SHOP(two_agents_the_second_learns_what_the_first_did),
        SHOP(a_change_that_ran_out_is_not_confirmed),
        SHOP(nothing_is_changed_of_what_is_over_or_would_be_empty),
        SHOP(an_order_is_known_as_it_was_before_it_was_changed),
        SHOP(a_line_with_its_own_day_keeps_it),
    };
    int bad = 0;
    do
        bad += RUN_TESTS(tests, argc, argv);
    while (testkit_next_engine());
    return bad;
}
