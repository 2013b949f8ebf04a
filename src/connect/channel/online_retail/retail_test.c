/* retail_test.c - rows of invoices: what is taken, what is not, and why. */
#include "base/testing.h"
#include "connect/channel/online_retail/retail_country.h"
#include "connect/channel/online_retail/retail_window.h"

static const struct retail_header plain = {
    {0, 1, 2, 3, 4, 5, 6, 7},
    8
};

/* Cells parted by '|'. */
static err_t read_row(struct ctx *ctx, const char *text, struct retail_row *ret)
{
    str cells[16], rest = str_from_cstr(text);
    size_t count = 0;
    do
        cells[count++] = str_split(rest, '|', &rest);
    while (rest.len > 0);
    return retail_row_read(ctx, &plain, cells, count, ret);
}

static struct retail_row row_of(struct ctx *ctx, const char *text)
{
    struct retail_row row;
    assert_ok(ctx, read_row(ctx, text, &row));
    return row;
}

#define GOOD "536365|85123A|HEART|6|2010-12-01 08:26:00|2.55|17850|EIRE"

static void a_row_is_read(void **state)
{
    struct ctx *ctx = *state;
    struct retail_row row = row_of(ctx, GOOD);
    assert_str(row.invoice, "536365");
    assert_str(row.sku, "85123A");
    assert_int_equal(row.qty, 6);
    assert_int_equal(row.price, 2550000);
    assert_int_equal(row.at, 1291191960000);
    assert_int_equal(row.notes, 0);
    assert_int_equal(retail_row_reason(&row), RETAIL_TAKEN);
    row = row_of(ctx, "1|A|t|6|2010-12-01 08:26:00|-1000000000000|7|EIRE");
    assert_int_equal(row.price, -1000000000000000000);
}

static void what_cannot_be_read_has_a_reason(void **state)
{
    struct ctx *ctx = *state;
    static const struct {
        const char *text, *slug;
    } cases[] = {
        {"1|A|t|6|2010-12-01 08:26:00|2.55|7",                      "row_columns"     },
        {"|A|t|6|2010-12-01 08:26:00|2.55|7|EIRE",                  "invoice_invalid" },
        {"NA|A|t|6|2010-12-01 08:26:00|2.55|7|EIRE",                "invoice_invalid" },
        {"1||t|6|2010-12-01 08:26:00|2.55|7|EIRE",                  "sku_invalid"     },
        {"1|A|t|6.5|2010-12-01 08:26:00|2.55|7|EIRE",               "quantity_invalid"},
        {"1|A|t|9999999999|2010-12-01 08:26:00|2|7|EIRE",           "quantity_invalid"},
        {"1|A|t|6|2010-13-01 08:26:00|2.55|7|EIRE",                 "time_invalid"    },
        {"1|A|t|6|2011-02-29 08:26:00|2.55|7|EIRE",                 "time_invalid"    },
        {"1|A|t|6|2010-12-01 24:26:00|2.55|7|EIRE",                 "time_invalid"    },
        {"1|A|t|6|12/1/2010 8:26|2.55|7|EIRE",                      "time_invalid"    },
        {"1|A|t|6|2010-12-01 08:26:00||7|EIRE",                     "price_invalid"   },
        {"1|A|t|6|2010-12-01 08:26:00|.|7|EIRE",                    "price_invalid"   },
        {"1|A|t|6|2010-12-01 08:26:00|2,55|7|EIRE",                 "price_invalid"   },
        {"1|A|t|6|2010-12-01 08:26:00|0.1234567|7|EIRE",            "price_invalid"   },
        {"1|A|t|6|2010-12-01 08:26:00|18446744073710|7|EIRE",       "price_invalid"   },
        {"1|A|t|6|2010-12-01 08:26:00|1000000000000.000001|7|EIRE",
         "price_invalid"                                                              },
        {"1|A|t|6|2010-12-01 08:26:00|99999999999999999999|7|EIRE",
         "price_invalid"                                                              },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct retail_row row;
        assert_int_equal(read_row(ctx, cases[i].text, &row), ERR_INVALID);
        assert_slug(ctx, cases[i].slug);
        err_clear(ctx);
    }
}

