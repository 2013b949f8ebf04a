/* secret.h - secrets at rest: sealed with a key that stands in a file apart.
 *
 * A ring is what a key file holds: one key a line, the newest first. It seals
 * with the newest and opens with any, so a new key does not make old secrets
 * unreadable. A sealed secret names its key and is bound to its place: moved
 * to another row it does not open. See docs/secrets.md.
 */
#ifndef WHARF_BASE_SECRET_H
#define WHARF_BASE_SECRET_H

#include "base/base.h"

struct secret_ring;

enum { SECRET_KEY_ID_BYTES = 8 };

/* Reads the key file; makes one, readable by its owner alone, where there is
 * none. Fails with ERR_STATE where others may read it or it is no key file. */
MUST_USE err_t secret_ring_open(struct ctx *ctx, const char *path,
                                struct secret_ring **ret);
void secret_ring_close(struct secret_ring *ring); /* Takes NULL. */
/* Writes a new key in front of the others; for the next start. */
MUST_USE err_t secret_ring_rotate(struct ctx *ctx, const char *path);
/* The id of the key that seals, and how many there are. */
str secret_ring_newest(const struct secret_ring *ring);
size_t secret_ring_count(const struct secret_ring *ring);

/* "s1.<key id>.<text>", in ctx->arena. `place` says where it will stand, as
 * "webhook:whk_…". NULL ring: ERR_STATE, slug "no_key_file". */
MUST_USE err_t secret_seal(struct ctx *ctx, const struct secret_ring *ring,
                           str place, str secret, str *ret);
/* ERR_STATE with slug "secret_key_missing" or "secret_broken". */
MUST_USE err_t secret_open(struct ctx *ctx, const struct secret_ring *ring,
                           str place, str sealed, str *ret);
/* Whether it is sealed, whatever the key. */
bool secret_is_sealed(str text);

/* "m1.<key id>.<hex>": HMAC-SHA-512/256 of the text, by the newest key. */
MUST_USE err_t secret_sign(struct ctx *ctx, const struct secret_ring *ring,
                           str text, str *ret);
/* Whether a key of the ring made that signature of that text. */
bool secret_signed(const struct secret_ring *ring, str text, str signature);

#endif
