/* step_close.c - a place closes: what waits there is sent elsewhere, what a
 * person had put there is held, what has begun is left to who is at it. */
#define WHARF_UNBANNED
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "bill.h"
#include "goods.h"

/* An order that has units there, and what it told before. */
struct touched {
    struct m_order *order;
    struct g_fo *fos;
    int count;
};
struct closing {
    struct touched *at;
    int count;
    struct waiting { /* FOs that have not begun, by id. */
        int64_t id;
        int of; /* Which order. */
    } * fos;
    int fo_count;
};

static bool is_there(const struct m_order *order, int place)
{
    for (int i = 0; i < order->line_count; i++)
        if (m_held_at(&order->lines[i], place) > 0 ||
            (!order->lines[i].takes_stock && order->lines[i].allocated > 0))
            return true;
    return false;
}

static bool is_on_hold(const struct touched *at)
{
    for (int i = 0; i < at->count; i++)
        if (g_is(&at->fos[i], "on_hold"))
            return true;
    return false;
}

static struct g_fo *fo_of(const struct touched *at, int64_t id)
{
    for (int i = 0; i < at->count; i++)
        if (at->fos[i].id == id)
            return &at->fos[i];
    return NULL;
}

static bool is_waiting(const struct g_fo *fo, int place)
{
    return fo->place == place && !g_is_elsewhere(fo) &&
           (g_is(fo, "open") || g_is(fo, "on_hold") || g_is(fo, "scheduled"));
}

static int compare(const void *a, const void *b)
{
    const struct waiting *x = a, *y = b;
    return (x->id > y->id) - (x->id < y->id);
}

static void collect(struct sim *sim, struct arena *arena, int place,
                    struct closing *ret)
{
    const struct model *model = &sim->model;
    static struct g_fos read;
    int orders = 0;
    for (size_t i = 0; i < model->order_count; i++)
        orders += is_there(model->orders[i], place);
    *ret = (struct closing){
        .at = arena_array(arena, struct touched, (size_t)orders + 1),
        .fos = arena_array(arena, struct waiting, (size_t)orders * G_FOS + 1)};
    for (size_t i = 0; i < model->order_count && !sim->is_wrong; i++) {
        struct touched *at = &ret->at[ret->count];
        if (!is_there(model->orders[i], place) ||
            !goods_read(sim, model->orders[i], &read))
            continue;
        at->order = model->orders[i];
        at->count = read.count;
        at->fos = arena_array(arena, struct g_fo, (size_t)read.count + 1);
        memcpy(at->fos, read.at, (size_t)read.count * sizeof(*at->fos));
        for (int j = 0; j < at->count; j++)
            if (is_waiting(&at->fos[j], place))
                ret->fos[ret->fo_count++] =
                    (struct waiting){at->fos[j].id, ret->count};
        ret->count++;
    }
    if (ret->fo_count > 1)
        qsort(ret->fos, (size_t)ret->fo_count, sizeof(*ret->fos), compare);
}

/* One after the other, as the house does. */
static void send_off(struct sim *sim, const struct closing *closing, int i)
{
    struct touched *at = &closing->at[closing->fos[i].of];
    struct g_fo *fo = fo_of(at, closing->fos[i].id);
    bool was_on_hold = is_on_hold(at);
    if (!fo)
        return;
    if (fo->is_sticky) { /* A person had put it there. */
        if (g_is(fo, "open"))
            memcpy(fo->status, "on_hold", sizeof("on_hold"));
        at->order->version += !was_on_hold && is_on_hold(at);
        return;
    }
    struct m_leaving units = goods_leaving(sim, at->order, fo, -1);
    struct g_left left = {&units, fo->place, false};
    goods_left(sim, at->order, &left);
    memcpy(fo->status, "cancelled", sizeof("cancelled"));
    at->order->version++;
}

static void check(struct sim *sim, const struct touched *at)
{
    static struct g_fos now;
    struct m_order *order = at->order;
    struct call *call = call_open("getOrder");
    sim_path(call, 0, "ord", order->id);
    call->now = sim->now;
    place_calls(sim->place, &call, 1);
    if (call->err == OK)
        goods_untracked(call->json, order);
    bool is_fine = sim_ended(sim, call, "") &&
                   order_compare(sim, call->json, order) &&
                   goods_read(sim, order, &now);
    call_close(call);
    for (int i = 0; is_fine && i < at->count; i++) {
        const struct g_fo *a = &at->fos[i], *b = g_fo_of(&now, a->id);
        is_fine =
            sim_expect(sim, b && g_is(b, a->status),
                       "%s: a place closed; an FO must be %s and is %s",
                       order->external, a->status, b ? b->status : "gone");
    }
}

void step_close(struct sim *sim, int place)
{
    struct closing closing;
    struct arena *arena = arena_open();
    place_drain(sim->place);
    bills_due(sim);
    collect(sim, arena, place, &closing);
    place_closures(sim->place, sim->now);
    for (int i = 0; i < closing.fo_count && !sim->is_wrong; i++)
        send_off(sim, &closing, i);
    for (int i = 0; i < closing.count && !sim->is_wrong; i++)
        check(sim, &closing.at[i]);
    place_forget(sim->place);
    sim->closures += closing.fo_count;
    arena_close(arena);
}
