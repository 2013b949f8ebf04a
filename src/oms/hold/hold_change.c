/* hold_change.c - how a hold is extended and how it ends, in batch form. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/id.h"
#include "base/json.h"
#include "base/map.h"
#include "base/str.h"
#include "oms/hold/hold_rules.h"
#include "oms/hold/hold_store.h"
#include "oms/inventory/inventory_near.h"
#include "store/event.h"

enum { EVENT_BYTES = 256 };

/* ---- telling ---- */

static const char *event_type(const struct hold *hold)
{
    switch (hold->state) {
    case HOLD_NONE: break;
    case HOLD_OPEN:
        return hold->version == 1 ? "hold.created" : "hold.extended";
    case HOLD_CONFIRMED: return "hold.confirmed";
    case HOLD_RELEASED: return "hold.released";
    case HOLD_EXPIRED: return "hold.expired";
    }
    UNREACHABLE("a hold that is none");
}

static str event_data(struct arena *arena, const struct hold *hold)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, arena, EVENT_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_i64(&out, "version", hold->version);
    json_put_id(&out, "channel", "chn", hold->channel.v);
    if (hold->state == HOLD_OPEN)
        json_put_time(&out, "expires_at", hold->expires_at);
    if (hold->order.v)
        json_put_id(&out, "order", "ord", hold->order.v);
    json_end_object(&out);
    return buf_str(&buf);
}

err_t hold_tell_many(struct ctx *ctx, const struct hold *const *holds,
                     size_t count)
{
    struct event *events = arena_array(ctx->arena, struct event, count);
    for (size_t i = 0; i < count; i++)
        events[i] = (struct event){
            .id = holds[i]->event_id,
            .at = ctx->now,
            .type = str_from_cstr(event_type(holds[i])),
            .subject_kind = STR("hold"),
            .subject_id = holds[i]->id.v,
            .actor = holds[i]->actor,
            .data = event_data(ctx->arena, holds[i]),
        };
    return event_add_many(ctx, events, count);
}

/* ---- in memory ---- */

void hold_finish(struct ctx *ctx, struct stock *stock, struct hold *hold,
                 const struct hold_end *end)
{
    enum hold_state next = hold_next(hold->state, end->event);
    ASSERT(next != HOLD_NONE && next != HOLD_OPEN);
    ASSERT((end->order.v != 0) == (next == HOLD_CONFIRMED));
    hold->state = next;
    hold->version += 1;
    hold->ended_at = ctx->now;
    hold->order = end->order;
    hold->actor = end->actor;
    hold->event_id = event_id(ctx, hold->id.v);
    enum reservation_state row_end =
        next == HOLD_EXPIRED ? RESERVATION_EXPIRED : RESERVATION_RELEASED;
    for (size_t i = 0; i < hold->held_count; i++)
        stock_unhold(ctx, stock, &hold->held[i], row_end, hold->event_id);
}

static err_t lock_levels(struct ctx *ctx, const struct hold *holds,
                         size_t count, struct stock **ret)
{
    size_t rows = 0, n = 0;
    for (size_t i = 0; i < count; i++)
        rows += holds[i].held_count;
    sku_id *skus = arena_array(ctx->arena, sku_id, rows);
    location_id *at = arena_array(ctx->arena, location_id, rows);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < holds[i].held_count; j++) {
            at[n] = holds[i].held[j].location;
            skus[n++] = holds[i].held[j].sku;
        }
    return stock_lock_at(ctx, skus, n, at, n, ret);
}

static err_t check_cover(struct ctx *ctx, struct stock *stock,
                         const struct hold *hold)
{
    if (hold->held_count > 0 &&
        stock_covers(stock, hold->held, hold->held_count))
        return OK;
    return fail(ctx, ERR_INTERNAL, "", "hold %lld lacks its units",
                (long long)hold->id.v);
}

/* ---- the timer's ---- */

