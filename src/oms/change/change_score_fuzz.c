/* change_score_fuzz.c - any bytes as rules, and as the document of an order
 * that they look at. */
#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/change/change_score.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_rules(struct ctx *ctx, const struct score_policy *policy,
                      str doc)
{
    struct order order = {.doc = doc, .currency = "EUR"};
    struct score_facts facts;
    err_clear(ctx);
    if (score_facts_of(ctx, &order, &facts) != OK)
        return;
    for (size_t i = 0; i < policy->count; i++)
        (void)score_rule_hits(&policy->rules[i], &facts, 3);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ctx ctx = {.arena = arena_open()};
    struct json_in *in = NULL;
    struct score_policy policy = {.version = 0};
    str body = {(const char *)data, size};
    err_t err = json_parse(&ctx, body, &in);
    if (err == OK)
        err = score_policy_from_json(&ctx, in, &policy);
    ASSERT(err == OK || err == ERR_MALFORMED || err == ERR_INVALID);
    if (err == OK)
        ASSERT(policy.threshold > 0 && policy.count <= LIMIT_SCORE_RULES);
    else
        policy.count = 0;
    try_rules(&ctx, &policy, body);
    arena_close(ctx.arena);
    return 0;
}
