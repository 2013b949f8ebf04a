/* customer_store.c - customers and their keys as rows. */
#include "oms/customer/customer_store.h"

#include "base/arena.h"
#include "base/str.h"
#include "oms/customer/customer_sql.h"
#include "store/sql.h"

err_t customer_key_find_many(struct ctx *ctx, const struct customer_key *keys,
                             size_t count, struct customer_key **ret,
                             size_t *ret_count)
{
    enum { PARAMS = 3 };
    *ret_count = 0;
    if (count == 0)
        return OK;
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * PARAMS);
    for (size_t i = 0; i < count; i++) {
        args[i * PARAMS] = sql_i(keys[i].kind);
        args[i * PARAMS + 1] = sql_s(keys[i].source);
        args[i * PARAMS + 2] = sql_s(keys[i].value);
    }
    struct sql_rows rows;
    TRY(sql_list_many(ctx, SQL_CUSTOMER_KEY_FIND, args, PARAMS, count, &rows));
    struct customer_key *found =
        arena_array(ctx->arena, struct customer_key, rows.count);
    for (size_t i = 0; i < rows.count; i++)
        found[i] = (struct customer_key){
            .kind = (enum customer_key_kind)sql_int(&rows, i, 0),
            .source = sql_str(&rows, i, 1),
            .value = sql_str(&rows, i, 2),
            .customer = sql_int(&rows, i, 3),
            .n = sql_int(&rows, i, 4),
            .shown = sql_str(&rows, i, 5)};
    *ret = found;
    *ret_count = rows.count;
    return OK;
}

static struct customer customer_from_row(const struct sql_rows *rows, size_t i)
{
    return (struct customer){.id = {sql_int(rows, i, 0)},
                             .name = sql_str(rows, i, 1),
                             .language = sql_str(rows, i, 2),
                             .attrs = sql_str(rows, i, 3),
                             .tags = sql_str(rows, i, 4),
                             .merged_into = {sql_int(rows, i, 5)},
                             .erased_at = sql_int(rows, i, 6),
                             .version = sql_int(rows, i, 7),
                             .created_at = sql_int(rows, i, 8),
                             .updated_at = sql_int(rows, i, 9)};
}

err_t customer_lock_many(struct ctx *ctx, const int64_t *ids, size_t count,
                         struct customer **ret, size_t *ret_count)
{
    *ret_count = 0;
    if (count == 0)
        return OK;
    struct sql_arg *args = arena_array(ctx->arena, struct sql_arg, count);
    for (size_t i = 0; i < count; i++)
        args[i] = sql_i(ids[i]);
    struct sql_rows rows;
    TRY(sql_list_many(ctx, SQL_CUSTOMER_LOCK, args, 1, count, &rows));
    struct customer *found =
        arena_array(ctx->arena, struct customer, rows.count);
    for (size_t i = 0; i < rows.count; i++)
        found[i] = customer_from_row(&rows, i);
    *ret = found;
    *ret_count = rows.count;
    return OK;
}

err_t customer_add_many(struct ctx *ctx, const struct customer *at,
                        size_t count)
{
    enum { PARAMS = 8 };
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * PARAMS);
    struct sql_arg *to = args;
    for (size_t i = 0; i < count; i++) {
        *to++ = sql_i(at[i].id.v);
        *to++ = sql_s(at[i].name);
        *to++ = sql_s(at[i].language);
        *to++ = sql_s(at[i].attrs);
        *to++ = sql_s(at[i].tags);
        *to++ = sql_i(at[i].version);
        *to++ = sql_i(at[i].created_at);
        *to++ = sql_i(at[i].updated_at);
    }
    return sql_run_many(ctx, SQL_CUSTOMER_ADD, args, PARAMS, count, NULL);
}

err_t customer_key_add_many(struct ctx *ctx, const struct customer_key *keys,
                            size_t count)
{
    enum { PARAMS = 6 };
    if (count == 0)
        return OK;
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * PARAMS);
    struct sql_arg *to = args;
    for (size_t i = 0; i < count; i++) {
        *to++ = sql_i(keys[i].kind);
        *to++ = sql_s(keys[i].source);
        *to++ = sql_s(keys[i].value);
        *to++ = sql_i(keys[i].customer);
        *to++ = sql_i(keys[i].n);
        *to++ = sql_s(keys[i].shown);
    }
    int64_t added;
    TRY(sql_run_many(ctx, SQL_CUSTOMER_KEY_ADD, args, PARAMS, count, &added));
    return added == (int64_t)count ? OK : ERR_RETRY;
}
