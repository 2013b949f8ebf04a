/* key_ring.h - keys and live sessions in memory, for the net threads.
 *
 * Loaded whole from the store at start, after every change made here, and
 * every two seconds for changes made by other nodes. Lookups take a read lock
 * and do no I/O.
 */
#ifndef WHARF_APP_KEY_RING_H
#define WHARF_APP_KEY_RING_H

#include "base/base.h"
#include "net/http.h"
#include "store/store.h"

struct key_ring;

enum { KEY_RING_HASH_BYTES = 32 };

MUST_USE err_t key_ring_open(struct ctx *ctx, struct store *store,
                             struct key_ring **ret);
/* Ends its thread, before the store closes; what the store still finishes may
 * reload until then. Takes NULL, as does key_ring_close, after the store. */
void key_ring_stop(struct key_ring *ring);
void key_ring_close(struct key_ring *ring);
/* Loads anew and then calls then(arg), on a thread of the store. */
void key_ring_reload(struct key_ring *ring, void (*then)(void *arg), void *arg);
/* The hashes of all that it knows, one behind the other. */
unsigned char *key_ring_hashes(struct key_ring *ring, struct arena *arena,
                               size_t *ret_count);
/* The hash of what the caller shows; false where it shows nothing that could
 * be known to any ring. Pure. */
bool key_ring_shown(const struct http_caller *caller,
                    unsigned char ret[KEY_RING_HASH_BYTES]);
/* An http_auth_fn; arg is the ring. Takes "Bearer wk_…", or the cookie of a
 * session with its CSRF token; who shows both is the key. */
err_t key_ring_auth(void *arg, struct ctx *ctx,
                    const struct http_caller *caller,
                    struct http_identity *ret);

#endif
