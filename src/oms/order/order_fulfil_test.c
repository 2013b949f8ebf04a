/* order_fulfil_test.c - units of an order move as I10 allows, and are told. */
#include "base/testing.h"
#include "oms/order/order_fulfil.h"
#include "oms/order/order_then.h"
#include "oms/room.h"
#include "oms/shop_testkit.h"
#include "store/event.h"

struct walk {
    order_id id;
    enum order_fulfil_move moves[3];
    size_t count;
    int64_t n, qty;
    struct order order;
};

static err_t walk(struct ctx *ctx, void *arg)
{
    struct walk *w = arg;
    struct order_note note = {.type = "order.picked"};
    TRY(order_lock(ctx, w->id, &w->order));
    struct order before = order_keep(ctx->arena, &w->order);
    for (size_t i = 0; i < w->count; i++)
        TRY(order_fulfil(ctx, &w->order, w->moves[i], w->n, w->qty));
    note.event_id = event_id(ctx, w->id.v);
    return order_note(ctx, &before, &w->order, &note);
}

static struct shop *open_shop(order_id *ret)
{
    struct shop *shop = shop_open(STOCK_POLICY_BACKORDER);
    struct testkit_reply reply;
    shop_add_location(shop, "A");
    shop_add_sku(shop, "SHOE", true);
    shop_add_sku(shop, "GIFT", false);
    shop_set_stock(shop, "SHOE", "A", 3);
    shop_place(shop, shop_body(shop, "1", "SHOE:5:100 GIFT:2:0"), &reply);
    *ret = shop_order_id(shop, &reply);
    return shop;
}

/* Of order and stock alone: no fulfillment order moved these units. */
static void verify(struct shop *shop)
{
    str first;
    if (testkit_verify(shop->kit, &order_room, &first) > 0 ||
        testkit_verify(shop->kit, &inventory_room, &first) > 0)
        fail_msg("%.*s", STR_ARG(first));
}

static void units_walk_only_as_far_as_there_are(void **state)
{
    (void)state;
    order_id id;
    struct shop *shop = open_shop(&id);
    static const struct {
        enum order_fulfil_move move;
        const char *slug;
        int64_t limit;
    } cases[] = {
        {ORDER_ALLOCATE,   "over_allocated",   2},
        {ORDER_UNALLOCATE, "over_unallocated", 3},
        {ORDER_BACKORDER,  "over_backordered", 0},
        {ORDER_PICK,       "over_picked",      3},
        {ORDER_UNPICK,     "over_unpicked",    0},
        {ORDER_SHIP,       "over_shipped",     0},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct walk w = {.id = id,
                         .moves = {cases[i].move},
                         .count = 1,
                         .n = 1,
                         .qty = cases[i].limit + 1};
        assert_int_equal(testkit_run(shop->kit, walk, &w), ERR_INVALID);
        assert_string_equal(shop->kit->err.slug, cases[i].slug);
    }
    struct walk none = {
        .id = id, .moves = {ORDER_PICK}, .count = 1, .n = 3, .qty = 1};
    assert_int_equal(testkit_run(shop->kit, walk, &none), ERR_INVALID);
    assert_string_equal(shop->kit->err.slug, "line_unknown");
    assert_int_equal(shop_order(shop, id).version, 1);
    shop_close(shop);
}

static void shipped_units_are_nowhere_any_more(void **state)
{
    (void)state;
    order_id id;
    struct shop *shop = open_shop(&id);
    struct walk w = {
        .id = id,
        .moves = {ORDER_PICK, ORDER_SHIP},
        .count = 2,
        .n = 2,
        .qty = 2
    };
    assert_ok(shop->kit, testkit_run(shop->kit, walk, &w));
    struct order order = shop_order(shop, id);
    assert_int_equal(order.version, 2);
    assert_int_equal(order.status, ORDER_CONFIRMED);
    assert_int_equal(order.lines[1].shipped, 2);
    /* The untracked line is nowhere any more. */
    assert_int_equal(order.allocation_count, 1);
    verify(shop);
    assert_int_equal(testkit_events(shop->kit, "order.picked"), 1);
    shop_close(shop);
}

static err_t deliver(struct ctx *ctx, void *arg)
{
    struct walk *w = arg;
    struct order_note note = {.type = "order.delivered"};
    TRY(order_lock(ctx, w->id, &w->order));
    struct order before = order_keep(ctx->arena, &w->order);
    TRY(order_deliver(ctx, &w->order, w->n, w->qty));
    note.event_id = event_id(ctx, w->id.v);
    return order_note(ctx, &before, &w->order, &note);
}

