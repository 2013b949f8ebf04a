/* shipping_package_api.c - the HTTP face of parcels and their labels. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/machine.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/inventory/inventory_named.h"
#include "oms/shipping/shipping_handlers.h"
#include "oms/shipping/shipping_json.h"
#include "oms/shipping/shipping_quote.h"

static err_t write_one(struct ctx *ctx, struct request *req, package_id id)
{
    struct package package;
    TRY(package_get(ctx, id, &package));
    return packages_write(ctx, req->reply, &package, 1);
}

static err_t read_id(struct request *req, package_id *ret)
{
    return request_path_id(req, 0, "pkg", &ret->v);
}

/* POST /v1/packages */
err_t api_create_packages(struct ctx *ctx, struct request *req)
{
    struct pack_cmd cmd;
    package_id *ids;
    size_t count;
    TRY(pack_read(ctx, req->body, &cmd));
    TRY(package_create(ctx, &cmd, &ids, &count));
    struct package *rows = arena_array(ctx->arena, struct package, count);
    for (size_t i = 0; i < count; i++)
        TRY(package_get(ctx, ids[i], &rows[i]));
    req->status = 201;
    json_begin(req->reply, NULL);
    json_begin_list(req->reply, "items");
    TRY(packages_write(ctx, req->reply, rows, count));
    json_end_list(req->reply);
    json_end_object(req->reply);
    return OK;
}

/* GET /v1/packages/{id} */
err_t api_get_package(struct ctx *ctx, struct request *req)
{
    package_id id;
    TRY(request_query_end(req));
    TRY(read_id(req, &id));
    return write_one(ctx, req, id);
}

static err_t read_state(struct ctx *ctx, struct request *req,
                        struct package_filter *f)
{
    struct location at;
    int state = -1;
    str code;
    TRY(request_query_enum(req, "state", package_machine.states,
                           package_machine.state_count, &state));
    f->state = (enum package_state)(state + 1);
    if (!request_query_find(req, "location", &code))
        return OK;
    if (!f->state)
        return fail_as(ctx, ERR_INVALID, "filter_unsupported", "location",
                       "needs a state beside it");
    TRY(named_location_get(ctx, "location", code, &at));
    f->place = at.id;
    return OK;
}

/* GET /v1/packages */
err_t api_list_packages(struct ctx *ctx, struct request *req)
{
    struct package_filter f = {0};
    struct package *rows;
    size_t count;
    TRY(read_state(ctx, req, &f));
    TRY(request_query_id(req, "order", "ord", &f.order.v));
    TRY(request_query_id(req, "fulfillment_order", "fo", &f.fo.v));
    TRY(request_query_id(req, "manifest", "mfs", &f.manifest.v));
    (void)request_query_find(req, "tracking", &f.tracking);
    if ((f.order.v != 0) + (f.fo.v != 0) + (f.manifest.v != 0) +
            (f.tracking.len > 0) + (f.state != 0) >
        1)
        return fail_as(ctx, ERR_INVALID, "one_filter", "order",
                       "filter by one of order, fulfillment_order, manifest, "
                       "tracking and state");
    TRY(request_query_id(req, "after", "pkg", &f.after.v));
    TRY(request_query_limit(req, &f.limit));
    TRY(request_query_end(req));
    TRY(package_page(ctx, &f, &rows, &count));
    json_begin_page(req->reply);
    TRY(packages_write(ctx, req->reply, rows, count));
    json_end_page(req->reply, "pkg",
                  count == f.limit ? rows[count - 1].id.v : 0);
    return OK;
}

/* POST /v1/packages/{id}/scan */
err_t api_scan_package(struct ctx *ctx, struct request *req)
{
    struct scan_cmd cmd;
    bool is_new;
    TRY(read_id(req, &cmd.package));
    TRY(scan_read(req->body, &cmd));
    TRY(package_scan(ctx, &cmd, &is_new));
    return write_one(ctx, req, cmd.package);
}

typedef err_t outside_fn(struct ctx *ctx, package_id id, int64_t version,
                         const struct pack_outside *outside);

static err_t run_outside(struct ctx *ctx, struct request *req, outside_fn *fn)
{
    struct pack_outside outside;
    package_id id;
    int64_t version;
    TRY(read_id(req, &id));
    TRY(outside_read(req->body, &version, &outside));
    TRY(fn(ctx, id, version, &outside));
    return write_one(ctx, req, id);
}

/* PATCH /v1/packages/{id} */
err_t api_change_package(struct ctx *ctx, struct request *req)
{
    return run_outside(ctx, req, package_change);
}

/* POST /v1/packages/{id}/close */
err_t api_close_package(struct ctx *ctx, struct request *req)
{
    return run_outside(ctx, req, package_close);
}

