/* shipping_poll.c - parcels whose carrier tells nothing by itself are asked
 * after, again and again, by one call that waits between. */
#include "oms/shipping/shipping_poll.h"

#include "base/time.h"
#include "oms/shipping/shipping_hook_int.h"

enum { POLL_DAYS = 60 };

static int64_t pause_of(struct ctx *ctx, const struct account *account)
{
    struct carrier_habits habits = {0};
    if (account->carrier->habits)
        account->carrier->habits(ctx, account->settings, &habits);
    return habits.track_every_ms;
}

err_t poll_begin(struct ctx *ctx, const struct label *label)
{
    struct account account;
    TRY(account_get(ctx, label->account, &account));
    int64_t pause_ms = pause_of(ctx, &account);
    if (pause_ms == 0)
        return OK;
    return call_want_at(ctx, CARRIER_TRACK, label->id.v, account.id,
                        ctx->now + pause_ms);
}

err_t poll_is_over(struct ctx *ctx, const struct call *call,
                   const struct account *account, bool *ret)
{
    struct label label;
    struct package package;
    TRY(label_get(ctx, (label_id){call->subject}, &label));
    TRY(package_get(ctx, label.package, &package));
    *ret = pause_of(ctx, account) == 0 || label.state != LABEL_BOUGHT ||
           package.label.v != label.id.v ||
           package.place.state == PACKAGE_DELIVERED ||
           ctx->now - label.created_at > POLL_DAYS * DAY_MS;
    return OK;
}

err_t poll_outcome(struct ctx *ctx, struct call *call,
                   const struct carrier_outcome *outcome)
{
    struct account account;
    TRY(account_get(ctx, call->account, &account));
    if (outcome->result == CARRIER_DONE)
        TRY(fact_park(ctx, account.id, outcome, ctx->now));
    if (call->state == CALL_WANTED)
        return call_rest(ctx, call);
    if (call->state != CALL_ASKED) /* An answer that came late. */
        return OK;
    int64_t pause_ms = pause_of(ctx, &account);
    call->tries = 0;
    call->next_at = ctx->now + (pause_ms ? pause_ms : DAY_MS);
    return call_move(ctx, call, CALL_EVENT_LATER);
}
