/* inventory_hold_test.c - units held, confirmed and given back, by row. */
#include "base/str.h"
#include "oms/inventory/inventory_stock.h"
#include "oms/inventory/inventory_testkit.h"
#include "oms/room.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#undef fail /* cmocka's, which hides ours. */

enum { HOLD = 7, ORDER = 8 };

struct deed {
    struct stall *stall;
    int64_t qty;  /* Of TEA. */
    int lines;    /* Confirm: so many order lines, qty each. */
    bool is_late; /* Expired, not released. */
};

static err_t hold(struct ctx *ctx, void *arg)
{
    struct deed *deed = arg;
    struct stock *stock;
    struct stock_owner owner = {.kind = OWNER_HOLD, .id = HOLD, .n = 1};
    TRY(stock_lock(ctx, &deed->stall->sku.id, 1, &stock));
    TRY(stall_event(ctx, &owner.event_id));
    struct stock_level *level =
        stock_level_find(stock, deed->stall->sku.id, deed->stall->here);
    (void)stock_hold(ctx, stock, level, deed->qty, &owner);
    return stock_save(ctx, stock);
}

static err_t end(struct ctx *ctx, void *arg)
{
    struct deed *deed = arg;
    struct stock *stock;
    struct stock_held *held;
    size_t count;
    int64_t id = HOLD;
    struct stock_owner owner = {.kind = OWNER_ORDER_LINE, .id = ORDER};
    TRY(inventory_held_list(ctx, &id, 1, &held, &count));
    if (count == 0)
        return fail(ctx, ERR_NOT_FOUND, "", "nothing is held");
    TRY(stock_lock(ctx, &held[0].sku, 1, &stock));
    ASSERT(stock_covers(stock, held, count));
    TRY(stall_event(ctx, &owner.event_id));
    for (int i = 0; i < deed->lines; i++) {
        owner.n = i + 1;
        (void)stock_confirm(ctx, stock, &held[0], deed->qty, &owner);
    }
    stock_unhold(ctx, stock, &held[0],
                 deed->is_late ? RESERVATION_EXPIRED : RESERVATION_RELEASED,
                 owner.event_id);
    return stock_save(ctx, stock);
}

static void expect_level(struct stall *stall, int64_t reserved,
                         int64_t committed)
{
    struct stock_level level = stall_level(stall, stall->here);
    assert_int_equal(level.on_hand, 10);
    assert_int_equal(level.reserved, reserved);
    assert_int_equal(level.committed, committed);
    assert_int_equal(stock_available(&level), 10 - reserved - committed);
}

static void A3_19_held_units_are_reserved_and_come_back_once(void **state)
{
    (void)state;
    struct stall stall = stall_open();
    struct deed deed = {.stall = &stall, .qty = 4};
    assert_int_equal(testkit_run(stall.kit, hold, &deed), OK);
    expect_level(&stall, 4, 0);
    assert_int_equal(testkit_run(stall.kit, end, &deed), OK);
    expect_level(&stall, 0, 0);
    assert_int_equal(testkit_run(stall.kit, end, &deed), ERR_NOT_FOUND);
    expect_level(&stall, 0, 0);
    stall_close(&stall);
}

static void an_expired_row_gives_its_units_back(void **state)
{
    (void)state;
    struct stall stall = stall_open();
    struct deed deed = {.stall = &stall, .qty = 10, .is_late = true};
    assert_int_equal(testkit_run(stall.kit, hold, &deed), OK);
    expect_level(&stall, 10, 0);
    assert_int_equal(testkit_run(stall.kit, end, &deed), OK);
    expect_level(&stall, 0, 0);
    stall_close(&stall);
}

static void A3_19_a_confirmed_row_feeds_lines_and_frees_the_rest(void **state)
{
    (void)state;
    struct stall stall = stall_open();
    struct deed deed = {.stall = &stall, .qty = 9};
    assert_int_equal(testkit_run(stall.kit, hold, &deed), OK);
    deed = (struct deed){.stall = &stall, .qty = 3, .lines = 2};
    assert_int_equal(testkit_run(stall.kit, end, &deed), OK);
    expect_level(&stall, 0, 6);
    stall_close(&stall);
}

