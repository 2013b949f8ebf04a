/* payment_credit_test.c - gift cards and store credit, in the store. */
#include "oms/payment/payment_credit.h"

#include "base/json.h"
#include "base/testing.h"
#include "oms/customer/customer.h"
#include "oms/order/order_pay.h"
#include "oms/payment/payment_refund.h"
#include "oms/shop_testkit.h"

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

static err_t call(struct shop *shop, const char *operation, const char *id,
                  const char *body, struct testkit_reply *ret)
{
    struct testkit_call call = {
        .operation = operation, .path = {id}, .body = body};
    shop_call(shop, &payment_room, &call, ret);
    return ret->err;
}

static const char *amount(struct shop *shop, int64_t minor)
{
    return shop_text(shop, "\"amount\":{\"amount\":%lld,\"currency\":\"EUR\"}",
                     (long long)minor);
}

struct issue {
    struct gift_card_cmd cmd;
    struct credit card;
    str code;
    char text[CREDIT_CODE_BYTES + 1];
};

static err_t issue(struct ctx *ctx, void *arg)
{
    struct issue *made = arg;
    TRY(gift_card_issue(ctx, &made->cmd, &made->card, &made->code));
    snprintf(made->text, sizeof made->text, "%.*s", STR_ARG(made->code));
    return OK;
}

static struct issue card_of(struct shop *shop, int64_t minor)
{
    struct issue made = {
        .cmd = {.amount = minor, .currency = "EUR"}
    };
    assert_ok(shop->kit, testkit_run(shop->kit, issue, &made));
    return made;
}

struct look {
    credit_id id;
    struct credit credit;
    struct credit_entry *entries;
    size_t count;
};

static err_t look(struct ctx *ctx, void *arg)
{
    struct look *seen = arg;
    TRY(credit_get(ctx, seen->id, &seen->credit));
    return credit_entries(ctx, seen->id, &seen->entries, &seen->count);
}

static struct look see(struct shop *shop, credit_id id)
{
    struct look seen = {.id = id};
    assert_ok(shop->kit, testkit_read(shop->kit, look, &seen));
    return seen;
}

struct find {
    const char *code;
    struct credit card;
};

static err_t find(struct ctx *ctx, void *arg)
{
    struct find *find = arg;
    return gift_card_find(ctx, str_from_cstr(find->code), &find->card);
}

static void codes_are_found_however_they_are_written(void **state)
{
    struct shop *shop = *state;
    struct issue made = card_of(shop, 5000);
    char loud[64] = " ";
    assert_int_equal(strlen(made.text), CREDIT_CODE_BYTES);
    for (size_t i = 0; i < CREDIT_CODE_BYTES; i++) {
        char c = made.text[i];
        loud[i + 1] = (char)(c == '0'               ? 'O'
                             : c == '1'             ? 'l'
                             : c == '-'             ? ' '
                             : c >= 'a' && c <= 'z' ? c - 'a' + 'A'
                                                    : c);
    }
    struct find known = {.code = loud};
    assert_ok(shop->kit, testkit_read(shop->kit, find, &known));
    assert_int_equal(known.card.id.v, made.card.id.v);
    assert_str(known.card.code_end, made.text + CREDIT_CODE_BYTES - 4);
    struct find unknown = {.code = "0000-0000-0000-0000"};
    assert_int_equal(testkit_read(shop->kit, find, &unknown), ERR_NOT_FOUND);
}

/* An order of 100.00 EUR of a buyer. */
static order_id place(struct shop *shop, const char *external_id)
{
    struct testkit_reply reply;
    const char *body = shop_text(
        shop,
        "{\"channel\":\"web\",\"external_id\":\"%s\",\"customer\":{\"name\":"
        "\"Ada\",\"email\":\"ada@example.org\"},\"lines\":[{\"sku\":\"GIFT\","
        "\"quantity\":1,\"unit_price\":{\"amount\":10000,\"currency\":"
        "\"EUR\"}}]}",
        external_id);
    assert_string_equal(shop_place(shop, body, &reply), "");
    shop_drain(shop);
    return shop_order_id(shop, &reply);
}

static err_t pay_card(struct shop *shop, order_id order, credit_id card,
                      int64_t minor)
{
    struct testkit_reply reply;
    return call(shop, "createPayment", shop_id(shop, "ord", order.v),
                shop_text(shop,
                          "{\"tender\":\"gift_card\",%s,"
                          "\"gift_card_id\":\"%s\"}",
                          amount(shop, minor), shop_id(shop, "gft", card.v)),
                &reply);
}

