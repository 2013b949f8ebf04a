/* inventory_transfer.c - transfers drafted, made ready and cancelled. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/inventory/inventory_named.h"
#include "oms/inventory/inventory_near.h"
#include "oms/inventory/inventory_store.h"
#include "oms/inventory/inventory_transfer_work.h"
#include "store/event.h"

/* ---- what all commands share ---- */

err_t transfer_open(struct ctx *ctx, transfer_id id, int64_t version,
                    enum transfer_event event, struct transfer_work *ret)
{
    ASSERT(ctx->tx != NULL);
    *ret = (struct transfer_work){0};
    TRY(transfer_lock(ctx, id, &ret->transfer));
    TRY(check_version(ctx, version, ret->transfer.version));
    TRY(transfer_allow(ctx, ret->transfer.state, event));
    ret->event_id = event_id(ctx, id.v);
    return transfer_line_list(ctx, &id, 1, &ret->lines, &ret->count);
}

err_t transfer_lock_stock(struct ctx *ctx, bool makes,
                          struct transfer_work *work)
{
    const struct transfer *transfer = &work->transfer;
    struct level_key *keys =
        arena_array(ctx->arena, struct level_key, work->count);
    sku_id *skus = arena_array(ctx->arena, sku_id, work->count);
    location_id at[] = {transfer->from, transfer->to};
    for (size_t i = 0; i < work->count; i++) {
        skus[i] = work->lines[i].sku;
        keys[i] = (struct level_key){skus[i], transfer->to};
    }
    if (makes)
        TRY(level_lock_at(ctx, keys, work->count, at, COUNT_OF(at),
                          &work->stock));
    else
        TRY(stock_lock_at(ctx, skus, work->count, at, COUNT_OF(at),
                          &work->stock));
    TRY(inventory_held_list(ctx, &transfer->id.v, 1, &work->held,
                            &work->held_count));
    if (!stock_covers(work->stock, work->held, work->held_count))
        return fail(ctx, ERR_INTERNAL, "",
                    "a level lacks the units of transfer %lld",
                    (long long)transfer->id.v);
    return OK;
}

struct stock_held *transfer_held_of(struct transfer_work *work, int64_t n)
{
    for (size_t i = 0; i < work->held_count; i++)
        if (work->held[i].owner.n == n)
            return &work->held[i];
    return NULL;
}

static str transfer_text(struct ctx *ctx, const struct transfer_work *work)
{
    int64_t qty = 0, shipped = 0, received = 0, lost = 0;
    struct buf buf;
    struct json_out out;
    for (size_t i = 0; i < work->count; i++) {
        qty += work->lines[i].qty;
        shipped += work->lines[i].shipped;
        received += work->lines[i].received;
        lost += work->lines[i].lost;
    }
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_id(&out, "from", "loc", work->transfer.from.v);
    json_put_id(&out, "to", "loc", work->transfer.to.v);
    json_put_cstr(&out, "state", transfer_state_name(work->transfer.state));
    json_put_i64(&out, "units", qty);
    json_put_i64(&out, "shipped", shipped);
    json_put_i64(&out, "received", received);
    json_put_i64(&out, "lost", lost);
    json_put_i64(&out, "version", work->transfer.version);
    json_end_object(&out);
    return buf_str(&buf);
}

static const char *event_type(enum transfer_event event)
{
    switch (event) {
    case TRANSFER_EVENT_CREATE: return "transfer.created";
    case TRANSFER_EVENT_EDIT: return "transfer.changed";
    case TRANSFER_EVENT_READY: return "transfer.ready";
    case TRANSFER_EVENT_SHIP: return "transfer.shipped";
    case TRANSFER_EVENT_RECEIVE:
    case TRANSFER_EVENT_COMPLETE: return "transfer.received";
    case TRANSFER_EVENT_CLOSE: return "transfer.closed";
    case TRANSFER_EVENT_CANCEL: return "transfer.cancelled";
    }
    UNREACHABLE("not an event of a transfer");
}

static err_t tell(struct ctx *ctx, enum transfer_event event,
                  const struct transfer_work *work)
{
    struct event row = {
        .id = work->event_id,
        .at = ctx->now,
        .type = str_from_cstr(event_type(event)),
        .subject_kind = STR("transfer"),
        .subject_id = work->transfer.id.v,
        .actor = ctx->actor,
        .data = transfer_text(ctx, work),
    };
    return event_add_many(ctx, &row, 1);
}

err_t transfer_finish(struct ctx *ctx, enum transfer_event event,
                      struct transfer_work *work)
{
    enum transfer_state next = transfer_next(work->transfer.state, event);
    ASSERT(next != 0);
    work->transfer.state = next;
    TRY(transfer_save(ctx, &work->transfer));
    TRY(transfer_line_save(ctx, work->lines, work->count));
    TRY(tell(ctx, event, work));
    return work->stock ? stock_save(ctx, work->stock) : OK;
}

/* ---- draft ---- */

