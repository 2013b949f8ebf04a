/* inventory_atp.c - available to promise by day.
 *
 *     ATP(d) = available + what is expected by the end of d - backordered
 *
 * for each location with the days of its own zone, and summed. A backordered
 * line has no location yet, so it lessens the sum alone.
 */
#include "oms/inventory/inventory_atp.h"

#include "base/arena.h"
#include "base/map.h"
#include "base/str.h"
#include "base/time.h"
#include "oms/inventory/inventory_expected_sql.h"
#include "oms/inventory/inventory_stock.h"
#include "oms/inventory/inventory_store.h"
#include "oms/inventory/inventory_units_sql.h"
#include "store/sql.h"

enum { DEFAULT_DAYS = 31, LEVELS = 1000 };

/* When each day of the range begins in a zone, and the day after the last. */
struct zone {
    str name;
    utc_ms *starts;
};

struct computing {
    struct atp *atp;
    struct map *zones;  /* By name: struct zone. */
    struct map *places; /* By location: struct atp_place. */
};

static err_t choose_days(struct ctx *ctx, const struct atp_query *query,
                         struct atp *ret)
{
    int64_t today;
    TRY(zone_date(ctx, STR("UTC"), ctx->now, &today));
    int64_t first = query->has_first ? query->first : today;
    int64_t last = query->has_last ? query->last : first + DEFAULT_DAYS - 1;
    if (last < first)
        return fail_as(ctx, ERR_INVALID, "range_invalid", "to",
                       "must not be before `from`");
    if (last - first >= LIMIT_ATP_DAYS)
        return fail_as(ctx, ERR_INVALID, "range_invalid", "to",
                       "at most %d days at a time", LIMIT_ATP_DAYS);
    ret->first = first;
    ret->day_count = (size_t)(last - first + 1);
    return OK;
}

static err_t zone_of(struct ctx *ctx, struct computing *c, str name,
                     const struct zone **ret)
{
    struct zone *zone = map_find(c->zones, (struct map_key){.s = name});
    if (!zone) {
        zone = arena_new(ctx->arena, struct zone);
        zone->name = name;
        zone->starts = arena_array(ctx->arena, utc_ms, c->atp->day_count + 1);
        for (size_t i = 0; i <= c->atp->day_count; i++)
            TRY(zone_date_start(ctx, name, c->atp->first + (int64_t)i,
                                &zone->starts[i]));
        map_set(c->zones, (struct map_key){.s = name}, zone);
    }
    *ret = zone;
    return OK;
}

/* All levels of the SKU, page by page. */
static err_t read_levels(struct ctx *ctx, const struct atp_query *query,
                         struct stock_level **ret, size_t *ret_count)
{
    struct level_filter filter = {
        .sku = query->sku, .location = query->location, .limit = LEVELS};
    TRY(level_page(ctx, &filter, ret, ret_count));
    size_t got = *ret_count;
    while (got == LEVELS && query->location.v == 0) {
        struct stock_level *more, *all;
        filter.after.location = (*ret)[*ret_count - 1].location;
        filter.after.sku = query->sku;
        TRY(level_page(ctx, &filter, &more, &got));
        all = arena_array(ctx->arena, struct stock_level, *ret_count + got);
        memcpy(all, *ret, *ret_count * sizeof *all);
        if (got > 0)
            memcpy(all + *ret_count, more, got * sizeof *all);
        *ret = all;
        *ret_count += got;
    }
    return OK;
}

static err_t read_zones(struct ctx *ctx, struct computing *c)
{
    struct atp *atp = c->atp;
    struct sql_arg *keys =
        arena_array(ctx->arena, struct sql_arg, atp->place_count);
    for (size_t i = 0; i < atp->place_count; i++)
        keys[i] = sql_i(atp->places[i].location.v);
    struct sql_rows rows;
    TRY(sql_list_distinct(ctx, SQL_LOCATION_ZONE, keys, atp->place_count,
                          &rows));
    for (size_t i = 0; i < rows.count; i++) {
        struct atp_place *place =
            map_find(c->places, (struct map_key){.a = sql_int(&rows, i, 0)});
        ASSERT(place != NULL);
        place->tz = sql_str(&rows, i, 1);
    }
    return OK;
}

