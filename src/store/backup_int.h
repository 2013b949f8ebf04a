/* backup_int.h - the parts of a backup; private to the store floor. */
#ifndef WHARF_STORE_BACKUP_INT_H
#define WHARF_STORE_BACKUP_INT_H

#include "store/backup.h"

/* How far a backup is, and how fast it may be. */
struct backup_run {
    struct ctx *ctx;
    const struct backup_pace *pace;
    int64_t done, total;
    int64_t began_ns;
    bool is_unpaced; /* It must not wait now. */
};
/* `bytes` more are done: waits as the pace says. Fails where it is stopped. */
MUST_USE err_t backup_went_on(struct backup_run *run, int64_t bytes);

/* Bytes that become records of one kind. */
struct backup_lot {
    struct backup_run *run;
    struct archive_out *out;
    char *bytes;
    size_t len;
};
void backup_lot_open(struct backup_lot *lot, struct backup_run *run,
                     struct archive_out *out);
void backup_lot_close(struct backup_lot *lot);
MUST_USE err_t backup_lot_add(struct backup_lot *lot, const char *bytes,
                              size_t len);
MUST_USE err_t backup_lot_flush(struct backup_lot *lot);

/* *ret_at: the moment it holds. */
MUST_USE err_t backup_make_sqlite(struct backup_run *run, struct store *store,
                                  const char *path, struct archive_out *out,
                                  utc_ms *ret_at);
MUST_USE err_t backup_make_postgres(struct backup_run *run,
                                    const struct store_config *from,
                                    struct archive_out *out, utc_ms *ret_at);
MUST_USE err_t restore_sqlite(struct backup_run *run, struct archive_in *in,
                              const struct store_config *to);
MUST_USE err_t restore_postgres(struct backup_run *run, struct archive_in *in,
                                const struct archive_head *head,
                                const struct store_config *to);

#endif
