/* idem_sqlite.c - idempotency keys on SQLite: rows appended by rising id, and
 * an index of them in memory.
 *
 * An index of random hashes on disk would touch a page per key; so the only
 * one is in memory: open addressing, 16 bytes a slot (hash -> id), rebuilt at
 * start from the narrow table. It is cut into shards by the hash's top bits,
 * each growing by itself, so that no batch waits for a rehash of everything.
 * A slot whose row was swept is harmless (the row is looked at anyway) and is
 * left out when its shard grows.
 */
#include <assert.h>

#include "base/arena.h"
#include "base/id.h"
#include "store/idem.h"
#include "store/idem_sql.h"
#include "store/sql.h"

enum { SHARD_BITS = 8, SHARDS = 1 << SHARD_BITS, FIRST_ROOM = 64 };

struct slot {
    uint64_t hash;
    int64_t id; /* 0: free. */
};
static_assert(sizeof(struct slot) == 16, "a slot is two words");

struct shard {
    struct slot *slots;
    uint32_t room; /* A power of two. */
    uint32_t used;
};

struct index {
    struct shard shards[SHARDS];
    int64_t floor; /* Rows below it are gone. */
};

/* ---- the index ---- */

static struct shard *shard_of(struct index *index, uint64_t hash)
{
    return &index->shards[hash >> (64 - SHARD_BITS)];
}

static void put(struct shard *shard, uint64_t hash, int64_t id)
{
    uint32_t at = (uint32_t)hash & (shard->room - 1);
    while (shard->slots[at].id != 0)
        at = (at + 1) & (shard->room - 1);
    shard->slots[at] = (struct slot){hash, id};
    shard->used++;
}

static uint32_t count_live(const struct shard *shard, int64_t floor)
{
    uint32_t live = 0;
    for (uint32_t i = 0; i < shard->room; i++)
        live += shard->slots[i].id >= floor && shard->slots[i].id != 0;
    return live;
}

/* Room for twice what is still wanted, or more; old slots stay behind. */
static void rebuild(struct shard *shard, int64_t floor, uint32_t least)
{
    struct shard old = *shard;
    uint32_t live = count_live(&old, floor);
    uint32_t room = FIRST_ROOM;
    while (room < live * 2 + 1 || room < least)
        room *= 2;
    *shard = (struct shard){.slots = mem_new(room * sizeof(struct slot)),
                            .room = room};
    for (uint32_t i = 0; i < old.room; i++)
        if (old.slots[i].id != 0 && old.slots[i].id >= floor)
            put(shard, old.slots[i].hash, old.slots[i].id);
    mem_free(old.slots);
}

static void index_add(struct index *index, uint64_t hash, int64_t id)
{
    ASSERT(id > 0);
    struct shard *shard = shard_of(index, hash);
    if (shard->used + 1 > shard->room / 4 * 3)
        rebuild(shard, index->floor, 0);
    put(shard, hash, id);
}

/* ---- the operations ---- */

/* Of a million keys each lands on a line that no cache holds: so the lines
 * are asked for some rows ahead. */
enum { AHEAD = 16 };

struct loader {
    struct index *index;
    struct slot waiting[AHEAD];
    size_t count;
};

static void load_put(struct loader *loader, struct slot slot)
{
    if (slot.id != 0)
        index_add(loader->index, slot.hash, slot.id);
}

static err_t load_one(struct ctx *ctx, const struct sql_rows *row, void *arg)
{
    (void)ctx;
    struct loader *loader = arg;
    struct slot *place = &loader->waiting[loader->count++ % AHEAD];
    load_put(loader, *place);
    *place = (struct slot){(uint64_t)sql_int(row, 0, 1), sql_int(row, 0, 0)};
    const struct shard *shard = shard_of(loader->index, place->hash);
    if (shard->room > 0)
        __builtin_prefetch(
            &shard->slots[(uint32_t)place->hash & (shard->room - 1)], 1);
    return OK;
}

/* Growing while loading would move every key several times. */
static err_t make_room(struct ctx *ctx, struct index *index)
{
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_IDEM_COUNT, NULL, 0, &rows));
    int64_t each = sql_int(&rows, 0, 0) / SHARDS;
    for (int i = 0; i < SHARDS; i++)
        rebuild(&index->shards[i], 0, (uint32_t)(each + each / 2));
    return OK;
}

static err_t sqlite_open(struct ctx *ctx, struct idem *idem)
{
    struct index *index = mem_new(sizeof(*index));
    idem->state = index;
    index->floor = id_floor(ctx->now - IDEM_KEEP_MS);
    TRY(make_room(ctx, index));
    struct loader loader = {.index = index};
    struct sql_arg floor = sql_i(index->floor);
    TRY(sql_each(ctx, SQL_IDEM_LOAD, &floor, 1, load_one, &loader));
    for (size_t i = 0; i < AHEAD; i++)
        load_put(&loader, loader.waiting[i]);
    return OK;
}

