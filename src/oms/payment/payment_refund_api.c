/* payment_refund_api.c - refunds: the HTTP face. */
#include "oms/payment/payment_refund_api.h"
#include "base/arena.h"
#include "base/check.h"
#include "base/json.h"
#include "base/money.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/payment/payment_refund_store.h"
#include "oms/payment/payment_rules.h"

/* ---- reply ---- */

static void put(struct json_out *out, const char *key,
                const struct refund *refund, int64_t minor)
{
    json_put_money(out, key, money_make(minor, refund->currency));
}

static void put_lines(struct json_out *out, const struct refund *refund)
{
    json_begin_list(out, "lines");
    for (size_t i = 0; i < refund->line_count; i++) {
        json_begin(out, NULL);
        json_put_i64(out, "n", refund->lines[i].n);
        json_put_i64(out, "quantity", refund->lines[i].qty);
        put(out, "amount", refund, refund->lines[i].amount);
        put(out, "tax", refund, refund->lines[i].tax);
        json_end_object(out);
    }
    json_end_list(out);
}

static void put_parts(struct json_out *out, const struct refund *refund)
{
    json_begin_list(out, "tenders");
    for (size_t i = 0; i < refund->part_count; i++) {
        const struct refund_part *part = &refund->parts[i];
        json_begin(out, NULL);
        json_put_id(out, "payment_id", "pay", part->payment.v);
        json_put_cstr(out, "tender", payment_tender_names[part->tender - 1]);
        json_put_cstr(out, "state", refund_state_name(part->state));
        put(out, "amount", refund, part->amount);
        json_end_object(out);
    }
    json_end_list(out);
}

static void put_members(struct json_out *out, const struct refund *refund)
{
    put(out, "amount", refund, refund->amount);
    put_lines(out, refund);
    put(out, "shipping", refund, refund->shipping);
    put(out, "shipping_tax", refund, refund->shipping_tax);
    put(out, "fees", refund, refund->fees);
    put(out, "fees_tax", refund, refund->fees_tax);
    put(out, "allowance", refund, refund->allowance);
    put_parts(out, refund);
}

void refund_put(struct json_out *out, const struct refund *refund)
{
    json_begin(out, NULL);
    json_put_id(out, "id", "rfd", refund->id.v);
    json_put_id(out, "order_id", "ord", refund->order.v);
    json_put_cstr(out, "state", refund_state_name(refund->state));
    put_members(out, refund);
    json_put_id_or_null(out, "store_credit_of", "cus", refund->credit_to.v);
    json_put_str_or_null(out, "reason", refund->reason);
    json_put_str_or_null(out, "reference", refund->reference);
    json_put_i64(out, "version", refund->version);
    json_put_time(out, "created_at", refund->created_at);
    json_put_time(out, "updated_at", refund->updated_at);
    json_end_object(out);
}

void refund_put_plan(struct json_out *out, const struct refund *refund)
{
    json_begin(out, NULL);
    json_put_id(out, "order_id", "ord", refund->order.v);
    put_members(out, refund);
    put(out, "owed_after", refund, refund->owed);
    json_end_object(out);
}

/* ---- bodies ---- */

/* An amount of the one currency that all of them name; 0 where it is not
 * there. */
static err_t read_amount(struct json_in *in, const char *key, int64_t min,
                         char currency[4], int64_t *ret)
{
    money amount = {0};
    if (!json_has(in, key))
        return OK;
    TRY(json_get_money(in, key, currency[0] ? currency : NULL, &amount));
    if (amount.minor < min)
        return json_fail(in, key, ERR_INVALID, "number_out_of_range",
                         "must be %lld or more minor units", (long long)min);
    memcpy(currency, amount.currency, sizeof amount.currency);
    *ret = amount.minor;
    return OK;
}

static err_t read_lines(struct ctx *ctx, struct json_in *in,
                        struct refund_cmd *ret)
{
    struct json_list list;
    TRY(json_get_list(in, "lines", 0, LIMIT_ORDER_LINES, &list));
    struct refund_line *lines =
        arena_array(ctx->arena, struct refund_line, list.count);
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *at;
        TRY(json_list_object(&list, i, &at));
        TRY(json_get_i64(at, "n", 1, LIMIT_HISTORY_LINES, &lines[i].n));
        TRY(json_get_i64(at, "quantity", 1, LIMIT_QTY, &lines[i].qty));
        TRY(json_end(at));
    }
    ret->lines = lines;
    ret->line_count = list.count;
    return OK;
}

static err_t read_parts(struct ctx *ctx, struct json_in *in,
                        struct refund_cmd *ret)
{
    struct json_list list;
    TRY(json_get_list(in, "tenders", 0, LIMIT_PAYMENTS, &list));
    struct refund_part *parts =
        arena_array(ctx->arena, struct refund_part, list.count);
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *at;
        TRY(json_list_object(&list, i, &at));
        TRY(json_get_id(at, "payment_id", "pay", &parts[i].payment.v));
        TRY(read_amount(at, "amount", 1, ret->currency, &parts[i].amount));
        if (parts[i].amount == 0)
            return json_fail(at, "amount", ERR_INVALID, "missing_field",
                             "is needed");
        TRY(json_end(at));
    }
    ret->parts = parts;
    ret->part_count = list.count;
    return OK;
}

