/* inventory_units.c - reads and writes what a command needs of lots and serial
 * numbers. */
#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "oms/inventory/inventory_units_int.h"
#include "oms/inventory/inventory_units_sql.h"
#include "store/sql.h"

enum {
    LOT_PARAMS = 6,
    LOT_LEVEL_PARAMS = 10,
    LOT_MOVEMENT_PARAMS = 3,
    SERIAL_PARAMS = 8
};

/* ---- reading ---- */

err_t policy_list(struct ctx *ctx, const sku_id *skus, size_t count,
                  struct unit_policy **ret, size_t *ret_count)
{
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count);
    for (size_t i = 0; i < count; i++)
        keys[i] = sql_i(skus[i].v);
    struct sql_rows rows;
    TRY(sql_list_distinct(ctx, SQL_POLICY_BY_SKU, keys, count, &rows));
    *ret = arena_array(ctx->arena, struct unit_policy, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i] = (struct unit_policy){
            .sku = {sql_int(&rows, i, 0)},
            .is_lot = sql_int(&rows, i, 1) != 0,
            .is_serial = sql_int(&rows, i, 2) != 0,
            .is_expiry_required = sql_int(&rows, i, 3) != 0,
            .version = sql_int(&rows, i, 4),
        };
    return OK;
}

static err_t read_policies(struct ctx *ctx, struct units *units,
                           const struct unit_want *wants, size_t count)
{
    sku_id *skus = arena_array(ctx->arena, sku_id, count);
    for (size_t i = 0; i < count; i++)
        skus[i] = wants[i].sku;
    struct unit_policy *policies;
    size_t n;
    TRY(policy_list(ctx, skus, count, &policies, &n));
    for (size_t i = 0; i < n; i++)
        map_set(units->policies, (struct map_key){.a = policies[i].sku.v},
                &policies[i]);
    return OK;
}

static err_t read_lots(struct ctx *ctx, struct units *units,
                       const struct unit_want *wants, size_t count)
{
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count * 2);
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        if (wants[i].names->lot.len == 0)
            continue;
        keys[n * 2] = sql_i(wants[i].sku.v);
        keys[n++ * 2 + 1] = sql_s(wants[i].names->lot);
    }
    if (n == 0)
        return OK;
    struct sql_rows rows;
    TRY(sql_list_many(ctx, SQL_LOT_BY_CODE, keys, 2, n, &rows));
    struct lot *lots = arena_array(ctx->arena, struct lot, rows.count);
    for (size_t i = 0; i < rows.count; i++) {
        lots[i] = (struct lot){
            .id = {sql_int(&rows, i, 0)},
            .sku = {sql_int(&rows, i, 1)},
            .code = sql_str(&rows, i, 2),
            .expires_on = sql_int(&rows, i, 3),
            .created_at = sql_int(&rows, i, 4),
        };
        struct map_key key = {.a = lots[i].sku.v, .s = lots[i].code};
        if (!map_find(units->lots, key))
            map_set(units->lots, key, &lots[i]);
    }
    return OK;
}

static struct lot_level *level_add(struct units *units, const struct lot *lot,
                                   location_id location)
{
    struct lot_level *level = arena_new(units->arena, struct lot_level);
    *level = (struct lot_level){
        .next = units->level_list, .lot = lot, .location = location};
    units->level_list = level;
    map_set(units->levels, (struct map_key){.a = lot->id.v, .b = location.v},
            level);
    return level;
}

static err_t read_levels(struct ctx *ctx, struct units *units,
                         const struct unit_want *wants, size_t count)
{
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count * 3);
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        const struct lot *lot =
            units_lot(units, wants[i].sku, wants[i].names->lot);
        if (!lot ||
            map_find(units->levels, (struct map_key){.a = lot->id.v,
                                                     .b = wants[i].location.v}))
            continue;
        (void)level_add(units, lot, wants[i].location);
        keys[n * 3] = sql_i(lot->sku.v);
        keys[n * 3 + 1] = sql_i(wants[i].location.v);
        keys[n++ * 3 + 2] = sql_i(lot->id.v);
    }
    if (n == 0)
        return OK;
    struct sql_rows rows;
    TRY(sql_list_many(ctx, SQL_LOT_LEVEL_GET, keys, 3, n, &rows));
    for (size_t i = 0; i < rows.count; i++) {
        struct map_key key = {.a = sql_int(&rows, i, 2),
                              .b = sql_int(&rows, i, 1)};
        struct lot_level *level = map_find(units->levels, key);
        ASSERT(level != NULL);
        level->on_hand = sql_int(&rows, i, 4);
        level->damaged = sql_int(&rows, i, 5);
        level->quality_control = sql_int(&rows, i, 6);
        level->held = sql_int(&rows, i, 7);
        level->expired_at = sql_int(&rows, i, 8);
    }
    return OK;
}

