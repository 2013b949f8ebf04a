/* wrap_later.c - wrong ways to change orders: what a mistake in the rooms would
 * do. */
#include "oms/change/change_edit.h"
#include "oms/order/order_edit.h"
#include "oms/order/order_held.h"
#include "wrap.h"

err_t __real_edit_apply(struct ctx *ctx, const struct edit *edit,
                        struct edit_plan *plan);
err_t __wrap_edit_apply(struct ctx *ctx, const struct edit *edit,
                        struct edit_plan *plan);
err_t __real_order_raise(struct ctx *ctx, struct order *order, int64_t n,
                         int64_t qty, int64_t tax, const char *field);
err_t __wrap_order_raise(struct ctx *ctx, struct order *order, int64_t n,
                         int64_t qty, int64_t tax, const char *field);

err_t __real_change_release(struct ctx *ctx, const struct order *order,
                            const struct fulfillment_cut *cuts, size_t count,
                            int64_t event_id);
err_t __wrap_change_release(struct ctx *ctx, const struct order *order,
                            const struct fulfillment_cut *cuts, size_t count,
                            int64_t event_id);

/* What is shipped counts as picked, which may be given up, */
static void hide_shipped(struct order_line *line)
{
    line->picked += line->shipped;
    line->shipped = 0;
}

/* and what was not given up of it is shipped again; whether some was. */
static bool show_shipped(struct order_line *line, const struct order_line *was)
{
    int64_t gone = was->picked + was->shipped - line->picked;
    int64_t off = gone > was->picked ? gone - was->picked : 0;
    line->shipped = was->shipped - off;
    line->picked -= line->shipped;
    return off > 0;
}

err_t __wrap_edit_apply(struct ctx *ctx, const struct edit *edit,
                        struct edit_plan *plan)
{
    struct order *order = plan->order;
    size_t count = order->line_count;
    if (wrong_stock != EDIT_BELOW_SHIPPED)
        return __real_edit_apply(ctx, edit, plan);
    for (size_t i = 0; i < count; i++)
        hide_shipped(&order->lines[i]);
    TRY(__real_edit_apply(ctx, edit, plan));
    for (size_t i = 0; i < count; i++)
        if (show_shipped(&order->lines[i], &plan->before->lines[i]))
            plan->picked_count = 0;
    return OK;
}

err_t __wrap_order_raise(struct ctx *ctx, struct order *order, int64_t n,
                         int64_t qty, int64_t tax, const char *field)
{
    if (wrong_stock == EDIT_RAISES_MORE)
        order->lines[n - 1].tax_now += tax > 0;
    return __real_order_raise(ctx, order, n, qty, tax, field);
}

err_t __wrap_change_release(struct ctx *ctx, const struct order *order,
                            const struct fulfillment_cut *cuts, size_t count,
                            int64_t event_id)
{
    if (wrong_stock == EDIT_KEEPS_STOCK)
        return OK;
    return __real_change_release(ctx, order, cuts, count, event_id);
}

bool __real_order_is_held(const struct order_held *held, int64_t n);
bool __wrap_order_is_held(const struct order_held *held, int64_t n);

bool __wrap_order_is_held(const struct order_held *held, int64_t n)
{
    return wrong_stock != HOLD_LETS_GO && __real_order_is_held(held, n);
}
