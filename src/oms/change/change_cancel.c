/* change_cancel.c - the command "cancel this order, or these units of it". */
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/change/change_hold.h"
#include "oms/change/change_rules.h"
#include "oms/fulfillment/fulfillment.h"
#include "oms/order/order_edit.h"
#include "oms/order/order_fulfil.h"
#include "oms/order/order_kit.h"
#include "oms/order/order_pay.h"
#include "oms/order/order_then.h"
#include "oms/order/order_worth.h"
#include "store/event.h"

static err_t check_reason(struct ctx *ctx, const struct cancel_cmd *cmd)
{
    if (cmd->reason.len == 0 || cmd->reason.len > LIMIT_REASON_BYTES)
        return fail(ctx, ERR_INVALID, "reason", "must have 1 to %d bytes",
                    LIMIT_REASON_BYTES);
    return OK;
}

/* The version first: who saw an old order learns that, not its consequence. */
static err_t check_order(struct ctx *ctx, const struct cancel_cmd *cmd,
                         const struct order *order)
{
    if (order->version != cmd->version) {
        err_t err =
            fail(ctx, ERR_STALE, "version", "the order is at version %lld",
                 (long long)order->version);
        ctx->err.version = order->version;
        return err;
    }
    struct order probe = *order;
    return order_move(ctx, &probe, ORDER_EVENT_CANCEL);
}

/* Cuts the lines and, where nothing is left to do, ends the order. */
static err_t apply(struct ctx *ctx, const struct line_cut *cuts, size_t count,
                   struct order *order)
{
    int64_t open = 0, left = 0;
    for (size_t i = 0; i < count; i++) {
        struct order_line *line = &order->lines[cuts[i].n - 1];
        order_line_take_off(line, cuts[i].unallocated + cuts[i].backordered +
                                      cuts[i].allocated);
        change_cut_apply(&cuts[i], line);
    }
    for (size_t i = 0; i < order->line_count; i++) {
        const struct order_line *line = &order->lines[i];
        open += order_open_units(line) + line->picked;
        left += line->ordered - line->cancelled;
    }
    order->version += 1;
    if (left == 0) {
        order_worth_no_charges(order);
        return order_move(ctx, order, ORDER_EVENT_CANCEL);
    }
    if (open == 0)
        return order_move(ctx, order, ORDER_EVENT_COMPLETE);
    return OK;
}

/* What of a line goes back to stock: qty units of a SKU at a location. */
struct give {
    int64_t n;
    sku_id sku;
    location_id location;
    int64_t qty;
};

/* The latest live reservations of the line there, up to the units cut; what
 * is given is off the row. */
static err_t pick_rows(struct ctx *ctx, struct reservation *rows, size_t count,
                       struct give give, struct stock_release *ret,
                       size_t *ret_count)
{
    size_t n = 0;
    for (size_t i = count; i > 0 && give.qty > 0; i--) {
        struct reservation *row = &rows[i - 1];
        if (row->owner_n != give.n || row->sku.v != give.sku.v ||
            row->location.v != give.location.v || row->qty == 0 ||
            row->state != RESERVATION_COMMITTED)
            continue;
        int64_t taken = row->qty < give.qty ? row->qty : give.qty;
        ret[n++] = (struct stock_release){row->id, taken};
        row->qty -= taken;
        give.qty -= taken;
    }
    if (give.qty > 0)
        return fail(ctx, ERR_INTERNAL, "",
                    "line %lld has %lld allocated units without reservation",
                    (long long)give.n, (long long)give.qty);
    *ret_count += n;
    return OK;
}

/* A kit gives back each component, as it was sold. */
static err_t pick_line(struct ctx *ctx, struct reservation *rows, size_t count,
                       const struct fulfillment_cut *from,
                       const struct order_line *line, struct stock_release *ret,
                       size_t *ret_count)
{
    struct give give = {line->n, line->sku, from->location, from->qty};
    if (line->part_count == 0)
        return pick_rows(ctx, rows, count, give, ret, ret_count);
    size_t n = 0;
    for (size_t i = 0; i < line->part_count; i++) {
        give.sku = line->parts[i].sku;
        give.qty = from->qty * line->parts[i].quantity;
        TRY(pick_rows(ctx, rows, count, give, ret + n, &n));
    }
    *ret_count += n;
    return OK;
}

/* Units that leave their fulfillment orders, and where those have them. */
struct leaving {
    struct fulfillment_cut *at;
    size_t count;
};