static struct serial *serial_add(struct units *units, sku_id sku, str code)
{
    struct serial *serial = arena_new(units->arena, struct serial);
    *serial =
        (struct serial){.next = units->serial_list, .sku = sku, .code = code};
    units->serial_list = serial;
    map_set(units->serials, (struct map_key){.a = sku.v, .s = code}, serial);
    return serial;
}

static err_t read_serials(struct ctx *ctx, struct units *units,
                          const struct unit_want *wants, size_t count)
{
    size_t room = 0, n = 0;
    for (size_t i = 0; i < count; i++)
        room += wants[i].names->serial_count;
    if (room == 0)
        return OK;
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, room * 2);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < wants[i].names->serial_count; j++) {
            str code = wants[i].names->serials[j];
            struct map_key key = {.a = wants[i].sku.v, .s = code};
            if (map_find(units->serials, key))
                continue;
            (void)serial_add(units, wants[i].sku, code);
            keys[n * 2] = sql_i(wants[i].sku.v);
            keys[n++ * 2 + 1] = sql_s(code);
        }
    struct sql_rows rows;
    TRY(sql_list_many(ctx, SQL_UNIT_BY_CODE, keys, 2, n, &rows));
    for (size_t i = 0; i < rows.count; i++) {
        struct map_key key = {.a = sql_int(&rows, i, 0),
                              .s = sql_str(&rows, i, 1)};
        struct serial *serial = map_find(units->serials, key);
        ASSERT(serial != NULL);
        serial->lot.v = sql_int(&rows, i, 2);
        serial->location.v = sql_int(&rows, i, 3);
        serial->place = (enum unit_place)sql_int(&rows, i, 4);
        serial->transit_id = sql_int(&rows, i, 5);
        serial->movement_id = sql_int(&rows, i, 6);
    }
    return OK;
}

/* The calendar day at each location where a lot is asked for. */
static err_t read_today(struct ctx *ctx, struct units *units,
                        const struct unit_want *wants, size_t count)
{
    struct sql_arg *keys = arena_array(ctx->arena, struct sql_arg, count);
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        if (units_policy(units, wants[i].sku).is_lot)
            keys[n++] = sql_i(wants[i].location.v);
    struct sql_rows rows;
    TRY(sql_list_distinct(ctx, SQL_LOCATION_ZONE, keys, n, &rows));
    int64_t *days = arena_array(ctx->arena, int64_t, rows.count);
    for (size_t i = 0; i < rows.count; i++) {
        TRY(zone_date(ctx, sql_str(&rows, i, 1), ctx->now, &days[i]));
        map_set(units->today, (struct map_key){.a = sql_int(&rows, i, 0)},
                &days[i]);
    }
    return OK;
}

err_t units_open(struct ctx *ctx, const struct unit_want *wants, size_t count,
                 struct units **ret)
{
    struct units *units = arena_new(ctx->arena, struct units);
    *units = (struct units){
        .arena = ctx->arena,
        .policies = map_open(ctx->arena, count),
        .lots = map_open(ctx->arena, count),
        .levels = map_open(ctx->arena, count),
        .serials = map_open(ctx->arena, count),
        .today = map_open(ctx->arena, count),
    };
    TRY(read_policies(ctx, units, wants, count));
    *ret = units;
    TRY(read_today(ctx, units, wants, count));
    TRY(read_lots(ctx, units, wants, count));
    TRY(read_levels(ctx, units, wants, count));
    return read_serials(ctx, units, wants, count);
}

struct unit_policy units_policy(const struct units *units, sku_id sku)
{
    const struct unit_policy *policy =
        map_find(units->policies, (struct map_key){.a = sku.v});
    return policy ? *policy : (struct unit_policy){.sku = sku};
}

const struct lot *units_lot(const struct units *units, sku_id sku, str code)
{
    if (code.len == 0)
        return NULL;
    return map_find(units->lots, (struct map_key){.a = sku.v, .s = code});
}

