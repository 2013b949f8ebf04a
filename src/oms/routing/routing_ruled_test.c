/* routing_ruled_test.c - the rules against a brute force (C19). */
#include "base/arena.h"
#include "base/map.h"
#include "base/testing.h"
#include "oms/inventory/inventory_age.h"
#include "oms/inventory/inventory_stock.h"
#include "oms/routing/routing_book.h"
#include "oms/routing/routing_router.h"

enum {
    CASES = 10000,
    SITES = 5,
    LINES = 4,
    RULES = 6,
    FAR = 1000 * 1000,
    NOBODY = SITES
};

static const int64_t TODAY = 20;
static uint64_t seed;

static int64_t pick(int64_t below)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (int64_t)(seed >> 33) % below;
}

/* One small world: what the rules say of each site, and its stock. */
struct world {
    struct arena *arena;
    size_t sites, lines, skus;
    int64_t stock[SITES][LINES]; /* Per site and SKU. */
    struct stock_age age[SITES][LINES];
    bool has_age[SITES][LINES];
    struct routing_line line[LINES];
    struct routing_site site[SITES];
    int32_t ranks[SITES];
    int64_t says[SITES][RULES]; /* In the order of the step's rules. */
    struct routing_step step;
    struct routing_book book;
    struct routing_destination to;
};

static void make_sites(struct world *world)
{
    static const str markets[] = {STR_INIT("DE"), STR_INIT("FR")};
    static const struct zone_clock utc;
    for (size_t i = 0; i < world->sites; i++) {
        world->site[i] = (struct routing_site){
            .location = {(int64_t)i + 1},
            .market = markets[pick(2)],
            .is_active = true,
            .is_shipping = true,
            .has_point = true,
            .point = earth_point_of(50000000, (8 + pick(3)) * 1000000),
            .clock = &utc};
        world->ranks[i] = (int32_t)pick(3);
    }
    world->book =
        (struct routing_book){.sites = world->site, .site_count = world->sites};
    world->to = (struct routing_destination){.country = STR("DE"),
                                             .has_point = true,
                                             .lat_e6 = 50000000,
                                             .lon_e6 = 8000000};
}

static void make_lines(struct world *world)
{
    for (size_t i = 0; i < world->lines; i++) {
        int64_t sku = pick(4) == 0 ? pick((int64_t)i + 1) : (int64_t)i;
        world->line[i] = (struct routing_line){
            .sku = {sku + 1}, .qty = 1 + pick(2), .is_tracked = true};
    }
    for (size_t i = 0; i < world->sites; i++)
        for (size_t j = 0; j < LINES; j++)
            world->stock[i][j] = pick(5) - 1 > 0 ? pick(5) : 0;
    for (size_t i = 0; i < world->sites; i++)
        for (size_t j = 0; j < LINES; j++) {
            world->has_age[i][j] = pick(4) > 0;
            world->age[i][j] = (struct stock_age){
                .came_on = 10 + pick(3),
                .expires_on = pick(3) > 0 ? 50 + pick(3) : FAR * 4};
        }
}

/* The first expiry and arrival at a site among SKUs of the order. */
static void first_days(const struct world *world, size_t site, int64_t *expiry,
                       int64_t *came)
{
    *expiry = *came = FAR;
    for (size_t i = 0; i < world->lines; i++) {
        size_t sku = (size_t)world->line[i].sku.v - 1;
        const struct stock_age *age = &world->age[site][sku];
        if (world->stock[site][sku] == 0 || !world->has_age[site][sku])
            continue;
        *expiry = age->expires_on < *expiry ? age->expires_on : *expiry;
        *came = age->came_on < *came ? age->came_on : *came;
    }
}

static int64_t says_age(const struct world *world, size_t site, bool is_expiry)
{
    int64_t expiry, came, mine, oldest = FAR;
    for (size_t i = 0; i < world->sites; i++) {
        first_days(world, i, &expiry, &came);
        oldest = came < oldest ? came : oldest;
    }
    first_days(world, site, &expiry, &mine);
    return is_expiry ? expiry - TODAY : mine - oldest;
}

