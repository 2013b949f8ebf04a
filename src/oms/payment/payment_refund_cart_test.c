/* payment_refund_cart_test.c - random carts, given back in any order and any
 * groups: not a minor unit is lost. */
#include <stdlib.h>

#include "base/money.h"
#include "base/testing.h"
#include "oms/order/order_kit.h"
#include "oms/order/order_pay.h"
#include "oms/order/order_worth.h"
#include "oms/payment/payment_refund_plan.h"

enum { MOST_LINES = 5, MOST_TENDERS = 3 };

/* An order that is paid in full, in memory, and what became of its money. */
struct cart {
    struct ctx *ctx;
    uint64_t seed;
    struct order order;
    struct order_line lines[MOST_LINES];
    int64_t paid[MOST_TENDERS], given[MOST_TENDERS];
    size_t tenders;
};

static int64_t below(struct cart *cart, int64_t n)
{
    return (int64_t)(test_random(&cart->seed) % (uint64_t)n);
}

/* Prices from a single minor unit up to what large amounts look like. */
static int64_t some_price(struct cart *cart)
{
    static const int64_t most[] = {3, 100, 10000, 5000000};
    return below(cart, most[below(cart, COUNT_OF(most))]);
}

static int64_t some_tax(struct cart *cart, int64_t net)
{
    static const int64_t rates[] = {0, 5, 7, 19, 20, 25};
    int64_t rate = rates[below(cart, COUNT_OF(rates))];
    if (cart->order.tax_mode == TAX_EXCLUSIVE)
        return (net * rate + 50) / 100;
    return net - (net * 100 + 50) / (100 + rate);
}

static void make_line(struct cart *cart, size_t i)
{
    static const struct order_part kit[] = {{.quantity = 2}, {.quantity = 3}};
    int64_t qty = 1 + below(cart, below(cart, 4) ? 7 : 60);
    struct order_line line = {
        .n = (int64_t)i + 1, .ordered = qty, .unit_price = some_price(cart)};
    int64_t gross = qty * line.unit_price;
    line.discount = below(cart, 2) ? below(cart, gross + 1) : 0;
    line.tax = some_tax(cart, gross - line.discount);
    line.total = gross - line.discount +
                 (cart->order.tax_mode == TAX_EXCLUSIVE ? line.tax : 0);
    line.shipped = below(cart, qty + 1);
    line.unallocated = qty - line.shipped;
    line.discount_now = line.discount;
    line.tax_now = line.tax;
    line.total_now = line.total;
    if (below(cart, 4) == 0) {
        line.parts = kit;
        line.part_count = COUNT_OF(kit);
    }
    cart->lines[i] = line;
}

static void make_charges(struct cart *cart)
{
    struct order *order = &cart->order;
    int64_t shipping = below(cart, 2) ? some_price(cart) : 0;
    int64_t fee = below(cart, 3) ? 0 : some_price(cart);
    int64_t shipping_tax = some_tax(cart, shipping);
    int64_t fee_tax = some_tax(cart, fee);
    order->totals.shipping = shipping;
    order->totals.fees = fee;
    order->doc = str_printf(
        cart->ctx->arena,
        "{\"fees\":[{\"title\":\"Fee\",\"amount\":{\"amount\":%lld,"
        "\"currency\":\"%s\"},\"tax_lines\":[{\"name\":\"T\",\"amount\":"
        "{\"amount\":%lld,\"currency\":\"%s\"}}]}]}",
        (long long)fee, order->currency, (long long)fee_tax, order->currency);
    order->charges_tax_now = shipping_tax + fee_tax;
    order->charges_now = shipping + fee;
    if (order->tax_mode == TAX_EXCLUSIVE)
        order->charges_now += order->charges_tax_now;
}

