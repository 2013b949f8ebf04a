/* pg_link.c - the link to the server: made, kept usable, made again. */
#include "store/pg_engine.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "store/tail.h"

enum {
    PG_VERSION_LEAST = 150000,
    PG_CONNECT_TIMEOUT_S = 3,
    PG_BACKOFF_MIN_MS = 50,
    PG_BACKOFF_MAX_MS = 2000
};

/* Plans are made once and made again as the tables grow (pg_begin); writers
 * look up by index, key after key. Lock waits end as 55P03, a retry. */
static const char *const session_all[] = {
    "SET bytea_output = 'hex'",
    "SET jit = off",
    "SET plan_cache_mode = force_generic_plan",
    "SET cursor_tuple_fraction = 1",
    "SET lock_timeout = '5s'",
    "SET idle_in_transaction_session_timeout = '120s'",
};
static const char *const session_writer[] = {
    "SET enable_seqscan = off",
    "SET enable_hashjoin = off",
    "SET enable_mergejoin = off",
    "SET statement_timeout = '15s'",
};
static const char *const session_reader[] = {
    "SET statement_timeout = '120s'",
};

static void notice_ignore(void *arg, const PGresult *result)
{
    (void)arg;
    (void)result;
}

void pg_link_drop(struct pg_conn *conn)
{
    PQfinish(conn->link);
    conn->link = NULL;
    conn->queue_count = 0;
    conn->owed_count = 0;
    conn->cursors = 0;
    conn->is_trailing = false;
    conn->is_begun = false;
    tail_forget(conn->tx.tail);
    if (conn->is_open)
        conn->is_lost = true;
}

/* Waits until the socket has something to read, or takes more of ours. */
static bool wait_socket(PGconn *link, bool is_writing, int64_t deadline_ns)
{
    int64_t left_ns = deadline_ns - clock_mono_ns();
    struct pollfd at = {.fd = PQsocket(link), .events = POLLIN};

    if (left_ns <= 0 || at.fd < 0)
        return false;
    if (is_writing)
        at.events |= POLLOUT;
    int ready = poll(&at, 1, (int)(left_ns / 1000000) + 1);
    if (ready < 0)
        return errno == EINTR;
    if (ready == 0)
        return true; /* The deadline is looked at next time. */
    if (at.revents & (POLLIN | POLLERR | POLLHUP))
        /* A last word of the server may still be in the buffer, so a broken
         * socket is found by PQisBusy and PQgetResult. */
        return PQconsumeInput(link) == 1 || !PQisBusy(link);
    return true;
}

PGresult *pg_next(struct pg_conn *conn, int64_t deadline_ns)
{
    for (;;) {
        if (!conn->link)
            return NULL;
        int unsent = PQflush(conn->link);
        if (!PQisBusy(conn->link))
            break;
        if (unsent < 0 || !wait_socket(conn->link, unsent > 0, deadline_ns)) {
            pg_link_drop(conn);
            return NULL;
        }
    }
    PGresult *result = PQgetResult(conn->link);
    if (!result && PQstatus(conn->link) == CONNECTION_BAD)
        pg_link_drop(conn);
    return result;
}

void pg_link_probe(struct pg_conn *conn)
{
    if (!conn->link)
        return;
    struct pollfd at = {.fd = PQsocket(conn->link), .events = POLLIN};
    if (at.fd >= 0 && poll(&at, 1, 0) == 0)
        return;
    /* Idle links are silent: what comes is a farewell, or a notice. */
    if (at.fd < 0 || PQconsumeInput(conn->link) == 0 ||
        PQstatus(conn->link) == CONNECTION_BAD)
        pg_link_drop(conn);
}

static err_t link_failed(struct ctx *ctx, struct pg_conn *conn, const char *why)
{
    conn->backoff_ms = conn->backoff_ms * 2;
    if (conn->backoff_ms < PG_BACKOFF_MIN_MS)
        conn->backoff_ms = PG_BACKOFF_MIN_MS;
    if (conn->backoff_ms > PG_BACKOFF_MAX_MS)
        conn->backoff_ms = PG_BACKOFF_MAX_MS;
    conn->retry_at_ns = clock_mono_ns() + conn->backoff_ms * 1000000;
    char text[sizeof(ctx->err.text)];
    (void)snprintf(text, sizeof(text), "%s", why); /* Its owner goes away. */
    pg_link_drop(conn);
    conn->tx.is_gone = true;
    err_clear(ctx);
    return fail(ctx, ERR_BUSY, "", "the database cannot be reached: %s", text);
}

