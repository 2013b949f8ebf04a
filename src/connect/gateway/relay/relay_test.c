/* relay_test.c - what the relay is asked, and what its answers mean. */
#include "base/testing.h"

#include <string.h>

#include "connect/gateway/manual/manual.h"
#include "connect/gateway/relay/relay.h"
#include "connect/relay.h"
#include "oms/payment/payment.h"

static struct gateway_account account_of(void)
{
    return (struct gateway_account){
        .settings = STR("{\"url\":\"https://pay.example.org/wharf\"}"),
        .secret = STR("s3cret")};
}

static struct gateway_request request_of(enum gateway_op op)
{
    return (struct gateway_request){
        .op = op,
        .reference = STR("gcl_1"),
        .payment = STR("pay_1"),
        .order = STR("ord_1"),
        .token = STR("tok \"1\""),
        .amount = {1234, "EUR"}
    };
}

static void a_step_is_asked_for_with_our_reference(void **state)
{
    struct ctx *ctx = *state;
    struct gateway_account account = account_of();
    struct gateway_request request = request_of(GATEWAY_CAPTURE);
    struct outside_call call;
    assert_ok(ctx, relay_gateway.ask(ctx, &account, &request, &call));
    assert_string_equal(call.url, "https://pay.example.org/wharf");
    assert_string_equal(call.headers[1], "Authorization: Bearer s3cret");
    assert_string_equal(call.headers[2], "Idempotency-Key: gcl_1");
    assert_string_equal(
        str_to_cstr(ctx->arena, call.body),
        "{\"operation\":\"capture\",\"reference\":\"gcl_1\",\"payment\":"
        "\"pay_1\",\"order\":\"ord_1\",\"token\":\"tok \\\"1\\\"\","
        "\"amount\":{\"amount\":1234,\"currency\":\"EUR\"}}");
    request.op = GATEWAY_LOOKUP;
    assert_ok(ctx, relay_gateway.ask(ctx, &account, &request, &call));
    assert_null(call.headers[2]);
    assert_null(strstr(str_to_cstr(ctx->arena, call.body), "tok"));
}

static struct gateway_outcome read_it(struct ctx *ctx, enum gateway_op op,
                                      int status, const char *body)
{
    struct gateway_account account = account_of();
    struct gateway_request request = request_of(op);
    struct outside_reply reply = {.is_answered = status > 0,
                                  .is_unsent = status < 0,
                                  .status = status,
                                  .body = str_from_cstr(body)};
    struct gateway_outcome outcome;
    assert_ok(ctx,
              relay_gateway.read(ctx, &account, &request, &reply, &outcome));
    return outcome;
}

#define GOOD "{\"status\":\"done\",\"id\":\"t1\"}"

