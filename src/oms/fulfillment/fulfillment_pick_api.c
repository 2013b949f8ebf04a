/* fulfillment_pick_api.c - the HTTP face of pick tasks. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/id.h"
#include "base/json.h"
#include "base/machine.h"
#include "base/str.h"
#include "net/route.h"
#include "oms/fulfillment/fulfillment_pick_handlers.h"
#include "oms/fulfillment/fulfillment_pick_store.h"
#include "oms/fulfillment/fulfillment_pick_view.h"
#include "oms/inventory/inventory_named.h"

static const char *const mode_names[] = {"single", "batch", "wave", "zone"};
static const char *const method_names[] = {"ship", "pickup", "digital"};

/* ---- making ---- */

static err_t read_ids(struct ctx *ctx, struct json_in *in,
                      struct pick_make_cmd *cmd)
{
    struct json_list list;
    TRY(json_get_list(in, "fulfillment_orders", 1, LIMIT_PAGE, &list));
    fulfillment_order_id *ids =
        arena_array(ctx->arena, fulfillment_order_id, list.count);
    for (size_t i = 0; i < list.count; i++) {
        str text;
        TRY(json_list_str(&list, i, 1, ID_TEXT_BYTES, &text));
        if (id_from_text("fo", text, &ids[i].v))
            continue;
        str field = str_printf(ctx->arena, "fulfillment_orders[%zu]", i);
        return fail_as(ctx, ERR_INVALID, "bad_id",
                       str_to_cstr(ctx->arena, field),
                       "is not the id of a fulfillment order");
    }
    cmd->ids = ids;
    cmd->count = list.count;
    return OK;
}

static err_t read_criteria(struct ctx *ctx, struct json_in *in,
                           struct pick_make_cmd *cmd)
{
    struct location at;
    int method = -1;
    str code;
    TRY(json_get_str(in, "location", 1, LIMIT_CODE_BYTES, &code));
    TRY(json_opt_enum(in, "method", method_names, COUNT_OF(method_names),
                      &method));
    TRY(json_opt_time(in, "due_by", &cmd->due_by));
    TRY(named_location_get(ctx, "location", code, &at));
    cmd->location = at.id;
    cmd->method = method + 1;
    return OK;
}

/* POST /v1/pick-tasks */
err_t api_make_pick_tasks(struct ctx *ctx, struct request *req)
{
    struct pick_make_cmd cmd = {.zone = STR(""), .tote = STR("")};
    struct pick_made made;
    struct json_in *in = req->body;
    int mode = 0;
    TRY(request_query_end(req));
    cmd.has_mode = json_has(in, "mode");
    TRY(json_opt_enum(in, "mode", mode_names, COUNT_OF(mode_names), &mode));
    cmd.mode = (enum pick_mode)(mode + 1);
    cmd.has_zone = json_has(in, "zone");
    TRY(json_opt_str(in, "zone", 1, LIMIT_CODE_BYTES, &cmd.zone));
    TRY(json_opt_i64(in, "max_orders", 1, LIMIT_PAGE, &cmd.orders));
    TRY(json_opt_i64(in, "max_units", 1, LIMIT_QTY, &cmd.units));
    TRY(json_opt_str(in, "tote", 1, LIMIT_CODE_BYTES, &cmd.tote));
    TRY(json_has(in, "fulfillment_orders") ? read_ids(ctx, in, &cmd)
                                           : read_criteria(ctx, in, &cmd));
    TRY(json_end(in));
    TRY(pick_make(ctx, &cmd, &made));
    req->status = 201;
    json_begin(req->reply, NULL);
    json_begin_list(req->reply, "tasks");
    for (size_t i = 0; i < made.count; i++)
        TRY(pick_write(ctx, req->reply, made.tasks[i]));
    json_end_list(req->reply);
    json_begin_list(req->reply, "skipped");
    for (size_t i = 0; i < made.skip_count; i++) {
        json_begin(req->reply, NULL);
        json_put_id(req->reply, "fulfillment_order", "fo", made.skips[i].id.v);
        json_put_cstr(req->reply, "code", made.skips[i].code);
        json_end_object(req->reply);
    }
    json_end_list(req->reply);
    json_end_object(req->reply);
    return OK;
}

/* ---- reading ---- */

