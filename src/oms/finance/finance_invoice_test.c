/* finance_invoice_test.c - invoices: moves, what is due, numbers, documents. */
#include "oms/finance/finance_bill.h"

#include "base/json.h"
#include "base/testing.h"
#include "base/testing_grid.h"
#include "oms/change/change.h"
#include "oms/order/order_fulfil.h"
#include "oms/order/order_pay.h"
#include "oms/order/order_then.h"
#include "oms/order/order_worth.h"
#include "oms/payment/payment.h"
#include "oms/shop_testkit.h"
#include "store/event.h"

static int setup(void **state)
{
    struct shop *shop = shop_open(STOCK_POLICY_BACKORDER);
    shop_add_location(shop, "A");
    shop_add_sku(shop, "SHOE", true);
    shop_set_stock(shop, "SHOE", "A", 500);
    shop_rank(shop, "A");
    *state = shop;
    return 0;
}

static int teardown(void **state)
{
    shop_close(*state);
    return 0;
}

#define SHOP(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

static const char *call(struct shop *shop, const char *operation,
                        const char *id, const char *body,
                        struct testkit_reply *ret)
{
    struct testkit_call call = {
        .operation = operation, .path = {id}, .body = body};
    shop_call(shop, &invoice_room, &call, ret);
    if (ret->err == OK)
        return "";
    return shop->kit->err.slug ? shop->kit->err.slug : err_slug(ret->err);
}

static void open_series(struct shop *shop, const char *issue_on)
{
    struct testkit_reply reply;
    assert_string_equal(
        call(shop, "createInvoiceSeries", NULL,
             "{\"code\":\"de\",\"name\":\"GmbH\",\"prefix\":\"R\","
             "\"credit_prefix\":\"G\",\"seller\":{\"company\":\"Wharf\","
             "\"country\":\"DE\",\"tax_id\":\"DE1\"}}",
             &reply),
        "");
    assert_string_equal(
        call(shop, "putInvoicing", shop_id(shop, "chn", shop->web.id.v),
             shop_text(shop,
                       "{\"version\":0,\"series\":\"de\",\"issue_on\":\"%s\"}",
                       issue_on),
             &reply),
        "");
}

static order_id place(struct shop *shop, const char *external_id)
{
    struct testkit_reply reply;
    assert_string_equal(
        shop_place(shop, shop_body(shop, external_id, "SHOE:3:3333"), &reply),
        "");
    return shop_order_id(shop, &reply);
}

struct listed {
    order_id order;
    struct invoice *invoices;
    struct credit_note *notes;
    size_t invoice_count, note_count;
};

static err_t run_list(struct ctx *ctx, void *arg)
{
    struct listed *listed = arg;
    struct credit_query query = {{INT64_MAX}, listed->order, 50};
    TRY(invoice_list(ctx, listed->order, (invoice_id){INT64_MAX}, 50,
                     &listed->invoices, &listed->invoice_count));
    return credit_note_list(ctx, &query, &listed->notes, &listed->note_count);
}

static struct listed list(struct shop *shop, order_id order)
{
    struct listed listed = {.order = order};
    assert_ok(shop->kit, testkit_read(shop->kit, run_list, &listed));
    return listed;
}

/* So many units of the first line leave. */
struct leaving {
    order_id order;
    int64_t qty;
};

static err_t run_leave(struct ctx *ctx, void *arg)
{
    const struct leaving *leaving = arg;
    struct order order;
    struct order_note note = {.type = "order.shipped"};
    TRY(order_lock(ctx, leaving->order, &order));
    struct order before = order_keep(ctx->arena, &order);
    TRY(order_fulfil(ctx, &order, ORDER_PICK, 1, leaving->qty));
    TRY(order_fulfil(ctx, &order, ORDER_SHIP, 1, leaving->qty));
    note.event_id = event_id(ctx, order.id.v);
    return order_note(ctx, &before, &order, &note);
}

