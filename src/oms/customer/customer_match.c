/* customer_match.c - the command that finds or makes customers by their keys.
 *
 * The e-mail is believed first, then the id in another system, then the phone:
 * households share phones. Keys of another customer stay there, and the two
 * are noted as a possible duplicate for a person to merge.
 */
#include "base/arena.h"
#include "base/id.h"
#include "base/map.h"
#include "base/str.h"
#include "oms/customer/customer_rules.h"
#include "oms/customer/customer_sql.h"
#include "store/event.h"
#include "store/sql.h"

#include <stdlib.h>

/* A customer of this batch. */
struct party {
    struct customer row;
    int64_t last_n, key_count; /* Known where it may grow. */
    bool is_new, is_changed, may_grow;
};

struct item {
    struct customer_key keys[CUSTOMER_SEEN_KEYS];
    size_t count;
};

struct run {
    struct ctx *ctx;
    struct customer_match *at;
    struct item *items;
    size_t count;
    struct map *by_key; /* -> struct customer_key, found or given now. */
    struct map *by_id;  /* -> struct party */
    struct party *parties;
    size_t party_count;
    struct customer_key *added;
    size_t added_count;
};

/* The kinds are few: they make room for the source in the same string. */
static struct map_key key_of(struct arena *arena, const struct customer_key *k)
{
    str text = k->value;
    if (k->source.len > 0)
        text = str_printf(arena, "%.*s\n%.*s", STR_ARG(k->source),
                          STR_ARG(k->value));
    return (struct map_key){.a = k->kind, .s = text};
}

static struct map_key id_key(int64_t id)
{
    return (struct map_key){.a = id};
}

/* ---- reading ---- */

static err_t find_keys(struct run *run, struct customer_key **ret,
                       size_t *ret_count)
{
    struct arena *arena = run->ctx->arena;
    struct customer_key *keys = arena_array(arena, struct customer_key,
                                            run->count * CUSTOMER_SEEN_KEYS);
    struct map *asked = map_open(arena, run->count * CUSTOMER_SEEN_KEYS);
    size_t count = 0;
    for (size_t i = 0; i < run->count; i++) {
        struct item *item = &run->items[i];
        item->count = customer_seen_keys(arena, &run->at[i].seen, item->keys);
        for (size_t k = 0; k < item->count; k++) {
            struct map_key key = key_of(arena, &item->keys[k]);
            if (map_find(asked, key))
                continue;
            map_set(asked, key, item);
            keys[count++] = item->keys[k];
        }
    }
    return customer_key_find_many(run->ctx, keys, count, ret, ret_count);
}

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Whoever is named by a key that is known, beside one that is not. Of those
 * that decide() gives keys to, the first is one, and so are all after it: they
 * were met by a key it gave. */
static void mark_growing(struct run *run)
{
    for (size_t i = 0; i < run->count; i++) {
        const struct item *item = &run->items[i];
        struct party *party = NULL;
        size_t known_count = 0;
        for (size_t k = 0; k < item->count; k++) {
            const struct customer_key *known =
                map_find(run->by_key, key_of(run->ctx->arena, &item->keys[k]));
            known_count += known != NULL;
            if (known && !party)
                party = map_find(run->by_id, id_key(known->customer));
        }
        if (party && known_count < item->count)
            party->may_grow = true;
    }
}

/* Most buyers come back with the keys they have: nothing is read for them. */
static err_t read_counts(struct run *run)
{
    struct sql_arg *ids =
        arena_array(run->ctx->arena, struct sql_arg, run->party_count);
    size_t count = 0;
    mark_growing(run);
    for (size_t i = 0; i < run->party_count; i++)
        if (run->parties[i].may_grow)
            ids[count++] = sql_i(run->parties[i].row.id.v);
    struct sql_rows rows;
    TRY(sql_list_distinct(run->ctx, SQL_CUSTOMER_KEY_LAST, ids, count, &rows));
    for (size_t i = 0; i < rows.count; i++) {
        struct party *party =
            map_find(run->by_id, id_key(sql_int(&rows, i, 0)));
        ASSERT(party);
        party->last_n = sql_int(&rows, i, 1);
        party->key_count = sql_int(&rows, i, 2);
    }
    return OK;
}

