/* order_api.c - the order room's HTTP face. */
#include "base/arena.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "net/list_csv.h"
#include "net/route.h"
#include "oms/order/order_pay.h"
#include "oms/order/order_people.h"
#include "oms/order/order_price.h"
#include "oms/order/order_quote.h"
#include "oms/order/order_rules.h"
#include "oms/order/order_search.h"
#include "oms/order/order_select.h"
#include "oms/order/order_store.h"
#include "oms/order/order_then.h"
#include "oms/order/order_wait.h"

/* Lines decided at once: what a batch needs in memory stays small. */
enum { CHUNK_LINES = 8192 };
enum { RECENT_MINUTES = 10, RECENT_MOST = 10000 };

/* POST /v1/orders, on a net thread. */
static err_t api_decode(struct ctx *ctx, struct request *req)
{
    struct order_cmd *cmd = arena_new(ctx->arena, struct order_cmd);
    TRY(request_query_end(req));
    TRY(order_cmd_from_json(ctx, req->body, req->idem_key, cmd));
    req->cmd = cmd;
    return OK;
}

/* Forgets a chunk's working memory, unless the reply shares the arena. */
static void end_chunk(struct ctx *batch, const struct request *req,
                      struct arena_mark mark)
{
    if (batch->arena != req->ctx->arena)
        arena_reset_to(batch->arena, mark);
}

static void reply_placed(struct request *req,
                         const struct order_place_item *item)
{
    req->status = item->is_new ? 201 : 200;
    order_put_receipt(req->reply, NULL, item->order);
}

/* How many of the requests go into one chunk: at least one. */
static size_t chunk_of(struct request *const *reqs, size_t count)
{
    size_t n = 0, lines = 0;
    while (n < count) {
        const struct order_cmd *cmd = reqs[n]->cmd;
        lines += cmd->line_count;
        if (n > 0 && lines > CHUNK_LINES)
            break;
        n++;
    }
    return n;
}

static err_t place_chunk(struct ctx *batch, struct request **reqs,
                         err_t *results, size_t count)
{
    struct order_place_item *items =
        arena_array(batch->arena, struct order_place_item, count);
    for (size_t i = 0; i < count; i++)
        items[i] =
            (struct order_place_item){.ctx = reqs[i]->ctx, .cmd = reqs[i]->cmd};
    TRY(order_place_many(batch, items, count));
    for (size_t i = 0; i < count; i++) {
        results[i] = items[i].err;
        if (items[i].err == OK)
            reply_placed(reqs[i], &items[i]);
    }
    return OK;
}

/* POST /v1/orders, on the writer. */
static err_t api_place_many(struct ctx *batch, struct request **reqs,
                            err_t *results, size_t count)
{
    for (size_t done = 0; done < count;) {
        size_t n = chunk_of(reqs + done, count - done);
        struct arena_mark mark = arena_mark(batch->arena);
        TRY(place_chunk(batch, reqs + done, results + done, n));
        end_chunk(batch, reqs[done], mark);
        done += n;
    }
    return OK;
}

/* ---- bulk ---- */

struct bulk_cmd {
    struct order_cmd *orders;
    size_t count;
};

/* POST /v1/orders/bulk, on a net thread. An order without an external id gets
 * the request's key and its place in the list. */
static err_t api_decode_bulk(struct ctx *ctx, struct request *req)
{
    struct bulk_cmd *cmd = arena_new(ctx->arena, struct bulk_cmd);
    struct json_list list;
    TRY(request_query_end(req));
    TRY(json_get_list(req->body, "orders", 1, LIMIT_BULK_ITEMS, &list));
    cmd->orders = arena_array(ctx->arena, struct order_cmd, list.count);
    cmd->count = list.count;
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *in;
        str key = str_printf(ctx->arena, "%.*s/%zu", STR_ARG(req->idem_key), i);
        TRY(json_list_object(&list, i, &in));
        TRY(order_cmd_from_json(ctx, in, key, &cmd->orders[i]));
    }
    req->cmd = cmd;
    return json_end(req->body);
}

