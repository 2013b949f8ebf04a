/* inventory_count.c - the commands of a cycle count. */
#include "oms/inventory/inventory_count.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/id.h"
#include "base/json.h"
#include "base/map.h"
#include "base/str.h"
#include "oms/inventory/inventory_named.h"
#include "oms/inventory/inventory_receipt.h"
#include "oms/inventory/inventory_store.h"
#include "oms/inventory/inventory_tell.h"
#include "oms/inventory/inventory_units.h"

static err_t tell_of(struct ctx *ctx, const char *type,
                     const struct count *count, int64_t lines,
                     pick_task_id missed_by)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_id(&out, "location", "loc", count->location.v);
    json_put_cstr(&out, "state", count_state_name(count->state));
    json_put_i64(&out, "lines", lines);
    json_put_i64(&out, "version", count->version);
    if (missed_by.v)
        json_put_id(&out, "missed_by", "pkt", missed_by.v);
    json_end_object(&out);
    return event_add(ctx, type, "count", count->id.v, buf_str(&buf), NULL);
}

static err_t tell(struct ctx *ctx, const char *type, const struct count *count,
                  int64_t lines)
{
    return tell_of(ctx, type, count, lines, (pick_task_id){0});
}

static err_t find_skus(struct ctx *ctx, const struct count_cmd *cmd,
                       sku_id *ret)
{
    struct named named;
    TRY(named_skus(ctx, cmd->skus, cmd->count, &named));
    for (size_t i = 0; i < cmd->count; i++) {
        const struct sku *sku = named_sku(&named, cmd->skus[i]);
        err_t err = OK;
        if (!sku)
            err = fail_as(ctx, ERR_INVALID, "sku_unknown", "",
                          "there is no SKU with this code");
        else if (!sku->is_tracked)
            err = fail_as(ctx, ERR_STATE, "sku_untracked", "",
                          "an untracked SKU takes no stock");
        TRY(fail_in(ctx, err, "skus", i));
        ret[i] = sku->id;
    }
    return OK;
}

err_t count_create(struct ctx *ctx, const struct count_cmd *cmd, count_id *ret)
{
    ASSERT(ctx->tx != NULL);
    struct location at;
    sku_id *skus = arena_array(ctx->arena, sku_id, cmd->count);
    TRY(check_line(ctx, "name", cmd->name, 1, LIMIT_NAME_BYTES));
    TRY(named_location_get(ctx, "location", cmd->location, &at));
    TRY(find_skus(ctx, cmd, skus));
    struct count count = {
        .id = {id_next(ctx->ids, ctx->now, 0)},
        .location = at.id,
        .name = cmd->name,
        .is_all = cmd->skus == NULL,
        .state = count_next(0, COUNT_EVENT_CREATE),
        .version = 1,
        .created_at = ctx->now,
    };
    TRY(count_add(ctx, &count));
    TRY(count_scope_add(ctx, count.id, skus, cmd->count));
    TRY(tell_of(ctx, "count.created", &count, (int64_t)cmd->count,
                cmd->missed_by));
    *ret = count.id;
    return OK;
}

/* ---- entering ---- */

struct entering {
    struct count count;
    const struct count_entry *entries;
    size_t entry_count;
    const struct sku **skus; /* One per entry. */
    struct stock *stock;
    struct units *units;
    struct map *scope; /* By SKU; NULL: all. */
    struct map *lines; /* By (SKU, lot): struct count_line. */
    struct count_line *changed;
    size_t line_count, changed_count;
};

static err_t read_lines(struct ctx *ctx, struct entering *e)
{
    struct count_line *lines;
    struct count_line none = {.sku = {0}};
    TRY(count_line_list(ctx, e->count.id, &none, LIMIT_COUNT_LINES, &lines,
                        &e->line_count));
    e->lines = map_open(ctx->arena, e->line_count + e->entry_count);
    for (size_t i = 0; i < e->line_count; i++)
        map_set(e->lines,
                (struct map_key){.a = lines[i].sku.v, .b = lines[i].lot.v},
                &lines[i]);
    if (e->count.is_all)
        return OK;
    sku_id *skus;
    size_t n;
    TRY(count_scope_list(ctx, e->count.id, &skus, &n));
    e->scope = map_open(ctx->arena, n);
    for (size_t i = 0; i < n; i++)
        map_set(e->scope, (struct map_key){.a = skus[i].v}, &skus[i]);
    return OK;
}

