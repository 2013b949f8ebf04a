/* change_blanket_api.c - blanket orders: the HTTP face. */
#include "base/arena.h"
#include "base/json.h"
#include "base/machine.h"
#include "net/route.h"
#include "oms/change/change_blanket.h"
#include "oms/change/change_blanket_store.h"

static err_t show(struct ctx *ctx, struct request *req,
                  const struct blanket *blanket)
{
    struct blanket_sum sum;
    TRY(blanket_sums(ctx, blanket, 1, &sum));
    json_begin(req->reply, NULL);
    blanket_write(blanket, &sum, true, req->reply);
    json_end_object(req->reply);
    return OK;
}

/* POST /v1/blanket-orders */
static err_t api_create(struct ctx *ctx, struct request *req)
{
    struct blanket_cmd cmd = {.version = 0};
    struct blanket blanket;
    TRY(request_query_end(req));
    TRY(blanket_cmd_from_json(ctx, req->body, &cmd));
    TRY(blanket_write_down(ctx, &cmd, &blanket));
    req->status = 201;
    return show(ctx, req, &blanket);
}

/* PUT /v1/blanket-orders/{id} */
static err_t api_revise(struct ctx *ctx, struct request *req)
{
    struct blanket_cmd cmd = {.version = 0};
    struct blanket blanket;
    TRY(request_path_id(req, 0, "blk", &cmd.id.v));
    TRY(request_query_end(req));
    TRY(json_get_i64(req->body, "version", 1, INT64_MAX, &cmd.version));
    TRY(blanket_cmd_from_json(ctx, req->body, &cmd));
    TRY(blanket_write_down(ctx, &cmd, &blanket));
    return show(ctx, req, &blanket);
}

/* GET /v1/blanket-orders/{id} */
static err_t api_get(struct ctx *ctx, struct request *req)
{
    blanket_id id;
    struct blanket blanket;
    TRY(request_path_id(req, 0, "blk", &id.v));
    TRY(request_query_end(req));
    TRY(blanket_get(ctx, id, &blanket));
    return show(ctx, req, &blanket);
}

static err_t read_query(struct ctx *ctx, struct request *req,
                        struct blanket_query *ret)
{
    str name;
    int state = 0;
    TRY(request_query_id(req, "after", "blk", &ret->before.v));
    TRY(request_query_id(req, "company", "cmp", &ret->company.v));
    TRY(request_query_limit(req, &ret->limit));
    if (request_query_find(req, "state", &name)) {
        if (!machine_state_from_name(&blanket_machine, name, &state))
            return fail(ctx, ERR_INVALID, "state",
                        "must be a state of a blanket order, as active");
        if (ret->company.v)
            return fail_as(ctx, ERR_INVALID, "filters_exclude", "state",
                           "they are listed by state or by company, not by "
                           "both");
    }
    ret->state = (enum blanket_state)state;
    return request_query_end(req);
}

/* GET /v1/blanket-orders */
static err_t api_list(struct ctx *ctx, struct request *req)
{
    struct blanket_query query = {.before = {INT64_MAX}};
    struct blanket *rows;
    size_t count;
    TRY(read_query(ctx, req, &query));
    TRY(blanket_list(ctx, &query, &rows, &count));
    struct blanket_sum *sums =
        arena_array(ctx->arena, struct blanket_sum, count);
    TRY(blanket_sums(ctx, rows, count, sums));
    json_begin_page(req->reply);
    for (size_t i = 0; i < count; i++) {
        json_begin(req->reply, NULL);
        blanket_write(&rows[i], &sums[i], false, req->reply);
        json_end_object(req->reply);
    }
    json_end_page(req->reply, "blk",
                  count == query.limit ? rows[count - 1].id.v : 0);
    return OK;
}

/* GET /v1/blanket-orders/{id}/releases */
static err_t api_releases(struct ctx *ctx, struct request *req)
{
    struct release_key after = {.n = 0};
    struct blanket blanket;
    struct release *rows;
    size_t limit, count;
    TRY(request_path_id(req, 0, "blk", &after.blanket.v));
    TRY(request_query_i64(req, "after", 0, INT64_MAX, &after.n));
    TRY(request_query_limit(req, &limit));
    TRY(request_query_end(req));
    TRY(blanket_get(ctx, after.blanket, &blanket));
    TRY(release_list(ctx, &after, limit, &rows, &count));
    json_begin(req->reply, NULL);
    json_begin_list(req->reply, "items");
    for (size_t i = 0; i < count; i++) {
        json_begin(req->reply, NULL);
        release_write(&blanket, &rows[i], req->reply);
        json_end_object(req->reply);
    }
    json_end_list(req->reply);
    json_put_i64_or_null(req->reply, "next",
                         count == limit ? rows[count - 1].n : 0);
    json_end_object(req->reply);
    return OK;
}

