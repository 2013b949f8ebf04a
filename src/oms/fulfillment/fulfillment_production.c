/* fulfillment_production.c - lines that are made to order. */
#include "oms/fulfillment/fulfillment_production.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/id.h"
#include "base/json.h"
#include "base/json_any.h"
#include "base/machine.h"
#include "base/map.h"
#include "base/str.h"
#include "oms/catalog/catalog.h"
#include "oms/fulfillment/fulfillment_picks_sql.h"
#include "oms/order/order_pick.h"
#include "store/event.h"
#include "store/sql.h"

enum { ADD_PARAMS = 7 };

static void read_rows(struct ctx *ctx, const struct sql_rows *rows,
                      struct production **ret, size_t *ret_count)
{
    *ret = arena_array(ctx->arena, struct production, rows->count);
    *ret_count = rows->count;
    for (size_t i = 0; i < rows->count; i++)
        (*ret)[i] = (struct production){
            .order = {sql_int(rows, i, 0)},
            .n = sql_int(rows, i, 1),
            .sku = {sql_int(rows, i, 2)},
            .location = {sql_int(rows, i, 3)},
            .status = (enum production_status)sql_int(rows, i, 4),
            .version = sql_int(rows, i, 5),
            .created_at = sql_int(rows, i, 6),
            .updated_at = sql_int(rows, i, 7),
        };
}

err_t production_list(struct ctx *ctx, const struct production_line *lines,
                      size_t count, struct production **ret, size_t *ret_count)
{
    struct sql_rows rows = {0};
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count * 2);
    struct map *seen = map_open(ctx->arena, count);
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        struct map_key key = {.a = lines[i].order.v, .b = lines[i].n};
        if (map_find(seen, key))
            continue;
        map_set(seen, key, &keys[n * 2]);
        keys[n * 2] = sql_i(lines[i].order.v);
        keys[n++ * 2 + 1] = sql_i(lines[i].n);
    }
    if (n > 0)
        TRY(sql_list_many(ctx, SQL_PRODUCTION_GET, keys, 2, n, &rows));
    read_rows(ctx, &rows, ret, ret_count);
    return OK;
}

err_t production_page(struct ctx *ctx, const struct production_filter *filter,
                      struct production **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {
        sql_i(filter->status), sql_i(filter->after.order.v),
        sql_i(filter->after.n), sql_i((int64_t)filter->limit)};
    if (filter->status == PRODUCTION_MADE)
        TRY(sql_list(ctx, SQL_PRODUCTION_PAGE_MADE, &args[1], 3, &rows));
    else
        TRY(sql_list(ctx, SQL_PRODUCTION_PAGE_OPEN, args, 4, &rows));
    read_rows(ctx, &rows, ret, ret_count);
    return OK;
}

static err_t tell(struct ctx *ctx, const char *type,
                  const struct production *row)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, LIMIT_NOTE_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_i64(&out, "line", row->n);
    json_put_id(&out, "sku", "sku", row->sku.v);
    json_put_id(&out, "location", "loc", row->location.v);
    json_put_cstr(&out, "production_status",
                  production_status_name(row->status));
    json_put_i64(&out, "version", row->version);
    json_end_object(&out);
    return event_add(ctx, type, "production", row->order.v, buf_str(&buf),
                     NULL);
}

/* ---- opening ---- */

static err_t says_so(struct ctx *ctx, str attrs, bool *ret)
{
    json_any doc;
    TRY(json_any_parse(ctx, &attrs, &doc));
    *ret = json_any_is_true(doc, "made_to_order");
    json_any_close(doc);
    return OK;
}

struct opening {
    struct order_line_text *texts;
    size_t text_count;
    struct map *made;  /* By SKU: those that are made to order. */
    struct map *known; /* By (order, line): struct production. */
};

static err_t read_facts(struct ctx *ctx, const struct production_line *lines,
                        size_t count, struct opening *o)
{
    struct production *rows;
    struct sku_handling *handling;
    size_t n;
    struct order_line_key *keys =
        arena_array(ctx->arena, struct order_line_key, count);
    for (size_t i = 0; i < count; i++)
        keys[i] = (struct order_line_key){lines[i].order, lines[i].n};
    TRY(order_line_texts(ctx, keys, count, &o->texts, &o->text_count));
    sku_id *skus = arena_array(ctx->arena, sku_id, o->text_count);
    for (size_t i = 0; i < o->text_count; i++)
        skus[i] = o->texts[i].sku;
    TRY(sku_list_handling(ctx, skus, o->text_count, &handling, &n));
    o->made = map_open(ctx->arena, n);
    for (size_t i = 0; i < n; i++)
        if (handling[i].is_made_to_order)
            map_set(o->made, (struct map_key){.a = handling[i].id.v},
                    &handling[i]);
    TRY(production_list(ctx, lines, count, &rows, &n));
    o->known = map_open(ctx->arena, n + count);
    for (size_t i = 0; i < n; i++)
        map_set(o->known,
                (struct map_key){.a = rows[i].order.v, .b = rows[i].n},
                &rows[i]);
    return OK;
}

