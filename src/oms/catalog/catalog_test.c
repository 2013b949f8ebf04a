/* catalog_test.c - products and SKUs through their routes. */
#include "oms/catalog/catalog.h"

#include "base/arena.h"
#include "base/str.h"
#include "oms/room.h"
#include "oms/room_testkit.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#undef fail /* cmocka's, which hides ours. */

static struct testkit_reply call(struct testkit *kit, const char *operation,
                                 const char *path, const char *query,
                                 const char *body)
{
    struct testkit_call call = {
        .operation = operation, .path = {path}, .query = query, .body = body};
    struct testkit_reply reply;
    testkit_call(kit, &catalog_room, &call, &reply);
    return reply;
}

static struct testkit_reply post_sku(struct testkit *kit, const char *body)
{
    return call(kit, "createSku", NULL, NULL, body);
}

static const char *id_of(struct testkit *kit, struct testkit_reply *reply)
{
    str id;
    assert_int_equal(json_get_str(reply->json, "id", 1, 40, &id), OK);
    return str_to_cstr(kit->arena, id);
}

static int64_t number(struct testkit_reply *reply, const char *key)
{
    int64_t value;
    assert_int_equal(json_get_i64(reply->json, key, 0, INT64_MAX, &value), OK);
    return value;
}

static bool has_text(const struct testkit_reply *reply, const char *part)
{
    return memmem(reply->body.ptr, reply->body.len, part, strlen(part)) != NULL;
}

static void close(struct testkit *kit)
{
    assert_int_equal(testkit_verify(kit, &catalog_room, NULL), 0);
    testkit_close(kit);
}

static void B1_a_sku_keeps_all_it_was_given(void **state)
{
    (void)state;
    struct testkit *kit = testkit_open();
    struct testkit_reply reply =
        call(kit, "createProduct", NULL, NULL,
             "{\"code\":\"tea\",\"title\":\"Tea\",\"attrs\":{\"a\":[1,2]}}");
    assert_int_equal(reply.status, 201);
    reply = post_sku(
        kit, "{\"code\":\"TEA-1\",\"title\":\"Gr\xc3\xbc"
             "ner Tee\","
             "\"product_code\":\"tea\",\"barcode\":\"4006381333931\","
             "\"weight_g\":120,\"length_mm\":10,\"width_mm\":20,"
             "\"height_mm\":30,\"hs_code\":\"090210\",\"origin\":\"JP\","
             "\"is_tracked\":true,\"attrs\":{\"season\":\"spring\"}}");
    assert_int_equal(reply.status, 201);
    const char *id = id_of(kit, &reply);
    reply = call(kit, "getSku", id, NULL, NULL);
    assert_int_equal(reply.status, 200);
    assert_true(has_text(&reply, "\"product_code\":\"tea\""));
    assert_true(has_text(&reply, "\"barcode\":\"4006381333931\""));
    assert_true(has_text(&reply, "\"hs_code\":\"090210\""));
    assert_true(has_text(&reply, "\"origin\":\"JP\""));
    assert_int_equal(number(&reply, "weight_g"), 120);
    assert_int_equal(number(&reply, "height_mm"), 30);
    assert_int_equal(number(&reply, "version"), 1);
    assert_int_equal(testkit_events(kit, "sku.created"), 1);
    close(kit);
}

static void what_is_not_known_of_a_sku_is_null(void **state)
{
    (void)state;
    struct testkit *kit = testkit_open();
    struct testkit_reply reply =
        post_sku(kit, "{\"code\":\"A\",\"title\":\"A\"}");
    assert_true(has_text(&reply, "\"barcode\":null"));
    assert_true(has_text(&reply, "\"weight_g\":null"));
    assert_true(has_text(&reply, "\"product_id\":null"));
    assert_true(has_text(&reply, "\"is_tracked\":true"));
    assert_true(has_text(&reply, "\"attrs\":{}"));
    close(kit);
}

static void a_code_is_taken_once(void **state)
{
    (void)state;
    struct testkit *kit = testkit_open();
    const char *body = "{\"code\":\"A\",\"title\":\"A\"}";
    assert_int_equal(post_sku(kit, body).status, 201);
    assert_int_equal(post_sku(kit, body).err, ERR_CONFLICT);
    assert_string_equal(kit->err.slug, "code_taken");
    assert_int_equal(call(kit, "createProduct", NULL, NULL, body).status, 201);
    assert_int_equal(call(kit, "createProduct", NULL, NULL, body).err,
                     ERR_CONFLICT);
    close(kit);
}

