/* order_timeline.c - what happened to an order, from the event log. */
#include "base/json.h"
#include "oms/order/order_store.h"
#include "store/event.h"

err_t order_timeline_write(struct ctx *ctx, order_id id, int64_t after_id,
                           size_t limit, struct json_out *out)
{
    struct event *events;
    size_t count;
    TRY(order_check_exists(ctx, id));
    struct event_subject subject = {"order", id.v, after_id};
    TRY(event_list_subject(ctx, &subject, limit + 1, &events, &count));
    size_t n = 0, bytes = 0;
    while (n < count && n < limit && bytes < LIMIT_EVENTS_BYTES)
        bytes += events[n++].data.len;
    bool has_more = n < count || bytes >= LIMIT_EVENTS_BYTES;
    json_begin(out, NULL);
    json_begin_list(out, "items");
    for (size_t i = 0; i < n; i++) {
        json_begin(out, NULL);
        json_put_id(out, "id", "evt", events[i].id);
        json_put_time(out, "at", events[i].at);
        json_put_str(out, "type", events[i].type);
        json_put_actor(out, "actor", &events[i].actor);
        json_put_raw(out, "data", events[i].data);
        json_end_object(out);
    }
    json_end_list(out);
    json_put_id_or_null(out, "next", "evt", has_more ? events[n - 1].id : 0);
    json_end_object(out);
    return OK;
}
