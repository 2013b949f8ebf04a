/* fulfillment_bin.c - the places of SKUs at a location. */
#include "oms/fulfillment/fulfillment_bin.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/id.h"
#include "base/json.h"
#include "base/map.h"
#include "base/str.h"
#include "oms/fulfillment/fulfillment_picks_sql.h"
#include "oms/inventory/inventory_named.h"
#include "store/event.h"
#include "store/sql.h"

enum { BIN_PARAMS = 7 };

static struct sku_bin *read_rows(struct ctx *ctx, const struct sql_rows *rows)
{
    struct sku_bin *ret = arena_array(ctx->arena, struct sku_bin, rows->count);
    for (size_t i = 0; i < rows->count; i++)
        ret[i] = (struct sku_bin){
            .location = {sql_int(rows, i, 0)},
            .sku = {sql_int(rows, i, 1)},
            .bin = sql_str(rows, i, 2),
            .zone = sql_str(rows, i, 3),
            .version = sql_int(rows, i, 4),
            .updated_at = sql_int(rows, i, 5),
        };
    return ret;
}

static err_t list_keys(struct ctx *ctx, const struct sql_arg *keys,
                       size_t count, struct sku_bin **ret, size_t *ret_count)
{
    struct sql_rows rows = {0};
    if (count > 0)
        TRY(sql_list_many(ctx, SQL_BIN_BY_SKU, keys, 2, count, &rows));
    *ret = read_rows(ctx, &rows);
    *ret_count = rows.count;
    return OK;
}

err_t bin_list_skus(struct ctx *ctx, location_id location, const sku_id *skus,
                    size_t count, struct sku_bin **ret, size_t *ret_count)
{
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count * 2);
    struct map *seen = map_open(ctx->arena, count);
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        struct map_key key = {.a = skus[i].v};
        if (map_find(seen, key))
            continue;
        map_set(seen, key, &keys[n * 2]);
        keys[n * 2] = sql_i(location.v);
        keys[n++ * 2 + 1] = sql_i(skus[i].v);
    }
    return list_keys(ctx, keys, n, ret, ret_count);
}

err_t bin_page(struct ctx *ctx, const struct bin_filter *filter,
               struct sku_bin **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(filter->location.v), sql_i(filter->after.v),
                             sql_i(filter->sku.v),
                             sql_i((int64_t)filter->limit)};
    TRY(sql_list(ctx, SQL_BIN_PAGE, args, COUNT_OF(args), &rows));
    *ret = read_rows(ctx, &rows);
    *ret_count = rows.count;
    return OK;
}

/* ---- setting ---- */

struct setting {
    const struct bin_cmd *cmds;
    size_t count;
    struct named named;
    struct map *bins; /* By (location, SKU): struct sku_bin, as it becomes. */
    struct sku_bin **changed;
    size_t changed_count;
};

static err_t read_named(struct ctx *ctx, struct setting *s)
{
    str *skus = arena_array(ctx->arena, str, s->count);
    str *places = arena_array(ctx->arena, str, s->count);
    struct sql_arg *keys =
        arena_array(ctx->arena, struct sql_arg, s->count * 2);
    size_t n = 0, rows;
    struct sku_bin *bins;
    for (size_t i = 0; i < s->count; i++) {
        skus[i] = s->cmds[i].sku;
        places[i] = s->cmds[i].location;
    }
    TRY(named_skus(ctx, skus, s->count, &s->named));
    TRY(named_locations(ctx, places, s->count, &s->named));
    for (size_t i = 0; i < s->count; i++) {
        const struct sku *sku = named_sku(&s->named, skus[i]);
        const struct location *at = named_location(&s->named, places[i]);
        if (!sku || !at)
            continue;
        keys[n * 2] = sql_i(at->id.v);
        keys[n++ * 2 + 1] = sql_i(sku->id.v);
    }
    TRY(list_keys(ctx, keys, n, &bins, &rows));
    s->bins = map_open(ctx->arena, s->count);
    for (size_t i = 0; i < rows; i++)
        map_set(s->bins,
                (struct map_key){.a = bins[i].location.v, .b = bins[i].sku.v},
                &bins[i]);
    return OK;
}

static err_t check_cmd(struct ctx *ctx, const struct setting *s,
                       const struct bin_cmd *cmd, struct sku_bin *ret)
{
    const struct sku *sku;
    const struct location *at = named_location(&s->named, cmd->location);
    TRY(named_sku_get(ctx, &s->named, cmd->sku, &sku));
    if (!at)
        return fail_as(ctx, ERR_INVALID, "location_unknown", "location",
                       "there is no location with this code");
    if (cmd->bin.len > 0)
        TRY(check_code(ctx, "bin", cmd->bin));
    if (cmd->zone.len > 0)
        TRY(check_code(ctx, "zone", cmd->zone));
    *ret = (struct sku_bin){.location = at->id, .sku = sku->id};
    return OK;
}

