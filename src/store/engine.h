/* engine.h - what an engine must do; private to the store floor.
 *
 * In the manner of git's ref_storage_be: one struct of functions, two
 * implementations, engine_sqlite.c and engine_postgres.c. A connection
 * belongs to one thread at a time. ctx->tx points at the connection.
 */
#ifndef WHARF_STORE_ENGINE_H
#define WHARF_STORE_ENGINE_H

#include "base/base.h"
#include "store/memo.h"
#include "store/sql.h"
#include "store/store.h"

enum conn_role { CONN_WRITER = 1, CONN_READER = 2 };

enum batch_end {
    BATCH_COMMITTED = 1,
    BATCH_RETRY,   /* Rolled back for a conflict; run it again. */
    BATCH_UNKNOWN, /* Connection lost after COMMIT was sent; re-run finds the
                      idempotency keys if it had been committed. */
    BATCH_GONE     /* Store unavailable (disk full, database gone). */
};

struct engine_ops {
    enum store_engine engine;
    /* Opens a connection and sets its head; `list` is config's or sql_all.
     * The schema may not exist yet: until prepare, a statement is prepared
     * when it is first run (the migrations read and write meta so). The
     * SQLite writer takes the exclusive lock here. */
    err_t (*open)(struct ctx *ctx, const struct store_config *config,
                  enum conn_role role, struct store_tx **ret);
    /* All at once; or with is_late each when it is first run, for schemas on
     * which all were prepared before. */
    err_t (*prepare)(struct ctx *ctx, struct store_tx *conn,
                     const struct sql_list *list, bool is_late);
    void (*close)(struct store_tx *conn);
    /* Runs one migration step, unprepared. */
    err_t (*exec)(struct ctx *ctx, struct store_tx *conn, const char *sql);
    /* Fails where durability is weaker than promised. */
    err_t (*check)(struct ctx *ctx, struct store_tx *conn);
    /* Reader: a snapshot. Reconnects by itself where the link was lost. */
    err_t (*begin)(struct ctx *ctx, struct store_tx *conn);
    enum batch_end (*commit)(struct ctx *ctx, struct store_tx *conn);
    void (*rollback)(struct store_tx *conn);
    err_t (*savepoint)(struct ctx *ctx, struct store_tx *conn);
    err_t (*release)(struct ctx *ctx, struct store_tx *conn);
    /* Back to the savepoint; ERR_RETRY where the whole transaction is gone. */
    err_t (*undo)(struct ctx *ctx, struct store_tx *conn);
    /* False once the engine rolled the whole transaction back by itself. */
    bool (*is_open)(struct store_tx *conn);
    err_t (*run)(struct ctx *ctx, struct store_tx *conn, int stmt,
                 const struct sql_arg *args, size_t rows, int64_t *changed);
    err_t (*list)(struct ctx *ctx, struct store_tx *conn, int stmt,
                  const struct sql_arg *args, size_t rows,
                  struct sql_rows *ret);
    err_t (*each)(struct ctx *ctx, struct store_tx *conn, int stmt,
                  const struct sql_arg *args, sql_each_fn *fn, void *arg);
    /* A copy of the database that the writer makes by the way; NULL where the
     * engine has other means. See sqlite_copy.h. */
    err_t (*copy_open)(struct ctx *ctx, struct store_tx *conn,
                       const char *path);
    err_t (*copy_step)(struct ctx *ctx, struct store_tx *conn, int pages,
                       int *ret_left, int *ret_total);
    void (*copy_close)(struct store_tx *conn);
};

/* The common head of every connection; engines put it first. */
struct store_tx {
    const struct engine_ops *ops;
    const struct sql_list *list;
    struct store *store;
    struct tail *tail; /* Of the store; NULL on SQLite. */
    enum conn_role role;
    bool has_events; /* This transaction wrote events. */
    /* The list that runs ends once its texts have so many; 0: it does not. */
    size_t list_bytes;
    /* Set by the engine where the store is unavailable (disk full, database
     * gone), cleared by its begin; then the whole batch gets ERR_BUSY. */
    bool is_gone;
    struct store_memo memos[MEMO_COUNT];
    int64_t mark, mark_begun, mark_point; /* Now, of BEGIN, of the savepoint. */
};
/* Tells the memos, for engines. */
void store_undone(struct store_tx *conn, int64_t since);

extern const struct engine_ops engine_sqlite;
extern const struct engine_ops engine_postgres;

/* All statements and migration steps, made by tools/sqlgen. A statement's body
 * is NULL on the engine it is not made for (`-- only:`): prepare skips it. */
extern const struct sql_list sql_all;
struct migration_step {
    const char *name;   /* "0001_engine.levels" */
    const char *sqlite; /* NULL: not on this engine. */
    const char *postgres;
};
extern const struct migration_step migration_steps[];
extern const size_t migration_step_count;

/* Runs the steps of migration_steps, then of config->steps, that meta does not
 * name yet, each in a transaction of its own with its row in meta. */
MUST_USE err_t migrate_run(struct ctx *ctx, struct store_tx *conn,
                           const struct store_config *config);

#endif
