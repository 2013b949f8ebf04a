/* arena_test.c - one lifetime, marks, reuse, the ceiling, poison. */
#include "base/testing.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static void memory_is_zeroed_and_aligned(void **state)
{
    struct ctx *ctx = *state;
    for (size_t size = 0; size < 300; size++) {
        unsigned char *ptr = arena_alloc(ctx->arena, size);
        assert_int_equal((uintptr_t)ptr % 16, 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(ptr[i], 0);
        if (size)
            memset(ptr, 0xAA, size);
    }
}

static void memory_is_zeroed_again_after_a_reset(void **state)
{
    struct ctx *ctx = *state;
    memset(arena_alloc(ctx->arena, 5000), 0xAA, 5000);
    arena_reset(ctx->arena);
    assert_int_equal(arena_used(ctx->arena), 0);
    const unsigned char *ptr = arena_alloc(ctx->arena, 5000);
    for (size_t i = 0; i < 5000; i++)
        assert_int_equal(ptr[i], 0);
}

static void allocations_do_not_overlap(void **state)
{
    struct ctx *ctx = *state;
    uint64_t seed = 1;
    enum { COUNT = 2000 };
    unsigned char *ptrs[COUNT];
    size_t sizes[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        sizes[i] = test_random(&seed) % 3000;
        ptrs[i] = arena_alloc(ctx->arena, sizes[i]);
        memset(ptrs[i], (int)(i & 255), sizes[i]);
    }
    for (size_t i = 0; i < COUNT; i++) {
        for (size_t j = 0; j < sizes[i]; j++)
            assert_int_equal(ptrs[i][j], i & 255);
    }
}

static void a_mark_keeps_what_came_before_it(void **state)
{
    struct ctx *ctx = *state;
    char *before = str_to_cstr(ctx->arena, STR("kept"));
    size_t used = arena_used(ctx->arena);
    for (int round = 0; round < 50; round++) {
        struct arena_mark mark = arena_mark(ctx->arena);
        for (int i = 0; i < 100; i++)
            memset(arena_alloc(ctx->arena, 1000), 1, 1000);
        arena_reset_to(ctx->arena, mark);
        assert_int_equal(arena_used(ctx->arena), used);
    }
    assert_string_equal(before, "kept");
}

static void a_mark_of_an_empty_arena_forgets_all(void **state)
{
    struct ctx *ctx = *state;
    struct arena_mark mark = arena_mark(ctx->arena);
    arena_alloc(ctx->arena, 100000);
    arena_reset_to(ctx->arena, mark);
    assert_int_equal(arena_used(ctx->arena), 0);
    arena_alloc(ctx->arena, 100);
}

static void a_reused_arena_returns_the_same_memory(void **state)
{
    struct ctx *ctx = *state;
    const void *first = arena_alloc(ctx->arena, 100);
    arena_reset(ctx->arena);
    assert_ptr_equal(arena_alloc(ctx->arena, 100), first);
}

static void only_the_newest_allocation_extends(void **state)
{
    struct ctx *ctx = *state;
    char *a = arena_alloc_raw(ctx->arena, 100);
    memset(a, 'a', 100);
    assert_true(arena_extend(ctx->arena, a, 100, 2000));
    memset(a + 100, 'b', 1900);
    char *c = arena_alloc_raw(ctx->arena, 10);
    memset(c, 'c', 10);
    assert_false(arena_extend(ctx->arena, a, 2000, 3000));
    assert_int_equal(a[1999], 'b');
    assert_false(arena_extend(ctx->arena, c, 10, 1 << 20));
}

/* Whether `fn` ends the process by a signal; a child of ours is asked. */
static bool dies(void (*fn)(void))
{
    pid_t child = fork();
    if (child == 0) {
        if (!freopen("/dev/null", "w", stderr))
            _exit(0);
        /* ASan exits where it finds something; others abort. */
        fn();
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}

static void pass_the_ceiling(void)
{
    struct arena *arena = arena_open();
    for (size_t i = 0; i <= LIMIT_ARENA_BYTES / 1000000; i++)
        arena_alloc_raw(arena, 1000000);
}

static void ask_for_too_much(void)
{
    arena_alloc(arena_open(), SIZE_MAX - 8);
}

static void overflow_a_product(void)
{
    arena_alloc_array(arena_open(), SIZE_MAX / 2, 3);
}

static void past_its_ceiling_it_aborts(void **state)
{
    (void)state;
    assert_true(dies(pass_the_ceiling));
    assert_true(dies(ask_for_too_much));
    assert_true(dies(overflow_a_product));
}

#if defined(__SANITIZE_ADDRESS__)
static void write_past_the_end(void)
{
    volatile char *ptr = arena_alloc(arena_open(), 24);
    ptr[24] = 1;
}

static void read_after_reset(void)
{
    struct arena *arena = arena_open();
    volatile const char *ptr = arena_alloc(arena, 24);
    arena_reset(arena);
    _exit(ptr[0]);
}

static void overruns_and_stale_reads_are_seen_under_asan(void **state)
{
    (void)state;
    assert_true(dies(write_past_the_end));
    assert_true(dies(read_after_reset));
}
#endif

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(memory_is_zeroed_and_aligned),
        TEST(memory_is_zeroed_again_after_a_reset),
        TEST(allocations_do_not_overlap),
        TEST(a_mark_keeps_what_came_before_it),
        TEST(a_mark_of_an_empty_arena_forgets_all),
        TEST(a_reused_arena_returns_the_same_memory),
        TEST(only_the_newest_allocation_extends),
        TEST(past_its_ceiling_it_aborts),
#if defined(__SANITIZE_ADDRESS__)
        TEST(overruns_and_stale_reads_are_seen_under_asan),
#endif
    };
    return RUN_TESTS(tests, argc, argv);
}
