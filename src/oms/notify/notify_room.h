/* notify_room.h - joins the files of this folder. Private to it. */
#ifndef WHARF_OMS_NOTIFY_ROOM_H
#define WHARF_OMS_NOTIFY_ROOM_H

#include "oms/notify/notify.h"

struct route_list;

extern const struct route_list notify_routes;

/* How ids of that kind of subject begin, or NULL. */
const char *subject_prefix(str kind);

struct event_page {
    size_t limit; /* Given. */
    struct event *items;
    size_t count;
    struct event_cursor after; /* The last event looked at. */
    bool is_end;               /* Nothing stands behind it yet. */
};
/* Events after the cursor that match, oldest first. Looks at no more than
 * LIMIT_EVENT_SCAN events, so a page may be short before the end. */
MUST_USE err_t event_page(struct ctx *ctx, const struct event_filter *filter,
                          struct event_cursor after, struct event_page *ret);
/* The cursor behind an event id; fails with slug "cursor_unknown". */
MUST_USE err_t event_cursor_read(struct ctx *ctx, str text, const char *field,
                                 struct event_cursor *ret);
/* One page as the reply to GET /v1/events. */
void event_page_write(struct json_out *out, const struct event_page *page);

#endif
