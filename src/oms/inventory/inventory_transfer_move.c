/* inventory_transfer_move.c - units of a transfer leave, arrive or get lost. */
#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "oms/inventory/inventory_expected.h"
#include "oms/inventory/inventory_named.h"
#include "oms/inventory/inventory_transfer_work.h"
#include "store/event.h"

/* A step while it is taken. */
struct moving {
    struct transfer_work work;
    const struct transfer_item *items;
    size_t count;
    bool is_shipping;
    struct units *units;
    struct supply *supplies; /* Of lines that were shipped before. */
    size_t supply_count;
    struct supply *fresh; /* Of lines that are shipped now. */
    size_t fresh_count;
    struct transfer_lot *lots; /* With room for one more each item. */
    size_t lot_count;
    int64_t *moved; /* By line: units of this step. */
};

static struct transfer_line *line_of(struct moving *m, int64_t n)
{
    for (size_t i = 0; i < m->work.count; i++)
        if (m->work.lines[i].n == n)
            return &m->work.lines[i];
    return NULL;
}

/* What may still leave or arrive of a line. */
static int64_t left_of(const struct moving *m, const struct transfer_line *line)
{
    if (m->is_shipping)
        return line->qty - line->shipped;
    return line->shipped - line->received - line->lost;
}

/* Without items: all that is left, line by line. */
static void choose_items(struct ctx *ctx, const struct transfer_step *step,
                         struct moving *m)
{
    m->items = step->items;
    m->count = step->count;
    if (step->items)
        return;
    struct transfer_item *items =
        arena_array(ctx->arena, struct transfer_item, m->work.count);
    for (size_t i = 0; i < m->work.count; i++) {
        const struct transfer_line *line = &m->work.lines[i];
        if (left_of(m, line) > 0)
            items[m->count++] =
                (struct transfer_item){.n = line->n,
                                       .qty = left_of(m, line),
                                       .bucket = STOCK_AVAILABLE};
    }
    m->items = items;
}

static location_id place_of(const struct moving *m)
{
    return m->is_shipping ? m->work.transfer.from : m->work.transfer.to;
}

static err_t open_rows(struct ctx *ctx, struct moving *m)
{
    struct unit_want *wants =
        arena_array(ctx->arena, struct unit_want, m->count);
    size_t n = 0, lot_count;
    for (size_t i = 0; i < m->count; i++) {
        const struct transfer_line *line = line_of(m, m->items[i].n);
        if (line)
            wants[n++] =
                (struct unit_want){line->sku, place_of(m), &m->items[i].names};
    }
    TRY(units_open(ctx, wants, n, &m->units));
    supply_id *ids = arena_array(ctx->arena, supply_id, m->work.count);
    for (size_t i = 0; i < m->work.count; i++)
        ids[i] = m->work.lines[i].supply;
    TRY(supply_list_ids(ctx, ids, m->work.count, &m->supplies,
                        &m->supply_count));
    m->fresh = arena_array(ctx->arena, struct supply, m->work.count);
    m->moved = arena_array(ctx->arena, int64_t, m->work.count);
    struct transfer_lot *lots;
    TRY(transfer_lot_list(ctx, &m->work.transfer.id, 1, &lots, &lot_count));
    m->lots =
        arena_array(ctx->arena, struct transfer_lot, lot_count + m->count);
    if (lot_count > 0)
        memcpy(m->lots, lots, lot_count * sizeof *lots);
    m->lot_count = lot_count;
    return OK;
}

static struct transfer_lot *lot_of(struct moving *m, int64_t n, lot_id lot)
{
    for (size_t i = 0; i < m->lot_count; i++)
        if (m->lots[i].n == n && m->lots[i].lot.v == lot.v)
            return &m->lots[i];
    return NULL;
}

static err_t check_item(struct ctx *ctx, struct moving *m,
                        const struct transfer_item *item,
                        struct transfer_line **ret)
{
    *ret = line_of(m, item->n);
    if (!*ret)
        return fail_as(ctx, ERR_INVALID, "line_unknown", "line",
                       "the transfer has no such line");
    int64_t left = left_of(m, *ret);
    if (item->qty <= left)
        return OK;
    if (m->is_shipping)
        return fail_as(ctx, ERR_INVALID, "over_shipped", "quantity",
                       "at most %lld units are left to ship", (long long)left);
    return fail_as(ctx, ERR_INVALID, "over_received", "quantity",
                   "at most %lld units are in transit", (long long)left);
}

