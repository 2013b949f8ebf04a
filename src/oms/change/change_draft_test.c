/* change_draft_test.c - drafts: priced, allowed, quoted, placed once. */
#include "base/arena.h"
#include "base/json.h"
#include "base/testing.h"
#include "base/time.h"
#include "oms/change/change_draft.h"
#include "oms/order/order_pay.h"
#include "oms/payment/payment.h"
#include "oms/room.h"
#include "oms/shop_testkit.h"

static int setup(void **state)
{
    struct shop *shop = shop_open(STOCK_POLICY_BACKORDER);
    shop_add_location(shop, "A");
    shop_add_sku(shop, "SHOE", true);
    shop_add_sku(shop, "SOCK", true);
    shop_rank(shop, "A");
    shop_set_stock(shop, "SHOE", "A", 10);
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
    shop_call(shop, room, &call, reply);
    if (reply->err == OK)
        return "";
    return shop->kit->err.slug ? shop->kit->err.slug : err_slug(reply->err);
}

/* Single quotes stand for double ones. */
static const char *json(struct shop *shop, const char *text)
{
    char *ret = str_to_cstr(shop->kit->arena, str_from_cstr(text));
    for (char *at = ret; *at; at++)
        if (*at == '\'')
            *at = '"';
    return ret;
}

/* Pays within 30 days; SHOE is 4000 for it. */
static company_id company(struct shop *shop, const char *more)
{
    struct testkit_reply reply;
    company_id id;
    struct testkit_call make = {
        .operation = "createCompany",
        .body = json(shop, shop_text(shop,
                                     "{'name':'Acme','currency':'EUR',"
                                     "'terms_days':30%s}",
                                     more))};
    assert_string_equal(call(shop, &company_room, make, &reply), "");
    assert_ok(&reply.ctx, json_get_id(reply.json, "id", "cmp", &id.v));
    struct testkit_call prices = {
        .operation = "setCompanyPrices",
        .path = {shop_id(shop, "cmp", id.v)},
        .body = json(shop, "{'version':1,'prices':[{'sku':'SHOE','unit_price':{"
                           "'amount':4000,'currency':'EUR'}}]}")};
    assert_string_equal(call(shop, &company_room, prices, &reply), "");
    return id;
}

struct drafted {
    const char *slug;
    draft_id id;
};

static const char *body(struct shop *shop, company_id company,
                        const char *lines, const char *more)
{
    return json(shop,
                shop_text(shop,
                          "{'company_id':'%s','po_number':'PO 7',%s'order':{"
                          "'channel':'web','lines':[%s],'customer':{'email':"
                          "'ada@example.org'},'shipping_address':{'country':"
                          "'DE'}}}",
                          shop_id(shop, "cmp", company.v), more, lines));
}

static struct drafted draft(struct shop *shop, company_id company,
                            const char *lines)
{
    struct drafted ret = {.slug = NULL};
    struct testkit_reply reply;
    struct testkit_call make = {.operation = "createDraft",
                                .body = body(shop, company, lines, "")};
    ret.slug = call(shop, &draft_room, make, &reply);
    if (reply.err == OK)
        assert_ok(&reply.ctx, json_get_id(reply.json, "id", "drf", &ret.id.v));
    return ret;
}

struct look {
    draft_id id;
    struct draft draft;
};

static err_t read_draft(struct ctx *ctx, void *arg)
{
    struct look *look = arg;
    return draft_get(ctx, look->id, &look->draft);
}

static struct draft now_is(struct shop *shop, draft_id id)
{
    struct look look = {.id = id};
    assert_ok(shop->kit, testkit_read(shop->kit, read_draft, &look));
    return look.draft;
}

/* At the version it has now. */
static const char *step(struct shop *shop, const char *operation, draft_id id,
                        const char *more)
{
    struct testkit_reply reply;
    long long version = (long long)now_is(shop, id).version;
    struct testkit_call c = {
        .operation = operation,
        .path = {shop_id(shop, "drf", id.v)},
        .body =
            json(shop, shop_text(shop, "{'version':%lld%s}", version, more))};
    return call(shop, &draft_room, c, &reply);
}

