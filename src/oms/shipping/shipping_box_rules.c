/* shipping_box_rules.c - which box takes which units. */
#include "oms/shipping/shipping_box.h"

#include <stdlib.h>

#include "base/arena.h"

int64_t box_volume(const struct box_size *size)
{
    return size->length * size->width * size->height;
}

/* ---- free spaces of a box ---- */

struct spaces {
    struct box_size *at;
    size_t count, room;
};

static void space_add(struct spaces *spaces, int64_t l, int64_t w, int64_t h)
{
    if (l <= 0 || w <= 0 || h <= 0)
        return;
    ASSERT(spaces->count < spaces->room);
    spaces->at[spaces->count++] = (struct box_size){l, w, h};
}

/* The six positions of a thing. */
static struct box_size turned(const struct box_size *size, int way)
{
    int64_t l = size->length, w = size->width, h = size->height;
    switch (way) {
    case 0: return (struct box_size){l, w, h};
    case 1: return (struct box_size){w, l, h};
    case 2: return (struct box_size){l, h, w};
    case 3: return (struct box_size){h, l, w};
    case 4: return (struct box_size){w, h, l};
    case 5: return (struct box_size){h, w, l};
    }
    UNREACHABLE("six positions");
}

static bool fits(const struct box_size *thing, const struct box_size *space)
{
    return thing->length <= space->length && thing->width <= space->width &&
           thing->height <= space->height;
}

/* What is left over on the tightest side: the smaller, the better it sits. */
static int64_t slack(const struct box_size *thing, const struct box_size *space)
{
    int64_t a = space->length - thing->length;
    int64_t b = space->width - thing->width;
    int64_t c = space->height - thing->height;
    int64_t least = a < b ? a : b;
    return least < c ? least : c;
}

/* Cuts the space behind, beside and above the thing; the larger cut of the
 * floor stays in one piece. */
static void split(struct spaces *spaces, const struct box_size *space,
                  const struct box_size *thing)
{
    int64_t dl = space->length - thing->length;
    int64_t dw = space->width - thing->width;
    space_add(spaces, thing->length, thing->width,
              space->height - thing->height);
    if (dl * space->width >= dw * space->length) {
        space_add(spaces, dl, space->width, space->height);
        space_add(spaces, thing->length, dw, space->height);
    } else {
        space_add(spaces, space->length, dw, space->height);
        space_add(spaces, dl, thing->width, space->height);
    }
}

static bool place(struct spaces *spaces, const struct box_size *size)
{
    size_t best = SIZE_MAX;
    struct box_size best_thing = {0};
    int64_t best_volume = INT64_MAX, best_slack = INT64_MAX;
    for (size_t i = 0; i < spaces->count; i++) {
        int64_t volume = box_volume(&spaces->at[i]);
        if (volume > best_volume)
            continue;
        for (int way = 0; way < 6; way++) {
            struct box_size thing = turned(size, way);
            if (!fits(&thing, &spaces->at[i]))
                continue;
            int64_t left = slack(&thing, &spaces->at[i]);
            if (volume == best_volume && left >= best_slack)
                continue;
            best = i;
            best_thing = thing;
            best_volume = volume;
            best_slack = left;
        }
    }
    if (best == SIZE_MAX)
        return false;
    struct box_size space = spaces->at[best];
    spaces->at[best] = spaces->at[--spaces->count];
    split(spaces, &space, &best_thing);
    return true;
}

void box_fill(struct arena *arena, const struct box_kind *box,
              const struct box_item *items, size_t count, int64_t *counts)
{
    struct arena_mark mark = arena_mark(arena);
    struct spaces spaces = {.room = 1};
    int64_t weight = 0;
    for (size_t i = 0; i < count; i++)
        spaces.room += (size_t)items[i].qty * 2;
    spaces.at = arena_array(arena, struct box_size, spaces.room);
    space_add(&spaces, box->inner.length, box->inner.width, box->inner.height);
    for (size_t i = 0; i < count; i++) {
        counts[i] = 0;
        while (counts[i] < items[i].qty) {
            if (box->max_weight_g &&
                weight + items[i].weight_g > box->max_weight_g)
                break;
            if (box_volume(&items[i].size) > 0 &&
                !place(&spaces, &items[i].size))
                break;
            weight += items[i].weight_g;
            counts[i]++;
        }
    }
    arena_reset_to(arena, mark);
}

/* ---- parcels ---- */

static int by_volume_falling(const void *a, const void *b)
{
    const struct box_item *x = a, *y = b;
    int64_t vx = box_volume(&x->size), vy = box_volume(&y->size);
    if (vx != vy)
        return vx > vy ? -1 : 1;
    return (x->n > y->n) - (x->n < y->n);
}