static err_t withdraw(struct ctx *ctx, const struct line_cut *cuts,
                      size_t count, struct order *order, struct leaving *ret)
{
    struct fulfillment_cut *wanted =
        arena_array(ctx->arena, struct fulfillment_cut, count);
    size_t n = 0;
    *ret = (struct leaving){0};
    for (size_t i = 0; i < count; i++)
        if (cuts[i].allocated > 0)
            wanted[n++] = (struct fulfillment_cut){.n = cuts[i].n,
                                                   .qty = cuts[i].allocated};
    if (n == 0)
        return OK;
    return fulfillment_withdraw(ctx, order, wanted, n, &ret->at, &ret->count);
}

err_t change_release(struct ctx *ctx, const struct order *order,
                     const struct fulfillment_cut *cuts, size_t count,
                     int64_t event)
{
    struct reservation *rows;
    size_t row_count, parts = 1, n = 0;
    TRY(inventory_reservations_list(ctx, order->id, &rows, &row_count));
    for (size_t i = 0; i < order->line_count; i++)
        parts += order->lines[i].part_count;
    struct stock_release *at = arena_array(ctx->arena, struct stock_release,
                                           row_count + count * parts);
    for (size_t i = 0; i < count; i++) {
        const struct order_line *line = &order->lines[cuts[i].n - 1];
        if (line->is_tracked)
            TRY(pick_line(ctx, rows, row_count, &cuts[i], line, at + n, &n));
    }
    return n > 0 ? inventory_release(ctx, order->id, at, n, event) : OK;
}

err_t change_cancel_text(struct ctx *ctx, const struct cancelling *did,
                         str *ret)
{
    const struct order *order = did->after;
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, LIMIT_EVENT_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_i64(&out, "version", order->version);
    json_put_cstr(&out, "status", order_status_name(order->status));
    json_put_str(&out, "reason", did->reason);
    json_begin_list(&out, "lines");
    for (size_t i = 0; i < did->count; i++) {
        const struct line_cut *cut = &did->cuts[i];
        json_begin(&out, NULL);
        json_put_i64(&out, "n", cut->n);
        json_put_i64(&out, "quantity",
                     cut->unallocated + cut->backordered + cut->allocated);
        json_end_object(&out);
    }
    json_end_list(&out);
    order_put_was(&out, did->before, order);
    json_end_object(&out);
    if (buf.is_full)
        return fail_as(ctx, ERR_INVALID, "cancellation_too_large", "lines",
                       "this is more than one event can tell (%d bytes); "
                       "cancel fewer lines at once",
                       LIMIT_EVENT_BYTES);
    *ret = buf_str(&buf);
    return OK;
}

static err_t add_event(struct ctx *ctx, const struct order *order, int64_t id,
                       str data)
{
    bool is_whole = order->status == ORDER_CANCELLED;
    struct event event = {.id = id,
                          .at = ctx->now,
                          .type = is_whole ? STR("order.cancelled")
                                           : STR("order.line_cancelled"),
                          .subject_kind = STR("order"),
                          .subject_id = order->id.v,
                          .actor = ctx->actor,
                          .data = data};
    return event_add_many(ctx, &event, 1);
}

err_t change_cancel(struct ctx *ctx, const struct cancel_cmd *cmd,
                    struct order *ret)
{
    ASSERT(ctx->tx && ctx->ids);
    struct order order;
    struct line_cut *cuts;
    size_t count;
    TRY(check_reason(ctx, cmd));
    TRY(order_lock(ctx, cmd->id, &order));
    TRY(check_order(ctx, cmd, &order));
    TRY(change_cuts_make(ctx, cmd, &order, &cuts, &count));
    struct order before = order_keep(ctx->arena, &order);
    struct leaving leaving;
    TRY(withdraw(ctx, cuts, count, &order, &leaving));
    TRY(apply(ctx, cuts, count, &order));
    int64_t event = event_id(ctx, order.id.v);
    TRY(change_release(ctx, &order, leaving.at, leaving.count, event));
    TRY(order_save(ctx, &order));
    struct cancelling did = {cmd->reason, cuts, count, &before, &order};
    str data;
    TRY(change_cancel_text(ctx, &did, &data));
    TRY(add_event(ctx, &order, event, data));
    ASSERT(order.version == cmd->version + 1);
    if (order.status == ORDER_CANCELLED || order.status == ORDER_COMPLETED)
        TRY(order_held_end(ctx, &order));
    TRY(order_get(ctx, order.id, ret));
    return order_give_back(ctx, &before, ret);
}
