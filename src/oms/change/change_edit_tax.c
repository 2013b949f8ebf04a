/* change_edit_tax.c - added lines that were sent without taxes get theirs. */
#include "base/arena.h"
#include "base/str.h"
#include "oms/change/change_edit_action.h"
#include "oms/order/order_added.h"

/* Those of the change, and where the order goes with it. */
static struct order_added added_of(struct ctx *ctx, struct edit *edit)
{
    struct order_line_cmd **lines =
        arena_array(ctx->arena, struct order_line_cmd *, edit->count);
    const char **fields = arena_array(ctx->arena, const char *, edit->count);
    struct order_added added = {
        .order = edit->order, .lines = lines, .fields = fields};
    for (size_t i = 0; i < edit->count; i++) {
        struct edit_action *action = &edit->actions[i];
        if (action->type == EDIT_SET_ADDRESS)
            added.address = action->way.address;
        if (action->type != EDIT_ADD_LINE || action->add.tax_count > 0)
            continue;
        str field = str_printf(ctx->arena, "actions[%zu].add", i);
        lines[added.count] = &action->add;
        fields[added.count++] = str_to_cstr(ctx->arena, field);
    }
    return added;
}

err_t edit_tax_prepare(struct ctx *ctx, struct request *req, struct edit *edit)
{
    struct order_added added = added_of(ctx, edit);
    return order_added_prepare(ctx, req, &added);
}

err_t edit_tax(struct ctx *ctx, const struct order_ask *ask, struct edit *edit)
{
    struct order_added added = added_of(ctx, edit);
    bool is_by_tables;
    TRY(order_added_tax(ctx, ask, &added, &is_by_tables));
    for (size_t i = 0, n = 0; i < edit->count && n < added.count; i++) {
        struct edit_action *action = &edit->actions[i];
        if (&action->add != added.lines[n])
            continue;
        n++;
        action->is_by_tables = is_by_tables;
        TRY(edit_action_keep(ctx, edit->currency, action));
    }
    return OK;
}

err_t edit_tax_mark(struct ctx *ctx, const struct edit *edit,
                    const struct order *order, struct order_way *way)
{
    for (size_t i = 0; i < edit->count; i++)
        if (edit->actions[i].is_by_tables)
            return order_added_mark(ctx, order, &way->tags);
    return OK;
}
