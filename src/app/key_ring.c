/* key_ring.c - the API keys and sessions of this node in memory. */
#include "app/key_ring.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <strings.h>
#include <sys/time.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "net/browser.h"
#include "oms/user/user_session.h"
#include "store/call.h"

enum {
    REFRESH_MS = 2000,
    TOUCH_MS = 60 * 1000, /* How exact the store knows when one was used. */
    TOUCH_MAX = 1000      /* Written in one turn. */
};

struct key_ring {
    struct store *store;
    pthread_rwlock_t lock;
    struct arena *arena; /* Of the generation below; swapped whole. */
    struct key_entry *at;
    _Atomic utc_ms *used; /* Of sessions, since they were loaded; else 0. */
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
    _Atomic utc_ms *used;
    size_t count;
    void (*then)(void *arg);
    void *arg;
};

static err_t load_run(struct work *work)
{
    struct load *load = work->arg;
    TRY(key_directory_load(&work->ctx, &load->at, &load->count));
    load->used =
        arena_alloc_array(work->ctx.arena, load->count + 1, sizeof *load->used);
    return OK;
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

/* What was used since it was loaded, and is not yet in the store. Both are
 * sorted by hash. */
static void carry_used(const struct key_ring *ring, const struct load *load)
{
    for (size_t i = 0, j = 0; i < load->count && j < ring->count;) {
        int order = memcmp(load->at[i].hash, ring->at[j].hash, KEY_HASH_BYTES);
        utc_ms used = atomic_load(&ring->used[j]);
        if (order == 0 && used > load->at[i].seen_at)
            atomic_store(&load->used[i], used);
        i += order <= 0;
        j += order >= 0;
    }
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
            carry_used(ring, load);
            old = ring->arena;
            ring->arena = load->work.ctx.arena;
            ring->at = load->at;
            ring->used = load->used;
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

/* ---- when sessions were used ---- */

struct touch {
    int64_t ids[TOUCH_MAX];
    size_t count;
};

static err_t touch_run(struct ctx *ctx, void *arg)
{
    const struct touch *touch = arg;
    return session_touch(ctx, touch->ids, touch->count);
}

/* The store learns by and by what this node saw; others load it from there. */
static void touch_now(struct key_ring *ring)
{
    struct touch *touch = mem_new(sizeof *touch);
    pthread_rwlock_rdlock(&ring->lock);
    for (size_t i = 0; i < ring->count && touch->count < TOUCH_MAX; i++)
        if (atomic_load(&ring->used[i]) > ring->at[i].seen_at)
            touch->ids[touch->count++] = ring->at[i].id;
    pthread_rwlock_unlock(&ring->lock);
    if (touch->count > 0) {
        struct ctx ctx = {.arena = arena_open(),
                          .now = clock_now(),
                          .actor.kind = ACTOR_SYSTEM};
        if (store_call(&ctx, ring->store, LANE_LOW, "touchSessions", touch_run,
                       touch) != OK)
            log_line(LOG_WARN, "sessions.touch_failed", "%s", ctx.err.text);
        arena_close(ctx.arena);
    }
    mem_free(touch);
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
        touch_now(ring);
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

/* ---- who calls ---- */

/* Names of schemes have no case (RFC 9110, 11.1). */
static bool bearer_of(const struct http_caller *caller, str *ret)
{
    str scheme = STR("Bearer ");
    str shown = caller->authorization;
    if (shown.len < scheme.len ||
        strncasecmp(shown.ptr, scheme.ptr, scheme.len) != 0)
        return false;
    *ret = (str){shown.ptr + scheme.len, shown.len - scheme.len};
    return true;
}

bool key_ring_shown(const struct http_caller *caller,
                    unsigned char ret[KEY_RING_HASH_BYTES])
{
    str text = STR_NONE;
    if (caller->authorization.len > 0)
        return bearer_of(caller, &text) && key_hash(text, ret);
    /* Who signs in may still have the cookie of a session long gone. */
    return !caller->is_open &&
           cookie_find(caller->cookie, SESSION_COOKIE, &text) &&
           session_hash(text, ret);
}

static bool session_is_live(const struct key_entry *session, utc_ms now)
{
    return session->expires_at > now &&
           session->seen_at + SESSION_IDLE_MS > now;
}

/* `is_use`: a session lives on for it. */
static err_t find(struct ctx *ctx, struct key_ring *ring,
                  const unsigned char hash[KEY_HASH_BYTES], bool is_use,
                  struct key_entry *ret)
{
    *ret = (struct key_entry){.id = 0};
    pthread_rwlock_rdlock(&ring->lock);
    const struct key_entry *found =
        ring->count == 0 ? NULL
                         : bsearch(hash, ring->at, ring->count,
                                   sizeof *ring->at, compare_hash);
    if (found) {
        *ret = *found;
        _Atomic utc_ms *used = &ring->used[found - ring->at];
        utc_ms last = atomic_load(used);
        ret->seen_at = last > ret->seen_at ? last : ret->seen_at;
        if (is_use && ret->user.v && session_is_live(ret, ctx->now) &&
            ctx->now - ret->seen_at >= TOUCH_MS)
            atomic_store(used, ctx->now);
    }
    pthread_rwlock_unlock(&ring->lock);
    if (ret->id)
        return OK;
    return fail(ctx, ERR_UNAUTHENTICATED, "Authorization",
                "this API key or session is not known, or has ended");
}

static err_t auth_key(struct ctx *ctx, struct key_ring *ring,
                      const struct http_caller *caller,
                      struct http_identity *ret)
{
    unsigned char hash[KEY_HASH_BYTES];
    struct key_entry key;
    if (!key_ring_shown(caller, hash))
        return fail(ctx, ERR_UNAUTHENTICATED, "Authorization",
                    "is not 'Bearer' and a Wharf API key");
    TRY(find(ctx, ring, hash, true, &key));
    if (key.user.v)
        return fail(ctx, ERR_UNAUTHENTICATED, "Authorization",
                    "a session is shown as a cookie");
    if (key.expires_at && key.expires_at <= ctx->now)
        return fail(ctx, ERR_UNAUTHENTICATED, "Authorization",
                    "this API key has expired");
    ctx->actor = (struct actor){ACTOR_KEY, key.id};
    ret->perms = key.perms | PERM_SELF;
    ret->rate_per_s = key.rate_per_s;
    ret->burst = key.burst;
    return OK;
}

/* A browser sends the cookie for whatever page asks it to; only a page of ours
 * can know the token, and a browser says where a page came from. */
static err_t check_csrf(struct ctx *ctx, const struct http_caller *caller,
                        str token)
{
    if (caller->method == HTTP_GET)
        return OK;
    if (caller->origin.len && !origin_is_host(caller->origin, caller->host))
        return fail_as(ctx, ERR_DENIED, "csrf_failed", "Origin",
                       "is not a page of this host");
    if (!session_csrf_fits(token, caller->csrf))
        return fail_as(ctx, ERR_DENIED, "csrf_failed", "X-CSRF-Token",
                       "must be the csrf_token of the session");
    return OK;
}

static err_t auth_session(struct ctx *ctx, struct key_ring *ring,
                          const struct http_caller *caller,
                          struct http_identity *ret)
{
    unsigned char hash[KEY_HASH_BYTES];
    struct key_entry session;
    str token;
    if (!cookie_find(caller->cookie, SESSION_COOKIE, &token) ||
        !session_hash(token, hash))
        return fail(ctx, ERR_UNAUTHENTICATED, "Authorization",
                    "send an API key as 'Authorization: Bearer wk_…', or "
                    "sign in");
    /* A page left open is nobody at work. */
    TRY(find(ctx, ring, hash, !caller->is_standing, &session));
    if (!session_is_live(&session, ctx->now))
        return fail(ctx, ERR_UNAUTHENTICATED, "Cookie",
                    "this session has ended; sign in again");
    TRY(check_csrf(ctx, caller, token));
    ctx->actor = (struct actor){ACTOR_USER, session.user.v};
    ret->perms = session.perms | PERM_SELF;
    return OK;
}

err_t key_ring_auth(void *arg, struct ctx *ctx,
                    const struct http_caller *caller, struct http_identity *ret)
{
    struct key_ring *ring = arg;
    if (caller->is_open)
        return OK;
    return caller->authorization.len > 0 ? auth_key(ctx, ring, caller, ret)
                                         : auth_session(ctx, ring, caller, ret);
}
