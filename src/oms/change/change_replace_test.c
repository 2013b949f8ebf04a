/* change_replace_test.c - goods that are sent once more, for nothing (A7.14).
 */
#include "base/json.h"
#include "oms/change/change.h"
#include "oms/change/change_edit_testkit.h"
#include "oms/change/change_exchange.h"
#include "oms/fulfillment/fulfillment_testkit.h"
#include "oms/returns/returns_testkit.h"
#include "oms/room.h"
#include "store/event.h"

static err_t replace(struct shop *shop, order_id order, int line, int qty)
{
    struct testkit_reply reply;
    struct testkit_call call = {
        .operation = "replaceGoods",
        .path = {shop_id(shop, "ord", order.v)},
        .body =
            shop_text(shop,
                      "{\"version\":%lld,\"line\":%d,\"quantity\":%d,"
                      "\"cause\":\"lost\"}",
                      (long long)shop_order(shop, order).version, line, qty)};
    shop_call(shop, &replace_room, &call, &reply);
    return reply.err;
}

static void refused(struct shop *shop, order_id order, int qty,
                    const char *limit)
{
    assert_int_equal(replace(shop, order, 1, qty), ERR_INVALID);
    assert_slug(shop->kit, "over_replaced");
    assert_non_null(strstr(shop->kit->err.text, limit));
}

/* The replacement leaves as any line; nothing is due for it, and nothing of
 * what was paid is given back. */
static void what_was_lost_is_sent_again_for_nothing(void **state)
{
    struct shop *shop = *state;
    order_id order = rma_shipped(shop, "1", "SHOE:3:1000", "1:3");
    struct fulfillment *fos;
    rma_paid(shop, order, 3000);
    refused(shop, order, 4, "3 to replace");
    assert_ok(shop->kit, replace(shop, order, 1, 2));
    struct order seen = shop_order(shop, order);
    assert_int_equal(seen.line_count, 2);
    assert_int_equal(seen.lines[1].total_now, 0);
    assert_int_equal(seen.lines[0].total_now, 3000);
    assert_int_equal(order_balance(&seen), 0);
    assert_int_equal(shop_level(shop, "SHOE", "A").committed, 2);
    rma_expect_money(shop, order, 3000, 0);
    refused(shop, order, 2, "1 to replace");
    shop_drain(shop);
    assert_int_equal(shop_fulfillments(shop, order, &fos), 2);
    size_t at = fos[0].status == FULFILLMENT_OPEN ? 0 : 1;
    assert_string_equal(shop_note(shop, fos[at].id, NOTE_PICKED, "2:2"), "");
    assert_string_equal(shop_note(shop, fos[at].id, NOTE_PACKED, "2:2"), "");
    assert_string_equal(shop_note(shop, fos[at].id, NOTE_SHIPPED, "2:2"), "");
    assert_int_equal(shop_level(shop, "SHOE", "A").on_hand, 5);
    /* It is lost, too. */
    assert_ok(shop->kit, replace(shop, order, 2, 1));
    rma_expect_money(shop, order, 3000, 0);
}

/* Units whose money goes back are not replaced, and the reverse holds of those
 * that are asked back. */
static void money_or_goods(void **state)
{
    struct shop *shop = *state;
    order_id order = rma_shipped(shop, "1", "SHOE:2:1000", "1:2");
    rma_paid(shop, order, 2000);
    return_id id = rma_ask(shop, order, LINE(1));
    refused(shop, order, 2, "1 to replace");
    assert_ok(shop->kit, replace(shop, order, 1, 1));
    refused(shop, order, 1, "0 to replace");
    assert_ok(shop->kit, rma_step(shop, "cancelReturn", id, ""));
    assert_ok(shop->kit, replace(shop, order, 1, 1));
    assert_int_equal(shop_order(shop, order).line_count, 3);
    assert_int_equal(replace(shop, order, 4, 1), ERR_INVALID);
    assert_slug(shop->kit, "line_unknown");
    rma_expect_money(shop, order, 2000, 0);
}

/* ---- what waits for the goods that it is for ---- */

struct waiting {
    order_id order;
    return_id rma;
};

static err_t replace_for(struct shop *shop, struct waiting w, int line, int qty)
{
    struct testkit_reply reply;
    struct testkit_call call = {
        .operation = "replaceGoods",
        .path = {shop_id(shop, "ord", w.order.v)},
        .body = shop_text(shop,
                          "{\"version\":%lld,\"line\":%d,\"quantity\":%d,"
                          "\"cause\":\"damaged\",\"return\":\"%s\"}",
                          (long long)shop_order(shop, w.order).version, line,
                          qty, shop_id(shop, "ret", w.rma.v))};
    shop_call(shop, &replace_room, &call, &reply);
    return reply.err;
}

/* Two are paid, one is broken and asked back. */
static struct waiting waiting(struct shop *shop, const char *policy)
{
    struct waiting w = {.order = rma_shipped(shop, "1", "SHOE:2:1000", "1:2")};
    rma_paid(shop, w.order, 2000);
    rma_policy(shop, 0, policy);
    w.rma = rma_ask(shop, w.order, LINE(1));
    return w;
}

