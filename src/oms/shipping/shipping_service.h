/* shipping_service.h - the services of an account. Private to the room.
 *
 * What a service costs by zone and weight, and how long it takes, stands in
 * routing's tables under `routing_service`; here stands what the account adds.
 */
#ifndef WHARF_OMS_SHIPPING_SERVICE_H
#define WHARF_OMS_SHIPPING_SERVICE_H

#include "oms/shipping/shipping_rate.h"

struct service {
    str code, title;
    str routing_service; /* By default its own code. */
    /* Discount, surcharge and limits; without prices. */
    struct rate_card card;
};
/* Reads {"services": [...]} or fails with the field. In ctx->arena. */
MUST_USE err_t service_list(struct ctx *ctx, str doc, struct service **ret,
                            size_t *ret_count);
const struct service *service_find(const struct service *services, size_t count,
                                   str code);

#endif
