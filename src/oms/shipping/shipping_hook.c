/* shipping_hook.c - what carriers tell us, from the message to the parcel. */
#include "oms/shipping/shipping_hook.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "base/time.h"
#include "oms/shipping/shipping_handover.h"
#include "oms/shipping/shipping_hook_int.h"
#include "oms/shipping/shipping_hook_sql.h"
#include "store/event.h"
#include "store/sql.h"

enum hook_state { /* Stored as numbers. */
                  HOOK_WAITING = 1,
                  HOOK_READ,
                  HOOK_UNREADABLE
};
enum { SAME_NUMBER_MAX = 5, SWEEP_ROWS = 1000 };

static err_t tell(struct ctx *ctx, const char *type, carrier_account_id account,
                  str tracking, str code)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    if (tracking.len)
        json_put_str(&out, "tracking", tracking);
    if (code.len)
        json_put_str(&out, "code", code);
    json_end_object(&out);
    return event_add(ctx, type, "carrier_account", account.v, buf_str(&buf),
                     NULL);
}

static err_t count(struct ctx *ctx, int stmt, const struct sql_arg *args,
                   size_t arg_count, int64_t *ret)
{
    struct sql_rows rows;
    TRY(sql_list(ctx, stmt, args, arg_count, &rows));
    *ret = sql_int(&rows, 0, 0);
    return OK;
}

/* ---- messages ---- */

err_t hook_take(struct ctx *ctx, carrier_account_id account, str hook_id,
                str body, bool *ret_is_repeat)
{
    int64_t waiting, added;
    struct sql_arg most[] = {sql_i(LIMIT_HOOKS_WAITING)};
    struct sql_arg args[] = {sql_i(id_next(ctx->ids, ctx->now, 0)),
                             sql_i(account.v), sql_s(hook_id), sql_s(body),
                             sql_i(ctx->now)};
    TRY(count(ctx, SQL_HOOK_WAITING, most, COUNT_OF(most), &waiting));
    if (waiting >= LIMIT_HOOKS_WAITING)
        return fail(ctx, ERR_BUSY, "", "too many messages wait to be read");
    TRY(sql_run(ctx, SQL_HOOK_ADD, args, COUNT_OF(args), &added));
    *ret_is_repeat = added == 0;
    return OK;
}

err_t hook_next(struct ctx *ctx, size_t limit, int64_t **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i((int64_t)limit)};
    TRY(sql_list(ctx, SQL_HOOK_NEXT, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, int64_t, rows.count + 1);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i] = sql_int(&rows, i, 0);
    return OK;
}

static err_t done(struct ctx *ctx, int64_t id, enum hook_state state)
{
    struct sql_arg args[] = {sql_i(state), sql_i(id)};
    return sql_run(ctx, SQL_HOOK_DONE, args, COUNT_OF(args), NULL);
}

static err_t spoil(struct ctx *ctx, int64_t id, carrier_account_id account)
{
    TRY(done(ctx, id, HOOK_UNREADABLE));
    return tell(ctx, "carrier_hook.unreadable", account, STR(""), STR(""));
}

/* Facts of the future are left out: a clock is wrong, and a parcel that
 * believed them would believe nothing after. */
err_t fact_park(struct ctx *ctx, carrier_account_id account,
                const struct carrier_outcome *outcome, utc_ms received_at)
{
    enum { PARAMS = 9 };
    int64_t parked;
    size_t n = 0;
    struct sql_arg room[] = {sql_i(account.v), sql_i(LIMIT_FACTS_PARKED)};
    struct sql_arg *args = arena_array(ctx->arena, struct sql_arg,
                                       (outcome->trace_count + 1) * PARAMS);
    TRY(count(ctx, SQL_FACT_COUNT, room, COUNT_OF(room), &parked));
    if (parked >= LIMIT_FACTS_PARKED)
        TRY(sql_run(ctx, SQL_FACT_SURPLUS, room, 1, NULL));
    for (size_t i = 0; i < outcome->trace_count; i++) {
        const struct carrier_trace *t = &outcome->traces[i];
        struct sql_arg *at = &args[n * PARAMS];
        if (t->occurred_at > received_at + LIMIT_TRACE_AHEAD_MS)
            continue;
        at[0] = sql_i(id_next(ctx->ids, ctx->now, 0));
        at[1] = sql_i(account.v);
        at[2] = sql_s(t->tracking);
        at[3] = sql_i(t->code);
        at[4] = sql_s(t->raw);
        at[5] = sql_s(t->place);
        at[6] = sql_s(t->event_key);
        at[7] = sql_i(t->occurred_at);
        at[8] = sql_i(received_at);
        n++;
    }
    if (n == 0)
        return OK;
    return sql_run_many(ctx, SQL_FACT_ADD, args, PARAMS, n, NULL);
}

err_t hook_read(struct ctx *ctx, int64_t id)
{
    struct sql_rows rows;
    struct account account;
    struct carrier_outcome outcome = {0};
    struct sql_arg args[] = {sql_i(id)};
    TRY(sql_list(ctx, SQL_HOOK_LOCK, args, COUNT_OF(args), &rows));
    if (rows.count == 0)
        return OK;
    TRY(account_get(ctx, (carrier_account_id){sql_int(&rows, 0, 0)}, &account));
    if (!account.carrier->hear)
        return spoil(ctx, id, account.id);
    err_t err = account.carrier->hear(ctx, sql_str(&rows, 0, 1), &outcome);
    if (err == ERR_INVALID) {
        err_clear(ctx);
        return spoil(ctx, id, account.id);
    }
    TRY(err);
    TRY(fact_park(ctx, account.id, &outcome, sql_int(&rows, 0, 2)));
    return done(ctx, id, HOOK_READ);
}

