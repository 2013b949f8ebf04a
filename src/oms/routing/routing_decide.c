/* routing_decide.c - from a request to a plan: pins first, then a router.
 *
 * A pin says that units of a line ship from one place, ranked or not. They are
 * taken from its level before the router sees the stock, and the router gets
 * the lines without them. Pure.
 */
#include "base/arena.h"
#include "oms/inventory/inventory.h"
#include "oms/routing/routing.h"

struct pinned {
    struct arena *arena;
    const struct routing_request *request;
    struct routing_allocation *at;
    size_t count;
    struct routing_claim *claims;
    size_t claim_count;
    int64_t *open, *missing; /* Per line: for the router, and for nobody. */
    int64_t units, missing_units;
};

bool routing_is_excluded(const struct routing_request *request,
                         location_id location)
{
    for (size_t i = 0; i < request->excluded_count; i++)
        if (request->excluded[i].v == location.v)
            return true;
    return false;
}

static int64_t left_at(const struct pinned *work,
                       const struct stock_level *level)
{
    const struct routing_request *request = work->request;
    int64_t left =
        stock_sellable(request->stock, level, request->strategy->channel);
    for (size_t i = 0; i < work->claim_count; i++)
        if (work->claims[i].level == level)
            left -= work->claims[i].qty;
    return left > 0 ? left : 0;
}

/* What the line takes there: its own level, or one per component of a kit;
 * *ret_levels NULL where the place does not know one of them. */
static int64_t room_for(const struct pinned *work,
                        const struct routing_pin *pin,
                        struct stock_level **ret_levels)
{
    const struct routing_line *line = &work->request->lines[pin->line];
    size_t parts = line->part_count > 0 ? line->part_count : 1;
    int64_t least = INT64_MAX;
    for (size_t i = 0; i < parts; i++) {
        sku_id sku = line->part_count > 0 ? line->parts[i].sku : line->sku;
        int64_t each = line->part_count > 0 ? line->parts[i].qty : 1;
        ret_levels[i] =
            stock_level_find(work->request->stock, sku, pin->location);
        int64_t room = ret_levels[i] ? left_at(work, ret_levels[i]) / each : 0;
        least = room < least ? room : least;
    }
    return least;
}

static void claim(struct pinned *work, const struct routing_pin *pin,
                  struct stock_level **levels, int64_t qty)
{
    const struct routing_line *line = &work->request->lines[pin->line];
    for (size_t i = 0; i < line->part_count; i++)
        work->claims[work->claim_count++] =
            (struct routing_claim){levels[i], qty * line->parts[i].qty};
    if (line->part_count == 0)
        work->claims[work->claim_count++] =
            (struct routing_claim){levels[0], qty};
}

static void take_pin(struct pinned *work, const struct routing_pin *pin)
{
    const struct routing_line *line = &work->request->lines[pin->line];
    bool is_kit = line->part_count > 0, is_stocked = is_kit || line->is_tracked;
    size_t parts = is_kit ? line->part_count : 1;
    struct stock_level **levels =
        arena_array(work->arena, struct stock_level *, parts);
    int64_t asked =
        pin->qty < work->open[pin->line] ? pin->qty : work->open[pin->line];
    int64_t room = is_stocked ? room_for(work, pin, levels) : asked;
    int64_t qty = room < asked ? room : asked;
    work->open[pin->line] -= asked;
    work->missing[pin->line] += asked - qty;
    work->missing_units += asked - qty;
    work->units += qty;
    if (qty == 0)
        return;
    if (is_stocked)
        claim(work, pin, levels, qty);
    work->at[work->count++] = (struct routing_allocation){
        pin->line, pin->location, is_kit || !is_stocked ? NULL : levels[0], qty,
        is_kit ? levels : NULL};
}

static void take_pins(struct pinned *work)
{
    const struct routing_request *request = work->request;
    size_t claims = 0;
    for (size_t i = 0; i < request->pin_count; i++) {
        ASSERT(request->pins[i].line < request->line_count);
        claims += request->lines[request->pins[i].line].part_count + 1;
    }
    work->at =
        arena_array(work->arena, struct routing_allocation, request->pin_count);
    work->claims = arena_array(work->arena, struct routing_claim, claims);
    work->open = arena_array(work->arena, int64_t, request->line_count);
    work->missing = arena_array(work->arena, int64_t, request->line_count);
    for (size_t i = 0; i < request->line_count; i++)
        work->open[i] = request->lines[i].qty;
    for (size_t i = 0; i < request->pin_count; i++)
        take_pin(work, &request->pins[i]);
}

/* The lines that are left, and which line each was. */
static void rest_of(const struct pinned *work, struct routing_request *rest,
                    size_t **ret_of)
{
    size_t count = work->request->line_count, n = 0;
    struct routing_line *lines =
        arena_array(work->arena, struct routing_line, count);
    size_t *of = arena_array(work->arena, size_t, count);
    *rest = *work->request;
    for (size_t i = 0; i < count; i++) {
        if (work->open[i] == 0)
            continue;
        of[n] = i;
        lines[n] = work->request->lines[i];
        lines[n++].qty = work->open[i];
    }
    rest->lines = lines;
    rest->line_count = n;
    rest->claims = work->claims;
    rest->claim_count = work->claim_count;
    *ret_of = of;
}

/* A stable merge by line: what was pinned stands first. */
static void merge(const struct pinned *work, const size_t *of, size_t asked,
                  struct routing_plan *plan)
{
    size_t lines = work->request->line_count, n = 0;
    struct routing_allocation *at = arena_array(
        work->arena, struct routing_allocation, work->count + plan->count);
    int64_t *backordered = arena_array(work->arena, int64_t, lines);
    for (size_t line = 0; line < lines; line++) {
        for (size_t i = 0; i < work->count; i++)
            if (work->at[i].line == line)
                at[n++] = work->at[i];
        for (size_t i = 0; i < plan->count; i++)
            if (of[plan->at[i].line] == line) {
                at[n] = plan->at[i];
                at[n++].line = line;
            }
    }
    ASSERT(n == work->count + plan->count);
    for (size_t i = 0; i < asked; i++)
        backordered[of[i]] = plan->backordered[i];
    for (size_t i = 0; i < lines; i++)
        backordered[i] += work->missing[i];
    plan->at = at;
    plan->count = n;
    plan->backordered = backordered;
    plan->backordered_units += work->missing_units;
    plan->pinned_units = work->units;
    plan->unpinned_units = work->missing_units;
    if (plan->backordered_units > 0)
        plan->rule = ROUTING_BACKORDER;
    else if (asked == 0)
        plan->rule = ROUTING_PINNED;
}

void routing_decide(struct arena *arena, const struct routing_request *request,
                    struct routing_plan *ret)
{
    if (request->pin_count == 0) {
        router_ranked.plan(arena, request, ret);
        return;
    }
    struct pinned work = {.arena = arena, .request = request};
    struct routing_request rest;
    size_t *of;
    take_pins(&work);
    rest_of(&work, &rest, &of);
    router_ranked.plan(arena, &rest, ret);
    merge(&work, of, rest.line_count, ret);
}
