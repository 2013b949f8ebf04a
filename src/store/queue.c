/* queue.c - bounded lanes of work between those who submit and the threads of
 * the store.
 *
 * A writer takes whatever is queued and never waits for more. Clients' work
 * goes first, but the low lane has its turn once it has rested LOW_REST times
 * what the turn before took, so neither starves the other.
 */
#include <errno.h>

#include "base/arena.h"
#include "base/time.h"
#include "store/pipeline.h"

void queue_push(struct queue *queue, struct work *work)
{
    work->next = NULL;
    if (queue->tail)
        queue->tail->next = work;
    else
        queue->head = work;
    queue->tail = work;
    queue->depth++;
}

void queue_push_prompt(struct queue *queue, struct work *work)
{
    struct work *at = queue->head;
    while (at && at->is_prompt)
        at = at->next;
    while (at && at->next && at->next->is_prompt)
        at = at->next;
    if (!at || !at->next) {
        queue_push(queue, work);
        return;
    }
    work->next = at->next;
    at->next = work;
    queue->depth++;
}

struct work *queue_pop(struct queue *queue)
{
    struct work *work = queue->head;
    if (work == NULL)
        return NULL;
    queue->head = work->next;
    if (queue->head == NULL)
        queue->tail = NULL;
    queue->depth--;
    work->next = NULL;
    return work;
}

/* Takes `at` out, which stands behind `before` (NULL: at the head). */
static void queue_cut(struct queue *queue, struct work *before, struct work *at)
{
    if (before)
        before->next = at->next;
    else
        queue->head = at->next;
    if (queue->tail == at)
        queue->tail = before;
    queue->depth--;
    at->next = NULL;
}

/* ---- putting in ---- */

/* Few large batches cost less than many small ones that wait for each other's
 * rows: while a writer is at a hot batch, hot work gathers for it; past a full
 * batch another writer helps. */
static bool is_gathering(const struct store *store)
{
    return store->hot_writers > 0 && !store->is_closing &&
           store->write.depth < store->config.batch_max;
}

static void wake_writer(struct store *store)
{
    for (int i = 0; i < store->writer_count; i++) {
        if (store->writers[i].is_waiting) {
            store->writers[i].is_waiting = false;
            pthread_cond_signal(&store->writers[i].has_work);
            return;
        }
    }
}

static void wake_for(struct store *store, const struct work *work)
{
    if (work->lane != LANE_READ || store->reader_count == 0) {
        if (!work->kind->run_many || !is_gathering(store))
            wake_writer(store);
    } else if (store->readers_waiting > 0) {
        pthread_cond_signal(&store->has_read);
    }
}

static struct queue *lane_of(struct store *store, const struct work *work)
{
    if (work->is_bare)
        return &store->bare;
    switch (work->lane) {
    case LANE_WRITE: return &store->write;
    case LANE_LOW: return &store->low;
    case LANE_READ: return &store->read;
    }
    UNREACHABLE("work without a lane");
}

static void submitted(struct work *work)
{
    struct arena_mark mark = arena_mark(work->ctx.arena);
    work->mark.block = mark.block;
    work->mark.used = mark.used;
    work->queued_ns = clock_mono_ns();
}

err_t store_submit(struct store *store, struct work *work)
{
    ASSERT(work->kind != NULL && work->done != NULL);
    ASSERT(work->idem_key.len == 0 || work->lane == LANE_WRITE);
    ASSERT(!work->is_bare || work->lane == LANE_LOW);
    struct queue *queue = lane_of(store, work);
    submitted(work);
    pthread_mutex_lock(&store->lock);
    ASSERT(store->is_started);
    bool is_taken =
        !store->is_closing && queue->depth < store->config.queue_max;
    if (is_taken) {
        if (work->is_prompt)
            queue_push_prompt(queue, work);
        else
            queue_push(queue, work);
        wake_for(store, work);
    }
    pthread_mutex_unlock(&store->lock);
    return is_taken ? OK
                    : fail(&work->ctx, ERR_BUSY, "",
                           "too much is queued; try again in a moment");
}

struct waiter {
    pthread_mutex_t lock;
    pthread_cond_t cond;
    bool is_done;
};

static void waiter_done(struct work *work)
{
    struct waiter *waiter = work->waiter;
    pthread_mutex_lock(&waiter->lock);
    waiter->is_done = true;
    pthread_cond_signal(&waiter->cond);
    pthread_mutex_unlock(&waiter->lock);
}

