/* tail_test.c - what is kept of the log is given without a gap, or not at all.
 */
#define WHARF_UNBANNED
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#undef fail /* Ours. */

#include "base/arena.h"
#include "base/str.h"
#include "store/tail.h"

enum { PER_RUN = 10, DATA_BYTES = 100 * 1024 };

static struct event_cursor at(int64_t n)
{
    return (struct event_cursor){.xid = n / 3, .id = n};
}

/* Events n + 1 to n + count, kept as read at once behind n. */
static void keep(struct tail *tail, int64_t age, int64_t n, size_t count,
                 size_t bytes)
{
    struct arena *arena = arena_open();
    struct event *events = arena_array(arena, struct event, count);
    char *data = arena_array(arena, char, bytes);
    memset(data, 'x', bytes);
    for (size_t i = 0; i < count; i++) {
        struct event_cursor cursor = at(n + 1 + (int64_t)i);
        events[i] = (struct event){
            .id = cursor.id,
            .xid = cursor.xid,
            .type = STR("thing.done"),
            .subject_kind = STR("thing"),
            .data = {data, bytes}
        };
    }
    tail_keep(tail, age, at(n), events, count);
    /* What is given later does not hang on the caller's memory. */
    memset(data, 'y', bytes);
    arena_close(arena);
}

static int64_t age_of(struct tail *tail)
{
    struct arena *arena = arena_open();
    int64_t age = tail_read(tail, arena, at(0), 1).age;
    arena_close(arena);
    return age;
}

/* Asks for `limit` behind n: so many come, from n + 1 on, each once. */
static void assert_read(struct tail *tail, int64_t n, size_t limit,
                        size_t count)
{
    struct arena *arena = arena_open();
    struct tail_piece piece = tail_read(tail, arena, at(n), limit);
    assert_int_equal(piece.count, count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(piece.at[i].id, n + 1 + (int64_t)i);
        assert_true(str_equal(piece.at[i].type, STR("thing.done")));
        for (size_t j = 0; j < piece.at[i].data.len; j++)
            assert_int_equal(piece.at[i].data.ptr[j], 'x');
    }
    arena_close(arena);
}

static void pieces_are_joined_and_gaps_are_none(void **state)
{
    (void)state;
    struct tail *tail = tail_open();
    int64_t age = age_of(tail);
    assert_read(tail, 0, 5, 0);
    keep(tail, age, 100, PER_RUN, 8);
    keep(tail, age, 110, PER_RUN, 8);
    keep(tail, age, 105, PER_RUN, 8); /* Read by another at the same time. */
    keep(tail, age, 130, PER_RUN, 8);
    assert_read(tail, 99, 50, 0); /* Event 100 is not known. */
    assert_read(tail, 100, 50, 20);
    assert_read(tail, 100, 20, 20);
    assert_read(tail, 103, 9, 9);
    assert_read(tail, 119, 50, 1);
    assert_read(tail, 120, 50, 0);
    assert_read(tail, 125, 50, 0);
    assert_read(tail, 130, 50, 10);
    assert_read(tail, 140, 50, 0);
    tail_close(tail);
}

static void what_a_lost_link_had_read_is_forgotten(void **state)
{
    (void)state;
    struct tail *tail = tail_open();
    int64_t age = age_of(tail);
    keep(tail, age, 0, PER_RUN, 8);
    assert_read(tail, 0, 50, 10);
    tail_forget(tail);
    assert_read(tail, 0, 50, 0);
    keep(tail, age, 0, PER_RUN, 8); /* Read before. */
    assert_read(tail, 0, 50, 0);
    keep(tail, age_of(tail), 0, PER_RUN, 8);
    assert_read(tail, 0, 50, 10);
    tail_close(tail);
}

static void memory_is_bound(void **state)
{
    (void)state;
    struct tail *tail = tail_open();
    int64_t age = age_of(tail);
    for (int64_t n = 0; n < 100; n += PER_RUN)
        keep(tail, age, n, PER_RUN, DATA_BYTES); /* Four fit. */
    assert_read(tail, 0, 50, 0);
    assert_read(tail, 50, 50, 0);
    assert_read(tail, 60, 50, 40);
    keep(tail, age, 100, 50, DATA_BYTES); /* More than all may be. */
    assert_read(tail, 100, 50, 0);
    assert_read(tail, 60, 50, 40);
    for (int64_t n = 200; n < 1200; n++)
        keep(tail, age, n, 1, 8);
    assert_read(tail, 1200 - 64, 100, 64);
    assert_read(tail, 1200 - 65, 100, 0);
    tail_close(tail);
}

static void a_store_without_one_reads_all(void **state)
{
    (void)state;
    tail_forget(NULL);
    keep(NULL, 0, 0, PER_RUN, 8);
    assert_read(NULL, 0, 50, 0);
    tail_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_joined_and_gaps_are_none),
        cmocka_unit_test(what_a_lost_link_had_read_is_forgotten),
        cmocka_unit_test(memory_is_bound),
        cmocka_unit_test(a_store_without_one_reads_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