static void what_is_no_line_has_a_reason(void **state)
{
    struct ctx *ctx = *state;
    static const struct {
        const char *text;
        enum retail_reason reason;
    } cases[] = {
        {"A1|B|x|1|2010-12-01 08:26|-9|NA|EIRE", RETAIL_ADJUSTMENT     },
        {"1|B|x|-1|2010-12-01 08:26|0|NA|EIRE",  RETAIL_NEGATIVE_SALE  },
        {"1|B|x|0|2010-12-01 08:26|1|NA|EIRE",   RETAIL_ZERO_QTY       },
        {"1|B|x|1|2010-12-01 08:26|-1|NA|EIRE",  RETAIL_NEGATIVE_PRICE },
        {"C1|B|x|1|2010-12-01 08:26|1|NA|EIRE",  RETAIL_POSITIVE_CREDIT},
        {"C1|B|x|-1|2010-12-01 08:26|1|NA|EIRE", RETAIL_TAKEN          },
        {"1|B|x|1|2010-12-01 08:26|0|NA|EIRE",   RETAIL_TAKEN          },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct retail_row row = row_of(ctx, cases[i].text);
        assert_int_equal(retail_row_reason(&row), cases[i].reason);
    }
}

static void dirt_is_noted(void **state)
{
    struct ctx *ctx = *state;
    struct retail_row row =
        row_of(ctx, "1|A| a,\x01 b |1|2010-12-01 08:26|0|NA|EIRE");
    assert_str(row.title, "a, b");
    assert_int_equal(row.customer.len, 0);
    assert_int_equal(row.notes,
                     1u << RETAIL_NO_CUSTOMER | 1u << RETAIL_ZERO_PRICE |
                         1u << RETAIL_TITLE_COMMA | 1u << RETAIL_TRIMMED |
                         1u << RETAIL_CONTROL_BYTES);
    row = row_of(ctx, "1|A|NA|1|2010-12-01 08:26|1|7|EIRE");
    assert_int_equal(row.notes, 1u << RETAIL_NO_TITLE);
    for (int i = 0; i < RETAIL_NOTES; i++)
        assert_true(strlen(retail_note_name((enum retail_note)i)) > 0 &&
                    strlen(retail_note_deed((enum retail_note)i)) > 0);
}

static void a_line_is_rounded_half_up(void **state)
{
    (void)state;
    int64_t amount;
    assert_true(retail_amount(5, 1000, 2, &amount));
    assert_int_equal(amount, 1); /* 0.005 */
    assert_true(retail_amount(4, 1000, 2, &amount));
    assert_int_equal(amount, 0);
    assert_true(retail_amount(-5, 1000, 2, &amount));
    assert_int_equal(amount, -1);
    assert_true(retail_amount(3, 1500000, 0, &amount));
    assert_int_equal(amount, 5); /* 4.5 yen */
    assert_true(retail_amount(1, 1234, 3, &amount));
    assert_int_equal(amount, 1);
    assert_false(retail_amount(LIMIT_QTY, LIMIT_MINOR, 2, &amount));
}

static void the_header_names_columns_in_any_order(void **state)
{
    struct ctx *ctx = *state;
    const str cells[] = {
        STR("Country"),   STR("Customer ID"), STR("Price"),
        STR("extra"),     STR("InvoiceDate"), STR("Quantity"),
        STR("StockCode"), STR("Invoice"),     STR("Description")};
    struct retail_header header;
    assert_ok(ctx, retail_header_read(ctx, cells, COUNT_OF(cells), &header));
    assert_int_equal(header.at[RETAIL_INVOICE], 7);
    assert_int_equal(header.at[RETAIL_COUNTRY], 0);
    assert_int_equal(retail_header_read(ctx, cells, 5, &header), ERR_INVALID);
    assert_slug(ctx, "header_unknown");
}

static void countries_are_known_by_name(void **state)
{
    (void)state;
    assert_str(retail_country_code(STR("United Kingdom")), "GB");
    assert_str(retail_country_code(STR("EIRE")), "IE");
    assert_str(retail_country_code(STR("USA")), "US");
    assert_str(retail_country_code(STR("Hong Kong")), "HK");
    assert_str(retail_country_code(STR("Unspecified")), "");
    assert_str(retail_country_code(STR("Channel Islands")), "");
}

