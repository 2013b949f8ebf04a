/* consumers.c - one thread that keeps every consumer's step in the low lane.
 *
 * Steps of different consumers are queued at the same time, so that the writer
 * may put them into one transaction. A step that was not full is followed by a
 * short rest: under load the next one is then worth its commit. A step that
 * finds the store away is tried again; any other failure stops its consumer,
 * which tells so in the store and tries its next event alone, ever more seldom,
 * until that succeeds. It skips nothing.
 */
#include "jobs/consumers.h"

#include <pthread.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "store/event.h"
#include "store/store.h"

enum {
    STEP_EVENTS = 1000, /* At most, and to begin with. */
    STEP_EVENTS_LEAST = 60,
    STEP_US = 4000, /* What a step may take of the writer: clients wait. */
    REST_MS = 20,   /* Between steps that were not full. */
    RETRY_MS = 250, /* The store is away or its queue full; stopped. */
    RETRY_MS_MOST = 60 * 1000, /* What is stopped is tried so often. */
    POLL_MS = 1000,      /* Other nodes write too, and wake nobody here. */
    LAG_EVERY_MS = 1000, /* How often a lag is counted. */
    LAG_CAP = 10000,
    DRAIN_STEPS = 2 /* Empty ones; see consumers_drain. */
};

enum consumer_state { RESTING = 1, RUNNING, FINISHED };
enum turn { TURN_STEP = 1, TURN_TELL, TURN_COUNT }; /* What it runs next. */
enum { ERROR_BYTES = 224 };

struct consumer {
    struct consumers *owner;
    const struct event_consumer *what;
    struct work work;
    enum consumer_state state;
    bool has_news;
    bool is_stopped;
    bool is_untold; /* The store does not know yet that it is stopped. */
    size_t singly;  /* So many events are tried alone: one of them failed. */
    int64_t retry_ms;
    char error[ERROR_BYTES];
    int64_t next_ns; /* No step before. */
    int64_t lag_at_ns;
    int empty_steps;  /* In a row, all begun since the last drain call. */
    bool is_counting; /* The running step began since then. */
    size_t lag;
    /* Of the running step. */
    enum turn turn;
    size_t limit; /* Events of a step; grows and shrinks with its time. */
    int64_t step_us;
    size_t handled;
    size_t step_lag;
};

struct consumers {
    struct store *store;
    struct consumer *at;
    size_t count;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool is_closing;
    int draining; /* Callers of consumers_drain. */
};

/* ---- one step, on a thread of the store ---- */

static err_t step_run(struct work *work)
{
    struct consumer *consumer = work->arg;
    const char *name = consumer->what->name;
    bool is_lag_due = clock_mono_ns() >= consumer->lag_at_ns;
    int64_t begun_ns = clock_mono_ns();
    consumer->handled = 0;
    if (consumer->turn == TURN_TELL)
        return event_stop_put(&work->ctx, name, str_from_cstr(consumer->error));
    if (consumer->turn == TURN_STEP)
        TRY(event_step(&work->ctx, consumer->what, consumer->limit,
                       &consumer->handled));
    if (consumer->turn == TURN_STEP && consumer->is_stopped)
        TRY(event_stop_clear(&work->ctx, name));
    consumer->step_us = (clock_mono_ns() - begun_ns) / 1000;
    if (consumer->turn == TURN_STEP && consumer->handled < consumer->limit)
        consumer->step_lag = 0;
    else if (is_lag_due)
        TRY(event_lag(&work->ctx, name, LAG_CAP, &consumer->step_lag));
    return OK;
}

static void step_done(struct work *work)
{
    struct consumer *consumer = work->arg;
    struct consumers *owner = consumer->owner;
    pthread_mutex_lock(&owner->lock);
    consumer->state = FINISHED;
    pthread_cond_broadcast(&owner->changed);
    pthread_mutex_unlock(&owner->lock);
}

static const struct work_kind step_kind = {.name = "consumer", .run = step_run};

