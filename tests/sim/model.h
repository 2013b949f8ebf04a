/* model.h - the auditor's own idea of the house: small, plain, independent.
 *
 * It shares no code with the rooms. What it says a command must do is worked
 * out from DOMAIN's words on arrays that are small enough to be walked.
 */
#ifndef WHARF_SIM_MODEL_H
#define WHARF_SIM_MODEL_H

#include "base/base.h"
#include "model_shop.h"
#include "model_supply.h"

/* A line as sent, and then as it stands. */
struct m_line {
    int sku; /* -1: a code nobody knows. */
    int64_t qty, price, discount, tax;
    int64_t added, price_now; /* By changes; what a unit costs since. */
    int replaces;  /* The line (from 1) whose units it is sent for. */
    bool has_rate; /* A line that was added came with a tax line. */
    int64_t cancelled, backordered, allocated, picked, shipped, delivered;
    int64_t unallocated;          /* Nobody came for them. */
    unsigned barred;              /* Places that do not send it: a bit each. */
    int64_t in_hand;              /* Scanned by who still walks. */
    int64_t elsewhere;            /* With who was asked to send them. */
    bool takes_stock;             /* As the SKU was when it was placed, */
    struct m_part parts[M_PARTS]; /* and its components. */
    int part_count;
    struct m_hold {
        int place;
        int64_t qty;
    } holds[M_HOLDS]; /* Allocated and picked, in the order they were made. */
    int hold_count;
    struct m_gone {
        int64_t total, tax, discount;
    } gone; /* With units that were taken off; below 0: came to it. */
    /* Shipped, and its money given back; asked back; taken back. */
    int64_t written_off, return_requested, returned;
};
struct m_payment;
struct m_refund;
struct m_return;
struct m_stop;
struct m_exchange;
struct m_billing;
struct m_deals;
struct m_order {
    int channel; /* -1: unknown. */
    char external[40], key[40];
    str body;
    bool is_inclusive, has_wrong_total, has_wrong_body;
    int64_t shipping, fee;
    utc_ms fulfil_at; /* Not before; 0: at once. */
    utc_ms sent_fulfil_at;
    bool is_opened_early; /* By somebody who could not wait. */
    bool is_pickup;       /* Its buyer comes for it: */
    int pickup_at;        /* there; -1: wherever it is put. */
    struct m_line lines[M_LINES];
    int line_count, bad_parcels; /* In trouble, going back, or lost. */
    struct m_order *held;        /* The hold it names, or NULL. */
    /* Once it is placed: */
    int64_t id, version, total;
    bool is_cancelled, is_completed;
    unsigned served; /* Lines that got units in this turn: a bit each. */
    struct m_payment *payments; /* The oldest. */
    struct m_refund *refunds;
    struct m_return *returns;
    struct m_stop *stops;         /* The newest. */
    struct m_exchange *exchanges; /* The oldest. */
    int company;                  /* Whose draft it was, from 1; 0: nobody's. */
    bool is_drafted;              /* It was placed by a draft, under no key. */
    struct m_billing *billing;
    int64_t billed_at; /* The version at which that was looked at. */
    int64_t shipping_off, allowance; /* Given up of it; off the whole. */
    /* A hold is kept as an order that is not one: lines and where they are. */
    int hold_state; /* 1 open, 2 confirmed, 3 released, 4 expired. */
    utc_ms created_at, expires_at;
};

/* A key that was accepted, and how it was answered. */
struct m_key {
    str body, reply;
    utc_ms at;
};

struct map;
struct model {
    struct arena *arena;
    struct map *keys; /* By key: struct m_key. */
    struct m_sku skus[M_SKUS];
    struct m_place places[M_PLACES];
    struct m_channel channels[M_CHANNELS];
    int sku_count, place_count, channel_count;
    struct m_level levels[M_SKUS][M_PLACES];
    struct m_supplies supply;
    struct m_order **orders;
    size_t order_count, order_room;
    struct m_order **held; /* Holds, as they were made. */
    size_t held_count, held_room;
    int64_t key_count, external_count, scan_count, report_count;
    struct m_goods goods;
    struct m_card {
        int64_t id, version, balance;
        bool is_disabled;
    } cards[M_CARDS]; /* Gift cards. */
    int card_count, series_count;
    struct m_deals *deals; /* Who buys on account, and drafts. */
};

int64_t m_claimed(const struct m_level *level);
int64_t m_available(const struct m_level *level);
int64_t m_sellable(const struct m_level *level, int channel);
/* What the order comes to by its lines. */
int64_t m_total(const struct m_order *order);
/* What placing must answer: "" (taken; *ret is the order in the model), or a
 * slug. `order` is copied where it is new; *ret_is_new tells. */
const char *m_place_order(struct model *model, const struct m_order *order,
                          utc_ms now, struct m_order **ret, bool *ret_is_new);
/* What happened to it once it was placed. */
void m_forget(struct m_order *order);
/* Adds an order that the house has. */
struct m_order *m_keep(struct model *model, const struct m_order *order);
/* Frees the orders: those of a long run are more than an arena holds. */
void m_drop(struct model *model);
/* What holding the lines must answer; *ret is the hold in the model. */
const char *m_hold(struct model *model, const struct m_order *want,
                   struct m_order **ret);
/* Why the hold takes no change at that time, or "". */
const char *m_hold_open(const struct m_order *hold, utc_ms now);
/* Ends it, its units back on the shelf. */
void m_hold_end(struct model *model, struct m_order *hold, int state);
/* How many units of a line, as it was sold, the channel could have there. */
int64_t m_fits(const struct model *model, int channel,
               const struct m_line *line, int place);
/* Gives a line that waits units from there. */
void m_serve(struct model *model, struct m_line *line, int place, int64_t qty);
int64_t m_open(const struct m_line *line);
/* How many units of the line stand at that place. */
int64_t m_held_at(const struct m_line *line, int place);
/* What was answered to that key, or NULL. */
const struct m_key *m_key_find(const struct model *model, const char *key);
void m_key_add(struct model *model, const char *key,
               const struct m_key *answered);
int m_sku_of(const struct model *model, str code);
int m_place_of(const struct model *model, int64_t id);

#endif
