/* hold_api.c - the hold room's HTTP face. */
#include "base/arena.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/hold/hold_handlers.h"
#include "oms/hold/hold_rules.h"
#include "oms/hold/hold_store.h"

/* Items decided at once: what a batch needs in memory stays small. */
enum { CHUNK_ITEMS = 8192 };

void hold_write(const struct hold *hold, utc_ms now, struct json_out *out)
{
    json_put_id(out, "id", "hld", hold->id.v);
    json_put_cstr(out, "state", hold_state_name(hold_state_at(hold, now)));
    json_put_i64(out, "version", hold->version);
    json_put_str(out, "channel", hold->channel_code);
    json_put_str_or_null(out, "customer", hold->customer);
    json_put_str_or_null(out, "reference", hold->reference);
    json_put_time(out, "created_at", hold->created_at);
    json_put_time(out, "expires_at", hold->expires_at);
    json_put_time_or_null(out, "ended_at", hold->ended_at);
    json_put_id_or_null(out, "order", "ord", hold->order.v);
    json_put_raw(out, "items", hold->items);
}

static void put_hold(struct json_out *out, const char *key,
                     const struct hold *hold, utc_ms now)
{
    json_begin(out, key);
    hold_write(hold, now, out);
    json_end_object(out);
}

/* Forgets a chunk's working memory, unless the reply shares the arena. */
static void end_chunk(struct ctx *batch, const struct request *req,
                      struct arena_mark mark)
{
    if (batch->arena != req->ctx->arena)
        arena_reset_to(batch->arena, mark);
}

/* ---- POST /v1/holds ---- */

static err_t api_decode(struct ctx *ctx, struct request *req)
{
    struct hold_cmd *cmd = arena_new(ctx->arena, struct hold_cmd);
    TRY(request_query_end(req));
    TRY(hold_cmd_from_json(ctx, req->body, cmd));
    req->cmd = cmd;
    return OK;
}

/* How many of the requests go into one chunk: at least one. */
static size_t chunk_of(struct request *const *reqs, size_t count)
{
    size_t n = 0, items = 0;
    while (n < count) {
        const struct hold_cmd *cmd = reqs[n]->cmd;
        items += cmd->count;
        if (n > 0 && items > CHUNK_ITEMS)
            break;
        n++;
    }
    return n;
}

static err_t place_chunk(struct ctx *batch, struct request **reqs,
                         err_t *results, size_t count)
{
    struct hold_place_item *items =
        arena_array(batch->arena, struct hold_place_item, count);
    for (size_t i = 0; i < count; i++)
        items[i] =
            (struct hold_place_item){.ctx = reqs[i]->ctx, .cmd = reqs[i]->cmd};
    TRY(hold_place_many(batch, items, count));
    for (size_t i = 0; i < count; i++) {
        results[i] = items[i].err;
        if (items[i].err != OK)
            continue;
        reqs[i]->status = 201;
        put_hold(reqs[i]->reply, NULL, items[i].hold, reqs[i]->ctx->now);
    }
    return OK;
}

static err_t api_place_many(struct ctx *batch, struct request **reqs,
                            err_t *results, size_t count)
{
    for (size_t done = 0; done < count;) {
        size_t n = chunk_of(reqs + done, count - done);
        struct arena_mark mark = arena_mark(batch->arena);
        TRY(place_chunk(batch, reqs + done, results + done, n));
        end_chunk(batch, reqs[done], mark);
        done += n;
    }
    return OK;
}

/* ---- POST /v1/holds/bulk ---- */

struct bulk_cmd {
    struct hold_cmd *holds;
    size_t count;
};

static err_t api_decode_bulk(struct ctx *ctx, struct request *req)
{
    struct bulk_cmd *cmd = arena_new(ctx->arena, struct bulk_cmd);
    struct json_list list;
    TRY(request_query_end(req));
    TRY(json_get_list(req->body, "holds", 1, LIMIT_BULK_ITEMS, &list));
    cmd->holds = arena_array(ctx->arena, struct hold_cmd, list.count);
    cmd->count = list.count;
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *in;
        TRY(json_list_object(&list, i, &in));
        TRY(hold_cmd_from_json(ctx, in, &cmd->holds[i]));
    }
    req->cmd = cmd;
    return json_end(req->body);
}

