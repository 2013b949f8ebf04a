/* inventory_expect.c - the commands that announce goods, change and cancel. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/id.h"
#include "base/json.h"
#include "base/map.h"
#include "base/str.h"
#include "oms/inventory/inventory_expected.h"
#include "oms/inventory/inventory_named.h"
#include "oms/inventory/inventory_near.h"
#include "oms/inventory/inventory_store.h"
#include "store/event.h"

static str supply_text(struct ctx *ctx, const struct supply *supply)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_id(&out, "sku", "sku", supply->sku.v);
    json_put_id(&out, "location", "loc", supply->location.v);
    json_put_i64(&out, "quantity", supply->qty);
    json_put_i64(&out, "received", supply->received);
    json_put_time(&out, "expected_at", supply->expected_at);
    json_put_cstr(&out, "state", supply_state_name(supply->state));
    json_end_object(&out);
    return buf_str(&buf);
}

static err_t check_cmd(struct ctx *ctx, const struct supply_cmd *cmd)
{
    TRY(check_range(ctx, "quantity", cmd->qty, 1, LIMIT_QTY));
    TRY(check_range(ctx, "over_percent", cmd->over_percent, 0, 100));
    return check_line(ctx, "reference", cmd->reference, 0,
                      LIMIT_EXTERNAL_ID_BYTES);
}

/* What a run of announcements works on. */
struct announcing {
    struct named named;
    struct stock *stock;
    struct supply *rows;
    struct event *events;
    size_t count;
};

static err_t find_named(struct ctx *ctx, const struct supply_cmd *cmds,
                        size_t count, struct announcing *a)
{
    str *skus = arena_array(ctx->arena, str, count);
    str *locations = arena_array(ctx->arena, str, count);
    for (size_t i = 0; i < count; i++) {
        skus[i] = cmds[i].sku;
        locations[i] = cmds[i].location;
    }
    TRY(named_skus(ctx, skus, count, &a->named));
    TRY(named_locations(ctx, locations, count, &a->named));
    struct level_key *keys = arena_array(ctx->arena, struct level_key, count);
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        const struct sku *sku = named_sku(&a->named, cmds[i].sku);
        const struct location *at = named_location(&a->named, cmds[i].location);
        if (sku && at && sku->is_tracked)
            keys[n++] = (struct level_key){sku->id, at->id};
    }
    return level_lock(ctx, keys, n, &a->stock);
}

/* Decides one and takes it in memory. */
static err_t announce(struct ctx *ctx, struct announcing *a,
                      const struct supply_cmd *cmd, struct supply *ret)
{
    const struct sku *sku;
    TRY(check_cmd(ctx, cmd));
    TRY(named_sku_get(ctx, &a->named, cmd->sku, &sku));
    if (!sku->is_tracked)
        return fail_as(ctx, ERR_STATE, "sku_untracked", "sku",
                       "an untracked SKU takes no stock");
    const struct location *at = named_location(&a->named, cmd->location);
    if (!at)
        return fail_as(ctx, ERR_INVALID, "location_unknown", "location",
                       "there is no location with this code");
    struct stock_level *level = stock_level_find(a->stock, sku->id, at->id);
    ASSERT(level != NULL);
    if (level->incoming + level->delta_incoming + cmd->qty > LIMIT_QTY)
        return fail_as(ctx, ERR_INVALID, "number_out_of_range", "quantity",
                       "at most %lld units are expected at a level",
                       (long long)LIMIT_QTY);
    *ret = (struct supply){
        .id = {id_next(ctx->ids, ctx->now, id_bucket(sku->id.v))},
        .sku = sku->id,
        .location = at->id,
        .qty = cmd->qty,
        .over_percent = cmd->over_percent,
        .expected_at = cmd->expected_at,
        .reference = cmd->reference,
        .state = SUPPLY_OPEN,
        .source = cmd->source ? cmd->source : SUPPLY_BY_HAND,
        .source_id = cmd->source_id,
        .source_n = cmd->source_n,
        .version = 1,
        .created_at = ctx->now,
    };
    stock_expect(a->stock, level, cmd->qty);
    a->rows[a->count] = *ret;
    a->events[a->count++] = (struct event){
        .id = event_id(ctx, ret->id.v),
        .at = ctx->now,
        .type = STR("supply.expected"),
        .subject_kind = STR("supply"),
        .subject_id = ret->id.v,
        .actor = ctx->actor,
        .data = supply_text(ctx, ret),
    };
    return OK;
}

err_t supply_create_many(struct ctx *ctx, const struct supply_cmd *cmds,
                         size_t count, struct supply_result *results)
{
    ASSERT(ctx->tx != NULL);
    struct announcing a = {
        .rows = arena_array(ctx->arena, struct supply, count),
        .events = arena_array(ctx->arena, struct event, count),
    };
    TRY(find_named(ctx, cmds, count, &a));
    for (size_t i = 0; i < count; i++) {
        err_t err = announce(ctx, &a, &cmds[i], &results[i].supply);
        results[i].is_ok = err == OK;
        if (err == OK)
            continue;
        results[i].err = ctx->err;
        err_clear(ctx);
    }
    TRY(event_add_many(ctx, a.events, a.count));
    TRY(supply_add(ctx, a.rows, a.count));
    return stock_save(ctx, a.stock);
}

/* ---- change and cancel ---- */

