/* rate.c - token buckets in sets of eight, and accounts of bytes. */
#include "net/rate.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/arena.h"

enum {
    SETS = 1024,
    WAYS = 8,
    ACCOUNTS = 4096, /* Callers with large bodies under way at one time. */
    PROBES = 16
};

/* ---- requests ---- */

struct bucket {
    uint64_t caller; /* 0: free. */
    int64_t at_ms;   /* When `milli` was right. */
    int64_t milli;   /* Thousandths of a request. */
};

struct rates {
    pthread_mutex_t lock;
    struct bucket (*sets)[WAYS];
};

struct rates *rates_open(void)
{
    struct rates *rates = mem_new(sizeof *rates);
    pthread_mutex_init(&rates->lock, NULL);
    rates->sets = mem_new(SETS * sizeof *rates->sets);
    return rates;
}

void rates_close(struct rates *rates)
{
    if (!rates)
        return;
    pthread_mutex_destroy(&rates->lock);
    mem_free(rates->sets);
    mem_free(rates);
}

static size_t spread(uint64_t caller, size_t count)
{
    return (caller * UINT64_C(0x9e3779b97f4a7c15) >> 32) % count;
}

/* A caller without one begins with a full bucket; where there is no place the
 * one that asked longest ago gives its own, which is full again by then. */
static struct bucket *bucket_of(struct rates *rates, uint64_t caller,
                                int64_t burst, int64_t now_ms)
{
    struct bucket *set = rates->sets[spread(caller, SETS)];
    struct bucket *least = &set[0];
    for (size_t i = 0; i < WAYS; i++) {
        if (set[i].caller == caller)
            return &set[i];
        if (set[i].caller == 0 ||
            (least->caller != 0 && set[i].at_ms < least->at_ms))
            least = &set[i];
    }
    *least = (struct bucket){caller, now_ms, burst * 1000};
    return least;
}

int64_t rates_take(struct rates *rates, uint64_t caller, int64_t rate_per_s,
                   int64_t burst, int64_t now_ms)
{
    ASSERT(rate_per_s > 0 && burst > 0);
    int64_t wait_ms = 0, most = burst * 1000;
    pthread_mutex_lock(&rates->lock);
    struct bucket *bucket = bucket_of(rates, caller, burst, now_ms);
    int64_t passed_ms = now_ms > bucket->at_ms ? now_ms - bucket->at_ms : 0;
    /* A thousandth of a request per millisecond and unit of rate. */
    bool is_full = passed_ms > most / rate_per_s;
    bucket->milli = is_full ? most : bucket->milli + passed_ms * rate_per_s;
    bucket->milli = bucket->milli < most ? bucket->milli : most;
    bucket->at_ms = now_ms;
    if (bucket->milli >= 1000)
        bucket->milli -= 1000;
    else
        wait_ms = (1000 - bucket->milli + rate_per_s - 1) / rate_per_s;
    pthread_mutex_unlock(&rates->lock);
    return wait_ms;
}

/* ---- bytes ---- */

struct account {
    uint64_t caller; /* 0: free. */
    int64_t bytes;
};

struct load {
    int64_t max_bytes, caller_max_bytes;
    _Atomic int64_t bytes;
    pthread_mutex_t lock;
    struct account accounts[ACCOUNTS];
};

struct load *load_open(int64_t max_bytes, int64_t caller_max_bytes)
{
    struct load *load = mem_new(sizeof *load);
    load->max_bytes = max_bytes;
    load->caller_max_bytes = caller_max_bytes;
    pthread_mutex_init(&load->lock, NULL);
    return load;
}

void load_close(struct load *load)
{
    if (!load)
        return;
    pthread_mutex_destroy(&load->lock);
    mem_free(load);
}

int64_t load_bytes(const struct load *load)
{
    return atomic_load(&load->bytes);
}

/* That of the caller, else a free one; NULL: no place. */
static struct account *account_of(struct load *load, uint64_t caller)
{
    struct account *free = NULL;
    for (size_t i = 0; i < PROBES; i++) {
        struct account *at =
            &load->accounts[(spread(caller, ACCOUNTS) + i) % ACCOUNTS];
        if (at->caller == caller)
            return at;
        if (at->caller == 0 && !free)
            free = at;
    }
    return free;
}

static bool charge(struct load *load, uint64_t caller, int64_t bytes)
{
    pthread_mutex_lock(&load->lock);
    struct account *account = account_of(load, caller);
    bool fits = account && account->bytes + bytes <= load->caller_max_bytes;
    if (fits) {
        account->caller = caller;
        account->bytes += bytes;
    }
    pthread_mutex_unlock(&load->lock);
    return fits;
}

enum load_room load_take(struct load *load, uint64_t caller, int64_t bytes)
{
    if (caller != 0 && !charge(load, caller, bytes))
        return LOAD_CALLER_FULL;
    int64_t before = atomic_fetch_add(&load->bytes, bytes);
    if (before + bytes <= load->max_bytes)
        return LOAD_FITS;
    load_give(load, caller, bytes);
    return LOAD_FULL;
}

void load_give(struct load *load, uint64_t caller, int64_t bytes)
{
    int64_t before = atomic_fetch_sub(&load->bytes, bytes);
    ASSERT(before >= bytes);
    if (caller == 0)
        return;
    pthread_mutex_lock(&load->lock);
    struct account *account = account_of(load, caller);
    ASSERT(account && account->caller == caller && account->bytes >= bytes);
    account->bytes -= bytes;
    if (account->bytes == 0)
        account->caller = 0;
    pthread_mutex_unlock(&load->lock);
}
