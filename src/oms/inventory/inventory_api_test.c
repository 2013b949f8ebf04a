/* inventory_api_test.c - locations, levels and ledgers through their routes. */
#include "base/arena.h"
#include "base/str.h"
#include "oms/inventory/inventory_testkit.h"
#include "oms/room.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#undef fail /* cmocka's, which hides ours. */

static struct testkit_reply call(struct testkit *kit,
                                 const struct testkit_call *call)
{
    struct testkit_reply reply;
    testkit_call(kit, &inventory_room, call, &reply);
    return reply;
}

static struct testkit_reply post(struct testkit *kit, const char *operation,
                                 const char *body)
{
    struct testkit_call post = {.operation = operation, .body = body};
    return call(kit, &post);
}

static struct testkit_reply list(struct testkit *kit, const char *operation,
                                 const char *query)
{
    struct testkit_call list = {.operation = operation, .query = query};
    return call(kit, &list);
}

static bool has_text(const struct testkit_reply *reply, const char *part)
{
    return memmem(reply->body.ptr, reply->body.len, part, strlen(part)) != NULL;
}

static str text_of(struct json_in *in, const char *key)
{
    str text;
    assert_int_equal(json_get_str(in, key, 1, 200, &text), OK);
    return text;
}

static int64_t number_of(struct json_in *in, const char *key)
{
    int64_t number;
    assert_int_equal(json_get_i64(in, key, -LIMIT_QTY, INT64_MAX, &number), OK);
    return number;
}

static struct json_in *item_of(struct testkit_reply *reply, size_t count,
                               size_t i)
{
    struct json_list items;
    struct json_in *item;
    assert_int_equal(json_get_list(reply->json, "items", count, count, &items),
                     OK);
    assert_int_equal(json_list_object(&items, i, &item), OK);
    json_allow_rest(item);
    return item;
}

static void a_location_keeps_address_and_coordinates(void **state)
{
    (void)state;
    struct stall stall = stall_open();
    struct testkit_reply reply = post(
        stall.kit, "createLocation",
        "{\"code\":\"ber\",\"name\":\"Berlin\",\"type\":\"3pl\","
        "\"address\":{\"line1\":\"Hafen 1\",\"city\":\"Berlin\","
        "\"country\":\"DE\"},\"lat\":52.520008,\"lon\":-13.4,"
        "\"tz\":\"Europe/Berlin\",\"is_pickup\":true,\"attrs\":{\"dock\":3}}");
    assert_int_equal(reply.status, 201);
    assert_true(has_text(&reply, "\"lat\":52.520008,\"lon\":-13.4,"));
    assert_true(has_text(&reply, "\"type\":\"3pl\""));
    assert_true(has_text(&reply, "\"is_pickup\":true"));
    str id = text_of(reply.json, "id");
    struct testkit_call get = {.operation = "getLocation",
                               .path = {str_to_cstr(stall.kit->arena, id)}};
    reply = call(stall.kit, &get);
    assert_true(has_text(&reply, "\"lat\":52.520008,\"lon\":-13.4,"));
    assert_true(has_text(&reply, "Hafen 1"));
    struct testkit_call change = {
        .operation = "changeLocation",
        .path = {get.path[0]},
        .body = "{\"version\":1,\"is_shipping\":false,\"lat\":0,\"lon\":180}"};
    reply = call(stall.kit, &change);
    assert_int_equal(number_of(reply.json, "version"), 2);
    assert_true(has_text(&reply, "\"lat\":0.0,\"lon\":180.0,"));
    assert_true(has_text(&reply, "\"is_shipping\":false"));
    assert_true(has_text(&reply, "Hafen 1"));
    assert_int_equal(call(stall.kit, &change).err, ERR_STALE);
    change.body = "{\"version\":2,\"lat\":null}";
    assert_int_equal(call(stall.kit, &change).err, ERR_INVALID);
    assert_string_equal(stall.kit->err.field, "lon");
    change.body = "{\"version\":2,\"lat\":null,\"lon\":null}";
    reply = call(stall.kit, &change);
    assert_true(has_text(&reply, "\"lat\":null,\"lon\":null,"));
    assert_int_equal(number_of(reply.json, "version"), 3);
    assert_int_equal(testkit_events(stall.kit, "location.changed"), 2);
    stall_close(&stall);
}

