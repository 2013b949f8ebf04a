/* backup_sqlite.c - the file of an SQLite store into an archive and back. */
#define WHARF_UNBANNED
#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/str.h"
#include "base/time.h"
#include "store/backup_int.h"
#include "store/call.h"
#include "store/engine.h"
#include "store/epoch.h"
#include "store/meta_sql.h"

enum {
    STEP_PAGES = 64, /* A few tenths of a millisecond of the writer. */
    STEP_PAGES_MAX = 16384,
    PAGE_BYTES = 4096
};

/* ---- making ---- */

struct copying {
    const char *path;
    int step, left, total;
    utc_ms at;
};

static err_t run_open(struct ctx *ctx, void *arg)
{
    const struct copying *copying = arg;
    return ctx->tx->ops->copy_open(ctx, ctx->tx, copying->path);
}

static err_t run_step(struct ctx *ctx, void *arg)
{
    struct copying *copying = arg;
    copying->at = clock_now();
    return ctx->tx->ops->copy_step(ctx, ctx->tx, copying->step, &copying->left,
                                   &copying->total);
}

static err_t run_close(struct ctx *ctx, void *arg)
{
    (void)arg;
    ctx->tx->ops->copy_close(ctx->tx);
    return OK;
}

/* A store that grows faster than it is copied must not be copied for ever:
 * past the size that it had at first there is no waiting, and steps that do not
 * gain on it become longer. */
static err_t copy_pages(struct backup_run *run, struct store *store,
                        struct copying *copying)
{
    int first_total = 0, left_before = 0;
    copying->left = 1;
    copying->step = STEP_PAGES;
    while (copying->left > 0) {
        run->is_unpaced =
            first_total > 0 && copying->total - copying->left >= first_total;
        if (run->is_unpaced && copying->left >= left_before &&
            copying->step < STEP_PAGES_MAX)
            copying->step *= 2;
        left_before = copying->left;
        TRY(store_call_bare(run->ctx, store, "backup", run_step, copying));
        /* Copied once, then read once. */
        run->total = 2 * (int64_t)copying->total * PAGE_BYTES;
        int64_t now = (int64_t)(copying->total - copying->left) * PAGE_BYTES;
        TRY(backup_went_on(run, now > run->done ? now - run->done : 0));
        if (first_total == 0)
            first_total = copying->total;
    }
    run->is_unpaced = false;
    return OK;
}

static err_t pack(struct backup_run *run, const char *path,
                  struct archive_out *out)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return fail(run->ctx, ERR_STATE, "", "%s: %s", path, strerror(errno));
    struct backup_lot lot;
    char bytes[16 * PAGE_BYTES];
    size_t len;
    err_t err = OK;
    backup_lot_open(&lot, run, out);
    while (err == OK && (len = fread(bytes, 1, sizeof bytes, file)) > 0)
        err = backup_lot_add(&lot, bytes, len);
    if (err == OK && ferror(file))
        err = fail(run->ctx, ERR_STATE, "", "%s cannot be read", path);
    if (err == OK)
        err = backup_lot_flush(&lot);
    backup_lot_close(&lot);
    (void)fclose(file);
    return err;
}

err_t backup_make_sqlite(struct backup_run *run, struct store *store,
                         const char *path, struct archive_out *out,
                         utc_ms *ret_at)
{
    struct ctx *ctx = run->ctx, closing = {.arena = ctx->arena};
    struct copying copying = {
        .path =
            str_to_cstr(ctx->arena, str_printf(ctx->arena, "%s.copy", path))};
    (void)unlink(copying.path); /* Of a backup that was killed. */
    err_t err = store_call_bare(ctx, store, "backup", run_open, &copying);
    if (err == OK) {
        err = copy_pages(run, store, &copying);
        err_t closed =
            store_call_bare(&closing, store, "backup", run_close, NULL);
        if (err == OK)
            err = closed;
    }
    if (err == OK)
        err = pack(run, copying.path, out);
    (void)unlink(copying.path);
    *ret_at = copying.at;
    return err;
}

/* ---- restoring ---- */

