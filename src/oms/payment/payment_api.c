/* payment_api.c - the payment room's HTTP face. */
#include "oms/payment/payment_api.h"
#include "base/arena.h"
#include "base/check.h"
#include "base/id.h"
#include "base/json.h"
#include "base/money.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/order/order.h"
#include "oms/order/order_exists.h"
#include "oms/payment/payment_call.h"
#include "oms/payment/payment_credit_api.h"
#include "oms/payment/payment_refund_api.h"
#include "oms/payment/payment_rules.h"
#include "oms/payment/payment_store.h"

static void put_transaction(struct json_out *out, const struct payment *pay,
                            const struct payment_transaction *tx)
{
    json_begin(out, NULL);
    json_put_i64(out, "n", tx->n);
    json_put_cstr(out, "type", payment_type_names[tx->type - 1]);
    json_put_cstr(out, "origin",
                  tx->origin == PAYMENT_OF_OUTSIDE ? "outside" : "command");
    json_put_money(out, "amount", money_make(tx->amount, pay->currency));
    json_put_str_or_null(out, "event_id", tx->event_key);
    json_put_str_or_null(out, "reference", tx->reference);
    json_put_id_or_null(out, "dispute", "dsp", tx->dispute.v);
    json_put_time(out, "occurred_at", tx->occurred_at);
    json_put_time(out, "received_at", tx->received_at);
    json_end_object(out);
}

static void put_call(struct json_out *out, const struct payment *pay,
                     const struct payment_call *call)
{
    json_begin(out, NULL);
    json_put_id(out, "id", "gcl", call->id.v);
    json_put_cstr(out, "type", payment_type_names[call->type - 1]);
    json_put_money(out, "amount", money_make(call->amount, pay->currency));
    json_put_cstr(out, "state", call_state_names[call->state - 1]);
    json_put_bool(out, "is_renewal", call->is_renewal);
    json_put_str_or_null(out, "reference", call->step);
    json_put_str_or_null(out, "error", call->error);
    json_put_time(out, "created_at", call->created_at);
    json_put_time(out, "updated_at", call->updated_at);
    json_end_object(out);
}

static void put_time(struct json_out *out, const char *key, utc_ms time)
{
    if (time)
        json_put_time(out, key, time);
    else
        json_put_null(out, key);
}

static void put_gateway(struct json_out *out, const struct payment *pay)
{
    if (pay->account.v)
        json_put_id(out, "gateway_account_id", "gwa", pay->account.v);
    else
        json_put_null(out, "gateway_account_id");
    json_put_str_or_null(out, "gateway_ref", pay->gateway_ref);
    json_put_str_or_null(out, "method", pay->method);
    put_time(out, "expires_at", pay->expires_at);
    json_begin_list(out, "calls");
    for (size_t i = 0; i < pay->call_count; i++)
        put_call(out, pay, &pay->calls[i]);
    json_end_list(out);
}

static void put_dispute(struct json_out *out, const struct payment *pay,
                        const struct payment_dispute *dispute)
{
    struct dispute_now now =
        dispute_fold(pay->transactions, pay->transaction_count, dispute->id);
    json_begin(out, NULL);
    json_put_id(out, "id", "dsp", dispute->id.v);
    json_put_cstr(out, "state", dispute_state_names[now.state - 1]);
    json_put_money(out, "amount", money_make(now.amount, pay->currency));
    json_put_money(out, "returned", money_make(now.returned, pay->currency));
    json_put_str_or_null(out, "dispute", dispute->terms.ref);
    json_put_str_or_null(out, "reason", dispute->terms.reason);
    put_time(out, "due_at", dispute->terms.due_at);
    json_put_str_or_null(out, "answer", dispute->answer);
    put_time(out, "answered_at", dispute->answered_at);
    json_put_time(out, "created_at", dispute->created_at);
    json_end_object(out);
}

static void put_sum(struct json_out *out, const char *key,
                    const struct payment *pay, int64_t minor)
{
    json_put_money(out, key, money_make(minor, pay->currency));
}

