/* hold_rules_test.c - the moves of a hold, its times, its body. */
#include "oms/hold/hold_rules.h"

#include "base/json.h"
#include "base/testing_grid.h"

static void the_grid_is_the_checked_in_one(void **state)
{
    struct ctx *ctx = *state;
    assert_grid(ctx->arena, &hold_machine, "docs/states/hold.md",
                1u << HOLD_CONFIRMED | 1u << HOLD_RELEASED |
                    1u << HOLD_EXPIRED);
}

static void an_open_hold_past_its_expiry_is_expired(void **state)
{
    struct ctx *ctx = *state;
    struct hold hold = {.state = HOLD_OPEN, .expires_at = 1000};
    assert_int_equal(hold_state_at(&hold, 999), HOLD_OPEN);
    assert_int_equal(hold_check_open(ctx, &hold, 999), OK);
    assert_int_equal(hold_state_at(&hold, 1000), HOLD_EXPIRED);
    assert_int_equal(hold_check_open(ctx, &hold, 1000), ERR_STATE);
    assert_string_equal(ctx->err.slug, "hold_expired");
    hold.state = HOLD_CONFIRMED;
    err_clear(ctx);
    assert_int_equal(hold_state_at(&hold, 1000), HOLD_CONFIRMED);
    assert_int_equal(hold_check_open(ctx, &hold, 999), ERR_STATE);
    assert_string_equal(ctx->err.slug, "hold_not_open");
}

static void an_extension_never_shortens_and_has_an_end(void **state)
{
    struct ctx *ctx = *state;
    const utc_ms week = (utc_ms)LIMIT_HOLD_LIFE_S * 1000;
    struct hold hold = {
        .state = HOLD_OPEN, .created_at = 1000, .expires_at = 601000};
    utc_ms to;
    assert_int_equal(hold_extended_to(ctx, &hold, 301000, 600, &to), OK);
    assert_int_equal(to, 901000);
    assert_int_equal(hold_extended_to(ctx, &hold, 301000, 1, &to), OK);
    assert_int_equal(to, 601000);
    /* A clock that was set back an hour. */
    assert_int_equal(hold_extended_to(ctx, &hold, -3600000, 600, &to), OK);
    assert_int_equal(to, 601000);
    assert_int_equal(hold_extended_to(ctx, &hold, week - 5000, 600, &to), OK);
    assert_int_equal(to, week + 1000);
    hold.expires_at = to;
    assert_int_equal(hold_extended_to(ctx, &hold, week - 5000, 600, &to),
                     ERR_STATE);
    assert_string_equal(ctx->err.slug, "hold_life_over");
}

static const char *read_body(struct ctx *ctx, const char *body)
{
    struct json_in *in;
    struct hold_cmd cmd;
    err_clear(ctx);
    err_t err = json_parse(ctx, str_from_cstr(body), &in);
    if (err == OK)
        err = hold_cmd_from_json(ctx, in, &cmd);
    if (err == OK)
        return "";
    return str_to_cstr(ctx->arena,
                       str_printf(ctx->arena, "%s %s",
                                  ctx->err.slug ? ctx->err.slug : "",
                                  ctx->err.field));
}

static void a_body_is_read_or_refused_by_name(void **state)
{
    struct ctx *ctx = *state;
    assert_string_equal(
        read_body(ctx, "{\"channel\":\"web\",\"items\":[{\"sku\":\"A\","
                       "\"quantity\":1}],\"ttl_s\":5,\"customer\":\"c\","
                       "\"reference\":\"r\"}"),
        "");
    assert_string_equal(read_body(ctx, "{\"channel\":\"web\"}"),
                        "missing_field items");
    assert_string_equal(
        read_body(ctx, "{\"channel\":\"web\",\"items\":[{\"sku\":\"A\","
                       "\"quantity\":0}]}"),
        "number_out_of_range items[0].quantity");
    assert_string_equal(
        read_body(ctx, "{\"channel\":\"web\",\"items\":[{\"sku\":\"A\","
                       "\"quantity\":1}],\"ttl_s\":86401}"),
        "number_out_of_range ttl_s");
    assert_string_equal(
        read_body(ctx, "{\"channel\":\"web\",\"items\":[{\"sku\":\"A\","
                       "\"quantity\":1}],\"until\":1}"),
        "unknown_field until");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(the_grid_is_the_checked_in_one),
        TEST(an_open_hold_past_its_expiry_is_expired),
        TEST(an_extension_never_shortens_and_has_an_end),
        TEST(a_body_is_read_or_refused_by_name),
    };
    return RUN_TESTS(tests, argc, argv);
}
