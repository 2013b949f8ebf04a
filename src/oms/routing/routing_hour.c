/* routing_hour.c - what comes with each new hour: sites have capacity again or
 * have opened, so who waits is asked anew; loads of days long gone go.
 *
 * Loads go before the claims on them: a claim without a load gives nothing
 * back, a load without its claims would be wrong.
 */
#include "base/id.h"
#include "oms/inventory/inventory_wait.h"
#include "oms/room.h"
#include "oms/routing/routing_book.h"
#include "oms/routing/routing_sql.h"
#include "oms/routing/routing_store.h"
#include "store/sql.h"

enum { LOOK_EVERY_MS = 60 * 1000, PURGE_MOST = 1000 };

static const utc_ms HOUR_MS = 3600000, KEEP_MS = 3 * 86400000;

static utc_ms hour_of(utc_ms now)
{
    return now - now % HOUR_MS;
}

static err_t read_hour(struct ctx *ctx, utc_ms *ret)
{
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_ROUTING_HOUR_GET, NULL, 0, &rows));
    *ret = rows.count > 0 ? sql_int(&rows, 0, 0) : 0;
    return OK;
}

/* *ret_is_more: there is more of what is long gone. */
static err_t purge(struct ctx *ctx, bool *ret_is_more)
{
    utc_ms before = ctx->now - KEEP_MS;
    struct sql_arg loads[] = {sql_i(before), sql_i(PURGE_MOST)};
    /* Claims of orders placed since cannot be that old. */
    struct sql_arg claims[] = {sql_i(id_floor(before)), sql_i(before),
                               sql_i(before), sql_i(PURGE_MOST)};
    int64_t changed;
    TRY(sql_run(ctx, SQL_ROUTING_LOAD_PURGE, loads, COUNT_OF(loads), &changed));
    if (changed == 0)
        TRY(sql_run(ctx, SQL_ROUTING_CLAIM_PURGE, claims, COUNT_OF(claims),
                    &changed));
    *ret_is_more = changed > 0;
    return OK;
}

/* Whether a new hour changes what sites take. */
static err_t is_hourly(struct ctx *ctx, bool *ret)
{
    const struct routing_book *book;
    TRY(routing_book_get(ctx, &book));
    *ret = book->set_count > 0;
    return OK;
}

static err_t turn(struct ctx *ctx, bool *ret_is_more)
{
    utc_ms done;
    bool wakes;
    TRY(read_hour(ctx, &done));
    if (done == hour_of(ctx->now))
        return OK;
    TRY(purge(ctx, ret_is_more));
    if (*ret_is_more)
        return OK;
    struct sql_arg hour = sql_i(hour_of(ctx->now));
    TRY(sql_run(ctx, SQL_ROUTING_HOUR_SAVE, &hour, 1, NULL));
    TRY(is_hourly(ctx, &wakes));
    return wakes ? wait_wake_all(ctx) : OK;
}

/* What is long gone can wait until the store is opened for something else. */
static err_t next_hour(struct ctx *ctx, utc_ms *ret)
{
    struct wait_sum *sums;
    size_t count;
    bool wakes;
    *ret = 0;
    TRY(is_hourly(ctx, &wakes));
    if (!wakes)
        return OK;
    TRY(wait_sums(ctx, (sku_id){0}, 1, &sums, &count));
    *ret = count > 0 ? hour_of(ctx->now) + HOUR_MS : 0;
    return OK;
}

static const struct room_timer timers[] = {
    {.name = "capacity",
     .period_ms = LOOK_EVERY_MS,
     .run = turn,
     .next_at = next_hour},
};
const struct timer_list routing_timers = {timers, COUNT_OF(timers)};
