/* inventory_location.c - rows of locations. */
#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "oms/inventory/inventory_command.h"
#include "oms/inventory/inventory_sql.h"
#include "oms/inventory/inventory_store.h"
#include "store/sql.h"

static struct location *read_short(struct ctx *ctx, const struct sql_rows *rows)
{
    struct location *locations =
        arena_array(ctx->arena, struct location, rows->count);
    for (size_t i = 0; i < rows->count; i++)
        locations[i] = (struct location){
            .id = {sql_int(rows, i, 0)},
            .code = sql_str(rows, i, 1),
            .name = sql_str(rows, i, 2),
            .type = (enum location_type)sql_int(rows, i, 3),
            .is_active = sql_int(rows, i, 4) != 0,
            .is_shipping = sql_int(rows, i, 5) != 0,
        };
    return locations;
}

err_t location_list_ids(struct ctx *ctx, const location_id *ids, size_t count,
                        struct location **ret, size_t *ret_count)
{
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count);
    for (size_t i = 0; i < count; i++)
        keys[i] = sql_i(ids[i].v);
    struct sql_rows rows;
    TRY(sql_list_distinct(ctx, SQL_LOCATION_BY_ID, keys, count, &rows));
    *ret = read_short(ctx, &rows);
    *ret_count = rows.count;
    return OK;
}

err_t location_list_codes(struct ctx *ctx, const str *codes, size_t count,
                          struct location **ret, size_t *ret_count)
{
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count);
    for (size_t i = 0; i < count; i++)
        keys[i] = sql_s(codes[i]);
    struct sql_rows rows;
    TRY(sql_list_distinct(ctx, SQL_LOCATION_BY_CODE, keys, count, &rows));
    *ret = read_short(ctx, &rows);
    *ret_count = rows.count;
    return OK;
}

err_t location_list(struct ctx *ctx, struct location **ret, size_t *ret_count)
{
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_LOCATION_ALL, NULL, 0, &rows));
    *ret = read_short(ctx, &rows);
    *ret_count = rows.count;
    return OK;
}

err_t location_place_list(struct ctx *ctx, struct location_place **ret,
                          size_t *ret_count)
{
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_LOCATION_PLACES, NULL, 0, &rows));
    struct location *locations = read_short(ctx, &rows);
    *ret = arena_array(ctx->arena, struct location_place, rows.count);
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i] = (struct location_place){
            .location = locations[i],
            .is_pickup = sql_int(&rows, i, 6) != 0,
            .tz = sql_str(&rows, i, 7),
            .has_point = !sql_is_null(&rows, i, 8) && !sql_is_null(&rows, i, 9),
            .lat_e6 = sql_int(&rows, i, 8),
            .lon_e6 = sql_int(&rows, i, 9),
            .country = sql_str(&rows, i, 10),
            .postal_code = sql_str(&rows, i, 11)};
    *ret_count = rows.count;
    return OK;
}

/* What others keep in memory of locations is made anew. */
static err_t stamp(struct ctx *ctx)
{
    struct sql_arg arg = sql_i(id_next(ctx->ids, ctx->now, 0));
    return sql_run(ctx, SQL_LOCATION_STAMP, &arg, 1, NULL);
}

err_t location_get(struct ctx *ctx, location_id id, struct location *ret)
{
    struct location *locations;
    size_t count;
    TRY(location_list_ids(ctx, &id, 1, &locations, &count));
    if (count == 0)
        return fail(ctx, ERR_NOT_FOUND, "id", "there is no such location");
    *ret = locations[0];
    return OK;
}

err_t location_find(struct ctx *ctx, str code, struct location *ret,
                    bool *found)
{
    struct location *locations;
    size_t count;
    TRY(location_list_codes(ctx, &code, 1, &locations, &count));
    *found = count == 1;
    if (*found)
        *ret = locations[0];
    return OK;
}

static void read_row(const struct sql_rows *rows, size_t i,
                     struct location_row *ret)
{
    *ret = (struct location_row){
        .location =
            {
                       .id = {sql_int(rows, i, 0)},
                       .code = sql_str(rows, i, 1),
                       .name = sql_str(rows, i, 2),
                       .type = (enum location_type)sql_int(rows, i, 3),
                       .is_active = sql_int(rows, i, 8) != 0,
                       .is_shipping = sql_int(rows, i, 9) != 0,
                       },
        .address = sql_str(rows, i, 4),
        .has_point = !sql_is_null(rows, i, 5) && !sql_is_null(rows, i, 6),
        .lat_e6 = sql_int(rows, i, 5),
        .lon_e6 = sql_int(rows, i, 6),
        .tz = sql_str(rows, i, 7),
        .is_pickup = sql_int(rows, i, 10) != 0,
        .attrs = sql_str(rows, i, 11),
        .version = sql_int(rows, i, 12),
        .created_at = sql_int(rows, i, 13),
    };
}

static err_t row_one(struct ctx *ctx, int stmt, location_id id,
                     struct location_row *ret)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(id.v)};
    TRY(sql_one(ctx, stmt, args, COUNT_OF(args), "location", &rows));
    read_row(&rows, 0, ret);
    return OK;
}

err_t location_row_get(struct ctx *ctx, location_id id,
                       struct location_row *ret)
{
    return row_one(ctx, SQL_LOCATION_ROW, id, ret);
}

err_t location_row_lock(struct ctx *ctx, location_id id,
                        struct location_row *ret)
{
    return row_one(ctx, SQL_LOCATION_LOCK, id, ret);
}

err_t location_row_page(struct ctx *ctx, const struct location_filter *filter,
                        struct location_row **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {
        sql_i(filter->after),
        sql_s(filter->code),
        sql_i(filter->type),
        sql_i((int64_t)filter->limit),
    };
    TRY(sql_list(ctx, SQL_LOCATION_PAGE, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, struct location_row, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        read_row(&rows, i, &(*ret)[i]);
    return OK;
}

err_t location_row_add(struct ctx *ctx, const struct location_row *row,
                       int64_t *ret_added)
{
    const struct location *location = &row->location;
    struct sql_arg args[] = {
        sql_i(location->id.v),
        sql_s(location->code),
        sql_s(location->name),
        sql_i(location->type),
        sql_s(row->address),
        row->has_point ? sql_i(row->lat_e6) : sql_null(),
        row->has_point ? sql_i(row->lon_e6) : sql_null(),
        sql_s(row->tz),
        sql_i(location->is_active),
        sql_i(location->is_shipping),
        sql_i(row->is_pickup),
        sql_s(row->attrs),
        sql_i(row->created_at),
    };
    TRY(stamp(ctx));
    return sql_run(ctx, SQL_LOCATION_ADD, args, COUNT_OF(args), ret_added);
}

err_t location_row_save(struct ctx *ctx, struct location_row *row)
{
    const struct location *location = &row->location;
    struct sql_arg args[] = {
        sql_s(location->name),
        sql_i(location->type),
        sql_s(row->address),
        row->has_point ? sql_i(row->lat_e6) : sql_null(),
        row->has_point ? sql_i(row->lon_e6) : sql_null(),
        sql_s(row->tz),
        sql_i(location->is_active),
        sql_i(location->is_shipping),
        sql_i(row->is_pickup),
        sql_s(row->attrs),
        sql_i(location->id.v),
        sql_i(row->version),
    };
    int64_t changed;
    TRY(sql_run(ctx, SQL_LOCATION_SAVE, args, COUNT_OF(args), &changed));
    if (changed != 1)
        return ERR_RETRY;
    row->version += 1;
    return stamp(ctx);
}
