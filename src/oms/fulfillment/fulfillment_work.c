/* fulfillment_work.c - how a location works: tasks made by themselves or by
 * hand, walks, how long a pickup waits. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/json.h"
#include "base/map.h"
#include "oms/fulfillment/fulfillment_bin.h"
#include "oms/fulfillment/fulfillment_picks_sql.h"
#include "store/event.h"
#include "store/sql.h"

static struct location_work usual(location_id location)
{
    return (struct location_work){.location = location,
                                  .pick_mode = PICK_SINGLE,
                                  .tote_units = TOTE_UNITS,
                                  .pickup_hold_days = PICKUP_HOLD_DAYS};
}

err_t location_work_list(struct ctx *ctx, const location_id *ids, size_t count,
                         struct location_work **ret)
{
    struct sql_rows rows;
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count);
    for (size_t i = 0; i < count; i++)
        keys[i] = sql_i(ids[i].v);
    TRY(sql_list_distinct(ctx, SQL_LOCATION_WORK_GET, keys, count, &rows));
    struct location_work *found =
        arena_array(ctx->arena, struct location_work, rows.count);
    struct map *by_id = map_open(ctx->arena, rows.count);
    for (size_t i = 0; i < rows.count; i++) {
        found[i] = (struct location_work){
            .location = {sql_int(&rows, i, 0)},
            .is_auto_pick = sql_int(&rows, i, 1) != 0,
            .pick_mode = (enum pick_mode)sql_int(&rows, i, 2),
            .tote_units = sql_int(&rows, i, 3),
            .pickup_hold_days = sql_int(&rows, i, 4),
            .version = sql_int(&rows, i, 5),
            .updated_at = sql_int(&rows, i, 6),
        };
        map_set(by_id, (struct map_key){.a = found[i].location.v}, &found[i]);
    }
    *ret = arena_array(ctx->arena, struct location_work, count);
    for (size_t i = 0; i < count; i++) {
        const struct location_work *row =
            map_find(by_id, (struct map_key){.a = ids[i].v});
        (*ret)[i] = row ? *row : usual(ids[i]);
    }
    return OK;
}

static str work_text(struct ctx *ctx, const struct location_work *work)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_bool(&out, "auto_pick", work->is_auto_pick);
    json_put_cstr(&out, "pick_mode", pick_mode_name(work->pick_mode));
    json_put_i64(&out, "tote_units", work->tote_units);
    json_put_i64(&out, "pickup_hold_days", work->pickup_hold_days);
    json_put_i64(&out, "version", work->version);
    json_end_object(&out);
    return buf_str(&buf);
}

err_t location_work_set(struct ctx *ctx, struct location_work *work)
{
    ASSERT(ctx->tx != NULL);
    struct location_work *now;
    int64_t changed;
    TRY(location_work_list(ctx, &work->location, 1, &now));
    TRY(check_version(ctx, work->version, now->version));
    struct sql_arg location = sql_i(work->location.v);
    struct sql_arg is_auto = sql_i(work->is_auto_pick);
    struct sql_arg mode = sql_i(work->pick_mode);
    struct sql_arg tote = sql_i(work->tote_units);
    struct sql_arg days = sql_i(work->pickup_hold_days);
    struct sql_arg fresh[] = {location, is_auto, mode,
                              tote,     days,    sql_i(ctx->now)};
    struct sql_arg change[] = {is_auto,
                               mode,
                               tote,
                               days,
                               sql_i(ctx->now),
                               location,
                               sql_i(work->version)};
    if (work->version == 0)
        TRY(sql_run(ctx, SQL_LOCATION_WORK_ADD, fresh, COUNT_OF(fresh),
                    &changed));
    else
        TRY(sql_run(ctx, SQL_LOCATION_WORK_SAVE, change, COUNT_OF(change),
                    &changed));
    if (changed != 1)
        return ERR_RETRY;
    work->version++;
    work->updated_at = ctx->now;
    return event_add(ctx, "fulfillment_settings.set", "location",
                     work->location.v, work_text(ctx, work), NULL);
}
