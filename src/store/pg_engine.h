/* pg_engine.h - a PostgreSQL link and its parts; private to the store floor.
 *
 * Everything runs in libpq's pipeline mode. BEGIN, SAVEPOINT, RELEASE and
 * ROLLBACK TO are queued here and travel with the statement that follows, so
 * they cost no round trip; a savepoint around nothing is never sent at all.
 *
 *   pg_link.c   connecting, session settings, waiting, preparing
 *   pg_pipe.c   sending what is queued with a statement, reading the answers
 *   pg_error.c  SQLSTATE to err_t
 *   pg_types.c  values to parameters and result cells to values
 */
#ifndef WHARF_STORE_PG_ENGINE_H
#define WHARF_STORE_PG_ENGINE_H

#include <libpq-fe.h>

#include "store/engine.h"

enum {
    PG_PARAMS_MAX = 64,
    PG_QUEUE_MAX = 16,
    PG_SCHEMA_BYTES = 128,
    PG_OWED_MAX = 64,
    PG_CALM = 16,        /* See calm_left. */
    PG_REPLAN_FIRST = 8, /* Transactions; then four times as many. */
    /* The server gives up first: 15 s, 120 s on readers. */
    PG_WRITE_TIMEOUT_MS = 20 * 1000,
    PG_READ_TIMEOUT_MS = 150 * 1000,
    PG_COMMIT_TIMEOUT_MS = 120 * 1000,
    /* Streams are for verify, steps are of migrations. */
    PG_PATIENT_TIMEOUT_MS = 6 * 60 * 60 * 1000
};

/* Parameter types of a prepared statement; NULL: not prepared yet. */
struct pg_stmt {
    Oid *single, *many;
};

/* An open transaction is lost when it can never commit: the link is gone or
 * the server wants it run again. It has failed when its last statement did;
 * then only undo or rollback help. */
struct pg_conn {
    struct store_tx tx; /* First: the engine's face. */
    PGconn *link;       /* NULL while there is none. */
    char *conninfo;
    char schema_make[PG_SCHEMA_BYTES], schema_use[PG_SCHEMA_BYTES]; /* Or "". */
    bool is_unsafe_allowed;
    bool is_open;
    bool is_begun; /* BEGIN was sent. */
    bool is_lost, is_failed;
    struct arena *arena;   /* Of stmts; reset with each link. */
    struct pg_stmt *stmts; /* NULL: no schema yet, statements go as text. */
    char state[6];         /* SQLSTATE of the last failure. */
    const char *queue[PG_QUEUE_MAX]; /* Commands to send first. */
    size_t queue_count;
    int owed[PG_OWED_MAX]; /* Sent, answer not read: a statement or -1. */
    size_t owed_count;
    /* After a posted statement failed, so many transactions post none: run
     * again, the failure shows where it belongs. */
    int calm_left;
    bool is_posting;
    bool is_trailing; /* A reader's ROLLBACK is not answered yet. */
    bool is_patient;  /* Waits for this statement however long it takes. */
    int cursors;      /* Open cursors, one inside the other. */
    int64_t replan_left, replan_every, retry_at_ns, backoff_ms;
};

/* Parameters ready to send; in ctx->arena. */
struct pg_values {
    int count;
    const Oid *types;
    const char **values;
    int *lengths;
    int *formats;
};

/* A prepared statement, or text where there is text. */
struct pg_ask {
    int stmt;                   /* -1: a command of the engine. */
    bool is_many, is_preparing; /* The latter: it is not run. */
    const char *text;
    const struct pg_values *values; /* NULL: none. */
};

/* ---- pg_link.c ---- */
/* Connects where there is no link; ERR_BUSY, at once while it backs off. */
err_t pg_link(struct ctx *ctx, struct pg_conn *conn);
/* Notices a server that went away while the link was idle. */
void pg_link_probe(struct pg_conn *conn);
/* Closes; an open transaction is lost. */
void pg_link_drop(struct pg_conn *conn);
/* From now on each statement of the list is prepared when it is first run. */
void pg_prepare_late(struct pg_conn *conn, const struct sql_list *list);
err_t pg_prepare_all(struct ctx *ctx, struct pg_conn *conn);
/* Prepares a form if need be, behind what is owed; *ret: of its parameters. */
err_t pg_prepare_one(struct ctx *ctx, struct pg_conn *conn, int stmt,
                     bool is_many, const Oid **ret);
/* Sends a form to be prepared and described: two answers. */
bool pg_form_send(struct pg_conn *conn, bool is_many, int stmt);
/* The next answer, or NULL behind the last one of a statement. A link that
 * breaks or is silent past the deadline is dropped. */
PGresult *pg_next(struct pg_conn *conn, int64_t deadline_ns);

/* ---- pg_pipe.c ---- */
/* Queues a command that needs no answer; or takes it back if it is the last. */
void pg_queue(struct pg_conn *conn, const char *command);
bool pg_unqueue(struct pg_conn *conn, const char *command);
/* Sends without waiting; a failure shows at the next pg_ask or commit. */
err_t pg_post(struct ctx *ctx, struct pg_conn *conn, const struct pg_ask *ask);
/* Sends, waits for everything sent so far, gives the answer of `ask`. With
 * ask NULL only waits. The caller clears *ret. */
err_t pg_ask(struct ctx *ctx, struct pg_conn *conn, const struct pg_ask *ask,
             PGresult **ret);
/* One command, its answer thrown away. */
err_t pg_command(struct ctx *ctx, struct pg_conn *conn, const char *text);
enum batch_end pg_commit(struct ctx *ctx, struct pg_conn *conn);
/* Sends ROLLBACK without waiting; pg_settle reads the answer. */
void pg_rollback_post(struct pg_conn *conn);
void pg_settle(struct pg_conn *conn);

/* ---- pg_error.c ---- */
enum pg_class {
    PG_OTHER = 0,
    PG_RETRY,      /* 40001 40P01 55P03: run the transaction again. */
    PG_LINK,       /* 08xxx 57P01-05 25006 25P03: on a new link. */
    PG_UNIQUE,     /* 23505 */
    PG_CONSTRAINT, /* 23xxx */
    PG_SLOW,       /* 57014: over our statement_timeout; 53xxx: over limits. */
    PG_FULL        /* 53100 disk full, 58xxx I/O errors. */
};
enum pg_class pg_classify(const char *sqlstate);
/* Records a failure, marks the transaction; `result` NULL: the link broke. */
err_t pg_fail(struct ctx *ctx, struct pg_conn *conn, int stmt,
              const PGresult *result);

/* ---- pg_types.c ---- */
/* Types of a statement that is not prepared; false where a cast is missing. */
bool pg_types_of(const struct sql_stmt *stmt, Oid ret[PG_PARAMS_MAX]);
err_t pg_values_single(struct ctx *ctx, const Oid *types,
                       const struct sql_arg *args, size_t count,
                       struct pg_values *ret);
/* One array per parameter out of rows * count values, row after row. */
err_t pg_values_many(struct ctx *ctx, const Oid *types,
                     const struct sql_arg *args, size_t count, size_t rows,
                     struct pg_values *ret);
/* `count` rows of a result, in ctx->arena. */
err_t pg_rows(struct ctx *ctx, const PGresult *result, size_t first,
              size_t count, struct sql_rows *ret);

#endif
