/* archive.h - the file of a backup: one format for both engines.
 *
 *     "WHARFBAK"  u32 format (1)  u32 length  head  32 bytes of hash
 *     records:    u32 kind  u32 length  u32 packed  packed bytes  hash
 *
 * Numbers are big-endian. The head is lines of text. What a record holds is
 * packed by zlib. Each hash is BLAKE2b-256 over the hash before it and the
 * bytes since, so a record can be neither changed, moved, left out nor taken
 * from another archive. The last record says how many there were: without it
 * the archive is cut off. A file gets its name once it is whole and on disk.
 */
#ifndef WHARF_STORE_ARCHIVE_H
#define WHARF_STORE_ARCHIVE_H

#include <stdio.h>

#include "base/base.h"
#include "store/store.h"

enum {
    ARCHIVE_FORMAT = 1,
    ARCHIVE_RECORD_BYTES = 1024 * 1024,
    ARCHIVE_HEAD_BYTES = 256 * 1024,
    ARCHIVE_STEPS_MAX = 4096
};

enum archive_kind {
    ARCHIVE_DATA = 1,  /* SQLite: bytes of the file. PostgreSQL: COPY text. */
    ARCHIVE_TABLE = 2, /* PostgreSQL: "name", line feed, "column, column". */
    ARCHIVE_END = 3
};

struct archive_head {
    enum store_engine engine;
    str epoch;        /* Of the store that was backed up. */
    utc_ms at;        /* The backup began. */
    str version;      /* Of the program that made it. */
    const str *steps; /* Of the schema. */
    size_t step_count;
};
struct archive_totals {
    int64_t records, bytes; /* Without the last one; not packed. */
    utc_ms at;              /* The moment that the backup holds. */
};

struct archive_out;
/* Writes to `<path>.part`, mode 0600. Fails where `path` is there already. */
MUST_USE err_t archive_create(struct ctx *ctx, const char *path,
                              const struct archive_head *head,
                              struct archive_out **ret);
MUST_USE err_t archive_put(struct ctx *ctx, struct archive_out *out,
                           enum archive_kind kind, str bytes);
/* Ends, syncs and names the file, and closes `out` whatever comes. */
MUST_USE err_t archive_finish(struct ctx *ctx, struct archive_out *out,
                              utc_ms at, struct archive_totals *ret);
/* Closes and removes what there is. Takes NULL. */
void archive_abandon(struct archive_out *out);
/* Bytes that are in the file so far. */
int64_t archive_size(const struct archive_out *out);

struct archive_in;
/* Reads the head; `file` stays the caller's. ERR_INVALID says what is wrong:
 * archive_foreign, archive_newer, archive_damaged, archive_cut. */
MUST_USE err_t archive_open(struct ctx *ctx, FILE *file,
                            struct archive_head *ret_head,
                            struct archive_in **ret);
struct archive_record {
    enum archive_kind kind;
    str bytes; /* Until the next call. */
};
/* At ARCHIVE_END all totals were compared and nothing follows. */
MUST_USE err_t archive_next(struct ctx *ctx, struct archive_in *in,
                            struct archive_record *ret);
struct archive_totals archive_totals(const struct archive_in *in);
void archive_close(struct archive_in *in); /* Takes NULL. */

#endif
