/* order_search_index.c - the consumer that keeps the words of orders.
 *
 * An event only says which order to look at again: its words are made from the
 * order as it is now and compared with those stored. A new order takes the next
 * place of the open chunk; the order that fills it has the chunk's rows by word
 * written, in one go and in sorted order. Where words of a full chunk change,
 * its rows are written anew.
 */
#include "oms/order/order_search.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/contact.h"
#include "base/id.h"
#include "base/map.h"
#include "base/str.h"
#include "oms/order/order_people.h"
#include "oms/order/order_search_sql.h"
#include "store/event.h"
#include "store/sql.h"

/* ---- rows ---- */

static struct search_row *rows_from_sql(struct ctx *ctx,
                                        const struct sql_rows *rows)
{
    struct search_row *ret =
        arena_array(ctx->arena, struct search_row, rows->count);
    for (size_t i = 0; i < rows->count; i++)
        ret[i] = (struct search_row){sql_int(rows, i, 0), sql_int(rows, i, 1),
                                     sql_int(rows, i, 2), sql_str(rows, i, 3)};
    return ret;
}

err_t search_find_orders(struct ctx *ctx, const int64_t *orders, size_t count,
                         struct search_row **ret, size_t *ret_count)
{
    struct sql_arg *args = arena_array(ctx->arena, struct sql_arg, count);
    for (size_t i = 0; i < count; i++)
        args[i] = sql_i(orders[i]);
    struct sql_rows rows;
    TRY(sql_list_many(ctx, SQL_SEARCH_FIND_ORDER, args, 1, count, &rows));
    *ret = rows_from_sql(ctx, &rows);
    *ret_count = rows.count;
    return OK;
}

err_t search_list_chunk(struct ctx *ctx, int64_t chunk, struct search_row **ret,
                        size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(chunk)};
    TRY(sql_list(ctx, SQL_SEARCH_LIST_CHUNK, args, COUNT_OF(args), &rows));
    *ret = rows_from_sql(ctx, &rows);
    *ret_count = rows.count;
    return OK;
}

err_t search_last(struct ctx *ctx, struct search_row *ret, bool *ret_found)
{
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_SEARCH_LAST, NULL, 0, &rows));
    *ret_found = rows.count > 0;
    if (rows.count > 0)
        *ret = rows_from_sql(ctx, &rows)[0];
    return OK;
}

/* ---- the words of an order ---- */

static void add_party(struct words *words, const struct order_party *party)
{
    char key[PHONE_KEY_BYTES];
    size_t len;
    words_add_text(words, party->name);
    words_add_text(words, party->company);
    words_add_text(words, party->email);
    words_add_code(words, party->external_id);
    if (phone_key(party->phone, party->country, key, &len))
        words_add_phone(words, str_copy(words->arena, (str){key, len}));
}

static void add_people(struct words *words, struct order_contact contact)
{
    /* A customer's own phone has no country beside it. */
    contact.customer.country = contact.shipping.country.len > 0
                                   ? contact.shipping.country
                                   : contact.billing.country;
    words_add_code(words, contact.number);
    words_add_code(words, contact.external_id);
    add_party(words, &contact.customer);
    add_party(words, &contact.shipping);
    add_party(words, &contact.billing);
}

static struct map_key id_key(int64_t id)
{
    return (struct map_key){.a = id};
}