err_t hook_spoil(struct ctx *ctx, int64_t id)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id)};
    TRY(sql_list(ctx, SQL_HOOK_LOCK, args, COUNT_OF(args), &rows));
    if (rows.count == 0)
        return OK;
    return spoil(ctx, id, (carrier_account_id){sql_int(&rows, 0, 0)});
}

/* ---- facts ---- */

err_t fact_next(struct ctx *ctx, size_t limit, struct fact_key **ret,
                size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(ctx->now), sql_i((int64_t)limit)};
    TRY(sql_list(ctx, SQL_FACT_DUE, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, struct fact_key, rows.count + 1);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i] =
            (struct fact_key){{sql_int(&rows, i, 0)}, sql_str(&rows, i, 1)};
    return OK;
}

static int by_order(const void *a, const void *b)
{
    const struct package *x = a, *y = b;
    if (x->order.v != y->order.v)
        return x->order.v < y->order.v ? -1 : 1;
    return (x->id.v > y->id.v) - (x->id.v < y->id.v);
}

/* Of the account, in the order in which they are locked. */
static err_t parcels_of(struct ctx *ctx, const struct fact_key *key,
                        struct package **ret, size_t *ret_count)
{
    struct package_filter filter = {.tracking = key->tracking,
                                    .account = key->account,
                                    .limit = SAME_NUMBER_MAX};
    TRY(package_page(ctx, &filter, ret, ret_count));
    if (*ret_count > 1)
        qsort(*ret, *ret_count, sizeof **ret, by_order);
    return OK;
}

static err_t wait(struct ctx *ctx, const struct fact_key *key, int64_t tries)
{
    struct sql_arg args[] = {sql_i(tries + 1),
                             sql_i(ctx->now + call_backoff_ms(tries)),
                             sql_i(key->account.v), sql_s(key->tracking)};
    return sql_run(ctx, SQL_FACT_WAIT, args, COUNT_OF(args), NULL);
}

err_t fact_apply(struct ctx *ctx, const struct fact_key *key)
{
    struct sql_rows rows;
    struct package *packages;
    size_t found;
    struct sql_arg args[] = {sql_i(key->account.v), sql_s(key->tracking),
                             sql_i(LIMIT_TRACES)};
    TRY(sql_list(ctx, SQL_FACT_LIST, args, COUNT_OF(args), &rows));
    if (rows.count == 0)
        return OK;
    TRY(parcels_of(ctx, key, &packages, &found));
    if (found == 0)
        return wait(ctx, key, sql_int(&rows, 0, 6));
    struct carrier_trace *traces =
        arena_array(ctx->arena, struct carrier_trace, rows.count);
    struct sql_arg *ids = arena_array(ctx->arena, struct sql_arg, rows.count);
    for (size_t i = 0; i < rows.count; i++) {
        ids[i] = sql_i(sql_int(&rows, i, 0));
        traces[i] = (struct carrier_trace){
            .tracking = key->tracking,
            .code = (int)sql_int(&rows, i, 1),
            .raw = sql_str(&rows, i, 2),
            .place = sql_str(&rows, i, 3),
            .event_key = sql_str(&rows, i, 4),
            .occurred_at = sql_int(&rows, i, 5),
        };
    }
    for (size_t i = 0; i < found; i++)
        TRY(trace_add(ctx, packages[i].id, traces, rows.count, false));
    return sql_run_many(ctx, SQL_FACT_DROP, ids, 1, rows.count, NULL);
}

err_t fact_refuse(struct ctx *ctx, const struct fact_key *key,
                  const struct err_detail *err)
{
    int64_t changed;
    str code = str_from_cstr(err_name(err));
    struct sql_arg args[] = {sql_s(code), sql_i(key->account.v),
                             sql_s(key->tracking)};
    TRY(sql_run(ctx, SQL_FACT_REFUSE, args, COUNT_OF(args), &changed));
    if (changed == 0)
        return OK;
    return tell(ctx, "carrier_hook.refused", key->account, key->tracking, code);
}

err_t fact_wake(struct ctx *ctx, carrier_account_id account, str tracking)
{
    struct sql_arg args[] = {sql_i(account.v), sql_s(tracking)};
    return sql_run(ctx, SQL_FACT_WAKE, args, COUNT_OF(args), NULL);
}

err_t fact_next_at(struct ctx *ctx, utc_ms *ret)
{
    struct sql_rows rows;
    struct sql_arg one[] = {sql_i(1)};
    TRY(sql_list(ctx, SQL_HOOK_NEXT, one, COUNT_OF(one), &rows));
    *ret = rows.count ? ctx->now : 0;
    if (*ret)
        return OK;
    TRY(sql_list(ctx, SQL_FACT_NEXT_AT, NULL, 0, &rows));
    if (!sql_is_null(&rows, 0, 0) && sql_int(&rows, 0, 0) != INT64_MAX)
        *ret = sql_int(&rows, 0, 0) ? sql_int(&rows, 0, 0) : 1;
    return OK;
}

err_t hook_sweep(struct ctx *ctx, bool *ret_is_more)
{
    int64_t hooks, facts;
    struct sql_arg week[] = {sql_i(id_floor(ctx->now - 7 * DAY_MS))};
    struct sql_arg month[] = {sql_i(id_floor(ctx->now - 30 * DAY_MS))};
    TRY(sql_run(ctx, SQL_HOOK_DROP, week, COUNT_OF(week), &hooks));
    TRY(sql_run(ctx, SQL_FACT_EXPIRE, month, COUNT_OF(month), &facts));
    *ret_is_more = hooks == SWEEP_ROWS || facts == SWEEP_ROWS;
    return OK;
}
