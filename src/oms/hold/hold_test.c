/* hold_test.c - holds in a shop: placed, extended, released, run out. */
#include "oms/hold/hold.h"

#include "base/id.h"
#include "base/json.h"
#include "base/testing.h"
#include "oms/hold/hold_store.h"
#include "oms/room.h"
#include "oms/shop_testkit.h"

static struct shop *open_shop(void)
{
    struct shop *shop = shop_open(STOCK_POLICY_REFUSE);
    shop_add_location(shop, "north");
    shop_add_location(shop, "south");
    shop_add_sku(shop, "TEA", true);
    shop_add_sku(shop, "CUP", true);
    shop_add_sku(shop, "WRAP", false);
    shop_set_stock(shop, "TEA", "north", 5);
    shop_set_stock(shop, "TEA", "south", 3);
    shop_set_stock(shop, "CUP", "south", 4);
    shop_rank(shop, "north south");
    return shop;
}

static void done(struct shop *shop)
{
    shop_verify(shop);
    shop_close(shop);
}

/* Items as "SKU:qty …"; extra JSON members, or "". */
static const char *body_of(struct shop *shop, const char *items,
                           const char *extra)
{
    const char *list = "";
    str rest = str_from_cstr(items);
    while (rest.len > 0) {
        str qty;
        str sku = str_split(str_split(rest, ' ', &rest), ':', &qty);
        list = shop_text(shop, "%s%s{\"sku\":\"%.*s\",\"quantity\":%.*s}", list,
                         *list ? "," : "", STR_ARG(sku), STR_ARG(qty));
    }
    return shop_text(shop, "{\"channel\":\"web\",\"items\":[%s]%s}", list,
                     extra);
}

static const char *slug(struct shop *shop, const struct testkit_reply *reply)
{
    const struct err_detail *err = &shop->kit->err;
    if (reply->err == OK)
        return "";
    return err_name(err);
}

static const char *call(struct shop *shop, const char *operation,
                        const char *id, const char *body,
                        struct testkit_reply *ret)
{
    struct testkit_call call = {
        .operation = operation, .path = {id}, .body = body};
    shop_call(shop, &hold_room, &call, ret);
    return slug(shop, ret);
}

static const char *hold(struct shop *shop, const char *items, const char *extra,
                        struct testkit_reply *ret)
{
    return call(shop, "placeHold", NULL, body_of(shop, items, extra), ret);
}

/* The id of a hold that was placed. */
static const char *held(struct shop *shop, const char *items, const char *extra)
{
    struct testkit_reply reply;
    int64_t id = 0;
    assert_string_equal(hold(shop, items, extra, &reply), "");
    assert_int_equal(reply.status, 201);
    assert_ok(&reply.ctx, json_get_id(reply.json, "id", "hld", &id));
    return shop_id(shop, "hld", id);
}

static void expect_state(struct shop *shop, const char *id, const char *state)
{
    struct testkit_reply reply;
    str got;
    assert_string_equal(call(shop, "getHold", id, NULL, &reply), "");
    assert_ok(&reply.ctx, json_get_str(reply.json, "state", 1, 20, &got));
    assert_str(got, state);
}

static void expect(struct shop *shop, const char *sku, const char *location,
                   int64_t reserved)
{
    struct stock_level level = shop_level(shop, sku, location);
    assert_int_equal(level.reserved, reserved);
    assert_int_equal(level.committed, 0);
}

static err_t expire(struct ctx *ctx, void *arg)
{
    return hold_expire(ctx, 1000, arg);
}

static size_t sweep(struct shop *shop)
{
    size_t count = 0;
    assert_ok(shop->kit, testkit_run(shop->kit, expire, &count));
    return count;
}

static void A3_19_a_hold_reserves_where_the_channel_ships_from(void **state)
{
    (void)state;
    struct shop *shop = open_shop();
    const char *id = held(shop, "TEA:6 CUP:1", ",\"reference\":\"cart-1\"");
    expect(shop, "TEA", "north", 5);
    expect(shop, "TEA", "south", 1);
    expect(shop, "CUP", "south", 1);
    expect_state(shop, id, "open");
    assert_int_equal(testkit_events(shop->kit, "hold.created"), 1);
    done(shop);
}

static void a_hold_takes_all_of_its_items_or_nothing(void **state)
{
    (void)state;
    struct shop *shop = open_shop();
    struct testkit_reply reply;
    assert_string_equal(hold(shop, "TEA:1 CUP:5", "", &reply), "out_of_stock");
    assert_string_equal(shop->kit->err.field, "items[1].quantity");
    assert_string_equal(hold(shop, "TEA:9", "", &reply), "out_of_stock");
    assert_string_equal(hold(shop, "TEA:5 TEA:4", "", &reply), "out_of_stock");
    assert_string_equal(hold(shop, "NONE:1", "", &reply), "sku_unknown");
    assert_string_equal(hold(shop, "WRAP:1", "", &reply), "sku_untracked");
    expect(shop, "TEA", "north", 0);
    expect(shop, "CUP", "south", 0);
    assert_int_equal(testkit_events(shop->kit, "hold.created"), 0);
    done(shop);
}

