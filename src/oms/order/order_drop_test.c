/* order_drop_test.c - drops: caps over holds and orders, and who is next
 * (A17.03). */
#include "base/id.h"
#include "base/json.h"
#include "base/testing.h"
#include "base/time.h"
#include "oms/change/change.h"
#include "oms/hold/hold_drop_store.h"
#include "oms/room.h"
#include "oms/shop_testkit.h"

struct fair {
    struct shop *shop;
    const char *drop;
    int serial;
};

static const utc_ms HOUR_MS = (utc_ms)60 * 60 * 1000;

static const char *slug(struct shop *shop, const struct testkit_reply *reply)
{
    const struct err_detail *err = &shop->kit->err;
    if (reply->err == OK)
        return "";
    return err_name(err);
}

static const char *call(struct fair *fair, const char *operation,
                        const char *entry, const char *body,
                        struct testkit_reply *ret)
{
    struct testkit_call call = {.operation = operation, .body = body};
    call.path[0] = fair->drop;
    call.path[1] = entry;
    shop_call(fair->shop, &hold_room, &call, ret);
    return slug(fair->shop, ret);
}

static const char *id_of(struct fair *fair, struct testkit_reply *reply,
                         const char *prefix)
{
    int64_t id = 0;
    assert_ok(fair->shop->kit, reply->err);
    assert_ok(&reply->ctx, json_get_id(reply->json, "id", prefix, &id));
    return shop_id(fair->shop, prefix, id);
}

static const char *time_text(struct shop *shop, utc_ms at)
{
    char text[TIME_TEXT_BYTES];
    time_to_text(at, text);
    return shop_text(shop, "%.*s", TIME_TEXT_BYTES, text);
}

/* Four units of TEA in a drop of two a customer, from `starts_in` on. */
static struct fair open_fair(utc_ms starts_in)
{
    struct fair fair = {.shop = shop_open(STOCK_POLICY_BACKORDER)};
    struct shop *shop = fair.shop;
    struct testkit_reply reply;
    shop_add_location(shop, "north");
    shop_add_sku(shop, "TEA", true);
    shop_add_sku(shop, "CUP", true);
    shop_set_stock(shop, "TEA", "north", 4);
    shop_set_stock(shop, "CUP", "north", 4);
    utc_ms now = shop->kit->now;
    struct testkit_call make = {
        .operation = "createDrop",
        .body = shop_text(
            shop,
            "{\"sku\":\"TEA\",\"name\":\"Tea\",\"customer_cap\":2,"
            "\"offer_ttl_s\":60,\"starts_at\":\"%s\",\"ends_at\":\"%s\"}",
            time_text(shop, now + starts_in), time_text(shop, now + HOUR_MS))};
    shop_call(shop, &hold_room, &make, &reply);
    fair.drop = id_of(&fair, &reply, "drp");
    return fair;
}

static void done(struct fair *fair)
{
    shop_drain(fair->shop);
    shop_verify(fair->shop);
    shop_close(fair->shop);
}

static const char *hold(struct fair *fair, const char *customer, int qty,
                        struct testkit_reply *ret)
{
    const char *who =
        *customer ? shop_text(fair->shop, ",\"customer\":\"%s\"", customer)
                  : "";
    struct testkit_call call = {
        .operation = "placeHold",
        .body = shop_text(fair->shop,
                          "{\"channel\":\"web\",\"ttl_s\":60,\"items\":[{"
                          "\"sku\":\"TEA\",\"quantity\":%d}]%s}",
                          qty, who)};
    shop_call(fair->shop, &hold_room, &call, ret);
    return slug(fair->shop, ret);
}

/* extra: members that come first, as "\"hold\":\"…\",". */
static const char *buy(struct fair *fair, const char *extra, int qty,
                       struct testkit_reply *ret)
{
    struct shop *shop = fair->shop;
    const char *body = shop_body(shop, shop_text(shop, "o-%d", ++fair->serial),
                                 shop_text(shop, "TEA:%d:100", qty));
    return shop_place(shop, shop_text(shop, "{%s%s", extra, body + 1), ret);
}

static const char *customer(struct fair *fair, const char *key,
                            const char *value)
{
    return shop_text(fair->shop, "\"customer\":{\"%s\":\"%s\"},", key, value);
}

static err_t offer(struct ctx *ctx, void *arg)
{
    return drop_offer(ctx, arg);
}

static err_t expire(struct ctx *ctx, void *arg)
{
    return hold_expire(ctx, 1000, arg);
}

