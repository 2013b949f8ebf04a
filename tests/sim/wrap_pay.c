/* wrap_pay.c - wrong ways to count money: what a mistake in the rooms would
 * do. */
#include "base/arena.h"
#include "base/money.h"
#include "base/str.h"
#include "oms/fulfillment/fulfillment_leave.h"
#include "oms/fulfillment/fulfillment_store.h"
#include "oms/inventory/inventory_return.h"
#include "oms/order/order_fulfil.h"
#include "oms/order/order_pay.h"
#include "oms/order/order_rules.h"
#include "oms/order/order_worth.h"
#include "oms/payment/payment_refund_store.h"
#include "oms/payment/payment_rules.h"
#include "wrap.h"

int64_t __real_payment_room_for(enum payment_type type, int64_t amount,
                                const struct payment_transaction *at,
                                size_t count);
int64_t __wrap_payment_room_for(enum payment_type type, int64_t amount,
                                const struct payment_transaction *at,
                                size_t count);
int64_t __real_money_share(int64_t total, int64_t n, int64_t k);
int64_t __wrap_money_share(int64_t total, int64_t n, int64_t k);
void __real_order_line_take_off(struct order_line *line, int64_t m);
void __wrap_order_line_take_off(struct order_line *line, int64_t m);
int64_t __real_order_balance(const struct order *order);
int64_t __wrap_order_balance(const struct order *order);
enum order_payment __real_order_payment_status(const struct order_facts *facts);
enum order_payment __wrap_order_payment_status(const struct order_facts *facts);
err_t __real_payment_record(struct ctx *ctx,
                            const struct payment_report *report,
                            struct payment *ret);
err_t __wrap_payment_record(struct ctx *ctx,
                            const struct payment_report *report,
                            struct payment *ret);

int64_t __wrap_payment_room_for(enum payment_type type, int64_t amount,
                                const struct payment_transaction *at,
                                size_t count)
{
    int64_t room = __real_payment_room_for(type, amount, at, count);
    if (wrong_stock == MONEY_TAKES_MORE && type == PAYMENT_CAPTURE)
        return room + 1;
    if (wrong_stock == MONEY_GIVES_MORE && type == PAYMENT_REFUND)
        return room + 1;
    return room;
}

int64_t __wrap_money_share(int64_t total, int64_t n, int64_t k)
{
    int64_t share = __real_money_share(total, n, k);
    if (wrong_stock == MONEY_ROUNDS_UP && k < n && share < total)
        return share + 1;
    return share;
}

/* As if each unit cost the same, whatever cents are left. */
void __wrap_order_line_take_off(struct order_line *line, int64_t m)
{
    struct order_line was = *line;
    __real_order_line_take_off(line, m);
    if (wrong_stock == MONEY_LEAVES_REST)
        line->total_now = was.total_now - was.total / was.ordered * m;
}

int64_t __wrap_order_balance(const struct order *order)
{
    int64_t balance = __real_order_balance(order);
    if (wrong_stock == MONEY_FORGETS_BACK)
        return balance - order->pay.refunded;
    return balance;
}

enum order_payment __wrap_order_payment_status(const struct order_facts *facts)
{
    if (wrong_stock == MONEY_IS_PAID && facts->pay.captured > 0)
        return ORDER_PAY_PAID;
    return __real_order_payment_status(facts);
}

err_t __wrap_payment_record(struct ctx *ctx,
                            const struct payment_report *report,
                            struct payment *ret)
{
    struct payment_report other = *report;
    struct payment seen;
    if (wrong_stock == MONEY_COUNTS_TWICE) {
        TRY(payment_get(ctx, report->id, &seen));
        for (size_t i = 0; i < seen.transaction_count; i++)
            if (str_equal(seen.transactions[i].event_key, report->event_key))
                other.event_key = str_printf(ctx->arena, "%.*s-%lld",
                                             STR_ARG(report->event_key),
                                             (long long)seen.transaction_count);
    }
    return __real_payment_record(ctx, &other, ret);
}

err_t __real_refund_pending_list(struct ctx *ctx, order_id order,
                                 struct refund_pending **ret,
                                 size_t *ret_count);
err_t __wrap_refund_pending_list(struct ctx *ctx, order_id order,
                                 struct refund_pending **ret,
                                 size_t *ret_count);

err_t __wrap_refund_pending_list(struct ctx *ctx, order_id order,
                                 struct refund_pending **ret, size_t *ret_count)
{
    TRY(__real_refund_pending_list(ctx, order, ret, ret_count));
    if (wrong_stock == MONEY_FORGETS_PENDING)
        *ret_count = 0;
    return OK;
}

/* ---- what comes back ---- */

err_t __real_order_worth_return(struct ctx *ctx, struct order *order, int64_t n,
                                int64_t qty);
err_t __wrap_order_worth_return(struct ctx *ctx, struct order *order, int64_t n,
                                int64_t qty);
err_t __real_inventory_return(struct ctx *ctx, const struct stock_return *cmd);
err_t __wrap_inventory_return(struct ctx *ctx, const struct stock_return *cmd);

err_t __wrap_order_worth_return(struct ctx *ctx, struct order *order, int64_t n,
                                int64_t qty)
{
    int64_t was = order->lines[n - 1].total_now;
    TRY(__real_order_worth_return(ctx, order, n, qty));
    if (wrong_stock == BACK_KEEPS_WORTH)
        order->lines[n - 1].total_now = was;
    return OK;
}

err_t __wrap_inventory_return(struct ctx *ctx, const struct stock_return *cmd)
{
    TRY(__real_inventory_return(ctx, cmd));
    return wrong_stock == BACK_TWICE ? __real_inventory_return(ctx, cmd) : OK;
}

/* ---- what may leave ---- */

bool __real_order_is_releasable(enum order_status status, int64_t total_now,
                                const struct order_pay *pay,
                                enum payment_release rule);
bool __wrap_order_is_releasable(enum order_status status, int64_t total_now,
                                const struct order_pay *pay,
                                enum payment_release rule);
err_t __real_fulfillment_gate(struct ctx *ctx, struct fulfillment_work *work,
                              const struct fulfillment_leave *leave,
                              bool is_news);
err_t __wrap_fulfillment_gate(struct ctx *ctx, struct fulfillment_work *work,
                              const struct fulfillment_leave *leave,
                              bool is_news);

bool __wrap_order_is_releasable(enum order_status status, int64_t total_now,
                                const struct order_pay *pay,
                                enum payment_release rule)
{
    if (wrong_stock == MONEY_LETS_GO)
        rule = RELEASE_ALWAYS;
    return __real_order_is_releasable(status, total_now, pay, rule);
}

err_t __wrap_fulfillment_gate(struct ctx *ctx, struct fulfillment_work *work,
                              const struct fulfillment_leave *leave,
                              bool is_news)
{
    if (wrong_stock == MONEY_HOLDS_NOTHING && !leave->is_paid)
        return OK;
    return __real_fulfillment_gate(ctx, work, leave, is_news);
}