static void the_last_units_go_to_the_first_of_a_bulk(void **state)
{
    (void)state;
    struct shop *shop = open_shop();
    struct testkit_reply reply;
    const char *body =
        shop_text(shop, "{\"holds\":[%s,%s,%s]}", body_of(shop, "TEA:6", ""),
                  body_of(shop, "TEA:3", ""), body_of(shop, "TEA:2", ""));
    assert_string_equal(call(shop, "placeHolds", NULL, body, &reply), "");
    struct json_list list;
    const int64_t status[] = {201, 409, 201};
    assert_ok(&reply.ctx, json_get_list(reply.json, "items", 3, 3, &list));
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *in;
        int64_t got = 0;
        assert_ok(&reply.ctx, json_list_object(&list, i, &in));
        assert_ok(&reply.ctx, json_get_i64(in, "status", 0, 999, &got));
        assert_int_equal(got, status[i]);
    }
    expect(shop, "TEA", "north", 5);
    expect(shop, "TEA", "south", 3);
    done(shop);
}

static void a_hold_is_released_once(void **state)
{
    (void)state;
    struct shop *shop = open_shop();
    struct testkit_reply reply;
    const char *id = held(shop, "TEA:6", "");
    assert_string_equal(call(shop, "releaseHold", id, NULL, &reply), "");
    str channel;
    assert_ok(&reply.ctx, json_get_str(reply.json, "channel", 1, 20, &channel));
    assert_str(channel, "web");
    expect(shop, "TEA", "north", 0);
    expect(shop, "TEA", "south", 0);
    assert_string_equal(call(shop, "releaseHold", id, NULL, &reply),
                        "hold_not_open");
    assert_string_equal(call(shop, "extendHold", id, "{}", &reply),
                        "hold_not_open");
    assert_string_equal(
        call(shop, "releaseHold", shop_id(shop, "hld", 77), NULL, &reply),
        "not_found");
    expect_state(shop, id, "released");
    assert_int_equal(testkit_events(shop->kit, "hold.released"), 1);
    done(shop);
}

static void A3_19_a_hold_runs_out_and_gives_its_units_back(void **state)
{
    (void)state;
    struct shop *shop = open_shop();
    struct testkit_reply reply;
    const char *id = held(shop, "TEA:6", ",\"ttl_s\":10");
    const char *other = held(shop, "TEA:1", ",\"ttl_s\":60");
    shop->kit->now += 9999;
    assert_int_equal(sweep(shop), 0);
    shop->kit->now += 1;
    /* Also before the timer came by. */
    expect_state(shop, id, "expired");
    assert_string_equal(call(shop, "extendHold", id, "{}", &reply),
                        "hold_expired");
    assert_string_equal(call(shop, "releaseHold", id, NULL, &reply),
                        "hold_expired");
    assert_int_equal(sweep(shop), 1);
    assert_int_equal(sweep(shop), 0);
    expect(shop, "TEA", "north", 0);
    expect(shop, "TEA", "south", 1);
    expect_state(shop, id, "expired");
    expect_state(shop, other, "open");
    assert_int_equal(testkit_events(shop->kit, "hold.expired"), 1);
    done(shop);
}

static void an_extended_hold_lives_longer(void **state)
{
    (void)state;
    struct shop *shop = open_shop();
    struct testkit_reply reply;
    const char *id = held(shop, "TEA:6", ",\"ttl_s\":10");
    shop->kit->now += 9000;
    assert_string_equal(
        call(shop, "extendHold", id, "{\"ttl_s\":10,\"version\":2}", &reply),
        "stale");
    assert_string_equal(
        call(shop, "extendHold", id, "{\"ttl_s\":10,\"version\":1}", &reply),
        "");
    shop->kit->now += 9999;
    assert_int_equal(sweep(shop), 0);
    shop->kit->now += 1;
    assert_int_equal(sweep(shop), 1);
    expect(shop, "TEA", "north", 0);
    done(shop);
}

