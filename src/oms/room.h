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

struct room {
    const char *name;
    const struct route_list *routes;  /* HTTP endpoints; may be NULL. */
    const struct event_list *events;  /* Consumers it runs; may be NULL. */
    const struct verify_list *verify; /* Its invariants; may be NULL. */
};

#endif
