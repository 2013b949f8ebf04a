/* store_suite_test.c - what a store promises, the same on both engines. */
#define WHARF_UNBANNED
#include <sched.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>

#include <cmocka.h>
#undef fail /* Ours. */

#include "base/arena.h"
#include "base/str.h"
#include "base/time.h"
#include "store/engine.h"
#include "store/event.h"
#include "store/store_testing.h"

enum { ADD, COUNT, FIND, ADD_MANY };
#define T(stmt) ((int)sql_all.count + (stmt))

#define ADD_SQLITE   "INSERT INTO things (id, v) VALUES (?1, ?2)"
#define ADD_POSTGRES "INSERT INTO things (id, v) VALUES ($1, $2)"
#define ADD_ARRAYS                                                             \
    "INSERT INTO things (id, v) SELECT * FROM unnest($1::bigint[], "           \
    "$2::bigint[])"
#define COUNT_SQL     "SELECT COUNT(*) FROM things"
#define FIND_SQLITE   "SELECT v FROM things WHERE id = ?1"
#define FIND_POSTGRES "SELECT v FROM things WHERE id = $1"
static const struct sql_stmt STATEMENTS[] = {
    {"test_add",   ADD_SQLITE,  ADD_POSTGRES,  NULL,       "ii", 2, false},
    {"test_count", COUNT_SQL,   COUNT_SQL,     NULL,       "",   0, false},
    {"test_find",  FIND_SQLITE, FIND_POSTGRES, NULL,       "i",  1, false},
    {"test_many",  ADD_SQLITE,  ADD_POSTGRES,  ADD_ARRAYS, "ii", 2, false},
};
#define THINGS                                                                 \
    "CREATE TABLE IF NOT EXISTS things (id BIGINT PRIMARY KEY, v BIGINT NOT "  \
    "NULL CHECK (v < 1000))"
static const struct migration_step STEPS[] = {
    {"test.things", THINGS, THINGS}
};

/* What a command of these tests is told to do. */
enum { GOOD = 1, BAD_BEFORE, BAD_AFTER, BREAKS_BATCH, GUARD_FAILS, TOO_BIG };

struct job {
    struct work work;
    int64_t id;
    int what;
    int order;         /* Of done(). */
    atomic_int *clock; /* Shared: gives `order`. */
    sem_t *done;
    bool was_in_batch; /* Ran with others at least once. */
    int runs;
};

static err_t store_thing(struct ctx *ctx, const struct job *job)
{
    struct sql_arg args[] = {sql_i(job->id),
                             sql_i(job->what == TOO_BIG ? 5000 : job->what)};
    TRY(sql_run(ctx, T(ADD), args, COUNT_OF(args), NULL));
    return event_add(ctx, "thing.added", "thing", job->id, STR("{\"n\": 1}"),
                     NULL);
}

static err_t add_run(struct work *work)
{
    struct job *job = work->arg;
    job->runs++;
    if (job->what == BAD_BEFORE)
        return fail(&work->ctx, ERR_INVALID, "v", "refused");
    TRY(store_thing(&work->ctx, job));
    if (job->what == BAD_AFTER)
        return fail(&work->ctx, ERR_STATE, "v", "refused after writing");
    buf_addf(&work->reply, "{\"id\":%lld}", (long long)job->id);
    work->status = 201;
    return OK;
}

static err_t hot_run(struct ctx *batch, struct work **work, size_t n)
{
    struct sql_arg *args = arena_array(batch->arena, struct sql_arg, n * 2);
    size_t rows = 0;
    for (size_t i = 0; i < n; i++) {
        struct job *job = work[i]->arg;
        job->runs++;
        job->was_in_batch |= n > 1;
        if (job->what == BREAKS_BATCH && n > 1)
            return fail(batch, ERR_INTERNAL, "", "as told");
        if (job->what == GUARD_FAILS && n > 1)
            return ERR_RETRY;
        if (job->what == BAD_BEFORE) {
            work[i]->err = fail(&work[i]->ctx, ERR_STATE, "v", "refused");
            continue;
        }
        args[rows * 2] = sql_i(job->id);
        args[rows++ * 2 + 1] = sql_i(job->what == TOO_BIG ? 5000 : job->what);
        buf_addf(&work[i]->reply, "{\"id\":%lld}", (long long)job->id);
        work[i]->status = 201;
    }
    return sql_run_many(batch, T(ADD_MANY), args, 2, rows, NULL);
}

static const struct work_kind ADD_KIND = {.name = "add", .run = add_run};
static const struct work_kind HOT_KIND = {.name = "hot", .run_many = hot_run};

