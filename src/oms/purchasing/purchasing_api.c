/* purchasing_api.c - the HTTP face of suppliers and purchase orders. */
#include "base/arena.h"
#include "base/json.h"
#include "base/machine.h"
#include "base/map.h"
#include "base/money.h"
#include "base/str.h"
#include "net/list_csv.h"
#include "net/route.h"
#include "oms/inventory/inventory_named.h"
#include "oms/purchasing/purchasing_json.h"
#include "oms/purchasing/purchasing_store.h"

/* ---- suppliers ---- */

static void write_supplier(struct json_out *out, const struct supplier *s)
{
    json_begin(out, NULL);
    json_put_id(out, "id", "spl", s->id.v);
    json_put_str(out, "code", s->code);
    json_put_str(out, "name", s->name);
    json_put_str_or_null(out, "email", s->email);
    json_put_cstr(out, "currency", s->currency);
    json_put_i64(out, "lead_days", s->lead_days);
    json_put_i64(out, "over_percent", s->over_percent);
    json_put_raw(out, "address", s->address);
    json_put_bool(out, "is_active", s->is_active);
    json_put_i64(out, "version", s->version);
    json_put_time(out, "created_at", s->created_at);
    json_put_time(out, "updated_at", s->updated_at);
    json_end_object(out);
}

/* POST /v1/suppliers */
static err_t api_create_supplier(struct ctx *ctx, struct request *req)
{
    struct supplier supplier = {.version = 0};
    TRY(json_get_str(req->body, "code", 1, LIMIT_CODE_BYTES, &supplier.code));
    TRY(supplier_read(ctx, req->body, &supplier));
    TRY(supplier_create(ctx, &supplier));
    req->status = 201;
    write_supplier(req->reply, &supplier);
    return OK;
}

/* PUT /v1/suppliers/{id} */
static err_t api_change_supplier(struct ctx *ctx, struct request *req)
{
    struct supplier supplier = {.version = 0};
    TRY(request_path_id(req, 0, "spl", &supplier.id.v));
    TRY(json_get_i64(req->body, "version", 1, INT64_MAX, &supplier.version));
    TRY(supplier_read(ctx, req->body, &supplier));
    TRY(supplier_change(ctx, &supplier));
    write_supplier(req->reply, &supplier);
    return OK;
}

/* GET /v1/suppliers/{id} */
static err_t api_get_supplier(struct ctx *ctx, struct request *req)
{
    supplier_id id;
    struct supplier supplier;
    TRY(request_path_id(req, 0, "spl", &id.v));
    TRY(request_query_end(req));
    TRY(supplier_get(ctx, id, &supplier));
    write_supplier(req->reply, &supplier);
    return OK;
}

/* GET /v1/suppliers */
static err_t api_list_suppliers(struct ctx *ctx, struct request *req)
{
    supplier_id before = {INT64_MAX};
    struct supplier *rows;
    size_t limit, count;
    TRY(request_query_id(req, "after", "spl", &before.v));
    TRY(request_query_limit(req, &limit));
    TRY(request_query_end(req));
    TRY(supplier_page(ctx, before, limit, &rows, &count));
    json_begin_page(req->reply);
    for (size_t i = 0; i < count; i++)
        write_supplier(req->reply, &rows[i]);
    json_end_page(req->reply, "spl", count == limit ? rows[count - 1].id.v : 0);
    return OK;
}

/* ---- orders ---- */

/* A page of orders with what their ids stand for. */
struct page {
    const struct purchase_order *orders;
    size_t count;
    struct purchase_line *lines;
    size_t line_count, next_line;
    struct codes codes;
    struct map *suppliers; /* By id: struct supplier. */
};

static err_t read_suppliers(struct ctx *ctx, struct page *page)
{
    struct supplier *rows;
    size_t count;
    supplier_id *ids = arena_array(ctx->arena, supplier_id, page->count);
    for (size_t i = 0; i < page->count; i++)
        ids[i] = page->orders[i].supplier;
    TRY(supplier_list_ids(ctx, ids, page->count, &rows, &count));
    page->suppliers = map_open(ctx->arena, count);
    for (size_t i = 0; i < count; i++)
        map_set(page->suppliers, (struct map_key){.a = rows[i].id.v}, &rows[i]);
    return OK;
}

