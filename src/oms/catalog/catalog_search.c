/* catalog_search.c - SKUs by words of their code, title and barcode. */
#include "base/arena.h"
#include "base/str.h"
#include "base/words.h"
#include "oms/catalog/catalog_sql.h"
#include "oms/catalog/catalog_store.h"
#include "store/sql.h"

enum { PAGE = 1000, PAGES = 20 };

/* The ids among a page that meet it; *after is the last one looked at. */
static size_t meet(struct ctx *ctx, const struct word_query *query,
                   const struct sql_rows *rows, size_t limit, int64_t *ids,
                   int64_t *after)
{
    size_t met = 0;
    for (size_t i = 0; i < rows->count && met < limit; i++) {
        const str texts[] = {sql_str(rows, i, 1), sql_str(rows, i, 2),
                             sql_str(rows, i, 3)};
        *after = sql_int(rows, i, 0);
        if (words_met(ctx->arena, query, texts, COUNT_OF(texts)))
            ids[met++] = *after;
    }
    return met;
}

err_t sku_search(struct ctx *ctx, const struct word_query *query,
                 const struct sku_filter *filter, struct sku_row **ret,
                 size_t *ret_count, int64_t *ret_next)
{
    int64_t after = filter->after;
    int64_t *ids = arena_array(ctx->arena, int64_t, filter->limit);
    size_t count = 0, seen = PAGE;
    for (int i = 0; i < PAGES && seen == PAGE && count < filter->limit; i++) {
        struct sql_rows rows;
        struct sql_arg args[] = {sql_i(after), sql_i(PAGE)};
        TRY(sql_list(ctx, SQL_SKU_SCAN, args, COUNT_OF(args), &rows));
        seen = rows.count;
        count +=
            meet(ctx, query, &rows, filter->limit - count, ids + count, &after);
    }
    *ret = arena_array(ctx->arena, struct sku_row, count);
    *ret_count = count;
    *ret_next = seen == PAGE || count == filter->limit ? after : 0;
    for (size_t i = 0; i < count; i++)
        TRY(sku_row_get(ctx, (sku_id){ids[i]}, &(*ret)[i]));
    return OK;
}
