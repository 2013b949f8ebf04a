/* routing_decide.c - from a request to a plan: pins first, then a router.
 *
 * A pin says that units of a line ship from one place, ranked or not. They are
 * taken from its level before the router sees the stock, and the router gets
 * the lines without them. Pure.
 */
#include "base/arena.h"
#include "base/map.h"
#include "oms/inventory/inventory.h"
#include "oms/routing/routing_book.h"
#include "oms/routing/routing_load.h"
#include "oms/routing/routing_router.h"

struct pinned {
    struct arena *arena;
    const struct routing_request *request;
    struct routing_allocation *at;
    size_t count;
    struct map *claims;      /* As level_left reads them. */
    int64_t *open, *missing; /* Per line: for the router, and for nobody. */
    int64_t units, missing_units;
    location_id asked; /* The place last asked for its capacity, */
    bool is_asked_full;
    bool is_full; /* Some place that is pinned. */
};

size_t routing_rank_find(const struct routing_strategy *strategy,
                         location_id location)
{
    size_t low = 0, high = strategy->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (strategy->by_id[mid].location.v < location.v)
            low = mid + 1;
        else
            high = mid;
    }
    if (low < strategy->count && strategy->by_id[low].location.v == location.v)
        return strategy->by_id[low].index;
    return SIZE_MAX;
}

bool routing_is_excluded(const struct routing_request *request,
                         location_id location)
{
    for (size_t i = 0; i < request->excluded_count; i++)
        if (request->excluded[i].v == location.v)
            return true;
    return false;
}

bool routing_is_served(const struct routing_request *request,
                       location_id location)
{
    if (request->method != ROUTING_PICKUP)
        return true;
    const struct routing_site *site =
        book_site(request->strategy->book, location);
    return site && site->is_pickup;
}

bool routing_is_full(const struct routing_request *request,
                     location_id location, int64_t units)
{
    const struct routing_site *site =
        request->loads ? book_site(request->strategy->book, location) : NULL;
    return site && !load_has_room(request->loads, site, units);
}

void routing_pin_all(struct arena *arena, location_id location,
                     struct routing_request *request)
{
    struct routing_pin *pins =
        arena_array(arena, struct routing_pin, request->line_count);
    for (size_t i = 0; i < request->line_count; i++)
        pins[i] = (struct routing_pin){i, location, request->lines[i].qty};
    request->pins = pins;
    request->pin_count = request->line_count;
}

static int64_t units_of(const struct routing_request *request)
{
    int64_t units = 0;
    for (size_t i = 0; i < request->line_count; i++)
        units += request->lines[i].qty;
    return units;
}

/* ---- what the same plan has taken before ---- */

static struct map_key level_key(const struct stock_level *level)
{
    return (struct map_key){.a = level->sku.v, .b = level->location.v};
}

int64_t level_left(const struct routing_request *request,
                   const struct map *claims, const struct stock_level *level)
{
    const int64_t *taken = claims ? map_find(claims, level_key(level)) : NULL;
    return stock_sellable(request->stock, level, request->strategy->channel) -
           (taken ? *taken : 0);
}

static void claim(struct pinned *work, const struct stock_level *level,
                  int64_t qty)
{
    int64_t *sum = map_find(work->claims, level_key(level));
    if (!sum) {
        sum = arena_new(work->arena, int64_t);
        map_set(work->claims, level_key(level), sum);
    }
    *sum += qty;
}

static void claim_taken(struct pinned *work,
                        const struct routing_allocation *taken)
{
    const struct routing_line *line = &work->request->lines[taken->line];
    for (size_t i = 0; taken->parts && i < line->part_count; i++)
        claim(work, taken->parts[i], taken->qty * line->parts[i].qty);
    if (taken->level)
        claim(work, taken->level, taken->qty);
}

/* ---- pins ---- */

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
        int64_t left = ret_levels[i] ? level_left(work->request, work->claims,
                                                  ret_levels[i])
                                     : 0;
        least = left / each < least ? left / each : least;
    }
    return least > 0 ? least : 0;
}

