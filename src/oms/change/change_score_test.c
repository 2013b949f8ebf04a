/* change_score_test.c - orders scored by rules of their channel, once. */
#include "base/arena.h"
#include "base/json.h"
#include "base/testing.h"
#include "oms/change/change_score.h"
#include "oms/fulfillment/fulfillment_testkit.h"
#include "oms/room.h"
#include "oms/shop_testkit.h"

static int setup(void **state)
{
    struct shop *shop = shop_open(STOCK_POLICY_BACKORDER);
    shop_add_location(shop, "A");
    shop_add_sku(shop, "SHOE", true);
    shop_rank(shop, "A");
    shop_set_stock(shop, "SHOE", "A", 50);
    *state = shop;
    return 0;
}

static int teardown(void **state)
{
    struct shop *shop = *state;
    shop_drain(shop);
    shop_verify(shop);
    shop_close(shop);
    return 0;
}

#define SHOP(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

/* Single quotes stand for double ones. */
static const char *json(struct shop *shop, const char *text)
{
    char *ret = shop_text(shop, "%s", text);
    for (char *at = ret; *at; at++)
        if (*at == '\'')
            *at = '"';
    return ret;
}

static const char *call(struct shop *shop, const char *operation,
                        const char *path, const char *body,
                        struct testkit_reply *reply)
{
    struct testkit_call c = {.operation = operation,
                             .path = {path},
                             .body = body ? json(shop, body) : NULL};
    shop_call(shop, &score_room, &c, reply);
    if (reply->err == OK)
        return "";
    return shop->kit->err.slug ? shop->kit->err.slug : err_slug(reply->err);
}

#define RULES                                                                  \
    "'threshold':60,'rules':["                                                 \
    "{'name':'large','kind':'value','points':40,"                              \
    "'above':{'amount':5000,'currency':'EUR'}},"                               \
    "{'name':'elsewhere','kind':'mismatch','points':30,'of':'country'},"       \
    "{'name':'often','kind':'velocity','points':60,'by':'email',"              \
    "'orders':3,'hours':24},"                                                  \
    "{'name':'far','kind':'country','points':20,'of':'shipping',"              \
    "'not_in':['DE','AT']}]"

static void set_rules(struct shop *shop)
{
    struct testkit_reply reply;
    assert_string_equal(call(shop, "putScoreRules",
                             shop_id(shop, "chn", shop->web.id.v),
                             "{'version':0," RULES "}", &reply),
                        "");
}

struct buyer {
    const char *email, *ships_to, *pays_from;
    int64_t price;
};

static order_id place(struct shop *shop, const char *external_id,
                      struct buyer buyer)
{
    struct testkit_reply reply;
    const char *body = shop_text(
        shop,
        "{'channel':'web','external_id':'%s','customer':{'email':'%s'},"
        "'shipping_address':{'line1':'Main St. 1','city':'X','country':'%s'},"
        "'billing_address':{'line1':'Main St. 1','city':'X','country':'%s'},"
        "'lines':[{'sku':'SHOE','quantity':1,"
        "'unit_price':{'amount':%lld,'currency':'EUR'}}]}",
        external_id, buyer.email, buyer.ships_to, buyer.pays_from,
        (long long)buyer.price);
    shop_place(shop, json(shop, body), &reply);
    return shop_order_id(shop, &reply);
}

/* -1: it was not scored. *ret_hold: whether it is on hold. */
static int64_t score(struct shop *shop, order_id id, int64_t *ret_hold)
{
    struct testkit_reply reply;
    int64_t points, hold = 0;
    if (*call(shop, "getOrderScore", shop_id(shop, "ord", id.v), NULL, &reply))
        return -1;
    assert_ok(&reply.ctx,
              json_get_i64(reply.json, "score", 0, INT64_MAX, &points));
    assert_ok(&reply.ctx, json_opt_id(reply.json, "hold_id", "ohd", &hold));
    if (ret_hold)
        *ret_hold = hold;
    return points;
}

