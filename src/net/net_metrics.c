/* net_metrics.c - requests, latencies, connections and refusals. */
#include "net/net_metrics.h"

#include <stdatomic.h>

#include "base/arena.h"
#include "base/buf.h"
#include "net/router.h"

/* Upper bounds in microseconds; the last bucket has none. */
static const int64_t bounds_us[] = {100,    250,    500,     1000,   2500,
                                    5000,   10000,  25000,   50000,  100000,
                                    250000, 500000, 1000000, 2500000};
enum { BUCKETS = COUNT_OF(bounds_us) + 1, CLASSES = 4, CODES_MAX = 192 };

typedef _Atomic int64_t counter;

struct route_counts {
    counter by_class[CLASSES]; /* 2xx to 5xx. */
    counter buckets[BUCKETS];
    counter ns_sum;
};

struct code_count {
    _Atomic(const char *) code; /* A slug is static. NULL ends the list. */
    counter count;
};

struct net_metrics {
    counter connections;
    struct code_count codes[CODES_MAX];
    struct route_counts *routes;
};

/* One thread writes, so this needs no read-modify-write instruction. */
static void add(counter *to, int64_t n)
{
    int64_t old = atomic_load_explicit(to, memory_order_relaxed);
    atomic_store_explicit(to, old + n, memory_order_relaxed);
}

static int64_t value_of(const counter *of)
{
    return atomic_load_explicit(of, memory_order_relaxed);
}

struct net_metrics *net_metrics_open(struct arena *arena,
                                     const struct router *router)
{
    struct net_metrics *metrics = arena_new(arena, struct net_metrics);
    metrics->routes =
        arena_array(arena, struct route_counts, router_count(router) + 1);
    return metrics;
}

void net_metrics_request(struct net_metrics *metrics, size_t route, int status,
                         int64_t ns)
{
    struct route_counts *to = &metrics->routes[route];
    int class = status / 100 - 2;
    ASSERT(class >= 0 && class < CLASSES);
    size_t bucket = 0;
    while (bucket < BUCKETS - 1 && ns > bounds_us[bucket] * 1000)
        bucket++;
    add(&to->by_class[class], 1);
    add(&to->buckets[bucket], 1);
    add(&to->ns_sum, ns);
}

void net_metrics_problem(struct net_metrics *metrics, const char *code)
{
    for (size_t i = 0; i < CODES_MAX; i++) {
        struct code_count *at = &metrics->codes[i];
        const char *known =
            atomic_load_explicit(&at->code, memory_order_relaxed);
        if (!known) {
            atomic_store_explicit(&at->code, code, memory_order_release);
            known = code;
        }
        if (known == code || strcmp(known, code) == 0) {
            add(&at->count, 1);
            return;
        }
    }
}

void net_metrics_connections(struct net_metrics *metrics, int64_t open)
{
    atomic_store_explicit(&metrics->connections, open, memory_order_relaxed);
}

/* ---- the text ---- */

struct all {
    struct net_metrics *const *at;
    size_t count;
};

static int64_t sum_of_class(struct all all, size_t route, int class)
{
    int64_t sum = 0;
    for (size_t i = 0; i < all.count; i++)
        sum += value_of(&all.at[i]->routes[route].by_class[class]);
    return sum;
}

static int64_t sum_of_bucket(struct all all, size_t route, size_t bucket)
{
    int64_t sum = 0;
    for (size_t i = 0; i < all.count; i++)
        sum += value_of(&all.at[i]->routes[route].buckets[bucket]);
    return sum;
}

static const char *name_of(const struct router *router, size_t route)
{
    return route < router_count(router) ? router_at(router, route)->operation
                                        : "none";
}

