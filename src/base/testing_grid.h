/* testing_grid.h - a state machine against its page in docs/states. Never in
 * the product. */
#ifndef WHARF_BASE_TESTING_GRID_H
#define WHARF_BASE_TESTING_GRID_H

#include <stdio.h>
#include <string.h>

#include "base/machine.h"
#include "base/testing.h"

/* A text file of the tree: from its root, or from the build folder where meson
 * runs tests; empty where it is not there. */
static inline const char *test_read_doc(struct arena *arena, const char *path)
{
    enum { MOST = 64 * 1024 };
    char *text = arena_array(arena, char, MOST);
    str up = str_printf(arena, "../../%s", path);
    FILE *file = fopen(path, "r");
    if (!file)
        file = fopen(str_to_cstr(arena, up), "r");
    if (file) {
        size_t got = fread(text, 1, MOST - 1, file);
        text[got] = '\0';
        fclose(file);
    }
    return text;
}

static inline str test_grid(struct arena *arena, const struct machine *m)
{
    str text = STR("| from \\ event |");
    str rule = STR("|---|");
    for (int e = 1; e <= (int)m->event_count; e++) {
        text = str_printf(arena, "%.*s %s |", STR_ARG(text),
                          machine_event_name(m, e));
        rule = str_printf(arena, "%.*s---|", STR_ARG(rule));
    }
    text = str_printf(arena, "%.*s\n%.*s", STR_ARG(text), STR_ARG(rule));
    for (int s = 0; s <= (int)m->state_count; s++) {
        text = str_printf(arena, "%.*s\n| %s |", STR_ARG(text),
                          machine_state_name(m, s));
        for (int e = 1; e <= (int)m->event_count; e++) {
            int to = machine_next(m, s, e);
            text = str_printf(arena, "%.*s %s |", STR_ARG(text),
                              to ? machine_state_name(m, to) : "-");
        }
    }
    return text;
}

/* Names that are there, and one for each number; moves between what has a name,
 * each of them once. */
static inline void assert_machine(const struct machine *m)
{
    for (size_t e = 0; e < m->event_count; e++)
        assert_non_null(m->events[e]);
    for (size_t s = 0; s < m->state_count; s++) {
        int read = 0;
        assert_non_null(m->states[s]);
        assert_true(
            machine_state_from_name(m, str_from_cstr(m->states[s]), &read));
        assert_int_equal(read, s + 1);
    }
    for (size_t i = 0; i < m->move_count; i++) {
        const struct machine_move *move = &m->moves[i];
        assert_in_range(move->from, 0, m->state_count);
        assert_in_range(move->to, 1, m->state_count);
        assert_in_range(move->event, 1, m->event_count);
        for (size_t j = 0; j < i; j++)
            assert_false(m->moves[j].from == move->from &&
                         m->moves[j].event == move->event);
    }
}

/* Fails unless the page holds the machine's grid, every state can be reached,
 * and there is a way out of all but the final ones (bits 1 << state). */
static inline void assert_grid(struct arena *arena, const struct machine *m,
                               const char *page, uint32_t finals)
{
    uint32_t seen = 1, ways = 0;
    assert_machine(m);
    assert_true(m->state_count < 32 && m->event_count < 32);
    str now = test_grid(arena, m);
    if (!strstr(test_read_doc(arena, page), str_to_cstr(arena, now)))
        fail_msg("%s is stale; the grid is now:\n%.*s\n", page, STR_ARG(now));
    for (size_t round = 0; round <= m->state_count; round++)
        for (size_t i = 0; i < m->move_count; i++)
            if (seen >> m->moves[i].from & 1)
                seen |= 1u << m->moves[i].to;
    for (size_t i = 0; i < m->move_count; i++)
        ways |= 1u << m->moves[i].from;
    uint32_t all = (2u << m->state_count) - 1;
    assert_int_equal(seen, all);
    assert_int_equal(ways, all & ~finals);
}

#endif
