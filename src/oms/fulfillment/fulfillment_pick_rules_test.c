/* fulfillment_pick_rules_test.c - moves of pick tasks and pickups; walks, bins
 * and lots. */
#include "oms/fulfillment/fulfillment_pick_rules.h"

#include "base/testing_grid.h"
#include "oms/fulfillment/fulfillment_pick_settle.h"
#include "oms/fulfillment/fulfillment_pickup_rules.h"
#include "oms/fulfillment/fulfillment_production.h"

static void the_grids_are_the_checked_in_ones(void **state)
{
    struct ctx *ctx = *state;
    assert_grid(ctx->arena, &pick_machine, "docs/states/pick_task.md",
                1u << PICK_PACKED | 1u << PICK_CANCELLED);
    assert_grid(ctx->arena, &production_machine, "docs/states/production.md",
                0);
    assert_grid(ctx->arena, &pickup_machine, "docs/states/pickup.md",
                1u << PICKUP_COLLECTED | 1u << PICKUP_EXPIRED |
                    1u << PICKUP_CANCELLED);
}

static void a_refusal_names_state_event_and_what_is_allowed(void **state)
{
    struct ctx *ctx = *state;
    assert_int_equal(pick_allow(ctx, PICK_ASSIGNED, PICK_EVENT_SCAN),
                     ERR_STATE);
    assert_string_equal(ctx->err.text,
                        "event scan is refused in state assigned; allowed: "
                        "assign, unassign, start, cancel");
    err_clear(ctx);
    assert_int_equal(pickup_allow(ctx, PICKUP_EXPIRED, PICKUP_EVENT_COLLECT),
                     ERR_STATE);
    assert_string_equal(ctx->err.text,
                        "event collect is refused in state expired; allowed: "
                        "nothing");
}

static void bins_sort_as_people_count(void **state)
{
    (void)state;
    static const char *const sorted[] = {"",
                                         "A",
                                         "A-1",
                                         "A-02",
                                         "A-2",
                                         "A-2b",
                                         "A-10",
                                         "A-10-1",
                                         "A-99999999999999999999998",
                                         "A-99999999999999999999999",
                                         "B-1",
                                         "B-99",
                                         "B-100",
                                         "a-1",
                                         "\xc3\xa4"};
    for (size_t i = 0; i < COUNT_OF(sorted); i++)
        for (size_t j = 0; j < COUNT_OF(sorted); j++) {
            int by =
                bin_compare(str_from_cstr(sorted[i]), str_from_cstr(sorted[j]));
            assert_int_equal((by > 0) - (by < 0), (i > j) - (i < j));
        }
}

/* Orders as "order sku qty zone bin" rows. */
struct want_row {
    int order, sku, qty;
    const char *zone, *bin;
};

static struct pick_order *make_orders(struct arena *arena,
                                      const struct want_row *rows, size_t count,
                                      size_t orders)
{
    struct pick_order *ret = arena_array(arena, struct pick_order, orders);
    struct pick_want *wants = arena_array(arena, struct pick_want, count);
    for (size_t o = 0, at = 0; o < orders; o++) {
        ret[o] =
            (struct pick_order){.id = {(int64_t)o + 1}, .wants = &wants[at]};
        for (size_t i = 0; i < count; i++) {
            if (rows[i].order != (int)o)
                continue;
            wants[at++] =
                (struct pick_want){.order = o,
                                   .n = (int64_t)++ret[o].count,
                                   .sku = {rows[i].sku},
                                   .qty = rows[i].qty,
                                   .zone = str_from_cstr(rows[i].zone),
                                   .bin = str_from_cstr(rows[i].bin)};
        }
    }
    return ret;
}

/* Walks as "zone:order/sku*qty,… " in the order of the walk. */
static const char *plan(struct arena *arena, const struct pick_order *orders,
                        size_t count, struct pick_limits limits)
{
    struct pick_walk *walks;
    size_t n;
    str text = STR("");
    pick_plan(arena, orders, count, &limits, &walks, &n);
    for (size_t i = 0; i < n; i++) {
        text = str_printf(arena, "%.*s%s%.*s:", STR_ARG(text), i ? " " : "",
                          STR_ARG(walks[i].zone));
        int64_t units = 0;
        for (size_t w = 0; w < walks[i].count; w++) {
            const struct pick_want *want = walks[i].wants[w];
            units += want->qty;
            text =
                str_printf(arena, "%.*s%s%d/%d*%d", STR_ARG(text), w ? "," : "",
                           (int)want->order, (int)want->sku.v, (int)want->qty);
        }
        assert_int_equal(units, walks[i].units);
    }
    return str_to_cstr(arena, text);
}

