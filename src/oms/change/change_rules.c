/* change_rules.c - which units a cancellation takes off. Pure. */
#include "oms/change/change_rules.h"

#include "base/arena.h"

static int64_t take(int64_t *from, int64_t *qty)
{
    int64_t taken = *from < *qty ? *from : *qty;
    *from -= taken;
    *qty -= taken;
    return taken;
}

struct line_cut change_cut(const struct order_line *line, int64_t qty)
{
    ASSERT(qty > 0 && qty <= order_open_units(line));
    struct order_line left = *line;
    struct line_cut cut = {.n = line->n};
    cut.unallocated = take(&left.unallocated, &qty);
    cut.backordered = take(&left.backordered, &qty);
    cut.allocated = take(&left.allocated, &qty);
    ASSERT(qty == 0);
    return cut;
}

void change_cut_apply(const struct line_cut *cut, struct order_line *line)
{
    ASSERT(cut->n == line->n);
    line->unallocated -= cut->unallocated;
    line->backordered -= cut->backordered;
    line->allocated -= cut->allocated;
    line->cancelled += cut->unallocated + cut->backordered + cut->allocated;
    ASSERT(line->unallocated >= 0 && line->backordered >= 0 &&
           line->allocated >= 0);
}

static err_t cut_all(struct ctx *ctx, const struct order *order,
                     struct line_cut *cuts, size_t *ret_count)
{
    size_t n = 0;
    for (size_t i = 0; i < order->line_count; i++) {
        int64_t open = order_open_units(&order->lines[i]);
        if (open > 0)
            cuts[n++] = change_cut(&order->lines[i], open);
    }
    if (n == 0)
        return fail_as(ctx, ERR_STATE, "nothing_open", "lines",
                       "no unit of the order is left to cancel; all are "
                       "picked, shipped or cancelled");
    *ret_count = n;
    return OK;
}

static err_t cut_one(struct ctx *ctx, const struct cancel_cmd *cmd, size_t i,
                     const struct order *order, struct line_cut *ret)
{
    const struct cancel_line *want = &cmd->lines[i];
    char field[48];
    snprintf(field, sizeof(field), "lines[%zu].n", i);
    if (want->n < 1 || want->n > (int64_t)order->line_count)
        return fail_as(ctx, ERR_INVALID, "line_unknown", field,
                       "the order has lines 1 to %zu", order->line_count);
    for (size_t j = 0; j < i; j++)
        if (cmd->lines[j].n == want->n)
            return fail_as(ctx, ERR_INVALID, "line_twice", field,
                           "line %lld is named twice", (long long)want->n);
    const struct order_line *line = &order->lines[want->n - 1];
    ASSERT(line->n == want->n);
    int64_t open = order_open_units(line);
    snprintf(field, sizeof(field), "lines[%zu].quantity", i);
    if (want->qty < 1)
        return fail(ctx, ERR_INVALID, field, "must be 1 or more");
    if (want->qty > open)
        return fail_as(ctx, ERR_STATE, "quantity_too_large", field,
                       "%lld units of line %lld can still be cancelled",
                       (long long)open, (long long)want->n);
    *ret = change_cut(line, want->qty);
    return OK;
}

err_t change_cuts_make(struct ctx *ctx, const struct cancel_cmd *cmd,
                       const struct order *order, struct line_cut **ret,
                       size_t *ret_count)
{
    struct line_cut *cuts =
        arena_array(ctx->arena, struct line_cut, order->line_count);
    if (cmd->count == 0) {
        TRY(cut_all(ctx, order, cuts, ret_count));
    } else {
        /* More lines than the order has name one twice or one unknown. */
        for (size_t i = 0; i < cmd->count; i++) {
            struct line_cut cut;
            TRY(cut_one(ctx, cmd, i, order, &cut));
            cuts[i] = cut;
        }
        *ret_count = cmd->count;
    }
    *ret = cuts;
    return OK;
}
