/* purchasing_test.c - the states of a purchase order, its sums, and what
 * verify finds. */
#include <string.h>

#include "base/testing_grid.h"
#include "oms/inventory/inventory_testkit.h"
#include "oms/purchasing/purchasing_store.h"
#include "oms/room.h"
#include "store/engine.h"
#include "store/event.h"

static void the_grid_is_the_checked_in_one(void **state)
{
    struct ctx *ctx = *state;
    assert_grid(ctx->arena, &purchase_machine, "docs/states/purchase_order.md",
                1u << PURCHASE_CLOSED | 1u << PURCHASE_CANCELLED);
}

static void the_total_is_exact_and_bounded(void **state)
{
    struct ctx *ctx = *state;
    int64_t total = -1;
    struct purchase_line lines[] = {
        {.qty = 3,         .unit_cost = 333},
        {.qty = LIMIT_QTY, .unit_cost = 1  },
    };
    assert_int_equal(purchase_sum(ctx, lines, 2, &total), OK);
    assert_int_equal(total, 999 + LIMIT_QTY);
    lines[1].unit_cost = LIMIT_MINOR / LIMIT_QTY;
    assert_int_equal(purchase_sum(ctx, lines, 2, &total), ERR_INVALID);
    assert_string_equal(ctx->err.field, "lines[1].unit_cost");
    err_clear(ctx);
    lines[1].unit_cost = LIMIT_MINOR;
    assert_int_equal(purchase_sum(ctx, lines, 2, &total), ERR_INVALID);
    err_clear(ctx);
}

static void an_order_is_complete_when_nothing_is_open(void **state)
{
    (void)state;
    struct purchase_line lines[] = {
        {.qty = 3, .received = 3},
        {.qty = 2, .received = 1},
    };
    assert_int_equal(purchase_progress(lines, 2), PURCHASE_EVENT_RECEIVE);
    assert_int_equal(purchase_open(PURCHASE_SENT, &lines[1]), 1);
    assert_int_equal(purchase_open(PURCHASE_SENT, &lines[0]), 0);
    assert_int_equal(purchase_open(PURCHASE_APPROVED, &lines[1]), 0);
    assert_int_equal(purchase_open(PURCHASE_CLOSED, &lines[1]), 0);
    lines[1].received = 5;
    assert_int_equal(purchase_progress(lines, 2), PURCHASE_EVENT_COMPLETE);
    assert_int_equal(purchase_open(PURCHASE_PARTIALLY_RECEIVED, &lines[1]), 0);
}

/* ---- commands ---- */

static err_t prepare(struct ctx *ctx, void *arg)
{
    struct supplier supplier = {.code = STR("MILL"),
                                .name = STR("The mill"),
                                .email = STR(""),
                                .currency = "EUR",
                                .lead_days = 3,
                                .over_percent = 50,
                                .address = STR("{}"),
                                .is_active = true};
    struct purchase_line_cmd line = {
        .sku = STR("TEA"), .qty = 8, .unit_cost = 250, .supplier_sku = STR("")};
    struct purchase_cmd cmd = {.supplier = STR("MILL"),
                               .location = STR("there"),
                               .note = STR(""),
                               .lines = &line,
                               .count = 1};
    purchase_order_id *id = arg;
    TRY(supplier_create(ctx, &supplier));
    TRY(purchase_create(ctx, &cmd, id));
    TRY(purchase_step(ctx, *id, 1, PURCHASE_EVENT_APPROVE));
    return purchase_step(ctx, *id, 2, PURCHASE_EVENT_SEND);
}

static err_t receive_three(struct ctx *ctx, void *arg)
{
    const purchase_order_id *id = arg;
    struct purchase_item item = {.n = 1, .qty = 3, .bucket = STOCK_AVAILABLE};
    struct purchase_receipt receipt = {
        .version = 3, .reference = STR(""), .items = &item, .count = 1};
    return purchase_receive(ctx, *id, &receipt);
}

/* Past the order: what comes is told to its expected receipt alone. */
static err_t receive_beside(struct ctx *ctx, void *arg)
{
    struct purchase_work work;
    TRY(purchase_lock_work(ctx, *(const purchase_order_id *)arg, &work));
    struct receipt_line line = {.sku = STR("TEA"),
                                .qty = 9,
                                .bucket = STOCK_AVAILABLE,
                                .supply = work.lines[0].supply};
    struct receipt_cmd cmd = {.location = STR("there"),
                              .reference = STR(""),
                              .lines = &line,
                              .count = 1};
    receipt_id id;
    return receipt_create(ctx, &cmd, &id);
}

static err_t step_log(struct ctx *ctx, void *arg)
{
    return event_step(ctx, purchasing_events.at, 1000, arg);
}

/* The consumer, until it has seen all there is. */
static void follow_log(struct testkit *kit)
{
    size_t count = 1;
    testkit_settle(kit);
    while (count > 0)
        assert_int_equal(testkit_run(kit, step_log, &count), OK);
}

/* Three of eight came. */
static struct stall half_way(purchase_order_id *id)
{
    struct stall stall = stall_open();
    assert_int_equal(testkit_run(stall.kit, prepare, id), OK);
    assert_int_equal(stall_level(&stall, stall.there).incoming, 8);
    assert_int_equal(testkit_run(stall.kit, receive_three, id), OK);
    return stall;
}

