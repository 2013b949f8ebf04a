/* fulfillment_pick_test.c - tasks made from orders, and what verify finds. */
#include "oms/fulfillment/fulfillment_pick.h"

#include "base/arena.h"
#include "oms/change/change.h"
#include "oms/fulfillment/fulfillment_testkit.h"
#include "oms/room.h"

struct walking {
    struct shop *shop;
    order_id order;
    fulfillment_order_id fo;
    struct pick_made made;
    struct pick_scan_cmd scan;
    struct pick_short_cmd missing;
    int64_t version;
};

static err_t make(struct ctx *ctx, void *arg)
{
    struct walking *w = arg;
    struct pick_make_cmd cmd = {
        .ids = &w->fo, .count = 1, .zone = STR(""), .tote = STR("")};
    return pick_make(ctx, &cmd, &w->made);
}

static err_t start(struct ctx *ctx, void *arg)
{
    struct walking *w = arg;
    return pick_start(ctx, w->made.tasks[0], w->version++);
}

static err_t scan(struct ctx *ctx, void *arg)
{
    struct walking *w = arg;
    bool is_repeat;
    w->version++;
    return pick_scan(ctx, w->made.tasks[0], &w->scan, &is_repeat);
}

static err_t missing(struct ctx *ctx, void *arg)
{
    struct walking *w = arg;
    w->missing.version = w->version++;
    return pick_short(ctx, w->made.tasks[0], &w->missing);
}

static err_t complete(struct ctx *ctx, void *arg)
{
    struct walking *w = arg;
    return pick_complete(ctx, w->made.tasks[0], w->version++);
}

/* Five shoes are on a walk; nobody has begun. */
static struct walking begin(const char *external_id)
{
    struct walking w = {.shop = shop_open(STOCK_POLICY_BACKORDER),
                        .version = 1};
    struct testkit_reply reply;
    struct fulfillment *fos;
    shop_add_location(w.shop, "A");
    shop_add_sku(w.shop, "SHOE", true);
    shop_rank(w.shop, "A");
    shop_set_stock(w.shop, "SHOE", "A", 5);
    shop_place(w.shop, shop_body(w.shop, external_id, "SHOE:5:100"), &reply);
    w.order = shop_order_id(w.shop, &reply);
    shop_drain(w.shop);
    assert_int_equal(shop_fulfillments(w.shop, w.order, &fos), 1);
    w.fo = fos[0].id;
    assert_ok(w.shop->kit, testkit_run(w.shop->kit, make, &w));
    assert_int_equal(w.made.count, 1);
    w.scan = (struct pick_scan_cmd){.sku = STR("SHOE"),
                                    .barcode = STR(""),
                                    .qty = 3,
                                    .lot = STR(""),
                                    .serial = STR(""),
                                    .tote = STR(""),
                                    .scan_id = STR("")};
    w.missing =
        (struct pick_short_cmd){.line = 1, .qty = 2, .reason = STR("gone")};
    return w;
}

static void what_is_short_is_held_and_counted(void **state)
{
    (void)state;
    struct walking w = begin("1");
    struct testkit *kit = w.shop->kit;
    assert_ok(kit, testkit_run(kit, start, &w));
    assert_ok(kit, testkit_run(kit, scan, &w));
    assert_ok(kit, testkit_run(kit, missing, &w));
    assert_ok(kit, testkit_run(kit, complete, &w));
    struct stock_level level = shop_level(w.shop, "SHOE", "A");
    assert_int_equal(level.committed, 3);
    assert_int_equal(level.held, 2);
    assert_int_equal(testkit_events(kit, "pick_task.short"), 1);
    assert_int_equal(testkit_events(kit, "count.created"), 1);
    shop_drain(w.shop);
    shop_verify(w.shop);
    shop_close(w.shop);
}

/* Somebody else is sent for what the first did not find, and finds one of it:
 * that one is not missing. */
static void what_another_has_in_hand_is_not_lost(void **state)
{
    (void)state;
    struct walking w = begin("1");
    struct testkit *kit = w.shop->kit;
    struct fulfillment *fos;
    assert_ok(kit, testkit_run(kit, start, &w));
    assert_ok(kit, testkit_run(kit, scan, &w));
    assert_ok(kit, testkit_run(kit, missing, &w));
    struct walking other = w;
    other.version = 1;
    other.scan.qty = 1;
    assert_ok(kit, testkit_run(kit, make, &other));
    assert_int_equal(other.made.count, 1);
    assert_ok(kit, testkit_run(kit, start, &other));
    assert_ok(kit, testkit_run(kit, scan, &other));
    assert_ok(kit, testkit_run(kit, complete, &w));
    struct stock_level level = shop_level(w.shop, "SHOE", "A");
    assert_int_equal(level.committed, 4);
    assert_int_equal(level.held, 1);
    assert_int_equal(shop_fulfillments(w.shop, w.order, &fos), 1);
    assert_int_equal(fos[0].lines[0].qty, 4);
    assert_int_equal(fos[0].lines[0].picked, 3);
    other.version++; /* What is left of it was cut. */
    assert_ok(kit, testkit_run(kit, complete, &other));
    assert_int_equal(shop_fulfillments(w.shop, w.order, &fos), 1);
    assert_int_equal(fos[0].lines[0].picked, 4);
    shop_drain(w.shop);
    shop_verify(w.shop);
    shop_close(w.shop);
}

