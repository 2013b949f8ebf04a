/* routing.h - the routing room: which location ships which line.
 *
 * A router is a pure function of the channel's strategy, the lines wanted and
 * the stock in memory; it returns a plan and what it needs to say why. The
 * first router follows ranked locations; others stand behind the same face.
 */
#ifndef WHARF_OMS_ROUTING_H
#define WHARF_OMS_ROUTING_H

#include "base/base.h"
#include "oms/ids.h"

struct room;
struct stock;
struct stock_level;

struct routing_rank {
    location_id location;
    size_t index; /* Into the strategy's locations. */
};
/* The locations a channel ships from, best first: active shipping ones only.
 * A channel without a ranking uses all of them in order of id. */
struct routing_strategy {
    channel_id channel;
    int64_t version; /* 0: no ranking was ever made. */
    bool is_ranked;
    const location_id *locations;
    size_t count;
    const struct routing_rank *by_id; /* The same, by location id. */
    int64_t inactive, no_shipping;    /* Left out of the ranking, and why. */
};
/* One per channel, in the same order. Read inside the transaction. */
MUST_USE err_t routing_strategy_list(struct ctx *ctx,
                                     const channel_id *channels, size_t count,
                                     struct routing_strategy **ret);

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
};
struct routing_request {
    const struct routing_strategy *strategy;
    const struct routing_line *lines;
    size_t line_count;
    struct stock *stock; /* Read only here. */
};

/* Stored by name in the decision: append, never rename. */
enum routing_rule {
    ROUTING_UNTRACKED = 1, /* Nothing to take from stock. */
    ROUTING_WHOLE_ORDER,   /* Everything at one location. */
    ROUTING_WHOLE_LINES,   /* Each line whole, at several locations. */
    ROUTING_UNITS,         /* Some line is split by unit. */
    ROUTING_BACKORDER,     /* Some units are nowhere. */
    ROUTING_HELD           /* Every unit was held before. */
};
enum routing_outcome {
    ROUTING_CHOSEN = 1,
    ROUTING_RANKED_LOWER, /* Had what others before it gave. */
    ROUTING_SHORT,        /* Held a part of the order only. */
    ROUTING_EMPTY         /* Held none of it. */
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
};

struct router {
    const char *name;
    /* Plans the request; the plan lives in the arena. Takes nothing. */
    void (*plan)(struct arena *arena, const struct routing_request *request,
                 struct routing_plan *ret);
};
/* Whole order at the first location that can; else each line whole at the
 * first that can; else by unit in order of rank; what is left is backordered.
 */
extern const struct router router_ranked;

/* The record of a decision (I25). */
struct routing_decision {
    order_id order;
    int64_t strategy_version;
    utc_ms at;
    str doc; /* From routing_decision_doc(). */
};
str routing_decision_doc(struct arena *arena, const struct router *router,
                         const struct routing_request *request,
                         const struct routing_plan *plan);
MUST_USE err_t routing_decision_add_many(struct ctx *ctx,
                                         const struct routing_decision *rows,
                                         size_t count);

struct routing_cmd {
    channel_id channel;
    int64_t version;              /* The version the caller saw; 0 for none. */
    const location_id *locations; /* Best first; empty: use them all. */
    size_t count;
};
/* Replaces the channel's ranking; the next order follows it. Fails with
 * ERR_NOT_FOUND, ERR_STALE or ERR_INVALID (unknown location, named twice). */
MUST_USE err_t routing_set(struct ctx *ctx, const struct routing_cmd *cmd);

extern const struct room routing_room;

#endif
