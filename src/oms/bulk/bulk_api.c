/* bulk_api.c - the HTTP face of jobs over orders. */
#include "base/arena.h"
#include "base/json.h"
#include "net/route.h"
#include "oms/bulk/bulk_job.h"
#include "oms/bulk/bulk_rules.h"

/* POST /v1/order-jobs: what its caller may not do to one order it may not do
 * to many; who is meant is read in a snapshot. */
static err_t api_create_prepare(struct ctx *ctx, struct request *req)
{
    struct order_job_cmd *cmd = arena_new(ctx->arena, struct order_job_cmd);
    TRY(request_query_end(req));
    TRY(order_job_cmd_from_json(ctx, req->body, cmd));
    TRY(bulk_permit(ctx, req->perms, bulk_perms(cmd->action, &cmd->with)));
    req->cmd = cmd;
    return order_job_choose(ctx, cmd);
}

static err_t api_create(struct ctx *ctx, struct request *req)
{
    struct order_job job;
    TRY(order_job_create(ctx, req->cmd, &job));
    req->status = 202;
    order_job_write(&job, req->reply);
    return OK;
}

/* GET /v1/order-jobs/{id} */
static err_t api_get(struct ctx *ctx, struct request *req)
{
    order_job_id id;
    struct order_job job;
    TRY(request_path_id(req, 0, "ojb", &id.v));
    TRY(request_query_end(req));
    TRY(order_job_get(ctx, id, &job));
    order_job_write(&job, req->reply);
    return OK;
}

/* GET /v1/order-jobs */
static err_t api_list(struct ctx *ctx, struct request *req)
{
    struct order_job *all;
    size_t limit, count;
    order_job_id before = {INT64_MAX};
    TRY(request_query_id(req, "after", "ojb", &before.v));
    TRY(request_query_limit(req, &limit));
    TRY(request_query_end(req));
    TRY(order_job_page(ctx, before, limit, &all, &count));
    json_begin_page(req->reply);
    for (size_t i = 0; i < count; i++)
        order_job_write(&all[i], req->reply);
    json_end_page(req->reply, "ojb", count == limit ? all[count - 1].id.v : 0);
    return OK;
}

/* GET /v1/order-jobs/{id}/items */
static err_t api_items(struct ctx *ctx, struct request *req)
{
    static const char *const states[] = {"any", "waiting", "asked", "done",
                                         "failed"};
    struct order_job_item_query query = {.after = 0};
    struct order_job_item *items;
    struct order_job job;
    size_t count;
    int state = 0;
    TRY(request_path_id(req, 0, "ojb", &query.job.v));
    TRY(request_query_i64(req, "after", 0, INT64_MAX, &query.after));
    TRY(request_query_enum(req, "state", states, COUNT_OF(states), &state));
    TRY(request_query_limit(req, &query.limit));
    TRY(request_query_end(req));
    query.state = (enum order_job_item_state)state;
    TRY(order_job_get(ctx, query.job, &job));
    TRY(order_job_items(ctx, &query, &items, &count));
    json_begin(req->reply, NULL);
    json_begin_list(req->reply, "items");
    for (size_t i = 0; i < count; i++)
        order_job_item_write(&job, &items[i], req->reply);
    json_end_list(req->reply);
    json_put_i64_or_null(req->reply, "next",
                         count == query.limit ? items[count - 1].n : 0);
    json_end_object(req->reply);
    return OK;
}

/* Who may stop it may have asked for it. */
static err_t permit_job(struct ctx *ctx, const struct request *req,
                        const struct order_job *job)
{
    struct json_in *in;
    struct bulk_with with;
    if (job->state != ORDER_JOB_RUNNING)
        return OK; /* What it was to do is gone; the command refuses. */
    TRY(json_parse(ctx, job->params, &in));
    TRY(bulk_with_from_json(ctx, in, job->action, &with));
    return bulk_permit(ctx, req->perms, bulk_perms(job->action, &with));
}

/* POST /v1/order-jobs/{id}/cancel */
static err_t api_cancel(struct ctx *ctx, struct request *req)
{
    order_job_id id;
    int64_t version;
    struct order_job job;
    TRY(request_path_id(req, 0, "ojb", &id.v));
    TRY(request_query_end(req));
    TRY(json_get_i64(req->body, "version", 1, INT64_MAX, &version));
    TRY(json_end(req->body));
    TRY(order_job_lock(ctx, id, &job));
    TRY(permit_job(ctx, req, &job));
    TRY(order_job_cancel(ctx, &job, version));
    order_job_write(&job, req->reply);
    return OK;
}

static const struct route routes[] = {
    {.operation = "createOrderJob",
     .method = HTTP_POST,
     .path = "/v1/order-jobs",
     .perm = PERM_ORDERS_READ,
     .kind = ROUTE_WRITE,
     .run = api_create,
     .prepare = api_create_prepare},
    {.operation = "listOrderJobs",
     .method = HTTP_GET,
     .path = "/v1/order-jobs",
     .perm = PERM_ORDERS_READ,
     .kind = ROUTE_READ,
     .run = api_list },
    {.operation = "getOrderJob",
     .method = HTTP_GET,
     .path = "/v1/order-jobs/{id}",
     .perm = PERM_ORDERS_READ,
     .kind = ROUTE_READ,
     .run = api_get },
    {.operation = "listOrderJobItems",
     .method = HTTP_GET,
     .path = "/v1/order-jobs/{id}/items",
     .perm = PERM_ORDERS_READ,
     .kind = ROUTE_READ,
     .run = api_items },
    {.operation = "cancelOrderJob",
     .method = HTTP_POST,
     .path = "/v1/order-jobs/{id}/cancel",
     .perm = PERM_ORDERS_READ,
     .kind = ROUTE_WRITE,
     .run = api_cancel},
};
const struct route_list bulk_routes = {routes, COUNT_OF(routes)};
