/* customer_merge.c - the command that makes one customer of two. */
#include "base/arena.h"
#include "base/money.h"
#include "base/str.h"
#include "oms/customer/customer_change.h"
#include "oms/customer/customer_orders.h"
#include "oms/customer/customer_sql.h"
#include "store/sql.h"

/* Both rows, locked in order of id, as others lock them. */
static err_t lock_both(struct ctx *ctx, const struct merge_cmd *cmd,
                       struct customer *winner, struct customer *loser)
{
    bool is_winner_first = cmd->winner.v < cmd->loser.v;
    if (is_winner_first)
        TRY(customer_lock(ctx, cmd->winner, cmd->version, winner));
    TRY(customer_lock(ctx, cmd->loser, cmd->loser_version, loser));
    if (!is_winner_first)
        TRY(customer_lock(ctx, cmd->winner, cmd->version, winner));
    return OK;
}

static err_t move(struct ctx *ctx, int stmt, const struct merge_cmd *cmd)
{
    struct sql_arg args[] = {sql_i(cmd->winner.v), sql_i(cmd->loser.v)};
    return sql_run(ctx, stmt, args, COUNT_OF(args), NULL);
}

static err_t move_keys(struct ctx *ctx, const struct merge_cmd *cmd)
{
    struct customer_key *keys, *more;
    size_t count, more_count;
    TRY(customer_key_list(ctx, cmd->winner, &keys, &count));
    TRY(customer_key_list(ctx, cmd->loser, &more, &more_count));
    if (count + more_count > LIMIT_CUSTOMER_KEYS)
        return fail_as(ctx, ERR_STATE, "too_many", "from",
                       "both go by %zu keys together; the limit is %d",
                       count + more_count, LIMIT_CUSTOMER_KEYS);
    int64_t last_n = count > 0 ? keys[count - 1].n : 0;
    struct sql_arg args[] = {sql_i(cmd->winner.v), sql_i(last_n),
                             sql_i(cmd->loser.v)};
    return sql_run(ctx, SQL_CUSTOMER_KEY_MOVE, args, COUNT_OF(args), NULL);
}

/* The winner's defaults stay; the loser's addresses follow as more of them. */
static err_t move_addresses(struct ctx *ctx, const struct merge_cmd *cmd)
{
    enum { PARAMS = 5 };
    struct sql_rows rows, more;
    struct sql_arg winner[] = {sql_i(cmd->winner.v)};
    struct sql_arg loser[] = {sql_i(cmd->loser.v)};
    TRY(sql_list(ctx, SQL_CUSTOMER_ADDRESS_LIST, winner, 1, &rows));
    TRY(sql_list(ctx, SQL_CUSTOMER_ADDRESS_LIST, loser, 1, &more));
    if (rows.count + more.count > LIMIT_CUSTOMER_ADDRESSES)
        return fail_as(ctx, ERR_STATE, "too_many", "from",
                       "both have %zu addresses together; the limit is %d",
                       rows.count + more.count, LIMIT_CUSTOMER_ADDRESSES);
    int64_t n = rows.count > 0 ? sql_int(&rows, rows.count - 1, 0) : 0;
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, more.count * PARAMS);
    struct sql_arg *to = args;
    for (size_t i = 0; i < more.count; i++) {
        *to++ = sql_i(cmd->winner.v);
        *to++ = sql_i(++n);
        *to++ = sql_i(rows.count == 0 && sql_int(&more, i, 1));
        *to++ = sql_i(rows.count == 0 && sql_int(&more, i, 2));
        *to++ = sql_s(sql_str(&more, i, 3));
    }
    TRY(sql_run_many(ctx, SQL_CUSTOMER_ADDRESS_ADD, args, PARAMS, more.count,
                     NULL));
    return sql_run(ctx, SQL_CUSTOMER_ADDRESS_CLEAR, loser, 1, NULL);
}

static err_t move_doubles(struct ctx *ctx, const struct merge_cmd *cmd)
{
    struct sql_arg loser[] = {sql_i(cmd->loser.v)};
    TRY(move(ctx, SQL_CUSTOMER_DOUBLE_INHERIT, cmd));
    TRY(move(ctx, SQL_CUSTOMER_DOUBLE_INHERIT_BACK, cmd));
    return sql_run(ctx, SQL_CUSTOMER_DOUBLE_REMOVE, loser, 1, NULL);
}

err_t customer_merge(struct ctx *ctx, const struct merge_cmd *cmd,
                     struct customer *ret)
{
    ASSERT(ctx->tx != NULL && cmd->version > 0 && cmd->loser_version > 0);
    struct customer winner = {0}, loser;
    if (cmd->winner.v == cmd->loser.v)
        return fail_as(ctx, ERR_INVALID, "same_customer", "from",
                       "must be another customer");
    TRY(lock_both(ctx, cmd, &winner, &loser));
    TRY(move_keys(ctx, cmd));
    TRY(move_addresses(ctx, cmd));
    TRY(move(ctx, SQL_CUSTOMER_CONSENT_MOVE, cmd));
    TRY(move(ctx, SQL_CUSTOMER_NOTE_MOVE, cmd));
    TRY(move_doubles(ctx, cmd));
    TRY(move(ctx, SQL_CUSTOMER_FOLLOW, cmd));
    TRY(customer_orders_move(ctx, cmd->winner, cmd->loser));
    if (winner.name.len == 0)
        winner.name = loser.name;
    loser.merged_into = cmd->winner;
    TRY(customer_save(ctx, &loser, "customer.merged"));
    TRY(customer_save(ctx, &winner, "customer.changed"));
    ASSERT(loser.merged_into.v == winner.id.v);
    *ret = winner;
    return OK;
}
