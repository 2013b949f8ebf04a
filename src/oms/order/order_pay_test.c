/* order_pay_test.c - what an order is worth now and what its payments mean. */
#include "oms/order/order_pay.h"

#include "base/json.h"
#include "base/money.h"
#include "base/testing.h"
#include "oms/order/order_fulfil.h"
#include "oms/order/order_rules.h"
#include "oms/order/order_then.h"
#include "oms/shop_testkit.h"
#include "store/event.h"

/* ---- the table of statuses, each as the paper says it ---- */

static bool is_status(const struct order_facts *f, enum order_payment status)
{
    const struct order_pay *p = &f->pay;
    int64_t t = f->total_now, net = p->captured - p->refunded - p->disputed;
    bool is_calm = p->disputed == 0;
    bool is_taken = is_calm && (p->captured > 0 || p->refunded > 0);
    bool is_open = is_calm && !is_taken && !f->is_history;
    bool is_promised = is_open && p->authorized > 0;
    bool is_idle = is_open && p->authorized == 0 && p->pending == 0;
    switch (status) {
    case ORDER_PAY_DISPUTED: return !is_calm;
    case ORDER_PAY_OVERPAID: return is_taken && net > t;
    case ORDER_PAY_REFUNDED:
        return is_taken && net <= t && p->refunded > 0 && net <= 0;
    case ORDER_PAY_PARTIALLY_REFUNDED:
        return is_taken && net <= t && p->refunded > 0 && net > 0;
    case ORDER_PAY_PAID: return is_taken && p->refunded == 0 && net == t;
    case ORDER_PAY_PARTIALLY_PAID:
        return is_taken && p->refunded == 0 && net < t;
    case ORDER_PAY_AUTHORIZED: return is_promised && p->authorized >= t;
    case ORDER_PAY_PARTIALLY_AUTHORIZED:
        return is_promised && p->authorized < t;
    case ORDER_PAY_PENDING:
        return is_open && p->authorized == 0 && p->pending > 0;
    case ORDER_PAY_UNPAID: return is_idle && t > 0;
    case ORDER_PAY_VOIDED: return is_idle && t == 0 && f->total > 0;
    case ORDER_PAY_NOT_REQUIRED:
        return (is_idle && t == 0 && f->total == 0) ||
               (is_calm && !is_taken && f->is_history);
    }
    return false;
}

/* All facts of small numbers: exactly one status is true of each. */
static void each_set_of_facts_has_one_status(void **state)
{
    enum { MOST = 4, FACTS = 8, CASES = 2 * 4 * 4 * 4 * 4 * 4 * 4 * 4 };
    bool seen[ORDER_PAY_DISPUTED + 1] = {false};
    (void)state;
    for (int n = 0; n < CASES; n++) {
        int64_t at[FACTS];
        int rest = n;
        for (int i = 0; i < FACTS; i++, rest /= MOST)
            at[i] = rest % MOST;
        struct order_facts facts = {
            .total = at[0],
            .total_now = at[1],
            .is_history = at[7] == 1,
            .pay = {at[2], at[3], at[4], at[5], at[6]}
        };
        enum order_payment got = order_payment_status(&facts);
        int holds = 0;
        for (int s = ORDER_PAY_NOT_REQUIRED; s <= ORDER_PAY_DISPUTED; s++)
            holds += is_status(&facts, (enum order_payment)s);
        assert_int_equal(holds, 1);
        assert_true(is_status(&facts, got));
        seen[got] = true;
    }
    for (int s = ORDER_PAY_NOT_REQUIRED; s <= ORDER_PAY_DISPUTED; s++) {
        enum order_payment read;
        const char *name = order_payment_name((enum order_payment)s);
        assert_true(seen[s]);
        assert_true(order_payment_from_name(str_from_cstr(name), &read));
        assert_int_equal(read, s);
    }
}

/* Nothing leaves but what is confirmed and covered as its channel asks. */
static void orders_leave_by_the_rule_of_their_channel(void **state)
{
    (void)state;
    for (int n = 0; n < 4 * 4 * 4 * 4 * 4; n++) {
        int64_t total = n % 4, authorized = n / 4 % 4, captured = n / 16 % 4;
        struct order_pay pay = {.pending = 9,
                                .authorized = authorized,
                                .captured = captured,
                                .refunded = n / 64 % 4,
                                .disputed = n / 256 % 4};
        int64_t net = captured - pay.refunded - pay.disputed;
        for (int s = ORDER_DRAFT; s <= ORDER_DISCARDED; s++) {
            enum order_status status = (enum order_status)s;
            bool is_open = status == ORDER_CONFIRMED;
            assert_int_equal(
                order_is_releasable(status, total, &pay, RELEASE_ALWAYS),
                is_open);
            assert_int_equal(
                order_is_releasable(status, total, &pay, RELEASE_AUTHORIZED),
                is_open && net + authorized >= total);
            assert_int_equal(
                order_is_releasable(status, total, &pay, RELEASE_PAID),
                is_open && net >= total);
        }
    }
}

