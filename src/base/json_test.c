/* json_test.c - bodies read to the letter, refusals with path and slug. */
#include "base/json.h"

#include "base/buf.h"
#include "base/money.h"
#include "base/testing.h"
#include "base/time.h"

static struct json_in *parse(struct ctx *ctx, const char *body)
{
    struct json_in *in = NULL;
    assert_ok(ctx, json_parse(ctx, str_from_cstr(body), &in));
    return in;
}

static void refuse(struct ctx *ctx, str body, err_t code, const char *slug)
{
    struct json_in *in = NULL;
    err_clear(ctx);
    if (json_parse(ctx, body, &in) != code)
        fail_msg("%.*s gave %s", STR_ARG(body), err_slug(ctx->err.code));
    assert_slug(ctx, slug);
    assert_null(in);
    assert_true(strlen(ctx->err.text) > 0);
    assert_true(str_is_utf8(str_from_cstr(ctx->err.text)));
    /* What the parser's own programmer may do is no advice to a caller. */
    assert_null(strstr(ctx->err.text, "JSON_"));
}

static void malformed_bodies_are_refused_by_their_own_code(void **state)
{
    struct ctx *ctx = *state;
    static const struct {
        str body;
        err_t code;
        const char *slug;
    } rows[] = {
        {STR_INIT(""),                                  ERR_MALFORMED, "json_syntax"        },
        {STR_INIT("   "),                               ERR_MALFORMED, "json_syntax"        },
        {STR_INIT("{"),                                 ERR_MALFORMED, "json_syntax"        },
        {STR_INIT("{}x"),                               ERR_MALFORMED, "json_syntax"        },
        {STR_INIT("{}{}"),                              ERR_MALFORMED, "json_syntax"        },
        {STR_INIT("{\"a\":1,}"),                        ERR_MALFORMED, "json_syntax"        },
        {STR_INIT("{\"a\" 1}"),                         ERR_MALFORMED, "json_syntax"        },
        {STR_INIT("{a:1}"),                             ERR_MALFORMED, "json_syntax"        },
        {STR_INIT("{'a':1}"),                           ERR_MALFORMED, "json_syntax"        },
        {STR_INIT("{\"a\":NaN}"),                       ERR_MALFORMED, "json_syntax"        },
        {STR_INIT("{\"a\":Infinity}"),                  ERR_MALFORMED, "json_syntax"        },
        {STR_INIT("{\"a\":-}"),                         ERR_MALFORMED, "json_syntax"        },
        {STR_INIT("{\"a\":01}"),                        ERR_MALFORMED, "json_syntax"        },
        {STR_INIT("{\"a\":1.}"),                        ERR_MALFORMED, "json_syntax"        },
        {STR_INIT("{\"a\":+1}"),                        ERR_MALFORMED, "json_syntax"        },
        {STR_INIT("{\"a\":0x10}"),                      ERR_MALFORMED, "json_syntax"        },
        {STR_INIT("{\"a\":tru}"),                       ERR_MALFORMED, "json_syntax"        },
        {STR_INIT("{\"a\":\"x"),                        ERR_MALFORMED, "json_syntax"        },
        {STR_INIT("{\"a\":\"\n\"}"),                    ERR_MALFORMED, "json_syntax"        },
        {STR_INIT("{\"a\":\"\\x\"}"),                   ERR_MALFORMED, "json_syntax"        },
        {STR_INIT("{\"a\":\"\\uD800\"}"),               ERR_MALFORMED, "json_syntax"        },
        {STR_INIT("{\"a\":1}// x"),                     ERR_MALFORMED, "json_syntax"        },
        {STR_INIT("{\"a\":1}\0"),                       ERR_MALFORMED, "json_syntax"        },
        {STR_INIT("\xEF\xBB\xBF{}"),                    ERR_MALFORMED, "json_syntax"        },
        {STR_INIT("{\"a\":\"\xFF\"}"),                  ERR_MALFORMED, "utf8_invalid"       },
        {STR_INIT("{\"a\":\"\xC0\x80\"}"),              ERR_MALFORMED, "utf8_invalid"       },
        {STR_INIT("{\"a\":\"\xED\xA0\x80\"}"),          ERR_MALFORMED, "utf8_invalid"       },
        {STR_INIT("{\"a\":\"\xE2\x82\"}"),              ERR_MALFORMED, "utf8_invalid"       },
        {STR_INIT("{\"\xFF\":1}"),                      ERR_MALFORMED, "utf8_invalid"       },
        {STR_INIT("{\"a\":1,\"a\":2}"),                 ERR_MALFORMED, "json_duplicate_key" },
        {STR_INIT("{\"b\":[{\"a\":1,\"\\u0061\":2}]}"), ERR_MALFORMED,
         "json_duplicate_key"                                                               },
        {STR_INIT("{\"a\":\"\\u0000\"}"),               ERR_MALFORMED, "nul_in_string"      },
        {STR_INIT("{\"\\u0000\":1}"),                   ERR_MALFORMED, "nul_in_string"      },
        {STR_INIT("{\"a\":9223372036854775808}"),       ERR_INVALID,
         "number_out_of_range"                                                              },
        {STR_INIT("{\"a\":-9223372036854775809}"),      ERR_INVALID,
         "number_out_of_range"                                                              },
        {STR_INIT("{\"a\":1e999}"),                     ERR_INVALID,   "number_out_of_range"},
        {STR_INIT("[]"),                                ERR_INVALID,   "wrong_type"         },
        {STR_INIT("null"),                              ERR_INVALID,   "wrong_type"         },
        {STR_INIT("\"x\""),                             ERR_INVALID,   "wrong_type"         },
        {STR_INIT("7"),                                 ERR_INVALID,   "wrong_type"         },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        refuse(ctx, rows[i].body, rows[i].code, rows[i].slug);
}

static str nested(struct ctx *ctx, int depth)
{
    struct buf buf;
    buf_init(&buf, ctx->arena, 1000000);
    buf_add_cstr(&buf, "{\"a\":");
    for (int i = 1; i < depth; i++)
        buf_add_char(&buf, '[');
    for (int i = 1; i < depth; i++)
        buf_add_char(&buf, ']');
    if (depth == 1)
        buf_add_char(&buf, '1');
    buf_add_char(&buf, '}');
    return buf_str(&buf);
}

static void depth_is_bounded(void **state)
{
    struct ctx *ctx = *state;
    struct json_in *in = NULL;
    assert_ok(ctx, json_parse(ctx, nested(ctx, LIMIT_JSON_DEPTH), &in));
    refuse(ctx, nested(ctx, LIMIT_JSON_DEPTH + 1), ERR_MALFORMED,
           "json_too_deep");
    refuse(ctx, nested(ctx, 100000), ERR_MALFORMED, "json_too_deep");
    /* Brackets in strings are no depth. */
    struct buf buf;
    buf_init(&buf, ctx->arena, 1000);
    buf_add_cstr(&buf, "{\"a\":\"\\\"");
    for (int i = 0; i < 100; i++)
        buf_add_char(&buf, '[');
    buf_add_cstr(&buf, "\"}");
    assert_ok(ctx, json_parse(ctx, buf_str(&buf), &in));
}

static str many(struct ctx *ctx, const char *part, int count)
{
    struct buf buf;
    buf_init(&buf, ctx->arena, LIMIT_BULK_BODY_BYTES + 100);
    buf_add_cstr(&buf, "{\"a\":[");
    for (int i = 0; i < count; i++) {
        if (i > 0)
            buf_add_char(&buf, ',');
        buf_add_cstr(&buf, part);
    }
    buf_add_cstr(&buf, "]}");
    return buf_str(&buf);
}

static void what_a_body_unfolds_to_is_bounded(void **state)
{
    struct ctx *ctx = *state;
    static const char *const parts[] = {"{}", "[]", "1", "{\"\":1}"};
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        arena_reset(ctx->arena);
        str small = many(ctx, parts[i], 400000);
        size_t before = arena_used(ctx->arena);
        struct json_in *in = NULL;
        assert_ok(ctx, json_parse(ctx, small, &in));
        /* Fourteen in production; ASan's gaps come on top. */
        assert_true(arena_used(ctx->arena) - before < small.len * 18);
    }
    /* One that is broken as well is not unfolded further to say how. */
    str broken = many(ctx, "{}", 400000);
    broken.len--;
    refuse(ctx, broken, ERR_TOO_LARGE, "json_too_large");
    err_clear(ctx);
    arena_reset(ctx->arena);
    /* The longest body of orders as they are is no more than that. */
    static const char line[] =
        "{\"sku\":\"SKU-1\",\"quantity\":1,\"unit_price\":{\"amount\":1999,"
        "\"currency\":\"EUR\"},\"tax_lines\":[{\"name\":\"VAT\",\"amount\":"
        "{\"amount\":319,\"currency\":\"EUR\"}}]}";
    str body = many(ctx, line, (int)(LIMIT_BULK_BODY_BYTES / sizeof(line)));
    assert_true(body.len > LIMIT_BULK_BODY_BYTES - 200);
    struct json_in *in = NULL;
    assert_ok(ctx, json_parse(ctx, body, &in));
    assert_true(arena_used(ctx->arena) < LIMIT_ARENA_BYTES);
}

