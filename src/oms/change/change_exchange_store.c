/* change_exchange_store.c - exchanges as rows. */
#include <stdlib.h>

#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "oms/change/change_edit_action.h"
#include "oms/change/change_exchange.h"
#include "oms/change/change_exchange_sql.h"
#include "store/sql.h"

static err_t from_row(struct ctx *ctx, const struct sql_rows *rows, size_t row,
                      struct exchange *ret)
{
    str currency = sql_str(rows, row, 5);
    *ret = (struct exchange){
        .edit = {.id = {sql_int(rows, row, 0)},
                 .order = {sql_int(rows, row, 1)},
                 .order_version = sql_int(rows, row, 4),
                 .reason = sql_str(rows, row, 6),
                 .confirmed_version = sql_int(rows, row, 8),
                 .total_before = sql_int(rows, row, 9),
                 .total_after = sql_int(rows, row, 10),
                 .version = sql_int(rows, row, 13),
                 .created_at = sql_int(rows, row, 14),
                 .updated_at = sql_int(rows, row, 15)},
        .rma = {sql_int(rows,                           row,           2)  },
        .state = (enum exchange_state)sql_int(rows, row, 3),
        .first_line = sql_int(rows, row, 7),
        .settled_at = sql_int(rows, row, 11),
        .is_unsettled = sql_int(rows, row, 12) != 0,
        .is_replacement = sql_int(rows, row, 16) != 0,
        .refused = sql_str(rows, row, 17),
    };
    ASSERT(currency.len == 3);
    memcpy(ret->edit.currency, currency.ptr, 3);
    return edit_actions_read(ctx, &ret->edit);
}

err_t exchange_get(struct ctx *ctx, exchange_id id, struct exchange *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_one(ctx, SQL_EXCHANGE_ROW, args, 1, "exchange", &rows));
    return from_row(ctx, &rows, 0, ret);
}

err_t exchange_list(struct ctx *ctx, order_id id, struct exchange **ret,
                    size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_list(ctx, SQL_EXCHANGE_OF_ORDER, args, 1, &rows));
    *ret = arena_array(ctx->arena, struct exchange, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        TRY(from_row(ctx, &rows, i, &(*ret)[i]));
    return OK;
}

err_t exchange_insert(struct ctx *ctx, const struct exchange *at)
{
    const struct edit *edit = &at->edit;
    struct sql_arg args[] = {sql_i(edit->id.v),
                             sql_i(id_bucket(edit->id.v)),
                             sql_i(edit->order.v),
                             sql_i(at->rma.v),
                             sql_i(at->state),
                             sql_i(edit->order_version),
                             sql_s(str_from_cstr(edit->currency)),
                             sql_s(edit->reason),
                             sql_i(ctx->now)};
    TRY(sql_run(ctx, SQL_EXCHANGE_INSERT, args, COUNT_OF(args), NULL));
    return edit_actions_add(ctx, edit);
}

err_t exchange_save(struct ctx *ctx, struct exchange *at)
{
    struct edit *edit = &at->edit;
    bool is_done = at->first_line > 0;
    struct sql_arg args[] = {sql_i(at->state),
                             sql_i_or_null(at->first_line),
                             sql_i_or_null(edit->confirmed_version),
                             is_done ? sql_i(edit->total_before) : sql_null(),
                             is_done ? sql_i(edit->total_after) : sql_null(),
                             sql_i_or_null(at->settled_at),
                             sql_i(at->is_unsettled),
                             sql_i(ctx->now),
                             sql_i(edit->id.v),
                             sql_i(edit->version)};
    int64_t changed;
    TRY(sql_run(ctx, SQL_EXCHANGE_SAVE, args, COUNT_OF(args), &changed));
    if (changed != 1)
        return fail(ctx, ERR_RETRY, "version", "the exchange was changed");
    edit->version += 1;
    edit->updated_at = ctx->now;
    return OK;
}

err_t exchange_refuse(struct ctx *ctx, exchange_id id, str code)
{
    struct sql_arg args[] = {sql_s(code), sql_i(id.v)};
    return sql_run(ctx, SQL_EXCHANGE_REFUSE, args, COUNT_OF(args), NULL);
}

static int by_order(const void *a, const void *b)
{
    const struct exchange_key *x = a, *y = b;
    if (x->order != y->order)
        return x->order < y->order ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

err_t exchange_find(struct ctx *ctx, const int64_t *subjects, size_t count,
                    struct exchange_key **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count);
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        keys[i] = sql_i(subjects[i]);
    TRY(sql_list_distinct(ctx, SQL_EXCHANGE_OPEN, keys, count, &rows));
    struct exchange_key *at =
        arena_array(ctx->arena, struct exchange_key, rows.count);
    for (size_t i = 0; i < rows.count; i++)
        at[i] = (struct exchange_key){.id = sql_int(&rows, i, 0),
                                      .order = sql_int(&rows, i, 1)};
    if (rows.count > 1)
        qsort(at, rows.count, sizeof *at, by_order);
    for (size_t i = 0; i < rows.count; i++)
        if (n == 0 || at[n - 1].id != at[i].id)
            at[n++] = at[i];
    *ret = at;
    *ret_count = n;
    return OK;
}