/* ---- what is left ---- */

static void units_taken_off_in_any_groups_take_off_all(void **state)
{
    enum { CARTS = 20000 };
    uint64_t seed = 16;
    (void)state;
    for (int i = 0; i < CARTS; i++) {
        int64_t qty = 1 + (int64_t)(test_random(&seed) % 40);
        int64_t total = (int64_t)(test_random(&seed) % 100000);
        struct order_line line = {.ordered = qty,
                                  .total_now = total,
                                  .tax_now = total / 7,
                                  .discount_now = total / 3};
        int64_t back = 0;
        while (line.cancelled < qty) {
            int64_t left = qty - line.cancelled;
            int64_t m = 1 + (int64_t)(test_random(&seed) % (uint64_t)left);
            int64_t was = line.total_now;
            order_line_take_off(&line, m);
            line.cancelled += m;
            back += was - line.total_now;
            assert_true(line.total_now >= 0 && line.tax_now >= 0);
            assert_true(line.tax_now <= line.total_now);
            /* A unit costs its part, a minor unit up or down. */
            assert_true(was - line.total_now >= total / qty * m - m);
            assert_true(was - line.total_now <= (total / qty + 1) * m);
        }
        assert_int_equal(back, total);
        assert_int_equal(line.tax_now + line.discount_now, 0);
    }
}

static void shares_sum_to_the_whole(void **state)
{
    (void)state;
    for (int64_t total = -20; total <= 20; total++)
        for (int64_t n = 1; n <= 9; n++) {
            assert_int_equal(money_share(total, n, 0), 0);
            assert_int_equal(money_share(total, n, n), total);
            int64_t low = INT64_MAX, high = INT64_MIN;
            for (int64_t k = 1; k <= n; k++) {
                int64_t part =
                    money_share(total, n, k) - money_share(total, n, k - 1);
                low = part < low ? part : low;
                high = part > high ? part : high;
            }
            assert_true(high - low <= 1);
        }
    assert_int_equal(money_share(INT64_MAX, 3, 3), INT64_MAX);
    assert_int_equal(money_share(INT64_MAX, INT64_MAX, INT64_MAX - 1),
                     INT64_MAX - 1);
}

/* ---- in the store ---- */

static int setup(void **state)
{
    struct shop *shop = shop_open(STOCK_POLICY_BACKORDER);
    shop_add_location(shop, "A");
    shop_add_sku(shop, "SHOE", true);
    shop_set_stock(shop, "SHOE", "A", 5);
    *state = shop;
    return 0;
}

static int teardown(void **state)
{
    shop_close(*state);
    return 0;
}

struct payment {
    order_id id;
    struct order_pay pay;
};

static err_t pay(struct ctx *ctx, void *arg)
{
    const struct payment *payment = arg;
    struct order order;
    TRY(order_lock(ctx, payment->id, &order));
    struct order before = order_keep(ctx->arena, &order);
    order.pay = payment->pay;
    return order_pay_save(ctx, &before, &order, event_id(ctx, order.id.v));
}

static order_id place(struct shop *shop)
{
    struct testkit_reply reply;
    shop_place(shop, shop_body(shop, "1", "SHOE:2:5000"), &reply);
    return shop_order_id(shop, &reply);
}

/* Items of the list with that query. */
static size_t listed(struct shop *shop, const char *query)
{
    struct testkit_reply reply;
    struct testkit_call call = {.operation = "listOrders", .query = query};
    struct json_list items;
    shop_drain(shop);
    shop_call(shop, &order_room, &call, &reply);
    assert_ok(shop->kit, reply.err);
    assert_ok(&reply.ctx,
              json_get_list(reply.json, "items", 0, SIZE_MAX, &items));
    return items.count;
}

