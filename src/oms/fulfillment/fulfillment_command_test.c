/* fulfillment_command_test.c - fulfillment orders moved, split, merged, handed
 * to others, and what happens when a location closes. */
#include "oms/change/change.h"
#include "oms/fulfillment/fulfillment_testkit.h"
#include "oms/inventory/inventory_command.h"
#include "oms/room.h"
#include "oms/routing/routing.h"

static int setup(void **state)
{
    struct shop *shop = shop_open(STOCK_POLICY_BACKORDER);
    shop_add_location(shop, "A");
    shop_add_location(shop, "B");
    shop_add_location(shop, "C");
    shop_add_sku(shop, "SHOE", true);
    shop_add_sku(shop, "SOCK", true);
    shop_add_sku(shop, "GIFT", false);
    shop_rank(shop, "A B C");
    *state = shop;
    return 0;
}

static int teardown(void **state)
{
    shop_close(*state);
    return 0;
}

#define SHOP(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

static order_id place_more(struct shop *shop, const char *external_id,
                           const char *lines, const char *more)
{
    struct testkit_reply reply;
    const char *body = shop_body(shop, external_id, lines);
    shop_place(shop,
               shop_text(shop, "%.*s%s}", (int)strlen(body) - 1, body, more),
               &reply);
    order_id id = shop_order_id(shop, &reply);
    shop_drain(shop);
    return id;
}

static order_id place(struct shop *shop, const char *lines)
{
    return place_more(shop, "1", lines, "");
}

static struct fulfillment only(struct shop *shop, order_id id)
{
    struct fulfillment *fos;
    assert_int_equal(shop_fulfillments(shop, id, &fos), 1);
    return fos[0];
}

/* The error code, or "". The body lacks its version, which is that of now. */
static const char *act(struct shop *shop, const char *operation,
                       const struct fulfillment *fo, const char *more)
{
    struct testkit_reply reply;
    struct testkit_call call = {.operation = operation,
                                .path = {shop_id(shop, "fo", fo->id.v)},
                                .body =
                                    shop_text(shop, "{\"version\":%lld%s}",
                                              (long long)fo->version, more)};
    shop_call(shop, &fulfillment_room, &call, &reply);
    if (reply.err == OK)
        return "";
    return shop->kit->err.slug ? shop->kit->err.slug : err_slug(reply.err);
}

static void finish(struct shop *shop)
{
    shop_drain(shop);
    shop_verify(shop);
}

static void a_held_fo_waits_and_shows_in_its_order(void **state)
{
    struct shop *shop = *state;
    shop_set_stock(shop, "SHOE", "A", 5);
    order_id id = place(shop, "SHOE:2:100");
    struct fulfillment fo = only(shop, id);
    assert_string_equal(
        act(shop, "holdFulfillmentOrder", &fo, ",\"reason\":\"address?\""), "");
    assert_string_equal(
        act(shop, "holdFulfillmentOrder", &fo, ",\"reason\":\"again\""),
        "stale");
    fo = only(shop, id);
    assert_int_equal(fo.status, FULFILLMENT_ON_HOLD);
    assert_int_equal(shop_order(shop, id).fulfil_flags, ORDER_FULFIL_ON_HOLD);
    assert_int_equal(shop_order(shop, id).version, 2);
    assert_string_equal(shop_note(shop, fo.id, NOTE_PICKED, "1:1"), "state");
    finish(shop);
    assert_string_equal(act(shop, "releaseFulfillmentOrder", &fo, ""), "");
    assert_int_equal(shop_order(shop, id).fulfil_flags, 0);
    assert_string_equal(shop_note(shop, fo.id, NOTE_PICKED, "1:1"), "");
    fo = only(shop, id);
    assert_string_equal(
        act(shop, "holdFulfillmentOrder", &fo, ",\"reason\":\"late\""),
        "state");
    assert_non_null(
        strstr(shop->kit->err.text, "in_progress; allowed: ship, cancel"));
    finish(shop);
}

