/* notify_api.c - the notify room's HTTP face: the log. */
#include "base/json.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/notify/notify_room.h"

static err_t read_filter(struct ctx *ctx, struct request *req,
                         struct event_filter *ret)
{
    str text;
    *ret = (struct event_filter){.subject_kind = NULL};
    if (request_query_find(req, "type", &text))
        TRY(event_types_read(ctx, text, "type", &ret->types));
    if (request_query_find(req, "subject", &text) &&
        !event_subject_read(text, &ret->subject_kind, &ret->subject_id))
        return fail_as(ctx, ERR_INVALID, "subject_invalid", "subject",
                       "must be an id, as ord_…");
    return OK;
}

/* GET /v1/events */
static err_t api_list_events(struct ctx *ctx, struct request *req)
{
    struct event_filter filter;
    struct event_cursor after = {0};
    struct event_page page;
    str text;
    TRY(read_filter(ctx, req, &filter));
    if (request_query_find(req, "after", &text))
        TRY(event_cursor_read(ctx, text, "after", &after));
    TRY(request_query_limit(req, &page.limit));
    TRY(request_query_end(req));
    TRY(event_page(ctx, &filter, after, &page));
    event_page_write(req->reply, &page);
    return OK;
}

static const struct route routes[] = {
    {.operation = "listEvents",
     .method = HTTP_GET,
     .path = "/v1/events",
     .perm = PERM_EVENTS_READ,
     .kind = ROUTE_READ,
     .run = api_list_events},
};
const struct route_list notify_routes = {routes, COUNT_OF(routes)};