/* GET /v1/pick-tasks/{id} */
err_t api_get_pick_task(struct ctx *ctx, struct request *req)
{
    pick_task_id id;
    TRY(request_query_end(req));
    TRY(request_path_id(req, 0, "pkt", &id.v));
    return pick_write(ctx, req->reply, id);
}

/* GET /v1/pick-tasks/{id}/list */
err_t api_get_pick_list(struct ctx *ctx, struct request *req)
{
    static const char *const formats[] = {"pdf", "json"};
    static const char *const papers[] = {"a4", "letter"};
    int format = 0, paper = 0;
    pick_task_id id;
    str pdf;
    TRY(request_path_id(req, 0, "pkt", &id.v));
    TRY(request_query_enum(req, "format", formats, COUNT_OF(formats), &format));
    TRY(request_query_enum(req, "paper", papers, COUNT_OF(papers), &paper));
    TRY(request_query_end(req));
    if (format == 1)
        return pick_write(ctx, req->reply, id);
    TRY(pick_write_pdf(ctx, (enum doc_paper)(paper + 1), id, &pdf));
    req->content_type = "application/pdf";
    req->file_name = STR("pick-list.pdf");
    buf_add_str(req->reply->buf, pdf);
    return OK;
}

/* GET /v1/pick-tasks */
err_t api_list_pick_tasks(struct ctx *ctx, struct request *req)
{
    struct pick_filter filter = {.limit = 0};
    struct location at;
    struct pick_task *tasks;
    size_t count;
    int state = -1;
    str code;
    TRY(request_query_enum(req, "state", pick_machine.states,
                           pick_machine.state_count, &state));
    if (request_query_find(req, "location", &code)) {
        TRY(named_location_get(ctx, "location", code, &at));
        filter.location = at.id;
    }
    TRY(request_query_id(req, "fulfillment_order", "fo", &filter.fo.v));
    TRY(request_query_id(req, "after", "pkt", &filter.after.v));
    TRY(request_query_limit(req, &filter.limit));
    TRY(request_query_end(req));
    filter.state = (enum pick_state)(state + 1);
    TRY(pick_task_page(ctx, &filter, &tasks, &count));
    json_begin(req->reply, NULL);
    TRY(pick_write_list(ctx, req->reply, tasks, count));
    json_put_id_or_null(req->reply, "next", "pkt",
                        count == filter.limit ? tasks[count - 1].id.v : 0);
    json_end_object(req->reply);
    return OK;
}

/* ---- steps ---- */

/* POST /v1/pick-tasks/{id}/assign */
err_t api_assign_pick_task(struct ctx *ctx, struct request *req)
{
    struct actor who = ctx->actor;
    pick_task_id id;
    int64_t version;
    str text;
    TRY(request_path_id(req, 0, "pkt", &id.v));
    TRY(json_get_i64(req->body, "version", 1, INT64_MAX, &version));
    bool is_nobody = json_take_null(req->body, "assignee");
    if (json_has(req->body, "assignee")) {
        TRY(json_get_str(req->body, "assignee", 1, ID_TEXT_BYTES, &text));
        bool is_user = id_from_text("usr", text, &who.id);
        if (!is_user && !id_from_text("key", text, &who.id))
            return fail_as(ctx, ERR_INVALID, "bad_id", "assignee",
                           "is the id of a person or of a key");
        who.kind = is_user ? ACTOR_USER : ACTOR_KEY;
    }
    TRY(json_end(req->body));
    if (is_nobody)
        who = (struct actor){0};
    TRY(pick_assign(ctx, id, version, who));
    return pick_write(ctx, req->reply, id);
}

typedef err_t version_fn(struct ctx *ctx, pick_task_id id, int64_t version);

static err_t run_version(struct ctx *ctx, struct request *req, version_fn *fn)
{
    pick_task_id id;
    int64_t version;
    TRY(request_path_id(req, 0, "pkt", &id.v));
    TRY(json_get_i64(req->body, "version", 1, INT64_MAX, &version));
    TRY(json_end(req->body));
    TRY(fn(ctx, id, version));
    return pick_write(ctx, req->reply, id);
}

/* POST /v1/pick-tasks/{id}/start */
err_t api_start_pick_task(struct ctx *ctx, struct request *req)
{
    return run_version(ctx, req, pick_start);
}

/* POST /v1/pick-tasks/{id}/complete */
err_t api_complete_pick_task(struct ctx *ctx, struct request *req)
{
    return run_version(ctx, req, pick_complete);
}

