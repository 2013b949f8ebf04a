/* notify_webhook_api.c - webhooks over HTTP: JSON to command and back. */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/notify/notify_handlers.h"
#include "oms/notify/notify_store.h"

/* ---- out ---- */

static void write_types(struct json_out *out, str types)
{
    json_begin_list(out, "types");
    while (types.len > 0)
        json_put_str(out, NULL, str_split(types, ',', &types));
    json_end_list(out);
}

static void write_health(struct json_out *out, const struct webhook *webhook)
{
    const char *state = !webhook->is_active        ? "disabled"
                        : webhook->failing_since   ? "failing"
                        : webhook->last_success_at ? "working"
                                                   : "unused";
    json_begin(out, "health");
    json_put_cstr(out, "state", state);
    json_put_time_or_null(out, "failing_since", webhook->failing_since);
    json_put_time_or_null(out, "last_attempt_at", webhook->last_attempt_at);
    json_put_time_or_null(out, "last_success_at", webhook->last_success_at);
    json_put_i64_or_null(out, "last_status", webhook->last_status);
    json_put_str_or_null(out, "last_error", webhook->last_error);
    json_end_object(out);
}

static void write_webhook(struct json_out *out, const struct webhook *webhook,
                          str secret)
{
    json_begin(out, NULL);
    json_put_id(out, "id", "whk", webhook->id.v);
    json_put_str(out, "url", webhook->url);
    write_types(out, webhook->types);
    json_put_str(out, "description", webhook->description);
    json_put_bool(out, "is_active", webhook->is_active);
    json_put_str_or_null(out, "disabled_reason", webhook->disabled_reason);
    write_health(out, webhook);
    json_put_time_or_null(out, "old_secret_until", webhook->old_until);
    json_put_time(out, "created_at", webhook->created_at);
    json_put_time(out, "updated_at", webhook->updated_at);
    json_put_i64(out, "version", webhook->version);
    if (secret.len)
        json_put_str(out, "secret", secret);
    json_end_object(out);
}

static void write_delivery(struct json_out *out,
                           const struct delivery *delivery)
{
    bool is_open = delivery->state == DELIVERY_PENDING ||
                   delivery->state == DELIVERY_RETRYING;
    json_begin(out, NULL);
    json_put_id(out, "event_id", "evt", delivery->event_id);
    json_put_str_or_null(out, "type", delivery->type);
    json_put_cstr(out, "state", delivery_state_name(delivery->state));
    json_put_i64(out, "attempts", delivery->attempts);
    json_put_time(out, "created_at", delivery->created_at);
    json_put_time_or_null(out, "next_attempt_at",
                          is_open ? delivery->next_at : 0);
    json_put_time_or_null(out, "last_attempt_at", delivery->last_at);
    json_put_i64_or_null(out, "last_status", delivery->last_status);
    json_put_str_or_null(out, "last_error", delivery->last_error);
    if (delivery->last_at)
        json_put_i64(out, "duration_ms", delivery->duration_ms);
    else
        json_put_null(out, "duration_ms");
    json_end_object(out);
}

/* ---- in ---- */

/* Types are kept as one text with commas; none: all of them. */
static err_t read_types(struct ctx *ctx, struct json_in *in, str *ret)
{
    struct json_list list;
    struct buf buf;
    buf_init(&buf, ctx->arena,
             LIMIT_EVENT_TYPES * (LIMIT_EVENT_TYPE_BYTES + 1));
    TRY(json_get_list(in, "types", 0, LIMIT_EVENT_TYPES, &list));
    for (size_t i = 0; i < list.count; i++) {
        str type;
        TRY(json_list_str(&list, i, 1, LIMIT_EVENT_TYPE_BYTES, &type));
        if (memchr(type.ptr, ',', type.len))
            return json_fail(in, "types", ERR_INVALID, "event_type_invalid",
                             "element %zu is no type", i);
        if (i > 0)
            buf_add_char(&buf, ',');
        buf_add_str(&buf, type);
    }
    *ret = buf_str(&buf);
    return OK;
}

