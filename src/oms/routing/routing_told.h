/* routing_told.h - the stored decisions about an order, for its timeline. */
#ifndef WHARF_OMS_ROUTING_TOLD_H
#define WHARF_OMS_ROUTING_TOLD_H

#include "base/base.h"
#include "oms/ids.h"

struct json_out;

struct routing_record {
    int64_t id; /* "rtd_" */
    int64_t strategy_version;
    utc_ms at;
    str rule; /* Its name, as in doc. */
    str doc;
    str candidates; /* From routing_pack(); empty: they stand in doc. */
};
/* Up to `max` of those about an order, after that id, oldest first. */
MUST_USE err_t routing_decision_page(struct ctx *ctx, order_id order,
                                     int64_t after_id, size_t max,
                                     struct routing_record **ret,
                                     size_t *ret_count);
/* Writes "data": how many locations were considered, how many units each of
 * them gives, how many wait. */
MUST_USE err_t routing_told(struct ctx *ctx,
                            const struct routing_record *record,
                            struct json_out *out);

#endif
