/* payment_fx.c - rates are recorded, and captures fixed by them. */
#include "oms/payment/payment_fx.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/id.h"
#include "base/json.h"
#include "base/log.h"
#include "base/str.h"
#include "oms/payment/payment_fx_sql.h"
#include "oms/payment/payment_store.h"
#include "oms/payment/payment_work.h"
#include "store/event.h"
#include "store/sql.h"

/* ---- rows ---- */

static void put_currency(char to[4], str from)
{
    ASSERT(from.len == 3);
    memcpy(to, from.ptr, 3);
    to[3] = '\0';
}

err_t fx_books(struct ctx *ctx, struct fx_books *ret)
{
    struct sql_rows rows;
    *ret = (struct fx_books){.is_walked = true};
    TRY(sql_list(ctx, SQL_FX_BOOKS, NULL, 0, &rows));
    if (rows.count == 0)
        return OK;
    put_currency(ret->currency, sql_str(&rows, 0, 0));
    ret->decided_at = sql_int(&rows, 0, 1);
    ret->is_walked = sql_is_null(&rows, 0, 2);
    ret->walk_after.v = sql_int(&rows, 0, 2);
    return OK;
}

err_t fx_rate_list(struct ctx *ctx, const struct fx_rate_query *query,
                   struct fx_rate **ret, size_t *ret_count)
{
    struct sql_rows rows;
    int64_t before = query->before.v ? query->before.v : INT64_MAX;
    struct sql_arg all[] = {sql_i(before), sql_i((int64_t)query->limit)};
    struct sql_arg some[] = {sql_i(before),
                             sql_s(str_from_cstr(query->currency)),
                             sql_i((int64_t)query->limit)};
    TRY(query->currency[0]
            ? sql_list(ctx, SQL_FX_RATE_PAGE_OF, some, COUNT_OF(some), &rows)
            : sql_list(ctx, SQL_FX_RATE_PAGE, all, COUNT_OF(all), &rows));
    *ret = arena_array(ctx->arena, struct fx_rate, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++) {
        struct fx_rate *rate = &(*ret)[i];
        *rate = (struct fx_rate){.id = {sql_int(&rows, i, 0)},
                                 .rate = sql_int(&rows, i, 3),
                                 .valid_from = sql_int(&rows, i, 4),
                                 .source = sql_str(&rows, i, 5),
                                 .created_at = sql_int(&rows, i, 6)};
        put_currency(rate->currency, sql_str(&rows, i, 1));
        put_currency(rate->books, sql_str(&rows, i, 2));
    }
    return OK;
}

err_t exchange_rows(struct ctx *ctx, payment_id id, struct exchange_row **ret,
                    size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_list(ctx, SQL_FX_LIST, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, struct exchange_row, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i] = (struct exchange_row){
            .n = sql_int(&rows, i, 0),
            .is_open = sql_int(&rows, i, 1) != 0,
            .rate = sql_int(&rows, i, 2),
            .amount = sql_int(&rows, i, 3),
        };
    return OK;
}

static err_t put_rows(struct ctx *ctx, const struct payment *pay,
                      const struct exchange_row *rows, size_t count)
{
    enum { PARAMS = 8 };
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * PARAMS);
    for (size_t i = 0; i < count; i++) {
        const struct payment_transaction *tx =
            &pay->transactions[rows[i].n - 1];
        bool is_wanted = tx->type == PAYMENT_CAPTURE && rows[i].rate == 0;
        const struct sql_arg own[PARAMS] = {
            sql_i(pay->id.v),
            sql_i(rows[i].n),
            sql_i(id_bucket(pay->id.v)),
            sql_i(rows[i].is_open),
            sql_i(rows[i].rate),
            sql_i(rows[i].amount),
            is_wanted ? sql_s(str_from_cstr(pay->currency)) : sql_null(),
            is_wanted ? sql_i(tx->occurred_at) : sql_null()};
        memcpy(&args[i * PARAMS], own, sizeof own);
    }
    return count > 0 ? sql_run_many(ctx, SQL_FX_PUT, args, PARAMS, count, NULL)
                     : OK;
}