err_t store_run(struct store *store, struct work *work)
{
    struct waiter waiter = {.is_done = false};
    pthread_mutex_init(&waiter.lock, NULL);
    pthread_cond_init(&waiter.cond, NULL);
    work->waiter = &waiter;
    work->done = waiter_done;
    err_t err = OK;
    if (store->is_started) {
        err = store_submit(store, work);
    } else {
        ASSERT(work->lane == LANE_READ || !store->config.is_read_only);
        submitted(work);
        writer_run_now(&store->writers[0], work);
    }
    if (err != OK) {
        work->err = err;
        waiter.is_done = true;
    }
    pthread_mutex_lock(&waiter.lock);
    while (!waiter.is_done)
        pthread_cond_wait(&waiter.cond, &waiter.lock);
    pthread_mutex_unlock(&waiter.lock);
    pthread_mutex_destroy(&waiter.lock);
    pthread_cond_destroy(&waiter.cond);
    work->waiter = NULL;
    return work->err;
}

/* ---- taking out ---- */

/* On PostgreSQL other writers lock rows too. A transaction that locks in key
 * order once cannot end in a deadlock, one that goes on to the next command
 * can: so it is either one command, or many of one hot kind, wherever in the
 * queue they stand. */
static size_t take_alike(struct writer *writer, struct queue *queue, size_t n,
                         size_t max)
{
    const struct work_kind *kind = n > 0 ? writer->batch[0]->kind : NULL;
    bool is_left =
        queue == &writer->store->write && is_gathering(writer->store);
    struct work *before = NULL, *next = NULL;

    for (struct work *at = queue->head; at && n < max; at = next) {
        next = at->next;
        if ((kind && (at->kind != kind || !kind->run_many)) ||
            (is_left && at->kind->run_many)) {
            before = at;
            continue;
        }
        kind = at->kind;
        queue_cut(queue, before, at);
        writer->batch[n++] = at;
        if (!kind->run_many)
            break;
    }
    return n;
}

static size_t take_from(struct writer *writer, struct queue *queue, size_t n,
                        size_t max)
{
    if (writer->store->config.engine == STORE_POSTGRES)
        return take_alike(writer, queue, n, max);
    while (n < max && queue->depth > 0)
        writer->batch[n++] = queue_pop(queue);
    return n;
}

/* Without readers, the writer answers reads one by one. */
static size_t take_read(struct writer *writer)
{
    struct store *store = writer->store;
    return store->reader_count > 0 ? 0 : take_from(writer, &store->read, 0, 1);
}

static size_t take_bare(struct writer *writer)
{
    if (writer->store->bare.depth == 0)
        return 0;
    writer->batch[0] = queue_pop(&writer->store->bare);
    return 1;
}

/* On SQLite the low lane's turn comes behind clients' work in the same
 * transaction: a commit less, and pages that both touch are written once. */
static size_t take_some(struct writer *writer)
{
    struct store *store = writer->store;
    size_t max = (size_t)store->config.batch_max;
    writer->had_bare = !writer->had_bare && store->bare.depth > 0;
    if (writer->had_bare)
        return take_bare(writer);
    bool is_turn_of_low =
        store->low.depth > 0 && clock_mono_ns() >= writer->low_again_ns;
    bool is_shared = store->config.engine == STORE_SQLITE;
    size_t n = 0;
    if (!is_turn_of_low || is_shared) {
        n = take_from(writer, &writer->held, 0, max);
        n = take_from(writer, &store->write, n, max);
    }
    if (n > 0 && !is_turn_of_low)
        return n;
    if (n > 0)
        return take_from(writer, &store->low, n, n + 1); /* Clients wait. */
    n = take_read(writer);
    n = n ? n : take_from(writer, &store->low, 0, LOW_MAX);
    return n ? n : take_bare(writer);
}

static void wait_some(struct writer *writer, int64_t ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    int64_t ns = until.tv_nsec + ms * 1000000;
    until.tv_sec += ns / 1000000000;
    until.tv_nsec = ns % 1000000000;
    writer->is_waiting = true;
    (void)pthread_cond_timedwait(&writer->has_work, &writer->store->lock,
                                 &until);
    writer->is_waiting = false;
}

size_t queue_take(struct writer *writer, bool *ret_is_over)
{
    struct store *store = writer->store;
    *ret_is_over = false;
    pthread_mutex_lock(&store->lock);
    store->hot_writers -= writer->is_hot;
    size_t n = take_some(writer);
    if (n == 0 && store->is_closing) {
        *ret_is_over = true;
    } else if (n == 0) {
        wait_some(writer, atomic_load(&store->is_ready) ? SWEEP_MS : PROBE_MS);
        n = take_some(writer);
    }
    writer->is_hot = n > 0 && writer->batch[0]->kind->run_many;
    store->hot_writers += writer->is_hot;
    pthread_mutex_unlock(&store->lock);
    return n;
}

struct work *queue_take_read(struct store *store)
{
    pthread_mutex_lock(&store->lock);
    while (store->read.depth == 0 && !store->is_closing) {
        store->readers_waiting++;
        pthread_cond_wait(&store->has_read, &store->lock);
        store->readers_waiting--;
    }
    struct work *work = queue_pop(&store->read);
    pthread_mutex_unlock(&store->lock);
    return work;
}
