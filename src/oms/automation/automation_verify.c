/* automation_verify.c - tasks against the events that made them. */
#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "oms/automation/automation_sql.h"
#include "oms/automation/automation_task.h"
#include "oms/verify.h"
#include "store/sql.h"

static err_t verify_events(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct verify check = {report, arg, "I29", "tsk",
                           "its versions are not one event each"};
    return verify_none(ctx, SQL_TASK_VERIFY_EVENTS, check);
}

static err_t verify_causes(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct verify check = {report, arg, "tasks", "tsk",
                           "no event about its subject opened it"};
    return verify_none(ctx, SQL_TASK_VERIFY_CAUSES, check);
}

static const struct verify_check checks[] = {
    {"I29",   "each version of a task has its event", verify_events},
    {"tasks", "an event opened each task",            verify_causes},
};
const struct verify_list automation_verify = {checks, COUNT_OF(checks)};
