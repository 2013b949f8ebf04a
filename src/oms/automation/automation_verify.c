/* automation_verify.c - tasks against the events that made them. */
#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "oms/automation/automation_sql.h"
#include "oms/automation/automation_task.h"
#include "oms/room.h"
#include "store/sql.h"

struct check {
    verify_report_fn *report;
    void *arg;
    const char *invariant, *what;
};

static err_t report_task(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    const struct check *check = arg;
    char id[ID_TEXT_BYTES];
    int len = (int)id_to_text("tsk", sql_int(row, 0, 0), id);
    check->report(check->arg, check->invariant,
                  str_printf(ctx->arena, "%.*s", len, id),
                  str_from_cstr(check->what));
    return OK;
}

static err_t verify_events(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct check check = {report, arg, "I29",
                          "its versions are not one event each"};
    return sql_each(ctx, SQL_TASK_VERIFY_EVENTS, NULL, 0, report_task, &check);
}

static err_t verify_causes(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct check check = {report, arg, "tasks",
                          "no event about its subject opened it"};
    return sql_each(ctx, SQL_TASK_VERIFY_CAUSES, NULL, 0, report_task, &check);
}

static const struct verify_check checks[] = {
    {"I29",   "each version of a task has its event", verify_events},
    {"tasks", "an event opened each task",            verify_causes},
};
const struct verify_list automation_verify = {checks, COUNT_OF(checks)};
