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

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_folds_by_what_people_see),
    };
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