static struct lot_level *lot_level_find(const struct units *units,
                                        location_id location, lot_id lot)
{
    return map_find(units->levels,
                    (struct map_key){.a = lot.v, .b = location.v});
}

int64_t units_lot_on_hand(const struct units *units, location_id location,
                          lot_id lot)
{
    const struct lot_level *level = lot_level_find(units, location, lot);
    return level ? level->on_hand : 0;
}

int64_t units_lot_loose(const struct units *units, location_id location,
                        lot_id lot)
{
    const struct lot_level *level = lot_level_find(units, location, lot);
    return level ? lot_level_qty(level, PLACE_LOOSE) : 0;
}

int64_t units_lot_held(const struct units *units, location_id location,
                       lot_id lot)
{
    const struct lot_level *level = lot_level_find(units, location, lot);
    return level ? level->held : 0;
}

bool units_note_expired(struct units *units, location_id location, lot_id lot,
                        utc_ms at)
{
    struct lot_level *level = lot_level_find(units, location, lot);
    if (!level || level->expired_at != 0)
        return false;
    level->expired_at = at;
    level->is_touched = true;
    return true;
}

/* ---- what moves ---- */

static const struct lot *lot_of(struct ctx *ctx, struct units *units,
                                const struct unit_move *move)
{
    const struct unit_names *names = move->names;
    const struct lot *lot = units_lot(units, move->sku, names->lot);
    if (lot)
        return lot;
    struct lot_row *fresh = arena_new(units->arena, struct lot_row);
    fresh->lot = (struct lot){
        .id = {id_next(ctx->ids, ctx->now, id_bucket(move->sku.v))},
        .sku = move->sku,
        .code = names->lot,
        .expires_on = names->has_expiry ? names->expires_on : LOT_NEVER,
        .created_at = ctx->now,
    };
    fresh->next = units->fresh;
    units->fresh = fresh;
    map_set(units->lots, (struct map_key){.a = move->sku.v, .s = names->lot},
            &fresh->lot);
    return &fresh->lot;
}

static void shift(struct lot_level *level, enum unit_place place, int64_t by)
{
    switch (place) {
    case PLACE_GONE:
    case PLACE_IN_TRANSIT: level->on_hand -= by; break;
    case PLACE_LOOSE: break;
    case PLACE_DAMAGED: level->damaged += by; break;
    case PLACE_QUALITY_CONTROL: level->quality_control += by; break;
    case PLACE_HELD: level->held += by; break;
    }
}

static void move_lot(struct units *units, const struct unit_move *move,
                     const struct lot *lot, int64_t moved_by)
{
    struct lot_level *level = lot_level_find(units, move->location, lot->id);
    if (!level)
        level = level_add(units, lot, move->location);
    shift(level, unit_place_of(move->from), -move->qty);
    shift(level, unit_place_of(move->to), move->qty);
    level->is_touched = true;
    ASSERT(lot_level_qty(level, PLACE_LOOSE) >= 0);
    struct lot_movement *note = arena_new(units->arena, struct lot_movement);
    *note = (struct lot_movement){units->movements, lot->id, moved_by};
    units->movements = note;
}

static void move_serials(struct units *units, const struct unit_move *move,
                         lot_id lot, int64_t moved_by)
{
    enum unit_place to = unit_place_of(move->to);
    for (size_t i = 0; i < move->names->serial_count; i++) {
        struct map_key key = {.a = move->sku.v, .s = move->names->serials[i]};
        struct serial *serial = map_find(units->serials, key);
        ASSERT(serial != NULL);
        serial->is_touched = true;
        serial->lot = lot;
        serial->movement_id = moved_by;
        serial->location.v = to == PLACE_GONE ? 0 : move->location.v;
        serial->place = to;
        serial->transit_id = 0;
        if (to == PLACE_GONE && move->transit_id != 0) {
            serial->place = PLACE_IN_TRANSIT;
            serial->transit_id = move->transit_id;
        }
    }
}

lot_id units_apply(struct ctx *ctx, struct units *units,
                   const struct unit_move *move, int64_t moved_by)
{
    lot_id none = {0};
    const struct unit_policy policy = units_policy(units, move->sku);
    if (unit_place_of(move->from) == unit_place_of(move->to))
        return none;
    const struct lot *lot = policy.is_lot ? lot_of(ctx, units, move) : NULL;
    if (lot)
        move_lot(units, move, lot, moved_by);
    if (policy.is_serial)
        move_serials(units, move, lot ? lot->id : none, moved_by);
    return lot ? lot->id : none;
}