static err_t next_at(struct ctx *ctx, void *arg)
{
    return drop_next_at(ctx, arg);
}

static void turn(struct fair *fair)
{
    bool is_more = false;
    size_t ended;
    assert_ok(fair->shop->kit, testkit_run(fair->shop->kit, expire, &ended));
    assert_ok(fair->shop->kit, testkit_run(fair->shop->kit, offer, &is_more));
}

static const char *join(struct fair *fair, const char *who, int qty,
                        int64_t position)
{
    struct testkit_reply reply;
    int64_t got = 0;
    assert_string_equal(
        call(fair, "joinDrop", NULL,
             shop_text(fair->shop,
                       "{\"customer\":\"%s\",\"channel\":\"web\","
                       "\"quantity\":%d}",
                       who, qty),
             &reply),
        "");
    assert_ok(&reply.ctx, json_get_i64(reply.json, "position", 1, 99, &got));
    assert_int_equal(got, position);
    return id_of(fair, &reply, "dwt");
}

/* The state of a place; its hold, or "". */
static const char *expect_place(struct fair *fair, const char *place,
                                const char *state)
{
    struct testkit_reply reply;
    str got;
    int64_t hold = 0;
    assert_string_equal(call(fair, "getDropPlace", place, NULL, &reply), "");
    assert_ok(&reply.ctx, json_get_str(reply.json, "state", 1, 20, &got));
    assert_str(got, state);
    assert_ok(&reply.ctx, json_opt_id(reply.json, "hold", "hld", &hold));
    return hold ? shop_id(fair->shop, "hld", hold) : "";
}

static void A17_03_held_and_bought_units_count_together(void **state)
{
    (void)state;
    struct fair fair = open_fair(0);
    struct testkit_reply reply;
    assert_string_equal(hold(&fair, "ann", 3, &reply), "customer_cap");
    assert_string_equal(hold(&fair, "ann", 1, &reply), "");
    const char *held = id_of(&fair, &reply, "hld");
    assert_string_equal(
        buy(&fair, customer(&fair, "external_id", "ANN"), 2, &reply),
        "customer_cap");
    assert_string_equal(
        buy(&fair, customer(&fair, "external_id", "ann"), 1, &reply), "");
    assert_string_equal(hold(&fair, "Ann", 1, &reply), "customer_cap");
    /* Confirming what he holds is nothing more; a unit beyond it is. */
    const char *named = shop_text(fair.shop, "\"hold\":\"%s\",", held);
    assert_string_equal(buy(&fair, named, 2, &reply), "customer_cap");
    assert_string_equal(buy(&fair, named, 1, &reply), "");
    assert_string_equal(
        buy(&fair, customer(&fair, "email", "bob@example.org"), 2, &reply), "");
    assert_string_equal(
        buy(&fair, customer(&fair, "email", "BOB@example.org"), 1, &reply),
        "customer_cap");
    done(&fair);
}

static void what_comes_back_may_be_bought_again(void **state)
{
    (void)state;
    struct fair fair = open_fair(0);
    struct testkit_reply reply;
    assert_string_equal(hold(&fair, "ann", 2, &reply), "");
    struct testkit_call release = {.operation = "releaseHold",
                                   .path = {id_of(&fair, &reply, "hld")}};
    shop_call(fair.shop, &hold_room, &release, &reply);
    assert_ok(fair.shop->kit, reply.err);
    const char *ann = customer(&fair, "external_id", "ann");
    assert_string_equal(buy(&fair, ann, 2, &reply), "");
    struct testkit_call cancel = {.operation = "cancelOrder",
                                  .path = {id_of(&fair, &reply, "ord")},
                                  .body = "{\"version\":1,\"reason\":\"no\"}"};
    shop_call(fair.shop, &change_room, &cancel, &reply);
    assert_ok(fair.shop->kit, reply.err);
    assert_string_equal(hold(&fair, "ann", 2, &reply), "");
    assert_string_equal(buy(&fair, ann, 1, &reply), "customer_cap");
    fair.shop->kit->now += 60000;
    turn(&fair);
    assert_string_equal(buy(&fair, ann, 2, &reply), "");
    done(&fair);
}

