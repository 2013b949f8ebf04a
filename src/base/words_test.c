/* words_test.c - text as words to search by. */
#include "base/words.h"

#include "base/arena.h"
#include "base/str.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#undef fail /* cmocka's, which hides ours. */

struct pair {
    const char *from, *to;
};

static void assert_folds(const struct pair *pairs, size_t count,
                         str fold(struct arena *arena, str text))
{
    struct arena *arena = arena_open();
    for (size_t i = 0; i < count; i++) {
        str got = fold(arena, str_from_cstr(pairs[i].from));
        assert_string_equal(str_to_cstr(arena, got), pairs[i].to);
    }
    arena_close(arena);
}

static void text_folds_by_what_people_see(void **state)
{
    (void)state;
    static const struct pair pairs[] = {
        {"",                                  ""                                 },
        {"Ada LOVELACE",                      "ada lovelace"                     },
        {"Müller",                           "muller"                           },
        {"Mu\u0308ller",                      "muller"                           },
        {"Straße STRASSE",                   "strasse strasse"                  },
        {"\u1e9e",                            "ss"                               },
        {"Izmir İzmir ızmir",               "izmir izmir izmir"                },
        {"ΟΔΥΣΣΕΎΣ Οδυσσεύς", "οδυσσευσ οδυσσευσ"},
        {"東京",                            "東京"                           },
        {"ＡＢＣ１２",                   "abc12"                            },
        {"٠١٢",                            "012"                              },
        {"مُحَمَّد محمـد",       "محمد محمد"                },
        {"Anna 🌸",                         "anna 🌸"                        },
        {"ﬁne",                             "fine"                             },
        {"Łódź Øre",                      "łodz øre"                       },
        {"\xff"
         "a",                        "\ufffd"
         "a"                                               },
    };
    assert_folds(pairs, COUNT_OF(pairs), words_fold);
}

static bool met(struct ctx *ctx, const char *query)
{
    struct word_query parsed;
    const str texts[] = {STR("Café Müller"), STR("DE-123")};
    assert_int_equal(words_parse(ctx, "q", str_from_cstr(query), &parsed), OK);
    return words_met(ctx->arena, &parsed, texts, COUNT_OF(texts));
}

static void every_word_begins_a_word_of_some_text(void **state)
{
    (void)state;
    struct ctx ctx = {.arena = arena_open()};
    assert_true(met(&ctx, "mull"));
    assert_true(met(&ctx, "123 CAFE"));
    assert_true(met(&ctx, "de-12"));
    assert_false(met(&ctx, "mull tea"));
    assert_false(met(&ctx, "uller"));
    arena_close(ctx.arena);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_folds_by_what_people_see),
        cmocka_unit_test(every_word_begins_a_word_of_some_text),
    };
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
