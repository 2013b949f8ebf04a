/* returns_rules_test.c - the grids of returns, and what units make of lines. */
#include "oms/returns/returns_rules.h"

#include "base/machine.h"
#include "base/testing_grid.h"

static void the_grids_are_the_checked_in_ones(void **state)
{
    struct ctx *ctx = *state;
    assert_grid(ctx->arena, &return_machine, "docs/states/return.md",
                1u << RETURN_DECLINED | 1u << RETURN_CANCELLED |
                    1u << RETURN_EXPIRED);
    assert_grid(ctx->arena, &reception_machine, "docs/states/return_item.md",
                1u << RECEPTION_RECEIVED | 1u << RECEPTION_WRONG_ITEM |
                    1u << RECEPTION_GIVEN_TO_CUSTOMER |
                    1u << RECEPTION_EXPIRED | 1u << RECEPTION_CANCELLED);
    assert_grid(ctx->arena, &acceptance_machine, "docs/states/return_item.md",
                1u << ACCEPTANCE_ACCEPTED | 1u << ACCEPTANCE_REJECTED);
    assert_grid(ctx->arena, &disposition_machine, "docs/states/return_item.md",
                1u << DISPOSITION_RESTOCK | 1u << DISPOSITION_SCRAP |
                    1u << DISPOSITION_VENDOR | 1u << DISPOSITION_KEEP);
}

static struct return_unit unit(int64_t sku, int64_t per, int64_t qty,
                               enum reception reception,
                               enum acceptance acceptance)
{
    return (struct return_unit){.i = 1,
                                .sku = {sku},
                                .per = per,
                                .qty = qty,
                                .reception = reception,
                                .acceptance = acceptance};
}

static void units_of_a_line_are_counted_by_what_became_of_them(void **state)
{
    (void)state;
    struct return_line line = {.i = 1, .qty = 10};
    struct return_unit units[] = {
        unit(1, 1, 1, RECEPTION_AWAITING, ACCEPTANCE_PENDING),
        unit(1, 1, 2, RECEPTION_RECEIVED, ACCEPTANCE_ACCEPTED),
        unit(1, 1, 3, RECEPTION_RECEIVED, ACCEPTANCE_REJECTED),
        unit(1, 1, 1, RECEPTION_LOST, ACCEPTANCE_ACCEPTED),
        unit(1, 1, 3, RECEPTION_CANCELLED, ACCEPTANCE_PENDING),
    };
    struct return_count count =
        return_count_line(&line, units, COUNT_OF(units));
    assert_int_equal(count.open, 1);
    assert_int_equal(count.accepted, 3);
    assert_int_equal(count.dropped, 6);
    assert_int_equal(count.kept, 1);
    assert_true(count.is_plain && count.has_goods);
}

/* Two cups and a plate, three times: a kit counts when all of it does. */
static void kits_count_when_all_their_components_do(void **state)
{
    (void)state;
    struct return_line line = {.i = 1, .qty = 3};
    struct return_unit units[] = {
        unit(1, 2, 4, RECEPTION_RECEIVED, ACCEPTANCE_ACCEPTED),
        unit(1, 2, 1, RECEPTION_RECEIVED, ACCEPTANCE_PENDING),
        unit(1, 2, 1, RECEPTION_SHORT, ACCEPTANCE_REJECTED),
        unit(2, 1, 1, RECEPTION_RECEIVED, ACCEPTANCE_ACCEPTED),
        unit(2, 1, 2, RECEPTION_AWAITING, ACCEPTANCE_PENDING),
    };
    struct return_count count =
        return_count_line(&line, units, COUNT_OF(units));
    assert_false(count.is_plain);
    assert_int_equal(count.accepted, 1);
    assert_int_equal(count.dropped, 1); /* One cup is missing for good. */
    assert_int_equal(count.open, 1);
}

/* Whatever happens to units, what was accepted or dropped stays so. */
static void counts_never_go_back(void **state)
{
    enum { CASES = 5000, STEPS = 12, ROWS = 6 };
    uint64_t seed = 11;
    (void)state;
    for (int c = 0; c < CASES; c++) {
        struct return_line line = {.i = 1, .qty = 3};
        struct return_unit units[ROWS];
        struct return_count before = {.accepted = 0};
        bool is_kit = test_random(&seed) % 2;
        for (int i = 0; i < ROWS; i++)
            units[i] = unit(is_kit ? i % 2 + 1 : 1, 1, 1, RECEPTION_AWAITING,
                            ACCEPTANCE_PENDING);
        line.qty = is_kit ? ROWS / 2 : ROWS;
        for (int s = 0; s < STEPS; s++) {
            struct return_unit *at = &units[test_random(&seed) % ROWS];
            int next = machine_next(
                &reception_machine, at->reception,
                (int)(test_random(&seed) % reception_machine.event_count + 1));
            if (next && at->acceptance == ACCEPTANCE_PENDING)
                at->reception = (enum reception)next;
            next = machine_next(
                &acceptance_machine, at->acceptance,
                (int)(test_random(&seed) % acceptance_machine.event_count + 1));
            if (next && !reception_is_dropped(at->reception))
                at->acceptance = (enum acceptance)next;
            struct return_count now = return_count_line(&line, units, ROWS);
            assert_true(now.accepted >= before.accepted);
            assert_true(now.dropped >= before.dropped);
            assert_int_equal(now.open + now.accepted + now.dropped, line.qty);
            before = now;
        }
    }
}

