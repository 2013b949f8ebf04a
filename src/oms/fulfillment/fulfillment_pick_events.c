/* fulfillment_pick_events.c - what picking does when fulfillment orders open,
 * change or end: order to pick list with no hands. */
#include <stdlib.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/str.h"
#include "oms/fulfillment/fulfillment_bin.h"
#include "oms/fulfillment/fulfillment_pick_note.h"
#include "oms/fulfillment/fulfillment_pick_room.h"
#include "oms/fulfillment/fulfillment_pickup.h"
#include "oms/fulfillment/fulfillment_production.h"
#include "store/event.h"

/* Fulfillment orders that a run of events is about, each once. */
static size_t collect(struct ctx *ctx, const struct event *events, size_t count,
                      fulfillment_order_id *ret)
{
    struct map *seen = map_open(ctx->arena, count);
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        struct map_key key = {.a = events[i].subject_id};
        if (!str_equal_cstr(events[i].subject_kind, "fulfillment_order") ||
            map_find(seen, key))
            continue;
        ret[n].v = events[i].subject_id;
        map_set(seen, key, &ret[n++]);
    }
    return n;
}

static err_t open_production(struct ctx *ctx, const struct fulfillment *fos,
                             size_t count)
{
    size_t room = 0, n = 0;
    for (size_t i = 0; i < count; i++)
        room += fos[i].line_count;
    struct production_line *lines =
        arena_array(ctx->arena, struct production_line, room);
    for (size_t i = 0; i < count; i++)
        for (size_t l = 0; l < fos[i].line_count; l++)
            if (fos[i].lines[l].qty > fos[i].lines[l].picked)
                lines[n++] = (struct production_line){
                    fos[i].order, fos[i].lines[l].n, fos[i].location};
    return n > 0 ? production_open(ctx, lines, n) : OK;
}

static int compare_places(const void *a, const void *b)
{
    const struct fulfillment *x = *(const struct fulfillment *const *)a;
    const struct fulfillment *y = *(const struct fulfillment *const *)b;
    if (x->location.v != y->location.v)
        return x->location.v < y->location.v ? -1 : 1;
    return (x->id.v > y->id.v) - (x->id.v < y->id.v);
}

static bool has_left(const struct fulfillment *fo)
{
    for (size_t i = 0; i < fo->line_count; i++)
        if (fo->lines[i].qty > fo->lines[i].picked)
            return true;
    return false;
}

/* Tasks for what is open at one location that works by itself. */
static err_t make_tasks(struct ctx *ctx, const struct fulfillment **fos,
                        size_t count)
{
    struct location_work *work;
    struct pick_made made;
    TRY(location_work_list(ctx, &fos[0]->location, 1, &work));
    if (!work->is_auto_pick)
        return OK;
    fulfillment_order_id *ids =
        arena_array(ctx->arena, fulfillment_order_id, count);
    for (size_t i = 0; i < count; i++)
        ids[i] = fos[i]->id;
    struct pick_make_cmd cmd = {.ids = ids,
                                .count = count,
                                .is_lenient = true,
                                .zone = STR(""),
                                .tote = STR("")};
    return pick_make(ctx, &cmd, &made);
}

static err_t pick_by_itself(struct ctx *ctx, const struct fulfillment *fos,
                            size_t count)
{
    size_t n = 0;
    const struct fulfillment **open =
        arena_array(ctx->arena, const struct fulfillment *, count);
    for (size_t i = 0; i < count; i++)
        if (fos[i].status == FULFILLMENT_OPEN && has_left(&fos[i]))
            open[n++] = &fos[i];
    if (n > 1)
        qsort(open, n, sizeof(const struct fulfillment *), compare_places);
    for (size_t i = 0; i < n;) {
        size_t to = i;
        while (to < n && open[to]->location.v == open[i]->location.v)
            to++;
        TRY(make_tasks(ctx, &open[i], to - i));
        i = to;
    }
    return OK;
}

static err_t consume(struct ctx *ctx, const struct event *events, size_t count)
{
    struct fulfillment *fos;
    size_t n, found;
    fulfillment_order_id *ids =
        arena_array(ctx->arena, fulfillment_order_id, count);
    n = collect(ctx, events, count, ids);
    if (n == 0)
        return OK;
    TRY(fulfillment_list_ids(ctx, ids, n, &fos, &found));
    TRY(open_production(ctx, fos, found));
    TRY(pickup_reserve(ctx, fos, found));
    for (size_t i = 0; i < found; i++)
        TRY(pickup_follow(ctx, &fos[i]));
    TRY(pick_by_itself(ctx, fos, found));
    return pick_note_packed(ctx, ids, n);
}

static const struct event_consumer consumers[] = {
    {.name = "picking", .consume = consume},
};
const struct event_list picking_events = {consumers, COUNT_OF(consumers)};
