/* sqlite_copy.c - SQLite's online backup, in small steps. */
#include "store/sqlite_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"

struct sqlite_copy {
    sqlite3 *to;
    sqlite3_backup *backup;
};

static err_t failed(struct ctx *ctx, const char *what)
{
    return fail_as(ctx, ERR_STATE, "copy_failed", "", "the copy: %s", what);
}

err_t sqlite_copy_open(struct ctx *ctx, sqlite3 *from, const char *path,
                       struct sqlite_copy **ret)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return failed(ctx, strerror(errno));
    (void)close(fd);
    struct sqlite_copy *copy = mem_new(sizeof *copy);
    int code = sqlite3_open_v2(
        path, &copy->to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    /* A copy that was cut short is thrown away: nothing to roll back. */
    if (code == SQLITE_OK)
        code = sqlite3_exec(copy->to,
                            "PRAGMA journal_mode=OFF;PRAGMA synchronous=OFF",
                            NULL, NULL, NULL);
    if (code == SQLITE_OK)
        copy->backup = sqlite3_backup_init(copy->to, "main", from, "main");
    if (!copy->backup) {
        err_t err =
            failed(ctx, copy->to ? sqlite3_errmsg(copy->to) : "no memory");
        sqlite_copy_close(copy);
        return err;
    }
    *ret = copy;
    return OK;
}

err_t sqlite_copy_step(struct ctx *ctx, struct sqlite_copy *copy, int pages,
                       int *ret_left, int *ret_total)
{
    int code = sqlite3_backup_step(copy->backup, pages);
    if (code != SQLITE_OK && code != SQLITE_DONE)
        return failed(ctx, sqlite3_errstr(code));
    *ret_left =
        code == SQLITE_DONE ? 0 : sqlite3_backup_remaining(copy->backup);
    if (code != SQLITE_DONE && *ret_left == 0)
        *ret_left = 1;
    *ret_total = sqlite3_backup_pagecount(copy->backup);
    return OK;
}

void sqlite_copy_close(struct sqlite_copy *copy)
{
    if (!copy)
        return;
    (void)sqlite3_backup_finish(copy->backup);
    (void)sqlite3_close(copy->to);
    mem_free(copy);
}