/* Each commit with events comes here. */
static void wake(void *arg)
{
    struct consumers *consumers = arg;
    bool is_one_resting = false;
    pthread_mutex_lock(&consumers->lock);
    for (size_t i = 0; i < consumers->count; i++) {
        struct consumer *consumer = &consumers->at[i];
        is_one_resting |= consumer->state == RESTING && !consumer->has_news;
        consumer->has_news = true;
    }
    if (is_one_resting)
        pthread_cond_broadcast(&consumers->changed);
    pthread_mutex_unlock(&consumers->lock);
}

/* ---- the thread ---- */

/* Halves what took too long, doubles what was full and quick. */
static void fit_limit(struct consumer *consumer)
{
    bool is_full = consumer->handled == consumer->limit;
    if (consumer->singly > 0) {
        consumer->singly -= consumer->handled;
        if (consumer->singly == 0)
            consumer->limit = STEP_EVENTS_LEAST;
        return;
    }
    if (consumer->step_us > STEP_US && consumer->limit > STEP_EVENTS_LEAST)
        consumer->limit /= 2;
    else if (is_full && consumer->step_us < STEP_US / 3 &&
             consumer->limit < STEP_EVENTS)
        consumer->limit *= 2;
}

static void rest(struct consumer *consumer, int64_t now_ns, int64_t ms)
{
    consumer->next_ns = now_ns + ms * 1000000;
}

/* The events of the step are tried alone, so that all before the one that
 * fails are handled; that one is tried ever more seldom. */
static void stop(struct consumer *consumer)
{
    const struct ctx *ctx = &consumer->work.ctx;
    int64_t ms = consumer->is_stopped ? consumer->retry_ms * 2 : RETRY_MS;
    if (!consumer->is_stopped)
        log_ctx(ctx, LOG_ERROR, "consumer_stopped",
                "%s stopped and skips nothing: %s", consumer->what->name,
                ctx->err.text);
    (void)snprintf(consumer->error, sizeof consumer->error, "%s",
                   ctx->err.text);
    consumer->is_stopped = consumer->is_untold = true;
    if (consumer->limit > 1)
        consumer->singly = consumer->limit;
    consumer->limit = 1;
    consumer->retry_ms = ms < RETRY_MS_MOST ? ms : RETRY_MS_MOST;
    consumer->next_ns = 0;
}

static void go_on(struct consumer *consumer)
{
    consumer->is_stopped = false;
    consumer->has_news = true;
    log_ctx(&consumer->work.ctx, LOG_WARN, "consumer_goes_on",
            "%s goes on where it had stopped", consumer->what->name);
}

static void step_ended(struct consumer *consumer, int64_t now_ns)
{
    struct work *work = &consumer->work;
    consumer->state = RESTING;
    consumer->lag = consumer->step_lag;
    if (work->err == ERR_BUSY) {
        consumer->has_news = true;
        rest(consumer, now_ns, RETRY_MS);
        return;
    }
    if (now_ns >= consumer->lag_at_ns)
        consumer->lag_at_ns = now_ns + (int64_t)LAG_EVERY_MS * 1000000;
    if (consumer->turn == TURN_TELL) {
        consumer->is_untold = false;
        rest(consumer, now_ns, consumer->retry_ms);
    }
    if (consumer->turn == TURN_STEP && work->err != OK)
        stop(consumer);
    if (consumer->turn != TURN_STEP || work->err != OK)
        return;
    if (consumer->is_stopped)
        go_on(consumer);
    bool is_full = consumer->handled == consumer->limit;
    consumer->has_news |= is_full;
    consumer->next_ns = is_full ? 0 : now_ns + (int64_t)REST_MS * 1000000;
    fit_limit(consumer);
    if (consumer->is_counting)
        consumer->empty_steps =
            consumer->handled == 0 ? consumer->empty_steps + 1 : 0;
}

static bool is_due(const struct consumers *consumers,
                   const struct consumer *consumer, int64_t now_ns)
{
    if (consumer->state != RESTING || consumers->is_closing)
        return false;
    if (consumer->is_stopped)
        return now_ns >= consumer->next_ns ||
               (!consumer->is_untold && now_ns >= consumer->lag_at_ns);
    if (consumers->draining > 0 && consumer->work.err != ERR_BUSY)
        return consumer->has_news || consumer->empty_steps < DRAIN_STEPS;
    return consumer->has_news && now_ns >= consumer->next_ns;
}

