/* bench_store.h - work on a store in this process, without HTTP.
 *
 *   fill   millions of orders through decode, pipeline and consumers
 *   bare   the bare loop: the statements alone, as fast as they go
 */
#ifndef WHARF_BENCH_STORE_H
#define WHARF_BENCH_STORE_H

#include "base/base.h"
#include "store/store.h"

struct order_feed;

struct bench {
    struct store_config config;
    const char *twin; /* Bare: a copy of the store as it is. */
    int64_t count;    /* Orders. */
    int64_t first;    /* Number of the first. */
    int batch;        /* Orders in one transaction. */
    int skus;
    bool is_random;  /* External ids in random order. */
    bool has_keys;   /* Every order has its idempotency key. */
    bool is_profile; /* Bare: time by statement on stderr. */
    const char *ids; /* Fill: a file for some of the order ids. */
    const char *channel;
};

/* ---- feed.c: orders into the pipeline, as the HTTP front gives them ---- */

/* The store must have been started. */
struct order_feed *feed_open(const struct bench *bench, struct store *store);
/* Places them all, waits, and waits for the consumers. False if one order was
 * refused; the reason is printed. */
bool feed_run(struct order_feed *feed);
void feed_close(struct order_feed *feed);

/* ---- record.c: every call to the engine, with its arguments ---- */

struct store_tx;
/* From now on all that the store's one writer asks of its engine is kept. */
void record_start(struct store *store);
void record_stop(struct store *store);
/* Gives what was recorded to that store's engine again; ret_s is how long.
 * False if a statement did not change as many rows as it had. */
bool record_replay(struct store *store, bool is_profile, double *ret_s);
int64_t record_commits(void);

int cmd_fill(struct bench *bench);
int cmd_bare(struct bench *bench);
/* Opens and says why not; NULL then. */
struct store *bench_open(const struct store_config *config);

#endif