static err_t run_come_back(struct ctx *ctx, void *arg)
{
    const struct leaving *leaving = arg;
    struct order order;
    struct order_note note = {.type = "order.returned"};
    TRY(order_lock(ctx, leaving->order, &order));
    struct order before = order_keep(ctx->arena, &order);
    TRY(order_worth_return_ask(ctx, &order, 1, leaving->qty));
    TRY(order_worth_return(ctx, &order, 1, leaving->qty));
    note.event_id = event_id(ctx, order.id.v);
    return order_note(ctx, &before, &order, &note);
}

static struct listed after(struct shop *shop, testkit_fn *what, order_id order,
                           int64_t qty)
{
    struct leaving leaving = {order, qty};
    assert_ok(shop->kit, testkit_run(shop->kit, what, &leaving));
    shop_drain(shop);
    return list(shop, order);
}

static order_id place_with_post(struct shop *shop)
{
    struct testkit_reply reply;
    shop_add_sku(shop, "GIFT", false);
    assert_string_equal(
        shop_place(shop,
                   "{\"channel\":\"web\",\"external_id\":\"1\",\"lines\":[{"
                   "\"sku\":\"GIFT\",\"quantity\":4,\"unit_price\":{"
                   "\"amount\":3333,\"currency\":\"EUR\"},\"discount\":{"
                   "\"amount\":1001,\"currency\":\"EUR\"}}],"
                   "\"shipping_lines\":[{\"title\":\"Post\",\"price\":{"
                   "\"amount\":490,\"currency\":\"EUR\"}}]}",
                   &reply),
        "");
    shop_drain(shop);
    return shop_order_id(shop, &reply);
}

/* ---- pure ---- */

static void the_moves_are_those_of_the_page(void **state)
{
    struct ctx *ctx = *state;
    assert_machine(&invoice_machine);
    assert_grid(ctx->arena, &invoice_machine, "docs/states/invoice.md",
                1U << INVOICE_CREDITED);
}

static void what_is_due_is_the_difference(void **state)
{
    const struct bill_part worth[] = {
        {1,              2, 10, 100},
        {2,              0, 0,  0  },
        {PART_CHARGES,   0, 5,  50 },
        {PART_ALLOWANCE, 0, 0,  -7 }
    };
    const struct bill_part billed[] = {
        {1, 1, 5, 50},
        {2, 1, 1, 9 }
    };
    struct bill_part due[4];
    (void)state;
    /* The first invoice takes goodwill along. */
    assert_int_equal(bill_parts_due(worth, 4, NULL, 0, BILL_INVOICE, due), 3);
    assert_int_equal(due[2].total, -7);
    assert_int_equal(bill_parts_due(worth, 4, NULL, 0, BILL_CREDIT, due), 0);
    /* Later it is credited. */
    assert_int_equal(bill_parts_due(worth, 4, billed, 2, BILL_INVOICE, due), 2);
    assert_int_equal(due[0].qty, 1);
    assert_int_equal(due[0].total, 50);
    assert_int_equal(due[1].total, 50);
    assert_int_equal(bill_parts_due(worth, 4, billed, 2, BILL_CREDIT, due), 2);
    assert_int_equal(due[0].n, 2);
    assert_int_equal(due[0].qty, 1);
    assert_int_equal(due[0].tax, 1);
    assert_int_equal(due[1].total, 7);
}

/* ---- in the store ---- */

