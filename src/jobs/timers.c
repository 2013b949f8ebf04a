/* timers.c - one thread that gives every timer its turn in the low lane. */
#include "jobs/timers.h"

#include <pthread.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/time.h"
#include "oms/room.h"
#include "store/store.h"

enum { RETRY_MS = 250, IDLE_MS = 60000 };

enum timer_state { RESTING = 1, RUNNING, FINISHED };

struct timer {
    struct timers *owner;
    const struct room_timer *what;
    struct work work;
    enum timer_state state;
    int64_t next_ns; /* No turn before. */
    int64_t turns;
    bool is_failing;
    bool is_more; /* Of the running turn. */
};

struct timers {
    struct store *store;
    struct timer *at;
    size_t count;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool is_closing;
};

/* ---- one turn, on a thread of the store ---- */

static err_t turn_run(struct work *work)
{
    struct timer *timer = work->arg;
    timer->is_more = false;
    return timer->what->run(&work->ctx, &timer->is_more);
}

static void turn_done(struct work *work)
{
    struct timer *timer = work->arg;
    struct timers *owner = timer->owner;
    pthread_mutex_lock(&owner->lock);
    timer->state = FINISHED;
    pthread_cond_broadcast(&owner->changed);
    pthread_mutex_unlock(&owner->lock);
}

static const struct work_kind turn_kind = {.name = "timer", .run = turn_run};

/* ---- the thread ---- */

static void turn_ended(struct timer *timer)
{
    struct work *work = &timer->work;
    int64_t rest_ms = timer->what->period_ms;
    timer->state = RESTING;
    timer->turns++;
    if (work->err == ERR_BUSY) {
        if (rest_ms > RETRY_MS)
            rest_ms = RETRY_MS;
    } else if (work->err != OK) {
        if (!timer->is_failing)
            log_ctx(&work->ctx, LOG_ERROR, "timer_failed",
                    "%s will try again: %s", timer->what->name,
                    work->ctx.err.text);
        timer->is_failing = true;
    } else {
        timer->is_failing = false;
        if (timer->is_more)
            rest_ms = 0;
    }
    timer->next_ns = clock_mono_ns() + rest_ms * 1000000;
}

/* Called and returns with the lock held. */
static void turn_start(struct timers *timers, struct timer *timer)
{
    struct work *work = &timer->work;
    arena_reset(work->ctx.arena);
    err_clear(&work->ctx);
    work->ctx.now = clock_now();
    buf_init(&work->reply, work->ctx.arena, 1);
    timer->state = RUNNING;
    pthread_mutex_unlock(&timers->lock);
    err_t err = store_submit(timers->store, work);
    pthread_mutex_lock(&timers->lock);
    if (err != OK) {
        work->err = err;
        timer->state = FINISHED;
    }
}

/* Starts what is due; how long until the next is. */
static int64_t look_after_all(struct timers *timers)
{
    int64_t least_ns = (int64_t)IDLE_MS * 1000000;
    for (size_t i = 0; i < timers->count; i++) {
        struct timer *timer = &timers->at[i];
        if (timer->state == FINISHED)
            turn_ended(timer);
        if (timer->state != RESTING || timers->is_closing)
            continue;
        int64_t left_ns = timer->next_ns - clock_mono_ns();
        if (left_ns <= 0) {
            turn_start(timers, timer);
            left_ns = timer->state == FINISHED ? 0 : INT64_MAX;
        }
        if (left_ns < least_ns)
            least_ns = left_ns;
    }
    return least_ns;
}

static bool is_one_running(const struct timers *timers)
{
    for (size_t i = 0; i < timers->count; i++)
        if (timers->at[i].state == RUNNING)
            return true;
    return false;
}

static bool is_one_finished(const struct timers *timers)
{
    for (size_t i = 0; i < timers->count; i++)
        if (timers->at[i].state == FINISHED)
            return true;
    return false;
}

