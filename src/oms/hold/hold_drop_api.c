/* hold_drop_api.c - drops and their waiting lists over HTTP. */
#include "base/json.h"
#include "net/route.h"
#include "oms/hold/hold_drop_store.h"
#include "oms/hold/hold_handlers.h"

static void put_drop(struct json_out *out, const struct drop *drop, utc_ms now)
{
    const char *state = "running";
    if (now >= drop->ends_at)
        state = "over";
    else if (now < drop->starts_at)
        state = "scheduled";
    json_begin(out, NULL);
    json_put_id(out, "id", "drp", drop->id.v);
    json_put_str(out, "name", drop->name);
    json_put_cstr(out, "state", state);
    json_put_str(out, "sku", drop->sku_code);
    json_put_str_or_null(out, "channel", drop->channel_code);
    json_put_i64(out, "customer_cap", drop->cap);
    json_put_time(out, "starts_at", drop->starts_at);
    json_put_time(out, "ends_at", drop->ends_at);
    json_put_i64(out, "offer_ttl_s", drop->offer_ttl_s);
    json_put_i64(out, "waiting", drop->waiting);
    json_put_i64(out, "version", drop->version);
    json_put_time(out, "created_at", drop->created_at);
    json_end_object(out);
}

/* What became of an offer is what became of its hold. */
static err_t entry_state(struct ctx *ctx, const struct drop_entry *entry,
                         const char **ret)
{
    struct hold hold;
    switch (entry->state) {
    case ENTRY_WAITING: *ret = "waiting"; return OK;
    case ENTRY_LEFT: *ret = "left"; return OK;
    case ENTRY_LAPSED: *ret = "lapsed"; return OK;
    case ENTRY_OFFERED: break;
    }
    TRY(hold_get(ctx, entry->hold, &hold));
    switch (hold_state_at(&hold, ctx->now)) {
    case HOLD_NONE:
    case HOLD_OPEN: *ret = "offered"; return OK;
    case HOLD_CONFIRMED: *ret = "bought"; return OK;
    case HOLD_RELEASED: *ret = "declined"; return OK;
    case HOLD_EXPIRED: *ret = "lapsed"; return OK;
    }
    UNREACHABLE("not a hold state");
}

static err_t put_entry(struct ctx *ctx, struct json_out *out,
                       const struct drop_entry *entry)
{
    const char *state;
    TRY(entry_state(ctx, entry, &state));
    json_begin(out, NULL);
    json_put_id(out, "id", "dwt", entry->id.v);
    json_put_id(out, "drop", "drp", entry->drop.v);
    json_put_str(out, "customer", entry->customer);
    json_put_i64(out, "quantity", entry->qty);
    json_put_cstr(out, "state", state);
    json_put_i64_or_null(out, "position", entry->position);
    json_put_id_or_null(out, "hold", "hld", entry->hold.v);
    json_put_time(out, "joined_at", entry->joined_at);
    json_end_object(out);
    return OK;
}

static err_t reply_drop(struct ctx *ctx, struct request *req, drop_id id)
{
    struct drop drop;
    TRY(drop_get(ctx, id, &drop));
    put_drop(req->reply, &drop, ctx->now);
    return OK;
}

/* POST /v1/drops */
err_t api_create_drop(struct ctx *ctx, struct request *req)
{
    struct json_in *in = req->body;
    struct drop_cmd cmd = {0};
    drop_id id;
    TRY(request_query_end(req));
    TRY(json_get_str(in, "sku", 1, LIMIT_CODE_BYTES, &cmd.sku));
    TRY(json_opt_str(in, "channel", 1, LIMIT_CODE_BYTES, &cmd.channel));
    TRY(json_get_str(in, "name", 1, LIMIT_NAME_BYTES, &cmd.name));
    TRY(json_get_i64(in, "customer_cap", 1, LIMIT_DROP_CAP, &cmd.cap));
    TRY(json_opt_i64(in, "offer_ttl_s", 0, LIMIT_HOLD_TTL_S, &cmd.offer_ttl_s));
    TRY(json_opt_time(in, "starts_at", &cmd.starts_at));
    TRY(json_opt_time(in, "ends_at", &cmd.ends_at));
    TRY(json_end(in));
    if (cmd.ends_at == 0)
        return json_fail(in, "ends_at", ERR_INVALID, "missing_field",
                         "a drop has an end");
    TRY(drop_create(ctx, &cmd, &id));
    req->status = 201;
    return reply_drop(ctx, req, id);
}

/* GET /v1/drops */
err_t api_list_drops(struct ctx *ctx, struct request *req)
{
    struct drop *drops;
    size_t limit, count;
    int64_t after = 0;
    TRY(request_query_limit(req, &limit));
    TRY(request_query_id(req, "after", "drp", &after));
    TRY(request_query_end(req));
    TRY(drop_page(ctx, after, limit + 1, &drops, &count));
    bool has_more = count > limit;
    count -= has_more;
    json_begin_page(req->reply);
    for (size_t i = 0; i < count; i++)
        put_drop(req->reply, &drops[i], ctx->now);
    json_end_page(req->reply, "drp", has_more ? drops[count - 1].id.v : 0);
    return OK;
}

