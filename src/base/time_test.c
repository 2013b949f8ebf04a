/* time_test.c - RFC 3339 over the whole calendar, zones over their changes. */
#include "base/time.h"

#include "base/testing.h"

#define HOUR INT64_C(3600000)
#define DAY  (24 * HOUR)

static utc_ms at(const char *text)
{
    utc_ms value = -1;
    assert_true(time_from_text(str_from_cstr(text), &value));
    return value;
}

static void known_instants_are_known(void **state)
{
    (void)state;
    assert_true(at("1970-01-01T00:00:00Z") == 0);
    assert_true(at("2026-11-22T01:02:03.004Z") == INT64_C(1795309323004));
    assert_true(at("2000-02-29T00:00:00Z") == INT64_C(951782400000));
    assert_true(at("0000-01-01T00:00:00Z") == INT64_C(-62167219200000));
    assert_true(at("9999-12-31T23:59:59.999Z") == INT64_C(253402300799999));
    assert_true(at("1969-12-31T23:59:59.999Z") == -1);
}

/* Counts the days by hand beside the arithmetic, every day of 10,000 years. */
static void every_day_of_the_calendar_round_trips(void **state)
{
    (void)state;
    static const int lengths[] = {31, 28, 31, 30, 31, 30,
                                  31, 31, 30, 31, 30, 31};
    utc_ms day_at = INT64_C(-62167219200000);
    char want[40], got[TIME_TEXT_BYTES + 1];
    got[TIME_TEXT_BYTES] = '\0';
    for (int year = 0; year <= 9999; year++) {
        bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        for (int month = 1; month <= 12; month++) {
            int days = lengths[month - 1] + (month == 2 && is_leap ? 1 : 0);
            for (int day = 1; day <= days; day++, day_at += DAY) {
                if (year % 97 != 0 && day != 1 && day < 28)
                    continue;
                snprintf(want, sizeof(want), "%04d-%02d-%02dT12:34:56.789Z",
                         year, month, day);
                utc_ms value = day_at + INT64_C(45296789);
                time_to_text(value, got);
                assert_string_equal(got, want);
                assert_true(at(want) == value);
            }
            snprintf(want, sizeof(want), "%04d-%02d-%02dT00:00:00Z", year,
                     month, days + 1);
            utc_ms none;
            assert_false(time_from_text(str_from_cstr(want), &none));
        }
    }
    assert_true(day_at == INT64_C(253402300800000));
}

static void random_instants_round_trip(void **state)
{
    (void)state;
    uint64_t seed = 11;
    char text[TIME_TEXT_BYTES];
    for (int i = 0; i < 100000; i++) {
        utc_ms value = (int64_t)(test_random(&seed) % 315569520000000) -
                       INT64_C(62167219200000);
        utc_ms back;
        time_to_text(value, text);
        assert_true(time_from_text((str){text, sizeof(text)}, &back));
        assert_true(back == value);
    }
}

static void out_of_range_is_held_at_the_ends(void **state)
{
    (void)state;
    char text[TIME_TEXT_BYTES];
    time_to_text(INT64_MAX, text);
    assert_memory_equal(text, "9999-12-31T23:59:59.999Z", TIME_TEXT_BYTES);
    time_to_text(INT64_MIN, text);
    assert_memory_equal(text, "0000-01-01T00:00:00.000Z", TIME_TEXT_BYTES);
}

static void offsets_and_fractions_are_understood(void **state)
{
    (void)state;
    utc_ms noon = at("2026-06-01T12:00:00Z");
    assert_true(at("2026-06-01T14:00:00+02:00") == noon);
    assert_true(at("2026-06-01T06:30:00-05:30") == noon);
    assert_true(at("2026-06-01t12:00:00z") == noon);
    assert_true(at("2026-06-01T12:00:00-00:00") == noon);
    assert_true(at("2026-06-02T11:59:00+23:59") == noon);
    assert_true(at("2026-06-01T12:00:00.1Z") == noon + 100);
    assert_true(at("2026-06-01T12:00:00.12Z") == noon + 120);
    assert_true(at("2026-06-01T12:00:00.123456789Z") == noon + 123);
    assert_true(at("2026-06-01T12:00:00.9999Z") == noon + 999);
}

