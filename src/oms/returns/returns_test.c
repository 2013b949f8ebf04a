/* returns_test.c - returns from the request to the shelf, in the store. */
#include "base/json.h"
#include "oms/catalog/catalog.h"
#include "oms/change/change.h"
#include "oms/returns/returns_rules.h"
#include "oms/returns/returns_testkit.h"
#include "oms/room.h"
#include "store/event.h"

static const utc_ms DAY = (utc_ms)24 * 60 * 60 * 1000;

static void units_come_back_are_looked_at_and_their_worth_is_off(void **state)
{
    struct shop *shop = *state;
    order_id order = rma_shipped(shop, "1", "SHOE:3:1000", "1:3");
    return_id id = rma_ask(shop, order, LINE(2));
    assert_int_equal(rma_now(shop, id).state, RETURN_OPEN);
    assert_int_equal(shop_order(shop, order).lines[0].return_requested, 2);
    assert_ok(shop->kit, rma_step(shop, "receiveReturn", id,
                                  ",\"items\":[{\"n\":1,\"quantity\":1}]"));
    assert_int_equal(rma_now(shop, id).state, RETURN_PARTIALLY_RECEIVED);
    assert_int_equal(shop_level(shop, "SHOE", "A").on_hand, 8);
    assert_int_equal(shop_level(shop, "SHOE", "A").quality_control, 1);
    assert_ok(shop->kit, rma_step(shop, "receiveReturn", id,
                                  ",\"items\":[{\"n\":1,\"quantity\":1,"
                                  "\"disposition\":\"damaged\"}]"));
    struct rma rma = rma_now(shop, id);
    assert_int_equal(rma.state, RETURN_RECEIVED);
    assert_int_equal(rma.unit_count, 2);
    assert_int_equal(shop_level(shop, "SHOE", "A").damaged, 1);
    rma_sound(shop);
    assert_ok(shop->kit,
              rma_step(shop, "inspectReturn", id,
                       ",\"items\":[{\"unit\":2,\"acceptance\":\"accepted\","
                       "\"disposition\":\"restock\"},"
                       "{\"unit\":1,\"acceptance\":\"rejected\"}]"));
    rma = rma_now(shop, id);
    assert_int_equal(rma.state, RETURN_CLOSED);
    assert_int_equal(rma.lines[0].returned, 1);
    assert_int_equal(rma.lines[0].dropped, 1);
    struct order seen = shop_order(shop, order);
    assert_int_equal(seen.lines[0].returned, 1);
    assert_int_equal(seen.lines[0].return_requested, 0);
    assert_int_equal(seen.lines[0].total_now, 2000);
    assert_int_equal(order_balance(&seen), 2000);
    assert_int_equal(stock_available(&(struct stock_level){
                         .on_hand = shop_level(shop, "SHOE", "A").on_hand}),
                     9);
    assert_ok(shop->kit, rma_step(shop, "inspectReturn", id,
                                  ",\"items\":[{\"unit\":1,\"disposition\":"
                                  "\"scrap\"}]"));
    assert_int_equal(shop_level(shop, "SHOE", "A").on_hand, 8);
    rma_sound(shop);
}

