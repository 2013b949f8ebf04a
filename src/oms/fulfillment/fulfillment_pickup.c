/* fulfillment_pickup.c - the commands of a pickup. */
#include "oms/fulfillment/fulfillment_pickup.h"

#include <sodium.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/id.h"
#include "base/json.h"
#include "base/secret.h"
#include "base/str.h"
#include "base/time.h"
#include "oms/fulfillment/fulfillment_bin.h"
#include "oms/fulfillment/fulfillment_give_up.h"
#include "oms/fulfillment/fulfillment_pick_units.h"
#include "oms/fulfillment/fulfillment_pickup_store.h"
#include "oms/fulfillment/fulfillment_work.h"
#include "store/event.h"
#include "store/store.h"

/* ---- telling ---- */

static const char *event_type(enum pickup_event event)
{
    switch (event) {
    case PICKUP_EVENT_RESERVE: return "pickup.reserved";
    case PICKUP_EVENT_MOVE: return "pickup.moved";
    case PICKUP_EVENT_PREPARE: return "pickup.preparing";
    case PICKUP_EVENT_READY: return "pickup.ready";
    case PICKUP_EVENT_CODE: return "pickup.code_issued";
    case PICKUP_EVENT_REFUSE: return "pickup.code_refused";
    case PICKUP_EVENT_EXTEND: return "pickup.extended";
    case PICKUP_EVENT_COLLECT: return "pickup.collected";
    case PICKUP_EVENT_EXPIRE: return "pickup.expired";
    case PICKUP_EVENT_CANCEL: return "pickup.cancelled";
    }
    UNREACHABLE("not an event of a pickup");
}

static void put_lines(struct json_out *out, const struct fulfillment *fo)
{
    json_begin_list(out, "lines");
    for (size_t i = 0; i < fo->line_count; i++) {
        if (fo->lines[i].qty == 0)
            continue;
        json_begin(out, NULL);
        json_put_i64(out, "line", fo->lines[i].n);
        json_put_id(out, "sku", "sku", fo->lines[i].sku.v);
        json_put_i64(out, "quantity", fo->lines[i].qty);
        json_end_object(out);
    }
    json_end_list(out);
}

/* What a notice to the buyer needs, but never the code. */
static err_t tell(struct ctx *ctx, enum pickup_event event,
                  const struct pickup *row, const struct fulfillment *fo)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_id(&out, "order", "ord", row->order.v);
    json_put_id(&out, "fulfillment_order", "fo", row->fo.v);
    json_put_id(&out, "location", "loc", row->location.v);
    json_put_cstr(&out, "state", pickup_state_name(row->state));
    if (row->expires_at)
        json_put_time(&out, "expires_at", row->expires_at);
    if (event == PICKUP_EVENT_REFUSE)
        json_put_i64(&out, "tries_left", PICKUP_TRIES - row->tries);
    if (fo)
        put_lines(&out, fo);
    json_put_i64(&out, "version", row->version);
    json_end_object(&out);
    return event_add(ctx, event_type(event), "pickup", row->id.v, buf_str(&buf),
                     NULL);
}

static err_t finish(struct ctx *ctx, enum pickup_event event,
                    struct pickup *row, const struct fulfillment *fo)
{
    row->state = pickup_next(row->state, event);
    ASSERT(row->state != 0);
    bool is_over = row->state == PICKUP_COLLECTED ||
                   row->state == PICKUP_EXPIRED ||
                   row->state == PICKUP_CANCELLED;
    if (is_over) {
        row->ended_at = ctx->now;
        row->code = STR("");
    }
    TRY(pickup_save(ctx, row));
    return tell(ctx, event, row, fo);
}

/* version 0: whatever it is now. */
static err_t open_row(struct ctx *ctx, pickup_id id, int64_t version,
                      enum pickup_event event, struct pickup *ret)
{
    ASSERT(ctx->tx != NULL);
    TRY(pickup_lock(ctx, id, ret));
    if (version != 0)
        TRY(check_version(ctx, version, ret->version));
    return pickup_allow(ctx, ret->state, event);
}

/* ---- with its fulfillment order ---- */

static err_t reserve(struct ctx *ctx, const struct fulfillment *fo)
{
    bool is_added;
    struct pickup row = {
        .id = {id_next(ctx->ids, ctx->now, id_bucket(fo->order.v))},
        .fo = fo->id,
        .order = fo->order,
        .location = fo->location,
        .state = pickup_next(0, PICKUP_EVENT_RESERVE),
        .version = 1,
        .created_at = ctx->now,
        .updated_at = ctx->now,
    };
    TRY(pickup_add(ctx, &row, &is_added));
    return is_added ? tell(ctx, PICKUP_EVENT_RESERVE, &row, fo) : OK;
}

static bool is_over(const struct fulfillment *fo)
{
    return fo->status == FULFILLMENT_CLOSED ||
           fo->status == FULFILLMENT_CANCELLED;
}

err_t pickup_reserve(struct ctx *ctx, const struct fulfillment *fos,
                     size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (fos[i].method == ORDER_PICKUP && !is_over(&fos[i]))
            TRY(reserve(ctx, &fos[i]));
    return OK;
}

