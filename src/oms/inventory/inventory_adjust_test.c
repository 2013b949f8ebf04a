/* inventory_adjust_test.c - stock changed by hand. */
#include "base/str.h"
#include "oms/inventory/inventory_command.h"
#include "oms/inventory/inventory_testkit.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#undef fail /* cmocka's, which hides ours. */

/* ---- adjust ---- */

struct adjusting {
    struct adjust_item items[4];
    struct adjust_result results[4];
    size_t count;
};

static err_t adjust(struct ctx *ctx, void *arg)
{
    struct adjusting *a = arg;
    return inventory_adjust(ctx, STR("count"), a->items, a->count, a->results);
}

static struct adjust_item plain(const char *location, int64_t delta)
{
    return (struct adjust_item){.sku = STR("TEA"),
                                .location = str_from_cstr(location),
                                .delta = delta,
                                .bucket = STOCK_AVAILABLE};
}

static void
A3_08_adjusting_answers_per_item_and_sees_earlier_items(void **state)
{
    (void)state;
    struct stall stall = stall_open();
    struct adjusting a = {.count = 4};
    a.items[0] = plain("there", -1);
    a.items[1] = plain("here", -8);
    a.items[2] = plain("here", -3);
    a.items[3] = plain("nowhere", 1);
    assert_int_equal(testkit_run(stall.kit, adjust, &a), OK);
    assert_false(a.results[0].is_ok);
    assert_string_equal(a.results[0].err.slug, "not_enough_stock");
    assert_true(a.results[1].is_ok);
    assert_int_equal(a.results[1].level.on_hand, 2);
    assert_false(a.results[2].is_ok);
    assert_string_equal(a.results[2].err.slug, "not_enough_stock");
    assert_false(a.results[3].is_ok);
    assert_string_equal(a.results[3].err.slug, "location_unknown");
    assert_int_equal(stall_level(&stall, stall.here).on_hand, 2);
    assert_int_equal(testkit_events(stall.kit, "stock.adjusted"), 2);
    stall_close(&stall);
}

static void I2_adjusting_below_what_is_committed_is_refused(void **state)
{
    (void)state;
    struct stall stall = stall_open();
    struct stall_take t = {.stall = &stall, .order = 5, .each = 7, .times = 1};
    assert_int_equal(testkit_run(stall.kit, stall_take, &t), OK);
    struct adjusting a = {.count = 1};
    a.items[0] = plain("here", -4);
    assert_int_equal(testkit_run(stall.kit, adjust, &a), OK);
    assert_false(a.results[0].is_ok);
    a.items[0] = plain("here", -3);
    assert_int_equal(testkit_run(stall.kit, adjust, &a), OK);
    assert_true(a.results[0].is_ok);
    assert_int_equal(stall_level(&stall, stall.here).on_hand, 7);
    stall_close(&stall);
}

static void units_move_between_buckets_and_stay_on_hand(void **state)
{
    (void)state;
    struct stall stall = stall_open();
    struct adjusting a = {.count = 3};
    for (size_t i = 0; i < 3; i++) {
        a.items[i] = plain("here", 2);
        a.items[i].is_move = true;
        a.items[i].from = STOCK_AVAILABLE;
    }
    a.items[0].to = STOCK_DAMAGED;
    a.items[1].to = STOCK_QUALITY_CONTROL;
    a.items[2].to = STOCK_HELD;
    assert_int_equal(testkit_run(stall.kit, adjust, &a), OK);
    struct stock_level level = stall_level(&stall, stall.here);
    assert_int_equal(level.on_hand, 10);
    assert_int_equal(level.damaged, 2);
    assert_int_equal(level.quality_control, 2);
    assert_int_equal(level.held, 2);
    assert_int_equal(stock_available(&level), 4);
    a.count = 2;
    a.items[0] = plain("here", -2);
    a.items[0].bucket = STOCK_DAMAGED;
    a.items[1] = plain("here", 5);
    a.items[1].is_move = true;
    a.items[1].from = STOCK_HELD;
    a.items[1].to = STOCK_AVAILABLE;
    assert_int_equal(testkit_run(stall.kit, adjust, &a), OK);
    assert_true(a.results[0].is_ok);
    assert_false(a.results[1].is_ok);
    level = stall_level(&stall, stall.here);
    assert_int_equal(level.on_hand, 8);
    assert_int_equal(level.damaged, 0);
    stall_close(&stall);
}

static void an_untracked_sku_takes_no_stock(void **state)
{
    (void)state;
    struct stall stall = stall_open();
    struct adjusting a = {.count = 1};
    a.items[0] = plain("here", 1);
    a.items[0].sku = STR("WRAP");
    assert_int_equal(testkit_run(stall.kit, adjust, &a), OK);
    assert_false(a.results[0].is_ok);
    assert_string_equal(a.results[0].err.slug, "sku_untracked");
    stall_close(&stall);
}

static void a_level_holds_no_more_than_its_limit(void **state)
{
    (void)state;
    struct stall stall = stall_open();
    struct adjusting a = {.count = 2};
    a.items[0] = plain("here", LIMIT_QTY - 10);
    a.items[1] = plain("here", 1);
    assert_int_equal(testkit_run(stall.kit, adjust, &a), OK);
    assert_true(a.results[0].is_ok);
    assert_false(a.results[1].is_ok);
    assert_string_equal(a.results[1].err.slug, "number_out_of_range");
    stall_close(&stall);
}

