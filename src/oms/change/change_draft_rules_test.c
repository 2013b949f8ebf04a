/* change_draft_rules_test.c - the moves of a draft against their page. */
#include "base/arena.h"
#include "base/testing.h"
#include "base/testing_grid.h"
#include "oms/change/change_draft.h"

static void the_page_shows_what_a_draft_may_do(void **state)
{
    struct arena *arena = arena_open();
    (void)state;
    assert_grid(arena, &draft_machine, "docs/states/draft.md",
                1u << DRAFT_CONVERTED | 1u << DRAFT_DISCARDED);
    arena_close(arena);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(the_page_shows_what_a_draft_may_do),
    };
    return RUN_TESTS(tests, argc, argv);
}
