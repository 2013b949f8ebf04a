/* pg_pipe.c - statements out, answers in, as few round trips as can be. */
#include "store/pg_engine.h"

#include <string.h>

#include "base/time.h"

void pg_queue(struct pg_conn *conn, const char *command)
{
    ASSERT(conn->queue_count < PG_QUEUE_MAX);
    conn->queue[conn->queue_count++] = command;
}

bool pg_unqueue(struct pg_conn *conn, const char *command)
{
    if (conn->queue_count == 0 ||
        strcmp(conn->queue[conn->queue_count - 1], command) != 0)
        return false;
    conn->queue_count--;
    return true;
}

static void owe(struct pg_conn *conn, int stmt)
{
    ASSERT(conn->owed_count < PG_OWED_MAX);
    conn->owed[conn->owed_count++] = stmt;
}

static bool send_queue(struct pg_conn *conn)
{
    for (size_t i = 0; i < conn->queue_count; i++) {
        if (PQsendQueryParams(conn->link, conn->queue[i], 0, NULL, NULL, NULL,
                              NULL, 0) != 1)
            return false;
        owe(conn, -1);
    }
    if (conn->is_open && conn->queue_count > 0)
        conn->is_begun = true;
    conn->queue_count = 0;
    return true;
}

static bool send_ask(struct pg_conn *conn, const struct pg_ask *ask)
{
    static const struct pg_values none;
    const struct pg_values *v = ask->values ? ask->values : &none;

    owe(conn, ask->stmt);
    if (ask->is_preparing) {
        owe(conn, ask->stmt);
        return pg_form_send(conn, ask->is_many, ask->stmt);
    }
    if (ask->text)
        return PQsendQueryParams(conn->link, ask->text, v->count, v->types,
                                 v->values, v->lengths, v->formats, 0) == 1;
    char name[16];
    (void)snprintf(name, sizeof(name), "%c%d", ask->is_many ? 'm' : 's',
                   ask->stmt);
    return PQsendQueryPrepared(conn->link, name, v->count, v->values,
                               v->lengths, v->formats, 0) == 1;
}

/* True where the answers owed must be read before more is sent. */
static bool is_crowded(const struct pg_conn *conn)
{
    return conn->owed_count + conn->queue_count + 2 > PG_OWED_MAX;
}

static err_t send_all(struct ctx *ctx, struct pg_conn *conn,
                      const struct pg_ask *ask)
{
    if (!conn->link)
        return pg_fail(ctx, conn, ask ? ask->stmt : -1, NULL);
    if (is_crowded(conn))
        TRY(pg_ask(ctx, conn, NULL, NULL));
    if (!send_queue(conn) || (ask && !send_ask(conn, ask)))
        return pg_fail(ctx, conn, ask ? ask->stmt : -1, NULL);
    return OK;
}

err_t pg_post(struct ctx *ctx, struct pg_conn *conn, const struct pg_ask *ask)
{
    TRY(send_all(ctx, conn, ask));
    if (PQflush(conn->link) < 0)
        return pg_fail(ctx, conn, ask->stmt, NULL);
    return OK;
}

/* The one answer of a statement; the NULL behind it is taken too. */
static PGresult *take(struct pg_conn *conn, int64_t deadline_ns)
{
    PGresult *result = pg_next(conn, deadline_ns);

    while (result && conn->link) {
        PGresult *end = pg_next(conn, deadline_ns);
        if (!end)
            break;
        PQclear(end);
    }
    return result;
}

