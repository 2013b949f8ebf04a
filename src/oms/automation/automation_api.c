/* automation_api.c - tasks over HTTP: JSON to command and back. */
#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "net/list_csv.h"
#include "net/route.h"
#include "oms/automation/automation_task.h"
#include "oms/subject.h"

static const char *const state_names[] = {"open", "resolved", "any"};
static const char *const resolution_names[] = {"done", "dismissed",
                                               "duplicate"};

static void write_task(struct json_out *out, const struct task *task)
{
    const struct task_rule *rule = task_rule_find(task->kind);
    bool is_open = task->state == TASK_OPEN;
    json_begin(out, NULL);
    json_put_id(out, "id", "tsk", task->id.v);
    json_put_str(out, "kind", task->kind);
    json_put_cstr(out, "what", rule ? rule->what : "");
    json_put_str(out, "subject_kind", task->subject_kind);
    json_put_id(out, "subject", subject_prefix(task->subject_kind),
                task->subject_id);
    json_put_id_or_null(out, "order_id", "ord", task->order.v);
    json_put_cstr(out, "state", task_state_name(task->state));
    json_put_str_or_null(out, "owner_role", task->owner_role);
    json_put_id_or_null(out, "owner_user", "usr", task->owner_user.v);
    json_put_time(out, "due_at", task->due_at);
    json_put_id(out, "event", "evt", task->event_id);
    json_put_i64(out, "times", task->times);
    json_put_str_or_null(
        out, "resolution",
        is_open ? STR_NONE
                : str_from_cstr(task_resolution_name(task->resolution)));
    json_put_str_or_null(out, "note", task->note);
    json_put_time(out, "opened_at", task->opened_at);
    json_put_time(out, "updated_at", task->updated_at);
    json_put_time_or_null(out, "resolved_at", task->resolved_at);
    json_put_i64(out, "version", task->version);
    json_end_object(out);
}

/* GET /v1/tasks/{id} */
static err_t api_get(struct ctx *ctx, struct request *req)
{
    task_id id;
    struct task task;
    TRY(request_path_id(req, 0, "tsk", &id.v));
    TRY(request_query_end(req));
    TRY(task_get(ctx, id, &task));
    write_task(req->reply, &task);
    return OK;
}

static err_t read_filter(struct request *req, struct task_filter *ret)
{
    int state = 0;
    TRY(request_query_limit(req, &ret->limit));
    TRY(request_query_enum(req, "state", state_names, COUNT_OF(state_names),
                           &state));
    ret->state = state == 2 ? (enum task_state)0 : (enum task_state)(state + 1);
    (void)request_query_find(req, "kind", &ret->kind);
    (void)request_query_find(req, "owner_role", &ret->owner_role);
    TRY(request_query_id(req, "owner_user", "usr", &ret->owner_user.v));
    TRY(request_query_id(req, "order", "ord", &ret->order.v));
    TRY(request_query_time(req, "due_before", &ret->due_before));
    TRY(request_query_id(req, "after", "tsk", &ret->after.v));
    return request_query_end(req);
}

/* GET /v1/tasks */
static err_t api_list(struct ctx *ctx, struct request *req)
{
    struct task_filter filter = {0};
    struct task *tasks;
    size_t count;
    TRY(read_filter(req, &filter));
    if (filter.kind.len > 0 && !task_rule_find(filter.kind))
        return fail_as(ctx, ERR_INVALID, "kind_unknown", "kind",
                       "there are no tasks of this kind");
    size_t limit = filter.limit++;
    TRY(task_page(ctx, &filter, &tasks, &count));
    bool has_more = count > limit;
    count -= has_more;
    json_begin_page(req->reply);
    for (size_t i = 0; i < count; i++)
        write_task(req->reply, &tasks[i]);
    json_end_page(req->reply, "tsk", has_more ? tasks[count - 1].id.v : 0);
    return OK;
}

