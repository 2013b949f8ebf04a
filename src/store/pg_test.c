/* pg_test.c - PostgreSQL that conflicts, breaks off, goes away, comes back.
 *
 * Stops and kills its server, so it starts one of its own (tools/pg-temp).
 */
#define WHARF_UNBANNED
#include "store/store_testkit.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "store/event.h"
#include "store/pg_engine.h"

#define MUST(expr) assert_int_equal((expr), OK)
#define OTHERS                                                                 \
    "FROM pg_stat_activity WHERE application_name = 'wharf' AND pid <> "       \
    "pg_backend_pid()"

enum { ROWS = 20 };

/* Room-temperature statements on t. */
static err_t fill(struct ctx *ctx, struct store_testkit *kit, void *arg)
{
    struct sql_arg args[ROWS * 5];

    (void)arg;
    for (int i = 0; i < ROWS; i++) {
        args[i * 5] = sql_i(i + 1);
        args[i * 5 + 1] = sql_i(0);
        args[i * 5 + 2] = sql_null();
        args[i * 5 + 3] = sql_null();
        args[i * 5 + 4] = sql_null();
    }
    return sql_run_many(ctx, kit->first + T_INSERT, args, 5, ROWS, NULL);
}

static err_t add_one(struct ctx *ctx, struct store_testkit *kit, int64_t id)
{
    struct sql_arg args[] = {sql_i(1), sql_i(id)};
    return sql_run(ctx, kit->first + T_ADD, args, 2, NULL);
}

static int64_t value_of(struct store_testkit *kit, int id)
{
    char sql[64];
    snprintf(sql, sizeof(sql), "SELECT n FROM t WHERE id = %d", id);
    return store_testkit_psql(kit, sql);
}

static int open_started(void **state)
{
    struct store_testkit *kit = store_testkit_open(STORE_POSTGRES, NULL);

    MUST(store_testkit_run(kit, kit->store, LANE_WRITE, STR_NONE, fill, NULL,
                           NULL));
    store_start(kit->store);
    *state = kit;
    return 0;
}

static int close_kit(void **state)
{
    store_testkit_close(*state);
    return 0;
}

/* ---- classes of errors, settings ---- */

static void every_sqlstate_has_its_class(void **state)
{
    (void)state;
    assert_int_equal(pg_classify("40001"), PG_RETRY);
    assert_int_equal(pg_classify("40P01"), PG_RETRY);
    assert_int_equal(pg_classify("55P03"), PG_RETRY);
    assert_int_equal(pg_classify("08006"), PG_LINK);
    assert_int_equal(pg_classify("57P01"), PG_LINK);
    assert_int_equal(pg_classify("57P02"), PG_LINK);
    assert_int_equal(pg_classify("57P03"), PG_LINK);
    assert_int_equal(pg_classify("25006"), PG_LINK);
    assert_int_equal(pg_classify("53300"), PG_LINK);
    assert_int_equal(pg_classify("23505"), PG_UNIQUE);
    assert_int_equal(pg_classify("23514"), PG_CONSTRAINT);
    assert_int_equal(pg_classify("53100"), PG_FULL);
    assert_int_equal(pg_classify("58030"), PG_FULL);
    assert_int_equal(pg_classify("57014"), PG_SLOW);
    assert_int_equal(pg_classify("42601"), PG_OTHER);
}

static err_t open_with(struct store_testkit *kit, const char *option,
                       bool is_unsafe_allowed, struct err_detail *ret)
{
    struct ctx ctx = {.arena = kit->arena, .now = clock_now()};
    struct store_config config = kit->config;
    struct store *store = NULL;

    config.conninfo = str_to_cstr(
        kit->arena,
        str_printf(kit->arena, "%s options='-csearch_path=%s %s'",
                   getenv("WHARF_PG_CONNINFO"), kit->place, option));
    config.is_unsafe_allowed = is_unsafe_allowed;
    err_t err = store_open(&ctx, &config, &store);
    if (err == OK)
        store_close(store);
    *ret = ctx.err;
    return err;
}

static void weaker_durability_is_refused_unless_allowed(void **state)
{
    struct store_testkit *kit = *state;
    const char *off = "-csynchronous_commit=off";
    struct err_detail detail;

    MUST(open_with(kit, "", false, &detail));
    assert_int_equal(open_with(kit, off, false, &detail), ERR_STATE);
    assert_string_equal(detail.slug, "unsafe_durability");
    assert_non_null(strstr(detail.text, "synchronous_commit"));
    MUST(open_with(kit, off, true, &detail));
}

