/* routing_ranked.c - the router that follows ranked locations. Pure.
 *
 * A spot is one SKU at one ranked location. Every quantity is taken from the
 * spots, so that two lines of one SKU never count the same units twice (I6).
 * A kit is taken from the spots of all its components at one location; how
 * many there are is the least any of them allows (I8).
 *
 * Where one location holds everything, nothing else is looked at but the
 * candidates that the decision names: a thousand locations cost no more than
 * ten.
 */
#include "base/arena.h"
#include "base/map.h"
#include "oms/inventory/inventory.h"
#include "oms/routing/routing_router.h"

static const size_t NOWHERE = SIZE_MAX;
static const size_t KIT = SIZE_MAX - 1;

struct spot {
    size_t rank; /* From 0. */
    struct stock_level *level;
    int64_t had, left;
};

/* What is known of one ranked location. */
struct place {
    size_t covers; /* SKUs of which it holds all that is needed. */
    bool is_stocked, is_chosen, is_excluded;
    enum routing_bar bar; /* Why nothing may be taken there. */
    struct routing_candidate *candidate;
};

struct work {
    struct arena *arena;
    const struct routing_request *request;
    struct routing_line *skus;
    struct spot **spots; /* Per SKU, in order of rank. */
    size_t *spot_counts;
    size_t sku_count, spot_total;
    size_t *sku_of;  /* Per line; NOWHERE: untracked, KIT: see kit_of. */
    size_t **kit_of; /* Per line of a kit: the SKU of each component. */
    size_t kit_room; /* Allocations that kits may take. */
    /* Of all ranks, or of those that are looked at. */
    struct place *places;
    size_t place_count;
    size_t whole; /* The place that holds everything; NOWHERE: there is none. */
    struct routing_allocation *taken;
    size_t taken_count;
    int64_t *backordered;
    int64_t backordered_units;
    bool is_split; /* Some line by unit. */
};

static size_t add_need(struct work *work, struct map *known, sku_id id,
                       int64_t qty)
{
    struct map_key key = {.a = id.v};
    struct routing_line *sku = map_find(known, key);
    if (!sku) {
        sku = &work->skus[work->sku_count++];
        *sku = (struct routing_line){.sku = id, .is_tracked = true};
        map_set(known, key, sku);
    }
    sku->qty += qty;
    return (size_t)(sku - work->skus);
}

static void add_kit_needs(struct work *work, struct map *known, size_t i)
{
    const struct routing_line *line = &work->request->lines[i];
    if (!work->kit_of)
        work->kit_of =
            arena_array(work->arena, size_t *, work->request->line_count);
    work->kit_of[i] = arena_array(work->arena, size_t, line->part_count);
    for (size_t j = 0; j < line->part_count; j++)
        work->kit_of[i][j] = add_need(work, known, line->parts[j].sku,
                                      line->qty * line->parts[j].qty);
    work->sku_of[i] = KIT;
}

/* Sums what the lines need per SKU. */
static void add_needs(struct work *work)
{
    const struct routing_request *request = work->request;
    size_t count = request->line_count, skus = count;
    for (size_t i = 0; i < count; i++)
        skus += request->lines[i].part_count;
    work->skus = arena_array(work->arena, struct routing_line, skus);
    work->sku_of = arena_array(work->arena, size_t, count);
    struct map *known = map_open(work->arena, skus);
    for (size_t i = 0; i < count; i++) {
        const struct routing_line *line = &request->lines[i];
        work->sku_of[i] = NOWHERE;
        if (line->part_count > 0)
            add_kit_needs(work, known, i);
        else if (line->is_tracked)
            work->sku_of[i] = add_need(work, known, line->sku, line->qty);
    }
}

static int compare_spots(const void *a, const void *b)
{
    const struct spot *x = a, *y = b;
    return (x->rank > y->rank) - (x->rank < y->rank);
}

static bool is_out(const struct place *place)
{
    return place->is_excluded || place->bar;
}