static void more_than_was_shipped_or_asked_for_is_refused(void **state)
{
    struct shop *shop = *state;
    order_id order = rma_shipped(shop, "1", "SHOE:3:1000", "1:2");
    const char *ord = shop_id(shop, "ord", order.v);
    assert_int_equal(
        rma_call(shop, "createReturn", ord, "{\"items\":[" LINE(3) "]}", NULL),
        ERR_INVALID);
    assert_slug(shop->kit, "over_return_requested");
    assert_string_equal(shop->kit->err.field, "items[0].quantity");
    assert_int_equal(rma_call(shop, "createReturn", ord,
                              "{\"items\":[" LINE(1) "," LINE(2) "]}", NULL),
                     ERR_INVALID);
    return_id id = rma_ask(shop, order, LINE(2));
    assert_int_equal(
        rma_call(shop, "createReturn", ord, "{\"items\":[" LINE(1) "]}", NULL),
        ERR_INVALID);
    assert_int_equal(rma_step(shop, "receiveReturn", id,
                              ",\"items\":[{\"n\":1,\"quantity\":3}]"),
                     ERR_INVALID);
    assert_slug(shop->kit, "over_received");
    assert_non_null(strstr(shop->kit->err.text, "2 such units"));
    assert_int_equal(rma_step(shop, "receiveReturn", id,
                              ",\"items\":[{\"n\":2,\"quantity\":1}]"),
                     ERR_INVALID);
    assert_ok(shop->kit, rma_step(shop, "receiveReturn", id, ""));
    assert_int_equal(rma_step(shop, "receiveReturn", id, ""), ERR_INVALID);
    assert_slug(shop->kit, "over_received");
    assert_int_equal(rma_call(shop, "inspectReturn", shop_id(shop, "ret", id.v),
                              "{\"version\":1,\"items\":[{\"unit\":1,"
                              "\"disposition\":\"restock\"}]}",
                              NULL),
                     ERR_STALE);
    assert_int_equal(rma_step(shop, "inspectReturn", id,
                              ",\"items\":[{\"unit\":1,\"quantity\":3,"
                              "\"acceptance\":\"accepted\"}]"),
                     ERR_INVALID);
    assert_slug(shop->kit, "over_inspected");
    assert_int_equal(rma_step(shop, "inspectReturn", id,
                              ",\"items\":[{\"unit\":2,"
                              "\"acceptance\":\"accepted\"}]"),
                     ERR_INVALID);
    assert_slug(shop->kit, "unit_unknown");
    assert_int_equal(rma_step(shop, "cancelReturn", id, ""), ERR_STATE);
    assert_slug(shop->kit, "return_state");
    rma_sound(shop);
}

static void the_rules_of_the_channel_are_kept(void **state)
{
    struct shop *shop = *state;
    order_id order =
        rma_shipped(shop, "1", "SHOE:2:1000 GIFT:1:500", "1:2 2:1");
    const char *ord = shop_id(shop, "ord", order.v);
    rma_policy(
        shop, 0,
        ",\"window_days\":14,\"approval\":\"manual\",\"reasons\":["
        "{\"code\":\"unwanted\"},{\"code\":\"broken\",\"needs_note\":true,"
        "\"needs_photo\":true}],\"final_sale\":{\"skus\":[\"GIFT\"]}");
    assert_int_equal(rma_call(shop, "createReturn", ord,
                              "{\"items\":[{\"line\":1,\"quantity\":1,"
                              "\"reason\":\"late\"}]}",
                              NULL),
                     ERR_INVALID);
    assert_slug(shop->kit, "reason_unknown");
    assert_int_equal(rma_call(shop, "createReturn", ord,
                              "{\"items\":[{\"line\":1,\"quantity\":1,"
                              "\"reason\":\"broken\"}]}",
                              NULL),
                     ERR_INVALID);
    assert_slug(shop->kit, "note_required");
    assert_int_equal(rma_call(shop, "createReturn", ord,
                              "{\"items\":[{\"line\":1,\"quantity\":1,"
                              "\"reason\":\"broken\",\"note\":\"sole\"}]}",
                              NULL),
                     ERR_INVALID);
    assert_slug(shop->kit, "photo_required");
    assert_int_equal(rma_call(shop, "createReturn", ord,
                              "{\"items\":[{\"line\":2,\"quantity\":1,"
                              "\"reason\":\"unwanted\"}]}",
                              NULL),
                     ERR_STATE);
    assert_slug(shop->kit, "final_sale");
    return_id id = rma_ask(shop, order, LINE(1));
    assert_int_equal(rma_now(shop, id).state, RETURN_REQUESTED);
    assert_int_equal(rma_step(shop, "receiveReturn", id, ""), ERR_STATE);
    assert_non_null(strstr(shop->kit->err.text, "approve, decline, cancel"));
    assert_ok(shop->kit,
              rma_step(shop, "declineReturn", id, ",\"reason\":\"worn\""));
    assert_int_equal(shop_order(shop, order).lines[0].return_requested, 0);
    shop->kit->now += 15 * DAY;
    assert_int_equal(
        rma_call(shop, "createReturn", ord, "{\"items\":[" LINE(1) "]}", NULL),
        ERR_STATE);
    assert_slug(shop->kit, "window_over");
    assert_int_equal(rma_call(shop, "createReturn", ord,
                              "{\"items\":[" LINE(1) "],\"exception\":true}",
                              NULL),
                     ERR_INVALID);
    assert_slug(shop->kit, "note_required");
    assert_ok(shop->kit,
              rma_call(shop, "createReturn", ord,
                       "{\"items\":[" LINE(1) "],\"exception\":true,"
                                              "\"note\":\"a good customer\"}",
                       NULL));
    rma_sound(shop);
}

