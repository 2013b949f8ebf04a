/* zone.c - IANA zones, answered by ICU. */
#include <unicode/ucal.h>

#include "base/str.h"
#include "base/time.h"

enum { ZONE_NAME_BYTES = 64 };

/* ASCII only; ICU would take anything and answer GMT for it. */
static bool zone_name(str zone, UChar name[ZONE_NAME_BYTES], int32_t *ret_len)
{
    if (zone.len == 0 || zone.len >= ZONE_NAME_BYTES)
        return false;
    bool has_slash = false;
    for (size_t i = 0; i < zone.len; i++) {
        char c = zone.ptr[i];
        if (c <= ' ' || c > '~')
            return false;
        has_slash = has_slash || c == '/';
        name[i] = (UChar)c;
    }
    *ret_len = (int32_t)zone.len;
    /* ICU has three-letter names of its own ("PST", "IST") that IANA has not
     * or that mean something else. */
    return has_slash || str_equal(zone, STR("UTC")) ||
           str_equal(zone, STR("GMT"));
}

bool zone_is_known(str zone)
{
    UChar name[ZONE_NAME_BYTES], canonical[ZONE_NAME_BYTES * 2];
    int32_t len;
    if (!zone_name(zone, name, &len))
        return false;
    UBool is_system = 0;
    UErrorCode status = U_ZERO_ERROR;
    ucal_getCanonicalTimeZoneID(name, len, canonical,
                                (int32_t)COUNT_OF(canonical), &is_system,
                                &status);
    return U_SUCCESS(status) && is_system &&
           !str_equal(zone, STR("Etc/Unknown"));
}

static err_t calendar_open(struct ctx *ctx, str zone, utc_ms at,
                           UCalendar **ret)
{
    UChar name[ZONE_NAME_BYTES];
    int32_t len;
    if (!zone_is_known(zone) || !zone_name(zone, name, &len))
        return fail_as(ctx, ERR_INVALID, "zone_unknown", "",
                       "is not a time zone of the IANA list as "
                       "\"Europe/Berlin\"");
    UErrorCode status = U_ZERO_ERROR;
    UCalendar *calendar =
        ucal_open(name, len, "en_US_POSIX", UCAL_GREGORIAN, &status);
    if (U_SUCCESS(status))
        ucal_setMillis(calendar, (UDate)at, &status);
    if (U_FAILURE(status)) {
        ucal_close(calendar);
        return fail(ctx, ERR_INTERNAL, "", "ICU: %s", u_errorName(status));
    }
    *ret = calendar;
    return OK;
}

err_t zone_offset(struct ctx *ctx, str zone, utc_ms at, int64_t *ret)
{
    UCalendar *calendar;
    TRY(calendar_open(ctx, zone, at, &calendar));
    UErrorCode status = U_ZERO_ERROR;
    int32_t offset = ucal_get(calendar, UCAL_ZONE_OFFSET, &status) +
                     ucal_get(calendar, UCAL_DST_OFFSET, &status);
    ucal_close(calendar);
    if (U_FAILURE(status))
        return fail(ctx, ERR_INTERNAL, "", "ICU: %s", u_errorName(status));
    *ret = offset;
    return OK;
}

err_t zone_to_utc(struct ctx *ctx, str zone, int64_t wall, utc_ms *ret)
{
    int64_t before, after, at_first, at_last;
    TRY(zone_offset(ctx, zone, wall - DAY_MS, &before));
    TRY(zone_offset(ctx, zone, wall + DAY_MS, &after));
    *ret = wall - before;
    if (before == after)
        return OK;
    int64_t widest = before > after ? before : after;
    TRY(zone_offset(ctx, zone, wall - before, &at_first));
    TRY(zone_offset(ctx, zone, wall - after, &at_last));
    if (at_first == before && at_last == after)
        *ret = wall - widest;
    else if (at_last == after)
        *ret = wall - after;
    return OK;
}

err_t zone_day_start(struct ctx *ctx, str zone, utc_ms at, utc_ms *ret)
{
    UCalendar *calendar;
    TRY(calendar_open(ctx, zone, at, &calendar));
    /* Where the clock skips midnight the day begins with the skip; where it
     * shows midnight twice, with the first. */
    ucal_setAttribute(calendar, UCAL_SKIPPED_WALL_TIME,
                      UCAL_WALLTIME_NEXT_VALID);
    ucal_setAttribute(calendar, UCAL_REPEATED_WALL_TIME, UCAL_WALLTIME_FIRST);
    UErrorCode status = U_ZERO_ERROR;
    int32_t year = ucal_get(calendar, UCAL_EXTENDED_YEAR, &status);
    int32_t month = ucal_get(calendar, UCAL_MONTH, &status);
    int32_t day = ucal_get(calendar, UCAL_DATE, &status);
    ucal_clear(calendar);
    ucal_set(calendar, UCAL_EXTENDED_YEAR, year);
    ucal_set(calendar, UCAL_MONTH, month);
    ucal_set(calendar, UCAL_DATE, day);
    UDate start = ucal_getMillis(calendar, &status);
    ucal_close(calendar);
    if (U_FAILURE(status))
        return fail(ctx, ERR_INTERNAL, "", "ICU: %s", u_errorName(status));
    *ret = (utc_ms)start;
    return OK;
}

err_t zone_date(struct ctx *ctx, str zone, utc_ms at, int64_t *ret_day)
{
    int64_t offset;
    TRY(zone_offset(ctx, zone, at, &offset));
    int64_t local = at + offset;
    *ret_day = local >= 0 ? local / DAY_MS : -((DAY_MS - 1 - local) / DAY_MS);
    return OK;
}

err_t zone_date_start(struct ctx *ctx, str zone, int64_t day, utc_ms *ret)
{
    /* Its noon, an hour to either side of which is the same day. */
    utc_ms noon = day * DAY_MS + DAY_MS / 2;
    int64_t offset;
    TRY(zone_offset(ctx, zone, noon, &offset));
    return zone_day_start(ctx, zone, noon - offset, ret);
}
