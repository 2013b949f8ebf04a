/* finance_store.c - credit notes and their lines as rows. */
#include "oms/finance/finance_store.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/map.h"
#include "base/str.h"
#include "oms/finance/finance_sql.h"
#include "store/sql.h"

int credit_key_bucket(struct arena *arena, const struct credit_key *key)
{
    return str_bucket(str_printf(arena, "%.*s\n%.*s",
                                 STR_ARG(key->channel_code),
                                 STR_ARG(key->external_id)));
}

err_t credit_find_many(struct ctx *ctx, const struct credit_key *keys,
                       size_t count, struct credit_known **ret,
                       size_t *ret_count)
{
    enum { PARAMS = 3 };
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * PARAMS);
    struct sql_rows rows;
    for (size_t i = 0; i < count; i++) {
        args[i * PARAMS] = sql_i(credit_key_bucket(ctx->arena, &keys[i]));
        args[i * PARAMS + 1] = sql_i(keys[i].channel.v);
        args[i * PARAMS + 2] = sql_s(keys[i].external_id);
    }
    TRY(sql_list_many(ctx, SQL_CREDIT_FIND, args, PARAMS, count, &rows));
    *ret = arena_array(ctx->arena, struct credit_known, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i] = (struct credit_known){{sql_int(&rows, i, 0)},
                                          {sql_int(&rows, i, 1)},
                                          sql_str(&rows, i, 2),
                                          sql_int(&rows, i, 3)};
    return OK;
}

static struct sql_arg *put_line(struct sql_arg *at, credit_note_id note,
                                const struct credit_line *line)
{
    *at++ = sql_i(note.v);
    *at++ = sql_i(line->n);
    *at++ = sql_i(id_bucket(note.v));
    *at++ = sql_i(line->sku.v);
    *at++ = sql_s(line->sku_code);
    *at++ = sql_s(line->title);
    *at++ = sql_i(line->qty);
    *at++ = sql_i(line->unit_price);
    *at++ = sql_i(line->amount);
    *at++ = sql_i_or_null(line->order.v);
    *at++ = sql_i_or_null(line->order_n);
    *at++ = sql_s(line->doc);
    return at;
}

static err_t insert_lines(struct ctx *ctx, struct credit_note *const *notes,
                          size_t count)
{
    enum { PARAMS = 12 };
    size_t lines = 0;
    for (size_t i = 0; i < count; i++)
        lines += notes[i]->line_count;
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, lines * PARAMS);
    struct sql_arg *at = args;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < notes[i]->line_count; j++)
            at = put_line(at, notes[i]->id, &notes[i]->lines[j]);
    ASSERT(at == args + lines * PARAMS);
    return sql_run_many(ctx, SQL_CREDIT_LINE_INSERT, args, PARAMS, lines, NULL);
}

static struct sql_arg *put_note(struct sql_arg *at,
                                const struct credit_note *note)
{
    *at++ = sql_i(note->id.v);
    *at++ = sql_i(id_bucket(note->id.v));
    *at++ = sql_i(note->channel.v);
    *at++ = sql_s(note->external_id);
    *at++ = sql_s(note->number);
    *at++ = sql_i(note->status);
    *at++ = sql_i(note->origin);
    *at++ = sql_s(str_from_cstr(note->currency));
    *at++ = sql_i(note->total);
    *at++ = sql_i(note->body_hash);
    *at++ = sql_i(note->issued_at);
    *at++ = sql_i(note->created_at);
    *at++ = sql_i(note->version);
    *at++ = sql_s(note->doc);
    return at;
}

err_t credit_insert_many(struct ctx *ctx, struct credit_note *const *notes,
                         size_t count)
{
    enum { PARAMS = 14 };
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * PARAMS);
    struct sql_arg *at = args;
    int64_t changed;
    TRY(insert_lines(ctx, notes, count));
    for (size_t i = 0; i < count; i++)
        at = put_note(at, notes[i]);
    ASSERT(at == args + count * PARAMS);
    TRY(sql_run_many(ctx, SQL_CREDIT_INSERT, args, PARAMS, count, &changed));
    if (changed != (int64_t)count)
        return fail(ctx, ERR_RETRY, "external_id",
                    "another writer issued the credit note");
    return OK;
}

