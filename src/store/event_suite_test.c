/* event_suite_test.c - the log is read whole, once and in order, on both
 * engines.
 */
#define WHARF_UNBANNED
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#undef fail /* Ours. */

#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "store/engine.h"
#include "store/event.h"
#include "store/store_testing.h"

struct deed {
    struct work work;
    struct store_testing *t;
    int64_t subject;
    size_t count;
    struct event_cursor after;
};

static err_t do_run(struct store_testing *t, struct deed *deed,
                    enum work_lane lane, work_run_fn *run)
{
    struct work_kind kind = {.name = "deed", .run = run};
    deed->work.kind = &kind;
    deed->work.lane = lane;
    deed->work.arg = deed;
    deed->work.ctx.arena = t->arena;
    if (deed->work.ctx.now == 0)
        deed->work.ctx.now = clock_now();
    deed->work.ctx.actor = (struct actor){.kind = ACTOR_KEY, .id = 42};
    buf_init(&deed->work.reply, t->arena, 16);
    deed->t = t;
    return store_run(t->store, &deed->work);
}

static err_t add_run(struct work *work)
{
    struct deed *deed = work->arg;
    int64_t before = 0;
    for (size_t i = 0; i < deed->count; i++) {
        int64_t id;
        TRY(event_add(&work->ctx, "thing.done", "thing", deed->subject,
                      STR("{\"a\":[1,2],\"b\":\"\xc3\xa9\"}"), &id));
        ASSERT(id > before);
        ASSERT(id_bucket(id) == id_bucket(deed->subject));
        before = id;
    }
    deed->after.id = before;
    return OK;
}

static void add(struct store_testing *t, int64_t subject, size_t count)
{
    struct deed deed = {.subject = subject, .count = count};
    assert_int_equal(do_run(t, &deed, LANE_WRITE, add_run), OK);
}

static int setup(void **state)
{
    static struct store_testing t;
    store_testing_init(&t);
    store_testing_open(&t, true);
    *state = &t;
    return 0;
}

static int teardown(void **state)
{
    store_testing_done(*state);
    return 0;
}

/* ---- reading ---- */

static err_t page_all_run(struct work *work)
{
    struct deed *deed = work->arg;
    struct event_cursor at = {0};
    for (;;) {
        struct event *events;
        size_t count;
        TRY(event_list_after(&work->ctx, at, 7, &events, &count));
        for (size_t i = 0; i < count; i++) {
            ASSERT(events[i].xid > at.xid || events[i].id > at.id);
            at = (struct event_cursor){events[i].xid, events[i].id};
        }
        deed->count += count;
        if (count == 0)
            return OK;
    }
}

static void events_are_read_once_and_in_order(void **state)
{
    struct store_testing *t = *state;
    add(t, 256, 10);
    add(t, 257, 5);
    add(t, 256, 20);
    struct deed deed = {0};
    assert_int_equal(do_run(t, &deed, LANE_READ, page_all_run), OK);
    assert_int_equal(deed.count, 35);
}

/* Data of a MiB each: what one list holds in memory is bound, and none is lost.
 */
enum { LARGE_COUNT = 40, LARGE_BYTES = 1024 * 1024, LARGE_MOST = 17 };

static err_t add_large_run(struct work *work)
{
    char *text = arena_array(work->ctx.arena, char, LARGE_BYTES);
    memset(text, 'x', LARGE_BYTES);
    memcpy(text, "{\"a\":\"", 6);
    memcpy(text + LARGE_BYTES - 2, "\"}", 2);
    for (int i = 0; i < LARGE_COUNT; i++)
        TRY(event_add(&work->ctx, "thing.grown", "thing", 256,
                      (str){text, LARGE_BYTES}, NULL));
    return OK;
}

static err_t page_large_run(struct work *work)
{
    struct deed *deed = work->arg;
    struct event *events;
    size_t count;
    struct event_subject subject = {"thing", 256, 0};
    TRY(event_list_after(&work->ctx, deed->after, 1000, &events, &count));
    ASSERT(count <= LARGE_MOST);
    deed->count += count;
    if (count > 0)
        deed->after =
            (struct event_cursor){events[count - 1].xid, events[count - 1].id};
    deed->subject = (int64_t)count;
    TRY(event_list_subject(&work->ctx, &subject, 1000, &events, &count));
    ASSERT(count <= LARGE_MOST);
    return OK;
}

static void lists_of_large_events_are_cut_short(void **state)
{
    struct store_testing *t = *state;
    struct deed adding = {0}, deed = {0};
    assert_int_equal(do_run(t, &adding, LANE_WRITE, add_large_run), OK);
    do {
        struct arena_mark mark = arena_mark(t->arena);
        assert_int_equal(do_run(t, &deed, LANE_READ, page_large_run), OK);
        arena_reset_to(t->arena, mark);
    } while (deed.subject > 0);
    assert_int_equal(deed.count, LARGE_COUNT);
}

