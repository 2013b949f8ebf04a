/* routing_router.h - the routers by name, and what they share. Private. */
#ifndef WHARF_OMS_ROUTING_ROUTER_H
#define WHARF_OMS_ROUTING_ROUTER_H

#include "oms/routing/routing_types.h"

/* NULL: none of that name. */
const struct router *routing_router_find(str name);
/* Follows the filters and rank rules of the request's step. */
extern const struct router router_rules;

const char *routing_after_name(enum routing_after after);

/* What may be sold of a level here, less what the same plan took before; may
 * be negative. claims NULL: it took nothing. */
int64_t level_left(const struct routing_request *request,
                   const struct map *claims, const struct stock_level *level);

/* ---- pure: what filters and rules ask ---- */

bool filter_matches(const struct routing_filter *filter,
                    const struct routing_request *request);
struct earth_point earth_point_of(int64_t lat_e6, int64_t lon_e6);
int64_t earth_distance_m(struct earth_point a, struct earth_point b);

/* What is asked of many sites for one request. */
struct site_ask {
    const struct routing_request *request;
    const struct routing_step *step;
    bool has_point;
    struct earth_point point; /* Of the buyer. */
    str market, service;
    int64_t units; /* Of all lines. */
};
void site_ask_init(const struct routing_request *request,
                   const struct routing_step *step, struct site_ask *ret);
/* Why a site falls out of the step; BAR_NONE: it does not. */
enum routing_bar site_bar(const struct site_ask *ask,
                          const struct routing_site *site);
/* Metres to the buyer; -1: one of the points is not known. */
int64_t site_distance(const struct site_ask *ask,
                      const struct routing_site *site);

/* ---- the exact search of the rules (routing_cover.c) ---- */

enum { COVER_LINES = 10, COVER_RULES = ROUTING_RULES_MAX + 1 };

/* A place that could ship some of the lines whole. */
struct cover_place {
    int64_t cost[COVER_RULES]; /* Per rule, for one package from there. */
    const uint32_t *sets;      /* Sets of lines it holds together, by line as */
    size_t set_count;          /* bits; none a part of another. */
};
struct cover_pick {
    size_t place;
    uint32_t lines;
};
struct cover {
    struct cover_pick picks[COVER_LINES];
    size_t count;
    int64_t cost[COVER_RULES];
    uint32_t lines; /* Of all picks. */
};
struct cover_ask {
    size_t lines, rules;
    size_t without; /* A place to leave out; SIZE_MAX: none. */
};
/* Finds the picks that ship as many lines as can be shipped whole and, among
 * those, cost least, rule after rule; each place once. */
void cover_find(struct arena *arena, const struct cover_place *places,
                size_t count, const struct cover_ask *ask, struct cover *ret);

#endif