static err_t open_entries(struct ctx *ctx, struct entering *e)
{
    struct named named;
    size_t count = e->entry_count;
    str *codes = arena_array(ctx->arena, str, count);
    struct level_key *keys = arena_array(ctx->arena, struct level_key, count);
    struct unit_want *wants = arena_array(ctx->arena, struct unit_want, count);
    e->skus = arena_array(ctx->arena, const struct sku *, count);
    for (size_t i = 0; i < count; i++)
        codes[i] = e->entries[i].sku;
    TRY(named_skus(ctx, codes, count, &named));
    for (size_t i = 0; i < count; i++) {
        err_t err = named_sku_get(ctx, &named, codes[i], &e->skus[i]);
        if (err == OK && !e->skus[i]->is_tracked)
            err = fail_as(ctx, ERR_STATE, "sku_untracked", "sku",
                          "an untracked SKU takes no stock");
        TRY(fail_in(ctx, err, "items", i));
        keys[i] = (struct level_key){e->skus[i]->id, e->count.location};
        wants[i] = (struct unit_want){e->skus[i]->id, e->count.location,
                                      &e->entries[i].names};
    }
    TRY(level_lock(ctx, keys, count, &e->stock));
    return units_open(ctx, wants, count, &e->units);
}

/* What is on hand now of the line's SKU, and of its lot where it has lots. */
static err_t expect(struct ctx *ctx, struct entering *e,
                    const struct count_entry *entry, struct count_line *line)
{
    sku_id sku = line->sku;
    const struct unit_policy policy = units_policy(e->units, sku);
    if (policy.is_serial)
        return fail_as(ctx, ERR_STATE, "serials_by_adjustment", "sku",
                       "units with serial numbers are adjusted number by "
                       "number");
    if (!policy.is_lot && entry->names.lot.len > 0)
        return fail_as(ctx, ERR_INVALID, "lot_not_tracked", "lot",
                       "units of this SKU carry no lot");
    const struct stock_level *level =
        stock_level_find(e->stock, sku, e->count.location);
    ASSERT(level != NULL);
    line->expected = level->on_hand;
    if (!policy.is_lot)
        return OK;
    const struct lot *lot = units_lot(e->units, sku, entry->names.lot);
    if (!lot)
        return fail_as(ctx, ERR_INVALID,
                       entry->names.lot.len ? "lot_unknown" : "lot_required",
                       "lot", "name a lot of this SKU");
    line->lot = lot->id;
    line->expected = units_lot_on_hand(e->units, e->count.location, lot->id);
    return OK;
}

static err_t enter(struct ctx *ctx, struct entering *e, size_t i)
{
    const struct count_entry *entry = &e->entries[i];
    sku_id sku = e->skus[i]->id;
    struct count_line now = {.sku = sku};
    if (e->scope && !map_find(e->scope, (struct map_key){.a = sku.v}))
        return fail_as(ctx, ERR_INVALID, "not_in_scope", "sku",
                       "this count is not about that SKU");
    TRY(expect(ctx, e, entry, &now));
    struct map_key key = {.a = sku.v, .b = now.lot.v};
    struct count_line *line = map_find(e->lines, key);
    if (line && line->state == COUNT_LINE_POSTED)
        return fail_as(ctx, ERR_STATE, "line_posted", "sku",
                       "its difference was posted already");
    if (!line) {
        if (++e->line_count > LIMIT_COUNT_LINES)
            return fail_as(ctx, ERR_INVALID, "too_many_lines", "",
                           "a count has at most %d lines", LIMIT_COUNT_LINES);
        line = arena_new(ctx->arena, struct count_line);
        *line = now;
        map_set(e->lines, key, line);
    }
    int64_t before = entry->is_more ? line->counted : 0;
    TRY(check_range(ctx, "quantity", before + entry->qty, 0, LIMIT_QTY));
    line->counted = before + entry->qty;
    line->expected = now.expected;
    line->counted_at = ctx->now;
    line->state = COUNT_LINE_COUNTED;
    line->unclaimed = 0;
    return OK;
}

/* Each line once, as it stands after all entries. */
static err_t save_entries(struct ctx *ctx, struct entering *e)
{
    struct map *seen = map_open(ctx->arena, e->entry_count);
    struct count_line *rows =
        arena_array(ctx->arena, struct count_line, e->entry_count);
    size_t n = 0;
    for (size_t i = 0; i < e->entry_count; i++) {
        const struct lot *lot =
            units_lot(e->units, e->skus[i]->id, e->entries[i].names.lot);
        struct map_key key = {.a = e->skus[i]->id.v, .b = lot ? lot->id.v : 0};
        struct count_line *line = map_find(e->lines, key);
        ASSERT(line != NULL);
        if (map_find(seen, key))
            continue;
        map_set(seen, key, line);
        rows[n++] = *line;
    }
    return count_line_save(ctx, e->count.id, rows, n);
}