/* Shopify's four rules and those of age, in a random order. */
static void make_rules(struct world *world)
{
    enum routing_by by[RULES] = {BY_SPLITS,   BY_MARKET, BY_RANK,
                                 BY_DISTANCE, BY_EXPIRY, BY_AGE};
    for (size_t i = RULES; i > 1; i--) {
        size_t j = (size_t)pick((int64_t)i);
        enum routing_by other = by[j];
        by[j] = by[i - 1];
        by[i - 1] = other;
    }
    world->step =
        (struct routing_step){.name = STR("one"),
                              .bars = arena_array(world->arena, uint8_t, SITES),
                              .max_m = -1,
                              .max_days = -1,
                              .rule_count = RULES,
                              .policy = POLICY_WHOLE_LINES};
    struct earth_point to = earth_point_of(world->to.lat_e6, world->to.lon_e6);
    for (size_t j = 0; j < RULES; j++) {
        world->step.rules[j] = (struct routing_by_rule){by[j], world->ranks};
        for (size_t i = 0; i < world->sites; i++) {
            const struct routing_site *site = &world->site[i];
            int64_t says[] = {[BY_SPLITS] = 1,
                              [BY_MARKET] = !str_equal(site->market, STR("DE")),
                              [BY_RANK] = world->ranks[i],
                              [BY_DISTANCE] = earth_distance_m(site->point, to),
                              [BY_EXPIRY] = says_age(world, i, true),
                              [BY_AGE] = says_age(world, i, false)};
            world->says[i][j] = says[by[j]];
        }
    }
}

static struct stock make_stock(struct world *world)
{
    struct stock_shelf **shelves =
        arena_array(world->arena, struct stock_shelf *, LINES);
    for (size_t j = 0; j < LINES; j++) {
        struct stock_level *levels =
            arena_array(world->arena, struct stock_level, SITES);
        for (size_t i = 0; i < world->sites; i++)
            levels[i] = (struct stock_level){.sku = {(int64_t)j + 1},
                                             .location = {(int64_t)i + 1},
                                             .on_hand = world->stock[i][j]};
        shelves[j] = arena_new(world->arena, struct stock_shelf);
        *shelves[j] = (struct stock_shelf){
            .sku = {(int64_t)j + 1}, .levels = levels, .count = world->sites};
    }
    struct map *ages = map_open(world->arena, SITES * LINES);
    for (size_t i = 0; i < world->sites; i++)
        for (size_t j = 0; j < LINES; j++)
            if (world->has_age[i][j])
                map_set(
                    ages,
                    (struct map_key){.a = (int64_t)j + 1, .b = (int64_t)i + 1},
                    &world->age[i][j]);
    return (struct stock){.arena = world->arena,
                          .shelves = shelves,
                          .count = LINES,
                          .ages = ages};
}

/* ---- all assignments of lines to sites or to nobody ---- */

struct outcome {
    size_t placed;
    int64_t cost[RULES];
};

static bool judge(const struct world *world, const size_t *at,
                  struct outcome *ret)
{
    int64_t left[SITES][LINES];
    bool is_used[SITES] = {false};
    memcpy(left, world->stock, sizeof left);
    *ret = (struct outcome){.placed = 0};
    for (size_t i = 0; i < world->lines; i++) {
        if (at[i] == NOBODY)
            continue;
        int64_t *sku = &left[at[i]][world->line[i].sku.v - 1];
        *sku -= world->line[i].qty;
        if (*sku < 0)
            return false;
        ret->placed++;
        is_used[at[i]] = true;
    }
    for (size_t i = 0; i < world->sites; i++)
        for (size_t j = 0; j < RULES && is_used[i]; j++)
            ret->cost[j] += world->says[i][j];
    return true;
}

