/* fulfillment_pick_make.c - tasks made from fulfillment orders. */
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/id.h"
#include "base/json.h"
#include "base/map.h"
#include "base/str.h"
#include "oms/fulfillment/fulfillment_bin.h"
#include "oms/fulfillment/fulfillment_pick_note.h"
#include "oms/fulfillment/fulfillment_production.h"
#include "oms/inventory/inventory_named.h"
#include "oms/inventory/inventory_pick.h"
#include "oms/order/order_pick.h"
#include "store/event.h"

/* Orders of one walk, where nothing is said. */
enum { BATCH_ORDERS = 20, WAVE_ORDERS = 50 };

struct making {
    const struct pick_make_cmd *cmd;
    struct location_work *work;
    struct fulfillment **fos; /* In the order of their ids. */
    size_t fo_count;
    struct pick_made *made;
    struct order_kit_part *parts;
    size_t part_count;
    struct pick_walked *covered; /* What stands in tasks already. */
    size_t covered_count;
    struct map *bins; /* By SKU: struct sku_bin. */
    struct pick_order *orders;
    size_t order_count;
    struct pick_walk *walks;
    size_t walk_count;
    struct map *lots; /* By SKU: struct lots. */
    size_t lot_count; /* Of all SKUs. */
};

/* Lots of a SKU that are still to be dealt out. */
struct lots {
    struct pick_lot *at;
    size_t count;
};

/* ---- what is there to pick ---- */

static void skip(struct making *m, fulfillment_order_id id, const char *code)
{
    m->made->skips[m->made->skip_count++] = (struct pick_skip){id, code};
}

/* An id, and where it was asked for. */
struct asked {
    fulfillment_order_id id;
    size_t at;
};

static int compare_asked(const void *a, const void *b)
{
    const struct asked *x = a, *y = b;
    return (x->id.v > y->id.v) - (x->id.v < y->id.v);
}

static err_t lock_one(struct ctx *ctx, struct making *m,
                      fulfillment_order_id id)
{
    struct fulfillment_work *work =
        arena_new(ctx->arena, struct fulfillment_work);
    TRY(fulfillment_lock(ctx, id, work));
    err_t err = fulfillment_check_pickable(ctx, work->fo);
    if (err != OK && m->cmd->count > 0 && !m->cmd->is_lenient)
        return err;
    if (err != OK) {
        err_clear(ctx);
        skip(m, id, "not_open");
        return OK;
    }
    m->fos[m->fo_count++] = work->fo;
    if (work->fo->location.v != m->fos[0]->location.v)
        return fail_as(ctx, ERR_INVALID, "other_location", "",
                       "all of a task are at one location");
    return OK;
}

static err_t read_fos(struct ctx *ctx, struct making *m)
{
    const struct pick_make_cmd *cmd = m->cmd;
    const fulfillment_order_id *ids = cmd->ids;
    size_t count = cmd->count;
    fulfillment_order_id *found;
    if (count == 0) {
        struct pick_search what = {.location = cmd->location,
                                   .method = cmd->method,
                                   .due_by = cmd->due_by,
                                   .is_again = cmd->has_zone,
                                   .limit = LIMIT_PAGE};
        TRY(pick_search_fos(ctx, &what, &found, &count));
        ids = found;
    }
    struct asked *asked = arena_array(ctx->arena, struct asked, count);
    for (size_t i = 0; i < count; i++)
        asked[i] = (struct asked){ids[i], i};
    if (count > 1)
        qsort(asked, count, sizeof *asked, compare_asked);
    m->made->skips = arena_array(ctx->arena, struct pick_skip, count);
    m->fos = arena_array(ctx->arena, struct fulfillment *, count);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || asked[i].id.v != asked[i - 1].id.v)
            TRY(fail_in(ctx, lock_one(ctx, m, asked[i].id),
                        "fulfillment_orders", asked[i].at));
    return OK;
}

static err_t read_facts(struct ctx *ctx, struct making *m)
{
    fulfillment_order_id *ids =
        arena_array(ctx->arena, fulfillment_order_id, m->fo_count);
    order_id *orders = arena_array(ctx->arena, order_id, m->fo_count);
    location_id at = m->fos[0]->location;
    for (size_t i = 0; i < m->fo_count; i++) {
        ids[i] = m->fos[i]->id;
        orders[i] = m->fos[i]->order;
    }
    TRY(location_work_list(ctx, &at, 1, &m->work));
    TRY(order_kit_parts(ctx, orders, m->fo_count, &m->parts, &m->part_count));
    return pick_line_list_fos(ctx, ids, m->fo_count, &m->covered,
                              &m->covered_count);
}