static void add_spot(struct work *work, size_t sku, size_t rank,
                     struct stock_level *level)
{
    struct place *place = &work->places[rank];
    if (is_out(place))
        return;
    int64_t had = level_left(work->request, work->request->claims, level);
    work->spots[sku][work->spot_counts[sku]++] =
        (struct spot){rank, level, had, had};
    place->covers += had >= work->skus[sku].qty;
    place->is_stocked |= had > 0;
}

/* The levels of one SKU that stand at ranked locations. */
static void add_spots(struct work *work, size_t sku)
{
    const struct routing_request *request = work->request;
    struct stock_level *levels;
    size_t count = stock_levels(request->stock, work->skus[sku].sku, &levels);
    work->spots[sku] = arena_array(work->arena, struct spot, count);
    for (size_t i = 0; i < count; i++) {
        size_t rank = routing_rank_find(request->strategy, levels[i].location);
        if (rank != NOWHERE)
            add_spot(work, sku, rank, &levels[i]);
    }
    if (work->spot_counts[sku] > 1)
        qsort(work->spots[sku], work->spot_counts[sku], sizeof(struct spot),
              compare_spots);
}

/* The levels of a SKU, walked in the order of the ranking. */
struct walk {
    struct stock_level *levels;
    size_t count, at;
};

static struct walk walk_of(const struct work *work, size_t sku)
{
    struct walk walk = {.at = 0};
    walk.count =
        stock_levels(work->request->stock, work->skus[sku].sku, &walk.levels);
    return walk;
}

static struct stock_level *level_at(const struct work *work, struct walk *walk,
                                    size_t rank)
{
    return stock_level_next(walk->levels, walk->count,
                            work->request->strategy->locations[rank],
                            &walk->at);
}

static size_t named_count(const struct work *work)
{
    size_t count = work->request->strategy->count;
    return count < ROUTING_CANDIDATES ? count : ROUTING_CANDIDATES;
}

/* The spots at the place that holds everything and at those that the decision
 * names beside it, which are the first ones. */
static void add_named_spots(struct work *work, size_t sku)
{
    size_t named = named_count(work);
    struct walk walk = walk_of(work, sku);
    work->spots[sku] = arena_array(work->arena, struct spot, named + 1);
    for (size_t i = 0; i < named; i++) {
        struct stock_level *level = level_at(work, &walk, i);
        if (level)
            add_spot(work, sku, i, level);
    }
    if (work->whole >= named)
        add_spot(work, sku, work->whole, level_at(work, &walk, work->whole));
}

/* The first location that holds all of every SKU. */
static size_t whole_find(const struct work *work)
{
    const struct routing_request *request = work->request;
    struct walk *walks = arena_array(work->arena, struct walk, work->sku_count);
    for (size_t i = 0; i < work->sku_count; i++)
        walks[i] = walk_of(work, i);
    for (size_t i = 0; i < request->strategy->count && work->sku_count > 0;
         i++) {
        size_t sku = 0;
        bool is_in = !work->places || !is_out(&work->places[i]);
        for (; sku < work->sku_count && is_in; sku++) {
            const struct stock_level *level = level_at(work, &walks[sku], i);
            if (!level || level_left(request, request->claims, level) <
                              work->skus[sku].qty)
                break;
        }
        if (sku == work->sku_count)
            return i;
    }
    return NOWHERE;
}

/* A site whose capacity does not take the whole order takes none of it, nor
 * one at which its buyer cannot collect it. */
static void note_bars(struct work *work)
{
    const struct routing_request *request = work->request;
    const struct routing_strategy *strategy = request->strategy;
    int64_t units = 0;
    for (size_t i = 0; i < request->line_count; i++)
        units += request->lines[i].qty;
    for (size_t i = 0; i < strategy->count; i++) {
        location_id location = strategy->locations[i];
        if (!routing_is_served(request, location))
            work->places[i].bar = BAR_METHOD;
        else if (routing_is_full(request, location, units))
            work->places[i].bar = BAR_CAPACITY;
    }
}

static void open_places(struct work *work, size_t count)
{
    work->places = arena_array(work->arena, struct place, count);
    work->place_count = count;
}

/* Where no place is barred, a place that holds everything says how many of them
 * are looked at: the rest of a long list takes no memory. */