static void fields_are_read(void **state)
{
    struct ctx *ctx = *state;
    struct json_in *in = parse(
        ctx, "{\"n\":-5,\"s\":\"h\\u00e9 \\ud83d\\udea2\",\"b\":true,"
             "\"id\":\"ord_0003g9230vqvs\",\"at\":\"2026-11-22T01:02:03Z\","
             "\"e\":\"two\",\"m\":{\"amount\":-7,\"currency\":\"JPY\"},"
             "\"none\":null}");
    int64_t n = 0, id = 0;
    str s;
    bool b = false;
    utc_ms at = 0;
    int e = 0;
    money m;
    static const char *const names[] = {NULL, "one", "two"};
    assert_ok(ctx, json_get_i64(in, "n", -5, -5, &n));
    assert_ok(ctx, json_get_str(in, "s", 8, 8, &s));
    assert_str(s, "h\xC3\xA9 \xF0\x9F\x9A\xA2");
    assert_ok(ctx, json_opt_bool(in, "b", &b));
    assert_ok(ctx, json_get_id(in, "id", "ord", &id));
    assert_ok(ctx, json_opt_time(in, "at", &at));
    assert_ok(ctx, json_get_enum(in, "e", names, 3, &e));
    assert_ok(ctx, json_get_money(in, "m", NULL, &m));
    assert_ok(ctx, json_opt_i64(in, "none", 0, 1, &n));
    assert_ok(ctx, json_end(in));
    assert_true(n == -5 && b && e == 2 && at == INT64_C(1795309323000));
    assert_true(id == INT64_C(123456789012345));
    assert_true(money_equal(m, (money){-7, "JPY"}));
}

