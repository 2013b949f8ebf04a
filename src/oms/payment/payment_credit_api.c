/* payment_credit_api.c - gift cards and store credit: the HTTP face. */
#include "oms/payment/payment_credit_api.h"

#include "base/check.h"
#include "base/json.h"
#include "base/money.h"
#include "base/str.h"
#include "base/time.h"
#include "net/route.h"
#include "net/throttle.h"
#include "oms/customer/customer.h"
#include "oms/payment/payment_rules.h"

enum { CODE_BYTES_MAX = 64, WRONG_FREE = 10, WRONG_WAIT_S = 300 };

/* ---- reply ---- */

static const char *const kinds[CREDIT_REFUNDED] = {"issued", "adjusted", "paid",
                                                   "given_back", "refunded"};

static void put_entries(struct json_out *out, const struct credit *credit,
                        const struct credit_entry *at, size_t count)
{
    json_begin_list(out, "entries");
    for (size_t i = 0; i < count; i++) {
        json_begin(out, NULL);
        json_put_i64(out, "n", at[i].n);
        json_put_cstr(out, "kind", kinds[at[i].kind - 1]);
        json_put_money(out, "amount",
                       money_make(at[i].amount, credit->currency));
        json_put_id_or_null(out, "order_id", "ord", at[i].order.v);
        json_put_id_or_null(out, "payment_id", "pay", at[i].payment.v);
        json_put_id_or_null(out, "refund_id", "rfd", at[i].refund.v);
        json_put_str_or_null(out, "reference", at[i].reference);
        json_put_time(out, "at", at[i].at);
        json_end_object(out);
    }
    json_end_list(out);
}

/* Members of an open object. */
static err_t put_credit(struct ctx *ctx, struct json_out *out,
                        const struct credit *credit)
{
    struct credit_entry *at;
    size_t count;
    bool is_card = credit->kind == CREDIT_GIFT_CARD;
    TRY(credit_entries(ctx, credit->id, &at, &count));
    json_put_id(out, "id", is_card ? "gft" : "scr", credit->id.v);
    json_put_money(out, "balance",
                   money_make(credit->balance, credit->currency));
    if (is_card) {
        json_put_str(out, "code_end", credit->code_end);
        json_put_bool(out, "is_usable",
                      !credit->disabled_at && (!credit->expires_at ||
                                               credit->expires_at > ctx->now));
        json_put_time_or_null(out, "expires_at", credit->expires_at);
        json_put_time_or_null(out, "disabled_at", credit->disabled_at);
    } else {
        json_put_id(out, "customer_id", "cus", credit->customer.v);
    }
    json_put_i64(out, "version", credit->version);
    json_put_time(out, "created_at", credit->created_at);
    json_put_time(out, "updated_at", credit->updated_at);
    put_entries(out, credit, at, count);
    return OK;
}

static err_t reply_credit(struct ctx *ctx, struct request *req,
                          const struct credit *credit)
{
    json_begin(req->reply, NULL);
    TRY(put_credit(ctx, req->reply, credit));
    json_end_object(req->reply);
    return OK;
}

/* ---- bodies ---- */

static err_t read_reference(struct ctx *ctx, struct json_in *in, str *ret)
{
    TRY(json_opt_str(in, "reference", 1, LIMIT_REFERENCE_BYTES, ret));
    return check_line(ctx, "reference", *ret, 0, LIMIT_REFERENCE_BYTES);
}

static err_t read_amount(struct json_in *in, int64_t *ret, char ret_currency[4])
{
    money amount = {0};
    TRY(json_get_money(in, "amount", NULL, &amount));
    if (amount.minor == 0)
        return json_fail(in, "amount", ERR_INVALID, "number_out_of_range",
                         "must not be 0");
    *ret = amount.minor;
    memcpy(ret_currency, amount.currency, sizeof amount.currency);
    return OK;
}

err_t gift_card_from_json(struct ctx *ctx, struct json_in *in,
                          struct gift_card_cmd *ret)
{
    TRY(read_amount(in, &ret->amount, ret->currency));
    TRY(json_opt_time(in, "expires_at", &ret->expires_at));
    TRY(read_reference(ctx, in, &ret->reference));
    return json_end(in);
}

err_t credit_adjust_from_json(struct ctx *ctx, struct json_in *in,
                              struct credit_adjust *ret)
{
    TRY(json_get_i64(in, "version", 1, INT64_MAX, &ret->version));
    TRY(read_amount(in, &ret->amount, ret->currency));
    TRY(read_reference(ctx, in, &ret->reference));
    return json_end(in);
}

err_t store_credit_from_json(struct ctx *ctx, struct json_in *in,
                             struct store_credit_cmd *ret)
{
    TRY(read_amount(in, &ret->amount, ret->currency));
    TRY(read_reference(ctx, in, &ret->reference));
    return json_end(in);
}

/* ---- gift cards ---- */

