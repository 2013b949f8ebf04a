/* sql.c - hands statements to the engine behind the transaction of a context,
 * and reads the cells that come back.
 */
#include "store/sql.h"

#include "base/map.h"
#include "store/engine.h"

struct sql_arg sql_i(int64_t value)
{
    return (struct sql_arg){.i = value};
}

struct sql_arg sql_s(str value)
{
    return (struct sql_arg){.is_text = true, .s = value};
}

struct sql_arg sql_null(void)
{
    return (struct sql_arg){.is_null = true};
}

struct sql_arg sql_s_or_null(str value)
{
    return value.len ? sql_s(value) : sql_null();
}

struct sql_arg sql_i_or_null(int64_t value)
{
    return value ? sql_i(value) : sql_null();
}

static const struct sql_arg *cell(const struct sql_rows *rows, size_t row,
                                  size_t column)
{
    ASSERT(row < rows->count && column < rows->columns);
    return &rows->cells[row * rows->columns + column];
}

int64_t sql_int(const struct sql_rows *rows, size_t row, size_t column)
{
    return cell(rows, row, column)->i;
}

str sql_str(const struct sql_rows *rows, size_t row, size_t column)
{
    return cell(rows, row, column)->s;
}

bool sql_is_null(const struct sql_rows *rows, size_t row, size_t column)
{
    return cell(rows, row, column)->is_null;
}

/* Our own mistakes: no transaction, or a call that does not fit the list. */
static struct store_tx *checked(struct ctx *ctx, int stmt, size_t params)
{
    struct store_tx *tx = ctx->tx;
    ASSERT(tx != NULL);
    ASSERT(stmt >= 0 && (size_t)stmt < tx->list->count);
    ASSERT((size_t)tx->list->at[stmt].params == params);
    return tx;
}

err_t sql_run(struct ctx *ctx, int stmt, const struct sql_arg *args,
              size_t count, int64_t *changed)
{
    struct store_tx *tx = checked(ctx, stmt, count);
    return tx->ops->run(ctx, tx, stmt, args, 1, changed);
}

err_t sql_run_many(struct ctx *ctx, int stmt, const struct sql_arg *args,
                   size_t params, size_t rows, int64_t *changed)
{
    struct store_tx *tx = checked(ctx, stmt, params);
    if (rows == 0) {
        if (changed)
            *changed = 0;
        return OK;
    }
    return tx->ops->run(ctx, tx, stmt, args, rows, changed);
}

err_t sql_list(struct ctx *ctx, int stmt, const struct sql_arg *args,
               size_t count, struct sql_rows *ret)
{
    struct store_tx *tx = checked(ctx, stmt, count);
    return tx->ops->list(ctx, tx, stmt, args, 1, ret);
}

err_t sql_one(struct ctx *ctx, int stmt, const struct sql_arg *args,
              size_t count, const char *what, struct sql_rows *ret)
{
    TRY(sql_list(ctx, stmt, args, count, ret));
    if (ret->count == 0)
        return fail(ctx, ERR_NOT_FOUND, "id", "there is no such %s", what);
    return OK;
}

err_t sql_list_within(struct ctx *ctx, int stmt, const struct sql_arg *args,
                      size_t count, size_t max_bytes, struct sql_rows *ret)
{
    struct store_tx *tx = checked(ctx, stmt, count);
    ASSERT(max_bytes > 0 && tx->list_bytes == 0);
    tx->list_bytes = max_bytes;
    err_t err = tx->ops->list(ctx, tx, stmt, args, 1, ret);
    tx->list_bytes = 0;
    return err;
}

err_t sql_list_many(struct ctx *ctx, int stmt, const struct sql_arg *args,
                    size_t params, size_t rows, struct sql_rows *ret)
{
    struct store_tx *tx = checked(ctx, stmt, params);
    if (rows == 0) {
        *ret = (struct sql_rows){0};
        return OK;
    }
    return tx->ops->list(ctx, tx, stmt, args, rows, ret);
}

err_t sql_list_distinct(struct ctx *ctx, int stmt, struct sql_arg *keys,
                        size_t count, struct sql_rows *ret)
{
    struct map *seen = map_open(ctx->arena, count);
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        struct map_key key = {.a = keys[i].i, .s = keys[i].s};
        if (map_find(seen, key))
            continue;
        map_set(seen, key, keys);
        keys[n++] = keys[i];
    }
    *ret = (struct sql_rows){.count = 0};
    return n == 0 ? OK : sql_list_many(ctx, stmt, keys, 1, n, ret);
}

err_t sql_each(struct ctx *ctx, int stmt, const struct sql_arg *args,
               size_t count, sql_each_fn *fn, void *arg)
{
    struct store_tx *tx = checked(ctx, stmt, count);
    return tx->ops->each(ctx, tx, stmt, args, fn, arg);
}
