/* order_verify_test.c - each check of the order room finds what it is for. */
#include "base/id.h"
#include "base/testing.h"
#include "oms/order/order_store.h"
#include "oms/room.h"
#include "oms/shop_testkit.h"
#include "store/event.h"

static int setup(void **state)
{
    struct shop *shop = shop_open(STOCK_POLICY_BACKORDER);
    shop_add_location(shop, "A");
    shop_add_sku(shop, "SHOE", true);
    shop_add_sku(shop, "GIFT", false);
    shop_set_stock(shop, "SHOE", "A", 5);
    *state = shop;
    return 0;
}

static int teardown(void **state)
{
    shop_close(*state);
    return 0;
}

#define SHOP(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

/* Invariants in the order of the checks, once each. Not in the arena, which
 * forgets between two rows. */
struct found {
    char text[200];
};

static void report(void *arg, const char *invariant, str row, str what)
{
    struct found *found = arg;
    size_t len = strlen(found->text);
    assert_true(row.len > 0 && what.len > 0);
    if (!strstr(found->text, invariant))
        snprintf(found->text + len, sizeof(found->text) - len, "%s%s",
                 len ? " " : "", invariant);
}

static err_t run_checks(struct ctx *ctx, void *arg)
{
    for (size_t i = 0; i < order_room.verify->count; i++)
        TRY(order_room.verify->at[i].run(ctx, report, arg));
    return OK;
}

static const char *broken(struct shop *shop)
{
    struct found found = {""};
    assert_ok(shop->kit, testkit_read(shop->kit, run_checks, &found));
    return shop_text(shop, "%s", found.text);
}

static order_id place(struct shop *shop)
{
    struct testkit_reply reply;
    shop_place(shop, shop_body(shop, "1", "SHOE:2:5000 GIFT:1:10"), &reply);
    return shop_order_id(shop, &reply);
}

/* A change of an order in memory, saved as it is. */
struct edit {
    order_id id;
    void (*bend)(struct order *order);
};

static err_t save_edit(struct ctx *ctx, void *arg)
{
    const struct edit *edit = arg;
    struct order order;
    TRY(order_lock(ctx, edit->id, &order));
    edit->bend(&order);
    order.version++;
    return order_save(ctx, &order);
}

static void move_units(struct order *order)
{
    order->lines[0].allocated -= 1;
    order->lines[0].backordered += 1;
}

static void end_order(struct order *order)
{
    order->status = ORDER_CANCELLED;
}

static void units_that_no_reservation_holds_are_found(void **state)
{
    struct shop *shop = *state;
    struct edit edit = {place(shop), move_units};
    shop_drain(shop);
    assert_string_equal(broken(shop), "");
    assert_ok(shop->kit, testkit_run(shop->kit, save_edit, &edit));
    assert_string_equal(broken(shop), "I5 I29 list backorders");
}

static void a_status_that_units_deny_is_found(void **state)
{
    struct shop *shop = *state;
    struct edit edit = {place(shop), end_order};
    shop_drain(shop);
    assert_ok(shop->kit, testkit_run(shop->kit, save_edit, &edit));
    assert_string_equal(broken(shop), "I27 I29 list counts");
}

static err_t release_all(struct ctx *ctx, void *arg)
{
    const order_id *id = arg;
    struct reservation *rows;
    size_t count;
    TRY(inventory_reservations_list(ctx, *id, &rows, &count));
    struct stock_release release = {rows[0].id, rows[0].qty};
    return inventory_release(ctx, *id, &release, 1, event_id(ctx, id->v));
}

static void stock_released_behind_the_order_is_found(void **state)
{
    struct shop *shop = *state;
    order_id id = place(shop);
    assert_ok(shop->kit, testkit_run(shop->kit, release_all, &id));
    assert_string_equal(broken(shop), "I5");
}

/* An order written past every command, its sums bent. */
static err_t insert_stray(struct ctx *ctx, void *arg)
{
    struct shop *shop = arg;
    struct order_line line = {.n = 1,
                              .sku = {1},
                              .sku_code = STR("X"),
                              .title = STR("X"),
                              .doc = STR("{\"tax_lines\":[],\"attrs\":{}}"),
                              .ordered = 2,
                              .allocated = 2,
                              .unit_price = 100,
                              .total = 199};
    struct order order = {.channel = shop->web.id,
                          .external_id = STR("stray"),
                          .number = STR("0"),
                          .doc = STR("{\"shipping_lines\":[],\"fees\":[]}"),
                          .status = ORDER_CONFIRMED,
                          .origin = ORDER_ORIGIN_API,
                          .currency = "EUR",
                          .tax_mode = TAX_INCLUSIVE,
                          .version = 1,
                          .lines = &line,
                          .line_count = 1};
    order.totals.lines = 200;
    order.totals.total = 199;
    order.id.v = id_next(ctx->ids, ctx->now, 3);
    const struct order *orders[] = {&order};
    TRY(order_line_insert_many(ctx, orders, 1));
    return order_insert_many(ctx, orders, 1);
}

