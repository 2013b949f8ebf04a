/* contact_test.c - e-mail addresses and telephone numbers as keys. */
#include "base/contact.h"

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

static void an_address_folds_to_one_key(void **state)
{
    (void)state;
    static const struct pair pairs[] = {
        {" Ada@Example.ORG ",     "ada@example.org"    },
        {"ＡＤＡ@example.org", "ada@example.org"    },
        {"ada.l+x@example.org",   "ada.l+x@example.org"},
        {"jörg@Müller.DE",      "jörg@müller.de"   },
        {"",                      ""                   },
        {"ada",                   ""                   },
        {"@example.org",          ""                   },
        {"ada@",                  ""                   },
        {"a@b@c",                 ""                   },
        {"ada lovelace@x.org",    ""                   },
    };
    assert_folds(pairs, COUNT_OF(pairs), email_key);
}

static void a_number_is_one_key_however_it_is_written(void **state)
{
    (void)state;
    static const struct {
        const char *phone, *country, *key;
    } rows[] = {
        {"+49 30 1234-567",    "",   "+49301234567" },
        {"0049 (30) 1234567",  "US", "+49301234567" },
        {"+49 (0)30 1234567",  "",   "+49301234567" },
        {"030/1234567",        "DE", "+49301234567" },
        {"4930 1234567",       "DE", "+49301234567" },
        {"030/1234567",        "",   "0301234567"   },
        {"(555) 010-9999",     "US", "+15550109999" },
        {"1-555-010-9999 x12", "US", "+15550109999" },
        {"06 6982 1234",       "IT", "+390669821234"},
        {"8 916 123 45 67",    "RU", "+79161234567" },
        {"06 20 123 4567",     "HU", "+36201234567" },
        {"612 345 678",        "ES", "+34612345678" },
        {"12345",              "",   ""             },
        {"1234567890123456",   "",   ""             },
        {"call me",            "DE", ""             },
        {"",                   "DE", ""             },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char key[PHONE_KEY_BYTES];
        size_t len = 0;
        bool is_number = phone_key(str_from_cstr(rows[i].phone),
                                   str_from_cstr(rows[i].country), key, &len);
        assert_int_equal(is_number, rows[i].key[0] != 0);
        assert_true(
            str_equal_cstr((str){key, is_number ? len : 0}, rows[i].key));
    }
}

static void what_no_mail_reaches_is_no_address(void **state)
{
    (void)state;
    static const char *const good[] = {
        "ada@example.org", " ada.l+x@mail.example.org ", "jörg@müller.de",
        "o'brien@x-y.ie", "1@2.org"};
    static const char *const bad[] = {
        "",           "ada",         "ada@",         "@x.org",
        "a@b@x.org",  "a b@x.org",   "ada@example",  "ada@example..org",
        "ada@.org",   "ada@x.org.",  ".ada@x.org",   "ada.@x.org",
        "a..b@x.org", "<a@x.org>",   "a,b@x.org",    "ada@-x.org",
        "ada@x-.org", "ada@x_y.org", "ada@x.org\x7f"};
    for (size_t i = 0; i < COUNT_OF(good); i++)
        assert_true(email_is_good(str_from_cstr(good[i])));
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(email_is_good(str_from_cstr(bad[i])));
    char wide[80];
    memset(wide, 'a', sizeof wide);
    memcpy(wide + 64, "@x.org", sizeof "@x.org");
    assert_true(email_is_good(str_from_cstr(wide)));
    memcpy(wide + 65, "@x.org", sizeof "@x.org");
    wide[64] = 'a';
    assert_false(email_is_good(str_from_cstr(wide)));
}

static void what_nobody_can_call_is_no_number(void **state)
{
    (void)state;
    static const char *const good[] = {"+49 30 1234567", "030 123456",
                                       "0049 (0)30 123456 ext. 12",
                                       "Tel. 030/123456", "100000"};
    static const char *const bad[] = {"",
                                      "12345",
                                      "call me",
                                      "0000000",
                                      "+0301234567",
                                      "000301234567",
                                      "+1234567890123456",
                                      "030\n123456"};
    for (size_t i = 0; i < COUNT_OF(good); i++)
        assert_true(phone_is_good(str_from_cstr(good[i])));
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(phone_is_good(str_from_cstr(bad[i])));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_folds_to_one_key),
        cmocka_unit_test(a_number_is_one_key_however_it_is_written),
        cmocka_unit_test(what_no_mail_reaches_is_no_address),
        cmocka_unit_test(what_nobody_can_call_is_no_number),
    };
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests_name("contact", tests, NULL, NULL);
}
