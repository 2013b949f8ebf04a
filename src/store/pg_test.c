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
#include "store/pg_engine.h"

#define MUST(expr) assert_int_equal((expr), OK)
static int64_t value_of(struct store_testkit *kit, int id)
{
    char sql[64];
    snprintf(sql, sizeof(sql), "SELECT n FROM t WHERE id = %d", id);
    return store_testkit_psql(kit, sql);
}

static int open_started(void **state)
{
    *state = store_testkit_postgres();
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

    TRY(store_testkit_add(ctx, kit, 1));
    if (++*tries == 1)
        TRY(sql_run(ctx, kit->first + T_KILL_SELF, NULL, 0, NULL));
    return store_testkit_add(ctx, kit, 2);
}

static void a_link_killed_in_a_batch_costs_nothing(void **state)
{
    struct store_testkit *kit = *state;
    int tries = 0;

    MUST(store_testkit_run(kit, LANE_WRITE, STR("k"), killed_once, &tries,
                           NULL));
    assert_int_equal(tries, 2);
    assert_int_equal(value_of(kit, 1), 1);
    assert_int_equal(value_of(kit, 2), 1);
}

static err_t add_to_first(struct ctx *ctx, struct store_testkit *kit, void *arg)
{
    (void)arg;
    return store_testkit_add(ctx, kit, 1);
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

    (void)store_testkit_psql(
        kit, "SELECT pg_terminate_backend(pid) " STORE_TESTKIT_LINKS);
    for (int i = 0; i < 8; i++) {
        MUST(store_testkit_run(kit, LANE_WRITE, STR_NONE, add_to_first, NULL,
                               NULL));
        MUST(store_testkit_run(kit, LANE_READ, STR_NONE, read_first, &n, NULL));
        assert_int_equal(n, i + 1);
    }
}

/* ---- a COMMIT without an answer ---- */

/* The COMMIT waits for a standby that does not exist. The server has written
 * it when the link is cut: the outcome is unknown to us, and it did commit. */
static void a_commit_cut_off_is_found_by_its_key(void **state)
{
    struct store_testkit *kit = *state;
    struct store_testkit_async async = {.kit = kit,
                                        .store = kit->store,
                                        .fn = add_to_first,
                                        .key = STR("cut off")};

    (void)store_testkit_psql(
        kit, "ALTER SYSTEM SET synchronous_standby_names = 'ghost'");
    (void)store_testkit_psql(kit, "SELECT pg_reload_conf()");
    usleep(200000);
    store_testkit_start(&async);
    store_testkit_wait(kit,
                       "SELECT count(*) " STORE_TESTKIT_LINKS
                       " AND wait_event = 'SyncRep'",
                       1);
    (void)store_testkit_psql(kit,
                             "ALTER SYSTEM RESET synchronous_standby_names");
    /* Cut before the server hears of the change. */
    (void)store_testkit_psql(
        kit, "SELECT pg_terminate_backend(pid) " STORE_TESTKIT_LINKS
             " AND wait_event = 'SyncRep'");
    (void)store_testkit_psql(kit, "SELECT pg_reload_conf()");
    MUST(store_testkit_end(&async));
    assert_int_equal(value_of(kit, 1), 1);
    struct store_stats stats;
    store_stats_get(kit->store, &stats);
    assert_int_equal(stats.replays, 1);
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
    atomic_int *all_done;
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
        while ((err = store_testkit_run(client->kit, LANE_WRITE,
                                        str_from_cstr(key), add_to_first, NULL,
                                        NULL)) == ERR_BUSY) {
            client->busy++;
            usleep(5000);
        }
        assert_int_equal(err, OK);
        client->done++;
        atomic_fetch_add(client->all_done, 1);
    }
    return NULL;
}

/* However slow the machine is, so many are answered; else they hang. */
static void wait_for(atomic_int *done, int least)
{
    for (int i = 0; i < 6000 && atomic_load(done) < least; i++)
        usleep(10000);
    assert_true(atomic_load(done) >= least);
}

static int under_load(struct store_testkit *kit, void (*disturb)(void *),
                      int least, int *ret_busy)
{
    enum { CLIENTS = 6 };
    pthread_t threads[CLIENTS];
    struct client clients[CLIENTS];
    atomic_bool is_over = false;
    atomic_int all_done = 0;
    int done = 0;

    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = (struct client){kit, i, &is_over, &all_done, 0, 0};
        pthread_create(&threads[i], NULL, client_main, &clients[i]);
    }
    disturb(kit);
    wait_for(&all_done, least);
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
        (void)store_testkit_psql(
            arg, "SELECT pg_terminate_backend(pid) " STORE_TESTKIT_LINKS);
    }
}

static void links_killed_under_load_lose_and_double_nothing(void **state)
{
    struct store_testkit *kit = *state;
    int busy = 0;
    int done = under_load(kit, disturb_links, 20, &busy);

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
    int done = under_load(kit, disturb_server, 10, &busy);

    assert_true(busy > 0);
    assert_int_equal(value_of(kit, 1), done);
}

static void a_store_comes_back_without_being_asked(void **state)
{
    struct store_testkit *kit = *state;
    int64_t began_ns;

    server("stop immediate");
    began_ns = clock_mono_ns();
    assert_int_equal(
        store_testkit_run(kit, LANE_WRITE, STR_NONE, add_to_first, NULL, NULL),
        ERR_BUSY);
    assert_true(clock_mono_ns() - began_ns < 2000000000);
    assert_false(store_is_ready(kit->store));
    /* Until every link has met it and the pauses between tries have grown. */
    for (int round = 0; round < 20; round++) {
        struct store_testkit_async async[8];
        for (int i = 0; i < 8; i++) {
            async[i] = (struct store_testkit_async){
                .kit = kit, .store = kit->store, .fn = add_to_first};
            store_testkit_start(&async[i]);
        }
        for (int i = 0; i < 8; i++)
            assert_int_equal(store_testkit_end(&async[i]), ERR_BUSY);
        usleep(100000);
    }
    server("start");
    for (int i = 0; i < 500 && !store_is_ready(kit->store); i++)
        usleep(10000);
    assert_true(store_is_ready(kit->store));
    /* Each writer and reader, whatever pause it was in. */
    for (int i = 0; i < 12; i++) {
        int64_t n = 0;
        MUST(store_testkit_run(kit, LANE_WRITE, STR_NONE, add_to_first, NULL,
                               NULL));
        MUST(store_testkit_run(kit, LANE_READ, STR_NONE, read_first, &n, NULL));
        assert_int_equal(n, i + 1);
    }
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
