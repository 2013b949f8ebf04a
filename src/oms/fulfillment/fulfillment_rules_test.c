/* fulfillment_rules_test.c - the machines of a fulfillment order. */
#include "base/testing_grid.h"
#include "oms/fulfillment/fulfillment_rules.h"

static void the_grid_is_the_checked_in_one(void **state)
{
    struct ctx *ctx = *state;
    assert_grid(ctx->arena, &fulfillment_machine,
                "docs/states/fulfillment_order.md",
                1u << FULFILLMENT_CLOSED | 1u << FULFILLMENT_CANCELLED);
}

static void the_grid_of_requests_is_the_checked_in_one(void **state)
{
    struct ctx *ctx = *state;
    assert_grid(ctx->arena, &request_machine,
                "docs/states/fulfillment_request.md",
                1u << REQUEST_CANCELLATION_REJECTED);
}

static void a_refusal_names_what_is_allowed(void **state)
{
    struct ctx *ctx = *state;
    struct fulfillment fo = {.status = FULFILLMENT_ON_HOLD,
                             .request_status = REQUEST_SUBMITTED};
    assert_int_equal(fulfillment_move(ctx, &fo, FULFILLMENT_EVENT_START),
                     ERR_STATE);
    assert_string_equal(ctx->err.text,
                        "pick is refused in status on_hold; allowed: "
                        "release, split, merge or move, cancel");
    err_clear(ctx);
    assert_int_equal(fulfillment_request_move(ctx, &fo, REQUEST_EVENT_SUBMIT),
                     ERR_STATE);
    assert_string_equal(ctx->err.text,
                        "submit is refused in request status submitted; "
                        "allowed: accept, reject");
    err_clear(ctx);
    fo.status = FULFILLMENT_CLOSED;
    assert_int_equal(fulfillment_move(ctx, &fo, FULFILLMENT_EVENT_CUT),
                     ERR_STATE);
    assert_non_null(strstr(ctx->err.text, "allowed: nothing"));
    assert_true(fulfillment_is_over(&fo));
    assert_true(fulfillment_is_elsewhere(&fo));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(the_grid_is_the_checked_in_one),
        TEST(the_grid_of_requests_is_the_checked_in_one),
        TEST(a_refusal_names_what_is_allowed),
    };
    return RUN_TESTS(tests, argc, argv);
}