static void missing_and_null_leave_the_value_alone(void **state)
{
    struct ctx *ctx = *state;
    struct json_in *in = parse(ctx, "{\"a\":null}");
    int64_t n = 9;
    str s = STR("keep");
    bool b = true;
    utc_ms at = 4;
    struct json_in *object = in;
    struct json_list list;
    money m = {1, "EUR"};
    assert_ok(ctx, json_opt_i64(in, "a", 0, 1, &n));
    assert_ok(ctx, json_opt_str(in, "a", 1, 1, &s));
    assert_ok(ctx, json_opt_bool(in, "x", &b));
    assert_ok(ctx, json_opt_time(in, "x", &at));
    assert_ok(ctx, json_opt_money(in, "a", "EUR", &m));
    assert_true(n == 9 && b && at == 4 && s.len == 4 && m.minor == 1);
    assert_ok(ctx, json_opt_object(in, "a", &object));
    assert_null(object);
    assert_ok(ctx, json_get_list(in, "x", 0, 5, &list));
    assert_int_equal(list.count, 0);
    assert_false(json_has(in, "a"));
    assert_ok(ctx, json_opt_raw(in, "x", 10, &s));
    assert_str(s, "{}");
    assert_ok(ctx, json_any_raw(in, "x", 10, &s));
    assert_null(s.ptr);
    assert_ok(ctx, json_end(in));
}

/* Reads one field of one kind from `body`, so that a table can list what is
 * refused. */
enum kind { I64, TEXT, BOOL, ID, TIME, ENUM, MONEY, OBJECT, LIST, RAW };

