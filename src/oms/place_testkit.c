/* place_testkit.c - see place_testkit.h. */
#define WHARF_UNBANNED
#include "oms/place_testkit.h"

#include <dirent.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/time.h"
#include "store/store.h"
#include "store/store_testing.h"

/* All rows of a schema but what was migrated; foreign keys do not matter. */
static const char EMPTY[] =
    "SET session_replication_role = replica; SET client_min_messages = warning;"
    "DO $$ DECLARE t RECORD; BEGIN FOR t IN SELECT c.oid::regclass AS name, "
    "c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE n.nspname = '%s' AND c.relkind = 'r' LOOP "
    "IF t.relname = 'meta' THEN "
    "EXECUTE format('DELETE FROM %%s WHERE name NOT LIKE ''step.%%%%''', "
    "t.name); ELSE EXECUTE format('DELETE FROM %%s', t.name); END IF; "
    "END LOOP; END $$";

static char spare_schema[64]; /* Emptied, for the next test. */
static char template_dir[64]; /* Of the migrated file. */

void place_stop(const char *what, const char *why)
{
    fprintf(stderr, "testkit: %s: %s\n", what, why);
    abort();
}

void place_pg_exec(const char *sql)
{
    PGconn *conn = PQconnectdb(getenv("WHARF_PG_CONNINFO"));
    if (PQstatus(conn) != CONNECTION_OK)
        place_stop("postgres", PQerrorMessage(conn));
    PQclear(PQexec(conn, "SET client_min_messages = warning"));
    PGresult *result = PQexec(conn, sql);
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        place_stop(sql, PQerrorMessage(conn));
    PQclear(result);
    PQfinish(conn);
}

static void drop_schema(const char *schema)
{
    char sql[128];
    snprintf(sql, sizeof sql, "DROP SCHEMA %s CASCADE", schema);
    place_pg_exec(sql);
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

static void clean_up(void)
{
    if (spare_schema[0])
        drop_schema(spare_schema);
    if (template_dir[0])
        remove_folder(template_dir);
}

static void clean_up_at_exit(void)
{
    static bool is_asked;
    if (!is_asked && atexit(clean_up) != 0)
        place_stop("atexit", "refused");
    is_asked = true;
}

static void copy_file(const char *from, const char *to)
{
    char bytes[65536];
    size_t n;
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wbx");
    if (!in || !out)
        place_stop(to, "cannot be made");
    while ((n = fread(bytes, 1, sizeof bytes, in)) > 0)
        if (fwrite(bytes, 1, n, out) != n)
            place_stop(to, "cannot be written");
    if (ferror(in) || fclose(out) != 0)
        place_stop(to, "cannot be copied");
    fclose(in);
}

/* A store that was opened and closed once. */
static void make_template(struct arena *arena)
{
    struct store_config config;
    struct store *store;
    struct ctx ctx = {.arena = arena, .now = clock_now()};
    char path[80];
    store_testing_folder(template_dir);
    clean_up_at_exit();
    snprintf(path, sizeof path, "%s/store", template_dir);
    store_config_init(&config, STORE_SQLITE);
    config.path = path;
    if (store_open(&ctx, &config, &store) != OK)
        place_stop("store_open", ctx.err.text);
    store_close(store);
}

void place_open_sqlite(struct arena *arena, struct place *place,
                       struct store_config *config)
{
    char from[80];
    if (!template_dir[0])
        make_template(arena);
    snprintf(from, sizeof from, "%s/store", template_dir);
    store_testing_folder(place->dir);
    store_config_init(config, STORE_SQLITE);
    config->path =
        str_to_cstr(arena, str_printf(arena, "%s/store", place->dir));
    copy_file(from, config->path);
    config->is_prepared_late = true;
}

void place_open_postgres(struct arena *arena, struct place *place,
                         struct store_config *config)
{
    char sql[128];
    bool is_known = spare_schema[0] != '\0';
    memcpy(place->schema, spare_schema, sizeof place->schema);
    spare_schema[0] = '\0';
    if (!place->schema[0]) {
        snprintf(place->schema, sizeof place->schema, "wharf_t_%d_%lld",
                 (int)getpid(), (long long)clock_mono_ns());
        snprintf(sql, sizeof sql, "CREATE SCHEMA %s", place->schema);
        place_pg_exec(sql);
    }
    store_config_init(config, STORE_POSTGRES);
    config->is_prepared_late = is_known;
    str conninfo = str_printf(arena, "%s options='-csearch_path=%s'",
                              getenv("WHARF_PG_CONNINFO"), place->schema);
    config->conninfo = str_to_cstr(arena, conninfo);
}

void place_close(struct place *place)
{
    char sql[1024];
    if (!place->schema[0]) {
        remove_folder(place->dir);
        return;
    }
    if (spare_schema[0]) {
        drop_schema(place->schema);
        return;
    }
    snprintf(sql, sizeof sql, EMPTY, place->schema);
    place_pg_exec(sql);
    memcpy(spare_schema, place->schema, sizeof spare_schema);
    clean_up_at_exit();
}
