/* change_then_test.c - what was known then: every state that was seen is asked
 * for again by its time. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/testing.h"
#include "base/time.h"
#include "oms/change/change.h"
#include "oms/inventory/inventory_command.h"
#include "oms/inventory/inventory_store.h"
#include "oms/order/order_then.h"
#include "oms/room.h"
#include "oms/shop_testkit.h"

enum { STEPS = 120, ORDERS = 60, LEVELS = 4, ASKED = 1200 };

static const char *const skus[] = {"CUP", "MUG"};
static const char *const places[] = {"A", "B"};

/* What was seen at one instant, the last of it. */
struct seen {
    utc_ms at;
    size_t order_count;
    str orders[ORDERS];
    struct stock_level levels[LEVELS];
};
struct run {
    struct shop *shop;
    uint64_t random;
    order_id orders[ORDERS];
    int64_t versions[ORDERS];
    size_t order_count, count;
    struct seen seen[STEPS];
};

static int64_t pick(struct run *run, int64_t below)
{
    run->random = run->random * 6364136223846793005u + 1442695040888963407u;
    return (int64_t)((run->random >> 33) % (uint64_t)below);
}

static err_t call(struct run *run, const struct room *room,
                  const char *operation, const char *body)
{
    struct testkit_reply reply;
    struct testkit_call call = {.operation = operation, .body = body};
    shop_call(run->shop, room, &call, &reply);
    return reply.err;
}

static void step_order(struct run *run)
{
    struct shop *shop = run->shop;
    struct testkit_reply reply;
    if (run->order_count == ORDERS)
        return;
    const char *lines =
        shop_text(shop, "CUP:%lld:100 MUG:%lld:100 GIFT:1:10 CUP:1:50",
                  (long long)pick(run, 20) + 1, (long long)pick(run, 9) + 1);
    const char *id = shop_text(shop, "o-%zu", run->order_count);
    assert_string_equal(shop_place(shop, shop_body(shop, id, lines), &reply),
                        "");
    run->orders[run->order_count] = shop_order_id(shop, &reply);
    run->versions[run->order_count++] = 1;
}

static void step_cancel(struct run *run)
{
    struct shop *shop = run->shop;
    struct testkit_reply reply;
    if (run->order_count == 0)
        return;
    size_t at = (size_t)pick(run, (int64_t)run->order_count);
    const char *lines =
        pick(run, 4) == 0
            ? ""
            : shop_text(shop, ",\"lines\":[{\"n\":%lld,\"quantity\":%lld}]",
                        (long long)pick(run, 4) + 1,
                        (long long)pick(run, 3) + 1);
    struct testkit_call call = {
        .operation = "cancelOrder",
        .path = {shop_id(shop, "ord", run->orders[at].v)},
        .body = shop_text(shop, "{\"version\":%lld,\"reason\":\"x\"%s}",
                          (long long)run->versions[at], lines)};
    shop_call(shop, &change_room, &call, &reply);
    run->versions[at] += reply.err == OK;
}

static void step_stock(struct run *run)
{
    static const char *const buckets[] = {"available", "damaged",
                                          "quality_control", "held"};
    const char *sku = skus[pick(run, 2)], *place = places[pick(run, 2)];
    const char *key =
        shop_text(run->shop, "\"sku\":\"%s\",\"location\":\"%s\"", sku, place);
    switch (pick(run, 3)) {
    case 0:
        (void)call(run, &inventory_room, "setPolicies",
                   shop_text(run->shop,
                             "{\"items\":[{%s,\"safety_stock\":%lld,"
                             "\"low_stock\":%lld}]}",
                             key, (long long)pick(run, 5),
                             (long long)pick(run, 30)));
        return;
    case 1:
        (void)call(run, &inventory_room, "adjustStock",
                   shop_text(run->shop,
                             "{\"reason\":\"x\",\"items\":[{%s,\"from\":"
                             "\"available\",\"to\":\"%s\",\"delta\":%lld}]}",
                             key, buckets[pick(run, 3) + 1],
                             (long long)pick(run, 3) + 1));
        return;
    default:
        (void)call(run, &inventory_room, "adjustStock",
                   shop_text(run->shop,
                             "{\"reason\":\"x\",\"items\":[{%s,\"delta\":"
                             "%lld}]}",
                             key, (long long)pick(run, 40) - 5));
    }
}

