/* payment_refund_api.h - what joins the HTTP files of refunds. Private. */
#ifndef WHARF_OMS_PAYMENT_REFUND_API_H
#define WHARF_OMS_PAYMENT_REFUND_API_H

#include "oms/payment/payment_refund.h"

struct json_in;
struct request;

/* *ret begins as zeros. A preview has neither version nor texts. */
MUST_USE err_t refund_cmd_from_json(struct ctx *ctx, struct json_in *in,
                                    bool is_preview, struct refund_cmd *ret);
MUST_USE err_t refund_end_from_json(struct ctx *ctx, struct json_in *in,
                                    struct refund_end *ret);

MUST_USE err_t api_create_refund(struct ctx *ctx, struct request *req);
MUST_USE err_t api_preview_refund(struct ctx *ctx, struct request *req);
MUST_USE err_t api_list_refunds(struct ctx *ctx, struct request *req);
MUST_USE err_t api_get_refund(struct ctx *ctx, struct request *req);
MUST_USE err_t api_succeed_refund(struct ctx *ctx, struct request *req);
MUST_USE err_t api_fail_refund(struct ctx *ctx, struct request *req);
MUST_USE err_t api_cancel_refund(struct ctx *ctx, struct request *req);

#endif
