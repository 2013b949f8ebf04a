/* own_test.c - the own carrier's numbers. */
#include "base/id.h"
#include "base/testing.h"
#include "connect/carrier/own/own.h"

static void a_reference_always_gives_the_same_label(void **state)
{
    struct ctx *ctx = *state;
    struct carrier_account account = {0};
    char text[ID_TEXT_BYTES];
    size_t len = id_to_text("lbl", INT64_C(912345678901234567), text);
    struct carrier_request request = {
        .op = CARRIER_LABEL, .reference = {text, len}
    };
    struct carrier_outcome first, again;
    assert_ok(ctx, own_carrier.answer(ctx, &account, &request, &first));
    assert_int_equal(first.result, CARRIER_DONE);
    assert_true(own_tracking_is_good(first.tracking));
    request.op = CARRIER_LOOKUP;
    assert_ok(ctx, own_carrier.answer(ctx, &account, &request, &again));
    assert_true(again.is_found);
    assert_true(str_equal(first.tracking, again.tracking));
    request.op = CARRIER_MANIFEST;
    assert_ok(ctx, own_carrier.answer(ctx, &account, &request, &again));
    assert_true(again.confirmation.len > 0);
    request.reference = STR("elsewhere");
    assert_int_equal(own_carrier.answer(ctx, &account, &request, &again),
                     ERR_INTERNAL);
}

static void a_mistyped_number_is_seen(void **state)
{
    (void)state;
    assert_true(own_tracking_is_good(STR("00000000000000000017")));
    assert_false(own_tracking_is_good(STR("00000000000000000018")));
    assert_false(own_tracking_is_good(STR("00000000000000000107")));
    assert_false(own_tracking_is_good(STR("0000000000000000017")));
    assert_false(own_tracking_is_good(STR("0000000000000000001x")));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(a_reference_always_gives_the_same_label),
        TEST(a_mistyped_number_is_seen),
    };
    return RUN_TESTS(tests, argc, argv);
}