/* Units of the SKU that tasks have picked or will. */
static int64_t covered_of(const struct making *m, fulfillment_order_id fo,
                          int64_t n, sku_id sku)
{
    int64_t units = 0;
    struct pick_run run = pick_run_of(m->covered, m->covered_count, fo, n, sku);
    for (size_t i = 0; i < run.count; i++) {
        const struct pick_line *line = &run.at[i].line;
        units += pick_is_live(run.at[i].state) ? line->qty - line->missing
                                               : line->picked;
    }
    return units;
}

static void want(struct making *m, struct pick_order *order,
                 struct pick_want *ret, const struct fulfillment_line *line,
                 sku_id sku, int64_t per)
{
    int64_t qty = per * line->qty - covered_of(m, order->id, line->n, sku);
    if (qty <= 0)
        return;
    *ret = (struct pick_want){.order = m->order_count,
                              .n = line->n,
                              .sku = sku,
                              .per = per,
                              .qty = qty,
                              .bin = STR(""),
                              .zone = STR("")};
    order->count++;
}

static const struct order_kit_part *parts_of(const struct making *m,
                                             const struct fulfillment *fo,
                                             int64_t n, size_t *ret_count)
{
    return order_kit_parts_of(m->parts, m->part_count,
                              (struct order_line_key){fo->order, n}, ret_count);
}

static void want_line(struct making *m, const struct fulfillment *fo,
                      const struct fulfillment_line *line,
                      struct pick_order *order, struct pick_want *wants)
{
    size_t count;
    const struct order_kit_part *parts = parts_of(m, fo, line->n, &count);
    for (size_t i = 0; i < count; i++)
        want(m, order, &wants[order->count], line, parts[i].sku,
             parts[i].quantity);
    if (count == 0)
        want(m, order, &wants[order->count], line, line->sku, 1);
}

static size_t want_room(const struct making *m, const struct fulfillment *fo)
{
    size_t room = 0, count;
    for (size_t i = 0; i < fo->line_count; i++) {
        (void)parts_of(m, fo, fo->lines[i].n, &count);
        room += count > 0 ? count : 1;
    }
    return room;
}

static void read_wants(struct ctx *ctx, struct making *m)
{
    m->orders = arena_array(ctx->arena, struct pick_order, m->fo_count);
    for (size_t i = 0; i < m->fo_count; i++) {
        const struct fulfillment *fo = m->fos[i];
        struct pick_want *wants =
            arena_array(ctx->arena, struct pick_want, want_room(m, fo));
        struct pick_order *order = &m->orders[m->order_count];
        *order = (struct pick_order){.id = fo->id,
                                     .fo = i,
                                     .due_at = fo->deadline_at ? fo->deadline_at
                                                               : fo->promise_at,
                                     .wants = wants};
        for (size_t n = 0; n < fo->line_count; n++)
            want_line(m, fo, &fo->lines[n], order, wants);
        if (order->count == 0)
            skip(m, fo->id, "nothing_to_pick");
        else
            m->order_count++;
    }
}

/* ---- where it lies ---- */

static err_t read_bins(struct ctx *ctx, struct making *m)
{
    struct sku_bin *bins;
    size_t room = 0, n = 0, count;
    for (size_t i = 0; i < m->order_count; i++)
        room += m->orders[i].count;
    sku_id *skus = arena_array(ctx->arena, sku_id, room);
    for (size_t i = 0; i < m->order_count; i++)
        for (size_t w = 0; w < m->orders[i].count; w++)
            skus[n++] = m->orders[i].wants[w].sku;
    TRY(bin_list_skus(ctx, m->fos[0]->location, skus, n, &bins, &count));
    m->bins = map_open(ctx->arena, count);
    for (size_t i = 0; i < count; i++)
        map_set(m->bins, (struct map_key){.a = bins[i].sku.v}, &bins[i]);
    return OK;
}

