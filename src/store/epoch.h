/* epoch.h - which store this is, and whether it may reach out.
 *
 * An epoch is a random number made with the store. A restored store gets a new
 * one and starts with outbound work paused: whoever calls the outside world
 * (webhooks, carriers, gateways, mail) asks outbound_is_paused() in the
 * transaction in which it takes its work, and one who remembers an epoch from
 * before sees that the store is not the one it knew.
 */
#ifndef WHARF_STORE_EPOCH_H
#define WHARF_STORE_EPOCH_H

#include "base/base.h"

enum { EPOCH_BYTES = 16 }; /* Hex digits of 64 bits. */
/* The row of meta that a restore leaves: the first to open the store gives it
 * a new epoch. */
#define EPOCH_PENDING "epoch.pending"

struct epoch {
    str text;            /* EPOCH_BYTES of them. */
    utc_ms made_at;      /* The store began, or was restored. */
    utc_ms restored_at;  /* 0: it never was. */
    str restored_from;   /* The epoch that the backup was made of, or empty. */
    utc_ms backed_up_at; /* The end of the last backup; 0: none. */
};

MUST_USE err_t epoch_get(struct ctx *ctx, struct epoch *ret);
/* Makes the epoch and the outbound row where they are missing, and renews them
 * where the store was restored; for store_open. */
MUST_USE err_t epoch_ensure(struct ctx *ctx);
/* A restored store: a new epoch, outbound paused, with their event. */
MUST_USE err_t epoch_renew(struct ctx *ctx);
MUST_USE err_t epoch_backed_up(struct ctx *ctx);

/* What the schema is at: steps that were run, and the last of them. */
struct schema_state {
    size_t steps;
    str last; /* "0012_epoch.outbound" */
};
MUST_USE err_t schema_get(struct ctx *ctx, struct schema_state *ret);

struct outbound {
    bool is_paused;
    str reason; /* Why it was paused; empty while it runs. */
    utc_ms changed_at;
    int64_t version;
};
MUST_USE err_t outbound_get(struct ctx *ctx, struct outbound *ret);
MUST_USE err_t outbound_is_paused(struct ctx *ctx, bool *ret);

struct outbound_cmd {
    bool is_paused;
    str reason;      /* Empty unless is_paused. */
    int64_t version; /* 0: whatever it is. */
};
/* Pauses or resumes; to what it is already changes nothing. Fails with
 * ERR_STALE where the version is not the current one. */
MUST_USE err_t outbound_set(struct ctx *ctx, const struct outbound_cmd *cmd,
                            struct outbound *ret);

#endif