static err_t read_page(struct ctx *ctx, struct page *page)
{
    purchase_order_id *ids =
        arena_array(ctx->arena, purchase_order_id, page->count);
    location_id *places = arena_array(ctx->arena, location_id, page->count);
    for (size_t i = 0; i < page->count; i++) {
        ids[i] = page->orders[i].id;
        places[i] = page->orders[i].location;
    }
    TRY(purchase_line_list(ctx, ids, page->count, &page->lines,
                           &page->line_count));
    sku_id *skus = arena_array(ctx->arena, sku_id, page->line_count);
    for (size_t i = 0; i < page->line_count; i++)
        skus[i] = page->lines[i].sku;
    TRY(codes_of_skus(ctx, skus, page->line_count, &page->codes));
    TRY(codes_of_locations(ctx, places, page->count, &page->codes));
    return read_suppliers(ctx, page);
}

static void write_line(struct json_out *out, const struct page *page,
                       const struct purchase_order *order,
                       const struct purchase_line *line)
{
    const char *currency = order->currency;
    json_begin(out, NULL);
    json_put_i64(out, "line", line->n);
    json_put_id(out, "sku_id", "sku", line->sku.v);
    json_put_str(out, "sku", code_of_sku(&page->codes, line->sku));
    json_put_str_or_null(out, "supplier_sku", line->supplier_sku);
    json_put_i64(out, "quantity", line->qty);
    json_put_money(out, "unit_cost", money_make(line->unit_cost, currency));
    json_put_money(out, "total",
                   money_make(line->qty * line->unit_cost, currency));
    json_put_time_or_null(out, "expected_at", line->expected_at);
    json_put_i64(out, "received", line->received);
    json_put_i64(out, "open", purchase_open(order->status, line));
    json_put_id_or_null(out, "expected_receipt", "sup", line->supply.v);
    json_end_object(out);
}

static void write_order(struct ctx *ctx, struct json_out *out,
                        struct page *page, const struct purchase_order *order)
{
    const struct supplier *supplier =
        map_find(page->suppliers, (struct map_key){.a = order->supplier.v});
    json_begin(out, NULL);
    json_put_id(out, "id", "po", order->id.v);
    json_put_str(out, "number", purchase_number_text(ctx, order));
    json_put_id(out, "supplier_id", "spl", order->supplier.v);
    json_put_str(out, "supplier", supplier ? supplier->code : STR(""));
    json_put_id(out, "location_id", "loc", order->location.v);
    json_put_str(out, "location",
                 code_of_location(&page->codes, order->location));
    json_put_cstr(out, "status", purchase_status_name(order->status));
    json_put_cstr(out, "currency", order->currency);
    json_put_money(out, "total", money_make(order->total, order->currency));
    json_put_str(out, "note", order->note);
    json_begin_list(out, "lines");
    for (; page->next_line < page->line_count &&
           page->lines[page->next_line].order.v == order->id.v;
         page->next_line++)
        write_line(out, page, order, &page->lines[page->next_line]);
    json_end_list(out);
    machine_put_allowed(out, &purchase_machine, (int)order->status);
    json_put_time_or_null(out, "sent_at", order->sent_at);
    json_put_i64(out, "version", order->version);
    json_put_time(out, "created_at", order->created_at);
    json_put_time(out, "updated_at", order->updated_at);
    json_end_object(out);
}

static err_t write_one(struct ctx *ctx, struct request *req,
                       purchase_order_id id)
{
    struct purchase_order order;
    struct page page = {.orders = &order, .count = 1};
    TRY(purchase_get(ctx, id, &order));
    TRY(read_page(ctx, &page));
    write_order(ctx, req->reply, &page, &order);
    return OK;
}

/* POST /v1/purchase-orders */
static err_t api_create(struct ctx *ctx, struct request *req)
{
    struct purchase_cmd cmd;
    purchase_order_id id;
    TRY(purchase_read(ctx, req->body, &cmd));
    TRY(purchase_create(ctx, &cmd, &id));
    req->status = 201;
    return write_one(ctx, req, id);
}

/* GET /v1/purchase-orders/{id} */
static err_t api_get(struct ctx *ctx, struct request *req)
{
    purchase_order_id id;
    TRY(request_query_end(req));
    TRY(request_path_id(req, 0, "po", &id.v));
    return write_one(ctx, req, id);
}

