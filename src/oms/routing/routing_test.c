/* routing_test.c - the ranked router, its decisions and its endpoints. */
#include "base/id.h"
#include "base/testing.h"
#include "oms/room.h"
#include "oms/routing/routing.h"
#include "oms/routing/routing_sql.h"
#include "oms/shop_testkit.h"
#include "store/sql.h"

static int setup(void **state)
{
    struct shop *shop = shop_open(STOCK_POLICY_BACKORDER);
    shop_add_location(shop, "A");
    shop_add_location(shop, "B");
    shop_add_location(shop, "C");
    shop_add_sku(shop, "SHOE", true);
    shop_add_sku(shop, "SOCK", true);
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

/* "A:2 B:1 -:3": who gives how many units, in order; "-": backordered. */
static const char *plan_of(struct shop *shop, const struct order *order)
{
    const char *text = "";
    static const char *const codes[] = {"A", "B", "C"};
    for (size_t i = 0; i < order->allocation_count; i++) {
        const char *code = "?";
        for (size_t j = 0; j < COUNT_OF(codes); j++)
            if (shop_loc(shop, codes[j]).v == order->allocations[i].location.v)
                code = codes[j];
        text = shop_text(shop, "%s%s%lld/%s:%lld", text, *text ? " " : "",
                         (long long)order->allocations[i].n, code,
                         (long long)order->allocations[i].qty);
    }
    for (size_t i = 0; i < order->line_count; i++)
        if (order->lines[i].backordered > 0)
            text = shop_text(shop, "%s%s%zu/-:%lld", text, *text ? " " : "",
                             i + 1, (long long)order->lines[i].backordered);
    return text;
}

static void check_plan(struct shop *shop, const char *id, const char *lines,
                       const char *plan, const char *rule)
{
    struct testkit_reply reply;
    struct json_list items = {0};
    struct json_in *item = NULL;
    str got = STR_NONE;
    assert_string_equal(shop_place(shop, shop_body(shop, id, lines), &reply),
                        "");
    order_id placed = shop_order_id(shop, &reply);
    struct order order = shop_order(shop, placed);
    assert_string_equal(plan_of(shop, &order), plan);
    struct testkit_call call = {.operation = "listOrderRouting",
                                .path = {shop_id(shop, "ord", placed.v)}};
    shop_call(shop, &routing_room, &call, &reply);
    assert_ok(shop->kit, reply.err);
    assert_ok(&reply.ctx, json_get_list(reply.json, "items", 1, 1, &items));
    assert_ok(&reply.ctx, json_list_object(&items, 0, &item));
    assert_ok(&reply.ctx, json_get_str(item, "rule", 1, 40, &got));
    assert_str(got, rule);
}

static void the_whole_order_ships_from_the_first_that_can(void **state)
{
    struct shop *shop = *state;
    shop_rank(shop, "C A B");
    shop_set_stock(shop, "SHOE", "C", 5);
    shop_set_stock(shop, "SHOE", "A", 5);
    shop_set_stock(shop, "SOCK", "A", 5);
    shop_set_stock(shop, "SHOE", "B", 5);
    shop_set_stock(shop, "SOCK", "B", 5);
    check_plan(shop, "1", "SHOE:1:1", "1/C:1", "whole_order");
    check_plan(shop, "2", "SHOE:2:1 SOCK:2:1", "1/A:2 2/A:2", "whole_order");
}

static void else_each_line_ships_whole(void **state)
{
    struct shop *shop = *state;
    shop_rank(shop, "A B C");
    shop_set_stock(shop, "SHOE", "A", 2);
    shop_set_stock(shop, "SHOE", "C", 5);
    shop_set_stock(shop, "SOCK", "B", 5);
    check_plan(shop, "1", "SHOE:3:1 SOCK:1:1", "1/C:3 2/B:1", "whole_lines");
    /* The first line goes by rank, the second finds what is left. */
    check_plan(shop, "2", "SHOE:2:1 SHOE:2:1", "1/A:2 2/C:2", "whole_lines");
}

static void else_by_unit_and_the_rest_waits(void **state)
{
    struct shop *shop = *state;
    shop_rank(shop, "B A");
    shop_set_stock(shop, "SHOE", "A", 2);
    shop_set_stock(shop, "SHOE", "B", 3);
    shop_set_stock(shop, "SHOE", "C", 9); /* Not ranked. */
    check_plan(shop, "1", "SHOE:4:1", "1/A:1 1/B:3", "units");
    check_plan(shop, "2", "SHOE:4:1", "1/A:1 1/-:3", "backorder");
    check_plan(shop, "3", "SHOE:1:1 GIFT:2:0", "2/B:2 1/-:1", "backorder");
    check_plan(shop, "4", "GIFT:2:0", "1/B:2", "untracked");
}

static void whole_lines_are_served_before_split_ones(void **state)
{
    struct shop *shop = *state;
    shop_rank(shop, "A B");
    shop_set_stock(shop, "SHOE", "A", 3);
    shop_set_stock(shop, "SHOE", "B", 2);
    check_plan(shop, "1", "SHOE:4:1 SHOE:3:1", "1/B:2 2/A:3 1/-:2",
               "backorder");
}

static void without_a_ranking_all_ship_in_order_of_id(void **state)
{
    struct shop *shop = *state;
    shop_set_stock(shop, "SHOE", "C", 5);
    shop_set_stock(shop, "SHOE", "B", 5);
    check_plan(shop, "1", "SHOE:1:1", "1/B:1", "whole_order");
    shop_rank(shop, "C");
    check_plan(shop, "2", "SHOE:1:1", "1/C:1", "whole_order");
    shop_rank(shop, "");
    check_plan(shop, "3", "SHOE:1:1", "1/B:1", "whole_order");
    assert_int_equal(testkit_events(shop->kit, "routing.changed"), 2);
}

static void change_location(struct shop *shop, const char *code,
                            const char *members)
{
    struct testkit_reply reply;
    struct testkit_call call = {
        .operation = "changeLocation",
        .path = {shop_id(shop, "loc", shop_loc(shop, code).v)},
        .body = shop_text(shop, "{\"version\":1,%s}", members)};
    shop_call(shop, &inventory_room, &call, &reply);
    assert_ok(shop->kit, reply.err);
}

static void only_active_shipping_locations_count(void **state)
{
    struct shop *shop = *state;
    shop_rank(shop, "A B C");
    shop_set_stock(shop, "SHOE", "A", 5);
    shop_set_stock(shop, "SHOE", "B", 5);
    shop_set_stock(shop, "SHOE", "C", 5);
    change_location(shop, "A", "\"is_active\":false");
    change_location(shop, "B", "\"is_shipping\":false");
    check_plan(shop, "1", "SHOE:1:1 GIFT:1:0", "1/C:1 2/C:1", "whole_order");
    struct testkit_reply reply;
    struct json_list items = {0};
    struct json_in *item = NULL, *excluded = NULL;
    int64_t n = 0;
    shop_place(shop, shop_body(shop, "2", "SHOE:9:1"), &reply);
    struct testkit_call call = {
        .operation = "listOrderRouting",
        .path = {shop_id(shop, "ord", shop_order_id(shop, &reply).v)}};
    shop_call(shop, &routing_room, &call, &reply);
    assert_ok(&reply.ctx, json_get_list(reply.json, "items", 1, 1, &items));
    assert_ok(&reply.ctx, json_list_object(&items, 0, &item));
    assert_ok(&reply.ctx, json_get_object(item, "excluded", &excluded));
    assert_ok(&reply.ctx, json_get_i64(excluded, "inactive", 0, 9, &n));
    assert_int_equal(n, 1);
    assert_ok(&reply.ctx, json_get_i64(excluded, "not_shipping", 0, 9, &n));
    assert_int_equal(n, 1);
}

static void no_location_at_all_backorders_what_is_tracked(void **state)
{
    struct shop *shop = *state;
    change_location(shop, "A", "\"is_active\":false");
    change_location(shop, "B", "\"is_active\":false");
    change_location(shop, "C", "\"is_active\":false");
    check_plan(shop, "1", "SHOE:1:1", "1/-:1", "backorder");
    check_plan(shop, "2", "GIFT:1:1", "", "untracked");
    shop_drain(shop);
    shop_verify(shop);
}

/* I25: the decision says what it knew and why the others lost. */
static void a_decision_names_ten_candidates_at_most(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    struct json_list items = {0}, candidates = {0};
    struct json_in *item = NULL, *candidate = NULL;
    for (int i = 0; i < 12; i++)
        shop_add_location(shop, shop_text(shop, "X%d", i));
    shop_set_stock(shop, "SHOE", "B", 1);
    shop_set_stock(shop, "SHOE", "X11", 3);
    shop_place(shop, shop_body(shop, "1", "SHOE:2:1"), &reply);
    struct testkit_call call = {
        .operation = "listOrderRouting",
        .path = {shop_id(shop, "ord", shop_order_id(shop, &reply).v)}};
    shop_call(shop, &routing_room, &call, &reply);
    assert_ok(&reply.ctx, json_get_list(reply.json, "items", 1, 1, &items));
    assert_ok(&reply.ctx, json_list_object(&items, 0, &item));
    assert_ok(&reply.ctx,
              json_get_list(item, "candidates", 10, 10, &candidates));
    static const char *const outcomes[] = {"empty", "short"};
    for (size_t i = 0; i < 10; i++) {
        str outcome = STR_NONE;
        int64_t rank = 0;
        assert_ok(&reply.ctx, json_list_object(&candidates, i, &candidate));
        assert_ok(&reply.ctx,
                  json_get_str(candidate, "outcome", 1, 40, &outcome));
        assert_ok(&reply.ctx, json_get_i64(candidate, "rank", 1, 15, &rank));
        assert_str(outcome, i == 9 ? "chosen" : outcomes[i == 1]);
        assert_int_equal(rank, i == 9 ? 15 : i + 1);
    }
    int64_t unnamed = 0;
    assert_ok(&reply.ctx, json_get_i64(item, "unnamed", 0, 99, &unnamed));
    assert_int_equal(unnamed, 5);
}

static void add_places(struct shop *shop, int count)
{
    for (int i = 0; i < count; i++)
        shop_add_location(shop, shop_text(shop, "X%d", i));
    shop_rank(shop, "");
}

/* Only the first ten places are looked at while they do: what is decided is the
 * same where one order of a batch asks for more. */
static void orders_of_a_long_list_are_decided_as_of_a_short_one(void **state)
{
    struct shop *shop = *state;
    add_places(shop, 20);
    shop_set_stock(shop, "SHOE", "X2", 3);
    shop_set_stock(shop, "SHOE", "X19", 9);
    shop_set_stock(shop, "SOCK", "X1", 2);
    const char *bodies[] = {
        shop_body(shop, "1", "SHOE:2:1"), shop_body(shop, "2", "NONE:1:1"),
        shop_body(shop, "3", "SHOE:1:1 SOCK:2:1"),
        shop_body(shop, "4", "SHOE:4:1"), shop_body(shop, "5", "SHOE:6:1")};
    struct shop_result *near = shop_place_many(shop, bodies, 2);
    assert_string_equal(near[0].slug, "");
    assert_string_equal(near[1].slug, "sku_unknown");
    struct shop_result *far = shop_place_many(shop, bodies, 5);
    assert_false(far[0].is_new);
    assert_string_equal(far[1].slug, "sku_unknown");
    assert_string_equal(far[2].slug, "");
    assert_string_equal(far[3].slug, "");
    assert_int_equal(far[2].order.allocation_count, 2);
    assert_int_equal(shop_level(shop, "SHOE", "X2").committed, 3);
    assert_int_equal(shop_level(shop, "SOCK", "X1").committed, 2);
    assert_int_equal(shop_level(shop, "SHOE", "X19").committed, 9);
    assert_string_equal(far[4].slug, "");
    assert_int_equal(far[4].order.lines[0].backordered, 1);
    shop_drain(shop);
    shop_verify(shop);
}

/* ---- what a request may ask for beside the ranking ---- */

struct ask {
    struct shop *shop;
    struct routing_line lines[2];
    struct routing_request request;
    struct routing_plan plan;
};

static err_t ask_plan(struct ctx *ctx, void *arg)
{
    struct ask *ask = arg;
    struct routing_strategy *strategy;
    sku_id skus[2] = {ask->lines[0].sku, ask->lines[1].sku};
    TRY(routing_strategy_list(ctx, &ask->shop->web.id, 1, &strategy));
    TRY(stock_lock(ctx, skus, ask->request.line_count, &ask->request.stock));
    ask->request.strategy = strategy;
    routing_decide(ask->shop->kit->arena, &ask->request, &ask->plan);
    return OK;
}

static void open_ask(struct shop *shop, struct ask *ask)
{
    shop_rank(shop, "A B");
    shop_set_stock(shop, "SHOE", "A", 5);
    shop_set_stock(shop, "SHOE", "B", 5);
    shop_set_stock(shop, "SHOE", "C", 2);
    shop_set_stock(shop, "SOCK", "A", 5);
    *ask = (struct ask){.shop = shop};
    ask->lines[0] = (struct routing_line){
        .sku = shop_level(shop, "SHOE", "A").sku, .qty = 4, .is_tracked = true};
    ask->lines[1] = (struct routing_line){
        .sku = shop_level(shop, "SOCK", "A").sku, .qty = 1, .is_tracked = true};
    ask->request.lines = ask->lines;
    ask->request.line_count = 2;
}

static void check_ask(struct ask *ask, const char *plan)
{
    const char *text = "";
    assert_ok(ask->shop->kit, testkit_run(ask->shop->kit, ask_plan, ask));
    for (size_t i = 0; i < ask->plan.count; i++) {
        const struct routing_allocation *at = &ask->plan.at[i];
        const char *code = "C";
        if (at->location.v == shop_loc(ask->shop, "A").v)
            code = "A";
        else if (at->location.v == shop_loc(ask->shop, "B").v)
            code = "B";
        text = shop_text(ask->shop, "%s%s%zu/%s:%lld", text, *text ? " " : "",
                         at->line + 1, code, (long long)at->qty);
    }
    for (size_t i = 0; i < 2; i++)
        if (ask->plan.backordered[i] > 0)
            text = shop_text(ask->shop, "%s %zu/-:%lld", text, i + 1,
                             (long long)ask->plan.backordered[i]);
    assert_string_equal(text, plan);
}

static void an_excluded_location_gives_nothing(void **state)
{
    struct shop *shop = *state;
    struct ask ask;
    open_ask(shop, &ask);
    location_id a = shop_loc(shop, "A");
    check_ask(&ask, "1/A:4 2/A:1");
    ask.request.excluded = &a;
    ask.request.excluded_count = 1;
    check_ask(&ask, "1/B:4 2/-:1");
    assert_int_equal(ask.plan.candidates[0].outcome, ROUTING_EXCLUDED);
}

static void pinned_units_ship_from_where_they_are_sent(void **state)
{
    struct shop *shop = *state;
    struct ask ask;
    struct routing_pin pins[] = {
        {0, shop_loc(shop, "C"), 3},
        {0, shop_loc(shop, "B"), 1},
        {1, shop_loc(shop, "A"), 1},
    };
    open_ask(shop, &ask);
    ask.request.pins = pins;
    ask.request.pin_count = 3; /* C is not ranked and holds two. */
    check_ask(&ask, "1/C:2 1/B:1 2/A:1 1/-:1");
    assert_int_equal(ask.plan.unpinned_units, 1);
    pins[0].qty = 2;
    check_ask(&ask, "1/C:2 1/B:1 1/A:1 2/A:1");
    pins[0].qty = 2, pins[1].qty = 2;
    check_ask(&ask, "1/C:2 1/B:2 2/A:1");
    assert_int_equal(ask.plan.rule, ROUTING_PINNED);
    /* The router does not see what a pin took. */
    ask.lines[0].qty = 9;
    pins[1].qty = 4;
    check_ask(&ask, "1/C:2 1/B:4 1/A:3 2/A:1");
    pins[1].qty = 5;
    ask.lines[0].qty = 13;
    check_ask(&ask, "1/C:2 1/B:5 1/A:5 2/A:1 1/-:1");
}

static const char *set_ranking(struct shop *shop, const char *body)
{
    struct testkit_reply reply;
    struct testkit_call call = {.operation = "setChannelRouting",
                                .path = {shop_id(shop, "chn", shop->web.id.v)},
                                .body = body};
    shop_call(shop, &routing_room, &call, &reply);
    if (reply.err == OK)
        return "";
    return shop->kit->err.slug ? shop->kit->err.slug : err_slug(reply.err);
}

static void a_ranking_is_versioned_and_checked(void **state)
{
    struct shop *shop = *state;
    const char *a = shop_id(shop, "loc", shop_loc(shop, "A").v);
    assert_string_equal(
        set_ranking(shop, shop_text(shop,
                                    "{\"version\":0,\"locations\":"
                                    "[\"%s\"]}",
                                    a)),
        "");
    assert_string_equal(set_ranking(shop, "{\"version\":0,\"locations\":[]}"),
                        "stale");
    assert_int_equal(shop->kit->err.version, 1);
    assert_string_equal(
        set_ranking(shop, shop_text(shop,
                                    "{\"version\":1,\"locations\":[\"%s\","
                                    "\"%s\"]}",
                                    a, a)),
        "location_twice");
    assert_string_equal(shop->kit->err.field, "locations[1]");
    assert_string_equal(
        set_ranking(shop,
                    shop_text(shop, "{\"version\":1,\"locations\":[\"%s\"]}",
                              shop_id(shop, "loc", 12345))),
        "location_unknown");
    assert_string_equal(
        set_ranking(shop, "{\"version\":1,\"locations\":[\"ord_1\"]}"),
        "wrong_type");
    assert_string_equal(set_ranking(shop, "{\"version\":1}"), "missing_field");
    assert_int_equal(testkit_events(shop->kit, "routing.changed"), 1);
}

static void an_unknown_order_has_no_decisions(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    struct testkit_call call = {.operation = "listOrderRouting",
                                .path = {shop_id(shop, "ord", 77)}};
    shop_call(shop, &routing_room, &call, &reply);
    assert_int_equal(reply.err, ERR_NOT_FOUND);
}

/* ---- loads ---- */

struct loads {
    order_id order;
    location_id at;
    utc_ms day;
    size_t claims, loads;
};

static err_t count_loads(struct ctx *ctx, void *arg)
{
    struct loads *l = arg;
    struct sql_rows rows;
    struct sql_arg claim[] = {sql_i(id_bucket(l->order.v)), sql_i(l->order.v)};
    struct sql_arg load[] = {sql_i(l->at.v), sql_i(1), sql_i(l->day)};
    TRY(sql_list(ctx, SQL_ROUTING_CLAIM_LIST, claim, COUNT_OF(claim), &rows));
    l->claims = rows.count;
    TRY(sql_list(ctx, SQL_ROUTING_LOAD_LIST, load, COUNT_OF(load), &rows));
    l->loads = rows.count;
    return OK;
}

static void expect_loads(struct shop *shop, order_id order, utc_ms placed_at,
                         size_t count)
{
    struct loads l = {order, shop_loc(shop, "A"),
                      placed_at - placed_at % 86400000, 0, 0};
    assert_ok(shop->kit, testkit_read(shop->kit, count_loads, &l));
    assert_int_equal(l.claims, count);
    assert_int_equal(l.loads, count);
}

static err_t begin_hour(struct ctx *ctx, void *arg)
{
    return routing_room.timers->at[0].run(ctx, arg);
}

static void turn_hour(struct shop *shop)
{
    bool is_more = true;
    for (int i = 0; is_more; i++) {
        is_more = false;
        assert_ok(shop->kit, testkit_run(shop->kit, begin_hour, &is_more));
        assert_true(i < 4);
    }
}

static void loads_of_days_gone_go(void **state)
{
    static const utc_ms day = 86400000;
    struct shop *shop = *state;
    struct testkit_reply reply;
    utc_ms first = shop->kit->now, second = first + 2 * day;
    shop_set_site(shop, "A", "{\"capacity\":{\"orders_per_day\":2}}");
    shop_rank(shop, "A");
    shop_set_stock(shop, "SHOE", "A", 99);
    shop_place(shop, shop_body(shop, "1", "SHOE:2:100"), &reply);
    order_id one = shop_order_id(shop, &reply);
    shop->kit->now = second;
    shop_place(shop, shop_body(shop, "2", "SHOE:2:100"), &reply);
    order_id two = shop_order_id(shop, &reply);
    turn_hour(shop);
    expect_loads(shop, one, first, 1);
    shop->kit->now = first + 4 * day;
    turn_hour(shop);
    expect_loads(shop, one, first, 0);
    expect_loads(shop, two, second, 1);
    shop_drain(shop);
    shop_verify(shop);
    turn_hour(shop); /* Once an hour. */
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        SHOP(the_whole_order_ships_from_the_first_that_can),
        SHOP(else_each_line_ships_whole),
        SHOP(else_by_unit_and_the_rest_waits),
        SHOP(whole_lines_are_served_before_split_ones),
        SHOP(without_a_ranking_all_ship_in_order_of_id),
        SHOP(only_active_shipping_locations_count),
        SHOP(no_location_at_all_backorders_what_is_tracked),
        SHOP(a_decision_names_ten_candidates_at_most),
        SHOP(orders_of_a_long_list_are_decided_as_of_a_short_one),
        SHOP(an_excluded_location_gives_nothing),
        SHOP(pinned_units_ship_from_where_they_are_sent),
        SHOP(a_ranking_is_versioned_and_checked),
        SHOP(an_unknown_order_has_no_decisions),
        SHOP(loads_of_days_gone_go),
    };
    int bad = 0;
    do
        bad += RUN_TESTS(tests, argc, argv);
    while (testkit_next_engine());
    return bad;
}
