/* inventory_transfer_test.c - the states of a transfer, and what verify finds.
 */
#include <string.h>

#include "base/id.h"
#include "base/testing_grid.h"
#include "oms/inventory/inventory_testkit.h"
#include "oms/inventory/inventory_transfer.h"
#include "oms/room.h"
#include "store/engine.h"

static void the_grid_is_the_checked_in_one(void **state)
{
    struct ctx *ctx = *state;
    assert_grid(ctx->arena, &transfer_machine, "docs/states/transfer.md",
                1u << TRANSFER_RECEIVED | 1u << TRANSFER_CANCELLED);
}

/* ---- commands ---- */

struct running {
    transfer_id id;
    int64_t version;
    struct transfer_item items[2];
    size_t count;
};

static err_t create(struct ctx *ctx, void *arg)
{
    struct running *r = arg;
    struct transfer_line_cmd line = {.sku = STR("TEA"), .qty = 8};
    struct transfer_cmd cmd = {.from = STR("here"),
                               .to = STR("there"),
                               .reference = STR(""),
                               .lines = &line,
                               .count = 1};
    r->version = 1;
    return transfer_create(ctx, &cmd, &r->id);
}

static err_t ready(struct ctx *ctx, void *arg)
{
    struct running *r = arg;
    return transfer_ready(ctx, r->id, r->version++);
}

static struct transfer_step step_of(struct running *r)
{
    return (struct transfer_step){.version = r->version++,
                                  .items = r->count ? r->items : NULL,
                                  .count = r->count};
}

static err_t ship(struct ctx *ctx, void *arg)
{
    struct transfer_step step = step_of(arg);
    return transfer_ship(ctx, ((struct running *)arg)->id, &step);
}

static err_t receive(struct ctx *ctx, void *arg)
{
    struct transfer_step step = step_of(arg);
    return transfer_receive(ctx, ((struct running *)arg)->id, &step);
}

/* Five of eight left, three of these arrived: two are in transit, three wait.
 */
static struct stall half_way(struct running *r)
{
    struct stall stall = stall_open();
    *r = (struct running){.count = 0};
    assert_int_equal(testkit_run(stall.kit, create, r), OK);
    assert_int_equal(testkit_run(stall.kit, ready, r), OK);
    r->count = 1;
    r->items[0] =
        (struct transfer_item){.n = 1, .qty = 5, .bucket = STOCK_AVAILABLE};
    assert_int_equal(testkit_run(stall.kit, ship, r), OK);
    r->items[0].qty = 3;
    assert_int_equal(testkit_run(stall.kit, receive, r), OK);
    return stall;
}

static void I7_units_in_transit_are_at_neither_end(void **state)
{
    (void)state;
    struct running r;
    struct stall stall = half_way(&r);
    struct stock_level here = stall_level(&stall, stall.here);
    struct stock_level there = stall_level(&stall, stall.there);
    assert_int_equal(here.on_hand, 5);
    assert_int_equal(here.reserved, 3);
    assert_int_equal(there.on_hand, 3);
    assert_int_equal(there.incoming, 2);
    stall_close(&stall);
}

static err_t run_sql(struct ctx *ctx, void *arg)
{
    return ctx->tx->ops->exec(ctx, ctx->tx, arg);
}

static void verify_finds_what_is_planted(void **state)
{
    (void)state;
    static const struct {
        const char *sql, *found;
    } planted[] = {
        {"UPDATE transfer_lines SET lost = lost + 1",           "I7 trf_"      },
        {"UPDATE transfer_lines SET received = received - 1",   "I7 trf_"      },
        {"UPDATE transfer_lines SET shipped = shipped + 1",     "I7 trf_"      },
        {"UPDATE transfers SET state = 5",                      "I7 trf_"      },
        {"UPDATE reservations SET owner_n = 2 WHERE state = 1", "I7 trf_"      },
        {"UPDATE reservations SET state = 2 WHERE state = 6",   "I4 rsv_"      },
        {"UPDATE levels SET incoming = incoming + 1",           "incoming sku_"},
        {"UPDATE supplies SET open = 1",                        "I7 trf_"      },
        {"UPDATE supplies SET source_n = 2",                    "I7 trf_"      },
        {"DELETE FROM supplies",                                "I7 trf_"      },
    };
    for (size_t i = 0; i < COUNT_OF(planted); i++) {
        struct running r;
        struct stall stall = half_way(&r);
        char *sql =
            str_to_cstr(stall.kit->arena, str_from_cstr(planted[i].sql));
        str first = STR_NONE;
        if (testkit_run(stall.kit, run_sql, sql) == OK) {
            assert_true(testkit_verify(stall.kit, &inventory_room, &first) > 0);
            if (!str_starts(first, str_from_cstr(planted[i].found)))
                print_error("%s: %.*s\n", sql, STR_ARG(first));
            assert_true(str_starts(first, str_from_cstr(planted[i].found)));
        } else {
            print_error("%s: refused by the schema\n", sql);
        }
        testkit_close(stall.kit);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(the_grid_is_the_checked_in_one),
        cmocka_unit_test(I7_units_in_transit_are_at_neither_end),
        cmocka_unit_test(verify_finds_what_is_planted),
    };
    int bad = 0;
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    do
        bad += cmocka_run_group_tests_name("inventory transfers", tests, NULL,
                                           NULL);
    while (testkit_next_engine());
    return bad;
}
