/* sim.h - the simulator's state and the parts of one step. */
#ifndef WHARF_SIM_SIM_H
#define WHARF_SIM_SIM_H

#include "model.h"
#include "place.h"

/* E-mails and phones that customers of orders have among them. */
enum { SIM_EMAILS = 7, SIM_PHONES = 5 };

struct sim {
    struct place *place;
    struct faulty *faulty; /* Its carrier, */
    struct till *till;     /* and its gateway. */
    struct model model;
    uint64_t seed, random; /* As given; as it stands. */
    int step;
    utc_ms now, latest; /* The clients' clock: it jumps, also back. */
    bool makes_digests; /* Before each verify, of the hour that is over: */
    utc_ms hour_at;     /* to the house, one has passed since the last. */
    bool is_wrong, forges_epoch;
    char why[1024];
    /* What happened, for the closing line. */
    int64_t calls, orders, refusals, replays, cancels, batches, checks, served;
    int64_t picked, shipped, lost, captured, refunded; /* Units; minor units. */
    int64_t moves, expired, closures, restores; /* FOs, pickups, FOs, stores. */
    int64_t payments, refunds, returns, gated, edits, stops, replaced, swaps;
};

/* ---- chance ---- */

uint64_t sim_random(struct sim *sim);
/* least to most. */
int64_t sim_between(struct sim *sim, int64_t least, int64_t most);
bool sim_chance(struct sim *sim, int percent);

/* Records the first thing that is not as it must be; returns `cond`. */
bool sim_expect(struct sim *sim, bool cond, const char *fmt, ...)
    PRINTF_LIKE(3, 4);

/* ---- calls ---- */

struct json_out;
/* A call with a key of its own and an object open in its body. */
struct call *sim_begin(struct sim *sim, const char *operation,
                       struct json_out *out);
/* Closes the body's object. */
void sim_body(struct call *call, struct json_out *out);
/* The path's id. */
void sim_path(struct call *call, size_t i, const char *prefix, int64_t id);
/* One call; sometimes asks again with the same key, which must replay. */
void sim_call(struct sim *sim, struct call *call);
/* The call must have ended so: "" or a slug. */
bool sim_ended(struct sim *sim, const struct call *call, const char *code);
/* An object in a reply, as expected by the model. */
struct json_in;
int64_t sim_i64(struct json_in *in, const char *key);
int64_t sim_id(struct json_in *in, const char *key, const char *prefix);
bool sim_has_text(struct json_in *in, const char *key, const char *want);

/* ---- steps ---- */

void step_setup(struct sim *sim);  /* What a shop has before it sells. */
void step_master(struct sim *sim); /* SKUs, locations, channels, rankings. */
void step_adjust(struct sim *sim, int parity);
void step_set(struct sim *sim);
void step_supply(struct sim *sim); /* Receipts, transfers, counts. */
void step_cancel(struct sim *sim);
void step_invalid(struct sim *sim);
/* Holds: made, extended, released, bought, run out. */
void step_hold(struct sim *sim);
/* Sees to it that a hold is open. */
void step_hold_open(struct sim *sim);
/* An order that names the hold. */
void step_held_order(struct sim *sim, struct m_order *hold);
/* One to forty clients at once: orders new, again, changed, impossible. */
void step_orders(struct sim *sim);
/* Up to twenty orders in one call; keys are the call's. */
void step_bulk(struct sim *sim);
/* Orders of even SKUs among adjustments and cancellations of odd ones: what
 * they touch is apart, so their order does not matter. */
void step_mixed(struct sim *sim);

/* Kits made, changed and ended; policies of stock. */
void step_kit(struct sim *sim);
void step_policy(struct sim *sim);
/* Whether an order holds stock for a kit of several components. */
bool kit_is_sold(const struct model *model);
/* Whether some kit has the SKU as a component. */
bool kit_has(const struct model *model, int sku);

/* An order not yet sent; parity -1: any SKU, else those of that parity. */
void order_make(struct sim *sim, int parity, struct m_order *ret);
struct call *order_call(struct sim *sim, const struct m_order *order);
/* Compares a receipt or an order's page with the model. */
bool order_compare(struct sim *sim, struct json_in *in,
                   const struct m_order *order);
struct call *adjust_call(struct sim *sim, int parity);
void adjust_judge(struct sim *sim, struct call *call);
struct call *cancel_call(struct sim *sim, struct m_order *order);
void cancel_judge(struct sim *sim, struct call *call, struct m_order *order);

/* Gives those who wait their turn, and judges who was served. */
void step_wait(struct sim *sim);

/* ---- checks ---- */

/* Nobody waits who could be served. */
void check_waiting(struct sim *sim);

/* All levels and orders, or those of that external id, without chance. */
void check_look(struct sim *sim, const char *only);

/* Everything the house shows, and `verify`. */
void check_all(struct sim *sim);

/* Only `verify`, once the log is digested. */
void check_verify(struct sim *sim);

/* ---- storm ---- */

/* Many clients on a few SKUs and several writers, in no order to be known. */
void storm_run(struct sim *sim, int rounds);

/* ---- tenants ---- */

/* What came of it; `why` is empty where all was right. */
struct tenants_end {
    int step;
    int64_t calls, orders, checks;
    char why[512];
};
/* Two merchants in turn, each with a store of its own and the same codes, keys
 * and external ids, who must see nothing of each other (I28). From half of the
 * steps on the way to the stores is tampered with. */
void tenants_run(uint64_t seed, int steps, enum store_engine engine,
                 enum tamper tamper, struct tenants_end *ret);

/* ---- mutants ---- */

/* How many wrong behaviours whose name has that text were not caught. */
int mutants_run(uint64_t seed, enum store_engine engine, const char *only);
void sim_open(struct sim *sim, struct place *place, uint64_t seed,
              enum store_engine engine, int writers);
void sim_close(struct sim *sim);
/* One step; whether all is still right. */
bool sim_step(struct sim *sim);

#endif
