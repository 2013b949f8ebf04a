/* zone_clock.c - the changes of a zone's offset, asked of ICU once. */
#include "base/zone_clock.h"

#include <unicode/ucal.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/time.h"

enum { SHIFTS_MAX = 256, ZONE_BYTES = 64, DAYS_A_WEEK = 7, THURSDAY = 3 };

#define MINUTE_MS INT64_C(60000)

static err_t add_shift(struct ctx *ctx, str zone, utc_ms at,
                       struct zone_shift *shifts, size_t *count)
{
    int64_t offset;
    TRY(zone_offset(ctx, zone, at, &offset));
    if (*count > 0 && shifts[*count - 1].offset == offset)
        return OK;
    shifts[(*count)++] = (struct zone_shift){at, offset};
    return OK;
}

/* False where the zone changes no more. */
static bool next_change(UCalendar *calendar, utc_ms at, utc_ms *ret)
{
    UErrorCode status = U_ZERO_ERROR;
    UDate next = 0;
    ucal_setMillis(calendar, (UDate)at, &status);
    UBool found = ucal_getTimeZoneTransitionDate(
        calendar, UCAL_TZ_TRANSITION_NEXT, &next, &status);
    *ret = (utc_ms)next;
    return U_SUCCESS(status) && found;
}

err_t zone_clock_make(struct ctx *ctx, struct arena *arena, str zone,
                      utc_ms from, utc_ms until, struct zone_clock *ret)
{
    struct zone_shift *shifts =
        arena_array(arena, struct zone_shift, SHIFTS_MAX);
    size_t count = 0;
    UChar name[ZONE_BYTES];
    TRY(add_shift(ctx, zone, from, shifts, &count));
    ASSERT(zone.len < ZONE_BYTES); /* Else it is no zone. */
    for (size_t i = 0; i < zone.len; i++)
        name[i] = (UChar)zone.ptr[i];
    UErrorCode status = U_ZERO_ERROR;
    UCalendar *calendar = ucal_open(name, (int32_t)zone.len, "en_US_POSIX",
                                    UCAL_GREGORIAN, &status);
    err_t err = OK;
    if (U_FAILURE(status))
        err = fail(ctx, ERR_INTERNAL, "", "ICU: %s", u_errorName(status));
    utc_ms at = from;
    while (err == OK && count < SHIFTS_MAX && next_change(calendar, at, &at) &&
           at < until)
        err = add_shift(ctx, zone, at, shifts, &count);
    if (U_SUCCESS(status))
        ucal_close(calendar);
    *ret = (struct zone_clock){str_copy(arena, zone), shifts, count};
    return err;
}

int64_t zone_clock_offset(const struct zone_clock *clock, utc_ms at)
{
    size_t low = 0, high = clock->count;
    while (high - low > 1) {
        size_t mid = low + (high - low) / 2;
        if (clock->shifts[mid].from <= at)
            low = mid;
        else
            high = mid;
    }
    return clock->shifts[low].offset;
}

int64_t zone_clock_day(const struct zone_clock *clock, utc_ms at,
                       int *ret_minute)
{
    int64_t local = at + zone_clock_offset(clock, at);
    int64_t day =
        local >= 0 ? local / DAY_MS : -((DAY_MS - 1 - local) / DAY_MS);
    if (ret_minute)
        *ret_minute = (int)((local - day * DAY_MS) / MINUTE_MS);
    return day;
}

utc_ms zone_clock_at(const struct zone_clock *clock, int64_t day, int minute)
{
    int64_t wall = day * DAY_MS + minute * MINUTE_MS;
    int64_t before = zone_clock_offset(clock, wall - DAY_MS);
    int64_t after = zone_clock_offset(clock, wall + DAY_MS);
    bool is_before = zone_clock_offset(clock, wall - before) == before;
    bool is_after = zone_clock_offset(clock, wall - after) == after;
    if (is_before && is_after) /* Twice: the greater offset is the first. */
        return wall - (before > after ? before : after);
    if (is_before || !is_after) /* Skipped: the old offset goes on. */
        return wall - before;
    return wall - after;
}

int weekday_of(int64_t day)
{
    int64_t since = (day + THURSDAY) % DAYS_A_WEEK;
    return (int)(since < 0 ? since + DAYS_A_WEEK : since);
}