static void find_whole(struct work *work)
{
    const struct routing_request *request = work->request;
    size_t count = request->strategy->count, named = named_count(work);
    bool may_bar = request->loads || request->method == ROUTING_PICKUP;
    if (may_bar || request->excluded_count > 0)
        open_places(work, count);
    if (may_bar)
        note_bars(work);
    for (size_t i = 0; i < request->excluded_count; i++) {
        size_t rank =
            routing_rank_find(request->strategy, request->excluded[i]);
        if (rank != NOWHERE)
            work->places[rank].is_excluded = true;
    }
    work->whole = whole_find(work);
    if (work->whole != NOWHERE)
        count = work->whole < named ? named : work->whole + 1;
    if (!work->places)
        open_places(work, count);
}

static void add_stock(struct work *work)
{
    work->spots = arena_array(work->arena, struct spot *, work->sku_count);
    work->spot_counts = arena_array(work->arena, size_t, work->sku_count);
    find_whole(work);
    for (size_t i = 0; i < work->sku_count; i++) {
        if (work->whole == NOWHERE)
            add_spots(work, i);
        else
            add_named_spots(work, i);
        work->spot_total += work->spot_counts[i];
    }
    for (size_t i = 0; i < work->request->line_count && work->kit_of; i++)
        if (work->kit_of[i])
            work->kit_room += work->spot_counts[work->kit_of[i][0]] + 1;
}

static void take(struct work *work, size_t line, struct spot *spot, int64_t qty)
{
    ASSERT(qty > 0 && qty <= spot->left);
    spot->left -= qty;
    work->places[spot->rank].is_chosen = true;
    work->taken[work->taken_count++] = (struct routing_allocation){
        line, spot->level->location, spot->level, qty, NULL};
}

/* The first spot of the line's SKU that holds `qty`, at `rank` if given. */
static struct spot *spot_find(const struct work *work, size_t line, size_t rank,
                              int64_t qty)
{
    size_t sku = work->sku_of[line];
    for (size_t i = 0; i < work->spot_counts[sku]; i++) {
        struct spot *spot = &work->spots[sku][i];
        if (spot->left >= qty && (rank == NOWHERE || spot->rank == rank))
            return spot;
    }
    return NULL;
}

/* ---- kits: several spots at one location stand for one ---- */

static struct spot *spot_at(const struct work *work, size_t sku, size_t rank)
{
    for (size_t i = 0; i < work->spot_counts[sku]; i++)
        if (work->spots[sku][i].rank == rank)
            return &work->spots[sku][i];
    return NULL;
}

/* How many kits of the line can still be made there; *ret gets their spots. */
static int64_t kits_at(const struct work *work, size_t line, size_t rank,
                       struct spot **ret)
{
    const struct routing_line *kit = &work->request->lines[line];
    int64_t least = INT64_MAX;
    for (size_t i = 0; i < kit->part_count; i++) {
        ret[i] = spot_at(work, work->kit_of[line][i], rank);
        if (!ret[i] || ret[i]->left < kit->parts[i].qty)
            return 0;
        int64_t kits = ret[i]->left / kit->parts[i].qty;
        least = kits < least ? kits : least;
    }
    return least;
}

static void kit_reserve(const struct work *work, size_t line,
                        struct spot *const *spots, int64_t kits)
{
    const struct routing_line *kit = &work->request->lines[line];
    for (size_t i = 0; i < kit->part_count; i++) {
        spots[i]->left -= kits * kit->parts[i].qty;
        ASSERT(kits < 0 || spots[i]->left >= 0);
    }
}

static void take_kits(struct work *work, size_t line, struct spot *const *spots,
                      int64_t kits)
{
    size_t parts = work->request->lines[line].part_count;
    struct stock_level **levels =
        arena_array(work->arena, struct stock_level *, parts);
    ASSERT(kits > 0);
    kit_reserve(work, line, spots, kits);
    for (size_t i = 0; i < parts; i++)
        levels[i] = spots[i]->level;
    work->places[spots[0]->rank].is_chosen = true;
    work->taken[work->taken_count++] = (struct routing_allocation){
        line, levels[0]->location, NULL, kits, levels};
}