void payment_write(struct json_out *out, const struct payment *pay)
{
    json_begin(out, NULL);
    json_put_id(out, "id", "pay", pay->id.v);
    json_put_id(out, "order_id", "ord", pay->order.v);
    json_put_cstr(out, "tender", payment_tender_names[pay->tender - 1]);
    json_put_cstr(out, "state", payment_state_name(pay->now.state));
    put_sum(out, "amount", pay, pay->amount);
    put_sum(out, "pending", pay, pay->now.pending);
    put_sum(out, "authorized", pay, pay->now.authorized);
    put_sum(out, "captured", pay, pay->now.captured);
    put_sum(out, "refunded", pay, pay->now.refunded);
    put_sum(out, "disputed", pay, pay->now.disputed);
    json_put_id_or_null(out, "gift_card_id", "gft",
                        pay->tender == TENDER_GIFT_CARD ? pay->credit.v : 0);
    json_put_str_or_null(out, "reference", pay->reference);
    json_put_time_or_null(out, "due_at", pay->due_at);
    put_gateway(out, pay);
    json_put_i64(out, "version", pay->version);
    json_put_time(out, "created_at", pay->created_at);
    json_put_time(out, "updated_at", pay->updated_at);
    json_begin_list(out, "transactions");
    for (size_t i = 0; i < pay->transaction_count; i++)
        put_transaction(out, pay, &pay->transactions[i]);
    json_end_list(out);
    json_begin_list(out, "disputes");
    for (size_t i = 0; i < pay->dispute_count; i++)
        put_dispute(out, pay, &pay->disputes[i]);
    json_end_list(out);
    json_end_object(out);
}

/* ---- bodies ---- */

static err_t read_reference(struct ctx *ctx, struct json_in *in, str *ret)
{
    TRY(json_opt_str(in, "reference", 1, LIMIT_REFERENCE_BYTES, ret));
    return check_line(ctx, "reference", *ret, 0, LIMIT_REFERENCE_BYTES);
}

/* Refunds name the steps that they ask for: another one of such a name would
 * count as theirs. */
static err_t check_step_name(struct json_in *in, str reference)
{
    int64_t id;
    if (!id_from_text("rfd", reference, &id))
        return OK;
    return json_fail(in, "reference", ERR_INVALID, "reference_reserved",
                     "names a refund of Wharf, which asks for it by itself");
}

static err_t read_due(struct json_in *in, utc_ms *ret)
{
    TRY(json_opt_time(in, "due_at", ret));
    if (*ret < 0)
        return json_fail(in, "due_at", ERR_INVALID, "time_out_of_range",
                         "must be after 1970-01-01T00:00:00Z");
    return OK;
}

/* 0 where there is none; what is there is more than nothing. */
static err_t read_amount(struct json_in *in, int64_t *ret, char ret_currency[4])
{
    money amount = {0};
    TRY(json_opt_money(in, "amount", NULL, &amount));
    if (json_has(in, "amount") && amount.minor < 1)
        return json_fail(in, "amount", ERR_INVALID, "number_out_of_range",
                         "must be 1 or more minor units");
    *ret = amount.minor;
    memcpy(ret_currency, amount.currency, sizeof amount.currency);
    return OK;
}

