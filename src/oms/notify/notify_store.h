/* notify_store.h - rows of webhooks and deliveries. Private to the room. */
#ifndef WHARF_OMS_NOTIFY_STORE_H
#define WHARF_OMS_NOTIFY_STORE_H

#include "oms/notify/notify_webhook.h"

struct sql_rows;

struct webhook {
    webhook_id id;
    str url, types, description;
    bool is_active;
    str disabled_reason;    /* Empty while active. */
    str secret, old_secret; /* Sealed; old_secret may be empty. */
    utc_ms old_until;
    struct event_cursor cursor;
    int64_t cursor_seq, taken;
    struct webhook_replay replay;
    utc_ms failing_since, last_attempt_at, last_success_at; /* 0: none. */
    int64_t last_status;                                    /* 0: none. */
    str last_error;
    int64_t lease_owner;
    utc_ms lease_until, created_at, updated_at;
    int64_t version;
};
MUST_USE err_t webhook_get(struct ctx *ctx, webhook_id id, struct webhook *ret);
/* For change; version 0: whatever it is, else ERR_STALE. */
MUST_USE err_t webhook_lock(struct ctx *ctx, webhook_id id, int64_t version,
                            struct webhook *ret);
MUST_USE err_t webhook_page(struct ctx *ctx, webhook_id after, size_t limit,
                            struct webhook **ret, size_t *ret_count);

struct delivery {
    int64_t n, event_id;
    enum delivery_state state;
    int64_t attempts;
    utc_ms next_at, created_at, last_at;
    int64_t last_status, duration_ms;
    str last_error, type;
};
MUST_USE err_t delivery_page(struct ctx *ctx, webhook_id id, int64_t before,
                             enum delivery_state state, size_t limit,
                             struct delivery **ret, size_t *ret_count);
MUST_USE err_t delivery_get(struct ctx *ctx, webhook_id id, int64_t event_id,
                            struct delivery *ret);

/* Where a secret of that webhook stands, for sealing. */
str webhook_place(struct ctx *ctx, webhook_id id);
/* Appends an event about the webhook. */
MUST_USE err_t webhook_tell(struct ctx *ctx, const char *type, webhook_id id,
                            int64_t version, str reason, int64_t *ret_event);

/* Deliveries of these events, without a lease. *ret_is_taken is false where the
 * webhook's cursor or count is not as the target has it; then nothing was done.
 */
MUST_USE err_t webhook_take_now(struct ctx *ctx,
                                const struct webhook_target *target,
                                const struct event *events, size_t count,
                                struct event_cursor cursor, bool *ret_is_taken);

/* ---- commands ---- */

struct webhook_cmd {
    str url, types, description;
    bool is_active;
};
MUST_USE err_t webhook_create(struct ctx *ctx, const struct webhook_cmd *cmd,
                              struct webhook *ret, str *ret_secret);
struct webhook_change {
    webhook_id id;
    int64_t version;
    bool has_url, has_types, has_description, has_active;
    struct webhook_cmd to;
};
MUST_USE err_t webhook_change(struct ctx *ctx,
                              const struct webhook_change *change,
                              struct webhook *ret);
MUST_USE err_t webhook_remove(struct ctx *ctx, webhook_id id);
/* A new secret; the one before signs beside it for a day. */
MUST_USE err_t webhook_rotate(struct ctx *ctx, webhook_id id, int64_t version,
                              struct webhook *ret, str *ret_secret);
/* An event for this endpoint alone, whatever its types. */
MUST_USE err_t webhook_ping(struct ctx *ctx, webhook_id id, int64_t *ret_event);
MUST_USE err_t delivery_replay(struct ctx *ctx, webhook_id id, int64_t event_id,
                               struct delivery *ret);
/* Dead ones taken since then, at most 1,000; *ret_count of them. */
MUST_USE err_t webhook_replay_dead(struct ctx *ctx, webhook_id id, utc_ms since,
                                   size_t *ret_count, bool *ret_is_more);
/* All events since then, and what was not taken yet: the cursor goes back. */
MUST_USE err_t webhook_replay_all(struct ctx *ctx, webhook_id id, utc_ms since);

#endif
