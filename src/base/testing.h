/* testing.h - what every cmocka test of ours begins with; never in the
 * product. A test program takes a name filter as its argument. */
#ifndef WHARF_BASE_TESTING_H
#define WHARF_BASE_TESTING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the above first. */
#include <cmocka.h>
/* Ours takes a context; tests use fail_msg(). */
#undef fail
#undef fail_msg
#define fail_msg(...) (print_error(__VA_ARGS__), _fail(__FILE__, __LINE__))

#include "base/arena.h"
#include "base/base.h"
#include "base/str.h"

/* Fails with the recorded detail where `expr` is not OK. */
#define assert_ok(ctx, expr)                                                   \
    do {                                                                       \
        if ((expr) != OK)                                                      \
            fail_msg("%s: %s: %s", #expr, (ctx)->err.field, (ctx)->err.text);  \
    } while (0)
#define assert_slug(ctx, slug_wanted)                                          \
    assert_string_equal((ctx)->err.slug ? (ctx)->err.slug                      \
                                        : err_slug((ctx)->err.code),           \
                        slug_wanted)
#define assert_str(s, cstr)                                                    \
    do {                                                                       \
        str str_got_ = (s);                                                    \
        assert_int_equal(str_got_.len, strlen(cstr));                          \
        assert_memory_equal(str_got_.len ? str_got_.ptr : "", cstr,            \
                            str_got_.len);                                     \
    } while (0)

/* A context with an arena, per test: state of cmocka. */
static inline int test_setup(void **state)
{
    struct ctx *ctx = mem_new(sizeof(*ctx));
    ctx->arena = arena_open();
    *state = ctx;
    return 0;
}

static inline int test_teardown(void **state)
{
    struct ctx *ctx = *state;
    arena_close(ctx->arena);
    mem_free(ctx);
    return 0;
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, test_setup, test_teardown)
#define RUN_TESTS(tests, argc, argv)                                           \
    ((argc) > 1 ? cmocka_set_test_filter((argv)[1]) : (void)0,                 \
     cmocka_run_group_tests(tests, NULL, NULL))

/* A seeded generator (splitmix64), so that a failure can be run again. */
static inline uint64_t test_random(uint64_t *seed)
{
    uint64_t z = (*seed += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

#endif