static err_t close_order(struct ctx *ctx, void *arg)
{
    return purchase_step(ctx, *(const purchase_order_id *)arg, 4,
                         PURCHASE_EVENT_CLOSE);
}

static err_t read_order(struct ctx *ctx, void *arg)
{
    struct purchase_order *order = arg;
    return purchase_get(ctx, order->id, order);
}

static struct purchase_order order_now(struct stall *stall,
                                       purchase_order_id id)
{
    struct purchase_order order = {.id = id};
    assert_int_equal(testkit_read(stall->kit, read_order, &order), OK);
    return order;
}

static void what_is_open_is_expected_until_it_closes(void **state)
{
    (void)state;
    purchase_order_id id;
    struct stall stall = half_way(&id);
    assert_int_equal(stall_level(&stall, stall.there).on_hand, 3);
    assert_int_equal(stall_level(&stall, stall.there).incoming, 5);
    assert_int_equal(testkit_run(stall.kit, close_order, &id), OK);
    assert_int_equal(stall_level(&stall, stall.there).incoming, 0);
    assert_int_equal(order_now(&stall, id).status, PURCHASE_CLOSED);
    /* Not even what the tolerance would let in. */
    assert_int_equal(testkit_run(stall.kit, receive_beside, &id), ERR_STATE);
    stall_close(&stall);
}

static void a_receipt_beside_the_order_shows_in_it_once(void **state)
{
    (void)state;
    purchase_order_id id;
    struct stall stall = half_way(&id);
    assert_int_equal(testkit_run(stall.kit, receive_beside, &id), OK);
    assert_int_equal(order_now(&stall, id).version, 4);
    follow_log(stall.kit);
    struct purchase_order order = order_now(&stall, id);
    assert_int_equal(order.status, PURCHASE_RECEIVED);
    assert_int_equal(order.version, 5);
    assert_int_equal(testkit_events(stall.kit, "purchase_order.received"), 2);
    str first = STR_NONE;
    assert_int_equal(testkit_verify(stall.kit, &purchasing_room, &first), 0);
    stall_close(&stall);
}

static void closing_knows_what_the_log_has_not_told(void **state)
{
    (void)state;
    purchase_order_id id;
    struct stall stall = half_way(&id);
    assert_int_equal(testkit_run(stall.kit, receive_beside, &id), OK);
    assert_int_equal(testkit_run(stall.kit, close_order, &id), OK);
    assert_int_equal(order_now(&stall, id).status, PURCHASE_CLOSED);
    follow_log(stall.kit);
    str first = STR_NONE;
    assert_int_equal(order_now(&stall, id).version, 6);
    assert_int_equal(testkit_verify(stall.kit, &purchasing_room, &first), 0);
    stall_close(&stall);
}

struct planted {
    const char *sql;
    size_t found;
};

static void see(void *arg, const char *invariant, str row, str what)
{
    struct planted *planted = arg;
    (void)what;
    assert_string_equal(invariant, "purchases");
    assert_true(str_starts(row, STR("po_")));
    planted->found++;
}

/* Changes rows behind the room's back, looks, and is undone. */
static err_t plant(struct ctx *ctx, void *arg)
{
    struct planted *planted = arg;
    TRY(ctx->tx->ops->exec(ctx, ctx->tx, planted->sql));
    TRY(purchasing_verify.at[0].run(ctx, see, planted));
    return fail(ctx, ERR_STATE, "", "undo it");
}

static void verify_finds_what_is_planted(void **state)
{
    (void)state;
    static const char *const each[] = {
        "UPDATE purchase_lines SET received = received - 1",
        "UPDATE purchase_lines SET qty = qty + 1",
        "UPDATE purchase_lines SET unit_cost = unit_cost + 1",
        "UPDATE purchase_orders SET total = total + 1",
        "UPDATE purchase_orders SET status = 5",
        "UPDATE purchase_orders SET status = 7",
        "UPDATE purchase_orders SET sent_at = NULL",
        "UPDATE supplies SET source_n = 2",
        "UPDATE supplies SET qty = 9, open = 6",
        "DELETE FROM supplies",
        "DELETE FROM purchase_lines",
    };
    purchase_order_id id;
    struct stall stall = half_way(&id);
    follow_log(stall.kit);
    for (size_t i = 0; i < COUNT_OF(each); i++) {
        struct planted planted = {.sql = each[i]};
        assert_int_equal(testkit_run(stall.kit, plant, &planted), ERR_STATE);
        if (planted.found == 0)
            fail_msg("not found: %s", each[i]);
    }
    str first = STR_NONE;
    assert_int_equal(testkit_verify(stall.kit, &purchasing_room, &first), 0);
    stall_close(&stall);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(the_grid_is_the_checked_in_one),
        TEST(the_total_is_exact_and_bounded),
        cmocka_unit_test(an_order_is_complete_when_nothing_is_open),
        cmocka_unit_test(what_is_open_is_expected_until_it_closes),
        cmocka_unit_test(a_receipt_beside_the_order_shows_in_it_once),
        cmocka_unit_test(closing_knows_what_the_log_has_not_told),
        cmocka_unit_test(verify_finds_what_is_planted),
    };
    int bad = 0;
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    do
        bad += cmocka_run_group_tests_name("purchasing", tests, NULL, NULL);
    while (testkit_next_engine());
    return bad;
}