/* The spots of the first location that makes the whole line, or NULL. */
static struct spot **kit_find(const struct work *work, size_t line, size_t rank)
{
    const struct routing_line *kit = &work->request->lines[line];
    size_t first = work->kit_of[line][0];
    struct spot **spots =
        arena_array(work->arena, struct spot *, kit->part_count);
    for (size_t i = 0; i < work->spot_counts[first]; i++) {
        size_t at = work->spots[first][i].rank;
        if ((rank == NOWHERE || rank == at) &&
            kits_at(work, line, at, spots) >= kit->qty)
            return spots;
    }
    return NULL;
}

/* Whole kits down the ranking; a part of a kit goes nowhere. */
static void take_kit_units(struct work *work, size_t line)
{
    const struct routing_line *kit = &work->request->lines[line];
    size_t first = work->kit_of[line][0];
    struct spot **spots =
        arena_array(work->arena, struct spot *, kit->part_count);
    int64_t open = kit->qty;
    for (size_t i = 0; i < work->spot_counts[first] && open > 0; i++) {
        int64_t kits = kits_at(work, line, work->spots[first][i].rank, spots);
        if (kits == 0)
            continue;
        kits = kits < open ? kits : open;
        take_kits(work, line, spots, kits);
        open -= kits;
        work->is_split |= open > 0;
    }
    work->backordered[line] = open;
    work->backordered_units += open;
}

static void take_units(struct work *work, size_t line)
{
    size_t sku = work->sku_of[line];
    int64_t open = work->request->lines[line].qty;
    for (size_t i = 0; i < work->spot_counts[sku] && open > 0; i++) {
        struct spot *spot = &work->spots[sku][i];
        int64_t qty = spot->left < open ? spot->left : open;
        if (qty <= 0)
            continue;
        take(work, line, spot, qty);
        open -= qty;
        work->is_split |= open > 0;
    }
    work->backordered[line] = open;
    work->backordered_units += open;
}

/* Untracked lines travel with the first tracked one; alone, they are the
 * first location's. They take no stock. */
static void take_untracked(struct work *work, size_t line)
{
    const struct routing_strategy *strategy = work->request->strategy;
    location_id home = {0};
    for (size_t i = 0; i < strategy->count && home.v == 0; i++)
        if (!work->places[i].is_excluded && !work->places[i].bar)
            home = strategy->locations[i];
    work->taken[work->taken_count++] = (struct routing_allocation){
        line, home, NULL, work->request->lines[line].qty, NULL};
}

static void move_untracked(struct work *work)
{
    location_id home = {0};
    for (size_t i = 0; i < work->taken_count && home.v == 0; i++)
        if (work->taken[i].level || work->taken[i].parts)
            home = work->taken[i].location;
    for (size_t i = 0; i < work->taken_count && home.v != 0; i++)
        if (!work->taken[i].level && !work->taken[i].parts)
            work->taken[i].location = home;
}

/* The spots of a line that is whole somewhere. */
struct whole {
    struct spot *spot;  /* Of a plain line; */
    struct spot **kits; /* of a kit. */
};

static struct whole reserve_whole(struct work *work, size_t line, size_t rank)
{
    struct whole whole = {NULL, NULL};
    int64_t qty = work->request->lines[line].qty;
    if (work->sku_of[line] == KIT) {
        whole.kits = kit_find(work, line, rank);
        if (whole.kits)
            kit_reserve(work, line, whole.kits, qty);
    } else if (work->sku_of[line] != NOWHERE) {
        whole.spot = spot_find(work, line, rank, qty);
        if (whole.spot)
            whole.spot->left -= qty;
    }
    return whole;
}

static void take_line(struct work *work, size_t line, struct whole whole)
{
    int64_t qty = work->request->lines[line].qty;
    if (work->sku_of[line] == NOWHERE) {
        take_untracked(work, line);
    } else if (whole.spot) {
        whole.spot->left += qty;
        take(work, line, whole.spot, qty);
    } else if (whole.kits) {
        kit_reserve(work, line, whole.kits, -qty);
        take_kits(work, line, whole.kits, qty);
    } else if (work->sku_of[line] == KIT) {
        take_kit_units(work, line);
    } else {
        take_units(work, line);
    }
}