static err_t pay_with(struct shop *shop, order_id order, const char *tender,
                      int64_t minor)
{
    struct testkit_reply reply;
    return call(
        shop, "createPayment", shop_id(shop, "ord", order.v),
        shop_text(shop, "{\"tender\":\"%s\",%s%s}", tender, amount(shop, minor),
                  strcmp(tender, "card") == 0 ? ",\"done\":\"captured\"" : ""),
        &reply);
}

static err_t refund(struct shop *shop, order_id order, const char *more)
{
    struct testkit_reply reply;
    struct order now = shop_order(shop, order);
    return call(
        shop, "createRefund", shop_id(shop, "ord", order.v),
        shop_text(shop, "{\"version\":%lld%s}", (long long)now.version, more),
        &reply);
}

static const char *allow(struct shop *shop, int64_t minor, const char *more)
{
    return shop_text(shop,
                     ",\"allowance\":{\"amount\":%lld,\"currency\":\"EUR\"}%s",
                     (long long)minor, more);
}

static void sound(struct shop *shop)
{
    str first;
    shop_drain(shop);
    if (testkit_verify(shop->kit, &order_room, &first) > 0 ||
        testkit_verify(shop->kit, &payment_room, &first) > 0)
        fail_msg("%.*s", STR_ARG(first));
}

/* A2.04 A2.08 C17: two tenders on one order; each gets its own back. */
static void C17_a_gift_card_and_a_card_get_back_what_they_paid(void **state)
{
    struct shop *shop = *state;
    order_id id = place(shop, "1");
    credit_id card = card_of(shop, 4000).card.id;
    assert_ok(shop->kit, pay_with(shop, id, "card", 6000));
    assert_int_equal(pay_card(shop, id, card, 4001), ERR_INVALID);
    assert_slug(shop->kit, "over_balance");
    assert_non_null(strstr(shop->kit->err.text, "40.00 EUR"));
    assert_ok(shop->kit, pay_card(shop, id, card, 4000));
    assert_int_equal(see(shop, card).credit.balance, 0);
    struct order order = shop_order(shop, id);
    assert_int_equal(order_payment_of(&order), ORDER_PAY_PAID);
    assert_ok(shop->kit, refund(shop, id, allow(shop, 5000, "")));
    struct look now = see(shop, card);
    assert_int_equal(now.credit.balance, 4000);
    assert_int_equal(now.count, 3);
    assert_int_equal(now.entries[0].kind, CREDIT_GIVEN_BACK);
    assert_int_equal(now.entries[1].kind, CREDIT_PAID);
    assert_ok(shop->kit, refund(shop, id, allow(shop, 5000, "")));
    assert_int_equal(see(shop, card).credit.balance, 4000);
    assert_int_equal(shop_order(shop, id).pay.refunded, 10000);
    assert_int_equal(testkit_events(shop->kit, "gift_card.debited"), 1);
    assert_int_equal(testkit_events(shop->kit, "gift_card.credited"), 1);
    sound(shop);
}

struct credits {
    order_id order;
    customer_id customer;
    struct credit *all;
    size_t count;
};

static err_t read_credits(struct ctx *ctx, void *arg)
{
    struct credits *credits = arg;
    TRY(customer_of_order(ctx, credits->order, &credits->customer));
    return store_credit_list(ctx, credits->customer, &credits->all,
                             &credits->count);
}

static int64_t credit_of(struct shop *shop, order_id order)
{
    struct credits credits = {.order = order};
    assert_ok(shop->kit, testkit_read(shop->kit, read_credits, &credits));
    return credits.count > 0 ? credits.all[0].balance : -1;
}

static void a_refund_becomes_store_credit_and_pays_the_next_order(void **state)
{
    struct shop *shop = *state;
    order_id id = place(shop, "1"), next = place(shop, "2");
    const char *to = ",\"to\":\"store_credit\"";
    assert_ok(shop->kit, pay_with(shop, id, "card", 10000));
    assert_int_equal(credit_of(shop, id), -1);
    assert_ok(shop->kit, refund(shop, id, allow(shop, 2500, to)));
    assert_int_equal(credit_of(shop, id), 2500);
    assert_int_equal(shop_order(shop, id).pay.refunded, 2500);
    assert_int_equal(pay_with(shop, next, "store_credit", 2501), ERR_INVALID);
    assert_slug(shop->kit, "over_balance");
    assert_ok(shop->kit, pay_with(shop, next, "store_credit", 2500));
    assert_int_equal(credit_of(shop, id), 0);
    assert_ok(shop->kit, refund(shop, next, allow(shop, 10000, "")));
    assert_int_equal(credit_of(shop, id), 2500);
    assert_int_equal(testkit_events(shop->kit, "store_credit.created"), 1);
    sound(shop);
}

