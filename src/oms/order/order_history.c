/* order_history.c - the command "record these orders of the past". */
#include "oms/order/order_history.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/id.h"
#include "base/json.h"
#include "base/map.h"
#include "base/str.h"
#include "oms/catalog/catalog.h"
#include "oms/order/order_pay.h"
#include "oms/order/order_rules.h"
#include "oms/order/order_sql.h"
#include "oms/order/order_store.h"
#include "store/event.h"
#include "store/sql.h"

enum { EVENT_BYTES = 512 };

/* What (channel, external id) stands for: in the store, or in this batch. */
struct known {
    int64_t body_hash;
    order_id id;
};

struct run {
    struct ctx *ctx;
    struct order_record_item *items;
    size_t count;
    struct map *channels; /* code -> struct channel */
    struct map *skus;     /* code -> struct sku */
    struct map *known;    /* (channel, external id) -> struct known */
    const struct order **fresh;
    const struct ctx **fresh_ctx;
    size_t fresh_count;
};

static struct map_key text_key(str s)
{
    return (struct map_key){.s = s};
}

static err_t gather_channels(struct run *run)
{
    struct arena *arena = run->ctx->arena;
    str *codes = arena_array(arena, str, run->count);
    struct channel *found;
    size_t n = 0, count;
    run->channels = map_open(arena, 4);
    for (size_t i = 0; i < run->count; i++)
        if (n == 0 || !str_equal(codes[n - 1], run->items[i].cmd->channel))
            codes[n++] = run->items[i].cmd->channel;
    TRY(channel_list_codes(run->ctx, codes, n, &found, &count));
    for (size_t i = 0; i < count; i++)
        map_set(run->channels, text_key(found[i].code), &found[i]);
    return OK;
}

static err_t gather_skus(struct run *run)
{
    struct arena *arena = run->ctx->arena;
    size_t lines = 0, n = 0, count;
    for (size_t i = 0; i < run->count; i++)
        lines += run->items[i].cmd->line_count;
    str *codes = arena_array(arena, str, lines);
    struct sku *found;
    run->skus = map_open(arena, lines);
    for (size_t i = 0; i < run->count; i++)
        for (size_t j = 0; j < run->items[i].cmd->line_count; j++) {
            str code = run->items[i].cmd->lines[j].sku;
            if (map_find(run->skus, text_key(code)))
                continue;
            map_set(run->skus, text_key(code), run);
            codes[n++] = code;
        }
    TRY(sku_list_codes(run->ctx, codes, n, &found, &count));
    run->skus = map_open(arena, count);
    for (size_t i = 0; i < count; i++)
        map_set(run->skus, text_key(found[i].code), &found[i]);
    return OK;
}

static err_t gather_known(struct run *run)
{
    struct arena *arena = run->ctx->arena;
    struct order_key *keys = arena_array(arena, struct order_key, run->count);
    struct order_known *found;
    size_t n = 0, count;
    for (size_t i = 0; i < run->count; i++) {
        const struct order_cmd *cmd = run->items[i].cmd;
        const struct channel *channel =
            map_find(run->channels, text_key(cmd->channel));
        if (channel)
            keys[n++] = (struct order_key){channel->id, channel->code,
                                           cmd->external_id};
    }
    TRY(order_find_many(run->ctx, keys, n, &found, &count));
    run->known = map_open(arena, run->count);
    for (size_t i = 0; i < count; i++) {
        struct known *known = arena_new(arena, struct known);
        *known = (struct known){found[i].body_hash, found[i].id};
        map_set(run->known,
                (struct map_key){.a = found[i].channel.v,
                                 .s = found[i].external_id},
                known);
    }
    return OK;
}

static err_t check_lines(struct ctx *ctx, const struct run *run,
                         const struct order_cmd *cmd)
{
    if (cmd->line_count == 0 || cmd->line_count > LIMIT_HISTORY_LINES)
        return fail_as(ctx, ERR_INVALID, "lines_out_of_range", "lines",
                       "must be 1 to %d", LIMIT_HISTORY_LINES);
    for (size_t i = 0; i < cmd->line_count; i++) {
        char field[48];
        if (map_find(run->skus, text_key(cmd->lines[i].sku)))
            continue;
        snprintf(field, sizeof field, "lines[%zu].sku", i);
        return fail_as(ctx, ERR_INVALID, "sku_unknown", field,
                       "there is no SKU with the code %.*s",
                       STR_ARG(cmd->lines[i].sku));
    }
    return OK;
}

