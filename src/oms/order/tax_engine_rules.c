/* tax_engine_rules.c - what a tax engine is asked, and what it may answer.
 * Pure. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/money.h"
#include "base/str.h"
#include "oms/order/tax_engine.h"
#include "oms/order/tax_int.h"

enum { REQUEST_BYTES = 1024 * 1024 };

static const char *const modes[] = {"exclusive", "inclusive"};

static str body_of(struct arena *arena, const struct tax_request *request)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, arena, REQUEST_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_cstr(&out, "currency", request->currency);
    json_put_cstr(&out, "tax_mode", modes[request->mode - 1]);
    json_put_time(&out, "at", request->at);
    json_put_str_or_null(&out, "tax_id", request->tax_id);
    json_begin(&out, "to");
    json_put_str(&out, "country", request->to.country);
    json_put_str_or_null(&out, "region", request->to.region);
    json_put_str_or_null(&out, "postal_code", request->to.postal_code);
    json_end_object(&out);
    json_begin_list(&out, "items");
    for (size_t i = 0; i < request->item_count; i++) {
        const struct tax_item *item = &request->items[i];
        json_begin(&out, NULL);
        json_put_str_or_null(&out, "sku", item->sku);
        json_put_str(&out, "tax_class",
                     item->tax_class.len ? item->tax_class : STR("standard"));
        json_put_money(&out, "amount",
                       money_make(item->amount, request->currency));
        json_end_object(&out);
    }
    json_end_list(&out);
    json_end_object(&out);
    return buf_str(&buf);
}

struct outside_call tax_engine_call(struct arena *arena, str url, str secret,
                                    const struct tax_request *request)
{
    str bearer =
        str_printf(arena, "Authorization: Bearer %.*s", STR_ARG(secret));
    return (struct outside_call){
        .method = "POST",
        .url = str_to_cstr(arena, url),
        .headers = {"Content-Type: application/json",
                    str_to_cstr(arena, bearer)},
        .body = body_of(arena, request),
    };
}

/* ---- its answer ---- */

static err_t fail_tax(struct ctx *ctx, const char *what)
{
    return fail_as(ctx, ERR_INVALID, "tax_out_of_range", "items", "%s", what);
}

static err_t read_line(struct json_in *in, const char *currency,
                       struct order_tax *ret)
{
    money amount;
    TRY(json_get_str(in, "name", 1, LIMIT_NAME_BYTES, &ret->name));
    TRY(json_opt_i64(in, "rate_ppm", 0, TAX_RATE_PPM_MAX, &ret->rate_ppm));
    TRY(json_get_money(in, "amount", currency, &amount));
    ret->amount = amount.minor;
    TRY(json_opt_str(in, "jurisdiction", 0, LIMIT_NAME_BYTES,
                     &ret->jurisdiction));
    return json_opt_str(in, "reason", 0, LIMIT_NAME_BYTES, &ret->reason);
}

static err_t read_item(struct ctx *ctx, const struct tax_request *request,
                       size_t i, struct json_in *in, struct tax_lines *ret)
{
    struct json_list list;
    TRY(json_get_list(in, "tax_lines", 0, LIMIT_TAX_LINES, &list));
    struct order_tax *taxes =
        arena_array(ctx->arena, struct order_tax, list.count);
    int64_t sum = 0, most = LIMIT_MINOR;
    if (request->mode == TAX_INCLUSIVE)
        most = request->items[i].amount;
    for (size_t j = 0; j < list.count; j++) {
        struct json_in *at;
        TRY(json_list_object(&list, j, &at));
        TRY(read_line(at, request->currency, &taxes[j]));
        if (taxes[j].amount < 0)
            return fail_tax(ctx, "a tax is below 0");
        sum += taxes[j].amount; /* 20 of LIMIT_MINOR at most. */
        if (sum > most)
            return fail_tax(ctx, "the taxes are more than they can be");
    }
    *ret = (struct tax_lines){taxes, list.count};
    return OK;
}