err_t count_enter(struct ctx *ctx, count_id id,
                  const struct count_entry *entries, size_t count)
{
    ASSERT(ctx->tx != NULL);
    struct entering e = {.entries = entries, .entry_count = count};
    TRY(count_lock(ctx, id, &e.count));
    TRY(count_allow(ctx, e.count.state, COUNT_EVENT_ENTER));
    TRY(read_lines(ctx, &e));
    TRY(open_entries(ctx, &e));
    for (size_t i = 0; i < count; i++)
        TRY(fail_in(ctx, enter(ctx, &e, i), "items", i));
    TRY(save_entries(ctx, &e));
    return tell(ctx, "count.entered", &e.count, (int64_t)count);
}

/* ---- review, reopen, cancel ---- */

static const char *step_type(enum count_state state)
{
    switch (state) {
    case COUNT_OPEN: return "count.open";
    case COUNT_REVIEW: return "count.review";
    case COUNT_CANCELLED: return "count.cancelled";
    case COUNT_POSTED: break;
    }
    UNREACHABLE("no step leads there");
}

err_t count_step(struct ctx *ctx, count_id id, int64_t version,
                 enum count_event event)
{
    ASSERT(ctx->tx != NULL);
    struct count count;
    TRY(count_lock(ctx, id, &count));
    TRY(check_version(ctx, version, count.version));
    TRY(count_allow(ctx, count.state, event));
    count.state = count_next(count.state, event);
    TRY(count_save(ctx, &count));
    return tell(ctx, step_type(count.state), &count, 0);
}

/* ---- post ---- */

/* What a line moves: found units in, or missing ones out of what is held (which
 * somebody has missed before), and then of what nobody claims. */
enum { LINE_MOVES = 2 };

struct posting {
    struct count count;
    struct count_line *lines;
    size_t line_count;
    struct unit_names *names; /* One per line. */
    struct stock *stock;
    struct units *units;
    struct event *events;
    size_t event_count, moved, refused;
};

static err_t name_lots(struct ctx *ctx, struct posting *p)
{
    struct lot *lots;
    size_t n;
    lot_id *ids = arena_array(ctx->arena, lot_id, p->line_count);
    for (size_t i = 0; i < p->line_count; i++)
        ids[i] = p->lines[i].lot;
    TRY(lot_list_ids(ctx, ids, p->line_count, &lots, &n));
    struct map *by_id = map_open(ctx->arena, n);
    for (size_t i = 0; i < n; i++)
        map_set(by_id, (struct map_key){.a = lots[i].id.v}, &lots[i]);
    p->names = arena_array(ctx->arena, struct unit_names, p->line_count);
    for (size_t i = 0; i < p->line_count; i++) {
        const struct lot *lot =
            map_find(by_id, (struct map_key){.a = ids[i].v});
        if (lot)
            p->names[i].lot = lot->code;
    }
    return OK;
}

static err_t open_posting(struct ctx *ctx, struct posting *p)
{
    struct count_line none = {.sku = {0}};
    TRY(count_line_list(ctx, p->count.id, &none, LIMIT_COUNT_LINES, &p->lines,
                        &p->line_count));
    TRY(name_lots(ctx, p));
    struct level_key *keys =
        arena_array(ctx->arena, struct level_key, p->line_count);
    struct unit_want *wants =
        arena_array(ctx->arena, struct unit_want, p->line_count);
    p->events =
        arena_array(ctx->arena, struct event, p->line_count * LINE_MOVES);
    for (size_t i = 0; i < p->line_count; i++) {
        keys[i] = (struct level_key){p->lines[i].sku, p->count.location};
        wants[i] = (struct unit_want){p->lines[i].sku, p->count.location,
                                      &p->names[i]};
    }
    TRY(level_lock(ctx, keys, p->line_count, &p->stock));
    return units_open(ctx, wants, p->line_count, &p->units);
}

static struct unit_move move_of(const struct posting *p, size_t i,
                                enum stock_bucket from, enum stock_bucket to,
                                int64_t qty)
{
    return (struct unit_move){.sku = p->lines[i].sku,
                              .location = p->count.location,
                              .from = from,
                              .to = to,
                              .qty = qty,
                              .names = &p->names[i]};
}

/* Found units of an expired lot are held. */
static err_t check_found(struct ctx *ctx, struct posting *p, size_t i,
                         const struct stock_level *level, int64_t qty,
                         struct unit_move *ret)
{
    if (level->on_hand + level->delta_on_hand + qty > LIMIT_QTY)
        return fail_as(ctx, ERR_STATE, "number_out_of_range", "", "too many");
    *ret = move_of(p, i, STOCK_OUTSIDE, STOCK_AVAILABLE, qty);
    err_t err = units_check(ctx, p->units, ret);
    if (err != ERR_STATE)
        return err;
    err_clear(ctx);
    ret->to = STOCK_HELD;
    return units_check(ctx, p->units, ret);
}

