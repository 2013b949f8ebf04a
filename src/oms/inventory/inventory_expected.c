/* inventory_expected.c - rows of what is expected to come in, and their sums.
 */
#include "oms/inventory/inventory_expected.h"

#include "base/arena.h"
#include "base/id.h"
#include "oms/inventory/inventory_expected_sql.h"
#include "oms/inventory/inventory_wait_int.h"
#include "store/sql.h"

enum { ADD_PARAMS = 15, SAVE_PARAMS = 9 };

const char *supply_state_name(enum supply_state state)
{
    switch (state) {
    case SUPPLY_OPEN: return "open";
    case SUPPLY_RECEIVED: return "received";
    case SUPPLY_CANCELLED: return "cancelled";
    }
    UNREACHABLE("not a state of what is expected");
}

int64_t supply_open(const struct supply *supply)
{
    if (supply->state != SUPPLY_OPEN || supply->received >= supply->qty)
        return 0;
    return supply->qty - supply->received;
}

int64_t supply_room(const struct supply *supply)
{
    if (supply->state == SUPPLY_CANCELLED)
        return 0;
    int64_t most = supply->qty + supply->qty * supply->over_percent / 100;
    return most > supply->received ? most - supply->received : 0;
}

static void set_state(struct stock *stock, struct supply *supply,
                      int64_t was_open)
{
    struct stock_level *level =
        stock_level_find(stock, supply->sku, supply->location);
    ASSERT(level != NULL);
    stock_expect(stock, level, supply_open(supply) - was_open);
}

void supply_apply(struct stock *stock, struct supply *supply, int64_t qty,
                  int64_t received)
{
    int64_t was_open = supply_open(supply);
    ASSERT(supply->state != SUPPLY_CANCELLED);
    ASSERT(qty > 0 && received >= 0);
    supply->qty = qty;
    supply->received = received;
    supply->state = received >= qty ? SUPPLY_RECEIVED : SUPPLY_OPEN;
    set_state(stock, supply, was_open);
}

void supply_end(struct stock *stock, struct supply *supply)
{
    int64_t was_open = supply_open(supply);
    supply->state = SUPPLY_CANCELLED;
    set_state(stock, supply, was_open);
}

/* ---- rows ---- */

static struct supply *read_rows(struct ctx *ctx, const struct sql_rows *rows)
{
    struct supply *ret = arena_array(ctx->arena, struct supply, rows->count);
    for (size_t i = 0; i < rows->count; i++)
        ret[i] = (struct supply){
            .id = {sql_int(rows, i, 0)},
            .sku = {sql_int(rows, i, 1)},
            .location = {sql_int(rows, i, 2)},
            .qty = sql_int(rows, i, 3),
            .received = sql_int(rows, i, 4),
            .over_percent = sql_int(rows, i, 5),
            .expected_at = sql_int(rows, i, 6),
            .reference = sql_str(rows, i, 7),
            .state = (enum supply_state)sql_int(rows, i, 8),
            .source = (enum supply_source)sql_int(rows, i, 9),
            .source_id = sql_int(rows, i, 10),
            .source_n = sql_int(rows, i, 11),
            .version = sql_int(rows, i, 12),
            .created_at = sql_int(rows, i, 13),
        };
    return ret;
}

err_t supply_list_ids(struct ctx *ctx, const supply_id *ids, size_t count,
                      struct supply **ret, size_t *ret_count)
{
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count);
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        if (ids[i].v != 0)
            keys[n++] = sql_i(ids[i].v);
    struct sql_rows rows;
    TRY(sql_list_distinct(ctx, SQL_EXPECTED_GET, keys, n, &rows));
    *ret = read_rows(ctx, &rows);
    *ret_count = rows.count;
    return OK;
}

err_t supply_get(struct ctx *ctx, supply_id id, struct supply *ret)
{
    struct supply *rows;
    size_t count;
    TRY(supply_list_ids(ctx, &id, 1, &rows, &count));
    if (count == 0)
        return fail(ctx, ERR_NOT_FOUND, "id",
                    "there is no such expected receipt");
    *ret = rows[0];
    return OK;
}

err_t supply_page(struct ctx *ctx, const struct supply_filter *filter,
                  struct supply **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg limit = sql_i((int64_t)filter->limit);
    struct sql_arg all[] = {sql_i(filter->after.v), sql_i(filter->state),
                            limit};
    struct sql_arg open[] = {sql_i(filter->after_expected_at),
                             sql_i(filter->after.v),
                             sql_i(filter->before),
                             sql_i(filter->sku.v),
                             sql_i(filter->location.v),
                             limit};
    if (filter->is_by_time)
        TRY(sql_list(ctx, SQL_EXPECTED_PAGE_OPEN, open, COUNT_OF(open), &rows));
    else
        TRY(sql_list(ctx, SQL_EXPECTED_PAGE, all, COUNT_OF(all), &rows));
    *ret = read_rows(ctx, &rows);
    *ret_count = rows.count;
    return OK;
}

err_t supply_add(struct ctx *ctx, const struct supply *rows, size_t count)
{
    if (count == 0)
        return OK;
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * ADD_PARAMS);
    for (size_t i = 0; i < count; i++) {
        const struct supply *s = &rows[i];
        struct sql_arg *at = &args[i * ADD_PARAMS];
        at[0] = sql_i(s->id.v);
        at[1] = sql_i(id_bucket(s->sku.v));
        at[2] = sql_i(s->sku.v);
        at[3] = sql_i(s->location.v);
        at[4] = sql_i(s->qty);
        at[5] = sql_i(s->received);
        at[6] = sql_i(supply_open(s));
        at[7] = sql_i(s->over_percent);
        at[8] = sql_i(s->expected_at);
        at[9] = sql_s(s->reference);
        at[10] = sql_i(s->state);
        at[11] = sql_i(s->source);
        at[12] = sql_i(s->source_id);
        at[13] = sql_i(s->source_n);
        at[14] = sql_i(s->created_at);
    }
    TRY(sql_run_many(ctx, SQL_EXPECTED_ADD, args, ADD_PARAMS, count, NULL));
    return supply_tell_moved(ctx, rows, count);
}

err_t supply_save(struct ctx *ctx, struct supply *rows, size_t count)
{
    if (count == 0)
        return OK;
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * SAVE_PARAMS);
    for (size_t i = 0; i < count; i++) {
        struct supply *s = &rows[i];
        struct sql_arg *at = &args[i * SAVE_PARAMS];
        at[0] = sql_i(s->qty);
        at[1] = sql_i(s->received);
        at[2] = sql_i(supply_open(s));
        at[3] = sql_i(s->over_percent);
        at[4] = sql_i(s->expected_at);
        at[5] = sql_s(s->reference);
        at[6] = sql_i(s->state);
        at[7] = sql_i(s->id.v);
        at[8] = sql_i(s->version++);
    }
    int64_t changed;
    TRY(sql_run_many(ctx, SQL_EXPECTED_SAVE, args, SAVE_PARAMS, count,
                     &changed));
    if (changed != (int64_t)count)
        return ERR_RETRY;
    return supply_tell_moved(ctx, rows, count);
}
