/* pipeline.h - the inside of a store: queues, writers, readers, figures;
 * private to the store floor.
 *
 * queue.c puts work in and takes it out, pipeline.c turns what a writer took
 * into one transaction, writer.c and reader.c are the threads, store.c opens
 * and closes it all.
 */
#ifndef WHARF_STORE_PIPELINE_H
#define WHARF_STORE_PIPELINE_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/base.h"
#include "base/id.h"
#include "store/engine.h"
#include "store/idem.h"
#include "store/park.h"
#include "store/store.h"
#include "store/tail.h"

enum {
    WRITERS_MAX = 16,
    WAKES_MAX = 8,
    READERS_MAX = 16,
    LOW_MAX = 4, /* Works of the low lane in one transaction. */
    /* Rest of the low lane while clients wait, in times of what its turn took:
     * it gets a fifth of the writer at most. */
    LOW_REST = 4,
    PROBE_MS = 250, /* How often a store that went away is tried. */
    SWEEP_MS = 60 * 1000
};

struct queue {
    struct work *head, *tail;
    int depth;
};

struct writer {
    struct store *store;
    struct store_tx *tx;
    struct id_source ids;
    struct arena *arena;  /* Of one batch. */
    struct work **batch;  /* batch_max + LOW_MAX */
    struct queue held;    /* Same key as one in the batch: next time. */
    bool had_bare;        /* The turn before. */
    int64_t low_ns;       /* What the low lane took of the running batch. */
    int64_t low_again_ns; /* No turn of it before, while clients wait. */
    pthread_t thread;
    pthread_cond_t has_work;
    bool is_waiting;
    bool is_hot; /* At a hot batch. */
};

struct reader {
    struct store *store;
    struct store_tx *tx;
    pthread_t thread;
};

struct store {
    struct store_config config;
    const struct engine_ops *ops;
    struct idem *idem;
    struct park *park; /* Of a store in a file; else NULL. */
    struct tail *tail; /* On PostgreSQL; else NULL. */
    struct writer writers[WRITERS_MAX];
    struct reader readers[READERS_MAX];
    int writer_count;
    int reader_count;

    pthread_mutex_t lock; /* Queues and the flags below. */
    pthread_cond_t has_read;
    struct queue write, low, read, bare;
    int readers_waiting;
    int hot_writers;
    bool is_started;
    bool is_closing;
    int64_t sweep_at_ns;
    bool is_sweeping;
    struct work sweep; /* The store's own low-lane work. */

    atomic_bool is_ready;
    pthread_mutex_t wake_lock;
    struct {
        void (*wake)(void *arg);
        void *arg;
    } wakes[WAKES_MAX];

    pthread_mutex_t stats_lock;
    struct store_stats stats;
};

/* ---- queue.c ---- */

void queue_push(struct queue *queue, struct work *work);
/* Behind the first that is not prompt: prompt ones, however many come again and
 * again, let one other through each time. */
void queue_push_prompt(struct queue *queue, struct work *work);
struct work *queue_pop(struct queue *queue); /* NULL when empty. */
/* Waits for work and takes what is queued, at most batch_max, of one lane.
 * 0 with *ret_is_over false: time for housekeeping; true: closing, drained. */
size_t queue_take(struct writer *writer, bool *ret_is_over);
/* The next read, or NULL when the store closes and none is left. */
struct work *queue_take_read(struct store *store);

/* ---- pipeline.c ---- */

/* Runs the writer's batch of n, whatever it takes, and calls done() for each.
 * Work whose key is used by an earlier one of the batch goes to `held`. */
void pipeline_run(struct writer *writer, size_t n);
/* Back to how it was submitted. */
void work_reset(struct work *work, struct store_tx *tx, struct id_source *ids);
/* A write of the store's own while it is away: sees whether it is back. */
void pipeline_probe(struct writer *writer);

/* ---- writer.c, reader.c ---- */

void *writer_main(void *arg); /* struct writer */
/* One work on the calling thread, before the threads are started. */
void writer_run_now(struct writer *writer, struct work *work);
void *reader_main(void *arg); /* struct reader */
/* One read on that connection, then done(). */
void reader_run(struct store *store, struct store_tx *tx, struct id_source *ids,
                struct work *work);

/* ---- stats.c ---- */

/* One more of `value` in the power-of-two histogram. */
void stats_count(int64_t histogram[STORE_BUCKETS], int64_t value);

#endif