static err_t expire(struct ctx *ctx, void *arg)
{
    return returns_room.timers->at[0].run(ctx, arg);
}

static err_t next_at(struct ctx *ctx, void *arg)
{
    return returns_room.timers->at[0].next_at(ctx, arg);
}

static void what_does_not_come_in_time_expires(void **state)
{
    struct shop *shop = *state;
    order_id order = rma_shipped(shop, "1", "SHOE:2:1000", "1:2");
    bool is_more = false;
    utc_ms at = 0;
    rma_policy(shop, 0, ",\"expire_days\":3");
    return_id id = rma_ask(shop, order, LINE(1));
    return_id kept = rma_ask(shop, order, LINE(1));
    assert_ok(shop->kit, rma_step(shop, "receiveReturn", kept, ""));
    assert_ok(shop->kit, testkit_read(shop->kit, next_at, &at));
    assert_int_equal(at, shop->kit->now + 3 * DAY);
    assert_ok(shop->kit, testkit_run(shop->kit, expire, &is_more));
    assert_int_equal(rma_now(shop, id).state, RETURN_OPEN);
    shop->kit->now += 3 * DAY;
    assert_ok(shop->kit, testkit_run(shop->kit, expire, &is_more));
    assert_false(is_more);
    assert_int_equal(rma_now(shop, id).state, RETURN_EXPIRED);
    assert_int_equal(rma_now(shop, kept).state, RETURN_RECEIVED);
    assert_int_equal(shop_order(shop, order).lines[0].return_requested, 1);
    assert_ok(shop->kit, testkit_read(shop->kit, next_at, &at));
    assert_int_equal(at, 0);
    rma_sound(shop);
}

static void what_is_lost_or_wrong_is_decided_by_somebody(void **state)
{
    struct shop *shop = *state;
    order_id order = rma_shipped(shop, "1", "SHOE:4:1000", "1:4");
    return_id id = rma_ask(shop, order, LINE(4));
    assert_ok(shop->kit,
              rma_step(shop, "receiveReturn", id,
                       ",\"items\":[{\"n\":1,\"quantity\":1,\"as\":\"lost\"},"
                       "{\"n\":1,\"quantity\":1,\"as\":\"wrong_item\"},"
                       "{\"n\":1,\"quantity\":1,\"as\":\"short\"},"
                       "{\"n\":1,\"quantity\":1,\"as\":\"received\","
                       "\"disposition\":\"restock\"}]"));
    struct rma rma = rma_now(shop, id);
    assert_int_equal(rma.state, RETURN_RECEIVED);
    assert_int_equal(shop_level(shop, "SHOE", "A").on_hand, 7);
    for (size_t i = 0; i < rma.unit_count; i++)
        assert_int_equal(rma.units[i].acceptance,
                         rma.units[i].reception == RECEPTION_WRONG_ITEM
                             ? ACCEPTANCE_MANUAL
                             : ACCEPTANCE_PENDING);
    /* The short one turns up. */
    assert_ok(
        shop->kit,
        rma_step(shop, "inspectReturn", id,
                 ",\"items\":[{\"unit\":2,\"acceptance\":\"accepted\"}]"));
    assert_ok(shop->kit, rma_step(shop, "receiveReturn", id,
                                  ",\"items\":[{\"n\":1,\"quantity\":1}]"));
    assert_int_equal(rma_step(shop, "receiveReturn", id,
                              ",\"items\":[{\"n\":1,\"quantity\":1}]"),
                     ERR_INVALID);
    rma = rma_now(shop, id);
    assert_int_equal(rma.lines[0].written_off, 1);
    assert_int_equal(shop_order(shop, order).lines[0].written_off, 1);
    assert_int_equal(shop_order(shop, order).lines[0].total_now, 3000);
    assert_int_equal(rma_step(shop, "inspectReturn", id,
                              ",\"items\":[{\"unit\":2,\"disposition\":"
                              "\"restock\"}]"),
                     ERR_STATE);
    assert_slug(shop->kit, "not_received");
    rma_sound(shop);
}

