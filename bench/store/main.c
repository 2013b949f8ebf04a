/* main.c - the options of bench_store, and its two commands. */
#define WHARF_UNBANNED
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "bench_store.h"

static const char help[] =
    "usage: bench_store fill|bare|caches --store sqlite:PATH|postgres "
    "[options]\n"
    "  --count N     orders             --first N    number of the first\n"
    "  --batch N     orders in one transaction\n"
    "  --skus N      BENCH-00000 to …   --channel CODE\n"
    "  --random      external ids in random order\n"
    "  --no-keys     fill: no idempotency keys (orders older than a day)\n"
    "  --ids FILE    fill: append some of the order ids\n"
    "  --twin STORE  bare: a copy of the store, where the loop runs\n"
    "  --profile     bare: print the time by statement\n"
    "PostgreSQL is found by WHARF_PG_CONNINFO; its twin is a conninfo too.\n";

struct store *bench_open(const struct store_config *config)
{
    struct ctx ctx = {.arena = arena_open(), .now = clock_now()};
    struct store *store = NULL;
    if (store_open(&ctx, config, &store) != OK)
        fprintf(stderr, "bench_store: %s\n", ctx.err.text);
    arena_close(ctx.arena);
    return store;
}

int cmd_fill(struct bench *bench)
{
    struct store *store = bench_open(&bench->config);
    if (!store)
        return 1;
    store_start(store);
    struct order_feed *feed = feed_open(bench, store);
    int64_t began_ns = clock_mono_ns();
    bool is_done = feed_run(feed);
    double seconds = (double)(clock_mono_ns() - began_ns) / 1e9;
    feed_close(feed);
    store_close(store);
    printf("fill_orders=%lld\nfill_seconds=%.1f\nfill_orders_per_s=%.0f\n",
           (long long)bench->count, seconds, (double)bench->count / seconds);
    return is_done ? 0 : 1;
}

/* Records on the store, repeats on its twin. */
int cmd_bare(struct bench *bench)
{
    struct store_config twin = bench->config;
    if (!bench->twin) {
        fputs(help, stderr);
        return 2;
    }
    bench->config.writers = 1;
    struct store *store = bench_open(&bench->config);
    if (!store)
        return 1;
    record_start(store);
    store_start(store);
    struct order_feed *feed = feed_open(bench, store);
    bool is_done = feed_run(feed);
    feed_close(feed);
    record_stop(store);
    struct store_stats stats;
    store_stats_get(store, &stats);
    store_close(store);
    if (!is_done)
        return 1;

    double seconds;
    twin.writers = 1;
    if (twin.engine == STORE_SQLITE)
        twin.path = bench->twin;
    else
        twin.conninfo = bench->twin;
    struct store *other = bench_open(&twin);
    if (!other)
        return 1;
    bool is_same = record_replay(other, bench->is_profile, &seconds);
    store_close(other);
    printf("bare_orders=%lld\nbare_seconds=%.3f\nbare_orders_per_s=%.0f\n"
           "bare_commits=%lld\n",
           (long long)bench->count, seconds, (double)bench->count / seconds,
           (long long)record_commits());
    return is_same ? 0 : 1;
}

/* The page caches this store is configured with. */
static int cmd_caches(const struct bench *bench)
{
    const struct store_config *config = &bench->config;
    printf("cache_mib=%d\n",
           config->cache_mib + config->readers * config->reader_cache_mib);
    return 0;
}

static const struct option long_options[] = {
    {"store",   required_argument, NULL, 's'},
    {"twin",    required_argument, NULL, 't'},
    {"count",   required_argument, NULL, 'n'},
    {"first",   required_argument, NULL, 'f'},
    {"batch",   required_argument, NULL, 'b'},
    {"skus",    required_argument, NULL, 'S'},
    {"channel", required_argument, NULL, 'C'},
    {"random",  no_argument,       NULL, 'R'},
    {"no-keys", no_argument,       NULL, 'N'},
    {"profile", no_argument,       NULL, 'p'},
    {"ids",     required_argument, NULL, 'i'},
    {NULL,      0,                 NULL, 0  }
};

static bool take_store(struct bench *bench, const char *value)
{
    if (strcmp(value, "postgres") == 0) {
        store_config_init(&bench->config, STORE_POSTGRES);
        bench->config.conninfo = getenv("WHARF_PG_CONNINFO");
        return bench->config.conninfo != NULL;
    }
    store_config_init(&bench->config, STORE_SQLITE);
    bench->config.path = value + 7;
    return strncmp(value, "sqlite:", 7) == 0;
}

static bool take(struct bench *bench, int name, const char *value)
{
    switch (name) {
    case 's': return take_store(bench, value);
    case 't': bench->twin = value; return true;
    case 'n': bench->count = strtoll(value, NULL, 10); return true;
    case 'f': bench->first = strtoll(value, NULL, 10); return true;
    case 'b': bench->batch = (int)strtol(value, NULL, 10); return true;
    case 'S': bench->skus = (int)strtol(value, NULL, 10); return true;
    case 'C': bench->channel = value; return true;
    case 'R': bench->is_random = true; return true;
    case 'N': bench->has_keys = false; return true;
    case 'p': bench->is_profile = true; return true;
    case 'i': bench->ids = value; return true;
    default: return false;
    }
}

int main(int argc, char **argv)
{
    struct bench bench = {.count = 10000,
                          .first = clock_now() * 1000,
                          .batch = 512,
                          .skus = 1000,
                          .has_keys = true,
                          .channel = "bench"};
    bool is_right = argc > 1;
    int name;
    while (is_right &&
           (name = getopt_long(argc, argv, "", long_options, NULL)) != -1)
        is_right = take(&bench, name, optarg);
    const char *command = optind < argc ? argv[optind] : "";
    bench.config.batch_max = bench.batch;
    if (is_right && bench.config.engine != 0 && bench.batch > 0) {
        if (strcmp(command, "fill") == 0)
            return cmd_fill(&bench);
        if (strcmp(command, "bare") == 0)
            return cmd_bare(&bench);
        if (strcmp(command, "caches") == 0)
            return cmd_caches(&bench);
    }
    fputs(help, stderr);
    return 2;
}
