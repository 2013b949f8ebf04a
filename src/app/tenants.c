/* tenants.c - slots of tenants: bound, opened when asked for, kept open. */
#include "app/tenants.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "app/key_ring.h"
#include "app/tenants_int.h"
#include "app/toil.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/perm.h"
#include "base/str.h"
#include "base/time.h"

enum {
    OPENERS = 2,
    OPENERS_QUEUE = 4096,
    WAKE_AGAIN_MS = 10000, /* After it could not be opened. */
    /* Of a tenant's store: many of them are open at once. */
    TENANT_READERS = 2,
    TENANT_WRITERS = 1,
    TENANT_CACHE_MIB = 32,
    TENANT_READER_CACHE_MIB = 4
};

/* ---- where a tenant's store is ---- */

void tenants_store_config(struct arena *arena,
                          const struct store_config *control, str code,
                          struct store_config *ret)
{
    *ret = *control;
    ASSERT(code.len < sizeof(ret->name));
    memcpy(ret->name, code.ptr, code.len);
    ret->name[code.len] = '\0';
    ret->readers = TENANT_READERS;
    ret->writers = TENANT_WRITERS;
    ret->cache_mib = TENANT_CACHE_MIB;
    ret->reader_cache_mib = TENANT_READER_CACHE_MIB;
    if (control->engine == STORE_POSTGRES) {
        ret->schema =
            str_to_cstr(arena, str_printf(arena, "tenant_%.*s", STR_ARG(code)));
        return;
    }
    const char *slash = strrchr(control->path, '/');
    str folder = slash
                     ? (str){control->path, (size_t)(slash - control->path) + 1}
                     : STR_NONE;
    ret->path = str_to_cstr(arena, str_printf(arena, "%.*stenants/%.*s.db",
                                              STR_ARG(folder), STR_ARG(code)));
}

err_t tenants_folder_make(struct ctx *ctx, const struct store_config *config)
{
    if (config->engine != STORE_SQLITE)
        return OK;
    str folder = {config->path,
                  (size_t)(strrchr(config->path, '/') - config->path)};
    if (mkdir(str_to_cstr(ctx->arena, folder), 0700) == 0 || errno == EEXIST)
        return OK;
    return fail(ctx, ERR_STATE, "", "the folder %.*s cannot be made: %s",
                STR_ARG(folder), strerror(errno));
}

/* ---- opening ---- */

void slot_opened(struct tenant_slot *slot, struct tenant *tenant, err_t err)
{
    pthread_mutex_lock(&slot->lock);
    struct tenant_guest *guests = slot->guests;
    slot->guests = NULL;
    slot->state = err == OK ? SLOT_OPEN : SLOT_CLOSED;
    slot->tenant = tenant;
    slot->used_ns = clock_mono_ns();
    if (err == OK)
        slot->wake_at = 0;
    else if (slot->wake_at != 0 && slot->wake_at <= clock_now())
        slot->wake_at = clock_now() + WAKE_AGAIN_MS;
    for (struct tenant_guest *at = guests; at && err == OK; at = at->next)
        slot->users++;
    pthread_mutex_unlock(&slot->lock);
    while (guests) {
        struct tenant_guest *guest = guests;
        guests = guest->next;
        guest->then(guest, tenant, err);
    }
}

static void open_slot(void *arg)
{
    struct tenant_slot *slot = arg;
    struct ctx ctx = {.arena = arena_open(), .now = clock_now()};
    struct store_config config;
    struct tenant *tenant = NULL;
    ctx.actor.kind = ACTOR_SYSTEM;
    tenants_store_config(ctx.arena, &slot->owner->store, slot->code, &config);
    err_t err = tenants_folder_make(&ctx, &config);
    if (err == OK)
        err = tenant_open(&ctx, &config, slot->owner->config.webhooks, &tenant);
    if (err != OK)
        log_ctx(&ctx, LOG_ERROR, "tenant.open_failed", "%.*s: %s",
                STR_ARG(slot->code), ctx.err.text);
    else
        slot_note_open(slot);
    slot_opened(slot, tenant, err);
    arena_close(ctx.arena);
}

void slot_open_later(struct tenant_slot *slot)
{
    if (!toil_submit(slot->owner->openers, open_slot, slot))
        slot_opened(slot, NULL, ERR_BUSY);
}

