/* inventory_units_check.c - decides whether these very units may move so. */
#include "base/check.h"
#include "base/str.h"
#include "base/time.h"
#include "oms/inventory/inventory_command.h"
#include "oms/inventory/inventory_units_int.h"

enum unit_place unit_place_of(enum stock_bucket bucket)
{
    switch (bucket) {
    case STOCK_OUTSIDE: return PLACE_GONE;
    case STOCK_AVAILABLE:
    case STOCK_COMMITTED:
    case STOCK_RESERVED: return PLACE_LOOSE;
    case STOCK_DAMAGED: return PLACE_DAMAGED;
    case STOCK_QUALITY_CONTROL: return PLACE_QUALITY_CONTROL;
    case STOCK_HELD: return PLACE_HELD;
    }
    UNREACHABLE("not a stock bucket");
}

int64_t lot_level_qty(const struct lot_level *level, enum unit_place place)
{
    switch (place) {
    case PLACE_GONE:
    case PLACE_IN_TRANSIT: return INT64_MAX;
    case PLACE_LOOSE:
        return level->on_hand - level->damaged - level->quality_control -
               level->held;
    case PLACE_DAMAGED: return level->damaged;
    case PLACE_QUALITY_CONTROL: return level->quality_control;
    case PLACE_HELD: return level->held;
    }
    UNREACHABLE("not a place of units");
}

static bool is_expired(const struct units *units, location_id location,
                       int64_t expires_on)
{
    const int64_t *today =
        map_find(units->today, (struct map_key){.a = location.v});
    ASSERT(today != NULL);
    return expires_on < *today;
}

static err_t check_new_lot(struct ctx *ctx, const struct unit_policy *policy,
                           const struct unit_names *names)
{
    TRY(check_code(ctx, "lot", names->lot));
    if (policy->is_expiry_required && !names->has_expiry)
        return fail_as(ctx, ERR_INVALID, "expiry_required", "expires_on",
                       "a new lot of this SKU needs its day of expiry");
    return OK;
}

static err_t check_known_lot(struct ctx *ctx, const struct lot *lot,
                             const struct unit_names *names)
{
    if (!names->has_expiry || names->expires_on == lot->expires_on)
        return OK;
    char text[DATE_TEXT_BYTES];
    date_to_text(lot->expires_on, text);
    if (lot->expires_on == LOT_NEVER)
        return fail_as(ctx, ERR_INVALID, "lot_expiry_differs", "expires_on",
                       "this lot came in before, without a day of expiry");
    return fail_as(ctx, ERR_INVALID, "lot_expiry_differs", "expires_on",
                   "this lot came in before and expires on %.*s",
                   DATE_TEXT_BYTES, text);
}

/* Units that leave a place must be there in that lot. */
static err_t check_lot_qty(struct ctx *ctx, const struct units *units,
                           const struct unit_move *move, const struct lot *lot)
{
    struct map_key key = {.a = lot->id.v, .b = move->location.v};
    const struct lot_level *level = map_find(units->levels, key);
    int64_t there = level ? lot_level_qty(level, unit_place_of(move->from)) : 0;
    if (there >= move->qty)
        return OK;
    return fail_as(ctx, ERR_STATE, "not_enough_in_lot", "lot",
                   "there are %lld such units of this lot", (long long)there);
}

static err_t check_lot(struct ctx *ctx, const struct units *units,
                       const struct unit_move *move)
{
    const struct unit_names *names = move->names;
    const struct unit_policy policy = units_policy(units, move->sku);
    if (names->lot.len == 0)
        return fail_as(ctx, ERR_INVALID, "lot_required", "lot",
                       "units of this SKU move with the code of their lot");
    const struct lot *lot = units_lot(units, move->sku, names->lot);
    bool comes_in = move->from == STOCK_OUTSIDE;
    if (!lot && (!comes_in || move->transit_id != 0))
        return fail_as(ctx, ERR_INVALID, "lot_unknown", "lot",
                       "this SKU has no such lot");
    if (lot)
        TRY(check_known_lot(ctx, lot, names));
    else
        TRY(check_new_lot(ctx, &policy, names));
    int64_t expires_on = lot                 ? lot->expires_on
                         : names->has_expiry ? names->expires_on
                                             : LOT_NEVER;
    if (move->to == STOCK_AVAILABLE &&
        is_expired(units, move->location, expires_on))
        return fail_as(ctx, ERR_STATE, "lot_expired", "lot",
                       "units of an expired lot cannot be made available");
    if (move->from == STOCK_COMMITTED && move->to == STOCK_OUTSIDE &&
        is_expired(units, move->location, expires_on))
        return fail_as(ctx, ERR_STATE, "lot_expired", "lot",
                       "units of an expired lot are not shipped");
    return comes_in ? OK : check_lot_qty(ctx, units, move, lot);
}