static void put_bulk_item(struct json_out *out,
                          const struct order_place_item *item)
{
    json_begin(out, NULL);
    if (item->err == OK) {
        json_put_i64(out, "status", item->is_new ? 201 : 200);
        order_put_receipt(out, "order", item->order);
        json_put_null(out, "error");
    } else {
        json_put_i64(out, "status", err_http_status(item->err));
        json_put_null(out, "order");
        err_put(out, "error", &item->ctx->err);
    }
    json_end_object(out);
}

/* Each order has a failure of its own and nothing else. */
static err_t place_bulk_chunk(struct ctx *batch, struct request *req,
                              const struct order_cmd *orders, size_t count)
{
    struct order_place_item *items =
        arena_array(batch->arena, struct order_place_item, count);
    struct ctx *each = arena_array(batch->arena, struct ctx, count);
    for (size_t i = 0; i < count; i++) {
        each[i] = *req->ctx;
        each[i].arena = batch->arena;
        items[i] =
            (struct order_place_item){.ctx = &each[i], .cmd = &orders[i]};
    }
    TRY(order_place_many(batch, items, count));
    for (size_t i = 0; i < count; i++)
        put_bulk_item(req->reply, &items[i]);
    return OK;
}

static err_t place_bulk(struct ctx *batch, struct request *req)
{
    const struct bulk_cmd *cmd = req->cmd;
    json_begin(req->reply, NULL);
    json_begin_list(req->reply, "items");
    for (size_t done = 0; done < cmd->count;) {
        size_t n = 0, lines = 0;
        while (done + n < cmd->count && (n == 0 || lines < CHUNK_LINES))
            lines += cmd->orders[done + n++].line_count;
        struct arena_mark mark = arena_mark(batch->arena);
        TRY(place_bulk_chunk(batch, req, cmd->orders + done, n));
        end_chunk(batch, req, mark);
        done += n;
    }
    json_end_list(req->reply);
    json_end_object(req->reply);
    return OK;
}

/* POST /v1/orders/bulk, on the writer. */
static err_t api_place_bulk(struct ctx *batch, struct request **reqs,
                            err_t *results, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        TRY(place_bulk(batch, reqs[i]));
        results[i] = OK;
    }
    return OK;
}

/* ---- reads ---- */

/* GET /v1/orders/{id} */
static err_t api_get(struct ctx *ctx, struct request *req)
{
    order_id id;
    utc_ms at;
    bool is_past;
    struct order order;
    TRY(request_path_id(req, 0, "ord", &id.v));
    TRY(request_query_past(req, "at", &at, &is_past));
    TRY(request_query_end(req));
    TRY(is_past ? order_get_at(ctx, id, at, &order)
                : order_get(ctx, id, &order));
    json_begin(req->reply, NULL);
    order_write(&order, req->reply);
    if (is_past)
        json_put_time(req->reply, "as_of", at);
    if (!is_past) {
        TRY(order_wait_write(ctx, &order, req->reply));
        TRY(order_promise_write(ctx, id, req->reply));
    }
    json_end_object(req->reply);
    return OK;
}

/* What narrows the list, as it was sent. */
static err_t read_filter(struct request *req, struct order_filter *ret)
{
    *ret = (struct order_filter){.from = INT64_MIN, .to = INT64_MAX};
    TRY(request_query_time(req, "received_from", &ret->from));
    TRY(request_query_time(req, "received_to", &ret->to));
    (void)request_query_find(req, "status", &ret->status);
    (void)request_query_find(req, "channel", &ret->channel);
    (void)request_query_find(req, "payment_status", &ret->payment);
    (void)request_query_find(req, "external_id", &ret->external_id);
    return OK;
}

/* The code of a channel; a page has few of them. */
static err_t channel_code(struct ctx *ctx, channel_id id, str *ret)
{
    struct channel channel;
    TRY(channel_get(ctx, id, &channel));
    *ret = channel.code;
    return OK;
}