static err_t session_set(struct ctx *ctx, struct pg_conn *conn)
{
    if (conn->schema_use[0]) {
        if (conn->tx.role == CONN_WRITER)
            pg_queue(conn, conn->schema_make);
        pg_queue(conn, conn->schema_use);
    }
    for (size_t i = 0; i < COUNT_OF(session_all); i++)
        pg_queue(conn, session_all[i]);
    if (conn->tx.role == CONN_WRITER)
        for (size_t i = 0; i < COUNT_OF(session_writer); i++)
            pg_queue(conn, session_writer[i]);
    else
        for (size_t i = 0; i < COUNT_OF(session_reader); i++)
            pg_queue(conn, session_reader[i]);
    return pg_ask(ctx, conn, NULL, NULL);
}

/* The later of two equal keywords wins: what stands before conninfo is our
 * default, what stands after it is not for the operator to change. */
static PGconn *connect_params(const struct pg_conn *conn)
{
    char timeout[12];
    (void)snprintf(timeout, sizeof(timeout), "%d", PG_CONNECT_TIMEOUT_S);
    const char *const keys[] = {
        "connect_timeout",  "keepalives_idle",  "keepalives_interval",
        "keepalives_count", "tcp_user_timeout", "fallback_application_name",
        "dbname",           "client_encoding",  NULL};
    const char *const values[] = {timeout, "15",           "5",    "3", "30000",
                                  "wharf", conn->conninfo, "UTF8", NULL};
    return PQconnectdbParams(keys, values, 1);
}

/* What no setting can allow. */
static err_t server_check(struct ctx *ctx, struct pg_conn *conn)
{
    int version = PQserverVersion(conn->link);
    const char *encoding = PQparameterStatus(conn->link, "server_encoding");
    err_t err = OK;

    if (version < PG_VERSION_LEAST)
        err = fail_as(ctx, ERR_STATE, "database_too_old", "",
                      "PostgreSQL %d is too old: 15 is the least",
                      version / 10000);
    else if (!encoding || strcmp(encoding, "UTF8") != 0)
        err = fail_as(ctx, ERR_STATE, "database_encoding", "",
                      "the database is encoded in %s: it must be UTF8",
                      encoding ? encoding : "nothing known");
    if (err != OK)
        pg_link_drop(conn);
    return err;
}

err_t pg_link(struct ctx *ctx, struct pg_conn *conn)
{
    if (conn->link)
        return OK;
    /* Where another link of the store works, so will this one. */
    bool is_away = !conn->tx.store || !store_is_ready(conn->tx.store);
    if (is_away && clock_mono_ns() < conn->retry_at_ns) {
        conn->tx.is_gone = true;
        return fail(ctx, ERR_BUSY, "", "the database cannot be reached");
    }
    conn->link = connect_params(conn);
    if (PQstatus(conn->link) != CONNECTION_OK)
        return link_failed(ctx, conn, PQerrorMessage(conn->link));
    TRY(server_check(ctx, conn));
    PQsetNoticeReceiver(conn->link, notice_ignore, NULL);
    conn->is_failed = false;
    if (PQsetnonblocking(conn->link, 1) != 0 ||
        PQenterPipelineMode(conn->link) != 1)
        return link_failed(ctx, conn, "no pipeline mode");
    if (session_set(ctx, conn) != OK)
        return link_failed(ctx, conn, ctx->err.text);
    if (conn->stmts)
        pg_prepare_late(conn, conn->tx.list);
    conn->retry_at_ns = 0;
    conn->backoff_ms = 0;
    conn->replan_every = conn->replan_left = PG_REPLAN_FIRST;
    return OK;
}

/* ---- preparing ---- */

static void form_name(char name[16], bool is_many, int stmt)
{
    (void)snprintf(name, 16, "%c%d", is_many ? 'm' : 's', stmt);
}

bool pg_form_send(struct pg_conn *conn, bool is_many, int stmt)
{
    const struct sql_stmt *s = &conn->tx.list->at[stmt];
    Oid types[PG_PARAMS_MAX] = {0};
    char name[16];

    form_name(name, is_many, stmt);
    if (!is_many)
        (void)pg_types_of(s, types); /* 0: the server infers it. */
    return PQsendPrepare(conn->link, name,
                         is_many ? s->postgres_many : s->postgres, s->params,
                         types) == 1 &&
           PQsendDescribePrepared(conn->link, name) == 1;
}

