/* step_wait.c - orders that wait are served: what the house gave is judged.
 *
 * Whom it serves first among kits and plain lines depends on the order of its
 * queues, so the auditor reads what was given and checks that it may be: units
 * that were free, for lines that waited, the older of a channel before the
 * younger, and nobody left who could have been served.
 */
#define WHARF_UNBANNED
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "bill.h"
#include "exchange.h"
#include "goods.h"
#include "model_route.h"
#include "pay.h"

enum { SERVED_MAX = 50000 };

struct m_order *order_of(const struct model *model, int64_t id)
{
    for (size_t i = model->order_count; i > 0; i--)
        if (model->orders[i - 1]->id == id)
            return model->orders[i - 1];
    return NULL;
}

/* Older orders of the channel that wait for the same SKU at the same places
 * come first. */
static void check_turn(struct sim *sim, const struct m_order *order, int at)
{
    const struct m_line *line = &order->lines[at];
    for (size_t i = 0; i < sim->model.order_count; i++) {
        const struct m_order *other = sim->model.orders[i];
        if (other->id >= order->id || other->channel != order->channel ||
            other->is_pickup != order->is_pickup ||
            other->pickup_at != order->pickup_at)
            continue;
        for (int j = 0; j < other->line_count; j++)
            sim_expect(
                sim,
                other->lines[j].sku != line->sku || line->part_count > 0 ||
                    other->lines[j].part_count > 0 ||
                    other->lines[j].barred != 0 ||
                    !other->lines[j].takes_stock || !line->takes_stock ||
                    other->lines[j].backordered == 0,
                "%s was served before %s", order->external, other->external);
    }
}

/* How many would have fitted before this turn: whoever was served first is not
 * known, and a channel that keeps some back goes before one that does not. */
static struct m_level before[M_SKUS][M_PLACES], later[M_SKUS][M_PLACES];

static int64_t fitted(struct sim *sim, int channel, const struct m_line *line,
                      int place)
{
    struct model *model = &sim->model;
    memcpy(later, model->levels, sizeof(later));
    memcpy(model->levels, before, sizeof(before));
    int64_t fits = m_fits(model, channel, line, place);
    memcpy(model->levels, later, sizeof(later));
    return fits;
}

/* Such units are anywhere but where they were not found. */
static bool take_untracked(struct json_in *in, struct m_line *line, int at)
{
    struct json_list list;
    struct json_in *page;
    if (json_get_list(in, "lines", 1, M_LINES, &list) != OK ||
        json_list_object(&list, (size_t)at, &page) != OK)
        return false;
    int64_t got = line->backordered - sim_i64(page, "backordered");
    line->backordered -= got;
    line->allocated += got;
    return got > 0;
}

static bool take_line(struct sim *sim, struct json_in *in,
                      struct m_order *order, int at)
{
    struct m_line *line = &order->lines[at];
    int64_t now[M_PLACES] = {0};
    int ranked[M_PLACES];
    int count = m_from(&sim->model, order, ranked);
    bool is_served = false;
    if (!line->takes_stock)
        return take_untracked(in, line, at);
    if (!order_places(sim, in, at, now))
        return false;
    for (int i = 0; i < count; i++) {
        int64_t more = now[ranked[i]] - m_held_at(line, ranked[i]);
        if (more <= 0)
            continue;
        if (!sim_expect(
                sim,
                more <= line->backordered && !(line->barred >> ranked[i] & 1) &&
                    fitted(sim, order->channel, line, ranked[i]) >= more,
                "%s line %d: %lld units were given that were not free",
                order->external, at + 1, (long long)more))
            return false;
        m_serve(&sim->model, line, ranked[i], more);
        is_served = true;
    }
    return is_served;
}

static void take(struct sim *sim, struct m_order *order)
{
    bool is_served[M_LINES] = {false}, any = false;
    struct call *call = call_open("getOrder");
    sim_path(call, 0, "ord", order->id);
    call->now = sim->now;
    place_calls(sim->place, &call, 1);
    if (sim_ended(sim, call, "")) {
        for (int i = 0; i < order->line_count; i++) {
            is_served[i] = take_line(sim, call->json, order, i);
            any |= is_served[i];
        }
        sim_expect(sim, any, "%s was told as served and was not",
                   order->external);
        order_compare(sim, call->json, order);
    }
    for (int i = 0; i < order->line_count; i++)
        order->served |= (unsigned)is_served[i] << i;
    call_close(call);
}

void step_wait(struct sim *sim)
{
    static struct place_deed deeds[SERVED_MAX];
    static struct m_order *served[SERVED_MAX], *shown[SERVED_MAX];
    size_t count = 0, shown_count = 0;
    if (sim->is_wrong)
        return;
    /* Who was served is seen by consumers, too, and may wake others. */
    for (int i = 0; i < 2; i++) {
        place_drain(sim->place);
        place_serve(sim->place, sim->now);
    }
    size_t deed_count = place_served(sim->place, deeds, SERVED_MAX);
    for (size_t i = 0; i < deed_count; i++) {
        struct m_order *order = order_of(&sim->model, deeds[i].order);
        if (!sim_expect(sim, order != NULL, "a stray order was served"))
            return;
        order->version++;
        if (deeds[i].is_served)
            served[count++] = order;
        else
            shown[shown_count++] = order;
    }
    exchanges_due(sim);
    bills_due(sim);
    memcpy(before, sim->model.levels, sizeof(before));
    for (size_t i = 0; i < count; i++)
        if (!served[i]->served)
            take(sim, served[i]);
    for (size_t i = 0; i < count; i++) {
        struct m_order *order = served[i];
        for (int j = 0; j < order->line_count; j++)
            if (order->served >> j & 1)
                check_turn(sim, order, j);
        order->served = 0;
    }
    for (size_t i = 0; i < shown_count && !sim->is_wrong; i++)
        check_gate(sim, shown[i]);
    exchanges_seen(sim);
    sim->served += (int64_t)count;
    sim->gated += (int64_t)shown_count;
}

void check_waiting(struct sim *sim)
{
    const struct model *model = &sim->model;
    for (size_t i = 0; i < model->order_count; i++) {
        const struct m_order *order = model->orders[i];
        int ranked[M_PLACES];
        int count = m_from(model, order, ranked);
        for (int j = 0; j < order->line_count; j++)
            for (int k = 0; order->lines[j].backordered > 0 && k < count; k++)
                if (!sim_expect(sim,
                                !order->lines[j].takes_stock ||
                                    order->lines[j].barred >> ranked[k] & 1 ||
                                    m_fits(model, order->channel,
                                           &order->lines[j], ranked[k]) <= 0,
                                "%s line %d waits for units that are free at "
                                "place %d (%s, barred %x)",
                                order->external, j + 1, ranked[k],
                                order->lines[j].takes_stock ? "stock" : "none",
                                order->lines[j].barred))
                    return;
    }
}