static void a_drop_binds_its_sku_in_its_time_alone(void **state)
{
    (void)state;
    struct fair fair = open_fair(60000);
    struct testkit_reply reply;
    assert_string_equal(hold(&fair, "ann", 1, &reply), "drop_not_started");
    fair.shop->kit->now += 60000;
    assert_string_equal(hold(&fair, "", 1, &reply), "customer_missing");
    assert_string_equal(buy(&fair, "", 1, &reply), "customer_missing");
    /* The channel lets orders wait; the drop does not. */
    assert_string_equal(hold(&fair, "ann", 2, &reply), "");
    assert_string_equal(hold(&fair, "bob", 2, &reply), "");
    assert_string_equal(
        buy(&fair, customer(&fair, "external_id", "eve"), 1, &reply),
        "out_of_stock");
    struct shop *shop = fair.shop;
    assert_string_equal(
        shop_place(shop, shop_body(shop, "cups", "CUP:9:1"), &reply), "");
    shop->kit->now += HOUR_MS;
    turn(&fair);
    assert_string_equal(buy(&fair, "", 4, &reply), "");
    done(&fair);
}

static void A17_03_units_that_come_back_go_to_the_first_in_line(void **state)
{
    (void)state;
    struct fair fair = open_fair(0);
    struct testkit_reply reply;
    assert_string_equal(hold(&fair, "ann", 2, &reply), "");
    const char *held = id_of(&fair, &reply, "hld");
    assert_string_equal(
        buy(&fair, customer(&fair, "external_id", "bob"), 2, &reply), "");
    const char *eve = join(&fair, "eve", 1, 1);
    const char *dan = join(&fair, "dan", 2, 2);
    const char *joe = join(&fair, "joe", 1, 3);
    assert_string_equal(call(&fair, "joinDrop", NULL,
                             "{\"customer\":\"EVE\",\"channel\":\"web\"}",
                             &reply),
                        "already_waiting");
    assert_string_equal(call(&fair, "joinDrop", NULL,
                             "{\"customer\":\"bob\",\"channel\":\"web\"}",
                             &reply),
                        "customer_cap");
    turn(&fair);
    (void)expect_place(&fair, eve, "waiting");
    struct testkit_call release = {.operation = "releaseHold", .path = {held}};
    shop_call(fair.shop, &hold_room, &release, &reply);
    assert_ok(fair.shop->kit, reply.err);
    /* Nobody jumps the queue, not even before the timer came by. */
    assert_string_equal(hold(&fair, "zoe", 1, &reply), "waiting_list");
    assert_string_equal(
        buy(&fair, customer(&fair, "external_id", "zoe"), 1, &reply),
        "waiting_list");
    turn(&fair);
    const char *offered = expect_place(&fair, eve, "offered");
    (void)expect_place(&fair, dan, "offered"); /* One of the two he wants. */
    (void)expect_place(&fair, joe, "waiting");
    assert_int_equal(shop_level(fair.shop, "TEA", "north").reserved, 2);
    assert_string_equal(buy(&fair,
                            shop_text(fair.shop, "\"hold\":\"%s\",", offered),
                            1, &reply),
                        "");
    (void)expect_place(&fair, eve, "bought");
    /* Dan lets his offer lapse: it goes to the next. */
    fair.shop->kit->now += 60000;
    turn(&fair);
    (void)expect_place(&fair, dan, "lapsed");
    (void)expect_place(&fair, joe, "offered");
    assert_int_equal(testkit_events(fair.shop->kit, "drop.offered"), 3);
    done(&fair);
}

static void who_leaves_is_not_offered_and_the_end_clears_the_list(void **state)
{
    (void)state;
    struct fair fair = open_fair(0);
    struct testkit_reply reply;
    assert_string_equal(hold(&fair, "ann", 2, &reply), "");
    assert_string_equal(hold(&fair, "bob", 2, &reply), "");
    const char *eve = join(&fair, "eve", 1, 1);
    const char *dan = join(&fair, "dan", 1, 2);
    assert_string_equal(call(&fair, "leaveDrop", eve, NULL, &reply), "");
    assert_string_equal(call(&fair, "leaveDrop", eve, NULL, &reply),
                        "not_waiting");
    (void)expect_place(&fair, eve, "left");
    eve = join(&fair, "eve", 1, 2);
    fair.shop->kit->now += 60000;
    turn(&fair);
    (void)expect_place(&fair, dan, "offered");
    (void)expect_place(&fair, eve, "offered");
    assert_string_equal(call(&fair, "leaveDrop", eve, NULL, &reply),
                        "not_waiting");
    assert_string_equal(hold(&fair, "ann", 2, &reply), "");
    const char *joe = join(&fair, "joe", 1, 1);
    utc_ms due = 0;
    assert_ok(fair.shop->kit, testkit_read(fair.shop->kit, next_at, &due));
    assert_true(due > fair.shop->kit->now);
    fair.shop->kit->now += HOUR_MS;
    turn(&fair);
    (void)expect_place(&fair, joe, "lapsed");
    assert_string_equal(call(&fair, "joinDrop", NULL,
                             "{\"customer\":\"amy\",\"channel\":\"web\"}",
                             &reply),
                        "drop_over");
    done(&fair);
}

