/* change_test.c - cancelling: stock comes back once, originals stay. */
#include "base/testing.h"
#include "oms/change/change_rules.h"
#include "oms/order/order_edit.h"
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

/* lines: "" for the whole order, else as {"n":1,"quantity":2}. */
static const char *cancel(struct shop *shop, order_id id, int version,
                          const char *lines)
{
    struct testkit_reply reply;
    const char *list = *lines ? shop_text(shop, ",\"lines\":[%s]", lines) : "";
    struct testkit_call call = {
        .operation = "cancelOrder",
        .path = {shop_id(shop, "ord", id.v)},
        .body = shop_text(shop, "{\"version\":%d,\"reason\":\"test\"%s}",
                          version, list)};
    shop_call(shop, &change_room, &call, &reply);
    if (reply.err == OK)
        return "";
    return shop->kit->err.slug ? shop->kit->err.slug : err_slug(reply.err);
}

/* C4: what was reserved comes back, once. */
static void a_cancelled_order_gives_all_its_stock_back(void **state)
{
    struct shop *shop = *state;
    shop_set_stock(shop, "SHOE", "A", 5);
    shop_set_stock(shop, "SOCK", "B", 5);
    order_id id = place(shop, "SHOE:2:5000 SOCK:5:400 GIFT:1:0");
    assert_string_equal(cancel(shop, id, 1, ""), "");
    struct order order = shop_order(shop, id);
    assert_int_equal(order.status, ORDER_CANCELLED);
    assert_int_equal(order.version, 2);
    assert_int_equal(order.totals.total, 12000); /* As placed. */
    assert_int_equal(order.allocation_count, 0);
    assert_int_equal(order.lines[1].ordered, 5);
    assert_int_equal(order.lines[1].cancelled, 5);
    assert_int_equal(shop_level(shop, "SHOE", "A").committed, 0);
    assert_int_equal(shop_level(shop, "SOCK", "B").committed, 0);
    assert_int_equal(testkit_events(shop->kit, "order.cancelled"), 1);
    shop_drain(shop);
    shop_verify(shop);
    /* Again: nothing comes back a second time. */
    assert_string_equal(cancel(shop, id, 2, ""), "state");
    assert_string_equal(
        shop->kit->err.text,
        "the order is cancelled and cannot cancel; it allows: nothing");
    assert_int_equal(shop_level(shop, "SHOE", "A").on_hand, 5);
    shop_verify(shop);
}

static void units_can_be_cancelled_until_nothing_is_left(void **state)
{
    struct shop *shop = *state;
    shop_set_stock(shop, "SHOE", "A", 5);
    order_id id = place(shop, "SHOE:3:5000 GIFT:2:0");
    assert_string_equal(cancel(shop, id, 1, "{\"n\":1,\"quantity\":1}"), "");
    struct order order = shop_order(shop, id);
    assert_int_equal(order.status, ORDER_CONFIRMED);
    assert_int_equal(order.lines[0].cancelled, 1);
    assert_int_equal(order.lines[0].allocated, 2);
    assert_int_equal(shop_level(shop, "SHOE", "A").committed, 2);
    shop_drain(shop);
    shop_verify(shop);
    assert_string_equal(cancel(shop, id, 2,
                               "{\"n\":2,\"quantity\":2},"
                               "{\"n\":1,\"quantity\":2}"),
                        "");
    assert_int_equal(shop_order(shop, id).status, ORDER_CANCELLED);
    assert_int_equal(testkit_events(shop->kit, "order.line_cancelled"), 1);
    assert_int_equal(testkit_events(shop->kit, "order.cancelled"), 1);
    shop_drain(shop);
    shop_verify(shop);
}

