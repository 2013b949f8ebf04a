/* change_blanket_store.c - blanket orders and their releases as rows. */
#include "oms/change/change_blanket_store.h"

#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/str.h"
#include "base/time.h"
#include "oms/change/change_blanket_sql.h"
#include "oms/customer/customer_company.h"
#include "store/sql.h"

static void from_row(const struct sql_rows *rows, size_t i, struct blanket *ret)
{
    *ret = (struct blanket){
        .id = {sql_int(rows, i, 0)},
        .state = (enum blanket_state)sql_int(rows, i, 1),
        .company = {sql_int(rows, i, 2)},
        .customer = {sql_int(rows, i, 3)},
        .channel = sql_str(rows, i, 4),
        .total = sql_int(rows, i, 6),
        .po_number = sql_str(rows, i, 7),
        .terms_days =
            sql_is_null(rows, i, 8) ? COMPANY_NONE : sql_int(rows, i, 8),
        .reserve_days = sql_int(rows, i, 9),
        .body = sql_str(rows, i, 10),
        .version = sql_int(rows, i, 11),
        .created_at = sql_int(rows, i, 12),
        .updated_at = sql_int(rows, i, 13),
    };
    memcpy(ret->currency, sql_str(rows, i, 5).ptr, 3);
}

static err_t one(struct ctx *ctx, int stmt, blanket_id id, struct blanket *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_one(ctx, stmt, args, COUNT_OF(args), "blanket order", &rows));
    from_row(&rows, 0, ret);
    return OK;
}

err_t blanket_get(struct ctx *ctx, blanket_id id, struct blanket *ret)
{
    return one(ctx, SQL_BLANKET_ROW, id, ret);
}

err_t blanket_lock(struct ctx *ctx, blanket_id id, struct blanket *ret)
{
    return one(ctx, SQL_BLANKET_LOCK_ROW, id, ret);
}

static void from_rows(struct ctx *ctx, const struct sql_rows *rows,
                      struct blanket **ret, size_t *ret_count)
{
    *ret = arena_array(ctx->arena, struct blanket, rows->count);
    *ret_count = rows->count;
    for (size_t i = 0; i < rows->count; i++)
        from_row(rows, i, &(*ret)[i]);
}

err_t blanket_list(struct ctx *ctx, const struct blanket_query *query,
                   struct blanket **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg before = sql_i(query->before.v);
    struct sql_arg limit = sql_i((int64_t)query->limit);
    struct sql_arg all[] = {before, limit};
    struct sql_arg of[] = {
        sql_i(query->state ? (int64_t)query->state : query->company.v), before,
        limit};
    if (query->state)
        TRY(sql_list(ctx, SQL_BLANKET_PAGE_STATE, of, COUNT_OF(of), &rows));
    else if (query->company.v)
        TRY(sql_list(ctx, SQL_BLANKET_PAGE_COMPANY, of, COUNT_OF(of), &rows));
    else
        TRY(sql_list(ctx, SQL_BLANKET_PAGE, all, COUNT_OF(all), &rows));
    from_rows(ctx, &rows, ret, ret_count);
    return OK;
}

err_t blanket_list_customer(struct ctx *ctx, customer_id id,
                            struct blanket **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_list(ctx, SQL_BLANKET_OF_CUSTOMER, args, COUNT_OF(args), &rows));
    from_rows(ctx, &rows, ret, ret_count);
    return OK;
}

static struct sql_arg terms(const struct blanket *blanket)
{
    return blanket->terms_days == COMPANY_NONE ? sql_null()
                                               : sql_i(blanket->terms_days);
}

err_t blanket_insert(struct ctx *ctx, const struct blanket *blanket)
{
    struct sql_arg args[] = {sql_i(blanket->id.v),
                             sql_i_or_null(blanket->company.v),
                             sql_i_or_null(blanket->customer.v),
                             sql_s(blanket->channel),
                             sql_s(str_from_cstr(blanket->currency)),
                             sql_i(blanket->total),
                             sql_s_or_null(blanket->po_number),
                             terms(blanket),
                             sql_i(blanket->reserve_days),
                             sql_s(blanket->body),
                             sql_i(ctx->now)};
    return sql_run(ctx, SQL_BLANKET_INSERT, args, COUNT_OF(args), NULL);
}

err_t blanket_save(struct ctx *ctx, struct blanket *blanket)
{
    struct sql_arg args[] = {sql_i(blanket->state),
                             sql_i_or_null(blanket->company.v),
                             sql_i_or_null(blanket->customer.v),
                             sql_s(blanket->channel),
                             sql_s(str_from_cstr(blanket->currency)),
                             sql_i(blanket->total),
                             sql_s_or_null(blanket->po_number),
                             terms(blanket),
                             sql_i(blanket->reserve_days),
                             sql_s(blanket->body),
                             sql_i(ctx->now),
                             sql_i(blanket->id.v),
                             sql_i(blanket->version)};
    int64_t changed;
    TRY(sql_run(ctx, SQL_BLANKET_SAVE, args, COUNT_OF(args), &changed));
    if (changed != 1)
        return fail(ctx, ERR_RETRY, "version", "the blanket order was changed");
    blanket->version++;
    blanket->updated_at = ctx->now;
    return OK;
}

