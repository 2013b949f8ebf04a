/* stats.c - figures of a store. */
#include "store/pipeline.h"

void stats_count(int64_t histogram[STORE_BUCKETS], int64_t value)
{
    int at = 0;
    while (at < STORE_BUCKETS - 1 && value > ((int64_t)1 << at))
        at++;
    histogram[at]++;
}

void store_stats_get(const struct store *store, struct store_stats *ret)
{
    /* Locks are not part of what const promises. */
    struct store *locked = (struct store *)(uintptr_t)store;
    pthread_mutex_lock(&locked->stats_lock);
    *ret = store->stats;
    pthread_mutex_unlock(&locked->stats_lock);
    pthread_mutex_lock(&locked->lock);
    ret->queue_depth = store->write.depth;
    ret->queue_low_depth = store->low.depth;
    pthread_mutex_unlock(&locked->lock);
}