static void make_cart(struct cart *cart)
{
    static const char *const currencies[] = {"JPY", "EUR", "KWD"};
    struct order *order = &cart->order;
    *order = (struct order){.status = ORDER_CONFIRMED,
                            .tax_mode =
                                below(cart, 2) ? TAX_EXCLUSIVE : TAX_INCLUSIVE,
                            .lines = cart->lines,
                            .line_count = 1 + (size_t)below(cart, MOST_LINES),
                            .version = 1};
    memcpy(order->currency, currencies[below(cart, 3)], 4);
    for (size_t i = 0; i < order->line_count; i++)
        make_line(cart, i);
    make_charges(cart);
    order->pay.captured = order->totals.total = order_total_now(order);
    cart->tenders = 1 + (size_t)below(cart, MOST_TENDERS);
    int64_t rest = order->pay.captured;
    for (size_t i = 0; i < cart->tenders; i++) {
        bool is_last = i + 1 == cart->tenders;
        cart->given[i] = 0;
        cart->paid[i] = is_last ? rest : below(cart, rest + 1);
        rest -= cart->paid[i];
    }
}

/* Gives what the plan says, never more than a tender paid. */
static void give(struct cart *cart, const struct refund *refund)
{
    int64_t sum = 0;
    for (size_t i = 0; i < refund->part_count; i++) {
        const struct refund_part *part = &refund->parts[i];
        size_t at = (size_t)part->payment.v - 1;
        assert_true(at < cart->tenders && part->amount > 0);
        cart->given[at] += part->amount;
        assert_true(cart->given[at] <= cart->paid[at]);
        sum += part->amount;
    }
    assert_int_equal(sum, refund->amount);
    cart->order.pay.refunded += sum;
    assert_true(cart->order.pay.refunded <= cart->order.pay.captured);
}

static err_t plan(struct cart *cart, const struct refund_cmd *cmd,
                  struct refund *ret)
{
    struct refund_tender tenders[MOST_TENDERS];
    struct refund_facts facts = {tenders, cart->tenders, 0};
    for (size_t i = 0; i < cart->tenders; i++)
        tenders[i] = (struct refund_tender){
            {(int64_t)i + 1}, TENDER_CARD, cart->paid[i] - cart->given[i]};
    return refund_plan(cart->ctx, cmd, &facts, &cart->order, ret);
}

/* A refund that cannot be refused; it gives what it takes off, to the unit,
 * where nothing more was owed. */
static void refund(struct cart *cart, const struct refund_cmd *cmd)
{
    struct refund made;
    int64_t owed = -order_balance(&cart->order);
    int64_t before = order_total_now(&cart->order), lines = 0;
    assert_ok(cart->ctx, plan(cart, cmd, &made));
    int64_t taken = before - order_total_now(&cart->order);
    for (size_t i = 0; i < made.line_count; i++)
        lines += made.lines[i].amount;
    assert_true(lines >= 0 && taken >= 0);
    if (cart->order.allowance_now == 0)
        assert_int_equal(taken, lines + made.shipping + made.fees);
    assert_int_equal(made.amount, refund_has_worth(&made) ? taken : owed);
    assert_int_equal(made.owed, owed + taken - made.amount);
    give(cart, &made);
}

static void settle(struct cart *cart)
{
    refund(cart, &(struct refund_cmd){.amount = REFUND_AS_OWED});
    assert_int_equal(order_balance(&cart->order), 0);
}

/* As room change does it. */
static void cancel_some(struct cart *cart, struct order_line *line)
{
    if (line->unallocated == 0)
        return;
    int64_t m = 1 + below(cart, line->unallocated);
    order_line_take_off(line, m);
    line->cancelled += m;
    line->unallocated -= m;
}

/* As room returns does it. */
static void return_some(struct cart *cart, struct order_line *line)
{
    int64_t most = order_line_returnable(line);
    if (most == 0)
        return;
    int64_t m = 1 + below(cart, most);
    assert_ok(cart->ctx,
              order_worth_return_ask(cart->ctx, &cart->order, line->n, m));
    assert_ok(cart->ctx,
              order_worth_return(cart->ctx, &cart->order, line->n, m));
}

