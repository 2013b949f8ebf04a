/* order_decode_test.c - bodies of orders: what is refused, what is the same. */
#include "base/json.h"
#include "base/testing.h"
#include "oms/order/order.h"

static err_t decode(struct ctx *ctx, const char *body, struct order_cmd *ret)
{
    struct json_in *in;
    err_clear(ctx);
    TRY(json_parse(ctx, str_from_cstr(body), &in));
    return order_cmd_from_json(ctx, in, STR("key-1"), ret);
}

#define EUR(n) "{\"amount\":" #n ",\"currency\":\"EUR\"}"
#define LINE(members)                                                          \
    "{\"channel\":\"web\",\"external_id\":\"1\",\"lines\":[{" members "}]}"
#define ORDER(members)                                                         \
    "{\"channel\":\"web\",\"external_id\":\"1\",\"lines\":[{\"sku\":\"A\","    \
    "\"quantity\":1,\"unit_price\":" EUR(100) "}]" members "}"

#define ITEM "\"sku\":\"A\",\"quantity\":1,\"unit_price\":"

static void each_bad_field_is_named(void **state)
{
    struct ctx *ctx = *state;
    /* clang-format off */
    static const struct {
        const char *body, *slug, *field;
    } cases[] = {
        {"{}", "missing_field", "channel"},
        {ORDER(",\"colour\":1"), "unknown_field", "colour"},
        {ORDER(",\"currency\":\"EUX\""), "currency_unknown", "currency"},
        {ORDER(",\"currency\":\"USD\""), "currency_mismatch",
         "lines[0].unit_price.currency"},
        {ORDER(",\"tax_mode\":\"none\""), NULL, "tax_mode"},
        {ORDER(",\"placed_at\":\"yesterday\""), NULL, "placed_at"},
        {ORDER(",\"placed_at\":\"1970-01-01T00:00:00Z\""),
         "time_out_of_range", "placed_at"},
        {ORDER(",\"shipping_address\":{\"city\":\"Bonn\"}"), "missing_field",
         "shipping_address.country"},
        {ORDER(",\"shipping_address\":{\"country\":\"de\"}"), "country_unknown",
         "shipping_address.country"},
        {ORDER(",\"billing_address\":{\"country\":\"DE\",\"x\":1}"),
         "unknown_field", "billing_address.x"},
        {ORDER(",\"customer\":{\"age\":7}"), "unknown_field", "customer.age"},
        {ORDER(",\"totals\":{\"total\":" EUR(100) "}"), "missing_field",
         "totals.tax"},
        {ORDER(",\"totals\":{\"tax\":" EUR(-1) ",\"total\":" EUR(100) "}"),
         "number_out_of_range", "totals.tax"},
        {ORDER(",\"tags\":[\"\"]"), "too_short", "tags[0]"},
        {ORDER(",\"fees\":[{\"title\":\"x\"}]"), "missing_field",
         "fees[0].amount"},
        {ORDER(",\"shipping_lines\":[{\"title\":\"x\",\"price\":" EUR(1)
               ",\"tax_lines\":[{\"name\":\"v\",\"amount\":" EUR(1.5) "}]}]"),
         "wrong_type", "shipping_lines[0].tax_lines[0].amount.amount"},
        {LINE("\"sku\":\"A\",\"quantity\":0,\"unit_price\":" EUR(1)),
         "number_out_of_range", "lines[0].quantity"},
        {LINE("\"sku\":\"A\",\"quantity\":-1,\"unit_price\":" EUR(1)),
         "number_out_of_range", "lines[0].quantity"},
        {LINE("\"sku\":\"\",\"quantity\":1,\"unit_price\":" EUR(1)),
         "too_short", "lines[0].sku"},
        {LINE(ITEM EUR(-5)), "number_out_of_range", "lines[0].unit_price"},
        {LINE(ITEM EUR(1) ",\"total\":{\"amount\":1,\"currency\":\"USD\"}"),
         "currency_mismatch", "lines[0].total.currency"},
        {LINE(ITEM EUR(1) ",\"attrs\":[]"), "wrong_type", "lines[0].attrs"},
    };
    /* clang-format on */
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct order_cmd cmd;
        if (decode(ctx, cases[i].body, &cmd) == OK)
            fail_msg("accepted: %s", cases[i].body);
        assert_string_equal(ctx->err.field, cases[i].field);
        if (cases[i].slug)
            assert_slug(ctx, cases[i].slug);
    }
}

