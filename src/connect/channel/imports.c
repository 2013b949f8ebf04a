/* imports.c - the list of import formats, and names for the report. */
#include "base/str.h"
#include "connect/channel/import.h"

const struct import_format *const import_formats[] = {
    &shopify_orders,
    &woocommerce_orders,
    NULL,
};

const struct import_format *import_format_find(const char *name)
{
    for (size_t i = 0; import_formats[i]; i++)
        if (str_equal_cstr(str_from_cstr(name), import_formats[i]->name))
            return import_formats[i];
    return NULL;
}

const char *import_part_name(enum import_part part)
{
    switch (part) {
    case IMPORT_PART_PAYMENT: return "payments";
    case IMPORT_PART_REFUND: return "refunds";
    case IMPORT_PART_SHIPMENT: return "shipments";
    case IMPORT_PART_COUNT: break;
    }
    UNREACHABLE("not a part");
}

const char *import_note_name(enum import_note note)
{
    switch (note) {
    case IMPORT_NOTE_SKU_DERIVED: return "sku_derived";
    case IMPORT_NOTE_ZERO_QTY: return "line_of_no_units_left_out";
    case IMPORT_NOTE_TAX_SPREAD: return "order_tax_put_on_lines";
    case IMPORT_NOTE_TAX_ROUNDED: return "line_tax_rounded_to_total";
    case IMPORT_NOTE_DISCOUNT_SPREAD: return "order_discount_put_on_lines";
    case IMPORT_NOTE_FEE_AS_DISCOUNT: return "negative_fee_as_discount";
    case IMPORT_NOTE_UNIT_PRICE_SPLIT: return "unit_price_rounded_up";
    case IMPORT_NOTE_AMOUNT_ROUNDED: return "amount_rounded_to_minor_unit";
    case IMPORT_NOTE_TEXT_CUT: return "text_cut_whole_in_raw";
    case IMPORT_NOTE_PART_ADDED: return "tip_duty_or_fee_added";
    case IMPORT_NOTE_CURRENCY_INFERRED: return "currency_from_line_money";
    case IMPORT_NOTE_COUNT: break;
    }
    UNREACHABLE("not a note");
}
