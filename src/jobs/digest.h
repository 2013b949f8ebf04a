/* digest.h - makes the hourly digests of the event log.
 *
 * Hashing runs on readers, so that it takes nothing from the writer but one
 * small row now and then.
 */
#ifndef WHARF_JOBS_DIGEST_H
#define WHARF_JOBS_DIGEST_H

#include "base/base.h"

struct store;

/* One turn, some of the work where there is much: call it every few seconds.
 * A failure is logged and tried again with the next turn. `now` decides which
 * hour it is. */
void digest_turn(struct store *store, utc_ms now);

#endif
