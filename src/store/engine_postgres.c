/* engine_postgres.c - PostgreSQL behind the engine's face. */
#include "store/pg_engine.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "base/time.h"
#include "store/pg_session_sql.h"

enum { PG_FETCH_ROWS = 500 }; /* At once from a cursor. */

static const char BEGIN_WRITER[] = "BEGIN ISOLATION LEVEL READ COMMITTED";
static const char BEGIN_READER[] =
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
static const char SAVEPOINT[] = "SAVEPOINT s";
static const char RELEASE[] = "RELEASE SAVEPOINT s";
static const char UNDO[] = "ROLLBACK TO SAVEPOINT s";
/* Also outside of BEGIN: what travels together is one transaction. */
static const char PATIENT[] = "SET LOCAL statement_timeout = 0";

static struct pg_conn *pg(struct store_tx *tx)
{
    ASSERT(tx && tx->ops == &engine_postgres);
    return (struct pg_conn *)tx;
}

static void pg_close(struct store_tx *tx)
{
    if (!tx)
        return;
    struct pg_conn *conn = pg(tx);
    pg_link_drop(conn);
    arena_close(conn->arena);
    mem_free(conn->conninfo);
    mem_free(conn);
}

static err_t pg_open(struct ctx *ctx, const struct store_config *config,
                     enum conn_role role, struct store_tx **ret)
{
    struct pg_conn *conn = mem_new(sizeof(*conn));
    const char *conninfo = config->conninfo ? config->conninfo : "";
    size_t size = strlen(conninfo) + 1;

    conn->tx.ops = &engine_postgres;
    conn->tx.role = role;
    conn->tx.list = config->sql ? config->sql : &sql_all;
    conn->conninfo = mem_new(size);
    memcpy(conn->conninfo, conninfo, size);
    if (config->schema) {
        (void)snprintf(conn->schema_make, sizeof(conn->schema_make),
                       "CREATE SCHEMA IF NOT EXISTS \"%s\"", config->schema);
        (void)snprintf(conn->schema_use, sizeof(conn->schema_use),
                       "SET search_path = \"%s\"", config->schema);
    }
    conn->is_unsafe_allowed = config->is_unsafe_allowed;
    conn->arena = arena_open();
    err_t err = pg_link(ctx, conn);
    if (err != OK) {
        pg_close(&conn->tx);
        return err;
    }
    *ret = &conn->tx;
    return OK;
}

static err_t pg_prepare_list(struct ctx *ctx, struct store_tx *tx,
                             const struct sql_list *list, bool is_late)
{
    struct pg_conn *conn = pg(tx);

    TRY(pg_link(ctx, conn));
    if (conn->stmts) /* Prepared statements cannot be replaced. */
        TRY(pg_command(ctx, conn, "DEALLOCATE ALL"));
    pg_prepare_late(conn, list);
    return is_late ? OK : pg_prepare_all(ctx, conn);
}

/* Two nodes that migrate at once meet in the catalog, also with IF NOT EXISTS;
 * the loser runs the step again and finds the work done. */
static bool is_race(const struct pg_conn *conn)
{
    static const char *const states[] = {
        "23505", /* of a catalog's index */
        "42P07", /* duplicate_table */
        "42710", /* duplicate_object */
        "42701", /* duplicate_column */
        "XX000", /* "tuple concurrently updated" */
    };

    for (size_t i = 0; i < COUNT_OF(states); i++)
        if (strcmp(conn->state, states[i]) == 0)
            return true;
    return false;
}

static err_t pg_exec(struct ctx *ctx, struct store_tx *tx, const char *sql)
{
    struct pg_conn *conn = pg(tx);

    for (int i = 0;; i++) {
        TRY(conn->is_open ? OK : pg_link(ctx, conn));
        pg_queue(conn, PATIENT);
        conn->is_patient = true;
        err_t err = pg_command(ctx, conn, sql);
        conn->is_patient = false;
        if (err == OK || !conn->link || !is_race(conn))
            return err;
        if (conn->is_open || i == 4) {
            err_clear(ctx);
            return fail(ctx, ERR_RETRY, "", "another node changes the schema");
        }
        err_clear(ctx);
    }
}

static err_t check_setting(struct ctx *ctx, const struct sql_rows *rows,
                           size_t row)
{
    str name = sql_str(rows, row, 0), value = sql_str(rows, row, 1);

    if (!str_equal_cstr(value, "off"))
        return OK;
    return fail_as(ctx, ERR_STATE, "unsafe_durability", "",
                   "the database runs with %.*s = off; allow it by name or "
                   "turn it on",
                   STR_ARG(name));
}