err_t payment_cmd_from_json(struct ctx *ctx, struct json_in *in,
                            struct payment_cmd *ret)
{
    static const char *const done[] = {"authorized", "captured"};
    int tender, at = -1;
    TRY(json_get_enum(in, "tender", payment_tender_names, TENDER_STORE_CREDIT,
                      &tender));
    TRY(json_opt_enum(in, "done", done, COUNT_OF(done), &at));
    if (!json_has(in, "amount"))
        return json_fail(in, "amount", ERR_INVALID, "missing_field",
                         "is needed");
    TRY(read_amount(in, &ret->amount, ret->currency));
    TRY(read_reference(ctx, in, &ret->reference));
    TRY(read_due(in, &ret->due_at));
    TRY(json_opt_str(in, "gateway", 1, LIMIT_CODE_BYTES, &ret->gateway));
    TRY(json_opt_str(in, "token", 1, LIMIT_TOKEN_BYTES, &ret->token));
    TRY(check_line(ctx, "token", ret->token, 0, LIMIT_TOKEN_BYTES));
    TRY(json_opt_str(in, "method", 1, LIMIT_CODE_BYTES, &ret->method));
    TRY(check_line(ctx, "method", ret->method, 0, LIMIT_CODE_BYTES));
    ret->tender = (enum payment_tender)(tender + 1);
    ret->done = (enum payment_type)(at + 1);
    if (ret->tender == TENDER_GIFT_CARD)
        TRY(json_get_id(in, "gift_card_id", "gft", &ret->gift_card.v));
    if (ret->tender == TENDER_STORE_CREDIT)
        TRY(json_opt_id(in, "customer_id", "cus", &ret->customer.v));
    return json_end(in);
}

err_t payment_step_from_json(struct ctx *ctx, struct json_in *in,
                             struct payment_step *ret)
{
    TRY(json_get_i64(in, "version", 1, INT64_MAX, &ret->version));
    if (ret->type != PAYMENT_VOID)
        TRY(read_amount(in, &ret->amount, ret->currency));
    TRY(read_reference(ctx, in, &ret->reference));
    TRY(check_step_name(in, ret->reference));
    return json_end(in);
}

static err_t read_terms(struct ctx *ctx, struct json_in *in,
                        struct dispute_terms *ret)
{
    TRY(json_opt_str(in, "dispute", 1, LIMIT_REFERENCE_BYTES, &ret->ref));
    TRY(check_line(ctx, "dispute", ret->ref, 0, LIMIT_REFERENCE_BYTES));
    TRY(json_opt_str(in, "reason", 1, LIMIT_REASON_BYTES, &ret->reason));
    TRY(check_line(ctx, "reason", ret->reason, 0, LIMIT_REASON_BYTES));
    return read_due(in, &ret->due_at);
}

err_t payment_report_from_json(struct ctx *ctx, struct json_in *in,
                               struct payment_report *ret)
{
    int type;
    ret->occurred_at = ctx->now;
    TRY(json_get_enum(in, "type", payment_type_names, PAYMENT_TYPES, &type));
    ret->type = (enum payment_type)(type + 1);
    TRY(json_get_str(in, "event_id", 1, LIMIT_REFERENCE_BYTES,
                     &ret->event_key));
    TRY(check_line(ctx, "event_id", ret->event_key, 1, LIMIT_REFERENCE_BYTES));
    if (ret->type != PAYMENT_FAIL && ret->type != PAYMENT_DISPUTE_LOST)
        TRY(read_amount(in, &ret->amount, ret->currency));
    TRY(json_opt_time(in, "occurred_at", &ret->occurred_at));
    if (ret->occurred_at < 0 || ret->occurred_at > ctx->now)
        return json_fail(in, "occurred_at", ERR_INVALID, "time_in_future",
                         "must not be in the future");
    TRY(read_reference(ctx, in, &ret->reference));
    if (payment_is_of_dispute(ret->type))
        TRY(read_terms(ctx, in, &ret->terms));
    return json_end(in);
}

/* ---- endpoints ---- */

/* POST /v1/orders/{id}/payments */
static err_t api_create(struct ctx *ctx, struct request *req)
{
    struct payment_cmd cmd = {.done = 0};
    struct payment pay;
    TRY(request_path_id(req, 0, "ord", &cmd.order.v));
    TRY(payment_cmd_from_json(ctx, req->body, &cmd));
    TRY(payment_create(ctx, &cmd, &pay));
    req->status = 201;
    payment_write(req->reply, &pay);
    return OK;
}