/* ---- fixing ---- */

static err_t rate_at(struct ctx *ctx, const char *currency, utc_ms at,
                     int64_t *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_s(str_from_cstr(currency)), sql_i(at)};
    TRY(sql_list(ctx, SQL_FX_RATE_AT, args, COUNT_OF(args), &rows));
    *ret = rows.count > 0 ? sql_int(&rows, 0, 0) : 0;
    return OK;
}

/* The rate that a capture has, or gets now: that of its moment. */
static err_t fix_rate(struct ctx *ctx, const struct payment *pay,
                      const struct payment_transaction *tx,
                      struct exchange_row *rows, size_t *count)
{
    size_t at = 0;
    while (at < *count && rows[at].n != tx->n)
        at++;
    if (at == *count)
        rows[(*count)++] = (struct exchange_row){.n = tx->n, .is_open = true};
    if (rows[at].rate > 0)
        return OK;
    return rate_at(ctx, pay->currency, tx->occurred_at, &rows[at].rate);
}

err_t fx_fix(struct ctx *ctx, const struct payment *pay, const char *books)
{
    struct exchange_row *had;
    size_t count, n;
    TRY(exchange_rows(ctx, pay->id, &had, &count));
    size_t most = count + pay->transaction_count + 1;
    struct exchange_row *rows =
        arena_array(ctx->arena, struct exchange_row, most);
    struct exchange_row *now =
        arena_array(ctx->arena, struct exchange_row, most);
    if (count > 0)
        memcpy(rows, had, count * sizeof *rows);
    for (size_t i = 0; i < pay->transaction_count; i++)
        if (pay->transactions[i].type == PAYMENT_CAPTURE)
            TRY(fix_rate(ctx, pay, &pay->transactions[i], rows, &count));
    n = fx_work_out(ctx->arena, pay, books, rows, count, now);
    return put_rows(ctx, pay, now, n);
}

static bool moves_money(enum payment_type type)
{
    return type == PAYMENT_CAPTURE || type == PAYMENT_REFUND ||
           type == PAYMENT_CHARGEBACK || type == PAYMENT_CHARGEBACK_REVERSED;
}

err_t fx_follow(struct ctx *ctx, const struct payment *pay)
{
    struct fx_books books;
    size_t n = pay->transaction_count;
    if (n == 0 || !moves_money(pay->transactions[n - 1].type))
        return OK;
    TRY(fx_books(ctx, &books));
    if (books.currency[0] == '\0' || strcmp(books.currency, pay->currency) == 0)
        return OK;
    return fx_fix(ctx, pay, books.currency);
}

/* ---- rates ---- */

static err_t tell(struct ctx *ctx, const struct fx_rate *rate)
{
    enum { EVENT_BYTES = 512 };
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, EVENT_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_cstr(&out, "currency", rate->currency);
    json_put_cstr(&out, "books", rate->books);
    json_put_i64(&out, "rate_ppb", rate->rate);
    json_put_time(&out, "valid_from", rate->valid_from);
    json_end_object(&out);
    ASSERT(!buf.is_full);
    return event_add(ctx, "fx_rate.recorded", "fx_rate", rate->id.v,
                     buf_str(&buf), NULL);
}

/* Where a page of captures that wait begins: of that moment, those after it. */
struct wait_place {
    utc_ms at;
    int64_t after;
};

static err_t list_open(struct ctx *ctx, const char *currency,
                       struct wait_place from, int64_t limit,
                       struct sql_rows *ret)
{
    struct sql_arg args[] = {sql_s(str_from_cstr(currency)), sql_i(from.at),
                             sql_i(from.after), sql_i(limit)};
    return sql_list(ctx, SQL_FX_OPEN, args, COUNT_OF(args), ret);
}

static struct wait_place end_of(const struct sql_rows *rows)
{
    struct wait_place end = {.after = 0};
    for (size_t i = 0; i < rows->count; i++) {
        struct wait_place one = {sql_int(rows, i, 2), sql_int(rows, i, 1)};
        if (one.at > end.at || (one.at == end.at && one.after > end.after))
            end = one;
    }
    return end;
}

