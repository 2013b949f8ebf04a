/* tenants_control.c - the rows of a control store in memory.
 *
 * Tenants and hosts are read whole, credentials from the last one seen, at
 * start, after every change made here, and every two seconds for changes made
 * by other nodes.
 */
#include <string.h>
#include <strings.h>

#include "app/key_ring.h"
#include "app/tenants_int.h"
#include "base/arena.h"
#include "base/id.h"
#include "base/map.h"
#include "base/str.h"
#include "base/time.h"
#include "oms/shipping/shipping_track.h"

enum { PAGE = 500, OVERLAP_MS = 60000, HOST_BYTES = 253 };

/* ---- loading ---- */

static struct tenant_slot *slot_new(struct tenants *tenants,
                                    const struct tenant_row *row)
{
    struct tenant_slot *slot = mem_new(sizeof *slot);
    slot->owner = tenants;
    slot->id = row->id;
    slot->code = str_copy(tenants->arena, row->code);
    slot->state = SLOT_CLOSED;
    slot->wake_at = row->wake_at;
    pthread_mutex_init(&slot->lock, NULL);
    slot->next = tenants->slots;
    tenants->slots = slot;
    tenants->count++;
    map_set(tenants->by_id, (struct map_key){.a = row->id.v}, slot);
    return slot;
}

static void take_tenants(struct tenants *tenants, const struct tenant_row *rows,
                         size_t count, struct arena *arena, struct map *hosts)
{
    for (size_t i = 0; i < count; i++) {
        const struct tenant_row *row = &rows[i];
        struct tenant_slot *slot =
            map_find(tenants->by_id, (struct map_key){.a = row->id.v});
        if (!slot)
            slot = slot_new(tenants, row);
        pthread_mutex_lock(&slot->lock);
        slot->is_suspended = row->state == TENANT_SUSPENDED;
        pthread_mutex_unlock(&slot->lock);
        for (size_t j = 0; j < row->host_count; j++) {
            str host = str_copy(arena, row->hosts[j]);
            map_set(hosts, (struct map_key){.s = host}, slot);
        }
    }
}

static void take_credentials(struct tenants *tenants,
                             const struct tenant_credential *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct tenant_slot *slot =
            map_find(tenants->by_id, (struct map_key){.a = rows[i].tenant.v});
        str hash = {(const char *)rows[i].hash, TENANT_HASH_BYTES};
        if (!slot || map_find(tenants->by_hash, (struct map_key){.s = hash}))
            continue;
        hash = str_copy(tenants->arena, hash);
        map_set(tenants->by_hash, (struct map_key){.s = hash}, slot);
        if (rows[i].id > tenants->credential_id)
            tenants->credential_id = rows[i].id;
    }
}

struct control_rows {
    struct tenants *tenants;
    struct arena *arena; /* Of the hosts to come. */
    struct map *hosts;
};

static err_t load_tenants(struct ctx *ctx, struct control_rows *to)
{
    tenant_id after = {0};
    struct tenant_row *rows;
    size_t count;
    do {
        TRY(tenant_list(ctx, after, PAGE, &rows, &count));
        pthread_rwlock_wrlock(&to->tenants->lock);
        take_tenants(to->tenants, rows, count, to->arena, to->hosts);
        pthread_rwlock_unlock(&to->tenants->lock);
        if (count > 0)
            after = rows[count - 1].id;
    } while (count == PAGE);
    return OK;
}

/* Ids of two writers may be stored in another order than they were made. */
static int64_t credentials_from(const struct tenants *tenants, utc_ms now)
{
    int64_t recent = id_floor(now - OVERLAP_MS);
    return tenants->credential_id < recent ? tenants->credential_id : recent;
}

static err_t load_credentials(struct ctx *ctx, struct control_rows *to)
{
    int64_t after = credentials_from(to->tenants, ctx->now);
    struct tenant_credential *rows;
    size_t count;
    do {
        TRY(tenant_credential_list(ctx, after, PAGE, &rows, &count));
        pthread_rwlock_wrlock(&to->tenants->lock);
        take_credentials(to->tenants, rows, count);
        pthread_rwlock_unlock(&to->tenants->lock);
        if (count > 0)
            after = rows[count - 1].id;
    } while (count == PAGE);
    return OK;
}

static err_t load_rows(struct ctx *ctx, void *arg)
{
    struct control_rows *to = arg;
    TRY(load_tenants(ctx, to));
    return load_credentials(ctx, to);
}

static err_t load_locked(struct tenants *tenants)
{
    struct control_rows to = {.tenants = tenants, .arena = arena_open()};
    to.hosts = map_open(to.arena, 16);
    if (!tenants->by_id) {
        tenants->by_id = map_open(tenants->arena, 64);
        tenants->by_hash = map_open(tenants->arena, 256);
    }
    err_t err = tenants_run(tenants->first.tenant->store, LANE_READ,
                            "load tenants", load_rows, &to);
    struct arena *old = to.arena;
    if (err == OK) {
        pthread_rwlock_wrlock(&tenants->lock);
        old = tenants->host_arena;
        tenants->host_arena = to.arena;
        tenants->by_host = to.hosts;
        pthread_rwlock_unlock(&tenants->lock);
    }
    arena_close(old);
    return err;
}