static err_t pg_check(struct ctx *ctx, struct store_tx *tx)
{
    struct pg_conn *conn = pg(tx);
    const struct pg_ask ask = {.stmt = -1,
                               .text = sql_all.at[SQL_PG_SETTINGS].postgres};
    PGresult *result = NULL;
    struct sql_rows rows;

    TRY(pg_link(ctx, conn));
    TRY(pg_ask(ctx, conn, &ask, &result));
    err_t err = pg_rows(ctx, result, 0, (size_t)PQntuples(result), &rows);
    PQclear(result);
    TRY(err);
    for (size_t i = 0; i < rows.count && !conn->is_unsafe_allowed; i++)
        TRY(check_setting(ctx, &rows, i));
    return OK;
}

/* ---- transactions ---- */

/* A plan made while its tables were empty may read a whole index. The planner
 * looks at the size of the files, so planning again as they grow is enough. */
static void replan_if_due(struct pg_conn *conn)
{
    if (--conn->replan_left > 0)
        return;
    conn->replan_every *= 4;
    conn->replan_left = conn->replan_every;
    pg_queue(conn, "DISCARD PLANS");
}

static err_t pg_begin(struct ctx *ctx, struct store_tx *tx)
{
    struct pg_conn *conn = pg(tx);

    ASSERT(!conn->is_open);
    tx->is_gone = false;
    pg_settle(conn);
    pg_link_probe(conn);
    TRY(pg_link(ctx, conn));
    ASSERT(conn->queue_count == 0 && conn->owed_count == 0);
    conn->is_open = true;
    conn->is_begun = false;
    conn->is_lost = false;
    conn->is_failed = false;
    conn->cursors = 0;
    conn->is_posting = conn->calm_left == 0;
    if (conn->calm_left > 0)
        conn->calm_left--;
    tx->has_events = false;
    pg_queue(conn, tx->role == CONN_WRITER ? BEGIN_WRITER : BEGIN_READER);
    /* After BEGIN, whose isolation level must come before any query. */
    replan_if_due(conn);
    return OK;
}

static void tx_end(struct pg_conn *conn)
{
    conn->is_open = false;
    conn->is_begun = false;
    conn->queue_count = 0;
}

static enum batch_end pg_commit_tx(struct ctx *ctx, struct store_tx *tx)
{
    struct pg_conn *conn = pg(tx);
    enum batch_end end = pg_commit(ctx, conn);

    /* A transaction that was not even asked to commit is still there. */
    if (end == BATCH_COMMITTED || !conn->link)
        tx_end(conn);
    else
        tx->ops->rollback(tx);
    return end;
}

static void pg_rollback(struct store_tx *tx)
{
    struct pg_conn *conn = pg(tx);
    struct ctx ctx = {.arena = NULL};

    conn->queue_count = 0;
    /* Posted statements may have failed: their answers are of no interest. */
    if (conn->link && conn->owed_count > 0) {
        (void)pg_ask(&ctx, conn, NULL, NULL);
        err_clear(&ctx);
    }
    if (conn->link && conn->is_begun && tx->role == CONN_READER)
        pg_rollback_post(conn);
    /* A link that does not answer to ROLLBACK is of no use. */
    else if (conn->link && conn->is_begun &&
             pg_command(&ctx, conn, "ROLLBACK") != OK)
        pg_link_drop(conn);
    tx_end(conn);
}

static err_t lost(struct ctx *ctx)
{
    return fail(ctx, ERR_RETRY, "", "the transaction is gone");
}

static err_t pg_savepoint(struct ctx *ctx, struct store_tx *tx)
{
    struct pg_conn *conn = pg(tx);

    if (conn->is_lost)
        return lost(ctx);
    ASSERT(conn->is_open && !conn->is_failed);
    pg_queue(conn, SAVEPOINT);
    return OK;
}

static err_t pg_release(struct ctx *ctx, struct store_tx *tx)
{
    struct pg_conn *conn = pg(tx);

    if (conn->is_lost)
        return lost(ctx);
    if (conn->is_failed)
        return fail(ctx, ERR_INTERNAL, "",
                    "a statement failed and the command went on");
    /* Posted statements must show their failures inside their savepoint. */
    if (conn->owed_count > 0)
        TRY(pg_ask(ctx, conn, NULL, NULL));
    if (!pg_unqueue(conn, SAVEPOINT))
        pg_queue(conn, RELEASE);
    return OK;
}