/* A place takes all that is pinned to it, or none. */
static bool is_pin_full(struct pinned *work, location_id location)
{
    const struct routing_request *request = work->request;
    int64_t units = 0;
    if (!request->loads || work->asked.v == location.v)
        return work->is_asked_full;
    for (size_t i = 0; i < request->pin_count; i++)
        if (request->pins[i].location.v == location.v)
            units += request->pins[i].qty;
    work->asked = location;
    work->is_asked_full = routing_is_full(request, location, units);
    work->is_full |= work->is_asked_full;
    return work->is_asked_full;
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
    bool is_full = is_pin_full(work, pin->location);
    int64_t room = is_stocked ? room_for(work, pin, levels) : asked;
    int64_t qty = is_full ? 0 : room < asked ? room : asked;
    work->open[pin->line] -= asked;
    work->missing[pin->line] += asked - qty;
    work->missing_units += asked - qty;
    work->units += qty;
    if (qty == 0)
        return;
    work->at[work->count] = (struct routing_allocation){
        pin->line, pin->location, is_kit || !is_stocked ? NULL : levels[0], qty,
        is_kit ? levels : NULL};
    claim_taken(work, &work->at[work->count++]);
}

static void take_pins(struct pinned *work)
{
    const struct routing_request *request = work->request;
    work->at =
        arena_array(work->arena, struct routing_allocation, request->pin_count);
    work->claims = map_open(work->arena, request->pin_count);
    work->open = arena_array(work->arena, int64_t, request->line_count);
    work->missing = arena_array(work->arena, int64_t, request->line_count);
    for (size_t i = 0; i < request->line_count; i++)
        work->open[i] = request->lines[i].qty;
    for (size_t i = 0; i < request->pin_count; i++) {
        ASSERT(request->pins[i].line < request->line_count);
        take_pin(work, &request->pins[i]);
    }
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
    *ret_of = of;
}

/* ---- scenarios ---- */

static const struct routing_scenario *
scenario_of(const struct routing_request *request)
{
    const struct routing_strategy *strategy = request->strategy;
    for (size_t i = 0; i < strategy->scenario_count; i++)
        if (filter_matches(&strategy->scenarios[i].filter, request))
            return &strategy->scenarios[i];
    return NULL;
}

/* A plan in the making, over pins and steps. */
struct making {
    struct pinned *work;
    struct routing_request rest;
    size_t *of; /* Which line each of rest is. */
    struct routing_plan *plan;
    struct routing_tried *tried;
    struct routing_allocation *at;
    size_t count, room;
};

static void add_allocation(struct making *making,
                           struct routing_allocation allocation)
{
    if (making->count == making->room) {
        making->room = making->room * 2 + 16;
        struct routing_allocation *at = arena_array(
            making->work->arena, struct routing_allocation, making->room);
        if (making->count > 0)
            memcpy(at, making->at, making->count * sizeof *at);
        making->at = at;
    }
    making->at[making->count++] = allocation;
}

/* What a router took, in the lines of the whole request. */
static void adopt(struct making *making, const struct routing_plan *part)
{
    struct pinned *work = making->work;
    for (size_t i = 0; i < part->count; i++) {
        struct routing_allocation at = part->at[i];
        at.line = making->of[at.line];
        work->open[at.line] -= at.qty;
        ASSERT(work->open[at.line] >= 0);
        add_allocation(making, at);
        claim_taken(work, &at);
    }
}

static void tell(struct making *making, const struct routing_plan *part,
                 size_t step)
{
    struct routing_plan *plan = making->plan;
    bool is_first = plan->tried_count == 0;
    making->tried[plan->tried_count++] = part->tried[0];
    if (!is_first && part->tried[0].units == 0)
        return;
    plan->told = step;
    plan->skus = part->skus;
    plan->sku_count = part->sku_count;
    memcpy(plan->candidates, part->candidates, sizeof plan->candidates);
    plan->candidate_count = part->candidate_count;
    plan->unnamed = part->unnamed;
}

static bool is_stocked(const struct routing_line *line)
{
    return line->is_tracked || line->part_count > 0;
}

static int64_t stocked_open(const struct pinned *work)
{
    int64_t units = 0;
    for (size_t i = 0; i < work->request->line_count; i++)
        if (is_stocked(&work->request->lines[i]))
            units += work->open[i];
    return units;
}

static void run_steps(struct making *making)
{
    const struct routing_scenario *scenario = making->plan->scenario;
    struct pinned *work = making->work;
    making->tried =
        arena_array(work->arena, struct routing_tried, scenario->step_count);
    making->plan->tried = making->tried;
    for (size_t i = 0; i < scenario->step_count && stocked_open(work) > 0;
         i++) {
        struct routing_plan part;
        const struct routing_step *step = &scenario->steps[i];
        rest_of(work, &making->rest, &making->of);
        making->rest.step = step;
        step->router->plan(work->arena, &making->rest, &part);
        adopt(making, &part);
        tell(making, &part, i);
        making->plan->router = step->router;
        making->plan->after = step->after;
        if (step->after != AFTER_NEXT)
            break;
    }
}

