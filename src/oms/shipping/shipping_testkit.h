/* shipping_testkit.h - a shop with parcels and one carrier, in place of the
 * product's list, that sells a label each time it is asked, whatever the
 * reference, and fails in every way. For tests alone. */
#ifndef WHARF_OMS_SHIPPING_TESTKIT_H
#define WHARF_OMS_SHIPPING_TESTKIT_H

#include "base/id.h"
#include "oms/fulfillment/fulfillment_testkit.h"
#include "oms/shipping/shipping_call.h"
#include "oms/shipping/shipping_store.h"

extern struct carrier faulty; /* The relay, as world_open() leaves it. */

enum { PARCELS = 12, SALES_MAX = 1000 };

struct sale {
    char reference[ID_TEXT_BYTES], tracking[16];
    char void_reference[ID_TEXT_BYTES]; /* Of the void that it obeyed. */
    utc_ms visible_at; /* A request that was long on its way. */
    bool is_void;
};
struct world {
    struct shop *shop;
    uint64_t seed;
    bool has_faults;
    struct sale sales[SALES_MAX];
    size_t count;
    int64_t labels_asked, tracks_asked, voids_asked;
    int voids_lost;     /* So many voids get no answer; then they do. */
    bool voids_no;      /* It takes nothing back. */
    char asked_url[64]; /* Of its last void. */
    const char *rates;  /* What it asks for a parcel; NULL: it is silent. */
    const char *facts;  /* What it says of a parcel; NULL: nothing. */
    package_id parcels[PARCELS];
};
/* Of a test: *state is the world. */
int world_open(void **state);
int world_close(void **state);

/* Its carrier sells a label. */
struct sale *world_sell(struct world *w, const char *reference, utc_ms at);

/* ---- the worker; `arg` is a struct taking ---- */

struct taking {
    struct call_task *tasks;
    size_t count;
    const struct call_task *task;
    struct carrier_outcome outcome;
};
err_t world_take(struct ctx *ctx, void *arg);
err_t world_record(struct ctx *ctx, void *arg);
/* Asks what is due, and records; how much it was. With faults it dies now and
 * then, before it asks or before it records. */
size_t world_work(struct world *w);
/* Until nothing is asked any more, without faults. */
void world_run_to_end(struct world *w);

/* ---- parcels ---- */

/* An order of one pair, packed and closed. */
package_id world_pack(struct world *w, int n);
/* The i-th as it is. */
struct package world_parcel(struct world *w, int i);
/* `arg` is the parcel's id: a label is wanted, or void. */
err_t world_want(struct ctx *ctx, void *arg);
err_t world_unwant(struct ctx *ctx, void *arg);

#endif
