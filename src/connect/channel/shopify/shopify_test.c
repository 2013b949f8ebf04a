/* shopify_test.c - Shopify's orders, as they come and as they should not. */
#include "connect/channel/import_test.h"

#define PAIRS __FILE__, "pairs.json"
#define ODD   __FILE__, "odd.json"

static void a_recorded_exchange_gives_its_order(void **state)
{
    (void)state;
    struct found *found = found_open_file(&shopify_orders, PAIRS);
    const struct import_order *order = assert_read(found, "#1");
    const struct order_cmd *cmd = &order->cmd;
    assert_int_equal(found->order_count, 1);
    assert_str(cmd->external_id, "9001");
    assert_string_equal(cmd->currency, "USD");
    assert_int_equal(cmd->tax_mode, TAX_EXCLUSIVE);
    assert_int_equal(cmd->placed_at, 1740841200000);
    assert_str(cmd->customer->name, "Ada Ng");
    assert_str(cmd->customer->external_id, "77");
    assert_str(cmd->shipping_address->country, "NO");
    assert_null(cmd->billing_address);
    assert_int_equal(cmd->tag_count, 2);
    assert_str(cmd->tags[1], "vip");
    assert_int_equal(cmd->totals->total, 11664);
    assert_int_equal(cmd->totals->lines, 10000);
    assert_int_equal(cmd->totals->discount, 400);
    assert_int_equal(cmd->totals->shipping, 1200);
    assert_int_equal(cmd->totals->tax, 864);
    found_close(found);
}

static void lines_keep_price_discount_and_tax(void **state)
{
    (void)state;
    struct found *found = found_open_file(&shopify_orders, PAIRS);
    const struct order_cmd *cmd = &assert_read(found, "#1")->cmd;
    assert_int_equal(cmd->line_count, 2);
    assert_str(cmd->lines[0].sku, "MUG");
    assert_str(cmd->lines[0].title, "Mug - blue");
    assert_int_equal(cmd->lines[0].qty, 3);
    assert_int_equal(cmd->lines[0].unit_price, 2000);
    assert_int_equal(cmd->lines[0].discount, 120);
    assert_int_equal(cmd->lines[0].taxes[0].rate_ppm, 80000);
    assert_int_equal(cmd->lines[0].taxes[0].amount, 470);
    assert_int_equal(cmd->lines[0].total, -1);
    assert_str(cmd->lines[1].sku, "shopify-variant-12");
    assert_int_equal(cmd->lines[1].discount, 80);
    assert_non_null(strstr(cmd->lines[1].attrs.ptr, "Engraving"));
    assert_int_equal(cmd->shipping[0].discount, 200);
    found_close(found);
}

static void parts_without_a_room_are_counted_and_kept(void **state)
{
    (void)state;
    struct found *found = found_open_file(&shopify_orders, PAIRS);
    const struct import_order *order = assert_read(found, "#1");
    assert_int_equal(order->parts[IMPORT_PART_PAYMENT], 1);
    assert_int_equal(order->parts[IMPORT_PART_REFUND], 2);
    assert_int_equal(order->parts[IMPORT_PART_SHIPMENT], 1);
    assert_int_equal(order->notes[IMPORT_NOTE_SKU_DERIVED], 1);
    assert_non_null(memmem(order->cmd.raw.ptr, order->cmd.raw.len,
                           "\"fulfillments\":[{\"id\":5}]", 25));
    found_close(found);
}

static void what_is_no_order_is_skipped_by_name(void **state)
{
    (void)state;
    struct found *found = found_open_file(&shopify_orders, PAIRS);
    assert_int_equal(found_skipped(found, "object with count"), 1);
    assert_int_equal(found_skipped(found, "request body"), 1);
    assert_int_equal(found_skipped(found, "error response"), 1);
    found_close(found);
    found = found_open_file(&shopify_orders, ODD);
    assert_int_equal(found_skipped(found, "draft order"), 2);
    assert_int_equal(found_skipped(found, "checkout"), 1);
    assert_int_equal(found_skipped(found, "product"), 1);
    assert_int_equal(found_skipped(found, "empty object"), 1);
    found_close(found);
}

static void odd_orders_are_refused_with_their_field(void **state)
{
    (void)state;
    struct found *found = found_open_file(&shopify_orders, ODD);
    assert_refused(found, "#no-lines", "lines_missing", "line_items");
    assert_refused(found, "#wrong-sum", "totals_mismatch", "total_price");
    assert_refused(found, "#no-currency", "missing_field", "currency");
    assert_refused(found, "#price-word", "wrong_type", "line_items[0].price");
    found_close(found);
}