static void goods_go_where_the_channel_sends_them(void **state)
{
    struct shop *shop = *state;
    order_id order = rma_shipped(shop, "1", "SHOE:3:1000", "1:3");
    location_id a = shop_loc(shop, "A"), b = shop_loc(shop, "B");
    assert_int_equal(
        rma_call(shop, "setReturnPolicy", shop_id(shop, "chn", shop->web.id.v),
                 "{\"version\":0,\"routes\":[{\"location\":\"X\"}]}", NULL),
        ERR_INVALID);
    assert_slug(shop->kit, "location_unknown");
    assert_string_equal(shop->kit->err.field, "routes[0].location");
    rma_policy(shop, 0,
               ",\"routes\":[{\"countries\":[\"ZZ\"],\"location\":\"A\"},"
               "{\"reasons\":[\"unwanted\"],\"skus\":[\"SHOE\"],"
               "\"location\":\"B\"}]");
    return_id id = rma_ask(shop, order, LINE(1));
    assert_int_equal(rma_now(shop, id).location.v, b.v);
    id =
        rma_ask(shop, order, "{\"line\":1,\"quantity\":1,\"reason\":\"late\"}");
    assert_int_equal(rma_now(shop, id).location.v, a.v); /* Where it left. */
    assert_int_equal(rma_step(shop, "labelReturn", id, ""), ERR_STATE);
    assert_slug(shop->kit, "no_parcel");
    rma_sound(shop);
}

static void what_is_given_at_the_till_is_there_at_once(void **state)
{
    struct shop *shop = *state;
    order_id order = rma_shipped(shop, "1", "SHOE:3:1000", "1:3");
    const char *ord = shop_id(shop, "ord", order.v);
    struct rma rma;
    rma_policy(shop, 0, ",\"approval\":\"manual\"");
    assert_int_equal(rma_call(shop, "createReturn", ord,
                              "{\"items\":[" LINE(1) "],\"received\":true}",
                              NULL),
                     ERR_INVALID);
    assert_slug(shop->kit, "missing_field");
    assert_ok(shop->kit,
              rma_call(shop, "createReturn", ord,
                       "{\"location\":\"B\",\"received\":true,\"items\":["
                       "{\"line\":1,\"quantity\":1,\"reason\":\"unwanted\","
                       "\"disposition\":\"restock\"}," LINE(1) "]}",
                       &rma));
    rma = rma_now(shop, rma.id);
    assert_int_equal(rma.state, RETURN_RECEIVED);
    assert_int_equal(shop_level(shop, "SHOE", "B").on_hand, 2);
    assert_int_equal(shop_level(shop, "SHOE", "B").quality_control, 1);
    assert_int_equal(testkit_events(shop->kit, "return.received"), 1);
    rma_sound(shop);
}

static void number(struct shop *shop)
{
    struct testkit_reply reply;
    struct testkit_call find = {.operation = "listSkus", .query = "code=SHOE"};
    struct json_list list;
    struct json_in *at;
    int64_t id;
    shop_call(shop, &catalog_room, &find, &reply);
    assert_ok(shop->kit, reply.err);
    assert_ok(&reply.ctx, json_get_list(reply.json, "items", 1, 1, &list));
    assert_ok(&reply.ctx, json_list_object(&list, 0, &at));
    assert_ok(&reply.ctx, json_get_id(at, "id", "sku", &id));
    struct testkit_call empty = {
        .operation = "adjustStock",
        .body = "{\"reason\":\"r\",\"items\":[{\"sku\":\"SHOE\","
                "\"location\":\"A\",\"delta\":-7}]}"};
    shop_call(shop, &inventory_room, &empty, &reply);
    assert_ok(shop->kit, reply.err);
    struct testkit_call set = {
        .operation = "setUnitPolicy",
        .path = {shop_id(shop, "sku", id)},
        .body = "{\"version\":0,\"is_serial_tracked\":true}"};
    shop_call(shop, &inventory_room, &set, &reply);
    assert_ok(shop->kit, reply.err);
}

