/* fulfillment_plan_rules.c - who goes on which walk, and in which order. */
#include <stdlib.h>

#include "base/arena.h"
#include "base/str.h"
#include "oms/fulfillment/fulfillment_pick_rules.h"

/* ---- bins ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The run of digits at *at, without leading zeros; moves *at behind it. */
static str digits_of(str text, size_t *at)
{
    while (*at < text.len && text.ptr[*at] == '0')
        ++*at;
    size_t from = *at;
    while (*at < text.len && is_digit(text.ptr[*at]))
        ++*at;
    return (str){text.ptr + from, *at - from};
}

int bin_compare(str a, str b)
{
    size_t i = 0, j = 0;
    while (i < a.len && j < b.len) {
        if (is_digit(a.ptr[i]) && is_digit(b.ptr[j])) {
            str x = digits_of(a, &i), y = digits_of(b, &j);
            int by = str_compare(x, y);
            if (x.len != y.len)
                return x.len < y.len ? -1 : 1;
            if (by != 0)
                return by;
            continue;
        }
        if (a.ptr[i] != b.ptr[j])
            return (unsigned char)a.ptr[i] < (unsigned char)b.ptr[j] ? -1 : 1;
        i++;
        j++;
    }
    if (i < a.len || j < b.len)
        return i < a.len ? 1 : -1;
    return str_compare(a, b);
}

/* What has no place of its own is looked for last. */
static int compare_places(str a, str b)
{
    if ((a.len == 0) != (b.len == 0))
        return a.len == 0 ? 1 : -1;
    return bin_compare(a, b);
}

static int compare_wants(const void *a, const void *b)
{
    const struct pick_want *x = *(const struct pick_want *const *)a;
    const struct pick_want *y = *(const struct pick_want *const *)b;
    int by = compare_places(x->zone, y->zone);
    if (by == 0)
        by = compare_places(x->bin, y->bin);
    if (by != 0)
        return by;
    if (x->sku.v != y->sku.v)
        return x->sku.v < y->sku.v ? -1 : 1;
    if (x->order != y->order)
        return x->order < y->order ? -1 : 1;
    return (x->n > y->n) - (x->n < y->n);
}

/* ---- walks ---- */

struct dealing {
    struct arena *arena;
    const struct pick_limits *limits;
    struct pick_walk *walks;
    size_t count;
};

static int compare_orders(const void *a, const void *b)
{
    const struct pick_order *x = *(const struct pick_order *const *)a;
    const struct pick_order *y = *(const struct pick_order *const *)b;
    if ((x->due_at == 0) != (y->due_at == 0))
        return x->due_at == 0 ? 1 : -1;
    if (x->due_at != y->due_at)
        return x->due_at < y->due_at ? -1 : 1;
    return (x->id.v > y->id.v) - (x->id.v < y->id.v);
}

static bool has_room(const struct dealing *d, const struct pick_walk *walk,
                     int64_t units, size_t lines)
{
    return d->limits->mode != PICK_SINGLE && walk->orders < d->limits->orders &&
           units <= d->limits->units - walk->units &&
           (int64_t)(walk->count + lines) <= d->limits->lines;
}

/* The last walk of that zone, or a new one where it is full. */
static struct pick_walk *walk_for(struct dealing *d, str zone, int64_t units,
                                  size_t lines)
{
    for (size_t i = d->count; i > 0; i--) {
        struct pick_walk *walk = &d->walks[i - 1];
        if (!str_equal(walk->zone, zone))
            continue;
        if (has_room(d, walk, units, lines))
            return walk;
        break;
    }
    struct pick_walk *walk = &d->walks[d->count++];
    *walk = (struct pick_walk){.zone = zone};
    return walk;
}

static void make_room(struct dealing *d, struct pick_walk *walk, size_t lines)
{
    size_t room = walk->room > 0 ? walk->room : lines;
    while (room < walk->count + lines)
        room *= 2;
    if (room == walk->room)
        return;
    const struct pick_want **more =
        arena_array(d->arena, const struct pick_want *, room);
    for (size_t i = 0; i < walk->count; i++)
        more[i] = walk->wants[i];
    walk->wants = more;
    walk->room = room;
}

/* Puts what an order wants of one zone (or all of it) on one walk. */
static void deal(struct dealing *d, const struct pick_order *order, str zone)
{
    bool is_zone = d->limits->mode == PICK_ZONE;
    int64_t units = 0;
    size_t lines = 0;
    for (size_t i = 0; i < order->count; i++) {
        if (is_zone && !str_equal(order->wants[i].zone, zone))
            continue;
        units += order->wants[i].qty;
        lines++;
    }
    struct pick_walk *walk = walk_for(d, zone, units, lines);
    make_room(d, walk, lines);
    for (size_t i = 0; i < order->count; i++)
        if (!is_zone || str_equal(order->wants[i].zone, zone))
            walk->wants[walk->count++] = &order->wants[i];
    walk->orders++;
    walk->units += units;
}

static bool is_first_of_zone(const struct pick_order *order, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_equal(order->wants[i].zone, order->wants[n].zone))
            return false;
    return true;
}

void pick_plan(struct arena *arena, const struct pick_order *orders,
               size_t count, const struct pick_limits *limits,
               struct pick_walk **ret, size_t *ret_count)
{
    struct dealing d = {.arena = arena, .limits = limits};
    const struct pick_order **sorted =
        arena_array(arena, const struct pick_order *, count);
    size_t wants = 0;
    for (size_t i = 0; i < count; i++) {
        sorted[i] = &orders[i];
        wants += orders[i].count;
    }
    if (count > 1)
        qsort(sorted, count, sizeof(const struct pick_order *), compare_orders);
    d.walks = arena_array(arena, struct pick_walk, wants);
    for (size_t i = 0; i < count; i++) {
        const struct pick_order *order = sorted[i];
        for (size_t n = 0; n < order->count; n++)
            if (limits->mode != PICK_ZONE ? n == 0 : is_first_of_zone(order, n))
                deal(&d, order,
                     limits->mode == PICK_ZONE ? order->wants[n].zone
                                               : STR(""));
    }
    for (size_t i = 0; i < d.count; i++)
        if (d.walks[i].count > 1)
            qsort(d.walks[i].wants, d.walks[i].count,
                  sizeof(const struct pick_want *), compare_wants);
    *ret = d.walks;
    *ret_count = d.count;
}

/* ---- lots ---- */

void pick_share_lots(struct arena *arena, struct pick_lot *lots, size_t count,
                     int64_t qty, struct pick_share **ret, size_t *ret_count)
{
    struct pick_share *shares =
        arena_array(arena, struct pick_share, count + 1);
    size_t n = 0;
    for (size_t i = 0; i < count && qty > 0; i++) {
        int64_t take = lots[i].left < qty ? lots[i].left : qty;
        if (take <= 0)
            continue;
        lots[i].left -= take;
        qty -= take;
        shares[n++] = (struct pick_share){lots[i].lot, take};
    }
    if (qty > 0)
        shares[n++] = (struct pick_share){.qty = qty};
    *ret = shares;
    *ret_count = n;
}