static err_t apply(struct ctx *ctx, struct setting *s,
                   const struct bin_cmd *cmd)
{
    struct sku_bin key;
    TRY(check_cmd(ctx, s, cmd, &key));
    struct map_key at = {.a = key.location.v, .b = key.sku.v};
    struct sku_bin *bin = map_find(s->bins, at);
    if (!bin) {
        bin = arena_new(ctx->arena, struct sku_bin);
        *bin = key;
        map_set(s->bins, at, bin);
    }
    if (cmd->has_version)
        TRY(check_version(ctx, cmd->version, bin->version));
    str zone = cmd->bin.len > 0 ? cmd->zone : STR("");
    if (str_equal(bin->bin, cmd->bin) && str_equal(bin->zone, zone))
        return OK;
    bin->bin = cmd->bin;
    bin->zone = zone;
    bin->updated_at = ctx->now;
    for (size_t i = 0; i < s->changed_count; i++)
        if (s->changed[i] == bin)
            return OK;
    bin->version++;
    s->changed[s->changed_count++] = bin;
    return OK;
}

static str bin_text(struct ctx *ctx, const struct sku_bin *bin)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_id(&out, "location", "loc", bin->location.v);
    json_put_str(&out, "bin", bin->bin);
    json_put_str(&out, "zone", bin->zone);
    json_put_i64(&out, "version", bin->version);
    json_end_object(&out);
    return buf_str(&buf);
}

static err_t tell(struct ctx *ctx, const struct setting *s)
{
    struct event *events =
        arena_array(ctx->arena, struct event, s->changed_count);
    for (size_t i = 0; i < s->changed_count; i++) {
        const struct sku_bin *bin = s->changed[i];
        events[i] = (struct event){
            .id = event_id(ctx, bin->sku.v),
            .at = ctx->now,
            .type = bin->bin.len > 0 ? STR("bin.set") : STR("bin.cleared"),
            .subject_kind = STR("sku"),
            .subject_id = bin->sku.v,
            .actor = ctx->actor,
            .data = bin_text(ctx, bin),
        };
    }
    return event_add_many(ctx, events, s->changed_count);
}

static err_t save(struct ctx *ctx, const struct setting *s)
{
    size_t saved = 0, dropped = 0;
    struct sql_arg *rows =
        arena_array(ctx->arena, struct sql_arg, s->changed_count * BIN_PARAMS);
    struct sql_arg *gone =
        arena_array(ctx->arena, struct sql_arg, s->changed_count * 2);
    for (size_t i = 0; i < s->changed_count; i++) {
        const struct sku_bin *bin = s->changed[i];
        if (bin->bin.len == 0) {
            gone[dropped * 2] = sql_i(bin->location.v);
            gone[dropped++ * 2 + 1] = sql_i(bin->sku.v);
            continue;
        }
        struct sql_arg *at = &rows[saved++ * BIN_PARAMS];
        at[0] = sql_i(bin->location.v);
        at[1] = sql_i(bin->sku.v);
        at[2] = sql_i(id_bucket(bin->sku.v));
        at[3] = sql_s(bin->bin);
        at[4] = sql_s(bin->zone);
        at[5] = sql_i(bin->version);
        at[6] = sql_i(ctx->now);
    }
    if (saved > 0)
        TRY(sql_run_many(ctx, SQL_BIN_SAVE, rows, BIN_PARAMS, saved, NULL));
    if (dropped > 0)
        TRY(sql_run_many(ctx, SQL_BIN_DROP, gone, 2, dropped, NULL));
    return OK;
}

err_t bin_set(struct ctx *ctx, const struct bin_cmd *cmds, size_t count,
              int64_t *ret_changed)
{
    ASSERT(ctx->tx != NULL && count > 0);
    struct setting s = {.cmds = cmds, .count = count};
    s.changed = arena_array(ctx->arena, struct sku_bin *, count);
    TRY(read_named(ctx, &s));
    for (size_t i = 0; i < count; i++)
        TRY(fail_in(ctx, apply(ctx, &s, &cmds[i]), "items", i));
    if (s.changed_count > 0) {
        TRY(save(ctx, &s));
        TRY(tell(ctx, &s));
    }
    if (ret_changed)
        *ret_changed = (int64_t)s.changed_count;
    return OK;
}
