/* returns_store.c - returns, their lines and units as rows. */
#include "oms/returns/returns_store.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/id.h"
#include "base/json.h"
#include "base/map.h"
#include "base/str.h"
#include "oms/returns/returns_sql.h"
#include "store/sql.h"

enum { LINE_PARAMS = 11, UNIT_PARAMS = 14 };

void return_from_row(const struct sql_rows *rows, size_t row, struct rma *ret)
{
    *ret = (struct rma){
        .id = {sql_int(rows, row, 0)},
        .order = {sql_int(rows, row, 1)},
        .channel = {sql_int(rows, row, 2)},
        .n = sql_int(rows, row, 3),
        .state = (enum return_state)sql_int(rows, row, 4),
        .origin = (enum return_origin)sql_int(rows, row, 5),
        .location = {sql_int(rows, row, 6)},
        .note = sql_str(rows, row, 7),
        .why = sql_str(rows, row, 8),
        .expires_at = sql_int(rows, row, 9),
        .closed_at = sql_int(rows, row, 10),
        .version = sql_int(rows, row, 11),
        .created_at = sql_int(rows, row, 12),
        .updated_at = sql_int(rows, row, 13),
        .restocking_kept = sql_int(rows, row, 14),
        .shipping_kept = sql_int(rows, row, 15),
    };
}

/* ---- lines and units ---- */

static void read_line(const struct sql_rows *rows, size_t i,
                      struct return_line *ret)
{
    *ret = (struct return_line){
        .i = sql_int(rows, i, 1),
        .n = sql_int(rows, i, 2),
        .qty = sql_int(rows, i, 3),
        .reason = sql_str(rows, i, 4),
        .note = sql_str(rows, i, 5),
        .photo = sql_str(rows, i, 6),
        .returned = sql_int(rows, i, 7),
        .written_off = sql_int(rows, i, 8),
        .dropped = sql_int(rows, i, 9),
    };
}

static err_t read_serials(struct ctx *ctx, str text, struct unit_names *names)
{
    struct json_in *in;
    if (str_equal_cstr(text, "{}"))
        return OK;
    TRY(json_parse(ctx, text, &in));
    return json_get_strs(in, "serials", LIMIT_SERIALS, LIMIT_CODE_BYTES,
                         &names->serials, &names->serial_count);
}

static err_t read_unit(struct ctx *ctx, const struct sql_rows *rows, size_t i,
                       struct return_unit *ret)
{
    *ret = (struct return_unit){
        .u = sql_int(rows, i, 1),
        .i = sql_int(rows, i, 2),
        .sku = {sql_int(rows, i, 3)},
        .per = sql_int(rows, i, 4),
        .qty = sql_int(rows, i, 5),
        .reception = (enum reception)sql_int(rows, i, 6),
        .acceptance = (enum acceptance)sql_int(rows, i, 7),
        .disposition = (enum disposition)sql_int(rows, i, 8),
        .location = {sql_int(rows, i, 9)},
        .names = {.lot = sql_str(rows, i, 10)},
        .package = {sql_int(rows, i, 12)},
    };
    return read_serials(ctx, sql_str(rows, i, 11), &ret->names);
}

static int compare_lines(const void *a, const void *b)
{
    const struct return_line *x = a, *y = b;
    return (x->i > y->i) - (x->i < y->i);
}

static int compare_units(const void *a, const void *b)
{
    const struct return_unit *x = a, *y = b;
    return (x->u > y->u) - (x->u < y->u);
}

static struct rma *owner_of(const struct map *map, const struct sql_rows *rows,
                            size_t row)
{
    struct rma *rma =
        map_find(map, (struct map_key){.a = sql_int(rows, row, 0)});
    ASSERT(rma != NULL);
    return rma;
}

