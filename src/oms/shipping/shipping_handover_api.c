/* shipping_handover_api.c - the HTTP face of manifests, pickups and tracking.
 */
#include "base/arena.h"
#include "base/check.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/shipping/shipping_handlers.h"
#include "oms/shipping/shipping_handover.h"

/* ---- manifests and pickups ---- */

static void put_text(struct json_out *out, const char *key, str text)
{
    if (text.len)
        json_put_str(out, key, text);
    else
        json_put_null(out, key);
}

static void write_handover(struct json_out *out, const struct handover *h)
{
    bool is_pickup = h->until != 0;
    json_begin(out, NULL);
    json_put_id(out, "id", is_pickup ? "cpu" : "mfs", h->id);
    json_put_id(out, "location_id", "loc", h->location.v);
    json_put_id(out, "carrier_account_id", "car", h->account.v);
    json_put_cstr(out, "state", handover_state_name(h->state));
    if (is_pickup) {
        json_put_time(out, "ready_at", h->ready_at);
        json_put_time(out, "until", h->until);
    } else {
        json_put_i64(out, "weight_g", h->weight_g);
    }
    json_put_i64(out, "packages", h->packages);
    put_text(out, "confirmation", h->confirmation);
    put_text(out, "error", h->error);
    json_put_i64(out, "version", h->version);
    json_put_time(out, "created_at", h->created_at);
    json_put_time(out, "updated_at", h->updated_at);
    json_end_object(out);
}

static void write_page(struct json_out *out, const char *prefix,
                       const struct handover *rows, size_t count, bool is_full)
{
    json_begin(out, NULL);
    json_begin_list(out, "items");
    for (size_t i = 0; i < count; i++)
        write_handover(out, &rows[i]);
    json_end_list(out);
    if (is_full)
        json_put_id(out, "next", prefix, rows[count - 1].id);
    else
        json_put_null(out, "next");
    json_end_object(out);
}

static err_t read_packages(struct ctx *ctx, struct json_in *in,
                           struct manifest_cmd *ret)
{
    struct json_list list;
    str text;
    TRY(json_get_list(in, "packages", 0, LIMIT_MANIFEST_PACKAGES, &list));
    package_id *ids = arena_array(ctx->arena, package_id, list.count + 1);
    for (size_t i = 0; i < list.count; i++) {
        TRY(json_list_str(&list, i, 1, LIMIT_CODE_BYTES, &text));
        if (!id_from_text("pkg", text, &ids[i].v))
            return json_fail(in, "packages", ERR_INVALID, "id_invalid",
                             "%.*s is no package", STR_ARG(text));
    }
    ret->packages = ids;
    ret->count = list.count;
    return OK;
}

/* POST /v1/manifests */
err_t api_close_manifest(struct ctx *ctx, struct request *req)
{
    struct manifest_cmd cmd = {0};
    struct handover h;
    manifest_id id;
    TRY(json_get_str(req->body, "location", 1, LIMIT_CODE_BYTES,
                     &cmd.location));
    TRY(json_get_str(req->body, "account", 1, LIMIT_CODE_BYTES, &cmd.account));
    TRY(read_packages(ctx, req->body, &cmd));
    TRY(json_end(req->body));
    TRY(manifest_close(ctx, &cmd, &id));
    TRY(manifest_get(ctx, id, &h));
    req->status = 201;
    write_handover(req->reply, &h);
    return OK;
}

/* GET /v1/manifests/{id} */
err_t api_get_manifest(struct ctx *ctx, struct request *req)
{
    struct handover h;
    manifest_id id;
    TRY(request_query_end(req));
    TRY(request_path_id(req, 0, "mfs", &id.v));
    TRY(manifest_get(ctx, id, &h));
    write_handover(req->reply, &h);
    return OK;
}