/* POST /v1/gift-cards */
err_t api_issue_gift_card(struct ctx *ctx, struct request *req)
{
    struct gift_card_cmd cmd = {.amount = 0};
    struct credit card;
    str code;
    TRY(gift_card_from_json(ctx, req->body, &cmd));
    TRY(gift_card_issue(ctx, &cmd, &card, &code));
    req->status = 201;
    req->secret = code;
    json_begin(req->reply, NULL);
    json_put_str(req->reply, "code", code);
    json_begin(req->reply, "gift_card");
    TRY(put_credit(ctx, req->reply, &card));
    json_end_object(req->reply);
    json_end_object(req->reply);
    return OK;
}

/* Somebody who tries codes waits longer and longer. */
static err_t enter(struct ctx *ctx, struct request *req,
                   struct throttle_gate *gate)
{
    *gate = (struct throttle_gate){
        throttle_peer_key(req->throttle, 0x67696674ULL, req->caller->peer),
        WRONG_FREE, WRONG_WAIT_S};
    int wait_s =
        throttle_enter(req->throttle, gate, 1, clock_mono_ns() / 1000000);
    if (wait_s == 0)
        return OK;
    req->retry_after_s = wait_s;
    return fail_as(ctx, ERR_LIMIT, "too_many_attempts", "",
                   "too many wrong codes; wait %d s", wait_s);
}

/* POST /v1/gift-cards/lookup */
err_t api_look_up_gift_card(struct ctx *ctx, struct request *req)
{
    struct throttle_gate gate;
    struct credit card;
    str code;
    TRY(json_get_str(req->body, "code", 1, CODE_BYTES_MAX, &code));
    TRY(json_end(req->body));
    TRY(enter(ctx, req, &gate));
    err_t err = gift_card_find(ctx, code, &card);
    if (err == ERR_NOT_FOUND)
        throttle_failed(req->throttle, &gate, 1, clock_mono_ns() / 1000000);
    else
        throttle_forgive(req->throttle, &gate, 1);
    TRY(err);
    return reply_credit(ctx, req, &card);
}

static err_t get_card(struct ctx *ctx, struct request *req, struct credit *ret)
{
    credit_id id;
    TRY(request_path_id(req, 0, "gft", &id.v));
    TRY(credit_get(ctx, id, ret));
    if (ret->kind != CREDIT_GIFT_CARD)
        return fail(ctx, ERR_NOT_FOUND, "id",
                    "there is no gift card with this id");
    return OK;
}

/* GET /v1/gift-cards/{id} */
err_t api_get_gift_card(struct ctx *ctx, struct request *req)
{
    struct credit card;
    TRY(request_query_end(req));
    TRY(get_card(ctx, req, &card));
    return reply_credit(ctx, req, &card);
}

/* POST /v1/gift-cards/{id}/adjust */
err_t api_adjust_gift_card(struct ctx *ctx, struct request *req)
{
    struct credit_adjust cmd = {.amount = 0};
    struct credit card;
    TRY(credit_adjust_from_json(ctx, req->body, &cmd));
    TRY(get_card(ctx, req, &card));
    cmd.id = card.id;
    TRY(credit_adjust(ctx, &cmd, &card));
    return reply_credit(ctx, req, &card);
}

/* POST /v1/gift-cards/{id}/disable */
err_t api_disable_gift_card(struct ctx *ctx, struct request *req)
{
    struct credit card;
    int64_t version;
    TRY(json_get_i64(req->body, "version", 1, INT64_MAX, &version));
    TRY(json_end(req->body));
    TRY(get_card(ctx, req, &card));
    TRY(gift_card_disable(ctx, card.id, version, &card));
    return reply_credit(ctx, req, &card);
}

/* ---- store credit ---- */

/* GET /v1/customers/{id}/store-credit */
err_t api_get_store_credit(struct ctx *ctx, struct request *req)
{
    customer_id id;
    struct credit *all;
    size_t count;
    TRY(request_path_id(req, 0, "cus", &id.v));
    TRY(request_query_end(req));
    TRY(customer_check_exists(ctx, id));
    TRY(store_credit_list(ctx, id, &all, &count));
    json_begin_page(req->reply);
    for (size_t i = 0; i < count; i++) {
        json_begin(req->reply, NULL);
        TRY(put_credit(ctx, req->reply, &all[i]));
        json_end_object(req->reply);
    }
    json_end_page(req->reply, NULL, 0);
    return OK;
}

/* POST /v1/customers/{id}/store-credit */
err_t api_give_store_credit(struct ctx *ctx, struct request *req)
{
    struct store_credit_cmd cmd = {.amount = 0};
    struct credit credit;
    TRY(request_path_id(req, 0, "cus", &cmd.customer.v));
    TRY(store_credit_from_json(ctx, req->body, &cmd));
    TRY(store_credit_give(ctx, &cmd, &credit));
    req->status = 201;
    return reply_credit(ctx, req, &credit);
}
