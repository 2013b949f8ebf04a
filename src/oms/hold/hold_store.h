/* hold_store.h - rows of the hold room and what joins its files. Private. */
#ifndef WHARF_OMS_HOLD_STORE_H
#define WHARF_OMS_HOLD_STORE_H

#include "oms/hold/hold.h"

struct route_list;
struct timer_list;
struct verify_list;

MUST_USE err_t hold_insert_many(struct ctx *ctx,
                                const struct hold *const *holds, size_t count);
/* Newest first, ids below `before`; with channel codes. */
MUST_USE err_t hold_page(struct ctx *ctx, int64_t before, size_t limit,
                         struct hold **ret, size_t *ret_count);
/* Sets their channels' codes. */
MUST_USE err_t hold_add_codes(struct ctx *ctx, struct hold *holds,
                              size_t count);
/* Open holds that ran out by now, the longest overdue first. */
MUST_USE err_t hold_due_list(struct ctx *ctx, size_t limit, hold_id **ret,
                             size_t *ret_count);
/* When the first open hold runs out; 0: there is none. */
MUST_USE err_t hold_next_expiry(struct ctx *ctx, utc_ms *ret);
/* Their changes in this batch, as events of the log. */
MUST_USE err_t hold_tell_many(struct ctx *ctx, const struct hold *const *holds,
                              size_t count);

/* Ends or extends many, each decided by itself in order of arrival. */
struct hold_change_item {
    struct ctx *ctx;
    hold_id id;
    int64_t version, ttl_s; /* ttl_s 0: release; version 0: any. */
    err_t err;              /* The outcome. Where it is OK: */
    struct hold *hold;      /* As it is now. */
};
MUST_USE err_t hold_change_many(struct ctx *ctx, struct hold_change_item *items,
                                size_t count);

/* Members of an object that is open. */
void hold_write(const struct hold *hold, utc_ms now, struct json_out *out);

extern const struct route_list hold_routes;
extern const struct timer_list hold_timers;
extern const struct verify_list hold_verify;

#endif