static void what_reaches_the_threshold_waits_for_a_person(void **state)
{
    struct shop *shop = *state;
    struct fulfillment *all;
    int64_t hold;
    order_id before = place(shop, "0", (struct buyer){"a@x.de", "US", "DE", 9});
    shop_drain(shop);
    set_rules(shop);
    order_id good =
        place(shop, "1", (struct buyer){"a@x.de", "DE", "DE", 9000});
    order_id bad = place(shop, "2", (struct buyer){"b@x.de", "US", "DE", 9000});
    shop_drain(shop);
    assert_int_equal(score(shop, before, NULL), -1);
    assert_int_equal(score(shop, good, &hold), 40);
    assert_int_equal(hold, 0);
    assert_int_equal(score(shop, bad, &hold), 90);
    assert_true(hold != 0);
    assert_int_equal(testkit_events(shop->kit, "order_score.made"), 2);
    assert_int_equal(testkit_events(shop->kit, "order.held"), 1);
    assert_int_equal(shop_fulfillments(shop, good, &all), 1);
    assert_int_equal(all[0].status, FULFILLMENT_OPEN);
    if (shop_fulfillments(shop, bad, &all) == 1)
        assert_int_equal(all[0].status, FULFILLMENT_ON_HOLD);
}

static void the_third_order_of_a_day_is_one_too_many(void **state)
{
    struct shop *shop = *state;
    const utc_ms day = (utc_ms)24 * 60 * 60 * 1000;
    struct buyer buyer = {"Often@x.de", "DE", "DE", 100};
    order_id ids[4];
    set_rules(shop);
    for (int i = 0; i < 4; i++) {
        if (i == 3)
            shop->kit->now += day;
        ids[i] = place(shop, shop_text(shop, "%d", i), buyer);
        shop->kit->now += 1000;
        buyer.email = "often@X.de";
    }
    shop_drain(shop);
    assert_int_equal(score(shop, ids[1], NULL), 0);
    assert_int_equal(score(shop, ids[2], NULL), 60);
    assert_int_equal(score(shop, ids[3], NULL), 0);
}

static void rules_are_tried_on_the_past(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    struct json_list rules, orders;
    struct json_in *rule;
    int64_t held, hits;
    for (int i = 0; i < 4; i++)
        place(shop, shop_text(shop, "%d", i),
              (struct buyer){"a@x.de", "DE", "DE", 100});
    shop_drain(shop);
    assert_string_equal(call(shop, "tryScoreRules",
                             shop_id(shop, "chn", shop->web.id.v),
                             "{" RULES "}", &reply),
                        "");
    assert_ok(&reply.ctx, json_get_i64(reply.json, "held", 0, 4, &held));
    assert_ok(&reply.ctx, json_get_list(reply.json, "rules", 4, 4, &rules));
    assert_ok(&reply.ctx, json_get_list(reply.json, "orders", 2, 2, &orders));
    assert_ok(&reply.ctx, json_list_object(&rules, 2, &rule));
    assert_ok(&reply.ctx, json_get_i64(rule, "hits", 0, 4, &hits));
    assert_int_equal(held, 2);
    assert_int_equal(hits, 2);
    assert_int_equal(testkit_events(shop->kit, "order_score.made"), 0);
}

static void rules_are_checked_and_have_versions(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    const char *path = shop_id(shop, "chn", shop->web.id.v);
    static const struct {
        const char *slug, *body;
    } cases[] = {
        {"stale",               "{'version':1," RULES "}"  },
        {"missing_field",       "{'version':0,'rules':[]}" },
        {"country_unknown",
         "{'version':0,'threshold':1,'rules':[{'name':'a','kind':'country',"
         "'points':1,'of':'billing','in':['XX']}]}"        },
        {"unknown_field",
         "{'version':0,'threshold':1,'rules':[{'name':'a','kind':'mismatch',"
         "'points':1,'of':'country','hours':3}]}"          },
        {"number_out_of_range",
         "{'version':0,'threshold':1,'rules':[{'name':'a','kind':'velocity',"
         "'points':1,'by':'card','orders':2,'hours':721}]}"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_string_equal(
            call(shop, "putScoreRules", path, cases[i].body, &reply),
            cases[i].slug);
    set_rules(shop);
    assert_string_equal(
        call(shop, "putScoreRules", path, "{'version':0," RULES "}", &reply),
        "stale");
    assert_string_equal(call(shop, "putScoreRules", path,
                             "{'version':1,'is_active':false," RULES "}",
                             &reply),
                        "");
    order_id id = place(shop, "1", (struct buyer){"a@x.de", "US", "DE", 9000});
    shop_drain(shop);
    assert_int_equal(score(shop, id, NULL), -1);
    assert_int_equal(testkit_events(shop->kit, "score_rules.changed"), 2);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        SHOP(what_reaches_the_threshold_waits_for_a_person),
        SHOP(the_third_order_of_a_day_is_one_too_many),
        SHOP(rules_are_tried_on_the_past),
        SHOP(rules_are_checked_and_have_versions),
    };
    int bad = 0;
    do
        bad += RUN_TESTS(tests, argc, argv);
    while (testkit_next_engine());
    return bad;
}