struct paid {
    order_id order;
    struct payment *all;
    size_t count;
};

static err_t read_payments(struct ctx *ctx, void *arg)
{
    struct paid *paid = arg;
    return payment_list(ctx, paid->order, &paid->all, &paid->count);
}

static const char shoes[] = "{'sku':'SHOE','quantity':2}";

static void a_draft_is_priced_by_its_company_and_placed_once(void **state)
{
    struct shop *shop = *state;
    struct drafted d = draft(shop, company(shop, ""), shoes);
    assert_string_equal(d.slug, "");
    assert_int_equal(now_is(shop, d.id).total, 8000);
    assert_int_equal(shop_level(shop, "SHOE", "A").committed, 0);
    assert_string_equal(step(shop, "convertDraft", d.id, ""), "");
    struct draft done = now_is(shop, d.id);
    assert_int_equal(done.state, DRAFT_CONVERTED);
    struct order order = shop_order(shop, done.order);
    assert_int_equal(order.lines[0].allocated, 2);
    assert_int_equal(order.totals.total, 8000);
    assert_int_equal(shop_level(shop, "SHOE", "A").committed, 2);
    struct paid paid = {.order = done.order};
    assert_ok(shop->kit, testkit_read(shop->kit, read_payments, &paid));
    assert_int_equal(paid.count, 1);
    assert_int_equal(paid.all[0].tender, TENDER_INVOICE);
    assert_int_equal(paid.all[0].amount, 8000);
    assert_int_equal(paid.all[0].due_at,
                     shop->kit->now + (utc_ms)30 * 24 * 60 * 60 * 1000);
    assert_true(str_equal_cstr(paid.all[0].reference, "PO 7"));
    assert_string_equal(step(shop, "convertDraft", d.id, ""), "draft_state");
    assert_string_equal(step(shop, "discardDraft", d.id, ""), "draft_state");
    assert_int_equal(testkit_events(shop->kit, "order.placed"), 1);
    assert_int_equal(testkit_events(shop->kit, "draft.converted"), 1);
}

static void a_line_needs_a_price_of_somebody(void **state)
{
    struct shop *shop = *state;
    company_id acme = company(shop, "");
    assert_string_equal(draft(shop, acme, "{'sku':'SOCK','quantity':1}").slug,
                        "price_unknown");
    assert_string_equal(shop->kit->err.field, "order.lines[0].unit_price");
    assert_string_equal(
        draft(shop, acme,
              "{'sku':'SHOE','quantity':1},{'sku':'SOCK','quantity':3,"
              "'unit_price':{'amount':300,'currency':'EUR'}}")
            .slug,
        "");
    assert_string_equal(
        draft(shop, acme,
              "{'sku':'SHOE','quantity':1},{'sku':'SOCK','quantity':3,"
              "'unit_price':{'amount':300,'currency':'USD'}}")
            .slug,
        "currency_mismatch");
}

static void a_company_owes_no_more_than_its_limit(void **state)
{
    struct shop *shop = *state;
    company_id acme =
        company(shop, ",'credit_limit':{'amount':15000,'currency':'EUR'}");
    struct drafted one = draft(shop, acme, shoes);
    struct drafted two = draft(shop, acme, shoes);
    assert_string_equal(step(shop, "convertDraft", one.id, ""), "");
    assert_string_equal(step(shop, "convertDraft", two.id, ""), "credit_limit");
    assert_string_equal(shop->kit->err.text,
                        "the limit is 15000 EUR, the company owes 8000 and "
                        "this order comes to 8000");
    assert_int_equal(now_is(shop, two.id).state, DRAFT_DRAFT);
    assert_int_equal(shop_level(shop, "SHOE", "A").committed, 2);
    struct paid paid = {.order = now_is(shop, one.id).order};
    struct testkit_reply reply;
    assert_ok(shop->kit, testkit_read(shop->kit, read_payments, &paid));
    struct testkit_call capture = {
        .operation = "capturePayment",
        .path = {shop_id(shop, "pay", paid.all[0].id.v)},
        .body = "{\"version\":1}"};
    assert_string_equal(call(shop, &payment_room, capture, &reply), "");
    assert_string_equal(step(shop, "convertDraft", two.id, ""), "");
    /* What was paid is remembered; what is given back is owed again. */
    struct drafted three = draft(shop, acme, shoes);
    assert_string_equal(step(shop, "convertDraft", three.id, ""),
                        "credit_limit");
}