static err_t read_create(struct ctx *ctx, struct json_in *in,
                         struct webhook_cmd *ret)
{
    *ret = (struct webhook_cmd){.is_active = true, .description = STR("")};
    TRY(json_get_str(in, "url", 1, LIMIT_URL_BYTES, &ret->url));
    TRY(read_types(ctx, in, &ret->types));
    TRY(json_opt_str(in, "description", 0, LIMIT_REASON_BYTES,
                     &ret->description));
    TRY(json_opt_bool(in, "is_active", &ret->is_active));
    return json_end(in);
}

static err_t read_change(struct ctx *ctx, struct json_in *in,
                         struct webhook_change *ret)
{
    json_refuse_nulls(in);
    TRY(json_get_i64(in, "version", 1, INT64_MAX, &ret->version));
    ret->has_url = json_has(in, "url");
    ret->has_types = json_has(in, "types");
    ret->has_description = json_has(in, "description");
    ret->has_active = json_has(in, "is_active");
    TRY(json_opt_str(in, "url", 1, LIMIT_URL_BYTES, &ret->to.url));
    if (ret->has_types)
        TRY(read_types(ctx, in, &ret->to.types));
    TRY(json_opt_str(in, "description", 0, LIMIT_REASON_BYTES,
                     &ret->to.description));
    TRY(json_opt_bool(in, "is_active", &ret->to.is_active));
    return json_end(in);
}

/* ---- endpoints ---- */

/* POST /v1/webhooks */
err_t api_create_webhook(struct ctx *ctx, struct request *req)
{
    struct webhook_cmd cmd;
    struct webhook webhook;
    str secret;
    TRY(read_create(ctx, req->body, &cmd));
    TRY(webhook_create(ctx, &cmd, &webhook, &secret));
    req->status = 201;
    req->secret = secret;
    write_webhook(req->reply, &webhook, secret);
    return OK;
}

/* GET /v1/webhooks */
err_t api_list_webhooks(struct ctx *ctx, struct request *req)
{
    webhook_id after = {0};
    struct webhook *webhooks;
    size_t limit, count;
    TRY(request_query_id(req, "after", "whk", &after.v));
    TRY(request_query_limit(req, &limit));
    TRY(request_query_end(req));
    TRY(webhook_page(ctx, after, limit + 1, &webhooks, &count));
    bool is_more = count > limit;
    count -= is_more;
    json_begin_page(req->reply);
    for (size_t i = 0; i < count; i++)
        write_webhook(req->reply, &webhooks[i], STR_NONE);
    json_end_page(req->reply, "whk", is_more ? webhooks[count - 1].id.v : 0);
    return OK;
}

/* GET /v1/webhooks/{id} */
err_t api_get_webhook(struct ctx *ctx, struct request *req)
{
    webhook_id id;
    struct webhook webhook;
    TRY(request_query_end(req));
    TRY(request_path_id(req, 0, "whk", &id.v));
    TRY(webhook_get(ctx, id, &webhook));
    write_webhook(req->reply, &webhook, STR_NONE);
    return OK;
}

/* PATCH /v1/webhooks/{id} */
err_t api_change_webhook(struct ctx *ctx, struct request *req)
{
    struct webhook_change change = {.version = 0};
    struct webhook webhook;
    TRY(request_path_id(req, 0, "whk", &change.id.v));
    TRY(read_change(ctx, req->body, &change));
    TRY(webhook_change(ctx, &change, &webhook));
    write_webhook(req->reply, &webhook, STR_NONE);
    return OK;
}

/* DELETE /v1/webhooks/{id} */
err_t api_delete_webhook(struct ctx *ctx, struct request *req)
{
    webhook_id id;
    TRY(request_path_id(req, 0, "whk", &id.v));
    TRY(webhook_remove(ctx, id));
    json_begin(req->reply, NULL);
    json_put_id(req->reply, "id", "whk", id.v);
    json_put_bool(req->reply, "is_deleted", true);
    json_end_object(req->reply);
    return OK;
}

