/* shipping_shop.c - labels whose carriers are asked for prices first. */
#include "oms/shipping/shipping_shop_int.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/money.h"
#include "base/str.h"
#include "oms/shipping/shipping_service.h"
#include "oms/shipping/shipping_shop_sql.h"
#include "oms/vendor.h"
#include "store/sql.h"

enum { LIVE_MAX = 10, POSTPONE_MS = 60000 };

/* ---- who is asked ---- */

bool shop_is_live(struct ctx *ctx, const struct account *account)
{
    struct carrier_habits habits = {0};
    if (account->carrier->habits)
        account->carrier->habits(ctx, account->settings, &habits);
    return habits.has_rates;
}

static err_t has_service(struct ctx *ctx, const struct account *account,
                         str service, bool *ret)
{
    struct service *services;
    size_t count;
    TRY(service_list(ctx, account->services, &services, &count));
    *ret = false;
    for (size_t i = 0; i < count; i++)
        *ret |= service.len == 0 || str_equal(services[i].code, service);
    return OK;
}

err_t shop_live(struct ctx *ctx, const struct label_cmd *cmd,
                struct account **ret, size_t *ret_count)
{
    struct account *rows;
    size_t count;
    *ret_count = 0;
    if (cmd->account.len && cmd->service.len)
        return OK;
    TRY(account_page(ctx, (carrier_account_id){0}, LIMIT_VENDOR_ACCOUNTS, &rows,
                     &count));
    for (size_t i = 0; i < count && *ret_count < LIVE_MAX; i++) {
        bool is_asked = rows[i].is_active && shop_is_live(ctx, &rows[i]);
        if (cmd->account.len && !str_equal(cmd->account, rows[i].code))
            is_asked = false;
        if (is_asked)
            TRY(has_service(ctx, &rows[i], cmd->service, &is_asked));
        if (is_asked)
            rows[(*ret_count)++] = rows[i];
    }
    *ret = rows;
    return OK;
}

err_t shop_begin(struct ctx *ctx, const struct label_cmd *cmd, label_id id,
                 const struct account *live, size_t count)
{
    struct sql_arg args[] = {
        sql_i(id.v),
        sql_i(id_bucket(id.v)),
        sql_s(cmd->account),
        sql_s(cmd->service),
        sql_i(cmd->mode ? cmd->mode : SHOP_CHEAPEST),
        sql_i(ctx->now + SHOP_WAIT_MS),
    };
    TRY(sql_run(ctx, SQL_WISH_ADD, args, COUNT_OF(args), NULL));
    for (size_t i = 0; i < count; i++)
        TRY(call_want(ctx, CARRIER_RATE, id.v, live[i].id));
    return OK;
}

/* ---- the wish ---- */

static err_t wish_of(struct ctx *ctx, label_id id, struct label_cmd *ret,
                     bool *ret_is_there)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_list(ctx, SQL_WISH_ROW, args, COUNT_OF(args), &rows));
    *ret_is_there = rows.count > 0;
    if (rows.count > 0)
        *ret = (struct label_cmd){.account = sql_str(&rows, 0, 0),
                                  .service = sql_str(&rows, 0, 1),
                                  .mode = (int)sql_int(&rows, 0, 2)};
    return OK;
}

err_t shop_is_over(struct ctx *ctx, label_id id, bool *ret)
{
    struct label_cmd wish;
    bool is_there;
    TRY(wish_of(ctx, id, &wish, &is_there));
    *ret = !is_there;
    return OK;
}

err_t shop_drop(struct ctx *ctx, label_id id)
{
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_run(ctx, SQL_WISH_DROP, args, COUNT_OF(args), NULL));
    return sql_run(ctx, SQL_LIVE_RATE_DROP, args, COUNT_OF(args), NULL);
}

err_t shop_due(struct ctx *ctx, size_t limit, label_id **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(ctx->now), sql_i((int64_t)limit)};
    TRY(sql_list(ctx, SQL_WISH_DUE, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, label_id, rows.count + 1);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i].v = sql_int(&rows, i, 0);
    return OK;
}

err_t shop_next_at(struct ctx *ctx, utc_ms *ret)
{
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_WISH_NEXT_AT, NULL, 0, &rows));
    *ret = sql_is_null(&rows, 0, 0) ? 0 : sql_int(&rows, 0, 0);
    return OK;
}

err_t shop_postpone(struct ctx *ctx, label_id id)
{
    struct sql_arg args[] = {sql_i(ctx->now + POSTPONE_MS), sql_i(id.v)};
    return sql_run(ctx, SQL_WISH_WAIT, args, COUNT_OF(args), NULL);
}