/* POST /v1/pick-tasks/{id}/cancel */
err_t api_cancel_pick_task(struct ctx *ctx, struct request *req)
{
    return run_version(ctx, req, pick_cancel);
}

static void hash_text(struct buf *buf, str text)
{
    buf_add_i64(buf, (int64_t)text.len);
    buf_add_char(buf, ':');
    buf_add_str(buf, text);
}

static int64_t hash_scan(struct ctx *ctx, const struct pick_scan_cmd *cmd)
{
    struct buf buf;
    buf_init(&buf, ctx->arena, LIMIT_NOTE_BYTES);
    hash_text(&buf, cmd->barcode);
    hash_text(&buf, cmd->sku);
    hash_text(&buf, cmd->lot);
    hash_text(&buf, cmd->serial);
    hash_text(&buf, cmd->tote);
    buf_add_i64(&buf, cmd->line);
    buf_add_char(&buf, ' ');
    buf_add_i64(&buf, cmd->qty);
    buf_add_char(&buf, cmd->is_any_lot ? 'a' : 'n');
    return (int64_t)str_hash(buf_str(&buf));
}

static err_t read_scan(struct ctx *ctx, struct json_in *in,
                       struct pick_scan_cmd *ret)
{
    struct pick_scan_cmd cmd = {.barcode = STR(""),
                                .sku = STR(""),
                                .qty = 1,
                                .lot = STR(""),
                                .serial = STR(""),
                                .tote = STR(""),
                                .scan_id = STR("")};
    if (json_has(in, "sku") && json_has(in, "barcode"))
        return json_fail(in, "sku", ERR_INVALID, "one_of",
                         "goes without barcode");
    if (json_has(in, "barcode"))
        TRY(json_get_str(in, "barcode", 1, LIMIT_CODE_BYTES, &cmd.barcode));
    else
        TRY(json_get_str(in, "sku", 1, LIMIT_CODE_BYTES, &cmd.sku));
    TRY(json_opt_i64(in, "quantity", 1, LIMIT_QTY, &cmd.qty));
    TRY(json_opt_i64(in, "line", 1, LIMIT_QTY, &cmd.line));
    TRY(json_opt_str(in, "lot", 1, LIMIT_CODE_BYTES, &cmd.lot));
    TRY(json_opt_str(in, "serial", 1, LIMIT_CODE_BYTES, &cmd.serial));
    TRY(json_opt_str(in, "tote", 1, LIMIT_CODE_BYTES, &cmd.tote));
    TRY(json_opt_bool(in, "any_lot", &cmd.is_any_lot));
    TRY(json_opt_str(in, "scan_id", 1, LIMIT_EXTERNAL_ID_BYTES, &cmd.scan_id));
    TRY(json_end(in));
    cmd.body_hash = hash_scan(ctx, &cmd);
    *ret = cmd;
    return OK;
}

/* POST /v1/pick-tasks/{id}/scan */
err_t api_scan_pick_task(struct ctx *ctx, struct request *req)
{
    struct pick_scan_cmd cmd;
    pick_task_id id;
    bool is_repeat;
    TRY(request_path_id(req, 0, "pkt", &id.v));
    TRY(read_scan(ctx, req->body, &cmd));
    TRY(pick_scan(ctx, id, &cmd, &is_repeat));
    json_begin(req->reply, NULL);
    json_put_bool(req->reply, "is_repeat", is_repeat);
    TRY(pick_write_as(ctx, req->reply, "task", id));
    json_end_object(req->reply);
    return OK;
}

/* POST /v1/pick-tasks/{id}/short */
err_t api_short_pick_task(struct ctx *ctx, struct request *req)
{
    struct pick_short_cmd cmd;
    pick_task_id id;
    TRY(request_path_id(req, 0, "pkt", &id.v));
    TRY(json_get_i64(req->body, "version", 1, INT64_MAX, &cmd.version));
    TRY(json_get_i64(req->body, "line", 1, LIMIT_QTY, &cmd.line));
    TRY(json_get_i64(req->body, "quantity", 1, LIMIT_QTY, &cmd.qty));
    TRY(json_get_str(req->body, "reason", 1, LIMIT_REASON_BYTES, &cmd.reason));
    TRY(json_end(req->body));
    TRY(pick_short(ctx, id, &cmd));
    return pick_write(ctx, req->reply, id);
}
