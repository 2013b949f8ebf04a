/* change_score.h - orders scored for fraud, by rules of their channel.
 *
 * Each order that is placed is scored once, by a consumer; one that reaches the
 * threshold is put on hold until a person releases it. docs/fraud.md. Private
 * to the room.
 */
#ifndef WHARF_OMS_CHANGE_SCORE_H
#define WHARF_OMS_CHANGE_SCORE_H

#include "oms/change/change_hold.h"

/* Stored by name. */
enum score_kind {
    SCORE_VALUE = 1, /* The order comes to more than that. */
    SCORE_MISMATCH,  /* Its two addresses differ. */
    SCORE_VELOCITY,  /* So many before it of the same buyer, place or card. */
    SCORE_COUNTRY    /* It goes, or is paid from, there. */
};
enum score_party { SCORE_SHIPPING = 0, SCORE_BILLING, SCORE_PARTIES };
enum score_part { SCORE_BY_COUNTRY = 1, SCORE_BY_POSTAL_CODE, SCORE_BY_PLACE };
enum score_key { SCORE_EMAIL = 0, SCORE_ADDRESS, SCORE_CARD, SCORE_KEYS };

struct score_rule {
    str name;
    enum score_kind kind;
    int64_t points;
    money above;           /* VALUE. */
    enum score_part part;  /* MISMATCH. */
    enum score_key by;     /* VELOCITY: so many orders in so many hours, */
    int64_t orders, hours; /* itself among them. */
    enum score_party of;   /* COUNTRY. */
    const str *countries;
    size_t country_count;
    bool is_not; /* Any but those. */
};
struct score_policy {
    channel_id channel;
    bool is_active;
    int64_t threshold;
    const struct score_rule *rules;
    size_t count;
    int64_t version; /* 0: there is none yet. */
    utc_ms updated_at;
};

/* ---- rules: pure ---- */

struct score_facts {
    money total;
    struct { /* Folded; empty: not known. */
        str country, postal_code, place;
    } to[SCORE_PARTIES];
    int64_t keys[SCORE_KEYS]; /* Hashes; 0: not known. */
};
/* seen[i]: orders that rule i counts, this one among them; only of VELOCITY. */
bool score_rule_hits(const struct score_rule *rule,
                     const struct score_facts *facts, int64_t seen);

/* ---- rows ---- */

struct order_score {
    order_id order;
    int64_t score, threshold, policy_version;
    str hits;           /* [{"rule": "large", "points": 40}] */
    order_hold_id hold; /* 0: none. */
    utc_ms created_at;
};
MUST_USE err_t score_policy_find(struct ctx *ctx, channel_id channel,
                                 struct score_policy *ret);
MUST_USE err_t score_policy_active(struct ctx *ctx, struct score_policy **ret,
                                   size_t *ret_count);
MUST_USE err_t score_policy_save(struct ctx *ctx,
                                 const struct score_policy *policy);
MUST_USE err_t score_get(struct ctx *ctx, order_id id, struct order_score *ret);
MUST_USE err_t score_is_there(struct ctx *ctx, order_id id, bool *ret);
MUST_USE err_t score_insert(struct ctx *ctx, const struct order_score *score);
MUST_USE err_t score_keys_add(struct ctx *ctx, order_id id, utc_ms at,
                              const struct score_facts *facts);
/* Orders of that key in (from, to]. */
MUST_USE err_t score_keys_count(struct ctx *ctx, int64_t key, utc_ms from,
                                utc_ms to, int64_t *ret);
MUST_USE err_t score_keys_drop(struct ctx *ctx, utc_ms before, size_t limit,
                               int64_t *ret_count);
/* The last orders of a channel, newest first. */
MUST_USE err_t score_orders(struct ctx *ctx, channel_id channel, size_t limit,
                            order_id **ret, size_t *ret_count);

/* ---- commands ---- */

/* The members of a policy; its version is left alone. */
MUST_USE err_t score_policy_from_json(struct ctx *ctx, struct json_in *in,
                                      struct score_policy *ret);
void score_policy_write(const struct score_policy *policy,
                        struct json_out *out);
MUST_USE err_t score_facts_of(struct ctx *ctx, const struct order *order,
                              struct score_facts *ret);
/* `version` as the caller saw it; 0: there was none. */
MUST_USE err_t score_policy_put(struct ctx *ctx, int64_t version,
                                struct score_policy *policy);

struct score_look { /* What a policy would have done. */
    struct score_policy policy;
    size_t most; /* Orders to look at. */
    size_t looked_at, held;
    int64_t *hits; /* Per rule. */
    struct order_score *shown;
    size_t shown_count;
};
MUST_USE err_t score_look(struct ctx *ctx, struct score_look *look);

extern const struct route_list score_routes;
extern const struct event_list score_events;
extern const struct timer_list score_timers;
extern const struct verify_list score_verify;

#endif
