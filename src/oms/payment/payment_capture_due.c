/* payment_capture_due.c - how much of an order is to be taken by now. Pure.
 */
#include "base/money.h"
#include "oms/order/order_pay.h"
#include "oms/order/order_worth.h"
#include "oms/payment/payment_capture.h"

/* Of what is left of a line, the units that left. */
static int64_t shipped_worth(const struct order_line *line)
{
    int64_t left = order_line_left(line);
    int64_t out = line->shipped - line->returned - line->written_off;
    return out > 0 && out <= left ? money_share(line->total_now, left, out) : 0;
}

static int64_t due_by_ship(const struct order *order)
{
    int64_t worth = 0, total = order_total_now(order);
    bool is_begun = false, is_all = true;
    for (size_t i = 0; i < order->line_count; i++) {
        const struct order_line *line = &order->lines[i];
        is_begun |= line->shipped > 0;
        is_all &= line->shipped >= line->ordered - line->cancelled;
        worth += shipped_worth(line);
    }
    return is_begun && (is_all || worth > total) ? total : worth;
}

int64_t capture_due(const struct order *order, enum payment_capture rule)
{
    if (order->is_history ||
        (order->status != ORDER_CONFIRMED && order->status != ORDER_COMPLETED))
        return 0;
    switch (rule) {
    case CAPTURE_MANUAL: return 0;
    case CAPTURE_CONFIRM: return order_total_now(order);
    case CAPTURE_SHIP: return due_by_ship(order);
    }
    UNREACHABLE("not a rule of captures");
}
