/* routing_cover.c - which places together ship all lines best. Exact, pure.
 *
 * best[S] is the cheapest way found to ship the lines of S whole. Places are
 * tried one after another, so each is used once: from every S, walked from the
 * greatest down, to S and what the place holds together. Of places that hold
 * the same set only the cheapest can be in a best plan.
 */
#include "base/arena.h"
#include "oms/routing/routing_router.h"

struct node {
    struct cover_pick pick;
    const struct node *before;
};
struct way {
    bool is_known;
    const struct node *last;
    int64_t cost[COVER_RULES];
};
struct search {
    struct arena *arena;
    const struct cover_place *places;
    struct way *best;
    size_t rules, states;
};

static int compare(const int64_t *a, const int64_t *b, size_t rules)
{
    for (size_t i = 0; i < rules; i++)
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
    return 0;
}

static void reach(struct search *search, uint32_t from, size_t place,
                  uint32_t set)
{
    const struct way *way = &search->best[from];
    struct way *to = &search->best[from | set];
    int64_t cost[COVER_RULES] = {0};
    if (to == way)
        return;
    for (size_t i = 0; i < search->rules; i++)
        cost[i] = way->cost[i] + search->places[place].cost[i];
    if (to->is_known && compare(to->cost, cost, search->rules) <= 0)
        return;
    struct node *node = arena_new(search->arena, struct node);
    *node = (struct node){
        {place, set & ~from},
        way->last
    };
    to->is_known = true;
    to->last = node;
    memcpy(to->cost, cost, sizeof cost);
}

static void try_place(struct search *search, size_t place)
{
    const struct cover_place *at = &search->places[place];
    for (size_t from = search->states; from-- > 0;) {
        if (!search->best[from].is_known)
            continue;
        for (size_t i = 0; i < at->set_count; i++)
            reach(search, (uint32_t)from, place, at->sets[i]);
    }
}

/* The cheapest place of each set, where a place holds one set only. */
static size_t *best_of_sets(struct arena *arena,
                            const struct cover_place *places, size_t count,
                            size_t rules, size_t states, size_t without)
{
    size_t *best = arena_array(arena, size_t, states); /* Index + 1. */
    for (size_t i = 0; i < count; i++) {
        if (places[i].set_count != 1 || i == without)
            continue;
        size_t *slot = &best[places[i].sets[0]];
        if (*slot == 0 ||
            compare(places[i].cost, places[*slot - 1].cost, rules) < 0)
            *slot = i + 1;
    }
    return best;
}

static int bits(uint32_t set)
{
    return __builtin_popcount(set);
}

static void tell(const struct search *search, uint32_t lines, struct cover *ret)
{
    const struct way *way = &search->best[lines];
    *ret = (struct cover){.lines = lines};
    memcpy(ret->cost, way->cost, sizeof ret->cost);
    for (const struct node *at = way->last; at; at = at->before) {
        ASSERT(ret->count < COVER_LINES);
        ret->picks[ret->count++] = at->pick;
    }
}

void cover_find(struct arena *arena, const struct cover_place *places,
                size_t count, const struct cover_ask *ask, struct cover *ret)
{
    ASSERT(ask->lines <= COVER_LINES && ask->rules <= COVER_RULES);
    struct arena_mark mark = arena_mark(arena);
    struct search search = {.arena = arena,
                            .places = places,
                            .rules = ask->rules,
                            .states = (size_t)1 << ask->lines};
    search.best = arena_array(arena, struct way, search.states);
    search.best[0].is_known = true;
    const size_t *first = best_of_sets(arena, places, count, ask->rules,
                                       search.states, ask->without);
    for (size_t i = 0; i < count; i++)
        if (i != ask->without &&
            (places[i].set_count > 1 ||
             (places[i].set_count == 1 && first[places[i].sets[0]] == i + 1)))
            try_place(&search, i);
    uint32_t best = 0;
    for (uint32_t set = 1; set < search.states; set++) {
        if (!search.best[set].is_known || bits(set) < bits(best))
            continue;
        if (bits(set) > bits(best) ||
            compare(search.best[set].cost, search.best[best].cost, ask->rules) <
                0)
            best = set;
    }
    tell(&search, best, ret);
    arena_reset_to(arena, mark);
}