static void job_done(struct work *work)
{
    struct job *job = work->arg;
    if (job->clock)
        job->order = atomic_fetch_add(job->clock, 1) + 1;
    if (job->done)
        sem_post(job->done);
}

static void job_init(struct job *job, const struct work_kind *kind, int64_t id,
                     int what)
{
    *job = (struct job){.id = id, .what = what};
    job->work.kind = kind;
    job->work.lane = LANE_WRITE;
    job->work.arg = job;
    job->work.ctx.arena = arena_open();
    job->work.ctx.now = clock_now();
    job->work.done = job_done;
    buf_init(&job->work.reply, job->work.ctx.arena, 1024);
}

static void job_close(struct job *job)
{
    arena_close(job->work.ctx.arena);
}

static err_t run_one(struct store_testing *t, const struct work_kind *kind,
                     int64_t id, int what)
{
    struct job job;
    job_init(&job, kind, id, what);
    err_t err = store_run(t->store, &job.work);
    job_close(&job);
    return err;
}

/* ---- reading back ---- */

static err_t count_run(struct work *work)
{
    struct sql_rows rows;
    TRY(sql_list(&work->ctx, T(COUNT), NULL, 0, &rows));
    ((struct job *)work->arg)->id = sql_int(&rows, 0, 0);
    return OK;
}

static const struct work_kind COUNT_KIND = {.name = "count", .run = count_run};

static int64_t things(struct store_testing *t)
{
    struct job job;
    job_init(&job, &COUNT_KIND, 0, 0);
    job.work.lane = LANE_READ;
    assert_int_equal(store_run(t->store, &job.work), OK);
    int64_t count = job.id;
    job_close(&job);
    return count;
}

static err_t find_run(struct work *work)
{
    struct job *job = work->arg;
    struct sql_arg id = sql_i(job->id);
    struct sql_rows rows;
    TRY(sql_list(&work->ctx, T(FIND), &id, 1, &rows));
    job->what = rows.count == 1;
    return OK;
}

static const struct work_kind FIND_KIND = {.name = "find", .run = find_run};

static bool has(struct store_testing *t, int64_t id)
{
    struct job job;
    job_init(&job, &FIND_KIND, id, 0);
    job.work.lane = LANE_READ;
    assert_int_equal(store_run(t->store, &job.work), OK);
    job_close(&job);
    return job.what;
}

/* ---- batches made on purpose: a gate holds the writer meanwhile ---- */

struct gate {
    struct job job;
    sem_t entered, opened, done;
};

static err_t gate_run(struct work *work)
{
    struct gate *gate = work->cmd;
    sem_post(&gate->entered);
    sem_wait(&gate->opened);
    return OK;
}

static const struct work_kind GATE_KIND = {.name = "gate", .run = gate_run};

static void gate_shut(struct gate *gate, struct store_testing *t)
{
    job_init(&gate->job, &GATE_KIND, 0, 0);
    gate->job.work.cmd = gate;
    gate->job.done = &gate->done;
    sem_init(&gate->entered, 0, 0);
    sem_init(&gate->opened, 0, 0);
    sem_init(&gate->done, 0, 0);
    assert_int_equal(store_submit(t->store, &gate->job.work), OK);
    sem_wait(&gate->entered);
}

static void gate_open(struct gate *gate)
{
    sem_post(&gate->opened);
    sem_wait(&gate->done);
    job_close(&gate->job);
}

enum { BATCH = 8 };

struct batch_of_jobs {
    struct job jobs[BATCH];
    atomic_int clock;
    sem_t done;
};

static void batch_init(struct batch_of_jobs *b, const struct work_kind *kind)
{
    atomic_store(&b->clock, 0);
    sem_init(&b->done, 0, 0);
    for (int i = 0; i < BATCH; i++) {
        job_init(&b->jobs[i], kind, 100 + i, GOOD);
        b->jobs[i].clock = &b->clock;
        b->jobs[i].done = &b->done;
    }
}

static void batch_run(struct batch_of_jobs *b, struct store_testing *t)
{
    struct gate gate;
    gate_shut(&gate, t);
    for (int i = 0; i < BATCH; i++)
        assert_int_equal(store_submit(t->store, &b->jobs[i].work), OK);
    gate_open(&gate);
    for (int i = 0; i < BATCH; i++)
        sem_wait(&b->done);
}

static void batch_close(struct batch_of_jobs *b)
{
    for (int i = 0; i < BATCH; i++)
        job_close(&b->jobs[i]);
}

/* ---- set-up ---- */