/* Names the bins; with a zone asked for, what lies elsewhere is left out. */
static void place_wants(struct ctx *ctx, struct making *m)
{
    size_t kept = 0;
    for (size_t i = 0; i < m->order_count; i++) {
        struct pick_order order = m->orders[i];
        struct pick_want *wants =
            arena_array(ctx->arena, struct pick_want, order.count);
        size_t n = 0;
        for (size_t w = 0; w < order.count; w++) {
            struct pick_want at = order.wants[w];
            const struct sku_bin *bin =
                map_find(m->bins, (struct map_key){.a = at.sku.v});
            if (bin) {
                at.bin = bin->bin;
                at.zone = bin->zone;
            }
            if (m->cmd->has_zone && !str_equal(at.zone, m->cmd->zone))
                continue;
            at.order = kept;
            wants[n++] = at;
        }
        order.wants = wants;
        order.count = n;
        if (n == 0)
            skip(m, order.id, "not_in_zone");
        else
            m->orders[kept++] = order;
    }
    m->order_count = kept;
}

static enum pick_mode mode_of(const struct making *m)
{
    return m->cmd->has_mode ? m->cmd->mode : m->work->pick_mode;
}

static void plan(struct ctx *ctx, struct making *m)
{
    enum pick_mode mode = mode_of(m);
    struct pick_limits limits = {.mode = mode,
                                 .orders = mode == PICK_BATCH ? BATCH_ORDERS
                                                              : WAVE_ORDERS,
                                 .units = m->work->tote_units,
                                 .lines = LIMIT_RECEIPT_LINES};
    if (m->cmd->orders > 0)
        limits.orders = m->cmd->orders;
    if (m->cmd->units > 0)
        limits.units = m->cmd->units;
    pick_plan(ctx->arena, m->orders, m->order_count, &limits, &m->walks,
              &m->walk_count);
}

/* ---- which lots ---- */

static err_t read_lots(struct ctx *ctx, struct making *m, sku_id sku)
{
    struct fefo_lot *fefo;
    struct pick_claim *claims;
    size_t count, claim_count;
    struct level_at at = {sku, m->fos[0]->location};
    struct lots *lots = arena_new(ctx->arena, struct lots);
    TRY(inventory_fefo(ctx, &at, FEFO_GOOD, &fefo, &count));
    TRY(pick_claim_list(ctx, sku, at.location, &claims, &claim_count));
    lots->at = arena_array(ctx->arena, struct pick_lot, count);
    lots->count = count;
    m->lot_count += count;
    for (size_t i = 0; i < count; i++) {
        lots->at[i] = (struct pick_lot){fefo[i].lot, fefo[i].loose};
        for (size_t c = 0; c < claim_count; c++)
            if (claims[c].lot.v == fefo[i].lot.v)
                lots->at[i].left -= claims[c].in_hand + claims[c].planned;
    }
    map_set(m->lots, (struct map_key){.a = sku.v}, lots);
    return OK;
}

static err_t read_all_lots(struct ctx *ctx, struct making *m)
{
    struct unit_rule *rules;
    size_t room = 0, n = 0, count;
    for (size_t i = 0; i < m->walk_count; i++)
        room += m->walks[i].count;
    sku_id *skus = arena_array(ctx->arena, sku_id, room);
    for (size_t i = 0; i < m->walk_count; i++)
        for (size_t w = 0; w < m->walks[i].count; w++)
            skus[n++] = m->walks[i].wants[w]->sku;
    TRY(inventory_unit_rules(ctx, skus, n, &rules, &count));
    m->lots = map_open(ctx->arena, count);
    for (size_t i = 0; i < count; i++)
        if (rules[i].is_lot)
            TRY(read_lots(ctx, m, rules[i].sku));
    return OK;
}

/* ---- tasks ---- */

/* Lines that a walk may need: one each want and each lot of its SKU; no more
 * than two each want and one each lot there is, since each share of a want but
 * the last empties a lot. */
static size_t line_room(const struct making *m, const struct pick_walk *walk)
{
    size_t room = walk->count, most = walk->count * 2 + m->lot_count;
    for (size_t w = 0; w < walk->count; w++) {
        const struct lots *lots =
            map_find(m->lots, (struct map_key){.a = walk->wants[w]->sku.v});
        room += lots ? lots->count : 0;
    }
    return room < most ? room : most;
}