/* Units of a lot arrive only as many as left in it. */
static err_t check_lot(struct ctx *ctx, struct moving *m,
                       const struct transfer_item *item, sku_id sku)
{
    const struct lot *lot = units_lot(m->units, sku, item->names.lot);
    if (m->is_shipping || !lot)
        return OK;
    const struct transfer_lot *row = lot_of(m, item->n, lot->id);
    int64_t left = row ? row->shipped - row->received : 0;
    if (item->qty <= left)
        return OK;
    return fail_as(ctx, ERR_INVALID, "over_received", "lot",
                   "at most %lld units of this lot are in transit",
                   (long long)left);
}

static void note_lot(struct moving *m, int64_t n, lot_id lot, int64_t qty)
{
    if (lot.v == 0)
        return;
    struct transfer_lot *row = lot_of(m, n, lot);
    if (!row) {
        row = &m->lots[m->lot_count++];
        *row = (struct transfer_lot){
            .transfer = m->work.transfer.id, .n = n, .lot = lot};
    }
    row->shipped += m->is_shipping ? qty : 0;
    row->received += m->is_shipping ? 0 : qty;
    ASSERT(row->received <= row->shipped);
}

static void note_line(struct moving *m, struct transfer_line *line,
                      const struct transfer_item *item)
{
    m->moved[line - m->work.lines] += item->qty;
    if (m->is_shipping) {
        line->shipped += item->qty;
        return;
    }
    line->received += item->qty;
    line->damaged += item->bucket == STOCK_DAMAGED ? item->qty : 0;
}

static err_t move_item(struct ctx *ctx, struct moving *m, size_t i)
{
    const struct transfer_item *item = &m->items[i];
    struct transfer_line *line;
    TRY(check_item(ctx, m, item, &line));
    struct stock_level *level =
        stock_level_find(m->work.stock, line->sku, place_of(m));
    ASSERT(level != NULL);
    struct stock_move move = {
        .type = m->is_shipping ? MOVEMENT_TRANSFER_OUT : MOVEMENT_TRANSFER_IN,
        .from = m->is_shipping ? STOCK_RESERVED : STOCK_OUTSIDE,
        .to = m->is_shipping ? STOCK_OUTSIDE : item->bucket,
        .qty = item->qty,
        .ref_kind = REF_TRANSFER,
        .ref_id = m->work.transfer.id.v,
        .event_id = m->work.event_id,
    };
    struct unit_move units = {.sku = line->sku,
                              .location = place_of(m),
                              .from = move.from,
                              .to = move.to,
                              .qty = move.qty,
                              .names = &item->names,
                              .transit_id = m->work.transfer.id.v};
    TRY(units_check(ctx, m->units, &units));
    TRY(check_lot(ctx, m, item, line->sku));
    if (!m->is_shipping &&
        level->on_hand + level->delta_on_hand + item->qty > LIMIT_QTY)
        return fail_as(ctx, ERR_INVALID, "number_out_of_range", "quantity",
                       "a level holds at most %lld units",
                       (long long)LIMIT_QTY);
    stock_move(ctx, m->work.stock, level, &move);
    lot_id lot = units_apply(ctx, m->units, &units, level->last_movement_id);
    note_lot(m, line->n, lot, item->qty);
    note_line(m, line, item);
    return OK;
}

/* ---- what a line makes expected at the other end ---- */

static struct supply *supply_of(struct moving *m,
                                const struct transfer_line *line)
{
    for (size_t i = 0; i < m->supply_count; i++)
        if (m->supplies[i].id.v == line->supply.v)
            return &m->supplies[i];
    return NULL;
}

static void expect_new(struct ctx *ctx, struct moving *m,
                       struct transfer_line *line)
{
    const struct transfer *transfer = &m->work.transfer;
    struct stock_level *level =
        stock_level_find(m->work.stock, line->sku, transfer->to);
    ASSERT(level != NULL);
    line->supply.v = id_next(ctx->ids, ctx->now, id_bucket(line->sku.v));
    m->fresh[m->fresh_count++] = (struct supply){
        .id = line->supply,
        .sku = line->sku,
        .location = transfer->to,
        .qty = line->shipped,
        .expected_at = transfer->expected_at ? transfer->expected_at : ctx->now,
        .reference = transfer->reference,
        .state = SUPPLY_OPEN,
        .source = SUPPLY_TRANSFER,
        .source_id = transfer->id.v,
        .source_n = line->n,
        .version = 1,
        .created_at = ctx->now,
    };
    stock_expect(m->work.stock, level, line->shipped);
}