/* ---- set ---- */

struct setting {
    struct set_cmd cmd;
    struct stock_level level;
};

static err_t set(struct ctx *ctx, void *arg)
{
    struct setting *s = arg;
    return inventory_set(ctx, &s->cmd, &s->level);
}

static struct setting setting_of(int64_t on_hand)
{
    return (struct setting){
        .cmd = {.sku = STR("TEA"),
                .location = STR("here"),
                .on_hand = on_hand,
                .reason = STR("count")}
    };
}

static void A3_08_setting_compares_with_what_the_caller_saw(void **state)
{
    (void)state;
    struct stall stall = stall_open();
    struct setting s = setting_of(25);
    s.cmd.expected = 10;
    assert_int_equal(testkit_run(stall.kit, set, &s), OK);
    assert_int_equal(s.level.on_hand, 25);
    int64_t version = s.level.version;
    assert_int_equal(testkit_run(stall.kit, set, &s), ERR_STALE);
    assert_int_equal(stall.kit->err.version, version);
    s.cmd.by_version = true;
    s.cmd.expected = version - 1;
    assert_int_equal(testkit_run(stall.kit, set, &s), ERR_STALE);
    s.cmd.expected = version;
    s.cmd.on_hand = 3;
    assert_int_equal(testkit_run(stall.kit, set, &s), OK);
    assert_int_equal(s.level.version, version + 1);
    assert_int_equal(stall_level(&stall, stall.here).on_hand, 3);
    assert_int_equal(testkit_events(stall.kit, "stock.set"), 2);
    stall_close(&stall);
}

static void A3_04_setting_makes_a_level_that_was_not_there(void **state)
{
    (void)state;
    struct stall stall = stall_open();
    struct setting s = setting_of(4);
    s.cmd.location = STR("there");
    s.cmd.expected = 1;
    assert_int_equal(testkit_run(stall.kit, set, &s), ERR_STALE);
    s.cmd.expected = 0;
    assert_int_equal(testkit_run(stall.kit, set, &s), OK);
    assert_int_equal(stall_level(&stall, stall.there).on_hand, 4);
    stall_close(&stall);
}

static void setting_below_what_is_committed_is_refused(void **state)
{
    (void)state;
    struct stall stall = stall_open();
    struct stall_take t = {.stall = &stall, .order = 5, .each = 7, .times = 1};
    assert_int_equal(testkit_run(stall.kit, stall_take, &t), OK);
    struct setting s = setting_of(6);
    s.cmd.expected = 10;
    assert_int_equal(testkit_run(stall.kit, set, &s), ERR_STATE);
    assert_string_equal(stall.kit->err.slug, "units_claimed");
    s.cmd.on_hand = 7;
    assert_int_equal(testkit_run(stall.kit, set, &s), OK);
    stall_close(&stall);
}

static void safety_stock_is_kept_from_sale_but_not_moved(void **state)
{
    (void)state;
    struct stall stall = stall_open();
    struct setting s = setting_of(10);
    s.cmd.expected = 10;
    s.cmd.has_safety_stock = true;
    s.cmd.safety_stock = 8;
    assert_int_equal(testkit_run(stall.kit, set, &s), OK);
    assert_int_equal(stock_available(&s.level), 2);
    struct stall_take t = {.stall = &stall, .order = 5, .each = 3, .times = 1};
    assert_int_equal(testkit_run(stall.kit, stall_take, &t), ERR_STATE);
    t.each = 2;
    assert_int_equal(testkit_run(stall.kit, stall_take, &t), OK);
    s.cmd.safety_stock = 20;
    assert_int_equal(testkit_run(stall.kit, set, &s), OK);
    assert_int_equal(stock_available(&s.level), -12);
    stall_close(&stall);
}

static void the_same_count_again_changes_nothing(void **state)
{
    (void)state;
    struct stall stall = stall_open();
    struct setting s = setting_of(10);
    s.cmd.expected = 10;
    assert_int_equal(testkit_run(stall.kit, set, &s), OK);
    assert_int_equal(s.level.version, stall_level(&stall, stall.here).version);
    assert_int_equal(testkit_events(stall.kit, "stock.set"), 0);
    stall_close(&stall);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            A3_08_adjusting_answers_per_item_and_sees_earlier_items),
        cmocka_unit_test(I2_adjusting_below_what_is_committed_is_refused),
        cmocka_unit_test(units_move_between_buckets_and_stay_on_hand),
        cmocka_unit_test(an_untracked_sku_takes_no_stock),
        cmocka_unit_test(a_level_holds_no_more_than_its_limit),
        cmocka_unit_test(A3_08_setting_compares_with_what_the_caller_saw),
        cmocka_unit_test(A3_04_setting_makes_a_level_that_was_not_there),
        cmocka_unit_test(setting_below_what_is_committed_is_refused),
        cmocka_unit_test(safety_stock_is_kept_from_sale_but_not_moved),
        cmocka_unit_test(the_same_count_again_changes_nothing),
    };
    int bad = 0;
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    do
        bad +=
            cmocka_run_group_tests_name("inventory adjust", tests, NULL, NULL);
    while (testkit_next_engine());
    return bad;
}