/* One number: it comes in from where it was, or is there to be taken. */
static err_t check_serial(struct ctx *ctx, const struct units *units,
                          const struct unit_move *move, str code)
{
    TRY(check_code(ctx, "serials", code));
    const struct serial *serial =
        map_find(units->serials, (struct map_key){.a = move->sku.v, .s = code});
    bool is_known = serial && serial->movement_id != 0;
    if (move->from == STOCK_OUTSIDE && move->transit_id == 0) {
        if (is_known && serial->place != PLACE_GONE)
            return fail_as(ctx, ERR_STATE, "serial_taken", "serials",
                           "%.*s is in the house already", STR_ARG(code));
        return OK;
    }
    enum unit_place from = move->from == STOCK_OUTSIDE
                               ? PLACE_IN_TRANSIT
                               : unit_place_of(move->from);
    int64_t location = from == PLACE_IN_TRANSIT ? 0 : move->location.v;
    if (!is_known || serial->place != from || serial->location.v != location ||
        (from == PLACE_IN_TRANSIT && serial->transit_id != move->transit_id))
        return fail_as(ctx, ERR_STATE, "serial_not_here", "serials",
                       "%.*s is not among the units that move", STR_ARG(code));
    const struct lot *lot = units_lot(units, move->sku, move->names->lot);
    if (serial->lot.v != (lot ? lot->id.v : 0))
        return fail_as(ctx, ERR_STATE, "serial_of_other_lot", "serials",
                       "%.*s is of another lot", STR_ARG(code));
    return OK;
}

static err_t check_serials(struct ctx *ctx, const struct units *units,
                           const struct unit_move *move)
{
    const struct unit_names *names = move->names;
    if ((int64_t)names->serial_count != move->qty)
        return fail_as(ctx, ERR_INVALID, "serials_required", "serials",
                       "%lld units move with %lld serial numbers",
                       (long long)move->qty, (long long)move->qty);
    struct map *seen = map_open(ctx->arena, names->serial_count);
    for (size_t i = 0; i < names->serial_count; i++) {
        struct map_key key = {.s = names->serials[i]};
        if (map_find(seen, key))
            return fail_as(ctx, ERR_INVALID, "serial_repeated", "serials",
                           "%.*s is named twice", STR_ARG(names->serials[i]));
        map_set(seen, key, &key);
        TRY(check_serial(ctx, units, move, names->serials[i]));
    }
    return OK;
}

err_t units_check(struct ctx *ctx, const struct units *units,
                  const struct unit_move *move)
{
    const struct unit_names *names = move->names;
    const struct unit_policy policy = units_policy(units, move->sku);
    if (!policy.is_lot && (names->lot.len > 0 || names->has_expiry))
        return fail_as(ctx, ERR_INVALID, "lot_not_tracked",
                       names->lot.len > 0 ? "lot" : "expires_on",
                       "units of this SKU carry no lot");
    if (!policy.is_serial && names->serial_count > 0)
        return fail_as(ctx, ERR_INVALID, "serial_not_tracked", "serials",
                       "units of this SKU carry no serial number");
    if (unit_place_of(move->from) == unit_place_of(move->to))
        return OK;
    if (policy.is_lot)
        TRY(check_lot(ctx, units, move));
    return policy.is_serial ? check_serials(ctx, units, move) : OK;
}
