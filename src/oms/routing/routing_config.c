/* routing_config.c - the commands that set sites, tables and points. */
#include "oms/routing/routing_config.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/inventory/inventory.h"
#include "oms/routing/routing_sql.h"
#include "oms/routing/routing_store.h"
#include "store/event.h"
#include "store/sql.h"

enum { EVENT_BYTES = 200 };

static const char *const table_names[TABLE_COUNT] = {
    [TABLE_MARKETS] = "markets",
    [TABLE_ZONES] = "zones",
    [TABLE_SERVICES] = "services",
    [TABLE_TRANSIT] = "transit",
    [TABLE_RATES] = "rates"};

/* Locks the row of that key and compares the version. */
static err_t check_version(struct ctx *ctx, int stmt, int64_t id,
                           int64_t version)
{
    struct sql_arg arg = sql_i(id);
    struct sql_rows rows;
    TRY(sql_list(ctx, stmt, &arg, 1, &rows));
    int64_t stored = rows.count > 0 ? sql_int(&rows, 0, 0) : 0;
    if (version == stored)
        return OK;
    err_t err = fail(ctx, ERR_STALE, "version", "it is at version %lld",
                     (long long)stored);
    ctx->err.version = stored;
    return err;
}

static err_t tell(struct ctx *ctx, const char *table, const char *member,
                  int64_t value)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, EVENT_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_cstr(&out, "table", table);
    json_put_i64(&out, member, value);
    json_end_object(&out);
    return event_add(ctx, "routing.table_changed", "system", 1, buf_str(&buf),
                     NULL);
}

/* ---- sites ---- */

err_t site_doc_get(struct ctx *ctx, location_id location,
                   struct config_doc *ret)
{
    struct location known;
    struct sql_arg arg = sql_i(location.v);
    struct sql_rows rows;
    TRY(location_get(ctx, location, &known));
    TRY(sql_list(ctx, SQL_ROUTING_SITE_GET, &arg, 1, &rows));
    bool is_set = rows.count > 0;
    *ret =
        (struct config_doc){.location = location,
                            .code = known.code,
                            .version = is_set ? sql_int(&rows, 0, 0) : 0,
                            .doc = is_set ? sql_str(&rows, 0, 1) : STR("{}")};
    return OK;
}

err_t site_doc_page(struct ctx *ctx, location_id after, size_t limit,
                    struct config_doc **ret, size_t *ret_count)
{
    struct sql_arg args[] = {sql_i(after.v), sql_i((int64_t)limit)};
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_ROUTING_SITE_PAGE, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, struct config_doc, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i] = (struct config_doc){.location = {sql_int(&rows, i, 0)},
                                        .code = sql_str(&rows, i, 1),
                                        .version = sql_int(&rows, i, 2),
                                        .doc = sql_str(&rows, i, 3)};
    return OK;
}

err_t site_doc_set(struct ctx *ctx, location_id location, int64_t version,
                   str doc)
{
    struct location known;
    struct buf buf;
    struct json_out out;
    struct sql_arg args[] = {sql_i(location.v), sql_i(version + 1), sql_s(doc)};
    TRY(location_get(ctx, location, &known));
    TRY(check_version(ctx, SQL_ROUTING_SITE_LOCK, location.v, version));
    TRY(routing_stamp(ctx));
    TRY(sql_run(ctx, SQL_ROUTING_SITE_SAVE, args, COUNT_OF(args), NULL));
    buf_init(&buf, ctx->arena, EVENT_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_i64(&out, "version", version + 1);
    json_end_object(&out);
    return event_add(ctx, "site.changed", "location", location.v, buf_str(&buf),
                     NULL);
}

/* ---- tables ---- */

err_t table_doc_get(struct ctx *ctx, enum routing_table table,
                    struct config_doc *ret)
{
    struct sql_arg arg = sql_i(table);
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_ROUTING_TABLE_GET, &arg, 1, &rows));
    bool is_set = rows.count > 0;
    *ret = (struct config_doc){.version = is_set ? sql_int(&rows, 0, 0) : 0,
                               .doc = is_set ? sql_str(&rows, 0, 1)
                                             : STR("{\"items\":[]}")};
    return OK;
}

err_t table_doc_set(struct ctx *ctx, enum routing_table table, int64_t version,
                    str doc)
{
    struct sql_arg args[] = {sql_i(table), sql_i(version + 1), sql_s(doc)};
    TRY(check_version(ctx, SQL_ROUTING_TABLE_LOCK, table, version));
    TRY(routing_stamp(ctx));
    TRY(sql_run(ctx, SQL_ROUTING_TABLE_SAVE, args, COUNT_OF(args), NULL));
    return tell(ctx, table_names[table], "version", version + 1);
}

/* ---- points ---- */

err_t points_set(struct ctx *ctx, str country,
                 const struct config_point *points, size_t count)
{
    enum { PARAMS = 4 };
    struct sql_arg key = sql_s(country);
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * PARAMS);
    struct sql_arg *at = args;
    for (size_t i = 0; i < count; i++) {
        *at++ = key;
        *at++ = sql_s(points[i].prefix);
        *at++ = sql_i(points[i].lat_e6);
        *at++ = sql_i(points[i].lon_e6);
    }
    TRY(sql_run(ctx, SQL_ROUTING_POINT_CLEAR, &key, 1, NULL));
    TRY(sql_run_many(ctx, SQL_ROUTING_POINT_ADD, args, PARAMS, count, NULL));
    return tell(ctx, "points", "rows", (int64_t)count);
}

err_t points_page(struct ctx *ctx, str country, str after, size_t limit,
                  struct config_point **ret, size_t *ret_count)
{
    struct sql_arg args[] = {sql_s(country), sql_s(after),
                             sql_i((int64_t)limit)};
    struct sql_rows rows;
    TRY(sql_list(ctx, SQL_ROUTING_POINT_PAGE, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, struct config_point, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i] = (struct config_point){
            sql_str(&rows, i, 0), sql_int(&rows, i, 1), sql_int(&rows, i, 2)};
    return OK;
}