static void what_is_over_or_disabled_pays_nothing(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    order_id id = place(shop, "1");
    struct issue soon = {
        .cmd = {.amount = 100,
                .currency = "EUR",
                .expires_at = shop->kit->now + 1000}
    };
    credit_id card = card_of(shop, 4000).card.id;
    assert_ok(shop->kit, testkit_run(shop->kit, issue, &soon));
    assert_ok(shop->kit, pay_card(shop, id, card, 1000));
    assert_ok(shop->kit,
              call(shop, "disableGiftCard", shop_id(shop, "gft", card.v),
                   "{\"version\":3}", &reply));
    assert_int_equal(pay_card(shop, id, card, 1), ERR_STATE);
    assert_slug(shop->kit, "gift_card_not_usable");
    assert_ok(shop->kit, refund(shop, id, allow(shop, 10000, "")));
    assert_int_equal(see(shop, card).credit.balance, 4000);
    shop->kit->now += 1000;
    assert_int_equal(pay_card(shop, id, soon.card.id, 1), ERR_STATE);
    assert_slug(shop->kit, "gift_card_not_usable");
    sound(shop);
}

static void balances_stay_within_their_limits(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    struct credit card = card_of(shop, 4000).card;
    const char *id = shop_id(shop, "gft", card.id.v);
    assert_int_equal(
        call(shop, "adjustGiftCard", id,
             shop_text(shop, "{\"version\":2,%s}", amount(shop, -4001)),
             &reply),
        ERR_INVALID);
    assert_slug(shop->kit, "over_balance");
    assert_ok(shop->kit,
              call(shop, "adjustGiftCard", id,
                   shop_text(shop, "{\"version\":2,%s}", amount(shop, -4000)),
                   &reply));
    assert_int_equal(
        call(shop, "adjustGiftCard", id,
             shop_text(shop, "{\"version\":2,%s}", amount(shop, 1)), &reply),
        ERR_STALE);
    assert_int_equal(see(shop, card.id).credit.balance, 0);
    sound(shop);
    testkit_sql(shop->kit, "UPDATE credit_accounts SET balance = 1");
    str first;
    assert_int_equal(testkit_verify(shop->kit, &payment_room, &first), 1);
}

static void nothing_happens_elsewhere_to_what_is_kept_here(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    str pay_id;
    order_id id = place(shop, "1");
    credit_id card = card_of(shop, 4000).card.id;
    const char *body =
        shop_text(shop, "{\"tender\":\"gift_card\",%s,\"gift_card_id\":\"%s\"}",
                  amount(shop, 4000), shop_id(shop, "gft", card.v));
    assert_ok(shop->kit, call(shop, "createPayment", shop_id(shop, "ord", id.v),
                              body, &reply));
    assert_ok(&reply.ctx, json_get_str(reply.json, "id", 1, 40, &pay_id));
    const char *pay = str_to_cstr(shop->kit->arena, pay_id);
    assert_int_equal(call(shop, "recordPayment", pay,
                          "{\"type\":\"chargeback\",\"event_id\":\"x\"}",
                          &reply),
                     ERR_STATE);
    assert_slug(shop->kit, "payment_kept_here");
    assert_ok(shop->kit,
              call(shop, "refundPayment", pay, "{\"version\":2}", &reply));
    assert_int_equal(see(shop, card).credit.balance, 4000);
    sound(shop);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        SHOP(codes_are_found_however_they_are_written),
        SHOP(C17_a_gift_card_and_a_card_get_back_what_they_paid),
        SHOP(a_refund_becomes_store_credit_and_pays_the_next_order),
        SHOP(what_is_over_or_disabled_pays_nothing),
        SHOP(balances_stay_within_their_limits),
        SHOP(nothing_happens_elsewhere_to_what_is_kept_here),
    };
    int bad = 0;
    do
        bad += RUN_TESTS(tests, argc, argv);
    while (testkit_next_engine());
    return bad;
}
