/* change_edit_store.c - changes of orders as rows. */
#include "base/arena.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/change/change_edit_action.h"
#include "oms/change/change_edit_sql.h"
#include "store/sql.h"

static void from_row(const struct sql_rows *rows, size_t row, struct edit *ret)
{
    str currency = sql_str(rows, row, 5);
    *ret = (struct edit){
        .id = {sql_int(rows, row, 0)},
        .order = {sql_int(rows, row, 1)},
        .state = (enum edit_state)sql_int(rows, row, 2),
        .order_version = sql_int(rows, row, 3),
        .confirmed_version = sql_int(rows, row, 4),
        .total_before = sql_int(rows, row, 6),
        .total_after = sql_int(rows, row, 7),
        .reason = sql_str(rows, row, 8),
        .answer = sql_str(rows, row, 9),
        .expires_at = sql_int(rows, row, 10),
        .version = sql_int(rows, row, 11),
        .created_at = sql_int(rows, row, 12),
        .updated_at = sql_int(rows, row, 13),
        .was = sql_str(rows, row, 14),
    };
    ASSERT(currency.len == 3);
    memcpy(ret->currency, currency.ptr, 3);
}

err_t edit_actions_read(struct ctx *ctx, struct edit *edit)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(edit->id.v)};
    TRY(sql_list(ctx, SQL_EDIT_ACTION_LIST, args, 1, &rows));
    edit->actions = arena_array(ctx->arena, struct edit_action, rows.count);
    edit->count = rows.count;
    for (size_t i = 0; i < rows.count; i++) {
        struct json_in *in;
        TRY(json_parse(ctx, sql_str(&rows, i, 2), &in));
        TRY(edit_action_from_json(ctx, in, edit->currency, &edit->actions[i]));
    }
    return OK;
}

err_t edit_order(struct ctx *ctx, order_change_id id, order_id *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_one(ctx, SQL_EDIT_ORDER, args, 1, "change", &rows));
    ret->v = sql_int(&rows, 0, 0);
    return OK;
}

err_t edit_count(struct ctx *ctx, order_id id, int64_t *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_list(ctx, SQL_EDIT_COUNT, args, 1, &rows));
    *ret = sql_int(&rows, 0, 0);
    return OK;
}

err_t edit_get(struct ctx *ctx, order_change_id id, struct edit *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_one(ctx, SQL_EDIT_ROW, args, 1, "change", &rows));
    from_row(&rows, 0, ret);
    return edit_actions_read(ctx, ret);
}

err_t edit_list(struct ctx *ctx, order_id id, struct edit **ret,
                size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_list(ctx, SQL_EDIT_OF_ORDER, args, 1, &rows));
    *ret = arena_array(ctx->arena, struct edit, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++) {
        from_row(&rows, i, &(*ret)[i]);
        TRY(edit_actions_read(ctx, &(*ret)[i]));
    }
    return OK;
}

err_t edit_insert(struct ctx *ctx, const struct edit *edit)
{
    struct sql_arg args[] = {sql_i(edit->id.v),
                             sql_i(id_bucket(edit->id.v)),
                             sql_i(edit->order.v),
                             sql_i(edit->state),
                             sql_i(edit->order_version),
                             sql_s(str_from_cstr(edit->currency)),
                             sql_s(edit->reason),
                             sql_i_or_null(edit->expires_at),
                             sql_i(ctx->now)};
    TRY(sql_run(ctx, SQL_EDIT_INSERT, args, COUNT_OF(args), NULL));
    return edit_actions_add(ctx, edit);
}

err_t edit_actions_add(struct ctx *ctx, const struct edit *edit)
{
    enum { PARAMS = 6 };
    struct sql_arg *rows =
        arena_array(ctx->arena, struct sql_arg, edit->count * PARAMS);
    struct sql_arg *at = rows;
    for (size_t i = 0; i < edit->count; i++) {
        *at++ = sql_i(edit->id.v);
        *at++ = sql_i((int64_t)i + 1);
        *at++ = sql_i(id_bucket(edit->id.v));
        *at++ = sql_i(edit->actions[i].type);
        *at++ = sql_i_or_null(edit->actions[i].line);
        *at++ = sql_s(edit->actions[i].doc);
    }
    return sql_run_many(ctx, SQL_EDIT_ACTION_INSERT, rows, PARAMS, edit->count,
                        NULL);
}

err_t edit_save(struct ctx *ctx, struct edit *edit)
{
    bool is_done = edit->state == EDIT_CONFIRMED;
    struct sql_arg args[] = {sql_i(edit->state),
                             is_done ? sql_i(edit->confirmed_version)
                                     : sql_null(),
                             is_done ? sql_i(edit->total_before) : sql_null(),
                             is_done ? sql_i(edit->total_after) : sql_null(),
                             sql_s_or_null(edit->answer),
                             sql_s_or_null(edit->was),
                             sql_i(ctx->now),
                             sql_i(edit->id.v),
                             sql_i(edit->version)};
    int64_t changed;
    TRY(sql_run(ctx, SQL_EDIT_SAVE, args, COUNT_OF(args), &changed));
    if (changed != 1)
        return fail(ctx, ERR_RETRY, "version", "the change was changed");
    edit->version += 1;
    edit->updated_at = ctx->now;
    return OK;
}

err_t edit_due(struct ctx *ctx, size_t limit, order_change_id **ret,
               size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(ctx->now), sql_i((int64_t)limit)};
    TRY(sql_list(ctx, SQL_EDIT_DUE, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, order_change_id, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i].v = sql_int(&rows, i, 0);
    return OK;
}

err_t edit_next_due(struct ctx *ctx, utc_ms *ret)
{
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_EDIT_NEXT_DUE, NULL, 0, &rows));
    *ret = sql_int(&rows, 0, 0);
    return OK;
}
