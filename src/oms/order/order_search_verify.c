/* order_search_verify.c - the words of orders against the orders: every order
 * is there, and of every sixteenth chunk all words and rows are made again. */
#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "oms/order/order_people.h"
#include "oms/order/order_search.h"
#include "oms/order/order_search_sql.h"
#include "oms/verify.h"
#include "store/event.h"
#include "store/sql.h"

enum { EVERY = 16 };

/* The orders of a chunk, as if events told of them. */
static err_t read_contacts(struct ctx *ctx, const struct search_row *rows,
                           size_t count, struct order_contact **ret,
                           size_t *ret_count)
{
    struct event *events = arena_array(ctx->arena, struct event, count);
    for (size_t i = 0; i < count; i++)
        events[i] = (struct event){.subject_kind = STR("order"),
                                   .subject_id = rows[i].order};
    return order_contact_list(ctx, events, count, ret, ret_count);
}

static err_t check_words(struct ctx *ctx, const struct search_row *rows,
                         size_t count, const struct verify *check)
{
    struct order_contact *contacts;
    size_t found;
    str *words;
    TRY(read_contacts(ctx, rows, count, &contacts, &found));
    TRY(order_words_many(ctx, contacts, found, &words));
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < found; k++)
            if (contacts[k].id.v == rows[i].order &&
                !str_equal(words[k], rows[i].words))
                verify_tell(check, rows[i].order, check->what);
    return OK;
}

static err_t check_rows(struct ctx *ctx, const struct search_row *rows,
                        size_t count, const struct verify *check)
{
    struct sql_rows stored;
    size_t words;
    struct sql_arg args[] = {sql_i(rows[0].chunk)};
    const struct search_word *at =
        search_words_of(ctx->arena, rows, count, &words);
    TRY(sql_list(ctx, SQL_SEARCH_WORDS_LIST, args, COUNT_OF(args), &stored));
    bool is_same = words == stored.count;
    for (size_t i = 0; is_same && i < words; i++)
        is_same = str_equal(at[i].word, sql_str(&stored, i, 0)) &&
                  str_equal(at[i].places, sql_str(&stored, i, 1));
    if (!is_same)
        verify_tell(check, rows[0].order, check->what);
    return OK;
}

static err_t check_chunk(struct ctx *ctx, int64_t chunk, bool is_open,
                         verify_report_fn *report_fn, void *arg)
{
    struct search_row *rows;
    size_t count;
    struct verify words = {report_fn, arg, "search", "ord",
                           "is found by other words"};
    struct verify index = {report_fn, arg, "search", "ord",
                           "begins a chunk whose rows are not its words"};
    TRY(search_list_chunk(ctx, chunk, &rows, &count));
    TRY(check_words(ctx, rows, count, &words));
    if (is_open)
        return OK;
    if (count != SEARCH_CHUNK) {
        verify_tell(&index, count > 0 ? rows[0].order : 0, index.what);
        return OK;
    }
    return check_rows(ctx, rows, count, &index);
}

err_t order_search_verify(struct ctx *ctx, verify_report_fn *report_fn,
                          void *arg)
{
    size_t lag;
    bool is_found;
    struct search_row last;
    struct verify missing = {report_fn, arg, "search", "ord",
                             "is not to be found by words"};
    struct verify stray = {report_fn, arg, "search", "ord",
                           "is found and is not there"};
    TRY(event_lag(ctx, ORDER_SEARCH_CONSUMER, 1, &lag));
    if (lag > 0)
        return OK;
    TRY(verify_none(ctx, SQL_ORDER_VERIFY_SEARCH, missing));
    TRY(verify_none(ctx, SQL_ORDER_VERIFY_SEARCH_STRAY, stray));
    TRY(search_last(ctx, &last, &is_found));
    for (int64_t chunk = is_found ? last.chunk : 0; chunk > 0; chunk -= EVERY) {
        struct arena_mark mark = arena_mark(ctx->arena);
        bool is_open = chunk == last.chunk && last.pos + 1 < SEARCH_CHUNK;
        TRY(check_chunk(ctx, chunk, is_open, report_fn, arg));
        arena_reset_to(ctx->arena, mark);
    }
    return OK;
}
