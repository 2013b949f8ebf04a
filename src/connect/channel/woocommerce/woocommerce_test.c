/* woocommerce_test.c - WooCommerce's orders, to the cent. */
#include "connect/channel/import_test.h"

#define ORDERS __FILE__, "orders.json"

/* Line taxes shown as 1.13 + 0.23 + 0.90, charged as 2.25. */
static void tax_rounded_once_per_order_is_shared_by_weight(void **state)
{
    (void)state;
    struct found *found = found_open_file(&woocommerce_orders, ORDERS);
    const struct import_order *order = assert_read(found, "501");
    assert_int_equal(order->cmd.totals->total, 6225);
    assert_int_equal(order->cmd.totals->tax, 225);
    assert_int_equal(order->cmd.lines[0].taxes[0].amount, 113);
    assert_int_equal(order->cmd.lines[1].taxes[0].amount, 22);
    assert_int_equal(order->cmd.lines[2].taxes[0].amount, 90);
    assert_str(order->cmd.lines[0].taxes[0].name, "State Tax");
    assert_int_equal(order->notes[IMPORT_NOTE_TAX_ROUNDED], 1);
    found_close(found);
}

static void a_missing_sku_is_keyed_by_product(void **state)
{
    (void)state;
    struct found *found = found_open_file(&woocommerce_orders, ORDERS);
    const struct import_order *order = assert_read(found, "501");
    assert_str(order->cmd.lines[0].sku, "woocommerce-product-79");
    assert_str(order->cmd.lines[2].sku, "Bar3");
    assert_int_equal(order->notes[IMPORT_NOTE_SKU_DERIVED], 2);
    assert_int_equal(order->cmd.placed_at, 1743494400000);
    assert_str(order->cmd.customer->email, "jo@shop.example");
    assert_int_equal(order->parts[IMPORT_PART_PAYMENT], 1);
    found_close(found);
}

static void a_line_that_does_not_divide_loses_no_cent(void **state)
{
    (void)state;
    struct found *found = found_open_file(&woocommerce_orders, ORDERS);
    const struct import_order *order = assert_read(found, "502");
    const struct order_line_cmd *third = &order->cmd.lines[0];
    /* 3 units for 10.00 before and 9.00 after: 3 x 3.34 - 1.02, and the
     * negative fee of 1.00 is shared 0.43 to 0.57. */
    assert_int_equal(third->unit_price, 334);
    assert_int_equal(third->discount, 102 + 43);
    assert_int_equal(order->cmd.lines[1].unit_price, 1200);
    assert_int_equal(order->cmd.lines[1].discount, 57);
    assert_int_equal(order->cmd.line_count, 2);
    assert_int_equal(order->cmd.totals->total, 2100);
    assert_int_equal(order->notes[IMPORT_NOTE_FEE_AS_DISCOUNT], 1);
    assert_int_equal(order->notes[IMPORT_NOTE_UNIT_PRICE_SPLIT], 1);
    assert_int_equal(order->notes[IMPORT_NOTE_ZERO_QTY], 1);
    assert_true(order->is_cancelled);
    assert_int_equal(order->parts[IMPORT_PART_REFUND], 1);
    found_close(found);
}

/* 2.754 + 5.504 is 8.26 and not 2.75 + 5.50. */
static void amounts_of_more_digits_meet_the_total(void **state)
{
    (void)state;
    struct found *found = found_open_file(&woocommerce_orders, ORDERS);
    const struct import_order *order = assert_read(found, "506");
    assert_int_equal(order->cmd.totals->total, 1000);
    assert_int_equal(order->cmd.totals->tax, 174);
    assert_int_equal(order->cmd.lines[0].unit_price, 276);
    assert_int_equal(order->cmd.lines[0].taxes[0].rate_ppm, 210000);
    assert_int_equal(order->cmd.lines[1].unit_price, 275);
    found_close(found);
}

static void drafts_refunds_and_deleted_are_skipped_by_name(void **state)
{
    (void)state;
    struct found *found = found_open_file(&woocommerce_orders, ORDERS);
    assert_int_equal(found_skipped(found, "draft order"), 2);
    assert_int_equal(found_skipped(found, "refund"), 1);
    assert_refused(found, "504", "lines_missing", "line_items");
    found_close(found);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tax_rounded_once_per_order_is_shared_by_weight),
        cmocka_unit_test(a_missing_sku_is_keyed_by_product),
        cmocka_unit_test(a_line_that_does_not_divide_loses_no_cent),
        cmocka_unit_test(amounts_of_more_digits_meet_the_total),
        cmocka_unit_test(drafts_refunds_and_deleted_are_skipped_by_name),
    };
    return RUN_TESTS(tests, argc, argv);
}