struct view {
    order_id id;
    utc_ms at; /* 0: now. */
    struct arena *arena;
    str text;
};

static err_t view_order(struct ctx *ctx, void *arg)
{
    struct view *view = arg;
    struct order order;
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    TRY(view->at ? order_get_at(ctx, view->id, view->at, &order)
                 : order_get(ctx, view->id, &order));
    json_begin(&out, NULL);
    order_write(&order, &out);
    json_end_object(&out);
    view->text = str_copy(view->arena, buf_str(&buf));
    return OK;
}

/* The order as the API shows it now (0) or then, or why not. */
static str show(struct run *run, order_id id, utc_ms at)
{
    struct testkit *kit = run->shop->kit;
    struct view view = {.id = id, .at = at, .arena = kit->arena};
    if (testkit_read(kit, view_order, &view) != OK)
        return str_from_cstr(kit->err.slug);
    return view.text;
}

struct ask {
    struct level_key key;
    utc_ms at;
    struct stock_level level;
};

static err_t ask_level(struct ctx *ctx, void *arg)
{
    struct ask *ask = arg;
    return level_get_at(ctx, &ask->key, ask->at, &ask->level);
}

static void see(struct run *run)
{
    struct seen *seen = &run->seen[run->count - 1];
    if (run->count == 0 || seen->at != run->shop->kit->now)
        seen = &run->seen[run->count++];
    seen->at = run->shop->kit->now;
    seen->order_count = run->order_count;
    for (size_t i = 0; i < run->order_count; i++)
        seen->orders[i] = show(run, run->orders[i], 0);
    for (size_t i = 0; i < LEVELS; i++)
        seen->levels[i] = shop_level(run->shop, skus[i / 2], places[i % 2]);
}

/* What the route answers: the slug, or "". */
static const char *ask_route(struct run *run, order_id id, utc_ms at)
{
    char text[TIME_TEXT_BYTES];
    struct testkit_reply reply;
    struct testkit_call call = {.operation = "getOrder",
                                .path = {shop_id(run->shop, "ord", id.v)}};
    time_to_text(at, text);
    call.query = shop_text(run->shop, "at=%.*s", TIME_TEXT_BYTES, text);
    shop_call(run->shop, &order_room, &call, &reply);
    return reply.err == OK ? "" : run->shop->kit->err.slug;
}

static void compare_level(struct run *run, const struct seen *seen, size_t i)
{
    const struct stock_level *then = &seen->levels[i];
    struct ask ask = {
        .key = {then->sku, then->location},
          .at = seen->at
    };
    assert_ok(run->shop->kit, testkit_read(run->shop->kit, ask_level, &ask));
    const struct stock_level *level = &ask.level;
    assert_int_equal(level->on_hand, then->on_hand);
    assert_int_equal(level->committed, then->committed);
    assert_int_equal(level->reserved, then->reserved);
    assert_int_equal(level->damaged, then->damaged);
    assert_int_equal(level->quality_control, then->quality_control);
    assert_int_equal(level->held, then->held);
    assert_int_equal(level->safety_stock, then->safety_stock);
    assert_int_equal(level->low_stock, then->low_stock);
}

static struct run *run_open(uint64_t seed)
{
    struct shop *shop = shop_open(STOCK_POLICY_BACKORDER);
    struct run *run = arena_new(shop->kit->arena, struct run);
    run->shop = shop;
    run->random = seed;
    for (size_t i = 0; i < 2; i++)
        shop_add_location(shop, places[i]);
    for (size_t i = 0; i < 2; i++)
        shop_add_sku(shop, skus[i], true);
    shop_add_sku(shop, "GIFT", false);
    shop_rank(shop, "B A");
    for (size_t i = 0; i < LEVELS; i++)
        shop_set_stock(shop, skus[i / 2], places[i % 2], 30);
    return run;
}

