/* engine_sqlite.c - the embedded engine: one file, one writer, readers with
 * snapshots.
 *
 * The writer holds an exclusive flock on "<path>.lock" for its whole life, so
 * that one process owns the store while its readers still open the file. Only
 * the writer checkpoints. An error that makes SQLite give up the connection's
 * view of the file (I/O, read-only, cannot open) has it opened again by the
 * next begin; a full disk needs only a rollback.
 */
#include "store/engine.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "store/sqlite_copy.h"
#include "store/sqlite_rows.h"

enum {
    BUSY_TIMEOUT_MS = 2000,
    WAL_PAGES = 4000, /* More is no faster and stalls longer. */
    WAL_KEEP_BYTES = 64 * 1024 * 1024
};

enum fixed {
    BEGIN,
    COMMIT,
    ROLLBACK,
    SAVEPOINT,
    RELEASE,
    UNDO,
    SEEN,
    FIXED_COUNT
};

static const char *const FIXED_SQL[FIXED_COUNT] = {
    [BEGIN] = "BEGIN IMMEDIATE",    [COMMIT] = "COMMIT",
    [ROLLBACK] = "ROLLBACK",        [SAVEPOINT] = "SAVEPOINT work",
    [RELEASE] = "RELEASE work",     [UNDO] = "ROLLBACK TO work",
    [SEEN] = "PRAGMA data_version",
};

struct lite {
    struct store_tx head;
    struct store_config config;
    sqlite3 *db;
    sqlite3_stmt **stmts; /* By number; NULL until prepared. */
    sqlite3_stmt *fixed[FIXED_COUNT];
    int lock_fd;
    int64_t seen; /* Another number once another connection has written. */
    bool must_reopen;
    struct sqlite_copy *copy; /* While a backup is made. */
};

static struct lite *lite_of(struct store_tx *conn)
{
    return (struct lite *)(void *)conn;
}

static bool is_memory(const struct lite *lite)
{
    return str_equal_cstr(STR(":memory:"), lite->config.path);
}

/* ---- errors ---- */

static bool is_unavailable(int code)
{
    switch (code & 0xff) {
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_NOMEM: return true;
    default: return false;
    }
}

/* Turns what SQLite said into our words. The whole transaction may be gone
 * afterwards: the pipeline asks is_open. */
static err_t failed(struct ctx *ctx, struct lite *lite, int code,
                    const char *what)
{
    const char *text = lite->db ? sqlite3_errmsg(lite->db) : "not open";
    if (is_unavailable(code)) {
        lite->head.is_gone = true;
        if ((code & 0xff) != SQLITE_FULL && !is_memory(lite))
            lite->must_reopen = true;
        return fail(ctx, ERR_BUSY, "", "%s: %s (%d)", what, text, code);
    }
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return ERR_RETRY;
    case SQLITE_CONSTRAINT:
        if (code == SQLITE_CONSTRAINT_UNIQUE ||
            code == SQLITE_CONSTRAINT_PRIMARYKEY ||
            code == SQLITE_CONSTRAINT_ROWID)
            return fail_as(ctx, ERR_CONFLICT, "unique", "", "%s: %s", what,
                           text);
        break;
    default: break;
    }
    return fail(ctx, ERR_INTERNAL, "", "%s: %s (%d)", what, text, code);
}

/* ---- opening ---- */

/* The holder's number stands in the lock file, for people. */
static void lock_sign(int fd)
{
    char text[32];
    int len = snprintf(text, sizeof text, "%ld\n", (long)getpid());
    if (ftruncate(fd, 0) == 0)
        (void)!pwrite(fd, text, (size_t)len, 0);
}

static str lock_holder(struct ctx *ctx, int fd)
{
    char text[32];
    int64_t pid;
    ssize_t len = pread(fd, text, sizeof text, 0);
    if (len > 0 && str_to_i64(str_trim((str){text, (size_t)len}), &pid))
        return str_printf(ctx->arena, "process %lld", (long long)pid);
    return STR("another process");
}