err_t order_words_many(struct ctx *ctx, const struct order_contact *contacts,
                       size_t count, str **ret)
{
    enum { PARAMS = 2 };
    struct words *all = arena_array(ctx->arena, struct words, count);
    struct map *by_id = map_open(ctx->arena, count);
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * PARAMS);
    for (size_t i = 0; i < count; i++) {
        words_init(&all[i], ctx->arena, SEARCH_WORDS);
        add_people(&all[i], contacts[i]);
        map_set(by_id, id_key(contacts[i].id.v), &all[i]);
        args[i * PARAMS] = sql_i(id_bucket(contacts[i].id.v));
        args[i * PARAMS + 1] = sql_i(contacts[i].id.v);
    }
    struct sql_rows rows;
    TRY(sql_list_many(ctx, SQL_SEARCH_SKU_LIST, args, PARAMS, count, &rows));
    for (size_t i = 0; i < rows.count; i++) {
        struct words *words = map_find(by_id, id_key(sql_int(&rows, i, 0)));
        ASSERT(words);
        words_add_code(words, sql_str(&rows, i, 1));
    }
    str *joined = arena_array(ctx->arena, str, count);
    for (size_t i = 0; i < count; i++)
        joined[i] = words_join(&all[i]);
    *ret = joined;
    return OK;
}

/* ---- a full chunk ---- */

struct spot {
    str word;
    int64_t pos;
};

static int by_word(const void *a, const void *b)
{
    const struct spot *x = a, *y = b;
    int order = str_compare(x->word, y->word);
    return order ? order : (x->pos > y->pos) - (x->pos < y->pos);
}

static size_t count_words(const struct search_row *rows, size_t count)
{
    size_t words = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 1; k < rows[i].words.len; k++)
            words += rows[i].words.ptr[k] == '\n';
    return words;
}

static size_t put_spots(struct spot *to, const struct search_row *row)
{
    size_t count = 0;
    str rest = row->words;
    if (rest.len == 0)
        return 0;
    str_split(rest, '\n', &rest);
    while (rest.len > 0)
        to[count++] = (struct spot){str_split(rest, '\n', &rest), row->pos};
    return count;
}

/* Both letters of a place are printable ASCII. */
static void put_place(struct buf *buf, int64_t pos)
{
    ASSERT(pos >= 0 && pos < SEARCH_CHUNK);
    buf_add_char(buf, (char)('0' + pos / 32));
    buf_add_char(buf, (char)('0' + pos % 32));
}

struct search_word *search_words_of(struct arena *arena,
                                    const struct search_row *rows, size_t count,
                                    size_t *ret_count)
{
    struct buf buf;
    size_t total = count_words(rows, count), at = 0, distinct = 0;
    struct spot *spots = arena_array(arena, struct spot, total);
    for (size_t i = 0; i < count; i++)
        at += put_spots(spots + at, &rows[i]);
    ASSERT(at == total);
    qsort(spots, total, sizeof(*spots), by_word);
    buf_init_fixed(&buf, arena_array(arena, char, total *SEARCH_PLACE_BYTES),
                   total * SEARCH_PLACE_BYTES);
    struct search_word *words = arena_array(arena, struct search_word, total);
    for (size_t i = 0; i < total; i++) {
        if (i == 0 || !str_equal(spots[i].word, spots[i - 1].word))
            words[distinct++] = (struct search_word){
                spots[i].word, {buf.ptr + buf.len, 0}
            };
        put_place(&buf, spots[i].pos);
        words[distinct - 1].places.len += SEARCH_PLACE_BYTES;
    }
    *ret_count = distinct;
    return words;
}

err_t search_seal(struct ctx *ctx, int64_t chunk)
{
    enum { PARAMS = 3 };
    struct search_row *rows;
    size_t count, words;
    struct sql_arg args[] = {sql_i(chunk)};
    TRY(sql_run(ctx, SQL_SEARCH_WORDS_CLEAR, args, COUNT_OF(args), NULL));
    TRY(search_list_chunk(ctx, chunk, &rows, &count));
    ASSERT(count == SEARCH_CHUNK);
    struct search_word *at = search_words_of(ctx->arena, rows, count, &words);
    struct sql_arg *all =
        arena_array(ctx->arena, struct sql_arg, words * PARAMS);
    for (size_t i = 0; i < words; i++) {
        all[i * PARAMS] = sql_i(chunk);
        all[i * PARAMS + 1] = sql_s(at[i].word);
        all[i * PARAMS + 2] = sql_s(at[i].places);
    }
    return sql_run_many(ctx, SQL_SEARCH_WORDS_ADD, all, PARAMS, words, NULL);
}

