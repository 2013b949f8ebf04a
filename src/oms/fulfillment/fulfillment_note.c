/* fulfillment_note.c - what happened to units of a fulfillment order. */
#include "base/arena.h"
#include "base/str.h"
#include "oms/fulfillment/fulfillment_leave.h"
#include "oms/fulfillment/fulfillment_pick_units.h"
#include "oms/fulfillment/fulfillment_store.h"
#include "oms/order/order_kit.h"
#include "oms/order/order_then.h"
#include "store/event.h"

/* Where units of a line go, and what too many are called. */
struct step {
    const char *slug, *limit;
    const char *fo_type, *order_type; /* Events; order_type may be NULL. */
    enum order_fulfil_move move;      /* Of the order's units; 0: none. */
};

err_t fulfillment_check_pickable(struct ctx *ctx, const struct fulfillment *fo)
{
    if (fulfillment_is_elsewhere(fo))
        return fail_as(ctx, ERR_STATE, "request_state", "request_status",
                       "its request is %s: who keeps the stock works on it",
                       fulfillment_request_name(fo->request_status));
    if (fo->status == FULFILLMENT_IN_PROGRESS)
        return OK;
    struct fulfillment probe = *fo;
    return fulfillment_move(ctx, &probe, FULFILLMENT_EVENT_START);
}

/* Work on units begins an open FO by itself. */
static err_t begin(struct ctx *ctx, struct fulfillment *fo)
{
    if (fo->status == FULFILLMENT_OPEN && !fulfillment_is_elsewhere(fo))
        TRY(fulfillment_move(ctx, fo, FULFILLMENT_EVENT_START));
    return fulfillment_move(ctx, fo, FULFILLMENT_EVENT_WORK);
}

static err_t line_get(struct ctx *ctx, struct fulfillment *fo,
                      const struct fulfillment_note *note, size_t i,
                      struct fulfillment_line **ret)
{
    const struct fulfillment_units *units = &note->units[i];
    *ret = fulfillment_line_of(fo, units->n);
    if (!*ret)
        return fail_as(ctx, ERR_INVALID, "line_unknown", "line",
                       "the fulfillment order has no line %lld",
                       (long long)units->n);
    for (size_t j = 0; j < i; j++)
        if (note->units[j].n == units->n)
            return fail_as(ctx, ERR_INVALID, "line_twice", "line",
                           "line %lld is named twice", (long long)units->n);
    if (units->qty < 1)
        return fail(ctx, ERR_INVALID, "quantity", "must be 1 or more");
    return OK;
}

static err_t check_limit(struct ctx *ctx, const struct fulfillment_units *units,
                         const char *slug, int64_t limit, const char *what)
{
    if (units->qty <= limit)
        return OK;
    return fail_as(ctx, ERR_INVALID, slug, "quantity",
                   "line %lld has at most %lld left to %s", (long long)units->n,
                   (long long)limit, what);
}

static err_t finish(struct ctx *ctx, struct fulfillment_work *work,
                    const struct fulfillment_note *note, const char *type,
                    int64_t event)
{
    struct fulfillment_end end = {.type = type, .event_id = event};
    if (note) {
        end.saying.write = note->write;
        end.saying.arg = note->arg;
    }
    return fulfillment_finish(ctx, work, &end);
}

err_t fulfillment_note_started(struct ctx *ctx, struct fulfillment_work *work)
{
    TRY(fulfillment_check_pickable(ctx, work->fo));
    if (work->fo->status == FULFILLMENT_IN_PROGRESS)
        return OK;
    TRY(fulfillment_move(ctx, work->fo, FULFILLMENT_EVENT_START));
    fulfillment_touch(work->fo, "fulfillment_order.started");
    return finish(ctx, work, NULL, NULL, 0);
}

err_t fulfillment_note_stopped(struct ctx *ctx, struct fulfillment_work *work)
{
    if (work->fo->status == FULFILLMENT_OPEN)
        return OK;
    for (size_t i = 0; i < work->fo->line_count; i++)
        if (work->fo->lines[i].picked > 0)
            return fail_as(ctx, ERR_STATE, "units_in_work", "status",
                           "units of it are picked");
    TRY(fulfillment_move(ctx, work->fo, FULFILLMENT_EVENT_STOP));
    fulfillment_touch(work->fo, "fulfillment_order.stopped");
    return finish(ctx, work, NULL, NULL, 0);
}