static void fill_lines(struct ctx *ctx, const struct map *map,
                       const struct sql_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++)
        owner_of(map, rows, i)->line_count++;
    for (size_t i = 0; i < rows->count; i++) {
        struct rma *rma = owner_of(map, rows, i);
        if (!rma->lines) {
            rma->lines =
                arena_array(ctx->arena, struct return_line, rma->line_count);
            rma->line_count = 0;
        }
        read_line(rows, i, &rma->lines[rma->line_count++]);
    }
}

static err_t fill_units(struct ctx *ctx, const struct map *map,
                        const struct sql_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++)
        owner_of(map, rows, i)->unit_room++;
    for (size_t i = 0; i < rows->count; i++) {
        struct rma *rma = owner_of(map, rows, i);
        if (!rma->units)
            rma->units =
                arena_array(ctx->arena, struct return_unit, rma->unit_room);
        TRY(read_unit(ctx, rows, i, &rma->units[rma->unit_count++]));
    }
    return OK;
}

err_t return_fill(struct ctx *ctx, struct rma *rmas, size_t count)
{
    struct sql_rows rows;
    struct map *map = map_open(ctx->arena, count);
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count);
    for (size_t i = 0; i < count; i++) {
        keys[i] = sql_i(rmas[i].id.v);
        map_set(map, (struct map_key){.a = rmas[i].id.v}, &rmas[i]);
    }
    TRY(sql_list_distinct(ctx, SQL_RETURN_LINE_LIST, keys, count, &rows));
    fill_lines(ctx, map, &rows);
    TRY(sql_list_distinct(ctx, SQL_RETURN_UNIT_LIST, keys, count, &rows));
    TRY(fill_units(ctx, map, &rows));
    for (size_t i = 0; i < count; i++) {
        if (rmas[i].line_count > 1)
            qsort(rmas[i].lines, rmas[i].line_count, sizeof *rmas[i].lines,
                  compare_lines);
        if (rmas[i].unit_count > 1)
            qsort(rmas[i].units, rmas[i].unit_count, sizeof *rmas[i].units,
                  compare_units);
    }
    return OK;
}

err_t return_head(struct ctx *ctx, return_id id, struct rma *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_one(ctx, SQL_RETURN_ROW, args, COUNT_OF(args), "return", &rows));
    return_from_row(&rows, 0, ret);
    return OK;
}

err_t return_get(struct ctx *ctx, return_id id, struct rma *ret)
{
    TRY(return_head(ctx, id, ret));
    return return_fill(ctx, ret, 1);
}

