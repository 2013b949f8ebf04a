/* fulfillment_test.c - units on their way: opened, picked, shipped, missing,
 * cancelled in between. */
#include "oms/change/change.h"
#include "oms/fulfillment/fulfillment_testkit.h"
#include "oms/room.h"

static int setup(void **state)
{
    struct shop *shop = shop_open(STOCK_POLICY_BACKORDER);
    shop_add_location(shop, "A");
    shop_add_location(shop, "B");
    shop_add_sku(shop, "SHOE", true);
    shop_add_sku(shop, "SOCK", true);
    shop_add_sku(shop, "GIFT", false);
    shop_rank(shop, "A B");
    *state = shop;
    return 0;
}

static int teardown(void **state)
{
    shop_close(*state);
    return 0;
}

#define SHOP(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

static order_id place(struct shop *shop, const char *external_id,
                      const char *lines)
{
    struct testkit_reply reply;
    shop_place(shop, shop_body(shop, external_id, lines), &reply);
    order_id id = shop_order_id(shop, &reply);
    shop_drain(shop);
    return id;
}

/* "" where the whole order is cancelled as far as it goes. */
static const char *cancel(struct shop *shop, order_id id, const char *lines)
{
    struct testkit_reply reply;
    const char *list = *lines ? shop_text(shop, ",\"lines\":[%s]", lines) : "";
    struct testkit_call call = {
        .operation = "cancelOrder",
        .path = {shop_id(shop, "ord", id.v)},
        .body = shop_text(shop, "{\"version\":%lld,\"reason\":\"test\"%s}",
                          (long long)shop_order(shop, id).version, list)};
    shop_call(shop, &change_room, &call, &reply);
    if (reply.err == OK)
        return "";
    return shop->kit->err.slug ? shop->kit->err.slug : err_slug(reply.err);
}

static void expect_level(struct shop *shop, const char *sku, const char *at,
                         int64_t on_hand, int64_t committed)
{
    struct stock_level level = shop_level(shop, sku, at);
    assert_int_equal(level.on_hand, on_hand);
    assert_int_equal(level.committed, committed);
}

static void an_order_has_one_fo_for_each_location(void **state)
{
    struct shop *shop = *state;
    struct fulfillment *fos;
    shop_set_stock(shop, "SHOE", "A", 5);
    shop_set_stock(shop, "SOCK", "B", 5);
    order_id id = place(shop, "1", "SHOE:2:100 SOCK:3:100 GIFT:1:0");
    assert_int_equal(shop_fulfillments(shop, id, &fos), 2);
    assert_int_equal(fos[0].status, FULFILLMENT_OPEN);
    assert_int_equal(fos[0].location.v, shop_loc(shop, "A").v);
    assert_int_equal(fos[0].line_count, 2); /* The gift goes along. */
    assert_int_equal(fos[1].lines[0].qty, 3);
    /* Looking again opens nothing. */
    shop_refulfil(shop);
    assert_int_equal(shop_fulfillments(shop, id, &fos), 2);
    assert_int_equal(fos[0].version, 1);
    shop_verify(shop);
}

static void units_are_picked_packed_and_shipped_within_limits(void **state)
{
    struct shop *shop = *state;
    struct fulfillment *fos;
    shop_set_stock(shop, "SHOE", "A", 5);
    order_id id = place(shop, "1", "SHOE:3:100 GIFT:1:0");
    assert_int_equal(shop_fulfillments(shop, id, &fos), 1);
    fulfillment_order_id fo = fos[0].id;
    assert_string_equal(shop_note(shop, fo, NOTE_PICKED, "1:4"), "over_picked");
    assert_string_equal(shop->kit->err.text,
                        "line 1 has at most 3 left to pick");
    assert_string_equal(shop_note(shop, fo, NOTE_PICKED, "3:1"),
                        "line_unknown");
    assert_string_equal(shop_note(shop, fo, NOTE_PICKED, "1:1 1:1"),
                        "line_twice");
    assert_string_equal(shop_note(shop, fo, NOTE_SHIPPED, "1:1"), "state");
    assert_string_equal(shop_note(shop, fo, NOTE_PICKED, "1:2"), "");
    assert_string_equal(shop_note(shop, fo, NOTE_PACKED, "1:3"), "over_packed");
    assert_string_equal(shop_note(shop, fo, NOTE_PACKED, "1:2"), "");
    assert_string_equal(shop_note(shop, fo, NOTE_UNPICKED, "1:1"),
                        "over_unpicked");
    assert_string_equal(shop_note(shop, fo, NOTE_UNPACKED, "1:1"), "");
    assert_string_equal(shop_note(shop, fo, NOTE_UNPICKED, "1:1"), "");
    assert_string_equal(shop_note(shop, fo, NOTE_SHIPPED, "1:2"),
                        "over_shipped");
    assert_string_equal(shop_note(shop, fo, NOTE_SHIPPED, "1:1"), "");
    expect_level(shop, "SHOE", "A", 4, 2);
    shop_drain(shop);
    shop_verify(shop);
    assert_int_equal(shop_order(shop, id).status, ORDER_CONFIRMED);
    assert_string_equal(shop_note(shop, fo, NOTE_PICKED, "1:2 2:1"), "");
    assert_string_equal(shop_note(shop, fo, NOTE_SHIPPED, "1:2 2:1"), "");
    struct order order = shop_order(shop, id);
    assert_int_equal(order.status, ORDER_COMPLETED);
    assert_int_equal(order.lines[0].shipped, 3);
    assert_int_equal(shop_fulfillments(shop, id, &fos), 1);
    assert_int_equal(fos[0].status, FULFILLMENT_CLOSED);
    expect_level(shop, "SHOE", "A", 2, 0);
    assert_string_equal(shop_note(shop, fo, NOTE_SHIPPED, "1:1"), "state");
    shop_drain(shop);
    shop_verify(shop);
}