static void what_was_missed_and_cancelled_since_is_not_lost_again(void **state)
{
    (void)state;
    struct walking w = begin("1");
    struct testkit *kit = w.shop->kit;
    struct testkit_reply reply;
    w.missing.qty = 5;
    assert_ok(kit, testkit_run(kit, start, &w));
    assert_ok(kit, testkit_run(kit, missing, &w));
    struct testkit_call call = {
        .operation = "cancelOrder",
        .path = {shop_id(w.shop, "ord", w.order.v)},
        .body = shop_text(w.shop,
                          "{\"version\":%lld,\"reason\":\"test\","
                          "\"lines\":[{\"n\":1,"
                          "\"quantity\":2}]}",
                          (long long)shop_order(w.shop, w.order).version)};
    shop_call(w.shop, &change_room, &call, &reply);
    assert_ok(kit, reply.err);
    assert_ok(kit, testkit_run(kit, complete, &w));
    struct stock_level level = shop_level(w.shop, "SHOE", "A");
    assert_int_equal(level.committed, 0);
    assert_int_equal(level.held, 3);
    shop_drain(w.shop);
    shop_verify(w.shop);
    shop_close(w.shop);
}

static void verify_finds_what_is_planted(void **state)
{
    (void)state;
    static const struct {
        const char *sql, *found;
    } planted[] = {
        {"UPDATE pick_lines SET qty = qty + 1",                                   "picking fo_" },
        {"UPDATE fulfillment_lines SET qty = qty - 1",                            "picking fo_" },
        {"UPDATE fulfillment_orders SET status = 3",                              "picking fo_" },
        {"UPDATE pick_lines SET picked = 1, qty = 1",                             "picking pkt_"},
        {"UPDATE pick_tasks SET state = 2",                                       "picking pkt_"},
        {"UPDATE pick_tasks SET state = 3",                                       "picking pkt_"},
        {"UPDATE pick_tasks SET state = 4, ended_at = 1, "
         "started_at = 1",                                               "picking pkt_"},
        {"UPDATE pick_tasks SET ended_at = 1",                                    "picking pkt_"},
        {"DELETE FROM pick_lines",                                                "picking pkt_"},
        {"INSERT INTO pick_units (task_id, n, lot_id, serial_no, fo_id, fo_n, "
         "sku_id, location_id, qty, gone) SELECT task_id, n, 0, 'x', fo_id, "
         "fo_n, sku_id, 1, 1, 0 FROM pick_lines",                        "picking pkt_"},
        {"INSERT INTO pickups (id, bucket, fo_id, order_id, location_id, "
         "state, tries, version, created_at, updated_at) SELECT id, 0, id, "
         "order_id, location_id, 1, 0, 1, 1, 1 FROM fulfillment_orders", "picking pup_"},
        {"INSERT INTO productions (order_id, n, bucket, sku_id, location_id, "
         "status, version, created_at, updated_at) SELECT order_id, n, 0, 1, "
         "1, 1, 1, 1, 1 FROM order_lines",                               "picking ord_"},
    };
    for (size_t i = 0; i < COUNT_OF(planted); i++) {
        struct walking w = begin("1");
        str first = STR("nothing");
        testkit_sql(w.shop->kit, planted[i].sql);
        (void)testkit_verify(w.shop->kit, &picking_room, &first);
        if (!str_starts(first, str_from_cstr(planted[i].found)))
            fail_msg("%s: %.*s\n", planted[i].sql, STR_ARG(first));
        testkit_close(w.shop->kit);
        mem_free(w.shop);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_short_is_held_and_counted),
        cmocka_unit_test(what_another_has_in_hand_is_not_lost),
        cmocka_unit_test(what_was_missed_and_cancelled_since_is_not_lost_again),
        cmocka_unit_test(verify_finds_what_is_planted),
    };
    int bad = 0;
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    do
        bad += cmocka_run_group_tests_name("picking", tests, NULL, NULL);
    while (testkit_next_engine());
    return bad;
}