/* ---- steps ---- */

static err_t read_step(struct request *req, struct blanket_step *ret)
{
    TRY(request_path_id(req, 0, "blk", &ret->id.v));
    TRY(request_query_end(req));
    TRY(json_get_i64(req->body, "version", 1, INT64_MAX, &ret->version));
    return OK;
}

static err_t run_step(struct ctx *ctx, struct request *req,
                      enum blanket_event event)
{
    struct blanket_step step = {.version = 0};
    struct blanket blanket;
    TRY(read_step(req, &step));
    TRY(json_end(req->body));
    TRY(blanket_move(ctx, &step, event, &blanket));
    return show(ctx, req, &blanket);
}

/* POST /v1/blanket-orders/{id}/activate */
static err_t api_activate(struct ctx *ctx, struct request *req)
{
    return run_step(ctx, req, BLANKET_EVENT_ACTIVATE);
}

/* POST /v1/blanket-orders/{id}/pause */
static err_t api_pause(struct ctx *ctx, struct request *req)
{
    return run_step(ctx, req, BLANKET_EVENT_PAUSE);
}

/* POST /v1/blanket-orders/{id}/resume */
static err_t api_resume(struct ctx *ctx, struct request *req)
{
    return run_step(ctx, req, BLANKET_EVENT_RESUME);
}

/* POST /v1/blanket-orders/{id}/cancel */
static err_t api_cancel(struct ctx *ctx, struct request *req)
{
    return run_step(ctx, req, BLANKET_EVENT_CANCEL);
}

/* POST /v1/blanket-orders/{id}/skip */
static err_t api_skip(struct ctx *ctx, struct request *req)
{
    struct blanket_step step = {.version = 0};
    struct blanket blanket;
    TRY(read_step(req, &step));
    TRY(json_get_i64(req->body, "n", 1, INT64_MAX, &step.n));
    TRY(json_end(req->body));
    TRY(blanket_skip(ctx, &step, &blanket));
    return show(ctx, req, &blanket);
}

static const struct route routes[] = {
    {.operation = "createBlanketOrder",
     .method = HTTP_POST,
     .path = "/v1/blanket-orders",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_create  },
    {.operation = "listBlanketOrders",
     .method = HTTP_GET,
     .path = "/v1/blanket-orders",
     .perm = PERM_ORDERS_READ,
     .kind = ROUTE_READ,
     .run = api_list    },
    {.operation = "getBlanketOrder",
     .method = HTTP_GET,
     .path = "/v1/blanket-orders/{id}",
     .perm = PERM_ORDERS_READ,
     .kind = ROUTE_READ,
     .run = api_get     },
    {.operation = "reviseBlanketOrder",
     .method = HTTP_PUT,
     .path = "/v1/blanket-orders/{id}",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_revise  },
    {.operation = "listBlanketReleases",
     .method = HTTP_GET,
     .path = "/v1/blanket-orders/{id}/releases",
     .perm = PERM_ORDERS_READ,
     .kind = ROUTE_READ,
     .run = api_releases},
    {.operation = "activateBlanketOrder",
     .method = HTTP_POST,
     .path = "/v1/blanket-orders/{id}/activate",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_activate},
    {.operation = "pauseBlanketOrder",
     .method = HTTP_POST,
     .path = "/v1/blanket-orders/{id}/pause",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_pause   },
    {.operation = "resumeBlanketOrder",
     .method = HTTP_POST,
     .path = "/v1/blanket-orders/{id}/resume",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_resume  },
    {.operation = "cancelBlanketOrder",
     .method = HTTP_POST,
     .path = "/v1/blanket-orders/{id}/cancel",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_cancel  },
    {.operation = "skipBlanketRelease",
     .method = HTTP_POST,
     .path = "/v1/blanket-orders/{id}/skip",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_skip    },
};
const struct route_list blanket_routes = {routes, COUNT_OF(routes)};
