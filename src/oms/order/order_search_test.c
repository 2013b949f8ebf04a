/* order_search_test.c - orders by words; both engines must answer alike. */
#include "oms/order/order_search.h"

#include "base/testing.h"
#include "oms/change/change.h"
#include "oms/room.h"
#include "oms/shop_testkit.h"
#include "store/event.h"

static int setup(void **state)
{
    struct shop *shop = shop_open(STOCK_POLICY_BACKORDER);
    shop_add_location(shop, "A");
    shop_add_sku(shop, "SHOE-42/Blå", false);
    shop_add_sku(shop, "GIFT", false);
    *state = shop;
    return 0;
}

static int teardown(void **state)
{
    shop_close(*state);
    return 0;
}

#define SHOP(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

static const char *body(struct shop *shop, const char *id, const char *sku,
                        const char *customer)
{
    return shop_text(
        shop,
        "{\"channel\":\"web\",\"external_id\":\"%s\",\"customer\":{%s},"
        "\"shipping_address\":{\"country\":\"DE\"},"
        "\"lines\":[{\"sku\":\"%s\",\"quantity\":1,\"unit_price\":"
        "{\"amount\":100,\"currency\":\"EUR\"}}]}",
        id, customer, sku);
}

static order_id buy(struct shop *shop, const char *id, const char *customer)
{
    struct testkit_reply reply;
    shop->kit->now += 1000;
    assert_string_equal(
        shop_place(shop, body(shop, id, "GIFT", customer), &reply), "");
    return shop_order_id(shop, &reply);
}

/* External ids of a page, "3 2 1", with " >" where more follow. */
static const char *find(struct shop *shop, const char *text, const char *more)
{
    struct testkit_reply reply;
    struct json_list items = {0};
    const char *found = "";
    struct testkit_call call = {.operation = "searchOrders",
                                .query = shop_text(shop, "q=%s%s", text, more)};
    shop_call(shop, &order_room, &call, &reply);
    if (reply.err != OK)
        return shop->kit->err.slug;
    assert_ok(&reply.ctx, json_get_list(reply.json, "items", 0, 250, &items));
    for (size_t i = 0; i < items.count; i++) {
        struct json_in *item = NULL;
        str id = STR_NONE;
        assert_ok(&reply.ctx, json_list_object(&items, i, &item));
        assert_ok(&reply.ctx, json_get_str(item, "external_id", 1, 99, &id));
        found =
            shop_text(shop, "%s%s%.*s", found, *found ? " " : "", STR_ARG(id));
    }
    return json_has(reply.json, "next") ? shop_text(shop, "%s >", found)
                                        : found;
}

#define assert_found(shop, text, ids)                                          \
    assert_string_equal(find(shop, text, ""), ids)

static void A1_13_each_script_is_found_as_people_write_it(void **state)
{
    static const struct {
        const char *id, *customer;
    } orders[] = {
        {"x1", "\"name\":\"José Müller-Straße\""                    },
        {"x2", "\"name\":\"İbrahim Işık\""                          },
        {"x3", "\"name\":\"ΟΔΥΣΣΕΥΣ Παπαδόπουλος\""},
        {"x4", "\"name\":\"東京太郎\""                             },
        {"x5", "\"name\":\"مُحَمَّد عليّ\""                },
        {"x6", "\"name\":\"Anna 🌸 O'Brien\""                        },
        {"x7", "\"name\":\"김철수\""                                },
        {"x8", "\"email\":\"Ada.Love+shop@Mail.Example.org\""          },
        {"x9", "\"phone\":\"030 1234567\",\"external_id\":\"CU-77/b\"" },
    };
    static const char *const cases[][2] = {
        {"jose",                           "x1"            },
        {"JOSÉ mull",                     "x1"            },
        {"mu\xcc\x88ller",                 "x1"            },
        {"strasse",                        "x1"            },
        {"STRAßE jos",                    "x1"            },
        {"müller-straße",                "x1"            },
        {"ibrahim isik",                   "x2"            },
        {"IBRAHİM IŞIK",                 "x2"            },
        {"οδυσσευς",               "x3"            },
        {"Οδυσσεύ παπ",          "x3"            },
        {"東京",                         "x4"            },
        {"太郎",                         "x4"            },
        {"محمد علي",                "x5"            },
        {"🌸",                           "x6"            },
        {"o'brien",                        "x6"            },
        {"brien anna",                     "x6"            },
        {"\"anna\"",                       "x6"            },
        {"김철",                         "x7"            },
        {"ada.love+shop@mail.example.org", "x8"            },
        {"ADA.LOVE+SHOP@MAIL",             "x8"            },
        {"love example",                   "x8"            },
        {"@mail.example.org",              "x8"            },
        {"+49 30 1234567",                 "x9"            },
        {"0049301234567",                  "x9"            },
        {"030 1234567",                    "x9"            },
        {"030/1234567",                    "x9"            },
        {"1234567",                        "x9"            },
        {"234567",                         "x9"            },
        {"34567",                          ""              },
        {"cu-77/b",                        "x9"            },
        {"x8",                             "x8"            },
        {"gift x8",                        "x8"            },
        {"jose anna",                      ""              },
        {"ose",                            ""              },
        {"' OR 1=1 --",                    ""              },
        {"%",                              "no_words"      },
        {"  ",                             "no_words"      },
        {"\"'*:()",                        "no_words"      },
        {"a b c d e f g h i",              "too_many_words"},
        {"\xff\xfe",                       "no_words"      },
    };
    struct shop *shop = *state;
    for (size_t i = 0; i < COUNT_OF(orders); i++)
        buy(shop, orders[i].id, orders[i].customer);
    shop_drain(shop);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *got = find(shop, cases[i][0], "");
        if (strcmp(got, cases[i][1]))
            fail_msg("%s: %s, not %s", cases[i][0], got, cases[i][1]);
    }
    shop_verify(shop);
}

