/* zone_clock.h - the clock of one IANA zone as a table, for many questions.
 *
 * ICU is asked once for all changes of the zone's offset in a span; what comes
 * after is arithmetic. Outside the span the nearest offset goes on.
 */
#ifndef WHARF_BASE_ZONE_CLOCK_H
#define WHARF_BASE_ZONE_CLOCK_H

#include "base/base.h"

struct zone_shift {
    utc_ms from;
    int64_t offset; /* ms east of UTC. */
};
struct zone_clock {
    str zone;
    const struct zone_shift *shifts; /* The first from before the span. */
    size_t count;
};

enum { MINUTES_A_DAY = 24 * 60 };

/* In the arena. Fails with ERR_INVALID, slug "zone_unknown". */
MUST_USE err_t zone_clock_make(struct ctx *ctx, struct arena *arena, str zone,
                               utc_ms from, utc_ms until,
                               struct zone_clock *ret);
int64_t zone_clock_offset(const struct zone_clock *clock, utc_ms at);
/* The calendar day there, and the minute of it that its clocks show. */
int64_t zone_clock_day(const struct zone_clock *clock, utc_ms at,
                       int *ret_minute);
/* When its clocks show that minute of that day (0 to 1440). Shown twice: the
 * first time; skipped: as much later as is skipped. As zone_to_utc. */
utc_ms zone_clock_at(const struct zone_clock *clock, int64_t day, int minute);
/* 0 is Monday. */
int weekday_of(int64_t day);

#endif
