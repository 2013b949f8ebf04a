/* testing_grid.h - a state machine against its page in docs/states. Never in
 * the product. */
#ifndef WHARF_BASE_TESTING_GRID_H
#define WHARF_BASE_TESTING_GRID_H

#include <stdio.h>
#include <string.h>

#include "base/testing.h"

/* A machine as a test sees it. State 0 is what is not there yet. */
struct test_machine {
    const char *doc;    /* "docs/states/hold.md" */
    int states, events; /* One more than the last number. */
    const char *(*state_name)(int state);
    const char *(*event_name)(int event);
    int (*next)(int from, int event); /* 0: refused. */
};

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

static inline str test_grid(struct arena *arena, const struct test_machine *m)
{
    str text = STR("| from \\ event |");
    str rule = STR("|---|");
    for (int e = 1; e < m->events; e++) {
        text = str_printf(arena, "%.*s %s |", STR_ARG(text), m->event_name(e));
        rule = str_printf(arena, "%.*s---|", STR_ARG(rule));
    }
    text = str_printf(arena, "%.*s\n%.*s", STR_ARG(text), STR_ARG(rule));
    for (int s = 0; s < m->states; s++) {
        text =
            str_printf(arena, "%.*s\n| %s |", STR_ARG(text), m->state_name(s));
        for (int e = 1; e < m->events; e++) {
            int to = m->next(s, e);
            text = str_printf(arena, "%.*s %s |", STR_ARG(text),
                              to ? m->state_name(to) : "-");
        }
    }
    return text;
}

/* Fails unless the page holds the machine's grid, and every state can be
 * reached. */
static inline void assert_grid(struct arena *arena,
                               const struct test_machine *m)
{
    enum { MOST = 32 };
    bool seen[MOST] = {true};
    str now = test_grid(arena, m);
    assert_true(m->states <= MOST);
    if (!strstr(test_read_doc(arena, m->doc), str_to_cstr(arena, now)))
        fail_msg("%s is stale; the grid is now:\n%.*s\n", m->doc, STR_ARG(now));
    for (int round = 0; round < m->states; round++)
        for (int s = 0; s < m->states; s++)
            for (int e = 1; e < m->events && seen[s]; e++)
                seen[m->next(s, e)] = true;
    for (int s = 0; s < m->states; s++)
        assert_true(seen[s]);
}

#endif