static int setup(void **state)
{
    static struct store_testing t;
    store_testing_init(&t);
    store_testing_add(&t, STATEMENTS, COUNT_OF(STATEMENTS), STEPS,
                      COUNT_OF(STEPS));
    store_testing_open(&t, true);
    *state = &t;
    return 0;
}

static int teardown(void **state)
{
    store_testing_done(*state);
    return 0;
}

static void reopen(struct store_testing *t)
{
    store_testing_shut(t);
    store_testing_open(t, true);
}

/* ---- the pipeline ---- */

static void what_is_queued_shares_one_commit(void **state)
{
    struct store_testing *t = *state;
    struct batch_of_jobs b;
    /* On PostgreSQL only hot kinds share a transaction. */
    batch_init(&b, &HOT_KIND);
    struct store_stats before, after;
    store_stats_get(t->store, &before);
    batch_run(&b, t);
    store_stats_get(t->store, &after);
    /* The gate's and theirs; the store's own may add some. */
    assert_true(after.commits - before.commits <= 4);
    assert_int_equal(after.commands - before.commands, BATCH + 1);
    for (int i = 0; i < BATCH; i++) {
        assert_int_equal(b.jobs[i].work.err, OK);
        assert_int_equal(b.jobs[i].order, i + 1);
    }
    assert_int_equal(things(t), BATCH);
    batch_close(&b);
}

static void refused_neighbour_is_undone_alone(void **state)
{
    struct store_testing *t = *state;
    struct batch_of_jobs b;
    batch_init(&b, &ADD_KIND);
    b.jobs[2].what = BAD_AFTER;
    b.jobs[5].what = BAD_BEFORE;
    b.jobs[6].what = TOO_BIG;
    batch_run(&b, t);
    for (int i = 0; i < BATCH; i++)
        assert_int_equal(has(t, 100 + i), i != 2 && i != 5 && i != 6);
    assert_int_equal(b.jobs[2].work.err, ERR_STATE);
    assert_int_equal(b.jobs[5].work.err, ERR_INVALID);
    assert_int_equal(b.jobs[6].work.err, ERR_INTERNAL);
    batch_close(&b);
}

static void refused_hot_command_leaves_the_others(void **state)
{
    struct store_testing *t = *state;
    struct batch_of_jobs b;
    batch_init(&b, &HOT_KIND);
    b.jobs[3].what = BAD_BEFORE;
    batch_run(&b, t);
    for (int i = 0; i < BATCH; i++) {
        assert_int_equal(b.jobs[i].work.err, i == 3 ? ERR_STATE : OK);
        assert_int_equal(b.jobs[i].runs, 1);
        assert_true(b.jobs[i].was_in_batch);
    }
    assert_int_equal(things(t), BATCH - 1);
    batch_close(&b);
}

static void expect_redone_singly(struct store_testing *t, int what, err_t err)
{
    struct batch_of_jobs b;
    batch_init(&b, &HOT_KIND);
    b.jobs[4].what = what;
    batch_run(&b, t);
    for (int i = 0; i < BATCH; i++) {
        assert_int_equal(b.jobs[i].work.err, i == 4 ? err : OK);
        assert_true(i > 4 || b.jobs[i].runs > 1);
        assert_int_equal(has(t, 100 + i), i != 4 || err == OK);
    }
    batch_close(&b);
}

static void batch_that_breaks_is_redone_singly(void **state)
{
    expect_redone_singly(*state, BREAKS_BATCH, OK);
}

static void guard_that_does_not_hold_is_redone_singly(void **state)
{
    expect_redone_singly(*state, GUARD_FAILS, OK);
}

static void row_that_is_refused_spoils_only_itself(void **state)
{
    expect_redone_singly(*state, TOO_BIG, ERR_INTERNAL);
}

static void mixed_kinds_share_a_batch(void **state)
{
    struct store_testing *t = *state;
    struct batch_of_jobs b;
    batch_init(&b, &HOT_KIND);
    for (int i = 0; i < BATCH; i += 2)
        b.jobs[i].work.kind = &ADD_KIND;
    b.jobs[2].what = BAD_AFTER;
    b.jobs[3].what = BAD_BEFORE;
    batch_run(&b, t);
    assert_int_equal(things(t), BATCH - 2);
    /* On PostgreSQL the kinds go into transactions of their own. */
    for (int i = 0; i < BATCH && t->config.engine == STORE_SQLITE; i++)
        assert_int_equal(b.jobs[i].order, i + 1);
    batch_close(&b);
}

