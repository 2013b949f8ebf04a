/* fulfillment_pick_end.c - what was found and what was not, order by order. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/id.h"
#include "base/json.h"
#include "base/map.h"
#include "base/str.h"
#include "oms/catalog/catalog.h"
#include "oms/fulfillment/fulfillment_pick_note.h"
#include "oms/fulfillment/fulfillment_pick_settle.h"
#include "oms/inventory/inventory_pick.h"
#include "oms/order/order_pick.h"

struct ending {
    struct pick_work *work;
    struct pick_walked *all; /* Of its orders, in all tasks. */
    size_t all_count;
    struct pick_cut *cuts; /* What other tasks walk for in vain. */
    size_t cut_count;
    struct order_kit_part *parts;
    size_t part_count;
    struct map *rules; /* By SKU: struct unit_rule. */
    int64_t *put_back; /* Of each line of the task. */
    count_id asked;    /* The cycle count; 0: none. */
    int64_t uncounted; /* Missing, and not to be counted by it. */
};

static bool is_mine(const struct ending *e, const struct pick_line *line)
{
    return line->task.v == e->work->task.id.v;
}

static err_t read_all(struct ctx *ctx, struct ending *e)
{
    struct pick_work *work = e->work;
    struct unit_rule *rules;
    fulfillment_order_id *ids;
    size_t count, rule_count;
    order_id *orders = arena_array(ctx->arena, order_id, work->count);
    sku_id *skus = arena_array(ctx->arena, sku_id, work->count);
    for (size_t i = 0; i < work->count; i++) {
        orders[i] = work->lines[i].order;
        skus[i] = work->lines[i].sku;
    }
    pick_fos_of(ctx->arena, work, &ids, &count);
    TRY(pick_line_list_fos(ctx, ids, count, &e->all, &e->all_count));
    e->cuts = arena_array(ctx->arena, struct pick_cut, e->all_count);
    TRY(order_kit_parts(ctx, orders, work->count, &e->parts, &e->part_count));
    TRY(inventory_unit_rules(ctx, skus, work->count, &rules, &rule_count));
    e->rules = map_open(ctx->arena, rule_count);
    for (size_t i = 0; i < rule_count; i++)
        map_set(e->rules, (struct map_key){.a = rules[i].sku.v}, &rules[i]);
    e->put_back = arena_array(ctx->arena, int64_t, work->count);
    return OK;
}

/* ---- one line of an order ---- */

static void sum_part(const struct ending *e, const struct fulfillment *fo,
                     int64_t n, struct pick_part *part)
{
    struct pick_run run =
        pick_run_of(e->all, e->all_count, fo->id, n, part->sku);
    for (size_t i = 0; i < run.count; i++) {
        const struct pick_line *line = &run.at[i].line;
        if (is_mine(e, line) || !pick_is_live(run.at[i].state))
            part->found += line->picked;
        else
            part->held += line->picked;
        if (is_mine(e, line))
            part->missing += line->missing;
    }
}

static void parts_of(struct ctx *ctx, const struct ending *e,
                     const struct fulfillment *fo,
                     const struct fulfillment_line *line,
                     struct pick_part **ret, size_t *ret_count)
{
    size_t n;
    const struct order_kit_part *of =
        order_kit_parts_of(e->parts, e->part_count,
                           (struct order_line_key){fo->order, line->n}, &n);
    struct pick_part *parts = arena_array(ctx->arena, struct pick_part, n + 1);
    for (size_t i = 0; i < n; i++)
        parts[i] = (struct pick_part){.sku = of[i].sku, .per = of[i].quantity};
    if (n == 0)
        parts[n++] = (struct pick_part){.sku = line->sku, .per = 1};
    for (size_t i = 0; i < n; i++)
        sum_part(e, fo, line->n, &parts[i]);
    *ret = parts;
    *ret_count = n;
}

/* ---- names of what is missing ---- */

struct naming {
    struct fulfillment_piece *pieces;
    size_t count, room;
};