static void put_item(struct json_out *out, const struct order_item *item,
                     str code)
{
    json_begin(out, NULL);
    json_put_id(out, "id", "ord", item->id.v);
    json_put_str(out, "number", item->number);
    json_put_str(out, "external_id", item->external_id);
    json_put_str(out, "channel", code);
    json_put_cstr(out, "status", order_status_name(item->status));
    json_put_cstr(out, "payment_status", order_payment_name(item->payment));
    json_put_str(out, "customer", item->customer);
    json_put_i64(out, "units", item->units);
    json_put_i64(out, "line_count", item->line_count);
    json_put_i64(out, "backordered", item->backordered);
    json_put_money(out, "total", item->total);
    json_put_time(out, "placed_at", item->placed_at);
    json_put_time(out, "received_at", id_time(item->id.v));
    json_put_i64(out, "version", item->version);
    json_end_object(out);
}

err_t order_put_items(struct ctx *ctx, struct json_out *out,
                      const struct order_item *items, size_t count)
{
    str code = STR_NONE;
    json_begin_list(out, "items");
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || items[i].channel.v != items[i - 1].channel.v)
            TRY(channel_code(ctx, items[i].channel, &code));
        put_item(out, &items[i], code);
    }
    json_end_list(out);
    return OK;
}

/* GET /v1/orders */
static err_t api_list(struct ctx *ctx, struct request *req)
{
    struct order_list_query query;
    struct order_filter filter;
    struct order_item *items;
    size_t limit, count;
    int64_t after = 0;
    TRY(request_query_limit(req, &limit));
    TRY(request_query_id(req, "after", "ord", &after));
    TRY(read_filter(req, &filter));
    TRY(order_filter_query(ctx, &filter, &query));
    TRY(request_query_end(req));
    if (after && after < query.before.v)
        query.before.v = after;
    query.limit = limit + 1;
    TRY(order_list(ctx, &query, &items, &count));
    bool has_more = count > limit;
    count -= has_more;
    json_begin(req->reply, NULL);
    TRY(order_put_items(ctx, req->reply, items, count));
    json_put_id_or_null(req->reply, "next", "ord",
                        has_more ? items[count - 1].id.v : 0);
    json_end_object(req->reply);
    return OK;
}

/* How many came in lately: what `orders a minute` is made of. */
static err_t put_recent(struct ctx *ctx, struct json_out *out)
{
    int64_t orders;
    utc_ms from = ctx->now - (utc_ms)RECENT_MINUTES * 60 * 1000;
    TRY(order_count_recent(ctx, from, RECENT_MOST, &orders));
    json_begin(out, "recent");
    json_put_i64(out, "minutes", RECENT_MINUTES);
    json_put_i64(out, "orders", orders);
    json_put_bool(out, "is_at_least", orders == RECENT_MOST);
    json_end_object(out);
    return OK;
}

/* GET /v1/orders/counts */
static err_t api_counts(struct ctx *ctx, struct request *req)
{
    struct order_count *counts;
    size_t count;
    str code = STR_NONE;
    TRY(request_query_end(req));
    TRY(order_count_list(ctx, &counts, &count));
    json_begin(req->reply, NULL);
    TRY(put_recent(ctx, req->reply));
    json_begin_list(req->reply, "items");
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || counts[i].channel.v != counts[i - 1].channel.v)
            TRY(channel_code(ctx, counts[i].channel, &code));
        json_begin(req->reply, NULL);
        json_put_str(req->reply, "channel", code);
        json_put_cstr(req->reply, "status",
                      order_status_name(counts[i].status));
        json_put_i64(req->reply, "orders", counts[i].orders);
        json_end_object(req->reply);
    }
    json_end_page(req->reply, NULL, 0);
    return OK;
}

