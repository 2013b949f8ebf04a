/* channel_store.c - rows of channels. */
#include "oms/channel/channel_store.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "oms/channel/channel_sql.h"
#include "store/sql.h"

static void read_channel(const struct sql_rows *rows, size_t i,
                         struct channel *ret)
{
    *ret = (struct channel){
        .id = {sql_int(rows, i, 0)},
        .code = sql_str(rows, i, 1),
        .name = sql_str(rows, i, 2),
        .type = (enum channel_type)sql_int(rows, i, 3),
        .brand = sql_str(rows, i, 4),
        .tz = sql_str(rows, i, 6),
        .tax_mode = (enum tax_mode)sql_int(rows, i, 7),
        .rounding = (enum rounding)sql_int(rows, i, 8),
        .stock_policy = (enum stock_policy)sql_int(rows, i, 9),
        .number_prefix = sql_str(rows, i, 10),
        .is_active = sql_int(rows, i, 11) != 0,
        .attrs = sql_str(rows, i, 12),
        .version = sql_int(rows, i, 13),
        .created_at = sql_int(rows, i, 14),
        .payment_release = (enum payment_release)sql_int(rows, i, 15),
        .taxes = (enum tax_source)sql_int(rows, i, 16),
        .tax_round = (enum tax_round)sql_int(rows, i, 17),
        .tax_country = sql_str(rows, i, 18),
        .tax_region = sql_str(rows, i, 19),
        .tax_postal_code = sql_str(rows, i, 20),
        .payment_capture = (enum payment_capture)sql_int(rows, i, 21),
    };
    str currency = sql_str(rows, i, 5);
    ASSERT(currency.len == 3);
    memcpy(ret->currency, currency.ptr, 3);
}

static struct channel *read_channels(struct ctx *ctx,
                                     const struct sql_rows *rows)
{
    struct channel *channels =
        arena_array(ctx->arena, struct channel, rows->count);
    for (size_t i = 0; i < rows->count; i++)
        read_channel(rows, i, &channels[i]);
    return channels;
}

err_t channel_list_codes(struct ctx *ctx, const str *codes, size_t count,
                         struct channel **ret, size_t *ret_count)
{
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count);
    for (size_t i = 0; i < count; i++)
        keys[i] = sql_s(codes[i]);
    struct sql_rows rows;
    TRY(sql_list_distinct(ctx, SQL_CHANNEL_BY_CODE, keys, count, &rows));
    *ret = read_channels(ctx, &rows);
    *ret_count = rows.count;
    return OK;
}

err_t channel_find(struct ctx *ctx, str code, struct channel *ret, bool *found)
{
    struct channel *channels;
    size_t count;
    TRY(channel_list_codes(ctx, &code, 1, &channels, &count));
    *found = count == 1;
    if (*found)
        *ret = channels[0];
    return OK;
}

static err_t row_one(struct ctx *ctx, int stmt, channel_id id,
                     struct channel *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_one(ctx, stmt, args, COUNT_OF(args), "channel", &rows));
    read_channel(&rows, 0, ret);
    return OK;
}

err_t channel_get(struct ctx *ctx, channel_id id, struct channel *ret)
{
    return row_one(ctx, SQL_CHANNEL_ROW, id, ret);
}

err_t channel_row_lock(struct ctx *ctx, channel_id id, struct channel *ret)
{
    return row_one(ctx, SQL_CHANNEL_LOCK, id, ret);
}

err_t channel_page(struct ctx *ctx, const struct channel_filter *filter,
                   struct channel **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {
        sql_i(filter->after),
        sql_s(filter->code),
        sql_i(filter->type),
        sql_i((int64_t)filter->limit),
    };
    TRY(sql_list(ctx, SQL_CHANNEL_PAGE, args, COUNT_OF(args), &rows));
    *ret = read_channels(ctx, &rows);
    *ret_count = rows.count;
    return OK;
}

err_t channel_row_add(struct ctx *ctx, const struct channel *channel,
                      int64_t *ret_added)
{
    struct sql_arg args[] = {
        sql_i(channel->id.v),
        sql_s(channel->code),
        sql_s(channel->name),
        sql_i(channel->type),
        sql_s(channel->brand),
        sql_s(str_from_cstr(channel->currency)),
        sql_s(channel->tz),
        sql_i(channel->tax_mode),
        sql_i(channel->rounding),
        sql_i(channel->stock_policy),
        sql_s(channel->number_prefix),
        sql_i(channel->is_active),
        sql_s(channel->attrs),
        sql_i(channel->created_at),
        sql_i(channel->payment_release),
        sql_i(channel->taxes),
        sql_i(channel->tax_round),
        sql_s_or_null(channel->tax_country),
        sql_s_or_null(channel->tax_region),
        sql_s_or_null(channel->tax_postal_code),
        sql_i(channel->payment_capture),
    };
    TRY(sql_run(ctx, SQL_CHANNEL_ADD, args, COUNT_OF(args), ret_added));
    if (*ret_added == 0)
        return OK;
    struct sql_arg id[] = {sql_i(channel->id.v)};
    return sql_run(ctx, SQL_CHANNEL_NUMBERS_OPEN, id, COUNT_OF(id), NULL);
}

err_t channel_row_save(struct ctx *ctx, struct channel *channel)
{
    struct sql_arg args[] = {
        sql_s(channel->name),
        sql_i(channel->type),
        sql_s(channel->brand),
        sql_s(channel->tz),
        sql_i(channel->tax_mode),
        sql_i(channel->rounding),
        sql_i(channel->stock_policy),
        sql_s(channel->number_prefix),
        sql_i(channel->is_active),
        sql_s(channel->attrs),
        sql_i(channel->payment_release),
        sql_i(channel->taxes),
        sql_i(channel->tax_round),
        sql_s_or_null(channel->tax_country),
        sql_s_or_null(channel->tax_region),
        sql_s_or_null(channel->tax_postal_code),
        sql_i(channel->payment_capture),
        sql_i(channel->id.v),
        sql_i(channel->version),
    };
    int64_t changed;
    TRY(sql_run(ctx, SQL_CHANNEL_SAVE, args, COUNT_OF(args), &changed));
    if (changed != 1)
        return ERR_RETRY;
    channel->version += 1;
    return OK;
}

err_t channel_stamp(struct ctx *ctx)
{
    struct sql_arg arg = sql_i(id_next(ctx->ids, ctx->now, 0));
    return sql_run(ctx, SQL_CHANNEL_STAMP, &arg, 1, NULL);
}

err_t channel_take_numbers(struct ctx *ctx, channel_id id, int64_t count,
                           int64_t *ret_first)
{
    ASSERT(count > 0);
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(count), sql_i(id.v)};
    TRY(sql_list(ctx, SQL_CHANNEL_NUMBERS_TAKE, args, COUNT_OF(args), &rows));
    if (rows.count != 1)
        return fail(ctx, ERR_INTERNAL, "", "channel %lld has no numbers",
                    (long long)id.v);
    *ret_first = sql_int(&rows, 0, 0) - count;
    return OK;
}