/* The row under the lock of its levels, compared; only open ones by hand. */
static err_t lock_own(struct ctx *ctx, supply_id id, int64_t version,
                      struct stock **ret_stock, struct supply *ret)
{
    TRY(supply_get(ctx, id, ret));
    TRY(stock_lock(ctx, &ret->sku, 1, ret_stock));
    TRY(supply_get(ctx, id, ret));
    TRY(check_version(ctx, version, ret->version));
    if (ret->source == SUPPLY_TRANSFER)
        return fail_as(ctx, ERR_STATE, "owned_by_transfer", "",
                       "it follows its transfer: change that");
    if (ret->source == SUPPLY_PURCHASE)
        return fail_as(ctx, ERR_STATE, "owned_by_purchase_order", "",
                       "it follows its purchase order: change that");
    if (ret->state != SUPPLY_OPEN)
        return fail(ctx, ERR_STATE, "", "it is %s already",
                    supply_state_name(ret->state));
    return OK;
}

err_t supply_change(struct ctx *ctx, supply_id id,
                    const struct supply_change *change)
{
    ASSERT(ctx->tx != NULL);
    struct stock *stock;
    struct supply row;
    TRY(lock_own(ctx, id, change->version, &stock, &row));
    int64_t qty = change->qty ? *change->qty : row.qty;
    row.over_percent =
        change->over_percent ? *change->over_percent : row.over_percent;
    row.expected_at =
        change->expected_at ? *change->expected_at : row.expected_at;
    row.reference = change->reference ? *change->reference : row.reference;
    struct supply_cmd cmd = {.qty = qty,
                             .over_percent = row.over_percent,
                             .reference = row.reference};
    TRY(check_cmd(ctx, &cmd));
    if (qty < row.received)
        return fail_as(ctx, ERR_INVALID, "below_received", "quantity",
                       "%lld units have come in already",
                       (long long)row.received);
    const struct stock_level *level =
        stock_level_find(stock, row.sku, row.location);
    if (level && level->incoming + qty - row.qty > LIMIT_QTY)
        return fail_as(ctx, ERR_INVALID, "number_out_of_range", "quantity",
                       "at most %lld units are expected at a level",
                       (long long)LIMIT_QTY);
    supply_apply(stock, &row, qty, row.received);
    TRY(supply_save(ctx, &row, 1));
    TRY(event_add(ctx, "supply.changed", "supply", id.v, supply_text(ctx, &row),
                  NULL));
    return stock_save(ctx, stock);
}

err_t supply_cancel(struct ctx *ctx, supply_id id, int64_t version)
{
    ASSERT(ctx->tx != NULL);
    struct stock *stock;
    struct supply row;
    TRY(lock_own(ctx, id, version, &stock, &row));
    supply_end(stock, &row);
    TRY(supply_save(ctx, &row, 1));
    TRY(event_add(ctx, "supply.cancelled", "supply", id.v,
                  supply_text(ctx, &row), NULL));
    return stock_save(ctx, stock);
}

/* ---- what a source says of its rows ---- */

/* The rows under the locks of their levels. */
static err_t lock_rows(struct ctx *ctx, const supply_id *ids, size_t count,
                       struct stock **ret_stock, struct supply **ret,
                       size_t *ret_count)
{
    TRY(supply_list_ids(ctx, ids, count, ret, ret_count));
    sku_id *skus = arena_array(ctx->arena, sku_id, *ret_count);
    location_id *places = arena_array(ctx->arena, location_id, *ret_count);
    for (size_t i = 0; i < *ret_count; i++) {
        skus[i] = (*ret)[i].sku;
        places[i] = (*ret)[i].location;
    }
    TRY(stock_lock_at(ctx, skus, *ret_count, places, *ret_count, ret_stock));
    return supply_list_ids(ctx, ids, count, ret, ret_count);
}

static err_t save_rows(struct ctx *ctx, struct stock *stock,
                       struct supply *rows, size_t count)
{
    TRY(supply_save(ctx, rows, count));
    for (size_t i = 0; i < count; i++)
        TRY(event_add(ctx,
                      rows[i].state == SUPPLY_CANCELLED ? "supply.cancelled"
                                                        : "supply.changed",
                      "supply", rows[i].id.v, supply_text(ctx, &rows[i]),
                      NULL));
    return stock_save(ctx, stock);
}

err_t supply_postpone_many(struct ctx *ctx, const struct supply_day *days,
                           size_t count)
{
    ASSERT(ctx->tx != NULL);
    struct stock *stock;
    struct supply *rows;
    size_t found, moved = 0;
    supply_id *ids = arena_array(ctx->arena, supply_id, count);
    utc_ms *at = arena_array(ctx->arena, utc_ms, count);
    struct map *wanted = map_open(ctx->arena, count);
    for (size_t i = 0; i < count; i++) {
        ids[i] = days[i].id;
        at[i] = days[i].expected_at;
        map_set(wanted, (struct map_key){.a = ids[i].v}, &at[i]);
    }
    TRY(lock_rows(ctx, ids, count, &stock, &rows, &found));
    for (size_t i = 0; i < found; i++) {
        const utc_ms *day =
            map_find(wanted, (struct map_key){.a = rows[i].id.v});
        if (rows[i].state != SUPPLY_OPEN || rows[i].expected_at == *day)
            continue;
        rows[moved] = rows[i];
        rows[moved++].expected_at = *day;
    }
    return save_rows(ctx, stock, rows, moved);
}

err_t supply_withdraw_many(struct ctx *ctx, const supply_id *ids, size_t count)
{
    ASSERT(ctx->tx != NULL);
    struct stock *stock;
    struct supply *rows;
    size_t found, ended = 0;
    TRY(lock_rows(ctx, ids, count, &stock, &rows, &found));
    for (size_t i = 0; i < found; i++) {
        struct supply row = rows[i];
        if (supply_room(&row) == 0)
            continue;
        if (row.state == SUPPLY_OPEN)
            supply_end(stock, &row);
        row.over_percent = 0;
        rows[ended++] = row;
    }
    return save_rows(ctx, stock, rows, ended);
}