static void a_moved_fo_takes_its_reservations_along_and_stays(void **state)
{
    struct shop *shop = *state;
    shop_set_stock(shop, "SHOE", "A", 5);
    shop_set_stock(shop, "SHOE", "B", 2);
    order_id id = place(shop, "SHOE:3:100 GIFT:1:0");
    struct fulfillment fo = only(shop, id);
    const char *to_b = shop_text(shop, ",\"location\":\"%s\"",
                                 shop_id(shop, "loc", shop_loc(shop, "B").v));
    assert_string_equal(act(shop, "moveFulfillmentOrder", &fo, to_b),
                        "out_of_stock");
    assert_string_equal(act(shop, "moveFulfillmentOrder", &fo,
                            ",\"location\":\"loc_0000000000001\""),
                        "location_unknown");
    shop_set_stock(shop, "SHOE", "B", 3);
    assert_string_equal(act(shop, "moveFulfillmentOrder", &fo, to_b), "");
    fo = only(shop, id);
    assert_int_equal(fo.location.v, shop_loc(shop, "B").v);
    assert_true(fo.is_sticky);
    assert_int_equal(shop_level(shop, "SHOE", "A").committed, 0);
    assert_int_equal(shop_level(shop, "SHOE", "B").committed, 3);
    struct order order = shop_order(shop, id);
    assert_int_equal(order.allocation_count, 2);
    assert_int_equal(order.allocations[1].location.v, fo.location.v);
    assert_string_equal(act(shop, "moveFulfillmentOrder", &fo, to_b),
                        "same_location");
    finish(shop);
}

