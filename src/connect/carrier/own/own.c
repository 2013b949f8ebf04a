/* own.c - labels of our own numbers, made from our references alone: the same
 * reference always gives the same label, so none is ever made twice. */
#include "connect/carrier/own/own.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"

bool own_tracking_is_good(str tracking)
{
    return gs1_number_is_good(tracking, OWN_TRACKING_DIGITS);
}

/* The digits behind a reference, "lbl_…" or another prefix. */
static bool number_of(str reference, int64_t *ret)
{
    char prefix[ID_TEXT_BYTES];
    str rest, word = str_split(reference, '_', &rest);
    if (word.len == 0 || word.len >= sizeof prefix)
        return false;
    memcpy(prefix, word.ptr, word.len);
    prefix[word.len] = '\0';
    return id_from_text(prefix, reference, ret);
}

static void give_label(struct arena *arena, int64_t number,
                       struct carrier_outcome *ret)
{
    str digits = str_printf(arena, "%019lld", (long long)number);
    ret->tracking =
        str_printf(arena, "%.*s%c", STR_ARG(digits), gs1_check_digit(digits));
    ret->carrier_ref = ret->tracking;
    ret->is_found = true;
    ASSERT(own_tracking_is_good(ret->tracking));
}

static err_t answer(struct ctx *ctx, const struct carrier_account *account,
                    const struct carrier_request *request,
                    struct carrier_outcome *ret)
{
    int64_t number;
    struct carrier_outcome outcome = {.result = CARRIER_DONE};
    (void)account;
    if (!number_of(request->reference, &number))
        return fail(ctx, ERR_INTERNAL, "", "not a reference of ours");
    switch (request->op) {
    case CARRIER_LABEL:
    case CARRIER_LOOKUP: give_label(ctx->arena, number, &outcome); break;
    case CARRIER_MANIFEST:
    case CARRIER_PICKUP:
        outcome.confirmation =
            str_printf(ctx->arena, "%lld", (long long)number);
        break;
    case CARRIER_VOID:
    case CARRIER_TRACK: break;
    case CARRIER_RATE:
        return fail(ctx, ERR_INTERNAL, "", "own rates stand in rate cards");
    }
    *ret = outcome;
    return OK;
}

const struct carrier own_carrier = {
    .name = "own",
    .title = "Own delivery",
    .caps = 1 << CARRIER_LABEL | 1 << CARRIER_VOID | 1 << CARRIER_LOOKUP |
            1 << CARRIER_TRACK | 1 << CARRIER_MANIFEST | 1 << CARRIER_PICKUP |
            CARRIER_IS_IDEMPOTENT | CARRIER_IS_LOCAL,
    .line_max = 40,
    .answer = answer,
};