err_t fulfillment_note_left(struct ctx *ctx, struct fulfillment_work *work)
{
    TRY(fulfillment_lay_down(ctx, work));
    return work->fo->told ? finish(ctx, work, NULL, NULL, 0) : OK;
}

err_t fulfillment_note_picked(struct ctx *ctx, struct fulfillment_work *work,
                              const struct fulfillment_note *note)
{
    TRY(fulfillment_check_pickable(ctx, work->fo));
    TRY(begin(ctx, work->fo));
    for (size_t i = 0; i < note->count; i++) {
        struct fulfillment_line *line;
        const struct fulfillment_units *units = &note->units[i];
        TRY(line_get(ctx, work->fo, note, i, &line));
        TRY(check_limit(ctx, units, "over_picked", line->qty - line->picked,
                        "pick"));
        TRY(order_fulfil(ctx, &work->order, ORDER_PICK, units->n, units->qty));
        line->picked += units->qty;
    }
    fulfillment_touch(work->fo, "fulfillment_order.picked");
    return finish(ctx, work, note, "order.picked", 0);
}

err_t fulfillment_note_unpicked(struct ctx *ctx, struct fulfillment_work *work,
                                const struct fulfillment_note *note)
{
    TRY(fulfillment_move(ctx, work->fo, FULFILLMENT_EVENT_WORK));
    for (size_t i = 0; i < note->count; i++) {
        struct fulfillment_line *line;
        const struct fulfillment_units *units = &note->units[i];
        TRY(line_get(ctx, work->fo, note, i, &line));
        TRY(check_limit(ctx, units, "over_unpicked",
                        line->picked - line->packed, "put back"));
        TRY(order_fulfil(ctx, &work->order, ORDER_UNPICK, units->n,
                         units->qty));
        line->picked -= units->qty;
    }
    fulfillment_touch(work->fo, "fulfillment_order.unpicked");
    return finish(ctx, work, note, "order.unpicked", 0);
}

err_t fulfillment_note_packed(struct ctx *ctx, struct fulfillment_work *work,
                              const struct fulfillment_note *note)
{
    TRY(fulfillment_move(ctx, work->fo, FULFILLMENT_EVENT_WORK));
    for (size_t i = 0; i < note->count; i++) {
        struct fulfillment_line *line;
        TRY(line_get(ctx, work->fo, note, i, &line));
        TRY(check_limit(ctx, &note->units[i], "over_packed",
                        line->picked - line->packed, "pack"));
        line->packed += note->units[i].qty;
    }
    fulfillment_touch(work->fo, "fulfillment_order.packed");
    return finish(ctx, work, note, NULL, 0);
}

err_t fulfillment_note_unpacked(struct ctx *ctx, struct fulfillment_work *work,
                                const struct fulfillment_note *note)
{
    TRY(fulfillment_move(ctx, work->fo, FULFILLMENT_EVENT_WORK));
    for (size_t i = 0; i < note->count; i++) {
        struct fulfillment_line *line;
        TRY(line_get(ctx, work->fo, note, i, &line));
        TRY(check_limit(ctx, &note->units[i], "over_unpacked",
                        line->packed - line->shipped, "unpack"));
        line->packed -= note->units[i].qty;
    }
    fulfillment_touch(work->fo, "fulfillment_order.unpacked");
    return finish(ctx, work, note, NULL, 0);
}

/* ---- shipped ---- */

/* Who keeps the stock for us ships without telling us of picking. */
static err_t ship_line(struct ctx *ctx, struct fulfillment_work *work,
                       const struct fulfillment_units *units,
                       struct fulfillment_line *line)
{
    bool is_elsewhere = fulfillment_is_elsewhere(work->fo);
    int64_t limit = (is_elsewhere ? line->qty : line->picked) - line->shipped;
    int64_t loose = line->picked - line->shipped;
    TRY(check_limit(ctx, units, "over_shipped", limit, "ship"));
    if (units->qty > loose) {
        TRY(order_fulfil(ctx, &work->order, ORDER_PICK, units->n,
                         units->qty - loose));
        line->picked += units->qty - loose;
    }
    TRY(order_fulfil(ctx, &work->order, ORDER_SHIP, units->n, units->qty));
    if (work->fo->method != ORDER_SHIPPED)
        TRY(order_deliver(ctx, &work->order, units->n, units->qty));
    line->shipped += units->qty;
    if (line->packed < line->shipped)
        line->packed = line->shipped;
    return OK;
}

