/* shop_testkit.c - a small shop for tests of orders. */
#include "oms/shop_testkit.h"

#include "base/id.h"
#include "base/testing.h"
#include "oms/catalog/catalog.h"
#include "oms/change/change.h"
#include "oms/customer/customer.h"
#include "oms/finance/finance.h"
#include "oms/fulfillment/fulfillment.h"
#include "oms/hold/hold.h"
#include "oms/room.h"
#include "oms/routing/routing.h"
#include "store/event.h"

static const struct room *const rooms[] = {
    &catalog_room, &customer_room, &channel_room,  &inventory_room,
    &routing_room, &hold_room,     &order_room,    &fulfillment_room,
    &change_room,  &edit_room,     &exchange_room, &replace_room,
    &finance_room, &invoice_room,  &journal_room};

const char *shop_id(struct shop *shop, const char *prefix, int64_t id)
{
    char text[ID_TEXT_BYTES];
    size_t len = id_to_text(prefix, id, text);
    return str_to_cstr(shop->kit->arena, (str){text, len});
}

void shop_call(struct shop *shop, const struct room *room,
               const struct testkit_call *call, struct testkit_reply *ret)
{
    testkit_call(shop->kit, room, call, ret);
}

static void must_call(struct shop *shop, const struct room *room,
                      const char *operation, const char *body)
{
    struct testkit_reply reply;
    struct testkit_call call = {.operation = operation, .body = body};
    shop_call(shop, room, &call, &reply);
    assert_ok(shop->kit, reply.err);
}

static err_t find_web(struct ctx *ctx, void *arg)
{
    bool is_found;
    TRY(channel_find(ctx, STR("web"), arg, &is_found));
    ASSERT(is_found);
    return OK;
}

struct shop *shop_open(enum stock_policy policy)
{
    struct shop *shop = mem_new(sizeof(*shop));
    shop->kit = testkit_open();
    must_call(
        shop, &channel_room, "createChannel",
        shop_text(shop,
                  "{\"code\":\"web\",\"name\":\"Web\",\"type\":\"web\","
                  "\"currency\":\"EUR\",\"tax_mode\":\"inclusive\","
                  "\"number_prefix\":\"W-\",\"stock_policy\":\"%s\"}",
                  policy == STOCK_POLICY_REFUSE ? "refuse" : "backorder"));
    assert_ok(shop->kit, testkit_read(shop->kit, find_web, &shop->web));
    return shop;
}

void shop_close(struct shop *shop)
{
    testkit_close(shop->kit);
    mem_free(shop);
}

struct find_location {
    str code;
    struct location location;
};

static err_t find_location(struct ctx *ctx, void *arg)
{
    struct find_location *find = arg;
    bool is_found;
    TRY(location_find(ctx, find->code, &find->location, &is_found));
    ASSERT(is_found);
    return OK;
}

location_id shop_loc(struct shop *shop, const char *code)
{
    struct find_location find = {.code = str_from_cstr(code)};
    assert_ok(shop->kit, testkit_read(shop->kit, find_location, &find));
    return find.location.id;
}

location_id shop_add_location(struct shop *shop, const char *code)
{
    must_call(shop, &inventory_room, "createLocation",
              shop_text(shop,
                        "{\"code\":\"%s\",\"name\":\"Place %s\","
                        "\"type\":\"warehouse\"}",
                        code, code));
    return shop_loc(shop, code);
}

void shop_add_sku(struct shop *shop, const char *code, bool is_tracked)
{
    must_call(shop, &catalog_room, "createSku",
              shop_text(shop,
                        "{\"code\":\"%s\",\"title\":\"Thing %s\","
                        "\"is_tracked\":%s}",
                        code, code, is_tracked ? "true" : "false"));
}

void shop_set_stock(struct shop *shop, const char *sku, const char *location,
                    int64_t qty)
{
    struct stock_level level = shop_level(shop, sku, location);
    must_call(shop, &inventory_room, "adjustStock",
              shop_text(shop,
                        "{\"reason\":\"test\",\"items\":[{\"sku\":\"%s\","
                        "\"location\":\"%s\",\"delta\":%lld}]}",
                        sku, location, (long long)(qty - level.on_hand)));
}

struct find_level {
    str sku;
    location_id location;
    struct stock_level level;
};

static err_t find_level(struct ctx *ctx, void *arg)
{
    struct find_level *find = arg;
    struct sku sku;
    bool is_found;
    struct stock *stock;
    TRY(sku_find(ctx, find->sku, &sku, &is_found));
    ASSERT(is_found);
    TRY(stock_lock(ctx, &sku.id, 1, &stock));
    const struct stock_level *level =
        stock_level_find(stock, sku.id, find->location);
    if (level)
        find->level = *level;
    return OK;
}