static void wait_changed(struct timers *timers, int64_t ns)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    ns += until.tv_nsec;
    until.tv_sec += ns / 1000000000;
    until.tv_nsec = ns % 1000000000;
    (void)pthread_cond_timedwait(&timers->changed, &timers->lock, &until);
}

static void *timers_main(void *arg)
{
    struct timers *timers = arg;
    pthread_mutex_lock(&timers->lock);
    while (!timers->is_closing || is_one_running(timers)) {
        int64_t ns = look_after_all(timers);
        if (ns > 0 && !is_one_finished(timers) &&
            (!timers->is_closing || is_one_running(timers)))
            wait_changed(timers, ns);
    }
    pthread_mutex_unlock(&timers->lock);
    return NULL;
}

/* ---- the face ---- */

static void timer_init(struct timers *timers, struct timer *at,
                       const struct room_timer *what)
{
    ASSERT(what->period_ms > 0);
    *at = (struct timer){.owner = timers, .what = what, .state = RESTING};
    at->work.kind = &turn_kind;
    at->work.lane = LANE_LOW;
    at->work.arg = at;
    at->work.done = turn_done;
    at->work.ctx.arena = arena_open();
    at->work.ctx.actor.kind = ACTOR_SYSTEM;
}

static size_t count_all(const struct timer_list *const *lists)
{
    size_t count = 0;
    for (; *lists; lists++)
        count += (*lists)->count;
    return count;
}

err_t timers_open(struct ctx *ctx, struct store *store,
                  const struct timer_list *const *lists, struct timers **ret)
{
    struct timers *timers = mem_new(sizeof(*timers));
    timers->store = store;
    timers->at = mem_new((count_all(lists) + 1) * sizeof(struct timer));
    for (; *lists; lists++)
        for (size_t i = 0; i < (*lists)->count; i++)
            if ((*lists)->at[i].run)
                timer_init(timers, &timers->at[timers->count++],
                           &(*lists)->at[i]);
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&timers->changed, &attr);
    pthread_condattr_destroy(&attr);
    pthread_mutex_init(&timers->lock, NULL);
    if (pthread_create(&timers->thread, NULL, timers_main, timers)) {
        timers->thread = 0;
        timers_close(timers);
        return fail(ctx, ERR_INTERNAL, "", "a thread could not be started");
    }
    pthread_setname_np(timers->thread, "timers");
    *ret = timers;
    return OK;
}

void timers_close(struct timers *timers)
{
    if (timers == NULL)
        return;
    pthread_mutex_lock(&timers->lock);
    timers->is_closing = true;
    pthread_cond_broadcast(&timers->changed);
    pthread_mutex_unlock(&timers->lock);
    if (timers->thread)
        pthread_join(timers->thread, NULL);
    for (size_t i = 0; i < timers->count; i++)
        arena_close(timers->at[i].work.ctx.arena);
    pthread_cond_destroy(&timers->changed);
    pthread_mutex_destroy(&timers->lock);
    mem_free(timers->at);
    mem_free(timers);
}

void timers_metrics(const struct timers *timers, struct buf *out)
{
    /* Locks are not part of what const promises. */
    struct timers *locked = (struct timers *)(uintptr_t)timers;
    buf_add_cstr(out, "# TYPE wharf_timer_turns_total counter\n");
    pthread_mutex_lock(&locked->lock);
    for (size_t i = 0; i < timers->count; i++)
        buf_addf(out, "wharf_timer_turns_total{timer=\"%s\"} %lld\n",
                 timers->at[i].what->name, (long long)timers->at[i].turns);
    buf_add_cstr(out, "# TYPE wharf_timer_failing gauge\n");
    for (size_t i = 0; i < timers->count; i++)
        buf_addf(out, "wharf_timer_failing{timer=\"%s\"} %d\n",
                 timers->at[i].what->name, timers->at[i].is_failing);
    pthread_mutex_unlock(&locked->lock);
}
