/* store_testkit.c - stores for tests of the store floor, on either engine. */
#define WHARF_UNBANNED
#include "store/store_testkit.h"

#include <dirent.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/time.h"
#include "store/engine.h"
#include "store/store_testing.h"

#define COLUMNS "id, n, s, j, b"

/* Formatting would align the columns past the margin. */
/* clang-format off */
static const struct sql_stmt own_stmts[] = {
    [T_INSERT] = {
        "t_insert", "INSERT INTO t VALUES (?1, ?2, ?3, ?4, ?5)",
        "INSERT INTO t VALUES ($1, $2, $3, $4, $5)",
        "INSERT INTO t SELECT u.id, u.n, u.s, u.j, u.b FROM "
        "unnest($1::bigint[], $2::bigint[], $3::text[], $4::jsonb[], "
        "$5::bytea[]) AS u(id, n, s, j, b)", "iitjb", 5, false},
    [T_GET] = {
        "t_get", "SELECT " COLUMNS " FROM t WHERE id = ?1",
        "SELECT " COLUMNS " FROM t WHERE id = $1",
        "SELECT " COLUMNS " FROM t WHERE id = ANY ($1::bigint[])", "i", 1,
        false},
    [T_LIST] = {
        "t_list", "SELECT " COLUMNS " FROM t ORDER BY id",
        "SELECT " COLUMNS " FROM t ORDER BY id", NULL, "", 0, false},
    [T_ADD] = {
        "t_add", "UPDATE t SET n = n + ?1 WHERE id = ?2",
        "UPDATE t SET n = n + $1 WHERE id = $2",
        "UPDATE t SET n = t.n + u.n FROM unnest($1::bigint[], "
        "$2::bigint[]) AS u(n, id) WHERE t.id = u.id", "ii", 2, false},
    [T_LOCK] = {
        "t_lock", "SELECT id, n FROM t WHERE id = ?1",
        "SELECT id, n FROM t WHERE id = $1 FOR UPDATE",
        "SELECT id, n FROM t WHERE id = ANY ($1::bigint[]) "
        "ORDER BY id FOR UPDATE", "i", 1, false},
    [T_SUM] = {
        "t_sum", "SELECT COUNT(*), SUM(n) FROM t",
        "SELECT COUNT(*), SUM(n) FROM t", NULL, "", 0, false},
    [T_ECHO] = {
        "t_echo", "SELECT ?1, ?2", "SELECT $1::bigint, $2::text", NULL,
        "uu", 2, false},
    [T_LATER] = {
        "t_later", "INSERT INTO t (id, s) VALUES (?1, ?2)",
        "INSERT INTO t (id, s) VALUES ($1, $2)",
        "INSERT INTO t (id, s) SELECT u.id, u.s FROM "
        "unnest($1::bigint[], $2::text[]) AS u(id, s)", "it", 2, true},
    [T_SLEEP] = {
        "t_sleep", NULL, "SELECT pg_sleep($1 / 1000.0)", NULL, "i", 1, false},
    [T_KILL_SELF] = {
        "t_kill_self", NULL,
        "SELECT pg_terminate_backend(pg_backend_pid())", NULL, "", 0, false},
};

static const struct migration_step own_steps[] = {{
    "test.t",
    "CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, n INTEGER, "
    "s TEXT UNIQUE, j TEXT, b BLOB, CHECK (n < 1000000000)) STRICT",
    "CREATE TABLE IF NOT EXISTS t (id BIGINT PRIMARY KEY, n BIGINT, "
    "s TEXT UNIQUE, j JSONB, b BYTEA, CHECK (n < 1000000000))",
}};
/* clang-format on */

_Noreturn static void stop(const char *what, const char *why)
{
    fprintf(stderr, "store testkit: %s: %s\n", what, why);
    abort();
}

bool store_testkit_has(enum store_engine engine)
{
    return engine == STORE_SQLITE || getenv("WHARF_PG_CONNINFO") != NULL;
}