/* Null empties an owner, what is missing stays. */
static err_t read_assign(struct json_in *in, struct task_assign *ret,
                         struct task *values)
{
    bool has_role = json_has(in, "owner_role");
    bool has_user = json_has(in, "owner_user");
    bool has_due = json_has(in, "due_at");
    TRY(json_get_i64(in, "version", 1, INT64_MAX, &ret->version));
    TRY(json_opt_str(in, "owner_role", 1, LIMIT_CODE_BYTES,
                     &values->owner_role));
    TRY(json_opt_id(in, "owner_user", "usr", &values->owner_user.v));
    TRY(json_opt_time(in, "due_at", &values->due_at));
    if (has_role || json_take_null(in, "owner_role"))
        ret->owner_role = &values->owner_role;
    if (has_user || json_take_null(in, "owner_user"))
        ret->owner_user = &values->owner_user;
    if (has_due)
        ret->due_at = &values->due_at;
    json_refuse_nulls(in);
    return json_end(in);
}

/* PATCH /v1/tasks/{id} */
static err_t api_assign(struct ctx *ctx, struct request *req)
{
    task_id id;
    struct task values = {0}, task;
    struct task_assign cmd = {0};
    TRY(request_path_id(req, 0, "tsk", &id.v));
    TRY(request_query_end(req));
    TRY(read_assign(req->body, &cmd, &values));
    TRY(task_assign(ctx, id, &cmd, &task));
    write_task(req->reply, &task);
    return OK;
}

/* POST /v1/tasks/{id}/resolve */
static err_t api_resolve(struct ctx *ctx, struct request *req)
{
    task_id id;
    struct task task;
    struct task_resolve cmd = {0};
    int resolution;
    TRY(request_path_id(req, 0, "tsk", &id.v));
    TRY(request_query_end(req));
    TRY(json_get_i64(req->body, "version", 1, INT64_MAX, &cmd.version));
    TRY(json_get_enum(req->body, "resolution", resolution_names,
                      COUNT_OF(resolution_names), &resolution));
    TRY(json_opt_str(req->body, "note", 0, LIMIT_REASON_BYTES, &cmd.note));
    TRY(json_end(req->body));
    cmd.resolution = (enum task_resolution)(resolution + 1);
    TRY(task_resolve(ctx, id, &cmd, &task));
    write_task(req->reply, &task);
    return OK;
}

/* POST /v1/tasks/{id}/reopen */
static err_t api_reopen(struct ctx *ctx, struct request *req)
{
    task_id id;
    struct task task;
    int64_t version;
    TRY(request_path_id(req, 0, "tsk", &id.v));
    TRY(request_query_end(req));
    TRY(json_get_i64(req->body, "version", 1, INT64_MAX, &version));
    TRY(json_end(req->body));
    TRY(task_reopen(ctx, id, version, &task));
    write_task(req->reply, &task);
    return OK;
}

static const char *const list_columns[] = {
    "id",         "kind",      "what",        "subject_kind",
    "subject",    "order_id",  "state",       "owner_role",
    "owner_user", "due_at",    "times",       "resolution",
    "note",       "opened_at", "resolved_at", NULL};
static const struct list_table list_table = {.file = "tasks.csv",
                                             .columns = list_columns};

static const struct route routes[] = {
    {.operation = "listTasks",
     .method = HTTP_GET,
     .path = "/v1/tasks",
     .perm = PERM_TASKS_READ,
     .kind = ROUTE_READ,
     .run = api_list,
     .table = &list_table},
    {.operation = "getTask",
     .method = HTTP_GET,
     .path = "/v1/tasks/{id}",
     .perm = PERM_TASKS_READ,
     .kind = ROUTE_READ,
     .run = api_get },
    {.operation = "assignTask",
     .method = HTTP_PATCH,
     .path = "/v1/tasks/{id}",
     .perm = PERM_TASKS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_assign},
    {.operation = "resolveTask",
     .method = HTTP_POST,
     .path = "/v1/tasks/{id}/resolve",
     .perm = PERM_TASKS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_resolve},
    {.operation = "reopenTask",
     .method = HTTP_POST,
     .path = "/v1/tasks/{id}/reopen",
     .perm = PERM_TASKS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_reopen},
};
const struct route_list automation_routes = {routes, COUNT_OF(routes)};