/* GET /v1/drops/{id} */
err_t api_get_drop(struct ctx *ctx, struct request *req)
{
    drop_id id;
    TRY(request_path_id(req, 0, "drp", &id.v));
    TRY(request_query_end(req));
    return reply_drop(ctx, req, id);
}

/* PATCH /v1/drops/{id} */
err_t api_change_drop(struct ctx *ctx, struct request *req)
{
    struct json_in *in = req->body;
    struct drop_change change = {0};
    drop_id id;
    str name;
    int64_t cap, ttl_s;
    utc_ms starts_at, ends_at;
    TRY(request_path_id(req, 0, "drp", &id.v));
    TRY(request_query_end(req));
    json_refuse_nulls(in);
    TRY(json_get_i64(in, "version", 1, INT64_MAX, &change.version));
    change.name = json_has(in, "name") ? &name : NULL;
    change.cap = json_has(in, "customer_cap") ? &cap : NULL;
    change.offer_ttl_s = json_has(in, "offer_ttl_s") ? &ttl_s : NULL;
    change.starts_at = json_has(in, "starts_at") ? &starts_at : NULL;
    change.ends_at = json_has(in, "ends_at") ? &ends_at : NULL;
    TRY(json_opt_str(in, "name", 1, LIMIT_NAME_BYTES, &name));
    TRY(json_opt_i64(in, "customer_cap", 1, LIMIT_DROP_CAP, &cap));
    TRY(json_opt_i64(in, "offer_ttl_s", 0, LIMIT_HOLD_TTL_S, &ttl_s));
    TRY(json_opt_time(in, "starts_at", &starts_at));
    TRY(json_opt_time(in, "ends_at", &ends_at));
    TRY(json_end(in));
    TRY(drop_set(ctx, id, &change));
    return reply_drop(ctx, req, id);
}

/* POST /v1/drops/{id}/waiting */
err_t api_join_drop(struct ctx *ctx, struct request *req)
{
    struct json_in *in = req->body;
    struct drop_join_cmd cmd = {.qty = 1};
    struct drop_entry entry;
    TRY(request_path_id(req, 0, "drp", &cmd.drop.v));
    TRY(request_query_end(req));
    TRY(json_get_str(in, "customer", 1, LIMIT_EMAIL_BYTES, &cmd.customer));
    TRY(json_opt_str(in, "channel", 1, LIMIT_CODE_BYTES, &cmd.channel));
    TRY(json_opt_i64(in, "quantity", 1, LIMIT_DROP_CAP, &cmd.qty));
    TRY(json_end(in));
    TRY(drop_join(ctx, &cmd, &entry));
    req->status = 201;
    return put_entry(ctx, req->reply, &entry);
}

static err_t read_entry_path(struct request *req, drop_id *drop,
                             drop_entry_id *entry)
{
    TRY(request_path_id(req, 0, "drp", &drop->v));
    TRY(request_path_id(req, 1, "dwt", &entry->v));
    return request_query_end(req);
}

/* DELETE /v1/drops/{id}/waiting/{entry} */
err_t api_leave_drop(struct ctx *ctx, struct request *req)
{
    drop_id drop;
    drop_entry_id id;
    struct drop_entry entry;
    TRY(read_entry_path(req, &drop, &id));
    TRY(drop_leave(ctx, drop, id, &entry));
    return put_entry(ctx, req->reply, &entry);
}

/* GET /v1/drops/{id}/waiting/{entry} */
err_t api_get_waiting(struct ctx *ctx, struct request *req)
{
    drop_id drop;
    drop_entry_id id;
    struct drop_entry entry;
    TRY(read_entry_path(req, &drop, &id));
    TRY(drop_entry_get(ctx, drop, id, &entry));
    return put_entry(ctx, req->reply, &entry);
}

/* GET /v1/drops/{id}/waiting */
err_t api_list_waiting(struct ctx *ctx, struct request *req)
{
    drop_id id;
    struct drop drop;
    struct drop_entry *entries;
    size_t limit, count;
    int64_t after = 0;
    TRY(request_path_id(req, 0, "drp", &id.v));
    TRY(request_query_limit(req, &limit));
    TRY(request_query_id(req, "after", "dwt", &after));
    TRY(request_query_end(req));
    TRY(drop_get(ctx, id, &drop));
    TRY(drop_entry_page(ctx, id, after, limit + 1, &entries, &count));
    bool has_more = count > limit;
    count -= has_more;
    json_begin_page(req->reply);
    for (size_t i = 0; i < count; i++)
        TRY(put_entry(ctx, req->reply, &entries[i]));
    json_end_page(req->reply, "dwt", has_more ? entries[count - 1].id.v : 0);
    return OK;
}