err_t pickup_prepare(struct ctx *ctx, const struct fulfillment *fo)
{
    struct pickup row;
    bool found;
    if (fo->method != ORDER_PICKUP)
        return OK;
    TRY(reserve(ctx, fo));
    TRY(pickup_lock_fo(ctx, fo->id, &row, &found));
    if (!found || !pickup_next(row.state, PICKUP_EVENT_PREPARE))
        return OK;
    return finish(ctx, PICKUP_EVENT_PREPARE, &row, NULL);
}

err_t pickup_follow(struct ctx *ctx, const struct fulfillment *fo)
{
    struct pickup row;
    bool found;
    if (fo->method != ORDER_PICKUP)
        return OK;
    TRY(pickup_lock_fo(ctx, fo->id, &row, &found));
    enum pickup_event event =
        is_over(fo) ? PICKUP_EVENT_CANCEL : PICKUP_EVENT_MOVE;
    bool is_same = !is_over(fo) && row.location.v == fo->location.v;
    if (!found || is_same || !pickup_next(row.state, event))
        return OK;
    row.location = fo->location;
    return finish(ctx, event, &row, NULL);
}

err_t pickup_check_unready(struct ctx *ctx, const struct fulfillment *fo)
{
    struct pickup row;
    bool found;
    if (fo->method != ORDER_PICKUP)
        return OK;
    TRY(pickup_lock_fo(ctx, fo->id, &row, &found));
    if (!found || row.state != PICKUP_READY)
        return OK;
    return fail_as(ctx, ERR_STATE, "pickup_ready", "state",
                   "its units wait at the counter for their buyer: call the "
                   "pickup off first");
}

/* ---- ready ---- */

static str place_of(struct ctx *ctx, pickup_id id)
{
    char text[ID_TEXT_BYTES];
    size_t len = id_to_text("pup", id.v, text);
    return str_printf(ctx->arena, "pickup:%.*s", (int)len, text);
}

static err_t make_code(struct ctx *ctx, struct pickup *row, str *ret)
{
    *ret = pickup_code(ctx->arena, randombytes_random());
    row->tries = 0;
    return secret_seal(ctx, store_secrets(ctx), place_of(ctx, row->id), *ret,
                       &row->code);
}

static err_t check_picked(struct ctx *ctx, const struct fulfillment *fo)
{
    int64_t units = 0;
    for (size_t i = 0; i < fo->line_count; i++) {
        const struct fulfillment_line *line = &fo->lines[i];
        units += line->picked - line->shipped;
        if (line->picked < line->qty)
            return fail_as(ctx, ERR_STATE, "not_picked_yet", "state",
                           "line %lld has %lld still to be picked",
                           (long long)line->n,
                           (long long)(line->qty - line->picked));
    }
    if (units > 0)
        return OK;
    return fail_as(ctx, ERR_STATE, "not_picked_yet", "state",
                   "there is nothing to hand over");
}

static err_t check_expiry(struct ctx *ctx, utc_ms expires_at)
{
    utc_ms last = ctx->now + LIMIT_PICKUP_HOLD_DAYS * DAY_MS;
    if (expires_at > ctx->now && expires_at <= last)
        return OK;
    return fail_as(ctx, ERR_INVALID, "out_of_range", "expires_at",
                   "lies between now and %d days ahead",
                   LIMIT_PICKUP_HOLD_DAYS);
}

err_t pickup_ready(struct ctx *ctx, pickup_id id, int64_t version,
                   utc_ms expires_at)
{
    struct pickup row;
    struct fulfillment fo;
    struct location_work *work;
    str code;
    TRY(open_row(ctx, id, version, PICKUP_EVENT_READY, &row));
    TRY(fulfillment_get(ctx, row.fo, &fo));
    TRY(check_picked(ctx, &fo));
    TRY(location_work_list(ctx, &row.location, 1, &work));
    if (expires_at == 0)
        expires_at = ctx->now + work->pickup_hold_days * DAY_MS;
    TRY(check_expiry(ctx, expires_at));
    TRY(make_code(ctx, &row, &code));
    row.ready_at = ctx->now;
    row.expires_at = expires_at;
    return finish(ctx, PICKUP_EVENT_READY, &row, &fo);
}

err_t pickup_new_code(struct ctx *ctx, pickup_id id, int64_t version,
                      str *ret_code)
{
    struct pickup row;
    TRY(open_row(ctx, id, version, PICKUP_EVENT_CODE, &row));
    TRY(make_code(ctx, &row, ret_code));
    return finish(ctx, PICKUP_EVENT_CODE, &row, NULL);
}

err_t pickup_extend(struct ctx *ctx, pickup_id id, int64_t version,
                    utc_ms expires_at)
{
    struct pickup row;
    TRY(open_row(ctx, id, version, PICKUP_EVENT_EXTEND, &row));
    TRY(check_expiry(ctx, expires_at));
    row.expires_at = expires_at;
    return finish(ctx, PICKUP_EVENT_EXTEND, &row, NULL);
}

/* ---- handed over ---- */

