/* payload.h - finds orders in documents of any shape.
 *
 * Knows what all channels share: arrays, wrappers ({"orders": [...]}) and
 * recorded request/response pairs. What is an order is the channel's word.
 */
#ifndef WHARF_CONNECT_CHANNEL_PAYLOAD_H
#define WHARF_CONNECT_CHANNEL_PAYLOAD_H

#include "connect/channel/import.h"

/* Answers of a shape that are no names of kinds. */
extern const char payload_is_order[];
extern const char payload_look_inside[];

struct payload_shape {
    /* What stands under that key of a wrapper: payload_is_order,
     * payload_look_inside, the name of a kind, or NULL (the key names it). */
    const char *(*of_key)(str key);
    /* What that object is by its own keys; NULL: cannot say. */
    const char *(*of_object)(struct ctx *ctx, json_any object);
};

MUST_USE err_t payload_walk(struct ctx *ctx, const struct payload_shape *shape,
                            json_any document, const struct import_sink *sink);

#endif
