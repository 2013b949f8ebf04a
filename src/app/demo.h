/* demo.h - the demo merchant: what `wharf demo` fills an empty store with.
 *
 * Two months of trade, told in their order: masters first, then orders, and
 * hour by hour what buyers, the warehouse, the office and the carrier do with
 * them. Everything goes through the commands of the rooms, so demo data obey
 * every rule. Nothing is left to chance: the same numbers make the same store.
 */
#ifndef WHARF_APP_DEMO_H
#define WHARF_APP_DEMO_H

#include "app/cli.h"
#include "base/id.h"
#include "oms/ids.h"

enum {
    DEMO_CHANNELS = 4,
    DEMO_PLACES = 8,
    DEMO_OLD = 400, /* Orders that have long arrived. */
    DEMO_ORDERS = 420,
    DEMO_AFFAIRS = 32, /* Of the office: demo_office.c. */
    DEMO_TALES = DEMO_ORDERS + DEMO_AFFAIRS,
    DEMO_SKUS = 12,
    DEMO_PEOPLE = 3,
    DEMO_HOURS = 1440, /* Two months. */
    /* Orders that have a way of their own. */
    DEMO_LOST = 397,    /* Its parcel is lost. */
    DEMO_REFUSED = 400, /* Its address does not exist. */
    DEMO_PICKUP = 412,  /* The buyer comes for it. */
    DEMO_SHORT = 413,   /* A unit is not on its shelf. */
    DEMO_PARTS = 6,     /* Places an order may leave from, and its parcels. */
    DEMO_THINGS = 8     /* What a tale remembers. */
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

/* One thing that somebody does in the course of a tale. */
struct demo_deed {
    int hour;              /* From the beginning of the tale. */
    const char *of;        /* Prefix of what it is done to; NULL: of nothing. */
    const char *operation; /* NULL: the goods walk (again) from here. */
    const char *body;      /* demo_deed.c says what may stand in it. */
};
struct demo_thing {
    char prefix[4], id[ID_TEXT_BYTES + 1];
};
/* An order, or an affair of the office, which may become one. */
struct demo_tale {
    order_id id;
    int hour;      /* From the beginning of all, when it begins. */
    int walk_hour; /* From when on its goods walk. */
    int stage;     /* demo_walk.c */
    const struct demo_deed *deeds;
    size_t deed_count, done;
    size_t thing_count, part_count, parcel_count;
    struct demo_thing things[DEMO_THINGS];
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
    struct actor self, people[DEMO_PEOPLE]; /* The command; manager, picker. */
    int placed;
    struct demo_tale tales[DEMO_TALES];
};

/* One transaction at demo->now. */
MUST_USE err_t demo_run(struct demo *demo, store_call_fn *fn, void *arg);
/* A route of a room in ctx's transaction; the reply, open to be read. */
MUST_USE err_t demo_call(struct ctx *ctx, const char *operation, const char *id,
                         str body, struct json_in **ret);
/* Something between 0 and `below`, always the same for n and `salt`. */
int demo_chance(int n, int salt, int below);

/* Channels, places, goods, stock, routes: one transaction. */
MUST_USE err_t demo_make_base(struct ctx *ctx, void *demo);
/* How the places work and what carriers cost: another one. */
MUST_USE err_t demo_make_setup(struct ctx *ctx, void *demo);
/* Who does what; a third one. */
MUST_USE err_t demo_make_people(struct ctx *ctx, void *demo);
const char *demo_place_code(int place);

/* When orders come and what becomes of each; then the affairs. */
void demo_plan_orders(struct demo *demo);
void demo_plan_office(struct demo *demo);
/* The order of that number, at demo->now. */
MUST_USE err_t demo_place_order(struct demo *demo, int n);
int demo_channel_of(int n);
/* All that is due of a tale by that hour: what people do, what goods do. */
MUST_USE err_t demo_do(struct ctx *ctx, const struct demo *demo, int hour,
                       struct demo_tale *tale);
MUST_USE err_t demo_walk(struct ctx *ctx, const struct demo *demo, int n,
                         int hour, struct demo_tale *tale);
bool demo_is_due(int n, int hour, const struct demo_tale *tale);
/* What the worker of a server does, for the one carrier that asks nobody. */
MUST_USE err_t demo_answer_calls(struct ctx *ctx);
/* The last of its kind is the one that deeds mean. */
void demo_remember(struct demo_tale *tale, str id);
void demo_remember_channel(const struct demo *demo, const char *code,
                           struct demo_tale *tale);
/* "ord" and a number: its id as text, in ctx->arena. */
const char *demo_id(struct ctx *ctx, const char *prefix, int64_t id);

#endif
