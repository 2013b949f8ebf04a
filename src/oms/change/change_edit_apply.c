/* change_edit_apply.c - what a change of an order comes to, worked out on the
 * order in memory. Reads and writes nothing else. */
#include "base/arena.h"
#include "base/money.h"
#include "oms/change/change_edit.h"
#include "oms/order/order_edit.h"
#include "oms/order/order_pay.h"
#include "oms/order/order_worth.h"

/* The action at hand, and where refusals point. */
struct step {
    struct ctx *ctx;
    const struct edit_action *action;
    struct edit_plan *plan;
    char field[32]; /* "actions[2]" */
};

/* `text` ends with what the number counts. */
static err_t step_fail(const struct step *step, const char *slug,
                       const char *member, const char *text, int64_t number)
{
    char path[64];
    snprintf(path, sizeof path, "%s.%s", step->field, member);
    return fail_as(step->ctx, ERR_INVALID, slug, path, "%s: %lld", text,
                   (long long)number);
}

static err_t line_of(const struct step *step, struct order_line **ret)
{
    struct order *order = step->plan->order;
    int64_t n = step->action->line;
    int64_t most = (int64_t)step->plan->before->line_count;
    if (n < 1 || n > most)
        return step_fail(step, "line_unknown", "line",
                         "there is no such line; the order has lines", most);
    *ret = &order->lines[n - 1];
    ASSERT((*ret)->n == n);
    return OK;
}

static struct order_taxing taxing(const struct step *step)
{
    return (struct order_taxing){step->plan->order, step->plan->rounding};
}

