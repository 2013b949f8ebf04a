/* fulfillment_change_api.c - what is done to fulfillment orders over HTTP. */
#include "base/arena.h"
#include "base/id.h"
#include "base/json.h"
#include "net/route.h"
#include "oms/fulfillment/fulfillment_handlers.h"
#include "oms/fulfillment/fulfillment_store.h"
#include "oms/fulfillment/fulfillment_view.h"
#include "oms/inventory/inventory_named.h"

static err_t finish(struct ctx *ctx, struct request *req,
                    const struct fulfillment_cmd *cmd, fulfillment_cmd_fn *fn)
{
    struct fulfillment fo;
    TRY(json_end(req->body));
    TRY(fn(ctx, cmd, &fo));
    return fulfillment_write(ctx, req->reply, &fo, 1);
}

/* What every body has. */
static err_t begin(struct request *req, struct fulfillment_cmd *ret)
{
    *ret = (struct fulfillment_cmd){0};
    TRY(request_path_id(req, 0, "fo", &ret->id.v));
    TRY(request_query_end(req));
    return json_get_i64(req->body, "version", 1, INT64_MAX, &ret->version);
}

static err_t with_reason(struct ctx *ctx, struct request *req,
                         fulfillment_cmd_fn *fn)
{
    struct fulfillment_cmd cmd;
    TRY(begin(req, &cmd));
    TRY(json_get_str(req->body, "reason", 1, LIMIT_REASON_BYTES, &cmd.reason));
    return finish(ctx, req, &cmd, fn);
}

/* Steps of the hand-shake may say something. */
static err_t with_message(struct ctx *ctx, struct request *req,
                          fulfillment_cmd_fn *fn)
{
    struct fulfillment_cmd cmd;
    TRY(begin(req, &cmd));
    TRY(json_opt_str(req->body, "message", 0, LIMIT_REASON_BYTES,
                     &cmd.message));
    return finish(ctx, req, &cmd, fn);
}

err_t api_open_fulfillment(struct ctx *ctx, struct request *req)
{
    struct fulfillment_cmd cmd;
    TRY(begin(req, &cmd));
    return finish(ctx, req, &cmd, fulfillment_open);
}

err_t api_hold_fulfillment(struct ctx *ctx, struct request *req)
{
    return with_reason(ctx, req, fulfillment_hold);
}

err_t api_release_fulfillment(struct ctx *ctx, struct request *req)
{
    struct fulfillment_cmd cmd;
    TRY(begin(req, &cmd));
    return finish(ctx, req, &cmd, fulfillment_release);
}

err_t api_cancel_fulfillment(struct ctx *ctx, struct request *req)
{
    return with_reason(ctx, req, fulfillment_cancel);
}

err_t api_move_fulfillment(struct ctx *ctx, struct request *req)
{
    struct fulfillment_cmd cmd;
    struct location at;
    str text;
    TRY(begin(req, &cmd));
    TRY(json_get_str(req->body, "location", 1, LIMIT_CODE_BYTES, &text));
    if (!id_from_text("loc", text, &cmd.to.v)) {
        TRY(named_location_get(ctx, "location", text, &at));
        cmd.to = at.id;
    }
    return finish(ctx, req, &cmd, fulfillment_relocate);
}

/* ---- units ---- */

static err_t read_pieces(struct ctx *ctx, struct json_in *in,
                         struct fulfillment_units *ret)
{
    struct json_list list;
    TRY(json_get_list(in, "units", 0, LIMIT_SERIALS, &list));
    struct fulfillment_piece *pieces =
        arena_array(ctx->arena, struct fulfillment_piece, list.count);
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *at;
        pieces[i] = (struct fulfillment_piece){0};
        TRY(json_list_object(&list, i, &at));
        TRY(json_get_id(at, "sku_id", "sku", &pieces[i].sku.v));
        TRY(json_get_i64(at, "quantity", 1, LIMIT_QTY, &pieces[i].qty));
        TRY(json_opt_str(at, "lot", 1, LIMIT_CODE_BYTES, &pieces[i].names.lot));
        struct unit_names *names = &pieces[i].names;
        TRY(json_get_strs(at, "serials", LIMIT_SERIALS, LIMIT_CODE_BYTES,
                          &names->serials, &names->serial_count));
        TRY(json_end(at));
    }
    ret->pieces = pieces;
    ret->piece_count = list.count;
    return OK;
}