err_t fulfillment_pickup_code(struct ctx *ctx, const struct pickup *pickup,
                              str *ret_code)
{
    *ret_code = STR("");
    if (pickup->state != PICKUP_READY || pickup->code.len == 0)
        return OK;
    return secret_open(ctx, store_secrets(ctx), place_of(ctx, pickup->id),
                       pickup->code, ret_code);
}

static err_t is_code(struct ctx *ctx, const struct pickup *row, str code,
                     bool *ret)
{
    str kept;
    TRY(fulfillment_pickup_code(ctx, row, &kept));
    *ret = kept.len == code.len &&
           sodium_memcmp(kept.ptr, code.ptr, kept.len) == 0;
    return OK;
}

/* All units that were picked leave. */
static err_t hand_over(struct ctx *ctx, const struct pickup *row)
{
    struct fulfillment_work work;
    TRY(fulfillment_lock(ctx, row->fo, &work));
    const struct fulfillment *fo = work.fo;
    struct fulfillment_units *pack =
        arena_array(ctx->arena, struct fulfillment_units, fo->line_count);
    struct fulfillment_units *ship =
        arena_array(ctx->arena, struct fulfillment_units, fo->line_count);
    struct fulfillment_note packed = {.units = pack};
    struct fulfillment_note shipped = {.units = ship};
    for (size_t i = 0; i < fo->line_count; i++) {
        const struct fulfillment_line *line = &fo->lines[i];
        int64_t more = line->picked - line->packed;
        if (more > 0)
            pack[packed.count++] =
                (struct fulfillment_units){.n = line->n, .qty = more};
        if (line->picked > line->shipped)
            ship[shipped.count++] = (struct fulfillment_units){
                .n = line->n, .qty = line->picked - line->shipped};
    }
    if (packed.count > 0)
        TRY(fulfillment_note_packed(ctx, &work, &packed));
    if (shipped.count == 0)
        return fail_as(ctx, ERR_STATE, "not_picked_yet", "state",
                       "there is nothing to hand over");
    return fulfillment_note_shipped(ctx, &work, &shipped);
}

err_t pickup_collect(struct ctx *ctx, pickup_id id, str code,
                     bool *ret_is_collected)
{
    struct pickup row;
    TRY(open_row(ctx, id, 0, PICKUP_EVENT_COLLECT, &row));
    if (row.tries >= PICKUP_TRIES || row.code.len == 0)
        return fail_as(ctx, ERR_STATE, "code_locked", "code",
                       "its code works no longer: make a new one");
    TRY(is_code(ctx, &row, code, ret_is_collected));
    if (!*ret_is_collected) {
        row.tries++;
        return finish(ctx, PICKUP_EVENT_REFUSE, &row, NULL);
    }
    TRY(hand_over(ctx, &row));
    return finish(ctx, PICKUP_EVENT_COLLECT, &row, NULL);
}

/* ---- back to stock ---- */

static err_t give_back(struct ctx *ctx, struct pickup *row,
                       enum pickup_event event)
{
    struct fulfillment_work work;
    TRY(fulfillment_lock(ctx, row->fo, &work));
    TRY(fulfillment_check_here(ctx, work.fo));
    const struct fulfillment before = *work.fo;
    struct fulfillment_units *units =
        arena_array(ctx->arena, struct fulfillment_units, before.line_count);
    struct fulfillment_note note = {.units = units};
    for (size_t i = 0; i < before.line_count; i++) {
        const struct fulfillment_line *line = &before.lines[i];
        if (line->picked > line->packed)
            units[note.count++] = (struct fulfillment_units){
                .n = line->n, .qty = line->picked - line->packed};
    }
    if (note.count > 0)
        TRY(fulfillment_note_unpicked(ctx, &work, &note));
    TRY(fulfillment_give_up(ctx, &work, pickup_event_name(event)));
    return pick_units_back(ctx, row->fo);
}

err_t pickup_cancel(struct ctx *ctx, pickup_id id, int64_t version)
{
    struct pickup row;
    TRY(open_row(ctx, id, version, PICKUP_EVENT_CANCEL, &row));
    TRY(give_back(ctx, &row, PICKUP_EVENT_CANCEL));
    return finish(ctx, PICKUP_EVENT_CANCEL, &row, NULL);
}

static err_t expire(struct ctx *ctx, pickup_id id)
{
    struct pickup row;
    struct fulfillment fo;
    TRY(pickup_lock(ctx, id, &row));
    /* Somebody was faster. */
    if (row.state != PICKUP_READY || row.expires_at > ctx->now)
        return OK;
    TRY(fulfillment_get(ctx, row.fo, &fo));
    TRY(give_back(ctx, &row, PICKUP_EVENT_EXPIRE));
    return finish(ctx, PICKUP_EVENT_EXPIRE, &row, &fo);
}

err_t pickup_expire(struct ctx *ctx, size_t limit, bool *ret_is_more)
{
    pickup_id *ids;
    size_t count;
    TRY(pickup_list_due(ctx, limit, &ids, &count));
    for (size_t i = 0; i < count; i++)
        TRY(expire(ctx, ids[i]));
    *ret_is_more = count == limit;
    return OK;
}
