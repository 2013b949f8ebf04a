/* fulfillment_rules_test.c - the machines of a fulfillment order. */
#include "base/testing_grid.h"
#include "oms/fulfillment/fulfillment_rules.h"

static const char *status_name(int s)
{
    return fulfillment_status_name((enum fulfillment_status)s);
}

static const char *event_name(int e)
{
    return fulfillment_event_name((enum fulfillment_event)e);
}

static int next(int s, int e)
{
    return fulfillment_next((enum fulfillment_status)s,
                            (enum fulfillment_event)e);
}

static void the_grid_is_the_checked_in_one(void **state)
{
    struct ctx *ctx = *state;
    static const struct test_machine machine = {
        "docs/states/fulfillment_order.md",
        FULFILLMENT_STATES,
        FULFILLMENT_EVENTS,
        status_name,
        event_name,
        next};
    assert_grid(ctx->arena, &machine);
}

static const char *request_name(int s)
{
    return fulfillment_request_name((enum fulfillment_request_status)s);
}

static const char *request_event(int e)
{
    return request_event_name((enum request_event)e);
}

static int request_next(int s, int e)
{
    if (s == 0) /* One is made unsubmitted, without an event. */
        return e == REQUEST_EVENT_RESET ? REQUEST_UNSUBMITTED : 0;
    return fulfillment_request_next((enum fulfillment_request_status)s,
                                    (enum request_event)e);
}

static void the_grid_of_requests_is_the_checked_in_one(void **state)
{
    struct ctx *ctx = *state;
    static const struct test_machine machine = {
        "docs/states/fulfillment_request.md",
        REQUEST_STATES,
        REQUEST_EVENTS,
        request_name,
        request_event,
        request_next};
    assert_grid(ctx->arena, &machine);
}

static void a_refusal_names_what_is_allowed(void **state)
{
    struct ctx *ctx = *state;
    struct fulfillment fo = {.status = FULFILLMENT_ON_HOLD,
                             .request_status = REQUEST_SUBMITTED};
    assert_int_equal(fulfillment_move(ctx, &fo, FULFILLMENT_EVENT_START),
                     ERR_STATE);
    assert_string_equal(ctx->err.text,
                        "event start is refused in status on_hold; allowed: "
                        "release, edit, cut, cancel");
    err_clear(ctx);
    assert_int_equal(fulfillment_request_move(ctx, &fo, REQUEST_EVENT_SUBMIT),
                     ERR_STATE);
    assert_string_equal(ctx->err.text,
                        "event submit is refused in request status submitted; "
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
