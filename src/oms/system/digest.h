/* digest.h - hourly digests of the event log (I29).
 *
 * A digest is a BLAKE2b-256 hash chained over every event from the first, in
 * the order of reading, with a signature by the key file. Whoever keeps one
 * can tell later whether anything before it was cut out, put in or altered.
 */
#ifndef WHARF_OMS_SYSTEM_DIGEST_H
#define WHARF_OMS_SYSTEM_DIGEST_H

#include "base/base.h"
#include "store/event.h"

enum { DIGEST_BYTES = 32, DIGEST_HEX = 64, DIGEST_HOUR_MS = 3600000 };

/* A hash on its way over the log; zeroed before the first event. */
struct digest_chain {
    struct event_cursor through; /* The last event in it. */
    int64_t events;              /* Since the last digest. */
    unsigned char hash[DIGEST_BYTES];
};

struct log_digest {
    int64_t n; /* From 1. */
    utc_ms made_at;
    struct digest_chain chain; /* As it stood; its events are this hour's. */
    str signature;             /* Empty: there was no key file. */
};

/* Takes up to `limit` more events; *ret_count 0: it has them all. */
MUST_USE err_t digest_extend(struct ctx *ctx, struct digest_chain *chain,
                             size_t limit, size_t *ret_count);
/* The chain as the store last kept it. */
MUST_USE err_t digest_state_get(struct ctx *ctx, struct digest_chain *ret);
/* Keeps it. ERR_CONFLICT unless the store's is still `before`. */
MUST_USE err_t digest_state_save(struct ctx *ctx,
                                 const struct digest_chain *before,
                                 const struct digest_chain *chain);
/* Adds the digest of this chain, signed where the store has a key file, and
 * begins the next. ERR_CONFLICT where another node was faster. */
MUST_USE err_t digest_add(struct ctx *ctx, const struct digest_chain *chain);
/* When the next digest is due: 0 while nothing is new. */
MUST_USE err_t digest_next_at(struct ctx *ctx, utc_ms *ret);
/* Oldest first, keyset by n. */
MUST_USE err_t digest_list(struct ctx *ctx, int64_t after, size_t limit,
                           struct log_digest **ret, size_t *ret_count);
/* The newest; n 0: there is none. */
MUST_USE err_t digest_last(struct ctx *ctx, struct log_digest *ret);
/* What the signature is over: the number, the moment and the hash. */
str digest_text(struct arena *arena, const struct log_digest *digest);

#endif