/* GET /v1/orders/{id}/payments */
static err_t api_list(struct ctx *ctx, struct request *req)
{
    order_id id;
    struct payment *all;
    size_t count;
    TRY(request_path_id(req, 0, "ord", &id.v));
    TRY(request_query_end(req));
    TRY(order_check_exists(ctx, id));
    TRY(payment_list(ctx, id, &all, &count));
    json_begin_page(req->reply);
    for (size_t i = 0; i < count; i++)
        payment_write(req->reply, &all[i]);
    json_end_page(req->reply, NULL, 0);
    return OK;
}

/* GET /v1/payments/{id} */
static err_t api_get(struct ctx *ctx, struct request *req)
{
    payment_id id;
    struct payment pay;
    TRY(request_path_id(req, 0, "pay", &id.v));
    TRY(request_query_end(req));
    TRY(payment_get(ctx, id, &pay));
    payment_write(req->reply, &pay);
    return OK;
}

static err_t run_step(struct ctx *ctx, struct request *req,
                      enum payment_type type)
{
    struct payment_step cmd = {.type = type};
    struct payment pay;
    TRY(request_path_id(req, 0, "pay", &cmd.id.v));
    TRY(payment_step_from_json(ctx, req->body, &cmd));
    TRY(payment_do(ctx, &cmd, &pay));
    payment_write(req->reply, &pay);
    return OK;
}

/* POST /v1/payments/{id}/authorize */
static err_t api_authorize(struct ctx *ctx, struct request *req)
{
    return run_step(ctx, req, PAYMENT_AUTHORIZE);
}

/* POST /v1/payments/{id}/capture */
static err_t api_capture(struct ctx *ctx, struct request *req)
{
    return run_step(ctx, req, PAYMENT_CAPTURE);
}

/* POST /v1/payments/{id}/void */
static err_t api_void(struct ctx *ctx, struct request *req)
{
    return run_step(ctx, req, PAYMENT_VOID);
}

/* POST /v1/payments/{id}/refund */
static err_t api_refund(struct ctx *ctx, struct request *req)
{
    return run_step(ctx, req, PAYMENT_REFUND);
}

/* POST /v1/payments/{id}/record */
static err_t api_record(struct ctx *ctx, struct request *req)
{
    struct payment_report report = {.amount = 0};
    struct payment pay;
    TRY(request_path_id(req, 0, "pay", &report.id.v));
    TRY(payment_report_from_json(ctx, req->body, &report));
    TRY(payment_record(ctx, &report, &pay));
    payment_write(req->reply, &pay);
    return OK;
}

/* POST /v1/payments/{id}/disputes/{dispute}/answer */
static err_t api_answer_dispute(struct ctx *ctx, struct request *req)
{
    struct dispute_answer cmd;
    struct payment pay;
    TRY(request_path_id(req, 0, "pay", &cmd.payment.v));
    TRY(request_path_id(req, 1, "dsp", &cmd.dispute.v));
    TRY(json_get_i64(req->body, "version", 1, INT64_MAX, &cmd.version));
    TRY(json_get_str(req->body, "reference", 1, LIMIT_REFERENCE_BYTES,
                     &cmd.reference));
    TRY(check_line(ctx, "reference", cmd.reference, 1, LIMIT_REFERENCE_BYTES));
    TRY(json_end(req->body));
    TRY(dispute_answer(ctx, &cmd, &pay));
    payment_write(req->reply, &pay);
    return OK;
}