static void every_type_of_location_is_known_and_filters(void **state)
{
    (void)state;
    static const char *const types[] = {"warehouse", "store", "3pl", "dropship",
                                        "virtual"};
    struct stall stall = stall_open();
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        str body =
            str_printf(stall.kit->arena,
                       "{\"code\":\"%s\",\"name\":\"N\",\"type\":\"%s\"}",
                       types[i], types[i]);
        struct testkit_reply reply = post(stall.kit, "createLocation",
                                          str_to_cstr(stall.kit->arena, body));
        assert_int_equal(reply.status, 201);
    }
    struct testkit_reply reply =
        list(stall.kit, "listLocations", "type=dropship");
    assert_true(
        str_equal_cstr(text_of(item_of(&reply, 1, 0), "code"), "dropship"));
    reply = list(stall.kit, "listLocations", "limit=3");
    str next = str_printf(stall.kit->arena, "limit=9&after=%.*s",
                          STR_ARG(text_of(reply.json, "next")));
    reply =
        list(stall.kit, "listLocations", str_to_cstr(stall.kit->arena, next));
    assert_true(has_text(&reply, "\"next\":null"));
    (void)item_of(&reply, 4, 3);
    stall_close(&stall);
}

static void a_wrong_location_is_refused_with_its_field(void **state)
{
    (void)state;
    static const struct {
        const char *part, *field, *slug;
    } rows[] = {
        {"\"lat\":90.000001,\"lon\":0",       "lat",             "number_out_of_range"},
        {"\"lat\":1",                         "lon",             "missing_field"      },
        {"\"lat\":\"1\",\"lon\":1",           "lat",             "wrong_type"         },
        {"\"tz\":\"Mars/Base\"",              "tz",              "zone_unknown"       },
        {"\"address\":{\"country\":\"XQ\"}",  "address.country",
         "country_unknown"                                                            },
        {"\"address\":{\"planet\":\"Mars\"}", "address.planet",
         "unknown_field"                                                              },
        {"\"is_active\":true",                "is_active",       "unknown_field"      },
    };
    struct stall stall = stall_open();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        str body = str_printf(stall.kit->arena,
                              "{\"code\":\"x\",\"name\":\"X\","
                              "\"type\":\"store\",%s}",
                              rows[i].part);
        struct testkit_reply reply = post(stall.kit, "createLocation",
                                          str_to_cstr(stall.kit->arena, body));
        assert_int_equal(reply.err, ERR_INVALID);
        assert_string_equal(stall.kit->err.field, rows[i].field);
        assert_string_equal(stall.kit->err.slug, rows[i].slug);
    }
    stall_close(&stall);
}

static void A3_04_levels_are_listed_by_sku_by_location_and_all(void **state)
{
    (void)state;
    struct stall stall = stall_open();
    struct testkit_reply reply =
        post(stall.kit, "adjustStock",
             "{\"reason\":\"in\",\"items\":["
             "{\"sku\":\"TEA\",\"location\":\"there\",\"delta\":7},"
             "{\"sku\":\"TEA\",\"location\":\"here\",\"delta\":2,"
             "\"from\":\"available\",\"to\":\"held\"}]}");
    assert_int_equal(reply.status, 200);
    assert_int_equal(number_of(item_of(&reply, 2, 1), "status"), 200);
    reply = list(stall.kit, "listLevels", "sku=TEA&limit=1");
    struct json_in *level = item_of(&reply, 1, 0);
    assert_true(str_equal_cstr(text_of(level, "location"), "here"));
    assert_int_equal(number_of(level, "on_hand"), 10);
    assert_int_equal(number_of(level, "held"), 2);
    assert_int_equal(number_of(level, "available"), 8);
    assert_int_equal(number_of(level, "available_raw"), 8);
    str query = str_printf(stall.kit->arena, "sku=TEA&limit=1&after=%.*s",
                           STR_ARG(text_of(reply.json, "next")));
    reply = list(stall.kit, "listLevels", str_to_cstr(stall.kit->arena, query));
    assert_true(
        str_equal_cstr(text_of(item_of(&reply, 1, 0), "location"), "there"));
    reply = list(stall.kit, "listLevels", "location=there");
    assert_int_equal(number_of(item_of(&reply, 1, 0), "on_hand"), 7);
    reply = list(stall.kit, "listLevels", "sku=TEA&location=here");
    (void)item_of(&reply, 1, 0);
    reply = list(stall.kit, "listLevels", NULL);
    (void)item_of(&reply, 2, 1);
    assert_int_equal(list(stall.kit, "listLevels", "sku=COFFEE").err,
                     ERR_INVALID);
    assert_int_equal(list(stall.kit, "listLevels", "after=x").err, ERR_INVALID);
    stall_close(&stall);
}