/* Which units nobody says again are those that were picked. */
static err_t ship_rows(struct ctx *ctx, const struct fulfillment_work *work,
                       const struct fulfillment_note *said, int64_t event)
{
    struct fulfillment_rows rows;
    struct fulfillment_parts parts = {0};
    struct fulfillment_units *named =
        arena_array(ctx->arena, struct fulfillment_units, said->count);
    const struct fulfillment_note copy = {.units = named, .count = said->count};
    const struct fulfillment_note *note = &copy;
    if (said->count > 0)
        memcpy(named, said->units, said->count * sizeof *named);
    TRY(fulfillment_picked_pieces(ctx, work->fo->id, named, said->count));
    TRY(fulfillment_rows_read(ctx, work->order.id, &rows));
    for (size_t i = 0; i < note->count; i++) {
        const struct fulfillment_units *units = &note->units[i];
        struct fulfillment_take take = {
            .line = &work->order.lines[units->n - 1],
            .location = work->fo->location,
            .qty = units->qty,
            .pieces = units->pieces,
            .piece_count = units->piece_count,
        };
        TRY(fulfillment_take_rows(ctx, &rows, &take, &parts));
    }
    struct stock_fulfil cmd = {.order = work->order.id,
                               .channel = work->order.channel,
                               .event_id = event,
                               .parts = parts.at,
                               .count = parts.count};
    TRY(pick_units_gone(ctx, work->fo->id, named, said->count));
    return inventory_ship(ctx, &cmd);
}

err_t fulfillment_note_shipped(struct ctx *ctx, struct fulfillment_work *work,
                               const struct fulfillment_note *note)
{
    int64_t event = event_id(ctx, work->order.id.v);
    TRY(fulfillment_move(ctx, work->fo, FULFILLMENT_EVENT_WORK));
    for (size_t i = 0; i < note->count; i++) {
        struct fulfillment_line *line;
        TRY(line_get(ctx, work->fo, note, i, &line));
        TRY(ship_line(ctx, work, &note->units[i], line));
    }
    TRY(ship_rows(ctx, work, note, event));
    fulfillment_touch(work->fo, "fulfillment_order.shipped");
    TRY(fulfillment_settle(ctx, work->fo));
    return finish(ctx, work, note, "order.shipped", event);
}

err_t fulfillment_note_delivered(struct ctx *ctx, struct fulfillment_work *work,
                                 const struct fulfillment_note *note,
                                 bool has_trouble)
{
    int64_t flags = has_trouble ? ORDER_DELIVERY_TROUBLE : 0;
    bool is_same = work->order.delivery_flags == flags;
    if (is_same && note->count == 0)
        return OK;
    for (size_t i = 0; i < note->count; i++)
        TRY(order_deliver(ctx, &work->order, note->units[i].n,
                          note->units[i].qty));
    work->order.delivery_flags = flags;
    return finish(
        ctx, work, note,
        note->count > 0 ? "order.delivered" : "order.delivery_changed", 0);
}

/* ---- missing ---- */

/* Units of that component that were missed; without pieces all of them. */
static int64_t missed(const struct fulfillment_units *units, sku_id sku,
                      int64_t all)
{
    int64_t qty = 0;
    for (size_t i = 0; i < units->piece_count; i++)
        if (units->pieces[i].sku.v == sku.v)
            qty += units->pieces[i].qty;
    return units->piece_count == 0 ? all : qty;
}

/* Rows of one SKU of the line: those missed, or the rest of the kit. */
static err_t split_sku(struct ctx *ctx, struct fulfillment_rows *rows,
                       const struct fulfillment_take *take, sku_id sku,
                       bool is_lost, struct fulfillment_parts *ret)
{
    const struct fulfillment_units units = {.pieces = take->pieces,
                                            .piece_count = take->piece_count};
    struct order_line one = *take->line;
    struct fulfillment_take part = *take;
    int64_t gone = missed(&units, sku, take->qty);
    if (gone > take->qty)
        return fail_as(ctx, ERR_INVALID, "pieces_differ", "units",
                       "of line %lld there is %lld named, and %lld meant",
                       (long long)one.n, (long long)gone, (long long)take->qty);
    one.sku = sku;
    one.part_count = 0;
    part.line = &one;
    part.qty = is_lost ? gone : take->qty - gone;
    part.piece_count = is_lost ? part.piece_count : 0;
    return part.qty > 0 ? fulfillment_take_rows(ctx, rows, &part, ret) : OK;
}

