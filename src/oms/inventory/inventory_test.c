/* inventory_test.c - the hot face of stock, release, verify. */
#include "base/str.h"
#include "oms/inventory/inventory_stock.h"
#include "oms/inventory/inventory_store.h"
#include "oms/inventory/inventory_testkit.h"
#include "oms/room.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#undef fail /* cmocka's, which hides ours. */

enum { EVENT = 77 };

/* ---- the hot face ---- */

static void A3_04_committing_takes_units_of_one_location(void **state)
{
    (void)state;
    struct stall stall = stall_open();
    struct stall_take t = {.stall = &stall, .order = 5, .each = 4, .times = 1};
    assert_int_equal(testkit_run(stall.kit, stall_take, &t), OK);
    struct stock_level level = stall_level(&stall, stall.here);
    assert_int_equal(level.on_hand, 10);
    assert_int_equal(level.committed, 4);
    assert_int_equal(stock_available(&level), 6);
    stall_close(&stall);
}

static void
C3_I6_a_batch_touching_one_level_twice_is_checked_on_the_sum(void **state)
{
    (void)state;
    struct stall stall = stall_open();
    struct stall_take t = {.stall = &stall, .order = 5, .each = 6, .times = 2};
    assert_int_equal(testkit_run(stall.kit, stall_take, &t), ERR_STATE);
    assert_int_equal(stall_level(&stall, stall.here).committed, 0);
    t = (struct stall_take){.stall = &stall, .order = 5, .each = 5, .times = 2};
    assert_int_equal(testkit_run(stall.kit, stall_take, &t), OK);
    struct stock_level level = stall_level(&stall, stall.here);
    assert_int_equal(level.committed, 10);
    assert_int_equal(stock_available(&level), 0);
    t = (struct stall_take){.stall = &stall, .order = 6, .each = 1, .times = 1};
    assert_int_equal(testkit_run(stall.kit, stall_take, &t), ERR_STATE);
    stall_close(&stall);
}

struct walk {
    struct level_key key;
    struct movement *rows;
    size_t count;
};

static err_t walk(struct ctx *ctx, void *arg)
{
    struct walk *w = arg;
    struct stock_level level;
    TRY(level_get(ctx, w->key.sku, w->key.location, &level));
    return movement_walk(ctx, &w->key, (movement_id){level.last_movement_id},
                         100, &w->rows, &w->count);
}

static void movements_of_one_batch_on_one_level_form_one_chain(void **state)
{
    (void)state;
    struct stall stall = stall_open();
    struct stall_take t = {.stall = &stall, .order = 5, .each = 2, .times = 3};
    assert_int_equal(testkit_run(stall.kit, stall_take, &t), OK);
    struct walk w = {
        .key = {stall.sku.id, stall.here}
    };
    assert_int_equal(testkit_read(stall.kit, walk, &w), OK);
    assert_int_equal(w.count, 4);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(w.rows[i].type, MOVEMENT_COMMIT);
        assert_int_equal(w.rows[i].from, STOCK_AVAILABLE);
        assert_int_equal(w.rows[i].to, STOCK_COMMITTED);
        assert_int_equal(w.rows[i].ref_kind, REF_ORDER);
        assert_int_equal(w.rows[i].ref_id, 5);
        assert_int_equal(w.rows[i].prev.v, w.rows[i + 1].id.v);
    }
    assert_int_equal(w.rows[3].type, MOVEMENT_ADJUST);
    assert_int_equal(w.rows[3].prev.v, 0);
    stall_close(&stall);
}

/* Saves with a stale picture of the level: what a lost guard looks like. */
static err_t take_stale(struct ctx *ctx, void *arg)
{
    struct stall_take *t = arg;
    struct stock *first, *second;
    TRY(stock_lock(ctx, &t->stall->sku.id, 1, &first));
    TRY(stock_lock(ctx, &t->stall->sku.id, 1, &second));
    struct stock_owner owner = {.kind = OWNER_ORDER_LINE, .id = 8, .n = 1};
    TRY(stall_event(ctx, &owner.event_id));
    struct stock_level *level =
        stock_level_find(first, t->stall->sku.id, t->stall->here);
    (void)stock_commit(ctx, first, level, 8, &owner);
    TRY(stock_save(ctx, first));
    level = stock_level_find(second, t->stall->sku.id, t->stall->here);
    (void)stock_commit(ctx, second, level, 8, &owner);
    err_t err = stock_save(ctx, second);
    assert_int_equal(err, ERR_RETRY);
    return fail(ctx, ERR_STATE, "", "as it should be");
}

static void a_guard_that_does_not_hold_asks_for_another_run(void **state)
{
    (void)state;
    struct stall stall = stall_open();
    struct stall_take t = {.stall = &stall};
    assert_int_equal(testkit_run(stall.kit, take_stale, &t), ERR_STATE);
    assert_int_equal(stall_level(&stall, stall.here).committed, 0);
    stall_close(&stall);
}

/* ---- release ---- */

struct release {
    order_id order;
    struct stock_release rows[4];
    size_t count;
    struct reservation *found;
    size_t found_count;
};

static err_t list_reservations(struct ctx *ctx, void *arg)
{
    struct release *r = arg;
    return inventory_reservations_list(ctx, r->order, &r->found,
                                       &r->found_count);
}

static err_t release(struct ctx *ctx, void *arg)
{
    struct release *r = arg;
    int64_t event;
    TRY(stall_event(ctx, &event));
    return inventory_release(ctx, r->order, r->rows, r->count, event);
}

