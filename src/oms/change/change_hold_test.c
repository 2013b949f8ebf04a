/* change_hold_test.c - orders and lines on hold: nothing of them leaves. */
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/testing.h"
#include "oms/change/change_hold.h"
#include "oms/fulfillment/fulfillment_testkit.h"
#include "oms/room.h"
#include "oms/shop_testkit.h"
#include "store/engine.h"
#include "store/event.h"

static int setup(void **state)
{
    struct shop *shop = shop_open(STOCK_POLICY_BACKORDER);
    shop_add_location(shop, "A");
    shop_add_location(shop, "B");
    shop_add_sku(shop, "SHOE", true);
    shop_add_sku(shop, "SOCK", true);
    shop_rank(shop, "A B");
    shop_set_stock(shop, "SHOE", "A", 10);
    shop_set_stock(shop, "SOCK", "B", 10);
    *state = shop;
    return 0;
}

static int teardown(void **state)
{
    struct shop *shop = *state;
    shop_drain(shop);
    shop_verify(shop);
    shop_close(shop);
    return 0;
}

#define SHOP(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

static order_id place_as(struct shop *shop, const char *key)
{
    struct testkit_reply reply;
    shop_place(shop, shop_body(shop, key, "SHOE:2:5000 SOCK:1:400"), &reply);
    return shop_order_id(shop, &reply);
}

static order_id place(struct shop *shop)
{
    return place_as(shop, "1");
}

struct placing {
    int64_t version;
    struct order_hold hold;
};

static err_t run_place(struct ctx *ctx, void *arg)
{
    struct placing *placing = arg;
    return order_hold_place(ctx, placing->version, &placing->hold);
}

static const char *slug(struct shop *shop, err_t err)
{
    if (err == OK)
        return "";
    return shop->kit->err.slug ? shop->kit->err.slug : err_slug(err);
}

static const char *hold(struct shop *shop, order_id id, int64_t line,
                        utc_ms until, struct order_hold *ret)
{
    struct placing placing = {
        .version = shop_order(shop, id).version,
        .hold = {.order = id,
                 .line = line,
                 .reason = ORDER_HOLD_ADDRESS,
                 .until = until}
    };
    err_t err = testkit_run(shop->kit, run_place, &placing);
    if (ret)
        *ret = placing.hold;
    return slug(shop, err);
}

static err_t run_release(struct ctx *ctx, void *arg)
{
    struct order_hold *hold = arg;
    return order_hold_end(ctx, hold->id, hold->version,
                          ORDER_HOLD_EVENT_RELEASE, hold);
}

static const char *release(struct shop *shop, struct order_hold *hold)
{
    return slug(shop, testkit_run(shop->kit, run_release, hold));
}

/* The FO of SHOE, at A; NULL: there is none. */
static struct fulfillment *shoes(struct shop *shop, order_id id, bool is_other)
{
    struct fulfillment *all;
    location_id at = shop_loc(shop, is_other ? "B" : "A");
    size_t count = shop_fulfillments(shop, id, &all);
    for (size_t i = 0; i < count; i++)
        if (all[i].location.v == at.v)
            return &all[i];
    return NULL;
}

static int status_of(struct shop *shop, order_id id, bool is_other)
{
    const struct fulfillment *fo = shoes(shop, id, is_other);
    return fo ? (int)fo->status : 0;
}

static void nothing_of_a_held_order_is_opened(void **state)
{
    struct shop *shop = *state;
    struct order_hold one, two;
    order_id id = place(shop);
    assert_string_equal(hold(shop, id, 0, 0, &one), "");
    assert_string_equal(hold(shop, id, 0, 0, &two), "");
    shop_drain(shop);
    assert_null(shoes(shop, id, false));
    assert_int_equal(shop_level(shop, "SHOE", "A").committed, 2);
    assert_string_equal(release(shop, &one), "");
    assert_null(shoes(shop, id, false));
    assert_string_equal(release(shop, &one), "hold_state");
    assert_string_equal(release(shop, &two), "");
    assert_int_equal(status_of(shop, id, false), FULFILLMENT_OPEN);
    assert_int_equal(status_of(shop, id, true), FULFILLMENT_OPEN);
    assert_int_equal(testkit_events(shop->kit, "order.held"), 2);
    assert_int_equal(testkit_events(shop->kit, "order.let_go"), 2);
}

