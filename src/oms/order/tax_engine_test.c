/* tax_engine_test.c - what a tax engine may answer (I13). */
#include "base/json.h"
#include "base/str.h"
#include "base/testing.h"
#include "oms/order/tax_engine.h"

static const struct tax_item items[2] = {
    {.tax_class = {"standard", 8}, .amount = 1000, .sku = {"TEA", 3}},
    {.tax_class = {"shipping", 8},                            .amount = 500              }
};

static struct tax_request asked(enum tax_mode mode)
{
    return (struct tax_request){
        .currency = "EUR",
        .mode = mode,
        .to = {STR("DE"), STR(""), STR("10115")},
        .at = 1700000000000,
        .items = items,
        .item_count = COUNT_OF(items)
    };
}

static err_t answer(struct ctx *ctx, enum tax_mode mode, const char *body,
                    struct tax_lines **ret)
{
    struct tax_request request = asked(mode);
    return tax_engine_decode(ctx, &request, str_from_cstr(body), ret);
}

#define TAX(amount)                                                            \
    "{\"name\":\"VAT\",\"rate_ppm\":190000,\"jurisdiction\":\"DE\","           \
    "\"amount\":{\"amount\":" amount ",\"currency\":\"EUR\"}}"
#define LINES(lines) "{\"tax_lines\":[" lines "]}"
#define ITEMS(items) "{\"items\":[" items "]}"

static void what_it_answers_is_taken_to_the_cent(void **state)
{
    struct ctx *ctx = *state;
    struct tax_lines *lines, *again;
    struct tax_answer known = {.request = asked(TAX_EXCLUSIVE)};
    struct tax_request request = asked(TAX_EXCLUSIVE);
    assert_ok(ctx, answer(ctx, TAX_EXCLUSIVE,
                          ITEMS(LINES(TAX("190") "," TAX("7")) "," LINES("")),
                          &lines));
    assert_int_equal(lines[0].count, 2);
    assert_int_equal(lines[0].at[0].amount + lines[0].at[1].amount, 197);
    assert_int_equal(lines[1].count, 0);
    known.lines = lines;
    request.answer = &known;
    assert_ok(ctx, tax_outside.compute(ctx, &request, &again));
    assert_ptr_equal(again, lines);
    request.mode = TAX_INCLUSIVE; /* Another thing than was asked. */
    assert_int_equal(tax_outside.compute(ctx, &request, &again), ERR_BUSY);
}

static void what_cannot_be_is_refused(void **state)
{
    static const struct {
        enum tax_mode mode;
        const char *body;
    } bad[] = {
        {TAX_EXCLUSIVE, "nonsense"                                                                 },
        {TAX_EXCLUSIVE, "{}"                                                                       },
        {TAX_EXCLUSIVE, ITEMS(LINES(""))                                                           },
        {TAX_EXCLUSIVE, ITEMS(LINES("") "," LINES("") "," LINES(""))                               },
        {TAX_EXCLUSIVE, ITEMS(LINES(TAX("-1")) "," LINES(""))                                      },
        {TAX_EXCLUSIVE, ITEMS(LINES(TAX("1.5")) "," LINES(""))                                     },
        {TAX_EXCLUSIVE, ITEMS(LINES(TAX("99999999999999999")) "," LINES(""))                       },
        {TAX_EXCLUSIVE, ITEMS(LINES("{\"name\":\"\",\"amount\":{\"amount\":1,"
                                    "\"currency\":\"EUR\"}}") "," LINES(""))},
        {TAX_EXCLUSIVE, ITEMS(LINES("{\"name\":\"V\",\"amount\":{\"amount\":1,"
                                    "\"currency\":\"USD\"}}") "," LINES(""))},
        {TAX_INCLUSIVE, ITEMS(LINES("") "," LINES(TAX("501")))                                     },
        {TAX_INCLUSIVE, ITEMS(LINES("") "," LINES(TAX("500") "," TAX("1")))                        },
    };
    struct ctx *ctx = *state;
    struct tax_lines *lines;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        err_t err = answer(ctx, bad[i].mode, bad[i].body, &lines);
        assert_true(err == ERR_INVALID || err == ERR_MALFORMED);
        err_clear(ctx);
    }
}

static void a_refusal_names_a_field_of_ours(void **state)
{
    static const char *const said[][2] = {
        {"nonsense",                                  ""                },
        {"{\"field\":7,\"message\":[]}",              ""                },
        {"{\"field\":\"to\",\"message\":\"where?\"}", "shipping_address"},
        {"{\"field\":\"tax_id\"}",                    "customer.tax_id" },
        {"{\"field\":\"items[0].tax_class\"}",        "lines[0]"        },
        {"{\"field\":\"items[1]\"}",                  ""                },
        {"{\"field\":\"items[2]\"}",                  ""                },
        {"{\"field\":\"items[\"}",                    ""                },
        {"{\"field\":\"items[99999999999\"}",         ""                },
        {"{\"field\":\"<b>\"}",                       ""                },
    };
    struct ctx *ctx = *state;
    struct tax_request request = asked(TAX_EXCLUSIVE);
    for (size_t i = 0; i < COUNT_OF(said); i++) {
        assert_int_equal(
            tax_engine_refusal(ctx, &request, str_from_cstr(said[i][0])),
            ERR_INVALID);
        assert_slug(ctx, "tax_engine_refused");
        assert_string_equal(ctx->err.field, said[i][1]);
        if (i == 2)
            assert_non_null(strstr(ctx->err.text, ": where?"));
        err_clear(ctx);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(what_it_answers_is_taken_to_the_cent),
        TEST(what_cannot_be_is_refused),
        TEST(a_refusal_names_a_field_of_ours),
    };
    return RUN_TESTS(tests, argc, argv);
}