err_t hold_expire(struct ctx *ctx, size_t limit, size_t *ret)
{
    hold_id *ids;
    struct hold *holds;
    struct stock *stock;
    size_t due, count, n = 0;
    *ret = 0;
    TRY(hold_due_list(ctx, limit, &ids, &due));
    if (due == 0)
        return OK;
    TRY(hold_lock_many(ctx, ids, due, &holds, &count));
    TRY(lock_levels(ctx, holds, count, &stock));
    const struct hold **ended =
        arena_array(ctx->arena, const struct hold *, count);
    struct hold_end end = {.event = HOLD_EVENT_EXPIRE, .actor = ctx->actor};
    for (size_t i = 0; i < count; i++) {
        /* Somebody may have been faster while we waited for the lock. */
        if (holds[i].state != HOLD_OPEN || holds[i].expires_at > ctx->now)
            continue;
        TRY(check_cover(ctx, stock, &holds[i]));
        hold_finish(ctx, stock, &holds[i], &end);
        ended[n++] = &holds[i];
    }
    TRY(stock_save(ctx, stock));
    TRY(hold_save_many(ctx, ended, n));
    *ret = due;
    return OK;
}

/* ---- release and extend ---- */

struct change {
    struct ctx *ctx;
    struct stock *stock;
    struct map *by_id;
    const struct hold **changed;
    size_t changed_count;
};

static err_t extend(const struct change *change,
                    const struct hold_change_item *item, struct hold *hold)
{
    utc_ms to;
    TRY(hold_extended_to(item->ctx, hold, item->ctx->now, item->ttl_s, &to));
    if (to == hold->expires_at)
        return OK; /* Nothing to write or to tell. */
    hold->expires_at = to;
    hold->version += 1;
    hold->actor = item->ctx->actor;
    hold->event_id = event_id(change->ctx, hold->id.v);
    return OK;
}

/* A hold that changed in this batch is written once: a second change of it is
 * decided in a batch of its own. */
static err_t decide(struct change *change, struct hold_change_item *item)
{
    struct hold *hold =
        map_find(change->by_id, (struct map_key){.a = item->id.v});
    if (!hold)
        return fail(item->ctx, ERR_NOT_FOUND, "id",
                    "there is no hold with this id");
    TRY(hold_check_open(item->ctx, hold, item->ctx->now));
    if (item->version != 0)
        TRY(check_version(item->ctx, item->version, hold->version));
    if (hold->event_id != 0)
        return ERR_RETRY;
    if (item->ttl_s > 0) {
        TRY(extend(change, item, hold));
    } else {
        TRY(check_cover(item->ctx, change->stock, hold));
        struct hold_end end = {.event = HOLD_EVENT_RELEASE,
                               .actor = item->ctx->actor};
        hold_finish(change->ctx, change->stock, hold, &end);
    }
    if (hold->event_id != 0)
        change->changed[change->changed_count++] = hold;
    item->hold = hold;
    return OK;
}

err_t hold_change_many(struct ctx *ctx, struct hold_change_item *items,
                       size_t count)
{
    hold_id *ids = arena_array(ctx->arena, hold_id, count);
    struct hold *holds;
    size_t found;
    bool is_release = false;
    for (size_t i = 0; i < count; i++) {
        ids[i] = items[i].id;
        is_release |= items[i].ttl_s == 0;
    }
    struct change change = {
        .ctx = ctx,
        .by_id = map_open(ctx->arena, count),
        .changed = arena_array(ctx->arena, const struct hold *, count)};
    TRY(hold_lock_many(ctx, ids, count, &holds, &found));
    for (size_t i = 0; i < found; i++)
        map_set(change.by_id, (struct map_key){.a = holds[i].id.v}, &holds[i]);
    TRY(hold_add_codes(ctx, holds, found));
    if (is_release)
        TRY(lock_levels(ctx, holds, found, &change.stock));
    for (size_t i = 0; i < count; i++) {
        items[i].err = decide(&change, &items[i]);
        if (items[i].err == ERR_RETRY)
            return ERR_RETRY;
    }
    if (is_release)
        TRY(stock_save(ctx, change.stock));
    return hold_save_many(ctx, change.changed, change.changed_count);
}
