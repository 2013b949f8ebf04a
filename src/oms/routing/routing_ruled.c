/* routing_ruled.c - the router that follows rules ranked by the merchant. Pure.
 *
 * Candidates are the sites that hold stock of the order. Those that pass the
 * step's filters get a number per rule; the plan is the one whose numbers,
 * summed over its packages, are least in the first rule, then the second, and
 * so on (routing_cover.c; beyond ten lines by gathering greedily). Lines that
 * are whole nowhere are split last, if the step allows it.
 */
#include "base/arena.h"
#include "base/map.h"
#include "base/str.h"
#include "base/time.h"
#include "oms/inventory/inventory.h"
#include "oms/inventory/inventory_age.h"
#include "oms/routing/routing_book.h"
#include "oms/routing/routing_gather.h"
#include "oms/routing/routing_load.h"
#include "oms/routing/routing_router.h"

/* ---- what is needed ---- */

static size_t need_of(struct gather *work, struct map *known, sku_id id,
                      int64_t qty)
{
    struct map_key key = {.a = id.v};
    struct routing_line *sku = map_find(known, key);
    if (!sku) {
        sku = &work->skus[work->sku_count++];
        *sku = (struct routing_line){.sku = id, .is_tracked = true};
        map_set(known, key, sku);
    } else {
        work->is_shared = true;
    }
    sku->qty += qty;
    return (size_t)(sku - work->skus);
}

static void add_needs(struct gather *work)
{
    const struct routing_request *request = work->request;
    size_t needs = 0;
    for (size_t i = 0; i < request->line_count; i++)
        needs += request->lines[i].part_count + 1;
    work->skus = arena_array(work->arena, struct routing_line, needs);
    work->needs = arena_array(work->arena, struct need, needs);
    work->lines =
        arena_array(work->arena, struct need_list, request->line_count);
    struct map *known = map_open(work->arena, needs);
    struct need *at = work->needs;
    for (size_t i = 0; i < request->line_count; i++) {
        const struct routing_line *line = &request->lines[i];
        work->lines[i].at = at;
        for (size_t j = 0; j < line->part_count; j++)
            *at++ = (struct need){need_of(work, known, line->parts[j].sku,
                                          line->qty * line->parts[j].qty),
                                  line->parts[j].qty};
        if (line->part_count == 0 && line->is_tracked)
            *at++ =
                (struct need){need_of(work, known, line->sku, line->qty), 1};
        work->lines[i].count = (size_t)(at - work->lines[i].at);
        work->tracked += work->lines[i].count > 0;
    }
}

/* ---- who has it ---- */

static struct candidate *candidate_of(struct gather *work, int32_t *slots,
                                      const struct routing_site *site,
                                      size_t rank)
{
    size_t at = (size_t)(site - work->book->sites);
    if (slots[at] > 0)
        return &work->at[slots[at] - 1];
    struct candidate *ret = &work->at[work->count++];
    slots[at] = (int32_t)work->count;
    *ret = (struct candidate){
        .site = site,
        .rank = rank,
        .left = arena_array(work->arena, int64_t, work->sku_count),
        .had = arena_array(work->arena, int64_t, work->sku_count),
        .levels =
            arena_array(work->arena, struct stock_level *, work->sku_count)};
    return ret;
}

static void add_level(struct gather *work, int32_t *slots, size_t sku,
                      struct stock_level *level)
{
    const struct routing_request *request = work->request;
    size_t rank = routing_rank_find(request->strategy, level->location);
    const struct routing_site *site = book_site(work->book, level->location);
    if (rank == SIZE_MAX || !site)
        return;
    int64_t had = level_left(request, request->claims, level);
    int64_t left = had - request->step->min_left;
    if (had <= 0)
        return;
    struct candidate *to = candidate_of(work, slots, site, rank);
    to->levels[sku] = level;
    to->had[sku] = had;
    to->left[sku] = left > 0 ? left : 0;
}

static void add_candidates(struct gather *work)
{
    size_t levels = 0;
    struct stock_level *at;
    for (size_t i = 0; i < work->sku_count; i++)
        levels += stock_levels(work->request->stock, work->skus[i].sku, &at);
    size_t room =
        levels < work->book->site_count ? levels : work->book->site_count;
    int32_t *slots = arena_array(work->arena, int32_t, work->book->site_count);
    work->at = arena_array(work->arena, struct candidate, room);
    for (size_t i = 0; i < work->sku_count; i++) {
        size_t count =
            stock_levels(work->request->stock, work->skus[i].sku, &at);
        for (size_t j = 0; j < count; j++)
            add_level(work, slots, i, &at[j]);
    }
}

