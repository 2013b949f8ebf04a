/* change_blanket_rules_test.c - the moves of a blanket order against their
 * page, and plans by the clocks of their zone. */
#include "base/arena.h"
#include "base/str.h"
#include "base/testing.h"
#include "base/testing_grid.h"
#include "base/time.h"
#include "oms/change/change_blanket.h"

static void the_page_shows_what_it_may_do(void **state)
{
    struct arena *arena = arena_open();
    (void)state;
    assert_grid(arena, &blanket_machine, "docs/states/blanket.md",
                1u << BLANKET_CANCELLED);
    arena_close(arena);
}

static const char *nth(struct every *every, const char *from, int64_t k)
{
    static char text[TIME_TEXT_BYTES + 1];
    struct ctx ctx = {.arena = arena_open()};
    utc_ms at = 0;
    assert_true(time_from_text(str_from_cstr(from), &every->from));
    assert_ok(&ctx, every_time(&ctx, STR("Europe/Berlin"), every, k, &at));
    time_to_text(at, text);
    arena_close(ctx.arena);
    return text;
}

static void a_day_keeps_its_time_when_the_clocks_change(void **state)
{
    struct every every = {.unit = EVERY_DAY, .count = 1};
    (void)state;
    assert_string_equal(nth(&every, "2026-03-28T07:00:00Z", 0),
                        "2026-03-28T07:00:00.000Z");
    assert_string_equal(nth(&every, "2026-03-28T07:00:00Z", 1),
                        "2026-03-29T06:00:00.000Z");
    every = (struct every){.unit = EVERY_WEEK, .count = 2};
    assert_string_equal(nth(&every, "2026-10-20T22:30:00Z", 1),
                        "2026-11-03T23:30:00.000Z");
}

static void a_month_that_lacks_the_day_has_its_last(void **state)
{
    struct every every = {.unit = EVERY_MONTH, .count = 1};
    (void)state;
    assert_string_equal(nth(&every, "2027-12-31T12:00:00Z", 1),
                        "2028-01-31T12:00:00.000Z");
    assert_string_equal(nth(&every, "2027-12-31T12:00:00Z", 2),
                        "2028-02-29T12:00:00.000Z");
    assert_string_equal(nth(&every, "2027-12-31T12:00:00Z", 3),
                        "2028-03-31T11:00:00.000Z");
    every.count = 14;
    assert_string_equal(nth(&every, "2027-12-31T12:00:00Z", 1),
                        "2029-02-28T12:00:00.000Z");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(the_page_shows_what_it_may_do),
        TEST(a_day_keeps_its_time_when_the_clocks_change),
        TEST(a_month_that_lacks_the_day_has_its_last),
    };
    return RUN_TESTS(tests, argc, argv);
}