/* GET /v1/orders/{id}/timeline */
static err_t api_timeline(struct ctx *ctx, struct request *req)
{
    order_id id;
    int64_t after = 0;
    size_t limit;
    TRY(request_path_id(req, 0, "ord", &id.v));
    TRY(request_query_limit(req, &limit));
    TRY(request_query_id(req, "after", "evt", &after));
    TRY(request_query_end(req));
    return order_timeline_write(ctx, id, after, limit, req->reply);
}

static const char *const list_columns[] = {
    "id",          "number",       "external_id",
    "channel",     "status",       "payment_status",
    "customer",    "units",        "line_count",
    "backordered", "total.amount", "total.currency",
    "placed_at",   "received_at",  NULL};
static const struct list_table list_table = {.file = "orders.csv",
                                             .columns = list_columns};

static const struct route routes[] = {
    {.operation = "placeOrder",
     .method = HTTP_POST,
     .path = "/v1/orders",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_HOT,
     .decode = api_decode,
     .run_many = api_place_many},
    {.operation = "placeOrders",
     .method = HTTP_POST,
     .path = "/v1/orders/bulk",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_HOT,
     .decode = api_decode_bulk,
     .run_many = api_place_bulk,
     .is_bulk = true},
    {.operation = "priceOrder",
     .method = HTTP_POST,
     .path = "/v1/orders/price",
     .perm = PERM_ORDERS_READ,
     .kind = ROUTE_WRITE,
     .prepare = order_api_price_prepare,
     .toil = order_quote_toil,
     .crowded = order_quote_crowded,
     .run = order_api_price},
    {.operation = "priceOrders",
     .method = HTTP_POST,
     .path = "/v1/orders/price/bulk",
     .perm = PERM_ORDERS_READ,
     .kind = ROUTE_WRITE,
     .run = order_api_price_bulk,
     .is_bulk = true},
    {.operation = "previewRouting",
     .method = HTTP_POST,
     .path = "/v1/routing/preview",
     .perm = PERM_ORDERS_READ,
     .kind = ROUTE_WRITE,
     .run = order_api_preview           },
    {.operation = "listOrders",
     .method = HTTP_GET,
     .path = "/v1/orders",
     .perm = PERM_ORDERS_READ,
     .kind = ROUTE_READ,
     .run = api_list,
     .table = &list_table},
    {.operation = "searchOrders",
     .method = HTTP_GET,
     .path = "/v1/orders/search",
     .perm = PERM_ORDERS_READ,
     .kind = ROUTE_READ,
     .run = order_api_search,
     .table = &list_table},
    {.operation = "listCustomerOrders",
     .method = HTTP_GET,
     .path = "/v1/customers/{id}/orders",
     .perm = PERM_ORDERS_READ,
     .kind = ROUTE_READ,
     .run = order_api_of_customer        },
    {.operation = "countOrders",
     .method = HTTP_GET,
     .path = "/v1/orders/counts",
     .perm = PERM_ORDERS_READ,
     .kind = ROUTE_READ,
     .run = api_counts  },
    {.operation = "getOrder",
     .method = HTTP_GET,
     .path = "/v1/orders/{id}",
     .perm = PERM_ORDERS_READ,
     .kind = ROUTE_READ,
     .run = api_get  },
    {.operation = "setOrderPriority",
     .method = HTTP_PUT,
     .path = "/v1/orders/{id}/priority",
     .perm = PERM_ORDERS_WRITE,
     .kind = ROUTE_WRITE,
     .run = order_api_priority  },
    {.operation = "listBackorders",
     .method = HTTP_GET,
     .path = "/v1/backorders",
     .perm = PERM_ORDERS_READ,
     .kind = ROUTE_READ,
     .run = order_api_backorders },
    {.operation = "listOrderEvents",
     .method = HTTP_GET,
     .path = "/v1/orders/{id}/timeline",
     .perm = PERM_ORDERS_READ,
     .kind = ROUTE_READ,
     .run = api_timeline  },
};
const struct route_list order_routes = {routes, COUNT_OF(routes)};