static void a_body_is_the_same_however_its_keys_stand(void **state)
{
    struct ctx *ctx = *state;
    struct order_cmd a = {0}, b = {0};
    assert_ok(
        ctx,
        decode(ctx, ORDER(",\"note\":\"n\",\"attrs\":{\"x\":1,\"y\":2}"), &a));
    assert_ok(ctx, decode(ctx,
                          "{ \"note\":\"n\", \"attrs\":{\"y\":2,\"x\":1},"
                          "\"lines\":[{\"unit_price\":{\"currency\":\"EUR\","
                          "\"amount\":100},\"quantity\":1,\"sku\":\"A\"}],"
                          "\"external_id\":\"1\", \"channel\":\"web\"}",
                          &b));
    assert_int_equal(a.body_hash, b.body_hash);
    struct order_line_cmd line = {0};
    if (a.line_count == 1)
        line = a.lines[0];
    assert_str(line.doc, "{\"tax_lines\":[],\"attrs\":{}}");
    assert_int_equal(line.total, -1);
}

/* A body without a currency is in that of its amounts. */
static void the_currency_may_be_named_or_not(void **state)
{
    struct ctx *ctx = *state;
    struct order_cmd a = {0}, b = {0};
    assert_ok(ctx, decode(ctx, ORDER(""), &a));
    assert_ok(ctx, decode(ctx, ORDER(",\"currency\":\"EUR\""), &b));
    assert_int_equal(a.body_hash, b.body_hash);
    assert_true(a.is_currency_default && !b.is_currency_default);
}

static void every_field_counts_in_the_hash(void **state)
{
    struct ctx *ctx = *state;
    static const char *const bodies[] = {
        ORDER(""),
        ORDER(",\"note\":\"n\""),
        ORDER(",\"tax_mode\":\"exclusive\""),
        ORDER(",\"placed_at\":\"2026-01-01T00:00:00Z\""),
        ORDER(",\"tags\":[\"n\"]"),
        ORDER(",\"attrs\":{\"n\":1}"),
        ORDER(",\"customer\":{\"name\":\"n\"}"),
        ORDER(",\"shipping_address\":{\"country\":\"DE\"}"),
        ORDER(",\"billing_address\":{\"country\":\"DE\"}"),
        ORDER(",\"fees\":[{\"title\":\"n\",\"amount\":" EUR(0) "}]"),
        ORDER(",\"shipping_lines\":[{\"title\":\"n\",\"price\":" EUR(0) "}]"),
        ORDER(",\"totals\":{\"tax\":" EUR(0) ",\"total\":" EUR(100) "}"),
        LINE("\"sku\":\"A\",\"quantity\":2,\"unit_price\":" EUR(100)),
        LINE("\"sku\":\"B\",\"quantity\":1,\"unit_price\":" EUR(100)),
        LINE(ITEM EUR(101)),
        LINE(ITEM EUR(100) ",\"discount\":" EUR(1)),
        LINE(ITEM EUR(100) ",\"title\":\"t\""),
        LINE(ITEM EUR(100) ",\"total\":" EUR(100)),
    };
    int64_t hashes[COUNT_OF(bodies)];
    for (size_t i = 0; i < COUNT_OF(bodies); i++) {
        struct order_cmd cmd = {0};
        assert_ok(ctx, decode(ctx, bodies[i], &cmd));
        hashes[i] = cmd.body_hash;
        for (size_t j = 0; j < i; j++)
            assert_true(hashes[i] != hashes[j]);
    }
}

static void without_external_id_the_key_is_it(void **state)
{
    struct ctx *ctx = *state;
    struct order_cmd cmd;
    struct json_in *in;
    str body = STR("{\"channel\":\"web\",\"lines\":[{\"sku\":\"A\","
                   "\"quantity\":1,\"unit_price\":" EUR(100) "}]}");
    assert_ok(ctx, json_parse(ctx, body, &in));
    assert_ok(ctx, order_cmd_from_json(ctx, in, STR("key-1"), &cmd));
    assert_str(cmd.external_id, "key-1");
    assert_true(cmd.is_currency_default);
    assert_string_equal(cmd.currency, "EUR");
    assert_ok(ctx, json_parse(ctx, body, &in));
    assert_int_equal(order_cmd_from_json(ctx, in, STR_NONE, &cmd), ERR_INVALID);
    assert_string_equal(ctx->err.field, "external_id");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(each_bad_field_is_named),
        TEST(a_body_is_the_same_however_its_keys_stand),
        TEST(the_currency_may_be_named_or_not),
        TEST(every_field_counts_in_the_hash),
        TEST(without_external_id_the_key_is_it),
    };
    return RUN_TESTS(tests, argc, argv);
}