static void units_part_and_join_again(void **state)
{
    struct shop *shop = *state;
    struct fulfillment *fos;
    shop_set_stock(shop, "SHOE", "A", 5);
    order_id id = place(shop, "SHOE:3:100 GIFT:2:0");
    struct fulfillment fo = only(shop, id);
    static const struct {
        const char *lines, *slug;
    } bad[] = {
        {"{\"n\":1,\"quantity\":4}",                          "over_split"  },
        {"{\"n\":3,\"quantity\":1}",                          "line_unknown"},
        {"{\"n\":1,\"quantity\":1},{\"n\":1,\"quantity\":1}", "line_twice"  },
        {"{\"n\":1,\"quantity\":3},{\"n\":2,\"quantity\":2}", "nothing_left"},
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_string_equal(
            act(shop, "splitFulfillmentOrder", &fo,
                shop_text(shop, ",\"lines\":[%s]", bad[i].lines)),
            bad[i].slug);
    assert_string_equal(act(shop, "splitFulfillmentOrder", &fo,
                            ",\"lines\":[{\"n\":2,\"quantity\":2},"
                            "{\"n\":1,\"quantity\":1}]"),
                        "");
    assert_int_equal(shop_fulfillments(shop, id, &fos), 2);
    assert_int_equal(fos[0].lines[0].qty, 2);
    assert_int_equal(fos[0].lines[1].qty, 0);
    assert_int_equal(fos[1].lines[0].qty, 1);
    assert_int_equal(fos[1].lines[1].qty, 2);
    finish(shop);
    const char *with =
        shop_text(shop, ",\"with\":[{\"id\":\"%s\",\"version\":1}]",
                  shop_id(shop, "fo", fos[1].id.v));
    assert_string_equal(act(shop, "mergeFulfillmentOrders", &fos[0], with), "");
    shop_fulfillments(shop, id, &fos);
    assert_int_equal(fos[0].lines[0].qty, 3);
    assert_int_equal(fos[1].status, FULFILLMENT_CANCELLED);
    assert_string_equal(act(shop, "mergeFulfillmentOrders", &fos[0], with),
                        "stale");
    finish(shop);
}

static void a_cancelled_fo_is_sent_from_elsewhere(void **state)
{
    struct shop *shop = *state;
    struct fulfillment *fos;
    struct testkit_reply reply;
    shop_set_stock(shop, "SHOE", "A", 5);
    shop_set_stock(shop, "SHOE", "C", 2);
    order_id id = place(shop, "SHOE:3:100");
    struct fulfillment fo = only(shop, id);
    assert_string_equal(
        act(shop, "cancelFulfillmentOrder", &fo, ",\"reason\":\"flood\""), "");
    assert_int_equal(shop_fulfillments(shop, id, &fos), 2);
    assert_int_equal(fos[0].status, FULFILLMENT_CANCELLED);
    assert_int_equal(fos[1].location.v, shop_loc(shop, "C").v);
    assert_int_equal(fos[1].lines[0].qty, 2);
    assert_int_equal(shop_order(shop, id).lines[0].backordered, 1);
    assert_int_equal(shop_level(shop, "SHOE", "A").committed, 0);
    /* Why is told with the decision. */
    struct testkit_call call = {.operation = "listOrderRouting",
                                .path = {shop_id(shop, "ord", id.v)}};
    shop_call(shop, &routing_room, &call, &reply);
    assert_ok(shop->kit, reply.err);
    assert_non_null(
        memmem(reply.body.ptr, reply.body.len, "cancelled_by_hand", 17));
    finish(shop);
}

/* ---- the hand-shake ---- */

static void make_3pl(struct shop *shop, const char *code)
{
    testkit_sql(shop->kit, shop_text(shop,
                                     "UPDATE locations SET type = 3 "
                                     "WHERE code = '%s'",
                                     code));
}

static void a_3pl_accepts_and_ships(void **state)
{
    struct shop *shop = *state;
    shop_set_stock(shop, "SHOE", "A", 5);
    order_id id = place(shop, "SHOE:3:100");
    struct fulfillment fo = only(shop, id);
    assert_string_equal(act(shop, "submitFulfillmentOrder", &fo, ""),
                        "location_type");
    make_3pl(shop, "A");
    assert_string_equal(act(shop, "acceptFulfillmentOrder", &fo, ""),
                        "request_state");
    assert_string_equal(
        act(shop, "submitFulfillmentOrder", &fo, ",\"message\":\"please\""),
        "");
    fo = only(shop, id);
    /* Nothing is done behind their back. */
    assert_string_equal(shop_note(shop, fo.id, NOTE_PICKED, "1:1"),
                        "request_state");
    assert_string_equal(
        act(shop, "holdFulfillmentOrder", &fo, ",\"reason\":\"x\""),
        "request_state");
    assert_string_equal(
        act(shop, "acceptFulfillmentOrder", &fo, ",\"reference\":\"R1\""), "");
    fo = only(shop, id);
    assert_int_equal(fo.status, FULFILLMENT_IN_PROGRESS);
    assert_int_equal(shop_order(shop, id).fulfil_flags, ORDER_FULFIL_STARTED);
    assert_string_equal(act(shop, "shipFulfillmentOrder", &fo,
                            ",\"lines\":[{\"n\":1,\"quantity\":4}]"),
                        "over_shipped");
    assert_string_equal(act(shop, "shipFulfillmentOrder", &fo,
                            ",\"tracking\":\"T1\",\"lines\":[{\"n\":1,"
                            "\"quantity\":1}]"),
                        "");
    finish(shop);
    /* They are asked to stop: the rest is given up and goes elsewhere. */
    fo = only(shop, id);
    assert_string_equal(act(shop, "requestFulfillmentCancellation", &fo, ""),
                        "");
    fo = only(shop, id);
    assert_string_equal(act(shop, "acceptFulfillmentCancellation", &fo, ""),
                        "");
    fo = only(shop, id);
    assert_int_equal(fo.status, FULFILLMENT_INCOMPLETE);
    finish(shop);
    shop_set_stock(shop, "SHOE", "B", 2);
    const char *to_b = shop_text(shop, ",\"location\":\"%s\"",
                                 shop_id(shop, "loc", shop_loc(shop, "B").v));
    assert_string_equal(act(shop, "moveFulfillmentOrder", &fo, to_b), "");
    struct fulfillment *fos;
    assert_int_equal(shop_fulfillments(shop, id, &fos), 2);
    assert_int_equal(fos[0].status, FULFILLMENT_CLOSED);
    assert_int_equal(fos[1].status, FULFILLMENT_OPEN);
    assert_true(fos[1].is_sticky);
    finish(shop);
}

static void a_rejected_fo_goes_elsewhere_unless_a_person_chose(void **state)
{
    struct shop *shop = *state;
    struct fulfillment *fos;
    shop_set_stock(shop, "SHOE", "A", 3);
    shop_set_stock(shop, "SHOE", "B", 3);
    order_id id = place(shop, "SHOE:3:100");
    make_3pl(shop, "A");
    make_3pl(shop, "B");
    struct fulfillment fo = only(shop, id);
    assert_string_equal(act(shop, "submitFulfillmentOrder", &fo, ""), "");
    fo = only(shop, id);
    assert_string_equal(
        act(shop, "rejectFulfillmentOrder", &fo, ",\"reason\":\"no room\""),
        "");
    assert_int_equal(shop_fulfillments(shop, id, &fos), 2);
    assert_int_equal(fos[0].status, FULFILLMENT_CANCELLED);
    assert_int_equal(fos[1].location.v, shop_loc(shop, "B").v);
    assert_int_equal(shop_level(shop, "SHOE", "A").committed, 0);
    finish(shop);
    const char *to_a = shop_text(shop, ",\"location\":\"%s\"",
                                 shop_id(shop, "loc", shop_loc(shop, "A").v));
    assert_string_equal(act(shop, "moveFulfillmentOrder", &fos[1], to_a), "");
    shop_fulfillments(shop, id, &fos);
    assert_string_equal(act(shop, "submitFulfillmentOrder", &fos[1], ""), "");
    shop_fulfillments(shop, id, &fos);
    assert_string_equal(
        act(shop, "rejectFulfillmentOrder", &fos[1], ",\"reason\":\"no\""), "");
    shop_fulfillments(shop, id, &fos);
    assert_int_equal(fos[1].status, FULFILLMENT_OPEN);
    assert_int_equal(fos[1].request_status, REQUEST_REJECTED);
    assert_int_equal(testkit_events(shop->kit, "fulfillment_order.rejected"),
                     2);
    finish(shop);
}

/* Who was asked is not stopped; when he says no, nobody else may begin. */
static void what_is_rejected_of_a_held_order_goes_on_hold(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    shop_set_stock(shop, "SHOE", "A", 3);
    shop_set_stock(shop, "SHOE", "B", 3);
    order_id id = place(shop, "SHOE:3:100");
    make_3pl(shop, "B");
    struct fulfillment *fos, fo = only(shop, id);
    const char *to_b = shop_text(shop, ",\"location\":\"%s\"",
                                 shop_id(shop, "loc", shop_loc(shop, "B").v));
    assert_string_equal(act(shop, "moveFulfillmentOrder", &fo, to_b), "");
    fo = only(shop, id);
    assert_string_equal(act(shop, "submitFulfillmentOrder", &fo, ""), "");
    struct testkit_call hold = {
        .operation = "holdOrder",
        .path = {shop_id(shop, "ord", id.v)},
        .body = shop_text(shop, "{\"version\":%lld,\"reason\":\"other\"}",
                          (long long)shop_order(shop, id).version)};
    shop_call(shop, &order_hold_room, &hold, &reply);
    assert_ok(&reply.ctx, reply.err);
    fo = only(shop, id);
    assert_int_equal(fo.status, FULFILLMENT_OPEN);
    assert_string_equal(
        act(shop, "rejectFulfillmentOrder", &fo, ",\"reason\":\"no\""), "");
    shop_fulfillments(shop, id, &fos);
    assert_int_equal(fos[0].status, FULFILLMENT_ON_HOLD);
    assert_int_equal(fos[0].request_status, REQUEST_REJECTED);
    finish(shop);
}

/* ---- a location closes ---- */

static err_t turn(struct ctx *ctx, void *arg)
{
    bool more = true;
    (void)arg;
    for (size_t i = 0; i < fulfillment_room.timers->count; i++)
        for (more = true; more;) {
            more = false;
            TRY(fulfillment_room.timers->at[i].run(ctx, &more));
        }
    return OK;
}

static err_t close_a(struct ctx *ctx, void *arg)
{
    struct location_change change = {.version = 1};
    bool is_active = false;
    change.is_active = &is_active;
    return location_change(ctx, *(location_id *)arg, &change);
}

static void what_waits_at_a_closed_location_goes_elsewhere(void **state)
{
    struct shop *shop = *state;
    struct fulfillment *fos;
    shop_set_stock(shop, "SHOE", "A", 6);
    shop_set_stock(shop, "SHOE", "B", 1);
    order_id one = place_more(shop, "1", "SHOE:2:100 GIFT:1:0", "");
    order_id two = place_more(shop, "2", "SHOE:1:100", "");
    struct fulfillment begun = only(shop, two);
    assert_string_equal(shop_note(shop, begun.id, NOTE_PICKED, "1:1"), "");
    location_id a = shop_loc(shop, "A");
    assert_ok(shop->kit, testkit_run(shop->kit, close_a, &a));
    shop_drain(shop);
    assert_ok(shop->kit, testkit_run(shop->kit, turn, NULL));
    finish(shop);
    assert_int_equal(shop_fulfillments(shop, one, &fos), 2);
    assert_int_equal(fos[0].status, FULFILLMENT_CANCELLED);
    assert_int_equal(fos[1].location.v, shop_loc(shop, "B").v);
    struct order order = shop_order(shop, one);
    assert_int_equal(order.lines[0].allocated, 1);
    assert_int_equal(order.lines[0].backordered, 1);
    /* What has begun stays with the people who are at it. */
    assert_int_equal(only(shop, two).status, FULFILLMENT_IN_PROGRESS);
    assert_ok(shop->kit, testkit_run(shop->kit, turn, NULL));
    finish(shop);
}

/* ---- later ---- */

static void a_scheduled_fo_opens_when_its_time_comes(void **state)
{
    struct shop *shop = *state;
    utc_ms due = 0;
    shop_set_stock(shop, "SHOE", "A", 6);
    order_id id = place_more(shop, "1", "SHOE:2:100",
                             ",\"fulfil_at\":\"2999-01-01T00:00:00Z\"");
    struct fulfillment fo = only(shop, id);
    assert_int_equal(fo.status, FULFILLMENT_SCHEDULED);
    assert_int_equal(shop_order(shop, id).fulfil_flags, ORDER_FULFIL_SCHEDULED);
    assert_string_equal(shop_note(shop, fo.id, NOTE_PICKED, "1:1"), "state");
    finish(shop);
    assert_ok(shop->kit, testkit_run(shop->kit, turn, NULL));
    assert_int_equal(only(shop, id).version, 1);
    due = shop->kit->now;
    shop->kit->now = fo.fulfil_at;
    assert_ok(shop->kit, testkit_run(shop->kit, turn, NULL));
    assert_int_equal(only(shop, id).status, FULFILLMENT_OPEN);
    assert_int_equal(shop_order(shop, id).fulfil_flags, 0);
    shop->kit->now = due;
    finish(shop);
}

static void each_line_waits_for_its_own_day(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    struct fulfillment *fos;
    utc_ms now = shop->kit->now;
    shop_set_stock(shop, "SHOE", "A", 6);
    shop_set_stock(shop, "SOCK", "A", 6);
#define LINE                                                                   \
    "{\"sku\":\"%s\",\"quantity\":2,\"unit_price\":"                           \
    "{\"amount\":100,\"currency\":\"EUR\"}%s}"
    shop_place(shop,
               shop_text(shop,
                         "{\"channel\":\"web\",\"external_id\":\"1\","
                         "\"fulfil_at\":\"2998-01-01T00:00:00Z\",\"lines\":"
                         "[" LINE "," LINE "," LINE "," LINE "]}",
                         "SHOE", ",\"fulfil_at\":\"2999-01-01T00:00:00Z\"",
                         "SOCK", "", "GIFT", "", "SHOE",
                         ",\"fulfil_at\":\"2001-01-01T00:00:00Z\""),
               &reply);
#undef LINE
    order_id id = shop_order_id(shop, &reply);
    finish(shop);
    assert_int_equal(shop_fulfillments(shop, id, &fos), 3);
    assert_int_equal(fos[0].lines[0].n, 1);
    assert_int_equal(fos[0].status, FULFILLMENT_SCHEDULED);
    assert_int_equal(fos[1].line_count, 2); /* Those of the order's day. */
    assert_int_equal(fos[1].status, FULFILLMENT_SCHEDULED);
    assert_true(fos[1].fulfil_at < fos[0].fulfil_at);
    assert_int_equal(fos[2].lines[0].n, 4);
    assert_int_equal(fos[2].status, FULFILLMENT_OPEN);
    assert_string_equal(
        act(shop, "mergeFulfillmentOrders", &fos[0],
            shop_text(shop, ",\"with\":[{\"id\":\"%s\",\"version\":1}]",
                      shop_id(shop, "fo", fos[1].id.v))),
        "not_alike");
    for (size_t i = 2; i-- > 0;) {
        shop->kit->now = fos[i].fulfil_at;
        assert_ok(shop->kit, testkit_run(shop->kit, turn, NULL));
        assert_int_equal(shop_fulfillments(shop, id, &fos), 3);
        assert_int_equal(fos[i].status, FULFILLMENT_OPEN);
        assert_int_equal(shop_order(shop, id).fulfil_flags,
                         i > 0 ? ORDER_FULFIL_SCHEDULED : 0);
    }
    shop->kit->now = now;
    finish(shop);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        SHOP(a_held_fo_waits_and_shows_in_its_order),
        SHOP(a_moved_fo_takes_its_reservations_along_and_stays),
        SHOP(units_part_and_join_again),
        SHOP(a_cancelled_fo_is_sent_from_elsewhere),
        SHOP(a_3pl_accepts_and_ships),
        SHOP(a_rejected_fo_goes_elsewhere_unless_a_person_chose),
        SHOP(what_is_rejected_of_a_held_order_goes_on_hold),
        SHOP(what_waits_at_a_closed_location_goes_elsewhere),
        SHOP(a_scheduled_fo_opens_when_its_time_comes),
        SHOP(each_line_waits_for_its_own_day),
    };
    int bad = 0;
    do
        bad += RUN_TESTS(tests, argc, argv);
    while (testkit_next_engine());
    return bad;
}