err_t return_page(struct ctx *ctx, const struct return_filter *filter,
                  struct rma **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg after = sql_i(filter->after.v);
    struct sql_arg limit = sql_i((int64_t)filter->limit);
    struct sql_arg state = sql_i(filter->state);
    struct sql_arg all[] = {after, limit};
    struct sql_arg of[] = {sql_i(filter->order.v), after, limit};
    struct sql_arg by_state[] = {state, after, limit};
    struct sql_arg there[] = {sql_i(filter->location.v), state, after, limit};
    if (filter->order.v)
        TRY(sql_list(ctx, SQL_RETURN_PAGE_ORDER, of, COUNT_OF(of), &rows));
    else if (filter->location.v)
        TRY(sql_list(ctx, SQL_RETURN_PAGE_LOCATION, there, COUNT_OF(there),
                     &rows));
    else if (filter->state)
        TRY(sql_list(ctx, SQL_RETURN_PAGE_STATE, by_state, COUNT_OF(by_state),
                     &rows));
    else
        TRY(sql_list(ctx, SQL_RETURN_PAGE, all, COUNT_OF(all), &rows));
    *ret = arena_array(ctx->arena, struct rma, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        return_from_row(&rows, i, &(*ret)[i]);
    return return_fill(ctx, *ret, rows.count);
}

/* ---- writing ---- */

static void put_line(const struct rma *rma, const struct return_line *line,
                     struct sql_arg *row)
{
    row[0] = sql_i(rma->id.v);
    row[1] = sql_i(line->i);
    row[2] = sql_i(id_bucket(rma->id.v));
    row[3] = sql_i(line->n);
    row[4] = sql_i(line->qty);
    row[5] = sql_s(line->reason);
    row[6] = sql_s_or_null(line->note);
    row[7] = sql_s_or_null(line->photo);
    row[8] = sql_i(line->returned);
    row[9] = sql_i(line->written_off);
    row[10] = sql_i(line->dropped);
}

static str serials_text(struct ctx *ctx, const struct unit_names *names)
{
    struct buf buf;
    struct json_out out;
    if (names->serial_count == 0)
        return STR("{}");
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_begin_list(&out, "serials");
    for (size_t i = 0; i < names->serial_count; i++)
        json_put_str(&out, NULL, names->serials[i]);
    json_end_list(&out);
    json_end_object(&out);
    return buf_str(&buf);
}

static err_t add_units(struct ctx *ctx, const struct rma *rma)
{
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, rma->unit_count * UNIT_PARAMS);
    for (size_t i = 0; i < rma->unit_count; i++) {
        const struct return_unit *unit = &rma->units[i];
        struct sql_arg *row = &args[i * UNIT_PARAMS];
        row[0] = sql_i(rma->id.v);
        row[1] = sql_i(unit->u);
        row[2] = sql_i(id_bucket(rma->id.v));
        row[3] = sql_i(unit->i);
        row[4] = sql_i(unit->sku.v);
        row[5] = sql_i(unit->per);
        row[6] = sql_i(unit->qty);
        row[7] = sql_i(unit->reception);
        row[8] = sql_i(unit->acceptance);
        row[9] = sql_i(unit->disposition);
        row[10] = sql_i(unit->location.v);
        row[11] = sql_s_or_null(unit->names.lot);
        row[12] = sql_s(serials_text(ctx, &unit->names));
        row[13] = sql_i_or_null(unit->package.v);
    }
    return sql_run_many(ctx, SQL_RETURN_UNIT_INSERT, args, UNIT_PARAMS,
                        rma->unit_count, NULL);
}

err_t return_add(struct ctx *ctx, const struct rma *rma)
{
    struct sql_arg args[] = {
        sql_i(rma->id.v),
        sql_i(id_bucket(rma->id.v)),
        sql_i(rma->order.v),
        sql_i(rma->channel.v),
        sql_i(rma->n),
        sql_i(rma->state),
        sql_i(rma->origin),
        sql_i(rma->location.v),
        sql_s_or_null(rma->note),
        sql_i_or_null(rma->expires_at),
        sql_i_or_null(rma->closed_at),
        sql_i(ctx->now),
        sql_i_or_null(rma->restocking_kept),
        sql_i_or_null(rma->shipping_kept),
    };
    struct sql_arg *lines =
        arena_array(ctx->arena, struct sql_arg, rma->line_count * LINE_PARAMS);
    for (size_t i = 0; i < rma->line_count; i++)
        put_line(rma, &rma->lines[i], &lines[i * LINE_PARAMS]);
    TRY(sql_run(ctx, SQL_RETURN_INSERT, args, COUNT_OF(args), NULL));
    TRY(sql_run_many(ctx, SQL_RETURN_LINE_INSERT, lines, LINE_PARAMS,
                     rma->line_count, NULL));
    return add_units(ctx, rma);
}

