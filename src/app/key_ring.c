/* key_ring.c - the API keys of this node in memory. */
#include "app/key_ring.h"

#include <pthread.h>
#include <string.h>
#include <strings.h>
#include <sys/time.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "oms/user/user.h"

enum { REFRESH_MS = 2000 };

struct key_ring {
    struct store *store;
    pthread_rwlock_t lock;
    struct arena *arena; /* Of the generation below; swapped whole. */
    struct key_entry *at;
    size_t count;
    int64_t begun, last_begun; /* Of that generation; of any load. */
    pthread_t thread;
    pthread_mutex_t stop_lock;
    pthread_cond_t stop;
    bool is_stopping;
};

/* One load on its way through a reader. */
struct load {
    struct work work;
    struct key_ring *ring;
    int64_t begun; /* Rises from load to load. */
    struct key_entry *at;
    size_t count;
    void (*then)(void *arg);
    void *arg;
};

static err_t load_run(struct work *work)
{
    struct load *load = work->arg;
    return key_directory_load(&work->ctx, &load->at, &load->count);
}

static const struct work_kind load_kind = {"loadKeys", load_run, NULL};

static struct load *load_new(struct key_ring *ring)
{
    struct load *load = mem_new(sizeof *load);
    load->ring = ring;
    pthread_rwlock_wrlock(&ring->lock);
    load->begun = ++ring->last_begun;
    pthread_rwlock_unlock(&ring->lock);
    load->work.kind = &load_kind;
    load->work.lane = LANE_READ;
    load->work.ctx.arena = arena_open();
    load->work.ctx.now = clock_now();
    load->work.ctx.actor.kind = ACTOR_SYSTEM;
    load->work.arg = load;
    buf_init(&load->work.reply, load->work.ctx.arena, 1024);
    return load;
}

/* Swaps the loaded generation in and frees the load. */
static void load_finish(struct load *load)
{
    struct key_ring *ring = load->ring;
    struct arena *old = load->work.ctx.arena;
    if (load->work.err == OK) {
        pthread_rwlock_wrlock(&ring->lock);
        /* One that began earlier may have seen a key since revoked. */
        if (load->begun > ring->begun) {
            old = ring->arena;
            ring->arena = load->work.ctx.arena;
            ring->at = load->at;
            ring->count = load->count;
            ring->begun = load->begun;
        }
        pthread_rwlock_unlock(&ring->lock);
    } else {
        log_line(LOG_WARN, "keys.load_failed", "%s", load->work.ctx.err.text);
    }
    arena_close(old);
    mem_free(load);
}

static void load_done(struct work *work)
{
    struct load *load = work->arg;
    void (*then)(void *) = load->then;
    void *arg = load->arg;
    load_finish(load);
    then(arg);
}

void key_ring_reload(struct key_ring *ring, void (*then)(void *arg), void *arg)
{
    struct load *load = load_new(ring);
    load->then = then;
    load->arg = arg;
    load->work.done = load_done;
    /* Once submitted, the load may be done and gone. */
    err_t err = store_submit(ring->store, &load->work);
    if (err != OK) {
        load->work.err = err;
        load_done(&load->work);
    }
}

static err_t load_now(struct key_ring *ring)
{
    struct load *load = load_new(ring);
    load->work.err = store_run(ring->store, &load->work);
    err_t err = load->work.err;
    load_finish(load);
    return err;
}

static void *refresh(void *arg)
{
    struct key_ring *ring = arg;
    pthread_mutex_lock(&ring->stop_lock);
    while (!ring->is_stopping) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += REFRESH_MS / 1000;
        pthread_cond_timedwait(&ring->stop, &ring->stop_lock, &until);
        if (ring->is_stopping)
            break;
        pthread_mutex_unlock(&ring->stop_lock);
        (void)load_now(ring); /* Logged; the old keys stay. */
        pthread_mutex_lock(&ring->stop_lock);
    }
    pthread_mutex_unlock(&ring->stop_lock);
    return NULL;
}