static void fill_lines(const struct run *run, const struct order_cmd *cmd,
                       const struct order_sums *sums, struct order *order)
{
    order->line_count = cmd->line_count;
    order->lines =
        arena_array(run->ctx->arena, struct order_line, cmd->line_count);
    for (size_t i = 0; i < cmd->line_count; i++) {
        const struct order_line_cmd *line = &cmd->lines[i];
        const struct sku *sku = map_find(run->skus, text_key(line->sku));
        order->lines[i] = (struct order_line){
            .n = (int64_t)i + 1,
            .sku = sku->id,
            .sku_code = sku->code,
            .title = line->title.len > 0 ? line->title : sku->title,
            .doc = line->doc,
            .ordered = line->qty,
            .shipped = line->qty,
            .unit_price = line->unit_price,
            .unit_price_now = line->unit_price,
            .discount = line->discount,
            .tax = sums[i].tax,
            .total = sums[i].total,
            .discount_now = line->discount,
            .tax_now = sums[i].tax,
            .total_now = sums[i].total,
        };
    }
}

static struct order *make_order(const struct run *run,
                                const struct order_cmd *cmd,
                                const struct channel *channel,
                                const struct order_totals *totals)
{
    struct order *order = arena_new(run->ctx->arena, struct order);
    struct order_key key = {channel->id, channel->code, cmd->external_id};
    int bucket = order_key_bucket(run->ctx->arena, &key);
    *order = (struct order){
        .id = {id_next(run->ctx->ids, run->ctx->now, bucket)},
        .channel = channel->id,
        .channel_code = channel->code,
        .external_id = cmd->external_id,
        .number = cmd->external_id,
        .doc = cmd->doc,
        .status = order_next(ORDER_STATUS_NONE, ORDER_EVENT_RECORD),
        .origin = ORDER_ORIGIN_IMPORT,
        .is_history = true,
        .history_buyer = cmd->customer ? cmd->customer->external_id : STR_NONE,
        .tax_mode = cmd->tax_mode ? cmd->tax_mode : channel->tax_mode,
        .totals = *totals,
        .version = 1,
        .body_hash = cmd->body_hash,
        .placed_at = cmd->placed_at,
        .updated_at = run->ctx->now,
    };
    memcpy(order->currency, cmd->currency, sizeof order->currency);
    ASSERT(order->status == ORDER_COMPLETED);
    return order;
}

static err_t decide(struct run *run, struct order_record_item *item)
{
    struct ctx *ctx = item->ctx;
    const struct order_cmd *cmd = item->cmd;
    struct order_totals totals;
    struct order_sums *sums;
    const struct channel *channel =
        map_find(run->channels, text_key(cmd->channel));
    if (!channel)
        return fail_as(ctx, ERR_INVALID, "channel_unknown", "channel",
                       "there is no channel with the code %.*s",
                       STR_ARG(cmd->channel));
    struct map_key key = {.a = channel->id.v, .s = cmd->external_id};
    struct known *known = map_find(run->known, key);
    item->is_new = !known;
    if (known) {
        item->id = known->id;
        if (known->body_hash == cmd->body_hash)
            return OK;
        return fail_as(ctx, ERR_CONFLICT, "external_id_reused", "external_id",
                       "is recorded with another content");
    }
    ASSERT(cmd->placed_at > 0 && cmd->external_id.len > 0);
    TRY(check_lines(ctx, run, cmd));
    TRY(order_totals_check(ctx, cmd,
                           cmd->tax_mode ? cmd->tax_mode : channel->tax_mode,
                           &totals, &sums));
    struct order *order = make_order(run, cmd, channel, &totals);
    fill_lines(run, cmd, sums, order);
    order->charges_now = order_charges(order);
    order->charges_tax_now = order_charges_tax(order);
    known = arena_new(run->ctx->arena, struct known);
    *known = (struct known){cmd->body_hash, order->id};
    map_set(run->known, key, known);
    item->id = order->id;
    run->fresh_ctx[run->fresh_count] = ctx;
    run->fresh[run->fresh_count++] = order;
    return OK;
}