struct owes {
    company_id id;
    int64_t ret;
};

static err_t read_owed(struct ctx *ctx, void *arg)
{
    struct owes *owes = arg;
    struct company company;
    TRY(company_get(ctx, owes->id, &company));
    return draft_company_owes(ctx, &company, &owes->ret);
}

static int64_t owed(struct shop *shop, company_id id)
{
    struct owes owes = {.id = id};
    assert_ok(shop->kit, testkit_read(shop->kit, read_owed, &owes));
    return owes.ret;
}

static void pay(struct shop *shop, order_id id, int64_t amount)
{
    struct testkit_reply reply;
    struct testkit_call make = {
        .operation = "createPayment",
        .path = {shop_id(shop, "ord", id.v)},
        .body =
            json(shop, shop_text(shop,
                                 "{'tender':'cash','done':'captured','amount':{"
                                 "'amount':%lld,'currency':'EUR'}}",
                                 (long long)amount))};
    assert_string_equal(call(shop, &payment_room, make, &reply), "");
}

static void what_a_company_owes_is_the_sum_of_balances(void **state)
{
    struct shop *shop = *state;
    company_id acme =
        company(shop, ",'credit_limit':{'amount':1000000,'currency':'EUR'}");
    company_id other = company(shop, "");
    assert_int_equal(owed(shop, acme), 0);
    order_id orders[3];
    for (size_t i = 0; i < 3; i++) {
        struct drafted d = draft(shop, acme, shoes);
        assert_string_equal(step(shop, "convertDraft", d.id, ""), "");
        orders[i] = now_is(shop, d.id).order;
    }
    struct drafted theirs = draft(shop, other, shoes);
    assert_string_equal(step(shop, "convertDraft", theirs.id, ""), "");
    assert_int_equal(owed(shop, acme), 24000);
    pay(shop, orders[0], 3000);
    assert_int_equal(owed(shop, acme), 21000);
    /* Of one that was paid and is then cancelled is owed to them, which pays
     * for no other. */
    pay(shop, orders[1], 8000);
    assert_int_equal(owed(shop, acme), 13000);
    struct testkit_reply reply;
    struct testkit_call cancel = {
        .operation = "cancelOrder",
        .path = {shop_id(shop, "ord", orders[1].v)},
        .body = shop_text(shop, "{\"version\":%lld,\"reason\":\"no\"}",
                          (long long)shop_order(shop, orders[1]).version)};
    assert_string_equal(call(shop, &change_room, cancel, &reply), "");
    struct order order = shop_order(shop, orders[1]);
    assert_int_equal(order_balance(&order), -8000);
    assert_int_equal(owed(shop, acme), 13000);
    /* What owes nothing is not looked at again, until it changes. */
    struct drafted four = draft(shop, acme, shoes);
    assert_string_equal(step(shop, "convertDraft", four.id, ""), "");
    assert_int_equal(owed(shop, acme), 21000);
    assert_int_equal(owed(shop, other), 8000);
}

static void a_large_draft_needs_a_yes(void **state)
{
    struct shop *shop = *state;
    company_id acme =
        company(shop, ",'approval_over':{'amount':7999,'currency':'EUR'}");
    struct testkit_reply reply;
    struct drafted d = draft(shop, acme, shoes);
    assert_string_equal(step(shop, "convertDraft", d.id, ""),
                        "approval_needed");
    assert_string_equal(step(shop, "approveDraft", d.id, ""), "draft_state");
    assert_string_equal(step(shop, "requestDraft", d.id, ""), "");
    assert_string_equal(step(shop, "refuseDraft", d.id, ",'reason':'too much'"),
                        "");
    assert_string_equal(step(shop, "convertDraft", d.id, ""), "draft_state");
    struct testkit_call revise = {.operation = "reviseDraft",
                                  .path = {shop_id(shop, "drf", d.id.v)},
                                  .body =
                                      body(shop, acme, shoes, "'version':3,")};
    assert_string_equal(call(shop, &draft_room, revise, &reply), "");
    assert_int_equal(now_is(shop, d.id).state, DRAFT_DRAFT);
    assert_string_equal(call(shop, &draft_room, revise, &reply), "stale");
    assert_string_equal(step(shop, "requestDraft", d.id, ""), "");
    assert_string_equal(step(shop, "approveDraft", d.id, ""), "");
    assert_string_equal(step(shop, "convertDraft", d.id, ""), "");
}

