/* id.h - 63-bit ids that rise with time and carry their bucket.
 *
 *   62..22  41 bits  milliseconds since 2020-01-01 UTC
 *   21..8   14 bits  node (5) and sequence (9)
 *    7..0    8 bits  bucket
 *
 * More than 512 ids in one millisecond borrow from the next; a clock that
 * steps back does not make ids fall. One source belongs to one thread.
 */
#ifndef WHARF_BASE_ID_H
#define WHARF_BASE_ID_H

#include "base/base.h"

enum { ID_BUCKETS = 256, ID_NODES = 32, ID_TEXT_BYTES = 24 };

struct id_source {
    int node;
    int64_t last; /* ms << 9 | sequence of the last id. */
};

/* `high_water` is the greatest id ever stored, or 0. */
void id_source_init(struct id_source *ids, int node, int64_t high_water);
/* The moment of its last id: until the clock is past it, ids are of that
 * moment or later, and those of two sources have no order among them. */
utc_ms id_source_time(const struct id_source *ids);
int64_t id_next(struct id_source *ids, utc_ms now, int bucket);
int id_bucket(int64_t id);
utc_ms id_time(int64_t id);
/* The least id of that instant: for time ranges over ids. */
int64_t id_floor(utc_ms at);

/* "ord_" and 13 Crockford base32 digits, lower case; returns the length. */
size_t id_to_text(const char *prefix, int64_t id, char ret[ID_TEXT_BYTES]);
struct arena;
/* The same, kept in the arena. */
str id_str(struct arena *arena, const char *prefix, int64_t id);
/* False unless it is that prefix and a well-formed number. */
bool id_from_text(const char *prefix, str text, int64_t *ret);

#endif
