/* returns_policy.c - the rules of a channel as a document, in and out. */
#include "oms/returns/returns_policy.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/inventory/inventory_named.h"
#include "oms/returns/returns_sql.h"
#include "store/event.h"
#include "store/sql.h"

#define REASON(code, title, needs_note, is_fault)                              \
    {                                                                          \
        STR_INIT(code), STR_INIT(title), needs_note, false, is_fault           \
    }
static const struct return_reason usual[] = {
    REASON("unwanted", "No longer wanted", false, false),
    REASON("too_small", "Too small", false, false),
    REASON("too_large", "Too large", false, false),
    REASON("not_as_described", "Not as described", false, true),
    REASON("wrong_item", "Something else was sent", false, true),
    REASON("damaged", "Arrived damaged", true, true),
    REASON("defective", "Does not work", true, true),
    REASON("late", "Came too late", false, true),
    REASON("other", "Another reason", true, false),
};
static const char *const refunds[] = {"on_scan", "on_receipt", "on_inspection",
                                      "manual"};
static const char *const ships[] = {"at_once", "on_scan", "on_receipt",
                                    "on_inspection"};
static const char *const shippings[] = {"never", "fault", "always"};
static const char *const begins[] = {"delivered", "shipped"};
static const char *const approvals[] = {"auto", "manual"};

static struct return_policy by_default(void)
{
    return (struct return_policy){
        .window_days = 30,
        .is_auto = true,
        .expire_days = 30,
        .reasons = usual,
        .reason_count = COUNT_OF(usual),
        .final_attr = STR_NONE,
        .refund = REFUND_BY_HAND,
        .refund_shipping = SHIPPING_NEVER,
        .exchange = SHIP_ON_RECEIPT,
    };
}

/* ---- in ---- */

static err_t read_reason(struct ctx *ctx, struct json_in *in,
                         struct return_reason *ret)
{
    *ret = (struct return_reason){.title = STR_NONE};
    TRY(json_get_str(in, "code", 1, LIMIT_CODE_BYTES, &ret->code));
    if (!code_is_clean(ret->code))
        return json_fail(in, "code", ERR_INVALID, "code_malformed",
                         "is a code without blanks at its ends");
    TRY(json_opt_str(in, "title", 1, LIMIT_TITLE_BYTES, &ret->title));
    TRY(check_line(ctx, "reasons", ret->title, 0, LIMIT_TITLE_BYTES));
    TRY(json_opt_bool(in, "needs_note", &ret->needs_note));
    TRY(json_opt_bool(in, "needs_photo", &ret->needs_photo));
    TRY(json_opt_bool(in, "is_fault", &ret->is_fault));
    return json_end(in);
}

static err_t read_reasons(struct ctx *ctx, struct json_in *in,
                          struct return_policy *policy)
{
    struct json_list list;
    if (!json_has(in, "reasons"))
        return OK;
    TRY(json_get_list(in, "reasons", 1, LIMIT_REASONS, &list));
    struct return_reason *reasons =
        arena_array(ctx->arena, struct return_reason, list.count);
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *at;
        TRY(json_list_object(&list, i, &at));
        TRY(read_reason(ctx, at, &reasons[i]));
        for (size_t j = 0; j < i; j++)
            if (str_equal(reasons[i].code, reasons[j].code))
                return json_fail(at, "code", ERR_INVALID, "code_repeated",
                                 "each reason has a code of its own");
    }
    policy->reasons = reasons;
    policy->reason_count = list.count;
    return OK;
}

static err_t read_final(struct json_in *in, struct return_policy *policy)
{
    struct json_in *final = NULL;
    TRY(json_opt_object(in, "final_sale", &final));
    if (!final)
        return OK;
    TRY(json_get_strs(final, "skus", LIMIT_FINAL_SKUS, LIMIT_CODE_BYTES,
                      &policy->final_skus, &policy->final_sku_count));
    TRY(json_opt_str(final, "attribute", 1, LIMIT_CODE_BYTES,
                     &policy->final_attr));
    TRY(json_get_strs(final, "values", LIMIT_FINAL_VALUES, LIMIT_CODE_BYTES,
                      &policy->final_values, &policy->final_value_count));
    if ((policy->final_attr.len > 0) != (policy->final_value_count > 0))
        return json_fail(final, "values", ERR_INVALID, "values_required",
                         "an attribute and its values are named together");
    return json_end(final);
}

static err_t read_terms(struct json_in *in, const char *key,
                        struct return_terms *ret)
{
    return json_get_strs(in, key, LIMIT_ROUTE_TERMS, LIMIT_CODE_BYTES, &ret->at,
                         &ret->count);
}

