/* store_testkit.h - stores for tests of the store floor, on either engine.
 *
 * A kit is an empty store with a table of its own, `t`, and statements on it.
 * On SQLite it lives in a temporary folder, on PostgreSQL in a schema of the
 * server that WHARF_PG_CONNINFO names (tools/pg-temp starts one). What should
 * not happen aborts with a message.
 */
#ifndef WHARF_STORE_STORE_TESTKIT_H
#define WHARF_STORE_STORE_TESTKIT_H

#include <pthread.h>

#include "base/base.h"
#include "store/sql.h"
#include "store/store.h"

/* Table t (id BIGINT PRIMARY KEY, n BIGINT, s TEXT UNIQUE, j JSONB, b BYTEA).
 * Statement numbers are these plus kit->first. */
enum store_testkit_stmt {
    T_INSERT,    /* many: id, n, s, j, b */
    T_GET,       /* many: id; gives id, n, s, j, b */
    T_LIST,      /* all rows by id */
    T_ADD,       /* many: n, id; n = n + :n, in key order */
    T_LOCK,      /* many: id; locks in key order, gives id, n */
    T_SUM,       /* count, sum(n) */
    T_ECHO,      /* i, t: gives them back */
    T_LATER,     /* many, later: id, s */
    T_SLEEP,     /* PostgreSQL: ms */
    T_KILL_SELF, /* PostgreSQL: ends the server's end of this link. */
    T_COUNT
};

enum { STORE_TESTKIT_ROWS = 20 };

/* For store_testkit_psql: what the store's own links are. */
#define STORE_TESTKIT_LINKS                                                    \
    "FROM pg_stat_activity WHERE application_name = 'wharf' AND pid <> "       \
    "pg_backend_pid()"

struct store_testkit {
    enum store_engine engine;
    struct arena *arena;
    struct store_config config;
    struct store *store;
    int first;
    char place[64]; /* Folder, or schema. */
};

bool store_testkit_has(enum store_engine engine);
/* `config` may be NULL; its engine, place and statements are set here. */
struct store_testkit *store_testkit_open(enum store_engine engine,
                                         const struct store_config *config);
void store_testkit_close(struct store_testkit *kit);
/* One more store on the same place: another node. */
struct store *store_testkit_node(struct store_testkit *kit, int node);

typedef err_t store_testkit_fn(struct ctx *ctx, struct store_testkit *kit,
                               void *arg);
/* Runs fn in the lane; `key` may be empty. *ret_err may be NULL. */
err_t store_testkit_run(struct store_testkit *kit, enum work_lane lane, str key,
                        store_testkit_fn *fn, void *arg,
                        struct err_detail *ret_err);
/* Writes on another node. */
err_t store_testkit_run_on(struct store_testkit *kit, struct store *store,
                           str key, store_testkit_fn *fn, void *arg);

/* The same on a thread of its own; store_testkit_end waits for its outcome. */
struct store_testkit_async {
    pthread_t thread;
    struct store_testkit *kit;
    struct store *store;
    store_testkit_fn *fn;
    void *arg;
    str key;
    err_t err;
};
void store_testkit_start(struct store_testkit_async *async);
err_t store_testkit_end(struct store_testkit_async *async);
/* Rows 1 to STORE_TESTKIT_ROWS of t with n = 0. */
err_t store_testkit_fill(struct ctx *ctx, struct store_testkit *kit, void *arg);
/* n = n + 1 of that row. */
err_t store_testkit_add(struct ctx *ctx, struct store_testkit *kit, int64_t id);
/* PostgreSQL: a filled and started kit; waits until the query gives `least`. */
struct store_testkit *store_testkit_postgres(void);
void store_testkit_wait(struct store_testkit *kit, const char *sql,
                        int64_t least);
/* PostgreSQL: runs a statement on a link of its own; gives the first cell. */
int64_t store_testkit_psql(struct store_testkit *kit, const char *sql);

#endif