static void a_leap_second_ends_a_utc_day(void **state)
{
    (void)state;
    utc_ms new_year = at("2017-01-01T00:00:00Z");
    assert_true(at("2016-12-31T23:59:60Z") == new_year);
    assert_true(at("2016-12-31T15:59:60-08:00") == new_year);
    utc_ms none;
    assert_false(time_from_text(STR("2016-12-31T23:58:60Z"), &none));
    assert_false(time_from_text(STR("2016-12-31T23:59:60+01:00"), &none));
}

static void what_is_no_time_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "2026",
        "2026-06-01",
        "2026-06-01T12:00Z",
        "2026-06-01T12:00:00",
        "2026-06-01 12:00:00Z",
        "2026-06-01T24:00:00Z",
        "2026-06-01T12:60:00Z",
        "2026-06-01T12:00:61Z",
        "2026-13-01T12:00:00Z",
        "2026-00-01T12:00:00Z",
        "2026-06-00T12:00:00Z",
        "2026-06-31T12:00:00Z",
        "2026-02-29T12:00:00Z",
        "1900-02-29T12:00:00Z",
        "2026-06-01T12:00:00.Z",
        "2026-06-01T12:00:00.1234567890Z",
        "2026-06-01T12:00:00,5Z",
        "2026-06-01T12:00:00+2:00",
        "2026-06-01T12:00:00+0200",
        "2026-06-01T12:00:00+24:00",
        "2026-06-01T12:00:00+02:60",
        "2026-06-01T12:00:00Zx",
        " 2026-06-01T12:00:00Z",
        "26-06-01T12:00:00Z",
        "-026-06-01T12:00:00Z",
        "2026-6-1T12:00:00Z",
        "0000-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
    };
    utc_ms value = 5;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        if (time_from_text(str_from_cstr(bad[i]), &value))
            fail_msg("%s was taken", bad[i]);
    }
    assert_false(time_from_text(STR_NONE, &value));
    assert_false(time_from_text(STR("2026-06-01T12:00:00\0"), &value));
    assert_int_equal(value, 5);
}

static void clocks_go_on(void **state)
{
    (void)state;
    assert_true(clock_now() > at("2024-01-01T00:00:00Z"));
    int64_t before = clock_mono_ns();
    assert_true(clock_mono_ns() >= before);
}

/* ---- zones ---- */

static void only_iana_zones_are_known(void **state)
{
    (void)state;
    static const char *const good[] = {
        "Europe/Berlin",
        "America/New_York",
        "Asia/Kathmandu",
        "Etc/GMT+3",
        "UTC",
        "America/Argentina/Ushuaia",
        "Pacific/Apia",
        "Asia/Calcutta",
    };
    static const char *const bad[] = {
        "",
        "Europe/Nowhere",
        "europe/berlin",
        "PST",
        "GMT+2",
        "+02:00",
        "Etc/Unknown",
        "Europe/",
        "/",
        "..",
        "../etc/passwd",
        "Europe/Berlin ",
        "Europe/B\xC3\xA4rlin",
        "Europe/Berlin/Europe/Berlin/Europe/Berlin/Europe/Berlin/Europe/Berlin",
    };
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        if (!zone_is_known(str_from_cstr(good[i])))
            fail_msg("%s is not known", good[i]);
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        if (zone_is_known(str_from_cstr(bad[i])))
            fail_msg("%s is known", bad[i]);
    }
}

static void offsets_follow_summer_time(void **state)
{
    struct ctx *ctx = *state;
    int64_t offset;
    assert_ok(ctx, zone_offset(ctx, STR("Europe/Berlin"),
                               at("2026-03-29T00:59:59Z"), &offset));
    assert_true(offset == HOUR);
    assert_ok(ctx, zone_offset(ctx, STR("Europe/Berlin"),
                               at("2026-03-29T01:00:00Z"), &offset));
    assert_true(offset == 2 * HOUR);
    assert_ok(ctx, zone_offset(ctx, STR("Asia/Kathmandu"),
                               at("2026-03-29T01:00:00Z"), &offset));
    assert_true(offset == 5 * HOUR + 45 * 60000);
    assert_int_equal(zone_offset(ctx, STR("Mars/Base"), 0, &offset),
                     ERR_INVALID);
    assert_slug(ctx, "zone_unknown");
}

