/* bulk_json.c - jobs over orders as JSON. */
#include "base/arena.h"
#include "base/id.h"
#include "base/json.h"
#include "base/machine.h"
#include "base/str.h"
#include "oms/bulk/bulk_job.h"

/* ---- in ---- */

static const char *const goals[] = {"released", "submitted", "accepted",
                                    "packed", "shipped"};

static err_t read_goal(struct json_in *in, enum bulk_goal *ret)
{
    int goal = 0;
    TRY(json_get_enum(in, "to", goals, COUNT_OF(goals), &goal));
    *ret = (enum bulk_goal)goal;
    return OK;
}

static err_t read_tags(struct json_in *in, struct bulk_with *ret)
{
    TRY(json_get_strs(in, "tags", LIMIT_TAGS, LIMIT_TAG_BYTES, &ret->tags,
                      &ret->tag_count));
    if (ret->tag_count == 0)
        return json_fail(in, "tags", ERR_INVALID, "missing_field",
                         "name one tag at least");
    return OK;
}

static err_t read_label(struct json_in *in, struct bulk_with *ret)
{
    ret->account = ret->service = STR("");
    TRY(json_opt_str(in, "account", 1, LIMIT_CODE_BYTES, &ret->account));
    return json_opt_str(in, "service", 1, LIMIT_CODE_BYTES, &ret->service);
}

/* Of whole orders: lines of one are not those of another. */
static err_t read_hold(struct ctx *ctx, struct json_in *in,
                       struct order_hold *ret)
{
    if (json_has(in, "line"))
        return json_fail(in, "line", ERR_INVALID, "unknown_field",
                         "a job holds whole orders");
    return order_hold_from_json(ctx, in, ret);
}

static err_t read_members(struct ctx *ctx, struct json_in *in,
                          enum bulk_action action, struct bulk_with *ret)
{
    switch (action) {
    case BULK_TAG:
    case BULK_UNTAG: return read_tags(in, ret);
    case BULK_CANCEL:
        return json_get_str(in, "reason", 1, LIMIT_REASON_BYTES, &ret->reason);
    case BULK_FULFIL: return read_goal(in, &ret->goal);
    case BULK_LABEL: return read_label(in, ret);
    case BULK_HOLD: return read_hold(ctx, in, &ret->hold);
    case BULK_RELEASE: return OK;
    case BULK_INVOICE: return json_opt_bool(in, "draft", &ret->is_draft);
    }
    UNREACHABLE("not an action");
}

err_t bulk_with_from_json(struct ctx *ctx, struct json_in *in,
                          enum bulk_action action, struct bulk_with *ret)
{
    *ret = (struct bulk_with){.tag_count = 0};
    TRY(read_members(ctx, in, action, ret));
    return json_end(in);
}

/* What it needs to know may be nothing. */
static err_t read_with(struct ctx *ctx, struct json_in *in,
                       struct order_job_cmd *ret)
{
    enum { MOST = LIMIT_JSON_BYTES };
    struct json_in *with;
    TRY(json_opt_object(in, "with", &with));
    if (!with) {
        ret->params = STR("{}");
        TRY(json_parse(ctx, ret->params, &with));
        if (bulk_with_from_json(ctx, with, ret->action, &ret->with) == OK)
            return OK;
        err_clear(ctx);
        return json_fail(in, "with", ERR_INVALID, "missing_field",
                         "this action needs to know more");
    }
    TRY(bulk_with_from_json(ctx, with, ret->action, &ret->with));
    return json_any_raw(in, "with", MOST, &ret->params);
}

static err_t read_orders(struct ctx *ctx, struct json_in *in,
                         struct order_job_cmd *ret)
{
    struct json_list list;
    str text;
    TRY(json_get_list(in, "orders", 1, LIMIT_ORDER_JOB_ITEMS, &list));
    ret->orders = arena_array(ctx->arena, order_id, list.count);
    ret->count = list.count;
    for (size_t i = 0; i < list.count; i++) {
        TRY(json_list_str(&list, i, 1, LIMIT_CODE_BYTES, &text));
        if (!id_from_text("ord", text, &ret->orders[i].v))
            return json_fail(in, "orders", ERR_INVALID, "id_invalid",
                             "%.*s is no id of an order", STR_ARG(text));
    }
    return OK;
}

err_t order_job_cmd_from_json(struct ctx *ctx, struct json_in *in,
                              struct order_job_cmd *ret)
{
    int action = 0;
    struct json_in *filter;
    *ret = (struct order_job_cmd){.count = 0};
    TRY(json_get_enum(in, "action", bulk_action_names, BULK_ACTIONS, &action));
    ret->action = (enum bulk_action)(action + 1);
    TRY(read_with(ctx, in, ret));
    TRY(json_opt_object(in, "filter", &filter));
    ret->is_filtered = filter != NULL;
    if (filter && json_has(in, "orders"))
        return json_fail(in, "orders", ERR_INVALID, "one_of",
                         "goes without filter");
    TRY(filter ? order_filter_from_json(filter, &ret->filter)
               : read_orders(ctx, in, ret));
    return json_end(in);
}

/* ---- out ---- */

void order_job_write(const struct order_job *job, struct json_out *out)
{
    json_begin(out, NULL);
    json_put_id(out, "id", "ojb", job->id.v);
    json_put_cstr(out, "action", bulk_action_names[job->action - 1]);
    json_put_cstr(out, "state",
                  machine_state_name(&order_job_machine, job->state));
    json_put_i64(out, "total", job->total);
    json_put_i64(out, "done", job->done);
    json_put_i64(out, "failed", job->failed);
    json_put_i64(out, "asked", job->asked);
    json_put_i64(out, "left", job->total - job->done - job->failed);
    json_put_id_or_null(out, "label_job_id", "lbj", job->labels.v);
    json_put_i64(out, "version", job->version);
    json_put_time(out, "created_at", job->created_at);
    json_put_time(out, "updated_at", job->updated_at);
    json_end_object(out);
}

static const char *item_state(const struct order_job *job,
                              enum order_job_item_state state)
{
    switch (state) {
    case ORDER_JOB_ITEM_WAITING:
        return job->state == ORDER_JOB_CANCELLED ? "cancelled" : "waiting";
    case ORDER_JOB_ITEM_ASKED: return "asked";
    case ORDER_JOB_ITEM_DONE: return "done";
    case ORDER_JOB_ITEM_FAILED: return "failed";
    }
    UNREACHABLE("not a state of a job's item");
}

void order_job_item_write(const struct order_job *job,
                          const struct order_job_item *item,
                          struct json_out *out)
{
    json_begin(out, NULL);
    json_put_i64(out, "n", item->n);
    json_put_id(out, "order_id", "ord", item->order.v);
    json_put_cstr(out, "state", item_state(job, item->state));
    if (item->state == ORDER_JOB_ITEM_FAILED) {
        json_begin(out, "error");
        json_put_str(out, "code", item->code);
        json_put_str_or_null(out, "field", item->field);
        json_put_str(out, "detail", item->detail);
        json_end_object(out);
    } else {
        json_put_null(out, "error");
    }
    json_end_object(out);
}