static location_id place_of(const struct production_line *lines, size_t count,
                            const struct order_line_key *key)
{
    for (size_t i = 0; i < count; i++)
        if (lines[i].order.v == key->order.v && lines[i].n == key->n)
            return lines[i].location;
    UNREACHABLE("a line nobody asked for");
}

static err_t add(struct ctx *ctx, const struct production *rows, size_t count)
{
    int64_t added;
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * ADD_PARAMS);
    for (size_t i = 0; i < count; i++) {
        struct sql_arg *at = &args[i * ADD_PARAMS];
        at[0] = sql_i(rows[i].order.v);
        at[1] = sql_i(rows[i].n);
        at[2] = sql_i(id_bucket(rows[i].order.v));
        at[3] = sql_i(rows[i].sku.v);
        at[4] = sql_i(rows[i].location.v);
        at[5] = sql_i(ctx->now);
        at[6] = sql_i(ctx->now);
    }
    TRY(sql_run_many(ctx, SQL_PRODUCTION_ADD, args, ADD_PARAMS, count, &added));
    if (added != (int64_t)count)
        return ERR_RETRY;
    for (size_t i = 0; i < count; i++)
        TRY(tell(ctx, "production.opened", &rows[i]));
    return OK;
}

err_t production_open(struct ctx *ctx, const struct production_line *lines,
                      size_t count)
{
    struct opening o = {0};
    size_t n = 0;
    TRY(read_facts(ctx, lines, count, &o));
    struct production *rows =
        arena_array(ctx->arena, struct production, o.text_count);
    for (size_t i = 0; i < o.text_count; i++) {
        const struct order_line_text *text = &o.texts[i];
        struct map_key key = {.a = text->key.order.v, .b = text->key.n};
        bool is_made =
            map_find(o.made, (struct map_key){.a = text->sku.v}) != NULL;
        if (map_find(o.known, key))
            continue;
        if (!is_made)
            TRY(says_so(ctx, text->attrs, &is_made));
        if (!is_made)
            continue;
        rows[n] = (struct production){
            .order = text->key.order,
            .n = text->key.n,
            .sku = text->sku,
            .location = place_of(lines, count, &text->key),
            .status = production_next(0, PRODUCTION_EVENT_OPEN),
            .version = 1,
            .created_at = ctx->now,
            .updated_at = ctx->now,
        };
        n++;
    }
    return n > 0 ? add(ctx, rows, n) : OK;
}

/* ---- moving ---- */

static enum production_event event_to(enum production_status status)
{
    switch (status) {
    case PRODUCTION_WAITING: return PRODUCTION_EVENT_REOPEN;
    case PRODUCTION_IN_PROGRESS: return PRODUCTION_EVENT_START;
    case PRODUCTION_MADE: return PRODUCTION_EVENT_MAKE;
    }
    UNREACHABLE("not a status of production");
}

static err_t check_move(struct ctx *ctx, const struct production *row,
                        enum production_event event)
{
    struct sql_rows picked;
    struct sql_arg args[] = {sql_i(row->order.v), sql_i(row->n)};
    TRY(machine_allow(ctx, &production_machine, row->status, event));
    if (row->status != PRODUCTION_MADE)
        return OK;
    TRY(sql_list(ctx, SQL_PRODUCTION_PICKED, args, COUNT_OF(args), &picked));
    if (picked.count > 0)
        return fail_as(ctx, ERR_STATE, "units_picked", "production_status",
                       "units of this line were picked: put them back first");
    return OK;
}

err_t production_set(struct ctx *ctx, const struct production_line *line,
                     int64_t version, enum production_status status,
                     struct production *ret)
{
    struct production *row;
    size_t count;
    int64_t changed;
    enum production_event event = event_to(status);
    TRY(production_list(ctx, line, 1, &row, &count));
    if (count == 0)
        return fail_as(ctx, ERR_NOT_FOUND, "not_made_to_order", "line",
                       "this line is not made to order");
    TRY(check_version(ctx, version, row->version));
    TRY(check_move(ctx, row, event));
    struct sql_arg args[] = {sql_i(production_next(row->status, event)),
                             sql_i(ctx->now), sql_i(row->order.v),
                             sql_i(row->n), sql_i(row->version)};
    TRY(sql_run(ctx, SQL_PRODUCTION_SAVE, args, COUNT_OF(args), &changed));
    if (changed != 1)
        return ERR_RETRY;
    row->status = status;
    row->version++;
    row->updated_at = ctx->now;
    *ret = *row;
    return tell(ctx, "production.changed", row);
}

err_t production_check_made(struct ctx *ctx, const struct pick_line *line)
{
    struct production_line key = {.order = line->order, .n = line->fo_n};
    struct production *row;
    size_t count;
    TRY(production_list(ctx, &key, 1, &row, &count));
    if (count == 0 || row->status == PRODUCTION_MADE)
        return OK;
    return fail_as(ctx, ERR_STATE, "not_made_yet", "line",
                   "line %lld must be made first: it is %s", (long long)line->n,
                   production_status_name(row->status));
}