static void tax_of_the_order_goes_to_taxed_lines(void **state)
{
    (void)state;
    struct found *found = found_open_file(&shopify_orders, ODD);
    const struct import_order *order = assert_read(found, "#included");
    assert_int_equal(order->cmd.tax_mode, TAX_INCLUSIVE);
    assert_int_equal(order->cmd.totals->total, 11900);
    assert_int_equal(order->cmd.lines[0].taxes[0].amount, 1900);
    assert_int_equal(order->cmd.lines[0].taxes[0].rate_ppm, 190000);
    assert_int_equal(order->cmd.lines[1].tax_count, 0);
    assert_int_equal(order->notes[IMPORT_NOTE_TAX_SPREAD], 1);
    found_close(found);
}

/* C25: exponents 0 and 3; and a tip that only the total tells of. */
static void yen_and_dinar_keep_their_exponents(void **state)
{
    (void)state;
    struct found *found = found_open_file(&shopify_orders, ODD);
    const struct import_order *yen = assert_read(found, "#yen");
    assert_int_equal(yen->cmd.totals->total, 1500);
    assert_int_equal(yen->cmd.line_count, 1);
    assert_int_equal(yen->cmd.fee_count, 1);
    assert_int_equal(yen->cmd.fees[0].price, 300);
    assert_int_equal(yen->notes[IMPORT_NOTE_ZERO_QTY], 1);
    const struct import_order *dinar = assert_read(found, "#dinar");
    assert_int_equal(dinar->cmd.lines[0].unit_price, 1500);
    assert_true(dinar->is_cancelled);
    assert_str(dinar->cancel_reason, "customer");
    found_close(found);
}

static void discount_of_the_order_is_split_without_a_rest(void **state)
{
    (void)state;
    struct found *found = found_open_file(&shopify_orders, ODD);
    const struct import_order *order = assert_read(found, "#order-discount");
    assert_int_equal(order->cmd.lines[0].discount, 100);
    assert_int_equal(order->cmd.lines[1].discount, 200);
    assert_int_equal(order->notes[IMPORT_NOTE_DISCOUNT_SPREAD], 1);
    found_close(found);
}

static void line_tax_meets_the_tax_of_the_order(void **state)
{
    (void)state;
    struct found *found = found_open_file(&shopify_orders, ODD);
    const struct import_order *order = assert_read(found, "#tax-cent");
    assert_int_equal(order->cmd.lines[0].taxes[0].amount, 13);
    assert_int_equal(order->cmd.lines[1].taxes[0].amount, 12);
    assert_int_equal(order->notes[IMPORT_NOTE_TAX_ROUNDED], 1);
    found_close(found);
}

static void a_sparse_order_takes_the_currency_of_its_money(void **state)
{
    (void)state;
    struct found *found = found_open_file(&shopify_orders, ODD);
    const struct import_order *order = assert_read(found, "#fields");
    assert_string_equal(order->cmd.currency, "CAD");
    assert_int_equal(order->notes[IMPORT_NOTE_CURRENCY_INFERRED], 1);
    found_close(found);
}

static void amounts_may_stand_in_money_sets_alone(void **state)
{
    (void)state;
    struct found *found = found_open_file(&shopify_orders, ODD);
    const struct import_order *order = assert_read(found, "#sets");
    assert_int_equal(order->cmd.lines[0].unit_price, 150);
    assert_int_equal(order->cmd.totals->total, 300);
    found_close(found);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_recorded_exchange_gives_its_order),
        cmocka_unit_test(lines_keep_price_discount_and_tax),
        cmocka_unit_test(parts_without_a_room_are_counted_and_kept),
        cmocka_unit_test(what_is_no_order_is_skipped_by_name),
        cmocka_unit_test(odd_orders_are_refused_with_their_field),
        cmocka_unit_test(tax_of_the_order_goes_to_taxed_lines),
        cmocka_unit_test(yen_and_dinar_keep_their_exponents),
        cmocka_unit_test(discount_of_the_order_is_split_without_a_rest),
        cmocka_unit_test(line_tax_meets_the_tax_of_the_order),
        cmocka_unit_test(amounts_may_stand_in_money_sets_alone),
        cmocka_unit_test(a_sparse_order_takes_the_currency_of_its_money),
    };
    return RUN_TESTS(tests, argc, argv);
}
