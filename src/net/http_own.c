/* http_own.c - the endpoints the front answers by itself, on the loop. */
#include "net/http_int.h"

#include "net/net_metrics.h"

static struct http_exchange *exchange_of(struct request *req)
{
    char *at = (char *)req - offsetof(struct http_exchange, req);
    return (struct http_exchange *)(void *)at;
}

static err_t get_health(struct ctx *ctx, struct request *req)
{
    (void)ctx;
    json_begin(req->reply, NULL);
    json_put_cstr(req->reply, "status", "ok");
    json_end_object(req->reply);
    return OK;
}

static err_t get_ready(struct ctx *ctx, struct request *req)
{
    const struct http_server *server = exchange_of(req)->loop->server;
    if (atomic_load(&server->is_stopping))
        return fail_as(ctx, ERR_BUSY, "stopping", "", "the server stops");
    if (server->config.ready && !server->config.ready(server->config.arg))
        return fail_as(ctx, ERR_BUSY, "not_ready", "", "the store is away");
    json_begin(req->reply, NULL);
    json_put_cstr(req->reply, "status", "ready");
    json_end_object(req->reply);
    return OK;
}

static err_t get_metrics(struct ctx *ctx, struct request *req)
{
    struct http_exchange *exchange = exchange_of(req);
    const struct http_server *server = exchange->loop->server;
    (void)ctx;
    net_metrics_write(&exchange->buf, server->router, server->metrics,
                      (size_t)server->config.threads);
    if (server->config.metrics)
        server->config.metrics(server->config.arg, &exchange->buf);
    exchange->content_type = "text/plain; version=0.0.4; charset=utf-8";
    return OK;
}

static err_t get_contract(struct ctx *ctx, struct request *req)
{
    struct http_exchange *exchange = exchange_of(req);
    str contract = exchange->loop->server->config.contract;
    if (!contract.ptr)
        return fail(ctx, ERR_NOT_FOUND, "", "no contract is served here");
    exchange->raw = contract;
    exchange->content_type = "application/yaml";
    return OK;
}

static const struct route routes[] = {
    {.operation = "getHealth",
     .method = HTTP_GET,
     .path = "/healthz",
     .kind = ROUTE_READ,
     .run = get_health  },
    {.operation = "getReadiness",
     .method = HTTP_GET,
     .path = "/readyz",
     .kind = ROUTE_READ,
     .run = get_ready   },
    {.operation = "getMetrics",
     .method = HTTP_GET,
     .path = "/metrics",
     .kind = ROUTE_READ,
     .run = get_metrics },
    {.operation = "getContract",
     .method = HTTP_GET,
     .path = "/openapi.yaml",
     .kind = ROUTE_READ,
     .run = get_contract},
};
const struct route_list http_own_routes = {routes, COUNT_OF(routes)};
