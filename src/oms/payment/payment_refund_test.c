/* payment_refund_test.c - money given back: never a minor unit too much or too
 * little. */
#include "oms/payment/payment_refund.h"

#include "base/json.h"
#include "base/machine.h"
#include "base/money.h"
#include "base/testing_grid.h"
#include "oms/order/order_fulfil.h"
#include "oms/order/order_pay.h"
#include "oms/order/order_then.h"
#include "oms/order/order_worth.h"
#include "oms/payment/payment_refund_plan.h"
#include "oms/room.h"
#include "oms/shop_testkit.h"
#include "store/event.h"

/* ---- the machine ---- */

static void the_grid_is_the_checked_in_one(void **state)
{
    struct ctx *ctx = *state;
    assert_grid(ctx->arena, &refund_machine, "docs/states/refund.md",
                1u << REFUND_SUCCEEDED | 1u << REFUND_FAILED |
                    1u << REFUND_CANCELLED);
}

static void a_refund_is_what_its_parts_are(void **state)
{
    (void)state;
    for (int n = 0; n < 4 * 4 * 4; n++) {
        struct refund_part parts[3];
        int least = 0, rest = n;
        bool has[5] = {false};
        for (size_t i = 0; i < 3; i++, rest /= 4) {
            parts[i].state = (enum refund_state)(rest % 4 + 1);
            has[parts[i].state] = true;
        }
        least = has[REFUND_PENDING]     ? REFUND_PENDING
                : has[REFUND_FAILED]    ? REFUND_FAILED
                : has[REFUND_CANCELLED] ? REFUND_CANCELLED
                                        : REFUND_SUCCEEDED;
        assert_int_equal(refund_fold(parts, 3), least);
    }
    assert_int_equal(refund_fold(NULL, 0), REFUND_SUCCEEDED);
}

/* ---- in the store ---- */