/* ---- the choice ---- */

static err_t list_live(struct ctx *ctx, label_id id, struct live_rates *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_list(ctx, SQL_LIVE_RATE_LIST, args, COUNT_OF(args), &rows));
    struct live_rate *all =
        arena_array(ctx->arena, struct live_rate, rows.count + 1);
    for (size_t i = 0; i < rows.count; i++) {
        all[i] = (struct live_rate){.account = {sql_int(&rows, i, 0)},
                                    .service = sql_str(&rows, i, 1),
                                    .price.minor = sql_int(&rows, i, 3),
                                    .days = sql_int(&rows, i, 4)};
        (void)currency_from_str(sql_str(&rows, i, 2), all[i].price.currency);
    }
    *ret = (struct live_rates){.rates = all, .count = rows.count};
    return OK;
}

static err_t save_choice(struct ctx *ctx, const struct label *label)
{
    struct sql_arg args[] = {sql_i(label->account.v), sql_s(label->service),
                             sql_i(ctx->now), sql_i(id_bucket(label->id.v)),
                             sql_i(label->id.v)};
    return sql_run(ctx, SQL_LABEL_CHOOSE, args, COUNT_OF(args), NULL);
}

/* Nothing can be taken: told as its refusal. */
static err_t refuse(struct ctx *ctx, struct label *label,
                    struct package *package)
{
    struct carrier_outcome outcome = {
        .result = CARRIER_REFUSED,
        .field = str_copy(ctx->arena, str_from_cstr(ctx->err.field)),
        .text = str_copy(ctx->arena, str_from_cstr(ctx->err.text))};
    err_clear(ctx);
    return label_refuse(ctx, label, package, &outcome);
}

err_t shop_end(struct ctx *ctx, label_id id)
{
    struct label label;
    struct package package;
    struct label_cmd wish;
    struct live_rates live;
    struct quote quote;
    bool is_there;
    TRY(label_get(ctx, id, &label));
    TRY(package_lock(ctx, label.package, &package));
    TRY(wish_of(ctx, id, &wish, &is_there));
    if (!is_there)
        return OK;
    TRY(list_live(ctx, id, &live));
    TRY(shop_drop(ctx, id));
    err_t err = label_quote(ctx, &package, &wish, &live, &quote);
    if (err == ERR_INVALID || err == ERR_STATE || err == ERR_NOT_FOUND)
        return refuse(ctx, &label, &package);
    TRY(err);
    label.account = quote.account.id;
    label.service = quote.service;
    TRY(save_choice(ctx, &label));
    TRY(label_buy(ctx, &label, &package, &quote));
    return package_finish(ctx, "package.service_chosen", &package, STR_NONE);
}

/* ---- what they answer ---- */

static err_t keep_rates(struct ctx *ctx, const struct call *call,
                        const struct carrier_outcome *outcome)
{
    enum { PARAMS = 7 };
    static const struct carrier_rate none = {
        .service = {"", 0},
          .days = -1
    };
    bool is_refused =
        outcome->result != CARRIER_DONE || outcome->rate_count == 0;
    const struct carrier_rate *rates = is_refused ? &none : outcome->rates;
    size_t count = is_refused ? 1 : outcome->rate_count;
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, (count + 1) * PARAMS);
    for (size_t i = 0; i < count; i++) {
        struct sql_arg *at = &args[i * PARAMS];
        at[0] = sql_i(call->subject);
        at[1] = sql_i(id_bucket(call->subject));
        at[2] = sql_i(call->account.v);
        at[3] = sql_s(rates[i].service);
        at[4] = sql_s(str_from_cstr(rates[i].price.currency));
        at[5] = sql_i(rates[i].price.minor);
        at[6] = sql_i(rates[i].days);
    }
    if (count == 0)
        return OK;
    return sql_run_many(ctx, SQL_LIVE_RATE_ADD, args, PARAMS, count, NULL);
}

err_t shop_outcome(struct ctx *ctx, const struct call *call,
                   const struct carrier_outcome *outcome)
{
    struct label label;
    struct package package;
    struct sql_rows rows;
    bool is_over;
    label_id id = {call->subject};
    struct sql_arg args[] = {sql_i(call->subject)};
    TRY(label_get(ctx, id, &label));
    TRY(package_lock(ctx, label.package, &package)); /* One after the other. */
    TRY(shop_is_over(ctx, id, &is_over));
    if (is_over)
        return OK;
    TRY(keep_rates(ctx, call, outcome));
    TRY(sql_list(ctx, SQL_WISH_OPEN, args, COUNT_OF(args), &rows));
    return rows.count > 0 ? OK : shop_end(ctx, id);
}
