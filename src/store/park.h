/* park.h - commands that crash the process, found out and put aside; private
 * to the store floor.
 *
 * Before a batch runs, the keys of its commands are noted in a small file
 * beside the database, mapped into memory: what the kernel holds outlives the
 * process. Keys that stand there at the next start were running when it died.
 * Such a suspect runs alone from then on; after PARK_CRASHES deaths it is
 * parked: refused without running. A success or a refusal clears it. One
 * writer; stores in memory and PostgreSQL have none.
 */
#ifndef WHARF_STORE_PARK_H
#define WHARF_STORE_PARK_H

#include "base/base.h"
#include "store/idem.h"

enum { PARK_CRASHES = 3 };

struct park;

/* Opens "<path>.running" and counts what stands there. NULL, with a line in
 * the log, where it cannot: the store works without. */
struct park *park_open(struct arena *arena, const char *path);
/* Takes NULL, as all below do. */
void park_close(struct park *park);
/* How often the process died while this key ran. */
int park_crashes(const struct park *park, const struct idem_entry *key);
/* Around each run; a key without hash (no Idempotency-Key) is left out. */
void park_begin(struct park *park, const struct idem_entry *keys, size_t count);
void park_end(struct park *park);
/* Cleared of suspicion: it ran to an end. */
void park_clear(struct park *park, const struct idem_entry *key);

#endif
