/* fulfillment_unit_test.c - kits and units that are told apart, on their way.
 */
#include "oms/catalog/catalog.h"
#include "oms/change/change.h"
#include "oms/fulfillment/fulfillment_testkit.h"
#include "oms/inventory/inventory.h"
#include "oms/room.h"

static int setup(void **state)
{
    struct shop *shop = shop_open(STOCK_POLICY_BACKORDER);
    shop_add_location(shop, "A");
    shop_add_location(shop, "B");
    shop_add_sku(shop, "SHOE", true);
    shop_add_sku(shop, "SOCK", true);
    shop_add_sku(shop, "SET", false);
    shop_rank(shop, "A B");
    *state = shop;
    return 0;
}

static int teardown(void **state)
{
    shop_close(*state);
    return 0;
}

#define SHOP(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

struct named {
    const char *code;
    struct sku sku;
};

static err_t find(struct ctx *ctx, void *arg)
{
    struct named *named = arg;
    bool is_found;
    TRY(sku_find(ctx, str_from_cstr(named->code), &named->sku, &is_found));
    ASSERT(is_found);
    return OK;
}

static sku_id sku_of(struct shop *shop, const char *code)
{
    struct named named = {.code = code};
    assert_ok(shop->kit, testkit_read(shop->kit, find, &named));
    return named.sku.id;
}

static void call(struct shop *shop, const struct room *room,
                 const char *operation, sku_id sku, const char *body)
{
    struct testkit_reply reply;
    struct testkit_call call = {
        .operation = operation,
        .path = {sku.v ? shop_id(shop, "sku", sku.v) : NULL},
        .body = body};
    shop_call(shop, room, &call, &reply);
    assert_ok(shop->kit, reply.err);
}

static order_id place(struct shop *shop, const char *lines)
{
    struct testkit_reply reply;
    shop_place(shop, shop_body(shop, "1", lines), &reply);
    order_id id = shop_order_id(shop, &reply);
    shop_drain(shop);
    return id;
}

struct missing {
    fulfillment_order_id fo;
    struct fulfillment_piece piece;
    struct fulfillment_units units;
    enum shop_note what;
};

static err_t note(struct ctx *ctx, void *arg)
{
    struct missing *m = arg;
    struct fulfillment_work work;
    struct fulfillment_note n = {.units = &m->units, .count = 1};
    m->units.pieces = &m->piece;
    m->units.piece_count = 1;
    TRY(fulfillment_lock(ctx, m->fo, &work));
    return m->what == NOTE_SHORT ? fulfillment_note_short(ctx, &work, &n)
                                 : fulfillment_note_shipped(ctx, &work, &n);
}

static void expect_level(struct shop *shop, const char *sku, const char *at,
                         int64_t on_hand, int64_t committed, int64_t held)
{
    struct stock_level level = shop_level(shop, sku, at);
    assert_int_equal(level.on_hand, on_hand);
    assert_int_equal(level.committed, committed);
    assert_int_equal(level.held, held);
}

static void a_kit_lacks_one_component_and_goes_elsewhere_whole(void **state)
{
    struct shop *shop = *state;
    struct fulfillment *fos;
    sku_id shoe = sku_of(shop, "SHOE");
    call(shop, &change_room, "setComponents", sku_of(shop, "SET"),
         "{\"version\":1,\"components\":[{\"sku\":\"SHOE\",\"quantity\":2},"
         "{\"sku\":\"SOCK\",\"quantity\":1}]}");
    shop_set_stock(shop, "SHOE", "A", 8);
    shop_set_stock(shop, "SOCK", "A", 4);
    shop_set_stock(shop, "SHOE", "B", 2);
    shop_set_stock(shop, "SOCK", "B", 4);
    order_id id = place(shop, "SET:4:100");
    assert_int_equal(shop_fulfillments(shop, id, &fos), 1);
    assert_int_equal(fos[0].lines[0].qty, 4);
    assert_int_equal(fos[0].lines[0].sku.v, sku_of(shop, "SET").v);
    expect_level(shop, "SHOE", "A", 8, 8, 0);
    assert_string_equal(shop_note(shop, fos[0].id, NOTE_PICKED, "1:1"), "");
    /* One shoe is not there: two kits fail, one of them has a place at B. */
    struct missing m = {
        .fo = fos[0].id,
        .piece = {.sku = shoe, .qty = 3},
        .units = {.n = 1,      .qty = 1},
        .what = NOTE_SHORT
    };
    assert_int_equal(testkit_run(shop->kit, note, &m), ERR_INVALID);
    assert_string_equal(shop->kit->err.slug, "pieces_differ");
    m.units.qty = 2;
    m.piece.qty = 1;
    assert_ok(shop->kit, testkit_run(shop->kit, note, &m));
    expect_level(shop, "SHOE", "A", 8, 4, 1);
    expect_level(shop, "SOCK", "A", 4, 2, 0);
    expect_level(shop, "SHOE", "B", 2, 2, 0);
    expect_level(shop, "SOCK", "B", 4, 1, 0);
    struct order order = shop_order(shop, id);
    assert_int_equal(order.lines[0].picked, 1);
    assert_int_equal(order.lines[0].allocated, 2);
    assert_int_equal(order.lines[0].backordered, 1);
    shop_drain(shop);
    shop_verify(shop);
    assert_string_equal(shop_note(shop, fos[0].id, NOTE_SHIPPED, "1:1"), "");
    expect_level(shop, "SHOE", "A", 6, 2, 1);
    expect_level(shop, "SOCK", "A", 3, 1, 0);
    shop_drain(shop);
    shop_verify(shop);
}

