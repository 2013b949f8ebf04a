/* order_rules_test.c - the moves of an order and what its facts mean. */
#include "oms/order/order_rules.h"

#include "base/testing.h"

enum { STATES = ORDER_DISCARDED + 1, EVENTS = ORDER_EVENT_RECORD + 1 };

static const char *read_file(struct arena *arena, const char *path)
{
    enum { MOST = 16384 };
    char *text = arena_alloc(arena, MOST);
    FILE *file = fopen(path, "r");
    if (!file)
        return "";
    size_t len = fread(text, 1, MOST - 1, file);
    fclose(file);
    text[len] = '\0';
    return text;
}

/* The grid as docs/states/order.md has it. */
static str grid(struct arena *arena)
{
    str text = STR("| from \\ event |");
    for (int e = 1; e < EVENTS; e++)
        text = str_printf(arena, "%.*s %s |", STR_ARG(text),
                          order_event_name((enum order_event)e));
    text = str_printf(arena, "%.*s\n|---|---|---|---|---|---|---|---|---|---|",
                      STR_ARG(text));
    for (int s = 0; s < STATES; s++) {
        text = str_printf(arena, "%.*s\n| %s |", STR_ARG(text),
                          order_status_name((enum order_status)s));
        for (int e = 1; e < EVENTS; e++) {
            enum order_status to =
                order_next((enum order_status)s, (enum order_event)e);
            text = str_printf(arena, "%.*s %s |", STR_ARG(text),
                              to ? order_status_name(to) : "-");
        }
    }
    return text;
}

static void the_grid_is_the_checked_in_one(void **state)
{
    struct ctx *ctx = *state;
    /* From the root, or from the build folder where meson runs tests. */
    const char *doc = read_file(ctx->arena, "docs/states/order.md");
    if (!*doc)
        doc = read_file(ctx->arena, "../../docs/states/order.md");
    str now = grid(ctx->arena);
    if (!strstr(doc, str_to_cstr(ctx->arena, now)))
        fail_msg("docs/states/order.md is stale; the grid is now:\n%.*s\n",
                 STR_ARG(now));
}

static void each_state_is_reachable_and_has_a_way_out(void **state)
{
    (void)state;
    bool seen[STATES] = {[ORDER_STATUS_NONE] = true};
    for (int round = 0; round < STATES; round++)
        for (int s = 0; s < STATES; s++)
            for (int e = 1; e < EVENTS && seen[s]; e++)
                seen[order_next((enum order_status)s, (enum order_event)e)] =
                    true;
    for (int s = 0; s < STATES; s++) {
        bool has_exit = false;
        for (int e = 1; e < EVENTS; e++)
            has_exit |=
                order_next((enum order_status)s, (enum order_event)e) != 0;
        bool is_final =
            s == ORDER_CANCELLED || s == ORDER_EXPIRED || s == ORDER_DISCARDED;
        assert_true(seen[s]);
        assert_int_equal(has_exit, !is_final);
    }
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
    for (int s = ORDER_DRAFT; s < STATES; s++) {
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
        {.ordered = 3,  .cancelled = 1, .picked = 1, .shipped = 1},
        {.ordered = 2, .allocated = 2              },
    };
    struct order order = {.lines = lines, .line_count = 2};
    order.totals.total = 99;
    struct order_facts facts = order_facts_of(&order);
    assert_int_equal(facts.total, 99);
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
    assert_string_equal(order_payment_status(&facts), "not_required");
    facts.total = 1;
    assert_string_equal(order_payment_status(&facts), "unpaid");
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
        TEST(each_state_is_reachable_and_has_a_way_out),
        TEST(a_move_changes_the_status_only_where_it_is_listed),
        TEST(names_of_statuses_are_read_back),
        TEST(facts_sum_the_lines),
        TEST(an_order_under_review_is_not_payable),
        TEST(statuses_follow_from_facts),
    };
    return RUN_TESTS(tests, argc, argv);
}