static err_t fix_one(struct ctx *ctx, payment_id id, const char *books)
{
    struct payment_work work;
    TRY(payment_work_open_one(ctx, id, &work));
    return fx_fix(ctx, work.pay, books);
}

/* It writes last, so what is refused wrote nothing. */
err_t fx_fix_listed(struct ctx *ctx, const struct sql_rows *rows,
                    const char *books, int64_t *ret_fixed)
{
    *ret_fixed = 0;
    for (size_t i = 0; i < rows->count; i++) {
        payment_id id = {sql_int(rows, i, 1)};
        err_t err = fix_one(ctx, id, books);
        if (err == OK) {
            (*ret_fixed)++;
            continue;
        }
        if (err != ERR_NOT_FOUND && err != ERR_STATE && err != ERR_INVALID)
            return err;
        log_ctx(ctx, LOG_ERROR, "fx_not_fixed", "payment %lld is left: %s",
                (long long)id.v, ctx->err.text);
        err_clear(ctx);
    }
    return OK;
}

/* Orders are locked in order of their ids, as everywhere; in pages behind those
 * that fail, until there is one of which some do not. */
err_t fx_fix_open(struct ctx *ctx, const char *currency, utc_ms from,
                  const char *books, int64_t *ret_fixed)
{
    struct sql_rows rows;
    struct wait_place place = {.at = from};
    *ret_fixed = 0;
    for (int page = 0; *ret_fixed == 0 && page < FX_PAGES; page++) {
        TRY(list_open(ctx, currency, place, LIMIT_FX_FIXED, &rows));
        if (rows.count == 0)
            return OK;
        TRY(fx_fix_listed(ctx, &rows, books, ret_fixed));
        place = end_of(&rows);
    }
    return OK;
}

/* One decision, whoever comes first. */
static err_t decide_books(struct ctx *ctx, const struct fx_rate *rate)
{
    struct fx_books books;
    struct sql_arg args[] = {sql_s(str_from_cstr(rate->books)),
                             sql_i(ctx->now)};
    TRY(sql_run(ctx, SQL_FX_BOOKS_DECIDE, args, COUNT_OF(args), NULL));
    TRY(fx_books(ctx, &books));
    if (strcmp(books.currency, rate->books) != 0)
        return fail_as(ctx, ERR_CONFLICT, "books_in", "books",
                       "the books are in %s", books.currency);
    return OK;
}

/* The same rate again fixes what is left. */
static err_t check_same(struct ctx *ctx, const struct fx_rate *rate)
{
    int64_t there;
    TRY(rate_at(ctx, rate->currency, rate->valid_from, &there));
    if (there != rate->rate)
        return fail_as(ctx, ERR_CONFLICT, "rate_there", "valid_from",
                       "another rate was recorded for that moment, and what "
                       "was fixed by it stays");
    return OK;
}

err_t fx_rate_record(struct ctx *ctx, struct fx_rate *rate, int64_t *ret_fixed,
                     bool *ret_is_more)
{
    ASSERT(ctx->tx && ctx->ids);
    struct sql_rows left;
    int64_t added;
    TRY(decide_books(ctx, rate));
    rate->id.v = id_next(ctx->ids, ctx->now, 0);
    rate->created_at = ctx->now;
    struct sql_arg args[] = {
        sql_i(rate->id.v),
        sql_s(str_from_cstr(rate->currency)),
        sql_s(str_from_cstr(rate->books)),
        sql_i(rate->rate),
        sql_i(rate->valid_from),
        sql_s_or_null(rate->source),
        sql_i(ctx->now),
    };
    TRY(sql_run(ctx, SQL_FX_RATE_ADD, args, COUNT_OF(args), &added));
    TRY(added ? tell(ctx, rate) : check_same(ctx, rate));
    TRY(fx_fix_open(ctx, rate->currency, rate->valid_from, rate->books,
                    ret_fixed));
    TRY(list_open(ctx, rate->currency,
                  (struct wait_place){.at = rate->valid_from}, 1, &left));
    *ret_is_more = left.count > 0;
    return OK;
}
