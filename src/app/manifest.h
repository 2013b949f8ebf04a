/* manifest.h - what an export holds: manifest.json beside its files. */
#ifndef WHARF_APP_MANIFEST_H
#define WHARF_APP_MANIFEST_H

#include "app/tables.h"
#include "base/base.h"

enum { MANIFEST_VERSION = 1, MANIFEST_HASH_BYTES = 32, MANIFEST_FILES = 300 };
enum { MANIFEST_BYTES = 1024 * 1024 };

struct manifest_file {
    const struct table *table;
    bool is_csv;
    int64_t rows, bytes;
    char sha256[2 * MANIFEST_HASH_BYTES + 1];
};
struct manifest {
    str schema; /* The last step of the store's schema. */
    str epoch;  /* Of the store it was made from. */
    utc_ms exported_at;
    struct manifest_file files[MANIFEST_FILES];
    size_t count;
};

struct buf;
void manifest_write(const struct manifest *manifest, struct buf *out);
/* Fails with ERR_INVALID or ERR_MALFORMED: not ours, of a newer version, with
 * a table that is not known here. */
MUST_USE err_t manifest_read(struct ctx *ctx, str text, struct manifest *ret);

/* All tables in the order in which they are exported and restored. */
size_t manifest_table_count(void);
const struct table *manifest_table(size_t i);
/* "orders.jsonl", in the arena. */
str manifest_file_name(struct arena *arena, const struct manifest_file *file);

#endif