int64_t store_testkit_psql(struct store_testkit *kit, const char *sql)
{
    PGconn *link = PQconnectdb(kit->config.conninfo);
    int64_t cell = 0;

    if (PQstatus(link) != CONNECTION_OK)
        stop("postgres", PQerrorMessage(link));
    PQclear(PQexec(link, "SET client_min_messages = warning"));
    PGresult *result = PQexec(link, sql);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        stop(sql, PQerrorMessage(link));
    if (PQntuples(result) > 0)
        (void)str_to_i64(str_from_cstr(PQgetvalue(result, 0, 0)), &cell);
    PQclear(result);
    PQfinish(link);
    return cell;
}

static void postgres_place(struct store_testkit *kit)
{
    const char *server = getenv("WHARF_PG_CONNINFO");
    char sql[128];

    snprintf(kit->place, sizeof(kit->place), "wharf_s_%d_%lld", (int)getpid(),
             (long long)clock_mono_ns());
    snprintf(sql, sizeof(sql), "CREATE SCHEMA %s", kit->place);
    kit->config.conninfo = server;
    (void)store_testkit_psql(kit, sql);
    kit->config.conninfo = str_to_cstr(
        kit->arena, str_printf(kit->arena, "%s options='-csearch_path=%s'",
                               server, kit->place));
}

static void sqlite_place(struct store_testkit *kit)
{
    store_testing_folder(kit->place);
    kit->config.path =
        str_to_cstr(kit->arena, str_printf(kit->arena, "%s/store", kit->place));
}

/* The product's statements and then ours. */
static const struct sql_list *all_stmts(struct store_testkit *kit)
{
    struct sql_list *list = arena_new(kit->arena, struct sql_list);
    struct sql_stmt *at =
        arena_array(kit->arena, struct sql_stmt, sql_all.count + T_COUNT);

    memcpy(at, sql_all.at, sql_all.count * sizeof(*at));
    memcpy(at + sql_all.count, own_stmts, sizeof(own_stmts));
    *list = (struct sql_list){at, sql_all.count + T_COUNT};
    kit->first = (int)sql_all.count;
    return list;
}

struct store *store_testkit_node(struct store_testkit *kit, int node)
{
    struct ctx ctx = {.arena = kit->arena, .now = clock_now()};
    static bool is_prepared[STORE_POSTGRES + 1]; /* By an earlier store. */
    struct store_config config = kit->config;
    struct store *store = NULL;

    config.node = node;
    config.is_prepared_late = is_prepared[kit->engine];
    if (store_open(&ctx, &config, &store) != OK)
        stop("store_open", ctx.err.text);
    is_prepared[kit->engine] = true;
    return store;
}

struct store_testkit *store_testkit_open(enum store_engine engine,
                                         const struct store_config *config)
{
    struct store_testkit *kit = mem_new(sizeof(*kit));

    kit->engine = engine;
    kit->arena = arena_open();
    if (config)
        kit->config = *config;
    else
        store_config_init(&kit->config, engine);
    if (engine == STORE_POSTGRES)
        postgres_place(kit);
    else
        sqlite_place(kit);
    kit->config.engine = engine;
    kit->config.is_unsafe_allowed = true;
    kit->config.sql = all_stmts(kit);
    kit->config.steps = own_steps;
    kit->config.step_count = COUNT_OF(own_steps);
    kit->store = store_testkit_node(kit, 0);
    return kit;
}

static void folder_remove(const char *path)
{
    char file[512];
    DIR *dir = opendir(path);

    if (!dir)
        return;
    for (struct dirent *e = readdir(dir); e; e = readdir(dir)) {
        snprintf(file, sizeof(file), "%s/%s", path, e->d_name);
        (void)unlink(file);
    }
    closedir(dir);
    (void)rmdir(path);
}

void store_testkit_close(struct store_testkit *kit)
{
    store_close(kit->store);
    if (kit->engine == STORE_POSTGRES) {
        char sql[128];
        snprintf(sql, sizeof(sql), "DROP SCHEMA %s CASCADE", kit->place);
        (void)store_testkit_psql(kit, sql);
    } else {
        folder_remove(kit->place);
    }
    arena_close(kit->arena);
    mem_free(kit);
}

