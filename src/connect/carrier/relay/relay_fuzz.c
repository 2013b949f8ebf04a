/* relay_fuzz.c - whatever a carrier's service answers or tells us. */
#include "base/arena.h"
#include "base/str.h"
#include "connect/carrier/relay/relay.h"
#include "connect/relay.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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
    struct carrier_account account = {.secret = STR("s"),
                                      .settings = STR("{}")};
    struct carrier_request request = {
        .op = (enum carrier_op)(1 + data[0] % (CARRIER_OPS - 1))};
    str body = {(const char *)data + 2, size - 2};
    struct outside_reply reply = {.is_answered = data[1] & 8,
                                  .is_unsent = data[1] & 16,
                                  .status = statuses[data[1] & 7],
                                  .body = body};
    struct carrier_outcome outcome;
    ASSERT(relay_carrier.read(&ctx, &account, &request, &reply, &outcome) ==
           OK);
    ASSERT(outcome.result >= CARRIER_DONE && outcome.result <= CARRIER_UNKNOWN);
    /* A label that is said to be bought can be found again. */
    if (outcome.result == CARRIER_DONE && request.op == CARRIER_LABEL)
        ASSERT(outcome.tracking.len > 0);
    struct outside_hook hook = {
        .id = STR("1"), .timestamp = STR("1795341600"), .body = body};
    hook.now = (utc_ms)1795341600 * 1000;
    hook.signature = body; /* Any bytes, and the right ones. */
    ASSERT(relay_carrier.webhook(&ctx, &account, &hook) == ERR_UNAUTHENTICATED);
    err_clear(&ctx);
    hook.signature = relay_sign(arena, account.secret, &hook);
    ASSERT(relay_carrier.webhook(&ctx, &account, &hook) == OK);
    if (relay_carrier.hear(&ctx, body, &outcome) == OK)
        for (size_t i = 0; i < outcome.trace_count; i++)
            ASSERT(outcome.traces[i].tracking.len > 0);
    return 0;
}
