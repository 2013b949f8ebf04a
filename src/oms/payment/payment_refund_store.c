/* payment_refund_store.c - refunds as rows. */
#include "oms/payment/payment_refund_store.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "oms/payment/payment_refund_sql.h"
#include "store/sql.h"

static void from_row(const struct sql_rows *rows, size_t row,
                     struct refund *ret)
{
    str currency = sql_str(rows, row, 3);
    *ret = (struct refund){
        .id = {sql_int(rows, row, 0)},
        .order = {sql_int(rows, row, 1)},
        .state = (enum refund_state)sql_int(rows, row, 2),
        .amount = sql_int(rows, row, 4),
        .shipping = sql_int(rows, row, 5),
        .shipping_tax = sql_int(rows, row, 6),
        .fees = sql_int(rows, row, 7),
        .fees_tax = sql_int(rows, row, 8),
        .allowance = sql_int(rows, row, 9),
        .reason = sql_str(rows, row, 10),
        .reference = sql_str(rows, row, 11),
        .version = sql_int(rows, row, 12),
        .created_at = sql_int(rows, row, 13),
        .updated_at = sql_int(rows, row, 14),
        .credit_to = {sql_int(rows, row, 15)},
    };
    ASSERT(currency.len == 3);
    memcpy(ret->currency, currency.ptr, 3);
}

static err_t read_rest(struct ctx *ctx, struct refund *refund)
{
    struct sql_rows lines, parts;
    struct sql_arg args[] = {sql_i(refund->id.v)};
    TRY(sql_list(ctx, SQL_REFUND_LINE_LIST, args, 1, &lines));
    TRY(sql_list(ctx, SQL_REFUND_PART_LIST, args, 1, &parts));
    refund->lines = arena_array(ctx->arena, struct refund_line, lines.count);
    refund->line_count = lines.count;
    for (size_t i = 0; i < lines.count; i++)
        refund->lines[i] =
            (struct refund_line){sql_int(&lines, i, 0), sql_int(&lines, i, 1),
                                 sql_int(&lines, i, 2), sql_int(&lines, i, 3)};
    refund->parts = arena_array(ctx->arena, struct refund_part, parts.count);
    refund->part_count = parts.count;
    for (size_t i = 0; i < parts.count; i++)
        refund->parts[i] =
            (struct refund_part){{sql_int(&parts, i, 0)},
                                 sql_int(&parts, i, 1),
                                 (enum payment_tender)sql_int(&parts, i, 2),
                                 (enum refund_state)sql_int(&parts, i, 3)};
    return OK;
}

err_t refund_get(struct ctx *ctx, refund_id id, struct refund *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_one(ctx, SQL_REFUND_ROW, args, 1, "refund", &rows));
    from_row(&rows, 0, ret);
    return read_rest(ctx, ret);
}

err_t refund_list(struct ctx *ctx, order_id order, struct refund **ret,
                  size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(order.v)};
    TRY(sql_list(ctx, SQL_REFUND_OF_ORDER, args, 1, &rows));
    *ret = arena_array(ctx->arena, struct refund, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++) {
        from_row(&rows, i, &(*ret)[i]);
        TRY(read_rest(ctx, &(*ret)[i]));
    }
    return OK;
}

static err_t insert_lines(struct ctx *ctx, const struct refund *refund)
{
    enum { PARAMS = 6 };
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, refund->line_count * PARAMS);
    struct sql_arg *at = args;
    for (size_t i = 0; i < refund->line_count; i++) {
        *at++ = sql_i(refund->id.v);
        *at++ = sql_i(refund->lines[i].n);
        *at++ = sql_i(id_bucket(refund->id.v));
        *at++ = sql_i(refund->lines[i].qty);
        *at++ = sql_i(refund->lines[i].amount);
        *at++ = sql_i(refund->lines[i].tax);
    }
    return sql_run_many(ctx, SQL_REFUND_LINE_INSERT, args, PARAMS,
                        refund->line_count, NULL);
}

static err_t insert_parts(struct ctx *ctx, const struct refund *refund)
{
    enum { PARAMS = 5 };
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, refund->part_count * PARAMS);
    struct sql_arg *at = args;
    for (size_t i = 0; i < refund->part_count; i++) {
        *at++ = sql_i(refund->id.v);
        *at++ = sql_i(refund->parts[i].payment.v);
        *at++ = sql_i(id_bucket(refund->id.v));
        *at++ = sql_i(refund->parts[i].state);
        *at++ = sql_i(refund->parts[i].amount);
    }
    return sql_run_many(ctx, SQL_REFUND_PART_INSERT, args, PARAMS,
                        refund->part_count, NULL);
}

err_t refund_insert(struct ctx *ctx, const struct refund *refund)
{
    struct sql_arg args[] = {
        sql_i(refund->id.v),
        sql_i(id_bucket(refund->id.v)),
        sql_i(refund->order.v),
        sql_i(refund->state),
        sql_s(str_from_cstr(refund->currency)),
        sql_i(refund->amount),
        sql_i(refund->shipping),
        sql_i(refund->shipping_tax),
        sql_i(refund->fees),
        sql_i(refund->fees_tax),
        sql_i(refund->allowance),
        sql_i_or_null(refund->credit_to.v),
        sql_s_or_null(refund->reason),
        sql_s_or_null(refund->reference),
        sql_i(ctx->now),
    };
    TRY(sql_run(ctx, SQL_REFUND_INSERT, args, COUNT_OF(args), NULL));
    TRY(insert_lines(ctx, refund));
    return insert_parts(ctx, refund);
}

err_t refund_save(struct ctx *ctx, struct refund *refund)
{
    struct sql_arg args[] = {sql_i(refund->state),
                             sql_i(refund->amount),
                             sql_s_or_null(refund->reference),
                             sql_i(ctx->now),
                             sql_i(refund->id.v),
                             sql_i(refund->version)};
    int64_t changed;
    TRY(sql_run(ctx, SQL_REFUND_SAVE, args, COUNT_OF(args), &changed));
    if (changed != 1)
        return fail(ctx, ERR_RETRY, "version", "the refund was changed");
    for (size_t i = 0; i < refund->part_count; i++) {
        struct sql_arg part[] = {
            sql_i(refund->parts[i].state), sql_i(refund->parts[i].amount),
            sql_i(refund->id.v), sql_i(refund->parts[i].payment.v)};
        TRY(sql_run(ctx, SQL_REFUND_PART_SAVE, part, COUNT_OF(part), NULL));
    }
    refund->version++;
    refund->updated_at = ctx->now;
    return OK;
}

err_t refund_count(struct ctx *ctx, order_id order, int64_t *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(order.v)};
    TRY(sql_list(ctx, SQL_REFUND_COUNT, args, 1, &rows));
    *ret = sql_int(&rows, 0, 0);
    return OK;
}

err_t refund_pending_list(struct ctx *ctx, order_id order,
                          struct refund_pending **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(order.v)};
    TRY(sql_list(ctx, SQL_REFUND_PENDING_LIST, args, 1, &rows));
    *ret = arena_array(ctx->arena, struct refund_pending, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i] = (struct refund_pending){{sql_int(&rows, i, 0)},
                                            sql_int(&rows, i, 1)};
    return OK;
}
