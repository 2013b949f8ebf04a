/* room_testkit.c - what tests of rooms share: a store of their own. */
#define WHARF_UNBANNED
#include "oms/room_testkit.h"

#include <dirent.h>
#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "base/time.h"
#include "oms/room.h"
#include "store/event.h"
#include "store/store.h"

enum { KEPT_REPLIES = 256 };

struct testkit_store {
    struct json_in *replies[KEPT_REPLIES]; /* To be closed in the end. */
    size_t reply_count;
    char dir[64];    /* SQLite: the temporary folder. */
    char schema[64]; /* PostgreSQL: the schema; empty on SQLite. */
};

/* A command or a request while it runs. */
struct run {
    struct testkit *kit;
    testkit_fn *fn;
    void *arg;
};

_Noreturn static void stop(const char *what, const char *why)
{
    fprintf(stderr, "testkit: %s: %s\n", what, why);
    abort();
}

static bool is_postgres(void)
{
    const char *engine = getenv("WHARF_TEST_ENGINE");
    return engine && strcmp(engine, "postgres") == 0;
}

bool testkit_next_engine(void)
{
    if (is_postgres() || !getenv("WHARF_PG_CONNINFO"))
        return false;
    setenv("WHARF_TEST_ENGINE", "postgres", 1);
    return true;
}

static void pg_exec(const char *sql)
{
    PGconn *conn = PQconnectdb(getenv("WHARF_PG_CONNINFO"));
    if (PQstatus(conn) != CONNECTION_OK)
        stop("postgres", PQerrorMessage(conn));
    PGresult *result = PQexec(conn, "SET client_min_messages = warning");
    PQclear(result);
    result = PQexec(conn, sql);
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        stop(sql, PQerrorMessage(conn));
    PQclear(result);
    PQfinish(conn);
}

/* Events that wait for a transaction begun before theirs. */
static int64_t events_waiting(const struct testkit *kit)
{
    char sql[192];
    int64_t count = 0;
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM %s.events WHERE "
             "xid >= pg_snapshot_xmin(pg_current_snapshot())::text::bigint",
             kit->own->schema);
    PGconn *conn = PQconnectdb(getenv("WHARF_PG_CONNINFO"));
    PGresult *result = PQexec(conn, sql);
    if (PQresultStatus(result) != PGRES_TUPLES_OK ||
        !str_to_i64(str_from_cstr(PQgetvalue(result, 0, 0)), &count))
        stop(sql, PQerrorMessage(conn));
    PQclear(result);
    PQfinish(conn);
    return count;
}

void testkit_settle(struct testkit *kit)
{
    if (!kit->own->schema[0])
        return;
    for (int i = 0; i < 2000 && events_waiting(kit) > 0; i++)
        (void)usleep(5000);
}

static void must_run(PGconn *link, const char *sql)
{
    PGresult *result = PQexec(link, sql);
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        stop(sql, PQerrorMessage(link));
    PQclear(result);
}

struct testkit_link *testkit_beside(struct testkit *kit, const char *sql)
{
    char path[128];
    if (!kit->own->schema[0])
        return NULL;
    PGconn *link = PQconnectdb(getenv("WHARF_PG_CONNINFO"));
    snprintf(path, sizeof path, "SET search_path = %s", kit->own->schema);
    must_run(link, path);
    must_run(link, "BEGIN");
    must_run(link, sql);
    if (PQsendQuery(link, "SELECT pg_sleep(0.3); COMMIT") != 1)
        stop("pg_sleep", PQerrorMessage(link));
    return (struct testkit_link *)link;
}

void testkit_beside_end(struct testkit_link *link)
{
    PGconn *conn = (PGconn *)link;
    PGresult *result;
    while ((result = PQgetResult(conn)))
        PQclear(result);
    PQfinish(conn);
}

