/* inventory_rules_test.c - the pure rules of stock. */
#include "oms/inventory/inventory_rules.h"

#include "base/testing_grid.h"

static void the_grid_is_the_checked_in_one(void **state)
{
    struct ctx *ctx = *state;
    assert_grid(ctx->arena, &reservation_machine, "docs/states/reservation.md",
                1u << RESERVATION_CONSUMED | 1u << RESERVATION_RELEASED |
                    1u << RESERVATION_EXPIRED | 1u << RESERVATION_MOVED);
}

static struct stock_level full_level(void)
{
    return (struct stock_level){.on_hand = 100,
                                .committed = 1,
                                .reserved = 2,
                                .damaged = 4,
                                .quality_control = 8,
                                .held = 16,
                                .incoming = 1000,
                                .safety_stock = 32};
}

static void available_is_the_whole_formula(void **state)
{
    (void)state;
    struct stock_level level = full_level();
    assert_int_equal(stock_available(&level), 100 - 63);
    level.delta_committed = 10;
    level.delta_on_hand = -5;
    level.delta_reserved = 1;
    level.delta_damaged = 1;
    level.delta_quality_control = 1;
    level.delta_held = 1;
    assert_int_equal(stock_available(&level), 100 - 63 - 19);
    level.safety_stock = 1000;
    assert_true(stock_available(&level) < 0);
}

static void an_adjustment_goes_where_it_says(void **state)
{
    (void)state;
    enum stock_bucket from, to;
    int64_t qty;
    struct adjust_item item = {.delta = 3, .bucket = STOCK_DAMAGED};
    adjust_route(&item, &from, &to, &qty);
    assert_int_equal(from, STOCK_OUTSIDE);
    assert_int_equal(to, STOCK_DAMAGED);
    assert_int_equal(qty, 3);
    item.delta = -3;
    adjust_route(&item, &from, &to, &qty);
    assert_int_equal(from, STOCK_DAMAGED);
    assert_int_equal(to, STOCK_OUTSIDE);
    assert_int_equal(qty, 3);
    item = (struct adjust_item){
        .delta = 2, .is_move = true, .from = STOCK_HELD, .to = STOCK_AVAILABLE};
    adjust_route(&item, &from, &to, &qty);
    assert_int_equal(from, STOCK_HELD);
    assert_int_equal(to, STOCK_AVAILABLE);
    assert_int_equal(qty, 2);
}

static void an_adjustment_must_move_something_somewhere(void **state)
{
    struct ctx *ctx = *state;
    struct adjust_item item = {.bucket = STOCK_AVAILABLE,
                               .from = STOCK_AVAILABLE,
                               .to = STOCK_AVAILABLE};
    assert_int_equal(adjust_check(ctx, &item), ERR_INVALID);
    err_clear(ctx);
    item.delta = LIMIT_QTY + 1;
    assert_int_equal(adjust_check(ctx, &item), ERR_INVALID);
    err_clear(ctx);
    item.delta = -LIMIT_QTY;
    assert_ok(ctx, adjust_check(ctx, &item));
    item.is_move = true;
    assert_int_equal(adjust_check(ctx, &item), ERR_INVALID);
    assert_slug(ctx, "number_out_of_range");
    err_clear(ctx);
    item.delta = 1;
    assert_int_equal(adjust_check(ctx, &item), ERR_INVALID);
    assert_slug(ctx, "same_bucket");
    err_clear(ctx);
    item.to = STOCK_HELD;
    assert_ok(ctx, adjust_check(ctx, &item));
}

static void names_are_those_of_the_contract(void **state)
{
    (void)state;
    assert_string_equal(location_type_name(LOCATION_3PL), "3pl");
    assert_string_equal(stock_bucket_name(STOCK_OUTSIDE), "outside");
    assert_string_equal(stock_bucket_name(STOCK_HELD), "held");
    assert_string_equal(movement_type_name(MOVEMENT_ADJUST), "adjust");
    assert_string_equal(movement_type_name(MOVEMENT_MOVE), "move");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(the_grid_is_the_checked_in_one),
        TEST(available_is_the_whole_formula),
        TEST(an_adjustment_goes_where_it_says),
        TEST(an_adjustment_must_move_something_somewhere),
        TEST(names_are_those_of_the_contract),
    };
    return RUN_TESTS(tests, argc, argv);
}