static void a_confirmed_order_is_invoiced_and_credited_by_unit(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    open_series(shop, "confirm");
    order_id order = place(shop, "1");
    shop_drain(shop);
    struct listed now = list(shop, order);
    assert_int_equal(now.invoice_count, 1);
    assert_str(now.invoices[0].number, "R-1");
    assert_int_equal(now.invoices[0].total, 9999);
    assert_int_equal(now.invoices[0].state, INVOICE_ISSUED);
    for (int n = 1; n <= 3; n++) {
        struct testkit_call cancel = {
            .operation = "cancelOrder",
            .path = {shop_id(shop, "ord", order.v)},
            .body = shop_text(shop,
                              "{\"version\":%lld,\"reason\":\"less\","
                              "\"lines\":[{\"n\":1,\"quantity\":1}]}",
                              (long long)shop_order(shop, order).version)};
        shop_call(shop, &change_room, &cancel, &reply);
        assert_ok(shop->kit, reply.err);
        shop_drain(shop);
        now = list(shop, order);
        assert_int_equal(now.note_count, n);
        assert_str(now.notes[0].number, n == 1   ? "G-1"
                                        : n == 2 ? "G-2"
                                                 : "G-3");
        assert_int_equal(now.notes[0].total, 3333);
        shop_verify(shop);
    }
    assert_int_equal(now.invoices[0].state, INVOICE_CREDITED);
    shop_turn(shop);
    assert_int_equal(list(shop, order).note_count, 3);
}

static void a_paid_order_is_invoiced_once_it_is_paid(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    open_series(shop, "paid");
    order_id order = place(shop, "1");
    shop_drain(shop);
    assert_int_equal(list(shop, order).invoice_count, 0);
    struct testkit_call pay = {
        .operation = "createPayment",
        .path = {shop_id(shop, "ord", order.v)},
        .body = "{\"tender\":\"cash\",\"done\":\"captured\",\"amount\":{"
                "\"amount\":9999,\"currency\":\"EUR\"}}"};
    shop_call(shop, &payment_room, &pay, &reply);
    assert_ok(shop->kit, reply.err);
    shop_drain(shop);
    struct listed now = list(shop, order);
    assert_int_equal(now.invoice_count, 1);
    assert_int_equal(now.invoices[0].state, INVOICE_PAID);
    shop_verify(shop);
}

static void a_draft_has_no_number_until_it_is_issued(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    int64_t id;
    open_series(shop, "hand");
    order_id order = place(shop, "1");
    const char *ord = shop_id(shop, "ord", order.v);
    shop_drain(shop);
    assert_int_equal(list(shop, order).invoice_count, 0);
    assert_string_equal(
        call(shop, "createInvoice", ord, "{\"draft\":true}", &reply), "");
    assert_ok(&reply.ctx, json_get_id(reply.json, "id", "inv", &id));
    assert_int_equal(list(shop, order).invoices[0].number.len, 0);
    assert_string_equal(
        call(shop, "createInvoice", ord, "{\"draft\":true}", &reply), "");
    assert_int_equal(list(shop, order).invoice_count, 1);
    assert_string_equal(call(shop, "issueInvoice", shop_id(shop, "inv", id),
                             "{\"version\":1}", &reply),
                        "stale");
    assert_string_equal(call(shop, "issueInvoice", shop_id(shop, "inv", id),
                             "{\"version\":2}", &reply),
                        "");
    assert_str(list(shop, order).invoices[0].number, "R-1");
    assert_string_equal(call(shop, "issueInvoice", shop_id(shop, "inv", id),
                             "{\"version\":3}", &reply),
                        "invoice_state");
    assert_string_equal(call(shop, "createInvoice", ord, "{}", &reply),
                        "nothing_to_bill");
    shop_verify(shop);
}

/* A command that fails after it took a number gives the number back. */
static err_t run_take(struct ctx *ctx, void *arg)
{
    int64_t n;
    str number;
    TRY(invoice_number(ctx, *(invoice_series_id *)arg, BILL_INVOICE, &n,
                       &number));
    return fail(ctx, ERR_INVALID, "order", "undone");
}

static void what_is_undone_gives_its_number_back(void **state)
{
    struct shop *shop = *state;
    open_series(shop, "confirm");
    order_id first = place(shop, "1");
    shop_drain(shop);
    invoice_series_id series = list(shop, first).invoices[0].series;
    assert_int_equal(testkit_run(shop->kit, run_take, &series), ERR_INVALID);
    order_id second = place(shop, "2");
    shop_drain(shop);
    assert_str(list(shop, second).invoices[0].number, "R-2");
    shop_verify(shop);
}