static err_t read_version(struct request *req, package_id *ret_id,
                          int64_t *ret_version)
{
    TRY(read_id(req, ret_id));
    return json_get_i64(req->body, "version", 1, INT64_MAX, ret_version);
}

/* POST /v1/packages/{id}/unpack */
err_t api_unpack_package(struct ctx *ctx, struct request *req)
{
    struct pack_item *items;
    package_id id;
    int64_t version;
    size_t count;
    TRY(read_version(req, &id, &version));
    TRY(unpack_read(ctx, req->body, &items, &count));
    TRY(package_unpack(ctx, id, version, items, count));
    return write_one(ctx, req, id);
}

/* POST /v1/packages/{id}/void */
err_t api_void_package(struct ctx *ctx, struct request *req)
{
    struct package package;
    package_id id;
    int64_t version;
    TRY(read_version(req, &id, &version));
    TRY(json_end(req->body));
    TRY(package_get(ctx, id, &package));
    if (package.place.state == PACKAGE_LABELLED ||
        package.place.state == PACKAGE_LABEL_PENDING)
        TRY(label_void(ctx, id, version, true));
    else
        TRY(package_void(ctx, id, version));
    return write_one(ctx, req, id);
}

/* POST /v1/packages/{id}/ship */
err_t api_ship_package(struct ctx *ctx, struct request *req)
{
    package_id id;
    int64_t version;
    TRY(read_version(req, &id, &version));
    TRY(json_end(req->body));
    TRY(package_ship(ctx, id, version));
    return write_one(ctx, req, id);
}

/* ---- labels ---- */

/* POST /v1/packages/{id}/label */
err_t api_want_label(struct ctx *ctx, struct request *req)
{
    struct label_cmd cmd = {.account = STR(""), .service = STR("")};
    int mode = 0;
    TRY(read_version(req, &cmd.package, &cmd.version));
    TRY(json_opt_str(req->body, "account", 1, LIMIT_CODE_BYTES, &cmd.account));
    TRY(json_opt_str(req->body, "service", 1, LIMIT_CODE_BYTES, &cmd.service));
    TRY(json_opt_enum(req->body, "mode", shop_mode_names, SHOP_MODES, &mode));
    TRY(json_end(req->body));
    cmd.mode = mode + 1;
    TRY(label_want(ctx, &cmd));
    req->status = 202;
    return write_one(ctx, req, cmd.package);
}

/* POST /v1/packages/{id}/label/record */
err_t api_record_label(struct ctx *ctx, struct request *req)
{
    struct label_hand cmd = {.service = STR("")};
    TRY(read_version(req, &cmd.package, &cmd.version));
    TRY(json_get_str(req->body, "carrier", 1, LIMIT_CODE_BYTES, &cmd.carrier));
    TRY(json_opt_str(req->body, "service", 0, LIMIT_CODE_BYTES, &cmd.service));
    TRY(json_get_str(req->body, "tracking", 1, LIMIT_CODE_BYTES,
                     &cmd.tracking));
    TRY(json_end(req->body));
    TRY(label_by_hand(ctx, &cmd));
    return write_one(ctx, req, cmd.package);
}

/* POST /v1/packages/{id}/label/void */
err_t api_void_label(struct ctx *ctx, struct request *req)
{
    package_id id;
    int64_t version;
    TRY(read_version(req, &id, &version));
    TRY(json_end(req->body));
    TRY(label_void(ctx, id, version, false));
    req->status = 202;
    return write_one(ctx, req, id);
}

/* POST /v1/packages/{id}/label/settle */
err_t api_settle_label(struct ctx *ctx, struct request *req)
{
    static const char *const truths[] = {"bought", "not_bought", "ask_again"};
    package_id id;
    int truth;
    str tracking = STR("");
    TRY(read_id(req, &id));
    TRY(json_get_enum(req->body, "outcome", truths, COUNT_OF(truths), &truth));
    TRY(json_opt_str(req->body, "tracking", 1, LIMIT_CODE_BYTES, &tracking));
    TRY(json_end(req->body));
    TRY(label_settle(ctx, id, (enum label_truth)(truth + 1), tracking));
    return write_one(ctx, req, id);
}

/* GET /v1/packages/{id}/rates */
err_t api_list_rates(struct ctx *ctx, struct request *req)
{
    struct label_cmd cmd = {.account = STR(""), .service = STR("")};
    struct package package;
    struct quote quote;
    int mode = 0;
    (void)request_query_find(req, "account", &cmd.account);
    TRY(request_query_enum(req, "mode", shop_mode_names, SHOP_MODES, &mode));
    TRY(request_query_end(req));
    TRY(read_id(req, &cmd.package));
    TRY(package_get(ctx, cmd.package, &package));
    cmd.mode = mode + 1;
    TRY(quote_choose(ctx, &package, &cmd, NULL, &quote));
    buf_add_str(req->reply->buf, quote.choice);
    return OK;
}
