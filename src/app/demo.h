/* demo.h - the demo merchant: what `wharf demo` fills an empty store with.
 *
 * Two months of trade, told in their order: masters first, then orders, and
 * hour by hour what the warehouse and the carrier do with them. Everything goes
 * through the commands of the rooms, so demo data obey every rule.
 */
#ifndef WHARF_APP_DEMO_H
#define WHARF_APP_DEMO_H

#include "app/cli.h"
#include "oms/ids.h"

enum {
    DEMO_CHANNELS = 4,
    DEMO_PLACES = 6,
    DEMO_ORDERS = 60,
    DEMO_SKUS = 12,
    DEMO_HOURS = 1440, /* Two months. */
    /* Orders that have a way of their own. */
    DEMO_LOST = 37,    /* Its parcel is lost. */
    DEMO_REFUSED = 40, /* Its address does not exist. */
    DEMO_SHORT = 53,   /* A unit is not on its shelf. */
    DEMO_PICKUP = 52,  /* The buyer comes for it. */
    DEMO_PARTS = 6     /* Places an order may leave from, and its parcels. */
};

struct json_in;

/* What leaves one place, on its way. */
struct demo_part {
    fulfillment_order_id fo;
    int place; /* Index of it. */
    int64_t task;
};
struct demo_parcel {
    package_id id;
    int place;
};
struct demo_order {
    order_id id;
    int stage; /* demo_walk.c */
    size_t part_count, parcel_count;
    struct demo_part parts[DEMO_PARTS];
    struct demo_parcel parcels[DEMO_PARTS];
};

struct demo {
    struct cli *cli;
    struct store *store;
    bool is_there; /* The store had demo data before. */
    bool has_past; /* It had no events: what is told may have been. */
    utc_ms begun_at, now;
    channel_id channels[DEMO_CHANNELS];
    location_id places[DEMO_PLACES];
    int placed;
    struct demo_order orders[DEMO_ORDERS];
};

/* One transaction at demo->now. */
MUST_USE err_t demo_run(struct demo *demo, store_call_fn *fn, void *arg);
/* A route of a room in ctx's transaction; the reply, open to be read. */
MUST_USE err_t demo_call(struct ctx *ctx, const char *operation, const char *id,
                         str body, struct json_in **ret);

/* Channels, places, goods, stock, routes: one transaction. */
MUST_USE err_t demo_make_base(struct ctx *ctx, void *demo);
/* How the places work and what carriers cost: another one. */
MUST_USE err_t demo_make_setup(struct ctx *ctx, void *demo);
const char *demo_place_code(int place);

/* The order of that number, at demo->now. */
MUST_USE err_t demo_place_order(struct demo *demo, int n);
/* Hours from the beginning to when it is placed. */
int demo_order_hour(int n);
/* All that is due of it by that hour. */
MUST_USE err_t demo_walk(struct ctx *ctx, const struct demo *demo, int n,
                         int hour, struct demo_order *order);

#endif