/* Locked, so that a merge or an erasure waits until we are done. */
static err_t read_owners(struct run *run, const struct customer_key *keys,
                         size_t count)
{
    struct ctx *ctx = run->ctx;
    int64_t *ids = arena_array(ctx->arena, int64_t, count + 1);
    for (size_t i = 0; i < count; i++)
        ids[i] = keys[i].customer;
    qsort(ids, count, sizeof(*ids), by_value);
    size_t distinct = 0;
    for (size_t i = 0; i < count; i++)
        if (i == 0 || ids[i] != ids[i - 1])
            ids[distinct++] = ids[i];
    struct customer *rows = NULL;
    size_t row_count;
    TRY(customer_lock_many(ctx, ids, distinct, &rows, &row_count));
    run->parties =
        arena_array(ctx->arena, struct party, row_count + run->count);
    for (size_t i = 0; i < row_count; i++) {
        if (rows[i].merged_into.v || rows[i].erased_at)
            return ERR_RETRY; /* Meanwhile; its keys are elsewhere now. */
        struct party *party = &run->parties[run->party_count++];
        party->row = rows[i];
        map_set(run->by_id, id_key(rows[i].id.v), party);
    }
    return read_counts(run);
}

static err_t read_known(struct run *run)
{
    struct arena *arena = run->ctx->arena;
    struct customer_key *found = NULL;
    size_t count;
    run->by_key = map_open(arena, run->count * CUSTOMER_SEEN_KEYS);
    run->by_id = map_open(arena, run->count * 2);
    TRY(find_keys(run, &found, &count));
    for (size_t i = 0; i < count; i++)
        map_set(run->by_key, key_of(arena, &found[i]), &found[i]);
    return read_owners(run, found, count);
}

/* ---- deciding ---- */

static struct party *make_party(struct run *run,
                                const struct customer_seen *seen)
{
    struct ctx *ctx = run->ctx;
    struct party *party = &run->parties[run->party_count++];
    party->is_new = true;
    party->row = (struct customer){
        .id = {id_next(ctx->ids, ctx->now, 0)},
        .name = seen->name,
        .language = seen->language,
        .attrs = STR("{}"),
        .tags = STR("[]"),
        .version = 1,
        .created_at = ctx->now,
        .updated_at = ctx->now,
    };
    map_set(run->by_id, id_key(party->row.id.v), party);
    return party;
}

static void give_key(struct run *run, struct party *party,
                     struct customer_key *key)
{
    ASSERT(party->is_new || party->may_grow);
    if (party->key_count >= LIMIT_CUSTOMER_KEYS)
        return;
    party->key_count++;
    key->customer = party->row.id.v;
    key->n = ++party->last_n;
    party->is_changed = true;
    run->added[run->added_count++] = *key;
    map_set(run->by_key, key_of(run->ctx->arena, key), key);
}

static void decide(struct run *run, struct customer_match *match,
                   struct item *item)
{
    struct party *party = NULL;
    for (size_t k = 0; k < item->count; k++) {
        const struct customer_key *known =
            map_find(run->by_key, key_of(run->ctx->arena, &item->keys[k]));
        if (!known)
            continue;
        item->keys[k].customer = known->customer;
        if (!party)
            party = map_find(run->by_id, id_key(known->customer));
        else if (known->customer != party->row.id.v && !match->other.v)
            match->other.v = known->customer;
    }
    if (item->count == 0)
        return;
    match->is_new = !party;
    if (!party)
        party = make_party(run, &match->seen);
    match->id = party->row.id;
    for (size_t k = 0; k < item->count; k++)
        if (item->keys[k].customer == 0)
            give_key(run, party, &item->keys[k]);
    if (party->row.name.len == 0 && match->seen.name.len > 0) {
        party->row.name = match->seen.name;
        party->is_changed = true;
    }
}