static void A1_13_numbers_and_skus_are_found(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    assert_string_equal(
        shop_place(shop, body(shop, "WEB-1001", "SHOE-42/Blå", ""), &reply),
        "");
    shop_drain(shop);
    assert_found(shop, "shoe-42/bla", "WEB-1001");
    assert_found(shop, "SHOE-4", "WEB-1001");
    assert_found(shop, "shoe", "WEB-1001");
    assert_found(shop, "bla", "WEB-1001");
    assert_found(shop, "web-1001", "WEB-1001");
    assert_found(shop, "1001", "WEB-1001");
    assert_found(shop, "web-1002", "");
}

static void pages_are_newest_first_and_go_on(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    order_id ids[5];
    for (size_t i = 0; i < COUNT_OF(ids); i++)
        ids[i] = buy(shop, shop_text(shop, "n%zu", i), "\"name\":\"Ada\"");
    (void)reply;
    shop_drain(shop);
    assert_string_equal(find(shop, "ada", "&limit=2"), "n4 n3 >");
    const char *after =
        shop_text(shop, "&limit=2&after=%s", shop_id(shop, "ord", ids[3].v));
    assert_string_equal(find(shop, "ada", after), "n2 n1 >");
    after =
        shop_text(shop, "&limit=2&after=%s", shop_id(shop, "ord", ids[1].v));
    assert_string_equal(find(shop, "ada", after), "n0");
    assert_string_equal(find(shop, "ada", "&after=ord_0000000000001"),
                        "after_unknown");
}

static void a_cancelled_order_is_still_found(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    order_id id = buy(shop, "c1", "\"name\":\"Ada\"");
    struct testkit_call call = {.operation = "cancelOrder",
                                .path = {shop_id(shop, "ord", id.v)},
                                .body = "{\"version\":1,\"reason\":\"x\"}"};
    shop_drain(shop);
    shop_call(shop, &change_room, &call, &reply);
    assert_ok(shop->kit, reply.err);
    shop_drain(shop);
    assert_found(shop, "ada", "c1");
}

/* ---- chunks ---- */

enum { ORDERS = SEARCH_CHUNK * 3 + 100, BATCH = 200 };

static void fill(struct shop *shop)
{
    const char **bodies =
        arena_array(shop->kit->arena, const char *, (size_t)BATCH);
    for (int i = 0; i < ORDERS;) {
        int n = 0;
        for (; n < BATCH && i < ORDERS; n++, i++)
            bodies[n] = body(shop, shop_text(shop, "e%d", i), "GIFT",
                             shop_text(shop, "\"name\":\"Common %s%s Rest\"",
                                       i % 1000 == 7 ? "Seldom" : "Often",
                                       i == 1500 ? " Unique" : ""));
        struct shop_result *results = shop_place_many(shop, bodies, (size_t)n);
        for (int k = 0; k < n; k++)
            assert_string_equal(results[k].slug, "");
    }
}

static err_t keep_all(struct ctx *ctx, void *arg)
{
    (void)arg;
    size_t count = 1;
    const struct event_consumer search = {.name = ORDER_SEARCH_CONSUMER,
                                          .consume = order_search_consume};
    while (count > 0)
        TRY(event_step(ctx, &search, 1000, &count));
    return OK;
}

static void full_chunks_and_the_open_one_answer_alike(void **state)
{
    struct shop *shop = *state;
    str first = STR_NONE;
    fill(shop);
    testkit_settle(shop->kit);
    assert_ok(shop->kit, testkit_run(shop->kit, keep_all, NULL));
    shop_drain(shop);
    assert_found(shop, "unique", "e1500");
    assert_found(shop, "common uniq", "e1500");
    assert_found(shop, "seldom", "e3007 e2007 e1007 e7");
    assert_found(shop, "e3007", "e3007");
    assert_string_equal(find(shop, "seldom often", ""), "");
    assert_string_equal(
        find(shop, "com", "&limit=3"),
        shop_text(shop, "e%d e%d e%d >", ORDERS - 1, ORDERS - 2, ORDERS - 3));
    assert_int_equal(testkit_verify(shop->kit, &order_room, &first), 0);
    /* Rows and words that were changed behind its back are seen. */
    testkit_sql(shop->kit, "UPDATE order_search_words SET word = 'zzz' "
                           "WHERE chunk = 4 AND word = 'seldom'");
    assert_int_equal(testkit_verify(shop->kit, &order_room, &first), 0);
    testkit_sql(shop->kit, "UPDATE order_search SET words = 'zzz' "
                           "WHERE chunk = 4 AND pos = 5");
    assert_int_equal(testkit_verify(shop->kit, &order_room, &first), 1);
    testkit_sql(shop->kit, "DELETE FROM order_search "
                           "WHERE chunk = 4 AND pos = 5");
    assert_int_equal(testkit_verify(shop->kit, &order_room, &first), 1);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        SHOP(A1_13_each_script_is_found_as_people_write_it),
        SHOP(A1_13_numbers_and_skus_are_found),
        SHOP(pages_are_newest_first_and_go_on),
        SHOP(a_cancelled_order_is_still_found),
        SHOP(full_chunks_and_the_open_one_answer_alike),
    };
    int bad = 0;
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    do
        bad += cmocka_run_group_tests_name("order_search", tests, NULL, NULL);
    while (testkit_next_engine());
    return bad;
}