struct stock_level shop_level(struct shop *shop, const char *sku,
                              const char *location)
{
    struct find_level find = {.sku = str_from_cstr(sku),
                              .location = shop_loc(shop, location)};
    assert_ok(shop->kit, testkit_run(shop->kit, find_level, &find));
    return find.level;
}

static int64_t routing_version(struct shop *shop)
{
    struct testkit_reply reply;
    struct testkit_call call = {.operation = "getChannelRouting",
                                .path = {shop_id(shop, "chn", shop->web.id.v)}};
    int64_t version = -1;
    shop_call(shop, &routing_room, &call, &reply);
    assert_ok(shop->kit, reply.err);
    assert_ok(&reply.ctx,
              json_get_i64(reply.json, "version", 0, INT64_MAX, &version));
    return version;
}

void shop_route(struct shop *shop, const char *codes, const char *scenarios)
{
    const char *list = "";
    str rest = str_from_cstr(codes);
    while (rest.len > 0) {
        str code = str_split(rest, ' ', &rest);
        location_id id = shop_loc(shop, str_to_cstr(shop->kit->arena, code));
        list = shop_text(shop, "%s%s\"%s\"", list, *list ? "," : "",
                         shop_id(shop, "loc", id.v));
    }
    struct testkit_reply reply;
    struct testkit_call call = {
        .operation = "setChannelRouting",
        .path = {shop_id(shop, "chn", shop->web.id.v)},
        .body = shop_text(shop,
                          "{\"version\":%lld,\"locations\":[%s],"
                          "\"scenarios\":%s}",
                          (long long)routing_version(shop), list, scenarios)};
    shop_call(shop, &routing_room, &call, &reply);
    assert_ok(shop->kit, reply.err);
}

void shop_rank(struct shop *shop, const char *codes)
{
    shop_route(shop, codes, "[]");
}

void shop_set_site(struct shop *shop, const char *code, const char *settings)
{
    struct testkit_reply reply;
    int64_t version = -1;
    struct testkit_call call = {
        .operation = "getSite",
        .path = {shop_id(shop, "loc", shop_loc(shop, code).v)}};
    shop_call(shop, &routing_room, &call, &reply);
    assert_ok(shop->kit, reply.err);
    assert_ok(&reply.ctx,
              json_get_i64(reply.json, "version", 0, INT64_MAX, &version));
    call.operation = "setSite";
    call.body = shop_text(shop, "{\"version\":%lld,\"settings\":%s}",
                          (long long)version, settings);
    shop_call(shop, &routing_room, &call, &reply);
    assert_ok(shop->kit, reply.err);
}

/* ---- orders ---- */

const char *shop_body(struct shop *shop, const char *external_id,
                      const char *lines)
{
    const char *list = "";
    str rest = str_from_cstr(lines);
    while (rest.len > 0) {
        str price, qty;
        str sku = str_split(str_split(rest, ' ', &rest), ':', &qty);
        qty = str_split(qty, ':', &price);
        list = shop_text(shop,
                         "%s%s{\"sku\":\"%.*s\",\"quantity\":%.*s,"
                         "\"unit_price\":{\"amount\":%.*s,"
                         "\"currency\":\"EUR\"}}",
                         list, *list ? "," : "", STR_ARG(sku), STR_ARG(qty),
                         STR_ARG(price));
    }
    return shop_text(shop,
                     "{\"channel\":\"web\",\"external_id\":\"%s\","
                     "\"lines\":[%s]}",
                     external_id, list);
}

static const char *slug_of(const struct err_detail *err, err_t code)
{
    if (code == OK)
        return "";
    return err_name(err);
}

const char *shop_place(struct shop *shop, const char *body,
                       struct testkit_reply *ret)
{
    struct testkit_call call = {.operation = "placeOrder", .body = body};
    shop_call(shop, &order_room, &call, ret);
    return slug_of(&shop->kit->err, ret->err);
}

order_id shop_order_id(struct shop *shop, struct testkit_reply *reply)
{
    order_id id = {0};
    assert_ok(shop->kit, reply->err);
    assert_ok(&reply->ctx, json_get_id(reply->json, "id", "ord", &id.v));
    return id;
}

struct batch {
    const char *const *bodies;
    size_t count;
    struct json_in **in; /* Hold the strings of the commands. */
    struct shop_result *results;
};

