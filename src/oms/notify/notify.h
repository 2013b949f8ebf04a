/* notify.h - the notify room: the event log as a feed for the outside.
 *
 * The log is shown as pages and as a stream, and sent to webhooks
 * (notify_webhook.h); what a reader wants of it is a filter by type and
 * subject.
 */
#ifndef WHARF_OMS_NOTIFY_H
#define WHARF_OMS_NOTIFY_H

#include "base/base.h"
#include "oms/feed.h"
#include "store/event.h"

struct json_out;
struct room;

/* Patterns of event types, as "order.placed", "order.*" or "*". */
struct event_types {
    const str *at;
    size_t count; /* 0: all types. */
};
/* From "order.*,sku.changed"; in ctx->arena. Fails with `field` as field and
 * slug "event_type_invalid". */
MUST_USE err_t event_types_read(struct ctx *ctx, str text, const char *field,
                                struct event_types *ret);
bool event_types_match(const struct event_types *types, str type);

/* What somebody wants of the log. */
struct event_filter {
    struct event_types types;
    const char *subject_kind; /* NULL: any subject. */
    int64_t subject_id;
};
bool event_filter_match(const struct event_filter *filter,
                        const struct event *event);

/* One event as every feed shows it. */
void event_write(struct json_out *out, const char *key,
                 const struct event *event);

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

/* What a client of the stream wants: all that comes, or what stands after a
 * cursor and then all that comes. */
struct event_want {
    struct feed_want feed;
    struct event_filter filter;
    str filter_text; /* Of the request; the same text is the same filter. */
    struct event_cursor after;
    bool has_after;
};

extern const struct room notify_room;

#endif
