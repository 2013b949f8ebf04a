/* order_totals_test.c - sums of orders, to the minor unit. */
#include "base/testing.h"
#include "oms/order/order_rules.h"

/* Two lines, shipping and a fee; tests bend it. */
struct sample {
    struct order_line_cmd lines[2];
    struct order_charge shipping[2], fees[2];
    struct order_tax line_tax, fee_tax;
    struct order_totals sent;
    struct order_cmd cmd;
};

static void sample_init(struct sample *s)
{
    *s = (struct sample){0};
    s->line_tax = (struct order_tax){
        .name = STR("VAT"), .rate_ppm = 190000, .amount = 319};
    s->lines[0] = (struct order_line_cmd){.qty = 2,
                                          .unit_price = 1000,
                                          .discount = 1,
                                          .total = -1,
                                          .taxes = &s->line_tax,
                                          .tax_count = 1};
    s->lines[1] =
        (struct order_line_cmd){.qty = 3, .unit_price = 0, .total = -1};
    s->shipping[0] = (struct order_charge){.price = 500, .discount = 100};
    s->fee_tax = (struct order_tax){.name = STR("VAT"), .amount = 7};
    s->fees[0] = (struct order_charge){
        .price = 50, .taxes = &s->fee_tax, .tax_count = 1};
    s->cmd = (struct order_cmd){.lines = s->lines,
                                .line_count = 2,
                                .shipping = s->shipping,
                                .shipping_count = 1,
                                .fees = s->fees,
                                .fee_count = 1};
    s->sent = (struct order_totals){-1, -1, -1, -1, -1, -1};
    s->cmd.totals = &s->sent;
}

static err_t check(struct ctx *ctx, const struct sample *s, enum tax_mode mode,
                   struct order_totals *ret, struct order_sums **sums)
{
    err_clear(ctx);
    return order_totals_check(ctx, &s->cmd, mode, ret, sums);
}

static void tax_is_added_where_prices_are_without_it(void **state)
{
    struct ctx *ctx = *state;
    struct sample s;
    struct order_totals totals;
    struct order_sums *sums;
    sample_init(&s);
    assert_ok(ctx, check(ctx, &s, TAX_EXCLUSIVE, &totals, &sums));
    assert_int_equal(totals.lines, 2000);
    assert_int_equal(totals.discount, 101);
    assert_int_equal(totals.shipping, 500);
    assert_int_equal(totals.fees, 50);
    assert_int_equal(totals.tax, 326);
    assert_int_equal(totals.total, 2000 + 500 + 50 - 101 + 326);
    assert_int_equal(sums[0].tax, 319);
    assert_int_equal(sums[0].total, 2000 - 1 + 319);
    assert_int_equal(sums[1].total, 0);
}

static void tax_is_contained_where_prices_include_it(void **state)
{
    struct ctx *ctx = *state;
    struct sample s;
    struct order_totals totals;
    struct order_sums *sums;
    sample_init(&s);
    assert_ok(ctx, check(ctx, &s, TAX_INCLUSIVE, &totals, &sums));
    assert_int_equal(totals.tax, 326);
    assert_int_equal(totals.total, 2000 + 500 + 50 - 101);
    assert_int_equal(sums[0].total, 1999);
}

static void totals_as_sent_are_checked_to_the_minor_unit(void **state)
{
    struct ctx *ctx = *state;
    static const struct {
        size_t at;
        const char *field, *expected;
    } parts[] = {
        {offsetof(struct order_totals, lines),    "totals.lines",    "must be 2000"},
        {offsetof(struct order_totals, discount), "totals.discount",
         "must be 101"                                                             },
        {offsetof(struct order_totals, shipping), "totals.shipping",
         "must be 500"                                                             },
        {offsetof(struct order_totals, fees),     "totals.fees",     "must be 50"  },
        {offsetof(struct order_totals, tax),      "totals.tax",      "must be 326" },
        {offsetof(struct order_totals, total),    "totals.total",    "must be 2449"},
    };
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        struct sample s;
        struct order_totals totals;
        struct order_sums *sums;
        sample_init(&s);
        *(int64_t *)(void *)((char *)&s.sent + parts[i].at) = 2448;
        assert_int_equal(check(ctx, &s, TAX_INCLUSIVE, &totals, &sums),
                         ERR_INVALID);
        assert_slug(ctx, "totals_mismatch");
        assert_string_equal(ctx->err.field, parts[i].field);
        assert_non_null(strstr(ctx->err.text, parts[i].expected));
    }
}

static void all_right_totals_pass(void **state)
{
    struct ctx *ctx = *state;
    struct sample s;
    struct order_totals totals;
    struct order_sums *sums;
    sample_init(&s);
    s.sent = (struct order_totals){2000, 101, 500, 50, 326, 2775};
    s.lines[0].total = 2318;
    assert_ok(ctx, check(ctx, &s, TAX_EXCLUSIVE, &totals, &sums));
    s.cmd.totals = NULL;
    assert_ok(ctx, check(ctx, &s, TAX_EXCLUSIVE, &totals, &sums));
}

static void a_wrong_line_total_names_the_line(void **state)
{
    struct ctx *ctx = *state;
    for (int mode = TAX_EXCLUSIVE; mode <= TAX_INCLUSIVE; mode++) {
        struct sample s;
        struct order_totals totals;
        struct order_sums *sums;
        sample_init(&s);
        s.lines[0].total = 2000;
        assert_int_equal(check(ctx, &s, (enum tax_mode)mode, &totals, &sums),
                         ERR_INVALID);
        assert_slug(ctx, "totals_mismatch");
        assert_string_equal(ctx->err.field, "lines[0].total");
        assert_non_null(strstr(ctx->err.text, mode == TAX_EXCLUSIVE
                                                  ? "must be 2318"
                                                  : "must be 1999"));
    }
}

