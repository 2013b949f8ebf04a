/* order_search.c - orders by words, newest first.
 *
 * Chunks are asked from the newest on, many at a time while they answer little
 * and fewer where they answer much, word after word of the query: a chunk
 * without a place for the words so far is not asked for the next. A common word
 * fills the page from the first chunks; for a rare one each chunk costs one
 * look-up. Between the two stands a limit on what one request reads: past it
 * the page ends where it is and says where to go on.
 */
#include "oms/order/order_search.h"

#include "base/arena.h"
#include "base/map.h"
#include "base/str.h"
#include "oms/order/order_search_sql.h"
#include "store/sql.h"

enum {
    GROUP_FIRST = 4, /* Chunks asked at once. */
    GROUP_MAX = 256,
    GROUP_ROWS = 4000, /* An answer that makes the next group smaller. */
    ROWS_MAX = 60000,  /* Read by one request. */
    BITS = 64,
    CHUNK_BITS = SEARCH_CHUNK / BITS
};

/* Above every word that begins with a prefix: no word holds U+10FFFF. */
static const char TOP[] = "\xf4\x8f\xbf\xbf";

struct places {
    uint64_t bits[CHUNK_BITS];
};

struct hit {
    int64_t chunk, pos;
};

struct run {
    struct ctx *ctx;
    const struct search_query *query;
    struct hit *hits; /* Newest first, up to limit + 1. */
    size_t count, rows_read, group;
    int64_t chunk, pos; /* Only places before that one. */
};

/* ---- a chunk's places ---- */

static void set_place(struct places *places, int64_t pos)
{
    places->bits[pos / BITS] |= UINT64_C(1) << (pos % BITS);
}

static bool has_place(const struct places *places, int64_t pos)
{
    return places->bits[pos / BITS] >> (pos % BITS) & 1;
}

static bool is_empty(const struct places *places)
{
    for (size_t i = 0; i < CHUNK_BITS; i++)
        if (places->bits[i])
            return false;
    return true;
}

static bool is_full(const struct run *run)
{
    return run->count > run->query->limit;
}

static void take_hits(struct run *run, int64_t chunk,
                      const struct places *places)
{
    int64_t from = chunk == run->chunk ? run->pos : SEARCH_CHUNK;
    for (int64_t pos = from - 1; pos >= 0 && !is_full(run); pos--)
        if (has_place(places, pos))
            run->hits[run->count++] = (struct hit){chunk, pos};
}

/* ---- the open chunk ---- */

static err_t look_through(struct run *run, int64_t chunk)
{
    struct search_row *rows;
    struct places places = {{0}};
    size_t count;
    TRY(search_list_chunk(run->ctx, chunk, &rows, &count));
    for (size_t i = 0; i < count; i++)
        if (words_match(rows[i].words, &run->query->words))
            set_place(&places, rows[i].pos);
    take_hits(run, chunk, &places);
    return OK;
}

/* ---- full chunks ---- */

/* Chunks from `last` down; places of those that are still possible. */
struct group {
    int64_t last;
    size_t count;
    struct places *places;
    bool *is_out;
    size_t rows;
};

static void add_places(struct places *to, str places)
{
    for (size_t i = 0; i + 1 < places.len; i += SEARCH_PLACE_BYTES) {
        int64_t pos = (places.ptr[i] - '0') * 32 + (places.ptr[i + 1] - '0');
        if (pos >= 0 && pos < SEARCH_CHUNK)
            set_place(to, pos);
    }
}

static err_t probe(struct run *run, struct group *group,
                   const struct word_term *term, struct places *found)
{
    enum { PARAMS = 3 };
    struct ctx *ctx = run->ctx;
    struct sql_arg *args = arena_array(ctx->arena, struct sql_arg,
                                       group->count * term->count * PARAMS);
    struct sql_arg *to = args;
    for (size_t k = 0; k < term->count; k++) {
        str low = term->prefix[k];
        str high = str_printf(ctx->arena, "%.*s%s", STR_ARG(low), TOP);
        for (size_t i = 0; i < group->count; i++) {
            if (group->is_out[i])
                continue;
            *to++ = sql_i(group->last - (int64_t)i);
            *to++ = sql_s(low);
            *to++ = sql_s(high);
        }
    }
    if (to == args)
        return OK;
    struct sql_rows rows;
    TRY(sql_list_many(ctx, SQL_SEARCH_PROBE, args, PARAMS,
                      (size_t)(to - args) / PARAMS, &rows));
    for (size_t i = 0; i < rows.count; i++) {
        int64_t at = group->last - sql_int(&rows, i, 0);
        ASSERT(at >= 0 && at < (int64_t)group->count);
        add_places(&found[at], sql_str(&rows, i, 1));
    }
    group->rows += rows.count;
    return OK;
}

static void keep_common(struct group *group, const struct places *found,
                        bool is_first)
{
    for (size_t i = 0; i < group->count; i++) {
        struct places *places = &group->places[i];
        if (group->is_out[i])
            continue;
        for (size_t k = 0; k < CHUNK_BITS; k++)
            places->bits[k] = is_first ? found[i].bits[k]
                                       : places->bits[k] & found[i].bits[k];
        group->is_out[i] = is_empty(places);
    }
}