static const struct want_row four[] = {
    {0, 1, 2, "dry",  "A-10"},
    {0, 2, 1, "cold", "C-1" },
    {1, 3, 4, "dry",  "A-2" },
    {2, 1, 1, "dry",  "A-10"},
    {2, 4, 1, "",     ""    },
    {3, 2, 5, "cold", "C-1" },
};

static void walks_hold_what_their_mode_says(void **state)
{
    struct ctx *ctx = *state;
    struct pick_order *orders =
        make_orders(ctx->arena, four, COUNT_OF(four), 4);
    struct pick_limits most = {PICK_SINGLE, 100, 1000, 1000};
    assert_string_equal(plan(ctx->arena, orders, 4, most),
                        ":0/2*1,0/1*2 :1/3*4 :2/1*1,2/4*1 :3/2*5");
    most.mode = PICK_BATCH;
    assert_string_equal(plan(ctx->arena, orders, 4, most),
                        ":0/2*1,3/2*5,1/3*4,0/1*2,2/1*1,2/4*1");
    most.mode = PICK_ZONE;
    assert_string_equal(plan(ctx->arena, orders, 4, most),
                        "dry:1/3*4,0/1*2,2/1*1 cold:0/2*1,3/2*5 :2/4*1");
    orders[3].due_at = 5;
    orders[2].due_at = 9;
    most = (struct pick_limits){PICK_WAVE, 2, 1000, 1000};
    assert_string_equal(plan(ctx->arena, orders, 4, most),
                        ":3/2*5,2/1*1,2/4*1 :0/2*1,1/3*4,0/1*2");
    most.units = 4;
    assert_string_equal(plan(ctx->arena, orders, 4, most),
                        ":3/2*5 :2/1*1,2/4*1 :0/2*1,0/1*2 :1/3*4");
}

static void no_unit_is_lost_or_walked_for_twice(void **state)
{
    struct ctx *ctx = *state;
    static const char *const zones[] = {"", "a", "b"};
    uint64_t seed = 4;
    for (int round = 0; round < 300; round++) {
        enum { ORDERS = 8, ROWS = 24 };
        struct want_row rows[ROWS];
        int64_t units = 0, walked = 0;
        for (size_t i = 0; i < ROWS; i++) {
            uint64_t r = test_random(&seed);
            rows[i] = (struct want_row){.order = (int)(i % ORDERS),
                                        .sku = (int)(r % 5) + 1,
                                        .qty = (int)(r / 8 % 9) + 1,
                                        .zone = zones[r / 128 % 3],
                                        .bin = ""};
            units += rows[i].qty;
        }
        struct pick_order *orders = make_orders(ctx->arena, rows, ROWS, ORDERS);
        struct pick_limits limits = {
            .mode = (enum pick_mode)(test_random(&seed) % 4 + 1),
            .orders = (int64_t)(test_random(&seed) % 4) + 1,
            .units = (int64_t)(test_random(&seed) % 60) + 1,
            .lines = 1000};
        struct pick_walk *walks;
        size_t n, wants = 0;
        pick_plan(ctx->arena, orders, ORDERS, &limits, &walks, &n);
        for (size_t i = 0; i < n; i++) {
            walked += walks[i].units;
            wants += walks[i].count;
            assert_true(walks[i].orders <= limits.orders);
            assert_true(walks[i].orders == 1 || walks[i].units <= limits.units);
        }
        assert_int_equal(walked, units);
        assert_int_equal(wants, ROWS);
    }
}

static void lots_are_taken_in_their_order(void **state)
{
    struct ctx *ctx = *state;
    struct pick_lot lots[] = {
        {{1}, 2},
        {{2}, 0},
        {{3}, 5}
    };
    struct pick_share *shares;
    size_t n;
    pick_share_lots(ctx->arena, lots, COUNT_OF(lots), 4, &shares, &n);
    assert_int_equal(n, 2);
    assert_int_equal(shares[0].lot.v, 1);
    assert_int_equal(shares[0].qty, 2);
    assert_int_equal(shares[1].lot.v, 3);
    assert_int_equal(shares[1].qty, 2);
    pick_share_lots(ctx->arena, lots, COUNT_OF(lots), 4, &shares, &n);
    assert_int_equal(n, 2);
    assert_int_equal(shares[0].qty, 3);
    assert_int_equal(shares[1].lot.v, 0);
    assert_int_equal(shares[1].qty, 1);
}

