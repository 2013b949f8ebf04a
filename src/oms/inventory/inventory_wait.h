/* inventory_wait.h - units that orders wait for: who is served first, and what
 * on its way is for whom.
 *
 * Each SKU has a queue of lines, by rank and then by the age of the order. Two
 * things walk it: serving it from free stock and pegging it to supply. Where a
 * queue is to be walked, and from where on, stands in turns, which whoever
 * changes stock, supply or lines leaves behind in his own transaction. A
 * public header of the room.
 */
#ifndef WHARF_OMS_INVENTORY_WAIT_H
#define WHARF_OMS_INVENTORY_WAIT_H

#include "oms/inventory/inventory.h"
#include "oms/inventory/inventory_supply.h"

enum { WAIT_PRIORITY_MAX = 100, WAIT_PART = 1000 };

/* A place in a queue. n is line * WAIT_PART + component, 0 for the SKU. */
struct wait_key {
    int64_t rank; /* Less the priority. */
    order_id order;
    int64_t n;
};
int wait_key_cmp(const struct wait_key *a, const struct wait_key *b);

struct wait_line {
    struct wait_key key;
    sku_id sku;
    channel_id channel;
    int64_t qty;
    utc_ms promise_at; /* All its units; 0: unknown, PROMISE_NOW: are there. */
    bool is_turning;   /* Its queue is still to be walked. */
};
enum { PROMISE_NOW = 1 };

/* Up to `limit` lines of a queue, from that place on. */
MUST_USE err_t wait_queue(struct ctx *ctx, sku_id sku,
                          const struct wait_key *from, size_t limit,
                          struct wait_line **ret, size_t *ret_count);
/* What orders wait for, by order and n; those without anything have none. */
MUST_USE err_t wait_list_orders(struct ctx *ctx, const order_id *orders,
                                size_t count, struct wait_line **ret,
                                size_t *ret_count);

/* ---- turns ---- */

enum wait_kind { WAIT_SERVE = 1, WAIT_PEG = 2 };
struct wait_turn {
    enum wait_kind kind;
    sku_id sku;
    int64_t stamp; /* Another one once it was asked for again. */
    struct wait_key from;
};
/* Every queue from its beginning, both ways: who may be served changed. */
MUST_USE err_t wait_wake_all(struct ctx *ctx);
/* The oldest turns of a kind. Those to peg are locked; others skip them. */
MUST_USE err_t wait_turn_list(struct ctx *ctx, enum wait_kind kind,
                              size_t limit, struct wait_turn **ret,
                              size_t *ret_count);
/* Whether any turn of any kind is left. */
MUST_USE err_t wait_is_turning(struct ctx *ctx, bool *ret);
/* The queue was walked up to `next`, or to its end (NULL). Changes nothing
 * where the turn was asked for again meanwhile. */
MUST_USE err_t wait_turn_done(struct ctx *ctx, const struct wait_turn *turn,
                              const struct wait_key *next);
/* Whether anything of the SKU lies unclaimed, as far as is committed. */
MUST_USE err_t wait_has_free(struct ctx *ctx, sku_id sku, bool *ret);
/* May units at that location serve orders of that channel? */
struct peg_rule {
    bool (*serves)(void *arg, channel_id channel, location_id location);
    void *arg;
};
/* Keeps units that nobody has offered to the queue yet from those who come
 * later: for commands that sell, after stock_lock. stock_sellable heeds it. Of
 * lines beyond the first WAIT_FRONT of a queue, wherever the units lie. */
enum { WAIT_FRONT = 32 };
MUST_USE err_t wait_withhold(struct ctx *ctx, struct stock *stock,
                             const struct peg_rule *rule);

/* ---- pegs ---- */

/* Pegs a part of a queue anew. *ret gets the orders whose lines have another
 * promise now; they may repeat. */
MUST_USE err_t peg_slice(struct ctx *ctx, const struct wait_turn *turn,
                         const struct peg_rule *rule, order_id **ret,
                         size_t *ret_count);
struct peg {
    struct wait_key key;
    supply_id supply; /* 0: on the shelf, of a kit's component. */
    int64_t qty;
    location_id location; /* As the supply is; 0: the shelf. */
    utc_ms expected_at;   /* 0: the shelf. */
    str reference;
};
/* The pegs of lines of a queue, by key and time. */
MUST_USE err_t peg_list(struct ctx *ctx, sku_id sku,
                        const struct wait_key *from, const struct wait_key *to,
                        struct peg **ret, size_t *ret_count);

/* SKUs that orders wait for, by id. */
struct wait_sum {
    sku_id sku;
    int64_t qty, pegged;
};
MUST_USE err_t wait_sums(struct ctx *ctx, sku_id after, size_t limit,
                         struct wait_sum **ret, size_t *ret_count);

#endif