struct run {
    struct store_testkit *kit;
    store_testkit_fn *fn;
    void *arg;
};

static err_t run_work(struct work *work)
{
    struct run *run = work->arg;
    return run->fn(&work->ctx, run->kit, run->arg);
}

static void no_done(struct work *work)
{
    (void)work;
}

static err_t run_in(struct store *store, struct work *work,
                    struct err_detail *ret_err)
{
    static const struct work_kind kind = {.name = "test", .run = run_work};
    struct arena *arena = arena_open();

    work->kind = &kind;
    work->done = no_done;
    work->idem_body = str_hash(work->idem_key);
    work->ctx = (struct ctx){
        .arena = arena, .now = clock_now(), .actor = {.kind = ACTOR_CLI}};
    buf_init(&work->reply, arena, LIMIT_REPLY_BYTES);
    err_t err = store_run(store, work);
    if (ret_err)
        *ret_err = work->ctx.err;
    arena_close(arena);
    return err;
}

err_t store_testkit_run(struct store_testkit *kit, enum work_lane lane, str key,
                        store_testkit_fn *fn, void *arg,
                        struct err_detail *ret_err)
{
    struct run run = {kit, fn, arg};
    struct work work = {.lane = lane, .arg = &run, .idem_key = key};

    return run_in(kit->store, &work, ret_err);
}

err_t store_testkit_run_on(struct store_testkit *kit, struct store *store,
                           str key, store_testkit_fn *fn, void *arg)
{
    struct run run = {kit, fn, arg};
    struct work work = {.lane = LANE_WRITE, .arg = &run, .idem_key = key};

    return run_in(store, &work, NULL);
}

static void *async_main(void *arg)
{
    struct store_testkit_async *async = arg;

    async->err = store_testkit_run_on(async->kit, async->store, async->key,
                                      async->fn, async->arg);
    return NULL;
}

void store_testkit_start(struct store_testkit_async *async)
{
    if (pthread_create(&async->thread, NULL, async_main, async) != 0)
        stop("pthread_create", "failed");
}

err_t store_testkit_end(struct store_testkit_async *async)
{
    pthread_join(async->thread, NULL);
    return async->err;
}

err_t store_testkit_fill(struct ctx *ctx, struct store_testkit *kit, void *arg)
{
    struct sql_arg args[STORE_TESTKIT_ROWS * 5];

    (void)arg;
    for (int i = 0; i < STORE_TESTKIT_ROWS; i++) {
        args[i * 5] = sql_i(i + 1);
        args[i * 5 + 1] = sql_i(0);
        args[i * 5 + 2] = sql_null();
        args[i * 5 + 3] = sql_null();
        args[i * 5 + 4] = sql_null();
    }
    return sql_run_many(ctx, kit->first + T_INSERT, args, 5, STORE_TESTKIT_ROWS,
                        NULL);
}

err_t store_testkit_add(struct ctx *ctx, struct store_testkit *kit, int64_t id)
{
    struct sql_arg args[] = {sql_i(1), sql_i(id)};
    return sql_run(ctx, kit->first + T_ADD, args, 2, NULL);
}

struct store_testkit *store_testkit_postgres(void)
{
    struct store_testkit *kit = store_testkit_open(STORE_POSTGRES, NULL);

    if (store_testkit_run(kit, LANE_WRITE, STR_NONE, store_testkit_fill, NULL,
                          NULL) != OK)
        stop("postgres", "the table cannot be filled");
    store_start(kit->store);
    return kit;
}

void store_testkit_wait(struct store_testkit *kit, const char *sql,
                        int64_t least)
{
    for (int i = 0; i < 1000; i++) {
        if (store_testkit_psql(kit, sql) >= least)
            return;
        (void)usleep(10000);
    }
    stop("it never came", sql);
}
