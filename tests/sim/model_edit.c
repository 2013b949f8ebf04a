/* model_edit.c - changes of orders, worked out the slow way. */
#define WHARF_UNBANNED
#include "model_edit.h"

#include <string.h>

#include "model_goods.h"
#include "model_pay.h"

enum { RATE_PPM = 190000, WHOLE_PPM = 1000000 };

struct edit {
    const struct model *model;
    struct m_order *after;
    int line_count; /* Of before. */
    bool is_counted[M_LINES];
    struct m_edit_plan *plan;
};

int64_t m_line_left(const struct m_line *line)
{
    return line->qty + line->added - line->cancelled - line->returned -
           line->written_off;
}

/* ---- prices ---- */

static int64_t discount_of(const struct m_line *line)
{
    return line->discount - line->gone.discount;
}

static int64_t tax_of(const struct m_line *line)
{
    return line->tax - line->gone.tax;
}

static int64_t net_of(const struct m_order *order, const struct m_line *line)
{
    return m_line_worth(order, line) - (order->is_inclusive ? 0 : tax_of(line));
}

/* part * num / den, the half rounded up; nothing here is below 0. */
static int64_t ratio(int64_t part, int64_t num, int64_t den)
{
    return (2 * part * num + den) / (2 * den);
}

/* At the rate that the line pays, that it paid, or of its tax lines. */
static int64_t tax_on(const struct m_order *order, const struct m_line *line,
                      int64_t net)
{
    int64_t base = net_of(order, line);
    if (base > 0)
        return ratio(net, tax_of(line), base);
    base = m_line_total(order, line) - (order->is_inclusive ? 0 : line->tax);
    if (base > 0)
        return ratio(net, line->tax, base);
    int64_t ppm = line->tax > 0 || line->has_rate ? RATE_PPM : 0;
    return ratio(net, ppm, WHOLE_PPM + (order->is_inclusive ? ppm : 0));
}

/* All that is left of it costs this from now on. */
static const char *price(const struct m_order *order, struct m_line *line,
                         int64_t gross, int64_t discount, int64_t tax)
{
    if (discount > gross)
        return "discount_too_large";
    if (tax == M_TAX_KEPT)
        tax = tax_on(order, line, gross - discount);
    if (order->is_inclusive && tax > gross - discount)
        return "tax_too_large";
    int64_t total = gross - discount + (order->is_inclusive ? 0 : tax);
    line->gone.total = m_line_total(order, line) - total;
    line->gone.tax = line->tax - tax;
    line->gone.discount = line->discount - discount;
    return "";
}

/* ---- actions ---- */

static void cut(struct edit *edit, int at, int64_t qty)
{
    struct m_line *line = &edit->after->lines[at];
    int64_t open = m_open(line) < qty ? m_open(line) : qty;
    edit->plan->cut[at] = open;
    edit->plan->hand[at] = qty - open;
    m_take_off(edit->after, line, qty);
    line->cancelled += qty;
    line->picked -= qty - open;
    int64_t idle = open < line->unallocated ? open : line->unallocated;
    line->unallocated -= idle;
    open -= idle;
    int64_t waiting = open < line->backordered ? open : line->backordered;
    line->backordered -= waiting;
    line->allocated -= open - waiting;
}

static const char *raise(struct edit *edit, int at, int64_t qty, int64_t tax)
{
    struct m_line *line = &edit->after->lines[at];
    int64_t more = qty * line->price_now;
    if (tax == M_TAX_KEPT)
        tax = tax_on(edit->after, line, more);
    int64_t gross = net_of(edit->after, line) + discount_of(line) + more;
    const char *why =
        price(edit->after, line, gross, discount_of(line), tax_of(line) + tax);
    line->added += qty;
    line->unallocated += qty;
    edit->plan->added[at] = qty;
    return why;
}

static const char *set_quantity(struct edit *edit, int at, int64_t qty,
                                int64_t tax)
{
    const struct m_line *line = &edit->after->lines[at];
    int64_t left = m_line_left(line);
    if (edit->is_counted[at])
        return "line_twice";
    if (qty < line->shipped - line->returned - line->written_off)
        return "below_shipped";
    edit->is_counted[at] = qty != left;
    if (qty < left)
        cut(edit, at, left - qty);
    return qty > left ? raise(edit, at, qty - left, tax) : "";
}

void m_line_add(const struct model *model, struct m_order *order,
                const struct m_line *want)
{
    const struct m_sku *sku = &model->skus[want->sku];
    struct m_line *line = &order->lines[order->line_count++];
    *line = (struct m_line){.sku = want->sku,
                            .price = want->price,
                            .price_now = want->price,
                            .has_rate = want->tax > 0,
                            .added = want->qty,
                            .unallocated = want->qty,
                            .part_count = sku->part_count};
    memcpy(line->parts, sku->parts, sizeof(line->parts));
    line->takes_stock = sku->is_tracked || sku->part_count > 0;
    (void)price(order, line, want->qty * want->price, want->discount,
                want->tax);
}

static const char *add_line(struct edit *edit, const struct m_line *want)
{
    edit->plan->added[edit->after->line_count] = want->qty;
    m_line_add(edit->model, edit->after, want);
    return "";
}

static const char *set_price(struct edit *edit,
                             const struct m_edit_action *action)
{
    struct m_line *line = &edit->after->lines[action->line];
    const char *why =
        price(edit->after, line, m_line_left(line) * action->amount,
              discount_of(line), action->tax);
    line->price_now = action->amount;
    return why;
}

static const char *discount(const struct m_order *order, struct m_line *line,
                            int64_t amount, int64_t tax)
{
    return price(order, line, net_of(order, line) + discount_of(line), amount,
                 tax);
}

