/* routing_request.h - what a router is asked and answers; part of routing.h. */
#ifndef WHARF_OMS_ROUTING_REQUEST_H
#define WHARF_OMS_ROUTING_REQUEST_H

#include "base/base.h"
#include "oms/ids.h"

struct map;
struct router;
struct routing_strategy;
struct stock;
struct stock_level;

struct routing_part { /* What one unit of a kit takes. */
    sku_id sku;
    int64_t qty;
};
struct routing_line {
    sku_id sku;
    int64_t qty;
    bool is_tracked; /* Else it takes no stock and always fits. */
    /* Of a kit, which takes these in its place, all at one location. */
    const struct routing_part *parts;
    size_t part_count;
    const str *attrs; /* One per attr_keys of the strategy; may be NULL. */
};
/* As fulfillment orders store it: append, never renumber. */
enum routing_method { ROUTING_SHIP = 1, ROUTING_PICKUP, ROUTING_DIGITAL };
struct routing_destination {
    str country, region, postal_code, city; /* Empty: not known. */
    bool has_point;
    int64_t lat_e6, lon_e6; /* Millionths of a degree. */
    const char *point;      /* "address", "postal_code", "country" or NULL. */
};
/* What filters of scenarios ask of an order. */
struct routing_order {
    const str *tags;
    size_t tag_count;
    money value;
    int channel_type; /* enum channel_type */
    str service;      /* What the buyer chose; empty: nothing. */
};
struct routing_loads; /* How full sites are: routing_load.h. */
struct routing_step;
/* So many units of a line from there, ranked or not, whatever the rules say;
 * what is not there is not looked for elsewhere: it is backordered. */
struct routing_pin {
    size_t line;
    location_id location;
    int64_t qty;
};
struct routing_request {
    const struct routing_strategy *strategy;
    const struct routing_line *lines;
    size_t line_count;
    struct stock *stock; /* Read only here. */
    /* What follows may be left zero. */
    const struct routing_destination *destination;
    enum routing_method method; /* 0: ROUTING_SHIP. */
    utc_ms now;                 /* Or when it may leave, where that is later. */
    const location_id *excluded; /* Take nothing there. */
    size_t excluded_count;
    const struct routing_pin *pins; /* Each (line, location) once. */
    size_t pin_count;
    const struct routing_order *order;
    struct routing_loads *loads; /* Read only here. */
    /* By routing_decide, for routers: */
    const struct map *claims; /* What the same plan took before, per level. */
    const struct routing_step *step; /* NULL: the plain list. */
};

/* Stored by name in the decision: append, never rename. */
enum routing_rule {
    ROUTING_UNTRACKED = 1, /* Nothing to take from stock. */
    ROUTING_WHOLE_ORDER,   /* Everything at one location. */
    ROUTING_WHOLE_LINES,   /* Each line whole, at several locations. */
    ROUTING_UNITS,         /* Some line is split by unit. */
    ROUTING_BACKORDER,     /* Some units are nowhere. */
    ROUTING_HELD,          /* Every unit was held before. */
    ROUTING_PINNED,        /* Every unit was sent there by hand. */
    ROUTING_QUEUED         /* Some units wait for a person. */
};
/* What becomes of units that no step took. */
enum routing_after {
    AFTER_NEXT = 1,  /* The next step; after the last one, BACKORDER. */
    AFTER_BACKORDER, /* As the channel's stock policy says. */
    AFTER_HOLD,      /* They stay unallocated until a person decides. */
    AFTER_REFUSE     /* The order is refused. */
};
/* Stored by number, as is enum routing_bar: append, never renumber. */
enum routing_outcome {
    ROUTING_CHOSEN = 1,
    ROUTING_RANKED_LOWER, /* Had what others before it gave. */
    ROUTING_SHORT,        /* Held a part of the order only. */
    ROUTING_EMPTY,        /* Held none of it. */
    ROUTING_EXCLUDED,     /* The request left it out. */
    ROUTING_FILTERED      /* A filter of the step left it out. */
};

struct routing_allocation {
    size_t line;               /* Index into the lines of the request. */
    location_id location;      /* 0: an untracked line, no location is left. */
    struct stock_level *level; /* NULL: an untracked line, or a kit. */
    int64_t qty;
    struct stock_level *const *parts; /* Of a kit: one per component. */
};
enum { ROUTING_CANDIDATES = 10 };
struct routing_candidate {
    location_id location;
    size_t rank; /* From 1. */
    enum routing_outcome outcome;
    int64_t *available; /* Per SKU of the plan, before it took any. */
    int bar;            /* enum routing_bar, where it is FILTERED. */
    const int64_t *by;  /* Per rule of the step; NULL: none. */
};
/* What a step of a scenario did. */
struct routing_tried {
    const struct routing_step *step;
    int64_t units;       /* That it took. */
    const int64_t *bars; /* Candidates per enum routing_bar. */
    bool is_exact;       /* Its plan is the best there is by its rules. */
    /* The best plan without one of the chosen locations. */
    const location_id *runner_up;
    size_t runner_up_count;
};
struct routing_plan {
    enum routing_rule rule;
    const struct routing_allocation *at; /* By line, then by rank. */
    size_t count;
    const int64_t *backordered; /* Per line. */
    int64_t backordered_units;
    /* What it knew: */
    const struct routing_line *skus; /* Distinct, with the sum needed. */
    size_t sku_count;
    struct routing_candidate candidates[ROUTING_CANDIDATES];
    size_t candidate_count;
    size_t unnamed; /* Candidates beyond those ten. */
    const struct router *router;
    const struct routing_scenario *scenario; /* NULL: the plain list. */
    const struct routing_tried *tried;
    size_t tried_count, told; /* told: the step the candidates are of. */
    enum routing_after after; /* For what is in `backordered`. */
    int64_t pinned_units, unpinned_units; /* Of the pins: there and not. */
    bool is_full; /* A pinned place has not the capacity for its pins. */
};

#endif
