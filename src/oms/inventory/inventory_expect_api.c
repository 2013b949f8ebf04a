/* inventory_expect_api.c - the HTTP face of what is expected, and of what can
 * be promised from it. */
#include "base/arena.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/inventory/inventory_atp.h"
#include "oms/inventory/inventory_expected.h"
#include "oms/inventory/inventory_handlers.h"
#include "oms/inventory/inventory_named.h"
#include "oms/inventory/inventory_supply_json.h"
#include "oms/inventory/inventory_tell.h"

static const char *const state_names[] = {"open", "received", "cancelled"};

static void write_supply(struct ctx *ctx, struct json_out *out, const char *key,
                         const struct codes *codes, const struct supply *s)
{
    json_begin(out, key);
    json_put_id(out, "id", "sup", s->id.v);
    json_put_id(out, "sku_id", "sku", s->sku.v);
    json_put_str(out, "sku", code_of_sku(codes, s->sku));
    json_put_id(out, "location_id", "loc", s->location.v);
    json_put_str(out, "location", code_of_location(codes, s->location));
    json_put_i64(out, "quantity", s->qty);
    json_put_i64(out, "received", s->received);
    json_put_i64(out, "open", supply_open(s));
    json_put_i64(out, "over_percent", s->over_percent);
    json_put_time(out, "expected_at", s->expected_at);
    json_put_bool(out, "is_late",
                  supply_open(s) > 0 && s->expected_at < ctx->now);
    json_put_str(out, "reference", s->reference);
    json_put_cstr(out, "state", supply_state_name(s->state));
    json_put_str_or_null(out, "transfer",
                         s->source == SUPPLY_TRANSFER
                             ? ref_text(ctx->arena, REF_TRANSFER, s->source_id)
                             : STR_NONE);
    json_put_id_or_null(out, "purchase_order", "po",
                        s->source == SUPPLY_PURCHASE ? s->source_id : 0);
    json_put_i64(out, "version", s->version);
    json_put_time(out, "created_at", s->created_at);
    json_end_object(out);
}

static err_t find_codes(struct ctx *ctx, const struct supply *rows,
                        size_t count, struct codes *ret)
{
    sku_id *skus = arena_array(ctx->arena, sku_id, count);
    location_id *places = arena_array(ctx->arena, location_id, count);
    for (size_t i = 0; i < count; i++) {
        skus[i] = rows[i].sku;
        places[i] = rows[i].location;
    }
    TRY(codes_of_skus(ctx, skus, count, ret));
    return codes_of_locations(ctx, places, count, ret);
}

static err_t write_one(struct ctx *ctx, struct request *req,
                       const struct supply *row)
{
    struct codes codes;
    TRY(find_codes(ctx, row, 1, &codes));
    write_supply(ctx, req->reply, NULL, &codes, row);
    return OK;
}

/* POST /v1/expected-receipts */
err_t api_expect(struct ctx *ctx, struct request *req)
{
    struct supply_cmd cmd;
    struct supply_result result;
    TRY(supply_read(req->body, &cmd));
    TRY(supply_create_many(ctx, &cmd, 1, &result));
    if (!result.is_ok) {
        ctx->err = result.err;
        return result.err.code;
    }
    req->status = 201;
    return write_one(ctx, req, &result.supply);
}

static void write_result(struct ctx *ctx, struct json_out *out,
                         const struct codes *codes,
                         const struct supply_result *result)
{
    const struct err_detail *err = &result->err;
    json_begin(out, NULL);
    json_put_i64(out, "status",
                 result->is_ok ? 201 : err_http_status(err->code));
    if (result->is_ok) {
        write_supply(ctx, out, "expected_receipt", codes, &result->supply);
        json_put_null(out, "error");
    } else {
        json_put_null(out, "expected_receipt");
        err_put(out, "error", err);
    }
    json_end_object(out);
}

/* POST /v1/expected-receipts/bulk */
err_t api_expect_many(struct ctx *ctx, struct request *req)
{
    struct supply_cmd *cmds;
    struct codes codes;
    size_t count, n = 0;
    TRY(supplies_read(ctx, req->body, &cmds, &count));
    struct supply_result *results =
        arena_array(ctx->arena, struct supply_result, count);
    TRY(supply_create_many(ctx, cmds, count, results));
    struct supply *rows = arena_array(ctx->arena, struct supply, count);
    for (size_t i = 0; i < count; i++)
        if (results[i].is_ok)
            rows[n++] = results[i].supply;
    TRY(find_codes(ctx, rows, n, &codes));
    json_begin(req->reply, NULL);
    json_begin_list(req->reply, "items");
    for (size_t i = 0; i < count; i++)
        write_result(ctx, req->reply, &codes, &results[i]);
    json_end_list(req->reply);
    json_end_object(req->reply);
    return OK;
}

/* GET /v1/expected-receipts/{id} */
err_t api_get_expected(struct ctx *ctx, struct request *req)
{
    struct supply row;
    supply_id id;
    TRY(request_query_end(req));
    TRY(request_path_id(req, 0, "sup", &id.v));
    TRY(supply_get(ctx, id, &row));
    return write_one(ctx, req, &row);
}