static void an_invoice_becomes_an_order(void **state)
{
    struct ctx *ctx = *state;
    struct retail_row rows[] = {
        row_of(ctx, "1|A|x|3|2011-03-27 01:31|0.001|7|EIRE"),
        row_of(ctx, "1|A|x|5|2011-03-27 01:30|0.001|7|EIRE"),
        row_of(ctx, "1|B|y|2|2011-03-27 01:30|2.50|7|EIRE"),
    };
    struct retail_invoice invoice = {.number = STR("1"),
                                     .kind = RETAIL_SALE,
                                     .rows = rows,
                                     .count = COUNT_OF(rows)};
    struct retail_settings settings = {STR("old"), STR("Europe/London"), "GBP"};
    struct order_cmd cmd;
    struct retail_outcome outcome;
    assert_ok(ctx, retail_to_order(ctx, &settings, &invoice, &cmd, &outcome));
    assert_int_equal(cmd.line_count, 3);
    assert_int_equal(cmd.lines[0].total, 0);
    assert_int_equal(cmd.lines[1].total, 1);
    assert_int_equal(cmd.lines[1].unit_price * 5 - cmd.lines[1].discount, 1);
    assert_str(cmd.lines[1].attrs, "{\"unit_price\":\"0.001\"}");
    assert_int_equal(cmd.lines[2].unit_price, 250);
    assert_int_equal(outcome.notes[RETAIL_TWO_TIMES], 1);
    assert_int_equal(outcome.notes[RETAIL_SKU_REPEATED], 1);
    assert_int_equal(outcome.notes[RETAIL_SUB_CENT], 2);
    /* 01:30 was skipped that night: an hour later, 01:30 UTC. */
    assert_int_equal(cmd.placed_at, 1301189400000);
    assert_str(cmd.shipping_address->country, "IE");
    assert_str(cmd.customer->external_id, "7");
}

/* ---- the window ---- */

static void add_rows(struct ctx *ctx, struct retail_window *window,
                     const char *number, int count)
{
    for (int i = 0; i < count; i++) {
        struct retail_row row = row_of(ctx, GOOD);
        row.invoice = str_from_cstr(number);
        retail_window_add(window, &row);
    }
}

static void rows_of_an_invoice_need_not_stand_together(void **state)
{
    struct ctx *ctx = *state;
    struct retail_window *window = retail_window_open();
    struct retail_invoice *whole;
    add_rows(ctx, window, "1", 2);
    add_rows(ctx, window, "2", 1);
    add_rows(ctx, window, "1", 3);
    assert_int_equal(retail_window_take(window, false, &whole), 0);
    assert_int_equal(retail_window_take(window, true, &whole), 2);
    assert_str(whole[0].number, "1");
    assert_int_equal(whole[0].count, 5);
    assert_true(whole[0].is_apart);
    assert_false(whole[1].is_apart);
    assert_int_equal(retail_window_take(window, true, &whole), 0);
    retail_window_close(window);
}

static void an_invoice_is_whole_once_it_is_quiet(void **state)
{
    struct ctx *ctx = *state;
    struct retail_window *window = retail_window_open();
    struct retail_invoice *whole;
    add_rows(ctx, window, "1", 2);
    add_rows(ctx, window, "2", RETAIL_QUIET_ROWS / 2);
    add_rows(ctx, window, "3", RETAIL_QUIET_ROWS / 2);
    assert_true(retail_window_is_full(window));
    assert_int_equal(retail_window_take(window, false, &whole), 1);
    assert_str(whole[0].number, "1");
    assert_false(retail_window_is_full(window));
    add_rows(ctx, window, "3", 1);
    assert_int_equal(retail_window_take(window, true, &whole), 2);
    assert_true(whole[0].is_too_long);
    assert_int_equal(whole[0].count, LIMIT_HISTORY_LINES);
    retail_window_close(window);
}

static void the_newest_invoice_can_be_dropped(void **state)
{
    struct ctx *ctx = *state;
    struct retail_window *window = retail_window_open();
    struct retail_invoice *whole, cut;
    assert_false(retail_window_drop_newest(window, &cut));
    add_rows(ctx, window, "1", 2);
    add_rows(ctx, window, "2", 3);
    assert_true(retail_window_drop_newest(window, &cut));
    assert_str(cut.number, "2");
    assert_int_equal(cut.count, 3);
    assert_false(retail_window_drop_newest(window, &cut));
    add_rows(ctx, window, "2", 1);
    assert_int_equal(retail_window_take(window, true, &whole), 2);
    assert_int_equal(whole[1].count, 1);
    retail_window_close(window);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(a_row_is_read),
        TEST(what_cannot_be_read_has_a_reason),
        TEST(what_is_no_line_has_a_reason),
        TEST(dirt_is_noted),
        TEST(a_line_is_rounded_half_up),
        TEST(the_header_names_columns_in_any_order),
        TEST(countries_are_known_by_name),
        TEST(an_invoice_becomes_an_order),
        TEST(rows_of_an_invoice_need_not_stand_together),
        TEST(an_invoice_is_whole_once_it_is_quiet),
        TEST(the_newest_invoice_can_be_dropped),
    };
    return RUN_TESTS(tests, argc, argv);
}
