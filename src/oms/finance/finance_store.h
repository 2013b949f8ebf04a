/* finance_store.h - rows of the finance room; private to it. */
#ifndef WHARF_OMS_FINANCE_STORE_H
#define WHARF_OMS_FINANCE_STORE_H

#include "oms/finance/finance.h"

struct route_list;
struct verify_list;

/* (bucket, channel, external id): what a note is known by. */
struct credit_key {
    channel_id channel;
    str channel_code; /* For the bucket. */
    str external_id;
};
int credit_key_bucket(struct arena *arena, const struct credit_key *key);

struct credit_known {
    credit_note_id id;
    channel_id channel;
    str external_id;
    int64_t body_hash;
};
MUST_USE err_t credit_find_many(struct ctx *ctx, const struct credit_key *keys,
                                size_t count, struct credit_known **ret,
                                size_t *ret_count);
/* Writes new notes with their lines. ERR_RETRY where another writer took one
 * of the keys meanwhile. */
MUST_USE err_t credit_insert_many(struct ctx *ctx,
                                  struct credit_note *const *notes,
                                  size_t count);

/* A line of history that may be what a credit line takes back. */
struct credit_source {
    order_id order;
    int64_t n, left; /* Units not credited yet. */
    utc_ms placed_at;
};
/* What one buyer bought of one SKU, the latest first. */
struct credit_buyer {
    channel_id channel;
    str buyer;
    sku_id sku;
    struct credit_source *at;
    size_t count;
};
/* Fills `at` and `count` of each. */
MUST_USE err_t credit_sources(struct ctx *ctx, struct credit_buyer *buyers,
                              size_t count);

extern const struct route_list finance_routes;
extern const struct verify_list finance_verify;

#endif
