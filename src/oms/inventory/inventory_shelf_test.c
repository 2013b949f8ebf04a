/* inventory_shelf_test.c - levels kept in memory are what is stored, whatever
 * is undone, left undone, or done by somebody else. */
#include "base/arena.h"
#include "base/testing.h"
#include "oms/inventory/inventory_stock.h"
#include "oms/inventory/inventory_store.h"
#include "oms/inventory/inventory_testkit.h"
#include "store/engine.h"
#include "store/memo.h"

static int setup(void **state)
{
    struct stall *stall = mem_new(sizeof *stall);
    *stall = stall_open();
    *state = stall;
    return 0;
}

static int teardown(void **state)
{
    stall_close(*state);
    mem_free(*state);
    return 0;
}

#define STALL(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

/* ---- commands ---- */

struct look {
    struct stall *stall;
    const struct stock_shelf *shelf; /* Where it was found; not read. */
    bool holds;
    int64_t committed;
};

static err_t look(struct ctx *ctx, void *arg)
{
    struct look *look = arg;
    struct stock *stock;
    TRY(stock_lock(ctx, &look->stall->sku.id, 1, &stock));
    look->shelf = stock->shelves[0];
    look->holds = store_memo_holds(ctx);
    look->committed =
        stock_level_find(stock, look->stall->sku.id, look->stall->here)
            ->committed;
    return OK;
}

static struct look looked(struct stall *stall)
{
    struct look ret = {.stall = stall};
    assert_int_equal(testkit_run(stall->kit, look, &ret), OK);
    return ret;
}

static err_t take(struct ctx *ctx, struct stall *stall, int64_t qty, bool saves)
{
    struct stock *stock;
    struct stock_owner owner = {.kind = OWNER_ORDER_LINE, .id = 5, .n = 1};
    TRY(stock_lock(ctx, &stall->sku.id, 1, &stock));
    TRY(stall_event(ctx, &owner.event_id));
    (void)stock_commit(ctx, stock,
                       stock_level_find(stock, stall->sku.id, stall->here), qty,
                       &owner);
    return saves ? stock_save(ctx, stock) : OK;
}

static err_t take_two(struct ctx *ctx, void *arg)
{
    return take(ctx, arg, 2, true);
}

static err_t take_and_fail(struct ctx *ctx, void *arg)
{
    TRY(take(ctx, arg, 3, true));
    return fail(ctx, ERR_STATE, "", "as it should be");
}

static err_t take_and_leave(struct ctx *ctx, void *arg)
{
    return take(ctx, arg, 3, false);
}

/* ---- tests ---- */

static void what_is_kept_is_found_again(void **state)
{
    struct stall *stall = *state;
    struct look before = looked(stall);
    assert_int_equal(testkit_run(stall->kit, take_two, stall), OK);
    struct look after = looked(stall);
    assert_int_equal(after.committed, 2);
    if (after.holds)
        assert_ptr_equal(after.shelf, before.shelf);
}

static void what_is_undone_is_forgotten(void **state)
{
    struct stall *stall = *state;
    assert_int_equal(testkit_run(stall->kit, take_two, stall), OK);
    assert_int_equal(testkit_run(stall->kit, take_and_fail, stall), ERR_STATE);
    assert_int_equal(looked(stall).committed, 2);
    assert_int_equal(testkit_run(stall->kit, take_and_leave, stall), OK);
    assert_int_equal(looked(stall).committed, 2);
}