static void full_queue_is_refused(void **state)
{
    struct store_testing *t = *state;
    store_testing_shut(t);
    t->config.queue_max = 3;
    store_testing_open(t, true);
    struct batch_of_jobs b;
    batch_init(&b, &ADD_KIND);
    struct gate gate;
    gate_shut(&gate, t);
    for (int i = 0; i < BATCH; i++)
        assert_int_equal(store_submit(t->store, &b.jobs[i].work),
                         i < 3 ? OK : ERR_BUSY);
    struct store_stats stats;
    store_stats_get(t->store, &stats);
    assert_int_equal(stats.queue_depth, 3);
    gate_open(&gate);
    for (int i = 0; i < 3; i++)
        sem_wait(&b.done);
    assert_int_equal(things(t), 3);
    batch_close(&b);
}

static void closing_finishes_what_was_accepted(void **state)
{
    struct store_testing *t = *state;
    struct batch_of_jobs b;
    batch_init(&b, &ADD_KIND);
    for (int i = 0; i < BATCH; i++)
        assert_int_equal(store_submit(t->store, &b.jobs[i].work), OK);
    store_testing_shut(t);
    assert_int_equal(atomic_load(&b.clock), BATCH);
    store_testing_open(t, true);
    assert_int_equal(things(t), BATCH);
    batch_close(&b);
}

/* Resubmits itself as soon as it is done, until told to stop. */
struct churn {
    struct job job;
    struct store *store;
    atomic_bool *is_over;
    atomic_int *count;
    sem_t *gone;
};

static err_t churn_run(struct work *work)
{
    (void)work;
    return OK;
}

static const struct work_kind CHURN_KIND = {.name = "churn", .run = churn_run};

static void churn_done(struct work *work)
{
    struct churn *churn = work->arg;
    atomic_fetch_add(churn->count, 1);
    if (atomic_load(churn->is_over) || store_submit(churn->store, work) != OK)
        sem_post(churn->gone);
}

static void neither_lane_starves_the_other(void **state)
{
    struct store_testing *t = *state;
    enum { CHURNS = 8 };
    struct churn churns[CHURNS];
    atomic_bool is_over = false;
    atomic_int writes = 0, lows = 0;
    sem_t gone;
    sem_init(&gone, 0, 0);
    for (int i = 0; i < CHURNS; i++) {
        bool is_low = i % 2 == 0;
        job_init(&churns[i].job, &CHURN_KIND, i, GOOD);
        churns[i].job.work.arg = &churns[i];
        churns[i].job.work.done = churn_done;
        churns[i].job.work.lane = is_low ? LANE_LOW : LANE_WRITE;
        churns[i].store = t->store;
        churns[i].is_over = &is_over;
        churns[i].count = is_low ? &lows : &writes;
        churns[i].gone = &gone;
    }
    for (int i = 0; i < CHURNS; i++)
        assert_int_equal(store_submit(t->store, &churns[i].job.work), OK);
    int64_t until = clock_mono_ns() + (int64_t)20 * 1000000000;
    while ((atomic_load(&writes) < 200 || atomic_load(&lows) < 20) &&
           clock_mono_ns() < until)
        sched_yield();
    atomic_store(&is_over, true);
    for (int i = 0; i < CHURNS; i++)
        sem_wait(&gone);
    assert_true(atomic_load(&writes) >= 200);
    assert_true(atomic_load(&lows) >= 20);
    for (int i = 0; i < CHURNS; i++)
        job_close(&churns[i].job);
}

static void work_before_the_start_runs_inline(void **state)
{
    struct store_testing *t = *state;
    store_testing_shut(t);
    store_testing_open(t, false);
    assert_int_equal(run_one(t, &ADD_KIND, 1, GOOD), OK);
    assert_int_equal(run_one(t, &ADD_KIND, 2, BAD_AFTER), ERR_STATE);
    assert_int_equal(run_one(t, &HOT_KIND, 3, GOOD), OK);
    assert_int_equal(things(t), 2);
    reopen(t);
    assert_int_equal(things(t), 2);
}

int main(int argc, char **argv)
{
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        TEST(what_is_queued_shares_one_commit),
        TEST(refused_neighbour_is_undone_alone),
        TEST(refused_hot_command_leaves_the_others),
        TEST(batch_that_breaks_is_redone_singly),
        TEST(guard_that_does_not_hold_is_redone_singly),
        TEST(row_that_is_refused_spoils_only_itself),
        TEST(mixed_kinds_share_a_batch),
        TEST(full_queue_is_refused),
        TEST(closing_finishes_what_was_accepted),
        TEST(neither_lane_starves_the_other),
        TEST(work_before_the_start_runs_inline),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
