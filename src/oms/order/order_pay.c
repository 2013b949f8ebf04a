/* order_pay.c - the command that hands an order the facts of its payments. */
#include "oms/order/order_pay.h"

#include "base/id.h"
#include "base/json.h"
#include "base/money.h"
#include "oms/order/order_fulfil.h"
#include "oms/order/order_pay_sql.h"
#include "store/sql.h"

static void put(struct json_out *out, const char *key,
                const struct order *order, int64_t minor)
{
    json_put_money(out, key, money_make(minor, order->currency));
}

void order_pay_write(const struct order *order, struct json_out *out)
{
    json_put_cstr(out, "status", order_payment_name(order_payment_of(order)));
    put(out, "total_now", order, order_total_now(order));
    put(out, "pending", order, order->pay.pending);
    put(out, "authorized", order, order->pay.authorized);
    put(out, "captured", order, order->pay.captured);
    put(out, "refunded", order, order->pay.refunded);
    put(out, "disputed", order, order->pay.disputed);
    put(out, "balance_due", order, order_balance(order));
}

static void write_event(struct json_out *out, const void *arg)
{
    json_begin(out, "payment");
    order_pay_write(arg, out);
    json_end_object(out);
}

static err_t save(struct ctx *ctx, const struct order *order)
{
    const struct order_pay *pay = &order->pay;
    struct sql_arg args[] = {sql_i_or_null(pay->pending),
                             sql_i_or_null(pay->authorized),
                             sql_i_or_null(pay->captured),
                             sql_i_or_null(pay->refunded),
                             sql_i_or_null(pay->disputed),
                             sql_i(id_bucket(order->id.v)),
                             sql_i(order->id.v)};
    return sql_run(ctx, SQL_ORDER_PAY_SAVE, args, COUNT_OF(args), NULL);
}

err_t order_pay_save(struct ctx *ctx, const struct order *before,
                     struct order *order, int64_t event_id)
{
    ASSERT(order->pay.pending >= 0 && order->pay.authorized >= 0 &&
           order->pay.captured >= 0 && order->pay.refunded >= 0 &&
           order->pay.disputed >= 0);
    struct order_note note = {.type = "order.payment_changed",
                              .event_id = event_id,
                              .write = write_event,
                              .arg = order};
    TRY(save(ctx, order));
    return order_note(ctx, before, order, &note);
}