static void add_piece(struct ctx *ctx, struct naming *n,
                      const struct fulfillment_piece *piece)
{
    if (n->count == n->room) {
        size_t room = n->room * 2 + 4;
        struct fulfillment_piece *more =
            arena_array(ctx->arena, struct fulfillment_piece, room);
        if (n->count > 0)
            memcpy(more, n->pieces, n->count * sizeof *more);
        n->pieces = more;
        n->room = room;
    }
    n->pieces[n->count++] = *piece;
}

/* Which numbered units of a lot are missing nobody can tell: any that are not
 * in a hand will do, and the count shows which. */
static err_t name_serials(struct ctx *ctx, const struct level_at *at,
                          lot_id lot, struct fulfillment_piece *piece)
{
    str *codes;
    size_t count, n = 0;
    TRY(inventory_loose_serials(ctx, at, lot, &codes, &count));
    for (size_t i = 0; i < count && (int64_t)n < piece->qty; i++) {
        bool is_taken;
        TRY(pick_serial_is_taken(ctx, at->sku, at->location, codes[i],
                                 &is_taken));
        if (!is_taken)
            codes[n++] = codes[i];
    }
    piece->names.serials = codes;
    piece->names.serial_count = n;
    return OK;
}

static err_t name_lots(struct ctx *ctx, const struct level_at *at,
                       const struct unit_rule *rule,
                       const struct pick_line *line, struct naming *n)
{
    struct fefo_lot *lots;
    struct pick_claim *claims;
    size_t count, claim_count;
    int64_t left = line->missing;
    TRY(inventory_fefo(ctx, at, FEFO_ANY, &lots, &count));
    TRY(pick_claim_list(ctx, at->sku, at->location, &claims, &claim_count));
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < count && left > 0; i++) {
            /* The lot that was looked for comes first. */
            if ((lots[i].lot.v == line->lot.v) != (round == 0))
                continue;
            int64_t loose = lots[i].loose;
            for (size_t c = 0; c < claim_count; c++)
                if (claims[c].lot.v == lots[i].lot.v)
                    loose -= claims[c].in_hand;
            for (size_t p = 0; p < n->count; p++)
                if (n->pieces[p].sku.v == at->sku.v &&
                    str_equal(n->pieces[p].names.lot, lots[i].code))
                    loose -= n->pieces[p].qty;
            int64_t take = loose < left ? loose : left;
            if (take <= 0)
                continue;
            struct fulfillment_piece piece = {
                .sku = at->sku, .qty = take, .names = {.lot = lots[i].code}};
            if (rule->is_serial)
                TRY(name_serials(ctx, at, lots[i].lot, &piece));
            add_piece(ctx, n, &piece);
            left -= take;
        }
    return OK;
}

static err_t name_missing(struct ctx *ctx, const struct ending *e,
                          const struct pick_line *line, struct naming *n)
{
    struct level_at at = {line->sku, e->work->task.location};
    const struct unit_rule *rule =
        map_find(e->rules, (struct map_key){.a = line->sku.v});
    struct fulfillment_piece piece = {
        .sku = line->sku, .qty = line->missing, .names = {.lot = STR("")}};
    if (rule && rule->is_lot)
        return name_lots(ctx, &at, rule, line, n);
    if (rule && rule->is_serial)
        TRY(name_serials(ctx, &at, (lot_id){0}, &piece));
    add_piece(ctx, n, &piece);
    return OK;
}

/* Missing units that the line loses: no more of a SKU than it wants still, for
 * some may have been cancelled since they were missed. */
static int64_t lost_of(const struct naming *n, const struct pick_line *line,
                       int64_t lost)
{
    int64_t room = lost * line->per;
    for (size_t i = 0; i < n->count; i++)
        if (n->pieces[i].sku.v == line->sku.v)
            room -= n->pieces[i].qty;
    return line->missing < room ? line->missing : room;
}

static err_t pieces_of(struct ctx *ctx, const struct ending *e,
                       const struct fulfillment *fo, int64_t line_n,
                       struct fulfillment_units *ret)
{
    struct naming n = {0};
    for (size_t i = 0; i < e->work->count; i++) {
        struct pick_line line = e->work->lines[i];
        if (line.fo.v != fo->id.v || line.fo_n != line_n)
            continue;
        line.missing = lost_of(&n, &line, ret->qty);
        if (line.missing > 0)
            TRY(name_missing(ctx, e, &line, &n));
    }
    ret->pieces = n.pieces;
    ret->piece_count = n.count;
    return OK;
}