/* Parts as "per found missing". */
static struct pick_settled settle(const int64_t (*parts)[3], size_t count,
                                  int64_t qty, int64_t picked)
{
    struct pick_part at[4];
    for (size_t i = 0; i < count; i++)
        at[i] = (struct pick_part){
            {(int64_t)i + 1}, parts[i][0], parts[i][1], parts[i][2], 0};
    return pick_settle(at, count, qty, picked);
}

static void a_kit_is_picked_when_all_of_it_is(void **state)
{
    (void)state;
    static const int64_t plain[][3] = {
        {1, 3, 2}
    };
    static const int64_t kit[][3] = {
        {2, 5, 1},
        {1, 3, 0}
    };
    static const int64_t half[][3] = {
        {2, 6, 0},
        {1, 0, 0}
    };
    static const int64_t none[][3] = {
        {3, 0, 1},
        {1, 5, 0}
    };
    struct pick_settled end = settle(plain, 1, 5, 0);
    assert_int_equal(end.picked, 3);
    assert_int_equal(end.lost, 2);
    end = settle(plain, 1, 5, 3);
    assert_int_equal(end.picked, 0);
    assert_int_equal(end.lost, 2);
    end = settle(kit, 2, 3, 0);
    assert_int_equal(end.picked, 2);
    assert_int_equal(end.lost, 1);
    end = settle(half, 2, 3, 0); /* The other zone is still walked. */
    assert_int_equal(end.picked, 0);
    assert_int_equal(end.lost, 0);
    end = settle(none, 2, 5, 0);
    assert_int_equal(end.picked, 0);
    assert_int_equal(end.lost, 1);
}

/* Two of five are cancelled while a picker has three and missed two: what is
 * in the hand is taken, and nothing that is wanted is missing. */
static void what_was_found_counts_before_what_was_missed(void **state)
{
    (void)state;
    static const int64_t walk[][3] = {
        {1, 3, 2}
    };
    static const int64_t kit[][3] = {
        {2, 7, 1},
        {1, 4, 2}
    };
    struct pick_settled end = settle(walk, 1, 3, 0);
    assert_int_equal(end.picked, 3);
    assert_int_equal(end.lost, 0);
    end = settle(walk, 1, 4, 0);
    assert_int_equal(end.picked, 3);
    assert_int_equal(end.lost, 1);
    end = settle(kit, 2, 4, 0);
    assert_int_equal(end.picked, 3);
    assert_int_equal(end.lost, 1);
}

/* Three wanted: this walk has two and missed one, which another has in hand. */
static void what_others_have_is_not_lost(void **state)
{
    (void)state;
    struct pick_part part = {{1}, 1, 2, 1, 1};
    struct pick_settled end = pick_settle(&part, 1, 3, 0);
    assert_int_equal(end.picked, 2);
    assert_int_equal(end.lost, 0);
    part.held = 0;
    assert_int_equal(pick_settle(&part, 1, 3, 0).lost, 1);
    struct pick_part kit[] = {
        {{1}, 2, 2, 3, 2},
        {{2}, 1, 0, 0, 0}
    };
    assert_int_equal(pick_settle(kit, 2, 3, 0).lost, 1);
}

static void hand_over_codes_have_six_digits(void **state)
{
    struct ctx *ctx = *state;
    assert_str(pickup_code(ctx->arena, 0), "000000");
    assert_str(pickup_code(ctx->arena, UINT32_MAX), "999999");
    assert_str(pickup_code(ctx->arena, UINT32_MAX / 2), "499999");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(the_grids_are_the_checked_in_ones),
        TEST(a_refusal_names_state_event_and_what_is_allowed),
        TEST(bins_sort_as_people_count),
        TEST(walks_hold_what_their_mode_says),
        TEST(no_unit_is_lost_or_walked_for_twice),
        TEST(lots_are_taken_in_their_order),
        TEST(a_kit_is_picked_when_all_of_it_is),
        TEST(what_was_found_counts_before_what_was_missed),
        TEST(what_others_have_is_not_lost),
        TEST(hand_over_codes_have_six_digits),
    };
    return RUN_TESTS(tests, argc, argv);
}