/* PATCH /v1/expected-receipts/{id} */
err_t api_change_expected(struct ctx *ctx, struct request *req)
{
    struct supply_patch patch;
    struct supply row;
    supply_id id;
    TRY(request_path_id(req, 0, "sup", &id.v));
    TRY(supply_read_change(req->body, &patch));
    TRY(supply_change(ctx, id, &patch.change));
    TRY(supply_get(ctx, id, &row));
    return write_one(ctx, req, &row);
}

/* DELETE /v1/expected-receipts/{id} */
err_t api_cancel_expected(struct ctx *ctx, struct request *req)
{
    struct supply row;
    supply_id id;
    int64_t version = 0;
    TRY(request_path_id(req, 0, "sup", &id.v));
    TRY(request_query_i64(req, "version", 1, INT64_MAX, &version));
    TRY(request_query_end(req));
    if (version == 0)
        return fail_as(ctx, ERR_INVALID, "missing_field", "version",
                       "name the version last seen");
    TRY(supply_cancel(ctx, id, version));
    TRY(supply_get(ctx, id, &row));
    return write_one(ctx, req, &row);
}

/* ---- lists ---- */

/* A cursor of those in order of time is "<ms>.<id>". */
static err_t read_after(struct ctx *ctx, struct request *req,
                        struct supply_filter *filter)
{
    str text, rest;
    filter->after_expected_at = INT64_MIN;
    if (!filter->is_by_time)
        return request_query_id(req, "after", "sup", &filter->after.v);
    if (!request_query_find(req, "after", &text))
        return OK;
    str at = str_split(text, '.', &rest);
    if (!str_to_i64(at, &filter->after_expected_at) ||
        !id_from_text("sup", rest, &filter->after.v))
        return fail_as(ctx, ERR_INVALID, "cursor_invalid", "after",
                       "is not the `next` of a page before");
    return OK;
}

static err_t find_named(struct ctx *ctx, str sku, str location,
                        struct supply_filter *filter)
{
    struct named named;
    const struct sku *found;
    struct location at;
    if (sku.len > 0) {
        TRY(named_skus(ctx, &sku, 1, &named));
        TRY(named_sku_get(ctx, &named, sku, &found));
        filter->sku = found->id;
    }
    if (location.len > 0) {
        TRY(named_location_get(ctx, "location", location, &at));
        filter->location = at.id;
    }
    return OK;
}

static err_t read_filter(struct ctx *ctx, struct request *req,
                         struct supply_filter *filter)
{
    static const char *const yes_no[] = {"false", "true"};
    int state = -1, late = 0;
    str sku = STR_NONE, location = STR_NONE;
    *filter = (struct supply_filter){.before = INT64_MAX};
    TRY(request_query_enum(req, "state", state_names, COUNT_OF(state_names),
                           &state));
    TRY(request_query_enum(req, "late", yes_no, 2, &late));
    bool has_sku = request_query_find(req, "sku", &sku);
    bool has_location = request_query_find(req, "location", &location);
    filter->state = (enum supply_state)(state + 1);
    filter->is_by_time =
        has_sku || has_location || late == 1 || filter->state == SUPPLY_OPEN;
    TRY(read_after(ctx, req, filter));
    TRY(request_query_limit(req, &filter->limit));
    TRY(request_query_end(req));
    if (filter->is_by_time && state > 0)
        return fail_as(ctx, ERR_INVALID, "filter_invalid", "state",
                       "by SKU, by location and late only open ones are "
                       "listed");
    if (late == 1)
        filter->before = ctx->now;
    return find_named(ctx, sku, location, filter);
}

static void write_next(struct ctx *ctx, struct json_out *out,
                       const struct supply_filter *filter,
                       const struct supply *last)
{
    char id[ID_TEXT_BYTES];
    int len = (int)id_to_text("sup", last->id.v, id);
    if (filter->is_by_time)
        json_put_str(out, "next",
                     str_printf(ctx->arena, "%lld.%.*s",
                                (long long)last->expected_at, len, id));
    else
        json_put_str(out, "next", (str){id, (size_t)len});
}

/* GET /v1/expected-receipts */
err_t api_list_expected(struct ctx *ctx, struct request *req)
{
    struct supply_filter filter;
    struct supply *rows;
    struct codes codes;
    size_t count;
    TRY(read_filter(ctx, req, &filter));
    TRY(supply_page(ctx, &filter, &rows, &count));
    TRY(find_codes(ctx, rows, count, &codes));
    json_begin(req->reply, NULL);
    json_begin_list(req->reply, "items");
    for (size_t i = 0; i < count; i++)
        write_supply(ctx, req->reply, NULL, &codes, &rows[i]);
    json_end_list(req->reply);
    if (count == filter.limit)
        write_next(ctx, req->reply, &filter, &rows[count - 1]);
    else
        json_put_null(req->reply, "next");
    json_end_object(req->reply);
    return OK;
}