static err_t read_kind(struct json_in *in, enum kind kind)
{
    static const char *const names[] = {"one", "two"};
    int64_t n;
    str s;
    bool b;
    int e;
    money m;
    struct json_in *object;
    struct json_list list;
    switch (kind) {
    case I64: return json_get_i64(in, "f", 1, 10, &n);
    case TEXT: return json_get_str(in, "f", 1, 4, &s);
    case BOOL: return json_opt_bool(in, "f", &b);
    case ID: return json_get_id(in, "f", "ord", &n);
    case TIME: return json_opt_time(in, "f", &n);
    case ENUM: return json_get_enum(in, "f", names, 2, &e);
    case MONEY: return json_get_money(in, "f", "EUR", &m);
    case OBJECT: return json_get_object(in, "f", &object);
    case LIST: return json_get_list(in, "f", 1, 2, &list);
    case RAW: return json_opt_raw(in, "f", 20, &s);
    }
    UNREACHABLE("read_kind: every kind is named above");
}

static void wrong_fields_are_refused_with_path_and_slug(void **state)
{
    struct ctx *ctx = *state;
    static const struct {
        const char *body;
        enum kind kind;
        const char *slug, *field;
    } rows[] = {
        {"{}",                                                         I64,    "missing_field",       "f"         },
        {"{\"f\":null}",                                               I64,    "missing_field",       "f"         },
        {"{\"f\":0}",                                                  I64,    "number_out_of_range", "f"         },
        {"{\"f\":11}",                                                 I64,    "number_out_of_range", "f"         },
        {"{\"f\":1.0}",                                                I64,    "wrong_type",          "f"         },
        {"{\"f\":1e1}",                                                I64,    "wrong_type",          "f"         },
        {"{\"f\":\"1\"}",                                              I64,    "wrong_type",          "f"         },
        {"{\"f\":true}",                                               I64,    "wrong_type",          "f"         },
        {"{}",                                                         TEXT,   "missing_field",       "f"         },
        {"{\"f\":\"\"}",                                               TEXT,   "too_short",           "f"         },
        {"{\"f\":\"12345\"}",                                          TEXT,   "too_long",            "f"         },
        {"{\"f\":\"\xE2\x82\xAC\xE2\x82\xAC\"}",                       TEXT,   "too_long",            "f"         },
        {"{\"f\":5}",                                                  TEXT,   "wrong_type",          "f"         },
        {"{\"f\":1}",                                                  BOOL,   "wrong_type",          "f"         },
        {"{\"f\":\"sku_0003g9230vqvs\"}",                              ID,     "invalid_id",          "f"         },
        {"{\"f\":5}",                                                  ID,     "wrong_type",          "f"         },
        {"{}",                                                         ID,     "missing_field",       "f"         },
        {"{\"f\":\"yesterday\"}",                                      TIME,   "invalid_time",        "f"         },
        {"{\"f\":1}",                                                  TIME,   "wrong_type",          "f"         },
        {"{\"f\":\"three\"}",                                          ENUM,   "unknown_value",       "f"         },
        {"{\"f\":\"\"}",                                               ENUM,   "unknown_value",       "f"         },
        {"{\"f\":1}",                                                  ENUM,   "wrong_type",          "f"         },
        {"{}",                                                         ENUM,   "missing_field",       "f"         },
        {"{}",                                                         MONEY,  "missing_field",       "f"         },
        {"{\"f\":5}",                                                  MONEY,  "wrong_type",          "f"         },
        {"{\"f\":{\"amount\":1}}",                                     MONEY,  "missing_field",       "f.currency"},
        {"{\"f\":{\"currency\":\"EUR\"}}",                             MONEY,  "missing_field",       "f.amount"  },
        {"{\"f\":{\"amount\":1.5,\"currency\":\"EUR\"}}",              MONEY,  "wrong_type",
         "f.amount"                                                                                               },
        {"{\"f\":{\"amount\":1000000000000001,\"currency\":\"EUR\"}}", MONEY,
         "number_out_of_range",                                                                       "f.amount"  },
        {"{\"f\":{\"amount\":1,\"currency\":\"USD\"}}",                MONEY,
         "currency_mismatch",                                                                         "f.currency"},
        {"{\"f\":{\"amount\":1,\"currency\":\"eur\"}}",                MONEY,
         "currency_unknown",                                                                          "f.currency"},
        {"{\"f\":{\"amount\":1,\"currency\":\"EUR\",\"x\":1}}",        MONEY,
         "unknown_field",                                                                             "f.x"       },
        {"{\"f\":[]}",                                                 OBJECT, "wrong_type",          "f"         },
        {"{}",                                                         OBJECT, "missing_field",       "f"         },
        {"{}",                                                         LIST,   "missing_field",       "f"         },
        {"{\"f\":[]}",                                                 LIST,   "too_short",           "f"         },
        {"{\"f\":[1,2,3]}",                                            LIST,   "too_long",            "f"         },
        {"{\"f\":{}}",                                                 LIST,   "wrong_type",          "f"         },
        {"{\"f\":[]}",                                                 RAW,    "wrong_type",          "f"         },
        {"{\"f\":{\"a\":\"0123456789abc\"}}",                          RAW,    "too_long",            "f"         },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        err_clear(ctx);
        struct json_in *in = parse(ctx, rows[i].body);
        if (read_kind(in, rows[i].kind) != ERR_INVALID)
            fail_msg("%s was taken", rows[i].body);
        assert_slug(ctx, rows[i].slug);
        assert_string_equal(ctx->err.field, rows[i].field);
    }
}