/* ---- what a credit line may take back ---- */

enum { S_CHANNEL, S_BUYER, S_SKU, S_ORDER, S_N, S_ORDERED, S_PLACED, S_USED };

static struct map_key buyer_key(channel_id channel, sku_id sku, str buyer)
{
    return (struct map_key){channel.v, sku.v, buyer};
}

/* The rows come in no promised order of keys, but in order within one. */
static void fill_sources(struct ctx *ctx, const struct map *by_key,
                         const struct sql_rows *rows)
{
    struct credit_buyer **owner =
        arena_array(ctx->arena, struct credit_buyer *, rows->count);
    for (size_t i = 0; i < rows->count; i++) {
        channel_id channel = {sql_int(rows, i, S_CHANNEL)};
        sku_id sku = {sql_int(rows, i, S_SKU)};
        owner[i] = map_find(by_key,
                            buyer_key(channel, sku, sql_str(rows, i, S_BUYER)));
        ASSERT(owner[i]);
        owner[i]->count++;
    }
    for (size_t i = 0; i < rows->count; i++) {
        struct credit_buyer *buyer = owner[i];
        if (!buyer->at) {
            buyer->at =
                arena_array(ctx->arena, struct credit_source, buyer->count);
            buyer->count = 0;
        }
        buyer->at[buyer->count++] = (struct credit_source){
            {sql_int(rows, i, S_ORDER)},
            sql_int(rows, i, S_N),
            sql_int(rows, i, S_ORDERED) - sql_int(rows, i, S_USED),
            sql_int(rows, i, S_PLACED)};
    }
}

err_t credit_sources(struct ctx *ctx, struct credit_buyer *buyers, size_t count)
{
    enum { PARAMS = 3 };
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * PARAMS);
    struct map *by_key = map_open(ctx->arena, count);
    struct sql_rows rows;
    for (size_t i = 0; i < count; i++) {
        args[i * PARAMS] = sql_i(buyers[i].channel.v);
        args[i * PARAMS + 1] = sql_s(buyers[i].buyer);
        args[i * PARAMS + 2] = sql_i(buyers[i].sku.v);
        map_set(by_key,
                buyer_key(buyers[i].channel, buyers[i].sku, buyers[i].buyer),
                &buyers[i]);
    }
    TRY(sql_list_many(ctx, SQL_CREDIT_SOURCE_LIST, args, PARAMS, count, &rows));
    fill_sources(ctx, by_key, &rows);
    return OK;
}

/* ---- reading ---- */

static void get_note(const struct sql_rows *rows, size_t row,
                     struct credit_note *ret)
{
    size_t at = 0;
    ret->id.v = sql_int(rows, row, at++);
    ret->channel.v = sql_int(rows, row, at++);
    ret->external_id = sql_str(rows, row, at++);
    ret->number = sql_str(rows, row, at++);
    ret->status = (enum credit_status)sql_int(rows, row, at++);
    ret->origin = (enum credit_origin)sql_int(rows, row, at++);
    str currency = sql_str(rows, row, at++);
    ASSERT(currency.len == 3);
    memcpy(ret->currency, currency.ptr, 3);
    ret->total = sql_int(rows, row, at++);
    ret->body_hash = sql_int(rows, row, at++);
    ret->issued_at = sql_int(rows, row, at++);
    ret->created_at = sql_int(rows, row, at++);
    ret->version = sql_int(rows, row, at++);
    ret->doc = sql_str(rows, row, at);
}

