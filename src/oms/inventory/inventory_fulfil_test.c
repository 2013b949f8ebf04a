/* inventory_fulfil_test.c - committed units leave, get lost or move, by row. */
#include "base/id.h"
#include "base/str.h"
#include "base/testing.h"
#include "oms/inventory/inventory_fulfil.h"
#include "oms/inventory/inventory_testkit.h"

enum { ORDER = 8 };

typedef err_t fulfil_fn(struct ctx *ctx, const struct stock_fulfil *cmd);
struct deed {
    struct stall *stall;
    fulfil_fn *fn;
    struct stock_part parts[2];
    size_t count;
    int row; /* Of all rows of the order, from 0; for every part. */
    struct reservation *rows;
    size_t row_count;
};

static err_t do_it(struct ctx *ctx, void *arg)
{
    struct deed *deed = arg;
    struct stock_fulfil cmd = {
        .order = {ORDER}, .parts = deed->parts, .count = deed->count};
    TRY(inventory_reservations_list(ctx, cmd.order, &deed->rows,
                                    &deed->row_count));
    for (size_t i = 0; i < deed->count; i++)
        deed->parts[i].id = deed->rows[deed->row].id;
    TRY(stall_event(ctx, &cmd.event_id));
    TRY(deed->fn(ctx, &cmd));
    return inventory_reservations_list(ctx, cmd.order, &deed->rows,
                                       &deed->row_count);
}

static err_t run(struct deed *deed)
{
    return testkit_run(deed->stall->kit, do_it, deed);
}

static void take(struct stall *stall, int64_t each, int times)
{
    struct stall_take t = {stall, ORDER, each, times};
    assert_ok(stall->kit, testkit_run(stall->kit, stall_take, &t));
}

static void expect(struct stall *stall, location_id at, int64_t on_hand,
                   int64_t committed, int64_t held)
{
    struct stock_level level = stall_level(stall, at);
    assert_int_equal(level.on_hand, on_hand);
    assert_int_equal(level.committed, committed);
    assert_int_equal(level.held, held);
}

static void shipped_units_leave_and_their_row_is_consumed(void **state)
{
    (void)state;
    struct stall stall = stall_open();
    take(&stall, 4, 1);
    struct deed deed = {
        &stall, inventory_ship, {{.qty = 1}, {.qty = 2}},
          2, 0, NULL, 0
    };
    assert_ok(stall.kit, run(&deed));
    expect(&stall, stall.here, 7, 1, 0);
    assert_int_equal(deed.row_count, 2);
    assert_int_equal(deed.rows[0].state, RESERVATION_MOVED);
    assert_int_equal(deed.rows[1].state, RESERVATION_COMMITTED);
    assert_int_equal(deed.rows[1].qty, 1);
    /* The old row gives nothing twice. */
    assert_int_equal(run(&deed), ERR_STATE);
    deed.row = 1;
    deed.count = 1;
    assert_ok(stall.kit, run(&deed));
    expect(&stall, stall.here, 6, 0, 0);
    assert_int_equal(deed.rows[1].state, RESERVATION_CONSUMED);
    deed.parts[0].qty = 1;
    assert_int_equal(run(&deed), ERR_STATE);
    expect(&stall, stall.here, 6, 0, 0);
    stall_close(&stall);
}

static void more_than_a_row_holds_is_refused(void **state)
{
    (void)state;
    struct stall stall = stall_open();
    take(&stall, 4, 1);
    struct deed deed = {
        &stall, inventory_ship, {{.qty = 3}, {.qty = 2}},
          2, 0, NULL, 0
    };
    assert_int_equal(run(&deed), ERR_STATE);
    assert_string_equal(stall.kit->err.text,
                        "2 of 1 committed units cannot be shipped");
    expect(&stall, stall.here, 10, 4, 0);
    stall_close(&stall);
}

static void short_units_are_held_and_nobody_can_sell_them(void **state)
{
    (void)state;
    struct stall stall = stall_open();
    take(&stall, 4, 1);
    struct deed deed = {&stall, inventory_short, {{.qty = 1}}, 1, 0, NULL, 0};
    assert_ok(stall.kit, run(&deed));
    expect(&stall, stall.here, 10, 3, 1);
    struct stock_level level = stall_level(&stall, stall.here);
    assert_int_equal(stock_available(&level), 6);
    stall_close(&stall);
}

static void bring(struct stall *stall, int64_t qty)
{
    struct testkit_reply reply;
    str body = str_printf(stall->kit->arena,
                          "{\"location\":\"there\",\"lines\":[{\"sku\":\"TEA\","
                          "\"quantity\":%lld}]}",
                          (long long)qty);
    struct testkit_call call = {.operation = "createReceipt",
                                .body = str_to_cstr(stall->kit->arena, body)};
    testkit_call(stall->kit, &inventory_room, &call, &reply);
    assert_ok(stall->kit, reply.err);
}

static void relocated_units_are_taken_where_they_are(void **state)
{
    (void)state;
    struct stall stall = stall_open();
    take(&stall, 4, 1);
    struct deed deed = {
        &stall, inventory_relocate, {{.qty = 4, .to = stall.there}}, 1, 0, NULL,
        0};
    assert_int_equal(run(&deed), ERR_STATE); /* There is no level. */
    assert_string_equal(stall.kit->err.slug, "out_of_stock");
    bring(&stall, 3);
    assert_int_equal(run(&deed), ERR_STATE);
    assert_string_equal(stall.kit->err.text, "3 units are available there");
    expect(&stall, stall.here, 10, 4, 0);
    deed.parts[0].qty = 3;
    assert_ok(stall.kit, run(&deed));
    expect(&stall, stall.here, 10, 1, 0);
    expect(&stall, stall.there, 3, 3, 0);
    assert_int_equal(deed.row_count, 3);
    assert_int_equal(deed.rows[0].state, RESERVATION_MOVED);
    stall_close(&stall);
}