static void a_server_that_is_not_there_is_busy(void **state)
{
    struct ctx ctx = {.arena = NULL};
    struct store_config config;
    struct store *store = NULL;

    (void)state;
    store_config_init(&config, STORE_POSTGRES);
    config.conninfo = "host=/nonexistent dbname=nothing";
    assert_int_equal(store_open(&ctx, &config, &store), ERR_BUSY);
}

/* ---- links that break ---- */

static err_t killed_once(struct ctx *ctx, struct store_testkit *kit, void *arg)
{
    int *tries = arg;

    TRY(add_one(ctx, kit, 1));
    if (++*tries == 1)
        TRY(sql_run(ctx, kit->first + T_KILL_SELF, NULL, 0, NULL));
    return add_one(ctx, kit, 2);
}

static void a_link_killed_in_a_batch_costs_nothing(void **state)
{
    struct store_testkit *kit = *state;
    int tries = 0;

    MUST(store_testkit_run(kit, kit->store, LANE_WRITE, STR("k"), killed_once,
                           &tries, NULL));
    assert_int_equal(tries, 2);
    assert_int_equal(value_of(kit, 1), 1);
    assert_int_equal(value_of(kit, 2), 1);
}

static err_t add_to_first(struct ctx *ctx, struct store_testkit *kit, void *arg)
{
    (void)arg;
    return add_one(ctx, kit, 1);
}

static err_t read_first(struct ctx *ctx, struct store_testkit *kit, void *arg)
{
    struct sql_arg key = sql_i(1);
    struct sql_rows rows;

    TRY(sql_list(ctx, kit->first + T_GET, &key, 1, &rows));
    *(int64_t *)arg = sql_int(&rows, 0, 1);
    return OK;
}

static void links_killed_while_idle_are_made_again(void **state)
{
    struct store_testkit *kit = *state;
    int64_t n = 0;

    (void)store_testkit_psql(kit, "SELECT pg_terminate_backend(pid) " OTHERS);
    for (int i = 0; i < 8; i++) {
        MUST(store_testkit_run(kit, kit->store, LANE_WRITE, STR_NONE,
                               add_to_first, NULL, NULL));
        MUST(store_testkit_run(kit, kit->store, LANE_READ, STR_NONE, read_first,
                               &n, NULL));
        assert_int_equal(n, i + 1);
    }
}

/* ---- a COMMIT without an answer ---- */

struct async {
    pthread_t thread;
    struct store_testkit *kit;
    struct store *store;
    store_testkit_fn *fn;
    void *arg;
    str key;
    err_t err;
};

static void *async_main(void *arg)
{
    struct async *async = arg;
    async->err = store_testkit_run(async->kit, async->store, LANE_WRITE,
                                   async->key, async->fn, async->arg, NULL);
    return NULL;
}

static void async_start(struct async *async)
{
    assert_int_equal(pthread_create(&async->thread, NULL, async_main, async),
                     0);
}

static err_t async_end(struct async *async)
{
    pthread_join(async->thread, NULL);
    return async->err;
}

static void wait_until(struct store_testkit *kit, const char *sql,
                       int64_t least)
{
    for (int i = 0; i < 1000; i++) {
        if (store_testkit_psql(kit, sql) >= least)
            return;
        usleep(10000);
    }
    fail_msg("never came: %s", sql);
}

/* The COMMIT waits for a standby that does not exist. The server has written
 * it when the link is cut: the outcome is unknown to us, and it did commit. */
static void a_commit_cut_off_is_found_by_its_key(void **state)
{
    struct store_testkit *kit = *state;
    struct async async = {.kit = kit,
                          .store = kit->store,
                          .fn = add_to_first,
                          .key = STR("cut off")};

    (void)store_testkit_psql(
        kit, "ALTER SYSTEM SET synchronous_standby_names = 'ghost'");
    (void)store_testkit_psql(kit, "SELECT pg_reload_conf()");
    usleep(200000);
    async_start(&async);
    wait_until(kit, "SELECT count(*) " OTHERS " AND wait_event = 'SyncRep'", 1);
    (void)store_testkit_psql(kit,
                             "ALTER SYSTEM RESET synchronous_standby_names");
    /* Cut before the server hears of the change. */
    (void)store_testkit_psql(kit, "SELECT pg_terminate_backend(pid) " OTHERS
                                  " AND wait_event = 'SyncRep'");
    (void)store_testkit_psql(kit, "SELECT pg_reload_conf()");
    MUST(async_end(&async));
    assert_int_equal(value_of(kit, 1), 1);
    struct store_stats stats;
    store_stats_get(kit->store, &stats);
    assert_int_equal(stats.replays, 1);
}

