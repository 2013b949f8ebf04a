/* time.c - the clocks, and RFC 3339 by plain arithmetic. */
#define WHARF_UNBANNED
#include "base/time.h"

#include <string.h>
#include <time.h>

#define YEAR_0000_MS     INT64_C(-62167219200000)
#define YEAR_9999_END_MS INT64_C(253402300799999)

utc_ms clock_now(void)
{
    struct timespec at;
    clock_gettime(CLOCK_REALTIME, &at);
    return (utc_ms)at.tv_sec * 1000 + at.tv_nsec / 1000000;
}

int64_t clock_mono_ns(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (int64_t)at.tv_sec * 1000000000 + at.tv_nsec;
}

/* Days from 1970-01-01. Years begin in March here, so that the leap day is
 * the last of its year and months have a period of 153 days in five. */
static int64_t days_from_date(int year, int month, int day)
{
    int64_t y = month > 2 ? year : year - 1;
    int64_t month_from_march = (month + 9) % 12;
    int64_t day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

static void date_from_days(int64_t days, int *year, int *month, int *day)
{
    int64_t since = days + 719468; /* From 0000-03-01; not negative here. */
    int64_t era = (since >= 0 ? since : since - 146096) / 146097;
    int64_t of_era = since - era * 146097;
    int64_t year_of_era =
        (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year =
        of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month_from_march = (5 * of_year + 2) / 153;
    *day = (int)(of_year - (153 * month_from_march + 2) / 5 + 1);
    *month = (int)(month_from_march < 10 ? month_from_march + 3
                                         : month_from_march - 9);
    *year = (int)(year_of_era + era * 400 + (*month <= 2 ? 1 : 0));
}

static void put_digits(char *at, int value, int count)
{
    for (int i = count - 1; i >= 0; i--) {
        at[i] = (char)('0' + value % 10);
        value /= 10;
    }
}

void time_to_text(utc_ms at, char ret[TIME_TEXT_BYTES])
{
    if (at < YEAR_0000_MS)
        at = YEAR_0000_MS;
    if (at > YEAR_9999_END_MS)
        at = YEAR_9999_END_MS;
    int64_t days = at / DAY_MS;
    int64_t rest = at % DAY_MS;
    if (rest < 0) {
        rest += DAY_MS;
        days--;
    }
    int year, month, day;
    date_from_days(days, &year, &month, &day);
    int ms = (int)rest;
    memcpy(ret, "0000-00-00T00:00:00.000Z", TIME_TEXT_BYTES);
    put_digits(ret, year, 4);
    put_digits(ret + 5, month, 2);
    put_digits(ret + 8, day, 2);
    put_digits(ret + 11, ms / 3600000, 2);
    put_digits(ret + 14, ms / 60000 % 60, 2);
    put_digits(ret + 17, ms / 1000 % 60, 2);
    put_digits(ret + 20, ms % 1000, 3);
}

/* Reads `count` digits at *at and moves on; -1 where they are not. */
static int get_digits(str text, size_t *at, size_t count)
{
    if (text.len - *at < count)
        return -1;
    int value = 0;
    for (size_t i = 0; i < count; i++) {
        char c = text.ptr[*at + i];
        if (c < '0' || c > '9')
            return -1;
        value = value * 10 + (c - '0');
    }
    *at += count;
    return value;
}

static bool get_char(str text, size_t *at, char upper, char lower)
{
    if (*at >= text.len || (text.ptr[*at] != upper && text.ptr[*at] != lower))
        return false;
    *at += 1;
    return true;
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && is_leap ? 29 : days[month - 1];
}

static bool get_date(str text, size_t *at, int64_t *ret_days)
{
    int year = get_digits(text, at, 4);
    if (year < 0 || !get_char(text, at, '-', '-'))
        return false;
    int month = get_digits(text, at, 2);
    if (month < 1 || month > 12 || !get_char(text, at, '-', '-'))
        return false;
    int day = get_digits(text, at, 2);
    if (day < 1 || day > days_in_month(year, month))
        return false;
    *ret_days = days_from_date(year, month, day);
    return true;
}

/* Up to nine digits after a point; what is finer than a millisecond is cut. */
static bool get_fraction(str text, size_t *at, int *ret_ms)
{
    *ret_ms = 0;
    if (!get_char(text, at, '.', '.'))
        return true;
    int scale = 100;
    size_t count = 0;
    for (; *at < text.len && text.ptr[*at] >= '0' && text.ptr[*at] <= '9';
         *at += 1, count++) {
        *ret_ms += (text.ptr[*at] - '0') * scale;
        scale /= 10;
    }
    return count >= 1 && count <= 9;
}

/* A leap second (:60) is let through here and judged in UTC by the caller. */
static bool get_clock(str text, size_t *at, int64_t *ret_ms, bool *ret_leap)
{
    int hour = get_digits(text, at, 2);
    if (hour < 0 || hour > 23 || !get_char(text, at, ':', ':'))
        return false;
    int minute = get_digits(text, at, 2);
    if (minute < 0 || minute > 59 || !get_char(text, at, ':', ':'))
        return false;
    int second = get_digits(text, at, 2);
    if (second < 0 || second > 60)
        return false;
    int ms;
    if (!get_fraction(text, at, &ms))
        return false;
    *ret_leap = second == 60;
    *ret_ms = ((hour * INT64_C(60) + minute) * 60 + second) * 1000 + ms;
    return true;
}

static bool get_offset(str text, size_t *at, int64_t *ret_ms)
{
    *ret_ms = 0;
    if (get_char(text, at, 'Z', 'z'))
        return true;
    bool is_west = *at < text.len && text.ptr[*at] == '-';
    if (!get_char(text, at, '+', '-'))
        return false;
    int hour = get_digits(text, at, 2);
    if (hour < 0 || hour > 23 || !get_char(text, at, ':', ':'))
        return false;
    int minute = get_digits(text, at, 2);
    if (minute < 0 || minute > 59)
        return false;
    *ret_ms = (hour * INT64_C(60) + minute) * 60000;
    if (is_west)
        *ret_ms = -*ret_ms;
    return true;
}

bool time_from_text(str text, utc_ms *ret)
{
    size_t at = 0;
    int64_t days, clock_ms, offset_ms;
    bool is_leap;
    if (!get_date(text, &at, &days) || !get_char(text, &at, 'T', 't') ||
        !get_clock(text, &at, &clock_ms, &is_leap) ||
        !get_offset(text, &at, &offset_ms) || at != text.len)
        return false;
    utc_ms utc = days * DAY_MS + clock_ms - offset_ms;
    if (utc < YEAR_0000_MS || utc > YEAR_9999_END_MS)
        return false;
    /* Leap seconds end a UTC day; ours is the second that follows. */
    int64_t into_day = ((utc % DAY_MS) + DAY_MS) % DAY_MS;
    if (is_leap && into_day >= 1000)
        return false;
    *ret = utc;
    return true;
}

bool date_from_text(str text, int64_t *ret_day)
{
    size_t at = 0;
    int64_t day;
    if (!get_date(text, &at, &day) || at != text.len)
        return false;
    *ret_day = day;
    return true;
}

void date_to_text(int64_t day, char ret[DATE_TEXT_BYTES])
{
    char text[TIME_TEXT_BYTES];
    time_to_text(day * DAY_MS, text);
    memcpy(ret, text, DATE_TEXT_BYTES);
}
