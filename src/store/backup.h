/* backup.h - a store as an archive (archive.h), and an archive as a store.
 *
 * SQLite: the writer copies pages between its batches, so the copy keeps up
 * with what is written meanwhile and holds the moment it ended; it stands
 * beside the archive until it is packed. PostgreSQL: all tables by COPY in one
 * snapshot, the moment it began. What a restored store does first stands in
 * epoch.h.
 */
#ifndef WHARF_STORE_BACKUP_H
#define WHARF_STORE_BACKUP_H

#include "base/base.h"
#include "store/archive.h"
#include "store/store.h"

struct backup_pace {
    int64_t bytes_per_s; /* 0: as fast as it goes. */
    /* Called between two parts, with what is done of `total` (0: unknown);
     * false stops. */
    bool (*go_on)(void *arg, int64_t done, int64_t total);
    void *arg;
};
struct backup_result {
    struct archive_head head;
    struct archive_totals totals;
    int64_t size; /* Bytes of the archive. */
};

/* Writes an archive of the open store; `path` must not be there. */
MUST_USE err_t backup_make(struct ctx *ctx, struct store *store,
                           const char *path, const struct backup_pace *pace,
                           struct backup_result *ret);
/* Reads the whole archive and believes nothing of it. */
MUST_USE err_t backup_check(struct ctx *ctx, FILE *file,
                            const struct backup_pace *pace,
                            struct backup_result *ret);
/* Makes a store of the archive at `to`, where there is none: it is there whole
 * or not at all. */
MUST_USE err_t backup_restore(struct ctx *ctx, const struct store_config *to,
                              FILE *file, const struct backup_pace *pace,
                              struct backup_result *ret);

#endif
