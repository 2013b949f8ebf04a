/* change_remark.h - notes that people write on orders.
 *
 * Added and read, never changed; their texts go with the buyer and stand in no
 * event. docs/orders.md. Private to the room.
 */
#ifndef WHARF_OMS_CHANGE_REMARK_H
#define WHARF_OMS_CHANGE_REMARK_H

#include "base/base.h"
#include "oms/ids.h"

struct remark {
    order_remark_id id;
    order_id order;
    str text; /* Empty: erased. */
    utc_ms created_at;
    struct actor actor;
};
/* ERR_STATE too_many_notes. */
MUST_USE err_t remark_add(struct ctx *ctx, struct remark *remark);
MUST_USE err_t remark_list(struct ctx *ctx, order_id id, order_remark_id after,
                           size_t limit, struct remark **ret,
                           size_t *ret_count);

extern const struct route_list remark_routes;
extern const struct verify_list remark_verify;

#endif
