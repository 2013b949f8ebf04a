/* automation.h - the automation room: what waits for a person.
 *
 * A task says what went wrong about which subject, who looks after it and by
 * when. Tasks are opened and closed by events, by one table
 * (automation_table_rules.c); people assign, resolve and reopen them. At most
 * one task of a kind is open for a subject. docs/tasks.md
 */
#ifndef WHARF_OMS_AUTOMATION_H
#define WHARF_OMS_AUTOMATION_H

#include "base/base.h"
#include "oms/ids.h"

struct machine;
struct room;

/* Stored as numbers: append, never renumber. */
enum task_state { TASK_OPEN = 1, TASK_RESOLVED = 2 };
enum task_resolution {
    TASK_NOT_YET = 0,
    TASK_DONE = 1,      /* What was to be done is done. */
    TASK_DISMISSED = 2, /* Nothing was to be done. */
    TASK_DUPLICATE = 3, /* Another task stands for it. */
    TASK_OVER = 4       /* An event said that it is over. */
};
enum task_event {
    TASK_EVENT_OPEN = 1,
    TASK_EVENT_REPEAT, /* It went wrong again. */
    TASK_EVENT_ASSIGN, /* To somebody, or for another time. */
    TASK_EVENT_RESOLVE,
    TASK_EVENT_CLOSE, /* By an event. */
    TASK_EVENT_REOPEN
};
extern const struct machine task_machine;
/* The next state, or 0 where the event is refused; from 0: a new one. */
enum task_state task_next(enum task_state from, enum task_event event);
const char *task_state_name(enum task_state state);
const char *task_resolution_name(enum task_resolution resolution);

struct task {
    task_id id;
    str kind;         /* "label_refused" */
    str subject_kind; /* As its events have it: "package". */
    int64_t subject_id;
    order_id order; /* It is about, or 0. */
    enum task_state state;
    str owner_role;     /* Code of a role; empty: nobody's. */
    user_id owner_user; /* 0: anybody's of the role. */
    utc_ms due_at;
    int64_t event_id; /* That opened it. */
    int64_t times;    /* It went wrong. */
    enum task_resolution resolution;
    str note;
    utc_ms opened_at, updated_at, resolved_at;
    int64_t version;
};
MUST_USE err_t task_get(struct ctx *ctx, task_id id, struct task *ret);

struct task_filter {
    enum task_state state; /* Open: by due_at; resolved or 0: newest first. */
    str kind, owner_role;  /* Empty: any. */
    user_id owner_user;    /* 0: any. */
    order_id order;        /* 0: any. */
    utc_ms due_before;     /* 0: any. */
    task_id after;         /* 0: from the first. */
    size_t limit;
};
MUST_USE err_t task_page(struct ctx *ctx, const struct task_filter *filter,
                         struct task **ret, size_t *ret_count);

/* What an assignment may name; what is NULL stays. */
struct task_assign {
    int64_t version;
    const str *owner_role;     /* Empty: nobody's. */
    const user_id *owner_user; /* 0: nobody's. */
    const utc_ms *due_at;
};
/* ERR_STALE; ERR_STATE once it is resolved; ERR_INVALID (role_unknown,
 * user_unknown). */
MUST_USE err_t task_assign(struct ctx *ctx, task_id id,
                           const struct task_assign *cmd, struct task *ret);
struct task_resolve {
    int64_t version;
    enum task_resolution resolution; /* Not TASK_OVER. */
    str note;
};
MUST_USE err_t task_resolve(struct ctx *ctx, task_id id,
                            const struct task_resolve *cmd, struct task *ret);
/* ERR_CONFLICT (task_is_open) where its kind is open again for its subject. */
MUST_USE err_t task_reopen(struct ctx *ctx, task_id id, int64_t version,
                           struct task *ret);

extern const struct room automation_room;

#endif
