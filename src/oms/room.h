/* room.h - what every room of the oms floor shows to the rest of the house. */
#ifndef WHARF_OMS_ROOM_H
#define WHARF_OMS_ROOM_H

#include "base/base.h"

struct route_list;
struct event_list;

/* One check of `wharf verify`: calls report for each bad row it finds. */
typedef void verify_report_fn(void *arg, const char *invariant, str row,
                              str what);
struct verify_check {
    const char *invariant; /* "I3" */
    const char *title;     /* "level = sum of movements" */
    err_t (*run)(struct ctx *ctx, verify_report_fn *report, void *arg);
};
struct verify_list {
    const struct verify_check *at;
    size_t count;
};

/* What a room does again and again: `run` is work of the low lane, in a
 * transaction of its own, and does a bounded part; *ret_is_more (false before
 * the call) asks for the next turn at once. It may be run twice for one turn,
 * and at any time: what is due it finds in the store. NULL: a worker does the
 * work, and only next_at() is asked. */
struct room_timer {
    const char *name; /* "holds"; for metrics and the log. */
    int period_ms;    /* From the end of a turn to the next. */
    err_t (*run)(struct ctx *ctx, bool *ret_is_more);
    /* When its work is next due, for a store that closes when it is idle: it
     * is opened again by then. 0: nothing waits. May be NULL. */
    err_t (*next_at)(struct ctx *ctx, utc_ms *ret);
};
struct timer_list {
    const struct room_timer *at;
    size_t count;
};

struct room {
    const char *name;
    const struct route_list *routes;  /* HTTP endpoints; may be NULL. */
    const struct event_list *events;  /* Consumers it runs; may be NULL. */
    const struct verify_list *verify; /* Its invariants; may be NULL. */
    const struct timer_list *timers;  /* Its periodic work; may be NULL. */
};

#endif