/* ---- what the rules say of each ---- */

enum { FAR_M = 100 * 1000 * 1000, FAR_DAY = 1000 * 1000 };

/* The greatest share of its stock that the order would take, in thousandths.
 */
static int64_t share(const struct gather *work, const struct candidate *at)
{
    int64_t most = 0;
    for (size_t i = 0; i < work->sku_count; i++) {
        if (at->had[i] <= 0)
            continue;
        int64_t need =
            work->skus[i].qty < at->had[i] ? work->skus[i].qty : at->had[i];
        int64_t part = need * 1000 / at->had[i];
        most = part > most ? part : most;
    }
    return most;
}

err_t routing_ages_read(struct ctx *ctx,
                        const struct routing_strategy *strategy,
                        struct stock *stock)
{
    return strategy && strategy->needs_age ? stock_ages_read(ctx, stock) : OK;
}

/* Of what it has of the order, by days since 1970: what expires first, and what
 * came first; FAR_DAY where no lot is there. */
static void days_of(const struct gather *work, const struct candidate *at,
                    int64_t *expires_on, int64_t *came_on)
{
    *expires_on = *came_on = FAR_DAY;
    for (size_t i = 0; i < work->sku_count; i++) {
        const struct stock_age *age =
            at->levels[i] ? stock_age_of(work->request->stock, at->levels[i])
                          : NULL;
        if (age && age->expires_on < *expires_on)
            *expires_on = age->expires_on;
        if (age && age->came_on < *came_on)
            *came_on = age->came_on;
    }
}

/* Days until something there expires. */
static int64_t days_left(const struct gather *work, const struct candidate *at)
{
    int64_t expires_on, came_on, today = work->request->now / DAY_MS;
    days_of(work, at, &expires_on, &came_on);
    return expires_on > today ? expires_on - today : 0;
}

/* Days by which its oldest stock is younger than the oldest of all. */
static int64_t days_younger(const struct gather *work,
                            const struct candidate *at)
{
    int64_t expires_on, came_on;
    days_of(work, at, &expires_on, &came_on);
    return came_on - work->oldest;
}

static int64_t rank_by(const struct gather *work,
                       const struct routing_by_rule *rule,
                       const struct candidate *at)
{
    if (!rule->ranks)
        return (int64_t)at->rank;
    return rule->ranks[at->site - work->book->sites];
}

static int64_t value_of(const struct gather *work,
                        const struct routing_by_rule *rule,
                        const struct candidate *at)
{
    int64_t m;
    switch (rule->by) {
    case BY_SPLITS: return 1;
    case BY_MARKET:
        return work->ask.market.len > 0 &&
               !str_equal(at->site->market, work->ask.market);
    case BY_RANK: return rank_by(work, rule, at);
    case BY_DISTANCE:
        if (!work->ask.has_point)
            return 0; /* Nobody knows where to: all tie. */
        m = site_distance(&work->ask, at->site);
        return m < 0 ? FAR_M : m;
    case BY_BALANCE: return share(work, at);
    case BY_CAPACITY: return load_permille(work->request->loads, at->site);
    case BY_EXPIRY: return days_left(work, at);
    case BY_AGE: return days_younger(work, at);
    case BY_COUNT: break;
    }
    UNREACHABLE("not a rule");
}

static bool is_by(const struct routing_step *step, enum routing_by by)
{
    for (size_t i = 0; i < step->rule_count; i++)
        if (step->rules[i].by == by)
            return true;
    return false;
}

static int64_t oldest_day(const struct gather *work)
{
    int64_t expires_on, came_on, oldest = FAR_DAY;
    for (size_t i = 0; i < work->count; i++) {
        days_of(work, &work->at[i], &expires_on, &came_on);
        oldest = came_on < oldest ? came_on : oldest;
    }
    return oldest;
}

/* The last number is the place in the channel's own list: no tie is left. */
static void judge(struct gather *work)
{
    const struct routing_step *step = work->request->step;
    work->rules = step->rule_count + 1;
    work->bars = arena_array(work->arena, int64_t, BAR_COUNT);
    work->oldest = is_by(step, BY_AGE) ? oldest_day(work) : 0;
    for (size_t i = 0; i < work->count; i++) {
        struct candidate *at = &work->at[i];
        at->bar = site_bar(&work->ask, at->site);
        work->bars[at->bar]++;
        if (at->bar)
            continue;
        for (size_t j = 0; j < step->rule_count; j++)
            at->cost[j] = value_of(work, &step->rules[j], at);
        at->cost[step->rule_count] = (int64_t)at->rank;
    }
}

