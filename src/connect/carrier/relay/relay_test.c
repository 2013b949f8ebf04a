/* relay_test.c - what the relay is asked, and what its answers mean. */
#include "base/testing.h"

#include <string.h>

#include "connect/carrier/relay/relay.h"
#include "connect/relay.h"
#include "oms/shipping/shipping_package.h"

static const struct carrier_account account = {
    .settings = {"{\"url\":\"https://ship.example.org/wharf\"}", 40},
    .secret = {"s3cret",                                       6 }
};

static void a_label_is_asked_for_with_our_reference(void **state)
{
    struct ctx *ctx = *state;
    struct carrier_account a = account;
    struct carrier_request request = {
        .op = CARRIER_LABEL,
        .reference = STR("lbl_1"),
        .service = STR("std"),
        .to = {.name = STR("Ada \"A\" Lovelace"), .country = STR("DE")},
        .parcel = {.weight_g = 500                                },
        .incoterm = STR("DDP")
    };
    struct outside_call call;
    a.settings = STR("{\"url\":\"https://ship.example.org/wharf\"}");
    assert_ok(ctx, relay_carrier.ask(ctx, &a, &request, &call));
    assert_string_equal(call.url, "https://ship.example.org/wharf");
    assert_string_equal(call.headers[1], "Authorization: Bearer s3cret");
    const char *body = str_to_cstr(ctx->arena, call.body);
    assert_non_null(strstr(body, "\"reference\":\"lbl_1\""));
    assert_non_null(strstr(body, "Ada \\\"A\\\" Lovelace"));
    assert_non_null(strstr(body, "\"incoterm\":\"DDP\""));
    assert_ok(ctx, relay_carrier.check(ctx, a.settings));
    assert_int_equal(relay_carrier.check(ctx, STR("{\"url\":\"ftp://x\"}")),
                     ERR_INVALID);
}

static enum carrier_result result_of(struct ctx *ctx, enum carrier_op op,
                                     bool is_answered, int status,
                                     const char *body)
{
    struct carrier_request request = {.op = op};
    struct outside_reply reply = {.is_answered = is_answered,
                                  .status = status,
                                  .body = str_from_cstr(body)};
    struct carrier_outcome outcome;
    assert_ok(ctx,
              relay_carrier.read(ctx, &account, &request, &reply, &outcome));
    return outcome.result;
}

static void what_cannot_be_told_is_unknown(void **state)
{
    struct ctx *ctx = *state;
    static const struct {
        enum carrier_op op;
        bool is_answered;
        int status;
        const char *body;
        enum carrier_result result;
    } cases[] = {
        {CARRIER_LABEL,  true,  200, "{\"tracking\":\"T1\"}", CARRIER_DONE   },
        {CARRIER_LABEL,  true,  200, "{\"tracking\":\"\"}",   CARRIER_UNKNOWN},
        {CARRIER_LABEL,  true,  200, "<html>",                CARRIER_UNKNOWN},
        {CARRIER_LABEL,  true,  200, "",                      CARRIER_UNKNOWN},
        {CARRIER_LABEL,  true,  200, "[1,2]",                 CARRIER_UNKNOWN},
        {CARRIER_LABEL,  true,  500, "{}",                    CARRIER_UNKNOWN},
        {CARRIER_LABEL,  true,  302, "{}",                    CARRIER_UNKNOWN},
        {CARRIER_LABEL,  true,  409, "{}",                    CARRIER_UNKNOWN},
        {CARRIER_LABEL,  true,  429, "",                      CARRIER_LATER  },
        {CARRIER_LABEL,  true,  422, "{\"field\":\"to\"}",    CARRIER_REFUSED},
        {CARRIER_LABEL,  true,  401, "no",                    CARRIER_REFUSED},
        {CARRIER_LABEL,  false, 0,   "",                      CARRIER_UNKNOWN},
        {CARRIER_LOOKUP, true,  200, "{\"found\":false}",     CARRIER_DONE   },
        {CARRIER_LOOKUP, true,  200, "{}",                    CARRIER_UNKNOWN},
        {CARRIER_LOOKUP, true,  200, "{\"found\":true}",      CARRIER_UNKNOWN},
        {CARRIER_VOID,   true,  200, "{}",                    CARRIER_DONE   },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(result_of(ctx, cases[i].op, cases[i].is_answered,
                                   cases[i].status, cases[i].body),
                         cases[i].result);
}

static void refuse(struct ctx *ctx, const struct carrier_account *a,
                   const struct outside_hook *hook)
{
    assert_int_equal(relay_carrier.webhook(ctx, a, hook), ERR_UNAUTHENTICATED);
    err_clear(ctx);
}

static void a_webhook_needs_its_signature(void **state)
{
    struct ctx *ctx = *state;
    struct outside_hook hook = {
        .body = STR("{\"events\":[{\"tracking\":\"T1\",\"code\":\"delivered\","
                    "\"occurred_at\":\"2026-11-22T10:00:00Z\"},"
                    "{\"tracking\":\"T2\",\"code\":\"beamed\","
                    "\"occurred_at\":\"2026-11-22T10:00:00Z\"},"
                    "{\"code\":\"delivered\"}]}")};
    struct carrier_outcome outcome;
    hook.id = STR("msg_1");
    hook.timestamp = STR("1795341600");
    hook.now = (utc_ms)1795341600 * 1000;
    hook.signature = STR("v1,00");
    refuse(ctx, &account, &hook);
    hook.signature = STR_NONE;
    refuse(ctx, &account, &hook);
    /* As any library of Standard Webhooks signs with "s3cret". */
    hook.signature = relay_sign(ctx->arena, account.secret, &hook);
    struct outside_hook other = hook;
    other.id = STR("msg_2");
    refuse(ctx, &account, &other);
    other = hook;
    other.timestamp = STR("1795341601");
    refuse(ctx, &account, &other);
    other = hook;
    other.body = STR("{}");
    refuse(ctx, &account, &other);
    other = hook;
    other.now += 301000;
    refuse(ctx, &account, &other);
    other.now -= 602000;
    refuse(ctx, &account, &other);
    struct carrier_account bare = {.secret = STR("")};
    other = hook;
    other.signature = relay_sign(ctx->arena, bare.secret, &hook);
    refuse(ctx, &bare, &other);
    hook.signature =
        str_printf(ctx->arena, "v1,AAAA %.*s", STR_ARG(hook.signature));
    assert_ok(ctx, relay_carrier.webhook(ctx, &account, &hook));
    assert_ok(ctx, relay_carrier.hear(ctx, hook.body, &outcome));
    assert_int_equal(outcome.trace_count, 2);
    assert_int_equal(outcome.traces[0].code, TRACE_DELIVERED);
    assert_int_equal(outcome.traces[1].code, TRACE_OTHER);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(a_label_is_asked_for_with_our_reference),
        TEST(what_cannot_be_told_is_unknown),
        TEST(a_webhook_needs_its_signature),
    };
    return RUN_TESTS(tests, argc, argv);
}
