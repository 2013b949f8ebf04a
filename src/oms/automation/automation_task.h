/* automation_task.h - rows and rules of tasks. Private to the room. */
#ifndef WHARF_OMS_AUTOMATION_TASK_H
#define WHARF_OMS_AUTOMATION_TASK_H

#include "oms/automation/automation.h"

struct event;
struct event_list;
struct json_in;
struct route_list;
struct verify_list;

/* ERR_STATE, naming the state, the event and what is allowed instead. */
MUST_USE err_t task_allow(struct ctx *ctx, enum task_state state,
                          enum task_event event);

/* ---- the table ---- */

enum { TASK_TYPES = 8 };
/* Whether the data of such an event say so; NULL: always. */
typedef bool task_test_fn(struct json_in *data);
struct task_when {
    const char *type;
    task_test_fn *test;
};
struct task_rule {
    const char *kind;
    struct task_when opens[TASK_TYPES], closes[TASK_TYPES]; /* NULL-ended. */
    const char *what; /* A sentence for a person. */
    int due_h;
    const char *role;
};
extern const struct task_rule task_rules[];
extern const size_t task_rule_count;
/* NULL where there is no such kind. */
const struct task_rule *task_rule_find(str kind);
/* Whether any rule looks at events of that type. */
bool task_rule_wants(str type);

/* ---- rows ---- */

MUST_USE err_t task_lock(struct ctx *ctx, task_id id, struct task *ret);
MUST_USE err_t task_list_open(struct ctx *ctx, const int64_t *subjects,
                              size_t count, struct task **ret,
                              size_t *ret_count);
MUST_USE err_t task_insert(struct ctx *ctx, const struct task *task);
/* At its version, which it raises. ERR_RETRY where it was changed. */
MUST_USE err_t task_save(struct ctx *ctx, struct task *task);
/* task.opened and the like, after it was written. */
MUST_USE err_t task_tell(struct ctx *ctx, const char *type,
                         const struct task *task);

extern const struct event_list automation_events;
extern const struct route_list automation_routes;
extern const struct verify_list automation_verify;

#endif