static void add_lines(struct ctx *ctx, const struct making *m,
                      const struct pick_want *at, struct pick_work *work)
{
    const struct fulfillment *fo = m->fos[m->orders[at->order].fo];
    struct lots *lots = map_find(m->lots, (struct map_key){.a = at->sku.v});
    struct pick_share plain = {.qty = at->qty}, *shares = &plain;
    size_t count = 1;
    if (lots)
        pick_share_lots(ctx->arena, lots->at, lots->count, at->qty, &shares,
                        &count);
    for (size_t i = 0; i < count; i++) {
        work->lines[work->count] = (struct pick_line){
            .task = work->task.id,
            .n = (int64_t)work->count + 1,
            .fo = fo->id,
            .fo_n = at->n,
            .order = fo->order,
            .sku = at->sku,
            .lot = shares[i].lot,
            .per = at->per,
            .qty = shares[i].qty,
            .reason = STR(""),
            .bin = at->bin,
            .zone = at->zone,
            .tote = STR(""),
        };
        work->count++;
    }
}

static str orders_text(struct ctx *ctx, const struct pick_work *work)
{
    struct buf buf;
    struct json_out out;
    struct map *seen = map_open(ctx->arena, work->count);
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_begin_list(&out, "fulfillment_orders");
    for (size_t i = 0; i < work->count; i++) {
        struct map_key key = {.a = work->lines[i].fo.v};
        if (map_find(seen, key))
            continue;
        map_set(seen, key, &work->lines[i]);
        json_put_id(&out, NULL, "fo", work->lines[i].fo.v);
    }
    json_end_list(&out);
    json_end_object(&out);
    return buf_str(&buf);
}

static err_t write_task(struct ctx *ctx, const struct making *m, size_t i)
{
    const struct pick_walk *walk = &m->walks[i];
    struct pick_work work = {
        .task = {
                 .id = {id_next(ctx->ids, ctx->now, 0)},
                 .location = m->fos[0]->location,
                 .mode = mode_of(m),
                 .state = pick_next(0, PICK_EVENT_CREATE),
                 .zone = m->cmd->has_zone ? m->cmd->zone : walk->zone,
                 .tote = m->cmd->tote,
                 .version = 1,
                 .created_at = ctx->now,
                 .updated_at = ctx->now,
                 }
    };
    work.task.wave = i == 0 ? work.task.id : m->made->tasks[0];
    work.event_id = event_id(ctx, work.task.id.v);
    work.lines = arena_array(ctx->arena, struct pick_line, line_room(m, walk));
    for (size_t w = 0; w < walk->count; w++)
        add_lines(ctx, m, walk->wants[w], &work);
    m->made->tasks[i] = work.task.id;
    TRY(pick_task_add(ctx, &work.task, 1));
    TRY(pick_line_save(ctx, work.lines, work.count));
    return pick_tell(ctx, "pick_task.created", &work, orders_text(ctx, &work));
}

static err_t open_production(struct ctx *ctx, const struct making *m)
{
    size_t room = 0, n = 0;
    for (size_t i = 0; i < m->fo_count; i++)
        room += m->fos[i]->line_count;
    struct production_line *lines =
        arena_array(ctx->arena, struct production_line, room);
    for (size_t i = 0; i < m->fo_count; i++)
        for (size_t l = 0; l < m->fos[i]->line_count; l++)
            lines[n++] = (struct production_line){
                m->fos[i]->order, m->fos[i]->lines[l].n, m->fos[i]->location};
    return production_open(ctx, lines, n);
}

err_t pick_make(struct ctx *ctx, const struct pick_make_cmd *cmd,
                struct pick_made *ret)
{
    ASSERT(ctx->tx != NULL);
    struct making m = {.cmd = cmd, .made = ret};
    *ret = (struct pick_made){0};
    if (cmd->tote.len > 0)
        TRY(check_code(ctx, "tote", cmd->tote));
    TRY(read_fos(ctx, &m));
    if (m.fo_count == 0)
        return OK;
    TRY(read_facts(ctx, &m));
    read_wants(ctx, &m);
    TRY(read_bins(ctx, &m));
    place_wants(ctx, &m);
    plan(ctx, &m);
    TRY(read_all_lots(ctx, &m));
    TRY(open_production(ctx, &m));
    ret->tasks = arena_array(ctx->arena, pick_task_id, m.walk_count);
    ret->count = m.walk_count;
    for (size_t i = 0; i < m.walk_count; i++)
        TRY(write_task(ctx, &m, i));
    return OK;
}
