/* fold_test.c - what is the same to people is the same to us. */
#include "base/fold.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/testing.h"

static struct arena *arena;

static void same(const char *a, const char *b)
{
    str x = str_fold(arena, str_from_cstr(a));
    str y = str_fold(arena, str_from_cstr(b));
    assert_true(str_equal(x, y));
    assert_true(str_equal(x, str_fold(arena, x)));
}

static void case_width_and_composition_do_not_count(void **state)
{
    (void)state;
    arena = arena_open();
    same("", "");
    same("Ann@Shop.EXAMPLE", "ann@shop.example");
    same("STRASSE", "stra\u00dfe");
    same("\u00c9milie", "e\u0301milie");
    same("\uff21nn", "ann");                          /* Full width A. */
    same("\u03a3\u0391\u03a3", "\u03c3\u03b1\u03c2"); /* Final sigma. */
    same("so\u00adft", "soft"); /* A soft hyphen is not seen. */
    assert_false(
        str_equal(str_fold(arena, STR("ann")), str_fold(arena, STR("anna"))));
    arena_close(arena);
}

static void the_longest_expansion_fits(void **state)
{
    (void)state;
    arena = arena_open();
    str one = STR("\ufdfa\ufdfa\ufdfa");
    str folded = str_fold(arena, one);
    assert_int_equal(folded.len % 3, 0);
    assert_true(folded.len > 3 * 18);
    assert_true(str_is_utf8(folded));
    arena_close(arena);
}

static void composing_keeps_case(void **state)
{
    (void)state;
    arena = arena_open();
    assert_true(str_equal(str_nfkc(arena, STR("E\u0301A")), STR("\u00c9A")));
    assert_true(str_equal(str_nfkc(arena, STR("plain A")), STR("plain A")));
    arena_close(arena);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(case_width_and_composition_do_not_count),
        cmocka_unit_test(the_longest_expansion_fits),
        cmocka_unit_test(composing_keeps_case),
    };
    return RUN_TESTS(tests, argc, argv);
}