static bool is_good(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

static int64_t deadline_of(const struct pg_conn *conn)
{
    int64_t ms =
        conn->tx.role == CONN_WRITER ? PG_WRITE_TIMEOUT_MS : PG_READ_TIMEOUT_MS;

    if (conn->is_patient || conn->cursors > 0)
        ms = PG_PATIENT_TIMEOUT_MS;
    return clock_mono_ns() + ms * 1000000;
}

/* Reads what is owed up to the sync. The first failure counts: those behind
 * it were not run. *ret gets the last answer where all is well. */
static err_t read_owed(struct ctx *ctx, struct pg_conn *conn, PGresult **ret)
{
    int64_t deadline_ns = deadline_of(conn);
    size_t count = conn->owed_count;
    PGresult *last = NULL;
    err_t err = OK;

    for (size_t i = 0; i < count && conn->link; i++) {
        PQclear(last);
        last = take(conn, deadline_ns);
        if (err != OK || (last && is_good(last)))
            continue;
        err = pg_fail(ctx, conn, conn->owed[i], last);
        if (conn->owed[i] >= 0 && (i + 1 < count || !ret))
            conn->calm_left = PG_CALM;
    }
    conn->owed_count = 0;
    PGresult *sync = pg_next(conn, deadline_ns);
    if (conn->link && PQresultStatus(sync) != PGRES_PIPELINE_SYNC)
        pg_link_drop(conn);
    PQclear(sync);
    if (err == OK && !conn->link)
        err = pg_fail(ctx, conn, -1, NULL);
    if (err != OK || !ret)
        PQclear(last);
    else
        *ret = last;
    return err;
}

err_t pg_ask(struct ctx *ctx, struct pg_conn *conn, const struct pg_ask *ask,
             PGresult **ret)
{
    TRY(ask ? send_all(ctx, conn, ask) : OK);
    if (!conn->link || (!ask && !send_queue(conn)) ||
        PQpipelineSync(conn->link) != 1)
        return pg_fail(ctx, conn, ask ? ask->stmt : -1, NULL);
    return read_owed(ctx, conn, ret);
}

err_t pg_command(struct ctx *ctx, struct pg_conn *conn, const char *text)
{
    const struct pg_ask ask = {.stmt = -1, .text = text};

    return pg_ask(ctx, conn, &ask, NULL);
}

/* ---- ending ---- */

void pg_rollback_post(struct pg_conn *conn)
{
    conn->queue_count = 0;
    pg_queue(conn, "ROLLBACK");
    if (!send_queue(conn) || PQpipelineSync(conn->link) != 1 ||
        PQflush(conn->link) < 0)
        pg_link_drop(conn);
    else
        conn->is_trailing = true;
}

void pg_settle(struct pg_conn *conn)
{
    struct ctx own = {.arena = NULL};

    if (!conn->is_trailing)
        return;
    conn->is_trailing = false;
    if (conn->link && read_owed(&own, conn, NULL) != OK)
        pg_link_drop(conn);
}

/* Reads the answers around COMMIT, which is the last of them. */
static enum batch_end commit_answer(struct ctx *ctx, struct pg_conn *conn)
{
    int64_t deadline_ns =
        clock_mono_ns() + (int64_t)PG_COMMIT_TIMEOUT_MS * 1000000;
    size_t count = conn->owed_count;
    enum batch_end end = BATCH_COMMITTED;

    for (size_t i = 0; i < count && conn->link; i++) {
        PGresult *result = take(conn, deadline_ns);
        if (end == BATCH_COMMITTED && (!result || !is_good(result))) {
            err_t err = pg_fail(ctx, conn, conn->owed[i], result);
            if (conn->owed[i] >= 0)
                conn->calm_left = PG_CALM;
            end = err == ERR_BUSY ? BATCH_GONE : BATCH_RETRY;
        } else if (end == BATCH_COMMITTED && i + 1 == count &&
                   strcmp(PQcmdStatus(result), "COMMIT") != 0) {
            /* After a failure COMMIT answers OK with the tag ROLLBACK. */
            end = BATCH_RETRY;
        }
        PQclear(result);
    }
    conn->owed_count = 0;
    if (conn->link) {
        PGresult *sync = pg_next(conn, deadline_ns);
        PQclear(sync);
    }
    /* The link went between our COMMIT and its answer. */
    if (!conn->link && end != BATCH_GONE)
        return BATCH_UNKNOWN;
    return end;
}

enum batch_end pg_commit(struct ctx *ctx, struct pg_conn *conn)
{
    ASSERT(conn->is_open);
    if (conn->is_lost || conn->is_failed || !conn->link)
        return BATCH_RETRY;
    /* Nothing was ever sent. */
    if (!conn->is_begun && conn->owed_count == 0)
        return BATCH_COMMITTED;
    if (is_crowded(conn) && pg_ask(ctx, conn, NULL, NULL) != OK)
        return BATCH_RETRY;
    /* A COMMIT must not be cancelled, not even by our own time-out: the wait
     * for a standby would be cut short and the answer still be COMMIT. */
    pg_queue(conn, "SET LOCAL statement_timeout = 0");
    pg_queue(conn, "COMMIT");
    if (!send_queue(conn) || PQpipelineSync(conn->link) != 1) {
        pg_link_drop(conn);
        return BATCH_UNKNOWN;
    }
    return commit_answer(ctx, conn);
}
