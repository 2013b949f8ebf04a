/* id_test.c - ids rise, carry their parts and read back. */
#include "base/id.h"

#include "base/testing.h"
#include "base/time.h"

#define NOON INT64_C(1795348800000) /* 2026-11-22T12:00:00Z */

static void ids_carry_their_time_and_bucket(void **state)
{
    (void)state;
    struct id_source ids;
    id_source_init(&ids, 31, 0);
    int64_t id = id_next(&ids, NOON, 255);
    assert_true(id > 0);
    assert_int_equal(id_bucket(id), 255);
    assert_true(id_time(id) == NOON);
    assert_int_equal(id >> 17 & 31, 31);
    assert_true(id_floor(NOON) <= id);
    assert_true(id < id_floor(NOON + 1));
}

static void ids_rise_within_a_millisecond_and_borrow_from_the_next(void **state)
{
    (void)state;
    struct id_source ids;
    id_source_init(&ids, 3, 0);
    int64_t last = 0;
    for (int i = 0; i < 5000; i++) {
        int64_t id = id_next(&ids, NOON, i & 255);
        assert_true(id >> 8 > last >> 8);
        last = id;
    }
    assert_true(id_time(last) > NOON);
    assert_true(id_time(last) <= NOON + 10);
}

static void ids_rise_while_the_clock_steps_back(void **state)
{
    (void)state;
    struct id_source ids;
    id_source_init(&ids, 0, 0);
    uint64_t seed = 7;
    int64_t last = 0;
    utc_ms now = NOON;
    for (int i = 0; i < 20000; i++) {
        now += (int64_t)(test_random(&seed) % 2001) - 1000;
        int64_t id = id_next(&ids, now, (int)(test_random(&seed) & 255));
        assert_true(id >> 8 > last >> 8);
        last = id;
    }
    assert_true(id_next(&ids, 0, 0) > last);
    assert_true(id_source_time(&ids) >= id_time(last));
    assert_true(id_next(&ids, INT64_MIN, 0) > last);
}

static void a_new_source_goes_on_above_the_high_water(void **state)
{
    (void)state;
    struct id_source ids;
    for (int node = 0; node < ID_NODES; node += 31) {
        id_source_init(&ids, 31 - node, 0);
        int64_t high = 0;
        for (int i = 0; i < 700; i++)
            high = id_next(&ids, NOON, 255);
        id_source_init(&ids, node, high);
        assert_true(id_next(&ids, NOON - 86400000, 0) > high);
    }
}

static void the_first_id_of_all_is_not_zero(void **state)
{
    (void)state;
    struct id_source ids;
    id_source_init(&ids, 0, 0);
    assert_true(id_next(&ids, 0, 0) > 0);
}

static void two_nodes_never_make_the_same_id(void **state)
{
    (void)state;
    struct id_source a, b;
    id_source_init(&a, 1, 0);
    id_source_init(&b, 2, 0);
    for (int i = 0; i < 1000; i++)
        assert_true(id_next(&a, NOON, 5) != id_next(&b, NOON, 5));
}

static void ids_read_back_from_text(void **state)
{
    (void)state;
    uint64_t seed = 3;
    char text[ID_TEXT_BYTES];
    for (int i = 0; i < 10000; i++) {
        int64_t id = (int64_t)(test_random(&seed) >> 1 >> (i % 62));
        if (id == 0)
            continue;
        size_t len = id_to_text("ord", id, text);
        assert_int_equal(len, 17);
        assert_int_equal(text[len], '\0');
        int64_t back = 0;
        assert_true(id_from_text("ord", (str){text, len}, &back));
        assert_true(back == id);
    }
    size_t len = id_to_text("ord", INT64_MAX, text);
    assert_str(((str){text, len}), "ord_7zzzzzzzzzzzz");
}

static void text_sorts_as_ids_do(void **state)
{
    (void)state;
    uint64_t seed = 4;
    char a_text[ID_TEXT_BYTES], b_text[ID_TEXT_BYTES];
    for (int i = 0; i < 2000; i++) {
        int64_t a = (int64_t)(test_random(&seed) >> 1);
        int64_t b = (int64_t)(test_random(&seed) >> 1);
        id_to_text("sku", a, a_text);
        id_to_text("sku", b, b_text);
        assert_int_equal(strcmp(a_text, b_text) < 0, a < b);
    }
}

static void text_that_is_no_id_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "ord",
        "ord_",
        "ord_0",
        "sku_0000000000001",
        "ORD_0000000000001",
        "ord-0000000000001",
        "ord_00000000000001",
        "ord_000000000001",
        "ord_0000000000000",
        "ord_8000000000000",
        "ord_zzzzzzzzzzzzz",
        "ord_000000000000A",
        "ord_000000000000i",
        "ord_000000000000l",
        "ord_000000000000o",
        "ord_000000000000u",
        "ord_000000000000 ",
        " ord_0000000000001",
    };
    int64_t id = 5;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(id_from_text("ord", str_from_cstr(bad[i]), &id));
    assert_false(id_from_text("ord", STR("ord_000000000000\0"), &id));
    assert_false(id_from_text("ord", STR_NONE, &id));
    assert_int_equal(id, 5);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(ids_carry_their_time_and_bucket),
        TEST(ids_rise_within_a_millisecond_and_borrow_from_the_next),
        TEST(ids_rise_while_the_clock_steps_back),
        TEST(a_new_source_goes_on_above_the_high_water),
        TEST(the_first_id_of_all_is_not_zero),
        TEST(two_nodes_never_make_the_same_id),
        TEST(ids_read_back_from_text),
        TEST(text_sorts_as_ids_do),
        TEST(text_that_is_no_id_is_refused),
    };
    return RUN_TESTS(tests, argc, argv);
}