static err_t read_routes(struct ctx *ctx, struct json_in *in,
                         struct return_policy *policy)
{
    struct json_list list;
    TRY(json_get_list(in, "routes", 0, LIMIT_RETURN_ROUTES, &list));
    struct return_route *routes =
        arena_array(ctx->arena, struct return_route, list.count);
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *at;
        TRY(json_list_object(&list, i, &at));
        TRY(read_terms(at, "countries", &routes[i].countries));
        TRY(read_terms(at, "regions", &routes[i].regions));
        TRY(read_terms(at, "reasons", &routes[i].reasons));
        TRY(read_terms(at, "skus", &routes[i].skus));
        TRY(json_get_str(at, "location", 1, LIMIT_CODE_BYTES,
                         &routes[i].location));
        TRY(json_end(at));
    }
    policy->routes = routes;
    policy->route_count = list.count;
    return OK;
}

static err_t read_amount(struct json_in *in, const char *key, money *ret)
{
    TRY(json_opt_money(in, key, NULL, ret));
    if (ret->minor < 0 || ret->minor > LIMIT_MINOR)
        return json_fail(in, key, ERR_INVALID, "number_out_of_range",
                         "must be 0 or more minor units");
    return OK;
}

static err_t read_money(struct json_in *in, struct return_policy *policy)
{
    int refund = policy->refund - 1, shipping = policy->refund_shipping - 1;
    int ship = policy->exchange - 1;
    TRY(json_opt_enum(in, "refund", refunds, COUNT_OF(refunds), &refund));
    TRY(json_opt_enum(in, "refund_shipping", shippings, COUNT_OF(shippings),
                      &shipping));
    TRY(json_opt_enum(in, "exchange", ships, COUNT_OF(ships), &ship));
    TRY(json_opt_i64(in, "restocking_ppm", 0, 1000000,
                     &policy->restocking_ppm));
    TRY(read_amount(in, "keep_up_to", &policy->keep_up_to));
    TRY(read_amount(in, "shipping_fee", &policy->shipping_fee));
    policy->refund = (enum return_refund)(refund + 1);
    policy->refund_shipping = (enum shipping_refund)(shipping + 1);
    policy->exchange = (enum return_ship)(ship + 1);
    return OK;
}

err_t return_policy_read(struct ctx *ctx, struct json_in *in,
                         struct return_policy *ret)
{
    struct return_policy policy = by_default();
    int from = 0, approval = 0;
    TRY(json_opt_i64(in, "window_days", 0, LIMIT_WINDOW_DAYS,
                     &policy.window_days));
    TRY(json_opt_enum(in, "window_from", begins, COUNT_OF(begins), &from));
    TRY(json_opt_enum(in, "approval", approvals, COUNT_OF(approvals),
                      &approval));
    TRY(json_opt_i64(in, "expire_days", 1, LIMIT_EXPIRE_DAYS,
                     &policy.expire_days));
    TRY(read_reasons(ctx, in, &policy));
    TRY(read_final(in, &policy));
    TRY(read_routes(ctx, in, &policy));
    TRY(read_money(in, &policy));
    TRY(json_end(in));
    policy.is_from_shipped = from == 1;
    policy.is_auto = approval == 0;
    *ret = policy;
    return OK;
}

/* ---- out ---- */

static void put_texts(struct json_out *out, const char *key, const str *texts,
                      size_t count)
{
    json_begin_list(out, key);
    for (size_t i = 0; i < count; i++)
        json_put_str(out, NULL, texts[i]);
    json_end_list(out);
}

static void put_routes(struct json_out *out, const struct return_policy *policy)
{
    json_begin_list(out, "routes");
    for (size_t i = 0; i < policy->route_count; i++) {
        const struct return_route *route = &policy->routes[i];
        json_begin(out, NULL);
        put_texts(out, "countries", route->countries.at,
                  route->countries.count);
        put_texts(out, "regions", route->regions.at, route->regions.count);
        put_texts(out, "reasons", route->reasons.at, route->reasons.count);
        put_texts(out, "skus", route->skus.at, route->skus.count);
        json_put_str(out, "location", route->location);
        json_end_object(out);
    }
    json_end_list(out);
}

static void put_amount(struct json_out *out, const char *key, money amount)
{
    if (amount.minor > 0)
        json_put_money(out, key, amount);
    else
        json_put_null(out, key);
}

