/* notify_api.c - the notify room's HTTP face: the log, and all routes. */
#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/notify/notify_handlers.h"
#include "oms/notify/notify_room.h"
#include "oms/subject.h"

static err_t read_filter(struct ctx *ctx, struct request *req,
                         struct event_filter *ret)
{
    str text;
    *ret = (struct event_filter){.subject_kind = NULL};
    if (request_query_find(req, "type", &text))
        TRY(event_types_read(ctx, text, "type", &ret->types));
    if (request_query_find(req, "subject", &text) &&
        !subject_from_text(text, &ret->subject_kind, &ret->subject_id))
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

/* Where a stream begins: Last-Event-ID of one that comes back, else ?after=. */
static err_t read_start(struct ctx *ctx, struct request *req,
                        struct event_want *want)
{
    str text = STR_NONE;
    const char *field = "after";
    want->has_after = request_query_find(req, "after", &text);
    if (req->last_event_id.len > 0) {
        text = req->last_event_id;
        field = "Last-Event-ID";
        want->has_after = true;
    }
    if (!want->has_after)
        return OK;
    return event_cursor_read(ctx, text, field, &want->after);
}

/* GET /v1/events as text/event-stream */
static err_t api_stream_events(struct ctx *ctx, struct request *req)
{
    struct event_want *want = arena_new(ctx->arena, struct event_want);
    str types = STR_NONE, subject = STR_NONE;
    want->feed.kind = FEED_EVENTS;
    TRY(read_filter(ctx, req, &want->filter));
    (void)request_query_find(req, "type", &types);
    (void)request_query_find(req, "subject", &subject);
    want->filter_text =
        str_printf(ctx->arena, "%.*s %.*s", STR_ARG(types), STR_ARG(subject));
    TRY(read_start(ctx, req, want));
    TRY(request_query_end(req));
    req->cmd = want;
    return OK;
}

static const struct route routes[] = {
    {.operation = "listEvents",
     .method = HTTP_GET,
     .path = "/v1/events",
     .perm = PERM_EVENTS_READ,
     .kind = ROUTE_READ,
     .run = api_list_events,
     .stream = api_stream_events},
    {.operation = "createWebhook",
     .method = HTTP_POST,
     .path = "/v1/webhooks",
     .perm = PERM_WEBHOOKS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_create_webhook   },
    {.operation = "listWebhooks",
     .method = HTTP_GET,
     .path = "/v1/webhooks",
     .perm = PERM_WEBHOOKS_READ,
     .kind = ROUTE_READ,
     .run = api_list_webhooks    },
    {.operation = "getWebhook",
     .method = HTTP_GET,
     .path = "/v1/webhooks/{id}",
     .perm = PERM_WEBHOOKS_READ,
     .kind = ROUTE_READ,
     .run = api_get_webhook    },
    {.operation = "changeWebhook",
     .method = HTTP_PATCH,
     .path = "/v1/webhooks/{id}",
     .perm = PERM_WEBHOOKS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_change_webhook   },
    {.operation = "deleteWebhook",
     .method = HTTP_DELETE,
     .path = "/v1/webhooks/{id}",
     .perm = PERM_WEBHOOKS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_delete_webhook   },
    {.operation = "rotateWebhookSecret",
     .method = HTTP_POST,
     .path = "/v1/webhooks/{id}/rotate-secret",
     .perm = PERM_WEBHOOKS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_rotate_webhook_secret   },
    {.operation = "pingWebhook",
     .method = HTTP_POST,
     .path = "/v1/webhooks/{id}/ping",
     .perm = PERM_WEBHOOKS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_ping_webhook   },
    {.operation = "listDeliveries",
     .method = HTTP_GET,
     .path = "/v1/webhooks/{id}/deliveries",
     .perm = PERM_WEBHOOKS_READ,
     .kind = ROUTE_READ,
     .run = api_list_deliveries    },
    {.operation = "replayDelivery",
     .method = HTTP_POST,
     .path = "/v1/webhooks/{id}/deliveries/{event_id}/replay",
     .perm = PERM_WEBHOOKS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_replay_delivery   },
    {.operation = "replayWebhook",
     .method = HTTP_POST,
     .path = "/v1/webhooks/{id}/replay",
     .perm = PERM_WEBHOOKS_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_replay_webhook   },
};
const struct route_list notify_routes = {routes, COUNT_OF(routes)};
