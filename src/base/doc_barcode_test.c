/* doc_barcode_test.c - what a barcode takes, refuses, and says to a printer. */
#include "base/doc_barcode.h"

#include "base/testing.h"

static void refused(struct ctx *ctx, enum doc_barcode_kind kind, str data)
{
    struct doc_barcode barcode;
    assert_int_equal(doc_barcode_make(ctx, kind, "code", data, &barcode),
                     ERR_INVALID);
    assert_slug(ctx, "barcode_invalid");
    assert_string_equal(ctx->err.field, "code");
    err_clear(ctx);
}

static void what_a_kind_cannot_hold_is_refused(void **state)
{
    struct ctx *ctx = *state;
    char lots[DOC_QR_CHARS + 1];
    memset(lots, 'A', sizeof lots);
    refused(ctx, DOC_CODE128, STR(""));
    refused(ctx, DOC_CODE128, STR("A\nB"));
    refused(ctx, DOC_CODE128, STR("Ä1"));
    refused(ctx, DOC_CODE128, STR(" A"));
    refused(ctx, DOC_CODE128, STR("A "));
    refused(ctx, DOC_CODE128, (str){lots, DOC_CODE128_CHARS + 1});
    refused(ctx, DOC_SSCC, STR("340123450000000018"));
    refused(ctx, DOC_SSCC, STR("34012345000000001"));
    refused(ctx, DOC_SSCC, STR("34012345000000001X"));
    refused(ctx, DOC_EAN13, STR("4006381333932"));
    refused(ctx, DOC_EAN13, STR("400638133393"));
    refused(ctx, DOC_QR, STR("https://example.com/ä"));
    refused(ctx, DOC_QR, (str){lots, sizeof lots});
}

static void widths_are_those_of_the_standards(void **state)
{
    struct ctx *ctx = *state;
    struct doc_barcode barcode;
    assert_ok(ctx, doc_barcode_make(ctx, DOC_EAN13, "code",
                                    STR("4006381333931"), &barcode));
    assert_int_equal(barcode.width, 95);
    assert_str(barcode.text, "4 006381 333931");
    assert_ok(ctx, doc_barcode_make(ctx, DOC_SSCC, "code",
                                    STR("340123450000000017"), &barcode));
    assert_int_equal(barcode.width, 156);
    assert_str(barcode.text, "(00) 3 4012345 000000001 7");
    assert_ok(ctx, doc_barcode_make(ctx, DOC_QR, "code", STR("HTTP://A.B"),
                                    &barcode));
    assert_int_equal(barcode.width, 21);
    assert_int_equal(barcode.height, 21);
}

static void a_printer_draws_what_libzint_drew(void **state)
{
    struct ctx *ctx = *state;
    static const struct {
        enum doc_barcode_kind kind;
        const char *data, *zpl;
    } cases[] = {
        {DOC_CODE128, "00012345678905",     ">;00012345678905"        },
        {DOC_CODE128, "WL-ABC",             ">:WL-ABC"                },
        {DOC_SSCC,    "340123450000000017", ">;>800340123450000000017"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct doc_barcode barcode;
        str zpl;
        int modules;
        assert_ok(ctx,
                  doc_barcode_make(ctx, cases[i].kind, "code",
                                   str_from_cstr(cases[i].data), &barcode));
        assert_true(doc_barcode_zpl(ctx->arena, &barcode, &zpl, &modules));
        assert_str(zpl, cases[i].zpl);
        assert_int_equal(modules, barcode.width);
    }
    struct doc_barcode barcode;
    str zpl;
    int modules;
    assert_ok(ctx,
              doc_barcode_make(ctx, DOC_CODE128, "code", STR("A>B"), &barcode));
    assert_false(doc_barcode_zpl(ctx->arena, &barcode, &zpl, &modules));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(what_a_kind_cannot_hold_is_refused),
        TEST(widths_are_those_of_the_standards),
        TEST(a_printer_draws_what_libzint_drew),
    };
    return RUN_TESTS(tests, argc, argv);
}