static void an_order_past_every_command_is_found(void **state)
{
    struct shop *shop = *state;
    shop_drain(shop);
    assert_ok(shop->kit, testkit_run(shop->kit, insert_stray, shop));
    assert_string_equal(broken(shop), "I13 I25 I29 list search counts");
}

/* The index keeps it from happening; the check must not trust it. */
static void I22_two_orders_with_one_external_id_are_found(void **state)
{
    struct shop *shop = *state;
    shop_drain(shop);
    assert_ok(shop->kit, testkit_run(shop->kit, insert_stray, shop));
    testkit_sql(shop->kit, "DROP INDEX orders_external");
    assert_ok(shop->kit, testkit_run(shop->kit, insert_stray, shop));
    assert_string_equal(broken(shop), "I13 I22 I25 I29 list search counts");
}

/* Three orders whose totals together pass 63 bits. */
static err_t insert_large(struct ctx *ctx, void *arg)
{
    struct shop *shop = arg;
    struct order order[3];
    struct order_line line = {.n = 1,
                              .sku = {1},
                              .sku_code = STR("X"),
                              .title = STR("X"),
                              .doc = STR("{}"),
                              .ordered = 1,
                              .allocated = 1};
    const struct order *orders[3];
    for (size_t i = 0; i < COUNT_OF(order); i++) {
        order[i] = (struct order){.channel = shop->web.id,
                                  .number = STR("0"),
                                  .doc = STR("{}"),
                                  .status = ORDER_CONFIRMED,
                                  .origin = ORDER_ORIGIN_API,
                                  .currency = "EUR",
                                  .tax_mode = TAX_INCLUSIVE,
                                  .version = 1,
                                  .lines = &line,
                                  .line_count = 1};
        order[i].external_id = str_printf(ctx->arena, "large-%zu", i);
        order[i].totals.total = INT64_MAX / 2;
        order[i].id.v = id_next(ctx->ids, ctx->now, 3);
        orders[i] = &order[i];
    }
    TRY(order_line_insert_many(ctx, orders, COUNT_OF(orders)));
    return order_insert_many(ctx, orders, COUNT_OF(orders));
}

static void totals_past_63_bits_do_not_stop_the_checks(void **state)
{
    struct shop *shop = *state;
    shop_drain(shop);
    assert_ok(shop->kit, testkit_run(shop->kit, insert_large, shop));
    assert_string_equal(broken(shop), "I13 I25 I29 list search counts");
}

static void read_models_are_compared_only_once_they_caught_up(void **state)
{
    struct shop *shop = *state;
    place(shop);
    assert_string_equal(broken(shop), "");
    shop_drain(shop);
    assert_string_equal(broken(shop), "");
}

static err_t consume_again(struct ctx *ctx, void *arg)
{
    const struct event_consumer again = {
        .name = "again", .consume = order_room.events->at[0].consume};
    size_t count = 1;
    (void)arg;
    while (count > 0)
        TRY(event_step(ctx, &again, 2, &count));
    return OK;
}

/* At least once means twice now and then. */
static void events_handled_twice_count_once(void **state)
{
    struct shop *shop = *state;
    place(shop);
    shop_drain(shop);
    assert_ok(shop->kit, testkit_run(shop->kit, consume_again, NULL));
    assert_string_equal(broken(shop), "");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        SHOP(units_that_no_reservation_holds_are_found),
        SHOP(a_status_that_units_deny_is_found),
        SHOP(stock_released_behind_the_order_is_found),
        SHOP(an_order_past_every_command_is_found),
        SHOP(I22_two_orders_with_one_external_id_are_found),
        SHOP(totals_past_63_bits_do_not_stop_the_checks),
        SHOP(read_models_are_compared_only_once_they_caught_up),
        SHOP(events_handled_twice_count_once),
    };
    int bad = 0;
    do
        bad += RUN_TESTS(tests, argc, argv);
    while (testkit_next_engine());
    return bad;
}