static const struct route routes[] = {
    {.operation = "createPayment",
     .method = HTTP_POST,
     .path = "/v1/orders/{id}/payments",
     .perm = PERM_FINANCE_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_create           },
    {.operation = "listPayments",
     .method = HTTP_GET,
     .path = "/v1/orders/{id}/payments",
     .perm = PERM_FINANCE_READ,
     .kind = ROUTE_READ,
     .run = api_list             },
    {.operation = "getPayment",
     .method = HTTP_GET,
     .path = "/v1/payments/{id}",
     .perm = PERM_FINANCE_READ,
     .kind = ROUTE_READ,
     .run = api_get              },
    {.operation = "authorizePayment",
     .method = HTTP_POST,
     .path = "/v1/payments/{id}/authorize",
     .perm = PERM_FINANCE_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_authorize        },
    {.operation = "capturePayment",
     .method = HTTP_POST,
     .path = "/v1/payments/{id}/capture",
     .perm = PERM_FINANCE_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_capture          },
    {.operation = "voidPayment",
     .method = HTTP_POST,
     .path = "/v1/payments/{id}/void",
     .perm = PERM_FINANCE_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_void             },
    {.operation = "refundPayment",
     .method = HTTP_POST,
     .path = "/v1/payments/{id}/refund",
     .perm = PERM_FINANCE_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_refund           },
    {.operation = "recordPayment",
     .method = HTTP_POST,
     .path = "/v1/payments/{id}/record",
     .perm = PERM_FINANCE_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_record           },
    {.operation = "answerDispute",
     .method = HTTP_POST,
     .path = "/v1/payments/{id}/disputes/{dispute}/answer",
     .perm = PERM_FINANCE_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_answer_dispute   },
    {.operation = "createRefund",
     .method = HTTP_POST,
     .path = "/v1/orders/{id}/refunds",
     .perm = PERM_FINANCE_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_create_refund    },
    {.operation = "previewRefund",
     .method = HTTP_POST,
     .path = "/v1/orders/{id}/refunds/preview",
     .perm = PERM_FINANCE_READ,
     .kind = ROUTE_WRITE,
     .run = api_preview_refund   },
    {.operation = "listRefunds",
     .method = HTTP_GET,
     .path = "/v1/orders/{id}/refunds",
     .perm = PERM_FINANCE_READ,
     .kind = ROUTE_READ,
     .run = api_list_refunds     },
    {.operation = "getRefund",
     .method = HTTP_GET,
     .path = "/v1/refunds/{id}",
     .perm = PERM_FINANCE_READ,
     .kind = ROUTE_READ,
     .run = api_get_refund       },
    {.operation = "succeedRefund",
     .method = HTTP_POST,
     .path = "/v1/refunds/{id}/succeed",
     .perm = PERM_FINANCE_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_succeed_refund   },
    {.operation = "failRefund",
     .method = HTTP_POST,
     .path = "/v1/refunds/{id}/fail",
     .perm = PERM_FINANCE_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_fail_refund      },
    {.operation = "cancelRefund",
     .method = HTTP_POST,
     .path = "/v1/refunds/{id}/cancel",
     .perm = PERM_FINANCE_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_cancel_refund    },
    {.operation = "issueGiftCard",
     .method = HTTP_POST,
     .path = "/v1/gift-cards",
     .perm = PERM_FINANCE_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_issue_gift_card  },
    {.operation = "lookUpGiftCard",
     .method = HTTP_POST,
     .path = "/v1/gift-cards/lookup",
     .perm = PERM_FINANCE_READ,
     .kind = ROUTE_WRITE,
     .run = api_look_up_gift_card,
     .is_unkept = true},
    {.operation = "getGiftCard",
     .method = HTTP_GET,
     .path = "/v1/gift-cards/{id}",
     .perm = PERM_FINANCE_READ,
     .kind = ROUTE_READ,
     .run = api_get_gift_card          },
    {.operation = "adjustGiftCard",
     .method = HTTP_POST,
     .path = "/v1/gift-cards/{id}/adjust",
     .perm = PERM_FINANCE_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_adjust_gift_card         },
    {.operation = "disableGiftCard",
     .method = HTTP_POST,
     .path = "/v1/gift-cards/{id}/disable",
     .perm = PERM_FINANCE_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_disable_gift_card         },
    {.operation = "getStoreCredit",
     .method = HTTP_GET,
     .path = "/v1/customers/{id}/store-credit",
     .perm = PERM_FINANCE_READ,
     .kind = ROUTE_READ,
     .run = api_get_store_credit          },
    {.operation = "giveStoreCredit",
     .method = HTTP_POST,
     .path = "/v1/customers/{id}/store-credit",
     .perm = PERM_FINANCE_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_give_store_credit         },
};
const struct route_list payment_routes = {routes, COUNT_OF(routes)};
