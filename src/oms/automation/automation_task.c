/* automation_task.c - what people do with tasks: assign, resolve, reopen. */
#include "oms/automation/automation_task.h"
#include "base/arena.h"
#include "base/check.h"
#include "base/str.h"
#include "oms/user/user_people.h"
#include "store/event.h"

static err_t lock_for(struct ctx *ctx, task_id id, int64_t version,
                      enum task_event event, struct task *ret)
{
    TRY(task_lock(ctx, id, ret));
    TRY(check_version(ctx, version, ret->version));
    return task_allow(ctx, ret->state, event);
}

/* Owners that are not there are what the body names wrongly. */
static err_t check_role(struct ctx *ctx, str code)
{
    struct role role;
    if (code.len == 0)
        return OK;
    err_t err = role_get(ctx, code, &role);
    if (err != ERR_NOT_FOUND)
        return err;
    err_clear(ctx);
    return fail_as(ctx, ERR_INVALID, "role_unknown", "owner_role",
                   "there is no role with this code");
}

static err_t check_user(struct ctx *ctx, user_id id)
{
    struct user user = {0};
    if (id.v == 0)
        return OK;
    err_t err = user_get(ctx, id, &user);
    if (err != ERR_NOT_FOUND && (err != OK || user.is_active))
        return err;
    err_clear(ctx);
    return fail_as(ctx, ERR_INVALID, "user_unknown", "owner_user",
                   "there is no active person with this id");
}

err_t task_assign(struct ctx *ctx, task_id id, const struct task_assign *cmd,
                  struct task *ret)
{
    struct task task;
    TRY(lock_for(ctx, id, cmd->version, TASK_EVENT_ASSIGN, &task));
    if (cmd->owner_role)
        task.owner_role = *cmd->owner_role;
    if (cmd->owner_user)
        task.owner_user = *cmd->owner_user;
    if (cmd->due_at)
        task.due_at = *cmd->due_at;
    TRY(check_role(ctx, task.owner_role));
    TRY(check_user(ctx, task.owner_user));
    TRY(task_save(ctx, &task));
    *ret = task;
    return task_tell(ctx, "task.assigned", &task);
}

err_t task_resolve(struct ctx *ctx, task_id id, const struct task_resolve *cmd,
                   struct task *ret)
{
    struct task task;
    ASSERT(cmd->resolution != TASK_NOT_YET && cmd->resolution != TASK_OVER);
    TRY(check_line(ctx, "note", cmd->note, 0, LIMIT_REASON_BYTES));
    TRY(lock_for(ctx, id, cmd->version, TASK_EVENT_RESOLVE, &task));
    task.state = task_next(task.state, TASK_EVENT_RESOLVE);
    task.resolution = cmd->resolution;
    task.note = cmd->note;
    task.resolved_at = ctx->now;
    TRY(task_save(ctx, &task));
    *ret = task;
    return task_tell(ctx, "task.resolved", &task);
}

err_t task_reopen(struct ctx *ctx, task_id id, int64_t version,
                  struct task *ret)
{
    struct task task, *open;
    size_t count;
    TRY(lock_for(ctx, id, version, TASK_EVENT_REOPEN, &task));
    TRY(task_list_open(ctx, &task.subject_id, 1, &open, &count));
    for (size_t i = 0; i < count; i++)
        if (str_equal(open[i].kind, task.kind))
            return fail_as(ctx, ERR_CONFLICT, "task_is_open", "",
                           "a task of this kind is open for its subject");
    task.state = task_next(task.state, TASK_EVENT_REOPEN);
    task.resolution = TASK_NOT_YET;
    task.resolved_at = 0;
    TRY(task_save(ctx, &task));
    *ret = task;
    return task_tell(ctx, "task.reopened", &task);
}
