/* catalog_api.c - the catalog room's HTTP face. */
#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "base/words.h"
#include "net/list_csv.h"
#include "net/route.h"
#include "oms/catalog/catalog_json.h"
#include "oms/catalog/catalog_room.h"
#include "oms/catalog/catalog_store.h"

static void write_sku(struct json_out *out, const char *key,
                      const struct sku_row *row)
{
    json_begin(out, key);
    json_put_id(out, "id", "sku", row->sku.id.v);
    json_put_str(out, "code", row->sku.code);
    json_put_str(out, "title", row->sku.title);
    json_put_id_or_null(out, "product_id", "prd", row->product.v);
    json_put_str_or_null(out, "product_code", row->product_code);
    json_put_str_or_null(out, "barcode", row->barcode);
    json_put_bool(out, "is_tracked", row->sku.is_tracked);
    json_put_i64_or_null(out, "weight_g", row->weight_g);
    json_put_i64_or_null(out, "length_mm", row->length_mm);
    json_put_i64_or_null(out, "width_mm", row->width_mm);
    json_put_i64_or_null(out, "height_mm", row->height_mm);
    json_put_str_or_null(out, "hs_code", row->hs_code);
    json_put_str_or_null(out, "origin", row->origin);
    json_put_str_or_null(out, "tax_class", row->tax_class);
    json_put_raw(out, "attrs", row->attrs);
    json_put_bool(out, "is_kit", row->sku.is_kit);
    json_begin_list(out, "components");
    for (size_t i = 0; i < row->part_count; i++) {
        json_begin(out, NULL);
        json_put_str(out, "sku", row->parts[i].code);
        json_put_id(out, "sku_id", "sku", row->parts[i].sku.v);
        json_put_i64(out, "quantity", row->parts[i].quantity);
        json_end_object(out);
    }
    json_end_list(out);
    json_put_i64(out, "version", row->sku.version);
    json_put_time(out, "created_at", row->created_at);
    json_end_object(out);
}

err_t sku_write(struct ctx *ctx, sku_id id, struct json_out *out)
{
    struct sku_row row;
    TRY(sku_row_get(ctx, id, &row));
    write_sku(out, NULL, &row);
    return OK;
}

static void write_product(struct json_out *out, const char *key,
                          const struct product *product)
{
    json_begin(out, key);
    json_put_id(out, "id", "prd", product->id.v);
    json_put_str(out, "code", product->code);
    json_put_str(out, "title", product->title);
    json_put_raw(out, "attrs", product->attrs);
    json_put_i64(out, "version", product->version);
    json_put_time(out, "created_at", product->created_at);
    json_end_object(out);
}

/* Ends a list: a full page may have a next one, which begins after `last`. */
static void write_next(struct json_out *out, const char *prefix, bool is_full,
                       int64_t last)
{
    json_end_list(out);
    json_put_id_or_null(out, "next", prefix, is_full ? last : 0);
    json_end_object(out);
}

/* ---- SKUs ---- */

/* POST /v1/skus */
static err_t api_create_sku(struct ctx *ctx, struct request *req)
{
    struct sku_cmd cmd;
    struct sku sku;
    struct sku_row row;
    TRY(catalog_read_sku(req->body, &cmd));
    TRY(sku_create(ctx, &cmd, &sku));
    TRY(sku_row_get(ctx, sku.id, &row));
    req->status = 201;
    write_sku(req->reply, NULL, &row);
    return OK;
}

static void write_result(struct json_out *out, const struct sku_result *result,
                         str code)
{
    json_begin(out, NULL);
    json_put_i64(out, "status",
                 result->is_ok ? 201 : err_http_status(result->err.code));
    json_put_str(out, "code", code);
    if (result->is_ok) {
        json_put_id(out, "id", "sku", result->sku.id.v);
        json_put_i64(out, "version", result->sku.version);
        json_put_null(out, "error");
    } else {
        const struct err_detail *err = &result->err;
        json_put_null(out, "id");
        json_put_null(out, "version");
        err_put(out, "error", err);
    }
    json_end_object(out);
}

