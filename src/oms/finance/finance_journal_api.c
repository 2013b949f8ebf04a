/* finance_journal_api.c - the journal over HTTP. */
#include "oms/finance/finance_journal.h"

#include "base/json.h"
#include "base/money.h"
#include "base/str.h"
#include "net/list_csv.h"
#include "net/route.h"
#include "oms/finance/finance_journal_store.h"

static const char *const prefixes[] = {"inv", "crn", "pay", "gft", "scr"};

static void put_side(struct json_out *out, const char *key, int64_t amount,
                     const char *currency)
{
    if (amount > 0)
        json_put_money(out, key, money_make(amount, currency));
    else
        json_put_null(out, key);
}

static void put_entry(struct json_out *out, const struct journal_entry *entry)
{
    json_begin(out, NULL);
    json_put_id(out, "id", "jrn", entry->id.v);
    json_put_time(out, "at", entry->at);
    json_put_cstr(out, "about", journal_about(entry));
    json_put_id(out, "source", prefixes[entry->kind - 1], entry->source);
    json_put_i64(out, "source_n", entry->source_n);
    json_put_id_or_null(out, "order_id", "ord", entry->order.v);
    json_put_cstr(out, "currency", entry->currency);
    json_begin_list(out, "lines");
    for (size_t i = 0; i < entry->line_count; i++) {
        const struct journal_row *line = &entry->lines[i];
        json_begin(out, NULL);
        json_put_str(out, "account", line->account);
        put_side(out, "debit", line->debit, entry->currency);
        put_side(out, "credit", line->credit, entry->currency);
        json_end_object(out);
    }
    json_end_list(out);
    json_end_object(out);
}

/* GET /v1/journal */
static err_t api_list(struct ctx *ctx, struct request *req)
{
    struct journal_query query = {.to = INT64_MAX};
    struct journal_entry *all;
    size_t count;
    TRY(request_query_limit(req, &query.limit));
    TRY(request_query_id(req, "after", "jrn", &query.before.v));
    TRY(request_query_id(req, "order", "ord", &query.order.v));
    TRY(request_query_time(req, "from", &query.from));
    TRY(request_query_time(req, "to", &query.to));
    TRY(request_query_end(req));
    TRY(journal_list(ctx, &query, &all, &count));
    json_begin_page(req->reply);
    for (size_t i = 0; i < count; i++)
        put_entry(req->reply, &all[i]);
    json_end_page(req->reply, "jrn",
                  count == query.limit ? all[count - 1].id.v : 0);
    return OK;
}

static void put_sums(struct json_out *out, const char *currency, int64_t debit,
                     int64_t credit)
{
    json_put_money(out, "debit", money_make(debit, currency));
    json_put_money(out, "credit", money_make(credit, currency));
}

static void put_balances(struct json_out *out,
                         const struct journal_balance *all, size_t count)
{
    json_begin_list(out, "items");
    for (size_t i = 0; i < count; i++) {
        json_begin(out, NULL);
        json_put_cstr(out, "currency", all[i].currency);
        json_put_str(out, "account", all[i].account);
        put_sums(out, all[i].currency, all[i].debit, all[i].credit);
        json_end_object(out);
    }
    json_end_list(out);
}

/* Of each currency, of which they stand one behind the other. */
static void put_totals(struct json_out *out, const struct journal_balance *all,
                       size_t count)
{
    int64_t debit = 0, credit = 0;
    json_begin_list(out, "totals");
    for (size_t i = 0; i < count; i++) {
        debit += all[i].debit;
        credit += all[i].credit;
        if (i + 1 < count && strcmp(all[i].currency, all[i + 1].currency) == 0)
            continue;
        json_begin(out, NULL);
        json_put_cstr(out, "currency", all[i].currency);
        put_sums(out, all[i].currency, debit, credit);
        json_end_object(out);
        debit = credit = 0;
    }
    json_end_list(out);
}

/* GET /v1/journal/balances */
static err_t api_balances(struct ctx *ctx, struct request *req)
{
    struct journal_balance *all;
    size_t count;
    utc_ms at = ctx->now;
    char currency[4] = "";
    str text = STR_NONE;
    TRY(request_query_time(req, "at", &at));
    (void)request_query_find(req, "currency", &text);
    TRY(request_query_end(req));
    if (text.len > 0 && !currency_from_str(text, currency))
        return fail_as(ctx, ERR_INVALID, "currency_unknown", "currency",
                       "is no currency of ISO 4217");
    TRY(journal_balances(ctx, currency, at, &all, &count));
    json_begin(req->reply, NULL);
    json_put_time(req->reply, "at", at);
    put_balances(req->reply, all, count);
    put_totals(req->reply, all, count);
    json_end_object(req->reply);
    return OK;
}

static const char *const list_columns[] = {
    "id",       "at",       "about",   "source",       "source_n",
    "order_id", "currency", "account", "debit.amount", "credit.amount",
    NULL};
static const struct list_table list_table = {
    .file = "journal.csv",
    .columns = list_columns,
    .each = "lines",
    .most = JOURNAL_LINES,
};

static const struct route routes[] = {
    {.operation = "getJournalBalances",
     .method = HTTP_GET,
     .path = "/v1/journal/balances",
     .perm = PERM_FINANCE_READ,
     .kind = ROUTE_READ,
     .run = api_balances },
    { .operation = "listJournal",
     .method = HTTP_GET,
     .path = "/v1/journal",
     .perm = PERM_FINANCE_READ,
     .kind = ROUTE_READ,
     .run = api_list,
     .table = &list_table},
};
const struct route_list journal_routes = {routes, COUNT_OF(routes)};
