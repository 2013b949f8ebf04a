/* inventory_count_test.c - the states of a count, and what verify finds.
 */
#include <string.h>

#include "base/id.h"
#include "base/testing_grid.h"
#include "oms/inventory/inventory_count.h"
#include "oms/inventory/inventory_testkit.h"
#include "oms/room.h"
#include "store/engine.h"

static void the_grid_is_the_checked_in_one(void **state)
{
    struct ctx *ctx = *state;
    assert_grid(ctx->arena, &count_machine, "docs/states/count.md",
                1u << COUNT_POSTED | 1u << COUNT_CANCELLED);
}

/* ---- commands ---- */

struct running {
    count_id id;
    int64_t version;
    struct count_entry entry;
};

static err_t create(struct ctx *ctx, void *arg)
{
    struct running *r = arg;
    struct count_cmd cmd = {.location = STR("here"), .name = STR("March")};
    r->version = 1;
    return count_create(ctx, &cmd, &r->id);
}

static err_t enter(struct ctx *ctx, void *arg)
{
    struct running *r = arg;
    r->entry.sku = STR("TEA");
    return count_enter(ctx, r->id, &r->entry, 1);
}

static err_t review(struct ctx *ctx, void *arg)
{
    struct running *r = arg;
    return count_step(ctx, r->id, r->version++, COUNT_EVENT_REVIEW);
}

static err_t post(struct ctx *ctx, void *arg)
{
    struct running *r = arg;
    return count_post(ctx, r->id, r->version++);
}

static err_t get(struct ctx *ctx, void *arg)
{
    struct count count;
    struct running *r = arg;
    TRY(count_get(ctx, r->id, &count));
    assert_int_equal(count.version, r->version);
    return count.state == COUNT_POSTED ? OK : ERR_STATE;
}

/* Ten are on hand and `found` are found. */
static struct stall counted(struct running *r, int64_t found)
{
    struct stall stall = stall_open();
    *r = (struct running){.entry = {.qty = found}};
    assert_int_equal(testkit_run(stall.kit, create, r), OK);
    assert_int_equal(testkit_run(stall.kit, enter, r), OK);
    return stall;
}

static void A3_08_what_moved_since_counting_is_not_counted_away(void **state)
{
    (void)state;
    struct running r;
    struct stall stall = counted(&r, 8);
    struct stall_take t = {.stall = &stall, .order = 5, .each = 3, .times = 1};
    assert_int_equal(testkit_run(stall.kit, stall_take, &t), OK);
    assert_int_equal(testkit_run(stall.kit, review, &r), OK);
    assert_int_equal(testkit_run(stall.kit, post, &r), OK);
    struct stock_level level = stall_level(&stall, stall.here);
    assert_int_equal(level.on_hand, 8);
    assert_int_equal(level.committed, 3);
    assert_int_equal(testkit_run(stall.kit, get, &r), OK);
    assert_int_equal(testkit_run(stall.kit, post, &r), ERR_STATE);
    assert_int_equal(stall_level(&stall, stall.here).on_hand, 8);
    assert_int_equal(testkit_events(stall.kit, "stock.counted"), 1);
    stall_close(&stall);
}

static void I2_a_difference_that_is_claimed_is_refused(void **state)
{
    (void)state;
    struct running r;
    struct stall stall = counted(&r, 2);
    struct stall_take t = {.stall = &stall, .order = 5, .each = 7, .times = 1};
    assert_int_equal(testkit_run(stall.kit, stall_take, &t), OK);
    assert_int_equal(testkit_run(stall.kit, review, &r), OK);
    assert_int_equal(testkit_run(stall.kit, post, &r), OK);
    assert_int_equal(testkit_run(stall.kit, get, &r), ERR_STATE);
    assert_int_equal(stall_level(&stall, stall.here).on_hand, 10);
    assert_int_equal(testkit_events(stall.kit, "count.posted_in_part"), 1);
    stall_close(&stall);
}

static void scanning_again_replaces_or_adds(void **state)
{
    (void)state;
    struct running r;
    struct stall stall = counted(&r, 4);
    r.entry.qty = 5;
    assert_int_equal(testkit_run(stall.kit, enter, &r), OK);
    r.entry.qty = 7;
    r.entry.is_more = true;
    assert_int_equal(testkit_run(stall.kit, enter, &r), OK);
    assert_int_equal(testkit_run(stall.kit, review, &r), OK);
    assert_int_equal(testkit_run(stall.kit, enter, &r), ERR_STATE);
    assert_int_equal(testkit_run(stall.kit, post, &r), OK);
    assert_int_equal(stall_level(&stall, stall.here).on_hand, 12);
    stall_close(&stall);
}

static err_t run_sql(struct ctx *ctx, void *arg)
{
    return ctx->tx->ops->exec(ctx, ctx->tx, arg);
}

static void verify_finds_what_is_planted(void **state)
{
    (void)state;
    static const char *const planted[] = {
        "UPDATE count_lines SET counted = counted + 1",
        "UPDATE count_lines SET state = 1",
        "UPDATE movements SET qty = qty + 1 WHERE type = 12",
        "DELETE FROM count_lines",
    };
    for (size_t i = 0; i < COUNT_OF(planted); i++) {
        struct running r;
        struct stall stall = counted(&r, 8);
        char *sql = str_to_cstr(stall.kit->arena, str_from_cstr(planted[i]));
        str first;
        assert_int_equal(testkit_run(stall.kit, review, &r), OK);
        assert_int_equal(testkit_run(stall.kit, post, &r), OK);
        assert_int_equal(testkit_run(stall.kit, run_sql, sql), OK);
        assert_true(testkit_verify(stall.kit, &inventory_room, &first) > 0);
        assert_true(str_starts(first, STR("I3 ")));
        testkit_close(stall.kit);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(the_grid_is_the_checked_in_one),
        cmocka_unit_test(A3_08_what_moved_since_counting_is_not_counted_away),
        cmocka_unit_test(I2_a_difference_that_is_claimed_is_refused),
        cmocka_unit_test(scanning_again_replaces_or_adds),
        cmocka_unit_test(verify_finds_what_is_planted),
    };
    int bad = 0;
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    do
        bad +=
            cmocka_run_group_tests_name("inventory counts", tests, NULL, NULL);
    while (testkit_next_engine());
    return bad;
}