static void a_batch_counts_what_it_gave_before(void **state)
{
    (void)state;
    struct fair fair = open_fair(0);
    struct shop *shop = fair.shop;
    const char *ann = customer(&fair, "external_id", "ann");
    const char *bodies[3];
    for (int i = 0; i < 3; i++)
        bodies[i] = shop_text(
            shop, "{%s%s", ann,
            shop_body(shop, shop_text(shop, "b-%d", i), "TEA:1:9") + 1);
    struct shop_result *results = shop_place_many(shop, bodies, 3);
    assert_string_equal(results[0].slug, "");
    assert_string_equal(results[1].slug, "");
    assert_string_equal(results[2].slug, "customer_cap");
    done(&fair);
}

static void a_drop_is_changed_by_version_and_stands_alone(void **state)
{
    (void)state;
    struct fair fair = open_fair(0);
    struct testkit_reply reply;
    assert_string_equal(hold(&fair, "ann", 2, &reply), "");
    assert_string_equal(call(&fair, "changeDrop", NULL,
                             "{\"version\":2,\"customer_cap\":1}", &reply),
                        "stale");
    assert_string_equal(call(&fair, "changeDrop", NULL,
                             "{\"version\":1,\"customer_cap\":1}", &reply),
                        "");
    assert_string_equal(hold(&fair, "ann", 1, &reply), "customer_cap");
    assert_string_equal(hold(&fair, "bob", 2, &reply), "customer_cap");
    struct testkit_call again = {
        .operation = "createDrop",
        .body = shop_text(fair.shop,
                          "{\"sku\":\"TEA\",\"name\":\"Tea\",\"channel\":"
                          "\"web\",\"customer_cap\":2,\"ends_at\":\"%s\"}",
                          time_text(fair.shop, fair.shop->kit->now + 1000))};
    shop_call(fair.shop, &hold_room, &again, &reply);
    assert_string_equal(slug(fair.shop, &reply), "drop_overlaps");
    done(&fair);
}

/* ---- verify sees what is wrong ---- */

static err_t claim_more(struct ctx *ctx, void *arg)
{
    const struct drop_claim *claim = arg;
    return drop_claim_insert(ctx, claim, 1);
}

static void verify_finds_a_customer_over_the_cap(void **state)
{
    (void)state;
    struct fair fair = open_fair(0);
    struct testkit_reply reply;
    struct drop_claim claim = {.owner_kind = OWNER_HOLD};
    str first;
    assert_string_equal(hold(&fair, "ann", 2, &reply), "");
    assert_string_equal(hold(&fair, "bob", 2, &reply), "");
    assert_true(id_from_text("drp", str_from_cstr(fair.drop), &claim.drop.v));
    assert_true(id_from_text("hld", str_from_cstr(id_of(&fair, &reply, "hld")),
                             &claim.owner_id));
    claim.customer_key = drop_customer_key(fair.shop->kit->arena, STR("ann"));
    assert_ok(fair.shop->kit, testkit_run(fair.shop->kit, claim_more, &claim));
    assert_int_equal(testkit_verify(fair.shop->kit, &hold_room, &first), 1);
    assert_true(str_starts(first, STR("drop drp_")));
    shop_close(fair.shop);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(A17_03_held_and_bought_units_count_together),
        cmocka_unit_test(what_comes_back_may_be_bought_again),
        cmocka_unit_test(a_drop_binds_its_sku_in_its_time_alone),
        cmocka_unit_test(A17_03_units_that_come_back_go_to_the_first_in_line),
        cmocka_unit_test(who_leaves_is_not_offered_and_the_end_clears_the_list),
        cmocka_unit_test(a_batch_counts_what_it_gave_before),
        cmocka_unit_test(a_drop_is_changed_by_version_and_stands_alone),
        cmocka_unit_test(verify_finds_a_customer_over_the_cap),
    };
    int bad = 0;
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    do
        bad += cmocka_run_group_tests_name("drops", tests, NULL, NULL);
    while (testkit_next_engine());
    return bad;
}