/* ---- conflicts ---- */

struct hammer {
    struct store_testkit *kit;
    struct store *store;
    unsigned seed;
    int rounds;
    atomic_int *failed;
};

/* Rows in any order: the statement locks them in key order. */
static err_t add_to_five(struct ctx *ctx, struct store_testkit *kit, void *arg)
{
    unsigned *seed = arg;
    struct sql_arg keys[5], adds[10];
    struct sql_rows rows;

    for (int i = 0; i < 5; i++) {
        int64_t id = (int64_t)((rand_r(seed) % 4) * 5 + i + 1);
        keys[4 - i] = sql_i(id);
        adds[2 * i] = sql_i(1);
        adds[2 * i + 1] = sql_i(id);
    }
    TRY(sql_list_many(ctx, kit->first + T_LOCK, keys, 1, 5, &rows));
    assert_int_equal(rows.count, 5);
    return sql_run_many(ctx, kit->first + T_ADD, adds, 2, 5, NULL);
}

static void *hammer_main(void *arg)
{
    struct hammer *hammer = arg;

    for (int i = 0; i < hammer->rounds; i++)
        if (store_testkit_run(hammer->kit, hammer->store, LANE_WRITE, STR_NONE,
                              add_to_five, &hammer->seed, NULL) != OK)
            atomic_fetch_add(hammer->failed, 1);
    return NULL;
}

