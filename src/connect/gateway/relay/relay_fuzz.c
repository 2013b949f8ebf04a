/* relay_fuzz.c - whatever a gateway's service answers or tells us. */
#include "base/arena.h"
#include "base/str.h"
#include "connect/gateway/relay/relay.h"
#include "connect/relay.h"
#include "oms/payment/payment.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look_at(const struct gateway_outcome *outcome, bool has_type)
{
    for (size_t i = 0; i < outcome->fact_count; i++) {
        const struct gateway_fact *fact = &outcome->facts[i];
        ASSERT(fact->amount >= 0 && fact->id.len > 0);
        ASSERT(fact->status >= GATEWAY_FACT_DONE &&
               fact->status <= GATEWAY_FACT_REFUSED);
        ASSERT(!has_type ||
               (fact->type >= PAYMENT_AUTHORIZE && fact->type <= PAYMENT_FAIL));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena *arena;
    static const int statuses[] = {200, 422, 500, 429, 404, 204, 302, 409};
    if (!arena)
        arena = arena_open();
    arena_reset(arena);
    if (size < 2)
        return 0;
    struct ctx ctx = {.arena = arena};
    struct gateway_account account = {.secret = STR("s"),
                                      .settings = STR("{}")};
    struct gateway_request request = {
        .op = (enum gateway_op)(1 + data[0] % (GATEWAY_OPS - 1)),
        .reference = STR("gcl_1")};
    str body = {(const char *)data + 2, size - 2};
    struct outside_reply reply = {.is_answered = data[1] & 8,
                                  .is_unsent = data[1] & 16,
                                  .status = statuses[data[1] & 7],
                                  .body = body};
    struct gateway_outcome outcome;
    ASSERT(relay_gateway.read(&ctx, &account, &request, &reply, &outcome) ==
           OK);
    ASSERT(outcome.result >= GATEWAY_DONE && outcome.result <= GATEWAY_UNKNOWN);
    /* What is said to be done is what was asked. */
    if (outcome.result == GATEWAY_DONE && request.op != GATEWAY_LOOKUP)
        ASSERT(outcome.fact_count == 1 &&
               outcome.facts->type == (int)request.op);
    if (outcome.result == GATEWAY_DONE)
        look_at(&outcome, true);
    struct outside_hook hook = {
        .id = STR("1"), .timestamp = STR("1795341600"), .body = body};
    hook.now = (utc_ms)1795341600 * 1000;
    hook.signature = body; /* Any bytes, and the right ones. */
    ASSERT(relay_gateway.webhook(&ctx, &account, &hook, &outcome) ==
           ERR_UNAUTHENTICATED);
    err_clear(&ctx);
    hook.signature = relay_sign(arena, account.secret, &hook);
    if (relay_gateway.webhook(&ctx, &account, &hook, &outcome) == OK)
        look_at(&outcome, true);
    return 0;
}