/* ---- writing ---- */

static err_t save_parties(struct run *run)
{
    enum { PARAMS = 4 };
    struct ctx *ctx = run->ctx;
    struct customer *rows =
        arena_array(ctx->arena, struct customer, run->party_count);
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, run->party_count * PARAMS);
    struct sql_arg *to = args;
    size_t count = 0;
    for (size_t i = 0; i < run->party_count; i++) {
        struct party *party = &run->parties[i];
        if (party->is_new) {
            rows[count++] = party->row;
        } else if (party->is_changed) {
            *to++ = sql_s(party->row.name);
            *to++ = sql_i(++party->row.version);
            *to++ = sql_i(ctx->now);
            *to++ = sql_i(party->row.id.v);
        }
    }
    if (count > 0)
        TRY(customer_add_many(ctx, rows, count));
    return sql_run_many(ctx, SQL_CUSTOMER_TOUCH, args, PARAMS,
                        (size_t)(to - args) / PARAMS, NULL);
}

static err_t save_doubles(struct run *run)
{
    enum { PARAMS = 3 };
    struct ctx *ctx = run->ctx;
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, run->count * 2 * PARAMS);
    struct sql_arg *to = args;
    for (size_t i = 0; i < run->count; i++) {
        const struct customer_match *match = &run->at[i];
        if (!match->other.v)
            continue;
        int64_t both[2] = {match->id.v, match->other.v};
        for (size_t k = 0; k < 2; k++) {
            *to++ = sql_i(both[k]);
            *to++ = sql_i(both[1 - k]);
            *to++ = sql_i(ctx->now);
        }
    }
    return sql_run_many(ctx, SQL_CUSTOMER_DOUBLE_ADD, args, PARAMS,
                        (size_t)(to - args) / PARAMS, NULL);
}

static err_t tell(struct run *run)
{
    struct ctx *ctx = run->ctx;
    struct event *events =
        arena_array(ctx->arena, struct event, run->party_count);
    size_t count = 0;
    for (size_t i = 0; i < run->party_count; i++) {
        const struct party *party = &run->parties[i];
        if (!party->is_new && !party->is_changed)
            continue;
        events[count++] =
            (struct event){.id = event_id(ctx, party->row.id.v),
                           .at = ctx->now,
                           .type = party->is_new ? STR("customer.created")
                                                 : STR("customer.changed"),
                           .subject_kind = STR("customer"),
                           .subject_id = party->row.id.v,
                           .actor = ctx->actor,
                           .data = str_printf(ctx->arena, "{\"version\":%lld}",
                                              (long long)party->row.version)};
    }
    return count > 0 ? event_add_many(ctx, events, count) : OK;
}

err_t customer_match_many(struct ctx *ctx, struct customer_match *at,
                          size_t count)
{
    ASSERT(ctx->tx != NULL);
    struct run run = {.ctx = ctx, .at = at, .count = count};
    run.items = arena_array(ctx->arena, struct item, count);
    run.added = arena_array(ctx->arena, struct customer_key,
                            count * CUSTOMER_SEEN_KEYS);
    for (size_t i = 0; i < count; i++)
        at[i] = (struct customer_match){.seen = at[i].seen};
    TRY(read_known(&run));
    for (size_t i = 0; i < count; i++)
        decide(&run, &at[i], &run.items[i]);
    TRY(save_parties(&run));
    TRY(customer_key_add_many(ctx, run.added, run.added_count));
    TRY(save_doubles(&run));
    return tell(&run);
}

err_t customer_match(struct ctx *ctx, const struct customer_seen *seen,
                     customer_id *ret, bool *ret_is_new)
{
    struct customer_match match = {.seen = *seen};
    TRY(customer_match_many(ctx, &match, 1));
    *ret = match.id;
    if (ret_is_new)
        *ret_is_new = match.is_new;
    return OK;
}