static void put_bulk_item(struct json_out *out,
                          const struct hold_place_item *item, utc_ms now)
{
    const struct err_detail *err = &item->ctx->err;
    json_begin(out, NULL);
    if (item->err == OK) {
        json_put_i64(out, "status", 201);
        put_hold(out, "hold", item->hold, now);
        json_put_null(out, "error");
    } else {
        json_put_i64(out, "status", err_http_status(item->err));
        json_put_null(out, "hold");
        err_put(out, "error", err);
    }
    json_end_object(out);
}

/* Each hold has a failure of its own and nothing else. */
static err_t place_bulk_chunk(struct ctx *batch, struct request *req,
                              const struct hold_cmd *holds, size_t count)
{
    struct hold_place_item *items =
        arena_array(batch->arena, struct hold_place_item, count);
    struct ctx *each = arena_array(batch->arena, struct ctx, count);
    for (size_t i = 0; i < count; i++) {
        each[i] = *req->ctx;
        each[i].arena = batch->arena;
        items[i] = (struct hold_place_item){.ctx = &each[i], .cmd = &holds[i]};
    }
    TRY(hold_place_many(batch, items, count));
    for (size_t i = 0; i < count; i++)
        put_bulk_item(req->reply, &items[i], req->ctx->now);
    return OK;
}

static err_t place_bulk(struct ctx *batch, struct request *req)
{
    const struct bulk_cmd *cmd = req->cmd;
    json_begin(req->reply, NULL);
    json_begin_list(req->reply, "items");
    for (size_t done = 0; done < cmd->count;) {
        size_t n = 0, items = 0;
        while (done + n < cmd->count && (n == 0 || items < CHUNK_ITEMS))
            items += cmd->holds[done + n++].count;
        struct arena_mark mark = arena_mark(batch->arena);
        TRY(place_bulk_chunk(batch, req, cmd->holds + done, n));
        end_chunk(batch, req, mark);
        done += n;
    }
    json_end_list(req->reply);
    json_end_object(req->reply);
    return OK;
}

static err_t api_place_bulk(struct ctx *batch, struct request **reqs,
                            err_t *results, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        TRY(place_bulk(batch, reqs[i]));
        results[i] = OK;
    }
    return OK;
}

/* ---- POST /v1/holds/{id}/extend, DELETE /v1/holds/{id} ---- */

static err_t api_decode_extend(struct ctx *ctx, struct request *req)
{
    struct hold_extend_cmd *cmd = arena_new(ctx->arena, struct hold_extend_cmd);
    TRY(request_path_id(req, 0, "hld", &cmd->id.v));
    TRY(request_query_end(req));
    TRY(hold_extend_from_json(ctx, req->body, cmd));
    req->cmd = cmd;
    return OK;
}

static err_t api_decode_release(struct ctx *ctx, struct request *req)
{
    struct hold_extend_cmd *cmd = arena_new(ctx->arena, struct hold_extend_cmd);
    TRY(request_path_id(req, 0, "hld", &cmd->id.v));
    TRY(request_query_end(req));
    req->cmd = cmd;
    return OK;
}

static err_t api_change_many(struct ctx *batch, struct request **reqs,
                             err_t *results, size_t count)
{
    struct hold_change_item *items =
        arena_array(batch->arena, struct hold_change_item, count);
    for (size_t i = 0; i < count; i++) {
        const struct hold_extend_cmd *cmd = reqs[i]->cmd;
        items[i] = (struct hold_change_item){.ctx = reqs[i]->ctx,
                                             .id = cmd->id,
                                             .version = cmd->version,
                                             .ttl_s = cmd->ttl_s};
    }
    TRY(hold_change_many(batch, items, count));
    for (size_t i = 0; i < count; i++) {
        results[i] = items[i].err;
        if (items[i].err == OK)
            put_hold(reqs[i]->reply, NULL, items[i].hold, reqs[i]->ctx->now);
    }
    return OK;
}