static err_t lock_take(struct ctx *ctx, struct lite *lite)
{
    const char *path = str_to_cstr(
        ctx->arena, str_printf(ctx->arena, "%s.lock", lite->config.path));
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail(ctx, ERR_BUSY, "", "%s cannot be opened (errno %d)", path,
                    errno);
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        str holder = lock_holder(ctx, fd);
        close(fd);
        return fail_as(ctx, ERR_STATE, "store_locked", "",
                       "%s is in use by %.*s: stop it, or change things "
                       "through its API",
                       lite->config.path, STR_ARG(holder));
    }
    lock_sign(fd);
    lite->lock_fd = fd;
    return OK;
}

static err_t pragmas(struct ctx *ctx, struct lite *lite)
{
    bool is_writer = lite->head.role == CONN_WRITER;
    const struct store_config *config = &lite->config;
    int cache = is_writer ? config->cache_mib : config->reader_cache_mib;
    struct buf sql;
    buf_init(&sql, ctx->arena, 4096);
    if (is_writer)
        buf_add_cstr(&sql, "PRAGMA journal_mode=WAL;");
    else
        buf_add_cstr(&sql, "PRAGMA query_only=ON;");
    buf_addf(&sql,
             "PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"
             "PRAGMA secure_delete=ON;"
             "PRAGMA temp_store=MEMORY;PRAGMA trusted_schema=OFF;"
             "PRAGMA journal_size_limit=%d;PRAGMA wal_autocheckpoint=%d;"
             "PRAGMA cache_size=-%d;",
             WAL_KEEP_BYTES, is_writer ? WAL_PAGES : 0, cache * 1024);
    buf_add_char(&sql, '\0');
    int code = sqlite3_exec(lite->db, sql.ptr, NULL, NULL, NULL);
    return code == SQLITE_OK ? OK : failed(ctx, lite, code, "pragmas");
}

static err_t prepare_one(struct ctx *ctx, struct lite *lite, const char *name,
                         const char *sql, sqlite3_stmt **ret)
{
    int code = sqlite3_prepare_v3(lite->db, sql, -1, SQLITE_PREPARE_PERSISTENT,
                                  ret, NULL);
    return code == SQLITE_OK ? OK : failed(ctx, lite, code, name);
}