err_t return_save(struct ctx *ctx, struct rma *rma)
{
    struct sql_arg args[] = {
        sql_i(rma->state),
        sql_i(rma->location.v),
        sql_s_or_null(rma->why),
        sql_i_or_null(rma->expires_at),
        sql_i_or_null(rma->closed_at),
        sql_i_or_null(rma->restocking_kept),
        sql_i_or_null(rma->shipping_kept),
        sql_i(ctx->now),
        sql_i(rma->id.v),
        sql_i(rma->version),
    };
    struct sql_arg id[] = {sql_i(rma->id.v)};
    int64_t changed;
    TRY(sql_run(ctx, SQL_RETURN_SAVE, args, COUNT_OF(args), &changed));
    if (changed != 1)
        return fail(ctx, ERR_RETRY, "version", "the return was changed");
    rma->version++;
    rma->updated_at = ctx->now;
    for (size_t i = 0; i < rma->line_count; i++) {
        const struct return_line *line = &rma->lines[i];
        struct sql_arg save[] = {sql_i(line->returned),
                                 sql_i(line->written_off), sql_i(line->dropped),
                                 sql_i(rma->id.v), sql_i(line->i)};
        TRY(sql_run(ctx, SQL_RETURN_LINE_SAVE, save, COUNT_OF(save), NULL));
    }
    TRY(sql_run(ctx, SQL_RETURN_UNIT_DROP, id, 1, NULL));
    return add_units(ctx, rma);
}

/* ---- what runs out ---- */

err_t return_list_due(struct ctx *ctx, size_t limit, return_id **ret,
                      size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(ctx->now), sql_i((int64_t)limit)};
    TRY(sql_list(ctx, SQL_RETURN_DUE, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, return_id, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i].v = sql_int(&rows, i, 0);
    return OK;
}

err_t return_next_due(struct ctx *ctx, utc_ms *ret)
{
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_RETURN_NEXT_DUE, NULL, 0, &rows));
    *ret = sql_int(&rows, 0, 0);
    return OK;
}

/* ---- parcels ---- */

static int compare_parcels(const void *a, const void *b)
{
    const struct return_parcel *x = a, *y = b;
    return (x->package.v > y->package.v) - (x->package.v < y->package.v);
}

static void read_parcels(struct ctx *ctx, const struct sql_rows *rows,
                         struct return_parcel **ret, size_t *ret_count)
{
    *ret = arena_array(ctx->arena, struct return_parcel, rows->count);
    *ret_count = rows->count;
    for (size_t i = 0; i < rows->count; i++)
        (*ret)[i] =
            (struct return_parcel){{sql_int(rows, i, 0)},
                                   {sql_int(rows, i, 1)},
                                   (enum parcel_state)sql_int(rows, i, 2)};
    if (rows->count > 1)
        qsort(*ret, rows->count, sizeof **ret, compare_parcels);
}

err_t return_parcel_add(struct ctx *ctx, return_id id,
                        const package_id *packages, size_t count)
{
    enum { PARAMS = 3 };
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * PARAMS);
    for (size_t i = 0; i < count; i++) {
        args[i * PARAMS] = sql_i(packages[i].v);
        args[i * PARAMS + 1] = sql_i(id.v);
        args[i * PARAMS + 2] = sql_i(id_bucket(id.v));
    }
    return sql_run_many(ctx, SQL_RETURN_PARCEL_ADD, args, PARAMS, count, NULL);
}

err_t return_parcel_list(struct ctx *ctx, const struct rma *rmas, size_t count,
                         struct return_parcel **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count);
    for (size_t i = 0; i < count; i++)
        keys[i] = sql_i(rmas[i].id.v);
    TRY(sql_list_distinct(ctx, SQL_RETURN_PARCEL_LIST, keys, count, &rows));
    read_parcels(ctx, &rows, ret, ret_count);
    return OK;
}

err_t return_parcel_find(struct ctx *ctx, const package_id *packages,
                         size_t count, struct return_parcel **ret,
                         size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count);
    for (size_t i = 0; i < count; i++)
        keys[i] = sql_i(packages[i].v);
    TRY(sql_list_distinct(ctx, SQL_RETURN_PARCEL_FIND, keys, count, &rows));
    read_parcels(ctx, &rows, ret, ret_count);
    return OK;
}

err_t return_parcel_save(struct ctx *ctx, const struct return_parcel *parcel)
{
    struct sql_arg args[] = {sql_i(parcel->state), sql_i(parcel->package.v)};
    return sql_run(ctx, SQL_RETURN_PARCEL_SAVE, args, COUNT_OF(args), NULL);
}
