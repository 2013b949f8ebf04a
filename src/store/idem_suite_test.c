/* idem_suite_test.c - a key's first answer is its answer, on both engines. */
#define WHARF_UNBANNED
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>
#undef fail /* Ours. */

#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "store/event.h"
#include "store/pipeline.h"
#include "store/store_testing.h"

struct call {
    struct work work;
    int64_t subject;
    bool is_refused;
    sem_t done;
    sem_t *gate;
    sem_t *entered;
};

static err_t call_run(struct work *work)
{
    struct call *call = work->arg;
    if (call->gate) {
        sem_post(call->entered);
        sem_wait(call->gate);
    }
    TRY(event_add(&work->ctx, "call.made", "call", call->subject, STR("{}"),
                  NULL));
    if (call->is_refused)
        return fail(&work->ctx, ERR_STATE, "", "refused");
    buf_addf(&work->reply, "{\"made\":%lld}", (long long)clock_mono_ns());
    work->status = 201;
    return OK;
}

static err_t call_many(struct ctx *batch, struct work **work, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        work[i]->err = call_run(work[i]);
        TRY(work[i]->err);
    }
    (void)batch;
    return OK;
}

static const struct work_kind CALL_KIND = {.name = "call", .run = call_run};
static const struct work_kind HOT_KIND = {.name = "hot", .run_many = call_many};

static void call_done(struct work *work)
{
    sem_post(&((struct call *)work->arg)->done);
}

static void call_init(struct call *call, const char *key, uint64_t body)
{
    *call = (struct call){.subject = 7};
    sem_init(&call->done, 0, 0);
    call->work.kind = &CALL_KIND;
    call->work.lane = LANE_WRITE;
    call->work.arg = call;
    call->work.ctx.arena = arena_open();
    call->work.ctx.now = clock_now();
    call->work.ctx.actor.kind = ACTOR_CLI;
    call->work.idem_key = str_from_cstr(key);
    call->work.idem_body = body;
    call->work.done = call_done;
    buf_init(&call->work.reply, call->work.ctx.arena, 1024);
}

static void call_close(struct call *call)
{
    arena_close(call->work.ctx.arena);
}

static err_t list_run(struct work *work)
{
    struct event *events;
    size_t count;
    struct event_subject subject = {"call", 7, 0};
    TRY(event_list_subject(&work->ctx, &subject, 100, &events, &count));
    work->status = (int)count;
    return OK;
}

static const struct work_kind LIST_KIND = {.name = "list", .run = list_run};

/* How many calls were carried out. */
static int made(struct store_testing *t)
{
    struct call call;
    call_init(&call, "", 0);
    call.work.kind = &LIST_KIND;
    call.work.lane = LANE_READ;
    assert_int_equal(store_run(t->store, &call.work), OK);
    call_close(&call);
    return call.work.status;
}

static int setup(void **state)
{
    static struct store_testing t;
    store_testing_init(&t);
    store_testing_open(&t, true);
    *state = &t;
    return 0;
}

static int teardown(void **state)
{
    store_testing_done(*state);
    return 0;
}

static void expect_replay(struct store_testing *t, const struct call *first,
                          const char *key, uint64_t body)
{
    struct call again;
    call_init(&again, key, body);
    assert_int_equal(store_run(t->store, &again.work), OK);
    assert_true(again.work.is_replay);
    assert_int_equal(again.work.status, 201);
    assert_true(
        str_equal(buf_str(&again.work.reply), buf_str(&first->work.reply)));
    call_close(&again);
}

static void same_key_and_body_give_the_first_answer(void **state)
{
    struct store_testing *t = *state;
    struct call first;
    call_init(&first, "key-1", 11);
    assert_int_equal(store_run(t->store, &first.work), OK);
    assert_false(first.work.is_replay);
    expect_replay(t, &first, "key-1", 11);
    store_testing_shut(t);
    store_testing_open(t, true);
    expect_replay(t, &first, "key-1", 11);
    assert_int_equal(made(t), 1);
    call_close(&first);
}

static void same_key_with_another_body_is_refused(void **state)
{
    struct store_testing *t = *state;
    struct call first, other;
    call_init(&first, "key-1", 11);
    call_init(&other, "key-1", 12);
    assert_int_equal(store_run(t->store, &first.work), OK);
    assert_int_equal(store_run(t->store, &other.work), ERR_CONFLICT);
    assert_string_equal(other.work.ctx.err.slug, "idempotency_key_reused");
    assert_int_equal(made(t), 1);
    call_close(&first);
    call_close(&other);
}

static void refused_command_is_not_remembered(void **state)
{
    struct store_testing *t = *state;
    struct call first, second;
    call_init(&first, "key-1", 11);
    first.is_refused = true;
    call_init(&second, "key-1", 12);
    assert_int_equal(store_run(t->store, &first.work), ERR_STATE);
    assert_int_equal(store_run(t->store, &second.work), OK);
    assert_false(second.work.is_replay);
    assert_int_equal(made(t), 1);
    call_close(&first);
    call_close(&second);
}

/* Submits all while the writer is held by a gate, and waits for them. */
static void run_together(struct store_testing *t, struct call *calls, int n)
{
    struct call holder;
    sem_t gate, entered;
    sem_init(&gate, 0, 0);
    sem_init(&entered, 0, 0);
    call_init(&holder, "", 0);
    holder.gate = &gate;
    holder.entered = &entered;
    holder.subject = 8;
    assert_int_equal(store_submit(t->store, &holder.work), OK);
    sem_wait(&entered);
    for (int i = 0; i < n; i++)
        assert_int_equal(store_submit(t->store, &calls[i].work), OK);
    sem_post(&gate);
    sem_wait(&holder.done);
    for (int i = 0; i < n; i++)
        sem_wait(&calls[i].done);
    call_close(&holder);
}