static void paths_name_the_element(void **state)
{
    struct ctx *ctx = *state;
    struct json_in *in =
        parse(ctx, "{\"lines\":[{},{},{\"tax\":[{\"sku\":5}]}],\"tags\":"
                   "[\"a\",7,\"\",\"toolong\"]}");
    struct json_list lines, taxes, tags;
    struct json_in *line, *tax;
    str s;
    assert_ok(ctx, json_get_list(in, "lines", 1, 3, &lines));
    assert_ok(ctx, json_list_object(&lines, 2, &line));
    assert_ok(ctx, json_get_list(line, "tax", 1, 3, &taxes));
    assert_ok(ctx, json_list_object(&taxes, 0, &tax));
    assert_int_equal(json_get_str(tax, "sku", 1, 9, &s), ERR_INVALID);
    assert_string_equal(ctx->err.field, "lines[2].tax[0].sku");
    assert_str(json_path(line, NULL), "lines[2]");
    assert_str(json_path(in, NULL), "");
    assert_str(json_path(in, "x"), "x");
    err_clear(ctx);
    assert_int_equal(json_end(tax), OK);
    assert_int_equal(json_end(in), ERR_INVALID);
    assert_slug(ctx, "unknown_field");
    assert_string_equal(ctx->err.field, "tags");
    err_clear(ctx);
    assert_ok(ctx, json_get_list(in, "tags", 1, 9, &tags));
    assert_ok(ctx, json_list_str(&tags, 0, 1, 3, &s));
    assert_int_equal(json_list_str(&tags, 1, 1, 3, &s), ERR_INVALID);
    assert_string_equal(ctx->err.field, "tags[1]");
    err_clear(ctx);
    assert_int_equal(json_list_str(&tags, 2, 1, 3, &s), ERR_INVALID);
    assert_slug(ctx, "too_short");
    err_clear(ctx);
    assert_int_equal(json_list_str(&tags, 3, 1, 3, &s), ERR_INVALID);
    assert_slug(ctx, "too_long");
    err_clear(ctx);
    const str *texts;
    size_t count;
    assert_int_equal(json_get_strs(in, "tags", 9, 3, &texts, &count),
                     ERR_INVALID);
    assert_string_equal(ctx->err.field, "tags[1]");
    err_clear(ctx);
    assert_ok(ctx, json_get_strs(in, "none", 9, 3, &texts, &count));
    assert_int_equal(count, 0);
    assert_int_equal(json_list_object(&tags, 0, &line), ERR_INVALID);
    assert_slug(ctx, "wrong_type");
    assert_string_equal(ctx->err.field, "tags[0]");
}