static enum turn turn_of(const struct consumer *consumer, int64_t now_ns)
{
    if (consumer->is_untold)
        return TURN_TELL;
    return consumer->is_stopped && now_ns < consumer->next_ns ? TURN_COUNT
                                                              : TURN_STEP;
}

/* Called and returns with the lock held. */
static void step_start(struct consumers *consumers, struct consumer *consumer)
{
    struct work *work = &consumer->work;
    arena_reset(work->ctx.arena);
    err_clear(&work->ctx);
    work->ctx.now = clock_now();
    buf_init(&work->reply, work->ctx.arena, 1);
    consumer->turn = turn_of(consumer, clock_mono_ns());
    consumer->state = RUNNING;
    consumer->has_news = false;
    consumer->is_counting = true;
    pthread_mutex_unlock(&consumers->lock);
    err_t err = store_submit(consumers->store, work);
    pthread_mutex_lock(&consumers->lock);
    if (err != OK) {
        work->err = err;
        consumer->state = FINISHED;
    }
}

static void wait_changed(struct consumers *consumers, int64_t ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    int64_t ns = until.tv_nsec + ms * 1000000;
    until.tv_sec += ns / 1000000000;
    until.tv_nsec = ns % 1000000000;
    (void)pthread_cond_timedwait(&consumers->changed, &consumers->lock, &until);
}

/* How long nothing will be due unless something changes. */
static int64_t idle_ms(const struct consumers *consumers, int64_t now_ns)
{
    int64_t ms = POLL_MS;
    for (size_t i = 0; i < consumers->count; i++) {
        const struct consumer *consumer = &consumers->at[i];
        if (consumer->state == FINISHED || is_due(consumers, consumer, now_ns))
            return 0;
        /* What was due before the end stays so: to wait for it would be to
         * spin with the lock that the last step needs. */
        if (consumer->state != RESTING || consumers->is_closing ||
            (!consumer->has_news && !consumer->is_stopped))
            continue;
        int64_t left_ms = (consumer->next_ns - now_ns) / 1000000 + 1;
        if (left_ms < ms)
            ms = left_ms;
    }
    return ms;
}

static bool is_one_running(const struct consumers *consumers)
{
    for (size_t i = 0; i < consumers->count; i++)
        if (consumers->at[i].state == RUNNING)
            return true;
    return false;
}

static void look_after_all(struct consumers *consumers)
{
    for (size_t i = 0; i < consumers->count; i++) {
        struct consumer *consumer = &consumers->at[i];
        int64_t now_ns = clock_mono_ns();
        if (consumer->state == FINISHED) {
            step_ended(consumer, now_ns);
            pthread_cond_broadcast(&consumers->changed);
        }
        if (is_due(consumers, consumer, now_ns))
            step_start(consumers, consumer);
    }
}

static void *consumers_main(void *arg)
{
    struct consumers *consumers = arg;
    int64_t polled_ns = 0;
    pthread_mutex_lock(&consumers->lock);
    while (!consumers->is_closing || is_one_running(consumers)) {
        look_after_all(consumers);
        int64_t now_ns = clock_mono_ns();
        if (now_ns - polled_ns >= (int64_t)POLL_MS * 1000000) {
            polled_ns = now_ns;
            for (size_t i = 0; i < consumers->count; i++)
                consumers->at[i].has_news = true;
        }
        int64_t ms = idle_ms(consumers, now_ns);
        if (ms > 0 && (!consumers->is_closing || is_one_running(consumers)))
            wait_changed(consumers, ms);
    }
    pthread_mutex_unlock(&consumers->lock);
    return NULL;
}

/* ---- the face ---- */

static void consumer_init(struct consumers *consumers, struct consumer *at,
                          const struct event_consumer *what)
{
    *at = (struct consumer){.owner = consumers,
                            .what = what,
                            .state = RESTING,
                            .has_news = true,
                            .limit = STEP_EVENTS};
    at->work.kind = &step_kind;
    at->work.lane = LANE_LOW;
    at->work.is_prompt = what->is_prompt;
    at->work.arg = at;
    at->work.done = step_done;
    at->work.ctx.arena = arena_open();
    at->work.ctx.actor.kind = ACTOR_SYSTEM;
}

