/* order_way.h - where an order goes, how, and not before when, changed after it
 * was placed.
 *
 * They stand in the order's document. A public header of the room.
 */
#ifndef WHARF_OMS_ORDER_WAY_H
#define WHARF_OMS_ORDER_WAY_H

#include "oms/order/order.h"

struct order_way { /* What is empty or 0 stays as it is. */
    str address;   /* JSON object, by order_address_from_json. */
    str tags;      /* JSON list. */
    str service;   /* As routing knows it. */
    utc_ms fulfil_at;
};
bool order_way_is_empty(const struct order_way *way);

/* The address under `key`, as placing keeps it; ERR_INVALID as placing. */
MUST_USE err_t order_address_from_json(struct ctx *ctx, struct json_in *in,
                                       const char *key, str *ret);
/* The order's document with those members; *ret_was gets what they were, as
 * an object. Nothing is stored. */
MUST_USE err_t order_way_doc(struct ctx *ctx, const struct order *order,
                             const struct order_way *way, str *ret,
                             str *ret_was);
/* Stores order->doc; order_note or order_save writes the rest. */
MUST_USE err_t order_doc_save(struct ctx *ctx, const struct order *order);
/* Promises all places that it ships from anew, by its way of now. */
MUST_USE err_t order_promise_again(struct ctx *ctx, const struct order *order);

/* For order_decode.c and order_seal.c. */
MUST_USE err_t order_party_from_json(struct ctx *ctx, struct json_in *in,
                                     const char *key,
                                     const struct order_party **ret);
/* Refuses an e-mail address or a telephone number that cannot be right. */
MUST_USE err_t order_address_check(struct json_in *in, const char *key,
                                   const struct order_party *address);
/* Refuses a service that routing does not know for the channel. */
MUST_USE err_t order_service_check(struct ctx *ctx, channel_id channel,
                                   str service, const char *field);
/* Of a fee that is for something: "duty". */
const char *order_fee_name(enum order_fee kind);
void order_put_party(struct json_out *out, const char *key,
                     const struct order_party *party);

#endif