static void unread_keys_are_refused_unless_allowed(void **state)
{
    struct ctx *ctx = *state;
    struct json_in *in = parse(ctx, "{\"a\":1,\"b\":2,\"c\":null}");
    int64_t n;
    /* Asking twice counts once, and json_has() does not count. */
    assert_ok(ctx, json_get_i64(in, "a", 0, 9, &n));
    assert_ok(ctx, json_get_i64(in, "a", 0, 9, &n));
    char other[] = "a";
    assert_ok(ctx, json_get_i64(in, other, 0, 9, &n));
    assert_true(json_has(in, "b"));
    assert_int_equal(json_end(in), ERR_INVALID);
    assert_string_equal(ctx->err.field, "b");
    err_clear(ctx);
    assert_ok(ctx, json_get_i64(in, "b", 0, 9, &n));
    assert_int_equal(json_end(in), ERR_INVALID);
    assert_string_equal(ctx->err.field, "c");
    assert_string_equal(ctx->err.text,
                        "is not known here or cannot be null; leave it out");
    err_clear(ctx);
    json_allow_rest(in);
    assert_ok(ctx, json_end(in));
}

static void a_change_takes_no_null_for_a_key_left_out(void **state)
{
    struct ctx *ctx = *state;
    struct json_in *in = parse(ctx, "{\"a\":null,\"b\":2}");
    str text = STR_NONE;
    int64_t n;
    json_refuse_nulls(in);
    assert_ok(ctx, json_opt_str(in, "a", 0, 9, &text));
    assert_ok(ctx, json_get_i64(in, "b", 0, 9, &n));
    assert_int_equal(json_end(in), ERR_INVALID);
    assert_slug(ctx, "unknown_field");
    assert_string_equal(ctx->err.field, "a");
}

static void raw_parts_come_back_compact_sorted_and_exact(void **state)
{
    struct ctx *ctx = *state;
    static const char *const rows[][2] = {
        {"{\"f\" : { \"b\" : 1 , \"a\" : [ true,false , null ] } }",
         "{\"a\":[true,false,null],\"b\":1}"                                                },
        {"{\"f\":{\"x\":19.99,\"y\":0.1,\"z\":1e2,\"w\":1.0,\"v\":-0.0}}",
         "{\"v\":-0.0,\"w\":1.0,\"x\":19.99,\"y\":0.1,\"z\":100.0}"                         },
        {"{\"f\":{\"k\\\"\\n\":\"\\u0001\\t\\\\/\\u00e9\"}}",
         "{\"k\\\"\\n\":\"\\u0001\\t\\\\/\xC3\xA9\"}"                                       },
        {"{\"f\":{\"n\":-9223372036854775808}}",
         "{\"n\":-9223372036854775808}"                                                     },
        {"{\"f\":{\"e\":1.7976931348623157e308,\"t\":5e-324}}",
         "{\"e\":1.7976931348623157e+308,\"t\":4.94065645841247e-324}"                      },
        {"{\"f\":{\"a\":[[],{}]}}",                                        "{\"a\":[[],{}]}"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct json_in *in = parse(ctx, rows[i][0]);
        str raw;
        assert_ok(ctx, json_opt_raw(in, "f", 1000, &raw));
        assert_str(raw, rows[i][1]); /* Good after the close. */
    }
}

/* The store runs a command again after a conflict, with its arena reset to
 * where it was submitted; the reader must stand that. */
static void a_document_can_be_read_again_after_a_reset_to_a_mark(void **state)
{
    struct ctx *ctx = *state;
    struct json_in *in = parse(ctx, "{\"o\":{\"a\":1,\"b\":2},\"n\":3}");
    struct arena_mark mark = arena_mark(ctx->arena);
    for (int round = 0; round < 3; round++) {
        struct json_in *o;
        int64_t n;
        assert_ok(ctx, json_get_object(in, "o", &o));
        assert_ok(ctx, json_get_i64(o, "a", 1, 1, &n));
        assert_ok(ctx, json_get_i64(o, "b", 2, 2, &n));
        assert_ok(ctx, json_end(o));
        assert_ok(ctx, json_get_i64(in, "n", 3, 3, &n));
        assert_ok(ctx, json_end(in));
        arena_reset_to(ctx->arena, mark);
    }
    struct ctx next = {.arena = ctx->arena};
    json_in_rebind(in, &next);
    int64_t n;
    assert_int_equal(json_get_i64(in, "n", 9, 9, &n), ERR_INVALID);
    assert_int_equal(ctx->err.code, OK);
    assert_slug(&next, "number_out_of_range");
}

static void what_is_written_is_json(void **state)
{
    struct ctx *ctx = *state;
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, 10000);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_str(&out, "s", STR("a\"\\\n\b\f\r\t\x01\x7F\xC3\xA4/"));
    json_put_cstr(&out, "c", "");
    json_put_i64(&out, "i", INT64_MIN);
    json_put_bool(&out, "t", true);
    json_put_null(&out, "n");
    json_put_id(&out, "id", "ord", INT64_C(123456789012345));
    json_put_time(&out, "at", INT64_C(1795309323004));
    json_put_money(&out, "m", (money){-199, "EUR"});
    json_begin_list(&out, "l");
    json_begin(&out, NULL);
    json_end_object(&out);
    json_begin_list(&out, NULL);
    json_end_list(&out);
    json_put_i64(&out, NULL, 1);
    json_put_i64(&out, NULL, 2);
    json_end_list(&out);
    json_put_raw(&out, "r", STR("{\"x\":[1]}"));
    json_begin(&out, "o");
    json_put_members(&out, STR("{}"));
    json_put_bool(&out, "f", false);
    json_put_members(&out, STR("{\"g\":1,\"h\":2}"));
    json_end_object(&out);
    json_end_object(&out);
    const char *want =
        "{\"s\":\"a\\\"\\\\\\n\\b\\f\\r\\t\\u0001\x7F\xC3\xA4/\",\"c\":\"\","
        "\"i\":-9223372036854775808,\"t\":true,\"n\":null,"
        "\"id\":\"ord_0003g9230vqvs\",\"at\":\"2026-11-22T01:02:03.004Z\","
        "\"m\":{\"amount\":-199,\"currency\":\"EUR\"},\"l\":[{},[],1,2],"
        "\"r\":{\"x\":[1]},\"o\":{\"f\":false,\"g\":1,\"h\":2}}";
    assert_str(buf_str(&buf), want);
    assert_non_null(parse(ctx, want));
}

