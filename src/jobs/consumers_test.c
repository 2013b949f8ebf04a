/* consumers_test.c - consumers follow the log, stop on failure, drain. */
#define WHARF_UNBANNED
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#undef fail /* Ours. */

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "base/time.h"
#include "jobs/consumers.h"
#include "store/event.h"
#include "store/store_testing.h"

static atomic_long seen_one, seen_two;
static atomic_bool is_two_bad;
static atomic_long bad_event; /* The how many-th that `two` sees; 0: none. */

static err_t one(struct ctx *ctx, const struct event *events, size_t count)
{
    (void)ctx;
    for (size_t i = 0; i < count; i++)
        ASSERT(events[i].id > 0);
    atomic_fetch_add(&seen_one, (long)count);
    return OK;
}

static err_t two(struct ctx *ctx, const struct event *events, size_t count)
{
    (void)events;
    if (atomic_load(&is_two_bad))
        return fail(ctx, ERR_INTERNAL, "", "poison");
    long from = atomic_load(&seen_two), bad = atomic_load(&bad_event);
    if (bad > from && bad <= from + (long)count)
        return fail(ctx, ERR_INTERNAL, "", "event poison");
    atomic_fetch_add(&seen_two, (long)count);
    return OK;
}

static const struct event_consumer ONES[] = {
    {.name = "one", .consume = one}
};
static const struct event_consumer TWOS[] = {
    {.name = "two", .consume = two}
};
static const struct event_list ONE_LIST = {ONES, COUNT_OF(ONES)};
static const struct event_list TWO_LIST = {TWOS, COUNT_OF(TWOS)};
static const struct event_list *const LISTS[] = {&ONE_LIST, &TWO_LIST, NULL};

struct house {
    struct store_testing t;
    struct consumers *consumers;
};

static err_t add_run(struct work *work)
{
    for (int i = 0; i < 100; i++)
        TRY(event_add(&work->ctx, "thing.done", "thing", 256, STR("{}"), NULL));
    return OK;
}

static const struct work_kind ADD_KIND = {.name = "add", .run = add_run};

static void add_hundred(struct house *house)
{
    struct work work = {.kind = &ADD_KIND, .lane = LANE_WRITE};
    work.ctx.arena = arena_open();
    work.ctx.now = clock_now();
    work.ctx.actor.kind = ACTOR_CLI;
    buf_init(&work.reply, work.ctx.arena, 16);
    assert_int_equal(store_run(house->t.store, &work), OK);
    arena_close(work.ctx.arena);
}

static void open_all(struct house *house)
{
    store_testing_open(&house->t, true);
    assert_int_equal(
        consumers_open(&house->t.ctx, house->t.store, LISTS, &house->consumers),
        OK);
}

static void shut_all(struct house *house)
{
    consumers_close(house->consumers);
    house->consumers = NULL;
    store_testing_shut(&house->t);
}

static int setup(void **state)
{
    static struct house house;
    atomic_store(&seen_one, 0);
    atomic_store(&seen_two, 0);
    atomic_store(&is_two_bad, false);
    atomic_store(&bad_event, 0);
    store_testing_init(&house.t);
    open_all(&house);
    *state = &house;
    return 0;
}

static int teardown(void **state)
{
    struct house *house = *state;
    consumers_close(house->consumers);
    store_testing_done(&house->t);
    return 0;
}

static void each_consumer_sees_every_event_once(void **state)
{
    struct house *house = *state;
    for (int i = 0; i < 25; i++)
        add_hundred(house);
    assert_true(consumers_drain(house->consumers));
    assert_int_equal(atomic_load(&seen_one), 2500);
    assert_int_equal(atomic_load(&seen_two), 2500);
    shut_all(house);
    open_all(house);
    add_hundred(house);
    assert_true(consumers_drain(house->consumers));
    assert_int_equal(atomic_load(&seen_one), 2600);
}

static void a_commit_wakes_them(void **state)
{
    struct house *house = *state;
    assert_true(consumers_drain(house->consumers));
    add_hundred(house);
    int64_t until_ns = clock_mono_ns() + (int64_t)5 * 1000000000;
    while (atomic_load(&seen_two) < 100 && clock_mono_ns() < until_ns)
        usleep(1000);
    assert_int_equal(atomic_load(&seen_two), 100);
}