/* ---- writing ---- */

static err_t save_lots(struct ctx *ctx, const struct units *units)
{
    size_t count = 0, n = 0;
    for (const struct lot_row *row = units->fresh; row; row = row->next)
        count++;
    if (count == 0)
        return OK;
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * LOT_PARAMS);
    for (const struct lot_row *row = units->fresh; row; row = row->next) {
        struct sql_arg *at = &args[n++ * LOT_PARAMS];
        at[0] = sql_i(row->lot.id.v);
        at[1] = sql_i(id_bucket(row->lot.sku.v));
        at[2] = sql_i(row->lot.sku.v);
        at[3] = sql_s(row->lot.code);
        at[4] = sql_i(row->lot.expires_on);
        at[5] = sql_i(row->lot.created_at);
    }
    int64_t added;
    TRY(sql_run_many(ctx, SQL_LOT_ADD, args, LOT_PARAMS, count, &added));
    return added == (int64_t)count ? OK : ERR_RETRY;
}

static err_t save_levels(struct ctx *ctx, const struct units *units)
{
    size_t count = 0, n = 0;
    for (const struct lot_level *l = units->level_list; l; l = l->next)
        count += l->is_touched;
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * LOT_LEVEL_PARAMS);
    for (const struct lot_level *l = units->level_list; l; l = l->next) {
        if (!l->is_touched)
            continue;
        struct sql_arg *at = &args[n++ * LOT_LEVEL_PARAMS];
        at[0] = sql_i(l->lot->sku.v);
        at[1] = sql_i(l->location.v);
        at[2] = sql_i(l->lot->id.v);
        at[3] = sql_i(id_bucket(l->lot->sku.v));
        at[4] = sql_i(l->lot->expires_on);
        at[5] = sql_i(l->on_hand);
        at[6] = sql_i(l->damaged);
        at[7] = sql_i(l->quality_control);
        at[8] = sql_i(l->held);
        at[9] = sql_i_or_null(l->expired_at);
    }
    if (n == 0)
        return OK;
    return sql_run_many(ctx, SQL_LOT_LEVEL_SAVE, args, LOT_LEVEL_PARAMS, n,
                        NULL);
}

static err_t save_movements(struct ctx *ctx, const struct units *units)
{
    size_t count = 0, n = 0;
    for (const struct lot_movement *m = units->movements; m; m = m->next)
        count++;
    if (count == 0)
        return OK;
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * LOT_MOVEMENT_PARAMS);
    for (const struct lot_movement *m = units->movements; m; m = m->next) {
        struct sql_arg *at = &args[n++ * LOT_MOVEMENT_PARAMS];
        at[0] = sql_i(m->lot.v);
        at[1] = sql_i(m->movement_id);
        at[2] = sql_i(id_bucket(m->lot.v));
    }
    return sql_run_many(ctx, SQL_LOT_MOVEMENT_ADD, args, LOT_MOVEMENT_PARAMS,
                        count, NULL);
}

static err_t save_serials(struct ctx *ctx, const struct units *units)
{
    size_t count = 0, n = 0;
    for (const struct serial *s = units->serial_list; s; s = s->next)
        count += s->is_touched;
    if (count == 0)
        return OK;
    struct sql_arg *args =
        arena_array(ctx->arena, struct sql_arg, count * SERIAL_PARAMS);
    for (const struct serial *s = units->serial_list; s; s = s->next) {
        if (!s->is_touched)
            continue;
        struct sql_arg *at = &args[n++ * SERIAL_PARAMS];
        at[0] = sql_i(s->sku.v);
        at[1] = sql_s(s->code);
        at[2] = sql_i(id_bucket(s->sku.v));
        at[3] = sql_i(s->lot.v);
        at[4] = sql_i(s->location.v);
        at[5] = sql_i(s->place);
        at[6] = sql_i(s->transit_id);
        at[7] = sql_i(s->movement_id);
    }
    return sql_run_many(ctx, SQL_UNIT_SAVE, args, SERIAL_PARAMS, n, NULL);
}

err_t units_save(struct ctx *ctx, struct units *units)
{
    ASSERT(ctx->tx != NULL);
    TRY(save_lots(ctx, units));
    TRY(save_levels(ctx, units));
    TRY(save_movements(ctx, units));
    TRY(save_serials(ctx, units));
    units->fresh = NULL;
    units->movements = NULL;
    return OK;
}
