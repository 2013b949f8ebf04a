/* routing_promise_test.c - promises across changes of the clocks (C24).
 *
 * The oracle knows nothing of tables of offsets: it asks ICU for the local
 * time of every quarter of an hour and counts days as a person would.
 */
#include "base/arena.h"
#include "base/testing.h"
#include "base/time.h"
#include "oms/routing/routing_book.h"

#define MINUTE_MS  INT64_C(60000)
#define QUARTER_MS (15 * MINUTE_MS)

struct world {
    struct ctx ctx;
    struct zone_clock clocks[2]; /* Of the site and of the buyer. */
    struct routing_site site;
    struct routing_zone zone;
    struct zone_place place;
    struct routing_service service;
    struct transit_row transit;
    struct routing_cutoff cutoff;
    struct routing_book book;
    struct routing_destination to;
};

static utc_ms instant(const char *text)
{
    utc_ms ret;
    assert_true(time_from_text(str_from_cstr(text), &ret));
    return ret;
}

static void open_world(struct world *world, const char *site_zone,
                       const char *buyer_zone)
{
    *world = (struct world){.ctx = {.arena = arena_open()}};
    utc_ms from = instant("2025-06-01T00:00:00Z");
    const char *zones[] = {site_zone, buyer_zone};
    for (int i = 0; i < 2; i++)
        assert_ok(&world->ctx,
                  zone_clock_make(&world->ctx, world->ctx.arena,
                                  str_from_cstr(zones[i]), from,
                                  from + 900 * DAY_MS, &world->clocks[i]));
    world->cutoff = (struct routing_cutoff){.minute = 14 * 60};
    world->site = (struct routing_site){.location = {7},
                                        .cutoffs = &world->cutoff,
                                        .cutoff_count = 1,
                                        .clock = &world->clocks[0]};
    for (int i = 0; i < DAYS_A_WEEK; i++)
        world->site.calendar.week[i] = (struct routing_hours){
            i < 5 ? 8 * 60 : CLOSED, i < 5 ? 18 * 60 : 0};
    world->zone = (struct routing_zone){STR("z"), &world->clocks[1]};
    world->place = (struct zone_place){STR("DE"), STR(""), &world->zone};
    world->service = (struct routing_service){
        .code = STR("s"), .days = 0x3f, .deliver_by = 20 * 60};
    world->transit = (struct transit_row){
        {.to = &world->zone, .service = STR("s")},
        2
    };
    world->to = (struct routing_destination){.country = STR("DE")};
    world->book = (struct routing_book){.sites = &world->site,
                                        .site_count = 1,
                                        .zones = &world->zone,
                                        .zone_count = 1,
                                        .places = &world->place,
                                        .place_count = 1,
                                        .services = &world->service,
                                        .service_count = 1,
                                        .transit = &world->transit,
                                        .transit_count = 1};
}

static struct routing_promise promise_at(struct world *world, utc_ms at)
{
    struct routing_promise promise;
    routing_promise_make(&world->book, world->site.location, &world->to,
                         STR(""), at, &promise);
    return promise;
}

static void check_at(struct world *world, const char *at, const char *ship_on,
                     const char *promised)
{
    struct routing_promise promise = promise_at(world, instant(at));
    char day[DATE_TEXT_BYTES], text[TIME_TEXT_BYTES];
    assert_true(promise.is_known);
    date_to_text(promise.ship_day, day);
    time_to_text(promise.promise_at, text);
    assert_str(((str){day, sizeof day}), ship_on);
    assert_str(((str){text, sizeof text}), promised);
}

/* ---- the oracle ---- */

static int64_t local(struct world *world, int which, utc_ms at)
{
    int64_t offset;
    assert_ok(&world->ctx,
              zone_offset(&world->ctx, world->clocks[which].zone, at, &offset));
    return at + offset;
}

static bool works(const struct world *world, int64_t day)
{
    return (day + 3) % 7 < 5 && /* Monday to Friday. */
           (world->site.calendar.holiday_count == 0 ||
            world->site.calendar.holidays[0] != day);
}

/* Walks forward until the site's clocks show a working day before 14:00. */
static utc_ms oracle(struct world *world, utc_ms at)
{
    utc_ms t = at;
    int64_t day = local(world, 0, t) / DAY_MS;
    while (!works(world, day) ||
           local(world, 0, t) % DAY_MS >= 14 * 60 * MINUTE_MS) {
        t += MINUTE_MS;
        day = local(world, 0, t) / DAY_MS;
    }
    for (int64_t left = world->site.handling_days; left > 0; left--)
        do
            day++;
        while (!works(world, day));
    for (int64_t left = world->transit.days; left > 0; left--)
        do
            day++;
        while ((day + 3) % 7 == 6); /* It moves from Monday to Saturday. */
    /* The first moment at which the buyer's clocks show 20:00 that day. */
    t = (day - 1) * DAY_MS;
    while (local(world, 1, t) < day * DAY_MS + 20 * 60 * MINUTE_MS)
        t += QUARTER_MS;
    return t;
}

