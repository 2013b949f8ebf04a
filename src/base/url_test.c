/* url_test.c - which URLs are read, and which addresses are public. */
#include "base/url.h"

#include <arpa/inet.h>

#include "base/testing.h"

static void good_urls_are_taken_apart(void **state)
{
    (void)state;
    static const struct {
        const char *text, *host, *rest;
        int port;
        bool is_https;
    } good[] = {
        {"https://shop.example/hook?a=b", "shop.example",  "/hook?a=b", 443,
         true                                                                      },
        {"HTTP://shop.example",           "shop.example",  "",          80,   false},
        {"http://127.0.0.1:8080/",        "127.0.0.1",     "/",         8080, false},
        {"https://[2001:db8::1]:9443/x",  "2001:db8::1",   "/x",        9443, true },
        {"https://shop.example?x",        "shop.example",  "?x",        443,  true },
        {"https://a_b-c.example:1/@x",    "a_b-c.example", "/@x",       1,    true },
    };
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        struct url url;
        const char *why = url_parse(str_from_cstr(good[i].text), &url);
        if (why)
            fail_msg("%s: %s", good[i].text, why);
        assert_true(str_equal_cstr(url.host, good[i].host));
        assert_true(str_equal_cstr(url.rest, good[i].rest));
        assert_int_equal(url.port, good[i].port);
        assert_int_equal(url.is_https, good[i].is_https);
    }
}

static void bad_urls_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "shop.example",
        "ftp://shop.example/",
        "file:///etc/passwd",
        "http:/shop.example",
        "http://",
        "http:///x",
        "https://user:pass@shop.example/",
        "https://shop.example@127.0.0.1/",
        "https://shop.example#@127.0.0.1/",
        "https://shop.example\\@127.0.0.1/",
        "https://shop.example:0/",
        "https://shop.example:65536/",
        "https://shop.example:-1/",
        "https://shop.example:80x/",
        "https://shop.example:/",
        "https://.example/",
        "https://shop..example/",
        "https://-x.example/",
        "https://sh op.example/",
        "https://shop.example/\r\nX: y",
        "https://sh\xc3\xb6p.example/",
        "https://[::1/",
        "https://[x]/",
        "https://[1234]/",
        "https://[::1]x/",
        "https://shop%2eexample/",
        "javascript:alert(1)",
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct url url;
        if (!url_parse(str_from_cstr(bad[i]), &url))
            fail_msg("taken: %s", bad[i]);
    }
}

static bool is_public(const char *text)
{
    unsigned char at[16];
    if (inet_pton(AF_INET, text, at) == 1)
        return address_is_public4(at);
    assert_int_equal(inet_pton(AF_INET6, text, at), 1);
    return address_is_public6(at);
}

static void private_addresses_are_known_in_every_dress(void **state)
{
    (void)state;
    static const char *const inside[] = {
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.2.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.19.255.1",
        "198.51.100.7",
        "203.0.113.9",
        "224.0.0.1",
        "239.1.1.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "2001:db8::1",
        "2001::1",
        "2002:7f00:1::",
        "2002:a00:1::",
        "3fff::1",
        "100::1",
    };
    for (size_t i = 0; i < COUNT_OF(inside); i++)
        if (is_public(inside[i]))
            fail_msg("taken for public: %s", inside[i]);
}

static void public_addresses_are_not_taken_for_private(void **state)
{
    (void)state;
    static const char *const outside[] = {
        "1.1.1.1",
        "8.8.8.8",
        "9.255.255.255",
        "11.0.0.1",
        "100.63.255.255",
        "100.128.0.1",
        "126.255.255.255",
        "128.0.0.1",
        "172.15.0.1",
        "172.32.0.1",
        "192.167.1.1",
        "192.169.0.1",
        "198.17.0.1",
        "198.20.0.1",
        "223.255.255.255",
        "::ffff:8.8.8.8",
        "2606:4700::1111",
        "2a00:1450::1",
        "2001:4860:4860::8888",
    };
    for (size_t i = 0; i < COUNT_OF(outside); i++)
        if (!is_public(outside[i]))
            fail_msg("taken for private: %s", outside[i]);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(good_urls_are_taken_apart),
        TEST(bad_urls_are_refused),
        TEST(private_addresses_are_known_in_every_dress),
        TEST(public_addresses_are_not_taken_for_private),
    };
    return RUN_TESTS(tests, argc, argv);
}