/* Whole lines are placed first, so that no split line takes their units. */
static void take_all(struct work *work)
{
    size_t count = work->request->line_count;
    struct whole *wholes = arena_array(work->arena, struct whole, count);
    for (size_t i = 0; i < count; i++)
        wholes[i] = reserve_whole(work, i, work->whole);
    for (size_t i = 0; i < count; i++)
        take_line(work, i, wholes[i]);
    move_untracked(work);
}

static enum routing_rule rule_of(const struct work *work)
{
    if (work->sku_count == 0)
        return ROUTING_UNTRACKED;
    if (work->whole != NOWHERE)
        return ROUTING_WHOLE_ORDER;
    if (work->backordered_units > 0)
        return ROUTING_BACKORDER;
    return work->is_split ? ROUTING_UNITS : ROUTING_WHOLE_LINES;
}

static enum routing_outcome outcome_of(const struct work *work,
                                       const struct place *place)
{
    if (place->is_chosen)
        return ROUTING_CHOSEN;
    if (place->is_excluded)
        return ROUTING_EXCLUDED;
    if (place->bar)
        return ROUTING_FILTERED;
    if (!place->is_stocked)
        return ROUTING_EMPTY;
    size_t needed = work->whole == NOWHERE ? 1 : work->sku_count;
    return place->covers >= needed ? ROUTING_RANKED_LOWER : ROUTING_SHORT;
}

/* Names the chosen locations and the best others, ten at most, by rank. */
static void name_candidates(struct work *work, struct routing_plan *ret)
{
    const struct routing_strategy *strategy = work->request->strategy;
    size_t chosen = 0;
    for (size_t i = 0; i < work->place_count; i++)
        chosen += work->places[i].is_chosen;
    if (chosen > ROUTING_CANDIDATES)
        chosen = ROUTING_CANDIDATES;
    size_t others = ROUTING_CANDIDATES - chosen;
    for (size_t i = 0; i < work->place_count && chosen + others > 0; i++) {
        struct place *place = &work->places[i];
        size_t *room = place->is_chosen ? &chosen : &others;
        if (*room == 0)
            continue;
        *room -= 1;
        place->candidate = &ret->candidates[ret->candidate_count++];
        *place->candidate = (struct routing_candidate){
            .location = strategy->locations[i],
            .rank = i + 1,
            .outcome = outcome_of(work, place),
            .bar = place->bar,
            .available = arena_array(work->arena, int64_t, work->sku_count)};
    }
    ret->unnamed = strategy->count - ret->candidate_count;
}

/* Notes what each named candidate had before the plan took any. */
static void note_stock(const struct work *work)
{
    for (size_t i = 0; i < work->sku_count; i++)
        for (size_t j = 0; j < work->spot_counts[i]; j++) {
            const struct spot *spot = &work->spots[i][j];
            struct routing_candidate *to = work->places[spot->rank].candidate;
            if (to)
                to->available[i] = spot->had;
        }
}

static void plan(struct arena *arena, const struct routing_request *request,
                 struct routing_plan *ret)
{
    struct work work = {.arena = arena, .request = request};
    add_needs(&work);
    add_stock(&work);
    /* An allocation ends a line or empties a spot. */
    work.taken =
        arena_array(arena, struct routing_allocation,
                    request->line_count + work.spot_total + work.kit_room);
    work.backordered = arena_array(arena, int64_t, request->line_count);
    take_all(&work);
    *ret = (struct routing_plan){
        .rule = rule_of(&work),
        .at = work.taken,
        .count = work.taken_count,
        .backordered = work.backordered,
        .backordered_units = work.backordered_units,
        .skus = work.skus,
        .sku_count = work.sku_count,
        .router = &router_ranked,
    };
    ret->unnamed = request->strategy->count;
    if (work.sku_count > 0)
        name_candidates(&work, ret);
    note_stock(&work);
    ASSERT(work.whole == NOWHERE || ret->backordered_units == 0);
}

const struct router router_ranked = {"ranked", plan};