static void every_string_survives_writing_and_reading(void **state)
{
    struct ctx *ctx = *state;
    uint64_t seed = 21;
    for (int round = 0; round < 3000; round++) {
        arena_reset(ctx->arena);
        struct buf text, body;
        buf_init(&text, ctx->arena, 1000);
        buf_init(&body, ctx->arena, 10000);
        size_t len = test_random(&seed) % 30;
        for (size_t i = 0; i < len; i++) {
            uint64_t pick = test_random(&seed) % 130;
            if (pick >= 128)
                buf_add_cstr(&text,
                             pick == 128 ? "\xE2\x82\xAC" : "\xF0\x9F\x9A\xA2");
            else if (pick)
                buf_add_char(&text, (char)pick);
        }
        struct json_out out;
        json_out_init(&out, &body);
        json_begin(&out, NULL);
        json_put_str(&out, "s", buf_str(&text));
        json_end_object(&out);
        struct json_in *in = NULL;
        str back;
        assert_ok(ctx, json_parse(ctx, buf_str(&body), &in));
        assert_ok(ctx, json_get_str(in, "s", 0, 1000, &back));
        assert_true(str_equal(back, buf_str(&text)));
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(malformed_bodies_are_refused_by_their_own_code),
        TEST(depth_is_bounded),
        TEST(what_a_body_unfolds_to_is_bounded),
        TEST(fields_are_read),
        TEST(missing_and_null_leave_the_value_alone),
        TEST(wrong_fields_are_refused_with_path_and_slug),
        TEST(paths_name_the_element),
        TEST(unread_keys_are_refused_unless_allowed),
        TEST(a_change_takes_no_null_for_a_key_left_out),
        TEST(raw_parts_come_back_compact_sorted_and_exact),
        TEST(a_document_can_be_read_again_after_a_reset_to_a_mark),
        TEST(what_is_written_is_json),
        TEST(every_string_survives_writing_and_reading),
    };
    return RUN_TESTS(tests, argc, argv);
}
