/* system_api.c - the system room's HTTP face. */
#include <sodium.h>

#include "base/json.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/system/digest.h"
#include "oms/system/system.h"
#include "oms/system/system_room.h"

static void write_outbound(struct json_out *out, const char *key,
                           const struct outbound *outbound)
{
    json_begin(out, key);
    json_put_cstr(out, "state", outbound->is_paused ? "paused" : "running");
    json_put_str_or_null(out, "reason", outbound->reason);
    json_put_time(out, "changed_at", outbound->changed_at);
    json_put_i64(out, "version", outbound->version);
    json_end_object(out);
}

static void write_epoch(struct json_out *out, const struct epoch *epoch)
{
    json_put_str(out, "epoch", epoch->text);
    json_put_time(out, "made_at", epoch->made_at);
    json_put_time_or_null(out, "restored_at", epoch->restored_at);
    json_put_str_or_null(out, "restored_from", epoch->restored_from);
    json_put_time_or_null(out, "backed_up_at", epoch->backed_up_at);
}

static void write_stop(struct json_out *out, const struct event_stop *stop)
{
    json_begin(out, NULL);
    json_put_str(out, "consumer", stop->consumer);
    json_put_time(out, "since", stop->since);
    json_put_id_or_null(out, "event", "evt", stop->event);
    json_put_str(out, "error", stop->error);
    json_end_object(out);
}

static const char *engine_name(enum store_engine engine)
{
    switch (engine) {
    case STORE_SQLITE: return "sqlite";
    case STORE_POSTGRES: return "postgres";
    }
    UNREACHABLE("not an engine");
}

/* GET /v1/system */
static err_t api_get(struct ctx *ctx, struct request *req)
{
    struct system_state state;
    struct json_out *out = req->reply;
    TRY(request_query_end(req));
    TRY(system_get(ctx, &state));
    json_begin(out, NULL);
    json_put_cstr(out, "version", WHARF_VERSION);
    json_put_cstr(out, "engine", engine_name(state.engine));
    write_epoch(out, &state.epoch);
    json_begin(out, "schema");
    json_put_i64(out, "steps", (int64_t)state.schema.steps);
    json_put_str(out, "last", state.schema.last);
    json_end_object(out);
    write_outbound(out, "outbound", &state.outbound);
    json_begin_list(out, "stopped_consumers");
    for (size_t i = 0; i < state.stop_count; i++)
        write_stop(out, &state.stops[i]);
    json_end_list(out);
    json_end_object(out);
    return OK;
}

static err_t switch_to(struct ctx *ctx, struct request *req, bool is_paused)
{
    struct outbound_cmd cmd = {.is_paused = is_paused};
    struct outbound outbound;
    if (is_paused)
        TRY(json_get_str(req->body, "reason", 1, LIMIT_REASON_BYTES,
                         &cmd.reason));
    TRY(json_opt_i64(req->body, "version", 1, INT64_MAX, &cmd.version));
    TRY(json_end(req->body));
    TRY(outbound_set(ctx, &cmd, &outbound));
    write_outbound(req->reply, NULL, &outbound);
    return OK;
}

/* POST /v1/system/outbound/pause */
static err_t api_pause(struct ctx *ctx, struct request *req)
{
    return switch_to(ctx, req, true);
}

/* POST /v1/system/outbound/resume */
static err_t api_resume(struct ctx *ctx, struct request *req)
{
    return switch_to(ctx, req, false);
}

static void write_digest(struct json_out *out, struct arena *arena,
                         const struct log_digest *digest)
{
    char hex[DIGEST_HEX + 1];
    sodium_bin2hex(hex, sizeof hex, digest->chain.hash, DIGEST_BYTES);
    json_begin(out, NULL);
    json_put_i64(out, "n", digest->n);
    json_put_time(out, "made_at", digest->made_at);
    json_put_id(out, "through", "evt", digest->chain.through.id);
    json_put_i64(out, "events", digest->chain.events);
    json_put_cstr(out, "hash", hex);
    json_put_str(out, "text", digest_text(arena, digest));
    json_put_str_or_null(out, "signature", digest->signature);
    json_end_object(out);
}

/* GET /v1/system/digests */
static err_t api_digests(struct ctx *ctx, struct request *req)
{
    int64_t after = 0;
    size_t limit, count;
    struct log_digest *list;
    TRY(request_query_i64(req, "after", 0, INT64_MAX, &after));
    TRY(request_query_limit(req, &limit));
    TRY(request_query_end(req));
    TRY(digest_list(ctx, after, limit, &list, &count));
    json_begin(req->reply, NULL);
    json_begin_list(req->reply, "items");
    for (size_t i = 0; i < count; i++)
        write_digest(req->reply, ctx->arena, &list[i]);
    json_end_list(req->reply);
    if (count == limit)
        json_put_str(
            req->reply, "next",
            str_printf(ctx->arena, "%lld", (long long)list[count - 1].n));
    else
        json_put_null(req->reply, "next");
    json_end_object(req->reply);
    return OK;
}

static const struct route routes[] = {
    {.operation = "listLogDigests",
     .method = HTTP_GET,
     .path = "/v1/system/digests",
     .perm = PERM_SYSTEM_READ,
     .kind = ROUTE_READ,
     .run = api_digests},
    {.operation = "getSystem",
     .method = HTTP_GET,
     .path = "/v1/system",
     .perm = PERM_SYSTEM_READ,
     .kind = ROUTE_READ,
     .run = api_get    },
    {.operation = "pauseOutbound",
     .method = HTTP_POST,
     .path = "/v1/system/outbound/pause",
     .perm = PERM_SYSTEM_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_pause  },
    {.operation = "resumeOutbound",
     .method = HTTP_POST,
     .path = "/v1/system/outbound/resume",
     .perm = PERM_SYSTEM_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_resume },
};
const struct route_list system_routes = {routes, COUNT_OF(routes)};
