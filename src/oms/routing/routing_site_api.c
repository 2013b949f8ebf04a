/* routing_site_api.c - sites over HTTP: what routing knows of a location. */
#include "net/route.h"
#include "oms/routing/routing_config.h"
#include "oms/routing/routing_handlers.h"

enum { SITE_BYTES = 64 * 1024 };

static void write_site(struct json_out *out, const struct config_doc *site)
{
    json_begin(out, NULL);
    json_put_id(out, "location", "loc", site->location.v);
    json_put_str(out, "code", site->code);
    json_put_i64(out, "version", site->version);
    json_put_raw(out, "settings", site->doc);
    json_end_object(out);
}

static err_t write_one(struct ctx *ctx, struct request *req, location_id id)
{
    struct config_doc site;
    TRY(site_doc_get(ctx, id, &site));
    write_site(req->reply, &site);
    return OK;
}

/* GET /v1/locations/{id}/site */
err_t api_get_site(struct ctx *ctx, struct request *req)
{
    location_id id;
    TRY(request_path_id(req, 0, "loc", &id.v));
    TRY(request_query_end(req));
    return write_one(ctx, req, id);
}

/* PUT /v1/locations/{id}/site */
err_t api_set_site(struct ctx *ctx, struct request *req)
{
    location_id id;
    struct routing_site site = {.version = 0};
    struct json_in *settings;
    int64_t version;
    str doc;
    TRY(request_path_id(req, 0, "loc", &id.v));
    TRY(request_query_end(req));
    TRY(json_get_i64(req->body, "version", 0, INT64_MAX, &version));
    TRY(json_get_object(req->body, "settings", &settings));
    TRY(site_decode(ctx, settings, &site));
    TRY(json_opt_raw(req->body, "settings", SITE_BYTES, &doc));
    TRY(json_end(req->body));
    TRY(site_doc_set(ctx, id, version, doc));
    return write_one(ctx, req, id);
}

/* GET /v1/sites */
err_t api_list_sites(struct ctx *ctx, struct request *req)
{
    location_id after = {0};
    size_t limit, count;
    struct config_doc *sites;
    TRY(request_query_id(req, "after", "loc", &after.v));
    TRY(request_query_limit(req, &limit));
    TRY(request_query_end(req));
    TRY(site_doc_page(ctx, after, limit, &sites, &count));
    json_begin_page(req->reply);
    for (size_t i = 0; i < count; i++)
        write_site(req->reply, &sites[i]);
    json_end_page(req->reply, "loc",
                  count == limit ? sites[count - 1].location.v : 0);
    return OK;
}
