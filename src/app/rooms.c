/* rooms.c - the list of rooms, lowest first. */
#include "app/rooms.h"

#include "base/base.h"
#include "oms/analytics/analytics.h"
#include "oms/automation/automation.h"
#include "oms/bulk/bulk.h"
#include "oms/catalog/catalog.h"
#include "oms/change/change.h"
#include "oms/channel/channel.h"
#include "oms/customer/customer.h"
#include "oms/customer/customer_company.h"
#include "oms/finance/finance.h"
#include "oms/fulfillment/fulfillment.h"
#include "oms/hold/hold.h"
#include "oms/inventory/inventory.h"
#include "oms/notify/notify.h"
#include "oms/order/order.h"
#include "oms/order/tax.h"
#include "oms/payment/payment.h"
#include "oms/purchasing/purchasing.h"
#include "oms/returns/returns.h"
#include "oms/room.h"
#include "oms/routing/routing.h"
#include "oms/shipping/shipping.h"
#include "oms/shipping/shipping_track.h"
#include "oms/system/system.h"
#include "oms/tenant/tenant.h"
#include "oms/user/user.h"
#include "oms/user/user_view.h"

/* clang-format off */
const struct room *const rooms[] = {
    &tenant_room,
    &system_room,
    &user_room,
    &view_room,
    &catalog_room,
    &customer_room,
    &company_room,
    &channel_room,
    &inventory_room,
    &routing_room,
    &hold_room,
    &tax_room,
    &tax_engine_room,
    &order_room,
    &payment_room,
    &gateway_room,
    &fx_room,
    &fulfillment_room,
    &picking_room,
    &shipping_room,
    &returns_room,
    &change_room,
    &edit_room,
    &exchange_room,
    &draft_room,
    &blanket_room,
    &quote_room,
    &order_hold_room,
    &score_room,
    &remark_room,
    &replace_room,
    &tracking_room,
    &purchasing_room,
    &automation_room,
    &finance_room,
    &invoice_room,
    &journal_room,
    &bulk_room,
    &notify_room,
    &analytics_room,
    NULL
};
/* clang-format on */

void rooms_routes(const struct route_list **ret, size_t max)
{
    size_t count = 0;
    for (size_t i = 0; rooms[i]; i++) {
        if (!rooms[i]->routes)
            continue;
        ASSERT(count + 1 < max);
        ret[count++] = rooms[i]->routes;
    }
    ret[count] = NULL;
}
