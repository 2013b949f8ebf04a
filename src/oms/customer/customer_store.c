/* customer_store.c - customers and their keys as rows. */
#include "oms/customer/customer_store.h"

#include "base/arena.h"
#include "base/check.h"
#include "base/str.h"
#include "oms/customer/customer_sql.h"
#include "store/event.h"
#include "store/sql.h"

static struct customer_key key_from_row(const struct sql_rows *rows, size_t i)
{
    return (struct customer_key){
        .kind = (enum customer_key_kind)sql_int(rows, i, 0),
        .source = sql_str(rows, i, 1),
        .value = sql_str(rows, i, 2),
        .customer = sql_int(rows, i, 3),
        .n = sql_int(rows, i, 4),
        .shown = sql_str(rows, i, 5)};
}

static struct customer_key *keys_from_rows(struct ctx *ctx,
                                           const struct sql_rows *rows)
{
    struct customer_key *keys =
        arena_array(ctx->arena, struct customer_key, rows->count);
    for (size_t i = 0; i < rows->count; i++)
        keys[i] = key_from_row(rows, i);
    return keys;
}

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
    *ret = keys_from_rows(ctx, &rows);
    *ret_count = rows.count;
    return OK;
}

struct customer customer_from_row(const struct sql_rows *rows, size_t i)
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

err_t customer_key_list(struct ctx *ctx, customer_id id,
                        struct customer_key **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_list(ctx, SQL_CUSTOMER_KEY_LIST, args, COUNT_OF(args), &rows));
    *ret = keys_from_rows(ctx, &rows);
    *ret_count = rows.count;
    return OK;
}

err_t customer_get(struct ctx *ctx, customer_id id, struct customer *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_one(ctx, SQL_CUSTOMER_GET, args, COUNT_OF(args), "customer",
                &rows));
    *ret = customer_from_row(&rows, 0);
    return OK;
}

err_t customer_check_exists(struct ctx *ctx, customer_id id)
{
    struct customer customer;
    return customer_get(ctx, id, &customer);
}

err_t customer_lock(struct ctx *ctx, customer_id id, int64_t seen,
                    struct customer *ret)
{
    struct customer *rows = NULL;
    size_t count;
    TRY(customer_lock_many(ctx, &id.v, 1, &rows, &count));
    if (count == 0)
        return fail(ctx, ERR_NOT_FOUND, "id", "there is no such customer");
    if (rows->erased_at)
        return fail_as(ctx, ERR_STATE, "customer_erased", "id",
                       "the customer was erased");
    if (rows->merged_into.v)
        return fail_as(ctx, ERR_STATE, "customer_merged", "id",
                       "the customer lives on in another, see merged_into");
    if (seen)
        TRY(check_version(ctx, seen, rows->version));
    *ret = *rows;
    return OK;
}

err_t customer_tell(struct ctx *ctx, const struct customer *customer,
                    const char *type)
{
    str data = str_printf(ctx->arena, "{\"version\":%lld}",
                          (long long)customer->version);
    return event_add(ctx, type, "customer", customer->id.v, data, NULL);
}

err_t customer_save(struct ctx *ctx, struct customer *customer,
                    const char *type)
{
    customer->updated_at = ctx->now;
    struct sql_arg args[] = {
        sql_s(customer->name),
        sql_s(customer->language),
        sql_s(customer->attrs),
        sql_s(customer->tags),
        sql_i_or_null(customer->merged_into.v),
        sql_i_or_null(customer->erased_at),
        sql_i(customer->updated_at),
        sql_i(customer->id.v),
        sql_i(customer->version),
    };
    int64_t changed;
    TRY(sql_run(ctx, SQL_CUSTOMER_SAVE, args, COUNT_OF(args), &changed));
    if (changed != 1)
        return ERR_RETRY;
    customer->version++;
    return customer_tell(ctx, customer, type);
}

err_t customer_page(struct ctx *ctx, const struct customer_filter *filter,
                    struct customer **ret, size_t *ret_count)
{
    struct sql_rows rows;
    if (filter->key.kind) {
        struct sql_arg args[] = {
            sql_i(filter->key.kind), sql_s(filter->key.source),
            sql_s(filter->key.value), sql_i(filter->before)};
        TRY(sql_list(ctx, SQL_CUSTOMER_PAGE_KEY, args, COUNT_OF(args), &rows));
    } else {
        struct sql_arg args[] = {sql_i(filter->before),
                                 sql_i((int64_t)filter->limit)};
        TRY(sql_list(ctx, SQL_CUSTOMER_PAGE, args, COUNT_OF(args), &rows));
    }
    *ret = arena_array(ctx->arena, struct customer, rows.count);
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i] = customer_from_row(&rows, i);
    *ret_count = rows.count;
    return OK;
}
