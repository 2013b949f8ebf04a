/* store_testing.c - a store for one test. */
#define WHARF_UNBANNED
#include "store/store_testing.h"

#include <dirent.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "store/engine.h"

static const char *server(void)
{
    return getenv("WHARF_PG_CONNINFO");
}

static void server_do(const char *verb, const char *schema, const char *tail)
{
    char sql[160];
    (void)snprintf(sql, sizeof(sql), "%s %s %s", verb, schema, tail);
    PGconn *link = PQconnectdb(server());
    ASSERT(PQstatus(link) == CONNECTION_OK);
    PGresult *result = PQexec(link, "SET client_min_messages = warning");
    PQclear(result);
    result = PQexec(link, sql);
    ASSERT(PQresultStatus(result) == PGRES_COMMAND_OK);
    PQclear(result);
    PQfinish(link);
}

void store_testing_folder(char dir[64])
{
    const char *in = getenv("TMPDIR");
    bool is_short = in && strlen(in) < 40;
    (void)snprintf(dir, 64, "%s/wharf-test-XXXXXX", is_short ? in : "/tmp");
    char *made = mkdtemp(dir);
    ASSERT(made != NULL);
}

void store_testing_init(struct store_testing *t)
{
    *t = (struct store_testing){.arena = arena_open()};
    t->ctx = (struct ctx){
        .arena = t->arena, .now = clock_now(), .actor = {.kind = ACTOR_CLI}};
    log_set_level(LOG_ERROR);
    if (server()) {
        store_config_init(&t->config, STORE_POSTGRES);
        (void)snprintf(t->schema, sizeof(t->schema), "test_%lld_%lld",
                       (long long)getpid(), (long long)clock_mono_ns());
        server_do("CREATE SCHEMA", t->schema, "");
        (void)snprintf(t->conninfo, sizeof(t->conninfo),
                       "%s options='-csearch_path=%s'", server(), t->schema);
        t->config.conninfo = t->conninfo;
        t->config.writers = 1;
    } else {
        store_config_init(&t->config, STORE_SQLITE);
        store_testing_folder(t->dir);
        (void)snprintf(t->path, sizeof(t->path), "%s/store.db", t->dir);
        t->config.path = t->path;
    }
    t->config.readers = 2;
    t->config.cache_mib = 4;
    t->config.reader_cache_mib = 1;
    t->config.is_unsafe_allowed = true; /* The test server has no fsync. */
}

void store_testing_add(struct store_testing *t, const struct sql_stmt *extra,
                       size_t count, const struct migration_step *steps,
                       size_t step_count)
{
    size_t all = sql_all.count + count;
    struct sql_stmt *at = arena_array(t->arena, struct sql_stmt, all);
    for (size_t i = 0; i < all; i++)
        at[i] = i < sql_all.count ? sql_all.at[i] : extra[i - sql_all.count];
    struct sql_list *list = arena_new(t->arena, struct sql_list);
    list->at = at;
    list->count = all;
    t->config.sql = list;
    t->config.steps = steps;
    t->config.step_count = step_count;
}

void store_testing_open(struct store_testing *t, bool is_started)
{
    static bool is_prepared; /* By an earlier store; the schema is the same. */
    err_clear(&t->ctx);
    t->config.is_prepared_late = is_prepared;
    err_t err = store_open(&t->ctx, &t->config, &t->store);
    if (err != OK)
        log_ctx(&t->ctx, LOG_ERROR, "test", "%s", t->ctx.err.text);
    ASSERT(err == OK);
    is_prepared = true;
    if (is_started)
        store_start(t->store);
}

void store_testing_shut(struct store_testing *t)
{
    store_close(t->store);
    t->store = NULL;
}

static void remove_folder(const char *dir)
{
    DIR *open_dir = opendir(dir);
    ASSERT(open_dir != NULL);
    const struct dirent *entry;
    char path[400];
    while ((entry = readdir(open_dir)) != NULL) {
        (void)snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name);
        (void)unlink(path);
    }
    (void)closedir(open_dir);
    (void)rmdir(dir);
}

void store_testing_done(struct store_testing *t)
{
    store_testing_shut(t);
    if (t->dir[0])
        remove_folder(t->dir);
    if (t->schema[0])
        server_do("DROP SCHEMA", t->schema, "CASCADE");
    arena_close(t->arena);
}