static void only_shipped_units_arrive_and_once(void **state)
{
    (void)state;
    order_id id;
    struct shop *shop = open_shop(&id);
    struct walk w = {
        .id = id,
        .moves = {ORDER_PICK, ORDER_SHIP},
        .count = 2,
        .n = 2,
        .qty = 2
    };
    assert_int_equal(testkit_run(shop->kit, deliver, &w), ERR_INVALID);
    assert_string_equal(shop->kit->err.slug, "over_delivered");
    assert_ok(shop->kit, testkit_run(shop->kit, walk, &w));
    assert_ok(shop->kit, testkit_run(shop->kit, deliver, &w));
    struct order order = shop_order(shop, id);
    assert_int_equal(order.lines[1].delivered, 2);
    assert_int_equal(order.lines[1].shipped, 2);
    w.qty = 1;
    assert_int_equal(testkit_run(shop->kit, deliver, &w), ERR_INVALID);
    w.n = 3;
    assert_int_equal(testkit_run(shop->kit, deliver, &w), ERR_INVALID);
    assert_string_equal(shop->kit->err.slug, "line_unknown");
    verify(shop);
    shop_close(shop);
}

static void picked_units_stay_reserved(void **state)
{
    (void)state;
    order_id id;
    struct shop *shop = open_shop(&id);
    struct walk w = {
        .id = id, .moves = {ORDER_PICK}, .count = 1, .n = 1, .qty = 2};
    assert_ok(shop->kit, testkit_run(shop->kit, walk, &w));
    struct order order = shop_order(shop, id);
    assert_int_equal(order.lines[0].picked, 2);
    assert_int_equal(order.lines[0].allocated, 1);
    assert_int_equal(order.allocations[0].qty, 3);
    assert_int_equal(shop_level(shop, "SHOE", "A").committed, 3);
    shop_drain(shop);
    verify(shop); /* I5 counts them. */
    w = (struct walk){
        .id = id,
        .moves = {ORDER_UNPICK, ORDER_UNALLOCATE, ORDER_ALLOCATE},
        .count = 3,
        .n = 1,
        .qty = 2
    };
    assert_ok(shop->kit, testkit_run(shop->kit, walk, &w));
    assert_int_equal(shop_order(shop, id).lines[0].allocated, 3);
    verify(shop);
    shop_close(shop);
}

static void an_order_that_is_over_moves_no_units(void **state)
{
    struct ctx *ctx = *state;
    struct order_line line = {.n = 1, .ordered = 1, .picked = 1};
    struct order order = {
        .status = ORDER_COMPLETED, .lines = &line, .line_count = 1};
    assert_int_equal(order_fulfil(ctx, &order, ORDER_SHIP, 1, 1), ERR_STATE);
    assert_slug(ctx, "order_not_open");
    err_clear(ctx);
}

static err_t destination(struct ctx *ctx, void *arg)
{
    struct order order = {
        .doc = STR("{\"shipping_address\":{\"country\":\"DE\",\"city\":\"B\"},"
                   "\"method\":\"pickup\"}")};
    struct order_route_facts *facts = arg;
    TRY(order_destination(ctx, &order, facts));
    ASSERT(str_equal_cstr(facts->country, "DE"));
    order.doc = STR("{\"shipping_address\":null}");
    struct order_route_facts none;
    TRY(order_destination(ctx, &order, &none));
    ASSERT(none.country.len == 0 && none.method == ORDER_SHIPPED);
    return OK;
}

static void a_destination_is_what_the_order_says(void **state)
{
    (void)state;
    order_id id;
    struct order_route_facts facts;
    struct shop *shop = open_shop(&id);
    assert_ok(shop->kit, testkit_run(shop->kit, destination, &facts));
    assert_int_equal(facts.method, ORDER_PICKUP);
    shop_close(shop);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(units_walk_only_as_far_as_there_are),
        TEST(shipped_units_are_nowhere_any_more),
        TEST(only_shipped_units_arrive_and_once),
        TEST(picked_units_stay_reserved),
        TEST(an_order_that_is_over_moves_no_units),
        TEST(a_destination_is_what_the_order_says),
    };
    int bad = 0;
    do
        bad += RUN_TESTS(tests, argc, argv);
    while (testkit_next_engine());
    return bad;
}
