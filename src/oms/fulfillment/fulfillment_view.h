/* fulfillment_view.h - fulfillment orders as the API shows them, and how many
 * there are where. Private to the room. */
#ifndef WHARF_OMS_FULFILLMENT_VIEW_H
#define WHARF_OMS_FULFILLMENT_VIEW_H

#include "oms/fulfillment/fulfillment_types.h"

#include "base/base.h"
#include "oms/ids.h"

struct fulfillment;
struct json_out;

/* As the API shows them: objects, one after another. */
MUST_USE err_t fulfillment_write(struct ctx *ctx, struct json_out *out,
                                 const struct fulfillment *at, size_t count);

/* How many a location has in a status, LIMIT_COUNTED at most. */
struct fulfillment_count {
    location_id location;
    enum fulfillment_status status;
    int64_t count;
};
/* Of all locations, in every status that is not over; none that are empty. */
MUST_USE err_t fulfillment_counts(struct ctx *ctx,
                                  struct fulfillment_count **ret,
                                  size_t *ret_count);

#endif