static void a_wrong_field_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *body, *field, *slug;
    } rows[] = {
        {"{\"title\":\"A\"}",                                        "code",     "missing_field"  },
        {"{\"code\":\" A\",\"title\":\"A\"}",                        "code",     "code_invalid"   },
        {"{\"code\":\"A\",\"title\":\"\"}",                          "title",    "too_short"      },
        {"{\"code\":\"A\",\"title\":\"A\\nB\"}",                     "title",    "text_invalid"   },
        {"{\"code\":\"A\",\"title\":\"A\",\"hs_code\":\"12345\"}",   "hs_code",
         "hs_code_invalid"                                                                        },
        {"{\"code\":\"A\",\"title\":\"A\",\"hs_code\":\"12345x\"}",  "hs_code",
         "hs_code_invalid"                                                                        },
        {"{\"code\":\"A\",\"title\":\"A\",\"origin\":\"XX\"}",       "origin",
         "country_unknown"                                                                        },
        {"{\"code\":\"A\",\"title\":\"A\",\"weight_g\":-1}",         "weight_g",
         "number_out_of_range"                                                                    },
        {"{\"code\":\"A\",\"title\":\"A\",\"attrs\":[]}",            "attrs",
         "wrong_type"                                                                             },
        {"{\"code\":\"A\",\"title\":\"A\",\"product_code\":\"no\"}",
         "product_code",                                                         "product_unknown"},
        {"{\"code\":\"A\",\"title\":\"A\",\"color\":\"red\"}",       "color",
         "unknown_field"                                                                          },
    };
    struct testkit *kit = testkit_open();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct testkit_reply reply = post_sku(kit, rows[i].body);
        assert_int_equal(reply.err, ERR_INVALID);
        assert_string_equal(kit->err.field, rows[i].field);
        assert_string_equal(kit->err.slug, rows[i].slug);
    }
    assert_int_equal(testkit_events(kit, "sku.created"), 0);
    close(kit);
}

static void a_change_needs_the_current_version(void **state)
{
    (void)state;
    struct testkit *kit = testkit_open();
    struct testkit_reply reply =
        post_sku(kit, "{\"code\":\"A\",\"title\":\"A\",\"barcode\":\"1\"}");
    const char *id = id_of(kit, &reply);
    reply = call(kit, "changeSku", id, NULL,
                 "{\"version\":1,\"title\":\"B\",\"weight_g\":5}");
    assert_int_equal(reply.status, 200);
    assert_int_equal(number(&reply, "version"), 2);
    assert_true(has_text(&reply, "\"barcode\":\"1\""));
    reply = call(kit, "changeSku", id, NULL, "{\"version\":1,\"title\":\"C\"}");
    assert_int_equal(reply.err, ERR_STALE);
    assert_int_equal(kit->err.version, 2);
    reply = call(kit, "changeSku", id, NULL,
                 "{\"version\":2,\"barcode\":\"\",\"is_tracked\":false}");
    assert_true(has_text(&reply, "\"barcode\":null"));
    assert_true(has_text(&reply, "\"is_tracked\":false"));
    assert_true(has_text(&reply, "\"title\":\"B\""));
    assert_int_equal(testkit_events(kit, "sku.changed"), 2);
    close(kit);
}

static void skus_are_listed_by_page_and_filter(void **state)
{
    (void)state;
    struct testkit *kit = testkit_open();
    (void)call(kit, "createProduct", NULL, NULL,
               "{\"code\":\"p\",\"title\":\"P\"}");
    (void)post_sku(kit, "{\"code\":\"A\",\"title\":\"A\",\"barcode\":\"9\"}");
    (void)post_sku(kit,
                   "{\"code\":\"B\",\"title\":\"B\",\"product_code\":\"p\"}");
    (void)post_sku(kit, "{\"code\":\"C\",\"title\":\"C\"}");
    struct testkit_reply reply = call(kit, "listSkus", NULL, "limit=2", NULL);
    assert_true(has_text(&reply, "\"code\":\"A\""));
    assert_false(has_text(&reply, "\"code\":\"C\""));
    str next;
    assert_int_equal(json_get_str(reply.json, "next", 1, 40, &next), OK);
    str query = str_printf(kit->arena, "limit=2&after=%.*s", STR_ARG(next));
    reply = call(kit, "listSkus", NULL, str_to_cstr(kit->arena, query), NULL);
    assert_true(has_text(&reply, "\"code\":\"C\""));
    assert_true(has_text(&reply, "\"next\":null"));
    reply = call(kit, "listSkus", NULL, "barcode=9", NULL);
    assert_true(has_text(&reply, "\"code\":\"A\""));
    assert_false(has_text(&reply, "\"code\":\"B\""));
    reply = call(kit, "listSkus", NULL, "code=C", NULL);
    assert_true(has_text(&reply, "\"code\":\"C\""));
    assert_false(has_text(&reply, "\"code\":\"A\""));
    reply = call(kit, "listSkus", NULL, "code=C&barcode=9", NULL);
    assert_string_equal(kit->err.slug, "too_many_filters");
    reply = call(kit, "listSkus", NULL, "colour=red", NULL);
    assert_string_equal(kit->err.slug, "unknown_parameter");
    reply = call(kit, "listProducts", NULL, "code=p", NULL);
    struct json_list items;
    struct json_in *product;
    str id;
    assert_int_equal(json_get_list(reply.json, "items", 1, 1, &items), OK);
    assert_int_equal(json_list_object(&items, 0, &product), OK);
    assert_int_equal(json_get_str(product, "id", 1, 40, &id), OK);
    query = str_printf(kit->arena, "product=%.*s", STR_ARG(id));
    reply = call(kit, "listSkus", NULL, str_to_cstr(kit->arena, query), NULL);
    assert_true(has_text(&reply, "\"code\":\"B\""));
    assert_false(has_text(&reply, "\"code\":\"A\""));
    close(kit);
}

