/* zone_clock_test.c - the table says what ICU says, across changes. */
#include "base/zone_clock.h"

#include "base/arena.h"
#include "base/testing.h"
#include "base/time.h"

#define MINUTE_MS INT64_C(60000)

static const char *const zones[] = {"Europe/Berlin", "America/New_York",
                                    "Australia/Lord_Howe", "Asia/Kolkata",
                                    "UTC"};

static utc_ms instant(const char *text)
{
    utc_ms ret;
    assert_true(time_from_text(str_from_cstr(text), &ret));
    return ret;
}

static void the_table_says_what_icu_says(void **state)
{
    (void)state;
    struct ctx ctx = {.arena = arena_open()};
    utc_ms from = instant("2026-01-01T00:00:00Z"), until = from + 730 * DAY_MS;
    for (size_t z = 0; z < COUNT_OF(zones); z++) {
        str zone = str_from_cstr(zones[z]);
        struct zone_clock clock;
        uint64_t seed = z + 1;
        assert_ok(&ctx, zone_clock_make(&ctx, ctx.arena, zone, from - DAY_MS,
                                        until + DAY_MS, &clock));
        for (int i = 0; i < 1500; i++) {
            utc_ms at =
                from + (utc_ms)(test_random(&seed) % (uint64_t)(until - from));
            if (i < 1000) { /* Close to a change of the clocks. */
                size_t n = test_random(&seed) % clock.count;
                at = clock.shifts[n].from - 180 * MINUTE_MS +
                     (utc_ms)(test_random(&seed) % (360 * MINUTE_MS));
                at = at < from ? from : at;
            }
            int64_t offset, day;
            utc_ms wall;
            int minute;
            assert_ok(&ctx, zone_offset(&ctx, zone, at, &offset));
            assert_int_equal(zone_clock_offset(&clock, at), offset);
            assert_ok(&ctx, zone_date(&ctx, zone, at, &day));
            assert_int_equal(zone_clock_day(&clock, at, &minute), day);
            assert_ok(&ctx,
                      zone_to_utc(&ctx, zone, day * DAY_MS + minute * MINUTE_MS,
                                  &wall));
            assert_int_equal(zone_clock_at(&clock, day, minute), wall);
        }
    }
    arena_close(ctx.arena);
}

static void an_unknown_zone_is_refused(void **state)
{
    (void)state;
    struct ctx ctx = {.arena = arena_open()};
    struct zone_clock clock;
    assert_int_equal(
        zone_clock_make(&ctx, ctx.arena, STR("Mars/Base"), 0, 1, &clock),
        ERR_INVALID);
    assert_string_equal(ctx.err.slug, "zone_unknown");
    arena_close(ctx.arena);
}

static void weekdays_begin_with_monday(void **state)
{
    (void)state;
    int64_t day;
    assert_true(date_from_text(STR("2026-11-22"), &day)); /* A Sunday. */
    assert_int_equal(weekday_of(day), 6);
    assert_int_equal(weekday_of(day + 1), 0);
    assert_int_equal(weekday_of(0), 3);
    assert_int_equal(weekday_of(-4), 6);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_says_what_icu_says),
        cmocka_unit_test(an_unknown_zone_is_refused),
        cmocka_unit_test(weekdays_begin_with_monday),
    };
    return RUN_TESTS(tests, argc, argv);
}