static utc_ms day_start(struct ctx *ctx, const char *zone, const char *text)
{
    utc_ms start = -1;
    assert_ok(ctx, zone_day_start(ctx, str_from_cstr(zone), at(text), &start));
    return start;
}

static void a_day_begins_at_the_zones_midnight(void **state)
{
    struct ctx *ctx = *state;
    assert_true(day_start(ctx, "UTC", "2026-06-01T12:00:00Z") ==
                at("2026-06-01T00:00:00Z"));
    assert_true(day_start(ctx, "Europe/Berlin", "2026-06-01T22:00:00Z") ==
                at("2026-06-02T00:00:00+02:00"));
    assert_true(day_start(ctx, "Europe/Berlin", "2026-06-01T21:59:59.999Z") ==
                at("2026-06-01T00:00:00+02:00"));
    assert_true(day_start(ctx, "America/New_York", "1969-12-31T23:00:00Z") ==
                at("1969-12-31T00:00:00-05:00"));
}

static void days_of_23_and_25_hours_are_whole(void **state)
{
    struct ctx *ctx = *state;
    const char *zone = "Europe/Berlin";
    assert_true(day_start(ctx, zone, "2026-03-29T23:30:00+02:00") ==
                at("2026-03-29T00:00:00+01:00"));
    assert_true(day_start(ctx, zone, "2026-10-25T23:30:00+01:00") ==
                at("2026-10-25T00:00:00+02:00"));
    assert_true(at("2026-10-26T00:00:00+01:00") -
                    at("2026-10-25T00:00:00+02:00") ==
                25 * HOUR);
}

static void a_skipped_midnight_begins_with_the_skip(void **state)
{
    struct ctx *ctx = *state;
    /* 2018-11-04 00:00 -> 01:00 */
    assert_true(
        day_start(ctx, "America/Sao_Paulo", "2018-11-04T12:00:00-02:00") ==
        at("2018-11-04T01:00:00-02:00"));
    assert_true(
        day_start(ctx, "America/Sao_Paulo", "2018-11-03T23:59:59-03:00") ==
        at("2018-11-03T00:00:00-03:00"));
}

static void a_repeated_midnight_begins_with_the_first(void **state)
{
    struct ctx *ctx = *state;
    /* 2025-11-02 01:00 -> 00:00 */
    utc_ms want = at("2025-11-02T00:00:00-04:00");
    assert_true(day_start(ctx, "America/Havana", "2025-11-02T12:00:00-05:00") ==
                want);
    assert_true(day_start(ctx, "America/Havana", "2025-11-02T00:30:00-04:00") ==
                want);
    assert_true(day_start(ctx, "America/Havana", "2025-11-02T00:30:00-05:00") ==
                want);
}

/* I30 rests on this: each instant belongs to one day, days touch. */
static void every_hour_of_a_year_belongs_to_one_day(void **state)
{
    struct ctx *ctx = *state;
    static const char *const zones[] = {
        "Europe/Berlin", "America/New_York",    "America/Havana",
        "Africa/Cairo",  "Australia/Lord_Howe", "Asia/Beirut",
    };
    for (size_t i = 0; i < COUNT_OF(zones); i++) {
        utc_ms now = at("2025-01-01T00:30:00Z");
        utc_ms last = day_start(ctx, zones[i], "2025-01-01T00:30:00Z");
        for (int hour = 0; hour < 366 * 24; hour++, now += HOUR) {
            utc_ms start;
            assert_ok(
                ctx, zone_day_start(ctx, str_from_cstr(zones[i]), now, &start));
            assert_true(start <= now && now - start < 25 * HOUR);
            if (start == last)
                continue;
            assert_in_range(start - last, 23 * HOUR, 25 * HOUR);
            utc_ms again;
            assert_ok(ctx, zone_day_start(ctx, str_from_cstr(zones[i]),
                                          start - 1, &again));
            assert_true(again == last);
            last = start;
        }
    }
}