/* POST /v1/webhooks/{id}/rotate-secret */
err_t api_rotate_webhook_secret(struct ctx *ctx, struct request *req)
{
    webhook_id id;
    int64_t version = 0;
    struct webhook webhook;
    str secret;
    TRY(request_path_id(req, 0, "whk", &id.v));
    TRY(json_get_i64(req->body, "version", 1, INT64_MAX, &version));
    TRY(json_end(req->body));
    TRY(webhook_rotate(ctx, id, version, &webhook, &secret));
    req->secret = secret;
    write_webhook(req->reply, &webhook, secret);
    return OK;
}

/* POST /v1/webhooks/{id}/ping */
err_t api_ping_webhook(struct ctx *ctx, struct request *req)
{
    webhook_id id;
    int64_t event_id;
    struct delivery delivery;
    TRY(request_path_id(req, 0, "whk", &id.v));
    TRY(json_end(req->body));
    TRY(webhook_ping(ctx, id, &event_id));
    TRY(delivery_get(ctx, id, event_id, &delivery));
    req->status = 202;
    write_delivery(req->reply, &delivery);
    return OK;
}

/* ---- deliveries ---- */

/* GET /v1/webhooks/{id}/deliveries */
err_t api_list_deliveries(struct ctx *ctx, struct request *req)
{
    static const char *const names[] = {"pending", "delivered", "retrying",
                                        "dead"};
    webhook_id id;
    int64_t after = 0;
    int state = -1;
    struct webhook webhook;
    struct delivery *deliveries;
    size_t limit, count;
    TRY(request_query_i64(req, "after", 1, INT64_MAX, &after));
    TRY(request_query_enum(req, "state", names, COUNT_OF(names), &state));
    TRY(request_query_limit(req, &limit));
    TRY(request_query_end(req));
    TRY(request_path_id(req, 0, "whk", &id.v));
    TRY(webhook_get(ctx, id, &webhook));
    TRY(delivery_page(ctx, id, after, (enum delivery_state)(state + 1),
                      limit + 1, &deliveries, &count));
    bool is_more = count > limit;
    count -= is_more;
    json_begin(req->reply, NULL);
    json_begin_list(req->reply, "items");
    for (size_t i = 0; i < count; i++)
        write_delivery(req->reply, &deliveries[i]);
    json_end_list(req->reply);
    if (is_more)
        json_put_str(
            req->reply, "next",
            str_printf(ctx->arena, "%lld", (long long)deliveries[count - 1].n));
    else
        json_put_null(req->reply, "next");
    json_end_object(req->reply);
    return OK;
}

/* POST /v1/webhooks/{id}/deliveries/{event_id}/replay */
err_t api_replay_delivery(struct ctx *ctx, struct request *req)
{
    webhook_id id;
    int64_t event_id;
    struct delivery delivery;
    TRY(request_path_id(req, 0, "whk", &id.v));
    TRY(request_path_id(req, 1, "evt", &event_id));
    TRY(json_end(req->body));
    TRY(delivery_replay(ctx, id, event_id, &delivery));
    req->status = 202;
    write_delivery(req->reply, &delivery);
    return OK;
}

/* POST /v1/webhooks/{id}/replay */
err_t api_replay_webhook(struct ctx *ctx, struct request *req)
{
    static const char *const names[] = {"dead", "all"};
    webhook_id id;
    utc_ms since = -1;
    int what;
    size_t count = 0;
    bool is_more = false;
    TRY(request_path_id(req, 0, "whk", &id.v));
    TRY(json_get_enum(req->body, "what", names, COUNT_OF(names), &what));
    TRY(json_opt_time(req->body, "since", &since));
    TRY(json_end(req->body));
    if (since < 0)
        return fail(ctx, ERR_INVALID, "since", "say since when");
    if (what == 0)
        TRY(webhook_replay_dead(ctx, id, since, &count, &is_more));
    else
        TRY(webhook_replay_all(ctx, id, since));
    req->status = 202;
    json_begin(req->reply, NULL);
    json_put_cstr(req->reply, "what", names[what]);
    if (what == 0)
        json_put_i64(req->reply, "count", (int64_t)count);
    else
        json_put_null(req->reply, "count");
    json_put_bool(req->reply, "is_more", is_more);
    json_end_object(req->reply);
    return OK;
}
