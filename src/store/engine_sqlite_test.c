/* engine_sqlite_test.c - what only the embedded engine has: a disk that fills
 * up or fails, the lock on the file, durability that is checked.
 */
#define WHARF_UNBANNED
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#undef fail /* Ours. */

#include "base/arena.h"
#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "store/engine.h"
#include "store/event.h"
#include "store/store_testing.h"

struct deed {
    struct work work;
    const char *sql;
    int count;
};

static err_t exec_run(struct work *work)
{
    struct deed *deed = work->arg;
    return work->ctx.tx->ops->exec(&work->ctx, work->ctx.tx, deed->sql);
}

static err_t add_run(struct work *work)
{
    struct deed *deed = work->arg;
    str data = str_printf(work->ctx.arena, "{\"a\":\"%0200d\"}", 0);
    for (int i = 0; i < deed->count; i++)
        TRY(event_add(&work->ctx, "thing.done", "thing", 256, data, NULL));
    return OK;
}

static err_t count_run(struct work *work)
{
    struct deed *deed = work->arg;
    struct event *events;
    size_t count;
    TRY(event_list_after(&work->ctx, (struct event_cursor){0}, 100000, &events,
                         &count));
    deed->count = (int)count;
    return OK;
}

static const struct work_kind EXEC_KIND = {.name = "exec", .run = exec_run};
static const struct work_kind ADD_KIND = {.name = "add", .run = add_run};
static const struct work_kind COUNT_KIND = {.name = "count", .run = count_run};

static err_t run(struct store_testing *t, const struct work_kind *kind,
                 struct deed *deed)
{
    deed->work = (struct work){.kind = kind, .lane = LANE_WRITE, .arg = deed};
    if (kind == &COUNT_KIND)
        deed->work.lane = LANE_READ;
    deed->work.ctx.arena = arena_open();
    deed->work.ctx.now = clock_now();
    deed->work.ctx.actor.kind = ACTOR_CLI;
    buf_init(&deed->work.reply, deed->work.ctx.arena, 16);
    err_t err = store_run(t->store, &deed->work);
    arena_close(deed->work.ctx.arena);
    return err;
}

static err_t add(struct store_testing *t, int count)
{
    struct deed deed = {.count = count};
    return run(t, &ADD_KIND, &deed);
}

static void exec(struct store_testing *t, const char *sql)
{
    struct deed deed = {.sql = sql};
    assert_int_equal(run(t, &EXEC_KIND, &deed), OK);
}

static int events(struct store_testing *t)
{
    struct deed deed = {0};
    assert_int_equal(run(t, &COUNT_KIND, &deed), OK);
    return deed.count;
}

static bool is_ready_soon(struct store_testing *t)
{
    int64_t until_ns = clock_mono_ns() + (int64_t)10 * 1000000000;
    while (!store_is_ready(t->store) && clock_mono_ns() < until_ns)
        usleep(5000);
    return store_is_ready(t->store);
}

static int setup(void **state)
{
    static struct store_testing t;
    (void)unsetenv("WHARF_PG_CONNINFO");
    store_testing_init(&t);
    t.config.is_unsafe_allowed = false;
    store_testing_open(&t, true);
    *state = &t;
    return 0;
}

static int teardown(void **state)
{
    store_testing_done(*state);
    return 0;
}

/* ---- the disk ---- */

static void full_disk_is_busy_and_ends_by_itself(void **state)
{
    struct store_testing *t = *state;
    assert_int_equal(add(t, 5), OK);
    /* SQLite takes the least it can: the pages there are. */
    exec(t, "PRAGMA max_page_count=1");
    int stored = 5;
    err_t err = OK;
    for (int i = 0; i < 100 && err == OK; i++) {
        err = add(t, 100);
        stored += err == OK ? 100 : 0;
    }
    assert_int_equal(err, ERR_BUSY);
    assert_int_equal(events(t), stored);
    exec(t, "PRAGMA max_page_count=1000000");
    assert_true(is_ready_soon(t));
    assert_int_equal(add(t, 1), OK);
    assert_int_equal(events(t), stored + 1);
}

static void limit_files(rlim_t bytes)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes == RLIM_INFINITY ? limit.rlim_max : bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void failing_disk_is_busy_and_ends_by_itself(void **state)
{
    struct store_testing *t = *state;
    assert_int_equal(add(t, 5), OK);
    signal(SIGXFSZ, SIG_IGN);
    limit_files(64 * 1024);
    err_t err = OK;
    int stored = 5;
    for (int i = 0; i < 100 && err == OK; i++) {
        err = add(t, 50);
        stored += err == OK ? 50 : 0;
    }
    assert_int_equal(err, ERR_BUSY);
    assert_int_equal(add(t, 50), ERR_BUSY);
    assert_false(store_is_ready(t->store));
    assert_int_equal(events(t), stored);
    limit_files(RLIM_INFINITY);
    assert_true(is_ready_soon(t));
    assert_int_equal(add(t, 7), OK);
    assert_int_equal(events(t), stored + 7);
    store_testing_shut(t);
    store_testing_open(t, true);
    assert_int_equal(events(t), stored + 7);
}