static void sqlite_close(struct idem *idem)
{
    struct index *index = idem->state;
    if (index == NULL)
        return;
    for (int i = 0; i < SHARDS; i++)
        mem_free(index->shards[i].slots);
    mem_free(index);
}

/* The row decides: two keys may share 64 bits of hash, or it was swept. */
static err_t look(struct ctx *ctx, int64_t id, struct idem_entry *entry)
{
    struct sql_arg arg = sql_i(id);
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_IDEM_GET, &arg, 1, &rows));
    if (rows.count == 0 || sql_int(&rows, 0, 0) != entry->key_hash ||
        sql_int(&rows, 0, 1) != entry->key_check)
        return OK;
    entry->is_found = true;
    entry->found_body_hash = sql_int(&rows, 0, 2);
    entry->found_status = (int)sql_int(&rows, 0, 3);
    entry->found_reply = sql_str(&rows, 0, 4);
    return OK;
}

static err_t find_one(struct ctx *ctx, struct index *index,
                      struct idem_entry *entry)
{
    uint64_t hash = (uint64_t)entry->key_hash;
    const struct shard *shard = shard_of(index, hash);
    if (shard->room == 0)
        return OK;
    uint32_t at = (uint32_t)hash & (shard->room - 1);
    for (; shard->slots[at].id != 0; at = (at + 1) & (shard->room - 1)) {
        if (shard->slots[at].hash != hash)
            continue;
        TRY(look(ctx, shard->slots[at].id, entry));
        if (entry->is_found)
            return OK;
    }
    return OK;
}

static err_t sqlite_find(struct ctx *ctx, struct idem *idem,
                         struct idem_entry *const *entries, size_t count)
{
    for (size_t i = 0; i < count; i++)
        TRY(find_one(ctx, idem->state, entries[i]));
    return OK;
}

static err_t sqlite_add(struct ctx *ctx, struct idem *idem,
                        struct idem_entry *const *entries, size_t count)
{
    enum { KEY_PARAMS = 4, REPLY_PARAMS = 3 };
    (void)idem;
    struct sql_arg *keys =
        arena_array(ctx->arena, struct sql_arg, count * KEY_PARAMS);
    struct sql_arg *replies =
        arena_array(ctx->arena, struct sql_arg, count * REPLY_PARAMS);
    for (size_t i = 0; i < count; i++) {
        struct idem_entry *entry = entries[i];
        entry->id = id_next(ctx->ids, ctx->now, 0);
        struct sql_arg *key = &keys[i * KEY_PARAMS];
        key[0] = sql_i(entry->id);
        key[1] = sql_i(entry->key_hash);
        key[2] = sql_i(entry->key_check);
        key[3] = sql_i(entry->body_hash);
        struct sql_arg *reply = &replies[i * REPLY_PARAMS];
        reply[0] = sql_i(entry->id);
        reply[1] = sql_i(entry->status);
        reply[2] = sql_s(entry->reply);
    }
    TRY(sql_run_many(ctx, SQL_IDEM_KEY_INSERT, keys, KEY_PARAMS, count, NULL));
    return sql_run_many(ctx, SQL_IDEM_REPLY_INSERT, replies, REPLY_PARAMS,
                        count, NULL);
}

static void sqlite_committed(struct idem *idem,
                             struct idem_entry *const *entries, size_t count)
{
    for (size_t i = 0; i < count; i++)
        index_add(idem->state, (uint64_t)entries[i]->key_hash, entries[i]->id);
}

static err_t sqlite_sweep(struct ctx *ctx, struct idem *idem, bool *ret_more)
{
    struct index *index = idem->state;
    int64_t floor = id_floor(ctx->now - IDEM_KEEP_MS);
    struct sql_arg args[] = {sql_i(floor), sql_i(IDEM_SWEEP_ROWS)};
    int64_t keys, replies;
    TRY(sql_run(ctx, SQL_IDEM_KEY_SWEEP, args, COUNT_OF(args), &keys));
    TRY(sql_run(ctx, SQL_IDEM_REPLY_SWEEP, args, COUNT_OF(args), &replies));
    /* Only a bound for what a growing shard leaves behind: true as soon as
     * the keys are old, whether or not this transaction commits. */
    if (floor > index->floor)
        index->floor = floor;
    *ret_more = keys == IDEM_SWEEP_ROWS || replies == IDEM_SWEEP_ROWS;
    return OK;
}

const struct idem_ops idem_sqlite = {
    .open = sqlite_open,
    .close = sqlite_close,
    .find = sqlite_find,
    .add = sqlite_add,
    .committed = sqlite_committed,
    .sweep = sqlite_sweep,
};
