/* browser_test.c - cookies and origins, also those made to confuse. */
#include "net/browser.h"

#include "base/testing.h"

static str cookie(const char *header)
{
    str value = STR("(none)");
    (void)cookie_find(str_from_cstr(header), "id", &value);
    return value;
}

static void a_cookie_is_found_among_others(void **state)
{
    (void)state;
    assert_str(cookie("id=a"), "a");
    assert_str(cookie("x=1; id=a; y=2"), "a");
    assert_str(cookie("xid=1;id=a"), "a");
    assert_str(cookie("id=a=b"), "a=b");
    assert_str(cookie("id=\"a\""), "a");
    assert_str(cookie(" id = a "), "a");
    assert_str(cookie("id="), "");
    assert_str(cookie(""), "(none)");
    assert_str(cookie(";;;=;"), "(none)");
    assert_str(cookie("ID=a"), "(none)");
    assert_str(cookie("idx=a"), "(none)");
}

static void a_cookie_with_two_values_is_none(void **state)
{
    (void)state;
    assert_str(cookie("id=a; id=b"), "(none)");
    assert_str(cookie("id=a; id=a"), "a");
    assert_str(cookie("id=a; id="), "(none)");
}

static bool same(const char *origin, const char *host)
{
    return origin_is_host(str_from_cstr(origin), str_from_cstr(host));
}

static void an_origin_is_its_host(void **state)
{
    (void)state;
    assert_true(same("http://shop.example", "shop.example"));
    assert_true(same("https://Shop.Example", "shop.example"));
    assert_true(same("https://shop.example", "shop.example:443"));
    assert_true(same("http://127.0.0.1:8080", "127.0.0.1:8080"));
    assert_true(same("http://[::1]:80", "[::1]"));
    assert_false(same("http://shop.example:8080", "shop.example"));
    assert_false(same("https://shop.example:80", "shop.example"));
    assert_false(same("https://evil.example", "shop.example"));
    assert_false(same("https://shop.example.evil", "shop.example"));
    assert_false(same("https://evil-shop.example", "shop.example"));
    assert_false(same("null", "null"));
    assert_false(same("", ""));
    assert_false(same("http://", ""));
    assert_false(same("file://shop.example", "shop.example"));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cookie_is_found_among_others),
        cmocka_unit_test(a_cookie_with_two_values_is_none),
        cmocka_unit_test(an_origin_is_its_host),
    };
    return RUN_TESTS(tests, argc, argv);
}