static err_t ask_group(struct run *run, struct group *group)
{
    struct ctx *ctx = run->ctx;
    const struct word_query *words = &run->query->words;
    struct arena_mark mark = arena_mark(ctx->arena);
    group->places = arena_array(ctx->arena, struct places, group->count);
    group->is_out = arena_array(ctx->arena, bool, group->count);
    for (size_t t = 0; t < words->count; t++) {
        struct places *found =
            arena_array(ctx->arena, struct places, group->count);
        TRY(probe(run, group, &words->terms[t], found));
        keep_common(group, found, t == 0);
    }
    for (size_t i = 0; i < group->count && !is_full(run); i++)
        if (!group->is_out[i])
            take_hits(run, group->last - (int64_t)i, &group->places[i]);
    arena_reset_to(ctx->arena, mark);
    return OK;
}

/* Goes down until the page is full, the work is, or nothing is left; *ret_chunk
 * is the last chunk that was asked. */
static err_t go_down(struct run *run, int64_t chunk, int64_t *ret_chunk)
{
    size_t group_size = GROUP_FIRST;
    while (chunk > 0 && !is_full(run) && run->rows_read < ROWS_MAX) {
        struct group group = {.last = chunk, .count = group_size};
        if ((int64_t)group.count > chunk)
            group.count = (size_t)chunk;
        TRY(ask_group(run, &group));
        chunk -= (int64_t)group.count;
        run->rows_read += group.rows;
        if (group.rows > GROUP_ROWS)
            group_size = group_size > 1 ? group_size / 2 : 1;
        else if (group_size < GROUP_MAX)
            group_size *= 2;
    }
    *ret_chunk = chunk + 1;
    return OK;
}

/* ---- the page ---- */

static err_t find_start(struct run *run, struct search_row *last,
                        bool *ret_found)
{
    TRY(search_last(run->ctx, last, ret_found));
    run->chunk = last->chunk;
    run->pos = SEARCH_CHUNK;
    if (!*ret_found || !run->query->after.v)
        return OK;
    struct search_row *rows;
    size_t count;
    TRY(search_find_orders(run->ctx, &run->query->after.v, 1, &rows, &count));
    if (count == 0)
        return fail_as(run->ctx, ERR_INVALID, "after_unknown", "after",
                       "is no order of a page before");
    run->chunk = rows->chunk;
    run->pos = rows->pos;
    return OK;
}

static err_t list_hits(struct run *run, struct sql_rows *ret)
{
    enum { PARAMS = 2 };
    struct sql_arg *args =
        arena_array(run->ctx->arena, struct sql_arg, run->count * PARAMS);
    for (size_t i = 0; i < run->count; i++) {
        args[i * PARAMS] = sql_i(run->hits[i].chunk);
        args[i * PARAMS + 1] = sql_i(run->hits[i].pos);
    }
    return sql_list_many(run->ctx, SQL_SEARCH_ITEM_LIST, args, PARAMS,
                         run->count, ret);
}

/* In the order of the hits; an order that the list does not have yet is left
 * out: it will be there in a moment. */
static err_t read_items(struct run *run, size_t limit, struct order_item **ret,
                        size_t *ret_count, order_id *ret_last)
{
    enum { CHUNK = 14, POS = 15, CHANNEL = 1 };
    struct arena *arena = run->ctx->arena;
    struct sql_rows rows = {0};
    struct map *by_place = map_open(arena, run->count);
    size_t *numbers = arena_array(arena, size_t, run->count);
    TRY(list_hits(run, &rows));
    ASSERT(rows.count <= run->count);
    for (size_t i = 0; i < rows.count; i++) {
        numbers[i] = i;
        map_set(by_place,
                (struct map_key){.a = sql_int(&rows, i, CHUNK),
                                 .b = sql_int(&rows, i, POS)},
                &numbers[i]);
    }
    struct order_item *items = arena_array(arena, struct order_item, limit);
    *ret_count = 0;
    for (size_t i = 0; i < run->count && i < limit; i++) {
        const size_t *row =
            map_find(by_place, (struct map_key){.a = run->hits[i].chunk,
                                                .b = run->hits[i].pos});
        if (!row)
            continue;
        ret_last->v = sql_int(&rows, *row, 0);
        if (!sql_is_null(&rows, *row, CHANNEL))
            order_item_from_row(&rows, *row, &items[(*ret_count)++]);
    }
    *ret = items;
    return OK;
}

static err_t ask_all(struct run *run, int64_t *ret_chunk)
{
    struct search_row last = {.chunk = 0};
    bool is_found;
    *ret_chunk = 1;
    TRY(find_start(run, &last, &is_found));
    if (!is_found)
        return OK;
    int64_t chunk = run->chunk;
    if (chunk == last.chunk && last.pos + 1 < SEARCH_CHUNK)
        TRY(look_through(run, chunk--));
    return go_down(run, chunk, ret_chunk);
}

err_t order_search(struct ctx *ctx, const struct search_query *query,
                   struct order_item **ret, size_t *ret_count,
                   order_id *ret_next)
{
    struct run run = {.ctx = ctx, .query = query};
    int64_t chunk;
    order_id last = {0};
    ASSERT(query->limit > 0 && query->words.count > 0);
    run.hits = arena_array(ctx->arena, struct hit, query->limit + 1);
    *ret_count = 0;
    ret_next->v = 0;
    TRY(ask_all(&run, &chunk));
    if (run.count > 0)
        TRY(read_items(&run, query->limit, ret, ret_count, &last));
    if (is_full(&run)) {
        *ret_next = last;
    } else if (chunk > 1) {
        struct search_row *rows;
        size_t count;
        TRY(search_list_chunk(ctx, chunk, &rows, &count));
        ASSERT(count > 0);
        ret_next->v = rows[0].order;
    }
    return OK;
}