/* ---- kits that will not be whole ---- */

/* Units of a component beyond what is still wanted: they are not walked for,
 * and what is in hand goes back. */
static void trim(struct ending *e, const struct fulfillment *fo, int64_t n,
                 const struct pick_part *part, int64_t wanted)
{
    int64_t left = -wanted;
    struct pick_run run =
        pick_run_of(e->all, e->all_count, fo->id, n, part->sku);
    for (size_t i = 0; i < run.count; i++) {
        const struct pick_line *line = &run.at[i].line;
        left += !is_mine(e, line) && pick_is_live(run.at[i].state)
                    ? line->qty - line->missing
                    : line->picked;
    }
    if (left > 0)
        left -=
            pick_cut_from(run, left, e->work->task.id, e->cuts, &e->cut_count);
    for (size_t i = e->work->count; i > 0 && left > 0; i--) {
        struct pick_line *line = &e->work->lines[i - 1];
        if (line->fo.v != fo->id.v || line->fo_n != n ||
            line->sku.v != part->sku.v)
            continue;
        int64_t take = line->picked < left ? line->picked : left;
        line->picked -= take;
        line->qty -= take;
        e->put_back[i - 1] += take;
        left -= take;
    }
}

/* ---- orders ---- */

static bool is_touched(const struct ending *e, const struct fulfillment *fo,
                       int64_t n)
{
    for (size_t i = 0; i < e->work->count; i++)
        if (e->work->lines[i].fo.v == fo->id.v && e->work->lines[i].fo_n == n &&
            e->work->lines[i].qty > 0)
            return true;
    return false;
}

/* What becomes of the units of one order. */
struct outcome {
    struct fulfillment_units *found, *lost;
    size_t found_count, lost_count;
};

static bool is_missed(const struct pick_part *parts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (parts[i].missing > 0)
            return true;
    return false;
}

static err_t end_line(struct ctx *ctx, struct ending *e,
                      const struct fulfillment *fo,
                      const struct fulfillment_line *line, struct outcome *ret)
{
    struct pick_part *parts;
    size_t count;
    parts_of(ctx, e, fo, line, &parts, &count);
    struct pick_settled end =
        pick_settle(parts, count, line->qty, line->picked);
    if (end.picked > 0)
        ret->found[ret->found_count++] =
            (struct fulfillment_units){.n = line->n, .qty = end.picked};
    if (end.lost > 0) {
        struct fulfillment_units *lost = &ret->lost[ret->lost_count++];
        *lost = (struct fulfillment_units){.n = line->n, .qty = end.lost};
        TRY(pieces_of(ctx, e, fo, line->n, lost));
    }
    for (size_t i = 0; i < count && is_missed(parts, count); i++)
        trim(e, fo, line->n, &parts[i], parts[i].per * (line->qty - end.lost));
    return OK;
}

static err_t end_order(struct ctx *ctx, struct ending *e,
                       fulfillment_order_id id)
{
    struct fulfillment_work work;
    struct outcome out = {0};
    TRY(fulfillment_lock(ctx, id, &work));
    const struct fulfillment *fo = work.fo;
    out.found =
        arena_array(ctx->arena, struct fulfillment_units, fo->line_count);
    out.lost =
        arena_array(ctx->arena, struct fulfillment_units, fo->line_count);
    for (size_t i = 0; i < fo->line_count; i++)
        if (is_touched(e, fo, fo->lines[i].n))
            TRY(end_line(ctx, e, fo, &fo->lines[i], &out));
    /* The notes look at what is in whose hands. */
    TRY(pick_cut(ctx, e->cuts, e->cut_count));
    e->cut_count = 0;
    TRY(pick_save_lines(ctx, e->work));
    struct fulfillment_note found = {.units = out.found,
                                     .count = out.found_count};
    struct fulfillment_note lost = {.units = out.lost, .count = out.lost_count};
    if (found.count > 0)
        TRY(fulfillment_note_picked(ctx, &work, &found));
    if (lost.count > 0)
        TRY(fulfillment_note_short(ctx, &work, &lost));
    return OK;
}