static bool is_better(const struct outcome *a, const struct outcome *b)
{
    if (a->placed != b->placed)
        return a->placed > b->placed;
    for (size_t i = 0; i < RULES; i++)
        if (a->cost[i] != b->cost[i])
            return a->cost[i] < b->cost[i];
    return false;
}

static struct outcome brute_force(const struct world *world)
{
    struct outcome best = {.placed = 0};
    size_t all = 1;
    for (size_t i = 0; i < world->lines; i++)
        all *= world->sites + 1;
    for (size_t n = 0; n < all; n++) {
        struct outcome outcome;
        size_t at[LINES], rest = n;
        for (size_t i = 0; i < world->lines; i++) {
            at[i] = rest % (world->sites + 1);
            at[i] = at[i] == world->sites ? NOBODY : at[i];
            rest /= world->sites + 1;
        }
        if (judge(world, at, &outcome) && is_better(&outcome, &best))
            best = outcome;
    }
    return best;
}

static struct outcome routed(struct world *world)
{
    struct stock stock = make_stock(world);
    location_id locations[SITES];
    struct routing_rank by_id[SITES];
    for (size_t i = 0; i < world->sites; i++) {
        locations[i] = world->site[i].location;
        by_id[i] = (struct routing_rank){locations[i], i};
    }
    struct routing_strategy strategy = {.locations = locations,
                                        .count = world->sites,
                                        .by_id = by_id,
                                        .book = &world->book};
    struct routing_request request = {.strategy = &strategy,
                                      .lines = world->line,
                                      .line_count = world->lines,
                                      .stock = &stock,
                                      .destination = &world->to,
                                      .now = TODAY * 86400000,
                                      .step = &world->step};
    struct routing_plan plan;
    struct outcome outcome;
    size_t at[LINES];
    router_rules.plan(world->arena, &request, &plan);
    for (size_t i = 0; i < LINES; i++)
        at[i] = NOBODY;
    for (size_t i = 0; i < plan.count; i++) {
        assert_int_equal(plan.at[i].qty, world->line[plan.at[i].line].qty);
        at[plan.at[i].line] = (size_t)plan.at[i].location.v - 1;
    }
    assert_true(judge(world, at, &outcome));
    assert_true(plan.tried[0].is_exact);
    return outcome;
}

static void C19_rules_in_every_order_equal_a_brute_force(void **state)
{
    (void)state;
    struct arena *arena = arena_open();
    for (uint64_t n = 1; n <= CASES; n++) {
        seed = n;
        struct world *world = arena_new(arena, struct world);
        *world = (struct world){.arena = arena,
                                .sites = (size_t)pick(SITES) + 1,
                                .lines = (size_t)pick(LINES) + 1};
        make_sites(world);
        make_lines(world);
        make_rules(world);
        struct outcome best = brute_force(world), got = routed(world);
        if (is_better(&best, &got) || is_better(&got, &best))
            print_error("case %llu\n", (unsigned long long)n);
        assert_false(is_better(&best, &got));
        assert_false(is_better(&got, &best));
        arena_reset(arena);
    }
    arena_close(arena);
}

static void distances_are_those_of_the_haversine(void **state)
{
    (void)state;
    struct earth_point berlin = earth_point_of(52520000, 13405000);
    struct earth_point paris = earth_point_of(48856600, 2352200);
    struct earth_point sydney = earth_point_of(-33868800, 151209300);
    int64_t near = earth_distance_m(berlin, paris);
    int64_t far = earth_distance_m(paris, sydney);
    assert_in_range(near, 877000, 878500);
    assert_in_range(far, 16955000, 16970000);
    assert_int_equal(earth_distance_m(berlin, berlin), 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(C19_rules_in_every_order_equal_a_brute_force),
        cmocka_unit_test(distances_are_those_of_the_haversine),
    };
    return RUN_TESTS(tests, argc, argv);
}