/* Parts by what the lines come to; cents that are left go to those whose rest
 * is the largest, the first first. */
static const char *order_discount(struct edit *edit, int64_t amount)
{
    struct m_order *order = edit->after;
    int64_t net[M_LINES], parts[M_LINES], rest[M_LINES], sum = 0;
    int64_t left = amount;
    for (int i = 0; i < order->line_count; i++)
        sum += net[i] = net_of(order, &order->lines[i]);
    if (amount > sum)
        return "discount_too_large";
    for (int i = 0; i < order->line_count && sum > 0; i++) {
        parts[i] = amount * net[i] / sum;
        rest[i] = amount * net[i] % sum;
        left -= parts[i];
    }
    for (; left > 0 && sum > 0; left--) {
        int most = 0;
        for (int i = 1; i < order->line_count; i++)
            most = rest[i] > rest[most] ? i : most;
        parts[most]++;
        rest[most] = -1;
    }
    const char *why = "";
    for (int i = 0; i < order->line_count && sum > 0 && why[0] == '\0'; i++) {
        struct m_line *line = &order->lines[i];
        if (parts[i] > 0)
            why =
                discount(order, line, discount_of(line) + parts[i], M_TAX_KEPT);
    }
    return why;
}

static const char *set_charges(struct m_order *order, int64_t amount,
                               int64_t tax)
{
    order->shipping_off = order->shipping + order->fee - amount;
    return tax > amount ? "tax_too_large" : "";
}

static bool is_of_line(enum m_edit_type type)
{
    return type == M_SET_QUANTITY || type == M_REMOVE_LINE ||
           type == M_SET_PRICE || type == M_SET_DISCOUNT;
}

static const char *apply(struct edit *edit, const struct m_edit_action *action)
{
    struct m_line *line = &edit->after->lines[action->line];
    if (is_of_line(action->type) && action->line >= edit->line_count)
        return "line_unknown";
    switch (action->type) {
    case M_SET_QUANTITY:
        return set_quantity(edit, action->line, action->amount, action->tax);
    case M_REMOVE_LINE: return set_quantity(edit, action->line, 0, action->tax);
    case M_ADD_LINE: return add_line(edit, &action->add);
    case M_SET_PRICE:
        return m_line_left(line) > 0 ? set_price(edit, action) : "line_empty";
    case M_SET_DISCOUNT:
        return m_line_left(line) > 0
                   ? discount(edit->after, line, action->amount, action->tax)
                   : "line_empty";
    case M_ORDER_DISCOUNT: return order_discount(edit, action->amount);
    case M_SET_CHARGES:
        return set_charges(edit->after, action->amount, action->tax);
    case M_SET_SHIP_DATE: edit->after->fulfil_at = action->at; return "";
    case M_SET_ADDRESS:
    case M_EDIT_TYPES: break;
    }
    return "";
}

const char *m_edit_plan(const struct model *model, const struct m_order *order,
                        const struct m_edit *edit, struct m_order *ret_after,
                        struct m_edit_plan *ret)
{
    struct edit e = {.model = model,
                     .after = ret_after,
                     .line_count = order->line_count,
                     .plan = ret};
    const char *why = "";
    int64_t left = 0;
    *ret_after = *order;
    *ret = (struct m_edit_plan){.cut = {0}};
    if (order->is_cancelled)
        return "order_not_changeable";
    for (int i = 0; i < edit->count && why[0] == '\0'; i++)
        why = apply(&e, &edit->at[i]);
    for (int i = 0; i < ret_after->line_count; i++)
        left += m_line_left(&ret_after->lines[i]);
    return why[0] == '\0' && left == 0 ? "nothing_left" : why;
}

/* ---- stock ---- */

/* Units of what takes no stock stand where the others of the line do. */
static bool is_fixed(const struct m_line *line)
{
    return !line->takes_stock && line->allocated + line->picked > 0;
}

bool m_edit_is_unsure(const struct model *model, const struct m_order *after,
                      const struct m_edit_plan *plan)
{
    int ranked[M_PLACES];
    bool is_any = false;
    for (int i = 0; i < after->line_count; i++)
        is_any |= plan->added[i] > 0 && !after->lines[i].takes_stock;
    return is_any && m_from(model, after, ranked) == 0;
}

int64_t m_edit_find(const struct model *model, const struct m_order *after,
                    const struct m_edit_plan *plan, struct m_leaving *ret)
{
    unsigned barred = 0;
    int64_t waiting = 0;
    *ret = (struct m_leaving){.qty = {0}};
    for (int i = 0; i < after->line_count; i++) {
        if (plan->added[i] == 0 || is_fixed(&after->lines[i]))
            continue;
        ret->qty[i] = plan->added[i];
        barred |= after->lines[i].barred;
    }
    int only = after->is_pickup ? after->pickup_at : -1;
    if (only >= 0 && !model->places[only].is_active) {
        barred = ~0u;
        only = -1;
    }
    m_reroute(model, after, barred, only, ret);
    for (int i = 0; i < after->line_count; i++)
        waiting += ret->waiting[i];
    return waiting;
}

void m_edit_take(struct model *model, struct m_order *after,
                 const struct m_edit_plan *plan, const struct m_leaving *found)
{
    for (int i = 0; i < after->line_count; i++) {
        struct m_line *line = &after->lines[i];
        line->unallocated -= plan->added[i];
        line->backordered += found->waiting[i];
        line->allocated += plan->added[i] - found->waiting[i];
        for (int j = 0; j < M_PLACES && line->takes_stock; j++)
            if (found->at[i][j] > 0)
                m_take(model, line, j, found->at[i][j]);
    }
}
