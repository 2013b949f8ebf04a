/* step_goods.c - units on their way out: picked, packed, shipped. */
#define WHARF_UNBANNED
#include "goods.h"

/* Mostly the newest, which are still open. */
static struct m_order *pick_order(struct sim *sim, bool is_picked)
{
    const struct model *model = &sim->model;
    bool is_collected = sim_chance(sim, 25);
    for (int tries = 0; tries < 100 && model->order_count > 0; tries++) {
        int64_t last = (int64_t)model->order_count - 1;
        int64_t least = sim_chance(sim, 80) && last > 40 ? last - 40 : 0;
        struct m_order *order = model->orders[sim_between(sim, least, last)];
        if (is_collected && !order->is_pickup)
            continue;
        for (int i = 0; i < order->line_count; i++)
            if (order->lines[i].picked > 0 ||
                (!is_picked && order->lines[i].allocated > 0))
                return order;
    }
    return NULL;
}

static struct g_fo *pick_fo(struct sim *sim, struct g_fos *fos)
{
    for (int tries = 0; tries < 10 && fos->count > 0; tries++) {
        struct g_fo *fo = &fos->at[sim_between(sim, 0, fos->count - 1)];
        if (!g_is_over(fo))
            return fo;
    }
    return NULL;
}

void step_goods(struct sim *sim)
{
    static struct g_fos fos;
    int64_t deeds = sim_between(sim, 1, 5);
    for (int64_t i = 0; i < deeds && !sim->is_wrong; i++) {
        int64_t deed = sim_between(sim, 0, 119);
        bool is_picked = deed >= 20 && deed < 100;
        struct m_order *order = pick_order(sim, is_picked);
        if (is_picked && deed >= 65) {
            task_work(sim);
        } else if (is_picked && deed >= 40) {
            parcel_work(sim);
        } else if (order && goods_read(sim, order, &fos)) {
            struct g_fo *fo = pick_fo(sim, &fos);
            if (fo && fo->is_pickup && sim_chance(sim, 60))
                pickup_work(sim, &fos, fo);
            else if (deed >= 100 && fos.count > 0)
                fo_work(sim, &fos);
            else if (fo && deed < 20)
                task_make(sim, fo);
            else if (fo)
                parcel_make(sim, order, fo);
        }
        step_wait(sim);
    }
}