static void started_work_can_be_called_off_before_a_pick(void **state)
{
    struct shop *shop = *state;
    struct fulfillment *fos;
    shop_set_stock(shop, "SHOE", "A", 5);
    order_id id = place(shop, "1", "SHOE:3:100");
    shop_fulfillments(shop, id, &fos);
    fulfillment_order_id fo = fos[0].id;
    assert_string_equal(shop_note(shop, fo, NOTE_STARTED, ""), "");
    assert_string_equal(shop_note(shop, fo, NOTE_STARTED, ""), "");
    shop_fulfillments(shop, id, &fos);
    assert_int_equal(fos[0].status, FULFILLMENT_IN_PROGRESS);
    assert_int_equal(fos[0].version, 2); /* The second changed nothing. */
    assert_string_equal(shop_note(shop, fo, NOTE_STOPPED, ""), "");
    assert_string_equal(shop_note(shop, fo, NOTE_PICKED, "1:1"), "");
    assert_string_equal(shop_note(shop, fo, NOTE_STOPPED, ""), "units_in_work");
    shop_verify(shop);
}

/* ---- short ---- */

static void missing_units_are_held_and_come_from_elsewhere(void **state)
{
    struct shop *shop = *state;
    struct fulfillment *fos;
    shop_set_stock(shop, "SHOE", "A", 3);
    shop_set_stock(shop, "SHOE", "B", 1);
    order_id id = place(shop, "1", "SHOE:3:100");
    shop_fulfillments(shop, id, &fos);
    fulfillment_order_id fo = fos[0].id;
    assert_string_equal(shop_note(shop, fo, NOTE_PICKED, "1:1"), "");
    assert_string_equal(shop_note(shop, fo, NOTE_SHORT, "1:3"), "over_short");
    assert_string_equal(shop_note(shop, fo, NOTE_SHORT, "1:2"), "");
    expect_level(shop, "SHOE", "A", 3, 1);
    assert_int_equal(shop_level(shop, "SHOE", "A").held, 2);
    expect_level(shop, "SHOE", "B", 1, 1);
    struct order order = shop_order(shop, id);
    assert_int_equal(order.lines[0].picked, 1);
    assert_int_equal(order.lines[0].allocated, 1);
    assert_int_equal(order.lines[0].backordered, 1);
    assert_int_equal(shop_fulfillments(shop, id, &fos), 2);
    assert_int_equal(fos[0].lines[0].qty, 1);
    assert_int_equal(fos[1].location.v, shop_loc(shop, "B").v);
    assert_int_equal(testkit_events(shop->kit, "order.unallocated"), 1);
    shop_drain(shop);
    shop_verify(shop);
    /* All of an FO missing: it ends. */
    assert_string_equal(shop_note(shop, fos[1].id, NOTE_SHORT, "1:1"), "");
    assert_int_equal(shop_fulfillments(shop, id, &fos), 2);
    assert_int_equal(fos[1].status, FULFILLMENT_CANCELLED);
    assert_int_equal(shop_order(shop, id).lines[0].backordered, 2);
    shop_drain(shop);
    shop_verify(shop);
}

