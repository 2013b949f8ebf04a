/* map_test.c - the batch's hash map against a plain list. */
#include "base/map.h"

#include "base/testing.h"

static void an_empty_map_finds_nothing(void **state)
{
    struct ctx *ctx = *state;
    const struct map *map = map_open(ctx->arena, 0);
    assert_null(map_find(map, (struct map_key){0}));
    assert_int_equal(map_count(map), 0);
}

static void all_parts_of_a_key_count(void **state)
{
    struct ctx *ctx = *state;
    struct map *map = map_open(ctx->arena, 4);
    static int values[6];
    const struct map_key keys[] = {
        {.a = 1        },
        {.b = 1        },
        {.a = 1,         .b = 1},
        {.a = 1,              .s = {"x", 1}},
        {.s = {"x", 1}},
        {.s = {"xy", 2} },
    };
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        map_set(map, keys[i], &values[i]);
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        assert_ptr_equal(map_find(map, keys[i]), &values[i]);
    assert_int_equal(map_count(map), COUNT_OF(keys));
}

static void setting_again_replaces(void **state)
{
    struct ctx *ctx = *state;
    struct map *map = map_open(ctx->arena, 4);
    int a, b;
    map_set(map, (struct map_key){.s = STR("k")}, &a);
    char other[] = "k"; /* Equal by bytes, not by address. */
    map_set(map,
            (struct map_key){
                .s = {other, 1}
    },
            &b);
    assert_ptr_equal(map_find(map, (struct map_key){.s = STR("k")}), &b);
    assert_int_equal(map_count(map), 1);
}

static void it_grows_far_past_what_was_expected(void **state)
{
    struct ctx *ctx = *state;
    enum { COUNT = 50000 };
    struct map *map = map_open(ctx->arena, 1);
    int *values = arena_array(ctx->arena, int, COUNT);
    for (int64_t i = 0; i < COUNT; i++)
        map_set(map, (struct map_key){.a = i * 256, .b = -i}, &values[i]);
    assert_int_equal(map_count(map), COUNT);
    for (int64_t i = 0; i < COUNT; i++)
        assert_ptr_equal(map_find(map, (struct map_key){.a = i * 256, .b = -i}),
                         &values[i]);
    for (int64_t i = 0; i < COUNT; i++)
        assert_null(map_find(map, (struct map_key){.a = i * 256 + 1}));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(an_empty_map_finds_nothing),
        TEST(all_parts_of_a_key_count),
        TEST(setting_again_replaces),
        TEST(it_grows_far_past_what_was_expected),
    };
    return RUN_TESTS(tests, argc, argv);
}
