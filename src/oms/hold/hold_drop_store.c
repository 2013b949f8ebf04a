/* hold_drop_store.c - drops, claims and waiting lists as rows. */
#include "oms/hold/hold_drop_store.h"

#include "base/arena.h"
#include "base/map.h"
#include "oms/catalog/catalog.h"
#include "oms/hold/hold_drop_sql.h"
#include "store/sql.h"

static void read_drop(const struct sql_rows *rows, size_t i, struct drop *ret)
{
    *ret = (struct drop){
        .id = {sql_int(rows, i, 0)},
        .name = sql_str(rows, i, 1),
        .sku = {sql_int(rows, i, 2)},
        .channel = {sql_int(rows, i, 3)},
        .cap = sql_int(rows, i, 4),
        .greatest_cap = sql_int(rows, i, 5),
        .starts_at = sql_int(rows, i, 6),
        .ends_at = sql_int(rows, i, 7),
        .offer_ttl_s = sql_int(rows, i, 8),
        .waiting = sql_int(rows, i, 9),
        .version = sql_int(rows, i, 10),
        .created_at = sql_int(rows, i, 11),
    };
}

static struct drop *read_drops(struct ctx *ctx, const struct sql_rows *rows)
{
    struct drop *drops = arena_array(ctx->arena, struct drop, rows->count);
    for (size_t i = 0; i < rows->count; i++)
        read_drop(rows, i, &drops[i]);
    return drops;
}

static err_t add_codes(struct ctx *ctx, struct drop *drop)
{
    struct sku sku;
    struct channel channel;
    TRY(sku_get(ctx, drop->sku, &sku));
    drop->sku_code = sku.code;
    if (drop->channel.v == 0)
        return OK;
    TRY(channel_get(ctx, drop->channel, &channel));
    drop->channel_code = channel.code;
    return OK;
}

err_t drop_lock_skus(struct ctx *ctx, const sku_id *skus, size_t count,
                     struct drop **ret, size_t *ret_count)
{
    enum { PARAMS = 2 };
    struct map *seen = map_open(ctx->arena, count);
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * PARAMS);
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        struct map_key key = {.a = skus[i].v};
        if (map_find(seen, key))
            continue;
        args[n * PARAMS] = sql_i(skus[i].v);
        args[n * PARAMS + 1] = sql_i(ctx->now);
        map_set(seen, key, &args[n * PARAMS]);
        n++;
    }
    struct sql_rows rows;
    TRY(sql_list_many(ctx, SQL_DROP_LOCK_SKUS, args, PARAMS, n, &rows));
    *ret = read_drops(ctx, &rows);
    *ret_count = rows.count;
    return OK;
}

static err_t get(struct ctx *ctx, int stmt, drop_id id, struct drop *ret)
{
    struct sql_arg args[] = {sql_i(id.v)};
    struct sql_rows rows;
    TRY(sql_list(ctx, stmt, args, COUNT_OF(args), &rows));
    if (rows.count == 0)
        return fail(ctx, ERR_NOT_FOUND, "id", "there is no drop with this id");
    read_drop(&rows, 0, ret);
    return add_codes(ctx, ret);
}

err_t drop_lock(struct ctx *ctx, drop_id id, struct drop *ret)
{
    ASSERT(ctx->tx != NULL);
    return get(ctx, SQL_DROP_LOCK, id, ret);
}

err_t drop_get(struct ctx *ctx, drop_id id, struct drop *ret)
{
    return get(ctx, SQL_DROP_GET, id, ret);
}

err_t drop_page(struct ctx *ctx, int64_t after, size_t limit, struct drop **ret,
                size_t *ret_count)
{
    struct sql_arg args[] = {sql_i(after), sql_i((int64_t)limit)};
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_DROP_PAGE, args, COUNT_OF(args), &rows));
    *ret = read_drops(ctx, &rows);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        TRY(add_codes(ctx, &(*ret)[i]));
    return OK;
}