static void C24_promises_hold_across_changes_of_the_clocks(void **state)
{
    (void)state;
    static const char *const zones[] = {"Europe/Berlin", "America/New_York",
                                        "Australia/Lord_Howe"};
    static const char *const changes[] = {
        "2026-03-08T07:00:00Z", "2026-03-29T01:00:00Z", "2026-04-04T15:00:00Z",
        "2026-10-03T15:30:00Z", "2026-10-25T01:00:00Z", "2026-11-01T06:00:00Z"};
    uint64_t seed = 5;
    for (size_t i = 0; i < COUNT_OF(zones); i++)
        for (size_t j = 0; j < COUNT_OF(changes); j++) {
            struct world world;
            int64_t holiday = instant(changes[j]) / DAY_MS + 1;
            open_world(&world, zones[i], zones[(i + j) % COUNT_OF(zones)]);
            world.site.calendar.holidays = &holiday;
            world.site.calendar.holiday_count = j % 2;
            for (int n = 0; n < 6; n++) {
                utc_ms at = instant(changes[j]) - 2 * DAY_MS +
                            (utc_ms)(test_random(&seed) % (3 * DAY_MS));
                at -= at % MINUTE_MS;
                world.site.handling_days = (int64_t)(test_random(&seed) % 3);
                world.transit.days = 1 + (int64_t)(test_random(&seed) % 4);
                struct routing_promise promise = promise_at(&world, at);
                assert_true(promise.is_known);
                assert_int_equal(promise.promise_at, oracle(&world, at));
            }
            arena_close(world.ctx.arena);
        }
}

static void the_cut_off_is_by_the_clocks_of_the_site(void **state)
{
    (void)state;
    struct world world;
    open_world(&world, "Europe/Berlin", "Europe/Berlin");
    /* Friday before the clocks go back: 14:00 is 12:00 UTC, ... */
    check_at(&world, "2026-10-23T11:59:00Z", "2026-10-23",
             "2026-10-26T19:00:00.000Z");
    check_at(&world, "2026-10-23T12:00:00Z", "2026-10-26",
             "2026-10-28T19:00:00.000Z");
    /* ... on Monday after it 13:00. */
    check_at(&world, "2026-10-26T12:59:00Z", "2026-10-26",
             "2026-10-28T19:00:00.000Z");
    check_at(&world, "2026-10-26T13:00:00Z", "2026-10-27",
             "2026-10-29T19:00:00.000Z");
    arena_close(world.ctx.arena);
}

static void what_comes_the_same_day_comes_after_it_left(void **state)
{
    (void)state;
    struct world world;
    open_world(&world, "Europe/Berlin", "Europe/Berlin");
    world.transit.days = 0;
    check_at(&world, "2026-11-23T09:00:00Z", "2026-11-23",
             "2026-11-23T19:00:00.000Z");
    world.service.deliver_by = 12 * 60; /* It leaves at 18:00. */
    check_at(&world, "2026-11-23T09:00:00Z", "2026-11-23",
             "2026-11-24T11:00:00.000Z");
    arena_close(world.ctx.arena);
}

static void what_is_not_known_says_why(void **state)
{
    (void)state;
    struct world world;
    struct routing_promise promise;
    open_world(&world, "Europe/Berlin", "Europe/Berlin");
    routing_promise_make(&world.book, (location_id){8}, &world.to, STR(""), 0,
                         &promise);
    assert_string_equal(promise.why_not, "the location is not known");
    routing_promise_make(&world.book, (location_id){7}, NULL, STR(""), 0,
                         &promise);
    assert_string_equal(promise.why_not, "the address is in no zone");
    routing_promise_make(&world.book, (location_id){7}, &world.to, STR("x"), 0,
                         &promise);
    assert_string_equal(promise.why_not, "the service is not known");
    for (int i = 0; i < DAYS_A_WEEK; i++)
        world.site.calendar.week[i].open = CLOSED;
    routing_promise_make(&world.book, (location_id){7}, &world.to, STR(""), 0,
                         &promise);
    assert_string_equal(promise.why_not,
                        "the location does not open within a year");
    assert_false(promise.is_known);
    arena_close(world.ctx.arena);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(C24_promises_hold_across_changes_of_the_clocks),
        cmocka_unit_test(the_cut_off_is_by_the_clocks_of_the_site),
        cmocka_unit_test(what_comes_the_same_day_comes_after_it_left),
        cmocka_unit_test(what_is_not_known_says_why),
    };
    return RUN_TESTS(tests, argc, argv);
}