/* As the pipeline runs commands beside each other. */
static err_t take_in_parts(struct ctx *ctx, void *arg)
{
    struct stall *stall = arg;
    const struct engine_ops *ops = ctx->tx->ops;
    struct look now = {.stall = stall};
    TRY(ops->savepoint(ctx, ctx->tx));
    TRY(take(ctx, stall, 2, true));
    TRY(ops->release(ctx, ctx->tx));
    TRY(ops->savepoint(ctx, ctx->tx));
    TRY(look(ctx, &now));
    ASSERT(now.committed == 2);
    const struct stock_shelf *kept = now.shelf;
    TRY(ops->release(ctx, ctx->tx));
    TRY(ops->savepoint(ctx, ctx->tx));
    TRY(take(ctx, stall, 3, true));
    TRY(take(ctx, stall, 1, false));
    TRY(ops->undo(ctx, ctx->tx));
    TRY(look(ctx, &now));
    ASSERT(now.committed == 2 && now.shelf != kept);
    /* One that does not touch it leaves it where it is. */
    kept = now.shelf;
    TRY(ops->savepoint(ctx, ctx->tx));
    TRY(ops->undo(ctx, ctx->tx));
    TRY(look(ctx, &now));
    ASSERT(!now.holds || now.shelf == kept);
    return OK;
}

static void a_command_that_is_undone_takes_its_own_along(void **state)
{
    struct stall *stall = *state;
    assert_int_equal(testkit_run(stall->kit, take_in_parts, stall), OK);
    assert_int_equal(looked(stall).committed, 2);
}

/* Both have it, and only one may save what it did. */
static err_t lock_twice(struct ctx *ctx, void *arg)
{
    struct stall *stall = arg;
    struct stock *one, *two;
    struct stock_owner owner = {.kind = OWNER_ORDER_LINE, .id = 5, .n = 1};
    TRY(stall_event(ctx, &owner.event_id));
    TRY(stock_lock(ctx, &stall->sku.id, 1, &one));
    TRY(stock_lock(ctx, &stall->sku.id, 1, &two));
    (void)stock_commit(
        ctx, one, stock_level_find(one, stall->sku.id, stall->here), 4, &owner);
    ASSERT(stock_level_find(two, stall->sku.id, stall->here)->delta_committed ==
           0);
    return stock_save(ctx, one);
}

static void who_has_it_twice_has_it_apart(void **state)
{
    struct stall *stall = *state;
    assert_int_equal(testkit_run(stall->kit, lock_twice, stall), OK);
    assert_int_equal(looked(stall).committed, 4);
}

static err_t open_there(struct ctx *ctx, void *arg)
{
    struct stall *stall = arg;
    struct stock *stock;
    struct level_key key = {stall->sku.id, stall->there};
    TRY(level_lock(ctx, &key, 1, &stock));
    ASSERT(stock_level_find(stock, key.sku, key.location));
    return OK;
}

static void levels_that_are_made_are_seen(void **state)
{
    struct stall *stall = *state;
    (void)looked(stall);
    assert_int_equal(testkit_run(stall->kit, open_there, stall), OK);
    assert_int_equal(testkit_run(stall->kit, open_there, stall), OK);
}

static void what_others_write_is_seen(void **state)
{
    struct stall *stall = *state;
    (void)looked(stall);
    testkit_sql(stall->kit, "UPDATE levels SET committed = 7");
    assert_int_equal(looked(stall).committed, 7);
    testkit_sql(stall->kit, "UPDATE levels SET committed = 0");
    assert_int_equal(looked(stall).committed, 0);
}

/* Another link counts the levels of TEA that nobody has locked. */
static err_t lock_and_count(struct ctx *ctx, void *arg)
{
    struct stall *stall = arg;
    struct stock *stock;
    TRY(stock_lock(ctx, &stall->sku.id, 1, &stock));
    ASSERT(stock_level_find(stock, stall->sku.id, stall->there));
    if (!store_memo_holds(ctx))
        testkit_sql(stall->kit,
                    "DO $$ BEGIN IF (SELECT count(*) FROM (SELECT 1 FROM levels"
                    " FOR UPDATE SKIP LOCKED) AS l) <> 1 THEN RAISE EXCEPTION "
                    "'not one of two levels is free'; END IF; END $$");
    return OK;
}

