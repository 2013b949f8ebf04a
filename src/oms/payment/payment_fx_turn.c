/* payment_fx_turn.c - captures without a rate, again and again: those that one
 * was recorded beside, those from before the books, and who is told of the
 * rest.
 *
 * Nobody waits for anybody: a capture that is committed beside a rate, unseen,
 * stays open, and the next turn finds both.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/payment/payment_fx.h"
#include "oms/payment/payment_fx_sql.h"
#include "oms/room.h"
#include "store/event.h"
#include "store/sql.h"

/* A currency that captures wait in. */
struct wanted {
    str currency;
    utc_ms since; /* There is a rate from then on; below 0: none. */
    utc_ms last;  /* The latest of them. */
};

static err_t list_wanted(struct ctx *ctx, struct wanted **ret, size_t *count)
{
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_FX_WANTED, NULL, 0, &rows));
    *ret = arena_array(ctx->arena, struct wanted, rows.count);
    *count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i] = (struct wanted){sql_str(&rows, i, 0), sql_int(&rows, i, 1),
                                    sql_int(&rows, i, 2)};
    return OK;
}

/* ---- fixing ---- */

static err_t fix_some(struct ctx *ctx, const struct fx_books *books,
                      const struct wanted *wanted, size_t count,
                      int64_t *ret_fixed)
{
    *ret_fixed = 0;
    for (size_t i = 0; i < count && *ret_fixed == 0; i++)
        if (wanted[i].since >= 0)
            TRY(fx_fix_open(ctx, str_to_cstr(ctx->arena, wanted[i].currency),
                            wanted[i].since, books->currency, ret_fixed));
    return OK;
}

static err_t walked_to(struct ctx *ctx, int64_t id)
{
    struct sql_arg args[] = {sql_i_or_null(id)};
    return sql_run(ctx, SQL_FX_BOOKS_WALKED, args, COUNT_OF(args), NULL);
}

/* Captures that the decision was made after, or beside. */
static err_t walk(struct ctx *ctx, const struct fx_books *books,
                  bool *ret_is_more)
{
    int64_t fixed;
    struct sql_rows rows;
    struct sql_arg page[] = {sql_i(books->walk_after.v), sql_i(LIMIT_FX_FIXED)};
    TRY(sql_list(ctx, SQL_FX_WALK_END, page, COUNT_OF(page), &rows));
    int64_t end = sql_is_null(&rows, 0, 0) ? 0 : sql_int(&rows, 0, 0);
    *ret_is_more = end > 0;
    struct sql_arg args[] = {sql_i(books->walk_after.v), sql_i(end),
                             sql_s(str_from_cstr(books->currency))};
    TRY(sql_list(ctx, SQL_FX_WALK, args, COUNT_OF(args), &rows));
    TRY(fx_fix_listed(ctx, &rows, books->currency, &fixed));
    return walked_to(ctx, end);
}

/* ---- telling ---- */

static bool is_wanted(const struct wanted *wanted, size_t count, str currency)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(wanted[i].currency, currency))
            return true;
    return false;
}

/* 0: there is none of that currency. */
static int64_t find_wait(const struct sql_rows *waits, str currency,
                         bool *ret_is_open)
{
    for (size_t i = 0; i < waits->count; i++)
        if (str_equal(sql_str(waits, i, 1), currency)) {
            *ret_is_open = sql_int(waits, i, 2) != 0;
            return sql_int(waits, i, 0);
        }
    *ret_is_open = false;
    return 0;
}

static err_t turn_to(struct ctx *ctx, int64_t id, str currency, bool is_open)
{
    enum { EVENT_BYTES = 128 };
    struct buf buf;
    struct json_out out;
    int64_t changed;
    if (id == 0)
        id = id_next(ctx->ids, ctx->now, 0);
    struct sql_arg args[] = {sql_i(id), sql_s(currency), sql_i(is_open),
                             sql_i(ctx->now)};
    TRY(sql_run(ctx, SQL_FX_WAIT_PUT, args, COUNT_OF(args), &changed));
    if (changed == 0)
        return OK; /* Another turn was first. */
    buf_init(&buf, ctx->arena, EVENT_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_str(&out, "currency", currency);
    json_end_object(&out);
    return event_add(ctx, is_open ? "fx_wait.opened" : "fx_wait.ended",
                     "fx_wait", id, buf_str(&buf), NULL);
}

/* Whether somebody is to be told of a currency, or that it is over; unless this
 * only looks, he is. */
static err_t tell(struct ctx *ctx, const struct wanted *wanted, size_t count,
                  bool is_looking, bool *ret)
{
    struct sql_rows waits;
    bool is_open;
    *ret = false;
    TRY(sql_list(ctx, SQL_FX_WAITS, NULL, 0, &waits));
    for (size_t i = 0; i < count; i++) {
        int64_t id = find_wait(&waits, wanted[i].currency, &is_open);
        *ret |= !is_open;
        if (!is_open && !is_looking)
            TRY(turn_to(ctx, id, wanted[i].currency, true));
    }
    for (size_t i = 0; i < waits.count; i++) {
        str currency = sql_str(&waits, i, 1);
        if (sql_int(&waits, i, 2) == 0 || is_wanted(wanted, count, currency))
            continue;
        *ret = true;
        if (!is_looking)
            TRY(turn_to(ctx, sql_int(&waits, i, 0), currency, false));
    }
    return OK;
}

/* ---- turns ---- */

static bool can_walk(const struct ctx *ctx, const struct fx_books *books)
{
    return !books->is_walked && ctx->now >= books->decided_at + FX_SETTLE_MS;
}

err_t fx_turn(struct ctx *ctx, bool *ret_is_more)
{
    struct fx_books books;
    struct wanted *wanted;
    size_t count;
    int64_t fixed;
    bool is_told;
    TRY(fx_books(ctx, &books));
    if (books.currency[0] == '\0')
        return OK;
    TRY(list_wanted(ctx, &wanted, &count));
    TRY(fix_some(ctx, &books, wanted, count, &fixed));
    *ret_is_more = fixed > 0;
    if (fixed > 0)
        return OK;
    TRY(tell(ctx, wanted, count, false, &is_told));
    return can_walk(ctx, &books) ? walk(ctx, &books, ret_is_more) : OK;
}

err_t fx_turn_next_at(struct ctx *ctx, utc_ms *ret)
{
    struct fx_books books;
    struct wanted *wanted;
    size_t count;
    bool is_due;
    TRY(fx_books(ctx, &books));
    TRY(list_wanted(ctx, &wanted, &count));
    TRY(tell(ctx, wanted, count, true, &is_due));
    for (size_t i = 0; i < count; i++)
        is_due |= wanted[i].since >= 0 && wanted[i].last >= wanted[i].since;
    *ret = is_due            ? ctx->now
           : books.is_walked ? 0
                             : books.decided_at + FX_SETTLE_MS;
    return OK;
}

static const struct room_timer timers[] = {
    {.name = "exchange_rates",
     .period_ms = 60 * 1000,
     .run = fx_turn,
     .next_at = fx_turn_next_at},
};
const struct timer_list fx_timers = {timers, COUNT_OF(timers)};