static void item8_every_state_that_was_seen_is_known_by_its_time(void **state)
{
    (void)state;
    struct run *run = run_open(7);
    for (int i = 0; i < STEPS; i++) {
        run->shop->kit->now += pick(run, 3) ? pick(run, 5000) : 0;
        int64_t what = pick(run, 10);
        if (what < 4)
            step_order(run);
        else if (what < 7)
            step_cancel(run);
        else
            step_stock(run);
        see(run);
    }
    assert_true(run->order_count > 20 && run->count > 60);
    run->shop->kit->now += 1;
    for (size_t i = 0; i < run->count; i++)
        for (size_t j = 0; j < LEVELS; j++)
            compare_level(run, &run->seen[i], j);
    for (int i = 0; i < ASKED; i++) {
        const struct seen *seen = &run->seen[pick(run, (int64_t)run->count)];
        size_t at = (size_t)pick(run, (int64_t)run->order_count);
        struct arena_mark mark = arena_mark(run->shop->kit->arena);
        str then = show(run, run->orders[at], seen->at);
        str was =
            at < seen->order_count ? seen->orders[at] : STR("not_known_yet");
        if (!str_equal(then, was))
            fail_msg("order %zu at %lld:\n%.*s\nwas\n%.*s", at,
                     (long long)seen->at, STR_ARG(then), STR_ARG(was));
        arena_reset_to(run->shop->kit->arena, mark);
    }
    shop_close(run->shop);
}

static void item8_before_the_beginning_and_to_come_are_told_apart(void **state)
{
    (void)state;
    struct run *run = run_open(1);
    struct testkit *kit = run->shop->kit;
    utc_ms began = kit->now;
    kit->now += 1000;
    step_order(run);
    assert_string_equal(ask_route(run, run->orders[0], began), "not_known_yet");
    assert_string_equal(ask_route(run, run->orders[0], kit->now), "");
    assert_string_equal(ask_route(run, run->orders[0], kit->now + 1),
                        "time_in_future");
    struct stock_level level = shop_level(run->shop, "CUP", "A");
    struct ask ask = {
        .key = {level.sku, level.location},
          .at = began - 1
    };
    assert_int_equal(testkit_read(kit, ask_level, &ask), ERR_NOT_FOUND);
    assert_string_equal(kit->err.slug, "not_known_yet");
    shop_close(run->shop);
}

enum { CHAIN = 21 * 1000 };

static err_t add_thousand(struct ctx *ctx, void *arg)
{
    enum { ITEMS = 1000 };
    struct adjust_item *items =
        arena_array(ctx->arena, struct adjust_item, ITEMS);
    struct adjust_result *results =
        arena_array(ctx->arena, struct adjust_result, ITEMS);
    (void)arg;
    for (size_t i = 0; i < ITEMS; i++)
        items[i] = (struct adjust_item){.sku = STR("CUP"),
                                        .location = STR("A"),
                                        .delta = 1,
                                        .bucket = STOCK_AVAILABLE};
    return inventory_adjust(ctx, STR("more"), items, ITEMS, results);
}

/* A chain longer than a page is walked in several. */
static void item8_a_long_chain_is_walked_to_its_end(void **state)
{
    (void)state;
    struct run *run = run_open(1);
    struct testkit *kit = run->shop->kit;
    utc_ms began = kit->now;
    kit->now += 10;
    for (int i = 0; i < CHAIN / 1000; i++)
        assert_ok(kit, testkit_run(kit, add_thousand, NULL));
    struct stock_level level = shop_level(run->shop, "CUP", "A");
    assert_int_equal(level.on_hand, CHAIN + 30);
    struct ask ask = {
        .key = {level.sku, level.location},
          .at = began
    };
    assert_ok(kit, testkit_read(kit, ask_level, &ask));
    assert_int_equal(ask.level.on_hand, 30);
    ask.at = began - 1;
    assert_int_equal(testkit_read(kit, ask_level, &ask), ERR_NOT_FOUND);
    shop_close(run->shop);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(item8_every_state_that_was_seen_is_known_by_its_time),
        TEST(item8_before_the_beginning_and_to_come_are_told_apart),
        TEST(item8_a_long_chain_is_walked_to_its_end),
    };
    int bad = 0;
    do
        bad += RUN_TESTS(tests, argc, argv);
    while (testkit_next_engine());
    return bad;
}
