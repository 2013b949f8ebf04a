/* csv_apply.c - one body of an import, run as the API would run it.
 *
 * The routes of the rooms decode, check and run it; only the level of stock has
 * no route that sets it unseen, so it is set here by the room's own command.
 */
#define WHARF_UNBANNED
#include "app/csv_apply.h"

#include <string.h>

#include "app/room_call.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "base/time.h"
#include "oms/inventory/inventory_command.h"

static const char *const operations[MAP_TARGETS] = {
    [MAP_CHANNELS] = "createChannel",
    [MAP_LOCATIONS] = "createLocation",
    [MAP_PRODUCTS] = "createProduct",
    [MAP_SKUS] = "createSku",
    [MAP_CUSTOMERS] = "createCustomer",
    [MAP_STOCK] = NULL,
    [MAP_STOCK_CHANGE] = "adjustStock",
    [MAP_EXPECTED] = "createExpectedReceipt",
    [MAP_BINS] = "setBins",
    [MAP_ORDERS] = "placeOrder",
};

static const char REASON[] = "imported from a file";

/* An item that was refused stands in a reply that was not. */
static err_t check_item(struct ctx *ctx, str reply)
{
    struct json_in *in, *item, *error;
    struct json_list list;
    str code, detail, field = STR_NONE;
    TRY(json_parse(ctx, reply, &in));
    TRY(json_get_list(in, "items", 1, 1, &list));
    TRY(json_list_object(&list, 0, &item));
    TRY(json_opt_object(item, "error", &error));
    if (!error)
        return OK;
    TRY(json_get_str(error, "code", 1, LIMIT_CODE_BYTES, &code));
    TRY(json_get_str(error, "detail", 0, LIMIT_NOTE_BYTES, &detail));
    TRY(json_opt_str(error, "field", 0, LIMIT_TITLE_BYTES, &field));
    return fail_as(ctx, ERR_INVALID, str_to_cstr(ctx->arena, code),
                   str_to_cstr(ctx->arena, field), "%.*s", STR_ARG(detail));
}

static err_t check_changed(struct ctx *ctx, str reply, bool *ret_is_same)
{
    struct json_in *in;
    int64_t changed;
    TRY(json_parse(ctx, reply, &in));
    TRY(json_get_i64(in, "changed", 0, 1, &changed));
    *ret_is_same = changed == 0;
    return OK;
}

static err_t call_route(struct work *work, struct apply *apply)
{
    struct ctx *ctx = &work->ctx;
    struct room_call call = {.operation = operations[apply->target],
                             .body = apply->body,
                             .idem_key = apply->key,
                             .reply = &work->reply};
    if (apply->target == MAP_STOCK_CHANGE)
        call.body =
            str_printf(ctx->arena, "{\"reason\":\"%s\",\"items\":[%.*s]}",
                       REASON, STR_ARG(apply->body));
    if (apply->target == MAP_BINS)
        call.body =
            str_printf(ctx->arena, "{\"items\":[%.*s]}", STR_ARG(apply->body));
    TRY(room_call(ctx, &call));
    if (apply->target == MAP_STOCK_CHANGE)
        TRY(check_item(ctx, buf_str(&work->reply)));
    bool is_replay = apply->target == MAP_ORDERS && call.status == 200;
    if (apply->target == MAP_BINS)
        TRY(check_changed(ctx, buf_str(&work->reply), &is_replay));
    apply->outcome = is_replay ? APPLY_THERE : APPLY_DONE;
    work->status = call.status;
    return OK;
}

static err_t read_level(struct ctx *ctx, str body, struct set_cmd *ret)
{
    struct json_in *in;
    struct set_cmd cmd = {.reason = str_from_cstr(REASON), .by_version = true};
    TRY(json_parse(ctx, body, &in));
    TRY(json_get_str(in, "sku", 1, LIMIT_CODE_BYTES, &cmd.sku));
    TRY(json_get_str(in, "location", 1, LIMIT_CODE_BYTES, &cmd.location));
    TRY(json_get_i64(in, "on_hand", 0, LIMIT_QTY, &cmd.on_hand));
    TRY(json_opt_str(in, "reason", 1, LIMIT_REASON_BYTES, &cmd.reason));
    cmd.has_safety_stock = json_has(in, "safety_stock");
    TRY(json_opt_i64(in, "safety_stock", 0, LIMIT_QTY, &cmd.safety_stock));
    *ret = cmd;
    return json_end(in);
}

/* Compared with what it is, in the same transaction: the file says what was
 * counted, not what was seen here. */
static err_t set_level(struct work *work, struct apply *apply)
{
    struct ctx *ctx = &work->ctx;
    struct set_cmd cmd;
    struct stock_level level;
    TRY(read_level(ctx, apply->body, &cmd));
    err_t err = inventory_set(ctx, &cmd, &level);
    if (err == ERR_STALE) {
        cmd.expected = ctx->err.version;
        err_clear(ctx);
        err = inventory_set(ctx, &cmd, &level);
    }
    TRY(err);
    apply->outcome = cmd.expected == level.version ? APPLY_THERE : APPLY_DONE;
    return OK;
}

static err_t run_apply(struct work *work)
{
    struct apply *apply = work->arg;
    TRY(operations[apply->target] ? call_route(work, apply)
                                  : set_level(work, apply));
    if (apply->is_dry_run)
        return fail_as(&work->ctx, ERR_STATE, "dry_run", "", "undone");
    return OK;
}

static const struct work_kind apply_kind = {"import", run_apply, NULL};

static bool is_there(const struct err_detail *err)
{
    static const char *const slugs[] = {"code_taken", "external_id_taken",
                                        "email_taken", "phone_taken"};
    for (size_t i = 0; err->slug && i < COUNT_OF(slugs); i++)
        if (strcmp(err->slug, slugs[i]) == 0)
            return true;
    return false;
}

err_t csv_apply(struct cli *cli, struct store *store, struct apply *apply)
{
    if (cli->is_stopped && atomic_load(cli->is_stopped))
        return fail_as(&cli->ctx, ERR_BUSY, "stopped", "",
                       "stopped before the end");
    struct work work = {
        .kind = &apply_kind, .lane = LANE_WRITE, .ctx = cli->ctx, .arg = apply};
    /* What has no key of its own is remembered as a request would be. */
    bool is_keyed =
        apply->target == MAP_STOCK_CHANGE || apply->target == MAP_EXPECTED;
    if (is_keyed && !apply->is_dry_run) {
        work.idem_key = apply->key;
        work.idem_body = str_hash(apply->body);
    }
    work.ctx.now = clock_now();
    buf_init(&work.reply, cli->arena, LIMIT_REPLY_BYTES);
    err_t err = store_run(store, &work);
    if (err == OK && work.is_replay)
        apply->outcome = APPLY_THERE;
    if (err == OK)
        return OK;
    if (work.ctx.err.slug && strcmp(work.ctx.err.slug, "dry_run") == 0)
        return OK;
    if (err == ERR_BUSY || err == ERR_INTERNAL || err == ERR_RETRY) {
        cli->ctx.err = work.ctx.err;
        return err;
    }
    apply->outcome = is_there(&work.ctx.err) ? APPLY_THERE : APPLY_REFUSED;
    apply->err = work.ctx.err;
    return OK;
}
