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
#include "oms/routing/routing_request.h"

struct json_out;
struct room;
struct routing_book;
struct routing_scenario;

struct routing_rank {
    location_id location;
    size_t index; /* Into the strategy's locations. */
};
/* The locations a channel ships from, best first: active shipping ones only.
 * A channel without a strategy goes by its brand's; without that it uses all of
 * them in order of id. */
struct routing_strategy {
    channel_id channel;
    int64_t version; /* 0: no ranking was ever made. */
    bool is_ranked;
    const location_id *locations;
    size_t count;
    const struct routing_rank *by_id; /* The same, by location id. */
    int64_t inactive, no_shipping;    /* Left out of the ranking, and why. */
    /* Beyond the plain list; tried in order, the list stands behind them. */
    const struct routing_book *book;
    const struct routing_scenario *scenarios;
    size_t scenario_count;
    const str *attr_keys; /* Of SKUs, that its filters ask for. */
    size_t attr_key_count;
    bool needs_point, needs_age, has_promises;
    str brand; /* Whose strategy it is; empty: the channel's own. */
};
/* One per channel, in the same order. Read inside the transaction. */
MUST_USE err_t routing_strategy_list(struct ctx *ctx,
                                     const channel_id *channels, size_t count,
                                     struct routing_strategy **ret);

/* Reads how old the stock is, where a rule of the strategy asks for it. */
MUST_USE err_t routing_ages_read(struct ctx *ctx,
                                 const struct routing_strategy *strategy,
                                 struct stock *stock);

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

/* The one way to a plan: pins first, then the router of the strategy for what
 * is left. Pure. */
void routing_decide(struct arena *arena, const struct routing_request *request,
                    struct routing_plan *ret);
/* The place of a location in the strategy's list; SIZE_MAX: not in it. */
size_t routing_rank_find(const struct routing_strategy *strategy,
                         location_id location);
/* A location by its code; false where there is none. */
bool routing_location_find(const struct routing_strategy *strategy, str code,
                           location_id *ret, bool *ret_is_pickup);
/* Whether it is in the table of services, or a scenario of the strategy or a
 * cut-off of some site names it. */
bool routing_service_is_known(const struct routing_strategy *strategy,
                              str service);
/* Pins all lines of a request to one place. */
void routing_pin_all(struct arena *arena, location_id location,
                     struct routing_request *request);
bool routing_is_excluded(const struct routing_request *request,
                         location_id location);
/* Whether the buyer can have it from there: nobody collects where nothing is
 * handed out. */
bool routing_is_served(const struct routing_request *request,
                       location_id location);
/* Whether so many units more are beyond the capacity of its site. */
bool routing_is_full(const struct routing_request *request,
                     location_id location, int64_t units);

/* The record of a decision (I25). */
struct routing_decision {
    order_id order;
    int64_t strategy_version;
    utc_ms at;
    str doc;        /* From routing_decision_doc(). */
    str candidates; /* From routing_pack(). */
};
str routing_decision_doc(struct arena *arena,
                         const struct routing_request *request,
                         const struct routing_plan *plan);
/* The candidates, which the document does not name: few bytes; and as members
 * of an open object. */
str routing_pack(struct arena *arena, const struct routing_plan *plan);
void routing_unpack(struct json_out *out, str packed);
MUST_USE err_t routing_decision_add_many(struct ctx *ctx,
                                         const struct routing_decision *rows,
                                         size_t count);

struct routing_cmd {
    channel_id channel;
    str brand;       /* Whose strategy it becomes; empty: the channel's. */
    int64_t version; /* The version the caller saw; 0 for none. */
    const location_id *locations; /* Best first; empty: use them all. */
    size_t count;
    str doc; /* {"scenarios": […]}, checked; empty: the plain list. */
};
/* Replaces the strategy; the next order follows it. Fails with
 * ERR_NOT_FOUND, ERR_STALE or ERR_INVALID (unknown location, named twice). */
MUST_USE err_t routing_set(struct ctx *ctx, const struct routing_cmd *cmd);

extern const struct room routing_room;

#endif