static int setup(void **state)
{
    struct shop *shop = shop_open(STOCK_POLICY_BACKORDER);
    shop_add_location(shop, "A");
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

static err_t ship(struct ctx *ctx, void *arg)
{
    const order_id *id = arg;
    struct order order;
    struct order_note note = {.type = "order.shipped"};
    TRY(order_lock(ctx, *id, &order));
    struct order before = order_keep(ctx->arena, &order);
    TRY(order_fulfil(ctx, &order, ORDER_PICK, 1, 3));
    TRY(order_fulfil(ctx, &order, ORDER_SHIP, 1, 3));
    note.event_id = event_id(ctx, order.id.v);
    return order_note(ctx, &before, &order, &note);
}

/* Three units for 10.00 and post for 4.90; all shipped. */
static order_id place(struct shop *shop)
{
    struct testkit_reply reply;
    const char *body = "{\"channel\":\"web\",\"external_id\":\"1\",\"lines\":["
                       "{\"sku\":\"GIFT\",\"quantity\":3,\"unit_price\":"
                       "{\"amount\":400,\"currency\":\"EUR\"},\"discount\":"
                       "{\"amount\":200,\"currency\":\"EUR\"}}],"
                       "\"shipping_lines\":[{\"title\":\"Post\",\"price\":"
                       "{\"amount\":490,\"currency\":\"EUR\"}}]}";
    assert_string_equal(shop_place(shop, body, &reply), "");
    order_id id = shop_order_id(shop, &reply);
    assert_ok(shop->kit, testkit_run(shop->kit, ship, &id));
    return id;
}

static err_t call(struct shop *shop, const char *operation, const char *id,
                  const char *body, struct testkit_reply *ret)
{
    struct testkit_call call = {
        .operation = operation, .path = {id}, .body = body};
    shop_call(shop, &payment_room, &call, ret);
    return ret->err;
}

static payment_id pay(struct shop *shop, order_id order, int64_t amount)
{
    struct testkit_reply reply;
    payment_id id;
    const char *body =
        shop_text(shop,
                  "{\"tender\":\"card\",\"amount\":{\"amount\":%lld,"
                  "\"currency\":\"EUR\"},\"done\":\"captured\"}",
                  (long long)amount);
    assert_ok(shop->kit, call(shop, "createPayment",
                              shop_id(shop, "ord", order.v), body, &reply));
    assert_ok(&reply.ctx, json_get_id(reply.json, "id", "pay", &id.v));
    return id;
}

static const char *eur(struct shop *shop, const char *key, int64_t amount)
{
    return shop_text(shop, ",\"%s\":{\"amount\":%lld,\"currency\":\"EUR\"}",
                     key, (long long)amount);
}

/* `more` begins with a comma, or is empty. */
static err_t give_back(struct shop *shop, order_id order, const char *more,
                       struct testkit_reply *ret)
{
    struct order now = shop_order(shop, order);
    return call(
        shop, "createRefund", shop_id(shop, "ord", order.v),
        shop_text(shop, "{\"version\":%lld%s}", (long long)now.version, more),
        ret);
}

struct seen {
    order_id order;
    struct refund *all;
    size_t count;
};

static err_t look(struct ctx *ctx, void *arg)
{
    struct seen *seen = arg;
    return refund_list(ctx, seen->order, &seen->all, &seen->count);
}

/* The latest of them. */
static struct refund last(struct shop *shop, order_id order)
{
    struct seen seen = {.order = order};
    assert_ok(shop->kit, testkit_read(shop->kit, look, &seen));
    assert_true(seen.count > 0);
    return seen.all[seen.count - 1];
}

static int64_t balance(struct shop *shop, order_id id)
{
    struct order order = shop_order(shop, id);
    return order_balance(&order);
}

static int64_t refunded(struct shop *shop, order_id id)
{
    return shop_order(shop, id).pay.refunded;
}

static void sound(struct shop *shop)
{
    str first;
    shop_drain(shop);
    if (testkit_verify(shop->kit, &order_room, &first) > 0 ||
        testkit_verify(shop->kit, &payment_room, &first) > 0)
        fail_msg("%.*s", STR_ARG(first));
}

static void units_shipping_and_goodwill_are_given_back(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    order_id id = place(shop);
    pay(shop, id, 1490);
    const char *units = ",\"lines\":[{\"n\":1,\"quantity\":2}]";
    assert_ok(shop->kit, give_back(shop, id, units, &reply));
    assert_int_equal(reply.status, 201);
    struct refund made = last(shop, id);
    assert_int_equal(made.state, REFUND_SUCCEEDED);
    assert_int_equal(made.version, 2);
    assert_int_equal(made.amount, 666);
    assert_int_equal(made.lines[0].amount, 666);
    assert_ok(shop->kit,
              give_back(shop, id, eur(shop, "shipping", 490), &reply));
    assert_ok(shop->kit,
              give_back(shop, id, eur(shop, "allowance", 34), &reply));
    assert_int_equal(refunded(shop, id), 666 + 490 + 34);
    assert_ok(
        shop->kit,
        give_back(shop, id, ",\"lines\":[{\"n\":1,\"quantity\":1}]", &reply));
    assert_int_equal(last(shop, id).amount, 300); /* 334 less 34 given. */
    assert_int_equal(refunded(shop, id), 1490);
    assert_int_equal(balance(shop, id), 0);
    assert_int_equal(testkit_events(shop->kit, "refund.created"), 4);
    assert_int_equal(testkit_events(shop->kit, "refund.succeeded"), 4);
    assert_int_equal(testkit_events(shop->kit, "order.worth_changed"), 4);
    assert_int_equal(give_back(shop, id, "", &reply), ERR_INVALID);
    assert_slug(shop->kit, "nothing_to_refund");
    sound(shop);
}

/* All of the post, to one payment. */
static const char *post_to(struct shop *shop, const char *payment,
                           int64_t amount)
{
    return shop_text(shop,
                     ",\"shipping\":{\"amount\":490,\"currency\":\"EUR\"},"
                     "\"tenders\":[{\"payment_id\":\"%s\",\"amount\":"
                     "{\"amount\":%lld,\"currency\":\"EUR\"}}]",
                     payment, (long long)amount);
}

/* C11, C17: neither more than is owed, nor more than a tender paid. */
static void C11_over_refunds_are_refused_with_the_limit(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    order_id id = place(shop);
    payment_id first = pay(shop, id, 1000);
    payment_id second = pay(shop, id, 490);
    const char *a = shop_id(shop, "pay", first.v);
    const char *b = shop_id(shop, "pay", second.v);
    assert_int_equal(give_back(shop, id, eur(shop, "amount", 1), &reply),
                     ERR_INVALID);
    assert_slug(shop->kit, "over_refunded");
    assert_non_null(strstr(shop->kit->err.text, "0.00 EUR"));
    assert_int_equal(give_back(shop, id, post_to(shop, b, 491), &reply),
                     ERR_INVALID);
    assert_slug(shop->kit, "over_refunded");
    assert_string_equal(shop->kit->err.field, "tenders[0].amount");
    assert_int_equal(give_back(shop, id, post_to(shop, a, 491), &reply),
                     ERR_INVALID);
    assert_string_equal(shop->kit->err.field, "amount");
    assert_non_null(strstr(shop->kit->err.text, "4.90 EUR"));
    assert_int_equal(refunded(shop, id), 0);
    assert_int_equal(shop_order(shop, id).charges_now, 490);
    assert_ok(shop->kit, give_back(shop, id, post_to(shop, a, 490), &reply));
    assert_int_equal(give_back(shop, id, eur(shop, "shipping", 1), &reply),
                     ERR_INVALID);
    assert_slug(shop->kit, "over_shipping");
    assert_int_equal(last(shop, id).parts[0].payment.v, first.v);
    sound(shop);
}

/* C17: without a word the latest payment gives first. */
static void C17_the_latest_payment_gives_first(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    order_id id = place(shop);
    payment_id first = pay(shop, id, 1000);
    payment_id second = pay(shop, id, 490);
    assert_ok(
        shop->kit,
        give_back(shop, id, ",\"lines\":[{\"n\":1,\"quantity\":3}]", &reply));
    struct refund made = last(shop, id);
    assert_int_equal(made.part_count, 2);
    assert_int_equal(made.parts[0].payment.v, second.v);
    assert_int_equal(made.parts[0].amount, 490);
    assert_int_equal(made.parts[1].payment.v, first.v);
    assert_int_equal(made.parts[1].amount, 510);
    sound(shop);
}

/* Named in whatever order: the answer says what is read of it later. */
static void named_tenders_are_answered_as_they_are_read(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    order_id id = place(shop);
    payment_id first = pay(shop, id, 1000);
    payment_id second = pay(shop, id, 490);
    const char *a = shop_id(shop, "pay", first.v);
    const char *b = shop_id(shop, "pay", second.v);
    const char *both = shop_text(
        shop,
        "%s,\"tenders\":[{\"payment_id\":\"%s\",\"amount\":{\"amount\":290,"
        "\"currency\":\"EUR\"}},{\"payment_id\":\"%s\",\"amount\":"
        "{\"amount\":200,\"currency\":\"EUR\"}}]",
        eur(shop, "shipping", 490), a, b);
    assert_ok(shop->kit, give_back(shop, id, both, &reply));
    struct refund made = last(shop, id);
    assert_int_equal(made.parts[0].payment.v, second.v);
    assert_int_equal(made.parts[0].amount, 200);
    struct json_list tenders;
    struct json_in *at;
    str said;
    assert_int_equal(json_get_list(reply.json, "tenders", 2, 2, &tenders), OK);
    assert_int_equal(json_list_object(&tenders, 0, &at), OK);
    assert_int_equal(json_get_str(at, "payment_id", 1, 40, &said), OK);
    assert_str(said, b);
    sound(shop);
}

static err_t end(struct shop *shop, const char *operation, order_id order)
{
    struct testkit_reply reply;
    struct refund refund = last(shop, order);
    return call(
        shop, operation, shop_id(shop, "rfd", refund.id.v),
        shop_text(shop, "{\"version\":%lld}", (long long)refund.version),
        &reply);
}

static void money_on_its_way_is_not_given_twice(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    order_id id = place(shop);
    pay(shop, id, 1490);
    const char *later =
        shop_text(shop, "%s,\"later\":true", eur(shop, "shipping", 490));
    assert_ok(shop->kit, give_back(shop, id, later, &reply));
    assert_int_equal(last(shop, id).state, REFUND_PENDING);
    assert_int_equal(balance(shop, id), -490);
    assert_int_equal(give_back(shop, id, "", &reply), ERR_INVALID);
    assert_slug(shop->kit, "nothing_to_refund");
    assert_ok(shop->kit, end(shop, "failRefund", id));
    assert_int_equal(end(shop, "succeedRefund", id), ERR_STATE);
    assert_slug(shop->kit, "refund_state");
    assert_ok(shop->kit, give_back(shop, id, ",\"later\":true", &reply));
    assert_int_equal(last(shop, id).amount, 490);
    assert_ok(shop->kit, end(shop, "cancelRefund", id));
    assert_ok(shop->kit, give_back(shop, id, ",\"later\":true", &reply));
    assert_int_equal(refunded(shop, id), 0);
    assert_ok(shop->kit, end(shop, "succeedRefund", id));
    assert_int_equal(refunded(shop, id), 490);
    assert_int_equal(balance(shop, id), 0);
    sound(shop);
}

static void a_preview_writes_nothing_and_tells_the_same(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply seen, made;
    struct json_in *a, *b;
    money x, y;
    order_id id = place(shop);
    pay(shop, id, 1490);
    int64_t version = shop_order(shop, id).version;
    const char *units = ",\"lines\":[{\"n\":1,\"quantity\":1}]";
    assert_ok(shop->kit, call(shop, "previewRefund", shop_id(shop, "ord", id.v),
                              shop_text(shop, "{%s}", units + 1), &seen));
    assert_int_equal(shop_order(shop, id).version, version);
    assert_int_equal(testkit_events(shop->kit, "refund.created"), 0);
    assert_ok(shop->kit, give_back(shop, id, units, &made));
    a = seen.json;
    b = made.json;
    assert_ok(&seen.ctx, json_get_money(a, "amount", NULL, &x));
    assert_ok(&made.ctx, json_get_money(b, "amount", NULL, &y));
    assert_true(money_equal(x, y));
    assert_int_equal(x.minor, 333);
}

static void who_saw_an_old_order_learns_it(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    order_id id = place(shop);
    pay(shop, id, 1490);
    assert_int_equal(call(shop, "createRefund", shop_id(shop, "ord", id.v),
                          "{\"version\":1}", &reply),
                     ERR_STALE);
}

struct settle {
    order_id order;
    struct refund refund;
    bool is_made;
};

static err_t run_settle(struct ctx *ctx, void *arg)
{
    struct settle *settle = arg;
    return refund_settle(ctx, settle->order, STR("returned"), &settle->refund,
                         &settle->is_made);
}

static err_t take_back(struct ctx *ctx, void *arg)
{
    const order_id *id = arg;
    struct order order;
    struct order_note note = {.type = "order.returned"};
    TRY(order_lock(ctx, *id, &order));
    struct order before = order_keep(ctx->arena, &order);
    TRY(order_worth_return_ask(ctx, &order, 1, 2));
    TRY(order_worth_return(ctx, &order, 1, 2));
    note.event_id = event_id(ctx, order.id.v);
    return order_note(ctx, &before, &order, &note);
}

static void rooms_above_settle_what_they_took_off(void **state)
{
    struct shop *shop = *state;
    order_id id = place(shop);
    struct settle settle = {.order = id};
    pay(shop, id, 1490);
    assert_ok(shop->kit, testkit_run(shop->kit, run_settle, &settle));
    assert_false(settle.is_made);
    assert_ok(shop->kit, testkit_run(shop->kit, take_back, &id));
    assert_int_equal(balance(shop, id), -666);
    assert_ok(shop->kit, testkit_run(shop->kit, run_settle, &settle));
    assert_true(settle.is_made);
    assert_int_equal(settle.refund.amount, 666);
    assert_int_equal(balance(shop, id), 0);
    sound(shop);
}

/* A preview refuses what the refund would be refused for, and rooms above are
 * refused before anything is written. */
static void what_has_no_room_is_refused_by_the_preview(void **state)
{
    static const char *const slugs[] = {"too_many_transactions",
                                        "too_many_refunds"};
    struct shop *shop = *state;
    struct testkit_reply reply;
    order_id id = place(shop);
    struct settle settle = {.order = id};
    const char *units = ",\"lines\":[{\"n\":1,\"quantity\":1}]";
    pay(shop, id, 1490);
    shop_fill_payments(shop, id);
    for (size_t i = 0; i < COUNT_OF(slugs); i++) {
        if (i == 1)
            shop_fill_refunds(shop, id);
        assert_int_equal(call(shop, "previewRefund", shop_id(shop, "ord", id.v),
                              shop_text(shop, "{%s}", units + 1), &reply),
                         ERR_STATE);
        assert_slug(shop->kit, slugs[i]);
        assert_int_equal(give_back(shop, id, units, &reply), ERR_STATE);
        assert_slug(shop->kit, slugs[i]);
        assert_ok(shop->kit, testkit_run(shop->kit, run_settle, &settle));
        assert_false(settle.is_made); /* Nothing is owed, nothing refused. */
    }
    assert_ok(shop->kit, testkit_run(shop->kit, take_back, &id));
    assert_int_equal(testkit_run(shop->kit, run_settle, &settle), ERR_STATE);
}

/* C10: nothing is left of an order but a few minor units; they are given. */
static void C10_the_last_minor_unit_is_given_back(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    order_id id = place(shop);
    pay(shop, id, 1490);
    for (int i = 0; i < 3; i++)
        assert_ok(shop->kit,
                  give_back(shop, id, ",\"lines\":[{\"n\":1,\"quantity\":1}]",
                            &reply));
    assert_ok(shop->kit,
              give_back(shop, id, eur(shop, "shipping", 489), &reply));
    assert_int_equal(balance(shop, id), 0);
    assert_ok(shop->kit, give_back(shop, id, eur(shop, "shipping", 1), &reply));
    assert_int_equal(refunded(shop, id), 1490);
    sound(shop);
}

/* C12: the discount of a line is in what its units were paid. */
static void C12_units_give_back_what_was_paid_after_discount(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    order_id id = place(shop);
    pay(shop, id, 1490);
    assert_ok(
        shop->kit,
        give_back(shop, id, ",\"lines\":[{\"n\":1,\"quantity\":3}]", &reply));
    assert_int_equal(last(shop, id).amount, 1000);
}

/* An order that nobody paid owes nobody: its worth goes down, no money. */
static void what_nobody_paid_is_not_given_back(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    order_id id = place(shop);
    assert_ok(shop->kit,
              give_back(shop, id, eur(shop, "shipping", 490), &reply));
    struct refund made = last(shop, id);
    assert_int_equal(made.amount + (int64_t)made.part_count, 0);
    assert_int_equal(made.state, REFUND_SUCCEEDED);
    assert_int_equal(balance(shop, id), 1000);
    sound(shop);
}

static void refunds_past_every_command_are_found(void **state)
{
    static const struct {
        const char *bent, *undo;
    } cases[] = {
        {"UPDATE refunds SET amount = 332",      "UPDATE refunds SET amount = 333"},
        {"UPDATE refunds SET state = 3",         "UPDATE refunds SET state = 2"   },
        {"UPDATE refund_lines SET qty = 2",      "UPDATE refund_lines SET qty = 1"},
        {"UPDATE refunds SET allowance = 1",
         "UPDATE refunds SET allowance = 0"                                       },
        {"UPDATE refund_parts SET amount = 334",
         "UPDATE refund_parts SET amount = 333"                                   },
    };
    struct shop *shop = *state;
    struct testkit_reply reply;
    str first;
    order_id id = place(shop);
    pay(shop, id, 1490);
    assert_ok(
        shop->kit,
        give_back(shop, id, ",\"lines\":[{\"n\":1,\"quantity\":1}]", &reply));
    sound(shop);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        testkit_sql(shop->kit, cases[i].bent);
        assert_true(testkit_verify(shop->kit, &payment_room, &first) > 0);
        testkit_sql(shop->kit, cases[i].undo);
        sound(shop);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest pure[] = {
        TEST(the_grid_is_the_checked_in_one),
        TEST(a_refund_is_what_its_parts_are),
    };
    const struct CMUnitTest stored[] = {
        SHOP(units_shipping_and_goodwill_are_given_back),
        SHOP(C11_over_refunds_are_refused_with_the_limit),
        SHOP(C17_the_latest_payment_gives_first),
        SHOP(named_tenders_are_answered_as_they_are_read),
        SHOP(money_on_its_way_is_not_given_twice),
        SHOP(a_preview_writes_nothing_and_tells_the_same),
        SHOP(who_saw_an_old_order_learns_it),
        SHOP(rooms_above_settle_what_they_took_off),
        SHOP(what_has_no_room_is_refused_by_the_preview),
        SHOP(C10_the_last_minor_unit_is_given_back),
        SHOP(C12_units_give_back_what_was_paid_after_discount),
        SHOP(what_nobody_paid_is_not_given_back),
        SHOP(refunds_past_every_command_are_found),
    };
    int bad = RUN_TESTS(pure, argc, argv);
    do
        bad += cmocka_run_group_tests_name("refund", stored, NULL, NULL);
    while (testkit_next_engine());
    return bad;
}
