/* fulfillment_give_up.c - nobody wants its units any more, and no rule sends
 * them elsewhere: back to stock. */
#include "oms/fulfillment/fulfillment_give_up.h"
#include "base/arena.h"
#include "base/str.h"
#include "oms/fulfillment/fulfillment_store.h"
#include "store/event.h"

static err_t release_rows(struct ctx *ctx, const struct fulfillment_work *work,
                          const struct fulfillment_units *units, size_t count,
                          int64_t event)
{
    struct fulfillment_rows rows;
    struct fulfillment_parts parts = {0};
    TRY(fulfillment_rows_read(ctx, work->order.id, &rows));
    for (size_t i = 0; i < count; i++) {
        struct fulfillment_take take = {.line =
                                            &work->order.lines[units[i].n - 1],
                                        .location = work->fo->location,
                                        .qty = units[i].qty};
        TRY(fulfillment_take_rows(ctx, &rows, &take, &parts));
    }
    struct stock_release *freed =
        arena_array(ctx->arena, struct stock_release, parts.count);
    for (size_t i = 0; i < parts.count; i++)
        freed[i] = (struct stock_release){parts.at[i].id, parts.at[i].qty};
    return inventory_release(ctx, work->order.id, freed, parts.count, event);
}

err_t fulfillment_give_up(struct ctx *ctx, struct fulfillment_work *work,
                          const char *reason)
{
    struct fulfillment *fo = work->fo;
    int64_t event = event_id(ctx, work->order.id.v);
    struct fulfillment_units *units =
        arena_array(ctx->arena, struct fulfillment_units, fo->line_count);
    size_t count = 0;
    for (size_t i = 0; i < fo->line_count; i++) {
        struct fulfillment_line *line = &fo->lines[i];
        int64_t qty = line->qty - line->picked;
        if (qty <= 0)
            continue;
        TRY(order_fulfil(ctx, &work->order, ORDER_UNALLOCATE, line->n, qty));
        units[count++] = (struct fulfillment_units){.n = line->n, .qty = qty};
        line->qty -= qty;
    }
    if (count == 0)
        return OK;
    TRY(release_rows(ctx, work, units, count, event));
    fulfillment_touch(fo, "fulfillment_order.given_up");
    TRY(fulfillment_settle(ctx, fo));
    struct fulfillment_end end = {.type = "order.unallocated",
                                  .event_id = event,
                                  .saying = {.reason = reason}};
    return fulfillment_finish(ctx, work, &end);
}