static void numbered_units_come_back_one_by_one(void **state)
{
    struct shop *shop = *state;
    order_id order = rma_shipped(shop, "1", "SHOE:3:1000", "1:3");
    number(shop);
    return_id id = rma_ask(shop, order, LINE(3));
    assert_int_equal(rma_step(shop, "receiveReturn", id, ""), ERR_INVALID);
    assert_slug(shop->kit, "serials_required");
    assert_string_equal(shop->kit->err.field, "items[0].serials");
    assert_int_equal(rma_step(shop, "receiveReturn", id,
                              ",\"items\":[{\"n\":1,\"quantity\":3,"
                              "\"serials\":[\"S1\",\"S2\"]}]"),
                     ERR_INVALID);
    assert_ok(shop->kit, rma_step(shop, "receiveReturn", id,
                                  ",\"items\":[{\"n\":1,\"quantity\":2,"
                                  "\"serials\":[\"S1\",\"S2\"]}]"));
    assert_int_equal(rma_step(shop, "receiveReturn", id,
                              ",\"items\":[{\"n\":1,\"quantity\":1,"
                              "\"serials\":[\"S1\"]}]"),
                     ERR_STATE);
    assert_slug(shop->kit, "serial_taken");
    struct rma rma = rma_now(shop, id);
    assert_int_equal(rma.unit_count, 3);
    for (size_t i = 1; i < 3; i++) {
        assert_int_equal(rma.units[i].qty, 1);
        assert_int_equal(rma.units[i].names.serial_count, 1);
    }
    assert_ok(shop->kit, rma_step(shop, "inspectReturn", id,
                                  ",\"items\":[{\"unit\":2,"
                                  "\"disposition\":\"restock\"}]"));
    assert_int_equal(shop_level(shop, "SHOE", "A").on_hand, 2);
    assert_int_equal(shop_level(shop, "SHOE", "A").quality_control, 1);
    rma_sound(shop);
}

static void add_kit(struct shop *shop)
{
    struct testkit_reply reply;
    shop_add_sku(shop, "CUP", true);
    shop_add_sku(shop, "PLATE", true);
    shop_add_sku(shop, "SET", false);
    shop_set_stock(shop, "CUP", "A", 10);
    shop_set_stock(shop, "PLATE", "A", 10);
    struct testkit_call get = {.operation = "listSkus", .query = "code=SET"};
    shop_call(shop, &catalog_room, &get, &reply);
    assert_ok(shop->kit, reply.err);
    struct json_list list;
    struct json_in *at;
    int64_t id, version;
    assert_ok(&reply.ctx, json_get_list(reply.json, "items", 1, 1, &list));
    assert_ok(&reply.ctx, json_list_object(&list, 0, &at));
    assert_ok(&reply.ctx, json_get_id(at, "id", "sku", &id));
    assert_ok(&reply.ctx, json_get_i64(at, "version", 1, INT64_MAX, &version));
    struct testkit_call set = {
        .operation = "setComponents",
        .path = {shop_id(shop, "sku", id)},
        .body = shop_text(shop,
                          "{\"version\":%lld,\"components\":[{\"sku\":\"CUP\","
                          "\"quantity\":2},{\"sku\":\"PLATE\",\"quantity\":1}"
                          "]}",
                          (long long)version)};
    shop_call(shop, &change_room, &set, &reply);
    assert_ok(shop->kit, reply.err);
}

static err_t ask_one(struct shop *shop, order_id order)
{
    return rma_call(shop, "createReturn", shop_id(shop, "ord", order.v),
                    "{\"items\":[" LINE(1) "]}", NULL);
}

static void kits_come_back_by_component(void **state)
{
    struct shop *shop = *state;
    add_kit(shop);
    order_id order = rma_shipped(shop, "1", "SET:2:900", "1:2");
    return_id id = rma_ask(shop, order, LINE(2));
    assert_int_equal(rma_now(shop, id).unit_count, 2);
    assert_ok(shop->kit,
              rma_step(shop, "receiveReturn", id,
                       ",\"items\":[{\"n\":1,\"quantity\":3,\"sku\":\"CUP\","
                       "\"disposition\":\"restock\"},{\"n\":1,\"quantity\":2,"
                       "\"sku\":\"PLATE\",\"disposition\":\"restock\"},"
                       "{\"n\":1,\"quantity\":1,\"sku\":\"CUP\","
                       "\"as\":\"short\"}]"));
    assert_int_equal(shop_level(shop, "CUP", "A").on_hand, 9);
    assert_int_equal(shop_level(shop, "PLATE", "A").on_hand, 10);
    assert_int_equal(shop_order(shop, order).lines[0].returned, 0);
    struct rma rma = rma_now(shop, id);
    assert_int_equal(rma.unit_count, 3);
    for (size_t i = 0; i < 3; i++)
        assert_ok(shop->kit,
                  rma_step(shop, "inspectReturn", id,
                           shop_text(shop,
                                     ",\"items\":[{\"unit\":%zu,"
                                     "\"acceptance\":\"%s\"}]",
                                     i + 1,
                                     rma.units[i].reception == RECEPTION_SHORT
                                         ? "rejected"
                                         : "accepted")));
    assert_int_equal(rma_now(shop, id).state, RETURN_CLOSED);
    assert_int_equal(shop_order(shop, order).lines[0].returned, 1);
    assert_int_equal(shop_order(shop, order).lines[0].total_now, 900);
    /* The kit that lacks a cup: what came of it does not come again. */
    assert_int_equal(ask_one(shop, order), ERR_INVALID);
    assert_slug(shop->kit, "over_return_requested");
    rma_sound(shop);
}

