/* notify_rules_test.c - the moves of a delivery, its tries and signature, and
 * which events somebody wants. */
#include "oms/notify/notify_webhook.h"

#include <string.h>

#include "base/testing.h"

enum { STATES = DELIVERY_DEAD + 1, EVENTS = DELIVERY_EVENT_REPLAY + 1 };

static const char *read_file(struct arena *arena, const char *path)
{
    enum { MOST = 16384 };
    char *text = arena_alloc(arena, MOST);
    FILE *file = fopen(path, "r");
    if (!file)
        return "";
    size_t len = fread(text, 1, MOST - 1, file);
    fclose(file);
    text[len] = '\0';
    return text;
}

static str grid(struct arena *arena)
{
    str text = STR("| from \\ event |");
    for (int e = 1; e < EVENTS; e++)
        text = str_printf(arena, "%.*s %s |", STR_ARG(text),
                          delivery_event_name((enum delivery_event)e));
    text = str_printf(arena, "%.*s\n|---|---|---|---|---|---|", STR_ARG(text));
    for (int s = 0; s < STATES; s++) {
        text = str_printf(arena, "%.*s\n| %s |", STR_ARG(text),
                          delivery_state_name((enum delivery_state)s));
        for (int e = 1; e < EVENTS; e++) {
            enum delivery_state to =
                delivery_next((enum delivery_state)s, (enum delivery_event)e);
            text = str_printf(arena, "%.*s %s |", STR_ARG(text),
                              to ? delivery_state_name(to) : "-");
        }
    }
    return text;
}

static void the_grid_is_the_checked_in_one(void **state)
{
    struct ctx *ctx = *state;
    const char *doc = read_file(ctx->arena, "docs/states/delivery.md");
    if (!*doc)
        doc = read_file(ctx->arena, "../../docs/states/delivery.md");
    str now = grid(ctx->arena);
    if (!strstr(doc, str_to_cstr(ctx->arena, now)))
        fail_msg("docs/states/delivery.md is stale; the grid is now:\n%.*s\n",
                 STR_ARG(now));
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
