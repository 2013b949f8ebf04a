/* order_rules_test.c - the moves of an order and what its facts mean. */
#include "oms/order/order_rules.h"

#include "base/testing_grid.h"

static void the_grid_is_the_checked_in_one(void **state)
{
    struct ctx *ctx = *state;
    assert_grid(ctx->arena, &order_machine, "docs/states/order.md",
                1u << ORDER_CANCELLED | 1u << ORDER_EXPIRED |
                    1u << ORDER_DISCARDED);
}

static void a_move_changes_the_status_only_where_it_is_listed(void **state)
{
    struct ctx *ctx = *state;
    struct order order = {.status = ORDER_CONFIRMED};
    assert_ok(ctx, order_move(ctx, &order, ORDER_EVENT_COMPLETE));
    assert_int_equal(order.status, ORDER_COMPLETED);
    assert_int_equal(order_move(ctx, &order, ORDER_EVENT_CANCEL), ERR_STATE);
    assert_int_equal(order.status, ORDER_COMPLETED);
    assert_string_equal(ctx->err.text, "the order is completed and cannot "
                                       "cancel; it allows: reopen");
    err_clear(ctx);
    order.status = ORDER_CONFIRMED;
    assert_int_equal(order_move(ctx, &order, ORDER_EVENT_EXPIRE), ERR_STATE);
    assert_non_null(strstr(ctx->err.text, "it allows: complete, cancel"));
    err_clear(ctx);
    order.status = ORDER_EXPIRED;
    assert_int_equal(order_move(ctx, &order, ORDER_EVENT_CONFIRM), ERR_STATE);
    assert_non_null(strstr(ctx->err.text, "it allows: nothing"));
}

static void names_of_statuses_are_read_back(void **state)
{
    (void)state;
    for (int s = ORDER_DRAFT; s <= ORDER_DISCARDED; s++) {
        enum order_status read;
        const char *name = order_status_name((enum order_status)s);
        assert_true(order_status_from_name(str_from_cstr(name), &read));
        assert_int_equal(read, s);
    }
    enum order_status read;
    assert_false(order_status_from_name(STR("none"), &read));
    assert_false(order_status_from_name(STR("Confirmed"), &read));
}

static void facts_sum_the_lines(void **state)
{
    (void)state;
    struct order_line lines[] = {
        {.ordered = 3,
         .cancelled = 1,
         .picked = 1,
         .shipped = 1,
         .total_now = 4},
        {.ordered = 2, .allocated = 2, .total_now = 2},
    };
    struct order order = {.lines = lines, .line_count = 2, .charges_now = 7};
    order.totals.total = 99;
    struct order_facts facts = order_facts_of(&order);
    assert_int_equal(facts.total, 99);
    assert_int_equal(facts.total_now, 13);
    assert_int_equal(facts.ordered, 5);
    assert_int_equal(facts.cancelled, 1);
    assert_int_equal(facts.picked, 1);
    assert_int_equal(facts.shipped, 1);
}

static void an_order_under_review_is_not_payable(void **state)
{
    (void)state;
    assert_true(order_is_payable(&(struct order_facts){.total = 5}));
    assert_false(
        order_is_payable(&(struct order_facts){.is_review_open = true}));
}

static void statuses_follow_from_facts(void **state)
{
    (void)state;
    struct order_facts facts = {.ordered = 4, .total = 0};
    facts.total = 1;
    assert_string_equal(order_return_status(&facts), "none");
    assert_string_equal(order_fulfillment_status(&facts), "unfulfilled");
    assert_string_equal(order_delivery_status(&facts), "none");
    facts.picked = 1;
    assert_string_equal(order_fulfillment_status(&facts), "in_progress");
    facts.shipped = 1;
    assert_string_equal(order_fulfillment_status(&facts),
                        "partially_fulfilled");
    assert_string_equal(order_delivery_status(&facts), "partially_in_transit");
    facts.shipped = 3;
    facts.cancelled = 1;
    assert_string_equal(order_fulfillment_status(&facts), "fulfilled");
    assert_string_equal(order_delivery_status(&facts), "in_transit");
    facts.delivered = 1;
    assert_string_equal(order_delivery_status(&facts), "partially_delivered");
    facts.delivery_flags = ORDER_DELIVERY_TROUBLE;
    assert_string_equal(order_delivery_status(&facts), "exception");
    facts.delivery_flags = 0;
    facts.delivered = 3;
    assert_string_equal(order_delivery_status(&facts), "delivered");
    facts.cancelled = 0;
    assert_string_equal(order_delivery_status(&facts), "partially_delivered");
    facts = (struct order_facts){.ordered = 4, .cancelled = 4};
    assert_string_equal(order_fulfillment_status(&facts), "not_required");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(the_grid_is_the_checked_in_one),
        TEST(a_move_changes_the_status_only_where_it_is_listed),
        TEST(names_of_statuses_are_read_back),
        TEST(facts_sum_the_lines),
        TEST(an_order_under_review_is_not_payable),
        TEST(statuses_follow_from_facts),
    };
    return RUN_TESTS(tests, argc, argv);
}
