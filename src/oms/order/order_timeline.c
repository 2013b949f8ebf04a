/* order_timeline.c - what happened to an order: its events, and between them
 * where its units were routed, which is told from the stored decisions. */
#include "base/arena.h"
#include "base/json.h"
#include "oms/order/order_exists.h"
#include "oms/order/order_store.h"
#include "oms/routing/routing_told.h"
#include "store/event.h"

enum { DECISIONS_MAX = 50 }; /* Of a page: each may name many lines. */

struct page {
    struct event *events;
    struct routing_record *decisions;
    size_t event_count, decision_count;
    size_t event_at, decision_at;
    int64_t last_id;
};

static void put_event(struct json_out *out, const struct event *event)
{
    json_begin(out, NULL);
    json_put_id(out, "id", "evt", event->id);
    json_put_time(out, "at", event->at);
    json_put_str(out, "type", event->type);
    json_put_actor(out, "actor", &event->actor);
    json_put_raw(out, "data", event->data);
    json_end_object(out);
}

/* The house decides, whoever asked for it. */
static err_t put_decision(struct ctx *ctx, struct json_out *out,
                          const struct routing_record *decision)
{
    const struct actor house = {.kind = ACTOR_SYSTEM};
    json_begin(out, NULL);
    json_put_id(out, "id", "rtd", decision->id);
    json_put_time(out, "at", decision->at);
    json_put_cstr(out, "type", "order.routed");
    json_put_actor(out, "actor", &house);
    TRY(routing_told(ctx, decision, out));
    json_end_object(out);
    return OK;
}

static bool has_more(const struct page *page)
{
    return page->event_at < page->event_count ||
           page->decision_at < page->decision_count;
}

/* Both have their ids of one clock. */
static bool is_event_next(const struct page *page)
{
    if (page->event_at == page->event_count)
        return false;
    return page->decision_at == page->decision_count ||
           page->events[page->event_at].id <
               page->decisions[page->decision_at].id;
}

static err_t put_next(struct ctx *ctx, struct json_out *out, struct page *page,
                      size_t *bytes)
{
    if (is_event_next(page)) {
        const struct event *event = &page->events[page->event_at++];
        put_event(out, event);
        page->last_id = event->id;
        *bytes += event->data.len;
        return OK;
    }
    const struct routing_record *decision =
        &page->decisions[page->decision_at++];
    TRY(put_decision(ctx, out, decision));
    page->last_id = decision->id;
    *bytes += decision->doc.len;
    return OK;
}

err_t order_timeline_write(struct ctx *ctx, order_id id, int64_t after_id,
                           size_t limit, struct json_out *out)
{
    struct page page = {0};
    TRY(order_check_exists(ctx, id));
    struct event_subject subject = {"order", id.v, after_id};
    TRY(event_list_subject(ctx, &subject, limit + 1, &page.events,
                           &page.event_count));
    TRY(routing_decision_page(ctx, id, after_id, DECISIONS_MAX, &page.decisions,
                              &page.decision_count));
    /* Behind the last of them there may be more that are not read yet. */
    bool is_cut = page.decision_count == DECISIONS_MAX;
    size_t bytes = 0;
    json_begin(out, NULL);
    json_begin_list(out, "items");
    for (size_t n = 0; n < limit && bytes < LIMIT_EVENTS_BYTES; n++) {
        if (!has_more(&page) ||
            (is_cut && page.decision_at == page.decision_count))
            break;
        TRY(put_next(ctx, out, &page, &bytes));
    }
    json_end_list(out);
    bool is_more = has_more(&page) || bytes >= LIMIT_EVENTS_BYTES ||
                   (is_cut && page.decision_at == page.decision_count);
    json_put_id_or_null(out, "next", "evt", is_more ? page.last_id : 0);
    json_end_object(out);
    return OK;
}