err_t blanket_sums(struct ctx *ctx, const struct blanket *all, size_t count,
                   struct blanket_sum *ret)
{
    struct sql_rows rows;
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count);
    struct map *by_id = map_open(ctx->arena, count);
    for (size_t i = 0; i < count; i++) {
        keys[i] = sql_i(all[i].id.v);
        ret[i] = (struct blanket_sum){.next_at = 0};
        map_set(by_id, (struct map_key){.a = all[i].id.v}, &ret[i]);
    }
    TRY(sql_list_distinct(ctx, SQL_BLANKET_SUM, keys, count, &rows));
    for (size_t i = 0; i < rows.count; i++) {
        struct blanket_sum *sum =
            map_find(by_id, (struct map_key){.a = sql_int(&rows, i, 0)});
        int64_t state = sql_int(&rows, i, 1);
        sum->count[state - 1] = sql_int(&rows, i, 2);
        if (state == RELEASE_PLANNED)
            sum->next_at = sql_int(&rows, i, 3);
    }
    return OK;
}

/* ---- releases ---- */

static void release_from_row(const struct sql_rows *rows, size_t i,
                             struct release *ret)
{
    *ret = (struct release){
        .n = sql_int(rows, i, 0),
        .state = (enum release_state)sql_int(rows, i, 1),
        .ship_at = sql_int(rows, i, 2),
        .try_at = sql_int(rows, i, 3),
        .draft = {sql_int(rows, i, 4)},
        .order = {sql_int(rows, i, 5)},
        .code = sql_str(rows, i, 6),
        .field = sql_str(rows, i, 7),
        .detail = sql_str(rows, i, 8),
        .doc = sql_str(rows, i, 9),
    };
}

err_t release_get(struct ctx *ctx, const struct release_key *key,
                  struct release *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(key->blanket.v), sql_i(key->n)};
    TRY(sql_one(ctx, SQL_RELEASE_ROW, args, COUNT_OF(args), "release", &rows));
    release_from_row(&rows, 0, ret);
    return OK;
}

err_t release_list(struct ctx *ctx, const struct release_key *after,
                   size_t limit, struct release **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(after->blanket.v), sql_i(after->n),
                             sql_i((int64_t)limit)};
    TRY(sql_list(ctx, SQL_RELEASE_PAGE, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, struct release, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        release_from_row(&rows, i, &(*ret)[i]);
    return OK;
}

err_t release_last(struct ctx *ctx, blanket_id id, int64_t *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_list(ctx, SQL_RELEASE_LAST, args, COUNT_OF(args), &rows));
    *ret = sql_int(&rows, 0, 0);
    return OK;
}

err_t release_insert(struct ctx *ctx, blanket_id id, const struct release *all,
                     size_t count)
{
    enum { PARAMS = 4 };
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * PARAMS);
    for (size_t i = 0; i < count; i++) {
        args[i * PARAMS] = sql_i(id.v);
        args[i * PARAMS + 1] = sql_i(all[i].n);
        args[i * PARAMS + 2] = sql_i(all[i].ship_at);
        args[i * PARAMS + 3] = sql_s_or_null(all[i].doc);
    }
    return sql_run_many(ctx, SQL_RELEASE_INSERT, args, PARAMS, count, NULL);
}

err_t release_save(struct ctx *ctx, blanket_id id,
                   const struct release *release)
{
    struct sql_arg args[] = {sql_i(release->state),
                             sql_i_or_null(release->try_at),
                             sql_i_or_null(release->draft.v),
                             sql_i_or_null(release->order.v),
                             sql_s_or_null(release->code),
                             sql_s_or_null(release->field),
                             sql_s_or_null(release->detail),
                             sql_i(id.v),
                             sql_i(release->n)};
    return sql_run(ctx, SQL_RELEASE_SAVE, args, COUNT_OF(args), NULL);
}

err_t release_start(struct ctx *ctx, const struct blanket *blanket)
{
    struct sql_arg past[] = {sql_i(blanket->id.v), sql_i(ctx->now)};
    struct sql_arg args[] = {sql_i(blanket->reserve_days * DAY_MS),
                             sql_i(blanket->id.v)};
    TRY(sql_run(ctx, SQL_RELEASE_SKIP_PAST, past, COUNT_OF(past), NULL));
    return sql_run(ctx, SQL_RELEASE_START, args, COUNT_OF(args), NULL);
}

static err_t run_on(struct ctx *ctx, int stmt, blanket_id id)
{
    struct sql_arg args[] = {sql_i(id.v)};
    return sql_run(ctx, stmt, args, COUNT_OF(args), NULL);
}

err_t release_stop(struct ctx *ctx, blanket_id id)
{
    return run_on(ctx, SQL_RELEASE_STOP, id);
}

err_t release_cancel(struct ctx *ctx, blanket_id id)
{
    return run_on(ctx, SQL_RELEASE_CANCEL, id);
}

err_t release_clear(struct ctx *ctx, blanket_id id)
{
    return run_on(ctx, SQL_RELEASE_CLEAR, id);
}

/* ---- what is due ---- */

err_t blanket_due(struct ctx *ctx, size_t limit, struct release_key **ret,
                  size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(ctx->now), sql_i((int64_t)limit)};
    TRY(sql_list(ctx, SQL_RELEASE_DUE, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, struct release_key, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i] =
            (struct release_key){{sql_int(&rows, i, 0)}, sql_int(&rows, i, 1)};
    return OK;
}

err_t blanket_next_due(struct ctx *ctx, utc_ms *ret)
{
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_RELEASE_NEXT_DUE, NULL, 0, &rows));
    *ret = sql_int(&rows, 0, 0);
    return OK;
}
