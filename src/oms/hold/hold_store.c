/* hold_store.c - holds as rows. */
#include "oms/hold/hold_store.h"

#include "base/arena.h"
#include "base/id.h"
#include "oms/hold/hold_sql.h"
#include "store/sql.h"

enum { ADD_PARAMS = 8, LOCK_PARAMS = 2, SAVE_PARAMS = 7 };

err_t hold_insert_many(struct ctx *ctx, const struct hold *const *holds,
                       size_t count)
{
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * ADD_PARAMS);
    struct sql_arg *at = args;
    for (size_t i = 0; i < count; i++) {
        const struct hold *hold = holds[i];
        *at++ = sql_i(hold->id.v);
        *at++ = sql_i(id_bucket(hold->id.v));
        *at++ = sql_i(hold->channel.v);
        *at++ = sql_i(hold->created_at);
        *at++ = sql_i(hold->expires_at);
        *at++ = sql_s_or_null(hold->customer);
        *at++ = sql_s_or_null(hold->reference);
        *at++ = sql_s(hold->items);
    }
    return sql_run_many(ctx, SQL_HOLD_ADD, args, ADD_PARAMS, count, NULL);
}

static void read_hold(const struct sql_rows *rows, size_t i, struct hold *ret)
{
    *ret = (struct hold){
        .id = {sql_int(rows, i, 0)},
        .channel = {sql_int(rows, i, 1)},
        .state = (enum hold_state)sql_int(rows, i, 2),
        .version = sql_int(rows, i, 3),
        .created_at = sql_int(rows, i, 4),
        .expires_at = sql_int(rows, i, 5),
        .ended_at = sql_int(rows, i, 6),
        .order = {sql_int(rows, i, 7)},
        .customer = sql_str(rows, i, 8),
        .reference = sql_str(rows, i, 9),
        .items = sql_str(rows, i, 10),
    };
}

static int compare_ids(const void *a, const void *b)
{
    const hold_id *x = a, *y = b;
    return (x->v > y->v) - (x->v < y->v);
}

static int compare_holds(const void *a, const void *b)
{
    const struct hold *x = a, *y = b;
    return compare_ids(&x->id, &y->id);
}

/* Distinct ids in order: the order in which they are locked. */
static err_t lock_rows(struct ctx *ctx, const hold_id *ids, size_t count,
                       struct sql_rows *ret)
{
    hold_id *keys = arena_array(ctx->arena, hold_id, count);
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * LOCK_PARAMS);
    size_t n = 0;
    memcpy(keys, ids, count * sizeof(*keys));
    qsort(keys, count, sizeof(*keys), compare_ids);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && keys[i].v == keys[i - 1].v)
            continue;
        args[n * LOCK_PARAMS] = sql_i(id_bucket(keys[i].v));
        args[n * LOCK_PARAMS + 1] = sql_i(keys[i].v);
        n++;
    }
    return sql_list_many(ctx, SQL_HOLD_LOCK, args, LOCK_PARAMS, n, ret);
}

/* Both lists stand in order of the hold's id. */
static void hand_out(struct hold *holds, size_t count, struct stock_held *held,
                     size_t held_count)
{
    for (size_t i = 0, at = 0; i < count; i++) {
        while (at < held_count && held[at].owner.id < holds[i].id.v)
            at++;
        holds[i].held = held + at;
        while (at < held_count && held[at].owner.id == holds[i].id.v)
            at++;
        holds[i].held_count = (size_t)(held + at - holds[i].held);
    }
}

err_t hold_lock_many(struct ctx *ctx, const hold_id *ids, size_t count,
                     struct hold **ret, size_t *ret_count)
{
    ASSERT(ctx->tx != NULL);
    *ret = NULL;
    *ret_count = 0;
    if (count == 0)
        return OK;
    struct sql_rows rows;
    TRY(lock_rows(ctx, ids, count, &rows));
    struct hold *holds = arena_array(ctx->arena, struct hold, rows.count);
    int64_t *open = arena_array(ctx->arena, int64_t, rows.count);
    size_t open_count = 0;
    for (size_t i = 0; i < rows.count; i++) {
        read_hold(&rows, i, &holds[i]);
        if (holds[i].state == HOLD_OPEN)
            open[open_count++] = holds[i].id.v;
    }
    if (rows.count > 1)
        qsort(holds, rows.count, sizeof(*holds), compare_holds);
    struct stock_held *held;
    size_t held_count;
    TRY(inventory_held_list(ctx, open, open_count, &held, &held_count));
    hand_out(holds, rows.count, held, held_count);
    *ret = holds;
    *ret_count = rows.count;
    return OK;
}

err_t hold_save_many(struct ctx *ctx, const struct hold *const *holds,
                     size_t count)
{
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * SAVE_PARAMS);
    struct sql_arg *at = args;
    int64_t changed;
    for (size_t i = 0; i < count; i++) {
        const struct hold *hold = holds[i];
        ASSERT(hold->version > 1 && hold->event_id != 0);
        *at++ = sql_i(hold->state);
        *at++ = sql_i(hold->expires_at);
        *at++ = sql_i_or_null(hold->ended_at);
        *at++ = sql_i_or_null(hold->order.v);
        *at++ = sql_i(id_bucket(hold->id.v));
        *at++ = sql_i(hold->id.v);
        *at++ = sql_i(hold->version - 1);
    }
    if (count == 0)
        return OK;
    TRY(sql_run_many(ctx, SQL_HOLD_SAVE, args, SAVE_PARAMS, count, &changed));
    if (changed != (int64_t)count)
        return ERR_RETRY;
    return hold_tell_many(ctx, holds, count);
}

/* Holds that stand together are mostly of one channel. */
err_t hold_add_codes(struct ctx *ctx, struct hold *holds, size_t count)
{
    struct channel channel = {.id = {0}};
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || holds[i].channel.v != channel.id.v)
            TRY(channel_get(ctx, holds[i].channel, &channel));
        holds[i].channel_code = channel.code;
    }
    return OK;
}

err_t hold_get(struct ctx *ctx, hold_id id, struct hold *ret)
{
    struct sql_arg args[] = {sql_i(id_bucket(id.v)), sql_i(id.v)};
    struct sql_rows rows;
    struct hold hold;
    TRY(sql_list(ctx, SQL_HOLD_GET, args, COUNT_OF(args), &rows));
    if (rows.count == 0)
        return fail(ctx, ERR_NOT_FOUND, "id", "there is no hold with this id");
    read_hold(&rows, 0, &hold);
    TRY(hold_add_codes(ctx, &hold, 1));
    *ret = hold;
    return OK;
}

err_t hold_page(struct ctx *ctx, int64_t before, size_t limit,
                struct hold **ret, size_t *ret_count)
{
    struct sql_arg args[] = {sql_i(before), sql_i((int64_t)limit)};
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_HOLD_LIST, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, struct hold, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        read_hold(&rows, i, &(*ret)[i]);
    return hold_add_codes(ctx, *ret, rows.count);
}

err_t hold_due_list(struct ctx *ctx, size_t limit, hold_id **ret,
                    size_t *ret_count)
{
    struct sql_arg args[] = {sql_i(ctx->now), sql_i((int64_t)limit)};
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_HOLD_DUE, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, hold_id, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i].v = sql_int(&rows, i, 0);
    return OK;
}

err_t hold_next_expiry(struct ctx *ctx, utc_ms *ret)
{
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_HOLD_NEXT_EXPIRY, NULL, 0, &rows));
    *ret = rows.count > 0 ? sql_int(&rows, 0, 0) : 0;
    return OK;
}