static void reject(struct shop *shop, return_id id, const char *disposition)
{
    assert_ok(shop->kit,
              rma_step(shop, "inspectReturn", id,
                       shop_text(shop,
                                 ",\"items\":[{\"unit\":1,\"acceptance\":"
                                 "\"rejected\",\"disposition\":\"%s\"}]",
                                 disposition)));
}

/* What is rejected is the buyer's: it is not sold again, and comes a second
 * time only once he has it. */
static void what_is_rejected_stays_the_buyers(void **state)
{
    struct shop *shop = *state;
    order_id order = rma_shipped(shop, "1", "SHOE:1:1000", "1:1");
    return_id id = rma_ask(shop, order, LINE(1));
    assert_ok(shop->kit, rma_step(shop, "receiveReturn", id, ""));
    assert_int_equal(rma_step(shop, "inspectReturn", id,
                              ",\"items\":[{\"unit\":1,\"acceptance\":"
                              "\"rejected\",\"disposition\":\"restock\"}]"),
                     ERR_STATE);
    assert_slug(shop->kit, "rejected_taken");
    reject(shop, id, "damaged");
    assert_int_equal(rma_now(shop, id).state, RETURN_CLOSED);
    assert_int_equal(rma_step(shop, "inspectReturn", id,
                              ",\"items\":[{\"unit\":1,\"disposition\":"
                              "\"refurbish\"}]"),
                     ERR_STATE);
    assert_slug(shop->kit, "rejected_taken");
    assert_int_equal(ask_one(shop, order), ERR_INVALID);
    assert_slug(shop->kit, "over_return_requested");
    assert_non_null(strstr(shop->kit->err.text, "has 0 such units"));
    assert_ok(shop->kit, rma_step(shop, "inspectReturn", id,
                                  ",\"items\":[{\"unit\":1,\"disposition\":"
                                  "\"keep\"}]"));
    assert_int_equal(shop_level(shop, "SHOE", "A").on_hand, 9);
    id = rma_ask(shop, order, LINE(1));
    assert_ok(shop->kit, rma_step(shop, "receiveReturn", id,
                                  ",\"items\":[{\"n\":1,\"quantity\":1,"
                                  "\"disposition\":\"restock\"}]"));
    assert_int_equal(rma_step(shop, "inspectReturn", id,
                              ",\"items\":[{\"unit\":1,\"acceptance\":"
                              "\"rejected\"}]"),
                     ERR_STATE);
    assert_slug(shop->kit, "rejected_taken");
    rma_sound(shop);
}

static void count_stock(struct shop *shop, return_id of, int version,
                        const char *whether)
{
    struct testkit_reply reply;
    struct testkit_call change = {
        .operation = "changeSku",
        .path = {shop_id(shop, "sku", rma_now(shop, of).units[0].sku.v)},
        .body = shop_text(shop, "{\"version\":%d,\"is_tracked\":%s}", version,
                          whether)};
    shop_call(shop, &catalog_room, &change, &reply);
    assert_ok(&reply.ctx, reply.err);
}

/* Some of its returns moved stock then, others did not. */
static void stock_may_be_counted_no_more_and_again(void **state)
{
    struct shop *shop = *state;
    order_id order = rma_shipped(shop, "1", "SHOE:4:1000", "1:4");
    return_id id = rma_ask(shop, order, LINE(1));
    assert_ok(shop->kit, rma_step(shop, "receiveReturn", id, ""));
    count_stock(shop, id, 1, "false");
    rma_sound(shop);
    id = rma_ask(shop, order, LINE(1));
    assert_ok(shop->kit, rma_step(shop, "receiveReturn", id, ""));
    rma_sound(shop);
    count_stock(shop, id, 2, "true");
    rma_sound(shop);
}

