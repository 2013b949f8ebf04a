/* change_blanket_test.c - blanket orders: planned, placed once, stopped. */
#include "base/arena.h"
#include "base/id.h"
#include "base/json.h"
#include "base/testing.h"
#include "base/time.h"
#include "oms/change/change.h"
#include "oms/change/change_blanket.h"
#include "oms/change/change_blanket_store.h"
#include "oms/order/order_fulfil.h"
#include "oms/room.h"
#include "oms/shop_testkit.h"

static int setup(void **state)
{
    struct shop *shop = shop_open(STOCK_POLICY_REFUSE);
    shop_add_location(shop, "A");
    shop_add_sku(shop, "SHOE", true);
    shop_add_sku(shop, "SOCK", true);
    shop_rank(shop, "A");
    shop_set_stock(shop, "SHOE", "A", 10);
    shop_set_stock(shop, "SOCK", "A", 10);
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

static const char *call(struct shop *shop, const struct room *room,
                        struct testkit_call call, struct testkit_reply *reply)
{
    /* Single quotes stand for double ones. */
    char *body = str_to_cstr(shop->kit->arena, str_from_cstr(call.body));
    for (char *at = body; *at; at++)
        if (*at == '\'')
            *at = '"';
    call.body = body;
    shop_call(shop, room, &call, reply);
    if (reply->err == OK)
        return "";
    return shop->kit->err.slug ? shop->kit->err.slug : err_slug(reply->err);
}

/* So many days from now. */
static const char *day(struct shop *shop, int64_t days)
{
    char text[TIME_TEXT_BYTES];
    time_to_text(shop->kit->now + days * DAY_MS, text);
    return shop_text(shop, "%.*s", TIME_TEXT_BYTES, text);
}

struct written {
    const char *slug;
    blanket_id id;
};

static const char both[] =
    "{'sku':'SHOE','quantity':2,'unit_price':{'amount':5000,'currency':'EUR'}},"
    "{'sku':'SOCK','quantity':3,'unit_price':{'amount':100,'currency':'EUR'}}";

static struct written written(struct shop *shop, const char *lines,
                              const char *more)
{
    struct written ret = {.slug = NULL};
    struct testkit_reply reply;
    struct testkit_call make = {
        .operation = "createBlanketOrder",
        .body = shop_text(shop,
                          "{%s,'reserve_days':2,'order':{'channel':'web',"
                          "'shipping_address':{'country':'DE'},'lines':[%s]}}",
                          more, lines)};
    ret.slug = call(shop, &blanket_room, make, &reply);
    if (reply.err == OK)
        assert_ok(&reply.ctx, json_get_id(reply.json, "id", "blk", &ret.id.v));
    return ret;
}

struct look {
    blanket_id id;
    struct blanket blanket;
    struct blanket_sum sum;
    struct release *at;
    size_t count;
};

static err_t read_all(struct ctx *ctx, void *arg)
{
    struct look *look = arg;
    struct release_key after = {look->id, 0};
    TRY(blanket_get(ctx, look->id, &look->blanket));
    TRY(blanket_sums(ctx, &look->blanket, 1, &look->sum));
    return release_list(ctx, &after, 100, &look->at, &look->count);
}

static struct look now_is(struct shop *shop, blanket_id id)
{
    struct look look = {.id = id};
    assert_ok(shop->kit, testkit_read(shop->kit, read_all, &look));
    return look;
}

/* At the version it has now. */
static const char *step(struct shop *shop, const char *operation, blanket_id id,
                        const char *more)
{
    struct testkit_reply reply;
    long long version = (long long)now_is(shop, id).blanket.version;
    struct testkit_call c = {
        .operation = operation,
        .path = {shop_id(shop, "blk", id.v)},
        .body = shop_text(shop, "{'version':%lld%s}", version, more)};
    return call(shop, &blanket_room, c, &reply);
}

struct turn {
    struct release_key *keys;
    size_t count, at;
    struct err_detail why;
};

static err_t read_due(struct ctx *ctx, void *arg)
{
    struct turn *turn = arg;
    return blanket_due(ctx, BLANKET_BATCH, &turn->keys, &turn->count);
}

static err_t run_one(struct ctx *ctx, void *arg)
{
    const struct turn *turn = arg;
    return blanket_release(ctx, &turn->keys[turn->at]);
}

static err_t refuse_one(struct ctx *ctx, void *arg)
{
    const struct turn *turn = arg;
    return blanket_refuse(ctx, &turn->keys[turn->at], &turn->why);
}

/* As the worker does; how many were due. Each twice: as one that died before
 * it knew would. */
static size_t work(struct shop *shop)
{
    struct turn turn = {.count = 0};
    assert_ok(shop->kit, testkit_read(shop->kit, read_due, &turn));
    for (turn.at = 0; turn.at < turn.count; turn.at++)
        for (int i = 0; i < 2; i++)
            if (testkit_run(shop->kit, run_one, &turn) != OK) {
                turn.why = shop->kit->err;
                assert_ok(shop->kit, testkit_run(shop->kit, refuse_one, &turn));
            }
    shop_drain(shop);
    return turn.count;
}

static void a_release_becomes_an_order_once_some_days_before(void **state)
{
    struct shop *shop = *state;
    struct written w = written(
        shop, both,
        shop_text(shop,
                  "'releases':[{'ship_at':'%s'},{'ship_at':'%s','lines':["
                  "{'line':2,'quantity':5}]}]",
                  day(shop, 5), day(shop, 9)));
    assert_string_equal(w.slug, "");
    assert_int_equal(work(shop), 0);
    assert_int_equal(now_is(shop, w.id).blanket.total, 10300);
    assert_string_equal(step(shop, "pauseBlanketOrder", w.id, ""),
                        "blanket_state");
    assert_string_equal(step(shop, "activateBlanketOrder", w.id, ""), "");
    assert_int_equal(work(shop), 0);
    shop->kit->now += 3 * DAY_MS;
    assert_int_equal(work(shop), 1);
    assert_int_equal(work(shop), 0);
    struct look look = now_is(shop, w.id);
    assert_int_equal(look.at[0].state, RELEASE_PLACED);
    assert_int_equal(look.sum.next_at, look.at[1].ship_at);
    struct order order = shop_order(shop, look.at[0].order);
    assert_int_equal(order.lines[0].allocated, 2);
    assert_int_equal(order.totals.total, 10300);
    assert_int_equal(order.fulfil_flags, ORDER_FULFIL_SCHEDULED);
    assert_int_equal(shop_level(shop, "SOCK", "A").committed, 3);
    shop->kit->now += 4 * DAY_MS;
    assert_int_equal(work(shop), 1);
    look = now_is(shop, w.id);
    order = shop_order(shop, look.at[1].order);
    assert_int_equal(order.line_count, 1);
    assert_int_equal(order.lines[0].ordered, 5);
    assert_int_equal(order.totals.total, 500);
    assert_int_equal(look.blanket.state, BLANKET_COMPLETED);
    assert_int_equal(testkit_events(shop->kit, "order.placed"), 2);
    assert_int_equal(testkit_events(shop->kit, "blanket.placed"), 2);
}

static void what_cannot_be_placed_is_told_once_and_tried_again(void **state)
{
    struct shop *shop = *state;
    struct written w =
        written(shop, both,
                shop_text(shop, "'releases':[{'ship_at':'%s'}]", day(shop, 1)));
    shop_set_stock(shop, "SHOE", "A", 1);
    assert_string_equal(step(shop, "activateBlanketOrder", w.id, ""), "");
    assert_int_equal(work(shop), 1);
    assert_int_equal(work(shop), 0);
    struct look look = now_is(shop, w.id);
    assert_true(str_equal_cstr(look.at[0].code, "out_of_stock"));
    assert_int_equal(look.blanket.version, 3);
    shop->kit->now += DAY_MS / 24;
    assert_int_equal(work(shop), 1);
    assert_int_equal(testkit_events(shop->kit, "blanket.refused"), 1);
    assert_int_equal(testkit_events(shop->kit, "draft.created"), 0);
    shop_set_stock(shop, "SHOE", "A", 2);
    shop->kit->now += DAY_MS;
    assert_int_equal(work(shop), 1);
    look = now_is(shop, w.id);
    assert_int_equal(look.at[0].state, RELEASE_PLACED);
    assert_int_equal(look.at[0].code.len, 0);
    assert_int_equal(look.blanket.state, BLANKET_COMPLETED);
}

static void days_that_go_by_are_not_made_up_for(void **state)
{
    struct shop *shop = *state;
    struct written w =
        written(shop, both,
                shop_text(shop,
                          "'every':{'unit':'day','from':'%s','times':6,"
                          "'count':2}",
                          day(shop, 4)));
    assert_string_equal(w.slug, "");
    assert_int_equal(now_is(shop, w.id).count, 6);
    assert_string_equal(step(shop, "activateBlanketOrder", w.id, ""), "");
    assert_string_equal(step(shop, "pauseBlanketOrder", w.id, ""), "");
    shop->kit->now += 5 * DAY_MS; /* The first is over, the second is due. */
    assert_int_equal(work(shop), 0);
    assert_string_equal(step(shop, "skipBlanketRelease", w.id, ",'n':3"), "");
    assert_string_equal(step(shop, "skipBlanketRelease", w.id, ",'n':3"),
                        "release_state");
    assert_string_equal(step(shop, "resumeBlanketOrder", w.id, ""), "");
    assert_int_equal(work(shop), 1);
    struct look look = now_is(shop, w.id);
    assert_int_equal(look.at[0].state, RELEASE_SKIPPED);
    assert_int_equal(look.at[1].state, RELEASE_PLACED);
    assert_int_equal(look.at[2].state, RELEASE_SKIPPED);
    assert_int_equal(look.sum.count[RELEASE_PLANNED - 1], 3);
    /* Planned anew, behind what was. */
    struct testkit_reply reply;
    struct testkit_call revise = {
        .operation = "reviseBlanketOrder",
        .path = {shop_id(shop, "blk", w.id.v)},
        .body = shop_text(shop,
                          "{'version':%lld,'releases':[{'ship_at':'%s'}],"
                          "'order':{'channel':'web','shipping_address':{"
                          "'country':'DE'},'lines':[%s]}}",
                          (long long)look.blanket.version, day(shop, 1), both)};
    assert_string_equal(call(shop, &blanket_room, revise, &reply), "");
    assert_string_equal(call(shop, &blanket_room, revise, &reply), "stale");
    look = now_is(shop, w.id);
    assert_int_equal(look.count, 4);
    assert_int_equal(look.at[3].n, 4);
    assert_int_equal(work(shop), 0);
    shop->kit->now += 2 * DAY_MS;
    assert_string_equal(step(shop, "activateBlanketOrder", w.id, ""),
                        "nothing_planned");
    assert_string_equal(step(shop, "cancelBlanketOrder", w.id, ""), "");
    assert_int_equal(now_is(shop, w.id).at[3].state, RELEASE_CANCELLED);
}

static void refused(struct shop *shop, const char *more, const char *slug,
                    const char *field)
{
    assert_string_equal(written(shop, both, more).slug, slug);
    assert_string_equal(shop->kit->err.field, field);
}

/* Of one day, with those lines. */
static const char *with(struct shop *shop, int64_t line, int64_t qty)
{
    return shop_text(shop,
                     "'releases':[{'ship_at':'%s','lines':[{'line':%lld,"
                     "'quantity':%lld}]}]",
                     day(shop, 1), (long long)line, (long long)qty);
}

static void a_plan_that_makes_no_sense_names_its_field(void **state)
{
    struct shop *shop = *state;
    const char *from =
        shop_text(shop, "'every':{'unit':'day','from':'%s'", day(shop, 1));
    refused(shop, "'po_number':'7'", "plan_needed", "releases");
    refused(shop, "'releases':[{'ship_at':'2001-01-01T00:00:00Z'}]",
            "time_out_of_range", "releases[0].ship_at");
    refused(shop, with(shop, 3, 1), "number_out_of_range",
            "releases[0].lines[0].line");
    refused(shop, with(shop, 1, 0), "no_units", "releases[0].lines");
    refused(shop, shop_text(shop, "%s}", from), "missing_field", "every.until");
    refused(shop, shop_text(shop, "%s,'until':'%s'}", from, day(shop, 500)),
            "too_many_releases", "every");
    refused(shop,
            shop_text(shop,
                      "'every':{'unit':'month','count':12,'from':'%s',"
                      "'times':7}",
                      day(shop, 1)),
            "time_out_of_range", "every.times");
    const char *fixed =
        "{'sku':'SHOE','quantity':2,'unit_price':{'amount':5000,'currency':"
        "'EUR'},'discount':{'amount':1,'currency':'EUR'}}";
    assert_string_equal(written(shop, fixed, with(shop, 1, 1)).slug,
                        "amounts_fixed");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        SHOP(a_release_becomes_an_order_once_some_days_before),
        SHOP(what_cannot_be_placed_is_told_once_and_tried_again),
        SHOP(days_that_go_by_are_not_made_up_for),
        SHOP(a_plan_that_makes_no_sense_names_its_field),
    };
    int bad = 0;
    do
        bad += RUN_TESTS(tests, argc, argv);
    while (testkit_next_engine());
    return bad;
}
