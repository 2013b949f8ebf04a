/* hold_drop.c - the caps of drops, within a batch. */
#include "oms/hold/hold_drop.h"

#include <sodium.h>

#include "base/arena.h"
#include "base/fold.h"
#include "base/map.h"
#include "oms/hold/hold_drop_store.h"

struct drop_batch {
    struct ctx *ctx;
    struct drop *drops;
    size_t count;
    struct map *used; /* (drop, customer) -> struct drop_claim */
    struct drop_claim *claims;
    size_t claim_count, claim_room;
};

int64_t drop_customer_key(struct arena *arena, str customer)
{
    unsigned char hash[8 + crypto_generichash_BYTES_MIN];
    uint64_t key;
    str folded = str_fold(arena, customer);
    crypto_generichash(hash, crypto_generichash_BYTES_MIN,
                       (const unsigned char *)folded.ptr, folded.len, NULL, 0);
    memcpy(&key, hash, sizeof(key));
    return (int64_t)(key >> 1);
}

static bool is_of(const struct drop *drop, sku_id sku, channel_id channel)
{
    return drop->sku.v == sku.v &&
           (drop->channel.v == 0 || drop->channel.v == channel.v);
}

/* The drop that runs now, else the next one to come; drops of one SKU and
 * channel do not overlap. */
static struct drop *find(const struct drop_batch *batch, sku_id sku,
                         channel_id channel)
{
    struct drop *best = NULL;
    for (size_t i = 0; i < batch->count; i++) {
        struct drop *drop = &batch->drops[i];
        if (is_of(drop, sku, channel) &&
            (!best || drop->starts_at < best->starts_at))
            best = drop;
    }
    return best;
}

static struct map_key key_of(const struct drop_batch *batch,
                             const struct drop *drop, str customer)
{
    return (struct map_key){
        .a = drop->id.v, .b = drop_customer_key(batch->ctx->arena, customer)};
}

/* What each customer of the batch has of the drops he asks for. */
static err_t read_used(struct drop_batch *batch, const struct drop_want *wants,
                       size_t count)
{
    struct arena *arena = batch->ctx->arena;
    struct drop_claim *at = arena_array(arena, struct drop_claim, count);
    size_t n = 0;
    batch->used = map_open(arena, count);
    for (size_t i = 0; i < count; i++) {
        const struct drop *drop = find(batch, wants[i].sku, wants[i].channel);
        if (!drop || wants[i].customer.len == 0)
            continue;
        struct map_key key = key_of(batch, drop, wants[i].customer);
        if (map_find(batch->used, key))
            continue;
        at[n] = (struct drop_claim){.drop = drop->id, .customer_key = key.b};
        map_set(batch->used, key, &at[n++]);
    }
    return drop_used_many(batch->ctx, at, n);
}

err_t drop_batch_open(struct ctx *ctx, const struct drop_want *wants,
                      size_t count, struct drop_batch **ret)
{
    *ret = NULL;
    if (count == 0)
        return OK;
    sku_id *skus = arena_array(ctx->arena, sku_id, count);
    struct drop_batch *batch = arena_new(ctx->arena, struct drop_batch);
    batch->ctx = ctx;
    for (size_t i = 0; i < count; i++)
        skus[i] = wants[i].sku;
    TRY(drop_lock_skus(ctx, skus, count, &batch->drops, &batch->count));
    if (batch->count == 0)
        return OK;
    TRY(read_used(batch, wants, count));
    batch->claims = arena_array(ctx->arena, struct drop_claim, count);
    batch->claim_room = count;
    *ret = batch;
    return OK;
}

bool drop_binds(const struct drop_batch *batch, sku_id sku, channel_id channel)
{
    return batch && find(batch, sku, channel) != NULL;
}

/* What the customer has once the hold has ended; one made before the drop was
 * there is not counted. */
static int64_t left_of(const struct drop_claim *claim,
                       const struct drop_want *want)
{
    return claim->used > want->free ? claim->used - want->free : 0;
}

static err_t check_cap(struct ctx *ctx, const struct drop *drop, int64_t used,
                       const struct drop_want *want, int64_t *ret_qty)
{
    int64_t left = drop->cap - used;
    *ret_qty = want->qty;
    if (want->is_offer && left > 0 && left < want->qty)
        *ret_qty = left;
    if (*ret_qty <= left)
        return OK;
    return fail_as(ctx, ERR_CONFLICT, "customer_cap", "customer",
                   "the drop allows %lld units to each customer; this one has "
                   "%lld",
                   (long long)drop->cap, (long long)used);
}

err_t drop_check(struct ctx *ctx, const struct drop_batch *batch,
                 const struct drop_want *want, int64_t *ret_qty)
{
    *ret_qty = want->qty;
    const struct drop *drop =
        batch ? find(batch, want->sku, want->channel) : NULL;
    if (!drop)
        return OK;
    if (drop->starts_at > batch->ctx->now)
        return fail_as(ctx, ERR_STATE, "drop_not_started", "",
                       "the drop of this SKU has not started yet");
    if (want->customer.len == 0)
        return fail_as(ctx, ERR_INVALID, "customer_missing", "customer",
                       "a drop sells so many to each customer: name him");
    if (drop->waiting > 0 && !want->is_offer && want->qty > want->had)
        return fail_as(ctx, ERR_CONFLICT, "waiting_list", "",
                       "others wait for this SKU; join the list");
    const struct drop_claim *claim =
        map_find(batch->used, key_of(batch, drop, want->customer));
    ASSERT(claim != NULL);
    return check_cap(ctx, drop, left_of(claim, want), want, ret_qty);
}

void drop_take(struct drop_batch *batch, const struct drop_want *want,
               enum owner_kind kind, int64_t owner_id)
{
    const struct drop *drop =
        batch ? find(batch, want->sku, want->channel) : NULL;
    if (!drop)
        return;
    struct drop_claim *claim =
        map_find(batch->used, key_of(batch, drop, want->customer));
    ASSERT(claim != NULL && batch->claim_count < batch->claim_room);
    claim->used = left_of(claim, want) + want->qty;
    ASSERT(claim->used <= drop->greatest_cap);
    batch->claims[batch->claim_count++] =
        (struct drop_claim){.drop = drop->id,
                            .customer_key = claim->customer_key,
                            .owner_id = owner_id,
                            .owner_kind = kind};
}

err_t drop_batch_save(struct ctx *ctx, struct drop_batch *batch)
{
    return batch ? drop_claim_insert(ctx, batch->claims, batch->claim_count)
                 : OK;
}