static err_t open_places(struct ctx *ctx, const struct atp_query *query,
                         struct computing *c)
{
    struct atp *atp = c->atp;
    struct stock_level *levels;
    TRY(read_levels(ctx, query, &levels, &atp->place_count));
    atp->places = arena_array(ctx->arena, struct atp_place, atp->place_count);
    c->places = map_open(ctx->arena, atp->place_count);
    for (size_t i = 0; i < atp->place_count; i++) {
        struct atp_place *place = &atp->places[i];
        place->location = levels[i].location;
        place->available = stock_available(&levels[i]);
        place->tz = STR("UTC");
        place->days = arena_array(ctx->arena, struct atp_day, atp->day_count);
        atp->total.available += place->available;
        map_set(c->places, (struct map_key){.a = place->location.v}, place);
    }
    atp->total.days = arena_array(ctx->arena, struct atp_day, atp->day_count);
    return read_zones(ctx, c);
}

/* The day of the range at whose end the units have come; the first for all
 * that was expected before. */
static size_t day_of(const struct zone *zone, size_t count, utc_ms at)
{
    size_t low = 0, high = count - 1;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (at < zone->starts[mid + 1])
            high = mid;
        else
            low = mid + 1;
    }
    return low;
}

static err_t add_expected(struct ctx *ctx, const struct sql_rows *row,
                          void *arg)
{
    struct computing *c = arg;
    struct atp *atp = c->atp;
    struct atp_place *place =
        map_find(c->places, (struct map_key){.a = sql_int(row, 0, 0)});
    utc_ms at = sql_int(row, 0, 1);
    int64_t qty = sql_int(row, 0, 2);
    if (!place)
        return OK;
    const struct zone *zone =
        map_find(c->zones, (struct map_key){.s = place->tz});
    ASSERT(zone != NULL);
    if (at >= zone->starts[atp->day_count])
        return OK;
    if (at < ctx->now) {
        place->late += qty;
        atp->total.late += qty;
    }
    size_t day = day_of(zone, atp->day_count, at);
    bool is_before = at < zone->starts[0];
    place->days[day].atp += qty;
    atp->total.days[day].atp += qty;
    if (!is_before) {
        place->days[day].incoming += qty;
        atp->total.days[day].incoming += qty;
    }
    return OK;
}

/* From what comes on each day to what is there at its end. */
static void sum_up(struct atp_place *place, size_t count, int64_t start)
{
    int64_t sum = start;
    for (size_t i = 0; i < count; i++) {
        sum += place->days[i].atp;
        place->days[i].atp = sum;
    }
}

err_t atp_compute(struct ctx *ctx, const struct atp_query *query,
                  struct atp *ret)
{
    struct computing c = {.atp = ret, .zones = map_open(ctx->arena, 8)};
    utc_ms end = INT64_MIN;
    *ret = (struct atp){0};
    TRY(choose_days(ctx, query, ret));
    TRY(open_places(ctx, query, &c));
    for (size_t i = 0; i < ret->place_count; i++) {
        const struct zone *zone;
        TRY(zone_of(ctx, &c, ret->places[i].tz, &zone));
        if (zone->starts[ret->day_count] > end)
            end = zone->starts[ret->day_count];
    }
    TRY(backorder_get(ctx, query->sku, &ret->backordered));
    struct sql_arg args[] = {sql_i(query->sku.v), sql_i(query->location.v),
                             sql_i(end)};
    TRY(sql_each(ctx, SQL_EXPECTED_OF_SKU, args, COUNT_OF(args), add_expected,
                 &c));
    for (size_t i = 0; i < ret->place_count; i++)
        sum_up(&ret->places[i], ret->day_count, ret->places[i].available);
    sum_up(&ret->total, ret->day_count,
           ret->total.available - ret->backordered);
    return OK;
}
