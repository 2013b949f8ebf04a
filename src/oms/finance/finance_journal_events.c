/* finance_journal_events.c - the consumer that keeps the journal.
 *
 * Events only say what to look at: what has no entry gets one, so an event
 * handled twice enters nothing twice.
 */
#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "oms/finance/finance_journal.h"
#include "oms/finance/journal_sql.h"
#include "store/event.h"
#include "store/sql.h"

static const struct {
    const char *subject, *type; /* Of the events; NULL: all. */
    int due;
} sources[] = {
    {"payment",      NULL,                 SQL_JOURNAL_PAYMENT_DUE},
    {"invoice",      "invoice.issued",     SQL_JOURNAL_BILL_DUE   },
    {"credit_note",  "credit_note.issued", SQL_JOURNAL_BILL_DUE   },
    {"gift_card",    NULL,                 SQL_JOURNAL_CREDIT_DUE },
    {"store_credit", NULL,                 SQL_JOURNAL_CREDIT_DUE },
};

/* What a day moved on an account. */
struct day {
    str currency, account;
    int64_t day, debit, credit;
};
/* Rows to write. */
struct book {
    struct sql_arg *entries, *lines;
    size_t entry_count, line_count;
    struct day *days; /* As many as lines, at most. */
    size_t day_count;
    int64_t event; /* The last one that was looked at. */
};
enum { ENTRY_PARAMS = 10, LINE_PARAMS = 6, DAY_PARAMS = 5 };

static void add_to_day(struct book *book, const struct journal_fact *fact,
                       str account, int64_t amount)
{
    int64_t day = fact->at / JOURNAL_DAY_MS;
    size_t i = 0;
    while (i < book->day_count &&
           (book->days[i].day != day ||
            !str_equal(book->days[i].account, account) ||
            !str_equal(book->days[i].currency, fact->currency)))
        i++;
    if (i == book->day_count)
        book->days[book->day_count++] = (struct day){
            .currency = fact->currency, .account = account, .day = day};
    book->days[i].debit += amount > 0 ? amount : 0;
    book->days[i].credit += amount < 0 ? -amount : 0;
}

static void enter_lines(struct ctx *ctx, const struct journal_fact *fact,
                        const struct journal_line *lines, size_t count,
                        int64_t id, struct book *book)
{
    for (size_t i = 0; i < count; i++) {
        str account = str_copy(ctx->arena, str_from_cstr(lines[i].account));
        int64_t amount = lines[i].amount;
        add_to_day(book, fact, account, amount);
        const struct sql_arg own[LINE_PARAMS] = {
            sql_i(id),
            sql_i((int64_t)i + 1),
            sql_i(id_bucket(id)),
            sql_s(account),
            sql_i(amount > 0 ? amount : 0),
            sql_i(amount < 0 ? -amount : 0)};
        memcpy(&book->lines[book->line_count++ * LINE_PARAMS], own, sizeof own);
    }
}

static void enter(struct ctx *ctx, const struct journal_fact *fact,
                  struct book *book)
{
    struct journal_line lines[JOURNAL_LINES];
    size_t count = journal_lines_of(fact, lines);
    if (count == 0)
        return;
    int bucket = id_bucket(fact->id);
    int64_t id = id_next(ctx->ids, ctx->now, bucket);
    const struct sql_arg own[ENTRY_PARAMS] = {sql_i(id),
                                              sql_i(bucket),
                                              sql_i(fact->kind),
                                              sql_i(fact->id),
                                              sql_i(fact->n),
                                              sql_i(fact->what),
                                              sql_i_or_null(fact->order.v),
                                              sql_s(fact->currency),
                                              sql_i(fact->at),
                                              sql_i(book->event)};
    memcpy(&book->entries[book->entry_count++ * ENTRY_PARAMS], own, sizeof own);
    enter_lines(ctx, fact, lines, count, id, book);
}

static err_t write_days(struct ctx *ctx, const struct book *book)
{
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, book->day_count * DAY_PARAMS);
    for (size_t i = 0; i < book->day_count; i++) {
        const struct day *day = &book->days[i];
        const struct sql_arg own[DAY_PARAMS] = {
            sql_s(day->currency), sql_s(day->account), sql_i(day->day),
            sql_i(day->debit), sql_i(day->credit)};
        memcpy(&args[i * DAY_PARAMS], own, sizeof own);
    }
    return sql_run_many(ctx, SQL_JOURNAL_DAY_ADD, args, DAY_PARAMS,
                        book->day_count, NULL);
}

static err_t write(struct ctx *ctx, const struct book *book)
{
    if (book->entry_count == 0)
        return OK;
    TRY(sql_run_many(ctx, SQL_JOURNAL_ENTRY_ADD, book->entries, ENTRY_PARAMS,
                     book->entry_count, NULL));
    TRY(sql_run_many(ctx, SQL_JOURNAL_LINE_ADD, book->lines, LINE_PARAMS,
                     book->line_count, NULL));
    return write_days(ctx, book);
}

static struct journal_fact read_fact(const struct sql_rows *rows, size_t i)
{
    return (struct journal_fact){
        .kind = (enum journal_kind)sql_int(rows, i, 0),
        .id = sql_int(rows, i, 1),
        .n = sql_int(rows, i, 2),
        .what = sql_int(rows, i, 3),
        .order = {sql_int(rows, i, 4)},
        .currency = sql_str(rows, i, 5),
        .at = sql_int(rows, i, 6),
        .total = sql_int(rows, i, 7),
        .tax = sql_int(rows, i, 8),
        .tender = sql_int(rows, i, 9),
        .is_lost = sql_int(rows, i, 10) != 0,
    };
}

static err_t enter_all(struct ctx *ctx, int due, struct sql_arg *keys,
                       size_t count, int64_t event)
{
    struct sql_rows rows;
    struct book book = {.event = event};
    TRY(sql_list_distinct(ctx, due, keys, count, &rows));
    book.entries =
        arena_array(ctx->arena, struct sql_arg, rows.count * ENTRY_PARAMS);
    book.lines = arena_array(ctx->arena, struct sql_arg,
                             rows.count * JOURNAL_LINES * LINE_PARAMS);
    book.days = arena_array(ctx->arena, struct day, rows.count * JOURNAL_LINES);
    for (size_t i = 0; i < rows.count; i++) {
        struct journal_fact fact = read_fact(&rows, i);
        enter(ctx, &fact, &book);
    }
    return write(ctx, &book);
}

static err_t consume(struct ctx *ctx, const struct event *events, size_t count)
{
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count);
    for (size_t i = 0; i < COUNT_OF(sources); i++) {
        size_t n = 0;
        for (size_t j = 0; j < count; j++)
            if (str_equal_cstr(events[j].subject_kind, sources[i].subject) &&
                (!sources[i].type ||
                 str_equal_cstr(events[j].type, sources[i].type)))
                keys[n++] = sql_i(events[j].subject_id);
        if (n > 0)
            TRY(enter_all(ctx, sources[i].due, keys, n, events[count - 1].id));
    }
    return OK;
}

static const struct event_consumer consumers[] = {
    {.name = JOURNAL_CONSUMER, .consume = consume},
};
const struct event_list journal_events = {consumers, COUNT_OF(consumers)};
