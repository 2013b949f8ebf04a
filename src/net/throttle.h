/* throttle.h - waits that grow with failures, in memory and bounded.
 *
 * An attempt passes some gates (an account from an address, an address over
 * all accounts …). It counts as failed from the moment it enters, so that many
 * at once do not all slip through, until it is told that it was good. Past
 * what a gate gives freely each failure doubles the wait for the next one.
 * What has been quiet for hours is forgotten, and a full table forgets what
 * has been quiet longest. See docs/access.md.
 */
#ifndef WHARF_NET_THROTTLE_H
#define WHARF_NET_THROTTLE_H

#include "base/base.h"

struct throttle;

struct throttle_gate {
    uint64_t key; /* Of throttle_key(). */
    int free;     /* Failures without a wait. */
    int wait_max_s;
};

struct throttle *throttle_open(void);
/* Takes NULL. */
void throttle_close(struct throttle *throttle);
/* Mixes what a gate is about under a secret, so that nobody can aim at the
 * place of another. */
uint64_t throttle_key(const struct throttle *throttle, uint64_t seed, str part);
/* The same of an address; of IPv6 only the network, of which one host has
 * more addresses than it could ever use. */
uint64_t throttle_peer_key(const struct throttle *throttle, uint64_t seed,
                           const char *peer);
/* 0: it may go on, and counts as failed at every gate; else seconds to wait,
 * and it counts nowhere. now_ms is of a clock that never steps back. */
int throttle_enter(struct throttle *throttle, const struct throttle_gate *gates,
                   size_t count, int64_t now_ms);
/* The attempt failed: the wait runs from here, however long it took. */
void throttle_failed(struct throttle *throttle,
                     const struct throttle_gate *gates, size_t count,
                     int64_t now_ms);
/* The attempt was good: it no longer counts; gates[0] forgets all failures. */
void throttle_forgive(struct throttle *throttle,
                      const struct throttle_gate *gates, size_t count);

/* A place among the most that may be under way at once for a key; false: all
 * are taken, or too many keys have one. What was taken is given back. */
bool throttle_take(struct throttle *throttle, uint64_t key, int most);
void throttle_give(struct throttle *throttle, uint64_t key);

#endif