static void expect(struct ctx *ctx, struct moving *m)
{
    for (size_t i = 0; i < m->work.count; i++) {
        struct transfer_line *line = &m->work.lines[i];
        struct supply *supply = supply_of(m, line);
        if (supply && m->is_shipping && m->work.transfer.expected_at)
            supply->expected_at = m->work.transfer.expected_at;
        if (m->moved[i] == 0)
            continue;
        if (supply)
            supply_apply(m->work.stock, supply, line->shipped, line->received);
        else
            expect_new(ctx, m, line);
    }
}

/* What of a held row has left: the row ends, and what still waits goes on in
 * its successor. */
static void consume(struct ctx *ctx, struct moving *m)
{
    for (size_t i = 0; i < m->work.count; i++) {
        const struct transfer_line *line = &m->work.lines[i];
        if (m->moved[i] == 0)
            continue;
        struct stock_held *held = transfer_held_of(&m->work, line->n);
        ASSERT(held != NULL && held->qty >= m->moved[i]);
        int64_t rest = held->qty - m->moved[i];
        if (rest > 0) {
            const struct stock_level *level = stock_level_find(
                m->work.stock, line->sku, m->work.transfer.from);
            held->successor =
                stock_reserve(ctx, m->work.stock, level, &held->owner, rest);
        }
        stock_end(m->work.stock, held,
                  rest > 0 ? RESERVATION_MOVED : RESERVATION_CONSUMED);
    }
}

static err_t save(struct ctx *ctx, struct moving *m, enum transfer_event event)
{
    TRY(supply_add(ctx, m->fresh, m->fresh_count));
    TRY(supply_save(ctx, m->supplies, m->supply_count));
    TRY(transfer_finish(ctx, event, &m->work));
    TRY(transfer_lot_save(ctx, m->lots, m->lot_count));
    return units_save(ctx, m->units);
}

static err_t run(struct ctx *ctx, const struct transfer_step *step,
                 struct moving *m)
{
    TRY(transfer_lock_stock(ctx, true, &m->work));
    choose_items(ctx, step, m);
    if (m->count == 0)
        return fail_as(ctx, ERR_STATE, "nothing_left", "items",
                       m->is_shipping ? "everything was shipped"
                                      : "nothing is in transit");
    TRY(open_rows(ctx, m));
    for (size_t i = 0; i < m->count; i++)
        TRY(fail_in(ctx, move_item(ctx, m, i), "items", i));
    expect(ctx, m);
    return OK;
}

err_t transfer_ship(struct ctx *ctx, transfer_id id,
                    const struct transfer_step *step)
{
    struct moving m = {.is_shipping = true};
    TRY(transfer_open(ctx, id, step->version, TRANSFER_EVENT_SHIP, &m.work));
    if (step->has_expected_at)
        m.work.transfer.expected_at = step->expected_at;
    TRY(run(ctx, step, &m));
    consume(ctx, &m);
    return save(ctx, &m, TRANSFER_EVENT_SHIP);
}

static bool is_complete(const struct transfer_work *work)
{
    for (size_t i = 0; i < work->count; i++)
        if (work->lines[i].shipped < work->lines[i].qty ||
            work->lines[i].received + work->lines[i].lost <
                work->lines[i].shipped)
            return false;
    return true;
}

err_t transfer_receive(struct ctx *ctx, transfer_id id,
                       const struct transfer_step *step)
{
    struct moving m = {.is_shipping = false};
    TRY(transfer_open(ctx, id, step->version, TRANSFER_EVENT_RECEIVE, &m.work));
    TRY(run(ctx, step, &m));
    return save(ctx, &m,
                is_complete(&m.work) ? TRANSFER_EVENT_COMPLETE
                                     : TRANSFER_EVENT_RECEIVE);
}

err_t transfer_close(struct ctx *ctx, transfer_id id, int64_t version)
{
    struct moving m = {.is_shipping = false};
    TRY(transfer_open(ctx, id, version, TRANSFER_EVENT_CLOSE, &m.work));
    TRY(transfer_lock_stock(ctx, true, &m.work));
    TRY(open_rows(ctx, &m));
    for (size_t i = 0; i < m.work.count; i++) {
        struct transfer_line *line = &m.work.lines[i];
        struct supply *supply = supply_of(&m, line);
        line->lost = line->shipped - line->received;
        if (supply && supply->state == SUPPLY_OPEN)
            supply_end(m.work.stock, supply);
    }
    for (size_t i = 0; i < m.work.held_count; i++)
        stock_unhold(ctx, m.work.stock, &m.work.held[i], RESERVATION_RELEASED,
                     m.work.event_id);
    TRY(transfer_units_lost(ctx, m.work.lines, m.work.count));
    return save(ctx, &m, TRANSFER_EVENT_CLOSE);
}
