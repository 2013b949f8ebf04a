/* routing_gather.c - whole lines to places, for router_rules. Pure. */
#include "oms/routing/routing_gather.h"

#include "base/arena.h"

enum { GREEDY_PLACES = 64 };

int64_t gather_room(const struct gather *work, size_t line,
                    const struct candidate *at)
{
    const struct need_list *needs = &work->lines[line];
    int64_t least = INT64_MAX;
    for (size_t i = 0; i < needs->count; i++) {
        int64_t room = at->left[needs->at[i].sku] / needs->at[i].qty;
        least = room < least ? room : least;
    }
    return least;
}

void gather_take(struct gather *work, size_t line, struct candidate *at,
                 int64_t qty)
{
    const struct need_list *needs = &work->lines[line];
    bool is_kit = work->request->lines[line].part_count > 0;
    struct stock_level **levels =
        arena_array(work->arena, struct stock_level *, needs->count);
    ASSERT(qty > 0 && qty <= work->open[line]);
    for (size_t i = 0; i < needs->count; i++) {
        const struct need *need = &needs->at[i];
        at->left[need->sku] -= qty * need->qty;
        ASSERT(at->left[need->sku] >= 0);
        levels[i] = at->levels[need->sku];
    }
    work->packages += !at->is_chosen;
    at->is_chosen = true;
    work->open[line] -= qty;
    work->taken[work->taken_count++] = (struct routing_allocation){
        line, at->site->location, is_kit ? NULL : levels[0], qty,
        is_kit ? levels : NULL};
}

void gather_open(struct gather *work)
{
    size_t count = work->request->line_count, spots = count;
    for (size_t i = 0; i < count; i++)
        if (work->lines[i].count > 0)
            spots += work->count;
    work->open = arena_array(work->arena, int64_t, count);
    work->taken = arena_array(work->arena, struct routing_allocation, spots);
    for (size_t i = 0; i < count; i++)
        work->open[i] = work->request->lines[i].qty;
}

/* ---- in the order of the rules ---- */

struct place_order {
    struct candidate *at;
    size_t rules;
};