static const char *until(struct shop *shop, utc_ms at)
{
    char text[TIME_TEXT_BYTES];
    time_to_text(at, text);
    return shop_text(shop, ",'valid_until':'%.*s'", TIME_TEXT_BYTES, text);
}

static err_t expire(struct ctx *ctx, void *arg)
{
    (void)arg;
    bool is_more = false;
    return draft_timers.at[0].run(ctx, &is_more);
}

static void a_quote_is_good_until_its_day(void **state)
{
    struct shop *shop = *state;
    company_id acme = company(shop, "");
    struct drafted a = draft(shop, acme, shoes), b = draft(shop, acme, shoes);
    utc_ms day = shop->kit->now + 1000;
    assert_string_equal(step(shop, "acceptDraft", a.id, ""), "draft_state");
    assert_string_equal(
        step(shop, "sendDraft", a.id, until(shop, shop->kit->now)),
        "time_out_of_range");
    assert_string_equal(step(shop, "sendDraft", a.id, until(shop, day)), "");
    assert_string_equal(step(shop, "sendDraft", b.id, until(shop, day)), "");
    assert_int_equal(now_is(shop, a.id).quote_number, 1001);
    assert_int_equal(now_is(shop, b.id).quote_number, 1002);
    assert_string_equal(step(shop, "convertDraft", a.id, ""), "draft_state");
    assert_string_equal(step(shop, "acceptDraft", a.id, ""), "");
    shop->kit->now = day;
    assert_string_equal(step(shop, "acceptDraft", b.id, ""), "quote_expired");
    assert_string_equal(step(shop, "convertDraft", a.id, ""), "quote_expired");
    assert_ok(shop->kit, testkit_run(shop->kit, expire, NULL));
    assert_int_equal(now_is(shop, a.id).state, DRAFT_EXPIRED);
    assert_int_equal(now_is(shop, b.id).state, DRAFT_EXPIRED);
    assert_int_equal(testkit_events(shop->kit, "draft.expired"), 2);
}

static void an_external_id_is_not_taken_over(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    draft_id id;
    const char *order = "'order':{'channel':'web','external_id':'77',"
                        "'shipping_address':{'country':'DE'},"
                        "'lines':[{'sku':'SHOE','quantity':1,'unit_price':{"
                        "'amount':100,'currency':'EUR'}}]}";
    struct testkit_call make = {.operation = "createDraft",
                                .body =
                                    json(shop, shop_text(shop, "{%s}", order))};
    assert_string_equal(call(shop, &draft_room, make, &reply), "");
    assert_ok(&reply.ctx, json_get_id(reply.json, "id", "drf", &id.v));
    shop_place(shop, shop_body(shop, "77", "SHOE:1:100"), &reply);
    assert_string_equal(step(shop, "convertDraft", id, ""),
                        "external_id_reused");
    assert_string_equal(step(shop, "discardDraft", id, ""), "");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        SHOP(a_draft_is_priced_by_its_company_and_placed_once),
        SHOP(a_line_needs_a_price_of_somebody),
        SHOP(a_company_owes_no_more_than_its_limit),
        SHOP(what_a_company_owes_is_the_sum_of_balances),
        SHOP(a_large_draft_needs_a_yes),
        SHOP(a_quote_is_good_until_its_day),
        SHOP(an_external_id_is_not_taken_over),
    };
    int bad = 0;
    do
        bad += RUN_TESTS(tests, argc, argv);
    while (testkit_next_engine());
    return bad;
}