static err_t make_lines(struct ctx *ctx, transfer_id id,
                        const struct transfer_line_cmd *cmds, size_t count,
                        struct transfer_line **ret)
{
    struct named named;
    str *codes = arena_array(ctx->arena, str, count);
    struct transfer_line *lines =
        arena_array(ctx->arena, struct transfer_line, count);
    for (size_t i = 0; i < count; i++)
        codes[i] = cmds[i].sku;
    TRY(named_skus(ctx, codes, count, &named));
    for (size_t i = 0; i < count; i++) {
        const struct sku *sku = NULL;
        err_t err = named_sku_get(ctx, &named, codes[i], &sku);
        if (err == OK && !sku->is_tracked)
            err = fail_as(ctx, ERR_STATE, "sku_untracked", "sku",
                          "an untracked SKU takes no stock");
        TRY(fail_in(ctx, err, "lines", i));
        lines[i] = (struct transfer_line){.transfer = id,
                                          .n = (int64_t)i + 1,
                                          .sku = sku->id,
                                          .qty = cmds[i].qty};
    }
    *ret = lines;
    return OK;
}

err_t transfer_create(struct ctx *ctx, const struct transfer_cmd *cmd,
                      transfer_id *ret)
{
    ASSERT(ctx->tx != NULL);
    ASSERT(cmd->count > 0 && cmd->count <= LIMIT_RECEIPT_LINES);
    struct location from, to;
    struct transfer_work work = {.count = cmd->count};
    TRY(check_line(ctx, "reference", cmd->reference, 0,
                   LIMIT_EXTERNAL_ID_BYTES));
    TRY(named_location_get(ctx, "from", cmd->from, &from));
    TRY(named_location_get(ctx, "to", cmd->to, &to));
    if (from.id.v == to.id.v)
        return fail_as(ctx, ERR_INVALID, "same_location", "to",
                       "must be another location than `from`");
    work.transfer = (struct transfer){
        .id = {id_next(ctx->ids, ctx->now, 0)},
        .from = from.id,
        .to = to.id,
        .reference = cmd->reference,
        .state = transfer_next(0, TRANSFER_EVENT_CREATE),
        .expected_at = cmd->expected_at,
        .version = 1,
        .created_at = ctx->now,
        .updated_at = ctx->now,
    };
    work.event_id = event_id(ctx, work.transfer.id.v);
    TRY(make_lines(ctx, work.transfer.id, cmd->lines, cmd->count, &work.lines));
    TRY(transfer_add(ctx, &work.transfer));
    TRY(transfer_line_save(ctx, work.lines, work.count));
    TRY(tell(ctx, TRANSFER_EVENT_CREATE, &work));
    *ret = work.transfer.id;
    return OK;
}

err_t transfer_edit(struct ctx *ctx, transfer_id id,
                    const struct transfer_edit *edit)
{
    struct transfer_work work;
    TRY(transfer_open(ctx, id, edit->version, TRANSFER_EVENT_EDIT, &work));
    if (edit->reference) {
        TRY(check_line(ctx, "reference", *edit->reference, 0,
                       LIMIT_EXTERNAL_ID_BYTES));
        work.transfer.reference = *edit->reference;
    }
    if (edit->expected_at)
        work.transfer.expected_at = *edit->expected_at;
    if (edit->lines) {
        TRY(make_lines(ctx, id, edit->lines, edit->count, &work.lines));
        work.count = edit->count;
        TRY(transfer_line_drop(ctx, id, (int64_t)edit->count));
    }
    return transfer_finish(ctx, TRANSFER_EVENT_EDIT, &work);
}

/* ---- ready and cancel ---- */

static err_t reserve(struct ctx *ctx, struct transfer_work *work, size_t i)
{
    const struct transfer_line *line = &work->lines[i];
    struct stock_level *level =
        stock_level_find(work->stock, line->sku, work->transfer.from);
    int64_t there = level ? stock_available(level) : 0;
    if (there < line->qty)
        return fail_as(ctx, ERR_STATE, "not_enough_stock", "quantity",
                       "there are %lld available units",
                       (long long)(there > 0 ? there : 0));
    struct stock_owner owner = {.kind = OWNER_TRANSFER,
                                .id = work->transfer.id.v,
                                .n = line->n,
                                .event_id = work->event_id};
    (void)stock_hold(ctx, work->stock, level, line->qty, &owner);
    return OK;
}

err_t transfer_ready(struct ctx *ctx, transfer_id id, int64_t version)
{
    struct transfer_work work;
    TRY(transfer_open(ctx, id, version, TRANSFER_EVENT_READY, &work));
    TRY(transfer_lock_stock(ctx, false, &work));
    ASSERT(work.held_count == 0);
    for (size_t i = 0; i < work.count; i++)
        TRY(fail_in(ctx, reserve(ctx, &work, i), "lines", i));
    return transfer_finish(ctx, TRANSFER_EVENT_READY, &work);
}

err_t transfer_cancel(struct ctx *ctx, transfer_id id, int64_t version)
{
    struct transfer_work work;
    TRY(transfer_open(ctx, id, version, TRANSFER_EVENT_CANCEL, &work));
    TRY(transfer_lock_stock(ctx, false, &work));
    for (size_t i = 0; i < work.held_count; i++)
        stock_unhold(ctx, work.stock, &work.held[i], RESERVATION_RELEASED,
                     work.event_id);
    return transfer_finish(ctx, TRANSFER_EVENT_CANCEL, &work);
}
