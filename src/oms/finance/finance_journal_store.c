/* finance_journal_store.c - entries of the journal as they are read. */
#include "oms/finance/finance_journal_store.h"

#include "base/arena.h"
#include "base/str.h"
#include "oms/finance/journal_sql.h"
#include "oms/payment/payment.h"
#include "oms/payment/payment_credit.h"
#include "store/sql.h"

const char *journal_about(const struct journal_entry *entry)
{
    static const char *const credit[] = {"credit_issued", "credit_adjusted", "",
                                         "", "credit_refunded"};
    switch (entry->kind) {
    case JOURNAL_INVOICE: return "invoice";
    case JOURNAL_CREDIT_NOTE: return "credit_note";
    case JOURNAL_PAYMENT: break;
    case JOURNAL_GIFT_CARD:
    case JOURNAL_STORE_CREDIT: return credit[entry->what - 1];
    }
    return entry->what == PAYMENT_CAPTURE        ? "capture"
           : entry->what == PAYMENT_REFUND       ? "refund"
           : entry->what == PAYMENT_CHARGEBACK   ? "chargeback"
           : entry->what == PAYMENT_DISPUTE_LOST ? "dispute_lost"
                                                 : "chargeback_reversed";
}

static void from_row(const struct sql_rows *rows, size_t i,
                     struct journal_entry *ret)
{
    str currency = sql_str(rows, i, 6);
    *ret = (struct journal_entry){
        .id = {sql_int(rows, i, 0)},
        .kind = (enum journal_kind)sql_int(rows, i, 1),
        .source = sql_int(rows, i, 2),
        .source_n = sql_int(rows, i, 3),
        .what = sql_int(rows, i, 4),
        .order = {sql_int(rows, i, 5)},
        .at = sql_int(rows, i, 7),
    };
    ASSERT(currency.len == 3);
    memcpy(ret->currency, currency.ptr, 3);
}

/* Rows come in no promised order. */
static void take_line(struct journal_entry *all, size_t count,
                      const struct sql_rows *rows, size_t i)
{
    for (size_t at = 0; at < count; at++) {
        if (all[at].id.v != sql_int(rows, i, 0))
            continue;
        int64_t n = sql_int(rows, i, 1);
        ASSERT(n >= 1 && n <= JOURNAL_LINES);
        all[at].lines[n - 1] = (struct journal_row){
            sql_str(rows, i, 2), sql_int(rows, i, 3), sql_int(rows, i, 4)};
        all[at].line_count++;
    }
}

static err_t read_lines(struct ctx *ctx, struct journal_entry *all,
                        size_t count)
{
    struct sql_rows rows;
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count);
    for (size_t i = 0; i < count; i++) {
        keys[i] = sql_i(all[i].id.v);
        all[i].lines =
            arena_array(ctx->arena, struct journal_row, JOURNAL_LINES);
    }
    TRY(sql_list_distinct(ctx, SQL_JOURNAL_LINES_OF, keys, count, &rows));
    for (size_t i = 0; i < rows.count; i++)
        take_line(all, count, &rows, i);
    return OK;
}

/* What a page begins behind: the entry it goes on from, if that lies in the
 * time that is asked for, else the end of that time. */
static err_t find_start(struct ctx *ctx, const struct journal_query *query,
                        utc_ms *ret_to, int64_t *ret_before)
{
    struct sql_rows rows;
    struct sql_arg key = sql_i(query->before.v);
    utc_ms at;
    *ret_to = query->to;
    *ret_before = 0;
    if (query->before.v == 0)
        return OK;
    TRY(sql_list(ctx, SQL_JOURNAL_AT, &key, 1, &rows));
    if (rows.count == 0)
        return fail_as(ctx, ERR_INVALID, "cursor_invalid", "after",
                       "is no entry of the journal");
    at = sql_int(&rows, 0, 0);
    if (at >= query->to)
        return OK;
    *ret_to = at;
    *ret_before = query->before.v;
    return OK;
}

err_t journal_list(struct ctx *ctx, const struct journal_query *query,
                   struct journal_entry **ret, size_t *ret_count)
{
    struct sql_rows rows;
    int64_t limit = (int64_t)query->limit, before;
    utc_ms to;
    TRY(find_start(ctx, query, &to, &before));
    struct sql_arg all[] = {sql_i(to), sql_i(before), sql_i(query->from),
                            sql_i(limit)};
    struct sql_arg some[] = {sql_i(query->order.v), sql_i(to), sql_i(before),
                             sql_i(query->from), sql_i(limit)};
    TRY(query->order.v
            ? sql_list(ctx, SQL_JOURNAL_PAGE_OF, some, COUNT_OF(some), &rows)
            : sql_list(ctx, SQL_JOURNAL_PAGE, all, COUNT_OF(all), &rows));
    *ret = arena_array(ctx->arena, struct journal_entry, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        from_row(&rows, i, &(*ret)[i]);
    return read_lines(ctx, *ret, rows.count);
}

/* ---- balances ---- */

err_t journal_balances(struct ctx *ctx, const char *currency, utc_ms at,
                       struct journal_balance **ret, size_t *ret_count)
{
    struct sql_rows rows;
    int64_t day = at / JOURNAL_DAY_MS;
    utc_ms from = day * JOURNAL_DAY_MS;
    struct sql_arg all[] = {sql_i(day), sql_i(from), sql_i(at)};
    struct sql_arg some[] = {sql_s(str_from_cstr(currency)), sql_i(day),
                             sql_i(from), sql_i(at)};
    TRY(currency[0]
            ? sql_list(ctx, SQL_JOURNAL_BALANCES_OF, some, COUNT_OF(some),
                       &rows)
            : sql_list(ctx, SQL_JOURNAL_BALANCES, all, COUNT_OF(all), &rows));
    *ret = arena_array(ctx->arena, struct journal_balance, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++) {
        struct journal_balance *at_i = &(*ret)[i];
        str name = sql_str(&rows, i, 0);
        *at_i = (struct journal_balance){.account = sql_str(&rows, i, 1),
                                         .debit = sql_int(&rows, i, 2),
                                         .credit = sql_int(&rows, i, 3)};
        ASSERT(name.len == 3);
        memcpy(at_i->currency, name.ptr, 3);
    }
    return OK;
}