static void waiting_units_go_first_then_the_latest_reservation(void **state)
{
    struct shop *shop = *state;
    shop_set_stock(shop, "SHOE", "A", 2);
    shop_set_stock(shop, "SHOE", "B", 2);
    order_id id = place(shop, "SHOE:5:5000");
    assert_int_equal(shop_order(shop, id).lines[0].backordered, 1);
    assert_string_equal(cancel(shop, id, 1, "{\"n\":1,\"quantity\":2}"), "");
    assert_int_equal(shop_order(shop, id).lines[0].backordered, 0);
    assert_int_equal(shop_level(shop, "SHOE", "A").committed, 2);
    assert_int_equal(shop_level(shop, "SHOE", "B").committed, 1);
    assert_string_equal(cancel(shop, id, 2, "{\"n\":1,\"quantity\":2}"), "");
    assert_int_equal(shop_level(shop, "SHOE", "A").committed, 1);
    assert_int_equal(shop_level(shop, "SHOE", "B").committed, 0);
    shop_drain(shop);
    shop_verify(shop);
}

static void what_was_freed_is_sold_again(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    shop_set_stock(shop, "SHOE", "A", 1);
    order_id id = place(shop, "SHOE:1:5000");
    assert_string_equal(cancel(shop, id, 1, ""), "");
    shop_place(shop, shop_body(shop, "2", "SHOE:1:5000"), &reply);
    order_id second = shop_order_id(shop, &reply);
    assert_int_equal(shop_order(shop, second).lines[0].allocated, 1);
    /* The first order, sent again, is the cancelled one. */
    shop_place(shop, shop_body(shop, "1", "SHOE:1:5000"), &reply);
    assert_int_equal(reply.status, 200);
    assert_int_equal(shop_order_id(shop, &reply).v, id.v);
    shop_drain(shop);
    shop_verify(shop);
}

