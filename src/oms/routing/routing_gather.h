/* routing_gather.h - the working memory of router_rules. Private to it. */
#ifndef WHARF_OMS_ROUTING_GATHER_H
#define WHARF_OMS_ROUTING_GATHER_H

#include "oms/routing/routing_router.h"

struct stock_level;

struct need { /* Of one unit of a line. */
    size_t sku;
    int64_t qty;
};
struct need_list { /* Empty: the line takes no stock. */
    const struct need *at;
    size_t count;
};
struct candidate {
    const struct routing_site *site;
    size_t rank; /* In the channel's list, from 0. */
    enum routing_bar bar;
    bool is_chosen;
    int64_t *had, *left; /* Per SKU; left shrinks as units are taken. */
    struct stock_level **levels;
    int64_t cost[COVER_RULES];
};
struct gather {
    struct arena *arena;
    const struct routing_request *request;
    const struct routing_book *book;
    struct site_ask ask;
    struct routing_line *skus;
    size_t sku_count, tracked;
    bool is_shared; /* Two lines take of one SKU. */
    struct need *needs;
    struct need_list *lines;
    struct candidate *at;
    size_t count, rules;
    int64_t oldest; /* Day on which the oldest stock came, where it is asked. */
    int64_t *bars;
    int64_t *open; /* Per line. */
    struct routing_allocation *taken;
    size_t taken_count;
    int64_t packages; /* Candidates that are chosen. */
    bool is_exact;
    location_id *runner_up;
    size_t runner_up_count;
};

void gather_open(struct gather *work);
/* Takes the lines that can go whole, by the rules and the step's policy. */
void gather_whole(struct gather *work);
/* Candidates in the order of the rules; made anew with each call. */
struct candidate **gather_order(const struct gather *work);
/* Units of a line that a candidate can still give. */
int64_t gather_room(const struct gather *work, size_t line,
                    const struct candidate *at);
void gather_take(struct gather *work, size_t line, struct candidate *at,
                 int64_t qty);

#endif