void return_policy_write(struct json_out *out,
                         const struct return_policy *policy)
{
    json_put_i64(out, "window_days", policy->window_days);
    json_put_cstr(out, "window_from", begins[policy->is_from_shipped]);
    json_put_cstr(out, "approval", approvals[!policy->is_auto]);
    json_put_i64(out, "expire_days", policy->expire_days);
    json_begin_list(out, "reasons");
    for (size_t i = 0; i < policy->reason_count; i++) {
        const struct return_reason *reason = &policy->reasons[i];
        json_begin(out, NULL);
        json_put_str(out, "code", reason->code);
        json_put_str_or_null(out, "title", reason->title);
        json_put_bool(out, "needs_note", reason->needs_note);
        json_put_bool(out, "needs_photo", reason->needs_photo);
        json_put_bool(out, "is_fault", reason->is_fault);
        json_end_object(out);
    }
    json_end_list(out);
    json_begin(out, "final_sale");
    put_texts(out, "skus", policy->final_skus, policy->final_sku_count);
    json_put_str_or_null(out, "attribute", policy->final_attr);
    put_texts(out, "values", policy->final_values, policy->final_value_count);
    json_end_object(out);
    put_routes(out, policy);
    json_put_cstr(out, "refund", refunds[policy->refund - 1]);
    json_put_cstr(out, "refund_shipping",
                  shippings[policy->refund_shipping - 1]);
    json_put_cstr(out, "exchange", ships[policy->exchange - 1]);
    json_put_i64(out, "restocking_ppm", policy->restocking_ppm);
    put_amount(out, "keep_up_to", policy->keep_up_to);
    put_amount(out, "shipping_fee", policy->shipping_fee);
}

static str text_of(struct ctx *ctx, const struct return_policy *policy)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    return_policy_write(&out, policy);
    json_end_object(&out);
    return buf_str(&buf);
}

/* ---- in the store ---- */

err_t return_policy_get(struct ctx *ctx, channel_id channel,
                        struct return_policy *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(channel.v)};
    struct json_in *in;
    TRY(sql_list(ctx, SQL_RETURN_POLICY_ROW, args, COUNT_OF(args), &rows));
    *ret = by_default();
    if (rows.count == 0)
        return OK;
    TRY(json_parse(ctx, sql_str(&rows, 0, 0), &in));
    TRY(return_policy_read(ctx, in, ret));
    ret->version = sql_int(&rows, 0, 1);
    return OK;
}

static err_t check_routes(struct ctx *ctx, const struct return_policy *policy)
{
    struct named named;
    str *codes = arena_array(ctx->arena, str, policy->route_count);
    for (size_t i = 0; i < policy->route_count; i++)
        codes[i] = policy->routes[i].location;
    TRY(named_locations(ctx, codes, policy->route_count, &named));
    for (size_t i = 0; i < policy->route_count; i++)
        if (!named_location(&named, codes[i]))
            return fail_in(ctx,
                           fail_as(ctx, ERR_INVALID, "location_unknown",
                                   "location",
                                   "there is no location with this code"),
                           "routes", i);
    return OK;
}

err_t return_policy_set(struct ctx *ctx, channel_id channel, int64_t version,
                        struct return_policy *policy)
{
    struct return_policy before;
    int64_t changed;
    str doc = text_of(ctx, policy);
    TRY(check_routes(ctx, policy));
    TRY(return_policy_get(ctx, channel, &before));
    TRY(check_version(ctx, version, before.version));
    struct sql_arg add[] = {sql_i(channel.v), sql_s(doc), sql_i(ctx->now)};
    struct sql_arg save[] = {sql_s(doc), sql_i(ctx->now), sql_i(channel.v),
                             sql_i(version)};
    if (version == 0)
        TRY(sql_run(ctx, SQL_RETURN_POLICY_ADD, add, COUNT_OF(add), &changed));
    else
        TRY(sql_run(ctx, SQL_RETURN_POLICY_SAVE, save, COUNT_OF(save),
                    &changed));
    if (changed != 1)
        return fail(ctx, ERR_RETRY, "version", "the policy was changed");
    policy->version = version + 1;
    return event_add(ctx, "return_policy.changed", "channel", channel.v, doc,
                     NULL);
}

const struct return_reason *
return_policy_reason(const struct return_policy *policy, str code)
{
    for (size_t i = 0; i < policy->reason_count; i++)
        if (str_equal(policy->reasons[i].code, code))
            return &policy->reasons[i];
    return NULL;
}

static bool fits(const struct return_terms *terms, str text)
{
    for (size_t i = 0; i < terms->count; i++)
        if (str_equal(terms->at[i], text))
            return true;
    return terms->count == 0;
}

str return_policy_route(const struct return_policy *policy, str country,
                        str region, str reason, str sku)
{
    for (size_t i = 0; i < policy->route_count; i++) {
        const struct return_route *route = &policy->routes[i];
        if (fits(&route->countries, country) && fits(&route->regions, region) &&
            fits(&route->reasons, reason) && fits(&route->skus, sku))
            return route->location;
    }
    return STR_NONE;
}
