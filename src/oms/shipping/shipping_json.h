/* shipping_json.h - bodies about parcels to commands, parcels to JSON.
 * Private to the room. */
#ifndef WHARF_OMS_SHIPPING_JSON_H
#define WHARF_OMS_SHIPPING_JSON_H

#include "base/json.h"
#include "oms/shipping/shipping_label.h"
#include "oms/shipping/shipping_pack.h"

MUST_USE err_t pack_read(struct ctx *ctx, struct json_in *in,
                         struct pack_cmd *ret);
/* Units that come out again. */
MUST_USE err_t unpack_read(struct ctx *ctx, struct json_in *in,
                           struct pack_item **ret, size_t *ret_count);
MUST_USE err_t scan_read(struct json_in *in, struct scan_cmd *ret);
/* Version and what a parcel is. */
MUST_USE err_t outside_read(struct json_in *in, int64_t *ret_version,
                            struct pack_outside *ret);

/* Parcels with their items, as elements of an open list, or one as the whole
 * reply. */
MUST_USE err_t packages_write(struct ctx *ctx, struct json_out *out,
                              const struct package *packages, size_t count);

#endif