static err_t write_pages(struct backup_run *run, struct archive_in *in, int fd,
                         const char *part)
{
    struct archive_record record;
    for (;;) {
        TRY(archive_next(run->ctx, in, &record));
        if (record.kind == ARCHIVE_END)
            break;
        str left = record.bytes;
        while (left.len > 0) {
            ssize_t put = write(fd, left.ptr, left.len);
            if (put < 0)
                return fail(run->ctx, ERR_STATE, "", "%s: %s", part,
                            strerror(errno));
            left.ptr += put;
            left.len -= (size_t)put;
        }
        TRY(backup_went_on(run, (int64_t)record.bytes.len));
    }
    return OK;
}

/* So that whoever opens it first gives it a new epoch. */
static err_t mark_restored(struct ctx *ctx, const char *part)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *stmt = NULL;
    int code = sqlite3_open_v2(part, &db, SQLITE_OPEN_READWRITE, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_prepare_v2(db, sql_all.at[SQL_META_SAVE].sqlite, -1,
                                  &stmt, NULL);
    if (code == SQLITE_OK) {
        (void)sqlite3_bind_text(stmt, 1, EPOCH_PENDING, -1, SQLITE_STATIC);
        (void)sqlite3_bind_text(stmt, 2, "1", -1, SQLITE_STATIC);
        code = sqlite3_step(stmt);
    }
    err_t err = code == SQLITE_DONE ? OK
                                    : fail(ctx, ERR_INVALID, "",
                                           "what the backup holds is not "
                                           "a store: %s",
                                           sqlite3_errstr(code));
    (void)sqlite3_finalize(stmt);
    /* The last to close takes the log into the file and syncs it. */
    if (sqlite3_close(db) != SQLITE_OK && err == OK)
        err = fail(ctx, ERR_STATE, "", "%s does not close", part);
    return err;
}

/* What SQLite keeps beside a file is part of it. */
static const char *const ends[] = {"", "-wal", "-shm", "-journal"};

static const char *end_of(struct ctx *ctx, const char *path, size_t end)
{
    return str_to_cstr(ctx->arena,
                       str_printf(ctx->arena, "%s%s", path, ends[end]));
}

static err_t refuse_if_there(struct ctx *ctx, const char *path)
{
    struct stat found;
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        const char *name = end_of(ctx, path, i);
        if (lstat(name, &found) == 0)
            return fail_as(ctx, ERR_STATE, "store_exists", "--store",
                           "%s is there already; a backup is restored where "
                           "nothing is",
                           name);
    }
    return OK;
}

/* Of a restore that was killed: a log would be taken into the new file. */
static void remove_left(struct ctx *ctx, const char *part)
{
    for (size_t i = 1; i < COUNT_OF(ends); i++)
        (void)unlink(end_of(ctx, part, i));
}

static err_t fill(struct backup_run *run, struct archive_in *in, int fd,
                  const char *part)
{
    TRY(write_pages(run, in, fd, part));
    if (fsync(fd) != 0)
        return fail(run->ctx, ERR_STATE, "", "%s: %s", part, strerror(errno));
    return mark_restored(run->ctx, part);
}

static err_t restore_part(struct backup_run *run, struct archive_in *in, int fd,
                          const char *part, const char *path)
{
    TRY(refuse_if_there(run->ctx, path));
    TRY(fill(run, in, fd, part));
    int why = file_name_new(part, path);
    return why == 0 ? OK
                    : fail(run->ctx, ERR_STATE, "--store", "%s: %s", path,
                           strerror(why));
}

err_t restore_sqlite(struct backup_run *run, struct archive_in *in,
                     const struct store_config *to)
{
    struct ctx *ctx = run->ctx;
    const char *part = str_to_cstr(
        ctx->arena, str_printf(ctx->arena, "%s.restoring", to->path));
    int fd = -1, why = file_part_open(part, &fd);
    if (why != 0)
        return fail(ctx, ERR_STATE, "--store", "%s: %s", part,
                    why == EWOULDBLOCK ? "another restore is at work there"
                                       : strerror(why));
    remove_left(ctx, part);
    err_t err = restore_part(run, in, fd, part, to->path);
    if (err != OK) {
        remove_left(ctx, part);
        (void)unlink(part);
    }
    (void)close(fd);
    TRY(err);
    why = file_sync_folder(to->path);
    return why == 0 ? OK
                    : fail(ctx, ERR_STATE, "--store", "the folder of %s: %s",
                           to->path, strerror(why));
}