struct tenant *tenants_enter(struct tenant_slot *slot,
                             struct tenant_guest *guest)
{
    struct tenant *tenant = NULL;
    if (slot->is_fixed)
        return slot->tenant;
    pthread_mutex_lock(&slot->lock);
    bool is_closed = slot->state == SLOT_CLOSED;
    if (slot->state == SLOT_OPEN) {
        slot->users++;
        tenant = slot->tenant;
    } else {
        guest->next = slot->guests;
        slot->guests = guest;
        if (is_closed)
            slot->state = SLOT_OPENING;
    }
    pthread_mutex_unlock(&slot->lock);
    if (is_closed)
        slot_open_later(slot);
    return tenant;
}

void tenants_leave(struct tenant_slot *slot)
{
    if (slot->is_fixed)
        return;
    pthread_mutex_lock(&slot->lock);
    ASSERT(slot->users > 0);
    slot->users--;
    slot->used_ns = clock_mono_ns();
    pthread_mutex_unlock(&slot->lock);
}

/* ---- who calls ---- */

/* Pins an open store for a look at its key ring. */
static struct tenant *pin(struct tenant_slot *slot, bool *ret_is_suspended)
{
    *ret_is_suspended = false;
    if (slot->is_fixed)
        return slot->tenant;
    pthread_mutex_lock(&slot->lock);
    struct tenant *tenant = slot->state == SLOT_OPEN ? slot->tenant : NULL;
    if (tenant)
        slot->users++;
    *ret_is_suspended = slot->is_suspended;
    pthread_mutex_unlock(&slot->lock);
    return tenant;
}

static err_t recognize(struct ctx *ctx, struct tenant *tenant,
                       const struct http_caller *caller,
                       struct http_identity *ret)
{
    unsigned char hash[KEY_RING_HASH_BYTES];
    if (tenant)
        return key_ring_auth(tenant->keys, ctx, caller, ret);
    /* Who shows nothing wakes nobody. */
    if (!caller->is_open && !key_ring_shown(caller, hash))
        return fail(ctx, ERR_UNAUTHENTICATED, "Authorization",
                    "send an API key as 'Authorization: Bearer wk_…', or "
                    "sign in");
    ret->is_unsure = true;
    ret->perms = PERM_ALL | PERM_SELF;
    return OK;
}

err_t tenants_auth(void *arg, struct ctx *ctx, const struct http_caller *caller,
                   struct http_identity *ret)
{
    struct tenants *tenants = arg;
    struct tenant_slot *slot = NULL;
    bool is_suspended;
    if (tenants->config.is_control)
        TRY(control_find(ctx, tenants, caller, &slot));
    if (!slot)
        slot = &tenants->first;
    ret->tenant = slot;
    struct tenant *tenant = pin(slot, &is_suspended);
    err_t err = OK;
    if (is_suspended)
        err = fail_as(ctx, ERR_DENIED, "tenant_suspended", "",
                      "this tenant is suspended");
    else
        err = recognize(ctx, tenant, caller, ret);
    if (tenant)
        tenants_leave(slot);
    /* Operators' permissions hold in the control store only. */
    if (!tenants->config.is_control || slot != &tenants->first)
        ret->perms &= ~(unsigned)(PERM_TENANTS_READ | PERM_TENANTS_WRITE);
    return err;
}

/* ---- changes of access ---- */

struct access_change {
    struct tenant_slot *slot;
    void (*then)(void *arg);
    void *arg;
};

static void publish(void *arg)
{
    struct access_change change = *(struct access_change *)arg;
    struct tenants *tenants = change.slot->owner;
    struct ctx ctx = {.arena = arena_open(), .now = clock_now()};
    err_t err = change.slot->is_fixed ? control_load(&ctx, tenants)
                                      : control_publish(&ctx, change.slot);
    if (err != OK)
        log_ctx(&ctx, LOG_ERROR, "tenants.publish_failed", "%.*s: %s",
                STR_ARG(change.slot->code), ctx.err.text);
    arena_close(ctx.arena);
    mem_free(arg);
    change.then(change.arg);
}

/* On a thread of the tenant's store: what is next waits for another store. */
static void ring_reloaded(void *arg)
{
    struct access_change *change = arg;
    if (change->slot->owner->config.is_control) {
        if (!toil_submit(change->slot->owner->publishers, publish, change))
            publish(change);
        return;
    }
    struct access_change done = *change;
    mem_free(change);
    done.then(done.arg);
}

void tenants_access_changed(struct tenant_slot *slot, void (*then)(void *arg),
                            void *arg)
{
    struct access_change *change = mem_new(sizeof *change);
    *change = (struct access_change){slot, then, arg};
    key_ring_reload(slot->tenant->keys, ring_reloaded, change);
}

/* ---- usage ---- */