err_t control_load(struct ctx *ctx, struct tenants *tenants)
{
    pthread_mutex_lock(&tenants->load_lock);
    err_t err = load_locked(tenants);
    pthread_mutex_unlock(&tenants->load_lock);
    return err == OK ? OK : fail(ctx, err, "", "the tenants cannot be read");
}

/* ---- publishing ---- */

struct fresh {
    tenant_id tenant;
    unsigned char *hashes;
    size_t count;
};

static err_t add_fresh(struct ctx *ctx, void *arg)
{
    const struct fresh *fresh = arg;
    return tenant_credential_add(ctx, fresh->tenant, fresh->hashes,
                                 fresh->count);
}

/* Keeps those of the ring's hashes that nobody knows yet. */
static void keep_fresh(struct tenants *tenants, struct fresh *fresh)
{
    size_t n = 0;
    pthread_rwlock_rdlock(&tenants->lock);
    for (size_t i = 0; i < fresh->count; i++) {
        unsigned char *hash = &fresh->hashes[i * TENANT_HASH_BYTES];
        struct map_key key = {
            .s = {(const char *)hash, TENANT_HASH_BYTES}
        };
        if (!map_find(tenants->by_hash, key))
            memmove(&fresh->hashes[n++ * TENANT_HASH_BYTES], hash,
                    TENANT_HASH_BYTES);
    }
    pthread_rwlock_unlock(&tenants->lock);
    fresh->count = n;
}

static void know_fresh(struct tenant_slot *slot, const struct fresh *fresh)
{
    struct tenants *tenants = slot->owner;
    pthread_rwlock_wrlock(&tenants->lock);
    for (size_t i = 0; i < fresh->count; i++) {
        str hash = {(const char *)&fresh->hashes[i * TENANT_HASH_BYTES],
                    TENANT_HASH_BYTES};
        if (map_find(tenants->by_hash, (struct map_key){.s = hash}))
            continue;
        hash = str_copy(tenants->arena, hash);
        map_set(tenants->by_hash, (struct map_key){.s = hash}, slot);
    }
    pthread_rwlock_unlock(&tenants->lock);
}

err_t control_publish(struct ctx *ctx, struct tenant_slot *slot)
{
    struct tenants *tenants = slot->owner;
    struct fresh fresh = {.tenant = slot->id};
    fresh.hashes =
        key_ring_hashes(slot->tenant->keys, ctx->arena, &fresh.count);
    keep_fresh(tenants, &fresh);
    if (fresh.count == 0)
        return OK;
    err_t err = tenants_run(tenants->first.tenant->store, LANE_WRITE,
                            "publish credentials", add_fresh, &fresh);
    if (err != OK)
        return fail(ctx, err, "", "the control store cannot be written");
    know_fresh(slot, &fresh);
    return OK;
}

/* ---- finding ---- */

/* The name without its port, in lower case. */
static str host_name(str host, char text[HOST_BYTES])
{
    size_t len = 0;
    while (len < host.len && len < HOST_BYTES && host.ptr[len] != ':') {
        char c = host.ptr[len];
        text[len] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
        len++;
    }
    return (str){text, len};
}

/* A tracking token names its tenant. Only a signed one does, so that nobody
 * can wake stores by naming them, and not at the host of another. */
static err_t find_by_token(struct ctx *ctx, struct tenants *tenants,
                           const struct http_caller *caller,
                           struct tenant_slot **ret)
{
    char text[HOST_BYTES];
    struct track_token token;
    struct map_key by_host = {.s = host_name(caller->host, text)};
    struct tenant_slot *slot = NULL, *host;
    if (track_token_read(caller->token, &token) && token.store.len > 0 &&
        track_token_is_signed(ctx->arena, tenants->store.secrets, &token))
        slot = tenants_find(tenants, token.store);
    pthread_rwlock_rdlock(&tenants->lock);
    host = map_find(tenants->by_host, by_host);
    pthread_rwlock_unlock(&tenants->lock);
    if (!slot || (host && host != slot))
        return fail_as(ctx, ERR_NOT_FOUND, "token_unknown", "token",
                       "this link leads nowhere");
    *ret = slot;
    return OK;
}

err_t control_find(struct ctx *ctx, struct tenants *tenants,
                   const struct http_caller *caller, struct tenant_slot **ret)
{
    if (caller->token.len > 0)
        return find_by_token(ctx, tenants, caller, ret);
    unsigned char hash[KEY_RING_HASH_BYTES];
    char text[HOST_BYTES];
    struct map_key by_host = {.s = host_name(caller->host, text)};
    struct map_key by_hash = {
        .s = {(const char *)hash, KEY_RING_HASH_BYTES}
    };
    bool is_shown = key_ring_shown(caller, hash);
    pthread_rwlock_rdlock(&tenants->lock);
    struct tenant_slot *host = map_find(tenants->by_host, by_host);
    struct tenant_slot *slot =
        is_shown ? map_find(tenants->by_hash, by_hash) : NULL;
    pthread_rwlock_unlock(&tenants->lock);
    /* A host that is a tenant's takes only that tenant's keys and people. */
    if (is_shown && host && slot != host)
        return fail(ctx, ERR_UNAUTHENTICATED, "Authorization",
                    "this API key or session is not known here");
    *ret = slot ? slot : host;
    return OK;
}