/* PATCH /v1/purchase-orders/{id} */
static err_t api_edit(struct ctx *ctx, struct request *req)
{
    struct purchase_patch patch;
    struct purchase_order order;
    purchase_order_id id;
    TRY(request_path_id(req, 0, "po", &id.v));
    TRY(purchase_get(ctx, id, &order)); /* Its currency stays. */
    TRY(purchase_read_edit(ctx, req->body, order.currency, &patch));
    TRY(purchase_edit(ctx, id, &patch.edit));
    return write_one(ctx, req, id);
}

static err_t run_step(struct ctx *ctx, struct request *req,
                      enum purchase_event event)
{
    purchase_order_id id;
    int64_t version;
    TRY(request_path_id(req, 0, "po", &id.v));
    TRY(json_get_i64(req->body, "version", 1, INT64_MAX, &version));
    TRY(json_end(req->body));
    TRY(purchase_step(ctx, id, version, event));
    return write_one(ctx, req, id);
}

/* POST /v1/purchase-orders/{id}/approve */
static err_t api_approve(struct ctx *ctx, struct request *req)
{
    return run_step(ctx, req, PURCHASE_EVENT_APPROVE);
}

/* POST /v1/purchase-orders/{id}/send */
static err_t api_send(struct ctx *ctx, struct request *req)
{
    return run_step(ctx, req, PURCHASE_EVENT_SEND);
}

/* POST /v1/purchase-orders/{id}/close */
static err_t api_close(struct ctx *ctx, struct request *req)
{
    return run_step(ctx, req, PURCHASE_EVENT_CLOSE);
}

/* POST /v1/purchase-orders/{id}/cancel */
static err_t api_cancel(struct ctx *ctx, struct request *req)
{
    return run_step(ctx, req, PURCHASE_EVENT_CANCEL);
}

/* POST /v1/purchase-orders/{id}/reschedule */
static err_t api_reschedule(struct ctx *ctx, struct request *req)
{
    struct purchase_days days;
    purchase_order_id id;
    TRY(request_path_id(req, 0, "po", &id.v));
    TRY(purchase_read_days(ctx, req->body, &days));
    TRY(purchase_reschedule(ctx, id, days.version, days.at, days.count));
    return write_one(ctx, req, id);
}

/* POST /v1/purchase-orders/{id}/receive */
static err_t api_receive(struct ctx *ctx, struct request *req)
{
    struct purchase_receipt receipt;
    purchase_order_id id;
    TRY(request_path_id(req, 0, "po", &id.v));
    TRY(purchase_read_receipt(ctx, req->body, &receipt));
    TRY(purchase_receive(ctx, id, &receipt));
    return write_one(ctx, req, id);
}

static err_t read_filter(struct ctx *ctx, struct request *req,
                         struct purchase_filter *ret)
{
    struct purchase_filter filter = {.before = {INT64_MAX}};
    struct supplier supplier;
    struct location location;
    struct named named;
    const struct sku *sku;
    str code;
    int status = -1;
    TRY(request_query_enum(req, "status", purchase_machine.states,
                           purchase_machine.state_count, &status));
    filter.status = (enum purchase_status)(status + 1);
    if (request_query_find(req, "supplier", &code)) {
        TRY(supplier_named(ctx, code, &supplier));
        filter.supplier = supplier.id;
    }
    if (request_query_find(req, "location", &code)) {
        TRY(named_location_get(ctx, "location", code, &location));
        filter.location = location.id;
    }
    if (request_query_find(req, "sku", &code)) {
        TRY(named_skus(ctx, &code, 1, &named));
        TRY(named_sku_get(ctx, &named, code, &sku));
        filter.sku = sku->id;
    }
    TRY(request_query_id(req, "after", "po", &filter.before.v));
    TRY(request_query_limit(req, &filter.limit));
    TRY(request_query_end(req));
    *ret = filter;
    return OK;
}

/* So many of them, at least one, that their lines are no more than a reply
 * holds: the next page goes on behind them. */
static size_t fit(const struct page *page)
{
    enum { LINES_MOST = 10000 };
    size_t n = 0, lines = 0;
    for (; n < page->count; n++) {
        while (lines < page->line_count &&
               page->lines[lines].order.v == page->orders[n].id.v)
            lines++;
        if (n > 0 && lines > LINES_MOST)
            break;
    }
    return n;
}