static err_t place_batch(struct ctx *ctx, void *arg)
{
    struct batch *batch = arg;
    struct order_place_item *items =
        arena_array(ctx->arena, struct order_place_item, batch->count);
    for (size_t i = 0; i < batch->count; i++) {
        struct ctx *own = arena_new(ctx->arena, struct ctx);
        struct order_cmd *cmd = arena_new(ctx->arena, struct order_cmd);
        *own = *ctx;
        TRY(json_parse(own, str_from_cstr(batch->bodies[i]), &batch->in[i]));
        TRY(order_cmd_from_json(own, batch->in[i], STR_NONE, cmd));
        items[i] = (struct order_place_item){.ctx = own, .cmd = cmd};
    }
    TRY(order_place_many(ctx, items, batch->count));
    for (size_t i = 0; i < batch->count; i++) {
        struct shop_result *to = &batch->results[i];
        *to = (struct shop_result){.err = items[i].err};
        to->slug = slug_of(&items[i].ctx->err, items[i].err);
        if (items[i].err != OK)
            continue;
        to->order = *items[i].order;
        to->order.number = str_copy(ctx->arena, to->order.number);
        to->is_new = items[i].is_new;
    }
    return OK;
}

struct shop_result *shop_place_many(struct shop *shop,
                                    const char *const *bodies, size_t n)
{
    struct arena *arena = shop->kit->arena;
    struct batch batch = {bodies, n, arena_array(arena, struct json_in *, n),
                          arena_array(arena, struct shop_result, n)};
    assert_ok(shop->kit, testkit_run(shop->kit, place_batch, &batch));
    return batch.results;
}

struct get_order {
    order_id id;
    struct order order;
};

static err_t get_order(struct ctx *ctx, void *arg)
{
    struct get_order *get = arg;
    return order_get(ctx, get->id, &get->order);
}

struct order shop_order(struct shop *shop, order_id id)
{
    struct get_order get = {.id = id};
    assert_ok(shop->kit, testkit_read(shop->kit, get_order, &get));
    return get.order;
}

/* ---- afterwards ---- */

static err_t drain_room(struct ctx *ctx, const struct room *room)
{
    for (size_t i = 0; i < room->events->count; i++) {
        size_t count = 1;
        while (count > 0) {
            struct arena_mark mark = arena_mark(ctx->arena);
            TRY(event_step(ctx, &room->events->at[i], 3, &count));
            arena_reset_to(ctx->arena, mark);
        }
    }
    return OK;
}

static err_t drain(struct ctx *ctx, void *arg)
{
    (void)arg;
    TRY(drain_room(ctx, &exchange_room));
    TRY(drain_room(ctx, &score_room));
    TRY(drain_room(ctx, &fulfillment_room));
    TRY(drain_room(ctx, &invoice_room));
    TRY(drain_room(ctx, &journal_room));
    return drain_room(ctx, &order_room);
}

void shop_drain(struct shop *shop)
{
    /* Twice: consumers add events of their own. */
    for (int round = 0; round < 2; round++) {
        testkit_settle(shop->kit);
        assert_ok(shop->kit, testkit_run(shop->kit, drain, NULL));
    }
}

static err_t take_turns(struct ctx *ctx, void *arg)
{
    (void)arg;
    for (bool is_more = true; is_more;) {
        is_more = false;
        for (size_t i = 0; i < order_room.timers->count; i++)
            TRY(order_room.timers->at[i].run(ctx, &is_more));
    }
    return OK;
}

void shop_turn(struct shop *shop)
{
    shop_drain(shop);
    assert_ok(shop->kit, testkit_run(shop->kit, take_turns, NULL));
    shop_drain(shop);
    assert_ok(shop->kit, testkit_run(shop->kit, take_turns, NULL));
}

void shop_verify(struct shop *shop)
{
    for (size_t i = 0; i < COUNT_OF(rooms); i++) {
        str first;
        if (!rooms[i]->verify)
            continue;
        if (testkit_verify(shop->kit, rooms[i], &first) > 0)
            fail_msg("%s: %.*s", rooms[i]->name, STR_ARG(first));
    }
}

void shop_fill_refunds(struct shop *shop, order_id id)
{
    testkit_sql(
        shop->kit,
        shop_text(shop,
                  "INSERT INTO refunds (id, bucket, order_id, state, currency, "
                  "amount, shipping, shipping_tax, fees, fees_tax, allowance, "
                  "version, created_at, updated_at) WITH RECURSIVE k(n) AS "
                  "(SELECT 1 UNION ALL SELECT n + 1 FROM k WHERE n < 200) "
                  "SELECT o.id + k.n * 256, o.bucket, o.id, 4, 'EUR', 0, 0, 0, "
                  "0, 0, 0, 1, 1, 1 FROM k, orders o WHERE o.id = %lld",
                  (long long)id.v));
}

void shop_fill_payments(struct shop *shop, order_id id)
{
    testkit_sql(
        shop->kit,
        shop_text(shop,
                  "INSERT INTO payment_transactions (intent_id, n, bucket, "
                  "type, origin, amount, occurred_at, received_at) WITH "
                  "RECURSIVE k(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM k "
                  "WHERE n < 100) SELECT p.id, k.n, p.bucket, 7, 1, 0, 1, 1 "
                  "FROM k, payment_intents p WHERE p.order_id = %lld",
                  (long long)id.v));
}