/* The types that the second answer tells. */
static void form_keep(struct pg_conn *conn, bool is_many, size_t i,
                      const PGresult *described)
{
    int count = PQnparams(described);
    /* One more, so that a statement without parameters is not NULL. */
    Oid *types = arena_array(conn->arena, Oid, (size_t)count + 1);
    struct pg_stmt *stmt = &conn->stmts[i];

    for (int p = 0; p < count; p++)
        types[p] = PQparamtype(described, p);
    *(is_many ? &stmt->many : &stmt->single) = types;
}

/* One answer that must be COMMAND_OK, and the NULL behind it. */
static err_t form_answer(struct ctx *ctx, struct pg_conn *conn, int stmt,
                         PGresult **ret, int64_t deadline_ns)
{
    PGresult *result = pg_next(conn, deadline_ns);
    err_t err = OK;

    if (!result || PQresultStatus(result) != PGRES_COMMAND_OK)
        err = pg_fail(ctx, conn, stmt, result);
    while (conn->link && result) {
        PGresult *end = pg_next(conn, deadline_ns);
        if (!end)
            break;
        PQclear(end);
    }
    if (err != OK) {
        PQclear(result);
        return err;
    }
    *ret = result;
    return OK;
}

static err_t form_read(struct ctx *ctx, struct pg_conn *conn, bool is_many,
                       size_t i, int64_t deadline_ns)
{
    PGresult *result = NULL;

    TRY(form_answer(ctx, conn, (int)i, &result, deadline_ns));
    PQclear(result);
    TRY(form_answer(ctx, conn, (int)i, &result, deadline_ns));
    form_keep(conn, is_many, i, result);
    PQclear(result);
    return OK;
}

static err_t forms_read(struct ctx *ctx, struct pg_conn *conn)
{
    const struct sql_list *list = conn->tx.list;
    int64_t deadline_ns =
        clock_mono_ns() + (int64_t)PG_WRITE_TIMEOUT_MS * 1000000;

    for (size_t i = 0; i < list->count; i++) {
        if (list->at[i].postgres)
            TRY(form_read(ctx, conn, false, i, deadline_ns));
        if (list->at[i].postgres_many)
            TRY(form_read(ctx, conn, true, i, deadline_ns));
    }
    PGresult *sync = pg_next(conn, deadline_ns);
    bool is_sync = sync && PQresultStatus(sync) == PGRES_PIPELINE_SYNC;
    PQclear(sync);
    if (!is_sync)
        return pg_fail(ctx, conn, -1, NULL);
    return OK;
}

void pg_prepare_late(struct pg_conn *conn, const struct sql_list *list)
{
    arena_reset(conn->arena);
    conn->stmts = arena_array(conn->arena, struct pg_stmt, list->count + 1);
    conn->tx.list = list;
}

err_t pg_prepare_all(struct ctx *ctx, struct pg_conn *conn)
{
    const struct sql_list *list = conn->tx.list;
    bool is_sent = true;

    ASSERT(conn->link && !conn->is_open);
    for (size_t i = 0; i < list->count && is_sent; i++) {
        if (list->at[i].postgres)
            is_sent = pg_form_send(conn, false, (int)i);
        if (list->at[i].postgres_many && is_sent)
            is_sent = pg_form_send(conn, true, (int)i);
    }
    if (!is_sent || PQpipelineSync(conn->link) != 1)
        return pg_fail(ctx, conn, -1, NULL);
    err_t err = forms_read(ctx, conn);
    /* Half the answers may be unread, half the statements missing. */
    if (err != OK)
        pg_link_drop(conn);
    return err;
}

/* Its own round trip: what it is run with must be known before. */
err_t pg_prepare_one(struct ctx *ctx, struct pg_conn *conn, int stmt,
                     bool is_many, const Oid **ret)
{
    const struct pg_ask ask = {
        .stmt = stmt, .is_many = is_many, .is_preparing = true};
    const struct pg_stmt *s = &conn->stmts[stmt];
    PGresult *described = NULL;

    if (!(is_many ? s->many : s->single)) {
        TRY(pg_ask(ctx, conn, &ask, &described));
        form_keep(conn, is_many, (size_t)stmt, described);
        PQclear(described);
    }
    *ret = is_many ? s->many : s->single;
    return OK;
}