static err_t tax_on(const struct step *step, const struct order_line *line,
                    int64_t net, int64_t *ret)
{
    struct order_taxing by = taxing(step);
    *ret = step->action->tax;
    if (*ret != EDIT_TAX_KEPT)
        return OK;
    return order_line_tax_on(step->ctx, &by, line, net, ret);
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Units are given up: those that wait first, those in a hand last. */
static void cut(struct edit_plan *plan, struct order_line *line, int64_t qty)
{
    int64_t open = least(qty, order_open_units(line));
    order_line_take_off(line, qty);
    if (open > 0) {
        struct line_cut cut = change_cut(line, open);
        change_cut_apply(&cut, line);
        plan->cuts[plan->cut_count++] = cut;
    }
    if (qty == open)
        return;
    plan->picked[plan->picked_count++] =
        (struct edit_units){line->n, qty - open};
    line->picked -= qty - open;
    line->cancelled += qty - open;
    ASSERT(line->picked >= 0);
}

static bool is_counted(const struct edit_plan *plan, int64_t n)
{
    for (size_t i = 0; i < plan->cut_count; i++)
        if (plan->cuts[i].n == n)
            return true;
    for (size_t i = 0; i < plan->picked_count; i++)
        if (plan->picked[i].n == n)
            return true;
    for (size_t i = 0; i < plan->add_count; i++)
        if (plan->adds[i].n == n)
            return true;
    return false;
}

static err_t set_quantity(const struct step *step, int64_t qty)
{
    struct order_line *line;
    struct edit_plan *plan = step->plan;
    TRY(line_of(step, &line));
    int64_t left = order_line_left(line);
    if (is_counted(plan, line->n))
        return step_fail(step, "line_twice", "line",
                         "its quantity is set twice, of line", line->n);
    int64_t kept = line->shipped - line->returned - line->written_off;
    if (qty < kept)
        return step_fail(step, "below_shipped", "quantity",
                         "a line cannot have fewer units than are shipped",
                         kept);
    if (qty < left)
        cut(plan, line, left - qty);
    if (qty <= left)
        return OK;
    int64_t net, tax;
    if (!i64_mul(qty - left, line->unit_price_now, &net) || net > LIMIT_MINOR)
        return step_fail(step, "number_out_of_range", "quantity",
                         "the line would come to more than", LIMIT_MINOR);
    TRY(tax_on(step, line, net, &tax));
    plan->adds[plan->add_count++] = (struct edit_units){line->n, qty - left};
    return order_raise(step->ctx, plan->order, line->n, qty - left, tax,
                       step->field);
}

static err_t add_line(const struct step *step)
{
    struct edit_plan *plan = step->plan;
    TRY(order_append(step->ctx, plan->order, &step->action->made, step->field));
    plan->adds[plan->add_count++] = (struct edit_units){
        (int64_t)plan->order->line_count, step->action->made.ordered};
    return OK;
}

static err_t check_left(const struct step *step, const struct order_line *line)
{
    if (order_line_left(line) > 0)
        return OK;
    return step_fail(step, "line_empty", "line",
                     "no unit is left to have a price, of line", line->n);
}

static err_t set_price(const struct step *step)
{
    struct order_line *line;
    struct order_price price = {0};
    TRY(line_of(step, &line));
    TRY(check_left(step, line));
    if (!i64_mul(order_line_left(line), step->action->amount, &price.gross) ||
        price.gross > LIMIT_MINOR)
        return step_fail(step, "number_out_of_range", "unit_price",
                         "the line would come to more than", LIMIT_MINOR);
    price.discount = line->discount_now;
    TRY(tax_on(step, line, price.gross - price.discount, &price.tax));
    line->unit_price_now = step->action->amount;
    return order_reprice(step->ctx, step->plan->order, line->n, &price,
                         step->field);
}

static err_t reprice(const struct step *step, struct order_line *line,
                     int64_t discount)
{
    const struct order *order = step->plan->order;
    struct order_price price = {.gross = order_line_gross(order, line),
                                .discount = discount};
    TRY(tax_on(step, line, price.gross - discount, &price.tax));
    return order_reprice(step->ctx, step->plan->order, line->n, &price,
                         step->field);
}

static err_t set_discount(const struct step *step)
{
    struct order_line *line;
    TRY(line_of(step, &line));
    TRY(check_left(step, line));
    return reprice(step, line, step->action->amount);
}

/* Shared out over the lines by what they come to: parts sum to the whole. */
static err_t order_discount(const struct step *step)
{
    struct order *order = step->plan->order;
    struct ctx *ctx = step->ctx;
    int64_t *weights = arena_array(ctx->arena, int64_t, order->line_count);
    money *parts = arena_array(ctx->arena, money, order->line_count);
    int64_t net = 0;
    for (size_t i = 0; i < order->line_count; i++) {
        weights[i] = order_line_net(order, &order->lines[i]);
        net += weights[i];
    }
    if (step->action->amount > net)
        return step_fail(step, "discount_too_large", "discount",
                         "must be at most what the lines come to", net);
    TRY(money_split(ctx, money_make(step->action->amount, order->currency),
                    weights, order->line_count, parts));
    for (size_t i = 0; i < order->line_count; i++)
        if (parts[i].minor > 0)
            TRY(reprice(step, &order->lines[i],
                        order->lines[i].discount_now + parts[i].minor));
    return OK;
}

static err_t set_charges(const struct step *step)
{
    const struct edit_action *action = step->action;
    struct order_taxing by = taxing(step);
    return order_set_charges(step->ctx, &by, step->plan->order, action->amount,
                             action->tax, step->field);
}

/* The last word counts. */
static void set_way(const struct step *step)
{
    const struct order_way *way = &step->action->way;
    struct order_way *to = &step->plan->way;
    if (way->address.len > 0)
        to->address = way->address;
    if (way->service.len > 0)
        to->service = way->service;
    if (way->fulfil_at)
        to->fulfil_at = way->fulfil_at;
}

static err_t apply(const struct step *step)
{
    switch (step->action->type) {
    case EDIT_SET_QUANTITY: return set_quantity(step, step->action->qty);
    case EDIT_REMOVE_LINE: return set_quantity(step, 0);
    case EDIT_ADD_LINE: return add_line(step);
    case EDIT_SET_PRICE: return set_price(step);
    case EDIT_SET_DISCOUNT: return set_discount(step);
    case EDIT_ORDER_DISCOUNT: return order_discount(step);
    case EDIT_SET_CHARGES: return set_charges(step);
    case EDIT_SET_ADDRESS:
    case EDIT_SET_SERVICE:
    case EDIT_SET_SHIP_DATE: set_way(step); return OK;
    }
    UNREACHABLE("not an action");
}

static err_t check_whole(struct ctx *ctx, const struct order *order,
                         bool is_empty_ok)
{
    int64_t left = 0;
    for (size_t i = 0; i < order->line_count; i++)
        left += order_line_left(&order->lines[i]);
    if (left == 0 && !is_empty_ok)
        return fail_as(ctx, ERR_INVALID, "nothing_left", "actions",
                       "nothing of the order would be left: cancel it");
    if (order_total_now(order) > LIMIT_MINOR)
        return fail_as(ctx, ERR_INVALID, "number_out_of_range", "actions",
                       "the order would come to more than can be counted");
    return OK;
}

err_t edit_apply(struct ctx *ctx, const struct edit *edit,
                 struct edit_plan *plan)
{
    struct step step = {.ctx = ctx, .plan = plan};
    size_t room = plan->order->line_count + edit->count;
    plan->cuts = arena_array(ctx->arena, struct line_cut, room);
    plan->picked = arena_array(ctx->arena, struct edit_units, room);
    plan->adds = arena_array(ctx->arena, struct edit_units, room);
    plan->cut_count = plan->picked_count = plan->add_count = 0;
    for (size_t i = 0; i < edit->count; i++) {
        step.action = &edit->actions[i];
        snprintf(step.field, sizeof step.field, "actions[%zu]", i);
        TRY(apply(&step));
    }
    return check_whole(ctx, plan->order, edit->may_empty);
}