static void what_cannot_be_told_is_unknown(void **state)
{
    struct ctx *ctx = *state;
    static const struct {
        enum gateway_op op;
        int status; /* 0: none came; -1: nothing was sent. */
        const char *body;
        enum gateway_result result;
    } cases[] = {
        {GATEWAY_CAPTURE, 200, GOOD,                                     GATEWAY_DONE   },
        {GATEWAY_CAPTURE, 200, "{\"status\":\"done\"}",                  GATEWAY_UNKNOWN},
        {GATEWAY_CAPTURE, 200, "{\"id\":\"t1\"}",                        GATEWAY_UNKNOWN},
        {GATEWAY_CAPTURE, 200, "{\"status\":\"pending\",\"id\":\"t1\"}",
         GATEWAY_UNKNOWN                                                                },
        {GATEWAY_CAPTURE, 200, "{\"status\":\"refused\"}",               GATEWAY_REFUSED},
        {GATEWAY_CAPTURE, 200,
         "{\"status\":\"done\",\"id\":\"t1\",\"type\":\"refund\"}",      GATEWAY_UNKNOWN},
        {GATEWAY_CAPTURE, 200,
         "{\"status\":\"done\",\"id\":\"t1\",\"reference\":\"gcl_2\"}",  GATEWAY_UNKNOWN},
        {GATEWAY_CAPTURE, 200,
         "{\"status\":\"done\",\"id\":\"t1\",\"amount\":{\"amount\":0,"
         "\"currency\":\"EUR\"}}",                                       GATEWAY_UNKNOWN},
        {GATEWAY_CAPTURE, 200,
         "{\"status\":\"done\",\"id\":\"t1\",\"expires_at\":\"soon\"}",  GATEWAY_UNKNOWN},
        {GATEWAY_CAPTURE, 200, "<html>",                                 GATEWAY_UNKNOWN},
        {GATEWAY_CAPTURE, 200, "",                                       GATEWAY_UNKNOWN},
        {GATEWAY_CAPTURE, 500, GOOD,                                     GATEWAY_UNKNOWN},
        {GATEWAY_CAPTURE, 302, GOOD,                                     GATEWAY_UNKNOWN},
        {GATEWAY_CAPTURE, 409, GOOD,                                     GATEWAY_UNKNOWN},
        {GATEWAY_CAPTURE, 429, "",                                       GATEWAY_LATER  },
        {GATEWAY_CAPTURE, 422, "{\"detail\":\"no\"}",                    GATEWAY_REFUSED},
        {GATEWAY_CAPTURE, 401, "no",                                     GATEWAY_REFUSED},
        {GATEWAY_CAPTURE, 0,   "",                                       GATEWAY_UNKNOWN},
        {GATEWAY_CAPTURE, -1,  "",                                       GATEWAY_LATER  },
        {GATEWAY_LOOKUP,  200, "{\"transactions\":[]}",                  GATEWAY_DONE   },
        {GATEWAY_LOOKUP,  200, "{}",                                     GATEWAY_UNKNOWN},
        {GATEWAY_LOOKUP,  200, GOOD,                                     GATEWAY_UNKNOWN},
        {GATEWAY_LOOKUP,  200, "{\"transactions\":[" GOOD "]}",          GATEWAY_UNKNOWN},
        {GATEWAY_LOOKUP,  404, "{}",                                     GATEWAY_REFUSED},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(
            read_it(ctx, cases[i].op, cases[i].status, cases[i].body).result,
            cases[i].result);
}

static void a_look_up_tells_all_that_was_done(void **state)
{
    struct ctx *ctx = *state;
    struct gateway_outcome all = read_it(
        ctx, GATEWAY_LOOKUP, 200,
        "{\"transactions\":[{\"status\":\"done\",\"type\":\"refund\",\"id\":"
        "\"t2\",\"amount\":{\"amount\":5,\"currency\":\"EUR\"},\"occurred_at\":"
        "\"2026-11-22T10:00:00Z\"},{\"status\":\"pending\",\"type\":"
        "\"capture\",\"id\":\"t3\",\"reference\":\"gcl_1\"}]}");
    assert_int_equal(all.fact_count, 2);
    assert_int_equal(all.facts[0].type, PAYMENT_REFUND);
    assert_int_equal(all.facts[0].amount, 5);
    assert_string_equal(all.facts[0].currency, "EUR");
    assert_int_equal(all.facts[1].status, GATEWAY_FACT_PENDING);
    assert_str(all.facts[1].reference, "gcl_1");
}

static void a_webhook_needs_its_signature(void **state)
{
    struct ctx *ctx = *state;
    struct gateway_account account = account_of();
    str id;
    struct outside_hook hook = {.id = STR("msg_1"),
                                .timestamp = STR("1795341600"),
                                .body = STR("\xff\x00 no JSON"),
                                .now = (utc_ms)1795341600 * 1000};
    assert_int_equal(relay_gateway.judge(ctx, &account, &hook, &id),
                     ERR_UNAUTHENTICATED);
    err_clear(ctx);
    hook.signature = relay_sign(ctx->arena, account.secret, &hook);
    assert_ok(ctx, relay_gateway.judge(ctx, &account, &hook, &id));
    assert_str(id, "msg_1");
    hook.id = STR("");
    hook.signature = relay_sign(ctx->arena, account.secret, &hook);
    assert_int_equal(relay_gateway.judge(ctx, &account, &hook, &id),
                     ERR_UNAUTHENTICATED);
}

static void a_webhook_tells_one_thing(void **state)
{
    struct ctx *ctx = *state;
    struct gateway_fact fact;
    static const struct {
        const char *body;
        err_t err;
    } cases[] = {
        {"{\"event\":{\"status\":\"done\",\"type\":\"chargeback\",\"id\":"
         "\"t9\",\"payment\":\"pay_1\"}}",  OK           },
        {"{\"event\":{\"status\":\"done\",\"type\":\"capture\",\"id\":"
         "\"t9\",\"gateway_ref\":\"g1\"}}", OK           },
        {"{\"event\":{\"status\":\"done\",\"type\":\"capture\",\"id\":"
         "\"t9\"}}",                        ERR_MALFORMED},
        {"{\"event\":{\"status\":\"done\",\"id\":\"t9\",\"payment\":"
         "\"pay_1\"}}",                     ERR_MALFORMED},
        {"{\"event\":[]}",                           ERR_MALFORMED},
        {"{",                                        ERR_MALFORMED},
        {"",                                         ERR_MALFORMED},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(
            relay_gateway.hear(ctx, NULL, str_from_cstr(cases[i].body), &fact),
            cases[i].err);
        err_clear(ctx);
    }
}

static void by_hand_is_what_was_asked(void **state)
{
    struct ctx *ctx = *state;
    struct gateway_request request = request_of(GATEWAY_REFUND);
    struct gateway_outcome outcome;
    assert_ok(ctx, manual_gateway.answer(ctx, NULL, &request, &outcome));
    assert_int_equal(outcome.fact_count, 1);
    assert_int_equal(outcome.facts[0].type, PAYMENT_REFUND);
    assert_int_equal(outcome.facts[0].amount, 1234);
    assert_str(outcome.facts[0].reference, "gcl_1");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(a_step_is_asked_for_with_our_reference),
        TEST(what_cannot_be_told_is_unknown),
        TEST(a_look_up_tells_all_that_was_done),
        TEST(a_webhook_needs_its_signature),
        TEST(a_webhook_tells_one_thing),
        TEST(by_hand_is_what_was_asked),
    };
    return RUN_TESTS(tests, argc, argv);
}