static void bulk_creation_answers_per_item(void **state)
{
    (void)state;
    struct testkit *kit = testkit_open();
    (void)post_sku(kit, "{\"code\":\"A\",\"title\":\"A\"}");
    struct testkit_reply reply =
        call(kit, "createSkus", NULL, NULL,
             "{\"items\":[{\"code\":\"A\",\"title\":\"A\"},"
             "{\"code\":\"B\",\"title\":\"B\"},"
             "{\"code\":\"B\",\"title\":\"B again\"},"
             "{\"code\":\"C\",\"title\":\"C\",\"hs_code\":\"1\"},"
             "{\"code\":\"D\",\"title\":\"D\"}]}");
    assert_int_equal(reply.status, 200);
    static const int64_t expected[] = {409, 201, 409, 422, 201};
    struct json_list items;
    assert_int_equal(json_get_list(reply.json, "items", 5, 5, &items), OK);
    for (size_t i = 0; i < 5; i++) {
        struct json_in *item;
        int64_t status;
        assert_int_equal(json_list_object(&items, i, &item), OK);
        assert_int_equal(json_get_i64(item, "status", 0, 999, &status), OK);
        assert_int_equal(status, expected[i]);
    }
    assert_int_equal(testkit_events(kit, "sku.created"), 3);
    reply = call(kit, "createSkus", NULL, NULL,
                 "{\"items\":[{\"code\":\"E\",\"title\":\"E\"},"
                 "{\"code\":\"F\",\"title\":7}]}");
    assert_int_equal(reply.err, ERR_INVALID);
    assert_string_equal(kit->err.field, "items[1].title");
    assert_int_equal(testkit_events(kit, "sku.created"), 3);
    close(kit);
}

static void a_product_changes_and_keeps_its_code(void **state)
{
    (void)state;
    struct testkit *kit = testkit_open();
    struct testkit_reply reply = call(kit, "createProduct", NULL, NULL,
                                      "{\"code\":\"p\",\"title\":\"P\"}");
    const char *id = id_of(kit, &reply);
    reply = call(kit, "changeProduct", id, NULL,
                 "{\"version\":1,\"attrs\":{\"x\":1}}");
    assert_int_equal(number(&reply, "version"), 2);
    assert_true(has_text(&reply, "\"title\":\"P\""));
    reply =
        call(kit, "changeProduct", id, NULL, "{\"version\":2,\"code\":\"q\"}");
    assert_string_equal(kit->err.slug, "unknown_field");
    reply = call(kit, "getProduct", "prd_0000000000000", NULL, NULL);
    assert_int_equal(reply.err, ERR_NOT_FOUND);
    assert_int_equal(testkit_events(kit, "product.changed"), 1);
    close(kit);
}

struct listing {
    str codes[4];
    struct sku *skus;
    size_t count;
};

static err_t list_codes(struct ctx *ctx, void *arg)
{
    struct listing *l = arg;
    return sku_list_codes(ctx, l->codes, 4, &l->skus, &l->count);
}

static void
a_batch_finds_each_code_once_and_leaves_out_unknown_ones(void **state)
{
    (void)state;
    struct testkit *kit = testkit_open();
    (void)post_sku(kit, "{\"code\":\"A\",\"title\":\"A\"}");
    (void)post_sku(kit, "{\"code\":\"B\",\"title\":\"B\"}");
    struct listing l = {
        .codes = {STR("B"), STR("no"), STR("B"), STR("A")}
    };
    assert_int_equal(testkit_read(kit, list_codes, &l), OK);
    assert_int_equal(l.count, 2);
    close(kit);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(B1_a_sku_keeps_all_it_was_given),
        cmocka_unit_test(what_is_not_known_of_a_sku_is_null),
        cmocka_unit_test(a_code_is_taken_once),
        cmocka_unit_test(a_wrong_field_is_named),
        cmocka_unit_test(a_change_needs_the_current_version),
        cmocka_unit_test(skus_are_listed_by_page_and_filter),
        cmocka_unit_test(bulk_creation_answers_per_item),
        cmocka_unit_test(a_product_changes_and_keeps_its_code),
        cmocka_unit_test(
            a_batch_finds_each_code_once_and_leaves_out_unknown_ones),
    };
    int bad = 0;
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    do
        bad += cmocka_run_group_tests_name("catalog", tests, NULL, NULL);
    while (testkit_next_engine());
    return bad;
}