static void a_clock_set_back_an_hour_loses_and_doubles_nothing(void **state)
{
    (void)state;
    struct shop *shop = open_shop();
    struct testkit_reply reply;
    const utc_ms hour = (utc_ms)60 * 60 * 1000;
    const char *one = held(shop, "TEA:2", ",\"ttl_s\":10");
    const char *two = held(shop, "TEA:2", ",\"ttl_s\":10");
    shop->kit->now += 10000;
    assert_int_equal(sweep(shop), 2);
    const char *three = held(shop, "TEA:2", ",\"ttl_s\":10");
    shop->kit->now -= hour;
    /* What ended stays so; what is open keeps its promise and can end. */
    assert_int_equal(sweep(shop), 0);
    expect_state(shop, one, "expired");
    expect_state(shop, two, "expired");
    expect_state(shop, three, "open");
    const char *four = held(shop, "TEA:2", ",\"ttl_s\":10");
    assert_string_equal(call(shop, "releaseHold", three, NULL, &reply), "");
    shop->kit->now += 10000;
    assert_int_equal(sweep(shop), 1);
    expect_state(shop, four, "expired");
    expect(shop, "TEA", "north", 0);
    shop->kit->now += hour;
    assert_int_equal(sweep(shop), 0);
    expect(shop, "TEA", "north", 0);
    done(shop);
}

static void holds_are_listed_newest_first(void **state)
{
    (void)state;
    struct shop *shop = open_shop();
    struct testkit_reply reply;
    struct json_list list;
    for (int i = 0; i < 3; i++)
        (void)held(shop, "TEA:1", "");
    struct testkit_call page = {.operation = "listHolds", .query = "limit=2"};
    shop_call(shop, &hold_room, &page, &reply);
    assert_ok(shop->kit, reply.err);
    assert_ok(&reply.ctx, json_get_list(reply.json, "items", 2, 2, &list));
    str next;
    assert_ok(&reply.ctx, json_get_str(reply.json, "next", 1, 30, &next));
    page.query = shop_text(shop, "limit=2&after=%.*s", STR_ARG(next));
    shop_call(shop, &hold_room, &page, &reply);
    assert_ok(shop->kit, reply.err);
    assert_ok(&reply.ctx, json_get_list(reply.json, "items", 1, 1, &list));
    done(shop);
}

/* ---- verify sees what is wrong ---- */

struct damage {
    struct hold hold;
    const struct hold *list[1];
};

static err_t open_again(struct ctx *ctx, void *arg)
{
    struct damage *damage = arg;
    struct hold *holds;
    size_t count;
    TRY(hold_lock_many(ctx, &damage->hold.id, 1, &holds, &count));
    ASSERT(count == 1);
    holds[0].state = HOLD_RELEASED; /* And its rows live on. */
    holds[0].version++;
    holds[0].ended_at = ctx->now;
    holds[0].event_id = 1;
    const struct hold *list[] = {&holds[0]};
    return hold_save_many(ctx, list, 1);
}

static void I4_verify_finds_units_of_a_hold_that_ended(void **state)
{
    (void)state;
    struct shop *shop = open_shop();
    struct damage damage = {0};
    const char *id = held(shop, "TEA:1", "");
    assert_true(id_from_text("hld", str_from_cstr(id), &damage.hold.id.v));
    assert_ok(shop->kit, testkit_run(shop->kit, open_again, &damage));
    str first;
    assert_true(testkit_verify(shop->kit, &hold_room, &first) >= 1);
    assert_true(str_starts(first, STR("I4 hld_")));
    shop_close(shop);
}

static err_t forge(struct ctx *ctx, void *arg)
{
    (void)arg;
    struct hold hold = {.id = {256},
                        .channel = {1},
                        .created_at = 5,
                        .expires_at = 5,
                        .items = STR("[]")};
    const struct hold *list[] = {&hold};
    return hold_insert_many(ctx, list, 1);
}

static void verify_finds_a_hold_of_nothing_without_event_or_life(void **state)
{
    (void)state;
    struct shop *shop = open_shop();
    assert_ok(shop->kit, testkit_run(shop->kit, forge, NULL));
    str first;
    assert_int_equal(testkit_verify(shop->kit, &hold_room, &first), 3);
    shop_close(shop);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(A3_19_a_hold_reserves_where_the_channel_ships_from),
        cmocka_unit_test(a_hold_takes_all_of_its_items_or_nothing),
        cmocka_unit_test(the_last_units_go_to_the_first_of_a_bulk),
        cmocka_unit_test(a_hold_is_released_once),
        cmocka_unit_test(A3_19_a_hold_runs_out_and_gives_its_units_back),
        cmocka_unit_test(an_extended_hold_lives_longer),
        cmocka_unit_test(a_clock_set_back_an_hour_loses_and_doubles_nothing),
        cmocka_unit_test(holds_are_listed_newest_first),
        cmocka_unit_test(I4_verify_finds_units_of_a_hold_that_ended),
        cmocka_unit_test(verify_finds_a_hold_of_nothing_without_event_or_life),
    };
    int bad = 0;
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    do
        bad += cmocka_run_group_tests_name("hold", tests, NULL, NULL);
    while (testkit_next_engine());
    return bad;
}
