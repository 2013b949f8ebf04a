/* csv_map_test.c - cells become values, rows become bodies. */
#include "app/csv_map.h"

#include "base/testing.h"

static struct csv_map map_of(struct ctx *ctx, const char *text)
{
    struct csv_map map;
    assert_ok(ctx, csv_map_read(ctx, str_from_cstr(text), &map));
    return map;
}

/* A map of one field "f" from column "c" with more members. */
static struct csv_map field_map(struct ctx *ctx, const char *head,
                                const char *more)
{
    return map_of(
        ctx, str_to_cstr(ctx->arena, str_printf(ctx->arena,
                                                "{\"target\":\"skus\",%s"
                                                "\"fields\":[{\"field\":\"f\","
                                                "\"column\":\"c\"%s}]}",
                                                head, more)));
}

static str value_of(struct ctx *ctx, const struct csv_map *map,
                    const char *cell)
{
    str ret;
    assert_ok(ctx, csv_map_value(ctx, map, &map->fields[0], str_from_cstr(cell),
                                 &ret));
    return ret;
}

static void no_value(struct ctx *ctx, const struct csv_map *map,
                     const char *cell, const char *slug)
{
    str ret;
    assert_int_equal(
        csv_map_value(ctx, map, &map->fields[0], str_from_cstr(cell), &ret),
        ERR_INVALID);
    assert_slug(ctx, slug);
    assert_string_equal(ctx->err.field, "c");
    err_clear(ctx);
}

static void text_is_trimmed_folded_and_escaped(void **state)
{
    struct ctx *ctx = *state;
    struct csv_map map = field_map(ctx, "", ",\"upper\":true");
    assert_str(value_of(ctx, &map, " a\"b\xc3\xa9 "), "\"A\\\"B\xc3\xa9\"");
    assert_str(value_of(ctx, &map, "  "), "");
    map = field_map(ctx, "", ",\"trim\":false,\"default\":\"x\"");
    assert_str(value_of(ctx, &map, " a "), "\" a \"");
    assert_str(value_of(ctx, &map, ""), "\"x\"");
}

static void numbers_keep_their_digits(void **state)
{
    struct ctx *ctx = *state;
    struct csv_map map = field_map(ctx, "\"decimal\":\",\",",
                                   ",\"type\":\"decimal\",\"factor\":\"1000\"");
    assert_str(value_of(ctx, &map, "1.234,5"), "1234500");
    assert_str(value_of(ctx, &map, "-0,001"), "-1");
    assert_str(value_of(ctx, &map, "1 000"), "1000000");
    no_value(ctx, &map, "0,0001", "number_invalid");
    no_value(ctx, &map, "1,2,3", "number_invalid");
    no_value(ctx, &map, "two", "number_invalid");
    no_value(ctx, &map, "99999999999999999999", "number_out_of_range");
    map = field_map(ctx, "",
                    ",\"type\":\"decimal\",\"factor\":\"0.4536\","
                    "\"round\":true");
    assert_str(value_of(ctx, &map, "10"), "5");
    assert_str(value_of(ctx, &map, "-10"), "-5");
    map = field_map(ctx, "", ",\"type\":\"integer\"");
    assert_str(value_of(ctx, &map, "12"), "12");
    no_value(ctx, &map, "1.5", "number_invalid");
}

static void money_is_exact_in_any_currency(void **state)
{
    struct ctx *ctx = *state;
    struct csv_map map =
        field_map(ctx, "", ",\"type\":\"money\",\"currency\":\"EUR\"");
    assert_str(value_of(ctx, &map, "19.9"),
               "{\"amount\":1990,\"currency\":\"EUR\"}");
    no_value(ctx, &map, "1.005", "number_invalid");
    map = field_map(ctx, "", ",\"type\":\"money\",\"currency\":\"KWD\"");
    assert_str(value_of(ctx, &map, "1.005"),
               "{\"amount\":1005,\"currency\":\"KWD\"}");
    map = field_map(ctx, "",
                    ",\"type\":\"money\",\"currency\":\"JPY\",\"round\":true");
    assert_str(value_of(ctx, &map, "1.5"),
               "{\"amount\":2,\"currency\":\"JPY\"}");
}

static void times_are_read_in_their_zone(void **state)
{
    struct ctx *ctx = *state;
    const char *zone = "\"zone\":\"Europe/Berlin\",";
    struct csv_map map = field_map(ctx, zone, ",\"type\":\"time\"");
    assert_str(value_of(ctx, &map, "2026-07-01 12:00"),
               "\"2026-07-01T10:00:00.000Z\"");
    assert_str(value_of(ctx, &map, "2026-07-01T12:00:00+09:00"),
               "\"2026-07-01T03:00:00.000Z\"");
    map =
        field_map(ctx, zone, ",\"type\":\"time\",\"format\":\"d.M.yyyy H:mm\"");
    assert_str(value_of(ctx, &map, "1.12.2026 8:05"),
               "\"2026-12-01T07:05:00.000Z\"");
    no_value(ctx, &map, "31.2.2026 8:05", "time_invalid");
    no_value(ctx, &map, "1.12.2026 25:05", "time_invalid");
    no_value(ctx, &map, "1.12.2026 8:05x", "time_invalid");
    map = field_map(ctx, zone, ",\"type\":\"date\",\"format\":\"dd/MM/yyyy\"");
    assert_str(value_of(ctx, &map, "24/12/2026"), "\"2026-12-24\"");
}

