/* payment_api.h - bodies of payments, as commands. Private to the room. */
#ifndef WHARF_OMS_PAYMENT_API_H
#define WHARF_OMS_PAYMENT_API_H

#include "oms/payment/payment.h"

struct json_in;

MUST_USE err_t payment_cmd_from_json(struct ctx *ctx, struct json_in *in,
                                     struct payment_cmd *ret);
/* Of ret->type. */
MUST_USE err_t payment_step_from_json(struct ctx *ctx, struct json_in *in,
                                      struct payment_step *ret);
MUST_USE err_t payment_report_from_json(struct ctx *ctx, struct json_in *in,
                                        struct payment_report *ret);

#endif
