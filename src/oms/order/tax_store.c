/* tax_store.c - rows of the tax tables. */
#include <stdlib.h>

#include "base/arena.h"
#include "base/str.h"
#include "oms/order/tax_int.h"
#include "oms/order/tax_sql.h"
#include "store/sql.h"

enum { MATCH_PARAMS = 4, KEY_PARAMS = 5, ADD_PARAMS = 18, SAVE_PARAMS = 17 };

static void read_rate(const struct sql_rows *rows, size_t i,
                      struct tax_rate *ret)
{
    *ret = (struct tax_rate){
        .id = {sql_int(rows, i, 0)},
        .country = sql_str(rows, i, 1),
        .region = sql_str(rows, i, 2),
        .postal_prefix = sql_str(rows, i, 3),
        .tax_class = sql_str(rows, i, 4),
        .layer = sql_int(rows, i, 5),
        .name = sql_str(rows, i, 6),
        .rate_ppm = sql_int(rows, i, 7),
        .kind = (enum tax_kind)sql_int(rows, i, 8),
        .is_compound = sql_int(rows, i, 9) != 0,
        .is_reversed = sql_int(rows, i, 10) != 0,
        .reason = sql_str(rows, i, 11),
        .valid_from = sql_int(rows, i, 12),
        .valid_to = sql_int(rows, i, 13),
        .is_active = sql_int(rows, i, 14) != 0,
        .version = sql_int(rows, i, 15),
        .created_at = sql_int(rows, i, 16),
        .updated_at = sql_int(rows, i, 17),
    };
}

static struct tax_rate *read_rates(struct ctx *ctx, const struct sql_rows *rows)
{
    struct tax_rate *rates =
        arena_array(ctx->arena, struct tax_rate, rows->count);
    for (size_t i = 0; i < rows->count; i++)
        read_rate(rows, i, &rates[i]);
    return rates;
}

static int by_id(const void *a, const void *b)
{
    int64_t x = ((const struct tax_rate *)a)->id.v;
    int64_t y = ((const struct tax_rate *)b)->id.v;
    return (x > y) - (x < y);
}

/* Each once: rows for many keys may repeat. */
static void read_distinct(struct ctx *ctx, const struct sql_rows *rows,
                          struct tax_rate **ret, size_t *ret_count)
{
    struct tax_rate *rates = read_rates(ctx, rows);
    size_t n = 0;
    if (rows->count > 0)
        qsort(rates, rows->count, sizeof *rates, by_id);
    for (size_t i = 0; i < rows->count; i++)
        if (n == 0 || rates[n - 1].id.v != rates[i].id.v)
            rates[n++] = rates[i];
    *ret = rates;
    *ret_count = n;
}

err_t tax_rates_load(struct ctx *ctx, const struct tax_when *when, size_t count,
                     struct tax_rate **ret, size_t *ret_count)
{
    struct sql_rows rows = {0};
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * MATCH_PARAMS);
    for (size_t i = 0; i < count; i++) {
        const struct sql_arg own[MATCH_PARAMS] = {
            sql_s(when[i].to.country), sql_s(when[i].to.region),
            sql_s(when[i].to.postal_code), sql_i(when[i].at)};
        memcpy(&args[i * MATCH_PARAMS], own, sizeof own);
    }
    if (count > 0)
        TRY(sql_list_many(ctx, SQL_TAX_RATE_MATCH, args, MATCH_PARAMS, count,
                          &rows));
    read_distinct(ctx, &rows, ret, ret_count);
    return OK;
}

static err_t row_one(struct ctx *ctx, int stmt, tax_rate_id id,
                     struct tax_rate *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_one(ctx, stmt, args, COUNT_OF(args), "tax rate", &rows));
    read_rate(&rows, 0, ret);
    return OK;
}

err_t tax_rate_get(struct ctx *ctx, tax_rate_id id, struct tax_rate *ret)
{
    return row_one(ctx, SQL_TAX_RATE_ROW, id, ret);
}

