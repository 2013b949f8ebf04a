/* payment_credit_api.h - what joins the HTTP files of credit. Private. */
#ifndef WHARF_OMS_PAYMENT_CREDIT_API_H
#define WHARF_OMS_PAYMENT_CREDIT_API_H

#include "oms/payment/payment_credit.h"

struct json_in;
struct request;

MUST_USE err_t gift_card_from_json(struct ctx *ctx, struct json_in *in,
                                   struct gift_card_cmd *ret);
MUST_USE err_t credit_adjust_from_json(struct ctx *ctx, struct json_in *in,
                                       struct credit_adjust *ret);
MUST_USE err_t store_credit_from_json(struct ctx *ctx, struct json_in *in,
                                      struct store_credit_cmd *ret);

MUST_USE err_t api_issue_gift_card(struct ctx *ctx, struct request *req);
MUST_USE err_t api_look_up_gift_card(struct ctx *ctx, struct request *req);
MUST_USE err_t api_get_gift_card(struct ctx *ctx, struct request *req);
MUST_USE err_t api_adjust_gift_card(struct ctx *ctx, struct request *req);
MUST_USE err_t api_disable_gift_card(struct ctx *ctx, struct request *req);
MUST_USE err_t api_get_store_credit(struct ctx *ctx, struct request *req);
MUST_USE err_t api_give_store_credit(struct ctx *ctx, struct request *req);

#endif