err_t key_ring_open(struct ctx *ctx, struct store *store, struct key_ring **ret)
{
    struct key_ring *ring = mem_new(sizeof *ring);
    ring->store = store;
    pthread_rwlock_init(&ring->lock, NULL);
    pthread_mutex_init(&ring->stop_lock, NULL);
    /* A clock set back must not put off what other nodes revoke. */
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&ring->stop, &attr);
    pthread_condattr_destroy(&attr);
    err_t err = load_now(ring);
    if (err != OK) {
        mem_free(ring);
        return fail(ctx, err, "", "the API keys could not be loaded");
    }
    if (pthread_create(&ring->thread, NULL, refresh, ring) != 0)
        UNREACHABLE("no thread for the key ring");
    *ret = ring;
    return OK;
}

void key_ring_stop(struct key_ring *ring)
{
    if (!ring)
        return;
    pthread_mutex_lock(&ring->stop_lock);
    ring->is_stopping = true;
    pthread_cond_signal(&ring->stop);
    pthread_mutex_unlock(&ring->stop_lock);
    pthread_join(ring->thread, NULL);
}

void key_ring_close(struct key_ring *ring)
{
    if (!ring)
        return;
    arena_close(ring->arena);
    pthread_cond_destroy(&ring->stop);
    pthread_mutex_destroy(&ring->stop_lock);
    pthread_rwlock_destroy(&ring->lock);
    mem_free(ring);
}

static int compare_hash(const void *key, const void *entry)
{
    const struct key_entry *to = entry;
    return memcmp(key, to->hash, KEY_HASH_BYTES);
}

unsigned char *key_ring_hashes(struct key_ring *ring, struct arena *arena,
                               size_t *ret_count)
{
    pthread_rwlock_rdlock(&ring->lock);
    size_t count = ring->count;
    unsigned char *hashes = arena_alloc(arena, count * KEY_RING_HASH_BYTES + 1);
    for (size_t i = 0; i < count; i++)
        memcpy(&hashes[i * KEY_RING_HASH_BYTES], ring->at[i].hash,
               KEY_RING_HASH_BYTES);
    pthread_rwlock_unlock(&ring->lock);
    *ret_count = count;
    return hashes;
}

bool key_ring_shown(const struct http_caller *caller,
                    unsigned char ret[KEY_RING_HASH_BYTES])
{
    str scheme = STR("Bearer ");
    str shown = caller->authorization;
    /* Names of schemes have no case (RFC 9110, 11.1). */
    return shown.len >= scheme.len &&
           strncasecmp(shown.ptr, scheme.ptr, scheme.len) == 0 &&
           key_hash((str){shown.ptr + scheme.len, shown.len - scheme.len}, ret);
}

err_t key_ring_auth(void *arg, struct ctx *ctx,
                    const struct http_caller *caller, struct http_identity *ret)
{
    struct key_ring *ring = arg;
    str authorization = caller->authorization;
    unsigned char hash[KEY_HASH_BYTES];
    if (caller->is_open)
        return OK;
    if (authorization.len == 0)
        return fail(ctx, ERR_UNAUTHENTICATED, "Authorization",
                    "send an API key as 'Authorization: Bearer wk_…'");
    if (!key_ring_shown(caller, hash))
        return fail(ctx, ERR_UNAUTHENTICATED, "Authorization",
                    "is not 'Bearer' and a Wharf API key");

    pthread_rwlock_rdlock(&ring->lock);
    const struct key_entry *found =
        ring->count == 0 ? NULL
                         : bsearch(hash, ring->at, ring->count,
                                   sizeof *ring->at, compare_hash);
    struct key_entry key = {.id = 0};
    if (found)
        key = *found;
    pthread_rwlock_unlock(&ring->lock);

    if (!key.id)
        return fail(ctx, ERR_UNAUTHENTICATED, "Authorization",
                    "this API key is not known or was revoked");
    if (key.expires_at && key.expires_at <= ctx->now)
        return fail(ctx, ERR_UNAUTHENTICATED, "Authorization",
                    "this API key has expired");
    ctx->actor = (struct actor){ACTOR_KEY, key.id};
    ret->perms = key.perms | PERM_SELF;
    return OK;
}
