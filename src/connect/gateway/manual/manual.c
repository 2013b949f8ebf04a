/* manual.c - answers at once; it knows nothing but what it is asked, so that
 * the same reference is the same thing however often it is asked. */
#include "connect/gateway/manual/manual.h"

#include "base/arena.h"
#include "base/str.h"

static err_t answer(struct ctx *ctx, const struct gateway_account *account,
                    const struct gateway_request *request,
                    struct gateway_outcome *ret)
{
    struct gateway_outcome outcome = {
        .result = GATEWAY_DONE, .field = STR(""), .text = STR("")};
    (void)account;
    if (request->op != GATEWAY_LOOKUP) {
        struct gateway_fact *fact = arena_new(ctx->arena, struct gateway_fact);
        *fact = (struct gateway_fact){
            .type = (int)request->op,
            .status = GATEWAY_FACT_DONE,
            .reference = request->reference,
            .payment = request->payment,
            .gateway_ref = request->payment,
            .id = request->reference,
            .amount = request->amount.minor,
            .occurred_at = request->now,
        };
        memcpy(fact->currency, request->amount.currency, sizeof fact->currency);
        outcome.facts = fact;
        outcome.fact_count = 1;
    }
    *ret = outcome;
    return OK;
}

const struct gateway manual_gateway = {
    .name = "manual",
    .title = "By hand",
    .caps = 1 << GATEWAY_AUTHORIZE | 1 << GATEWAY_CAPTURE | 1 << GATEWAY_VOID |
            1 << GATEWAY_REFUND | 1 << GATEWAY_LOOKUP | GATEWAY_CAN_RENEW |
            GATEWAY_IS_IDEMPOTENT | GATEWAY_IS_LOCAL,
    .answer = answer,
};