void testkit_sql(struct testkit *kit, const char *sql)
{
    if (kit->own->schema[0]) {
        char path[128];
        PGconn *link = PQconnectdb(getenv("WHARF_PG_CONNINFO"));
        snprintf(path, sizeof path, "SET search_path = %s", kit->own->schema);
        must_run(link, path);
        must_run(link, sql);
        PQfinish(link);
        return;
    }
    sqlite3 *db = NULL;
    char path[sizeof(kit->own->dir) + 8];
    snprintf(path, sizeof path, "%s/store", kit->own->dir);
    if (sqlite3_open(path, &db) != SQLITE_OK ||
        sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        stop(sql, sqlite3_errmsg(db));
    sqlite3_close(db);
}

static void open_postgres(struct testkit *kit, struct store_config *config)
{
    struct testkit_store *own = kit->own;
    char sql[128];
    snprintf(own->schema, sizeof own->schema, "wharf_t_%d_%lld", (int)getpid(),
             (long long)clock_mono_ns());
    snprintf(sql, sizeof sql, "CREATE SCHEMA %s", own->schema);
    pg_exec(sql);
    store_config_init(config, STORE_POSTGRES);
    str conninfo = str_printf(kit->arena, "%s options='-csearch_path=%s'",
                              getenv("WHARF_PG_CONNINFO"), own->schema);
    config->conninfo = str_to_cstr(kit->arena, conninfo);
}

static void open_sqlite(struct testkit *kit, struct store_config *config)
{
    struct testkit_store *own = kit->own;
    snprintf(own->dir, sizeof own->dir, "/tmp/wharf-test-XXXXXX");
    if (!mkdtemp(own->dir))
        stop("mkdtemp", own->dir);
    store_config_init(config, STORE_SQLITE);
    config->path =
        str_to_cstr(kit->arena, str_printf(kit->arena, "%s/store", own->dir));
}

struct testkit *testkit_open(void)
{
    struct testkit *kit = mem_new(sizeof *kit);
    kit->own = mem_new(sizeof *kit->own);
    kit->arena = arena_open();
    kit->now = INT64_C(1790000000000); /* In September 2026. */
    kit->actor = (struct actor){ACTOR_CLI, 0};
    struct store_config config;
    if (is_postgres())
        open_postgres(kit, &config);
    else
        open_sqlite(kit, &config);
    config.writers = 1;
    config.readers = 1;
    config.is_unsafe_allowed = true;
    struct ctx ctx = {.arena = kit->arena, .now = kit->now};
    if (store_open(&ctx, &config, &kit->store) != OK)
        stop("store_open", ctx.err.text);
    return kit;
}

static void remove_folder(const char *dir)
{
    char path[512];
    DIR *list = opendir(dir);
    if (!list)
        return;
    for (struct dirent *e = readdir(list); e; e = readdir(list)) {
        snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
        unlink(path);
    }
    closedir(list);
    rmdir(dir);
}

void testkit_close(struct testkit *kit)
{
    store_close(kit->store);
    if (kit->own->schema[0]) {
        char sql[128];
        snprintf(sql, sizeof sql, "DROP SCHEMA %s CASCADE", kit->own->schema);
        pg_exec(sql);
    } else {
        remove_folder(kit->own->dir);
    }
    arena_close(kit->arena);
    mem_free(kit->own);
    mem_free(kit);
}

static err_t run_work(struct work *work)
{
    struct run *run = work->arg;
    return run->fn(&work->ctx, run->arg);
}

static void no_done(struct work *work)
{
    (void)work;
}

static err_t run_in(struct testkit *kit, enum work_lane lane, testkit_fn *fn,
                    void *arg)
{
    static const struct work_kind kind = {.name = "test", .run = run_work};
    struct run run = {kit, fn, arg};
    struct work work = {
        .kind = &kind,
        .lane = lane,
        .ctx = {.arena = kit->arena, .now = kit->now, .actor = kit->actor},
        .arg = &run,
        .done = no_done,
    };
    buf_init(&work.reply, kit->arena, LIMIT_REPLY_BYTES);
    err_t err = store_run(kit->store, &work);
    kit->err = work.ctx.err;
    return err;
}

err_t testkit_run(struct testkit *kit, testkit_fn *fn, void *arg)
{
    return run_in(kit, LANE_WRITE, fn, arg);
}

err_t testkit_read(struct testkit *kit, testkit_fn *fn, void *arg)
{
    return run_in(kit, LANE_READ, fn, arg);
}

/* ---- routes ---- */

struct calling {
    const struct testkit_call *call;
    const struct route *route;
    struct testkit_reply *reply;
};

static const struct route *find_route(const struct room *room,
                                      const char *operation)
{
    for (size_t i = 0; i < room->routes->count; i++)
        if (strcmp(room->routes->at[i].operation, operation) == 0)
            return &room->routes->at[i];
    stop("no such operation", operation);
}

static void put_query(struct request *req, const char *query)
{
    str rest = str_from_cstr(query);
    while (rest.len > 0) {
        str value;
        str name = str_split(str_split(rest, '&', &rest), '=', &value);
        ASSERT(req->query_count < REQUEST_QUERY_PARAMS);
        req->query[req->query_count++] =
            (struct query_param){.name = name, .value = value};
    }
}

static err_t run_route(struct ctx *ctx, struct request *req)
{
    const struct route *route = req->route;
    if (route->prepare)
        TRY(route->prepare(ctx, req));
    if (route->toil)
        TRY(route->toil(ctx, req));
    if (route->kind != ROUTE_HOT)
        return route->run(ctx, req);
    TRY(route->decode(ctx, req));
    struct request *reqs[] = {req};
    err_t results[1] = {OK};
    TRY(route->run_many(ctx, reqs, results, 1));
    return results[0];
}

static err_t run_call(struct ctx *ctx, void *arg)
{
    struct calling *calling = arg;
    const struct testkit_call *call = calling->call;
    struct request *req = arena_new(ctx->arena, struct request);
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    req->ctx = ctx;
    req->route = calling->route;
    req->reply = &out;
    req->status = 200;
    req->perms = PERM_ALL | PERM_SELF;
    for (size_t i = 0; i < REQUEST_PATH_PARAMS && call->path[i]; i++)
        req->path_params[i] = str_from_cstr(call->path[i]);
    put_query(req, call->query);
    if (call->body) {
        req->body_bytes = str_from_cstr(call->body);
        TRY(json_parse(ctx, req->body_bytes, &req->body));
    }
    err_t err = run_route(ctx, req);
    calling->reply->status = req->status;
    calling->reply->body = buf_str(&buf);
    return err;
}

void testkit_call(struct testkit *kit, const struct room *room,
                  const struct testkit_call *call, struct testkit_reply *ret)
{
    *ret = (struct testkit_reply){0};
    struct calling calling = {call, find_route(room, call->operation), ret};
    bool is_read = calling.route->kind == ROUTE_READ;
    ret->err = is_read ? testkit_read(kit, run_call, &calling)
                       : testkit_run(kit, run_call, &calling);
    if (ret->err != OK) {
        ret->status = err_http_status(ret->err);
        ret->body = STR_NONE;
        return;
    }
    struct ctx *ctx = arena_new(kit->arena, struct ctx);
    *ctx = (struct ctx){.arena = kit->arena, .now = kit->now};
    if (json_parse(ctx, ret->body, &ret->json) != OK)
        stop("the reply is not JSON", ctx->err.text);
    ret->ctx = (struct ctx){.arena = kit->arena, .now = kit->now};
    json_allow_rest(ret->json);
    ASSERT(kit->own->reply_count < KEPT_REPLIES);
    kit->own->replies[kit->own->reply_count++] = ret->json;
}

/* ---- what was written ---- */

struct count {
    str type;
    size_t count;
};

static err_t count_events(struct ctx *ctx, void *arg)
{
    struct count *count = arg;
    struct event_cursor after = {0, 0};
    struct event *events;
    size_t n;
    do {
        TRY(event_list_after(ctx, after, 500, &events, &n));
        for (size_t i = 0; i < n; i++)
            if (str_equal(events[i].type, count->type))
                count->count++;
        if (n > 0)
            after = (struct event_cursor){events[n - 1].xid, events[n - 1].id};
    } while (n > 0);
    return OK;
}

size_t testkit_events(struct testkit *kit, const char *type)
{
    struct count count = {str_from_cstr(type), 0};
    testkit_settle(kit);
    if (testkit_read(kit, count_events, &count) != OK)
        stop("events", kit->err.text);
    return count.count;
}

struct reports {
    struct testkit *kit;
    const struct room *room;
    size_t count;
    char first[256]; /* Arena memory of a row goes with the row. */
};

static void report(void *arg, const char *invariant, str row, str what)
{
    struct reports *reports = arg;
    if (reports->count++ == 0)
        snprintf(reports->first, sizeof reports->first, "%s %.*s: %.*s",
                 invariant, STR_ARG(row), STR_ARG(what));
}

static err_t run_checks(struct ctx *ctx, void *arg)
{
    struct reports *reports = arg;
    for (size_t i = 0; i < reports->room->verify->count; i++)
        TRY(reports->room->verify->at[i].run(ctx, report, reports));
    return OK;
}

size_t testkit_verify(struct testkit *kit, const struct room *room,
                      str *ret_first)
{
    struct reports reports = {.kit = kit, .room = room};
    if (testkit_read(kit, run_checks, &reports) != OK)
        stop("verify", kit->err.text);
    if (ret_first)
        *ret_first = str_copy(kit->arena, str_from_cstr(reports.first));
    return reports.count;
}
