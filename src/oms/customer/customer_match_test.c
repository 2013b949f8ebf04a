/* customer_match_test.c - one customer for each e-mail, phone and foreign id.
 */
#include "oms/customer/customer.h"

#include "base/arena.h"
#include "base/str.h"
#include "oms/room.h"
#include "oms/room_testkit.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#undef fail /* cmocka's, which hides ours. */

struct batch {
    struct customer_match *at;
    size_t count;
};

static err_t run_batch(struct ctx *ctx, void *arg)
{
    struct batch *batch = arg;
    return customer_match_many(ctx, batch->at, batch->count);
}

static void match_many(struct testkit *kit, struct customer_match *at,
                       size_t count)
{
    struct batch batch = {at, count};
    assert_int_equal(testkit_run(kit, run_batch, &batch), OK);
}

static struct customer_match match(struct testkit *kit, const char *email,
                                   const char *phone)
{
    struct customer_match one = {
        .seen = {.name = STR("N"),
                 .email = str_from_cstr(email),
                 .phone = str_from_cstr(phone),
                 .country = STR("DE")}
    };
    match_many(kit, &one, 1);
    return one;
}

static void close(struct testkit *kit)
{
    str first = STR_NONE;
    assert_int_equal(testkit_verify(kit, &customer_room, &first), 0);
    testkit_close(kit);
}

static void A9_02_a_customer_is_found_by_mail_or_phone(void **state)
{
    (void)state;
    struct testkit *kit = testkit_open();
    struct customer_match ada = match(kit, "Ada@Example.org", "030 1234567");
    assert_true(ada.is_new);
    assert_true(ada.id.v != 0);
    struct customer_match again = match(kit, "ada@example.ORG ", NULL);
    assert_false(again.is_new);
    assert_int_equal(again.id.v, ada.id.v);
    assert_int_equal(match(kit, NULL, "+49 30 1234-567").id.v, ada.id.v);
    assert_int_equal(match(kit, "ada@work.example", "030 1234567").id.v,
                     ada.id.v);
    assert_int_equal(match(kit, "ada@work.example", NULL).id.v, ada.id.v);
    assert_int_equal(testkit_events(kit, "customer.created"), 1);
    assert_int_equal(testkit_events(kit, "customer.changed"), 1);
    close(kit);
}

static void nothing_to_know_them_by_makes_nobody(void **state)
{
    (void)state;
    struct testkit *kit = testkit_open();
    struct customer_match nobody = match(kit, "n/a", "-");
    assert_int_equal(nobody.id.v, 0);
    assert_false(nobody.is_new);
    assert_int_equal(testkit_events(kit, "customer.created"), 0);
    close(kit);
}

static void mail_wins_over_phone_and_both_are_noted(void **state)
{
    (void)state;
    struct testkit *kit = testkit_open();
    struct customer_match ada = match(kit, "ada@x.org", NULL);
    struct customer_match bob = match(kit, NULL, "+4930555555");
    struct customer_match both = match(kit, "ada@x.org", "+4930555555");
    assert_int_equal(both.id.v, ada.id.v);
    assert_int_equal(both.other.v, bob.id.v);
    assert_int_equal(match(kit, NULL, "+4930555555").id.v, bob.id.v);
    close(kit);
}

static void items_of_a_batch_see_those_before_them(void **state)
{
    (void)state;
    struct testkit *kit = testkit_open();
    struct customer_match at[] = {
        {.seen = {.email = STR("a@x.org"), .phone = STR("+4930111111")}},
        {.seen = {.phone = STR("+49 30 111111"), .email = STR("b@x.org")}},
        {.seen = {.email = STR("B@x.org"),
                  .source = STR("shopify"),
                  .external_id = STR("7")}},
        {.seen = {.source = STR("shopify"), .external_id = STR("7")}},
        {.seen = {.source = STR("woo"), .external_id = STR("7")}},
        {.seen = {.name = STR("nobody")}},
    };
    match_many(kit, at, COUNT_OF(at));
    for (size_t i = 1; i < 4; i++)
        assert_int_equal(at[i].id.v, at[0].id.v);
    assert_true(at[4].is_new);
    assert_int_not_equal(at[4].id.v, at[0].id.v);
    assert_int_equal(at[5].id.v, 0);
    assert_int_equal(testkit_events(kit, "customer.created"), 2);
    /* The same batch again makes nobody. */
    match_many(kit, at, COUNT_OF(at));
    assert_int_equal(testkit_events(kit, "customer.created"), 2);
    close(kit);
}

static void a_customer_has_at_most_so_many_keys(void **state)
{
    (void)state;
    struct testkit *kit = testkit_open();
    struct customer_match first = match(kit, "0@x.org", "+4930111111");
    for (int i = 1; i < LIMIT_CUSTOMER_KEYS + 10; i++) {
        str email = str_printf(kit->arena, "%d@x.org", i);
        assert_int_equal(
            match(kit, str_to_cstr(kit->arena, email), "+4930111111").id.v,
            first.id.v);
    }
    struct customer_match past = match(kit, "65@x.org", NULL);
    assert_true(past.is_new);
    close(kit);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(A9_02_a_customer_is_found_by_mail_or_phone),
        cmocka_unit_test(nothing_to_know_them_by_makes_nobody),
        cmocka_unit_test(mail_wins_over_phone_and_both_are_noted),
        cmocka_unit_test(items_of_a_batch_see_those_before_them),
        cmocka_unit_test(a_customer_has_at_most_so_many_keys),
    };
    int bad = 0;
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    do
        bad += cmocka_run_group_tests_name("customer_match", tests, NULL, NULL);
    while (testkit_next_engine());
    return bad;
}