static void the_ledger_is_read_backwards_page_by_page(void **state)
{
    (void)state;
    struct stall stall = stall_open();
    struct testkit_reply reply =
        post(stall.kit, "adjustStock",
             "{\"reason\":\"count\",\"items\":["
             "{\"sku\":\"TEA\",\"location\":\"here\",\"delta\":1},"
             "{\"sku\":\"TEA\",\"location\":\"here\",\"delta\":-3}]}");
    struct json_in *first = item_of(&reply, 2, 0), *level;
    assert_int_equal(json_get_object(first, "level", &level), OK);
    json_allow_rest(level);
    assert_int_equal(number_of(level, "on_hand"), 8);
    struct arena *arena = stall.kit->arena;
    struct testkit_call get = {
        .operation = "listMovements",
        .path = {str_to_cstr(arena, text_of(level, "sku_id")),
                 str_to_cstr(arena, text_of(level, "location_id"))},
        .query = "limit=2"
    };
    reply = call(stall.kit, &get);
    struct json_in *newest = item_of(&reply, 2, 0);
    assert_true(str_equal_cstr(text_of(newest, "type"), "adjust"));
    assert_true(str_equal_cstr(text_of(newest, "to"), "outside"));
    assert_true(str_equal_cstr(text_of(newest, "reason"), "count"));
    assert_int_equal(number_of(newest, "qty"), 3);
    str query = str_printf(arena, "limit=2&after=%.*s",
                           STR_ARG(text_of(reply.json, "next")));
    get.query = str_to_cstr(arena, query);
    reply = call(stall.kit, &get);
    assert_int_equal(number_of(item_of(&reply, 1, 0), "qty"), 10);
    assert_true(has_text(&reply, "\"next\":null"));
    stall_close(&stall);
}

static void
A3_08_setting_says_what_is_there_where_it_does_not_match(void **state)
{
    (void)state;
    struct stall stall = stall_open();
    const char *body = "{\"sku\":\"TEA\",\"location\":\"here\","
                       "\"on_hand\":12,\"expected_on_hand\":10,"
                       "\"reason\":\"count\"}";
    struct testkit_reply reply = post(stall.kit, "setStock", body);
    assert_int_equal(reply.status, 200);
    assert_int_equal(number_of(reply.json, "on_hand"), 12);
    reply = post(stall.kit, "setStock", body);
    assert_int_equal(reply.err, ERR_STALE);
    assert_non_null(strstr(stall.kit->err.text, "12"));
    reply = post(stall.kit, "setStock",
                 "{\"sku\":\"TEA\",\"location\":\"here\",\"on_hand\":1,"
                 "\"reason\":\"count\"}");
    assert_int_equal(reply.err, ERR_INVALID);
    assert_string_equal(stall.kit->err.field, "expected_version");
    reply = post(stall.kit, "setStock",
                 "{\"sku\":\"TEA\",\"location\":\"here\",\"on_hand\":-1,"
                 "\"expected_on_hand\":12,\"reason\":\"count\"}");
    assert_int_equal(reply.err, ERR_INVALID);
    assert_string_equal(stall.kit->err.field, "on_hand");
    stall_close(&stall);
}

static void a_wrong_adjustment_is_refused_with_its_path(void **state)
{
    (void)state;
    static const struct {
        const char *item, *field;
    } rows[] = {
        {"{\"sku\":\"TEA\",\"location\":\"here\"}",               "items[0].delta" },
        {"{\"sku\":\"TEA\",\"location\":\"here\",\"delta\":1,"
         "\"from\":\"available\"}",                      "items[0].to"    },
        {"{\"sku\":\"TEA\",\"location\":\"here\",\"delta\":1,"
         "\"bucket\":\"committed\"}",                    "items[0].bucket"},
        {"{\"sku\":\"TEA\",\"location\":\"here\",\"delta\":1.5}",
         "items[0].delta"                                                          },
    };
    struct stall stall = stall_open();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        str body =
            str_printf(stall.kit->arena, "{\"reason\":\"r\",\"items\":[%s]}",
                       rows[i].item);
        struct testkit_reply reply =
            post(stall.kit, "adjustStock", str_to_cstr(stall.kit->arena, body));
        assert_int_equal(reply.err, ERR_INVALID);
        assert_string_equal(stall.kit->err.field, rows[i].field);
    }
    struct testkit_reply reply =
        post(stall.kit, "adjustStock", "{\"reason\":\"\",\"items\":[]}");
    assert_int_equal(reply.err, ERR_INVALID);
    assert_string_equal(stall.kit->err.field, "reason");
    stall_close(&stall);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_location_keeps_address_and_coordinates),
        cmocka_unit_test(every_type_of_location_is_known_and_filters),
        cmocka_unit_test(a_wrong_location_is_refused_with_its_field),
        cmocka_unit_test(A3_04_levels_are_listed_by_sku_by_location_and_all),
        cmocka_unit_test(the_ledger_is_read_backwards_page_by_page),
        cmocka_unit_test(
            A3_08_setting_says_what_is_there_where_it_does_not_match),
        cmocka_unit_test(a_wrong_adjustment_is_refused_with_its_path),
    };
    int bad = 0;
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    do
        bad += cmocka_run_group_tests_name("inventory api", tests, NULL, NULL);
    while (testkit_next_engine());
    return bad;
}