/* The same row ended twice in one batch: its guard holds once. */
static err_t end_twice(struct ctx *ctx, void *arg)
{
    struct deed *deed = arg;
    struct stock *stock;
    struct stock_held *held;
    size_t count;
    int64_t id = HOLD, event;
    TRY(inventory_held_list(ctx, &id, 1, &held, &count));
    TRY(stock_lock(ctx, &deed->stall->sku.id, 1, &stock));
    TRY(stall_event(ctx, &event));
    struct stock_held again = held[0];
    again.left = 0;
    stock_unhold(ctx, stock, &held[0], RESERVATION_RELEASED, event);
    stock_unhold(ctx, stock, &again, RESERVATION_EXPIRED, event);
    err_t err = stock_save(ctx, stock);
    return err == ERR_RETRY ? fail(ctx, ERR_STATE, "", "caught") : err;
}

static void a_row_ends_once(void **state)
{
    (void)state;
    struct stall stall = stall_open();
    struct deed deed = {.stall = &stall, .qty = 2};
    assert_int_equal(testkit_run(stall.kit, hold, &deed), OK);
    assert_int_equal(testkit_run(stall.kit, end_twice, &deed), ERR_STATE);
    expect_level(&stall, 2, 0);
    stall_close(&stall);
}

/* Ends a row and forgets its units. */
static err_t lose(struct ctx *ctx, void *arg)
{
    struct deed *deed = arg;
    struct stock *stock;
    struct stock_held *held;
    size_t count;
    int64_t id = HOLD;
    TRY(inventory_held_list(ctx, &id, 1, &held, &count));
    TRY(stock_lock(ctx, &deed->stall->sku.id, 1, &stock));
    stock_end(stock, &held[0], RESERVATION_EXPIRED);
    return stock_save(ctx, stock);
}

static void I4_verify_finds_units_reserved_for_nobody(void **state)
{
    (void)state;
    struct stall stall = stall_open();
    struct deed deed = {.stall = &stall, .qty = 2};
    assert_int_equal(testkit_run(stall.kit, hold, &deed), OK);
    assert_int_equal(testkit_run(stall.kit, lose, &deed), OK);
    str first;
    assert_int_equal(testkit_verify(stall.kit, &inventory_room, &first), 1);
    assert_true(str_starts(first, STR("I4 sku_")));
    testkit_close(stall.kit);
}

static err_t confirm_nothing(struct ctx *ctx, void *arg)
{
    struct deed *deed = arg;
    struct stock *stock;
    struct stock_held *held;
    size_t count;
    int64_t id = HOLD, event;
    TRY(inventory_held_list(ctx, &id, 1, &held, &count));
    TRY(stock_lock(ctx, &deed->stall->sku.id, 1, &stock));
    TRY(stall_event(ctx, &event));
    stock_unhold(ctx, stock, &held[0], RESERVATION_RELEASED, event);
    stock->ends[0].state = RESERVATION_COMMITTED;
    return stock_save(ctx, stock);
}

static void I4_verify_finds_a_confirmed_row_without_successor(void **state)
{
    (void)state;
    struct stall stall = stall_open();
    struct deed deed = {.stall = &stall, .qty = 2};
    assert_int_equal(testkit_run(stall.kit, hold, &deed), OK);
    assert_int_equal(testkit_run(stall.kit, confirm_nothing, &deed), OK);
    str first;
    assert_int_equal(testkit_verify(stall.kit, &inventory_room, &first), 1);
    assert_true(str_starts(first, STR("I4 rsv_")));
    testkit_close(stall.kit);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(A3_19_held_units_are_reserved_and_come_back_once),
        cmocka_unit_test(an_expired_row_gives_its_units_back),
        cmocka_unit_test(A3_19_a_confirmed_row_feeds_lines_and_frees_the_rest),
        cmocka_unit_test(a_row_ends_once),
        cmocka_unit_test(I4_verify_finds_units_reserved_for_nobody),
        cmocka_unit_test(I4_verify_finds_a_confirmed_row_without_successor),
    };
    int bad = 0;
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    do
        bad += cmocka_run_group_tests_name("inventory hold", tests, NULL, NULL);
    while (testkit_next_engine());
    return bad;
}