static void write_off_some(struct cart *cart, struct order_line *line)
{
    int64_t most = order_line_returnable(line);
    if (most == 0)
        return;
    struct refund_line unit = {.n = line->n, .qty = 1 + below(cart, most)};
    refund(cart, &(struct refund_cmd){.lines = &unit,
                                      .line_count = 1,
                                      .amount = REFUND_AS_OWED});
}

static void charges_some(struct cart *cart, bool is_all)
{
    struct order_charges_now now;
    assert_ok(cart->ctx,
              order_worth_charges_now(cart->ctx, &cart->order, &now));
    assert_true(now.shipping >= 0 && now.fees >= 0);
    assert_true(now.shipping_tax >= 0 && now.fees_tax >= 0);
    refund(cart, &(struct refund_cmd){
                     .shipping =
                         is_all ? now.shipping : below(cart, now.shipping + 1),
                     .fees = is_all ? now.fees : below(cart, now.fees + 1),
                     .amount = REFUND_AS_OWED});
}

static void allow_some(struct cart *cart)
{
    int64_t most = order_total_now(&cart->order);
    int64_t amount = below(cart, most + 1);
    if (below(cart, 8) == 0)
        refund(cart, &(struct refund_cmd){.allowance = amount / 4,
                                          .amount = REFUND_AS_OWED});
}

/* One thing that may happen to an order; money then or later. */
static void step(struct cart *cart)
{
    size_t i = (size_t)below(cart, (int64_t)cart->order.line_count);
    struct order_line *line = &cart->order.lines[i];
    switch (below(cart, 6)) {
    case 0: cancel_some(cart, line); break;
    case 1: return_some(cart, line); break;
    case 2:
        settle(cart);
        write_off_some(cart, line);
        break;
    case 3:
        settle(cart);
        charges_some(cart, false);
        break;
    case 4:
        settle(cart);
        allow_some(cart);
        break;
    default: settle(cart);
    }
}

static int64_t units_left(const struct order *order)
{
    int64_t left = 0;
    for (size_t i = 0; i < order->line_count; i++)
        left += order_line_left(&order->lines[i]);
    return left;
}

static void walk_cart(struct cart *cart)
{
    struct order *order = &cart->order;
    make_cart(cart);
    while (units_left(order) > 0)
        step(cart);
    settle(cart);
    charges_some(cart, true);
    settle(cart);
    assert_int_equal(order_total_now(order), 0);
    assert_int_equal(order->charges_now + order->charges_tax_now, 0);
    assert_int_equal(order->pay.refunded, order->pay.captured);
    for (size_t i = 0; i < order->line_count; i++)
        assert_int_equal(order->lines[i].total_now + order->lines[i].tax_now +
                             order->lines[i].discount_now,
                         0);
    for (size_t i = 0; i < cart->tenders; i++)
        assert_int_equal(cart->given[i], cart->paid[i]);
}

/* Also B3, C10, C12, C17: whatever is given back in whatever order and groups,
 * in the end it is what was paid, to the minor unit and the tender. */
static void C11_random_carts_lose_no_minor_unit(void **state)
{
    enum { CARTS = 10000, CARTS_LONG = 1000000 };
    struct ctx *ctx = *state;
    const char *mode = getenv("WHARF_TESTS");
    int carts = mode && strcmp(mode, "long") == 0 ? CARTS_LONG : CARTS;
    for (int i = 0; i < carts; i++) {
        struct arena_mark mark = arena_mark(ctx->arena);
        struct cart cart = {.ctx = ctx, .seed = (uint64_t)i + 1};
        walk_cart(&cart);
        arena_reset_to(ctx->arena, mark);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(C11_random_carts_lose_no_minor_unit)};
    return RUN_TESTS(tests, argc, argv);
}