static err_t read_lines(struct ctx *ctx, struct request *req, bool has_pieces,
                        struct fulfillment_cmd *cmd)
{
    struct json_list list;
    TRY(json_get_list(req->body, "lines", 1, LIMIT_ORDER_LINES, &list));
    struct fulfillment_units *units =
        arena_array(ctx->arena, struct fulfillment_units, list.count);
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *in;
        units[i] = (struct fulfillment_units){0};
        TRY(json_list_object(&list, i, &in));
        const char *key = json_has(in, "n") ? "n" : "line"; /* "n" of old. */
        TRY(json_get_i64(in, key, 1, INT64_MAX, &units[i].n));
        TRY(json_get_i64(in, "quantity", 1, LIMIT_QTY, &units[i].qty));
        if (has_pieces)
            TRY(read_pieces(ctx, in, &units[i]));
        TRY(json_end(in));
    }
    cmd->units = units;
    cmd->count = list.count;
    return OK;
}

err_t api_split_fulfillment(struct ctx *ctx, struct request *req)
{
    struct fulfillment_cmd cmd;
    TRY(begin(req, &cmd));
    TRY(read_lines(ctx, req, false, &cmd));
    req->status = 201;
    return finish(ctx, req, &cmd, fulfillment_split);
}

err_t api_ship_fulfillment(struct ctx *ctx, struct request *req)
{
    struct fulfillment_cmd cmd;
    TRY(begin(req, &cmd));
    TRY(read_lines(ctx, req, true, &cmd));
    TRY(json_opt_str(req->body, "carrier", 1, LIMIT_CODE_BYTES, &cmd.carrier));
    TRY(json_opt_str(req->body, "tracking", 1, LIMIT_EXTERNAL_ID_BYTES,
                     &cmd.tracking));
    return finish(ctx, req, &cmd, fulfillment_ship);
}

err_t api_merge_fulfillment(struct ctx *ctx, struct request *req)
{
    enum { OTHERS = 100 };
    struct fulfillment_cmd cmd;
    struct json_list list;
    TRY(begin(req, &cmd));
    TRY(json_get_list(req->body, "with", 1, OTHERS, &list));
    struct fulfillment_seen *others =
        arena_array(ctx->arena, struct fulfillment_seen, list.count);
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *in;
        TRY(json_list_object(&list, i, &in));
        TRY(json_get_id(in, "id", "fo", &others[i].id.v));
        TRY(json_get_i64(in, "version", 1, INT64_MAX, &others[i].version));
        TRY(json_end(in));
    }
    cmd.others = others;
    cmd.other_count = list.count;
    return finish(ctx, req, &cmd, fulfillment_merge);
}

/* ---- the hand-shake ---- */

err_t api_submit_fulfillment(struct ctx *ctx, struct request *req)
{
    return with_message(ctx, req, fulfillment_submit);
}

err_t api_accept_fulfillment(struct ctx *ctx, struct request *req)
{
    struct fulfillment_cmd cmd;
    TRY(begin(req, &cmd));
    TRY(json_opt_str(req->body, "message", 0, LIMIT_REASON_BYTES,
                     &cmd.message));
    TRY(json_opt_str(req->body, "reference", 0, LIMIT_EXTERNAL_ID_BYTES,
                     &cmd.reference));
    TRY(json_opt_time(req->body, "ships_at", &cmd.ships_at));
    return finish(ctx, req, &cmd, fulfillment_accept);
}

err_t api_reject_fulfillment(struct ctx *ctx, struct request *req)
{
    return with_reason(ctx, req, fulfillment_reject);
}

err_t api_request_cancellation(struct ctx *ctx, struct request *req)
{
    return with_message(ctx, req, fulfillment_request_cancellation);
}

err_t api_accept_cancellation(struct ctx *ctx, struct request *req)
{
    return with_message(ctx, req, fulfillment_accept_cancellation);
}

err_t api_reject_cancellation(struct ctx *ctx, struct request *req)
{
    return with_message(ctx, req, fulfillment_reject_cancellation);
}