err_t tax_rate_lock(struct ctx *ctx, tax_rate_id id, struct tax_rate *ret)
{
    return row_one(ctx, SQL_TAX_RATE_LOCK, id, ret);
}

err_t tax_rate_by_keys(struct ctx *ctx, const struct tax_rate *keys,
                       size_t count, struct tax_rate **ret, size_t *ret_count)
{
    struct sql_rows rows = {0};
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * KEY_PARAMS);
    for (size_t i = 0; i < count; i++) {
        const struct sql_arg own[KEY_PARAMS] = {
            sql_s(keys[i].country), sql_s(keys[i].region),
            sql_s(keys[i].postal_prefix), sql_s(keys[i].tax_class),
            sql_i(keys[i].layer)};
        memcpy(&args[i * KEY_PARAMS], own, sizeof own);
    }
    if (count > 0)
        TRY(sql_list_many(ctx, SQL_TAX_RATE_BY_KEY, args, KEY_PARAMS, count,
                          &rows));
    read_distinct(ctx, &rows, ret, ret_count);
    return OK;
}

err_t tax_rate_page(struct ctx *ctx, const struct tax_rate_filter *filter,
                    struct tax_rate **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(filter->after), sql_s(filter->country),
                             sql_s(filter->tax_class),
                             sql_i((int64_t)filter->limit)};
    TRY(sql_list(ctx, SQL_TAX_RATE_PAGE, args, COUNT_OF(args), &rows));
    *ret = read_rates(ctx, &rows);
    *ret_count = rows.count;
    return OK;
}

err_t tax_rate_add_many(struct ctx *ctx, const struct tax_rate *rates,
                        size_t count, int64_t *ret_added)
{
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * ADD_PARAMS);
    for (size_t i = 0; i < count; i++) {
        const struct tax_rate *rate = &rates[i];
        const struct sql_arg own[ADD_PARAMS] = {
            sql_i(rate->id.v),        sql_s(rate->country),
            sql_s(rate->region),      sql_s(rate->postal_prefix),
            sql_s(rate->tax_class),   sql_i(rate->layer),
            sql_s(rate->name),        sql_i(rate->rate_ppm),
            sql_i(rate->kind),        sql_i(rate->is_compound),
            sql_i(rate->is_reversed), sql_s(rate->reason),
            sql_i(rate->valid_from),  sql_i(rate->valid_to),
            sql_i(rate->is_active),   sql_i(rate->version),
            sql_i(rate->created_at),  sql_i(rate->updated_at),
        };
        memcpy(&args[i * ADD_PARAMS], own, sizeof own);
    }
    return sql_run_many(ctx, SQL_TAX_RATE_ADD, args, ADD_PARAMS, count,
                        ret_added);
}

err_t tax_rate_save_many(struct ctx *ctx, const struct tax_rate *rates,
                         size_t count, int64_t *ret_saved)
{
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * SAVE_PARAMS);
    for (size_t i = 0; i < count; i++) {
        const struct tax_rate *rate = &rates[i];
        const struct sql_arg own[SAVE_PARAMS] = {
            sql_s(rate->country),       sql_s(rate->region),
            sql_s(rate->postal_prefix), sql_s(rate->tax_class),
            sql_i(rate->layer),         sql_s(rate->name),
            sql_i(rate->rate_ppm),      sql_i(rate->kind),
            sql_i(rate->is_compound),   sql_i(rate->is_reversed),
            sql_s(rate->reason),        sql_i(rate->valid_from),
            sql_i(rate->valid_to),      sql_i(rate->is_active),
            sql_i(rate->version),       sql_i(rate->updated_at),
            sql_i(rate->id.v),
        };
        memcpy(&args[i * SAVE_PARAMS], own, sizeof own);
    }
    return sql_run_many(ctx, SQL_TAX_RATE_SAVE, args, SAVE_PARAMS, count,
                        ret_saved);
}