static void ordered_locks_never_deadlock(void **state)
{
    enum { THREADS = 8, ROUNDS = 40 };
    struct store_testkit *kit = *state;
    struct store *other = store_testkit_node(kit, 16);
    pthread_t threads[THREADS];
    struct hammer hammers[THREADS];
    atomic_int failed = 0;
    const char *deadlocks = "SELECT deadlocks FROM pg_stat_database WHERE "
                            "datname = current_database()";
    int64_t before = store_testkit_psql(kit, deadlocks);

    store_start(other);
    for (unsigned i = 0; i < THREADS; i++) {
        hammers[i] = (struct hammer){kit, i % 2 ? kit->store : other, i + 1,
                                     ROUNDS, &failed};
        pthread_create(&threads[i], NULL, hammer_main, &hammers[i]);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    store_close(other);
    assert_int_equal(failed, 0);
    assert_int_equal(store_testkit_psql(kit, "SELECT sum(n) FROM t"),
                     THREADS * ROUNDS * 5);
    assert_int_equal(store_testkit_psql(kit, deadlocks) - before, 0);
}

struct crossed {
    pthread_barrier_t *barrier;
    int64_t first, second;
    int tries;
};

static err_t crossed_fn(struct ctx *ctx, struct store_testkit *kit, void *arg)
{
    struct crossed *crossed = arg;

    TRY(add_one(ctx, kit, crossed->first));
    if (crossed->tries++ == 0) /* Both hold their first row. */
        pthread_barrier_wait(crossed->barrier);
    return add_one(ctx, kit, crossed->second);
}

static void a_deadlock_is_run_again(void **state)
{
    struct store_testkit *kit = *state;
    struct store *other = store_testkit_node(kit, 16);
    pthread_barrier_t barrier;
    struct crossed crossed[2] = {
        {&barrier, 1, 2, 0},
        {&barrier, 2, 1, 0}
    };
    struct async async[2];

    store_start(other);
    pthread_barrier_init(&barrier, NULL, 2);
    for (int i = 0; i < 2; i++) {
        async[i] = (struct async){.kit = kit,
                                  .store = i ? kit->store : other,
                                  .fn = crossed_fn,
                                  .arg = &crossed[i]};
        async_start(&async[i]);
    }
    MUST(async_end(&async[0]));
    MUST(async_end(&async[1]));
    pthread_barrier_destroy(&barrier);
    store_close(other);
    assert_int_equal(crossed[0].tries + crossed[1].tries, 3);
    assert_int_equal(value_of(kit, 1), 2);
    assert_int_equal(value_of(kit, 2), 2);
}

static err_t slow_add(struct ctx *ctx, struct store_testkit *kit, void *arg)
{
    struct sql_arg ms = sql_i(20);
    struct sql_rows rows;

    (void)arg;
    TRY(add_one(ctx, kit, 1));
    return sql_list(ctx, kit->first + T_SLEEP, &ms, 1, &rows);
}

static void one_key_on_two_nodes_at_once_counts_once(void **state)
{
    struct store_testkit *kit = *state;
    struct store *other = store_testkit_node(kit, 16);
    enum { ROUNDS = 20, EACH = 4 };

    store_start(other);
    for (int round = 0; round < ROUNDS; round++) {
        struct async async[EACH];
        char key[16];
        snprintf(key, sizeof(key), "key %d", round);
        for (int i = 0; i < EACH; i++) {
            async[i] = (struct async){.kit = kit,
                                      .store = i % 2 ? kit->store : other,
                                      .fn = slow_add,
                                      .key = str_from_cstr(key)};
            async_start(&async[i]);
        }
        for (int i = 0; i < EACH; i++)
            MUST(async_end(&async[i]));
    }
    struct store_stats mine, others;
    store_stats_get(kit->store, &mine);
    store_stats_get(other, &others);
    store_close(other);
    assert_int_equal(value_of(kit, 1), ROUNDS);
    assert_int_equal(mine.replays + others.replays, ROUNDS * (EACH - 1));
}

/* ---- events ---- */

static err_t log_event(struct ctx *ctx, struct store_testkit *kit, void *arg)
{
    int64_t ms = arg ? *(int64_t *)arg : 0;
    struct sql_arg wait = sql_i(ms);
    struct sql_rows rows;

    TRY(event_add(ctx, "test.event", "test", 1, STR("{}"), NULL));
    return ms ? sql_list(ctx, kit->first + T_SLEEP, &wait, 1, &rows) : OK;
}

struct listed {
    struct event_cursor after;
    size_t count;
};

static err_t list_events(struct ctx *ctx, struct store_testkit *kit, void *arg)
{
    struct listed *listed = arg;
    struct event *events;

    (void)kit;
    TRY(event_list_after(ctx, listed->after, 100, &events, &listed->count));
    for (size_t i = 1; i < listed->count; i++)
        assert_true(events[i - 1].xid < events[i].xid ||
                    (events[i - 1].xid == events[i].xid &&
                     events[i - 1].id < events[i].id));
    if (listed->count > 0)
        listed->after = (struct event_cursor){events[listed->count - 1].xid,
                                              events[listed->count - 1].id};
    return OK;
}

static void a_reader_of_events_never_overtakes_a_writer(void **state)
{
    struct store_testkit *kit = *state;
    int64_t ms = 500;
    struct async slow = {
        .kit = kit, .store = kit->store, .fn = log_event, .arg = &ms};
    struct listed listed = {.count = 0};

    async_start(&slow);
    wait_until(kit, "SELECT count(*) " OTHERS " AND query LIKE '%pg_sleep%'",
               1);
    /* Another writer is quicker; its event must wait for the slow one's. */
    MUST(store_testkit_run(kit, kit->store, LANE_WRITE, STR_NONE, log_event,
                           NULL, NULL));
    MUST(store_testkit_run(kit, kit->store, LANE_READ, STR_NONE, list_events,
                           &listed, NULL));
    assert_int_equal(listed.count, 0);
    MUST(async_end(&slow));
    MUST(store_testkit_run(kit, kit->store, LANE_READ, STR_NONE, list_events,
                           &listed, NULL));
    assert_int_equal(listed.count, 2);
}

static err_t read_twice(struct ctx *ctx, struct store_testkit *kit, void *arg)
{
    int64_t first = 0, second = 0;

    (void)arg;
    TRY(read_first(ctx, kit, &first));
    (void)store_testkit_psql(kit, "UPDATE t SET n = n + 1 WHERE id = 1");
    TRY(read_first(ctx, kit, &second));
    assert_int_equal(first, second);
    return OK;
}

static void a_read_sees_one_snapshot(void **state)
{
    struct store_testkit *kit = *state;

    MUST(store_testkit_run(kit, kit->store, LANE_READ, STR_NONE, read_twice,
                           NULL, NULL));
    assert_int_equal(value_of(kit, 1), 1);
}

/* ---- the server goes and comes ---- */

static void server(const char *what)
{
    char command[512];
    snprintf(command, sizeof(command), "%s %s", getenv("WHARF_PG_TEMP"), what);
    assert_int_equal(system(command), 0);
}

struct client {
    struct store_testkit *kit;
    int number;
    atomic_bool *is_over;
    int done, busy;
};

/* Asks until it has an answer, under one key, as a client must. */
static void *client_main(void *arg)
{
    struct client *client = arg;

    while (!atomic_load(client->is_over)) {
        char key[32];
        snprintf(key, sizeof(key), "%d-%d", client->number, client->done);
        err_t err;
        while ((err = store_testkit_run(client->kit, client->kit->store,
                                        LANE_WRITE, str_from_cstr(key),
                                        add_to_first, NULL, NULL)) ==
               ERR_BUSY) {
            client->busy++;
            usleep(5000);
        }
        assert_int_equal(err, OK);
        client->done++;
    }
    return NULL;
}

static int under_load(struct store_testkit *kit, void (*disturb)(void *),
                      int *ret_busy)
{
    enum { CLIENTS = 6 };
    pthread_t threads[CLIENTS];
    struct client clients[CLIENTS];
    atomic_bool is_over = false;
    int done = 0;

    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = (struct client){kit, i, &is_over, 0, 0};
        pthread_create(&threads[i], NULL, client_main, &clients[i]);
    }
    disturb(kit);
    atomic_store(&is_over, true);
    for (int i = 0; i < CLIENTS; i++) {
        pthread_join(threads[i], NULL);
        done += clients[i].done;
        *ret_busy += clients[i].busy;
    }
    return done;
}