err_t drop_insert(struct ctx *ctx, const struct drop *drop)
{
    struct sql_arg args[] = {
        sql_i(drop->id.v),        sql_s(drop->name),
        sql_i(drop->sku.v),       sql_i_or_null(drop->channel.v),
        sql_i(drop->cap),         sql_i(drop->greatest_cap),
        sql_i(drop->starts_at),   sql_i(drop->ends_at),
        sql_i(drop->offer_ttl_s), sql_i(drop->waiting),
        sql_i(drop->version),     sql_i(drop->created_at),
    };
    return sql_run(ctx, SQL_DROP_ADD, args, COUNT_OF(args), NULL);
}

err_t drop_save(struct ctx *ctx, const struct drop *drop)
{
    struct sql_arg args[] = {
        sql_s(drop->name),      sql_i(drop->cap),     sql_i(drop->greatest_cap),
        sql_i(drop->starts_at), sql_i(drop->ends_at), sql_i(drop->offer_ttl_s),
        sql_i(drop->waiting),   sql_i(drop->version), sql_i(drop->id.v),
    };
    return sql_run(ctx, SQL_DROP_SAVE, args, COUNT_OF(args), NULL);
}

err_t drop_list_waiting(struct ctx *ctx, drop_id after, size_t limit,
                        struct drop **ret, size_t *ret_count)
{
    struct sql_arg args[] = {sql_i(after.v), sql_i(ctx->now),
                             sql_i((int64_t)limit)};
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_DROP_LIST_WAITING, args, COUNT_OF(args), &rows));
    *ret = read_drops(ctx, &rows);
    *ret_count = rows.count;
    return OK;
}

err_t drop_next_at(struct ctx *ctx, utc_ms *ret)
{
    struct sql_arg args[] = {sql_i(ctx->now)};
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_DROP_NEXT, args, COUNT_OF(args), &rows));
    *ret = sql_int(&rows, 0, 0);
    return OK;
}

/* ---- claims ---- */

err_t drop_claim_insert(struct ctx *ctx, const struct drop_claim *claims,
                        size_t count)
{
    enum { PARAMS = 4 };
    if (count == 0)
        return OK;
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * PARAMS);
    for (size_t i = 0; i < count; i++) {
        args[i * PARAMS] = sql_i(claims[i].drop.v);
        args[i * PARAMS + 1] = sql_i(claims[i].customer_key);
        args[i * PARAMS + 2] = sql_i(claims[i].owner_id);
        args[i * PARAMS + 3] = sql_i(claims[i].owner_kind);
    }
    return sql_run_many(ctx, SQL_DROP_CLAIM_ADD, args, PARAMS, count, NULL);
}

err_t drop_used_many(struct ctx *ctx, struct drop_claim *at, size_t count)
{
    enum { PARAMS = 2 };
    if (count == 0)
        return OK;
    struct map *by_key = map_open(ctx->arena, count);
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * PARAMS);
    for (size_t i = 0; i < count; i++) {
        struct map_key key = {.a = at[i].drop.v, .b = at[i].customer_key};
        map_set(by_key, key, &at[i]);
        args[i * PARAMS] = sql_i(key.a);
        args[i * PARAMS + 1] = sql_i(key.b);
        at[i].used = 0;
    }
    struct sql_rows rows;
    TRY(sql_list_many(ctx, SQL_DROP_USED, args, PARAMS, count, &rows));
    for (size_t i = 0; i < rows.count; i++) {
        struct map_key key = {.a = sql_int(&rows, i, 0),
                              .b = sql_int(&rows, i, 1)};
        struct drop_claim *claim = map_find(by_key, key);
        ASSERT(claim != NULL);
        claim->used = sql_int(&rows, i, 2);
    }
    return OK;
}

/* ---- the waiting list ---- */

static void read_entry(const struct sql_rows *rows, size_t i,
                       struct drop_entry *ret)
{
    *ret = (struct drop_entry){
        .id = {sql_int(rows, i, 0)},
        .drop = {sql_int(rows, i, 1)},
        .channel = {sql_int(rows, i, 2)},
        .customer = sql_str(rows, i, 3),
        .customer_key = sql_int(rows, i, 4),
        .qty = sql_int(rows, i, 5),
        .state = (enum drop_entry_state)sql_int(rows, i, 6),
        .hold = {sql_int(rows, i, 7)},
        .joined_at = sql_int(rows, i, 8),
        .ended_at = sql_int(rows, i, 9),
    };
}

