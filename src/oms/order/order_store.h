/* order_store.h - rows of the order room and what joins its files. */
#ifndef WHARF_OMS_ORDER_STORE_H
#define WHARF_OMS_ORDER_STORE_H

#include "oms/order/order.h"

struct event_list;
struct route_list;
struct verify_list;
struct sql_rows;

/* (bucket, channel, external id): what an order is known by. */
struct order_key {
    channel_id channel;
    str channel_code; /* For the bucket. */
    str external_id;
};
int order_key_bucket(struct arena *arena, const struct order_key *key);

struct order_known {
    order_id id;
    channel_id channel;
    str external_id;
    int64_t body_hash;
};
/* The stored orders of many keys. */
MUST_USE err_t order_find_many(struct ctx *ctx, const struct order_key *keys,
                               size_t count, struct order_known **ret,
                               size_t *ret_count);

/* Writes new orders with all their lines. ERR_RETRY where another writer took
 * one of the keys meanwhile. */
MUST_USE err_t order_insert_many(struct ctx *ctx,
                                 const struct order *const *orders,
                                 size_t count);
MUST_USE err_t order_line_insert_many(struct ctx *ctx,
                                      const struct order *const *orders,
                                      size_t count);
/* The components of lines of kits. */
MUST_USE err_t order_part_insert_many(struct ctx *ctx,
                                      const struct order *const *orders,
                                      size_t count);
/* Gives the lines of an order theirs. */
MUST_USE err_t order_part_read(struct ctx *ctx, struct order *order);

struct order_list_query {
    order_id before;          /* Only ids below; INT64_MAX: from the newest. */
    order_id from;            /* Only ids at or above. */
    channel_id channel;       /* 0: any. */
    enum order_status status; /* 0: any. */
    enum order_payment payment;    /* 0: any; never with a channel alone. */
    str channel_code, external_id; /* external_id with a channel only. */
    size_t limit;
};
struct order_item {
    order_id id;
    channel_id channel;
    enum order_status status;
    enum order_payment payment;
    str external_id, number, customer;
    int64_t units, line_count, backordered, version;
    money total;
    utc_ms placed_at;
};
/* From the first 14 columns of the list's statements. */
void order_item_from_row(const struct sql_rows *rows, size_t row,
                         struct order_item *ret);
/* Newest first, from the read model. */
MUST_USE err_t order_list(struct ctx *ctx, const struct order_list_query *query,
                          struct order_item **ret, size_t *ret_count);

/* Writes the member "items". */
MUST_USE err_t order_put_items(struct ctx *ctx, struct json_out *out,
                               const struct order_item *items, size_t count);

struct order_count {
    channel_id channel;
    enum order_status status;
    int64_t orders;
};
MUST_USE err_t order_count_list(struct ctx *ctx, struct order_count **ret,
                                size_t *ret_count);
/* How many came in since `from`, counted up to `most`. */
MUST_USE err_t order_count_recent(struct ctx *ctx, utc_ms from, int64_t most,
                                  int64_t *ret);

/* Writes a page of the order's events as a JSON object with items and next. */
MUST_USE err_t order_timeline_write(struct ctx *ctx, order_id id,
                                    int64_t after_id, size_t limit,
                                    struct json_out *out);

struct request;
MUST_USE err_t order_api_preview(struct ctx *ctx, struct request *req);
/* When the last of its places was promised to have sent it there; 0: none. */
MUST_USE err_t order_promise_last(struct ctx *ctx, order_id id, utc_ms *ret);
/* What was promised, as members of an open object. */
MUST_USE err_t order_promise_write(struct ctx *ctx, order_id id,
                                   struct json_out *out);
/* The compact answer to placing, a whole object under `key`. */
void order_put_receipt(struct json_out *out, const char *key,
                       const struct order *order);

/* Keeps order_list, order_counts and order_sales. */
#define ORDER_CONSUMER "orders"
extern const struct event_list order_events;
/* Keeps what orders wait for, by SKU; order_backorder.c. */
#define ORDER_BACKORDER_CONSUMER "order_backorders"
struct event;
MUST_USE err_t order_backorder_consume(struct ctx *ctx,
                                       const struct event *events,
                                       size_t count);
extern const struct route_list order_routes;
extern const struct verify_list order_verify;

#endif