/* ---- the consumer ---- */

struct run {
    struct ctx *ctx;
    struct search_row *changed; /* New and changed rows, to write. */
    size_t changed_count;
    int64_t chunk, pos; /* Of the next new order. */
    int64_t *dirty;     /* Chunks to seal. */
    size_t dirty_count;
};

static void mark_dirty(struct run *run, int64_t chunk)
{
    for (size_t i = 0; i < run->dirty_count; i++)
        if (run->dirty[i] == chunk)
            return;
    run->dirty[run->dirty_count++] = chunk;
}

static err_t find_end(struct run *run)
{
    struct search_row last;
    bool is_found;
    TRY(search_last(run->ctx, &last, &is_found));
    run->chunk = is_found ? last.chunk : 1;
    run->pos = is_found ? last.pos + 1 : 0;
    if (run->pos == SEARCH_CHUNK) {
        run->chunk++;
        run->pos = 0;
    }
    return OK;
}

static void add_order(struct run *run, int64_t order, str words)
{
    run->changed[run->changed_count++] =
        (struct search_row){run->chunk, run->pos, order, words};
    if (++run->pos < SEARCH_CHUNK)
        return;
    mark_dirty(run, run->chunk++);
    run->pos = 0;
}

static err_t save(struct run *run)
{
    enum { PARAMS = 4 };
    struct sql_arg *args = arena_array(run->ctx->arena, struct sql_arg,
                                       run->changed_count * PARAMS);
    struct sql_arg *to = args;
    for (size_t i = 0; i < run->changed_count; i++) {
        const struct search_row *row = &run->changed[i];
        *to++ = sql_i(row->chunk);
        *to++ = sql_i(row->pos);
        *to++ = sql_i(row->order);
        *to++ = sql_s(row->words);
    }
    TRY(sql_run_many(run->ctx, SQL_SEARCH_ADD, args, PARAMS, run->changed_count,
                     NULL));
    for (size_t i = 0; i < run->dirty_count; i++)
        TRY(search_seal(run->ctx, run->dirty[i]));
    return OK;
}

err_t order_search_keep(struct ctx *ctx, const struct order_contact *contacts,
                        size_t count)
{
    struct run run = {.ctx = ctx};
    str *words;
    struct search_row *old;
    size_t old_count;
    int64_t *ids = arena_array(ctx->arena, int64_t, count);
    struct map *by_id = map_open(ctx->arena, count);
    run.changed = arena_array(ctx->arena, struct search_row, count);
    run.dirty = arena_array(ctx->arena, int64_t, count);
    for (size_t i = 0; i < count; i++)
        ids[i] = contacts[i].id.v;
    TRY(order_words_many(ctx, contacts, count, &words));
    TRY(search_find_orders(ctx, ids, count, &old, &old_count));
    for (size_t i = 0; i < old_count; i++)
        map_set(by_id, id_key(old[i].order), &old[i]);
    TRY(find_end(&run));
    int64_t open_chunk = run.chunk;
    for (size_t i = 0; i < count; i++) {
        struct search_row *row = map_find(by_id, id_key(ids[i]));
        if (!row) {
            add_order(&run, ids[i], words[i]);
        } else if (!str_equal(row->words, words[i])) {
            row->words = words[i];
            run.changed[run.changed_count++] = *row;
            if (row->chunk < open_chunk)
                mark_dirty(&run, row->chunk);
        }
    }
    return save(&run);
}

err_t order_search_consume(struct ctx *ctx, const struct event *events,
                           size_t count)
{
    struct order_contact *contacts = NULL;
    TRY(order_contact_list(ctx, events, count, &contacts, &count));
    return count > 0 ? order_search_keep(ctx, contacts, count) : OK;
}