static struct drop_entry *read_entries(struct ctx *ctx,
                                       const struct sql_rows *rows)
{
    struct drop_entry *entries =
        arena_array(ctx->arena, struct drop_entry, rows->count);
    for (size_t i = 0; i < rows->count; i++)
        read_entry(rows, i, &entries[i]);
    return entries;
}

err_t drop_entry_insert(struct ctx *ctx, const struct drop_entry *entry)
{
    struct sql_arg who[] = {sql_i(entry->drop.v), sql_i(entry->customer_key)};
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_DROP_ENTRY_FIND, who, COUNT_OF(who), &rows));
    if (rows.count > 0)
        return fail_as(ctx, ERR_CONFLICT, "already_waiting", "customer",
                       "the customer waits in this list already");
    struct sql_arg args[] = {
        sql_i(entry->id.v),         sql_i(entry->drop.v),
        sql_i(entry->channel.v),    sql_s(entry->customer),
        sql_i(entry->customer_key), sql_i(entry->qty),
        sql_i(entry->joined_at),
    };
    return sql_run(ctx, SQL_DROP_ENTRY_ADD, args, COUNT_OF(args), NULL);
}

err_t drop_entry_get(struct ctx *ctx, drop_id drop, drop_entry_id id,
                     struct drop_entry *ret)
{
    struct sql_arg args[] = {sql_i(id.v), sql_i(drop.v)};
    struct sql_arg place[] = {sql_i(drop.v), sql_i(id.v)};
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_DROP_ENTRY_GET, args, COUNT_OF(args), &rows));
    if (rows.count == 0)
        return fail(ctx, ERR_NOT_FOUND, "entry",
                    "the drop's waiting list has no such place");
    read_entry(&rows, 0, ret);
    if (ret->state != ENTRY_WAITING)
        return OK;
    TRY(sql_list(ctx, SQL_DROP_ENTRY_POSITION, place, COUNT_OF(place), &rows));
    ret->position = sql_int(&rows, 0, 0);
    return OK;
}

err_t drop_entry_page(struct ctx *ctx, drop_id drop, int64_t after,
                      size_t limit, struct drop_entry **ret, size_t *ret_count)
{
    struct sql_arg args[] = {sql_i(drop.v), sql_i(after),
                             sql_i((int64_t)limit)};
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_DROP_ENTRY_PAGE, args, COUNT_OF(args), &rows));
    *ret = read_entries(ctx, &rows);
    *ret_count = rows.count;
    return OK;
}

err_t drop_entry_first(struct ctx *ctx, drop_id drop, size_t limit,
                       struct drop_entry **ret, size_t *ret_count)
{
    struct sql_arg args[] = {sql_i(drop.v), sql_i((int64_t)limit)};
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_DROP_ENTRY_FIRST, args, COUNT_OF(args), &rows));
    *ret = read_entries(ctx, &rows);
    *ret_count = rows.count;
    return OK;
}

err_t drop_entry_end(struct ctx *ctx, const struct drop_entry *entries,
                     size_t count)
{
    enum { PARAMS = 4 };
    if (count == 0)
        return OK;
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * PARAMS);
    int64_t changed;
    for (size_t i = 0; i < count; i++) {
        ASSERT(entries[i].state != ENTRY_WAITING);
        args[i * PARAMS] = sql_i(entries[i].state);
        args[i * PARAMS + 1] = sql_i_or_null(entries[i].hold.v);
        args[i * PARAMS + 2] = sql_i(ctx->now);
        args[i * PARAMS + 3] = sql_i(entries[i].id.v);
    }
    TRY(sql_run_many(ctx, SQL_DROP_ENTRY_END, args, PARAMS, count, &changed));
    return changed == (int64_t)count ? OK : ERR_RETRY;
}
