/* channel_test.c - channels through their routes, and their numbers. */
#include "oms/channel/channel.h"

#include "base/arena.h"
#include "base/str.h"
#include "oms/room.h"
#include "oms/room_testkit.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#undef fail /* cmocka's, which hides ours. */

static struct testkit_reply call(struct testkit *kit, const char *operation,
                                 const char *path, const char *body)
{
    struct testkit_call call = {
        .operation = operation, .path = {path}, .body = body};
    struct testkit_reply reply;
    testkit_call(kit, &channel_room, &call, &reply);
    return reply;
}

static struct testkit_reply post(struct testkit *kit, const char *body)
{
    return call(kit, "createChannel", NULL, body);
}

static bool has_text(const struct testkit_reply *reply, const char *part)
{
    return memmem(reply->body.ptr, reply->body.len, part, strlen(part)) != NULL;
}

static void close(struct testkit *kit)
{
    assert_int_equal(testkit_verify(kit, &channel_room, NULL), 0);
    testkit_close(kit);
}

static void A1_05_a_channel_has_its_own_currency_tax_and_zone(void **state)
{
    (void)state;
    struct testkit *kit = testkit_open();
    struct testkit_reply reply =
        post(kit, "{\"code\":\"kw\",\"name\":\"Kuwait\",\"type\":\"web\","
                  "\"currency\":\"KWD\",\"tz\":\"Asia/Kuwait\","
                  "\"tax_mode\":\"inclusive\",\"rounding\":\"half_even\","
                  "\"stock_policy\":\"backorder\",\"number_prefix\":\"KW-\"}");
    assert_int_equal(reply.status, 201);
    assert_true(has_text(&reply, "\"currency\":\"KWD\""));
    assert_true(has_text(&reply, "\"tz\":\"Asia/Kuwait\""));
    assert_true(has_text(&reply, "\"tax_mode\":\"inclusive\""));
    assert_true(has_text(&reply, "\"rounding\":\"half_even\""));
    assert_true(has_text(&reply, "\"stock_policy\":\"backorder\""));
    assert_true(has_text(&reply, "\"is_active\":true"));
    assert_int_equal(testkit_events(kit, "channel.created"), 1);
    close(kit);
}

static void every_type_of_channel_is_known(void **state)
{
    (void)state;
    static const char *const types[] = {"web",    "marketplace", "pos",
                                        "social", "b2b",         "live"};
    struct testkit *kit = testkit_open();
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        str body = str_printf(kit->arena,
                              "{\"code\":\"%s\",\"name\":\"N\","
                              "\"type\":\"%s\",\"currency\":\"EUR\"}",
                              types[i], types[i]);
        struct testkit_reply reply = post(kit, str_to_cstr(kit->arena, body));
        assert_int_equal(reply.status, 201);
    }
    close(kit);
}

static void what_a_channel_must_be_is_checked(void **state)
{
    (void)state;
    static const struct {
        const char *body, *field, *slug;
    } rows[] = {
        {"{\"code\":\"a\",\"name\":\"A\",\"type\":\"web\"}",        "currency",
         "missing_field"                                                                          },
        {"{\"code\":\"a\",\"name\":\"A\",\"type\":\"web\","
         "\"currency\":\"EUX\"}",                          "currency", "currency_unknown"},
        {"{\"code\":\"a\",\"name\":\"A\",\"type\":\"web\","
         "\"currency\":\"eur\"}",                          "currency", "currency_unknown"},
        {"{\"code\":\"a\",\"name\":\"A\",\"type\":\"web\","
         "\"currency\":\"EUR\",\"tz\":\"Europe/Berlon\"}", "tz",       "zone_unknown"    },
        {"{\"code\":\"\",\"name\":\"A\",\"type\":\"web\","
         "\"currency\":\"EUR\"}",                          "code",     "too_short"       },
    };
    struct testkit *kit = testkit_open();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_int_equal(post(kit, rows[i].body).err, ERR_INVALID);
        assert_string_equal(kit->err.field, rows[i].field);
        assert_string_equal(kit->err.slug, rows[i].slug);
    }
    const char *fine = "{\"code\":\"a\",\"name\":\"A\",\"type\":\"web\","
                       "\"currency\":\"EUR\"}";
    assert_int_equal(post(kit, fine).status, 201);
    assert_int_equal(post(kit, fine).err, ERR_CONFLICT);
    close(kit);
}