static size_t count_all(const struct event_list *const *lists)
{
    size_t count = 0;
    for (; *lists; lists++)
        count += (*lists)->count;
    return count;
}

err_t consumers_open(struct ctx *ctx, struct store *store,
                     const struct event_list *const *lists,
                     struct consumers **ret)
{
    struct consumers *consumers = mem_new(sizeof(*consumers));
    consumers->store = store;
    consumers->at = mem_new((count_all(lists) + 1) * sizeof(struct consumer));
    for (; *lists; lists++)
        for (size_t i = 0; i < (*lists)->count; i++)
            consumer_init(consumers, &consumers->at[consumers->count++],
                          &(*lists)->at[i]);
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&consumers->changed, &attr);
    pthread_condattr_destroy(&attr);
    pthread_mutex_init(&consumers->lock, NULL);
    store_on_commit(store, wake, consumers);
    if (pthread_create(&consumers->thread, NULL, consumers_main, consumers)) {
        consumers->thread = 0;
        store_off_commit(store, consumers);
        return fail(ctx, ERR_INTERNAL, "", "a thread could not be started");
    }
    pthread_setname_np(consumers->thread, "consumers");
    *ret = consumers;
    return OK;
}

void consumers_close(struct consumers *consumers)
{
    if (consumers == NULL)
        return;
    store_off_commit(consumers->store, consumers);
    pthread_mutex_lock(&consumers->lock);
    consumers->is_closing = true;
    pthread_cond_broadcast(&consumers->changed);
    pthread_mutex_unlock(&consumers->lock);
    pthread_join(consumers->thread, NULL);
    for (size_t i = 0; i < consumers->count; i++)
        arena_close(consumers->at[i].work.ctx.arena);
    pthread_cond_destroy(&consumers->changed);
    pthread_mutex_destroy(&consumers->lock);
    mem_free(consumers->at);
    mem_free(consumers);
}

/* On PostgreSQL a step cannot see past a transaction that still runs, such as
 * another consumer's step; one empty step may miss what stands behind it, the
 * next one begins after it. */
static bool is_drained(const struct consumers *consumers, bool *ret_is_stopped)
{
    bool is_drained = true;
    *ret_is_stopped = false;
    for (size_t i = 0; i < consumers->count; i++) {
        const struct consumer *consumer = &consumers->at[i];
        *ret_is_stopped |= consumer->is_stopped;
        is_drained &= consumer->empty_steps >= DRAIN_STEPS;
    }
    return is_drained;
}

bool consumers_drain(struct consumers *consumers)
{
    bool is_stopped = false;
    pthread_mutex_lock(&consumers->lock);
    consumers->draining++;
    for (size_t i = 0; i < consumers->count; i++) {
        consumers->at[i].empty_steps = 0;
        consumers->at[i].is_counting = false;
        consumers->at[i].has_news = true;
    }
    pthread_cond_broadcast(&consumers->changed);
    while (!is_drained(consumers, &is_stopped) && !is_stopped)
        pthread_cond_wait(&consumers->changed, &consumers->lock);
    consumers->draining--;
    pthread_mutex_unlock(&consumers->lock);
    return !is_stopped;
}

void consumers_metrics(const struct consumers *consumers, struct buf *out)
{
    /* Locks are not part of what const promises. */
    struct consumers *locked = (struct consumers *)(uintptr_t)consumers;
    buf_add_cstr(out, "# TYPE wharf_consumer_lag_events gauge\n");
    pthread_mutex_lock(&locked->lock);
    for (size_t i = 0; i < consumers->count; i++)
        buf_addf(out, "wharf_consumer_lag_events{consumer=\"%s\"} %zu\n",
                 consumers->at[i].what->name, consumers->at[i].lag);
    buf_add_cstr(out, "# TYPE wharf_consumer_stopped gauge\n");
    for (size_t i = 0; i < consumers->count; i++)
        buf_addf(out, "wharf_consumer_stopped{consumer=\"%s\"} %d\n",
                 consumers->at[i].what->name, consumers->at[i].is_stopped);
    pthread_mutex_unlock(&locked->lock);
}