static size_t open_fos(struct shop *shop, order_id id)
{
    struct fulfillment *fos;
    size_t n = 0, count;
    shop_drain(shop);
    count = shop_fulfillments(shop, id, &fos);
    for (size_t i = 0; i < count; i++)
        n += fos[i].status == FULFILLMENT_OPEN;
    return n;
}

static void judge(struct shop *shop, return_id id, const char *acceptance,
                  const char *disposition)
{
    assert_ok(shop->kit,
              rma_step(shop, "inspectReturn", id,
                       shop_text(shop,
                                 ",\"items\":[{\"unit\":1,\"acceptance\":"
                                 "\"%s\",\"disposition\":\"%s\"}]",
                                 acceptance, disposition)));
}

/* It is promised at once and leaves once the broken one came; nothing is due
 * for it, whatever is kept of a return, and nothing goes back. */
static void what_broke_comes_first(void **state)
{
    struct shop *shop = *state;
    struct waiting w = waiting(shop, ",\"refund\":\"on_inspection\","
                                     "\"restocking_ppm\":333333");
    assert_ok(shop->kit, replace_for(shop, w, 1, 1));
    assert_int_equal(shop_level(shop, "SHOE", "A").committed, 1);
    assert_int_equal(open_fos(shop, w.order), 0);
    assert_int_equal(testkit_events(shop->kit, "exchange.awaiting_return"), 1);
    rma_sound(shop);
    assert_int_equal(replace_for(shop, w, 1, 1), ERR_STATE);
    assert_slug(shop->kit, "return_exchanged");
    refused(shop, w.order, 2, "1 to replace");
    assert_ok(shop->kit, rma_step(shop, "receiveReturn", w.rma, ""));
    assert_int_equal(open_fos(shop, w.order), 1);
    judge(shop, w.rma, "accepted", "damaged");
    shop_drain(shop);
    rma_expect_money(shop, w.order, 2000, 0);
    struct order seen = shop_order(shop, w.order);
    assert_int_equal(order_balance(&seen), 0);
    assert_int_equal(seen.lines[1].total_now, 667);
}

/* Nothing comes: it is given up by itself, and its units are free. */
static void what_does_not_come_is_not_replaced(void **state)
{
    struct shop *shop = *state;
    struct waiting w = waiting(shop, "");
    assert_ok(shop->kit, replace_for(shop, w, 1, 1));
    assert_ok(shop->kit, rma_step(shop, "cancelReturn", w.rma, ""));
    assert_int_equal(open_fos(shop, w.order), 0);
    assert_int_equal(testkit_events(shop->kit, "exchange.cancelled"), 1);
    assert_int_equal(shop_level(shop, "SHOE", "A").committed, 0);
    assert_int_equal(shop_order(shop, w.order).status, ORDER_COMPLETED);
    rma_expect_money(shop, w.order, 2000, 0);
    assert_int_equal(replace_for(shop, w, 1, 1), ERR_STATE);
    assert_slug(shop->kit, "return_over");
    refused(shop, w.order, 3, "2 to replace");
}

/* Something that changes nothing of it. */
static err_t nudge(struct ctx *ctx, void *arg)
{
    return event_add(ctx, "nothing.new", "return", *(const int64_t *)arg,
                     STR("{}"), NULL);
}

/* It is to be given up, and the order may not be changed: a person is told,
 * once, and the others are looked at; it is given up once that may be. */
static void one_that_is_refused_does_not_stop_the_others(void **state)
{
    struct shop *shop = *state;
    struct waiting bad = waiting(shop, "");
    assert_ok(shop->kit, replace_for(shop, bad, 1, 1));
    shop_drain(shop);
    int64_t committed = shop_level(shop, "SHOE", "A").committed;
    const char *turned =
        shop_text(shop,
                  "UPDATE orders SET is_history = 1 - is_history "
                  "WHERE id = %lld",
                  (long long)bad.order.v);
    assert_ok(shop->kit, rma_step(shop, "cancelReturn", bad.rma, ""));
    testkit_sql(shop->kit, turned);
    shop_drain(shop);
    assert_int_equal(testkit_events(shop->kit, "exchange.cancelled"), 0);
    assert_int_equal(testkit_events(shop->kit, "exchange.refused"), 1);
    assert_int_equal(shop_level(shop, "SHOE", "A").committed, committed);
    assert_ok(shop->kit, testkit_run(shop->kit, nudge, &bad.rma.v));
    shop_drain(shop);
    assert_int_equal(testkit_events(shop->kit, "exchange.refused"), 1);
    testkit_sql(shop->kit, turned);
    rma_sound(shop);
    assert_ok(shop->kit, testkit_run(shop->kit, nudge, &bad.rma.v));
    shop_drain(shop);
    assert_int_equal(testkit_events(shop->kit, "exchange.cancelled"), 1);
}

struct kept {
    order_id order;
    struct exchange *all;
    size_t count;
};

