/* change_exchange_rules_test.c - the moves of an exchange against their page,
 * and what it waits for. */
#include "base/arena.h"
#include "base/testing.h"
#include "base/testing_grid.h"
#include "oms/change/change_exchange.h"

static void the_page_shows_what_an_exchange_may_do(void **state)
{
    struct arena *arena = arena_open();
    (void)state;
    assert_grid(arena, &exchange_machine, "docs/states/exchange.md",
                1u << EXCHANGE_CLOSED | 1u << EXCHANGE_CANCELLED);
    arena_close(arena);
}

static enum exchange_event then(enum exchange_state state, int64_t now,
                                int64_t after, bool may_leave)
{
    struct exchange_facts facts = {.balance = now,
                                   .due_now = now,
                                   .due_after = after,
                                   .may_leave = may_leave,
                                   .open = 1,
                                   .left = 1};
    return exchange_next(state, &facts);
}

static void it_waits_for_the_money_then_for_the_goods(void **state)
{
    enum exchange_state confirmed = EXCHANGE_CONFIRMED;
    (void)state;
    assert_int_equal(then(confirmed, 500, 1, true),
                     EXCHANGE_EVENT_AWAIT_PAYMENT);
    assert_int_equal(then(confirmed, 500, 0, false),
                     EXCHANGE_EVENT_AWAIT_RETURN);
    assert_int_equal(then(confirmed, 500, 0, true), EXCHANGE_EVENT_RELEASE);
    /* All is paid, whatever comes back. */
    assert_int_equal(then(confirmed, 0, -500, false), EXCHANGE_EVENT_RELEASE);
    assert_int_equal(then(EXCHANGE_AWAITING_RETURN, 500, 1, false),
                     EXCHANGE_EVENT_AWAIT_PAYMENT);
    assert_int_equal(then(EXCHANGE_AWAITING_PAYMENT, 500, 1, true), 0);
    assert_int_equal(then(EXCHANGE_AWAITING_RETURN, 500, 0, false), 0);
    assert_int_equal(then(EXCHANGE_RELEASED, 500, 500, true), 0);
    assert_int_equal(then(EXCHANGE_DRAFT, 0, 0, true), 0);
}

static void it_ends_with_its_units(void **state)
{
    struct exchange_facts facts = {.due_now = 5, .due_after = 5};
    (void)state;
    assert_int_equal(exchange_next(EXCHANGE_AWAITING_PAYMENT, &facts),
                     EXCHANGE_EVENT_CANCEL);
    facts.left = 1;
    assert_int_equal(exchange_next(EXCHANGE_RELEASED, &facts), 0);
    facts.is_settled = true;
    assert_int_equal(exchange_next(EXCHANGE_RELEASED, &facts),
                     EXCHANGE_EVENT_CLOSE);
    facts.open = 1;
    assert_int_equal(exchange_next(EXCHANGE_RELEASED, &facts), 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(the_page_shows_what_an_exchange_may_do),
        TEST(it_waits_for_the_money_then_for_the_goods),
        TEST(it_ends_with_its_units),
    };
    return RUN_TESTS(tests, argc, argv);
}
