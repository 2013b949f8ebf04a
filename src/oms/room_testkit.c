/* room_testkit.c - what tests of rooms share: a store of their own. */
#define WHARF_UNBANNED
#include "oms/room_testkit.h"

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
#include "oms/place_testkit.h"
#include "oms/room.h"
#include "store/event.h"
#include "store/store.h"

enum { KEPT_REPLIES = 256 };

struct testkit_store {
    struct json_in *replies[KEPT_REPLIES]; /* To be closed in the end. */
    size_t reply_count;
    struct place place;
};

/* A command or a request while it runs. */
struct run {
    struct testkit *kit;
    testkit_fn *fn;
    void *arg;
};

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

/* Events that wait for a transaction begun before theirs. */
static int64_t events_waiting(const struct testkit *kit)
{
    char sql[192];
    int64_t count = 0;
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM %s.events WHERE "
             "xid >= pg_snapshot_xmin(pg_current_snapshot())::text::bigint",
             kit->own->place.schema);
    PGconn *conn = PQconnectdb(getenv("WHARF_PG_CONNINFO"));
    PGresult *result = PQexec(conn, sql);
    if (PQresultStatus(result) != PGRES_TUPLES_OK ||
        !str_to_i64(str_from_cstr(PQgetvalue(result, 0, 0)), &count))
        place_stop(sql, PQerrorMessage(conn));
    PQclear(result);
    PQfinish(conn);
    return count;
}

void testkit_settle(struct testkit *kit)
{
    if (!kit->own->place.schema[0])
        return;
    for (int i = 0; i < 2000 && events_waiting(kit) > 0; i++)
        (void)usleep(5000);
}

static void must_run(PGconn *link, const char *sql)
{
    PGresult *result = PQexec(link, sql);
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        place_stop(sql, PQerrorMessage(link));
    PQclear(result);
}

struct testkit_link *testkit_beside(struct testkit *kit, const char *sql)
{
    char path[128];
    if (!kit->own->place.schema[0])
        return NULL;
    PGconn *link = PQconnectdb(getenv("WHARF_PG_CONNINFO"));
    snprintf(path, sizeof path, "SET search_path = %s", kit->own->place.schema);
    must_run(link, path);
    must_run(link, "BEGIN");
    must_run(link, sql);
    if (PQsendQuery(link, "SELECT pg_sleep(0.3); COMMIT") != 1)
        place_stop("pg_sleep", PQerrorMessage(link));
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
    if (kit->own->place.schema[0]) {
        char path[128];
        PGconn *link = PQconnectdb(getenv("WHARF_PG_CONNINFO"));
        snprintf(path, sizeof path, "SET search_path = %s",
                 kit->own->place.schema);
        must_run(link, path);
        must_run(link, sql);
        PQfinish(link);
        return;
    }
    sqlite3 *db = NULL;
    char path[sizeof(kit->own->place.dir) + 8];
    snprintf(path, sizeof path, "%s/store", kit->own->place.dir);
    if (sqlite3_open(path, &db) != SQLITE_OK ||
        sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        place_stop(sql, sqlite3_errmsg(db));
    sqlite3_close(db);
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
        place_open_postgres(kit->arena, &kit->own->place, &config);
    else
        place_open_sqlite(kit->arena, &kit->own->place, &config);
    config.writers = 1;
    config.readers = 1;
    config.is_unsafe_allowed = true;
    struct ctx ctx = {.arena = kit->arena, .now = kit->now};
    if (store_open(&ctx, &config, &kit->store) != OK)
        place_stop("store_open", ctx.err.text);
    return kit;
}

void testkit_close(struct testkit *kit)
{
    store_close(kit->store);
    place_close(&kit->own->place);
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
    place_stop("no such operation", operation);
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
    if (route->toil && !req->is_light)
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
        place_stop("the reply is not JSON", ctx->err.text);
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
        place_stop("events", kit->err.text);
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
        place_stop("verify", kit->err.text);
    if (ret_first)
        *ret_first = str_copy(kit->arena, str_from_cstr(reports.first));
    return reports.count;
}
