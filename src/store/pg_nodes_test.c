/* pg_nodes_test.c - several writers and nodes on one PostgreSQL. */
#define WHARF_UNBANNED
#include "store/store_testkit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/id.h"
#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "store/event.h"

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

static err_t read_first(struct ctx *ctx, struct store_testkit *kit, void *arg)
{
    struct sql_arg key = sql_i(1);
    struct sql_rows rows;

    TRY(sql_list(ctx, kit->first + T_GET, &key, 1, &rows));
    *(int64_t *)arg = sql_int(&rows, 0, 1);
    return OK;
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
        int64_t id = (int64_t)(rand_r(seed) % 4) * 5 + i + 1;
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
        if (store_testkit_run_on(hammer->kit, hammer->store, STR_NONE,
                                 add_to_five, &hammer->seed) != OK)
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
    bool is_again = crossed->tries++ > 0;

    /* Who is run again asks as the other does, and meets him once only. */
    TRY(store_testkit_add(ctx, kit,
                          is_again ? crossed->second : crossed->first));
    if (!is_again) /* Both hold their first row. */
        pthread_barrier_wait(crossed->barrier);
    return store_testkit_add(ctx, kit,
                             is_again ? crossed->first : crossed->second);
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
    struct store_testkit_async async[2];

    store_start(other);
    pthread_barrier_init(&barrier, NULL, 2);
    for (int i = 0; i < 2; i++) {
        async[i] = (struct store_testkit_async){.kit = kit,
                                                .store = i ? kit->store : other,
                                                .fn = crossed_fn,
                                                .arg = &crossed[i]};
        store_testkit_start(&async[i]);
    }
    MUST(store_testkit_end(&async[0]));
    MUST(store_testkit_end(&async[1]));
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
    TRY(store_testkit_add(ctx, kit, 1));
    return sql_list(ctx, kit->first + T_SLEEP, &ms, 1, &rows);
}

static void one_key_on_two_nodes_at_once_counts_once(void **state)
{
    struct store_testkit *kit = *state;
    struct store *other = store_testkit_node(kit, 16);
    enum { ROUNDS = 20, EACH = 4 };

    store_start(other);
    for (int round = 0; round < ROUNDS; round++) {
        struct store_testkit_async async[EACH];
        char key[16];
        snprintf(key, sizeof(key), "key %d", round);
        for (int i = 0; i < EACH; i++) {
            async[i] = (struct store_testkit_async){.kit = kit,
                                                    .store = i % 2 ? kit->store
                                                                   : other,
                                                    .fn = slow_add,
                                                    .key = str_from_cstr(key)};
            store_testkit_start(&async[i]);
        }
        for (int i = 0; i < EACH; i++)
            MUST(store_testkit_end(&async[i]));
    }
    struct store_stats mine, others;
    store_stats_get(kit->store, &mine);
    store_stats_get(other, &others);
    store_close(other);
    assert_int_equal(value_of(kit, 1), ROUNDS);
    assert_int_equal(mine.replays + others.replays, ROUNDS * (EACH - 1));
}

/* Compare and set: who comes second is refused. */
static err_t slow_set(struct ctx *ctx, struct store_testkit *kit, void *arg)
{
    struct sql_arg key = sql_i(1), ms = sql_i(100);
    struct sql_rows rows;

    (void)arg;
    TRY(sql_list(ctx, kit->first + T_LOCK, &key, 1, &rows));
    if (sql_int(&rows, 0, 1) != 0)
        return fail_as(ctx, ERR_CONFLICT, "stale", "", "it was set before");
    TRY(sql_list(ctx, kit->first + T_SLEEP, &ms, 1, &rows));
    return store_testkit_add(ctx, kit, 1);
}

static void one_key_on_two_nodes_at_once_has_one_answer(void **state)
{
    struct store_testkit *kit = *state;
    struct store *other = store_testkit_node(kit, 16);
    struct store_testkit_async async[2];

    store_start(other);
    for (int i = 0; i < 2; i++) {
        async[i] = (struct store_testkit_async){.kit = kit,
                                                .store = i ? kit->store : other,
                                                .fn = slow_set,
                                                .key = STR("one key")};
        store_testkit_start(&async[i]);
    }
    MUST(store_testkit_end(&async[0]));
    MUST(store_testkit_end(&async[1]));
    store_close(other);
    assert_int_equal(value_of(kit, 1), 1);
}

struct starting {
    struct store_testkit *kit;
    pthread_barrier_t *barrier;
    int node;
    struct store *store;
    struct err_detail err;
};

static void *starting_main(void *arg)
{
    struct starting *starting = arg;
    struct ctx ctx = {.arena = arena_open(), .now = clock_now()};
    struct store_config config = starting->kit->config;

    config.node = starting->node;
    pthread_barrier_wait(starting->barrier);
    if (store_open(&ctx, &config, &starting->store) != OK)
        starting->store = NULL;
    starting->err = ctx.err;
    arena_close(ctx.arena);
    return NULL;
}