static void one_level_of_a_sku_is_locked(void **state)
{
    struct stall *stall = *state;
    assert_int_equal(testkit_run(stall->kit, open_there, stall), OK);
    assert_int_equal(testkit_run(stall->kit, lock_and_count, stall), OK);
}

/* More than there is room for, also in one batch; most have no levels. */
static err_t lock_many(struct ctx *ctx, void *arg)
{
    enum { MANY = 20000, STEP = 256 };
    struct stall *stall = arg;
    struct stock *stock;
    sku_id *skus = arena_array(ctx->arena, sku_id, MANY + 1);
    for (size_t i = 0; i < MANY; i++)
        skus[i].v = stall->sku.id.v + ((int64_t)i + 1) * STEP;
    skus[MANY] = stall->sku.id;
    TRY(stock_lock(ctx, skus, MANY + 1, &stock));
    ASSERT(stock->count == MANY + 1);
    ASSERT(stock_level_find(stock, stall->sku.id, stall->here));
    for (size_t i = 0; i < MANY; i++) {
        struct stock_level *none;
        ASSERT(stock_levels(stock, skus[i], &none) == 0 && !none);
    }
    return OK;
}

static void there_may_be_more_than_are_kept(void **state)
{
    struct stall *stall = *state;
    assert_int_equal(testkit_run(stall->kit, lock_many, stall), OK);
    assert_int_equal(testkit_run(stall->kit, take_two, stall), OK);
    assert_int_equal(testkit_run(stall->kit, lock_many, stall), OK);
    assert_int_equal(looked(stall).committed, 2);
}

/* Levels of SKUs that nobody sells: 33 MiB of them in memory. */
static const char *const FILL =
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
    "WHERE i < 156000) INSERT INTO levels (bucket, sku_id, location_id, "
    "on_hand, committed, reserved, damaged, quality_control, held, incoming, "
    "safety_stock, last_movement_id, version) SELECT 0, 256 * (i % 60 + 1), i, "
    "i, 0, 0, 0, 0, 0, 0, 0, 0, 1 FROM n";

static err_t lock_large(struct ctx *ctx, void *arg)
{
    struct stall *stall = arg;
    for (int64_t i = 1; i <= 60; i++) {
        struct stock *stock;
        struct stock_level *levels;
        struct arena_mark mark = arena_mark(ctx->arena);
        sku_id skus[] = {stall->sku.id, {256 * i}};
        TRY(stock_lock(ctx, skus, 2, &stock));
        ASSERT(stock_levels(stock, skus[1], &levels) == 2600);
        ASSERT(stock_level_find(stock, stall->sku.id, stall->here)->committed ==
               2);
        arena_reset_to(ctx->arena, mark);
    }
    return OK;
}

static void no_more_memory_is_kept_than_is_allowed(void **state)
{
    struct stall *stall = *state;
    if (!looked(stall).holds)
        return;
    assert_int_equal(testkit_run(stall->kit, take_two, stall), OK);
    testkit_sql(stall->kit, FILL);
    assert_int_equal(testkit_run(stall->kit, lock_large, stall), OK);
    assert_int_equal(testkit_run(stall->kit, lock_large, stall), OK);
    testkit_sql(stall->kit, "DELETE FROM levels WHERE sku_id < 256 * 100");
    assert_int_equal(looked(stall).committed, 2);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        STALL(what_is_kept_is_found_again),
        STALL(what_is_undone_is_forgotten),
        STALL(a_command_that_is_undone_takes_its_own_along),
        STALL(who_has_it_twice_has_it_apart),
        STALL(levels_that_are_made_are_seen),
        STALL(what_others_write_is_seen),
        STALL(one_level_of_a_sku_is_locked),
        STALL(there_may_be_more_than_are_kept),
        STALL(no_more_memory_is_kept_than_is_allowed),
    };
    int bad = 0;
    do
        bad += RUN_TESTS(tests, argc, argv);
    while (testkit_next_engine());
    return bad;
}