static void a_released_row_gives_its_units_back_once(void **state)
{
    (void)state;
    struct stall stall = stall_open();
    struct stall_take t = {.stall = &stall, .order = 5, .each = 3, .times = 2};
    assert_int_equal(testkit_run(stall.kit, stall_take, &t), OK);
    struct release r = {.order = {5}};
    assert_int_equal(testkit_read(stall.kit, list_reservations, &r), OK);
    assert_int_equal(r.found_count, 2);
    r.rows[0] = (struct stock_release){r.found[0].id, 3};
    r.count = 1;
    assert_int_equal(testkit_run(stall.kit, release, &r), OK);
    assert_int_equal(stall_level(&stall, stall.here).committed, 3);
    assert_int_equal(testkit_run(stall.kit, release, &r), ERR_STATE);
    assert_int_equal(stall_level(&stall, stall.here).committed, 3);
    stall_close(&stall);
}

static void a_row_released_in_part_points_to_its_successor(void **state)
{
    (void)state;
    struct stall stall = stall_open();
    struct stall_take t = {.stall = &stall, .order = 5, .each = 5, .times = 1};
    assert_int_equal(testkit_run(stall.kit, stall_take, &t), OK);
    struct release r = {.order = {5}, .count = 1};
    assert_int_equal(testkit_read(stall.kit, list_reservations, &r), OK);
    r.rows[0] = (struct stock_release){r.found[0].id, 2};
    assert_int_equal(testkit_run(stall.kit, release, &r), OK);
    assert_int_equal(testkit_read(stall.kit, list_reservations, &r), OK);
    assert_int_equal(r.found_count, 2);
    assert_int_equal(r.found[0].state, RESERVATION_MOVED);
    assert_int_equal(r.found[1].state, RESERVATION_COMMITTED);
    assert_int_equal(r.found[1].qty, 3);
    assert_int_equal(r.found[1].owner_n, 1);
    assert_int_equal(stall_level(&stall, stall.here).committed, 3);
    stall_close(&stall);
}

static void more_than_a_row_holds_is_not_released(void **state)
{
    (void)state;
    struct stall stall = stall_open();
    struct stall_take t = {.stall = &stall, .order = 5, .each = 5, .times = 1};
    assert_int_equal(testkit_run(stall.kit, stall_take, &t), OK);
    struct release r = {.order = {5}, .count = 1};
    assert_int_equal(testkit_read(stall.kit, list_reservations, &r), OK);
    r.rows[0] = (struct stock_release){r.found[0].id, 6};
    assert_int_equal(testkit_run(stall.kit, release, &r), ERR_STATE);
    r.rows[0] = (struct stock_release){{12345}, 1};
    assert_int_equal(testkit_run(stall.kit, release, &r), ERR_NOT_FOUND);
    assert_int_equal(stall_level(&stall, stall.here).committed, 5);
    stall_close(&stall);
}

/* ---- verify sees what is wrong ---- */

/* Damages the store below the rules: a movement nobody asked for. */
static err_t damage(struct ctx *ctx, void *arg)
{
    struct stall *stall = arg;
    struct stock *stock;
    TRY(stock_lock(ctx, &stall->sku.id, 1, &stock));
    struct stock_level *level =
        stock_level_find(stock, stall->sku.id, stall->here);
    struct stock_owner owner = {
        .kind = OWNER_ORDER_LINE, .id = 9, .n = 1, .event_id = EVENT};
    (void)stock_reserve(ctx, stock, level, &owner, 2);
    return stock_save(ctx, stock);
}

static void I4_verify_finds_a_reservation_that_no_level_counts(void **state)
{
    (void)state;
    struct stall stall = stall_open();
    assert_int_equal(testkit_run(stall.kit, damage, &stall), OK);
    str first;
    assert_int_equal(testkit_verify(stall.kit, &inventory_room, &first), 1);
    assert_true(str_starts(first, STR("I4 sku_")));
    testkit_close(stall.kit);
}

/* Two levels saved from one picture, their chains crossed. */
static err_t break_chain(struct ctx *ctx, void *arg)
{
    struct stall *stall = arg;
    struct stock *stock;
    TRY(stock_lock(ctx, &stall->sku.id, 1, &stock));
    struct stock_level *level =
        stock_level_find(stock, stall->sku.id, stall->here);
    struct stock_move move = {.type = MOVEMENT_ADJUST,
                              .from = STOCK_OUTSIDE,
                              .to = STOCK_AVAILABLE,
                              .qty = 1,
                              .event_id = EVENT};
    level->last_movement_id = 1; /* The row's own guard still holds. */
    stock_move(ctx, stock, level, &move);
    return stock_save(ctx, stock);
}

static void I3_verify_finds_a_broken_chain_and_a_missing_event(void **state)
{
    (void)state;
    struct stall stall = stall_open();
    assert_int_equal(testkit_run(stall.kit, break_chain, &stall), OK);
    str first;
    assert_int_equal(testkit_verify(stall.kit, &inventory_room, &first), 2);
    assert_true(str_starts(first, STR("I3 sku_")));
    testkit_close(stall.kit);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            C3_I6_a_batch_touching_one_level_twice_is_checked_on_the_sum),
        cmocka_unit_test(A3_04_committing_takes_units_of_one_location),
        cmocka_unit_test(movements_of_one_batch_on_one_level_form_one_chain),
        cmocka_unit_test(a_guard_that_does_not_hold_asks_for_another_run),
        cmocka_unit_test(a_released_row_gives_its_units_back_once),
        cmocka_unit_test(a_row_released_in_part_points_to_its_successor),
        cmocka_unit_test(more_than_a_row_holds_is_not_released),
        cmocka_unit_test(I4_verify_finds_a_reservation_that_no_level_counts),
        cmocka_unit_test(I3_verify_finds_a_broken_chain_and_a_missing_event),
    };
    int bad = 0;
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    do
        bad += cmocka_run_group_tests_name("inventory", tests, NULL, NULL);
    while (testkit_next_engine());
    return bad;
}