static void run_plain(struct making *making)
{
    struct routing_plan *plan = making->plan;
    struct pinned *work = making->work;
    size_t *of;
    rest_of(work, &making->rest, &of);
    making->of = of;
    router_ranked.plan(work->arena, &making->rest, plan);
    adopt(making, plan);
}

/* Where lines that take no stock go: with the first that does. */
static location_id home_of(const struct making *making)
{
    const struct routing_request *request = making->work->request;
    const struct routing_strategy *strategy = request->strategy;
    if (making->count > 0)
        return making->at[0].location;
    for (size_t i = 0; i < strategy->count; i++)
        if (!routing_is_excluded(request, strategy->locations[i]) &&
            routing_is_served(request, strategy->locations[i]) &&
            !routing_is_full(request, strategy->locations[i],
                             units_of(request)))
            return strategy->locations[i];
    return (location_id){0};
}

static void place_untracked(struct making *making)
{
    struct pinned *work = making->work;
    for (size_t i = 0; i < work->request->line_count; i++) {
        if (is_stocked(&work->request->lines[i]) || work->open[i] == 0)
            continue;
        add_allocation(making,
                       (struct routing_allocation){i, home_of(making), NULL,
                                                   work->open[i], NULL});
        work->open[i] = 0;
    }
}

static enum routing_rule rule_of(const struct making *making)
{
    const struct routing_request *request = making->work->request;
    const struct routing_plan *plan = making->plan;
    bool is_split = false, is_tracked = false, is_one = true;
    if (plan->backordered_units > 0)
        return plan->after == AFTER_HOLD ? ROUTING_QUEUED : ROUTING_BACKORDER;
    if (plan->pinned_units > 0 && plan->tried_count == 0)
        return ROUTING_PINNED;
    for (size_t i = 0; i < plan->count; i++) {
        is_tracked |= is_stocked(&request->lines[plan->at[i].line]);
        is_one &= plan->at[i].location.v == plan->at[0].location.v;
        is_split |= i > 0 && plan->at[i].line == plan->at[i - 1].line;
    }
    if (!is_tracked)
        return ROUTING_UNTRACKED;
    if (is_one)
        return ROUTING_WHOLE_ORDER;
    return is_split ? ROUTING_UNITS : ROUTING_WHOLE_LINES;
}

/* By line, each in the order in which it was taken. */
static void finish(struct making *making)
{
    struct pinned *work = making->work;
    struct routing_plan *plan = making->plan;
    size_t lines = work->request->line_count;
    struct routing_allocation *at =
        arena_array(work->arena, struct routing_allocation, making->count);
    int64_t *backordered = arena_array(work->arena, int64_t, lines);
    size_t *next = arena_array(work->arena, size_t, lines + 1);
    plan->backordered_units = 0;
    for (size_t i = 0; i < making->count; i++)
        next[making->at[i].line + 1]++;
    for (size_t line = 0; line < lines; line++) {
        next[line + 1] += next[line];
        backordered[line] = work->open[line] + work->missing[line];
        plan->backordered_units += backordered[line];
    }
    ASSERT(next[lines] == making->count);
    for (size_t i = 0; i < making->count; i++)
        at[next[making->at[i].line]++] = making->at[i];
    plan->at = at;
    plan->count = making->count;
    plan->backordered = backordered;
    plan->pinned_units = work->units;
    plan->unpinned_units = work->missing_units;
    plan->is_full = work->is_full;
    plan->rule = rule_of(making);
}

void routing_decide(struct arena *arena, const struct routing_request *request,
                    struct routing_plan *ret)
{
    const struct routing_scenario *scenario = scenario_of(request);
    if (request->pin_count == 0 && !scenario) {
        router_ranked.plan(arena, request, ret);
        return;
    }
    struct pinned work = {.arena = arena, .request = request};
    struct making making = {.work = &work, .plan = ret};
    *ret =
        (struct routing_plan){.scenario = scenario, .router = &router_ranked};
    take_pins(&work);
    for (size_t i = 0; i < work.count; i++)
        add_allocation(&making, work.at[i]);
    if (scenario)
        run_steps(&making);
    else
        run_plain(&making);
    place_untracked(&making);
    finish(&making);
}