static void prefixes_belong_to_one_series(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    open_series(shop, "hand");
    assert_string_equal(
        call(shop, "createInvoiceSeries", NULL,
             "{\"code\":\"at\",\"name\":\"x\",\"prefix\":\"G\","
             "\"credit_prefix\":\"H\",\"seller\":{\"country\":\"AT\"}}",
             &reply),
        "prefix_taken");
    assert_string_equal(
        call(shop, "createInvoiceSeries", NULL,
             "{\"code\":\"at\",\"name\":\"x\",\"prefix\":\"H\","
             "\"credit_prefix\":\"H\",\"seller\":{\"country\":\"AT\"}}",
             &reply),
        "prefix_taken");
}

static void a_seller_is_lines_of_text(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    assert_string_not_equal(
        call(shop, "createInvoiceSeries", NULL,
             "{\"code\":\"at\",\"name\":\"x\",\"prefix\":\"H\","
             "\"credit_prefix\":\"I\",\"seller\":{\"country\":\"AT\","
             "\"company\":\"a\\u0001b\"}}",
             &reply),
        "");
    assert_string_equal(shop->kit->err.field, "seller");
}

static void sound(struct shop *shop)
{
    const struct room *const all[] = {&invoice_room, &journal_room};
    str first;
    for (size_t i = 0; i < COUNT_OF(all); i++)
        if (testkit_verify(shop->kit, all[i], &first) > 0)
            fail_msg("%.*s", STR_ARG(first));
}

/* 4 units for 123.31, which do not part evenly, and post for 4.90. */
static err_t run_tell_promise(struct ctx *ctx, void *arg)
{
    const struct leaving *leaving = arg;
    return event_add(ctx, "order.promise_changed", "order", leaving->order.v,
                     STR("{}"), NULL);
}

/* A rule bills what was before it with its next change, and not because its
 * promise moved. */
static void a_promise_bills_nothing(void **state)
{
    struct shop *shop = *state;
    order_id order = place(shop, "EARLY");
    shop_drain(shop);
    open_series(shop, "confirm");
    assert_int_equal(after(shop, run_tell_promise, order, 0).invoice_count, 0);
    assert_int_equal(after(shop, run_leave, order, 1).invoice_count, 1);
}

static void what_leaves_is_invoiced_as_it_leaves(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    open_series(shop, "parcel");
    order_id order = place_with_post(shop);
    assert_int_equal(list(shop, order).invoice_count, 0);
    struct listed now = after(shop, run_leave, order, 1);
    assert_int_equal(now.invoice_count, 1);
    assert_int_equal(now.invoices[0].total, 3082);
    assert_int_equal(after(shop, run_come_back, order, 1).note_count, 1);
    assert_int_equal(list(shop, order).notes[0].total, 3082);
    now = after(shop, run_leave, order, 2);
    assert_int_equal(now.invoice_count, 2);
    assert_int_equal(now.invoices[0].total, 6166);
    struct testkit_call paid = {
        .operation = "createPayment",
        .path = {shop_id(shop, "ord", order.v)},
        .body = "{\"tender\":\"card\",\"amount\":{\"amount\":6166,"
                "\"currency\":\"EUR\"},\"done\":\"captured\"}"};
    shop_call(shop, &payment_room, &paid, &reply);
    assert_ok(shop->kit, reply.err);
    shop_drain(shop);
    assert_int_equal(list(shop, order).invoices[0].state, INVOICE_PAID);
    now = after(shop, run_leave, order, 1);
    assert_int_equal(now.invoice_count, 3);
    assert_str(now.invoices[0].number, "R-3");
    assert_int_equal(now.invoices[0].total, 3083 + 490);
    assert_int_equal(now.invoices[0].state, INVOICE_ISSUED);
    struct order all = shop_order(shop, order);
    assert_int_equal(order_total_now(&all), 6166 + 3083 + 490);
    assert_string_equal(call(shop, "createInvoice",
                             shop_id(shop, "ord", order.v), "{}", &reply),
                        "nothing_to_bill");
    sound(shop);
}

/* A unit that is added when all had left waits for its parcel; the post, which
 * was billed with the last one, stays billed. */