/* POST /v1/skus/bulk */
static err_t api_create_skus(struct ctx *ctx, struct request *req)
{
    struct sku_cmd *cmds;
    size_t count;
    TRY(catalog_read_skus(ctx, req->body, &cmds, &count));
    struct sku_result *results =
        arena_array(ctx->arena, struct sku_result, count);
    TRY(sku_create_many(ctx, cmds, count, results));
    json_begin(req->reply, NULL);
    json_begin_list(req->reply, "items");
    for (size_t i = 0; i < count; i++)
        write_result(req->reply, &results[i], cmds[i].code);
    json_end_list(req->reply);
    json_end_object(req->reply);
    return OK;
}

/* GET /v1/skus/{id} */
static err_t api_get_sku(struct ctx *ctx, struct request *req)
{
    sku_id id;
    struct sku_row row;
    TRY(request_path_id(req, 0, "sku", &id.v));
    TRY(request_query_end(req));
    TRY(sku_row_get(ctx, id, &row));
    write_sku(req->reply, NULL, &row);
    return OK;
}

/* PATCH /v1/skus/{id} */
static err_t api_change_sku(struct ctx *ctx, struct request *req)
{
    sku_id id;
    struct sku_patch patch;
    struct sku_row row;
    TRY(request_path_id(req, 0, "sku", &id.v));
    TRY(catalog_read_sku_change(req->body, &patch));
    TRY(sku_change(ctx, id, &patch.change));
    TRY(sku_row_get(ctx, id, &row));
    write_sku(req->reply, NULL, &row);
    return OK;
}

static err_t read_sku_filter(struct ctx *ctx, struct request *req,
                             bool is_search, struct sku_filter *ret)
{
    struct sku_filter filter = {0};
    int count = is_search;
    count += request_query_find(req, "code", &filter.code);
    count += request_query_find(req, "barcode", &filter.barcode);
    TRY(request_query_id(req, "product", "prd", &filter.product.v));
    count += filter.product.v != 0;
    TRY(request_query_id(req, "after", "sku", &filter.after));
    TRY(request_query_limit(req, &filter.limit));
    TRY(request_query_end(req));
    if (count > 1)
        return fail_as(ctx, ERR_INVALID, "too_many_filters", "code",
                       "filter by one of q, code, barcode and product");
    *ret = filter;
    return OK;
}

/* GET /v1/skus */
static err_t api_list_skus(struct ctx *ctx, struct request *req)
{
    struct sku_filter filter = {0};
    struct word_query query;
    struct sku_row *rows;
    size_t count;
    int64_t next = 0;
    str words = STR_NONE;
    bool is_search = request_query_find(req, "q", &words);
    TRY(read_sku_filter(ctx, req, is_search, &filter));
    if (is_search) {
        TRY(words_read(ctx, "q", words, &query));
        TRY(sku_search(ctx, &query, &filter, &rows, &count, &next));
    } else {
        TRY(sku_row_page(ctx, &filter, &rows, &count));
        if (count == filter.limit)
            next = rows[count - 1].sku.id.v;
    }
    json_begin(req->reply, NULL);
    json_begin_list(req->reply, "items");
    for (size_t i = 0; i < count; i++)
        write_sku(req->reply, NULL, &rows[i]);
    write_next(req->reply, "sku", next != 0, next);
    return OK;
}

/* ---- products ---- */

/* POST /v1/products */
static err_t api_create_product(struct ctx *ctx, struct request *req)
{
    struct product_cmd cmd;
    struct product product;
    TRY(catalog_read_product(req->body, &cmd));
    TRY(product_create(ctx, &cmd, &product));
    req->status = 201;
    write_product(req->reply, NULL, &product);
    return OK;
}

