/* metrics.c - figures of store and consumers as Prometheus text. */
#include "app/metrics.h"

#include "base/buf.h"
#include "jobs/consumers.h"
#include "jobs/timers.h"
#include "store/store.h"

static void put(struct buf *out, const char *name, const char *type,
                int64_t value)
{
    buf_addf(out, "# TYPE %s %s\n%s %lld\n", name, type, name,
             (long long)value);
}

/* Buckets have the upper bounds 1, 2, 4 … of the unit; `scale` turns it into
 * the base unit that Prometheus wants (1e-6 for microseconds). */
static void put_histogram(struct buf *out, const char *name,
                          const int64_t *buckets, double sum, double scale)
{
    int64_t seen = 0;
    buf_addf(out, "# TYPE %s histogram\n", name);
    for (int i = 0; i < STORE_BUCKETS - 1; i++) {
        seen += buckets[i];
        buf_addf(out, "%s_bucket{le=\"%g\"} %lld\n", name,
                 (double)(1LL << i) * scale, (long long)seen);
    }
    seen += buckets[STORE_BUCKETS - 1];
    buf_addf(out, "%s_bucket{le=\"+Inf\"} %lld\n", name, (long long)seen);
    buf_addf(out, "%s_sum %.6f\n%s_count %lld\n", name, sum * scale, name,
             (long long)seen);
}

void metrics_write(const struct store *store, const struct consumers *consumers,
                   const struct timers *timers, struct buf *out)
{
    struct store_stats stats;
    store_stats_get(store, &stats);
    put(out, "wharf_commits_total", "counter", stats.commits);
    put(out, "wharf_commands_total", "counter", stats.commands);
    put(out, "wharf_replays_total", "counter", stats.replays);
    put(out, "wharf_commands_refused_total", "counter", stats.refused);
    put(out, "wharf_batches_failed_total", "counter", stats.failed_batches);
    put(out, "wharf_queue_depth", "gauge", stats.queue_depth);
    put(out, "wharf_queue_low_depth", "gauge", stats.queue_low_depth);
    put(out, "wharf_store_ready", "gauge", store_is_ready(store));
    put_histogram(out, "wharf_batch_commands", stats.batch_size,
                  (double)stats.commands, 1);
    put_histogram(out, "wharf_commit_seconds", stats.commit_us,
                  (double)stats.commit_us_sum, 1e-6);
    put_histogram(out, "wharf_command_wait_seconds", stats.wait_us,
                  (double)stats.wait_us_sum, 1e-6);
    consumers_metrics(consumers, out);
    timers_metrics(timers, out);
}