struct allot {
    struct stall *stall;
    struct stock_want wants[2];
};

static err_t allocate(struct ctx *ctx, void *arg)
{
    struct allot *allot = arg;
    struct stock_live *live;
    size_t count;
    struct stock_allot cmd = {
        .order = {ORDER}, .wants = allot->wants, .count = 2};
    TRY(stall_event(ctx, &cmd.event_id));
    TRY(inventory_allocate(ctx, &cmd));
    TRY(inventory_live_list(ctx, &cmd.order, 1, &live, &count));
    ASSERT(count == 2 && live[0].qty + live[1].qty == 7);
    return OK;
}

static void waiting_lines_get_units_all_or_none(void **state)
{
    (void)state;
    struct stall stall = stall_open();
    sku_id tea = stall.sku.id;
    struct allot allot = {
        &stall, {{1, tea, stall.here, 4}, {2, tea, stall.here, 7}}
    };
    assert_int_equal(testkit_run(stall.kit, allocate, &allot), ERR_STATE);
    assert_string_equal(stall.kit->err.text, "6 units are available there");
    expect(&stall, stall.here, 10, 0, 0);
    allot.wants[1].qty = 3;
    assert_ok(stall.kit, testkit_run(stall.kit, allocate, &allot));
    expect(&stall, stall.here, 10, 7, 0);
    stall_close(&stall);
}

/* ---- units that are told apart ---- */

static void send(struct stall *stall, struct testkit_call call)
{
    struct testkit_reply reply;
    testkit_call(stall->kit, &inventory_room, &call, &reply);
    assert_ok(stall->kit, reply.err);
}

static struct stall open_lots(void)
{
    struct stall stall = stall_open();
    char sku[ID_TEXT_BYTES + 1] = {0};
    id_to_text("sku", stall.sku.id.v, sku);
    send(&stall, (struct testkit_call){
                     .operation = "adjustStock",
                     .body = "{\"reason\":\"r\",\"items\":[{\"sku\":\"TEA\","
                             "\"location\":\"here\",\"delta\":-10}]}"});
    send(&stall,
         (struct testkit_call){.operation = "setUnitPolicy",
                               .path = {sku},
                               .body = "{\"version\":0,\"is_lot_tracked\":"
                                       "true,\"is_serial_tracked\":true}"});
    send(&stall,
         (struct testkit_call){
             .operation = "createReceipt",
             .body = "{\"location\":\"here\",\"lines\":[{\"sku\":\"TEA\","
                     "\"quantity\":3,\"lot\":\"L1\",\"expires_on\":"
                     "\"2100-01-01\",\"serials\":[\"A\",\"B\",\"C\"]}]}"});
    return stall;
}

static void told_apart_units_leave_by_lot_and_number(void **state)
{
    (void)state;
    static const str two[] = {STR_INIT("A"), STR_INIT("B")};
    struct stall stall = open_lots();
    take(&stall, 3, 1);
    struct deed deed = {&stall, inventory_ship, {{.qty = 2}}, 1, 0, NULL, 0};
    assert_int_equal(run(&deed), ERR_INVALID);
    assert_string_equal(stall.kit->err.slug, "lot_required");
    deed.parts[0].names.lot = STR("L1");
    assert_int_equal(run(&deed), ERR_INVALID);
    assert_string_equal(stall.kit->err.slug, "serials_required");
    deed.parts[0].names.serials = two;
    deed.parts[0].names.serial_count = 2;
    assert_ok(stall.kit, run(&deed));
    expect(&stall, stall.here, 1, 1, 0);
    deed.row = 1; /* The rest; B is gone. */
    deed.parts[0].qty = 1;
    deed.parts[0].names.serials = &two[1];
    deed.parts[0].names.serial_count = 1;
    assert_int_equal(run(&deed), ERR_STATE);
    assert_string_equal(stall.kit->err.slug, "serial_not_here");
    stall_close(&stall);
}

static void expired_units_are_not_shipped(void **state)
{
    (void)state;
    static const str one[] = {STR_INIT("C")};
    struct stall stall = open_lots();
    take(&stall, 1, 1);
    struct deed deed = {
        &stall,
        inventory_ship,
        {{.qty = 1,
          .names = {.lot = STR("L1"), .serials = one, .serial_count = 1}}},
        1,
        0,
        NULL,
        0};
    stall.kit->now = INT64_C(4105000000000); /* In 2100. */
    assert_int_equal(run(&deed), ERR_STATE);
    assert_string_equal(stall.kit->err.slug, "lot_expired");
    deed.fn = inventory_short;
    assert_ok(stall.kit, run(&deed));
    expect(&stall, stall.here, 3, 0, 1);
    stall_close(&stall);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(shipped_units_leave_and_their_row_is_consumed),
        TEST(more_than_a_row_holds_is_refused),
        TEST(short_units_are_held_and_nobody_can_sell_them),
        TEST(relocated_units_are_taken_where_they_are),
        TEST(waiting_lines_get_units_all_or_none),
        TEST(told_apart_units_leave_by_lot_and_number),
        TEST(expired_units_are_not_shipped),
    };
    int bad = 0;
    do
        bad += RUN_TESTS(tests, argc, argv);
    while (testkit_next_engine());
    return bad;
}
