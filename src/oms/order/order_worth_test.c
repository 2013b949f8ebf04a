/* order_worth_test.c - what is taken off an order: units, shipping, fees,
 * goodwill; and that the past knows it. */
#include "oms/order/order_worth.h"

#include "base/json.h"
#include "base/testing.h"
#include "oms/order/order_fulfil.h"
#include "oms/order/order_pay.h"
#include "oms/order/order_rules.h"
#include "oms/order/order_then.h"
#include "oms/room.h"
#include "oms/shop_testkit.h"
#include "store/event.h"

/* ---- the derived status ---- */

static void what_comes_back_has_one_status(void **state)
{
    (void)state;
    static const struct {
        struct order_facts facts;
        const char *status;
    } cases[] = {
        {{.ordered = 4, .shipped = 4},                                       "none"              },
        {{.ordered = 4, .shipped = 4, .written_off = 4},                     "none"              },
        {{.ordered = 4, .shipped = 4, .return_requested = 1},                "requested"         },
        {{.ordered = 4, .shipped = 4, .returned = 1},                        "partially_returned"},
        {{.ordered = 4, .shipped = 3, .returned = 3},                        "partially_returned"},
        {{.ordered = 4, .cancelled = 1, .shipped = 3, .returned = 3},
         "returned"                                                                              },
        {{.ordered = 4, .shipped = 4, .returned = 1, .written_off = 3},
         "returned"                                                                              },
        {{.ordered = 4, .shipped = 4, .returned = 1, .return_requested = 1},
         "requested"                                                                             },
        {{.ordered = 4,
          .shipped = 4,
          .returned = 1,
          .return_requested = 1,
          .return_flags = ORDER_RETURN_STARTED},
         "in_progress"                                                                           },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_string_equal(order_return_status(&cases[i].facts),
                            cases[i].status);
}

/* ---- in the store ---- */

enum step_kind { ASK, BACK, OFF, CHARGES, ALLOW, SHIP };
struct step {
    order_id id;
    enum step_kind kind;
    int64_t n, qty, fees;
};

static err_t do_step(struct ctx *ctx, const struct step *step,
                     struct order *order)
{
    switch (step->kind) {
    case ASK: return order_worth_return_ask(ctx, order, step->n, step->qty);
    case BACK: return order_worth_return(ctx, order, step->n, step->qty);
    case OFF: return order_worth_write_off(ctx, order, step->n, step->qty);
    case CHARGES: return order_worth_charges(ctx, order, step->qty, step->fees);
    case ALLOW: return order_worth_allow(ctx, order, step->qty);
    case SHIP:
        TRY(order_fulfil(ctx, order, ORDER_PICK, step->n, step->qty));
        return order_fulfil(ctx, order, ORDER_SHIP, step->n, step->qty);
    }
    UNREACHABLE("not a step");
}

static err_t run_step(struct ctx *ctx, void *arg)
{
    const struct step *step = arg;
    struct order order;
    struct order_note note = {.type = "order.changed"};
    TRY(order_lock(ctx, step->id, &order));
    struct order before = order_keep(ctx->arena, &order);
    TRY(do_step(ctx, step, &order));
    note.event_id = event_id(ctx, order.id.v);
    return order_note(ctx, &before, &order, &note);
}

static int setup(void **state)
{
    struct shop *shop = shop_open(STOCK_POLICY_BACKORDER);
    shop_add_location(shop, "A");
    shop_add_sku(shop, "GIFT", false);
    *state = shop;
    return 0;
}

static int teardown(void **state)
{
    shop_close(*state);
    return 0;
}

/* Three units for 10.00 with 1.60 tax in it, post 4.90 (0.78), a fee of 1.00
 * (0.16): 15.90, three of three units shipped. */
static order_id place(struct shop *shop)
{
    struct testkit_reply reply;
    const char *body = "{\"channel\":\"web\",\"external_id\":\"1\",\"lines\":["
                       "{\"sku\":\"GIFT\",\"quantity\":3,\"unit_price\":"
                       "{\"amount\":400,\"currency\":\"EUR\"},\"discount\":"
                       "{\"amount\":200,\"currency\":\"EUR\"},\"tax_lines\":["
                       "{\"name\":\"VAT\",\"amount\":{\"amount\":160,"
                       "\"currency\":\"EUR\"}}]}],\"shipping_lines\":["
                       "{\"title\":\"Post\",\"price\":{\"amount\":490,"
                       "\"currency\":\"EUR\"},\"tax_lines\":[{\"name\":\"VAT\","
                       "\"amount\":{\"amount\":78,\"currency\":\"EUR\"}}]}],"
                       "\"fees\":[{\"title\":\"Gift wrap\",\"amount\":"
                       "{\"amount\":100,\"currency\":\"EUR\"},\"tax_lines\":["
                       "{\"name\":\"VAT\",\"amount\":{\"amount\":16,"
                       "\"currency\":\"EUR\"}}]}]}";
    assert_string_equal(shop_place(shop, body, &reply), "");
    return shop_order_id(shop, &reply);
}

static err_t step(struct shop *shop, order_id id, enum step_kind kind,
                  int64_t qty, int64_t fees)
{
    struct step step = {id, kind, 1, qty, fees};
    shop->kit->now += 1000;
    return testkit_run(shop->kit, run_step, &step);
}

static int64_t total(struct shop *shop, order_id id)
{
    struct order order = shop_order(shop, id);
    return order_total_now(&order);
}

static void sound(struct shop *shop)
{
    str first;
    shop_drain(shop);
    if (testkit_verify(shop->kit, &order_room, &first) > 0)
        fail_msg("%.*s", STR_ARG(first));
}

struct limit {
    enum step_kind kind;
    int64_t qty, fees;
    const char *slug;
};

static void refused(struct shop *shop, order_id id, struct limit limit)
{
    assert_int_equal(step(shop, id, limit.kind, limit.qty, limit.fees),
                     ERR_INVALID);
    assert_slug(shop->kit, limit.slug);
}

static void nothing_comes_back_that_was_not_shipped(void **state)
{
    struct shop *shop = *state;
    order_id id = place(shop);
    assert_ok(shop->kit, step(shop, id, SHIP, 2, 0));
    refused(shop, id, (struct limit){ASK, 3, 0, "over_return_requested"});
    refused(shop, id, (struct limit){ASK, -1, 0, "over_return_requested"});
    refused(shop, id, (struct limit){BACK, 1, 0, "over_returned"});
    refused(shop, id, (struct limit){OFF, 3, 0, "over_written_off"});
    assert_ok(shop->kit, step(shop, id, ASK, 1, 0));
    refused(shop, id, (struct limit){OFF, 2, 0, "over_written_off"});
    assert_ok(shop->kit, step(shop, id, OFF, 1, 0));
    refused(shop, id, (struct limit){ASK, 1, 0, "over_return_requested"});
    assert_int_equal(total(shop, id), 1590 - 333);
    assert_ok(shop->kit, step(shop, id, BACK, 1, 0));
    assert_int_equal(total(shop, id), 1590 - 666);
    sound(shop);
}

static void charges_and_goodwill_have_their_limits(void **state)
{
    struct shop *shop = *state;
    order_id id = place(shop);
    refused(shop, id, (struct limit){CHARGES, 491, 0, "over_shipping"});
    refused(shop, id, (struct limit){CHARGES, 0, 101, "over_fees"});
    assert_ok(shop->kit, step(shop, id, CHARGES, 100, 40));
    refused(shop, id, (struct limit){CHARGES, 391, 0, "over_shipping"});
    refused(shop, id, (struct limit){CHARGES, 0, 61, "over_fees"});
    struct order order = shop_order(shop, id);
    assert_int_equal(order.charges_now, 450);
    assert_int_equal(order.charges_tax_now, 94 - 15 - 6);
    assert_ok(shop->kit, step(shop, id, CHARGES, 390, 60));
    order = shop_order(shop, id);
    assert_int_equal(order.charges_now + order.charges_tax_now, 0);
    refused(shop, id, (struct limit){ALLOW, 1001, 0, "over_allowance"});
    assert_ok(shop->kit, step(shop, id, ALLOW, 1000, 0));
    assert_int_equal(total(shop, id), 0);
    refused(shop, id, (struct limit){ALLOW, 1, 0, "over_allowance"});
    sound(shop);
}

static err_t look_at_charges(struct ctx *ctx, void *arg)
{
    struct order order;
    struct order_charges_now now;
    TRY(order_lock(ctx, *(order_id *)arg, &order));
    /* A change set them to less than the fee, and the tax by its own rate. */
    order.charges_now = 50;
    order.charges_tax_now = 20;
    TRY(order_worth_charges_now(ctx, &order, &now));
    assert_int_equal(now.fees, 50);
    assert_int_equal(now.fees_tax, 20);
    assert_int_equal(now.shipping + now.shipping_tax, 0);
    TRY(order_worth_charges(ctx, &order, 0, 50));
    assert_int_equal(order.charges_now + order.charges_tax_now, 0);
    return OK;
}

static void no_tax_is_left_of_charges_that_are_gone(void **state)
{
    struct shop *shop = *state;
    order_id id = place(shop);
    assert_ok(shop->kit, testkit_run(shop->kit, look_at_charges, &id));
}

/* I17: goodwill and then everything back is what was paid, not more. */
static void what_comes_back_after_goodwill_takes_back_what_is_left(void **state)
{
    struct shop *shop = *state;
    order_id id = place(shop);
    assert_ok(shop->kit, step(shop, id, SHIP, 3, 0));
    assert_ok(shop->kit, step(shop, id, ALLOW, 700, 0));
    assert_ok(shop->kit, step(shop, id, ASK, 3, 0));
    assert_ok(shop->kit, step(shop, id, BACK, 2, 0));
    assert_int_equal(total(shop, id), 1590 - 666 - 700);
    assert_ok(shop->kit, step(shop, id, BACK, 1, 0));
    assert_int_equal(total(shop, id), 0);
    sound(shop);
}

struct look {
    order_id id;
    utc_ms at;
    struct order order;
};

static err_t look(struct ctx *ctx, void *arg)
{
    struct look *look = arg;
    return order_get_at(ctx, look->id, look->at, &look->order);
}

static void same(const struct order *a, const struct order *b)
{
    const struct order_line *x = &a->lines[0], *y = &b->lines[0];
    assert_int_equal(a->version, b->version);
    assert_int_equal(a->charges_now, b->charges_now);
    assert_int_equal(a->charges_tax_now, b->charges_tax_now);
    assert_int_equal(a->fees_off, b->fees_off);
    assert_int_equal(a->fees_tax_off, b->fees_tax_off);
    assert_int_equal(a->allowance_now, b->allowance_now);
    assert_int_equal(order_total_now(a), order_total_now(b));
    assert_int_equal(x->return_requested, y->return_requested);
    assert_int_equal(x->returned, y->returned);
    assert_int_equal(x->written_off, y->written_off);
    assert_int_equal(x->total_now, y->total_now);
}

static void the_past_knows_what_was_taken_off(void **state)
{
    static const struct limit steps[] = {
        {SHIP,    3,   0,  ""},
        {ASK,     2,   0,  ""},
        {CHARGES, 100, 0,  ""},
        {BACK,    1,   0,  ""},
        {ALLOW,   50,  0,  ""},
        {OFF,     1,   0,  ""},
        {CHARGES, 0,   60, ""},
        {ASK,     -1,  0,  ""},
        {ALLOW,   10,  0,  ""},
    };
    enum { STEPS = COUNT_OF(steps) };
    struct shop *shop = *state;
    struct look looks[STEPS];
    struct order known[STEPS];
    order_id id = place(shop);
    for (size_t i = 0; i < STEPS; i++) {
        assert_ok(shop->kit,
                  step(shop, id, steps[i].kind, steps[i].qty, steps[i].fees));
        known[i] = shop_order(shop, id);
        looks[i] = (struct look){.id = id, .at = shop->kit->now};
    }
    shop->kit->now += 1000;
    for (size_t i = 0; i < STEPS; i++) {
        assert_ok(shop->kit, testkit_read(shop->kit, look, &looks[i]));
        same(&known[i], &looks[i].order);
    }
    sound(shop);
}

static void worth_past_every_command_is_found(void **state)
{
    static const char *const bent[] = {
        "UPDATE order_lines SET returned = 4",
        "UPDATE order_lines SET returned = NULL, written_off = 1",
        "UPDATE order_lines SET written_off = NULL, total_now = 998",
        "UPDATE order_lines SET total_now = 1003",
        "UPDATE orders SET allowance_now = -1",
    };
    struct shop *shop = *state;
    str first;
    place(shop);
    sound(shop);
    for (size_t i = 0; i < COUNT_OF(bent); i++) {
        testkit_sql(shop->kit, bent[i]);
        assert_true(testkit_verify(shop->kit, &order_room, &first) > 0);
    }
}

#define SHOP(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(int argc, char **argv)
{
    const struct CMUnitTest pure[] = {TEST(what_comes_back_has_one_status)};
    const struct CMUnitTest stored[] = {
        SHOP(nothing_comes_back_that_was_not_shipped),
        SHOP(charges_and_goodwill_have_their_limits),
        SHOP(no_tax_is_left_of_charges_that_are_gone),
        SHOP(what_comes_back_after_goodwill_takes_back_what_is_left),
        SHOP(the_past_knows_what_was_taken_off),
        SHOP(worth_past_every_command_is_found),
    };
    int bad = RUN_TESTS(pure, argc, argv);
    do
        bad += cmocka_run_group_tests_name("order_worth", stored, NULL, NULL);
    while (testkit_next_engine());
    return bad;
}