static void what_is_open_goes_on_hold_at_once(void **state)
{
    struct shop *shop = *state;
    struct order_hold held;
    order_id id = place(shop);
    shop_drain(shop);
    assert_int_equal(status_of(shop, id, false), FULFILLMENT_OPEN);
    assert_string_equal(hold(shop, id, 0, 0, &held), "");
    assert_int_equal(status_of(shop, id, false), FULFILLMENT_ON_HOLD);
    const struct fulfillment *other = shoes(shop, id, true);
    assert_true(other && str_equal_cstr(other->hold_reason, "order_hold"));
    shop_drain(shop);
    assert_int_equal(status_of(shop, id, false), FULFILLMENT_ON_HOLD);
    assert_string_equal(release(shop, &held), "");
    assert_int_equal(status_of(shop, id, false), FULFILLMENT_OPEN);
}

/* Who had begun stops: it is not open to the next one. */
static void what_nobody_works_on_any_more_goes_on_hold(void **state)
{
    struct shop *shop = *state;
    struct order_hold held;
    order_id id = place(shop);
    shop_drain(shop);
    const struct fulfillment *fo = shoes(shop, id, false);
    assert_non_null(fo);
    assert_string_equal(shop_note(shop, fo->id, NOTE_STARTED, ""), "");
    assert_string_equal(hold(shop, id, 0, 0, &held), "");
    assert_int_equal(status_of(shop, id, false), FULFILLMENT_IN_PROGRESS);
    assert_string_equal(shop_note(shop, fo->id, NOTE_STOPPED, ""), "");
    assert_int_equal(status_of(shop, id, false), FULFILLMENT_ON_HOLD);
    fo = shoes(shop, id, false);
    assert_true(fo && str_equal_cstr(fo->hold_reason, "order_hold"));
    shop_drain(shop);
    assert_string_equal(release(shop, &held), "");
    assert_int_equal(status_of(shop, id, false), FULFILLMENT_OPEN);
}

static void a_held_line_leaves_the_others_alone(void **state)
{
    struct shop *shop = *state;
    struct order_hold held;
    order_id id = place(shop);
    assert_string_equal(hold(shop, id, 3, 0, NULL), "line_unknown");
    assert_string_equal(hold(shop, id, 1, 0, &held), "");
    shop_drain(shop);
    assert_null(shoes(shop, id, false));
    assert_int_equal(status_of(shop, id, true), FULFILLMENT_OPEN);
    assert_string_equal(release(shop, &held), "");
    assert_string_equal(hold(shop, id, 2, 0, NULL), "");
    assert_int_equal(status_of(shop, id, false), FULFILLMENT_OPEN);
    assert_int_equal(status_of(shop, id, true), FULFILLMENT_ON_HOLD);
}

static err_t expire(struct ctx *ctx, void *arg)
{
    bool is_more = false;
    (void)arg;
    return order_hold_timers.at[0].run(ctx, &is_more);
}

static void a_hold_ends_at_its_time(void **state)
{
    struct shop *shop = *state;
    order_id id = place(shop);
    utc_ms until = shop->kit->now + 1000;
    assert_string_equal(hold(shop, id, 0, shop->kit->now, NULL),
                        "time_out_of_range");
    assert_string_equal(hold(shop, id, 0, until, NULL), "");
    assert_ok(shop->kit, testkit_run(shop->kit, expire, NULL));
    assert_null(shoes(shop, id, false));
    shop->kit->now = until;
    assert_ok(shop->kit, testkit_run(shop->kit, expire, NULL));
    assert_int_equal(status_of(shop, id, false), FULFILLMENT_OPEN);
    assert_int_equal(testkit_events(shop->kit, "order_hold.expired"), 1);
}

static void ship_all(struct shop *shop, order_id id, bool is_other,
                     const char *units)
{
    const struct fulfillment *fo = shoes(shop, id, is_other);
    assert_non_null(fo);
    assert_string_equal(shop_note(shop, fo->id, NOTE_PICKED, units), "");
    assert_string_equal(shop_note(shop, fo->id, NOTE_PACKED, units), "");
    assert_string_equal(shop_note(shop, fo->id, NOTE_SHIPPED, units), "");
}