static void bad_cancellations_are_refused_and_change_nothing(void **state)
{
    struct shop *shop = *state;
    shop_set_stock(shop, "SHOE", "A", 5);
    order_id id = place(shop, "SHOE:3:5000");
    static const struct {
        int version;
        const char *lines, *slug, *field;
    } cases[] = {
        {2, "",                                                  "stale",               "version"   },
        {1, "{\"n\":2,\"quantity\":1}",                          "line_unknown",        "lines[0].n"},
        {1, "{\"n\":1,\"quantity\":4}",                          "quantity_too_large",
         "lines[0].quantity"                                                                        },
        {1, "{\"n\":1,\"quantity\":1},{\"n\":1,\"quantity\":1}", "line_twice",
         "lines[1].n"                                                                               },
        {1, "{\"n\":1,\"quantity\":0}",                          "number_out_of_range",
         "lines[0].quantity"                                                                        },
        {1, "{\"n\":1,\"quantity\":1,\"x\":1}",                  "unknown_field",       "lines[0].x"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_string_equal(cancel(shop, id, cases[i].version, cases[i].lines),
                            cases[i].slug);
        assert_string_equal(shop->kit->err.field, cases[i].field);
    }
    assert_string_equal(cancel(shop, (order_id){77}, 1, ""), "not_found");
    assert_int_equal(shop_order(shop, id).version, 1);
    assert_int_equal(shop_level(shop, "SHOE", "A").committed, 3);
    shop_drain(shop);
    shop_verify(shop);
}

static void a_stale_version_names_the_current_one(void **state)
{
    struct shop *shop = *state;
    shop_set_stock(shop, "SHOE", "A", 5);
    order_id id = place(shop, "SHOE:3:5000");
    assert_string_equal(cancel(shop, id, 1, "{\"n\":1,\"quantity\":1}"), "");
    assert_string_equal(cancel(shop, id, 1, ""), "stale");
    assert_int_equal(shop->kit->err.version, 2);
}

/* ---- rules alone ---- */

static void cuts_take_waiting_units_before_allocated_ones(void **state)
{
    (void)state;
    struct order_line line = {.n = 1,
                              .ordered = 9,
                              .unallocated = 1,
                              .backordered = 2,
                              .allocated = 3,
                              .picked = 2,
                              .shipped = 1};
    assert_int_equal(order_open_units(&line), 6);
    struct line_cut cut = change_cut(&line, 5);
    assert_int_equal(cut.unallocated, 1);
    assert_int_equal(cut.backordered, 2);
    assert_int_equal(cut.allocated, 2);
    change_cut_apply(&cut, &line);
    assert_int_equal(line.cancelled, 5);
    assert_int_equal(line.ordered - line.cancelled,
                     line.unallocated + line.backordered + line.allocated +
                         line.picked + line.shipped);
}

static void picked_and_shipped_units_are_not_cancelled(void **state)
{
    struct ctx *ctx = *state;
    struct order_line lines[] = {
        {.n = 1, .ordered = 2, .picked = 2 },
        {.n = 2, .ordered = 3, .shipped = 3}
    };
    struct order order = {.lines = lines, .line_count = 2};
    struct cancel_cmd cmd = {0};
    struct line_cut *cuts;
    size_t count;
    assert_int_equal(change_cuts_make(ctx, &cmd, &order, &cuts, &count),
                     ERR_STATE);
    assert_slug(ctx, "nothing_open");
    err_clear(ctx);
    struct cancel_line one = {2, 1};
    cmd.lines = &one;
    cmd.count = 1;
    assert_int_equal(change_cuts_make(ctx, &cmd, &order, &cuts, &count),
                     ERR_STATE);
    assert_slug(ctx, "quantity_too_large");
    err_clear(ctx);
    one.qty = 0;
    assert_int_equal(change_cuts_make(ctx, &cmd, &order, &cuts, &count),
                     ERR_INVALID);
    err_clear(ctx);
    one.n = 0;
    assert_int_equal(change_cuts_make(ctx, &cmd, &order, &cuts, &count),
                     ERR_INVALID);
    assert_slug(ctx, "line_unknown");
}

/* Cut in the middle it would be no JSON, and stop whoever reads the log. */
static void what_no_event_can_tell_is_refused(void **state)
{
    struct ctx *ctx = *state;
    struct order_line before = {.n = 1, .ordered = 100000, .allocated = 100000};
    struct order_line after = {.n = 1, .ordered = 100000, .cancelled = 100000};
    struct line_cut cut = {.n = 1, .allocated = 100000};
    struct order was = {.lines = &before, .line_count = 1, .version = 1};
    struct order is = {.lines = &after, .line_count = 1, .version = 2};
    struct cancelling did = {STR("too much"), &cut, 1, &was, &is};
    str text;
    was.status = is.status = ORDER_CONFIRMED;
    struct order_allocation *all =
        arena_array(ctx->arena, struct order_allocation, 100000);
    for (size_t i = 0; i < 100000; i++)
        all[i] = (struct order_allocation){1, {(int64_t)i + 1}, 1};
    was.allocations = all;
    was.allocation_count = 100000;
    assert_int_equal(change_cancel_text(ctx, &did, &text), ERR_INVALID);
    assert_slug(ctx, "cancellation_too_large");
    assert_string_equal(ctx->err.field, "lines");
    err_clear(ctx);
    was.allocation_count = 90000;
    assert_ok(ctx, change_cancel_text(ctx, &did, &text));
    assert_true(text.len < LIMIT_EVENT_BYTES);
    assert_int_equal(text.ptr[text.len - 1], '}');
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        SHOP(a_cancelled_order_gives_all_its_stock_back),
        SHOP(units_can_be_cancelled_until_nothing_is_left),
        SHOP(waiting_units_go_first_then_the_latest_reservation),
        SHOP(what_was_freed_is_sold_again),
        SHOP(bad_cancellations_are_refused_and_change_nothing),
        SHOP(a_stale_version_names_the_current_one),
        TEST(cuts_take_waiting_units_before_allocated_ones),
        TEST(picked_and_shipped_units_are_not_cancelled),
        TEST(what_no_event_can_tell_is_refused),
    };
    int bad = 0;
    do
        bad += RUN_TESTS(tests, argc, argv);
    while (testkit_next_engine());
    return bad;
}