/* GET /v1/manifests */
err_t api_list_manifests(struct ctx *ctx, struct request *req)
{
    struct handover *rows;
    size_t limit, count;
    manifest_id after = {0};
    TRY(request_query_id(req, "after", "mfs", &after.v));
    TRY(request_query_limit(req, &limit));
    TRY(request_query_end(req));
    TRY(manifest_page(ctx, after, limit, &rows, &count));
    write_page(req->reply, "mfs", rows, count, count == limit);
    return OK;
}

/* POST /v1/carrier-pickups */
err_t api_want_pickup(struct ctx *ctx, struct request *req)
{
    struct carrier_pickup_cmd cmd = {0};
    struct handover h;
    carrier_pickup_id id;
    TRY(json_get_str(req->body, "location", 1, LIMIT_CODE_BYTES,
                     &cmd.location));
    TRY(json_get_str(req->body, "account", 1, LIMIT_CODE_BYTES, &cmd.account));
    TRY(json_opt_time(req->body, "ready_at", &cmd.ready_at));
    TRY(json_opt_time(req->body, "until", &cmd.until));
    TRY(json_opt_i64(req->body, "packages", 0, 100000, &cmd.packages));
    TRY(json_end(req->body));
    TRY(carrier_pickup_want(ctx, &cmd, &id));
    TRY(carrier_pickup_get(ctx, id, &h));
    req->status = 202;
    write_handover(req->reply, &h);
    return OK;
}

/* GET /v1/carrier-pickups/{id} */
err_t api_get_carrier_pickup(struct ctx *ctx, struct request *req)
{
    struct handover h;
    carrier_pickup_id id;
    TRY(request_query_end(req));
    TRY(request_path_id(req, 0, "cpu", &id.v));
    TRY(carrier_pickup_get(ctx, id, &h));
    write_handover(req->reply, &h);
    return OK;
}

/* GET /v1/carrier-pickups */
err_t api_list_carrier_pickups(struct ctx *ctx, struct request *req)
{
    struct handover *rows;
    size_t limit, count;
    carrier_pickup_id after = {0};
    TRY(request_query_id(req, "after", "cpu", &after.v));
    TRY(request_query_limit(req, &limit));
    TRY(request_query_end(req));
    TRY(carrier_pickup_page(ctx, after, limit, &rows, &count));
    write_page(req->reply, "cpu", rows, count, count == limit);
    return OK;
}

/* POST /v1/carrier-pickups/{id}/cancel */
err_t api_cancel_carrier_pickup(struct ctx *ctx, struct request *req)
{
    struct handover h;
    carrier_pickup_id id;
    int64_t version;
    TRY(request_path_id(req, 0, "cpu", &id.v));
    TRY(json_get_i64(req->body, "version", 1, INT64_MAX, &version));
    TRY(json_end(req->body));
    TRY(carrier_pickup_cancel(ctx, id, version));
    TRY(carrier_pickup_get(ctx, id, &h));
    write_handover(req->reply, &h);
    return OK;
}

/* ---- tracking ---- */

static void write_trace(struct json_out *out, const struct trace *t)
{
    json_begin(out, NULL);
    json_put_cstr(out, "code", trace_code_name(t->code));
    json_put_time(out, "occurred_at", t->occurred_at);
    json_put_time(out, "received_at", t->received_at);
    put_text(out, "text", t->raw);
    put_text(out, "place", t->place);
    json_put_bool(out, "is_applied", t->is_applied);
    json_put_bool(out, "by_hand", t->by_hand);
    json_end_object(out);
}

static err_t write_traces(struct ctx *ctx, struct request *req, package_id id)
{
    struct package package;
    struct trace *rows;
    size_t count;
    TRY(package_get(ctx, id, &package));
    TRY(trace_list(ctx, id, &rows, &count));
    json_begin(req->reply, NULL);
    json_put_id(req->reply, "package_id", "pkg", id.v);
    json_put_cstr(req->reply, "state", package_state_name(package.place.state));
    json_begin_list(req->reply, "items");
    for (size_t i = 0; i < count; i++)
        write_trace(req->reply, &rows[i]);
    json_end_list(req->reply);
    json_end_object(req->reply);
    return OK;
}