static void nodes_that_start_at_once_make_one_schema(void **state)
{
    enum { NODES = 4 };
    struct store_testkit *kit = *state;
    struct starting nodes[NODES];
    pthread_t threads[NODES];
    pthread_barrier_t barrier;
    char sql[256];

    store_close(kit->store);
    kit->store = NULL;
    snprintf(sql, sizeof(sql), "DROP SCHEMA %s CASCADE; CREATE SCHEMA %s",
             kit->place, kit->place);
    (void)store_testkit_psql(kit, sql);
    pthread_barrier_init(&barrier, NULL, NODES);
    for (int i = 0; i < NODES; i++) {
        nodes[i] =
            (struct starting){.kit = kit, .barrier = &barrier, .node = i * 4};
        pthread_create(&threads[i], NULL, starting_main, &nodes[i]);
    }
    for (int i = 0; i < NODES; i++)
        pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&barrier);
    for (int i = 0; i < NODES; i++) {
        if (!nodes[i].store)
            fail_msg("node %d: %s", i, nodes[i].err.text);
        store_close(nodes[i].store);
    }
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
    struct store_testkit_async slow = {
        .kit = kit, .store = kit->store, .fn = log_event, .arg = &ms};
    struct listed listed = {.count = 0};

    store_testkit_start(&slow);
    store_testkit_wait(kit,
                       "SELECT count(*) " STORE_TESTKIT_LINKS
                       " AND query LIKE '%pg_sleep%'",
                       1);
    /* Another writer is quicker; its event must wait for the slow one's. */
    MUST(store_testkit_run(kit, LANE_WRITE, STR_NONE, log_event, NULL, NULL));
    MUST(store_testkit_run(kit, LANE_READ, STR_NONE, list_events, &listed,
                           NULL));
    assert_int_equal(listed.count, 0);
    MUST(store_testkit_end(&slow));
    MUST(store_testkit_run(kit, LANE_READ, STR_NONE, list_events, &listed,
                           NULL));
    assert_int_equal(listed.count, 2);
}

static void a_log_from_the_future_is_refused(void **state)
{
    struct store_testkit *kit = *state;
    struct ctx ctx = {.arena = kit->arena, .now = clock_now()};
    struct store *store = NULL;

    (void)store_testkit_psql(
        kit, "INSERT INTO events SELECT 0, 1, pg_current_xact_id()::text"
             "::bigint + 1000000, 1, 'x', 'x', 1, 1, 1, '{}'");
    assert_int_equal(store_open(&ctx, &kit->config, &store), ERR_STATE);
    assert_string_equal(ctx.err.slug, "event_log_ahead");
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

    MUST(store_testkit_run(kit, LANE_READ, STR_NONE, read_twice, NULL, NULL));
    assert_int_equal(value_of(kit, 1), 1);
}

static err_t next_id(struct ctx *ctx, struct store_testkit *kit, void *arg)
{
    (void)kit;
    *(int64_t *)arg = id_next(ctx->ids, ctx->now, 0);
    return OK;
}

/* Else ids of its writers had no order for as long as they are ahead. */
static void a_store_that_starts_makes_no_id_ahead_of_the_clock(void **state)
{
    struct store_testkit *kit = *state;
    int64_t id = 0;
    MUST(store_testkit_run(kit, LANE_WRITE, STR_NONE, log_event, NULL, NULL));
    struct store *other = store_testkit_node(kit, 16);
    store_start(other);
    MUST(store_testkit_run_on(kit, other, STR_NONE, next_id, &id));
    store_close(other);
    assert_true(id_time(id) <= clock_now());
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
#define CASE(name)                                                             \
    cmocka_unit_test_setup_teardown(name, open_started, close_kit)
        CASE(ordered_locks_never_deadlock),
        CASE(a_deadlock_is_run_again),
        CASE(one_key_on_two_nodes_at_once_counts_once),
        CASE(one_key_on_two_nodes_at_once_has_one_answer),
        CASE(nodes_that_start_at_once_make_one_schema),
        CASE(a_reader_of_events_never_overtakes_a_writer),
        CASE(a_log_from_the_future_is_refused),
        CASE(a_read_sees_one_snapshot),
        CASE(a_store_that_starts_makes_no_id_ahead_of_the_clock),
    };

    if (!store_testkit_has(STORE_POSTGRES)) {
        print_message("skipped: no WHARF_PG_CONNINFO\n");
        return 0;
    }
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    log_set_level(LOG_ERROR);
    return cmocka_run_group_tests_name("postgres", tests, NULL, NULL);
}