static err_t check_missing(struct ctx *ctx, struct posting *p, size_t i,
                           const struct stock_level *level, int64_t qty,
                           struct unit_move ret[LINE_MOVES])
{
    struct count_line *line = &p->lines[i];
    int64_t held = stock_bucket_qty(level, STOCK_HELD);
    if (line->lot.v) {
        int64_t of_lot = units_lot_held(p->units, p->count.location, line->lot);
        held = of_lot < held ? of_lot : held;
    }
    line->unclaimed = stock_bucket_qty(level, STOCK_AVAILABLE) + held;
    if (line->unclaimed < qty)
        return fail_as(ctx, ERR_STATE, "not_enough_stock", "", "claimed");
    held = held < qty ? held : qty;
    ret[0] = move_of(p, i, STOCK_HELD, STOCK_OUTSIDE, held);
    ret[1] = move_of(p, i, STOCK_AVAILABLE, STOCK_OUTSIDE, qty - held);
    for (size_t n = 0; n < LINE_MOVES; n++)
        if (ret[n].qty > 0)
            TRY(units_check(ctx, p->units, &ret[n]));
    return OK;
}

/* Whether the difference fits. */
static err_t check_line_fits(struct ctx *ctx, struct posting *p, size_t i,
                             const struct stock_level *level,
                             struct unit_move ret[LINE_MOVES])
{
    int64_t by = p->lines[i].counted - p->lines[i].expected;
    p->lines[i].unclaimed = stock_bucket_qty(level, STOCK_AVAILABLE);
    return by > 0 ? check_found(ctx, p, i, level, by, &ret[0])
                  : check_missing(ctx, p, i, level, -by, ret);
}

static void post_move(struct ctx *ctx, struct posting *p,
                      struct stock_level *level, const struct unit_move *units)
{
    struct stock_move move = {
        .type = MOVEMENT_COUNT,
        .from = units->from,
        .to = units->to,
        .qty = units->qty,
        .reason = p->count.name,
        .ref_kind = REF_COUNT,
        .ref_id = p->count.id.v,
        .event_id = event_id(ctx, units->sku.v),
    };
    stock_move(ctx, p->stock, level, &move);
    (void)units_apply(ctx, p->units, units, level->last_movement_id);
    p->events[p->event_count++] =
        stock_event(ctx, "stock.counted", level, &move);
}

static void post_line(struct ctx *ctx, struct posting *p, size_t i)
{
    struct count_line *line = &p->lines[i];
    struct stock_level *level =
        stock_level_find(p->stock, line->sku, p->count.location);
    struct unit_move moves[LINE_MOVES] = {{.qty = 0}};
    ASSERT(level != NULL);
    if (line->counted == line->expected) {
        line->state = COUNT_LINE_POSTED;
        return;
    }
    if (check_line_fits(ctx, p, i, level, moves) != OK) {
        err_clear(ctx);
        line->state = COUNT_LINE_REFUSED;
        p->refused++;
        return;
    }
    for (size_t n = 0; n < LINE_MOVES; n++)
        if (moves[n].qty > 0)
            post_move(ctx, p, level, &moves[n]);
    p->moved++;
    line->state = COUNT_LINE_POSTED;
    line->unclaimed = 0;
}

err_t count_post(struct ctx *ctx, count_id id, int64_t version)
{
    ASSERT(ctx->tx != NULL);
    struct posting p = {.refused = 0};
    TRY(count_lock(ctx, id, &p.count));
    TRY(check_version(ctx, version, p.count.version));
    TRY(count_allow(ctx, p.count.state, COUNT_EVENT_POST));
    TRY(open_posting(ctx, &p));
    for (size_t i = 0; i < p.line_count; i++)
        if (p.lines[i].state != COUNT_LINE_POSTED)
            post_line(ctx, &p, i);
    p.count.state =
        count_next(p.count.state,
                   p.refused > 0 ? COUNT_EVENT_POST_PART : COUNT_EVENT_POST);
    TRY(event_add_many(ctx, p.events, p.event_count));
    TRY(count_line_save(ctx, id, p.lines, p.line_count));
    TRY(count_save(ctx, &p.count));
    TRY(tell(ctx, p.refused > 0 ? "count.posted_in_part" : "count.posted",
             &p.count, (int64_t)p.moved));
    TRY(stock_save(ctx, p.stock));
    return units_save(ctx, p.units);
}