/* GET /v1/packages/{id}/tracking */
err_t api_list_tracking(struct ctx *ctx, struct request *req)
{
    package_id id;
    TRY(request_query_end(req));
    TRY(request_path_id(req, 0, "pkg", &id.v));
    return write_traces(ctx, req, id);
}

static err_t read_code(struct json_in *in, int *ret)
{
    const char *names[TRACE_CODES];
    for (int i = 1; i < TRACE_CODES; i++)
        names[i - 1] = trace_code_name((enum trace_code)i);
    TRY(json_get_enum(in, "code", names, TRACE_CODES - 1, ret));
    ++*ret;
    return OK;
}

/* with_number: which parcel is meant stands in each of them. */
static err_t read_trace(struct ctx *ctx, struct json_in *in, bool with_number,
                        struct carrier_trace *ret)
{
    *ret = (struct carrier_trace){
        .raw = STR(""), .place = STR(""), .event_key = STR("")};
    ret->occurred_at = ctx->now;
    if (with_number)
        TRY(json_get_str(in, "tracking", 1, LIMIT_CODE_BYTES, &ret->tracking));
    TRY(read_code(in, &ret->code));
    TRY(json_opt_time(in, "occurred_at", &ret->occurred_at));
    TRY(json_opt_str(in, "text", 0, LIMIT_REASON_BYTES, &ret->raw));
    TRY(json_opt_str(in, "place", 0, LIMIT_NAME_BYTES, &ret->place));
    TRY(json_opt_str(in, "id", 1, LIMIT_EXTERNAL_ID_BYTES, &ret->event_key));
    if (ret->occurred_at > ctx->now + LIMIT_TRACE_AHEAD_MS)
        return json_fail(in, "occurred_at", ERR_INVALID, "time_in_future",
                         "lies ahead");
    return json_end(in);
}

static err_t read_traces(struct ctx *ctx, struct json_in *in, bool with_number,
                         struct carrier_trace **ret, size_t *ret_count)
{
    struct json_list list;
    TRY(json_get_list(in, "items", 1, LIMIT_TRACES, &list));
    TRY(json_end(in));
    *ret = arena_array(ctx->arena, struct carrier_trace, list.count);
    *ret_count = list.count;
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *item;
        TRY(json_list_object(&list, i, &item));
        TRY(read_trace(ctx, item, with_number, &(*ret)[i]));
    }
    return OK;
}

/* POST /v1/packages/{id}/tracking */
err_t api_add_tracking(struct ctx *ctx, struct request *req)
{
    struct carrier_trace *traces;
    size_t count;
    package_id id;
    TRY(request_path_id(req, 0, "pkg", &id.v));
    TRY(read_traces(ctx, req->body, false, &traces, &count));
    TRY(trace_add(ctx, id, traces, count, true));
    return write_traces(ctx, req, id);
}

/* POST /v1/carrier-accounts/{id}/tracking */
err_t api_add_account_tracking(struct ctx *ctx, struct request *req)
{
    struct carrier_trace *traces;
    struct carrier_outcome outcome = {0};
    struct account account;
    carrier_account_id id;
    size_t known;
    TRY(request_path_id(req, 0, "car", &id.v));
    TRY(account_get(ctx, id, &account));
    TRY(read_traces(ctx, req->body, true, &traces, &outcome.trace_count));
    outcome.traces = traces;
    TRY(trace_add_many(ctx, id, &outcome, &known));
    json_begin(req->reply, NULL);
    json_put_i64(req->reply, "received", (int64_t)outcome.trace_count);
    json_put_i64(req->reply, "known", (int64_t)known);
    json_end_object(req->reply);
    return OK;
}