void tenants_count(struct tenant_slot *slot, const struct tenant_use *use)
{
    const int64_t values[] = {use->requests, use->writes, use->refused,
                              use->bytes_in, use->bytes_out};
    for (size_t i = 0; i < COUNT_OF(values); i++)
        if (values[i] != 0)
            atomic_fetch_add_explicit(&slot->use[i], values[i],
                                      memory_order_relaxed);
}

/* ---- the table ---- */

err_t tenants_run(struct store *store, enum work_lane lane, const char *what,
                  store_call_fn *fn, void *arg)
{
    struct ctx ctx = {
        .arena = arena_open(), .now = clock_now(), .actor.kind = ACTOR_SYSTEM};
    err_t err = store_call(&ctx, store, lane, "tenants", fn, arg);
    if (err != OK)
        log_ctx(&ctx, LOG_WARN, "tenants.failed", "%s: %s", what, ctx.err.text);
    arena_close(ctx.arena);
    return err;
}

static struct tenants *table_new(const struct tenants_config *config)
{
    struct tenants *tenants = mem_new(sizeof *tenants);
    tenants->config = *config;
    tenants->store = *config->store;
    tenants->first.owner = tenants;
    tenants->first.is_fixed = true;
    tenants->first.state = SLOT_OPEN;
    tenants->first.code = STR("-");
    pthread_mutex_init(&tenants->first.lock, NULL);
    pthread_mutex_init(&tenants->load_lock, NULL);
    pthread_mutex_init(&tenants->stop_lock, NULL);
    pthread_rwlock_init(&tenants->lock, NULL);
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&tenants->stop, &attr);
    pthread_condattr_destroy(&attr);
    tenants->arena = arena_open();
    tenants->host_arena = arena_open();
    tenants->openers = toil_open(OPENERS, OPENERS_QUEUE);
    tenants->publishers = toil_open(1, OPENERS_QUEUE);
    return tenants;
}

err_t tenants_open(struct ctx *ctx, const struct tenants_config *config,
                   struct tenants **ret)
{
    struct tenants *tenants = table_new(config);
    err_t err = tenant_open(ctx, &tenants->store, config->webhooks,
                            &tenants->first.tenant);
    if (err == OK && config->is_control)
        err = control_load(ctx, tenants);
    if (err == OK)
        err = janitor_open(ctx, tenants);
    if (err != OK) {
        tenants_close(tenants);
        return err;
    }
    *ret = tenants;
    return OK;
}

static void slot_close(struct tenant_slot *slot)
{
    if (slot->tenant)
        slot_flush(slot);
    tenant_close(slot->tenant);
    pthread_mutex_destroy(&slot->lock);
}

void tenants_close(struct tenants *tenants)
{
    if (!tenants)
        return;
    janitor_close(tenants);
    /* What the stores still finish may ask for one more job. */
    toil_stop(tenants->openers);
    toil_stop(tenants->publishers);
    for (struct tenant_slot *slot = tenants->slots; slot;) {
        struct tenant_slot *next = slot->next;
        slot_close(slot);
        mem_free(slot);
        slot = next;
    }
    slot_close(&tenants->first);
    toil_close(tenants->openers);
    toil_close(tenants->publishers);
    arena_close(tenants->host_arena);
    arena_close(tenants->arena);
    pthread_cond_destroy(&tenants->stop);
    pthread_rwlock_destroy(&tenants->lock);
    pthread_mutex_destroy(&tenants->stop_lock);
    pthread_mutex_destroy(&tenants->load_lock);
    mem_free(tenants);
}

struct tenant *tenants_first(struct tenants *tenants)
{
    return tenants->first.tenant;
}

struct tenant_slot *tenants_find(struct tenants *tenants, str code)
{
    if (code.len == 0)
        return &tenants->first;
    pthread_rwlock_rdlock(&tenants->lock);
    struct tenant_slot *slot = tenants->slots;
    while (slot && !str_equal(slot->code, code))
        slot = slot->next;
    pthread_rwlock_unlock(&tenants->lock);
    return slot;
}

void tenants_metrics(struct tenants *tenants, struct buf *out)
{
    size_t open = 0;
    pthread_rwlock_rdlock(&tenants->lock);
    for (struct tenant_slot *slot = tenants->slots; slot; slot = slot->next) {
        pthread_mutex_lock(&slot->lock);
        open += slot->state == SLOT_OPEN;
        pthread_mutex_unlock(&slot->lock);
    }
    buf_addf(out,
             "# TYPE wharf_tenants gauge\nwharf_tenants %zu\n"
             "# TYPE wharf_tenants_open gauge\nwharf_tenants_open %zu\n",
             tenants->count, open);
    pthread_rwlock_unlock(&tenants->lock);
}
