/* ids.h - the id types of all rooms, so that a lower room can name them. */
#ifndef WHARF_OMS_IDS_H
#define WHARF_OMS_IDS_H

#include <stdint.h>

typedef struct key_id {
    int64_t v; /* "key_" */
} key_id;
typedef struct product_id {
    int64_t v; /* "prd_" */
} product_id;
typedef struct sku_id {
    int64_t v; /* "sku_"; its bucket is that of the SKU code. */
} sku_id;
typedef struct channel_id {
    int64_t v; /* "chn_" */
} channel_id;
typedef struct location_id {
    int64_t v; /* "loc_" */
} location_id;
typedef struct order_id {
    int64_t v; /* "ord_"; its bucket is that of (channel, external id). */
} order_id;
typedef struct reservation_id {
    int64_t v; /* "rsv_" */
} reservation_id;
typedef struct movement_id {
    int64_t v; /* "mov_" */
} movement_id;

#endif