/* ---- what else has to be done ---- */

/* Somebody counts what was not there; numbered units are adjusted instead. */
static err_t ask_count(struct ctx *ctx, struct ending *e)
{
    struct sku *rows;
    size_t n = 0, found, kept = 0;
    sku_id *skus = arena_array(ctx->arena, sku_id, e->work->count);
    for (size_t i = 0; i < e->work->count; i++) {
        const struct pick_line *line = &e->work->lines[i];
        const struct unit_rule *rule =
            map_find(e->rules, (struct map_key){.a = line->sku.v});
        if (line->missing == 0)
            continue;
        if (rule && rule->is_serial)
            e->uncounted++;
        else
            skus[n++] = line->sku;
    }
    TRY(sku_list_ids(ctx, skus, n, &rows, &found));
    for (size_t i = 0; i < found; i++)
        if (rows[i].is_tracked)
            skus[kept++] = rows[i].id;
    e->uncounted += (int64_t)(found - kept);
    if (kept == 0)
        return OK;
    struct stock_missed missed = {.task = e->work->task.id,
                                  .location = e->work->task.location,
                                  .skus = skus,
                                  .count = kept};
    return inventory_ask_count(ctx, &missed, &e->asked);
}

/* Units in hand that go back are on their shelf again. */
static err_t put_back(struct ctx *ctx, const struct ending *e)
{
    struct pick_unit *units;
    size_t count;
    TRY(pick_unit_list(ctx, &e->work->task.id, 1, &units, &count));
    for (size_t i = 0; i < e->work->count; i++) {
        int64_t left = e->put_back[i];
        for (size_t u = 0; u < count && left > 0; u++) {
            if (units[u].n != e->work->lines[i].n)
                continue;
            int64_t there = units[u].qty - units[u].gone;
            int64_t take = there < left ? there : left;
            units[u].gone += take;
            left -= take;
        }
    }
    return pick_unit_save(ctx, units, count);
}

static void put_lines(struct json_out *out, const struct ending *e,
                      const char *key, bool is_back)
{
    json_begin_list(out, key);
    for (size_t i = 0; i < e->work->count; i++) {
        const struct pick_line *line = &e->work->lines[i];
        int64_t qty = is_back ? e->put_back[i] : line->missing;
        if (qty == 0)
            continue;
        json_begin(out, NULL);
        json_put_i64(out, "line", line->n);
        json_put_id(out, "fulfillment_order", "fo", line->fo.v);
        json_put_id(out, "order", "ord", line->order.v);
        json_put_i64(out, "order_line", line->fo_n);
        json_put_id(out, "sku", "sku", line->sku.v);
        json_put_i64(out, "quantity", qty);
        if (!is_back)
            json_put_str(out, "reason", line->reason);
        json_end_object(out);
    }
    json_end_list(out);
}

static str end_text(struct ctx *ctx, const struct ending *e)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    put_lines(&out, e, "missing", false);
    put_lines(&out, e, "put_back", true);
    if (e->asked.v != 0)
        json_put_id(&out, "count", "cnt", e->asked.v);
    else
        json_put_null(&out, "count");
    json_put_i64(&out, "uncounted", e->uncounted);
    json_end_object(&out);
    return buf_str(&buf);
}

err_t pick_note_done(struct ctx *ctx, struct pick_work *work, str *ret_more)
{
    struct ending e = {.work = work};
    fulfillment_order_id *ids;
    size_t count;
    TRY(read_all(ctx, &e));
    pick_fos_of(ctx->arena, work, &ids, &count);
    for (size_t i = 0; i < count; i++)
        TRY(end_order(ctx, &e, ids[i]));
    TRY(put_back(ctx, &e));
    TRY(ask_count(ctx, &e));
    *ret_more = end_text(ctx, &e);
    return OK;
}
