/* throttle_test.c - failures cost growing waits, and only where they belong. */
#include "net/throttle.h"

#include "base/testing.h"

#include <stdio.h>

static struct throttle_gate gate(const struct throttle *t, const char *who,
                                 int free)
{
    return (struct throttle_gate){
        .key = throttle_key(t, 1, str_from_cstr(who)),
        .free = free,
        .wait_max_s = 60,
    };
}

static void waits_double_up_to_their_most(void **state)
{
    (void)state;
    struct throttle *t = throttle_open();
    struct throttle_gate ann = gate(t, "ann", 2);
    int64_t now = 1000;
    int waited[10];
    assert_int_equal(throttle_enter(t, &ann, 1, now), 0);
    assert_int_equal(throttle_enter(t, &ann, 1, now), 0);
    for (size_t i = 0; i < COUNT_OF(waited); i++) {
        assert_int_equal(throttle_enter(t, &ann, 1, now), 0);
        waited[i] = throttle_enter(t, &ann, 1, now);
        assert_true(waited[i] > 0);
        now += waited[i] * 1000 - 1;
        assert_int_equal(throttle_enter(t, &ann, 1, now), 1);
        now++;
    }
    for (int i = 0; i < 6; i++)
        assert_int_equal(waited[i], 1 << i);
    assert_int_equal(waited[6], 60);
    assert_int_equal(waited[9], 60);
    throttle_close(t);
}

static void many_at_once_do_not_slip_through(void **state)
{
    (void)state;
    struct throttle *t = throttle_open();
    struct throttle_gate ann = gate(t, "ann", 5);
    int passed = 0;
    for (int i = 0; i < 1000; i++)
        passed += throttle_enter(t, &ann, 1, 1000) == 0;
    assert_int_equal(passed, 6);
    throttle_close(t);
}

static void a_closed_gate_does_not_count_at_the_others(void **state)
{
    (void)state;
    struct throttle *t = throttle_open();
    struct throttle_gate gates[] = {gate(t, "ann", 0), gate(t, "address", 1)};
    assert_int_equal(throttle_enter(t, gates, 2, 1000), 0);
    for (int i = 0; i < 50; i++)
        assert_int_equal(throttle_enter(t, gates, 2, 1000), 1);
    assert_int_equal(throttle_enter(t, &gates[1], 1, 1000), 0);
    throttle_close(t);
}

static void what_was_good_does_not_count(void **state)
{
    (void)state;
    struct throttle *t = throttle_open();
    struct throttle_gate gates[] = {gate(t, "ann", 3), gate(t, "address", 3)};
    for (int i = 0; i < 100; i++) {
        assert_int_equal(throttle_enter(t, gates, 2, 1000), 0);
        throttle_forgive(t, gates, 2);
    }
    /* One's own successes do not wash away failures on others' accounts. */
    struct throttle_gate evil[] = {gate(t, "bob", 3), gates[1]};
    int guesses = 0;
    for (int i = 0; i < 100; i++) {
        guesses += throttle_enter(t, evil, 2, 2000) == 0;
        if (throttle_enter(t, gates, 2, 2000) == 0)
            throttle_forgive(t, gates, 2);
    }
    assert_int_equal(guesses, 4);
    throttle_close(t);
}

static void what_is_quiet_for_long_is_forgotten(void **state)
{
    (void)state;
    struct throttle *t = throttle_open();
    struct throttle_gate ann = gate(t, "ann", 0);
    int64_t now = 1000;
    for (int i = 0; i < 8; i++, now += 60 * 1000)
        assert_int_equal(throttle_enter(t, &ann, 1, now), 0);
    now += INT64_C(7) * 60 * 60 * 1000;
    assert_int_equal(throttle_enter(t, &ann, 1, now), 0);
    assert_int_equal(throttle_enter(t, &ann, 1, now), 1);
    throttle_close(t);
}

static void a_flood_of_names_stays_bounded(void **state)
{
    (void)state;
    struct throttle *t = throttle_open();
    char name[32];
    for (int i = 0; i < 300000; i++) {
        snprintf(name, sizeof name, "u%d", i);
        struct throttle_gate one = gate(t, name, 3);
        assert_int_equal(throttle_enter(t, &one, 1, 1000 + i), 0);
    }
    throttle_close(t);
}

static uint64_t peer(const struct throttle *t, const char *address)
{
    return throttle_peer_key(t, 1, address);
}

static void a_host_is_one_whatever_address_it_takes(void **state)
{
    (void)state;
    struct throttle *t = throttle_open();
    assert_true(peer(t, "2001:db8::1") == peer(t, "2001:db8::ffff:2"));
    assert_true(peer(t, "2001:db8::1") != peer(t, "2001:db8:0:1::1"));
    assert_true(peer(t, "10.0.0.1") != peer(t, "10.0.0.2"));
    assert_true(peer(t, "::ffff:10.0.0.1") != peer(t, "::ffff:10.0.0.2"));
    assert_true(peer(t, "-") == peer(t, "-"));
    throttle_close(t);
}

static void places_are_as_many_as_they_are(void **state)
{
    (void)state;
    struct throttle *t = throttle_open();
    for (uint64_t key = 1; key <= 64; key++) {
        assert_true(throttle_take(t, key, 2));
        assert_true(throttle_take(t, key, 2));
        assert_false(throttle_take(t, key, 2));
    }
    assert_false(throttle_take(t, 65, 2)); /* Too many keys. */
    throttle_give(t, 7);
    assert_true(throttle_take(t, 7, 2));
    throttle_give(t, 7);
    throttle_give(t, 7);
    assert_true(throttle_take(t, 65, 2));
    assert_false(throttle_take(t, 7, 2));
    throttle_close(t);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waits_double_up_to_their_most),
        cmocka_unit_test(many_at_once_do_not_slip_through),
        cmocka_unit_test(a_closed_gate_does_not_count_at_the_others),
        cmocka_unit_test(what_was_good_does_not_count),
        cmocka_unit_test(what_is_quiet_for_long_is_forgotten),
        cmocka_unit_test(a_flood_of_names_stays_bounded),
        cmocka_unit_test(a_host_is_one_whatever_address_it_takes),
        cmocka_unit_test(places_are_as_many_as_they_are),
    };
    return RUN_TESTS(tests, argc, argv);
}