struct numbering {
    str code;
    struct channel channel;
    bool found;
    int64_t count, first;
};

static err_t take_numbers(struct ctx *ctx, void *arg)
{
    struct numbering *n = arg;
    TRY(channel_find(ctx, n->code, &n->channel, &n->found));
    if (!n->found)
        return fail(ctx, ERR_NOT_FOUND, "", "no channel");
    return channel_take_numbers(ctx, n->channel.id, n->count, &n->first);
}

static void a_new_channel_gives_numbers_at_once_each_one_once(void **state)
{
    (void)state;
    struct testkit *kit = testkit_open();
    (void)post(kit, "{\"code\":\"a\",\"name\":\"A\",\"type\":\"pos\","
                    "\"currency\":\"JPY\"}");
    struct numbering n = {.code = STR("a"), .count = 3};
    assert_int_equal(testkit_run(kit, take_numbers, &n), OK);
    assert_int_equal(n.first, 1);
    n.count = 1;
    assert_int_equal(testkit_run(kit, take_numbers, &n), OK);
    assert_int_equal(n.first, 4);
    n.code = STR("b");
    assert_int_equal(testkit_run(kit, take_numbers, &n), ERR_NOT_FOUND);
    close(kit);
}

static void a_channel_changes_under_its_version(void **state)
{
    (void)state;
    struct testkit *kit = testkit_open();
    struct testkit_reply reply =
        post(kit, "{\"code\":\"a\",\"name\":\"A\",\"type\":\"web\","
                  "\"currency\":\"EUR\",\"brand\":\"Tea & Co\"}");
    str id;
    assert_int_equal(json_get_str(reply.json, "id", 1, 40, &id), OK);
    const char *path = str_to_cstr(kit->arena, id);
    reply = call(kit, "changeChannel", path,
                 "{\"version\":1,\"is_active\":false,"
                 "\"stock_policy\":\"backorder\"}");
    assert_int_equal(reply.status, 200);
    assert_true(has_text(&reply, "\"is_active\":false"));
    assert_true(has_text(&reply, "\"stock_policy\":\"backorder\""));
    assert_true(has_text(&reply, "\"brand\":\"Tea & Co\""));
    assert_true(has_text(&reply, "\"version\":2"));
    reply = call(kit, "changeChannel", path, "{\"version\":1}");
    assert_int_equal(reply.err, ERR_STALE);
    assert_int_equal(kit->err.version, 2);
    reply = call(kit, "changeChannel", path,
                 "{\"version\":2,\"currency\":\"USD\"}");
    assert_string_equal(kit->err.slug, "unknown_field");
    static const char *const bad[] = {"\"shop_color\":\"#0B6780\"",
                                      "\"shop_color\":\"red\"",
                                      "\"shop_color\":[1]",
                                      "\"shop_link\":\"javascript:alert(1)\"",
                                      "\"shop_link\":\"https://a b\"",
                                      "\"shop_contact\":\"@\"",
                                      "\"shop_pages\":\"http://a.b\"",
                                      "\"shop_pages\":\"https://a.b/\"",
                                      "\"shop_pages\":\"https://a.b?c\""};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        str body =
            str_printf(kit->arena, "{\"version\":2,\"attrs\":{%s}}", bad[i]);
        reply = call(kit, "changeChannel", path, str_to_cstr(kit->arena, body));
        assert_string_equal(kit->err.slug, "shop_invalid");
    }
    reply = call(kit, "getChannel", path, NULL);
    assert_true(has_text(&reply, "\"version\":2"));
    assert_int_equal(testkit_events(kit, "channel.changed"), 1);
    close(kit);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(A1_05_a_channel_has_its_own_currency_tax_and_zone),
        cmocka_unit_test(every_type_of_channel_is_known),
        cmocka_unit_test(what_a_channel_must_be_is_checked),
        cmocka_unit_test(a_new_channel_gives_numbers_at_once_each_one_once),
        cmocka_unit_test(a_channel_changes_under_its_version),
    };
    int bad = 0;
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    do
        bad += cmocka_run_group_tests_name("channel", tests, NULL, NULL);
    while (testkit_next_engine());
    return bad;
}
