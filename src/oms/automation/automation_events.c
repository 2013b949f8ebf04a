/* automation_events.c - the consumer that fills and empties the task list. */
#include "base/arena.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/automation/automation_task.h"
#include "store/event.h"

static const utc_ms HOUR_MS = (utc_ms)60 * 60 * 1000;

/* The open tasks of all subjects of a run, as they become. */
struct filling {
    struct ctx *ctx;
    struct task *open;
    size_t count;
};

static struct task *find(struct filling *f, const struct event *event,
                         const struct task_rule *rule)
{
    for (size_t i = 0; i < f->count; i++) {
        struct task *task = &f->open[i];
        if (task->state == TASK_OPEN && task->subject_id == event->subject_id &&
            str_equal_cstr(task->kind, rule->kind))
            return task;
    }
    return NULL;
}

/* The order it is about: itself, or as its data name it. */
static order_id order_of(const struct event *event, struct json_in *data)
{
    static const char *const keys[] = {"order_id", "order"};
    order_id id = {0};
    if (str_equal_cstr(event->subject_kind, "order"))
        id.v = event->subject_id;
    for (size_t i = 0; i < COUNT_OF(keys) && id.v == 0; i++) {
        str text = STR_NONE;
        if (json_opt_str(data, keys[i], 0, SIZE_MAX, &text) == OK &&
            !id_from_text("ord", text, &id.v))
            id.v = 0;
    }
    return id;
}

static err_t open_task(struct filling *f, const struct event *event,
                       struct json_in *data, const struct task_rule *rule)
{
    struct ctx *ctx = f->ctx;
    struct task *task = find(f, event, rule);
    if (task) {
        task->times += 1;
        TRY(task_save(ctx, task));
        return task_tell(ctx, "task.repeated", task);
    }
    task = &f->open[f->count++];
    *task = (struct task){
        .id = {id_next(ctx->ids, ctx->now, id_bucket(event->subject_id))},
        .kind = str_from_cstr(rule->kind),
        .subject_kind = event->subject_kind,
        .subject_id = event->subject_id,
        .order = order_of(event, data),
        .state = task_next(0, TASK_EVENT_OPEN),
        .owner_role = str_from_cstr(rule->role),
        .due_at = event->at + rule->due_h * HOUR_MS,
        .event_id = event->id,
        .times = 1,
        .opened_at = event->at,
        .updated_at = ctx->now,
        .version = 1,
    };
    TRY(task_insert(ctx, task));
    return task_tell(ctx, "task.opened", task);
}

static err_t close_task(struct filling *f, const struct event *event,
                        const struct task_rule *rule)
{
    struct task *task = find(f, event, rule);
    if (!task)
        return OK;
    task->state = task_next(task->state, TASK_EVENT_CLOSE);
    task->resolution = TASK_OVER;
    task->resolved_at = f->ctx->now;
    TRY(task_save(f->ctx, task));
    return task_tell(f->ctx, "task.resolved", task);
}

static bool fires(const struct task_when *list, const struct event *event,
                  struct json_in *data)
{
    for (size_t i = 0; i < TASK_TYPES && list[i].type; i++)
        if (str_equal_cstr(event->type, list[i].type) &&
            (!list[i].test || list[i].test(data)))
            return true;
    return false;
}

static err_t look(struct filling *f, const struct event *event)
{
    struct json_in *data;
    TRY(json_parse(f->ctx, event->data, &data));
    for (size_t i = 0; i < task_rule_count; i++) {
        const struct task_rule *rule = &task_rules[i];
        if (fires(rule->opens, event, data))
            TRY(open_task(f, event, data, rule));
        else if (fires(rule->closes, event, data))
            TRY(close_task(f, event, rule));
    }
    err_clear(f->ctx);
    return OK;
}

static err_t consume(struct ctx *ctx, const struct event *events, size_t count)
{
    struct filling f = {.ctx = ctx};
    int64_t *subjects = arena_array(ctx->arena, int64_t, count);
    struct task *open;
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        if (task_rule_wants(events[i].type))
            subjects[n++] = events[i].subject_id;
    if (n == 0)
        return OK;
    TRY(task_list_open(ctx, subjects, n, &open, &f.count));
    f.open =
        arena_array(ctx->arena, struct task, f.count + n * task_rule_count);
    if (f.count > 0)
        memcpy(f.open, open, f.count * sizeof *open);
    for (size_t i = 0; i < count; i++)
        if (task_rule_wants(events[i].type))
            TRY(look(&f, &events[i]));
    return OK;
}

static const struct event_consumer consumers[] = {
    {.name = "tasks", .consume = consume},
};
const struct event_list automation_events = {consumers, COUNT_OF(consumers)};