static void words_and_truth_are_mapped(void **state)
{
    struct ctx *ctx = *state;
    struct csv_map map = field_map(ctx, "", ",\"type\":\"bool\"");
    assert_str(value_of(ctx, &map, "YES"), "true");
    assert_str(value_of(ctx, &map, "0"), "false");
    no_value(ctx, &map, "ja", "value_unknown");
    map = field_map(ctx, "",
                    ",\"words\":[{\"from\":\"Laden\",\"to\":\"store\"}]");
    assert_str(value_of(ctx, &map, "Laden"), "\"store\"");
    no_value(ctx, &map, "Lager", "value_unknown");
}

static void rows_make_one_body_and_what_is_empty_is_left_out(void **state)
{
    struct ctx *ctx = *state;
    struct csv_map map =
        map_of(ctx, "{\"target\":\"orders\",\"group\":\"o\",\"fields\":["
                    "{\"field\":\"id\",\"column\":\"o\"},"
                    "{\"field\":\"who.name\",\"column\":\"n\"},"
                    "{\"field\":\"who.at.city\",\"column\":\"c\"},"
                    "{\"field\":\"lines[].sku\",\"column\":\"s\"},"
                    "{\"field\":\"lines[].tags[]\",\"column\":\"c\"},"
                    "{\"field\":\"fixed\",\"value\":[1,{\"a\":null}]}]}");
    const str head[] = {STR("o"), STR("n"), STR("c"), STR("s")};
    const str one[] = {STR("1"), STR("Ada"), STR(""), STR("X")};
    const str two[] = {STR("1"), STR("Eve"), STR(""), STR("")};
    const str three[] = {STR("1"), STR(""), STR(""), STR("Z")};
    const struct map_row rows[] = {
        {one,   4},
        {two,   4},
        {three, 4}
    };
    str body;
    assert_ok(ctx, csv_map_bind(ctx, &map, head, 4));
    assert_ok(ctx, csv_map_body(ctx, &map, rows, 3, &body));
    assert_str(body, "{\"id\":\"1\",\"who\":{\"name\":\"Ada\"},"
                     "\"lines\":[{\"sku\":\"X\"},{\"sku\":\"Z\"}],"
                     "\"fixed\":[1,{\"a\":null}]}");
    assert_int_equal(csv_map_bind(ctx, &map, head, 3), ERR_INVALID);
    assert_slug(ctx, "column_missing");
    err_clear(ctx);
    const struct map_row bad = {one, 3};
    assert_ok(ctx, csv_map_bind(ctx, &map, head, 4));
    assert_int_equal(csv_map_body(ctx, &map, &bad, 1, &body), ERR_INVALID);
    assert_slug(ctx, "row_columns");
}

static void a_list_within_a_list_has_its_own_row_alone(void **state)
{
    struct ctx *ctx = *state;
    struct csv_map map =
        map_of(ctx, "{\"target\":\"orders\",\"group\":\"o\",\"fields\":["
                    "{\"field\":\"lines[].sku\",\"column\":\"s\"},"
                    "{\"field\":\"lines[].taxes[].rate\",\"column\":\"t\"}]}");
    const str head[] = {STR("o"), STR("s"), STR("t")};
    const str one[] = {STR("1"), STR("X"), STR("a")};
    const str two[] = {STR("1"), STR("Y"), STR("b")};
    const struct map_row rows[] = {
        {one, 3},
        {two, 3}
    };
    str body;
    assert_ok(ctx, csv_map_bind(ctx, &map, head, 3));
    assert_ok(ctx, csv_map_body(ctx, &map, rows, 2, &body));
    assert_str(body, "{\"lines\":[{\"sku\":\"X\",\"taxes\":[{\"rate\":\"a\"}]},"
                     "{\"sku\":\"Y\",\"taxes\":[{\"rate\":\"b\"}]}]}");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(text_is_trimmed_folded_and_escaped),
        TEST(numbers_keep_their_digits),
        TEST(money_is_exact_in_any_currency),
        TEST(times_are_read_in_their_zone),
        TEST(words_and_truth_are_mapped),
        TEST(rows_make_one_body_and_what_is_empty_is_left_out),
        TEST(a_list_within_a_list_has_its_own_row_alone),
    };
    return RUN_TESTS(tests, argc, argv);
}
