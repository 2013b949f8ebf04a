/* order_people.h - whom orders name, and the words they are found by. Private
 * to the room. */
#ifndef WHARF_OMS_ORDER_PEOPLE_H
#define WHARF_OMS_ORDER_PEOPLE_H

#include "oms/order/order_store.h"

struct event;
struct request;

/* What an order says of the people in it; what it lacks is empty. */
struct order_contact {
    order_id id;
    channel_id channel;
    enum order_status status;
    str external_id, number, currency;
    int64_t total;
    utc_ms placed_at;
    struct order_party customer, shipping, billing;
};
/* The orders that the events are about, each once, by id. */
MUST_USE err_t order_contact_list(struct ctx *ctx, const struct event *events,
                                  size_t count, struct order_contact **ret,
                                  size_t *ret_count);

/* Consumers. */
#define ORDER_PEOPLE_CONSUMER "order_customers"
err_t order_people_consume(struct ctx *ctx, const struct event *events,
                           size_t count);

/* Newest first, from the read models. */
MUST_USE err_t order_list_customer(struct ctx *ctx, customer_id id,
                                   order_id before, size_t limit,
                                   struct order_item **ret, size_t *ret_count);

/* GET /v1/customers/{id}/orders */
err_t order_api_of_customer(struct ctx *ctx, struct request *req);

#endif
