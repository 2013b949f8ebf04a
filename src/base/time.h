/* time.h - instants, RFC 3339 and IANA zones (ICU; never setenv("TZ")). */
#ifndef WHARF_BASE_TIME_H
#define WHARF_BASE_TIME_H

#include "base/base.h"

#define DAY_MS INT64_C(86400000) /* Of 24 hours. */

/* The wall clock. Edges call it once per request and keep it in ctx->now. */
utc_ms clock_now(void);
/* Monotonic nanoseconds, for measuring. */
int64_t clock_mono_ns(void);

enum { TIME_TEXT_BYTES = 24 }; /* "2026-11-22T01:02:03.004Z" */
/* Writes exactly TIME_TEXT_BYTES bytes for years 0000-9999. */
void time_to_text(utc_ms at, char ret[TIME_TEXT_BYTES]);
/* RFC 3339 with any offset, up to 9 fraction digits; false if it is not. */
bool time_from_text(str text, utc_ms *ret);

/* Calendar days, counted from 1970-01-01, as "2026-11-22". */
enum { DATE_TEXT_BYTES = 10 };
/* Years 0000-9999. */
bool date_from_text(str text, int64_t *ret_day);
void date_to_text(int64_t day, char ret[DATE_TEXT_BYTES]);

bool zone_is_known(str zone); /* "Europe/Berlin" */
/* Offset from UTC of that zone at that instant, in ms. */
MUST_USE err_t zone_offset(struct ctx *ctx, str zone, utc_ms at, int64_t *ret);
/* The instant at which the zone's clocks show `wall` (ms since 1970 of no
 * zone). Shown twice: the first; skipped: as much later as is skipped. */
MUST_USE err_t zone_to_utc(struct ctx *ctx, str zone, int64_t wall,
                           utc_ms *ret);
/* Midnight that began the zone's day in which `at` lies. */
MUST_USE err_t zone_day_start(struct ctx *ctx, str zone, utc_ms at,
                              utc_ms *ret);
/* The calendar day there at that instant, and when a day begins there. */
MUST_USE err_t zone_date(struct ctx *ctx, str zone, utc_ms at,
                         int64_t *ret_day);
MUST_USE err_t zone_date_start(struct ctx *ctx, str zone, int64_t day,
                               utc_ms *ret);

#endif
