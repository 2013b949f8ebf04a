/* step_goods.c - units on their way out: picked, packed, shipped. */
#define WHARF_UNBANNED
#include <string.h>

#include "goods.h"

/* Mostly the newest, which are still open. */
static struct m_order *pick_order(struct sim *sim, bool is_picked)
{
    const struct model *model = &sim->model;
    for (int tries = 0; tries < 100 && model->order_count > 0; tries++) {
        int64_t last = (int64_t)model->order_count - 1;
        int64_t least = sim_chance(sim, 80) && last > 40 ? last - 40 : 0;
        struct m_order *order = model->orders[sim_between(sim, least, last)];
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

/* Some of what may be noted of each line, sometimes more; whether it is. */
static bool pick_units(struct sim *sim, const struct g_fo *fo, enum g_note what,
                       int64_t ret[M_LINES])
{
    bool is_over = false, is_some = false;
    for (int i = 0; i < fo->line_count; i++) {
        const struct g_line *line = &fo->lines[i];
        int64_t room = what == G_PACK   ? line->picked - line->packed
                       : what == G_SHIP ? line->picked - line->shipped
                                        : line->packed - line->shipped;
        if (room == 0 && (is_some || !sim_chance(sim, 5)))
            continue;
        int64_t qty = sim_chance(sim, 60) ? room : sim_between(sim, 0, room);
        if (sim_chance(sim, 3) || (qty == 0 && !is_some && room == 0))
            qty = room + sim_between(sim, 1, 3);
        ret[line->n - 1] = qty;
        is_some |= qty > 0;
        is_over |= qty > room;
    }
    return is_over;
}

static bool is_any(const int64_t qty[M_LINES])
{
    int64_t sum = 0;
    for (int i = 0; i < M_LINES; i++)
        sum += qty[i];
    return sum > 0;
}

/* What the FO's lines must be after it. */
static void check_after(struct sim *sim, const struct g_fo *before,
                        enum g_note what, const int64_t qty[M_LINES],
                        struct m_order *order)
{
    static struct g_fos after;
    if (!goods_read(sim, order, &after))
        return;
    for (int i = 0; i < after.count; i++)
        for (int j = 0; after.at[i].id == before->id && j < before->line_count;
             j++) {
            const struct g_line *line = &before->lines[j];
            const struct g_line *now = g_line_of(&after.at[i], line->n);
            int64_t n = qty[line->n - 1];
            int64_t packed = line->packed + (what == G_PACK     ? n
                                             : what == G_UNPACK ? -n
                                                                : 0);
            int64_t shipped = line->shipped + (what == G_SHIP ? n : 0);
            sim_expect(
                sim,
                now && now->qty == line->qty && now->picked == line->picked &&
                    now->packed == (packed > shipped ? packed : shipped) &&
                    now->shipped == shipped &&
                    after.at[i].version == before->version + is_any(qty),
                "%s: FO line %lld is not as it was told", order->external,
                (long long)line->n);
        }
}

static void tell(struct sim *sim, struct m_order *order, const struct g_fo *fo,
                 enum g_note what)
{
    static const char *const slugs[] = {
        [G_PACK] = "over_packed",
        [G_UNPACK] = "over_unpacked",
        [G_SHIP] = "over_shipped",
    };
    int64_t qty[M_LINES] = {0};
    struct g_deed deed = {.place = fo->place};
    bool is_over = pick_units(sim, fo, what, qty);
    if (!is_any(qty))
        return;
    const char *want = is_over                                  ? slugs[what]
                       : strcmp(fo->status, "in_progress") == 0 ? ""
                                                                : "state";
    if (strcmp(fo->status, "in_progress") != 0)
        want = "state";
    const char *code = goods_note(sim, fo, what, qty);
    if (!sim_expect(sim, strcmp(code, want) == 0,
                    "%s: note %d must end with \"%s\" and ended with \"%s\"",
                    order->external, (int)what, want, code) ||
        want[0] != '\0')
        return;
    if (what == G_SHIP) {
        memcpy(deed.shipped, qty, sizeof(deed.shipped));
        goods_take(sim, order, &deed);
        for (int i = 0; i < M_LINES; i++)
            sim->shipped += qty[i];
    }
    check_after(sim, fo, what, qty, order);
}

void step_goods(struct sim *sim)
{
    static struct g_fos fos;
    int64_t deeds = sim_between(sim, 1, 5);
    for (int64_t i = 0; i < deeds && !sim->is_wrong; i++) {
        int64_t deed = sim_between(sim, 0, 99);
        struct m_order *order = pick_order(sim, deed >= 25);
        if (deed >= 60) {
            task_work(sim);
        } else if (order && goods_read(sim, order, &fos)) {
            struct g_fo *fo = pick_fo(sim, &fos);
            if (fo && deed < 25)
                task_make(sim, fo);
            else if (fo)
                tell(sim, order, fo,
                     deed < 40   ? G_PACK
                     : deed < 43 ? G_UNPACK
                                 : G_SHIP);
        }
        step_wait(sim);
    }
}