static str event_data(struct arena *arena, const struct order *order)
{
    struct order_facts facts = order_facts_of(order);
    struct buf buf;
    struct json_out out;
    buf_init(&buf, arena, EVENT_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_id(&out, "channel", "chn", order->channel.v);
    json_put_i64(&out, "lines", (int64_t)order->line_count);
    json_put_i64(&out, "units", facts.ordered);
    json_put_money(&out, "total",
                   money_make(order->totals.total, order->currency));
    json_end_object(&out);
    return buf_str(&buf);
}

static err_t write_events(struct run *run)
{
    struct ctx *ctx = run->ctx;
    struct event *events =
        arena_array(ctx->arena, struct event, run->fresh_count);
    for (size_t i = 0; i < run->fresh_count; i++) {
        const struct order *order = run->fresh[i];
        events[i] = (struct event){.id = event_id(ctx, order->id.v),
                                   .at = ctx->now,
                                   .type = STR("order.imported"),
                                   .subject_kind = STR("order"),
                                   .subject_id = order->id.v,
                                   .actor = run->fresh_ctx[i]->actor,
                                   .data = event_data(ctx->arena, order)};
    }
    return event_add_many(ctx, events, run->fresh_count);
}

err_t order_record_many(struct ctx *ctx, struct order_record_item *items,
                        size_t count)
{
    ASSERT(ctx->tx && ctx->ids);
    struct run run = {.ctx = ctx, .items = items, .count = count};
    if (count == 0)
        return OK;
    TRY(gather_channels(&run));
    TRY(gather_skus(&run));
    TRY(gather_known(&run));
    run.fresh = arena_array(ctx->arena, const struct order *, count);
    run.fresh_ctx = arena_array(ctx->arena, const struct ctx *, count);
    for (size_t i = 0; i < count; i++)
        items[i].err = decide(&run, &items[i]);
    if (run.fresh_count == 0)
        return OK;
    TRY(order_line_insert_many(ctx, run.fresh, run.fresh_count));
    TRY(write_events(&run));
    return order_insert_many(ctx, run.fresh, run.fresh_count);
}

/* ---- what the store has of it ---- */

static struct order_history_sum get_sum(const struct sql_rows *rows, size_t row)
{
    return (struct order_history_sum){
        sql_str(rows, row, 0), sql_str(rows, row, 1), sql_int(rows, row, 2),
        sql_int(rows, row, 3), sql_int(rows, row, 4), sql_int(rows, row, 5)};
}

static void get_sums(struct ctx *ctx, const struct sql_rows *rows,
                     struct order_history_sum **ret, size_t *ret_count)
{
    *ret = arena_array(ctx->arena, struct order_history_sum, rows->count);
    for (size_t i = 0; i < rows->count; i++)
        (*ret)[i] = get_sum(rows, i);
    *ret_count = rows->count;
}

err_t order_history_sums(struct ctx *ctx, const order_id *ids, size_t count,
                         struct order_history_sum **ret, size_t *ret_count)
{
    struct sql_arg *args = arena_array(ctx->arena, struct sql_arg, count * 2);
    struct sql_rows rows;
    for (size_t i = 0; i < count; i++) {
        args[i * 2] = sql_i(id_bucket(ids[i].v));
        args[i * 2 + 1] = sql_i(ids[i].v);
    }
    TRY(sql_list_many(ctx, SQL_ORDER_HISTORY_SUMS, args, 2, count, &rows));
    get_sums(ctx, &rows, ret, ret_count);
    return OK;
}

err_t order_history_ids(struct ctx *ctx, channel_id channel, order_id after,
                        size_t max, order_id **ret, size_t *ret_count)
{
    struct sql_arg args[] = {sql_i(channel.v), sql_i(after.v),
                             sql_i((int64_t)max)};
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_ORDER_HISTORY_IDS, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, order_id, rows.count);
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i].v = sql_int(&rows, i, 0);
    *ret_count = rows.count;
    return OK;
}