static err_t expect_ended(struct ctx *ctx, void *arg)
{
    const struct order_hold *was = arg;
    struct event_subject subject = {"order_hold", was->id.v, 0};
    struct order_hold now;
    struct event *events;
    struct json_in *in;
    size_t count;
    str because;
    TRY(order_hold_get(ctx, was->id, &now));
    assert_int_equal(now.state, ORDER_HOLD_EXPIRED);
    assert_int_equal(now.version, 2);
    TRY(event_list_subject(ctx, &subject, 9, &events, &count));
    assert_int_equal(count, 2);
    TRY(json_parse(ctx, events[1].data, &in));
    TRY(json_get_str(in, "because", 1, 20, &because));
    assert_str(because, "order_completed");
    return OK;
}

/* What was in a hand when the hold came leaves all the same. */
static void holds_end_with_the_order_that_is_shipped(void **state)
{
    struct shop *shop = *state;
    struct order_hold held, line;
    order_id id = place(shop);
    shop_drain(shop);
    const struct fulfillment *fo = shoes(shop, id, true);
    assert_non_null(fo);
    assert_string_equal(shop_note(shop, fo->id, NOTE_STARTED, ""), "");
    ship_all(shop, id, false, "1:2");
    assert_string_equal(hold(shop, id, 0, 0, &held), "");
    assert_string_equal(hold(shop, id, 2, 0, &line), "");
    assert_int_equal(testkit_events(shop->kit, "order_hold.expired"), 0);
    ship_all(shop, id, true, "2:1");
    assert_int_equal(shop_order(shop, id).status, ORDER_COMPLETED);
    assert_ok(shop->kit, testkit_read(shop->kit, expect_ended, &held));
    assert_ok(shop->kit, testkit_read(shop->kit, expect_ended, &line));
    assert_int_equal(testkit_events(shop->kit, "order_hold.expired"), 2);
    assert_string_equal(release(shop, &held), "stale");
}

static const char *migration(const char *name, bool is_sqlite)
{
    for (size_t i = 0; i < migration_step_count; i++)
        if (strcmp(migration_steps[i].name, name) == 0)
            return is_sqlite ? migration_steps[i].sqlite
                             : migration_steps[i].postgres;
    return NULL;
}

static err_t is_sqlite(struct ctx *ctx, void *arg)
{
    *(bool *)arg = store_engine_of(ctx) == STORE_SQLITE;
    return OK;
}

/* Holds did not always end with their order: those that a store has from then
 * are ended by the timer, in words of their own, and no others. */
static void holds_of_orders_that_were_over_end_after_an_upgrade(void **state)
{
    struct shop *shop = *state;
    struct testkit *kit = shop->kit;
    struct order_hold held, other;
    bool is_lite;
    order_id id = place(shop), waits = place_as(shop, "2");
    shop_drain(shop);
    ship_all(shop, id, false, "1:2");
    const struct fulfillment *fo = shoes(shop, id, true);
    assert_string_equal(shop_note(shop, fo->id, NOTE_STARTED, ""), "");
    assert_string_equal(hold(shop, id, 0, 0, &held), "");
    assert_string_equal(hold(shop, waits, 0, 0, &other), "");
    ship_all(shop, id, true, "2:1");
    testkit_sql(kit, shop_text(shop,
                               "UPDATE order_holds SET state = 1, version = 2 "
                               "WHERE id = %lld",
                               (long long)held.id.v));
    assert_ok(kit, testkit_run(kit, expire, NULL));
    assert_int_equal(testkit_events(kit, "order_hold.expired"), 1);
    assert_ok(kit, testkit_read(kit, is_sqlite, &is_lite));
    testkit_sql(
        kit, migration("0094_holds_that_are_over.order_holds_over", is_lite));
    assert_ok(kit, testkit_run(kit, expire, NULL));
    assert_int_equal(testkit_events(kit, "order_hold.expired"), 2);
    shop_drain(shop);
    shop_verify(shop);
    assert_int_equal(shop_order(shop, id).status, ORDER_COMPLETED);
    assert_int_equal(status_of(shop, waits, false), FULFILLMENT_ON_HOLD);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        SHOP(nothing_of_a_held_order_is_opened),
        SHOP(what_is_open_goes_on_hold_at_once),
        SHOP(what_nobody_works_on_any_more_goes_on_hold),
        SHOP(a_held_line_leaves_the_others_alone),
        SHOP(a_hold_ends_at_its_time),
        SHOP(holds_end_with_the_order_that_is_shipped),
        SHOP(holds_of_orders_that_were_over_end_after_an_upgrade),
    };
    int bad = 0;
    do
        bad += RUN_TESTS(tests, argc, argv);
    while (testkit_next_engine());
    return bad;
}