static err_t read_text(struct ctx *ctx, struct json_in *in, const char *key,
                       size_t max, str *ret)
{
    TRY(json_opt_str(in, key, 1, max, ret));
    return check_line(ctx, key, *ret, 0, max);
}

static err_t read_to(struct json_in *in, struct refund_cmd *ret)
{
    static const char *const to[] = {"tenders", "store_credit"};
    int at = 0;
    TRY(json_opt_enum(in, "to", to, COUNT_OF(to), &at));
    ret->is_to_credit = at == 1;
    return ret->is_to_credit
               ? json_opt_id(in, "customer_id", "cus", &ret->customer.v)
               : OK;
}

err_t refund_cmd_from_json(struct ctx *ctx, struct json_in *in, bool is_preview,
                           struct refund_cmd *ret)
{
    ret->amount = REFUND_AS_OWED;
    if (!is_preview)
        TRY(json_get_i64(in, "version", 1, INT64_MAX, &ret->version));
    TRY(read_lines(ctx, in, ret));
    TRY(read_amount(in, "shipping", 0, ret->currency, &ret->shipping));
    TRY(read_amount(in, "fees", 0, ret->currency, &ret->fees));
    TRY(read_amount(in, "allowance", 0, ret->currency, &ret->allowance));
    TRY(read_amount(in, "amount", 0, ret->currency, &ret->amount));
    TRY(read_parts(ctx, in, ret));
    if (!is_preview) {
        TRY(json_opt_bool(in, "later", &ret->is_later));
        TRY(read_to(in, ret));
        TRY(read_text(ctx, in, "reason", LIMIT_REASON_BYTES, &ret->reason));
        TRY(read_text(ctx, in, "reference", LIMIT_REFERENCE_BYTES,
                      &ret->reference));
    }
    return json_end(in);
}

err_t refund_end_from_json(struct ctx *ctx, struct json_in *in,
                           struct refund_end *ret)
{
    TRY(json_get_i64(in, "version", 1, INT64_MAX, &ret->version));
    TRY(read_text(ctx, in, "reference", LIMIT_REFERENCE_BYTES,
                  &ret->reference));
    return json_end(in);
}

/* ---- endpoints ---- */

/* POST /v1/orders/{id}/refunds */
err_t api_create_refund(struct ctx *ctx, struct request *req)
{
    struct refund_cmd cmd = {.version = 0};
    struct refund refund;
    TRY(request_path_id(req, 0, "ord", &cmd.order.v));
    TRY(refund_cmd_from_json(ctx, req->body, false, &cmd));
    TRY(refund_create(ctx, &cmd, &refund));
    req->status = 201;
    refund_put(req->reply, &refund);
    return OK;
}

/* POST /v1/orders/{id}/refunds/preview */
err_t api_preview_refund(struct ctx *ctx, struct request *req)
{
    struct refund_cmd cmd = {.version = 0};
    struct refund refund;
    TRY(request_path_id(req, 0, "ord", &cmd.order.v));
    TRY(refund_cmd_from_json(ctx, req->body, true, &cmd));
    TRY(refund_preview(ctx, &cmd, &refund));
    refund_put_plan(req->reply, &refund);
    return OK;
}

/* GET /v1/orders/{id}/refunds */
err_t api_list_refunds(struct ctx *ctx, struct request *req)
{
    order_id id;
    struct order order;
    struct refund *all;
    size_t count;
    TRY(request_path_id(req, 0, "ord", &id.v));
    TRY(request_query_end(req));
    TRY(order_get(ctx, id, &order));
    TRY(refund_list(ctx, id, &all, &count));
    json_begin_page(req->reply);
    for (size_t i = 0; i < count; i++)
        refund_put(req->reply, &all[i]);
    json_end_page(req->reply, NULL, 0);
    return OK;
}

/* GET /v1/refunds/{id} */
err_t api_get_refund(struct ctx *ctx, struct request *req)
{
    refund_id id;
    struct refund refund;
    TRY(request_path_id(req, 0, "rfd", &id.v));
    TRY(request_query_end(req));
    TRY(refund_get(ctx, id, &refund));
    refund_put(req->reply, &refund);
    return OK;
}

static err_t end(struct ctx *ctx, struct request *req, enum refund_event event)
{
    struct refund_end cmd = {.event = event};
    struct refund refund;
    TRY(request_path_id(req, 0, "rfd", &cmd.id.v));
    TRY(refund_end_from_json(ctx, req->body, &cmd));
    TRY(refund_finish(ctx, &cmd, &refund));
    refund_put(req->reply, &refund);
    return OK;
}

/* POST /v1/refunds/{id}/succeed */
err_t api_succeed_refund(struct ctx *ctx, struct request *req)
{
    return end(ctx, req, REFUND_EVENT_SUCCEED);
}

/* POST /v1/refunds/{id}/fail */
err_t api_fail_refund(struct ctx *ctx, struct request *req)
{
    return end(ctx, req, REFUND_EVENT_FAIL);
}

/* POST /v1/refunds/{id}/cancel */
err_t api_cancel_refund(struct ctx *ctx, struct request *req)
{
    return end(ctx, req, REFUND_EVENT_CANCEL);
}