err_t tax_engine_decode(struct ctx *ctx, const struct tax_request *request,
                        str body, struct tax_lines **ret)
{
    struct json_in *in;
    struct json_list list;
    TRY(json_parse(ctx, body, &in));
    TRY(json_get_list(in, "items", request->item_count, request->item_count,
                      &list));
    *ret = arena_array(ctx->arena, struct tax_lines, list.count);
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *at;
        TRY(json_list_object(&list, i, &at));
        TRY(read_item(ctx, request, i, at, &(*ret)[i]));
    }
    return OK;
}

/* ---- its refusal ---- */

enum { FIELD_BYTES = 96, WHY_BYTES = 120 };

/* Lines come first among what it was asked. */
static void name_line(const struct tax_request *request, str field,
                      char ret[FIELD_BYTES])
{
    uint64_t i = 0;
    size_t at = strlen("items["), first = at;
    for (; at < field.len && at < first + 4 && field.ptr[at] >= '0' &&
           field.ptr[at] <= '9';
         at++)
        i = i * 10 + (uint64_t)(field.ptr[at] - '0');
    if (at > first && at < field.len && field.ptr[at] == ']' &&
        i < request->item_count && request->items[i].sku.len > 0)
        (void)snprintf(ret, FIELD_BYTES, "lines[%d]", (int)i);
}

/* "": it is none of ours. */
static void name_field(const struct tax_request *request, str field,
                       char ret[FIELD_BYTES])
{
    static const char *const ours[][2] = {
        {"to",             "shipping_address"            },
        {"to.country",     "shipping_address.country"    },
        {"to.region",      "shipping_address.region"     },
        {"to.postal_code", "shipping_address.postal_code"},
        {"tax_id",         "customer.tax_id"             },
        {"currency",       "currency"                    },
        {"at",             "placed_at"                   }
    };
    ret[0] = '\0';
    if (str_starts(field, STR("items[")))
        name_line(request, field, ret);
    for (size_t i = 0; i < COUNT_OF(ours); i++)
        if (str_equal_cstr(field, ours[i][0]))
            (void)snprintf(ret, FIELD_BYTES, "%s", ours[i][1]);
}

err_t tax_engine_refusal(struct ctx *ctx, const struct tax_request *request,
                         str body)
{
    struct json_in *in;
    str field = STR_NONE, why = STR_NONE;
    char name[FIELD_BYTES];
    if (json_parse(ctx, body, &in) == OK) {
        if (json_opt_str(in, "field", 0, LIMIT_NAME_BYTES, &field) != OK)
            field = STR_NONE;
        if (json_opt_str(in, "message", 0, WHY_BYTES, &why) != OK)
            why = STR_NONE;
    }
    err_clear(ctx);
    name_field(request, field, name);
    return fail_as(ctx, ERR_INVALID, "tax_engine_refused", name,
                   "the tax engine of the channel does not tax it%s%.*s",
                   why.len > 0 ? ": " : "", STR_ARG(why));
}

/* ---- as a tax ---- */

static bool is_same(const struct tax_request *a, const struct tax_request *b)
{
    bool is_so = a->item_count == b->item_count && a->mode == b->mode &&
                 memcmp(a->currency, b->currency, sizeof a->currency) == 0 &&
                 str_equal(a->to.country, b->to.country) &&
                 str_equal(a->to.region, b->to.region) &&
                 str_equal(a->to.postal_code, b->to.postal_code) &&
                 str_equal(a->tax_id, b->tax_id);
    for (size_t i = 0; is_so && i < a->item_count; i++)
        is_so = a->items[i].amount == b->items[i].amount &&
                str_equal(a->items[i].tax_class, b->items[i].tax_class);
    return is_so;
}

/* The channel may have been changed since it was asked. */
static err_t compute(struct ctx *ctx, const struct tax_request *request,
                     struct tax_lines **ret)
{
    const struct tax_answer *answer = request->answer;
    if (!is_same(request, &answer->request))
        return fail_as(ctx, ERR_BUSY, "tax_engine_failed", "",
                       "what is taxed was changed meanwhile; ask again");
    *ret = answer->lines;
    return OK;
}

const struct tax tax_outside = {.code = "outside", .compute = compute};
