/* change_score_store.c - rules of channels, scores, and keys as rows. */
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/change/change_score.h"
#include "oms/change/change_score_sql.h"
#include "store/sql.h"

static err_t from_row(struct ctx *ctx, const struct sql_rows *rows, size_t i,
                      struct score_policy *ret)
{
    struct json_in *in;
    TRY(json_parse(ctx, sql_str(rows, i, 2), &in));
    TRY(score_policy_from_json(ctx, in, ret));
    ret->channel.v = sql_int(rows, i, 0);
    ret->is_active = sql_int(rows, i, 1) != 0;
    ret->version = sql_int(rows, i, 3);
    ret->updated_at = sql_int(rows, i, 4);
    return OK;
}

err_t score_policy_find(struct ctx *ctx, channel_id channel,
                        struct score_policy *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(channel.v)};
    *ret = (struct score_policy){.channel = channel};
    TRY(sql_list(ctx, SQL_SCORE_POLICY_ROW, args, 1, &rows));
    return rows.count == 0 ? OK : from_row(ctx, &rows, 0, ret);
}

err_t score_policy_active(struct ctx *ctx, struct score_policy **ret,
                          size_t *ret_count)
{
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_SCORE_POLICY_ACTIVE, NULL, 0, &rows));
    *ret = arena_array(ctx->arena, struct score_policy, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        TRY(from_row(ctx, &rows, i, &(*ret)[i]));
    return OK;
}

static str doc_of(struct ctx *ctx, const struct score_policy *policy)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, LIMIT_ARENA_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    score_policy_write(policy, &out);
    json_end_object(&out);
    return buf_str(&buf);
}

err_t score_policy_save(struct ctx *ctx, const struct score_policy *policy)
{
    int64_t changed = 0;
    struct sql_arg insert[] = {sql_i(policy->channel.v),
                               sql_i(policy->is_active),
                               sql_s(doc_of(ctx, policy)), sql_i(ctx->now)};
    struct sql_arg save[] = {insert[1], insert[2], insert[3], insert[0],
                             sql_i(policy->version - 1)};
    if (policy->version == 1)
        return sql_run(ctx, SQL_SCORE_POLICY_INSERT, insert, COUNT_OF(insert),
                       NULL);
    TRY(sql_run(ctx, SQL_SCORE_POLICY_SAVE, save, COUNT_OF(save), &changed));
    if (changed != 1)
        return fail(ctx, ERR_RETRY, "version", "the rules were changed");
    return OK;
}

static err_t list(struct ctx *ctx, order_id id, struct sql_rows *ret)
{
    struct sql_arg args[] = {sql_i(id_bucket(id.v)), sql_i(id.v)};
    return sql_list(ctx, SQL_SCORE_ROW, args, COUNT_OF(args), ret);
}

err_t score_is_there(struct ctx *ctx, order_id id, bool *ret)
{
    struct sql_rows rows;
    TRY(list(ctx, id, &rows));
    *ret = rows.count > 0;
    return OK;
}

err_t score_get(struct ctx *ctx, order_id id, struct order_score *ret)
{
    struct sql_rows rows;
    TRY(list(ctx, id, &rows));
    if (rows.count == 0)
        return fail(ctx, ERR_NOT_FOUND, "id", "the order was not scored");
    *ret = (struct order_score){.order = {sql_int(&rows, 0, 0)},
                                .score = sql_int(&rows, 0, 1),
                                .threshold = sql_int(&rows, 0, 2),
                                .policy_version = sql_int(&rows, 0, 3),
                                .hits = sql_str(&rows, 0, 4),
                                .hold = {sql_int(&rows, 0, 5)},
                                .created_at = sql_int(&rows, 0, 6)};
    return OK;
}

err_t score_insert(struct ctx *ctx, const struct order_score *score)
{
    struct sql_arg args[] = {
        sql_i(score->order.v),        sql_i(id_bucket(score->order.v)),
        sql_i(score->score),          sql_i(score->threshold),
        sql_i(score->policy_version), sql_s(score->hits),
        sql_i_or_null(score->hold.v), sql_i(ctx->now)};
    return sql_run(ctx, SQL_SCORE_INSERT, args, COUNT_OF(args), NULL);
}

/* ---- what is counted ---- */

static struct sql_arg bucket_of(int64_t key)
{
    return sql_i(key / 2 % ID_BUCKETS); /* All keys are odd. */
}

err_t score_keys_add(struct ctx *ctx, order_id id, utc_ms at,
                     const struct score_facts *facts)
{
    for (int i = 0; i < SCORE_KEYS; i++) {
        int64_t key = facts->keys[i];
        struct sql_arg args[] = {sql_i(key), sql_i(at), sql_i(id.v),
                                 bucket_of(key)};
        if (key != 0)
            TRY(sql_run(ctx, SQL_SCORE_KEY_ADD, args, COUNT_OF(args), NULL));
    }
    return OK;
}

err_t score_keys_count(struct ctx *ctx, int64_t key, utc_ms from, utc_ms to,
                       int64_t *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {bucket_of(key), sql_i(key), sql_i(from),
                             sql_i(to)};
    TRY(sql_list(ctx, SQL_SCORE_KEY_COUNT, args, COUNT_OF(args), &rows));
    *ret = sql_int(&rows, 0, 0);
    return OK;
}

err_t score_keys_drop(struct ctx *ctx, utc_ms before, size_t limit,
                      int64_t *ret_count)
{
    struct sql_arg args[] = {sql_i(before), sql_i((int64_t)limit)};
    return sql_run(ctx, SQL_SCORE_KEY_DROP, args, COUNT_OF(args), ret_count);
}

/* ---- past orders ---- */

static int newest_first(const void *a, const void *b)
{
    int64_t x = ((const order_id *)a)->v, y = ((const order_id *)b)->v;
    return (x < y) - (x > y);
}

err_t score_orders(struct ctx *ctx, channel_id channel, size_t limit,
                   order_id **ret, size_t *ret_count)
{
    static const enum order_status statuses[] = {
        ORDER_PENDING, ORDER_CONFIRMED, ORDER_COMPLETED, ORDER_CANCELLED};
    order_id *all =
        arena_array(ctx->arena, order_id, limit * COUNT_OF(statuses));
    size_t n = 0;
    for (size_t i = 0; i < COUNT_OF(statuses); i++) {
        struct sql_rows rows;
        struct sql_arg args[] = {sql_i(channel.v), sql_i(statuses[i]),
                                 sql_i((int64_t)limit)};
        TRY(sql_list(ctx, SQL_SCORE_ORDERS, args, COUNT_OF(args), &rows));
        for (size_t j = 0; j < rows.count; j++)
            all[n++].v = sql_int(&rows, j, 0);
    }
    qsort(all, n, sizeof *all, newest_first);
    *ret = all;
    *ret_count = n < limit ? n : limit;
    return OK;
}
