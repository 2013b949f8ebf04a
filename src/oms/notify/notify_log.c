/* notify_log.c - the event log as pages, and one event as all feeds show it. */
#include <assert.h>

#include "base/arena.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/notify/notify_room.h"
#include "oms/subject.h"

enum { CHUNK = 1000 };
static_assert(LIMIT_EVENTS_BYTES + 2 * LIMIT_EVENT_BYTES <= LIMIT_REPLY_BYTES,
              "a page and one event more fit into a reply");

void event_write(struct json_out *out, const char *key,
                 const struct event *event)
{
    const char *prefix = subject_prefix(event->subject_kind);
    json_begin(out, key);
    json_put_id(out, "id", "evt", event->id);
    json_put_time(out, "at", event->at);
    json_put_str(out, "type", event->type);
    json_begin(out, "subject");
    json_put_str(out, "kind", event->subject_kind);
    if (prefix)
        json_put_id(out, "id", prefix, event->subject_id);
    else
        json_put_null(out, "id");
    json_end_object(out);
    json_put_actor(out, "actor", &event->actor);
    json_put_raw(out, "data", event->data);
    json_end_object(out);
}

static err_t read_chunk(struct ctx *ctx, const struct event_filter *filter,
                        struct event_cursor after, size_t limit,
                        struct event **ret, size_t *ret_count)
{
    if (!filter->subject_kind)
        return event_list_after(ctx, after, limit, ret, ret_count);
    struct event_subject subject = {filter->subject_kind, filter->subject_id,
                                    0};
    return event_list_subject_after(ctx, &subject, after, limit, ret,
                                    ret_count);
}

err_t event_page(struct ctx *ctx, const struct event_filter *filter,
                 struct event_cursor after, struct event_page *ret)
{
    size_t limit = ret->limit, scanned = 0, bytes = 0;
    bool is_picky = filter->types.count > 0;
    ret->items = arena_array(ctx->arena, struct event, limit);
    ret->count = 0;
    ret->after = after;
    ret->is_end = false;
    while (!ret->is_end && ret->count < limit && scanned < LIMIT_EVENT_SCAN &&
           bytes < LIMIT_EVENTS_BYTES) {
        struct event *events;
        size_t count, want = is_picky ? CHUNK : limit + 1;
        TRY(read_chunk(ctx, filter, ret->after, want, &events, &count));
        size_t i = 0;
        for (; i < count && ret->count < limit && bytes < LIMIT_EVENTS_BYTES;
             i++) {
            ret->after = (struct event_cursor){events[i].xid, events[i].id};
            bytes += events[i].data.len;
            if (event_filter_match(filter, &events[i]))
                ret->items[ret->count++] = events[i];
        }
        ret->is_end = i == count && count < want && bytes < LIMIT_EVENTS_BYTES;
        scanned += count;
    }
    return OK;
}

err_t event_cursor_read(struct ctx *ctx, str text, const char *field,
                        struct event_cursor *ret)
{
    int64_t id;
    bool is_found;
    if (!id_from_text("evt", text, &id))
        return fail_as(ctx, ERR_INVALID, "cursor_invalid", field,
                       "must be the id of an event, as evt_…");
    TRY(event_cursor_find(ctx, id, &is_found, ret));
    if (!is_found)
        return fail_as(ctx, ERR_INVALID, "cursor_unknown", field,
                       "the log has no such event; begin anew");
    return OK;
}

void event_page_write(struct json_out *out, const struct event_page *page)
{
    json_begin(out, NULL);
    json_begin_list(out, "items");
    for (size_t i = 0; i < page->count; i++)
        event_write(out, NULL, &page->items[i]);
    json_end_list(out);
    if (page->is_end)
        json_put_null(out, "next");
    else
        json_put_id(out, "next", "evt", page->after.id);
    json_put_id_or_null(out, "cursor", "evt", page->after.id);
    json_end_object(out);
}
