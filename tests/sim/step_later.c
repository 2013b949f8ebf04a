/* step_later.c - one order that was placed is chosen, and something happens to
 * it. */
#define WHARF_UNBANNED
#include "later.h"

#include <stdio.h>

#include "bill.h"
#include "draft.h"
#include "exchange.h"
#include "goods.h"
#include "pay.h"

/* Mostly a new one, or one of which something left. */
static struct m_order *pick_order(struct sim *sim, bool is_shipped)
{
    const struct model *model = &sim->model;
    int64_t last = (int64_t)model->order_count - 1;
    int64_t least = sim_chance(sim, 80) && last > 40 ? last - 40 : 0;
    struct m_order *order = model->orders[last];
    for (int tries = 0; tries < 60; tries++) {
        order = model->orders[sim_between(sim, is_shipped ? 0 : least, last)];
        bool is_right = !order->is_cancelled && !is_shipped;
        for (int i = 0; i < order->line_count; i++)
            is_right |= is_shipped && order->lines[i].shipped > 0;
        if (is_right)
            break;
    }
    return order;
}

void step_later(struct sim *sim)
{
    step_wait(sim); /* What is to leave has its fulfillment orders. */
    if (sim->model.order_count == 0 || sim->is_wrong)
        return;
    if (sim_chance(sim, 20))
        step_bill(sim);
    if (!sim->is_wrong && sim_chance(sim, 30))
        step_draft(sim);
    step_wait(sim); /* So has what a draft has become. */
    if (sim->is_wrong)
        return;
    int64_t deed = sim_between(sim, 0, 99);
    struct m_order *order = pick_order(sim, deed >= 60 || sim_chance(sim, 30));
    if (deed < 40)
        edit_work(sim, order);
    else if (deed < 60)
        stop_work(sim, order);
    else if (deed < 85)
        exchange_work(sim, order);
    else
        replace_work(sim, order);
    step_wait(sim);
    if (!sim->is_wrong)
        check_gate(sim, order);
}

void later_tell(const struct sim *sim)
{
    printf("sim: edits=%lld stops=%lld replaced=%lld\n", (long long)sim->edits,
           (long long)sim->stops, (long long)sim->replaced);
    exchange_tell(sim);
    bill_tell(sim);
    drafts_tell(sim);
}