static int by_cost(const void *a, const void *b)
{
    const struct place_order *x = a, *y = b;
    for (size_t i = 0; i < x->rules; i++)
        if (x->at->cost[i] != y->at->cost[i])
            return x->at->cost[i] < y->at->cost[i] ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

struct candidate **gather_order(const struct gather *work)
{
    struct place_order *order =
        arena_array(work->arena, struct place_order, work->count);
    struct candidate **ret =
        arena_array(work->arena, struct candidate *, work->count);
    for (size_t i = 0; i < work->count; i++)
        order[i] = (struct place_order){&work->at[i], work->rules};
    if (work->count > 1)
        qsort(order, work->count, sizeof *order, by_cost);
    for (size_t i = 0; i < work->count; i++)
        ret[i] = order[i].at;
    return ret;
}

/* ---- exactly: up to ten lines ---- */

/* Lines that take stock, as the bits of the search. */
struct bit_lines {
    size_t line[COVER_LINES];
    size_t count;
};

static bool holds(const struct gather *work, const struct candidate *at,
                  const struct bit_lines *lines, uint32_t set)
{
    struct arena_mark mark = arena_mark(work->arena);
    int64_t *need = arena_array(work->arena, int64_t, work->sku_count);
    bool is_held = true;
    for (size_t i = 0; i < lines->count; i++) {
        const struct need_list *needs = &work->lines[lines->line[i]];
        for (size_t j = 0; j < needs->count && (set & 1u << i); j++)
            need[needs->at[j].sku] +=
                work->open[lines->line[i]] * needs->at[j].qty;
    }
    for (size_t i = 0; i < work->sku_count; i++)
        is_held &= need[i] <= at->left[i];
    arena_reset_to(work->arena, mark);
    return is_held;
}

static uint32_t singles(const struct gather *work, const struct candidate *at,
                        const struct bit_lines *lines)
{
    uint32_t set = 0;
    for (size_t i = 0; i < lines->count; i++)
        if (gather_room(work, lines->line[i], at) >= work->open[lines->line[i]])
            set |= 1u << i;
    return set;
}

/* The greatest sets of lines it holds together: one, unless two lines want
 * units of one SKU and there are too few for both. */
static void add_sets(const struct gather *work, const struct candidate *at,
                     const struct bit_lines *lines, struct cover_place *ret)
{
    uint32_t each = singles(work, at, lines);
    bool is_plain = !work->is_shared || holds(work, at, lines, each);
    uint32_t *sets = arena_array(work->arena, uint32_t,
                                 is_plain ? 1 : (size_t)1 << lines->count);
    size_t n = 0;
    for (uint32_t set = each; set > 0; set = (set - 1) & each) {
        bool is_part = false;
        for (size_t i = 0; i < n && !is_part; i++)
            is_part = (set & ~sets[i]) == 0;
        if (!is_part && (is_plain || holds(work, at, lines, set)))
            sets[n++] = set;
        if (is_plain)
            break;
    }
    ret->sets = sets;
    ret->set_count = n;
}

struct exact {
    struct cover_place *places;
    struct candidate **of; /* Per place. */
    size_t count;
    struct bit_lines lines;
};

static void open_exact(const struct gather *work, struct exact *ret)
{
    *ret = (struct exact){
        .places = arena_array(work->arena, struct cover_place, work->count),
        .of = arena_array(work->arena, struct candidate *, work->count)};
    for (size_t i = 0; i < work->request->line_count; i++)
        if (work->lines[i].count > 0)
            ret->lines.line[ret->lines.count++] = i;
    for (size_t i = 0; i < work->count; i++) {
        struct cover_place *place = &ret->places[ret->count];
        if (work->at[i].bar)
            continue;
        add_sets(work, &work->at[i], &ret->lines, place);
        if (place->set_count == 0)
            continue;
        memcpy(place->cost, work->at[i].cost, sizeof place->cost);
        ret->of[ret->count++] = &work->at[i];
    }
}

/* The fewest packages before all else. */
static void put_splits_first(struct exact *exact)
{
    for (size_t i = 0; i < exact->count; i++) {
        struct cover_place *place = &exact->places[i];
        memmove(place->cost + 1, place->cost,
                (COVER_RULES - 1) * sizeof *place->cost);
        place->cost[0] = 1;
    }
}

static void keep_whole(struct exact *exact)
{
    uint32_t all = (1u << exact->lines.count) - 1;
    size_t n = 0;
    for (size_t i = 0; i < exact->count; i++)
        if (exact->places[i].sets[0] == all) {
            exact->places[n] = exact->places[i];
            exact->of[n++] = exact->of[i];
        }
    exact->count = n;
}

/* The best plan without one of the chosen places. */
static void find_runner_up(struct gather *work, const struct exact *exact,
                           struct cover_ask ask, const struct cover *best)
{
    struct cover second = {0};
    bool found = false;
    for (size_t i = 0; i < best->count; i++) {
        struct cover cover;
        ask.without = best->picks[i].place;
        cover_find(work->arena, exact->places, exact->count, &ask, &cover);
        if (cover.lines != best->lines)
            continue;
        int order = 0;
        for (size_t j = 0; found && j < ask.rules && order == 0; j++)
            order = (cover.cost[j] > second.cost[j]) -
                    (cover.cost[j] < second.cost[j]);
        if (!found || order < 0)
            second = cover;
        found = true;
    }
    work->runner_up = arena_array(work->arena, location_id, second.count);
    for (size_t i = 0; i < second.count; i++)
        work->runner_up[i] = exact->of[second.picks[i].place]->site->location;
    work->runner_up_count = second.count;
}

/* Of two chosen places that hold a line, the better one by the rules. */
static void even_out(struct gather *work, const struct exact *exact,
                     struct cover *cover)
{
    if (work->is_shared)
        return;
    for (size_t i = 0; i < cover->count; i++)
        for (size_t j = 0; j < cover->count; j++) {
            struct place_order a = {exact->of[cover->picks[i].place],
                                    work->rules};
            struct place_order b = {exact->of[cover->picks[j].place],
                                    work->rules};
            uint32_t both = cover->picks[j].lines &
                            exact->places[cover->picks[i].place].sets[0];
            /* Each keeps a line, or it would not have been chosen. */
            if (i == j || by_cost(&a, &b) > 0 || both == cover->picks[j].lines)
                continue;
            cover->picks[i].lines |= both;
            cover->picks[j].lines &= ~both;
        }
}

static void take_cover(struct gather *work, const struct exact *exact,
                       const struct cover *cover)
{
    for (size_t i = 0; i < cover->count; i++)
        for (size_t j = 0; j < exact->lines.count; j++) {
            size_t line = exact->lines.line[j];
            if (cover->picks[i].lines & 1u << j)
                gather_take(work, line, exact->of[cover->picks[i].place],
                            work->open[line]);
        }
}

static void whole_exact(struct gather *work)
{
    const struct routing_step *step = work->request->step;
    struct exact exact;
    struct cover cover;
    struct cover_ask ask = {.rules = work->rules, .without = SIZE_MAX};
    open_exact(work, &exact);
    ask.lines = exact.lines.count;
    if (step->policy == POLICY_WHOLE_ORDER)
        keep_whole(&exact);
    cover_find(work->arena, exact.places, exact.count, &ask, &cover);
    if (step->max_packages > 0 && (int64_t)cover.count > step->max_packages) {
        put_splits_first(&exact);
        if (ask.rules < COVER_RULES)
            ask.rules++;
        cover_find(work->arena, exact.places, exact.count, &ask, &cover);
        if ((int64_t)cover.count > step->max_packages)
            return;
    }
    find_runner_up(work, &exact, ask, &cover);
    even_out(work, &exact, &cover);
    take_cover(work, &exact, &cover);
    work->is_exact = true;
}

/* ---- greedily: many lines ---- */

/* Units of lines it could ship whole now, one line after another. */
static size_t could_ship(const struct gather *work, const struct candidate *at)
{
    struct candidate probe = *at;
    size_t n = 0;
    probe.left = arena_array(work->arena, int64_t, work->sku_count);
    memcpy(probe.left, at->left, work->sku_count * sizeof *probe.left);
    for (size_t i = 0; i < work->request->line_count; i++) {
        const struct need_list *needs = &work->lines[i];
        if (needs->count == 0 || work->open[i] == 0 ||
            gather_room(work, i, &probe) < work->open[i])
            continue;
        n++;
        for (size_t j = 0; j < needs->count; j++)
            probe.left[needs->at[j].sku] -= work->open[i] * needs->at[j].qty;
    }
    return n;
}

static void take_greedily(struct gather *work, struct candidate *at)
{
    for (size_t i = 0; i < work->request->line_count; i++)
        if (work->lines[i].count > 0 && work->open[i] > 0 &&
            gather_room(work, i, at) >= work->open[i])
            gather_take(work, i, at, work->open[i]);
}

static struct candidate *best_place(const struct gather *work,
                                    struct candidate *const *order,
                                    size_t *ret_lines)
{
    bool is_few = work->request->step->rule_count == 0 ||
                  work->request->step->rules[0].by == BY_SPLITS;
    struct candidate *best = NULL;
    size_t tried = 0;
    *ret_lines = 0;
    for (size_t i = 0; i < work->count && tried < GREEDY_PLACES; i++) {
        if (order[i]->bar || order[i]->is_chosen)
            continue;
        struct arena_mark mark = arena_mark(work->arena);
        size_t n = could_ship(work, order[i]);
        arena_reset_to(work->arena, mark);
        tried += n > 0;
        if (n <= *ret_lines)
            continue;
        best = order[i];
        *ret_lines = n;
        if (!is_few)
            break; /* The rules come before the number of lines. */
    }
    return best;
}

static void whole_greedy(struct gather *work)
{
    const struct routing_step *step = work->request->step;
    struct candidate **order = gather_order(work);
    for (;;) {
        size_t lines;
        struct candidate *at = best_place(work, order, &lines);
        if (!at ||
            (step->max_packages > 0 && work->packages == step->max_packages))
            return;
        if (step->policy == POLICY_WHOLE_ORDER && lines < work->tracked)
            return;
        take_greedily(work, at);
    }
}

void gather_whole(struct gather *work)
{
    if (work->tracked <= COVER_LINES)
        whole_exact(work);
    else
        whole_greedy(work);
}