static void get_line(const struct sql_rows *rows, size_t row,
                     struct credit_line *ret)
{
    size_t at = 0;
    ret->n = sql_int(rows, row, at++);
    ret->sku.v = sql_int(rows, row, at++);
    ret->sku_code = sql_str(rows, row, at++);
    ret->title = sql_str(rows, row, at++);
    ret->qty = sql_int(rows, row, at++);
    ret->unit_price = sql_int(rows, row, at++);
    ret->amount = sql_int(rows, row, at++);
    if (!sql_is_null(rows, row, at)) {
        ret->order.v = sql_int(rows, row, at);
        ret->order_n = sql_int(rows, row, at + 1);
    }
    at += 2;
    ret->doc = sql_str(rows, row, at);
}

err_t credit_note_get(struct ctx *ctx, credit_note_id id,
                      struct credit_note *ret)
{
    struct sql_arg args[] = {sql_i(id_bucket(id.v)), sql_i(id.v)};
    struct sql_rows rows;
    struct credit_note note = {0};
    TRY(sql_list(ctx, SQL_CREDIT_GET, args, 2, &rows));
    if (rows.count == 0)
        return fail(ctx, ERR_NOT_FOUND, "id",
                    "there is no credit note with this id");
    get_note(&rows, 0, &note);
    TRY(sql_list(ctx, SQL_CREDIT_LINE_LIST, args, 2, &rows));
    note.lines = arena_array(ctx->arena, struct credit_line, rows.count);
    note.line_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        get_line(&rows, i, &note.lines[i]);
    *ret = note;
    return OK;
}

err_t credit_note_list(struct ctx *ctx, const struct credit_query *query,
                       struct credit_note **ret, size_t *ret_count)
{
    struct sql_rows rows;
    int64_t limit = (int64_t)query->limit;
    if (query->order.v) {
        struct sql_arg args[] = {sql_i(query->before.v), sql_i(query->order.v),
                                 sql_i(limit)};
        TRY(sql_list(ctx, SQL_CREDIT_LIST_ORDER, args, 3, &rows));
    } else {
        struct sql_arg args[] = {sql_i(query->before.v), sql_i(limit)};
        TRY(sql_list(ctx, SQL_CREDIT_LIST, args, 2, &rows));
    }
    *ret = arena_array(ctx->arena, struct credit_note, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        get_note(&rows, i, &(*ret)[i]);
    return OK;
}

static void get_sums(struct ctx *ctx, const struct sql_rows *rows,
                     struct credit_sum **ret, size_t *ret_count)
{
    *ret = arena_array(ctx->arena, struct credit_sum, rows->count);
    *ret_count = rows->count;
    for (size_t i = 0; i < rows->count; i++)
        (*ret)[i] = (struct credit_sum){
            sql_str(rows, i, 0), sql_str(rows, i, 1), sql_int(rows, i, 2),
            sql_int(rows, i, 3), sql_int(rows, i, 4), sql_int(rows, i, 5)};
}

err_t credit_sums(struct ctx *ctx, const credit_note_id *ids, size_t count,
                  struct credit_sum **ret, size_t *ret_count)
{
    struct sql_arg *args = arena_array(ctx->arena, struct sql_arg, count * 2);
    struct sql_rows rows;
    for (size_t i = 0; i < count; i++) {
        args[i * 2] = sql_i(id_bucket(ids[i].v));
        args[i * 2 + 1] = sql_i(ids[i].v);
    }
    TRY(sql_list_many(ctx, SQL_CREDIT_SUMS, args, 2, count, &rows));
    get_sums(ctx, &rows, ret, ret_count);
    return OK;
}

err_t credit_ids(struct ctx *ctx, channel_id channel, credit_note_id after,
                 size_t max, credit_note_id **ret, size_t *ret_count)
{
    struct sql_arg args[] = {sql_i(channel.v), sql_i(after.v),
                             sql_i((int64_t)max)};
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_CREDIT_HISTORY_IDS, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, credit_note_id, rows.count);
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i].v = sql_int(&rows, i, 0);
    *ret_count = rows.count;
    return OK;
}

err_t credit_buyer_count(struct ctx *ctx, channel_id channel, int64_t *ret)
{
    struct sql_arg args[] = {sql_i(channel.v)};
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_CREDIT_BUYER_COUNT, args, 1, &rows));
    *ret = sql_int(&rows, 0, 0);
    return OK;
}