static void payments_change_the_order_its_list_and_its_log(void **state)
{
    struct shop *shop = *state;
    struct payment payment = {place(shop), {.authorized = 10000}};
    assert_int_equal(listed(shop, "payment_status=unpaid"), 1);
    assert_ok(shop->kit, testkit_run(shop->kit, pay, &payment));
    struct order order = shop_order(shop, payment.id);
    assert_int_equal(order.version, 2);
    assert_int_equal(order.pay.authorized, 10000);
    assert_int_equal(order_payment_of(&order), ORDER_PAY_AUTHORIZED);
    assert_int_equal(order_balance(&order), 10000);
    assert_int_equal(testkit_events(shop->kit, "order.payment_changed"), 1);
    assert_int_equal(listed(shop, "payment_status=unpaid"), 0);
    assert_int_equal(listed(shop, "payment_status=authorized&status=confirmed"),
                     1);
    payment.pay = (struct order_pay){.captured = 4000, .authorized = 6000};
    assert_ok(shop->kit, testkit_run(shop->kit, pay, &payment));
    order = shop_order(shop, payment.id);
    assert_int_equal(order_balance(&order), 6000);
    assert_int_equal(listed(shop, "payment_status=partially_paid"), 1);
    assert_int_equal(
        listed(shop, "payment_status=paid&channel=web&external_id=1"), 0);
    shop_verify(shop);
}

struct look {
    order_id id;
    utc_ms at;
    struct order order;
};

static err_t look(struct ctx *ctx, void *arg)
{
    struct look *look = arg;
    return order_get_at(ctx, look->id, look->at, &look->order);
}

static void the_past_knows_what_was_paid(void **state)
{
    struct shop *shop = *state;
    struct payment payment = {place(shop), {.captured = 10000}};
    struct look then = {.id = payment.id, .at = shop->kit->now};
    shop->kit->now += 1000;
    assert_ok(shop->kit, testkit_run(shop->kit, pay, &payment));
    utc_ms paid_at = shop->kit->now;
    shop->kit->now += 1000;
    payment.pay.refunded = 10000;
    assert_ok(shop->kit, testkit_run(shop->kit, pay, &payment));
    assert_ok(shop->kit, testkit_read(shop->kit, look, &then));
    assert_int_equal(then.order.pay.captured, 0);
    assert_int_equal(order_payment_of(&then.order), ORDER_PAY_UNPAID);
    then.at = paid_at;
    assert_ok(shop->kit, testkit_read(shop->kit, look, &then));
    assert_int_equal(then.order.pay.captured, 10000);
    assert_int_equal(then.order.pay.refunded, 0);
    assert_int_equal(order_payment_of(&then.order), ORDER_PAY_PAID);
}

static void filters_that_no_index_serves_are_refused(void **state)
{
    struct shop *shop = *state;
    struct testkit_reply reply;
    struct testkit_call call = {.operation = "listOrders",
                                .query = "payment_status=paid&channel=web"};
    shop_call(shop, &order_room, &call, &reply);
    assert_int_equal(reply.err, ERR_INVALID);
    assert_slug(shop->kit, "filters_exclude");
    call.query = "payment_status=rich";
    shop_call(shop, &order_room, &call, &reply);
    assert_int_equal(reply.err, ERR_INVALID);
    assert_slug(shop->kit, "invalid");
}

static void what_disagrees_is_found(void **state)
{
    struct shop *shop = *state;
    order_id id = place(shop);
    struct order order = shop_order(shop, id);
    str first;
    assert_int_equal(order_total_now(&order), 10000);
    assert_int_equal(order.charges_now, 0);
    shop_drain(shop);
    testkit_sql(shop->kit, "UPDATE order_list SET payment = 7");
    assert_int_equal(testkit_verify(shop->kit, &order_room, &first), 1);
    testkit_sql(shop->kit, "UPDATE orders SET pay_captured = 10000");
    assert_int_equal(testkit_verify(shop->kit, &order_room, &first), 0);
    testkit_sql(shop->kit, "UPDATE orders SET pay_refunded = -1");
    assert_true(testkit_verify(shop->kit, &order_room, &first) >= 1);
    testkit_sql(shop->kit, "UPDATE order_lines SET total_now = -1");
    assert_true(testkit_verify(shop->kit, &order_room, &first) >= 2);
}

#define SHOP(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(int argc, char **argv)
{
    const struct CMUnitTest pure[] = {
        TEST(each_set_of_facts_has_one_status),
        TEST(orders_leave_by_the_rule_of_their_channel),
        TEST(units_taken_off_in_any_groups_take_off_all),
        TEST(shares_sum_to_the_whole),
    };
    const struct CMUnitTest stored[] = {
        SHOP(payments_change_the_order_its_list_and_its_log),
        SHOP(the_past_knows_what_was_paid),
        SHOP(filters_that_no_index_serves_are_refused),
        SHOP(what_disagrees_is_found),
    };
    int bad = RUN_TESTS(pure, argc, argv);
    do
        bad += cmocka_run_group_tests_name("order_pay", stored, NULL, NULL);
    while (testkit_next_engine());
    return bad;
}
