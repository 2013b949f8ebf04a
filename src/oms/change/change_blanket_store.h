/* change_blanket_store.h - blanket orders and their releases as rows. */
#ifndef WHARF_OMS_CHANGE_BLANKET_STORE_H
#define WHARF_OMS_CHANGE_BLANKET_STORE_H

#include "oms/change/change_blanket.h"

MUST_USE err_t blanket_get(struct ctx *ctx, blanket_id id, struct blanket *ret);
MUST_USE err_t blanket_lock(struct ctx *ctx, blanket_id id,
                            struct blanket *ret);
struct blanket_query {
    enum blanket_state state; /* 0: any. */
    company_id company;       /* 0: any; not with a state. */
    blanket_id before;
    size_t limit;
};
/* Newest first. */
MUST_USE err_t blanket_list(struct ctx *ctx, const struct blanket_query *query,
                            struct blanket **ret, size_t *ret_count);
MUST_USE err_t blanket_list_customer(struct ctx *ctx, customer_id id,
                                     struct blanket **ret, size_t *ret_count);
MUST_USE err_t blanket_insert(struct ctx *ctx, const struct blanket *blanket);
/* Raises the version. */
MUST_USE err_t blanket_save(struct ctx *ctx, struct blanket *blanket);
MUST_USE err_t blanket_sums(struct ctx *ctx, const struct blanket *all,
                            size_t count, struct blanket_sum *ret);

MUST_USE err_t release_get(struct ctx *ctx, const struct release_key *key,
                           struct release *ret);
MUST_USE err_t release_list(struct ctx *ctx, const struct release_key *after,
                            size_t limit, struct release **ret,
                            size_t *ret_count);
/* The greatest n that was given; 0: none. */
MUST_USE err_t release_last(struct ctx *ctx, blanket_id id, int64_t *ret);
MUST_USE err_t release_insert(struct ctx *ctx, blanket_id id,
                              const struct release *all, size_t count);
MUST_USE err_t release_save(struct ctx *ctx, blanket_id id,
                            const struct release *release);
/* Of those that are planned: the days that are over are skipped, the others
 * are placed so long before they ship... */
MUST_USE err_t release_start(struct ctx *ctx, const struct blanket *blanket);
MUST_USE err_t release_stop(struct ctx *ctx, blanket_id id); /* not placed, */
MUST_USE err_t release_cancel(struct ctx *ctx, blanket_id id);
MUST_USE err_t release_clear(struct ctx *ctx, blanket_id id); /* forgotten. */
MUST_USE err_t blanket_next_due(struct ctx *ctx, utc_ms *ret);

#endif
