/* shipping_arrival.c - see shipping_arrival.h. */
#include "oms/shipping/shipping_arrival.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/map.h"
#include "oms/shipping/shipping_store.h"

enum { PARCELS_A_PAGE = 250 };

/* Lines by n, and how many there are. */
struct gathering {
    struct map *lines;
    struct line_arrival *at;
    size_t count;
};

static utc_ms later(utc_ms a, utc_ms b)
{
    return a > b ? a : b;
}

static void note(struct gathering *g, const struct package *p, int64_t n)
{
    struct line_arrival *at = map_find(g->lines, (struct map_key){.a = n});
    if (!at) {
        at = &g->at[g->count++];
        *at = (struct line_arrival){.n = n};
        map_set(g->lines, (struct map_key){.a = n}, at);
    }
    at->shipped_at = later(at->shipped_at, p->shipped_at);
    at->delivered_at = later(at->delivered_at, p->delivered_at);
}

static bool counts(const struct package *p)
{
    return p->returns.v == 0 && p->shipped_at != 0 &&
           p->place.state != PACKAGE_VOIDED;
}

/* Those that left, from packages[0] on; the others behind them. */
static size_t keep_shipped(struct package *packages, size_t count)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        if (!counts(&packages[i]))
            continue;
        struct package kept = packages[i];
        packages[i] = packages[n];
        packages[n++] = kept;
    }
    return n;
}

static err_t gather(struct ctx *ctx, struct package *packages, size_t count,
                    struct gathering *g)
{
    struct package_item *items;
    size_t item_count;
    size_t n = keep_shipped(packages, count);
    package_id *ids = arena_array(ctx->arena, package_id, n);
    struct map *by_id = map_open(ctx->arena, n);
    for (size_t i = 0; i < n; i++) {
        ids[i] = packages[i].id;
        map_set(by_id, (struct map_key){.a = ids[i].v}, &packages[i]);
    }
    TRY(package_item_list(ctx, ids, n, &items, &item_count));
    for (size_t i = 0; i < item_count; i++) {
        const struct package *p =
            map_find(by_id, (struct map_key){.a = items[i].package.v});
        ASSERT(p != NULL && items[i].n >= 1);
        note(g, p, items[i].n);
    }
    return OK;
}

static int compare(const void *a, const void *b)
{
    const struct line_arrival *x = a, *y = b;
    return (x->n > y->n) - (x->n < y->n);
}

err_t shipping_arrivals(struct ctx *ctx, order_id order,
                        struct line_arrival **ret, size_t *ret_count)
{
    struct package_filter filter = {.order = order, .limit = PARCELS_A_PAGE};
    struct gathering g = {
        .lines = map_open(ctx->arena, LIMIT_HISTORY_LINES),
        .at = arena_array(ctx->arena, struct line_arrival, LIMIT_HISTORY_LINES),
    };
    size_t count = PARCELS_A_PAGE;
    while (count == PARCELS_A_PAGE) {
        struct package *packages;
        TRY(package_page(ctx, &filter, &packages, &count));
        if (count > 0)
            filter.after = packages[count - 1].id;
        TRY(gather(ctx, packages, count, &g));
    }
    if (g.count > 1)
        qsort(g.at, g.count, sizeof *g.at, compare);
    *ret = g.at;
    *ret_count = g.count;
    return OK;
}