static err_t db_open(struct ctx *ctx, struct lite *lite)
{
    int flags =
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    if (lite->head.role == CONN_WRITER)
        flags |= SQLITE_OPEN_CREATE;
    int code =
        sqlite3_open_v2(lite->config.path, &lite->db, flags, lite->config.vfs);
    if (code != SQLITE_OK)
        return failed(ctx, lite, code, lite->config.path);
    (void)sqlite3_busy_timeout(lite->db, BUSY_TIMEOUT_MS);
    (void)sqlite3_db_config(lite->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    (void)sqlite3_db_config(lite->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    TRY(pragmas(ctx, lite));
    for (int i = 0; i < FIXED_COUNT; i++) {
        bool is_snapshot = i == BEGIN && lite->head.role == CONN_READER;
        TRY(prepare_one(ctx, lite, FIXED_SQL[i],
                        is_snapshot ? "BEGIN" : FIXED_SQL[i], &lite->fixed[i]));
    }
    return OK;
}

static void db_close(struct lite *lite)
{
    sqlite_copy_close(lite->copy);
    lite->copy = NULL;
    for (size_t i = 0; i < lite->head.list->count; i++) {
        (void)sqlite3_finalize(lite->stmts[i]);
        lite->stmts[i] = NULL;
    }
    for (int i = 0; i < FIXED_COUNT; i++) {
        (void)sqlite3_finalize(lite->fixed[i]);
        lite->fixed[i] = NULL;
    }
    (void)sqlite3_close(lite->db);
    lite->db = NULL;
}

static void lite_close(struct store_tx *conn)
{
    if (conn == NULL)
        return;
    struct lite *lite = lite_of(conn);
    db_close(lite);
    if (lite->lock_fd >= 0)
        (void)close(lite->lock_fd);
    mem_free(lite->stmts);
    mem_free(lite);
}

static err_t lite_open(struct ctx *ctx, const struct store_config *config,
                       enum conn_role role, struct store_tx **ret)
{
    /* Refused once SQLite runs, which is then how an earlier store set it. */
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    struct lite *lite = mem_new(sizeof(*lite));
    lite->head.ops = &engine_sqlite;
    lite->head.list = config->sql ? config->sql : &sql_all;
    lite->head.role = role;
    lite->config = *config;
    lite->lock_fd = -1;
    lite->stmts = mem_new((lite->head.list->count + 1) * sizeof(void *));
    err_t err = OK;
    if (role == CONN_WRITER && !is_memory(lite))
        err = lock_take(ctx, lite);
    if (err == OK)
        err = db_open(ctx, lite);
    if (err != OK) {
        lite_close(&lite->head);
        return err == ERR_RETRY ? fail(ctx, ERR_BUSY, "", "the file is busy")
                                : err;
    }
    *ret = &lite->head;
    return OK;
}

static err_t stmt_get(struct ctx *ctx, struct lite *lite, int number,
                      sqlite3_stmt **ret)
{
    const struct sql_stmt *stmt = &lite->head.list->at[number];
    ASSERT(stmt->sqlite != NULL);
    if (lite->stmts[number] == NULL) {
        TRY(prepare_one(ctx, lite, stmt->name, stmt->sqlite,
                        &lite->stmts[number]));
        ASSERT(sqlite3_bind_parameter_count(lite->stmts[number]) ==
               stmt->params);
    }
    *ret = lite->stmts[number];
    return OK;
}

static err_t lite_prepare(struct ctx *ctx, struct store_tx *conn,
                          const struct sql_list *list, bool is_late)
{
    sqlite3_stmt *stmt;
    ASSERT(list == conn->list);
    for (size_t i = 0; i < list->count && !is_late; i++)
        if (list->at[i].sqlite)
            TRY(stmt_get(ctx, lite_of(conn), (int)i, &stmt));
    return OK;
}

static err_t lite_exec(struct ctx *ctx, struct store_tx *conn, const char *sql)
{
    struct lite *lite = lite_of(conn);
    int code = sqlite3_exec(lite->db, sql, NULL, NULL, NULL);
    store_undone(conn, 0);
    return code == SQLITE_OK ? OK : failed(ctx, lite, code, sql);
}

static err_t pragma_is(struct ctx *ctx, struct lite *lite, const char *pragma,
                       const char *want)
{
    sqlite3_stmt *stmt = NULL;
    TRY(prepare_one(ctx, lite, pragma, pragma, &stmt));
    int code = sqlite3_step(stmt);
    str is = STR_NONE;
    if (code == SQLITE_ROW)
        is = str_copy(ctx->arena, sqlite_cell(stmt, 0, true).s);
    (void)sqlite3_finalize(stmt);
    if (str_equal_cstr(is, want))
        return OK;
    return fail_as(ctx, ERR_STATE, "weak_durability", "", "%s is %.*s, not %s",
                   pragma, STR_ARG(is), want);
}

static err_t lite_check(struct ctx *ctx, struct store_tx *conn)
{
    struct lite *lite = lite_of(conn);
    if (is_memory(lite))
        return OK;
    TRY(pragma_is(ctx, lite, "PRAGMA journal_mode", "wal"));
    TRY(pragma_is(ctx, lite, "PRAGMA synchronous", "2"));
    return pragma_is(ctx, lite, "PRAGMA foreign_keys", "1");
}

/* ---- transactions ---- */

static int fixed_run(struct lite *lite, enum fixed which)
{
    sqlite3_stmt *stmt = lite->fixed[which];
    if (stmt == NULL)
        return SQLITE_CANTOPEN;
    int code = sqlite3_step(stmt);
    (void)sqlite3_reset(stmt);
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

static bool lite_is_open(struct store_tx *conn)
{
    struct lite *lite = lite_of(conn);
    return lite->db && !sqlite3_get_autocommit(lite->db);
}

static void lite_rollback(struct store_tx *conn)
{
    if (lite_is_open(conn))
        (void)fixed_run(lite_of(conn), ROLLBACK);
    store_undone(conn, conn->mark_begun);
}

/* People may write to the file with other means, too. */
static err_t see_others(struct ctx *ctx, struct lite *lite)
{
    sqlite3_stmt *stmt = lite->fixed[SEEN];
    int code = sqlite3_step(stmt);
    int64_t seen = code == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : 0;
    (void)sqlite3_reset(stmt);
    if (code != SQLITE_ROW)
        return failed(ctx, lite, code, FIXED_SQL[SEEN]);
    if (seen != lite->seen)
        store_undone(&lite->head, 0);
    lite->seen = seen;
    return OK;
}

static err_t reopen(struct ctx *ctx, struct lite *lite)
{
    db_close(lite);
    TRY(db_open(ctx, lite));
    store_undone(&lite->head, 0);
    lite->must_reopen = false;
    return OK;
}

static err_t lite_begin(struct ctx *ctx, struct store_tx *conn)
{
    struct lite *lite = lite_of(conn);
    ASSERT(!lite_is_open(conn));
    conn->is_gone = false;
    conn->has_events = false;
    if (lite->must_reopen)
        TRY(reopen(ctx, lite));
    int code = fixed_run(lite, BEGIN);
    if (code != SQLITE_OK)
        return failed(ctx, lite, code, "BEGIN");
    conn->mark_begun = ++conn->mark;
    err_t err = conn->role == CONN_WRITER ? see_others(ctx, lite) : OK;
    if (err != OK)
        lite_rollback(conn);
    return err;
}

static enum batch_end lite_commit(struct ctx *ctx, struct store_tx *conn)
{
    struct lite *lite = lite_of(conn);
    if (!lite_is_open(conn))
        return BATCH_RETRY;
    int code = fixed_run(lite, COMMIT);
    if (code == SQLITE_OK)
        return BATCH_COMMITTED;
    err_t err = failed(ctx, lite, code, "COMMIT");
    lite_rollback(conn);
    return err == ERR_BUSY ? BATCH_GONE : BATCH_RETRY;
}

static err_t lite_savepoint(struct ctx *ctx, struct store_tx *conn)
{
    int code = fixed_run(lite_of(conn), SAVEPOINT);
    conn->mark_point = ++conn->mark;
    return code == SQLITE_OK ? OK
                             : failed(ctx, lite_of(conn), code, "SAVEPOINT");
}

static err_t lite_release(struct ctx *ctx, struct store_tx *conn)
{
    int code = fixed_run(lite_of(conn), RELEASE);
    conn->mark++;
    return code == SQLITE_OK ? OK : failed(ctx, lite_of(conn), code, "RELEASE");
}

static err_t lite_undo(struct ctx *ctx, struct store_tx *conn)
{
    if (!lite_is_open(conn))
        return ERR_RETRY;
    int code = fixed_run(lite_of(conn), UNDO);
    store_undone(conn, conn->mark_point);
    if (code != SQLITE_OK)
        return failed(ctx, lite_of(conn), code, "ROLLBACK TO");
    return lite_release(ctx, conn);
}

/* ---- statements ---- */

static err_t lite_run(struct ctx *ctx, struct store_tx *conn, int number,
                      const struct sql_arg *args, size_t rows, int64_t *changed)
{
    struct lite *lite = lite_of(conn);
    const struct sql_stmt *info = &conn->list->at[number];
    sqlite3_stmt *stmt;
    TRY(stmt_get(ctx, lite, number, &stmt));
    int64_t sum = 0;
    for (size_t i = 0; i < rows; i++) {
        sqlite_bind(stmt, info, &args[i * (size_t)info->params]);
        int code = sqlite3_step(stmt);
        while (code == SQLITE_ROW)
            code = sqlite3_step(stmt);
        if (code != SQLITE_DONE) {
            err_t err = failed(ctx, lite, code, info->name);
            (void)sqlite3_reset(stmt);
            return err;
        }
        sum += sqlite3_changes64(lite->db);
        (void)sqlite3_reset(stmt);
    }
    if (changed)
        *changed = sum;
    return OK;
}

static err_t lite_list(struct ctx *ctx, struct store_tx *conn, int number,
                       const struct sql_arg *args, size_t rows,
                       struct sql_rows *ret)
{
    struct lite *lite = lite_of(conn);
    const struct sql_stmt *info = &conn->list->at[number];
    sqlite3_stmt *stmt;
    TRY(stmt_get(ctx, lite, number, &stmt));
    struct sqlite_rows out;
    size_t most = conn->list_bytes ? conn->list_bytes : SIZE_MAX;
    sqlite_rows_init(&out, ctx->arena, stmt);
    for (size_t i = 0; i < rows; i++) {
        sqlite_bind(stmt, info, &args[i * (size_t)info->params]);
        int code;
        while ((code = sqlite3_step(stmt)) == SQLITE_ROW && out.bytes < most)
            sqlite_rows_add(&out, stmt);
        if (code != SQLITE_DONE && code != SQLITE_ROW) {
            err_t err = failed(ctx, lite, code, info->name);
            (void)sqlite3_reset(stmt);
            return err;
        }
        (void)sqlite3_reset(stmt);
    }
    *ret = out.rows;
    return OK;
}

static err_t lite_each(struct ctx *ctx, struct store_tx *conn, int number,
                       const struct sql_arg *args, sql_each_fn *fn, void *arg)
{
    struct lite *lite = lite_of(conn);
    const struct sql_stmt *info = &conn->list->at[number];
    sqlite3_stmt *stmt;
    TRY(stmt_get(ctx, lite, number, &stmt));
    sqlite_bind(stmt, info, args);
    size_t columns = (size_t)sqlite3_column_count(stmt);
    struct sql_rows row = {
        .count = 1,
        .columns = columns,
        .cells = arena_array(ctx->arena, struct sql_arg, columns),
    };
    struct arena_mark mark = arena_mark(ctx->arena);
    err_t err = OK;
    int code = SQLITE_DONE;
    while (err == OK && (code = sqlite3_step(stmt)) == SQLITE_ROW) {
        for (size_t i = 0; i < columns; i++)
            row.cells[i] = sqlite_cell(stmt, (int)i, false);
        err = fn(ctx, &row, arg);
        arena_reset_to(ctx->arena, mark);
    }
    if (err == OK && code != SQLITE_DONE)
        err = failed(ctx, lite, code, info->name);
    (void)sqlite3_reset(stmt);
    return err;
}

/* ---- a copy by the way ---- */

static err_t lite_copy_open(struct ctx *ctx, struct store_tx *conn,
                            const char *path)
{
    struct lite *lite = lite_of(conn);
    if (lite->copy)
        return fail(ctx, ERR_STATE, "", "another backup is being made");
    if (lite->must_reopen || !lite->db)
        return fail(ctx, ERR_BUSY, "", "the store is away");
    return sqlite_copy_open(ctx, lite->db, path, &lite->copy);
}

static err_t lite_copy_step(struct ctx *ctx, struct store_tx *conn, int pages,
                            int *ret_left, int *ret_total)
{
    struct lite *lite = lite_of(conn);
    if (!lite->copy)
        return fail(ctx, ERR_BUSY, "", "the store went away meanwhile");
    return sqlite_copy_step(ctx, lite->copy, pages, ret_left, ret_total);
}

static void lite_copy_close(struct store_tx *conn)
{
    struct lite *lite = lite_of(conn);
    sqlite_copy_close(lite->copy);
    lite->copy = NULL;
}

const struct engine_ops engine_sqlite = {
    .engine = STORE_SQLITE,
    .open = lite_open,
    .prepare = lite_prepare,
    .close = lite_close,
    .exec = lite_exec,
    .check = lite_check,
    .begin = lite_begin,
    .commit = lite_commit,
    .rollback = lite_rollback,
    .savepoint = lite_savepoint,
    .release = lite_release,
    .undo = lite_undo,
    .is_open = lite_is_open,
    .run = lite_run,
    .list = lite_list,
    .each = lite_each,
    .copy_open = lite_copy_open,
    .copy_step = lite_copy_step,
    .copy_close = lite_copy_close,
};
