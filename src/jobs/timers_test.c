/* timers_test.c - timers have their turns, go on after a failure, and end. */
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
#include "jobs/timers.h"
#include "oms/room.h"
#include "store/event.h"
#include "store/store_testing.h"

static atomic_long ticks, bursts, failures;
static atomic_bool is_bad;

static err_t tick(struct ctx *ctx, bool *ret_is_more)
{
    ASSERT(ctx->tx != NULL && ctx->ids != NULL);
    ASSERT(ctx->actor.kind == ACTOR_SYSTEM);
    ASSERT(!*ret_is_more);
    atomic_fetch_add(&ticks, 1);
    return event_add(ctx, "thing.ticked", "thing", 256, STR("{}"), NULL);
}

/* Three turns one after the other, then a long rest. */
static err_t burst(struct ctx *ctx, bool *ret_is_more)
{
    (void)ctx;
    *ret_is_more = atomic_fetch_add(&bursts, 1) < 2;
    return OK;
}

static err_t falter(struct ctx *ctx, bool *ret_is_more)
{
    (void)ret_is_more;
    if (!atomic_load(&is_bad))
        return OK;
    atomic_fetch_add(&failures, 1);
    return fail(ctx, ERR_INTERNAL, "", "not today");
}

static const struct room_timer TIMERS[] = {
    {"tick",   20,     tick,   NULL},
    {"burst",  600000, burst,  NULL},
    {"falter", 20,     falter, NULL},
};
static const struct timer_list LIST = {TIMERS, COUNT_OF(TIMERS)};
static const struct timer_list *const LISTS[] = {&LIST, NULL};

struct house {
    struct store_testing t;
    struct timers *timers;
};

static int setup(void **state)
{
    static struct house house;
    atomic_store(&ticks, 0);
    atomic_store(&bursts, 0);
    atomic_store(&failures, 0);
    atomic_store(&is_bad, false);
    store_testing_init(&house.t);
    store_testing_open(&house.t, true);
    assert_int_equal(
        timers_open(&house.t.ctx, house.t.store, LISTS, &house.timers), OK);
    *state = &house;
    return 0;
}

static int teardown(void **state)
{
    struct house *house = *state;
    timers_close(house->timers);
    store_testing_done(&house->t);
    return 0;
}

static void wait_for(const atomic_long *what, long count)
{
    int64_t until_ns = clock_mono_ns() + (int64_t)5 * 1000000000;
    while (atomic_load(what) < count && clock_mono_ns() < until_ns)
        usleep(1000);
    assert_true(atomic_load(what) >= count);
}

static bool metrics_say(struct house *house, const char *line)
{
    struct buf out;
    buf_init(&out, house->t.arena, 4096);
    timers_metrics(house->timers, &out);
    return strstr(str_to_cstr(house->t.arena, buf_str(&out)), line) != NULL;
}

static void a_timer_has_its_turn_again_and_again(void **state)
{
    (void)state;
    wait_for(&ticks, 5);
}

static void a_turn_that_left_some_is_followed_at_once(void **state)
{
    (void)state;
    wait_for(&bursts, 3);
    usleep(100000);
    assert_int_equal(atomic_load(&bursts), 3);
}

static void a_failing_timer_goes_on_and_leaves_others_alone(void **state)
{
    struct house *house = *state;
    atomic_store(&is_bad, true);
    wait_for(&failures, 3);
    assert_true(metrics_say(house, "failing{timer=\"falter\"} 1\n"));
    assert_true(metrics_say(house, "failing{timer=\"tick\"} 0\n"));
    long before = atomic_load(&ticks);
    wait_for(&ticks, before + 2);
    atomic_store(&is_bad, false);
    int64_t until_ns = clock_mono_ns() + (int64_t)5 * 1000000000;
    while (!metrics_say(house, "failing{timer=\"falter\"} 0\n") &&
           clock_mono_ns() < until_ns)
        usleep(1000);
    assert_true(metrics_say(house, "failing{timer=\"falter\"} 0\n"));
}

int main(int argc, char **argv)
{
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        TEST(a_timer_has_its_turn_again_and_again),
        TEST(a_turn_that_left_some_is_followed_at_once),
        TEST(a_failing_timer_goes_on_and_leaves_others_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
