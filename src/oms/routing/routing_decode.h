/* routing_decode.h - small readers that the room's decoders share. */
#ifndef WHARF_OMS_ROUTING_DECODE_H
#define WHARF_OMS_ROUTING_DECODE_H

#include "base/json.h"
#include "oms/routing/routing_types.h"

enum { LIMIT_LANES = 50 * 1000 }; /* Rows of transit and of rates. */

MUST_USE err_t decode_texts(struct json_in *in, const char *key, size_t max,
                            struct text_list *ret);
MUST_USE err_t decode_countries(struct json_in *in, const char *key,
                                struct text_list *ret);

#endif
