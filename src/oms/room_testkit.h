/* room_testkit.h - what tests of rooms share: a store of their own.
 *
 * A kit is an empty store in a temporary folder (SQLite), or in a schema of
 * its own (PostgreSQL, where WHARF_PG_CONNINFO names a server). It runs
 * commands and routes of rooms each in a transaction. What they return lives
 * until the kit is closed. What should not happen aborts with a message.
 *
 *     int bad = 0;
 *     do
 *         bad += cmocka_run_group_tests_name("catalog", tests, NULL, NULL);
 *     while (testkit_next_engine());
 */
#ifndef WHARF_OMS_ROOM_TESTKIT_H
#define WHARF_OMS_ROOM_TESTKIT_H

#include "base/base.h"
#include "net/route.h"
#include "oms/ids.h"

struct room;
struct store;
struct testkit_store;
struct testkit_link;

struct testkit {
    struct store *store;
    struct arena *arena;
    utc_ms now; /* Given to every command; the test may move it. */
    struct actor actor;
    struct err_detail err; /* Of the run before. */
    struct testkit_store *own;
};

struct testkit *testkit_open(void);
void testkit_close(struct testkit *kit);
/* True, once, where the tests shall run again on PostgreSQL. */
bool testkit_next_engine(void);

typedef err_t testkit_fn(struct ctx *ctx, void *arg);
/* Runs fn as one command and commits, or undoes it where it fails. */
err_t testkit_run(struct testkit *kit, testkit_fn *fn, void *arg);
/* Runs fn on a snapshot. */
err_t testkit_read(struct testkit *kit, testkit_fn *fn, void *arg);

/* A request to a route of a room. */
struct testkit_call {
    const char *operation; /* "createSku" */
    const char *path[REQUEST_PATH_PARAMS];
    const char *query; /* "limit=2&code=A", as is; NULL: none. */
    const char *body;  /* NULL: none. */
};
struct testkit_reply {
    err_t err; /* Details in kit->err. */
    int status;
    str body;
    struct json_in *json; /* Where err is OK. */
    struct ctx ctx;       /* A context for what follows; not the json's. */
};
void testkit_call(struct testkit *kit, const struct room *room,
                  const struct testkit_call *call, struct testkit_reply *ret);

/* Waits until readers of the log see all events: on PostgreSQL they stop below
 * any transaction still running in the cluster, also those of other tests. */
void testkit_settle(struct testkit *kit);
/* PostgreSQL: runs sql in a transaction of another link, which commits by
 * itself 300 ms later; testkit_beside_end waits for that. NULL on SQLite. */
struct testkit_link *testkit_beside(struct testkit *kit, const char *sql);
void testkit_beside_end(struct testkit_link *link);
/* Changes rows behind the product's back, as only a test does. */
void testkit_sql(struct testkit *kit, const char *sql);
/* How many events of that type there are. */
size_t testkit_events(struct testkit *kit, const char *type);
/* Runs the room's checks; the rows they report, and the first as text. */
size_t testkit_verify(struct testkit *kit, const struct room *room,
                      str *ret_first);

#endif