static bool metrics_say(struct house *house, const char *line)
{
    struct buf out;
    char text[4096];
    buf_init(&out, house->t.arena, sizeof(text));
    consumers_metrics(house->consumers, &out);
    (void)snprintf(text, sizeof(text), "%.*s", (int)out.len, out.ptr);
    return strstr(text, line) != NULL;
}

static void failed_step_stops_its_consumer_alone(void **state)
{
    struct house *house = *state;
    atomic_store(&is_two_bad, true);
    add_hundred(house);
    assert_false(consumers_drain(house->consumers));
    add_hundred(house);
    int64_t until_ns = clock_mono_ns() + (int64_t)5 * 1000000000;
    while (atomic_load(&seen_one) < 200 && clock_mono_ns() < until_ns)
        usleep(1000);
    assert_int_equal(atomic_load(&seen_one), 200);
    assert_int_equal(atomic_load(&seen_two), 0);
    assert_true(metrics_say(house, "stopped{consumer=\"two\"} 1\n"));
    assert_true(metrics_say(house, "stopped{consumer=\"one\"} 0\n"));
    until_ns = clock_mono_ns() + (int64_t)5 * 1000000000;
    while (!metrics_say(house, "lag_events{consumer=\"two\"} 200\n") &&
           clock_mono_ns() < until_ns)
        usleep(1000);
    assert_true(metrics_say(house, "lag_events{consumer=\"two\"} 200\n"));
    shut_all(house);
    atomic_store(&is_two_bad, false);
    open_all(house);
    assert_true(consumers_drain(house->consumers));
    assert_int_equal(atomic_load(&seen_two), 200);
}

static bool wait_for(struct house *house, const char *line)
{
    int64_t until_ns = clock_mono_ns() + (int64_t)10 * 1000000000;
    while (!metrics_say(house, line) && clock_mono_ns() < until_ns)
        usleep(1000);
    return metrics_say(house, line);
}

struct stops {
    struct work work;
    size_t count;
    char error[100];
    int64_t event;
};

static err_t stops_run(struct work *work)
{
    struct stops *stops = work->arg;
    struct event_stop *at;
    TRY(event_stop_list(&work->ctx, &at, &stops->count));
    if (stops->count > 0) {
        assert_true(str_equal(at[0].consumer, STR("two")));
        assert_true(at[0].since > 0);
        stops->event = at[0].event;
        (void)snprintf(stops->error, sizeof stops->error, "%.*s",
                       STR_ARG(at[0].error));
    }
    return OK;
}

static const struct work_kind STOPS_KIND = {.name = "stops", .run = stops_run};

static struct stops stops_of(struct house *house)
{
    struct stops stops = {
        .work = {.kind = &STOPS_KIND, .lane = LANE_WRITE}
    };
    stops.work.arg = &stops;
    stops.work.ctx.arena = arena_open();
    stops.work.ctx.now = clock_now();
    buf_init(&stops.work.reply, stops.work.ctx.arena, 16);
    assert_int_equal(store_run(house->t.store, &stops.work), OK);
    arena_close(stops.work.ctx.arena);
    return stops;
}

/* What fails is found among those it came with, told in the store, and tried
 * again until it succeeds. */
static void what_fails_holds_up_none_before_it(void **state)
{
    struct house *house = *state;
    assert_true(consumers_drain(house->consumers));
    atomic_store(&bad_event, 51);
    add_hundred(house);
    assert_true(wait_for(house, "lag_events{consumer=\"two\"} 50\n"));
    assert_int_equal(atomic_load(&seen_two), 50);
    assert_true(metrics_say(house, "stopped{consumer=\"two\"} 1\n"));
    struct stops stops = stops_of(house);
    assert_int_equal(stops.count, 1);
    assert_string_equal(stops.error, "event poison");
    assert_true(stops.event > 0);
    atomic_store(&bad_event, 0);
    assert_true(wait_for(house, "stopped{consumer=\"two\"} 0\n"));
    assert_true(consumers_drain(house->consumers));
    assert_int_equal(atomic_load(&seen_two), 100);
    assert_int_equal(stops_of(house).count, 0);
}

int main(int argc, char **argv)
{
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        TEST(each_consumer_sees_every_event_once),
        TEST(a_commit_wakes_them),
        TEST(failed_step_stops_its_consumer_alone),
        TEST(what_fails_holds_up_none_before_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