/* ---- reads ---- */

static err_t api_get(struct ctx *ctx, struct request *req)
{
    hold_id id;
    struct hold hold;
    TRY(request_path_id(req, 0, "hld", &id.v));
    TRY(request_query_end(req));
    TRY(hold_get(ctx, id, &hold));
    put_hold(req->reply, NULL, &hold, ctx->now);
    return OK;
}

static err_t api_list(struct ctx *ctx, struct request *req)
{
    struct hold *holds;
    size_t limit, count;
    int64_t after = INT64_MAX;
    TRY(request_query_limit(req, &limit));
    TRY(request_query_id(req, "after", "hld", &after));
    TRY(request_query_end(req));
    TRY(hold_page(ctx, after, limit + 1, &holds, &count));
    bool has_more = count > limit;
    count -= has_more;
    json_begin_page(req->reply);
    for (size_t i = 0; i < count; i++)
        put_hold(req->reply, NULL, &holds[i], ctx->now);
    json_end_page(req->reply, "hld", has_more ? holds[count - 1].id.v : 0);
    return OK;
}

static const struct route routes[] = {
    {.operation = "placeHold",
     .method = HTTP_POST,
     .path = "/v1/holds",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_HOT,
     .decode = api_decode,
     .run_many = api_place_many},
    {.operation = "placeHolds",
     .method = HTTP_POST,
     .path = "/v1/holds/bulk",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_HOT,
     .decode = api_decode_bulk,
     .run_many = api_place_bulk,
     .is_bulk = true},
    {.operation = "listHolds",
     .method = HTTP_GET,
     .path = "/v1/holds",
     .perm = PERM_ORDERS_READ,
     .kind = ROUTE_READ,
     .run = api_list                                    },
    {.operation = "getHold",
     .method = HTTP_GET,
     .path = "/v1/holds/{id}",
     .perm = PERM_ORDERS_READ,
     .kind = ROUTE_READ,
     .run = api_get                               },
    {.operation = "extendHold",
     .method = HTTP_POST,
     .path = "/v1/holds/{id}/extend",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_HOT,
     .decode = api_decode_extend,
     .run_many = api_change_many},
    {.operation = "releaseHold",
     .method = HTTP_DELETE,
     .path = "/v1/holds/{id}",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_HOT,
     .decode = api_decode_release,
     .run_many = api_change_many},
    {.operation = "createDrop",
     .method = HTTP_POST,
     .path = "/v1/drops",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_create_drop},
    {.operation = "listDrops",
     .method = HTTP_GET,
     .path = "/v1/drops",
     .perm = PERM_ORDERS_READ,
     .kind = ROUTE_READ,
     .run = api_list_drops      },
    {.operation = "getDrop",
     .method = HTTP_GET,
     .path = "/v1/drops/{id}",
     .perm = PERM_ORDERS_READ,
     .kind = ROUTE_READ,
     .run = api_get_drop   },
    {.operation = "changeDrop",
     .method = HTTP_PATCH,
     .path = "/v1/drops/{id}",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_change_drop     },
    {.operation = "joinDrop",
     .method = HTTP_POST,
     .path = "/v1/drops/{id}/waiting",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_join_drop  },
    {.operation = "listDropWaiting",
     .method = HTTP_GET,
     .path = "/v1/drops/{id}/waiting",
     .perm = PERM_ORDERS_READ,
     .kind = ROUTE_READ,
     .run = api_list_waiting},
    {.operation = "getDropPlace",
     .method = HTTP_GET,
     .path = "/v1/drops/{id}/waiting/{entry}",
     .perm = PERM_ORDERS_READ,
     .kind = ROUTE_READ,
     .run = api_get_waiting  },
    {.operation = "leaveDrop",
     .method = HTTP_DELETE,
     .path = "/v1/drops/{id}/waiting/{entry}",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_leave_drop    },
};
const struct route_list hold_routes = {routes, COUNT_OF(routes)};
