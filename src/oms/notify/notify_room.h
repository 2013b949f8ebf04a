/* notify_room.h - joins the files of this folder. Private to it. */
#ifndef WHARF_OMS_NOTIFY_ROOM_H
#define WHARF_OMS_NOTIFY_ROOM_H

#include "oms/notify/notify.h"

struct route_list;
struct timer_list;
struct verify_list;

extern const struct route_list notify_routes;
extern const struct timer_list notify_timers;
extern const struct verify_list notify_verify;

/* The cursor behind an event id; fails with slug "cursor_unknown". */
MUST_USE err_t event_cursor_read(struct ctx *ctx, str text, const char *field,
                                 struct event_cursor *ret);
/* One page as the reply to GET /v1/events. */
void event_page_write(struct json_out *out, const struct event_page *page);

#endif