/* ---- the plan ---- */

static bool may_open(const struct gather *work, const struct candidate *at)
{
    int64_t max = work->request->step->max_packages;
    return at->is_chosen || max == 0 || work->packages < max;
}

/* Units of what is whole nowhere: where the order ships from already, then in
 * the order of the rules. */
static void split_lines(struct gather *work)
{
    struct candidate **order = gather_order(work);
    bool is_few = is_by(work->request->step, BY_SPLITS);
    for (size_t i = 0; i < work->request->line_count; i++)
        for (int round = is_few ? 0 : 1; round < 2; round++)
            for (size_t j = 0; j < work->count && work->open[i] > 0; j++) {
                struct candidate *at = order[j];
                if (at->bar || work->lines[i].count == 0 ||
                    (round == 0 && !at->is_chosen) || !may_open(work, at))
                    continue;
                int64_t room = gather_room(work, i, at);
                if (room > 0)
                    gather_take(work, i, at,
                                room < work->open[i] ? room : work->open[i]);
            }
}

static enum routing_outcome outcome_of(const struct gather *work,
                                       const struct candidate *at)
{
    if (at->is_chosen)
        return ROUTING_CHOSEN;
    if (at->bar == BAR_REQUEST)
        return ROUTING_EXCLUDED;
    if (at->bar)
        return ROUTING_FILTERED;
    for (size_t i = 0; i < work->sku_count; i++)
        if (at->had[i] < work->skus[i].qty)
            return ROUTING_SHORT;
    return ROUTING_RANKED_LOWER;
}

static void name_candidates(const struct gather *work, struct routing_plan *ret)
{
    struct candidate **order = gather_order(work);
    for (int round = 0; round < 3; round++)
        for (size_t i = 0; i < work->count; i++) {
            const struct candidate *at = order[i];
            int turn = at->is_chosen ? 0 : at->bar ? 2 : 1;
            if (turn != round || ret->candidate_count == ROUTING_CANDIDATES)
                continue;
            ret->candidates[ret->candidate_count++] =
                (struct routing_candidate){.location = at->site->location,
                                           .rank = i + 1,
                                           .outcome = outcome_of(work, at),
                                           .available = at->had,
                                           .bar = at->bar,
                                           .by = at->bar ? NULL : at->cost};
        }
    ret->unnamed = work->count - ret->candidate_count;
}

static void note_step(struct gather *work, struct routing_plan *ret)
{
    struct routing_tried *tried = arena_new(work->arena, struct routing_tried);
    *tried = (struct routing_tried){.step = work->request->step,
                                    .bars = work->bars,
                                    .is_exact = work->is_exact,
                                    .runner_up = work->runner_up,
                                    .runner_up_count = work->runner_up_count};
    for (size_t i = 0; i < work->taken_count; i++)
        tried->units += work->taken[i].qty;
    ret->tried = tried;
    ret->tried_count = 1;
}

static void plan(struct arena *arena, const struct routing_request *request,
                 struct routing_plan *ret)
{
    const struct routing_step *step = request->step;
    struct gather work = {
        .arena = arena, .request = request, .book = request->strategy->book};
    ASSERT(step && work.book);
    site_ask_init(request, step, &work.ask);
    add_needs(&work);
    add_candidates(&work);
    judge(&work);
    gather_open(&work);
    if (work.tracked > 0)
        gather_whole(&work);
    if (step->policy == POLICY_UNITS)
        split_lines(&work);
    *ret = (struct routing_plan){.rule = ROUTING_WHOLE_LINES,
                                 .at = work.taken,
                                 .count = work.taken_count,
                                 .backordered = work.open,
                                 .skus = work.skus,
                                 .sku_count = work.sku_count,
                                 .router = &router_rules};
    for (size_t i = 0; i < request->line_count; i++) {
        if (work.lines[i].count == 0)
            work.open[i] = 0; /* routing_decide places these. */
        ret->backordered_units += work.open[i];
    }
    name_candidates(&work, ret);
    note_step(&work, ret);
}

const struct router router_rules = {"rules", plan};

const struct router *routing_router_find(str name)
{
    return str_equal_cstr(name, router_rules.name) ? &router_rules : NULL;
}
