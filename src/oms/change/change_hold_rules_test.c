/* change_hold_rules_test.c - the moves of an order's hold against their page.
 */
#include "base/arena.h"
#include "base/testing.h"
#include "base/testing_grid.h"
#include "oms/change/change_hold.h"

static void the_page_shows_what_a_hold_may_do(void **state)
{
    struct arena *arena = arena_open();
    (void)state;
    assert_grid(arena, &order_hold_machine, "docs/states/order_hold.md",
                1u << ORDER_HOLD_RELEASED | 1u << ORDER_HOLD_EXPIRED);
    arena_close(arena);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(the_page_shows_what_a_hold_may_do),
    };
    return RUN_TESTS(tests, argc, argv);
}