static void write_requests(struct buf *buf, const struct router *router,
                           struct all all)
{
    buf_addf(buf, "# HELP wharf_http_requests_total Requests answered.\n"
                  "# TYPE wharf_http_requests_total counter\n");
    for (size_t route = 0; route <= router_count(router); route++) {
        for (int class = 0; class < CLASSES; class ++) {
            int64_t count = sum_of_class(all, route, class);
            if (count)
                buf_addf(buf,
                         "wharf_http_requests_total{route=\"%s\","
                         "status=\"%dxx\"} %lld\n",
                         name_of(router, route), class + 2, (long long)count);
        }
    }
}

static void write_latency(struct buf *buf, const char *name, struct all all,
                          size_t route)
{
    int64_t seen = 0;
    int64_t ns = 0;
    for (size_t i = 0; i < all.count; i++)
        ns += value_of(&all.at[i]->routes[route].ns_sum);
    for (size_t bucket = 0; bucket < BUCKETS; bucket++) {
        seen += sum_of_bucket(all, route, bucket);
        buf_addf(buf, "wharf_http_request_seconds_bucket{route=\"%s\",le=\"",
                 name);
        if (bucket < BUCKETS - 1)
            buf_addf(buf, "%g", (double)bounds_us[bucket] / 1e6);
        else
            buf_add_cstr(buf, "+Inf");
        buf_addf(buf, "\"} %lld\n", (long long)seen);
    }
    buf_addf(buf,
             "wharf_http_request_seconds_sum{route=\"%s\"} %.6f\n"
             "wharf_http_request_seconds_count{route=\"%s\"} %lld\n",
             name, (double)ns / 1e9, name, (long long)seen);
}

static void write_latencies(struct buf *buf, const struct router *router,
                            struct all all)
{
    buf_addf(buf, "# HELP wharf_http_request_seconds From the last byte of a "
                  "request to its reply.\n"
                  "# TYPE wharf_http_request_seconds histogram\n");
    for (size_t route = 0; route <= router_count(router); route++) {
        int64_t count = 0;
        for (int class = 0; class < CLASSES; class ++)
            count += sum_of_class(all, route, class);
        if (count)
            write_latency(buf, name_of(router, route), all, route);
    }
}

/* Loops learn codes in different orders: gathers the same code of all. */
static int64_t sum_of_code(struct all all, const char *code)
{
    int64_t sum = 0;
    for (size_t i = 0; i < all.count; i++) {
        for (size_t j = 0; j < CODES_MAX; j++) {
            const struct code_count *at = &all.at[i]->codes[j];
            const char *known =
                atomic_load_explicit(&at->code, memory_order_acquire);
            if (!known)
                break;
            if (strcmp(known, code) == 0)
                sum += value_of(&at->count);
        }
    }
    return sum;
}

static bool was_written(struct all all, size_t loop, const char *code)
{
    for (size_t i = 0; i < loop; i++)
        if (sum_of_code((struct all){all.at + i, 1}, code) > 0)
            return true;
    return false;
}

static void write_codes(struct buf *buf, struct all all)
{
    buf_addf(buf,
             "# HELP wharf_http_refused_total Problems answered, by code.\n"
             "# TYPE wharf_http_refused_total counter\n");
    for (size_t i = 0; i < all.count; i++) {
        for (size_t j = 0; j < CODES_MAX; j++) {
            const char *code = atomic_load_explicit(&all.at[i]->codes[j].code,
                                                    memory_order_acquire);
            if (!code)
                break;
            if (!was_written(all, i, code))
                buf_addf(buf, "wharf_http_refused_total{code=\"%s\"} %lld\n",
                         code, (long long)sum_of_code(all, code));
        }
    }
}

void net_metrics_write(struct buf *buf, const struct router *router,
                       struct net_metrics *const *all, size_t count)
{
    struct all loops = {all, count};
    int64_t connections = 0;
    for (size_t i = 0; i < count; i++)
        connections += value_of(&all[i]->connections);
    buf_addf(buf,
             "# HELP wharf_http_connections Connections open now.\n"
             "# TYPE wharf_http_connections gauge\n"
             "wharf_http_connections %lld\n",
             (long long)connections);
    write_requests(buf, router, loops);
    write_latencies(buf, router, loops);
    write_codes(buf, loops);
}