static err_t split_line(struct ctx *ctx, const struct fulfillment_work *work,
                        const struct fulfillment_units *units,
                        struct fulfillment_rows *rows, bool is_lost,
                        struct fulfillment_parts *ret)
{
    const struct order_line *line = &work->order.lines[units->n - 1];
    struct fulfillment_take take = {
        .line = line,
        .location = work->fo->location,
        .qty = units->qty,
        .pieces = units->pieces,
        .piece_count = units->piece_count,
    };
    if (!line->is_tracked)
        return OK;
    if (line->part_count == 0)
        return split_sku(ctx, rows, &take, line->sku, is_lost, ret);
    for (size_t i = 0; i < line->part_count; i++) {
        take.qty = units->qty * line->parts[i].quantity;
        TRY(split_sku(ctx, rows, &take, line->parts[i].sku, is_lost, ret));
    }
    return OK;
}

static err_t split_lines(struct ctx *ctx, const struct fulfillment_work *work,
                         const struct fulfillment_note *note, bool is_lost,
                         struct fulfillment_parts *ret)
{
    struct fulfillment_rows rows;
    TRY(fulfillment_rows_read(ctx, work->order.id, &rows));
    for (size_t i = 0; i < note->count; i++)
        TRY(split_line(ctx, work, &note->units[i], &rows, is_lost, ret));
    return OK;
}

/* Missed units first: a row that gave some of them goes on in its successor,
 * which the second reading finds. */
static err_t lose_rows(struct ctx *ctx, const struct fulfillment_work *work,
                       const struct fulfillment_note *note, int64_t event)
{
    struct fulfillment_parts lost = {0}, rest = {0};
    TRY(split_lines(ctx, work, note, true, &lost));
    struct stock_fulfil cmd = {.order = work->order.id,
                               .channel = work->order.channel,
                               .event_id = event,
                               .parts = lost.at,
                               .count = lost.count};
    TRY(inventory_short(ctx, &cmd));
    TRY(split_lines(ctx, work, note, false, &rest));
    struct stock_release *freed =
        arena_array(ctx->arena, struct stock_release, rest.count);
    for (size_t i = 0; i < rest.count; i++)
        freed[i] = (struct stock_release){rest.at[i].id, rest.at[i].qty};
    return inventory_release(ctx, work->order.id, freed, rest.count, event);
}

err_t fulfillment_note_short(struct ctx *ctx, struct fulfillment_work *work,
                             const struct fulfillment_note *note)
{
    int64_t event = event_id(ctx, work->order.id.v);
    TRY(begin(ctx, work->fo));
    for (size_t i = 0; i < note->count; i++) {
        struct fulfillment_line *line;
        const struct fulfillment_units *units = &note->units[i];
        TRY(line_get(ctx, work->fo, note, i, &line));
        TRY(check_limit(ctx, units, "over_short", line->qty - line->picked,
                        "pick"));
        TRY(order_fulfil(ctx, &work->order, ORDER_UNALLOCATE, units->n,
                         units->qty));
        line->qty -= units->qty;
    }
    TRY(lose_rows(ctx, work, note, event));
    fulfillment_touch(work->fo, "fulfillment_order.short");
    TRY(fulfillment_settle(ctx, work->fo));
    struct fulfillment_route route = {.units = note->units,
                                      .count = note->count,
                                      .from = work->fo->location,
                                      .bars = true,
                                      .reason = "short_pick",
                                      .event_id = event};
    TRY(fulfillment_reroute(ctx, work, &route));
    struct fulfillment_end end = {
        .type = route.waiting > 0 ? "order.unallocated" : "order.allocated",
        .event_id = event,
        .saying = {"short_pick", note->write, note->arg}
    };
    return fulfillment_finish(ctx, work, &end);
}