/* ---- the file ---- */

static void second_owner_is_refused(void **state)
{
    struct store_testing *t = *state;
    struct store *second = NULL;
    assert_int_equal(store_open(&t->ctx, &t->config, &second), ERR_STATE);
    assert_string_equal(t->ctx.err.slug, "store_locked");
    err_clear(&t->ctx);
    store_testing_shut(t);
    assert_int_equal(store_open(&t->ctx, &t->config, &second), OK);
    store_close(second);
}

static void path_that_cannot_be_is_an_error(void **state)
{
    struct store_testing *t = *state;
    struct store_config config = t->config;
    struct store *store = NULL;
    config.path = "/nowhere/at/all.db";
    assert_int_equal(store_open(&t->ctx, &config, &store), ERR_BUSY);
    err_clear(&t->ctx);
}

static void memory_store_works_without_readers(void **state)
{
    struct store_testing *t = *state;
    store_testing_shut(t);
    t->config.path = ":memory:";
    store_testing_open(t, true);
    assert_int_equal(add(t, 3), OK);
    assert_int_equal(events(t), 3);
    store_testing_shut(t);
    store_testing_open(t, false);
    assert_int_equal(events(t), 0);
}

static void weaker_durability_is_refused(void **state)
{
    struct store_testing *t = *state;
    store_testing_shut(t);
    /* Without shared memory SQLite cannot do WAL. */
    t->config.vfs = "unix-none";
    struct store *store = NULL;
    err_t err = store_open(&t->ctx, &t->config, &store);
    assert_true(err == ERR_STATE || err == ERR_BUSY);
    err_clear(&t->ctx);
}

static void everything_is_flushed_into_one_file_at_the_end(void **state)
{
    struct store_testing *t = *state;
    char wal[128];
    (void)snprintf(wal, sizeof(wal), "%s-wal", t->path);
    assert_int_equal(add(t, 10), OK);
    assert_int_equal(access(wal, F_OK), 0);
    store_testing_shut(t);
    assert_int_not_equal(access(wal, F_OK), 0);
    store_testing_open(t, true);
    assert_int_equal(events(t), 10);
}

/* ---- commands that crash ---- */

static err_t crash_run(struct work *work)
{
    struct deed *deed = work->arg;
    if (deed->count < 0)
        _exit(9); /* As an abort, without its noise. */
    deed->count = 1;
    return add_run(work);
}

static const struct work_kind CRASH_KIND = {.name = "crash", .run = crash_run};

static err_t crash(struct store_testing *t, const char *key, int count)
{
    struct deed deed = {.count = count};
    deed.work =
        (struct work){.kind = &CRASH_KIND, .lane = LANE_WRITE, .arg = &deed};
    deed.work.ctx.arena = t->arena;
    deed.work.ctx.now = clock_now();
    deed.work.ctx.actor.kind = ACTOR_CLI;
    deed.work.idem_key = str_from_cstr(key);
    buf_init(&deed.work.reply, t->arena, 16);
    return store_run(t->store, &deed.work);
}

/* The status with which a process ends that runs that command. */
static int crash_elsewhere(struct store_testing *t, const char *key, int count)
{
    pid_t child = fork();
    if (child == 0) {
        store_testing_open(t, false);
        err_t err = crash(t, key, count);
        store_testing_shut(t);
        _exit((int)err);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WEXITSTATUS(status);
}

static void command_that_crashes_is_parked(void **state)
{
    struct store_testing *t = *state;
    store_testing_shut(t);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(crash_elsewhere(t, "innocent", 1), OK);
        assert_int_equal(crash_elsewhere(t, "bad", -1), 9);
    }
    assert_int_equal(crash_elsewhere(t, "bad", -1), ERR_INTERNAL);
    assert_int_equal(crash_elsewhere(t, "other", 1), OK);
    store_testing_open(t, true);
    assert_int_equal(crash(t, "bad", -1), ERR_INTERNAL);
    assert_int_equal(crash(t, "good", 1), OK);
}

static void suspect_that_ends_well_is_cleared(void **state)
{
    struct store_testing *t = *state;
    store_testing_shut(t);
    assert_int_equal(crash_elsewhere(t, "key", -1), 9);
    assert_int_equal(crash_elsewhere(t, "key", -1), 9);
    assert_int_equal(crash_elsewhere(t, "key", 1), OK);
    /* A replay now: it does not run. */
    assert_int_equal(crash_elsewhere(t, "key", -1), OK);
    store_testing_open(t, true);
}

int main(int argc, char **argv)
{
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        TEST(full_disk_is_busy_and_ends_by_itself),
        TEST(failing_disk_is_busy_and_ends_by_itself),
        TEST(second_owner_is_refused),
        TEST(path_that_cannot_be_is_an_error),
        TEST(memory_store_works_without_readers),
        TEST(weaker_durability_is_refused),
        TEST(everything_is_flushed_into_one_file_at_the_end),
        TEST(command_that_crashes_is_parked),
        TEST(suspect_that_ends_well_is_cleared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