static void same_key_twice_in_one_batch(struct store_testing *t,
                                        const struct work_kind *kind)
{
    enum { CALLS = 5 };
    static const char *const keys[CALLS] = {"a", "b", "a", "a", "c"};
    static const uint64_t bodies[CALLS] = {1, 1, 1, 2, 1};
    struct call calls[CALLS];
    for (int i = 0; i < CALLS; i++) {
        call_init(&calls[i], keys[i], bodies[i]);
        calls[i].work.kind = kind;
    }
    run_together(t, calls, CALLS);
    for (int i = 0; i < CALLS; i++) {
        assert_int_equal(calls[i].work.err, i == 3 ? ERR_CONFLICT : OK);
        assert_int_equal(calls[i].work.is_replay, i == 2);
    }
    assert_true(str_equal(buf_str(&calls[0].work.reply),
                          buf_str(&calls[2].work.reply)));
    assert_int_equal(made(t), 3);
    for (int i = 0; i < CALLS; i++)
        call_close(&calls[i]);
}

static void same_key_twice_in_one_batch_runs_once(void **state)
{
    same_key_twice_in_one_batch(*state, &CALL_KIND);
}

static void same_key_twice_in_one_hot_batch_runs_once(void **state)
{
    same_key_twice_in_one_batch(*state, &HOT_KIND);
}

static void many_keys_are_found_after_a_restart(void **state)
{
    struct store_testing *t = *state;
    enum { KEYS = 3000 };
    char key[32];
    for (int i = 0; i < KEYS; i++) {
        struct call call;
        (void)snprintf(key, sizeof(key), "order-%d", i);
        call_init(&call, key, (uint64_t)i);
        call.subject = 9;
        assert_int_equal(store_run(t->store, &call.work), OK);
        call_close(&call);
    }
    store_testing_shut(t);
    store_testing_open(t, true);
    for (int i = 0; i < KEYS; i += 7) {
        struct call call;
        (void)snprintf(key, sizeof(key), "order-%d", i);
        call_init(&call, key, (uint64_t)i);
        assert_int_equal(store_run(t->store, &call.work), OK);
        assert_true(call.work.is_replay);
        call_close(&call);
    }
    assert_int_equal(made(t), 0);
}

/* ---- keys that are too old ---- */

enum { OLD_KEYS = 5000, HOURS = 60 * 60 * 1000 };

static err_t age_run(struct work *work)
{
    struct store *store = work->ctx.tx->store;
    struct ctx old = work->ctx;
    struct id_source ids;
    char key[32];
    old.now = work->ctx.now - (utc_ms)30 * HOURS;
    id_source_init(&ids, 31, 0);
    /* A source never goes back: this one begins where nothing was. */
    ids.last = 0;
    old.ids = &ids;
    struct idem_entry *entries =
        arena_array(old.arena, struct idem_entry, OLD_KEYS);
    struct idem_entry **at =
        arena_array(old.arena, struct idem_entry *, OLD_KEYS);
    for (int i = 0; i < OLD_KEYS; i++) {
        (void)snprintf(key, sizeof(key), "old-%d", i);
        idem_hash(store->idem, str_from_cstr(key), &entries[i]);
        entries[i].status = 201;
        entries[i].reply = STR("{}");
        at[i] = &entries[i];
    }
    return store->idem->ops->add(&old, store->idem, at, OLD_KEYS);
}

static const struct work_kind AGE_KIND = {.name = "age", .run = age_run};

static err_t left_run(struct work *work)
{
    struct store *store = work->ctx.tx->store;
    bool has_more;
    err_t err = store->idem->ops->sweep(&work->ctx, store->idem, &has_more);
    work->status = has_more;
    return err;
}

static const struct work_kind LEFT_KIND = {.name = "left", .run = left_run};

static void old_keys_are_swept_in_chunks(void **state)
{
    struct store_testing *t = *state;
    if (t->config.engine != STORE_SQLITE)
        skip(); /* There whole days are dropped. */
    /* Without threads the store does not sweep by itself. */
    store_testing_shut(t);
    store_testing_open(t, false);
    struct call call;
    call_init(&call, "", 0);
    call.work.kind = &AGE_KIND;
    assert_int_equal(store_run(t->store, &call.work), OK);
    int rounds = 0;
    do {
        call.work.kind = &LEFT_KIND;
        assert_int_equal(store_run(t->store, &call.work), OK);
        rounds++;
    } while (call.work.status == 1);
    assert_int_equal(rounds, OLD_KEYS / IDEM_SWEEP_ROWS + 1);
    call_close(&call);
    call_init(&call, "old-17", 5);
    assert_int_equal(store_run(t->store, &call.work), OK);
    assert_false(call.work.is_replay);
    call_close(&call);
}

int main(int argc, char **argv)
{
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        TEST(same_key_and_body_give_the_first_answer),
        TEST(same_key_with_another_body_is_refused),
        TEST(refused_command_is_not_remembered),
        TEST(same_key_twice_in_one_batch_runs_once),
        TEST(same_key_twice_in_one_hot_batch_runs_once),
        TEST(many_keys_are_found_after_a_restart),
        TEST(old_keys_are_swept_in_chunks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