/* What was missing may leave a row of a component that is no whole kits. */
static void rows_of_a_kit_are_counted_together(void **state)
{
    struct shop *shop = *state;
    struct fulfillment *fos;
    call(shop, &change_room, "setComponents", sku_of(shop, "SET"),
         "{\"version\":1,\"components\":[{\"sku\":\"SHOE\",\"quantity\":2}]}");
    shop_set_stock(shop, "SHOE", "A", 4);
    order_id id = place(shop, "SET:4:100");
    shop_set_stock(shop, "SHOE", "A", 8);
    shop_turn(shop);
    testkit_sql(shop->kit,
                "UPDATE reservations SET qty = CASE WHEN id = (SELECT MIN(id) "
                "FROM reservations WHERE state = 2) THEN 3 ELSE 5 END WHERE "
                "state = 2");
    struct order order = shop_order(shop, id);
    assert_int_equal(order.lines[0].allocated, 4);
    assert_int_equal(order.allocation_count, 1);
    assert_int_equal(order.allocations[0].qty, 4);
    testkit_sql(shop->kit, "DELETE FROM fulfillment_lines");
    testkit_sql(shop->kit, "DELETE FROM fulfillment_orders");
    shop_refulfil(shop);
    assert_int_equal(shop_fulfillments(shop, id, &fos), 1);
    assert_int_equal(fos[0].lines[0].qty, 4);
}

static void told_apart_units_are_named_when_they_leave(void **state)
{
    struct shop *shop = *state;
    struct fulfillment *fos;
    sku_id shoe = sku_of(shop, "SHOE");
    static const str numbers[] = {STR_INIT("N1"), STR_INIT("N3")};
    call(shop, &inventory_room, "setUnitPolicy", shoe,
         "{\"version\":0,\"is_lot_tracked\":true,\"is_serial_tracked\":true}");
    call(shop, &inventory_room, "createReceipt", (sku_id){0},
         "{\"location\":\"A\",\"lines\":[{\"sku\":\"SHOE\",\"quantity\":3,"
         "\"lot\":\"L1\",\"serials\":[\"N1\",\"N2\",\"N3\"]}]}");
    order_id id = place(shop, "SHOE:3:100");
    shop_fulfillments(shop, id, &fos);
    assert_string_equal(shop_note(shop, fos[0].id, NOTE_PICKED, "1:2"), "");
    assert_string_equal(shop_note(shop, fos[0].id, NOTE_SHIPPED, "1:2"),
                        "lot_required");
    struct missing m = {
        .fo = fos[0].id,
        .piece = {.sku = shoe,
                  .qty = 2,
                  .names = {.lot = STR("L1"),
                            .serials = numbers,
                            .serial_count = 2}},
        .units = {.n = 1,           .qty = 2},
        .what = NOTE_SHIPPED,
    };
    assert_ok(shop->kit, testkit_run(shop->kit, note, &m));
    expect_level(shop, "SHOE", "A", 1, 1, 0);
    shop_drain(shop);
    shop_verify(shop);
    /* What is gone is not there to be missed. */
    m.what = NOTE_SHORT;
    m.units.qty = m.piece.qty = 1;
    m.piece.names.serial_count = 1;
    assert_int_equal(testkit_run(shop->kit, note, &m), ERR_STATE);
    assert_string_equal(shop->kit->err.slug, "serial_not_here");
    static const str left[] = {STR_INIT("N2")};
    m.piece.names.serials = left;
    assert_ok(shop->kit, testkit_run(shop->kit, note, &m));
    expect_level(shop, "SHOE", "A", 1, 0, 1);
    shop_fulfillments(shop, id, &fos);
    assert_int_equal(fos[0].status, FULFILLMENT_CLOSED);
    assert_int_equal(shop_order(shop, id).lines[0].backordered, 1);
    shop_drain(shop);
    shop_verify(shop);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        SHOP(a_kit_lacks_one_component_and_goes_elsewhere_whole),
        SHOP(rows_of_a_kit_are_counted_together),
        SHOP(told_apart_units_are_named_when_they_leave),
    };
    int bad = 0;
    do
        bad += RUN_TESTS(tests, argc, argv);
    while (testkit_next_engine());
    return bad;
}
