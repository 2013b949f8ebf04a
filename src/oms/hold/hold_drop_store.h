/* hold_drop_store.h - rows of drops and their waiting lists. Private. */
#ifndef WHARF_OMS_HOLD_DROP_STORE_H
#define WHARF_OMS_HOLD_DROP_STORE_H

#include "oms/hold/hold_drop.h"

struct drop {
    drop_id id;
    str name, sku_code, channel_code; /* Codes where it is to be shown. */
    sku_id sku;
    channel_id channel; /* 0: every channel. */
    int64_t cap, greatest_cap;
    utc_ms starts_at, ends_at, created_at;
    int64_t offer_ttl_s; /* 0: no waiting list. */
    int64_t waiting, version;
};
/* Those of many SKUs that are not over, locked in order of id. */
MUST_USE err_t drop_lock_skus(struct ctx *ctx, const sku_id *skus, size_t count,
                              struct drop **ret, size_t *ret_count);
MUST_USE err_t drop_lock(struct ctx *ctx, drop_id id, struct drop *ret);
/* With codes, or ERR_NOT_FOUND. */
MUST_USE err_t drop_get(struct ctx *ctx, drop_id id, struct drop *ret);
MUST_USE err_t drop_page(struct ctx *ctx, int64_t after, size_t limit,
                         struct drop **ret, size_t *ret_count);
MUST_USE err_t drop_insert(struct ctx *ctx, const struct drop *drop);
/* Writes all of it at drop->version, which the caller raised, or not. */
MUST_USE err_t drop_save(struct ctx *ctx, const struct drop *drop);
/* By id, those that somebody waits for and that have begun; without codes. */
MUST_USE err_t drop_list_waiting(struct ctx *ctx, drop_id after, size_t limit,
                                 struct drop **ret, size_t *ret_count);

/* When a waiting list has something to do of itself; 0: never. */
MUST_USE err_t drop_next_at(struct ctx *ctx, utc_ms *ret);

struct drop_claim {
    drop_id drop;
    int64_t customer_key;
    int64_t owner_id;
    enum owner_kind owner_kind;
    int64_t used; /* drop_used_many: live units of all owners. */
};
MUST_USE err_t drop_claim_insert(struct ctx *ctx,
                                 const struct drop_claim *claims, size_t count);
/* Sets `used` of each (drop, customer). */
MUST_USE err_t drop_used_many(struct ctx *ctx, struct drop_claim *at,
                              size_t count);

/* Stored as numbers: append, never renumber. What became of an offer, its hold
 * says. */
enum drop_entry_state {
    ENTRY_WAITING = 1,
    ENTRY_OFFERED = 2,
    ENTRY_LEFT = 3,
    ENTRY_LAPSED = 4 /* The drop was over, or the customer had enough. */
};
struct drop_entry {
    drop_entry_id id;
    drop_id drop;
    channel_id channel;
    str customer;
    int64_t customer_key, qty;
    enum drop_entry_state state;
    hold_id hold; /* OFFERED; else 0. */
    utc_ms joined_at, ended_at;
    int64_t position; /* From 1 while it waits, else 0. */
};
MUST_USE err_t drop_entry_insert(struct ctx *ctx,
                                 const struct drop_entry *entry);
MUST_USE err_t drop_entry_get(struct ctx *ctx, drop_id drop, drop_entry_id id,
                              struct drop_entry *ret);
MUST_USE err_t drop_entry_page(struct ctx *ctx, drop_id drop, int64_t after,
                               size_t limit, struct drop_entry **ret,
                               size_t *ret_count);
/* The first in line. The drop is locked. */
MUST_USE err_t drop_entry_first(struct ctx *ctx, drop_id drop, size_t limit,
                                struct drop_entry **ret, size_t *ret_count);
/* Ends waiting ones; ERR_RETRY where one does not wait any more. */
MUST_USE err_t drop_entry_end(struct ctx *ctx, const struct drop_entry *entries,
                              size_t count);

/* ---- commands ---- */

struct drop_cmd {
    str sku, channel, name; /* Codes; empty channel: every one. */
    int64_t cap, offer_ttl_s;
    utc_ms starts_at, ends_at;
};
MUST_USE err_t drop_create(struct ctx *ctx, const struct drop_cmd *cmd,
                           drop_id *ret);
struct drop_change {
    int64_t version;
    const str *name;
    const int64_t *cap, *offer_ttl_s;
    const utc_ms *starts_at, *ends_at;
};
MUST_USE err_t drop_set(struct ctx *ctx, drop_id id,
                        const struct drop_change *change);
struct drop_join_cmd {
    drop_id drop;
    str channel; /* Empty: that of the drop. */
    str customer;
    int64_t qty;
};
MUST_USE err_t drop_join(struct ctx *ctx, const struct drop_join_cmd *cmd,
                         struct drop_entry *ret);
MUST_USE err_t drop_leave(struct ctx *ctx, drop_id drop, drop_entry_id id,
                          struct drop_entry *ret);
/* Offers free units to the first in line of each drop; *ret: there may be
 * more to do. */
MUST_USE err_t drop_offer(struct ctx *ctx, bool *ret_is_more);
/* An event about the drop, with an entry where it is about one. */
MUST_USE err_t drop_tell(struct ctx *ctx, const char *type,
                         const struct drop *drop,
                         const struct drop_entry *entry);

#endif