/* ---- pains ---- */

/* C6: what is on hand is right after shipping, and after cancelling before,
 * during and after a part was shipped; nothing is freed that left. */
static void C6_available_is_right_after_ship_and_cancel(void **state)
{
    struct shop *shop = *state;
    struct fulfillment *fos;
    shop_set_stock(shop, "SHOE", "A", 10);
    shop_set_stock(shop, "SOCK", "B", 4);
    order_id id = place(shop, "1", "SHOE:6:100 SOCK:2:100");
    expect_level(shop, "SHOE", "A", 10, 6);
    /* Before: one unit less of the open FO. */
    assert_string_equal(cancel(shop, id, "{\"n\":1,\"quantity\":1}"), "");
    expect_level(shop, "SHOE", "A", 10, 5);
    shop_fulfillments(shop, id, &fos);
    assert_int_equal(fos[0].lines[0].qty, 5);
    fulfillment_order_id fo = fos[0].id;
    /* During: what is in a hand must be put back first. */
    assert_string_equal(shop_note(shop, fo, NOTE_PICKED, "1:3"), "");
    assert_string_equal(cancel(shop, id, "{\"n\":1,\"quantity\":3}"),
                        "quantity_too_large");
    assert_string_equal(cancel(shop, id, "{\"n\":1,\"quantity\":1}"), "");
    expect_level(shop, "SHOE", "A", 10, 4);
    shop_verify(shop);
    /* After a part was shipped: the rest goes, the order is completed. */
    assert_string_equal(shop_note(shop, fo, NOTE_SHIPPED, "1:2"), "");
    expect_level(shop, "SHOE", "A", 8, 2);
    assert_string_equal(shop_note(shop, fo, NOTE_UNPICKED, "1:1"), "");
    assert_string_equal(cancel(shop, id, ""), "");
    expect_level(shop, "SHOE", "A", 8, 0);
    expect_level(shop, "SOCK", "B", 4, 0);
    struct order order = shop_order(shop, id);
    assert_int_equal(order.status, ORDER_COMPLETED);
    assert_int_equal(order.lines[0].shipped, 2);
    assert_int_equal(order.lines[0].cancelled, 4);
    assert_int_equal(shop_fulfillments(shop, id, &fos), 2);
    assert_int_equal(fos[0].status, FULFILLMENT_CLOSED);
    assert_int_equal(fos[1].status, FULFILLMENT_CANCELLED);
    struct stock_level level = shop_level(shop, "SHOE", "A");
    assert_int_equal(stock_available(&level), 8);
    shop_drain(shop);
    shop_verify(shop);
}

/* C18: an order leaves in as many shipments as it takes, and each is counted
 * once. */
static void C18_an_order_ships_in_many_parts(void **state)
{
    struct shop *shop = *state;
    struct fulfillment *fos;
    shop_set_stock(shop, "SHOE", "A", 3);
    shop_set_stock(shop, "SHOE", "B", 2);
    order_id id = place(shop, "1", "SHOE:5:100 GIFT:1:0");
    assert_int_equal(shop_fulfillments(shop, id, &fos), 2);
    fulfillment_order_id a = fos[0].id, b = fos[1].id;
    assert_string_equal(shop_note(shop, a, NOTE_PICKED, "1:3 2:1"), "");
    assert_string_equal(shop_note(shop, b, NOTE_PICKED, "1:2"), "");
    for (int i = 0; i < 3; i++)
        assert_string_equal(shop_note(shop, a, NOTE_SHIPPED, "1:1"), "");
    assert_string_equal(shop_note(shop, b, NOTE_SHIPPED, "1:1"), "");
    assert_int_equal(shop_order(shop, id).lines[0].shipped, 4);
    assert_string_equal(shop_note(shop, a, NOTE_SHIPPED, "1:1"),
                        "over_shipped");
    assert_string_equal(shop_note(shop, a, NOTE_SHIPPED, "2:1"), "");
    assert_int_equal(shop_order(shop, id).status, ORDER_CONFIRMED);
    assert_string_equal(shop_note(shop, b, NOTE_SHIPPED, "1:1"), "");
    assert_int_equal(shop_order(shop, id).status, ORDER_COMPLETED);
    assert_int_equal(testkit_events(shop->kit, "order.shipped"), 6);
    expect_level(shop, "SHOE", "A", 0, 0);
    expect_level(shop, "SHOE", "B", 0, 0);
    shop_drain(shop);
    shop_verify(shop);
}