static void what_is_added_later_moves_no_charges(void **state)
{
    struct order_line line = {.n = 1, .ordered = 2, .shipped = 1};
    struct order order = {.lines = &line,
                          .line_count = 1,
                          .charges_now = 490,
                          .allowance_now = 100};
    struct bill_part parts[3];
    (void)state;
    assert_int_equal(bill_parts_of(&order, true, false, parts), 3);
    assert_int_equal(parts[1].total, 0);
    assert_int_equal(parts[2].total, 0);
    assert_int_equal(bill_parts_of(&order, true, true, parts), 3);
    assert_int_equal(parts[1].total, 490);
    assert_int_equal(parts[2].total, -100);
}

/* The rule comes when the whole was billed already: it stays whole. */
static void what_was_billed_as_a_whole_stays_so(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    open_series(shop, "confirm");
    order_id order = place_with_post(shop);
    assert_int_equal(list(shop, order).invoice_count, 1);
    assert_string_equal(
        call(shop, "putInvoicing", shop_id(shop, "chn", shop->web.id.v),
             "{\"version\":1,\"series\":\"de\",\"issue_on\":\"parcel\"}",
             &reply),
        "");
    struct listed now = after(shop, run_leave, order, 1);
    assert_int_equal(now.invoice_count, 1);
    assert_int_equal(now.note_count, 0);
    now = after(shop, run_come_back, order, 1);
    assert_int_equal(now.note_count, 1);
    assert_int_equal(now.notes[0].total, 3082);
    sound(shop);
}

/* Shipping comes to so much, half of it tax below 100. */
static err_t run_charge(struct ctx *ctx, void *arg)
{
    const struct leaving *leaving = arg;
    struct order order;
    struct order_note note = {.type = "order.changed"};
    TRY(order_lock(ctx, leaving->order, &order));
    struct order before = order_keep(ctx->arena, &order);
    order.charges_now = leaving->qty;
    order.charges_tax_now = leaving->qty < 100 ? leaving->qty / 2 : 0;
    note.event_id = event_id(ctx, order.id.v);
    return order_note(ctx, &before, &order, &note);
}

/* A credit of charges takes off more than there was tax: the tax of the note
 * is below nothing. */
static void charges_may_fall_while_their_tax_rises(void **state)
{
    struct shop *shop = *state;
    open_series(shop, "confirm");
    order_id order = place(shop, "CHARGED");
    shop_drain(shop);
    assert_int_equal(after(shop, run_charge, order, 100).invoice_count, 2);
    struct listed now = after(shop, run_charge, order, 50);
    assert_int_equal(now.invoice_count, 2);
    assert_int_equal(now.note_count, 1);
    assert_int_equal(now.notes[0].total, 50);
    sound(shop);
    now = after(shop, run_charge, order, 120); /* And the other way round. */
    assert_int_equal(now.invoice_count, 3);
    sound(shop);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest pure[] = {
        TEST(the_moves_are_those_of_the_page),
        TEST(what_is_due_is_the_difference),
        TEST(what_is_added_later_moves_no_charges),
    };
    const struct CMUnitTest stored[] = {
        SHOP(a_promise_bills_nothing),
        SHOP(charges_may_fall_while_their_tax_rises),
        SHOP(what_leaves_is_invoiced_as_it_leaves),
        SHOP(what_was_billed_as_a_whole_stays_so),
        SHOP(a_confirmed_order_is_invoiced_and_credited_by_unit),
        SHOP(a_paid_order_is_invoiced_once_it_is_paid),
        SHOP(a_draft_has_no_number_until_it_is_issued),
        SHOP(what_is_undone_gives_its_number_back),
        SHOP(prefixes_belong_to_one_series),
        SHOP(a_seller_is_lines_of_text),
    };
    int bad = RUN_TESTS(pure, argc, argv);
    do
        bad += cmocka_run_group_tests_name("invoices", stored, NULL, NULL);
    while (testkit_next_engine());
    return bad;
}