struct word {
    const char *type;
};

static err_t say(struct ctx *ctx, void *arg)
{
    const struct word *word = arg;
    return event_add(ctx, word->type, "package", 7, STR("{}"), NULL);
}

static err_t listen(struct ctx *ctx, void *arg)
{
    size_t *count = arg;
    return event_step(ctx, &returns_room.events->at[0], 100, count);
}

static void hear(struct shop *shop, const char *type)
{
    size_t count = 1;
    struct word word = {type};
    assert_ok(shop->kit, testkit_run(shop->kit, say, &word));
    while (count > 0) {
        testkit_settle(shop->kit);
        assert_ok(shop->kit, testkit_run(shop->kit, listen, &count));
    }
}

/* A word of a carrier that cannot be carried out is a task, and those behind it
 * are heard. */
static void a_word_that_cannot_be_holds_up_no_other(void **state)
{
    struct shop *shop = *state;
    order_id order = rma_shipped(shop, "1", "SHOE:4:1000", "1:4");
    return_id id = rma_ask(shop, order, LINE(3));
    testkit_sql(shop->kit,
                shop_text(shop,
                          "INSERT INTO return_parcels (package_id, return_id, "
                          "bucket, state) VALUES (7, %lld, 0, 1)",
                          (long long)id.v));
    /* What was paid for it is not there to be taken off any more. */
    testkit_sql(shop->kit, "UPDATE return_units SET acceptance = 2");
    testkit_sql(shop->kit, "UPDATE order_lines SET return_requested = 1");
    hear(shop, "package.in_transit");
    assert_int_equal(testkit_events(shop->kit, "return.parcel_refused"), 1);
    assert_int_equal(rma_now(shop, id).state, RETURN_OPEN);
    testkit_sql(shop->kit, "UPDATE return_units SET acceptance = 1");
    testkit_sql(shop->kit, "UPDATE order_lines SET return_requested = 3");
    testkit_sql(shop->kit, "UPDATE return_parcels SET state = 1");
    hear(shop, "package.in_transit");
    assert_int_equal(testkit_events(shop->kit, "return.parcel_refused"), 1);
    assert_int_equal(rma_now(shop, id).state, RETURN_IN_TRANSIT);
}

static void each_check_finds_what_it_is_for(void **state)
{
    struct shop *shop = *state;
    order_id order = rma_shipped(shop, "1", "SHOE:2:1000", "1:2");
    str first;
    (void)rma_ask(shop, order, LINE(2));
    rma_sound(shop);
    testkit_sql(shop->kit, "UPDATE order_lines SET return_requested = 1");
    assert_int_equal(testkit_verify(shop->kit, &returns_room, &first), 1);
    testkit_sql(shop->kit, "UPDATE order_lines SET return_requested = 2");
    testkit_sql(shop->kit, "UPDATE return_units SET qty = 1");
    assert_int_equal(testkit_verify(shop->kit, &returns_room, &first), 2);
    /* Received, says the row; its return is open and no stock moved. */
    testkit_sql(shop->kit, "UPDATE return_units SET qty = 2, reception = 3");
    assert_int_equal(testkit_verify(shop->kit, &returns_room, &first), 2);
    testkit_sql(shop->kit, "UPDATE return_units SET reception = 1");
    testkit_sql(shop->kit, "UPDATE orders SET return_flags = 1");
    assert_int_equal(testkit_verify(shop->kit, &returns_room, &first), 1);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        SHOP(units_come_back_are_looked_at_and_their_worth_is_off),
        SHOP(more_than_was_shipped_or_asked_for_is_refused),
        SHOP(the_rules_of_the_channel_are_kept),
        SHOP(what_does_not_come_in_time_expires),
        SHOP(what_is_lost_or_wrong_is_decided_by_somebody),
        SHOP(goods_go_where_the_channel_sends_them),
        SHOP(what_is_given_at_the_till_is_there_at_once),
        SHOP(numbered_units_come_back_one_by_one),
        SHOP(kits_come_back_by_component),
        SHOP(what_is_rejected_stays_the_buyers),
        SHOP(stock_may_be_counted_no_more_and_again),
        SHOP(a_word_that_cannot_be_holds_up_no_other),
        SHOP(each_check_finds_what_it_is_for),
    };
    int bad = 0;
    do
        bad += RUN_TESTS(tests, argc, argv);
    while (testkit_next_engine());
    return bad;
}