static void cancelling_takes_units_no_fo_has_yet_first(void **state)
{
    struct shop *shop = *state;
    struct fulfillment *fos;
    struct testkit_reply reply;
    shop_set_stock(shop, "SHOE", "A", 5);
    shop_place(shop, shop_body(shop, "1", "SHOE:4:100"), &reply);
    order_id id = shop_order_id(shop, &reply);
    assert_string_equal(cancel(shop, id, "{\"n\":1,\"quantity\":1}"), "");
    shop_drain(shop);
    assert_int_equal(shop_fulfillments(shop, id, &fos), 1);
    assert_int_equal(fos[0].lines[0].qty, 3);
    assert_int_equal(fos[0].version, 1);
    assert_string_equal(cancel(shop, id, ""), "");
    shop_fulfillments(shop, id, &fos);
    assert_int_equal(fos[0].status, FULFILLMENT_CANCELLED);
    expect_level(shop, "SHOE", "A", 5, 0);
    shop_drain(shop);
    shop_verify(shop);
}

/* How many rows the room's own checks report. */
static int64_t found(struct shop *shop)
{
    str first;
    shop_drain(shop);
    return testkit_verify(shop->kit, &fulfillment_room, &first);
}

static void release_after(struct shop *shop, const char *rule)
{
    struct testkit_reply reply;
    struct testkit_call call = {
        .operation = "changeChannel",
        .path = {shop_id(shop, "chn", shop->web.id.v)},
        .body = shop_text(shop,
                          "{\"version\":%lld,\"payment\":{\"release\":"
                          "\"%s\"}}",
                          (long long)shop->web.version++, rule)};
    shop_call(shop, &channel_room, &call, &reply);
    assert_ok(shop->kit, reply.err);
    shop->kit->now += 10;
}

static err_t turn(struct ctx *ctx, void *arg)
{
    (void)arg;
    for (bool is_more = true; is_more;) {
        is_more = false;
        for (size_t i = 0; i < fulfillment_room.timers->count; i++)
            TRY(fulfillment_room.timers->at[i].run(ctx, &is_more));
    }
    return OK;
}

static void take_turns(struct shop *shop)
{
    shop_drain(shop);
    assert_ok(shop->kit, testkit_run(shop->kit, turn, NULL));
    shop_drain(shop);
}

/* What waits for its payment has no fulfillment order, and that is right; what
 * may leave and has none is wrong. */
static void units_that_may_not_leave_are_not_missed(void **state)
{
    struct shop *shop = *state;
    struct fulfillment *fos;
    release_after(shop, "paid");
    take_turns(shop);
    shop_set_stock(shop, "SHOE", "A", 5);
    order_id id = place(shop, "1", "SHOE:2:100");
    assert_int_equal(shop_fulfillments(shop, id, &fos), 0);
    assert_int_equal(found(shop), 0);
    testkit_sql(shop->kit, "UPDATE orders SET pay_captured = 199");
    assert_int_equal(found(shop), 0);
    testkit_sql(shop->kit, "UPDATE orders SET pay_captured = 200");
    assert_int_equal(found(shop), 1);
    testkit_sql(shop->kit, "UPDATE orders SET pay_captured = NULL");
    release_after(shop, "always");
    assert_int_equal(found(shop), 0); /* Its turn is yet to come. */
    take_turns(shop);
    assert_int_equal(shop_fulfillments(shop, id, &fos), 1);
    place(shop, "2", "SHOE:1:100");
    assert_int_equal(found(shop), 0);
    testkit_sql(shop->kit, "DELETE FROM fulfillment_lines");
    testkit_sql(shop->kit, "DELETE FROM fulfillment_orders");
    assert_int_equal(found(shop), 2);
}

/* What is gone from under somebody's hands is told to a person; where they lay
 * it down it may not be begun anew. */
static void work_laid_down_waits_for_its_payment(void **state)
{
    struct shop *shop = *state;
    struct fulfillment *fos;
    take_turns(shop);
    shop_set_stock(shop, "SHOE", "A", 5);
    order_id id = place(shop, "1", "SHOE:2:100");
    assert_int_equal(shop_fulfillments(shop, id, &fos), 1);
    assert_string_equal(shop_note(shop, fos[0].id, NOTE_STARTED, ""), "");
    release_after(shop, "paid");
    take_turns(shop);
    shop_fulfillments(shop, id, &fos);
    assert_int_equal(fos[0].status, FULFILLMENT_IN_PROGRESS);
    assert_string_equal(shop_note(shop, fos[0].id, NOTE_STOPPED, ""), "");
    shop_fulfillments(shop, id, &fos);
    assert_int_equal(fos[0].status, FULFILLMENT_ON_HOLD);
    assert_str(fos[0].hold_reason, "payment");
    release_after(shop, "always");
    take_turns(shop);
    shop_fulfillments(shop, id, &fos);
    assert_int_equal(fos[0].status, FULFILLMENT_OPEN);
    shop_verify(shop);
}