static err_t read_kept(struct ctx *ctx, void *arg)
{
    struct kept *kept = arg;
    return exchange_list(ctx, kept->order, &kept->all, &kept->count);
}

static err_t give_up(struct ctx *ctx, void *arg)
{
    const struct kept *kept = arg;
    const struct edit *edit = &kept->all[0].edit;
    struct edit_cmd cmd = {.id = edit->id, .version = edit->version};
    struct exchange at;
    struct order order;
    return exchange_cancel(ctx, &cmd, &at, &order);
}

static void who_gives_it_up_by_hand_ends_the_refusal(void **state)
{
    struct shop *shop = *state;
    struct waiting bad = waiting(shop, "");
    struct kept kept = {.order = bad.order};
    const char *turned = "UPDATE orders SET is_history = 1 - is_history";
    assert_ok(shop->kit, replace_for(shop, bad, 1, 1));
    shop_drain(shop);
    assert_ok(shop->kit, rma_step(shop, "cancelReturn", bad.rma, ""));
    testkit_sql(shop->kit, turned);
    shop_drain(shop);
    testkit_sql(shop->kit, turned);
    assert_ok(shop->kit, testkit_read(shop->kit, read_kept, &kept));
    assert_str(kept.all[0].refused, "order_not_changeable");
    assert_ok(shop->kit, testkit_run(shop->kit, give_up, &kept));
    assert_ok(shop->kit, testkit_read(shop->kit, read_kept, &kept));
    assert_int_equal(kept.all[0].state, EXCHANGE_CANCELLED);
    assert_str(kept.all[0].refused, "");
}

/* It came and is not taken back: nothing leaves for it. */
static void what_is_rejected_is_not_replaced(void **state)
{
    struct shop *shop = *state;
    struct waiting w = waiting(shop, ",\"exchange\":\"on_inspection\"");
    assert_int_equal(replace_for(shop, w, 1, 2), ERR_INVALID);
    assert_slug(shop->kit, "return_differs");
    assert_ok(shop->kit, replace_for(shop, w, 1, 1));
    assert_ok(shop->kit, rma_step(shop, "receiveReturn", w.rma, ""));
    assert_int_equal(open_fos(shop, w.order), 0);
    judge(shop, w.rma, "rejected", "keep");
    assert_int_equal(open_fos(shop, w.order), 0);
    assert_int_equal(testkit_events(shop->kit, "exchange.cancelled"), 1);
    assert_int_equal(shop_level(shop, "SHOE", "A").committed, 0);
    rma_expect_money(shop, w.order, 2000, 0);
}

/* What is sent for nothing is as much as was lost, whatever is edited. */
static void no_change_adds_to_a_replacement(void **state)
{
    struct shop *shop = *state;
    order_id order = rma_shipped(shop, "1", "SHOE:2:1000", "1:2");
    rma_paid(shop, order, 2000);
    assert_ok(shop->kit, replace(shop, order, 1, 1));
    assert_string_equal(
        edit_test_change(shop, order,
                         "{'type':'set_quantity','line':2,'quantity':3}"),
        "over_replaced");
    assert_string_equal(
        edit_test_change(shop, order,
                         "{'type':'set_quantity','line':1,'quantity':3}"),
        "");
    assert_string_equal(
        edit_test_change(shop, order, "{'type':'remove_line','line':2}"), "");
    assert_string_equal(
        edit_test_change(shop, order,
                         "{'type':'set_quantity','line':2,'quantity':1}"),
        "over_replaced");
    rma_expect_money(shop, order, 3000, 0);
}

static void each_check_finds_what_it_is_for(void **state)
{
    struct shop *shop = *state;
    order_id order = rma_shipped(shop, "1", "SHOE:2:1000", "1:2");
    str first;
    assert_ok(shop->kit, replace(shop, order, 1, 1));
    assert_int_equal(testkit_verify(shop->kit, &replace_room, &first), 0);
    testkit_sql(shop->kit, "UPDATE order_replacements SET qty = 2");
    assert_int_equal(testkit_verify(shop->kit, &replace_room, &first), 1);
    testkit_sql(shop->kit, "UPDATE order_replacements SET qty = 1");
    testkit_sql(shop->kit, "UPDATE order_lines SET ordered = 9, "
                           "unallocated = unallocated + 8 WHERE n = 2");
    assert_int_equal(testkit_verify(shop->kit, &replace_room, &first), 1);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        SHOP(what_was_lost_is_sent_again_for_nothing),
        SHOP(money_or_goods),
        SHOP(what_broke_comes_first),
        SHOP(what_does_not_come_is_not_replaced),
        SHOP(one_that_is_refused_does_not_stop_the_others),
        SHOP(who_gives_it_up_by_hand_ends_the_refusal),
        SHOP(what_is_rejected_is_not_replaced),
        SHOP(no_change_adds_to_a_replacement),
        SHOP(each_check_finds_what_it_is_for),
    };
    int bad = 0;
    do
        bad += RUN_TESTS(tests, argc, argv);
    while (testkit_next_engine());
    return bad;
}
