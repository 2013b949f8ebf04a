/* change_edit_rules_test.c - the moves of a change against their page. */
#include "base/arena.h"
#include "base/testing.h"
#include "base/testing_grid.h"
#include "oms/change/change_edit.h"

static void the_page_shows_what_a_change_may_do(void **state)
{
    struct arena *arena = arena_open();
    (void)state;
    assert_grid(arena, &edit_machine, "docs/states/order_change.md",
                1u << EDIT_CONFIRMED | 1u << EDIT_DECLINED |
                    1u << EDIT_EXPIRED | 1u << EDIT_CANCELLED);
    arena_close(arena);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(the_page_shows_what_a_change_may_do),
    };
    return RUN_TESTS(tests, argc, argv);
}