static void follow_rule(struct shop *shop, const char *rule)
{
    release_after(shop, rule);
    take_turns(shop);
}

static void rename_channel(struct shop *shop)
{
    struct testkit_reply reply;
    struct testkit_call call = {
        .operation = "changeChannel",
        .path = {shop_id(shop, "chn", shop->web.id.v)},
        .body = shop_text(shop, "{\"version\":%lld,\"name\":\"N\"}",
                          (long long)shop->web.version++)};
    shop_call(shop, &channel_room, &call, &reply);
    assert_ok(shop->kit, reply.err);
    shop->kit->now += 10;
}

/* Only another rule has all its orders looked at again. */
static void a_channel_that_changes_otherwise_moves_no_order(void **state)
{
    struct shop *shop = *state;
    struct fulfillment *fos;
    shop_set_stock(shop, "SHOE", "A", 5);
    order_id id = place(shop, "1", "SHOE:2:100");
    assert_int_equal(shop_fulfillments(shop, id, &fos), 1);
    testkit_sql(shop->kit, "DELETE FROM fulfillment_lines");
    testkit_sql(shop->kit, "DELETE FROM fulfillment_orders");
    rename_channel(shop);
    take_turns(shop);
    assert_int_equal(shop_fulfillments(shop, id, &fos), 0);
    assert_int_equal(found(shop), 1); /* Nor does it hide what is missed. */
    follow_rule(shop, "always");
    assert_int_equal(shop_fulfillments(shop, id, &fos), 0);
    follow_rule(shop, "authorized");
    follow_rule(shop, "always");
    assert_int_equal(shop_fulfillments(shop, id, &fos), 1);
    assert_int_equal(found(shop), 0);
}

/* No event of the order itself is waited for. */
static void orders_follow_the_rule_of_their_channel(void **state)
{
    enum { MANY = 101 };
    struct shop *shop = *state;
    struct fulfillment *fos;
    order_id ids[MANY];
    shop_set_stock(shop, "SHOE", "A", MANY);
    follow_rule(shop, "paid");
    for (int i = 0; i < MANY; i++)
        ids[i] = place(shop, shop_text(shop, "%d", i), "SHOE:1:100");
    assert_int_equal(shop_fulfillments(shop, ids[MANY - 1], &fos), 0);
    follow_rule(shop, "always");
    for (int i = 0; i < MANY; i += MANY - 1) {
        assert_int_equal(shop_fulfillments(shop, ids[i], &fos), 1);
        assert_int_equal(fos[0].status, FULFILLMENT_OPEN);
    }
    follow_rule(shop, "authorized");
    shop_fulfillments(shop, ids[0], &fos);
    assert_int_equal(fos[0].status, FULFILLMENT_ON_HOLD);
    follow_rule(shop, "always");
    shop_fulfillments(shop, ids[0], &fos);
    assert_int_equal(fos[0].status, FULFILLMENT_OPEN);
    int64_t version = fos[0].version;
    follow_rule(shop, "always"); /* Nothing is another. */
    shop_fulfillments(shop, ids[0], &fos);
    assert_int_equal(fos[0].version, version);
    assert_int_equal(found(shop), 0);
    shop_verify(shop);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        SHOP(an_order_has_one_fo_for_each_location),
        SHOP(units_are_picked_packed_and_shipped_within_limits),
        SHOP(started_work_can_be_called_off_before_a_pick),
        SHOP(missing_units_are_held_and_come_from_elsewhere),
        SHOP(C6_available_is_right_after_ship_and_cancel),
        SHOP(C18_an_order_ships_in_many_parts),
        SHOP(cancelling_takes_units_no_fo_has_yet_first),
        SHOP(units_that_may_not_leave_are_not_missed),
        SHOP(work_laid_down_waits_for_its_payment),
        SHOP(orders_follow_the_rule_of_their_channel),
        SHOP(a_channel_that_changes_otherwise_moves_no_order),
    };
    int bad = 0;
    do
        bad += RUN_TESTS(tests, argc, argv);
    while (testkit_next_engine());
    return bad;
}
