/* shipping_job_api.c - the HTTP face of labels in bulk. */
#include "base/arena.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/shipping/shipping_handlers.h"
#include "oms/shipping/shipping_job_store.h"

static const char *state_name(enum job_state state)
{
    switch (state) {
    case JOB_RUNNING: return "running";
    case JOB_DONE: return "done";
    case JOB_CANCELLED: return "cancelled";
    }
    UNREACHABLE("not a state of a job");
}

static const char *item_state_name(enum job_item_state state)
{
    switch (state) {
    case JOB_ITEM_WAITING: return "waiting";
    case JOB_ITEM_ASKED: return "asked";
    case JOB_ITEM_BOUGHT: return "bought";
    case JOB_ITEM_REFUSED: return "refused";
    }
    UNREACHABLE("not a state of a job's item");
}

static void put_text(struct json_out *out, const char *key, str text)
{
    if (text.len)
        json_put_str(out, key, text);
    else
        json_put_null(out, key);
}

static void put_id(struct json_out *out, const char *key, const char *prefix,
                   int64_t id)
{
    if (id)
        json_put_id(out, key, prefix, id);
    else
        json_put_null(out, key);
}

static void write_job(struct json_out *out, const struct job *job)
{
    json_begin(out, NULL);
    json_put_id(out, "id", "lbj", job->id.v);
    json_put_cstr(out, "state", state_name(job->state));
    put_text(out, "account", job->account);
    put_text(out, "service", job->service);
    json_put_i64(out, "total", job->total);
    json_put_i64(out, "asked", job->asked);
    json_put_i64(out, "bought", job->bought);
    json_put_i64(out, "refused", job->refused);
    json_put_i64(out, "version", job->version);
    json_put_time(out, "created_at", job->created_at);
    json_put_time(out, "updated_at", job->updated_at);
    json_end_object(out);
}

static void write_item(struct json_out *out, const struct job_item *item)
{
    json_begin(out, NULL);
    json_put_i64(out, "n", item->n);
    put_id(out, "fulfillment_order_id", "fo", item->fo.v);
    put_id(out, "package_id", "pkg", item->package.v);
    json_put_cstr(out, "state", item_state_name(item->state));
    put_text(out, "code", item->code);
    put_text(out, "field", item->field);
    put_text(out, "detail", item->detail);
    json_end_object(out);
}

static err_t read_ids(struct ctx *ctx, struct json_in *in, const char *key,
                      const char *prefix, int64_t **ret, size_t *ret_count)
{
    struct json_list list;
    str text;
    TRY(json_get_list(in, key, 1, LIMIT_JOB_ITEMS, &list));
    *ret = arena_array(ctx->arena, int64_t, list.count);
    *ret_count = list.count;
    for (size_t i = 0; i < list.count; i++) {
        TRY(json_list_str(&list, i, 1, LIMIT_CODE_BYTES, &text));
        if (!id_from_text(prefix, text, &(*ret)[i]))
            return json_fail(in, key, ERR_INVALID, "id_invalid",
                             "%.*s is no id of these", STR_ARG(text));
    }
    return OK;
}

static err_t read_cmd(struct ctx *ctx, struct json_in *in, struct job_cmd *ret)
{
    int64_t *ids;
    bool is_fos = json_has(in, "fulfillment_orders");
    *ret = (struct job_cmd){.account = STR(""), .service = STR("")};
    TRY(json_opt_str(in, "account", 1, LIMIT_CODE_BYTES, &ret->account));
    TRY(json_opt_str(in, "service", 1, LIMIT_CODE_BYTES, &ret->service));
    if (is_fos && json_has(in, "packages"))
        return json_fail(in, "packages", ERR_INVALID, "one_of",
                         "goes without fulfillment_orders");
    TRY(read_ids(ctx, in, is_fos ? "fulfillment_orders" : "packages",
                 is_fos ? "fo" : "pkg", &ids, &ret->count));
    TRY(json_end(in));
    fulfillment_order_id *fos =
        arena_array(ctx->arena, fulfillment_order_id, ret->count);
    package_id *packages = arena_array(ctx->arena, package_id, ret->count);
    for (size_t i = 0; i < ret->count; i++)
        fos[i].v = packages[i].v = ids[i];
    ret->fos = is_fos ? fos : NULL;
    ret->packages = is_fos ? NULL : packages;
    return OK;
}

static err_t write_one(struct ctx *ctx, struct request *req, label_job_id id)
{
    struct job job;
    TRY(job_get(ctx, id, &job));
    write_job(req->reply, &job);
    return OK;
}

/* POST /v1/label-jobs */
err_t api_create_label_job(struct ctx *ctx, struct request *req)
{
    struct job_cmd cmd;
    label_job_id id;
    TRY(read_cmd(ctx, req->body, &cmd));
    TRY(job_create(ctx, &cmd, &id));
    req->status = 202;
    return write_one(ctx, req, id);
}

/* GET /v1/label-jobs/{id} */
err_t api_get_label_job(struct ctx *ctx, struct request *req)
{
    label_job_id id;
    TRY(request_query_end(req));
    TRY(request_path_id(req, 0, "lbj", &id.v));
    return write_one(ctx, req, id);
}

/* POST /v1/label-jobs/{id}/cancel */
err_t api_cancel_label_job(struct ctx *ctx, struct request *req)
{
    label_job_id id;
    int64_t version;
    TRY(request_path_id(req, 0, "lbj", &id.v));
    TRY(json_get_i64(req->body, "version", 1, INT64_MAX, &version));
    TRY(json_end(req->body));
    TRY(job_cancel(ctx, id, version));
    return write_one(ctx, req, id);
}

/* GET /v1/label-jobs */
err_t api_list_label_jobs(struct ctx *ctx, struct request *req)
{
    struct job *rows;
    size_t limit, count;
    label_job_id after = {0};
    TRY(request_query_id(req, "after", "lbj", &after.v));
    TRY(request_query_limit(req, &limit));
    TRY(request_query_end(req));
    TRY(job_page(ctx, after, limit, &rows, &count));
    json_begin(req->reply, NULL);
    json_begin_list(req->reply, "items");
    for (size_t i = 0; i < count; i++)
        write_job(req->reply, &rows[i]);
    json_end_list(req->reply);
    put_id(req->reply, "next", "lbj",
           count == limit ? rows[count - 1].id.v : 0);
    json_end_object(req->reply);
    return OK;
}

/* GET /v1/label-jobs/{id}/items */
err_t api_list_label_job_items(struct ctx *ctx, struct request *req)
{
    struct job_item *rows;
    struct job job;
    size_t limit, count;
    int64_t after = 0;
    label_job_id id;
    TRY(request_path_id(req, 0, "lbj", &id.v));
    TRY(request_query_i64(req, "after", 0, INT64_MAX, &after));
    TRY(request_query_limit(req, &limit));
    TRY(request_query_end(req));
    TRY(job_get(ctx, id, &job));
    TRY(job_item_page(ctx, id, after, limit, &rows, &count));
    json_begin(req->reply, NULL);
    json_begin_list(req->reply, "items");
    for (size_t i = 0; i < count; i++)
        write_item(req->reply, &rows[i]);
    json_end_list(req->reply);
    if (count == limit)
        json_put_i64(req->reply, "next", rows[count - 1].n);
    else
        json_put_null(req->reply, "next");
    json_end_object(req->reply);
    return OK;
}