static int by_size(const void *a, const void *b)
{
    const struct box_kind *x = *(const struct box_kind *const *)a;
    const struct box_kind *y = *(const struct box_kind *const *)b;
    int64_t vx = box_volume(&x->inner), vy = box_volume(&y->inner);
    if (vx != vy)
        return vx < vy ? -1 : 1;
    if (x->cost_minor != y->cost_minor)
        return x->cost_minor < y->cost_minor ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

struct packing {
    struct arena *arena;
    const struct box_kind **boxes; /* By size, smallest first. */
    size_t box_count;
    struct box_item *left; /* By volume, largest first. */
    size_t count;
    int64_t *counts, *best;
    struct box_parcel *parcels;
    size_t parcel_count;
};

static void add_parcel(struct packing *p, const struct box_kind *box,
                       const int64_t *counts)
{
    struct box_parcel *parcel = &p->parcels[p->parcel_count++];
    *parcel = (struct box_parcel){.box = box};
    size_t kinds = 0;
    for (size_t i = 0; i < p->count; i++)
        kinds += counts[i] > 0;
    parcel->contents = arena_array(p->arena, struct box_content, kinds);
    parcel->weight_g = box ? box->weight_g : 0;
    for (size_t i = 0; i < p->count; i++) {
        struct box_item *item = &p->left[i];
        if (counts[i] == 0)
            continue;
        parcel->contents[parcel->count++] =
            (struct box_content){item->n, counts[i]};
        parcel->weight_g += item->weight_g * counts[i];
        parcel->volume += box_volume(&item->size) * counts[i];
        if (item->weight_g == 0 || box_volume(&item->size) == 0)
            parcel->is_estimated = true;
        item->qty -= counts[i];
    }
    if (box)
        parcel->fill_ppm = parcel->volume * 1000000 / box_volume(&box->inner);
}

static bool is_empty(const struct packing *p)
{
    for (size_t i = 0; i < p->count; i++)
        if (p->left[i].qty > 0)
            return false;
    return true;
}

static int64_t taken(const struct packing *p, const int64_t *counts,
                     bool *ret_is_all)
{
    int64_t sum = 0;
    *ret_is_all = true;
    for (size_t i = 0; i < p->count; i++) {
        sum += counts[i];
        if (counts[i] < p->left[i].qty)
            *ret_is_all = false;
    }
    return sum;
}

/* The smallest box that takes all that is left; else the one that takes most
 * units, the smaller of equal ones. False where no box takes any. */
static bool fill_one(struct packing *p)
{
    const struct box_kind *best = NULL;
    int64_t most = 0;
    for (size_t i = 0; i < p->box_count; i++) {
        bool is_all;
        box_fill(p->arena, p->boxes[i], p->left, p->count, p->counts);
        int64_t sum = taken(p, p->counts, &is_all);
        if (sum <= most)
            continue;
        most = sum;
        best = p->boxes[i];
        for (size_t k = 0; k < p->count; k++)
            p->best[k] = p->counts[k];
        if (is_all)
            break;
    }
    if (!best)
        return false;
    add_parcel(p, best, p->best);
    return true;
}

/* One unit, the largest, goes as it is. */
static void ship_alone(struct packing *p)
{
    bool is_done = false;
    for (size_t i = 0; i < p->count; i++) {
        p->counts[i] = !is_done && p->left[i].qty > 0;
        is_done |= p->counts[i] > 0;
    }
    ASSERT(is_done);
    add_parcel(p, NULL, p->counts);
}

/* There is no box to deal them out to. */
static void ship_together(struct packing *p)
{
    for (size_t i = 0; i < p->count; i++)
        p->counts[i] = p->left[i].qty;
    add_parcel(p, NULL, p->counts);
}

err_t box_suggest(struct ctx *ctx, const struct box_kind *boxes,
                  size_t box_count, const struct box_item *items, size_t count,
                  struct box_parcel **ret, size_t *ret_count)
{
    struct packing p = {
        .arena = ctx->arena, .box_count = box_count, .count = count};
    int64_t units = 0;
    for (size_t i = 0; i < count; i++)
        units += items[i].qty;
    if (units > BOX_UNITS_MAX)
        return fail_as(ctx, ERR_INVALID, "too_many_units", "",
                       "boxes are suggested for at most %d units at once",
                       BOX_UNITS_MAX);
    p.boxes = arena_array(ctx->arena, const struct box_kind *, box_count + 1);
    for (size_t i = 0; i < box_count; i++)
        p.boxes[i] = &boxes[i];
    if (box_count > 1)
        qsort(p.boxes, box_count, sizeof *p.boxes, by_size);
    p.left = arena_array(ctx->arena, struct box_item, count + 1);
    for (size_t i = 0; i < count; i++)
        p.left[i] = items[i];
    if (count > 1)
        qsort(p.left, count, sizeof *p.left, by_volume_falling);
    p.counts = arena_array(ctx->arena, int64_t, count + 1);
    p.best = arena_array(ctx->arena, int64_t, count + 1);
    p.parcels = arena_array(ctx->arena, struct box_parcel, (size_t)units + 1);
    if (box_count == 0 && !is_empty(&p))
        ship_together(&p);
    while (!is_empty(&p))
        if (!fill_one(&p))
            ship_alone(&p);
    *ret = p.parcels;
    *ret_count = p.parcel_count;
    return OK;
}
