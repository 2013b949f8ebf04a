/* throttle.c - a table of failures: sets of eight, the quietest makes room. */
#include "net/throttle.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <sodium.h>

#include "base/arena.h"
#include "base/str.h"

enum { PLACES = 64 }; /* Of keys; more than there are threads that wait. */
enum { SETS = 8192, WAYS = 8, FORGET_MS = 6 * 60 * 60 * 1000, SHIFT_MAX = 20 };

struct entry {
    uint64_t key; /* 0: free. */
    int64_t last_ms, until_ms;
    int64_t count;
};

struct place {
    uint64_t key;
    int taken; /* 0: free. */
};

struct throttle {
    pthread_mutex_t lock;
    struct place places[PLACES];
    unsigned char secret[crypto_shorthash_KEYBYTES];
    struct entry (*sets)[WAYS];
};

struct throttle *throttle_open(void)
{
    struct throttle *throttle = mem_new(sizeof *throttle);
    pthread_mutex_init(&throttle->lock, NULL);
    randombytes_buf(throttle->secret, sizeof throttle->secret);
    throttle->sets = mem_new(SETS * sizeof *throttle->sets);
    return throttle;
}

void throttle_close(struct throttle *throttle)
{
    if (!throttle)
        return;
    pthread_mutex_destroy(&throttle->lock);
    mem_free(throttle->sets);
    mem_free(throttle);
}

uint64_t throttle_key(const struct throttle *throttle, uint64_t seed, str part)
{
    unsigned char key[crypto_shorthash_KEYBYTES];
    uint64_t hash;
    memcpy(key, throttle->secret, sizeof key);
    for (size_t i = 0; i < sizeof seed; i++)
        key[i] ^= (unsigned char)(seed >> (i * 8));
    crypto_shorthash((unsigned char *)&hash, (const unsigned char *)part.ptr,
                     part.len, key);
    return hash ? hash : 1;
}

uint64_t throttle_peer_key(const struct throttle *throttle, uint64_t seed,
                           const char *peer)
{
    struct in6_addr at;
    if (inet_pton(AF_INET6, peer, &at) != 1)
        return throttle_key(throttle, seed, str_from_cstr(peer));
    size_t len = IN6_IS_ADDR_V4MAPPED(&at) ? sizeof at : sizeof at / 2;
    return throttle_key(throttle, seed, (str){(const char *)&at, len});
}

/* That of the key, emptied where it has been quiet for long; NULL: none. */
static struct entry *find(struct throttle *throttle, uint64_t key,
                          int64_t now_ms)
{
    struct entry *set = throttle->sets[key % SETS];
    for (size_t i = 0; i < WAYS; i++) {
        if (set[i].key != key)
            continue;
        if (now_ms - set[i].last_ms > FORGET_MS)
            set[i].count = set[i].until_ms = 0;
        return &set[i];
    }
    return NULL;
}

static struct entry *make(struct throttle *throttle, uint64_t key)
{
    struct entry *set = throttle->sets[key % SETS];
    struct entry *least = &set[0];
    for (size_t i = 0; i < WAYS; i++) {
        if (set[i].key == 0) {
            least = &set[i];
            break;
        }
        if (set[i].last_ms < least->last_ms)
            least = &set[i];
    }
    *least = (struct entry){.key = key};
    return least;
}

static void set_wait(struct entry *entry, const struct throttle_gate *gate,
                     int64_t now_ms)
{
    int64_t over = entry->count - gate->free;
    if (over <= 0)
        return;
    int64_t wait_ms = INT64_C(1000)
                      << (over - 1 < SHIFT_MAX ? over - 1 : SHIFT_MAX);
    int64_t most_ms = (int64_t)gate->wait_max_s * 1000;
    entry->until_ms = now_ms + (wait_ms < most_ms ? wait_ms : most_ms);
}

static void count_one(struct throttle *throttle,
                      const struct throttle_gate *gate, int64_t now_ms)
{
    struct entry *entry = find(throttle, gate->key, now_ms);
    if (!entry)
        entry = make(throttle, gate->key);
    entry->last_ms = now_ms;
    entry->count++;
    set_wait(entry, gate, now_ms);
}

void throttle_failed(struct throttle *throttle,
                     const struct throttle_gate *gates, size_t count,
                     int64_t now_ms)
{
    pthread_mutex_lock(&throttle->lock);
    for (size_t i = 0; i < count; i++) {
        struct entry *entry = find(throttle, gates[i].key, now_ms);
        if (entry)
            set_wait(entry, &gates[i], now_ms);
    }
    pthread_mutex_unlock(&throttle->lock);
}

int throttle_enter(struct throttle *throttle, const struct throttle_gate *gates,
                   size_t count, int64_t now_ms)
{
    int64_t until_ms = 0;
    pthread_mutex_lock(&throttle->lock);
    for (size_t i = 0; i < count; i++) {
        const struct entry *entry = find(throttle, gates[i].key, now_ms);
        if (entry && entry->until_ms > until_ms)
            until_ms = entry->until_ms;
    }
    for (size_t i = 0; until_ms <= now_ms && i < count; i++)
        count_one(throttle, &gates[i], now_ms);
    pthread_mutex_unlock(&throttle->lock);
    return until_ms <= now_ms ? 0 : (int)((until_ms - now_ms + 999) / 1000);
}

/* Past its free failures a gate lets only one in at a time, so a wait that is
 * set now is the one that this attempt set for itself. */
void throttle_forgive(struct throttle *throttle,
                      const struct throttle_gate *gates, size_t count)
{
    pthread_mutex_lock(&throttle->lock);
    for (size_t i = 0; i < count; i++) {
        struct entry *set = throttle->sets[gates[i].key % SETS];
        for (size_t j = 0; j < WAYS; j++) {
            if (set[j].key != gates[i].key)
                continue;
            set[j].count = i == 0 || set[j].count == 0 ? 0 : set[j].count - 1;
            set[j].until_ms = 0;
        }
    }
    pthread_mutex_unlock(&throttle->lock);
}

/* That of the key, else one that is free; NULL: there is none. */
static struct place *place_of(struct throttle *throttle, uint64_t key)
{
    struct place *free_one = NULL;
    for (size_t i = 0; i < PLACES; i++) {
        struct place *place = &throttle->places[i];
        if (place->taken > 0 && place->key == key)
            return place;
        if (place->taken == 0)
            free_one = place;
    }
    return free_one;
}

bool throttle_take(struct throttle *throttle, uint64_t key, int most)
{
    pthread_mutex_lock(&throttle->lock);
    struct place *place = place_of(throttle, key);
    bool is_taken = place && place->taken < most;
    if (is_taken) {
        place->key = key;
        place->taken++;
    }
    pthread_mutex_unlock(&throttle->lock);
    return is_taken;
}

void throttle_give(struct throttle *throttle, uint64_t key)
{
    pthread_mutex_lock(&throttle->lock);
    struct place *place = place_of(throttle, key);
    ASSERT(place && place->taken > 0);
    place->taken--;
    pthread_mutex_unlock(&throttle->lock);
}