static void a_return_follows_its_units(void **state)
{
    (void)state;
    struct return_unit units[] = {
        unit(1, 1, 1, RECEPTION_AWAITING, ACCEPTANCE_PENDING),
        unit(1, 1, 1, RECEPTION_RECEIVED, ACCEPTANCE_PENDING),
    };
    assert_int_equal(return_follow(RETURN_OPEN, units, 2),
                     RETURN_EVENT_RECEIVE_PART);
    assert_int_equal(return_follow(RETURN_PARTIALLY_RECEIVED, units, 2), 0);
    units[0].reception = RECEPTION_LOST;
    assert_int_equal(return_follow(RETURN_IN_TRANSIT, units, 2),
                     RETURN_EVENT_RECEIVE);
    assert_int_equal(return_follow(RETURN_PARTIALLY_RECEIVED, units, 2),
                     RETURN_EVENT_RECEIVE);
    units[0].acceptance = ACCEPTANCE_ACCEPTED;
    units[1].acceptance = ACCEPTANCE_REJECTED;
    assert_int_equal(return_follow(RETURN_RECEIVED, units, 2), 0);
    units[1].disposition = DISPOSITION_KEEP;
    assert_int_equal(return_follow(RETURN_RECEIVED, units, 2),
                     RETURN_EVENT_CLOSE);
    assert_int_equal(return_follow(RETURN_CLOSED, units, 2), 0);
}

static void windows_end_to_the_millisecond(void **state)
{
    (void)state;
    static const utc_ms DAY = 24 * 60 * 60 * 1000;
    struct return_facts facts = {.left = 1, .since = 5, .window_days = 14};
    assert_int_equal(return_judge(&facts, 5 + 14 * DAY), RETURN_ALLOWED);
    assert_int_equal(return_judge(&facts, 6 + 14 * DAY), RETURN_WINDOW_OVER);
    facts.is_final = true;
    assert_int_equal(return_judge(&facts, 5), RETURN_FINAL_SALE);
    facts = (struct return_facts){.left = 1, .window_days = 14};
    assert_int_equal(return_judge(&facts, 100 * DAY), RETURN_ALLOWED);
    facts.window_days = 0;
    assert_int_equal(return_judge(&facts, 1), RETURN_WINDOW_OVER);
    facts.left = 0;
    assert_int_equal(return_judge(&facts, 1), RETURN_NOTHING_LEFT);
}

static void dispositions_name_the_bucket_of_the_goods(void **state)
{
    (void)state;
    struct return_unit at =
        unit(1, 1, 1, RECEPTION_AWAITING, ACCEPTANCE_PENDING);
    assert_int_equal(return_unit_bucket(&at), STOCK_OUTSIDE);
    at.reception = RECEPTION_RECEIVED;
    assert_int_equal(return_unit_bucket(&at), STOCK_QUALITY_CONTROL);
    at.disposition = DISPOSITION_RESTOCK;
    assert_int_equal(return_unit_bucket(&at), STOCK_AVAILABLE);
    assert_int_equal(disposition_bucket(DISPOSITION_REFURBISH), STOCK_DAMAGED);
    assert_int_equal(disposition_bucket(DISPOSITION_KEEP), STOCK_OUTSIDE);
    for (int v = RETURN_ALLOWED; v <= RETURN_WINDOW_OVER; v++)
        assert_non_null(return_verdict_name((enum return_verdict)v));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(the_grids_are_the_checked_in_ones),
        TEST(units_of_a_line_are_counted_by_what_became_of_them),
        TEST(kits_count_when_all_their_components_do),
        TEST(counts_never_go_back),
        TEST(a_return_follows_its_units),
        TEST(windows_end_to_the_millisecond),
        TEST(dispositions_name_the_bucket_of_the_goods),
    };
    return RUN_TESTS(tests, argc, argv);
}
