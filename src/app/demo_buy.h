/* demo_buy.h - who buys from the demo merchant; of demo_*.c alone. */
#ifndef WHARF_APP_DEMO_BUY_H
#define WHARF_APP_DEMO_BUY_H

#include "app/demo.h"
#include "oms/order/order.h"

struct demo_buyer {
    struct order_party customer, address;
};
void demo_buyer_of(struct ctx *ctx, int n, struct demo_buyer *ret);

#endif