/* GET /v1/products/{id} */
static err_t api_get_product(struct ctx *ctx, struct request *req)
{
    product_id id;
    struct product product;
    TRY(request_path_id(req, 0, "prd", &id.v));
    TRY(request_query_end(req));
    TRY(product_get(ctx, id, &product));
    write_product(req->reply, NULL, &product);
    return OK;
}

/* PATCH /v1/products/{id} */
static err_t api_change_product(struct ctx *ctx, struct request *req)
{
    product_id id;
    struct product_patch patch;
    struct product product;
    TRY(request_path_id(req, 0, "prd", &id.v));
    TRY(catalog_read_product_change(req->body, &patch));
    TRY(product_change(ctx, id, &patch.change, &product));
    write_product(req->reply, NULL, &product);
    return OK;
}

/* GET /v1/products */
static err_t api_list_products(struct ctx *ctx, struct request *req)
{
    str code = STR_NONE;
    int64_t after = 0;
    size_t limit, count;
    struct product *products;
    (void)request_query_find(req, "code", &code);
    TRY(request_query_id(req, "after", "prd", &after));
    TRY(request_query_limit(req, &limit));
    TRY(request_query_end(req));
    TRY(product_row_page(ctx, code, after, limit, &products, &count));
    json_begin(req->reply, NULL);
    json_begin_list(req->reply, "items");
    for (size_t i = 0; i < count; i++)
        write_product(req->reply, NULL, &products[i]);
    write_next(req->reply, "prd", count == limit,
               count > 0 ? products[count - 1].id.v : 0);
    return OK;
}

static const char *const list_columns[] = {
    "id",        "code",       "title",      "product_code",
    "barcode",   "is_tracked", "is_kit",     "weight_g",
    "length_mm", "width_mm",   "height_mm",  "hs_code",
    "origin",    "tax_class",  "created_at", NULL};
static const struct list_table list_table = {.file = "skus.csv",
                                             .columns = list_columns};

static const struct route routes[] = {
    {.operation = "createSku",
     .method = HTTP_POST,
     .path = "/v1/skus",
     .perm = PERM_CATALOG_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_create_sku     },
    {.operation = "listSkus",
     .method = HTTP_GET,
     .path = "/v1/skus",
     .perm = PERM_CATALOG_READ,
     .kind = ROUTE_READ,
     .run = api_list_skus,
     .table = &list_table},
    {.operation = "createSkus",
     .method = HTTP_POST,
     .path = "/v1/skus/bulk",
     .perm = PERM_CATALOG_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_create_skus,
     .is_bulk = true},
    {.operation = "getSku",
     .method = HTTP_GET,
     .path = "/v1/skus/{id}",
     .perm = PERM_CATALOG_READ,
     .kind = ROUTE_READ,
     .run = api_get_sku },
    {.operation = "changeSku",
     .method = HTTP_PATCH,
     .path = "/v1/skus/{id}",
     .perm = PERM_CATALOG_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_change_sku},
    {.operation = "createProduct",
     .method = HTTP_POST,
     .path = "/v1/products",
     .perm = PERM_CATALOG_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_create_product},
    {.operation = "listProducts",
     .method = HTTP_GET,
     .path = "/v1/products",
     .perm = PERM_CATALOG_READ,
     .kind = ROUTE_READ,
     .run = api_list_products },
    {.operation = "getProduct",
     .method = HTTP_GET,
     .path = "/v1/products/{id}",
     .perm = PERM_CATALOG_READ,
     .kind = ROUTE_READ,
     .run = api_get_product },
    {.operation = "changeProduct",
     .method = HTTP_PATCH,
     .path = "/v1/products/{id}",
     .perm = PERM_CATALOG_WRITE,
     .kind = ROUTE_WRITE,
     .run = api_change_product},
};
const struct route_list catalog_routes = {routes, COUNT_OF(routes)};
