/* queue_test.c - who waits for whom in a lane. */
#define WHARF_UNBANNED
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#undef fail /* Ours. */

#include "store/pipeline.h"

enum { WORKS = 6 };

struct lane {
    struct queue queue;
    struct work works[WORKS + 1]; /* The first two are prompt. */
};

static void put(struct lane *lane, int i)
{
    lane->works[i].is_prompt = i < 2;
    if (lane->works[i].is_prompt)
        queue_push_prompt(&lane->queue, &lane->works[i]);
    else
        queue_push(&lane->queue, &lane->works[i]);
}

static int take(struct lane *lane)
{
    struct work *work = queue_pop(&lane->queue);
    return work ? (int)(work - lane->works) : WORKS;
}

static void a_prompt_work_lets_one_other_through(void **state)
{
    static const int want[] = {2, 0, 3, 4, 5, WORKS};
    struct lane lane = {.queue = {0}};
    (void)state;
    for (int i = 2; i < WORKS; i++)
        put(&lane, i);
    put(&lane, 0);
    assert_int_equal(lane.queue.depth, 5);
    for (size_t i = 0; i < sizeof want / sizeof *want; i++)
        assert_int_equal(take(&lane), want[i]);
    assert_int_equal(lane.queue.depth, 0);
    put(&lane, 0); /* Alone, and as the last one. */
    put(&lane, 1);
    put(&lane, 2);
    for (int i = 0; i < 3; i++)
        assert_int_equal(take(&lane), i);
    assert_null(lane.queue.tail);
}

/* Both come again as soon as they are taken: the others have their turns. */
static void prompt_works_starve_nobody(void **state)
{
    enum { TURNS = 60 };
    struct lane lane = {.queue = {0}};
    int taken[WORKS + 1] = {0};
    (void)state;
    for (int i = WORKS - 1; i >= 0; i--)
        put(&lane, i);
    for (int turn = 0; turn < TURNS; turn++) {
        int i = take(&lane);
        taken[i]++;
        put(&lane, i);
    }
    for (int i = 0; i < 2; i++)
        assert_int_equal(taken[i], TURNS / 3);
    for (int i = 2; i < WORKS; i++)
        assert_int_equal(taken[i], TURNS / 3 / (WORKS - 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_prompt_work_lets_one_other_through),
        cmocka_unit_test(prompt_works_starve_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
