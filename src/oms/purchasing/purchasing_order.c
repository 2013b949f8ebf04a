/* purchasing_order.c - purchase orders drafted and edited. */
#include <string.h>

#include "base/arena.h"
#include "base/check.h"
#include "base/id.h"
#include "base/str.h"
#include "oms/inventory/inventory_named.h"
#include "oms/purchasing/purchasing_store.h"

static err_t make_line(struct ctx *ctx, const struct named *named,
                       const struct purchase_line_cmd *cmd,
                       struct purchase_line *ret)
{
    const struct sku *sku = NULL;
    TRY(named_sku_get(ctx, named, cmd->sku, &sku));
    if (!sku->is_tracked)
        return fail_as(ctx, ERR_STATE, "sku_untracked", "sku",
                       "an untracked SKU takes no stock");
    TRY(check_line(ctx, "supplier_sku", cmd->supplier_sku, 0,
                   LIMIT_CODE_BYTES));
    ret->sku = sku->id;
    ret->qty = cmd->qty;
    ret->unit_cost = cmd->unit_cost;
    ret->supplier_sku = cmd->supplier_sku;
    ret->expected_at = cmd->expected_at;
    return OK;
}

static err_t make_lines(struct ctx *ctx, const struct purchase_line_cmd *cmds,
                        size_t count, struct purchase_work *work)
{
    struct named named;
    str *codes = arena_array(ctx->arena, str, count);
    work->lines = arena_array(ctx->arena, struct purchase_line, count);
    work->count = count;
    for (size_t i = 0; i < count; i++)
        codes[i] = cmds[i].sku;
    TRY(named_skus(ctx, codes, count, &named));
    for (size_t i = 0; i < count; i++) {
        struct purchase_line *line = &work->lines[i];
        *line = (struct purchase_line){.order = work->order.id,
                                       .n = (int64_t)i + 1};
        TRY(fail_in(ctx, make_line(ctx, &named, &cmds[i], line), "lines", i));
    }
    return purchase_sum(ctx, work->lines, count, &work->order.total);
}

static err_t check_note(struct ctx *ctx, str note)
{
    return note.len <= LIMIT_NOTE_BYTES
               ? OK
               : fail_as(ctx, ERR_INVALID, "text_too_long", "note",
                         "has at most %d bytes", LIMIT_NOTE_BYTES);
}

err_t purchase_create(struct ctx *ctx, const struct purchase_cmd *cmd,
                      purchase_order_id *ret)
{
    ASSERT(ctx->tx != NULL);
    ASSERT(cmd->count > 0 && cmd->count <= LIMIT_RECEIPT_LINES);
    struct supplier supplier;
    struct location at;
    TRY(check_note(ctx, cmd->note));
    TRY(supplier_named(ctx, cmd->supplier, &supplier));
    if (!supplier.is_active)
        return fail_as(ctx, ERR_STATE, "supplier_inactive", "supplier",
                       "nothing is ordered from this supplier any more");
    TRY(named_location_get(ctx, "location", cmd->location, &at));
    struct purchase_work work = {
        .order = {.id = {id_next(ctx->ids, ctx->now, 0)},
                  .supplier = supplier.id,
                  .location = at.id,
                  .note = cmd->note,
                  .status = purchase_next(0, PURCHASE_EVENT_CREATE),
                  .version = 1,
                  .created_at = ctx->now,
                  .updated_at = ctx->now}
    };
    memcpy(work.order.currency,
           cmd->currency[0] ? cmd->currency : supplier.currency,
           sizeof work.order.currency);
    TRY(make_lines(ctx, cmd->lines, cmd->count, &work));
    TRY(purchase_number(ctx, &work.order.number));
    TRY(purchase_add(ctx, &work.order));
    TRY(purchase_line_save(ctx, work.lines, work.count));
    TRY(purchase_tell(ctx, PURCHASE_EVENT_CREATE, &work));
    *ret = work.order.id;
    return OK;
}

err_t purchase_edit(struct ctx *ctx, purchase_order_id id,
                    const struct purchase_edit *edit)
{
    struct purchase_work work;
    struct location at;
    TRY(purchase_open_work(ctx, id, edit->version, PURCHASE_EVENT_EDIT, &work));
    if (edit->location) {
        TRY(named_location_get(ctx, "location", *edit->location, &at));
        work.order.location = at.id;
    }
    if (edit->note) {
        TRY(check_note(ctx, *edit->note));
        work.order.note = *edit->note;
    }
    if (edit->lines) {
        TRY(make_lines(ctx, edit->lines, edit->count, &work));
        TRY(purchase_line_drop(ctx, id, (int64_t)edit->count));
    }
    return purchase_finish(ctx, PURCHASE_EVENT_EDIT, &work);
}
