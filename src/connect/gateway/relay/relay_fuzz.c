/* relay_fuzz.c - whatever a gateway's service answers or tells us. */
#include "base/arena.h"
#include "base/str.h"
#include "connect/gateway/relay/relay.h"
#include "connect/relay.h"
#include "oms/payment/payment.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look_at(const struct gateway_fact *fact)
{
    ASSERT(fact->amount >= 0 && fact->id.len > 0);
    ASSERT(fact->status >= GATEWAY_FACT_DONE &&
           fact->status <= GATEWAY_FACT_REFUSED);
    ASSERT(fact->type >= PAYMENT_AUTHORIZE && fact->type <= PAYMENT_TYPES);
}

/* Only what is signed is let in; then any body is a fact or none. */
static void hear(struct ctx *ctx, const struct gateway_account *account,
                 str body)
{
    struct outside_hook hook = {
        .id = STR("1"), .timestamp = STR("1795341600"), .body = body};
    struct gateway_fact fact;
    str id = STR("");
    hook.now = (utc_ms)1795341600 * 1000;
    hook.signature = body; /* Any bytes, and the right ones. */
    ASSERT(relay_gateway.judge(ctx, account, &hook, &id) ==
           ERR_UNAUTHENTICATED);
    err_clear(ctx);
    hook.signature = relay_sign(ctx->arena, account->secret, &hook);
    ASSERT(relay_gateway.judge(ctx, account, &hook, &id) == OK);
    ASSERT(str_equal(id, hook.id));
    err_t err = relay_gateway.hear(ctx, account, body, &fact);
    ASSERT(err == OK || err == ERR_MALFORMED);
    if (err != OK)
        return;
    look_at(&fact);
    ASSERT(fact.payment.len > 0 || fact.gateway_ref.len > 0);
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
    for (size_t i = 0; outcome.result == GATEWAY_DONE && i < outcome.fact_count;
         i++)
        look_at(&outcome.facts[i]);
    hear(&ctx, &account, body);
    return 0;
}