static err_t pg_undo(struct ctx *ctx, struct store_tx *tx)
{
    struct pg_conn *conn = pg(tx);

    if (!conn->is_lost && conn->owed_count > 0) {
        struct ctx own = {.arena = NULL};
        (void)pg_ask(&own, conn, NULL, NULL);
    }
    if (conn->is_lost)
        return lost(ctx);
    conn->is_failed = false;
    conn->cursors = 0;
    if (pg_unqueue(conn, SAVEPOINT))
        return OK;
    pg_queue(conn, UNDO);
    pg_queue(conn, RELEASE);
    return OK;
}

static bool pg_is_open(struct store_tx *tx)
{
    struct pg_conn *conn = pg(tx);

    return conn->is_open && !conn->is_lost;
}

/* ---- statements ---- */

struct form {
    struct pg_values values;
    struct pg_ask ask;
    Oid types[PG_PARAMS_MAX]; /* Where it is not prepared. */
};

/* The form of a statement to send, and the types of its parameters. */
static err_t form_find(struct ctx *ctx, struct pg_conn *conn, int stmt,
                       bool is_many, struct form *form, const Oid **ret)
{
    const struct sql_stmt *s = &conn->tx.list->at[stmt];
    const Oid *types = NULL;

    form->ask = (struct pg_ask){
        .stmt = stmt, .is_many = is_many, .values = &form->values};
    if (conn->stmts) {
        if (is_many ? s->postgres_many : s->postgres)
            TRY(pg_prepare_one(ctx, conn, stmt, is_many, &types));
    } else if (!is_many && s->postgres && pg_types_of(s, form->types)) {
        types = form->types;
        form->ask.text = s->postgres;
    }
    if (!types)
        return fail(ctx, ERR_INTERNAL, "", "%s has no such form", s->name);
    *ret = types;
    return OK;
}

static err_t form_init(struct ctx *ctx, struct pg_conn *conn, int stmt,
                       const struct sql_arg *args, size_t rows,
                       struct form *form)
{
    const Oid *types = NULL;

    if (conn->is_lost)
        return lost(ctx);
    ASSERT(conn->is_open);
    ASSERT(stmt >= 0 && (size_t)stmt < conn->tx.list->count);
    const struct sql_stmt *s = &conn->tx.list->at[stmt];
    TRY(form_find(ctx, conn, stmt, rows != 1, form, &types));
    size_t params = (size_t)s->params;
    err_t err =
        rows != 1
            ? pg_values_many(ctx, types, args, params, rows, &form->values)
            : pg_values_single(ctx, types, args, params, &form->values);
    if (err == OK)
        return OK;
    err_clear(ctx);
    return fail(ctx, ERR_INTERNAL, "", "%s has a value of another type",
                s->name);
}

static err_t pg_run(struct ctx *ctx, struct store_tx *tx, int stmt,
                    const struct sql_arg *args, size_t rows, int64_t *changed)
{
    struct pg_conn *conn = pg(tx);
    struct form form;
    PGresult *result = NULL;

    if (changed)
        *changed = 0;
    if (rows == 0)
        return OK;
    struct arena_mark mark = arena_mark(ctx->arena);
    TRY(form_init(ctx, conn, stmt, args, rows, &form));
    bool is_posted =
        !changed && conn->is_posting && conn->tx.list->at[stmt].is_later;
    err_t err = is_posted ? pg_post(ctx, conn, &form.ask)
                          : pg_ask(ctx, conn, &form.ask, &result);
    arena_reset_to(ctx->arena, mark);
    TRY(err);
    if (changed)
        (void)str_to_i64(str_from_cstr(PQcmdTuples(result)), changed);
    PQclear(result);
    return OK;
}

/* Up to the row by which the texts come to max_bytes; 0: all. */
static size_t rows_within(const PGresult *result, size_t max_bytes)
{
    size_t count = (size_t)PQntuples(result), bytes = 0, n = 0;

    if (max_bytes == 0)
        return count;
    for (; n < count && bytes < max_bytes; n++)
        for (int column = 0; column < PQnfields(result); column++)
            bytes += (size_t)PQgetlength(result, (int)n, column);
    return n;
}