/* Each bends one number of the sample. */
static void zero_qty(struct sample *s)
{
    s->lines[1].qty = 0;
}
static void huge_qty(struct sample *s)
{
    s->lines[1].qty = LIMIT_QTY + 1;
}
static void negative_price(struct sample *s)
{
    s->lines[1].unit_price = -1;
}
static void overflowing_line(struct sample *s)
{
    s->lines[1].qty = LIMIT_QTY;
    s->lines[1].unit_price = INT64_MAX;
}
static void huge_line(struct sample *s)
{
    s->lines[1].unit_price = LIMIT_MINOR;
}
static void negative_discount(struct sample *s)
{
    s->lines[0].discount = -1;
}
static void huge_discount(struct sample *s)
{
    s->lines[0].discount = 2001;
}
static void huge_tax(struct sample *s)
{
    s->fee_tax.amount = LIMIT_MINOR + 1;
}
static void negative_tax(struct sample *s)
{
    s->fee_tax.amount = -1;
}
static void tax_over_price(struct sample *s)
{
    s->fee_tax.amount = 51;
}
static void negative_fee(struct sample *s)
{
    s->fees[0].price = -1;
}
static void huge_shipping(struct sample *s)
{
    s->shipping[0].price = LIMIT_MINOR + 1;
}
static void huge_sum(struct sample *s)
{
    s->lines[1].qty = 1;
    s->lines[1].unit_price = LIMIT_MINOR;
}
static void bad_line_tax(struct sample *s)
{
    s->line_tax.amount = -1;
}
/* Discounts may hide a part that is too large from the total. */
static void huge_shipping_sum(struct sample *s)
{
    struct order_charge free = {.price = LIMIT_MINOR, .discount = LIMIT_MINOR};
    s->shipping[0] = s->shipping[1] = free;
    s->cmd.shipping_count = 2;
}
static void huge_fee_sum(struct sample *s)
{
    struct order_charge free = {.price = LIMIT_MINOR, .discount = LIMIT_MINOR};
    s->fees[0] = s->fees[1] = free;
    s->cmd.fee_count = 2;
}
static void huge_line_sum(struct sample *s)
{
    s->lines[1].qty = 1;
    s->lines[1].unit_price = s->lines[1].discount = LIMIT_MINOR;
}
static void no_lines(struct sample *s)
{
    s->cmd.line_count = 0;
}
static void many_lines(struct sample *s)
{
    s->cmd.line_count = LIMIT_ORDER_LINES + 1;
}
static void many_shipping(struct sample *s)
{
    s->cmd.shipping_count = LIMIT_ORDER_CHARGES + 1;
}
static void many_fees(struct sample *s)
{
    s->cmd.fee_count = LIMIT_ORDER_CHARGES + 1;
}

static void numbers_out_of_range_are_refused_by_field(void **state)
{
    struct ctx *ctx = *state;
    const struct {
        const char *slug, *field;
        void (*bend)(struct sample *s);
    } cases[] = {
        {"number_out_of_range", "lines[1].quantity",   zero_qty         },
        {"number_out_of_range", "lines[1].quantity",   huge_qty         },
        {"number_out_of_range", "lines[1].unit_price", negative_price   },
        {"number_out_of_range", "lines[1]",            overflowing_line },
        {"number_out_of_range", "lines[1]",            huge_line        },
        {"discount_too_large",  "lines[0].discount",   negative_discount},
        {"discount_too_large",  "lines[0].discount",   huge_discount    },
        {"number_out_of_range", "fees[0].tax_lines",   huge_tax         },
        {"number_out_of_range", "fees[0].tax_lines",   negative_tax     },
        {"tax_too_large",       "fees[0].tax_lines",   tax_over_price   },
        {"number_out_of_range", "fees[0]",             negative_fee     },
        {"number_out_of_range", "shipping_lines[0]",   huge_shipping    },
        {"number_out_of_range", "totals",              huge_sum         },
        {"number_out_of_range", "totals",              huge_line_sum    },
        {"number_out_of_range", "totals",              huge_shipping_sum},
        {"number_out_of_range", "totals",              huge_fee_sum     },
        {"number_out_of_range", "lines[0].tax_lines",  bad_line_tax     },
        {"invalid",             "lines",               no_lines         },
        {"invalid",             "lines",               many_lines       },
        {"invalid",             "lines",               many_shipping    },
        {"invalid",             "lines",               many_fees        },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct sample s;
        struct order_totals totals;
        struct order_sums *sums;
        sample_init(&s);
        cases[i].bend(&s);
        assert_int_equal(check(ctx, &s, TAX_INCLUSIVE, &totals, &sums),
                         ERR_INVALID);
        assert_slug(ctx, cases[i].slug);
        assert_string_equal(ctx->err.field, cases[i].field);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(tax_is_added_where_prices_are_without_it),
        TEST(tax_is_contained_where_prices_include_it),
        TEST(totals_as_sent_are_checked_to_the_minor_unit),
        TEST(all_right_totals_pass),
        TEST(a_wrong_line_total_names_the_line),
        TEST(numbers_out_of_range_are_refused_by_field),
    };
    return RUN_TESTS(tests, argc, argv);
}