/* GET /v1/purchase-orders */
static err_t api_list(struct ctx *ctx, struct request *req)
{
    struct page page = {.count = 0};
    struct purchase_filter filter;
    struct purchase_order *rows;
    TRY(read_filter(ctx, req, &filter));
    TRY(purchase_page(ctx, &filter, &rows, &page.count));
    page.orders = rows;
    TRY(read_page(ctx, &page));
    size_t count = fit(&page);
    bool is_more = count < page.count || page.count == filter.limit;
    json_begin_page(req->reply);
    for (size_t i = 0; i < count; i++)
        write_order(ctx, req->reply, &page, &rows[i]);
    json_end_page(req->reply, "po", is_more ? rows[count - 1].id.v : 0);
    return OK;
}

static const char *const supplier_columns[] = {
    "code",         "name",      "email", "currency",   "lead_days",
    "over_percent", "is_active", "id",    "created_at", NULL};
static const struct list_table supplier_table = {.file = "suppliers.csv",
                                                 .columns = supplier_columns};
/* A row a line. */
static const char *const order_columns[] = {
    "number",   "supplier", "location",     "status",   "sent_at",
    "line",     "sku",      "supplier_sku", "quantity", "unit_cost.amount",
    "currency", "received", "open",         "id",       NULL};
static const struct list_table order_table = {
    .file = "purchase-orders.csv",
    .columns = order_columns,
    .each = "lines",
    .most = LIMIT_RECEIPT_LINES,
};

static const struct route routes[] = {
    {.operation = "createSupplier",
     .method = HTTP_POST,
     .path = "/v1/suppliers",
     .perm = PERM_INVENTORY_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_create_supplier                           },
    {.operation = "listSuppliers",
     .method = HTTP_GET,
     .path = "/v1/suppliers",
     .perm = PERM_INVENTORY_READ,
     .kind = ROUTE_READ,
     .run = api_list_suppliers,
     .table = &supplier_table},
    {.operation = "getSupplier",
     .method = HTTP_GET,
     .path = "/v1/suppliers/{id}",
     .perm = PERM_INVENTORY_READ,
     .kind = ROUTE_READ,
     .run = api_get_supplier                                   },
    {.operation = "changeSupplier",
     .method = HTTP_PUT,
     .path = "/v1/suppliers/{id}",
     .perm = PERM_INVENTORY_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_change_supplier                                  },
    {.operation = "createPurchaseOrder",
     .method = HTTP_POST,
     .path = "/v1/purchase-orders",
     .perm = PERM_INVENTORY_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_create,
     .is_bulk = true},
    {.operation = "listPurchaseOrders",
     .method = HTTP_GET,
     .path = "/v1/purchase-orders",
     .perm = PERM_INVENTORY_READ,
     .kind = ROUTE_READ,
     .run = api_list,
     .table = &order_table},
    {.operation = "getPurchaseOrder",
     .method = HTTP_GET,
     .path = "/v1/purchase-orders/{id}",
     .perm = PERM_INVENTORY_READ,
     .kind = ROUTE_READ,
     .run = api_get                   },
    {.operation = "editPurchaseOrder",
     .method = HTTP_PATCH,
     .path = "/v1/purchase-orders/{id}",
     .perm = PERM_INVENTORY_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_edit,
     .is_bulk = true},
    {.operation = "approvePurchaseOrder",
     .method = HTTP_POST,
     .path = "/v1/purchase-orders/{id}/approve",
     .perm = PERM_INVENTORY_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_approve                                  },
    {.operation = "sendPurchaseOrder",
     .method = HTTP_POST,
     .path = "/v1/purchase-orders/{id}/send",
     .perm = PERM_INVENTORY_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_send                                  },
    {.operation = "reschedulePurchaseOrder",
     .method = HTTP_POST,
     .path = "/v1/purchase-orders/{id}/reschedule",
     .perm = PERM_INVENTORY_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_reschedule                                  },
    {.operation = "receivePurchaseOrder",
     .method = HTTP_POST,
     .path = "/v1/purchase-orders/{id}/receive",
     .perm = PERM_INVENTORY_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_receive,
     .is_bulk = true},
    {.operation = "closePurchaseOrder",
     .method = HTTP_POST,
     .path = "/v1/purchase-orders/{id}/close",
     .perm = PERM_INVENTORY_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_close  },
    {.operation = "cancelPurchaseOrder",
     .method = HTTP_POST,
     .path = "/v1/purchase-orders/{id}/cancel",
     .perm = PERM_INVENTORY_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_cancel},
};
const struct route_list purchasing_routes = {routes, COUNT_OF(routes)};