static err_t pg_list(struct ctx *ctx, struct store_tx *tx, int stmt,
                     const struct sql_arg *args, size_t rows,
                     struct sql_rows *ret)
{
    struct pg_conn *conn = pg(tx);
    struct form form;
    PGresult *result = NULL;

    if (rows == 0) {
        *ret = (struct sql_rows){0, 0, NULL};
        return OK;
    }
    struct arena_mark mark = arena_mark(ctx->arena);
    TRY(form_init(ctx, conn, stmt, args, rows, &form));
    err_t err = pg_ask(ctx, conn, &form.ask, &result);
    arena_reset_to(ctx->arena, mark);
    TRY(err);
    err = pg_rows(ctx, result, 0, rows_within(result, tx->list_bytes), ret);
    PQclear(result);
    return err;
}

/* ---- streaming: a cursor, so that fn may run statements of its own ---- */

static err_t cursor_open(struct ctx *ctx, struct pg_conn *conn, int stmt,
                         const struct sql_arg *args, int cursor)
{
    struct form form;
    struct buf text;
    struct arena_mark mark = arena_mark(ctx->arena);

    TRY(form_init(ctx, conn, stmt, args, 1, &form));
    buf_init(&text, ctx->arena, LIMIT_BODY_BYTES);
    buf_addf(&text, "DECLARE c%d NO SCROLL CURSOR FOR ", cursor);
    buf_add_cstr(&text, conn->tx.list->at[stmt].postgres);
    buf_add_char(&text, '\0');
    form.ask.text = text.ptr;
    err_t err = pg_ask(ctx, conn, &form.ask, NULL);
    arena_reset_to(ctx->arena, mark);
    return err;
}

static err_t rows_each(struct ctx *ctx, const PGresult *result, sql_each_fn *fn,
                       void *arg)
{
    size_t count = (size_t)PQntuples(result);

    for (size_t i = 0; i < count; i++) {
        struct sql_rows row;
        struct arena_mark mark = arena_mark(ctx->arena);
        TRY(pg_rows(ctx, result, i, 1, &row));
        TRY(fn(ctx, &row, arg));
        arena_reset_to(ctx->arena, mark);
    }
    return OK;
}

static err_t cursor_read(struct ctx *ctx, struct pg_conn *conn, int cursor,
                         sql_each_fn *fn, void *arg)
{
    char fetch[40];
    const struct pg_ask ask = {.stmt = -1, .text = fetch};
    int got = PG_FETCH_ROWS;

    (void)snprintf(fetch, sizeof(fetch), "FETCH FORWARD %d FROM c%d",
                   PG_FETCH_ROWS, cursor);
    while (got == PG_FETCH_ROWS) {
        PGresult *result = NULL;
        TRY(pg_ask(ctx, conn, &ask, &result));
        got = PQntuples(result);
        err_t err = rows_each(ctx, result, fn, arg);
        PQclear(result);
        TRY(err);
    }
    return OK;
}

static err_t pg_each(struct ctx *ctx, struct store_tx *tx, int stmt,
                     const struct sql_arg *args, sql_each_fn *fn, void *arg)
{
    struct pg_conn *conn = pg(tx);
    int cursor = conn->cursors;
    char close[24];

    /* What is read row by row may be much, and may first be sorted. */
    if (cursor == 0 && !conn->is_lost)
        pg_queue(conn, PATIENT);
    TRY(cursor_open(ctx, conn, stmt, args, cursor));
    conn->cursors++;
    err_t err = cursor_read(ctx, conn, cursor, fn, arg);
    conn->cursors = cursor;
    if (conn->is_failed || conn->is_lost)
        return err;
    (void)snprintf(close, sizeof(close), "CLOSE c%d", cursor);
    if (err != OK) {
        struct ctx own = {.arena = ctx->arena};
        (void)pg_command(&own, conn, close);
        return err;
    }
    return pg_command(ctx, conn, close);
}

const struct engine_ops engine_postgres = {
    .engine = STORE_POSTGRES,
    .open = pg_open,
    .prepare = pg_prepare_list,
    .close = pg_close,
    .exec = pg_exec,
    .check = pg_check,
    .begin = pg_begin,
    .commit = pg_commit_tx,
    .rollback = pg_rollback,
    .savepoint = pg_savepoint,
    .release = pg_release,
    .undo = pg_undo,
    .is_open = pg_is_open,
    .run = pg_run,
    .list = pg_list,
    .each = pg_each,
};
