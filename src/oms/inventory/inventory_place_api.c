/* inventory_place_api.c - the HTTP face of locations. */
#include "base/json.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/inventory/inventory_handlers.h"
#include "oms/inventory/inventory_json.h"
#include "oms/inventory/inventory_rules.h"
#include "oms/inventory/inventory_store.h"

/* POST /v1/locations */
err_t api_create_location(struct ctx *ctx, struct request *req)
{
    struct location_cmd cmd;
    struct location_row row;
    location_id id;
    TRY(location_read(ctx, req->body, &cmd));
    TRY(location_create(ctx, &cmd, &id));
    TRY(location_row_get(ctx, id, &row));
    req->status = 201;
    location_write(req->reply, &row);
    return OK;
}

/* GET /v1/locations/{id} */
err_t api_get_location(struct ctx *ctx, struct request *req)
{
    struct location_row row;
    location_id id;
    TRY(request_path_id(req, 0, "loc", &id.v));
    TRY(request_query_end(req));
    TRY(location_row_get(ctx, id, &row));
    location_write(req->reply, &row);
    return OK;
}

/* PATCH /v1/locations/{id} */
err_t api_change_location(struct ctx *ctx, struct request *req)
{
    struct location_patch patch;
    struct location_row row;
    location_id id;
    TRY(request_path_id(req, 0, "loc", &id.v));
    TRY(location_read_change(ctx, req->body, &patch));
    TRY(location_change(ctx, id, &patch.change));
    TRY(location_row_get(ctx, id, &row));
    location_write(req->reply, &row);
    return OK;
}

static err_t read_filter(struct request *req, struct location_filter *ret)
{
    struct location_filter filter = {0};
    int type = -1;
    (void)request_query_find(req, "code", &filter.code);
    TRY(request_query_enum(req, "type", location_type_names,
                           COUNT_OF(location_type_names), &type));
    filter.type = (enum location_type)(type + 1);
    TRY(request_query_id(req, "after", "loc", &filter.after));
    TRY(request_query_limit(req, &filter.limit));
    TRY(request_query_end(req));
    *ret = filter;
    return OK;
}

/* GET /v1/locations */
err_t api_list_locations(struct ctx *ctx, struct request *req)
{
    struct location_filter filter;
    struct location_row *rows;
    size_t count;
    TRY(read_filter(req, &filter));
    TRY(location_row_page(ctx, &filter, &rows, &count));
    json_begin_page(req->reply);
    for (size_t i = 0; i < count; i++)
        location_write(req->reply, &rows[i]);
    json_end_page(req->reply, "loc",
                  count == filter.limit ? rows[count - 1].location.id.v : 0);
    return OK;
}