static err_t timeline_run(struct work *work)
{
    struct deed *deed = work->arg;
    struct event *events;
    size_t count;
    struct event_subject subject = {"thing", 257, 0};
    TRY(event_list_subject(&work->ctx, &subject, 100, &events, &count));
    ASSERT(count == 3);
    const struct event *first = &events[0];
    ASSERT(str_equal_cstr(first->type, "thing.done"));
    ASSERT(str_equal_cstr(first->subject_kind, "thing"));
    ASSERT(first->subject_id == 257 && first->at == deed->after.id);
    ASSERT(first->actor.kind == ACTOR_KEY && first->actor.id == 42);
    ASSERT(str_starts(first->data, STR("{\"a\"")));
    int64_t second = events[1].id;
    subject.after_id = first->id;
    TRY(event_list_subject(&work->ctx, &subject, 1, &events, &count));
    ASSERT(count == 1 && events[0].id == second);
    subject = (struct event_subject){"other", 257, 0};
    TRY(event_list_subject(&work->ctx, &subject, 100, &events, &count));
    deed->count = count;
    return OK;
}

static void timeline_is_of_one_subject(void **state)
{
    struct store_testing *t = *state;
    utc_ms now = clock_now();
    struct deed three = {.subject = 257, .count = 3, .work.ctx.now = now};
    add(t, 256, 4);
    assert_int_equal(do_run(t, &three, LANE_WRITE, add_run), OK);
    add(t, 513, 4);
    struct deed deed = {.after.id = now, .count = 9};
    assert_int_equal(do_run(t, &deed, LANE_READ, timeline_run), OK);
    assert_int_equal(deed.count, 0);
}

static void ids_rise_over_a_restart_with_a_slow_clock(void **state)
{
    struct store_testing *t = *state;
    struct deed ahead = {.subject = 256, .count = 1};
    ahead.work.ctx.now = clock_now() + 60 * 60 * 1000;
    assert_int_equal(do_run(t, &ahead, LANE_WRITE, add_run), OK);
    store_testing_shut(t);
    store_testing_open(t, true);
    struct deed later = {.subject = 256, .count = 1};
    assert_int_equal(do_run(t, &later, LANE_WRITE, add_run), OK);
    assert_true(later.after.id > ahead.after.id);
}

/* ---- consumers ---- */

static size_t seen;
static err_t seen_err;

static err_t see(struct ctx *ctx, const struct event *events, size_t count)
{
    (void)events;
    if (seen_err != OK)
        return fail(ctx, seen_err, "", "as told");
    seen += count;
    return OK;
}

static const struct event_consumer SEER = {.name = "seer", .consume = see};

static err_t step_run(struct work *work)
{
    struct deed *deed = work->arg;
    return event_step(&work->ctx, &SEER, 10, &deed->count);
}

static err_t lag_run(struct work *work)
{
    struct deed *deed = work->arg;
    return event_lag(&work->ctx, SEER.name, 1000, &deed->count);
}

static size_t lag(struct store_testing *t)
{
    struct deed deed = {0};
    assert_int_equal(do_run(t, &deed, LANE_READ, lag_run), OK);
    return deed.count;
}

static void consumer_sees_each_event_once(void **state)
{
    struct store_testing *t = *state;
    seen = 0;
    seen_err = OK;
    add(t, 256, 25);
    assert_int_equal(lag(t), 25);
    size_t steps = 0;
    struct deed deed;
    do {
        deed = (struct deed){0};
        assert_int_equal(do_run(t, &deed, LANE_LOW, step_run), OK);
        steps += deed.count > 0;
    } while (deed.count > 0);
    assert_int_equal(steps, 3);
    assert_int_equal(seen, 25);
    assert_int_equal(lag(t), 0);
    store_testing_shut(t);
    store_testing_open(t, true);
    add(t, 256, 1);
    assert_int_equal(lag(t), 1);
    deed = (struct deed){0};
    assert_int_equal(do_run(t, &deed, LANE_LOW, step_run), OK);
    assert_int_equal(seen, 26);
}

static void failed_step_moves_nothing(void **state)
{
    struct store_testing *t = *state;
    seen = 0;
    seen_err = ERR_INTERNAL;
    add(t, 256, 3);
    struct deed deed = {0};
    assert_int_equal(do_run(t, &deed, LANE_LOW, step_run), ERR_INTERNAL);
    assert_int_equal(lag(t), 3);
    seen_err = OK;
    assert_int_equal(do_run(t, &deed, LANE_LOW, step_run), OK);
    assert_int_equal(seen, 3);
}

int main(int argc, char **argv)
{
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        TEST(events_are_read_once_and_in_order),
        TEST(lists_of_large_events_are_cut_short),
        TEST(timeline_is_of_one_subject),
        TEST(ids_rise_over_a_restart_with_a_slow_clock),
        TEST(consumer_sees_each_event_once),
        TEST(failed_step_moves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
