/* rate_test.c - buckets fill and empty exactly, accounts balance. */
#include "net/rate.h"

#include "base/testing.h"

static void a_bucket_gives_its_burst_and_then_its_rate(void **state)
{
    (void)state;
    struct rates *rates = rates_open();
    int64_t now = 5000;
    for (int i = 0; i < 20; i++)
        assert_int_equal(rates_take(rates, 7, 10, 20, now), 0);
    assert_int_equal(rates_take(rates, 7, 10, 20, now), 100);
    assert_int_equal(rates_take(rates, 7, 10, 20, now + 99), 1);
    assert_int_equal(rates_take(rates, 7, 10, 20, now + 100), 0);
    assert_int_equal(rates_take(rates, 8, 10, 20, now), 0);
    int taken = 0;
    for (int64_t at = now + 100; at < now + 10100; at += 7)
        taken += rates_take(rates, 7, 10, 20, at) == 0;
    assert_in_range(taken, 99, 101);
    /* Long silence fills it, and no further. */
    now += 1000000000;
    for (int i = 0; i < 20; i++)
        assert_int_equal(rates_take(rates, 7, 10, 20, now), 0);
    assert_true(rates_take(rates, 7, 10, 20, now) > 0);
    /* A clock that steps back gives nothing and takes nothing. */
    assert_true(rates_take(rates, 7, 10, 20, now - 50000) > 0);
    rates_close(rates);
}

static void a_low_rate_tells_a_long_wait(void **state)
{
    (void)state;
    struct rates *rates = rates_open();
    assert_int_equal(rates_take(rates, 1, 1, 1, 0), 0);
    assert_int_equal(rates_take(rates, 1, 1, 1, 0), 1000);
    assert_int_equal(rates_take(rates, 1, 1, 1, 999), 1);
    assert_int_equal(rates_take(rates, 1, 1, 1, 1000), 0);
    rates_close(rates);
}

static void many_callers_have_buckets_of_their_own(void **state)
{
    (void)state;
    struct rates *rates = rates_open();
    for (uint64_t who = 1; who <= 1000; who++)
        assert_int_equal(rates_take(rates, who, 1, 1, 0), 0);
    int waiting = 0;
    for (uint64_t who = 1; who <= 1000; who++)
        waiting += rates_take(rates, who, 1, 1, 1) > 0;
    assert_true(waiting > 990);
    rates_close(rates);
}

static void bytes_are_bound_per_caller_and_in_all(void **state)
{
    (void)state;
    struct load *load = load_open(100, 60);
    assert_int_equal(load_take(load, 1, 60), LOAD_FITS);
    assert_int_equal(load_take(load, 1, 1), LOAD_CALLER_FULL);
    assert_int_equal(load_take(load, 2, 41), LOAD_FULL);
    assert_int_equal(load_take(load, 2, 40), LOAD_FITS);
    assert_int_equal(load_take(load, 0, 1), LOAD_FULL);
    assert_int_equal(load_bytes(load), 100);
    load_give(load, 1, 60);
    assert_int_equal(load_take(load, 0, 60), LOAD_FITS);
    load_give(load, 0, 60);
    load_give(load, 2, 40);
    assert_int_equal(load_bytes(load), 0);
    for (uint64_t who = 1; who < 5000; who++) {
        assert_int_equal(load_take(load, who, 10), LOAD_FITS);
        load_give(load, who, 10);
    }
    load_close(load);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bucket_gives_its_burst_and_then_its_rate),
        cmocka_unit_test(a_low_rate_tells_a_long_wait),
        cmocka_unit_test(many_callers_have_buckets_of_their_own),
        cmocka_unit_test(bytes_are_bound_per_caller_and_in_all),
    };
    return RUN_TESTS(tests, argc, argv);
}