static void days_are_written_and_read(void **state)
{
    (void)state;
    static const char *const days[] = {"1969-12-31", "1970-01-01", "2000-02-29",
                                       "9999-12-31", "0000-01-01"};
    for (size_t i = 0; i < COUNT_OF(days); i++) {
        int64_t day = -9;
        char text[DATE_TEXT_BYTES];
        assert_true(date_from_text(str_from_cstr(days[i]), &day));
        date_to_text(day, text);
        assert_memory_equal(text, days[i], DATE_TEXT_BYTES);
    }
    static const char *const bad[] = {
        "",         "2026-02-29", "2026-1-1",   "2026-01-01T",
        "20260101", "2026-13-01", "2026-00-10", "2026-01-32"};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        int64_t day;
        assert_false(date_from_text(str_from_cstr(bad[i]), &day));
    }
}

static void a_day_of_a_zone_is_found_both_ways(void **state)
{
    struct ctx *ctx = *state;
    static const char *const zones[] = {"UTC",
                                        "Europe/Berlin",
                                        "Pacific/Kiritimati",
                                        "Pacific/Pago_Pago",
                                        "America/Sao_Paulo",
                                        "Australia/Lord_Howe",
                                        "Africa/Cairo"};
    for (size_t i = 0; i < COUNT_OF(zones); i++) {
        str zone = str_from_cstr(zones[i]);
        int64_t first, last;
        assert_true(date_from_text(STR("2026-01-01"), &first));
        assert_true(date_from_text(STR("2027-01-01"), &last));
        for (int64_t day = first; day <= last; day++) {
            utc_ms start = 0;
            int64_t found = 0;
            assert_ok(ctx, zone_date_start(ctx, zone, day, &start));
            assert_ok(ctx, zone_date(ctx, zone, start, &found));
            assert_int_equal(found, day);
            assert_ok(ctx, zone_date(ctx, zone, start - 1, &found));
            assert_int_equal(found, day - 1);
        }
    }
}

/* Berlin, 2026: an hour is skipped on 29 March and shown twice on 25 October.
 */
static void a_wall_clock_becomes_an_instant(void **state)
{
    struct ctx *ctx = *state;
    static const struct {
        const char *wall, *at;
    } cases[] = {
        {"2026-01-15T12:00:00Z", "2026-01-15T11:00:00Z"},
        {"2026-07-15T12:00:00Z", "2026-07-15T10:00:00Z"},
        {"2026-03-29T01:59:00Z", "2026-03-29T00:59:00Z"},
        {"2026-03-29T02:30:00Z", "2026-03-29T01:30:00Z"},
        {"2026-03-29T03:00:00Z", "2026-03-29T01:00:00Z"},
        {"2026-10-25T02:30:00Z", "2026-10-25T00:30:00Z"},
        {"2026-10-25T03:00:00Z", "2026-10-25T02:00:00Z"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        utc_ms wall, wanted, at;
        assert_true(time_from_text(str_from_cstr(cases[i].wall), &wall));
        assert_true(time_from_text(str_from_cstr(cases[i].at), &wanted));
        assert_ok(ctx, zone_to_utc(ctx, STR("Europe/Berlin"), wall, &at));
        assert_int_equal(at, wanted);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(a_wall_clock_becomes_an_instant),
        TEST(days_are_written_and_read),
        TEST(a_day_of_a_zone_is_found_both_ways),
        TEST(known_instants_are_known),
        TEST(every_day_of_the_calendar_round_trips),
        TEST(random_instants_round_trip),
        TEST(out_of_range_is_held_at_the_ends),
        TEST(offsets_and_fractions_are_understood),
        TEST(a_leap_second_ends_a_utc_day),
        TEST(what_is_no_time_is_refused),
        TEST(clocks_go_on),
        TEST(only_iana_zones_are_known),
        TEST(offsets_follow_summer_time),
        TEST(a_day_begins_at_the_zones_midnight),
        TEST(days_of_23_and_25_hours_are_whole),
        TEST(a_skipped_midnight_begins_with_the_skip),
        TEST(a_repeated_midnight_begins_with_the_first),
        TEST(every_hour_of_a_year_belongs_to_one_day),
    };
    return RUN_TESTS(tests, argc, argv);
}
