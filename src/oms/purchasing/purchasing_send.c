/* purchasing_send.c - purchase orders sent, expected, received and ended. */
#include "base/arena.h"
#include "base/str.h"
#include "oms/inventory/inventory_named.h"
#include "oms/purchasing/purchasing_store.h"

static const utc_ms DAY_MS = (utc_ms)24 * 60 * 60 * 1000;

str purchase_number_text(struct ctx *ctx, const struct purchase_order *order)
{
    return str_printf(ctx->arena, "PO-%lld", (long long)order->number);
}

/* The codes of what an order names, as commands of lower rooms want them. */
static err_t find_codes(struct ctx *ctx, const struct purchase_work *work,
                        struct codes *ret)
{
    sku_id *skus = arena_array(ctx->arena, sku_id, work->count);
    for (size_t i = 0; i < work->count; i++)
        skus[i] = work->lines[i].sku;
    TRY(codes_of_skus(ctx, skus, work->count, ret));
    return codes_of_locations(ctx, &work->order.location, 1, ret);
}

/* ---- send ---- */

static err_t take_supplies(struct ctx *ctx, struct purchase_work *work,
                           const struct supply_result *results)
{
    for (size_t i = 0; i < work->count; i++) {
        if (!results[i].is_ok) {
            ctx->err = results[i].err;
            return fail_in(ctx, results[i].err.code, "lines", i);
        }
        work->lines[i].supply = results[i].supply.id;
    }
    return OK;
}

static err_t announce(struct ctx *ctx, struct purchase_work *work)
{
    struct supplier supplier;
    struct codes codes;
    struct supply_cmd *cmds =
        arena_array(ctx->arena, struct supply_cmd, work->count);
    struct supply_result *results =
        arena_array(ctx->arena, struct supply_result, work->count);
    TRY(supplier_get(ctx, work->order.supplier, &supplier));
    TRY(find_codes(ctx, work, &codes));
    for (size_t i = 0; i < work->count; i++) {
        struct purchase_line *line = &work->lines[i];
        if (line->expected_at == 0)
            line->expected_at = ctx->now + supplier.lead_days * DAY_MS;
        cmds[i] = (struct supply_cmd){
            .sku = code_of_sku(&codes, line->sku),
            .location = code_of_location(&codes, work->order.location),
            .qty = line->qty,
            .over_percent = supplier.over_percent,
            .expected_at = line->expected_at,
            .reference = purchase_number_text(ctx, &work->order),
            .source = SUPPLY_PURCHASE,
            .source_id = line->order.v,
            .source_n = line->n,
        };
    }
    TRY(supply_create_many(ctx, cmds, work->count, results));
    work->order.sent_at = ctx->now;
    return take_supplies(ctx, work, results);
}

err_t purchase_step(struct ctx *ctx, purchase_order_id id, int64_t version,
                    enum purchase_event event)
{
    struct purchase_work work;
    TRY(purchase_open_work(ctx, id, version, event, &work));
    if (event == PURCHASE_EVENT_SEND)
        TRY(announce(ctx, &work));
    return purchase_finish(ctx, event, &work);
}

/* ---- another day ---- */

static err_t find_line(struct ctx *ctx, struct purchase_work *work, int64_t n,
                       struct purchase_line **ret)
{
    if (n > (int64_t)work->count)
        return fail_as(ctx, ERR_INVALID, "line_unknown", "line",
                       "the order has %zu lines", work->count);
    *ret = &work->lines[n - 1];
    ASSERT((*ret)->n == n);
    return OK;
}

err_t purchase_reschedule(struct ctx *ctx, purchase_order_id id,
                          int64_t version, const struct purchase_day *days,
                          size_t count)
{
    ASSERT(count > 0 && count <= LIMIT_RECEIPT_LINES);
    struct purchase_work work;
    struct purchase_line *line = NULL;
    struct supply_day *moved =
        arena_array(ctx->arena, struct supply_day, count);
    TRY(purchase_open_work(ctx, id, version, PURCHASE_EVENT_RESCHEDULE, &work));
    for (size_t i = 0; i < count; i++) {
        TRY(fail_in(ctx, find_line(ctx, &work, days[i].n, &line), "lines", i));
        line->expected_at = days[i].expected_at;
        moved[i] = (struct supply_day){line->supply, line->expected_at};
    }
    TRY(supply_postpone_many(ctx, moved, count));
    return purchase_finish(ctx, PURCHASE_EVENT_RESCHEDULE, &work);
}

/* ---- receive ---- */

/* All that is open, fit for sale. */
static void choose_items(struct ctx *ctx, const struct purchase_work *work,
                         const struct purchase_item **ret, size_t *ret_count)
{
    struct purchase_item *items =
        arena_array(ctx->arena, struct purchase_item, work->count);
    size_t n = 0;
    for (size_t i = 0; i < work->count; i++) {
        int64_t open = purchase_open(work->order.status, &work->lines[i]);
        if (open > 0)
            items[n++] = (struct purchase_item){
                .n = work->lines[i].n, .qty = open, .bucket = STOCK_AVAILABLE};
    }
    *ret = items;
    *ret_count = n;
}

static err_t post(struct ctx *ctx, struct purchase_work *work,
                  const struct purchase_receipt *receipt)
{
    struct codes codes;
    const struct purchase_item *items = receipt->items;
    size_t count = receipt->count;
    receipt_id id;
    if (!items)
        choose_items(ctx, work, &items, &count);
    if (count == 0)
        return fail_as(ctx, ERR_STATE, "nothing_left", "lines",
                       "everything has come");
    struct receipt_line *lines =
        arena_array(ctx->arena, struct receipt_line, count);
    TRY(find_codes(ctx, work, &codes));
    for (size_t i = 0; i < count; i++) {
        struct purchase_line *line = NULL;
        TRY(fail_in(ctx, find_line(ctx, work, items[i].n, &line), "lines", i));
        lines[i] = (struct receipt_line){
            .sku = code_of_sku(&codes, line->sku),
            .qty = items[i].qty,
            .bucket = items[i].bucket,
            .names = items[i].names,
            .supply = line->supply,
        };
    }
    struct receipt_cmd cmd = {
        .location = code_of_location(&codes, work->order.location),
        .reference = receipt->reference.len > 0
                         ? receipt->reference
                         : purchase_number_text(ctx, &work->order),
        .lines = lines,
        .count = count,
    };
    return receipt_create(ctx, &cmd, &id);
}

err_t purchase_receive(struct ctx *ctx, purchase_order_id id,
                       const struct purchase_receipt *receipt)
{
    struct purchase_work work;
    TRY(purchase_open_work(ctx, id, receipt->version, PURCHASE_EVENT_RECEIVE,
                           &work));
    TRY(post(ctx, &work, receipt));
    return purchase_note_received(ctx, &work);
}