static void disturb_links(void *arg)
{
    for (int i = 0; i < 25; i++) {
        usleep(40000);
        (void)store_testkit_psql(arg,
                                 "SELECT pg_terminate_backend(pid) " OTHERS);
    }
}

static void links_killed_under_load_lose_and_double_nothing(void **state)
{
    struct store_testkit *kit = *state;
    int busy = 0;
    int done = under_load(kit, disturb_links, &busy);

    assert_true(done > 100);
    assert_int_equal(value_of(kit, 1), done);
}

static void disturb_server(void *arg)
{
    (void)arg;
    for (int i = 0; i < 3; i++) {
        usleep(300000);
        server("stop immediate");
        usleep(200000);
        server("start");
        usleep(300000);
    }
}

static void a_server_that_crashes_under_load_loses_nothing(void **state)
{
    struct store_testkit *kit = *state;
    int busy = 0;
    int done = under_load(kit, disturb_server, &busy);

    assert_true(done > 50);
    assert_true(busy > 0);
    assert_int_equal(value_of(kit, 1), done);
}

static void a_store_comes_back_without_being_asked(void **state)
{
    struct store_testkit *kit = *state;
    int64_t began_ns;

    server("stop immediate");
    began_ns = clock_mono_ns();
    assert_int_equal(store_testkit_run(kit, kit->store, LANE_WRITE, STR_NONE,
                                       add_to_first, NULL, NULL),
                     ERR_BUSY);
    assert_true(clock_mono_ns() - began_ns < 2000000000);
    assert_false(store_is_ready(kit->store));
    server("start");
    for (int i = 0; i < 500 && !store_is_ready(kit->store); i++)
        usleep(10000);
    assert_true(store_is_ready(kit->store));
    MUST(store_testkit_run(kit, kit->store, LANE_WRITE, STR_NONE, add_to_first,
                           NULL, NULL));
    assert_int_equal(value_of(kit, 1), 1);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
#define CASE(name)                                                             \
    cmocka_unit_test_setup_teardown(name, open_started, close_kit)
        cmocka_unit_test(every_sqlstate_has_its_class),
        CASE(weaker_durability_is_refused_unless_allowed),
        cmocka_unit_test(a_server_that_is_not_there_is_busy),
        CASE(a_link_killed_in_a_batch_costs_nothing),
        CASE(links_killed_while_idle_are_made_again),
        CASE(a_commit_cut_off_is_found_by_its_key),
        CASE(ordered_locks_never_deadlock),
        CASE(a_deadlock_is_run_again),
        CASE(one_key_on_two_nodes_at_once_counts_once),
        CASE(a_reader_of_events_never_overtakes_a_writer),
        CASE(a_read_sees_one_snapshot),
        CASE(links_killed_under_load_lose_and_double_nothing),
        CASE(a_server_that_crashes_under_load_loses_nothing),
        CASE(a_store_comes_back_without_being_asked),
    };
    const char *pg_temp = getenv("WHARF_PG_TEMP");

    if (!pg_temp) {
        print_message("skipped: no WHARF_PG_TEMP\n");
        return 0;
    }
    if (!getenv("WHARF_PG_OWN")) {
        setenv("WHARF_PG_OWN", "1", 1);
        execl(pg_temp, pg_temp, argv[0], argc > 1 ? argv[1] : NULL, NULL);
        return 1;
    }
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    log_set_level(LOG_ERROR);
    return cmocka_run_group_tests_name("postgres", tests, NULL, NULL);
}
