/* inventory_rules.c - names and pure checks of stock. */
#include "oms/inventory/inventory_rules.h"

#include "base/check.h"
#include "base/machine.h"
#include "base/time.h"

const char *const location_type_names[5] = {"warehouse", "store", "3pl",
                                            "dropship", "virtual"};
const char *const stock_bucket_names[7] = {
    "outside", "available",       "committed", "reserved",
    "damaged", "quality_control", "held"};
const char *const movement_type_names[16] = {
    "none",  "adjust", "set",     "commit",  "release",      "move",
    "hold",  "unhold", "confirm", "receive", "transfer_out", "transfer_in",
    "count", "ship",   "short",   "return"};
const char *const open_bucket_names[OPEN_BUCKETS] = {"available", "damaged",
                                                     "quality_control", "held"};
const enum stock_bucket open_buckets[OPEN_BUCKETS] = {
    STOCK_AVAILABLE, STOCK_DAMAGED, STOCK_QUALITY_CONTROL, STOCK_HELD};

const char *location_type_name(enum location_type type)
{
    ASSERT(type >= LOCATION_WAREHOUSE && type <= LOCATION_VIRTUAL);
    return location_type_names[type - 1];
}

const char *stock_bucket_name(enum stock_bucket bucket)
{
    ASSERT(bucket <= STOCK_HELD);
    return stock_bucket_names[bucket];
}

const char *movement_type_name(enum movement_type type)
{
    ASSERT(type >= MOVEMENT_ADJUST && type <= MOVEMENT_RETURN);
    return movement_type_names[type];
}

static const char *const states[RESERVATION_MOVED] = {
    "held", "committed", "consumed", "released", "expired", "moved"};
static const char *const events[RESERVATION_EVENT_MOVE] = {
    "hold", "commit", "release", "expire", "consume", "move"};

/* Read as: a row that is <from> and sees <event> becomes <to>. A pair that is
 * not listed is forbidden. docs/states/reservation.md shows the whole grid. */
static const struct machine_move moves[] = {
    {0,                     RESERVATION_EVENT_HOLD,    RESERVATION_HELD     },
    {0,                     RESERVATION_EVENT_COMMIT,  RESERVATION_COMMITTED},
    {RESERVATION_HELD,      RESERVATION_EVENT_COMMIT,  RESERVATION_COMMITTED},
    {RESERVATION_HELD,      RESERVATION_EVENT_RELEASE, RESERVATION_RELEASED },
    {RESERVATION_HELD,      RESERVATION_EVENT_EXPIRE,  RESERVATION_EXPIRED  },
    {RESERVATION_HELD,      RESERVATION_EVENT_CONSUME, RESERVATION_CONSUMED },
    {RESERVATION_HELD,      RESERVATION_EVENT_MOVE,    RESERVATION_MOVED    },
    {RESERVATION_COMMITTED, RESERVATION_EVENT_CONSUME, RESERVATION_CONSUMED },
    {RESERVATION_COMMITTED, RESERVATION_EVENT_RELEASE, RESERVATION_RELEASED },
    {RESERVATION_COMMITTED, RESERVATION_EVENT_MOVE,    RESERVATION_MOVED    },
};

const struct machine reservation_machine = {
    .states = states,
    .events = events,
    .state_count = COUNT_OF(states),
    .event_count = COUNT_OF(events),
    .moves = moves,
    .move_count = COUNT_OF(moves),
};

enum reservation_state reservation_next(enum reservation_state from,
                                        enum reservation_event event)
{
    return (enum reservation_state)machine_next(&reservation_machine, from,
                                                event);
}

const char *reservation_state_name(enum reservation_state state)
{
    return machine_state_name(&reservation_machine, state);
}

err_t location_check(struct ctx *ctx, const struct location_cmd *cmd)
{
    TRY(check_code(ctx, "code", cmd->code));
    TRY(check_line(ctx, "name", cmd->name, 1, LIMIT_NAME_BYTES));
    TRY(check_range(ctx, "type", cmd->type, LOCATION_WAREHOUSE,
                    LOCATION_VIRTUAL));
    TRY(check_attrs(ctx, "address", cmd->address));
    TRY(check_attrs(ctx, "attrs", cmd->attrs));
    if (cmd->has_point) {
        TRY(check_range(ctx, "lat", cmd->lat_e6, -90000000, 90000000));
        TRY(check_range(ctx, "lon", cmd->lon_e6, -180000000, 180000000));
    }
    if (!zone_is_known(cmd->tz))
        return fail_as(ctx, ERR_INVALID, "zone_unknown", "tz",
                       "must be an IANA time zone, as Europe/Berlin");
    return OK;
}

static bool is_open(enum stock_bucket bucket)
{
    for (size_t i = 0; i < OPEN_BUCKETS; i++)
        if (open_buckets[i] == bucket)
            return true;
    return false;
}

err_t adjust_check(struct ctx *ctx, const struct adjust_item *item)
{
    TRY(check_range(ctx, "delta", item->delta, -LIMIT_QTY, LIMIT_QTY));
    if (item->delta == 0)
        return fail_as(ctx, ERR_INVALID, "number_out_of_range", "delta",
                       "must not be 0");
    if (!item->is_move) {
        ASSERT(is_open(item->bucket));
        return OK;
    }
    ASSERT(is_open(item->from) && is_open(item->to));
    if (item->delta < 0)
        return fail_as(ctx, ERR_INVALID, "number_out_of_range", "delta",
                       "must be over 0 when units move between buckets");
    if (item->from == item->to)
        return fail_as(ctx, ERR_INVALID, "same_bucket", "to",
                       "must be another bucket than `from`");
    return OK;
}

void adjust_route(const struct adjust_item *item, enum stock_bucket *ret_from,
                  enum stock_bucket *ret_to, int64_t *ret_qty)
{
    *ret_qty = item->delta < 0 ? -item->delta : item->delta;
    if (item->is_move) {
        *ret_from = item->from;
        *ret_to = item->to;
    } else if (item->delta > 0) {
        *ret_from = STOCK_OUTSIDE;
        *ret_to = item->bucket;
    } else {
        *ret_from = item->bucket;
        *ret_to = STOCK_OUTSIDE;
    }
}
