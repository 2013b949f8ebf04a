/* returns_money.c - what of the money of a return is kept, and what goes back.
 *
 * Accepting units takes their worth off the order; here stands what the channel
 * keeps of that, and when what the order then owes is given back.
 */
#include <string.h>

#include "base/money.h"
#include "base/str.h"
#include "oms/order/order_pay.h"
#include "oms/order/order_worth.h"
#include "oms/payment/payment_refund.h"
#include "oms/returns/returns_work.h"

enum { PPM = 1000000 };

/* A fee never takes more than what went off with it. */
static int64_t at_most(int64_t amount, int64_t most)
{
    return amount < most ? amount : most;
}

static bool is_of(const struct order *order, money amount)
{
    return amount.minor > 0 && memcmp(order->currency, amount.currency, 3) == 0;
}

static err_t has_label(struct ctx *ctx, const struct rma *rma, bool *ret)
{
    struct return_parcel *parcels;
    size_t count;
    TRY(return_parcel_list(ctx, rma, 1, &parcels, &count));
    *ret = false;
    for (size_t i = 0; i < count; i++)
        if (parcels[i].state != PARCEL_VOIDED)
            *ret = true;
    return OK;
}

/* Of units that come back for no fault of the merchant's. */
static err_t keep_fees(struct ctx *ctx, struct return_work *work)
{
    struct rma *rma = &work->rma;
    const struct return_policy *policy = &work->policy;
    bool is_labelled = false;
    int64_t left = work->taken_plain;
    int64_t restocking = money_share(left, PPM, policy->restocking_ppm);
    left -= restocking;
    if (rma->shipping_kept == 0 && is_of(&work->order, policy->shipping_fee))
        TRY(has_label(ctx, rma, &is_labelled));
    int64_t shipping =
        is_labelled ? at_most(policy->shipping_fee.minor, left) : 0;
    rma->restocking_kept += restocking;
    rma->shipping_kept += shipping;
    return order_worth_keep(ctx, &work->order, restocking + shipping,
                            work->taken_plain);
}

static bool is_nothing_left(const struct order *order)
{
    for (size_t i = 0; i < order->line_count; i++)
        if (order_line_left(&order->lines[i]) > 0)
            return false;
    return true;
}

static err_t give_shipping(struct ctx *ctx, struct return_work *work)
{
    struct order_charges_now now;
    enum shipping_refund rule = work->policy.refund_shipping;
    if (rule == SHIPPING_NEVER || !is_nothing_left(&work->order) ||
        (rule == SHIPPING_FOR_FAULT && !work->is_fault))
        return OK;
    TRY(order_worth_charges_now(ctx, &work->order, &now));
    /* What earlier returns kept stands there too, and stays. */
    int64_t kept = 0;
    for (size_t i = 0; i < work->other_count; i++)
        kept += work->others[i].restocking_kept + work->others[i].shipping_kept;
    kept += work->rma.restocking_kept + work->rma.shipping_kept;
    return order_worth_charges(
        ctx, &work->order, now.shipping > kept ? now.shipping - kept : 0, 0);
}

err_t return_keep(struct ctx *ctx, struct return_work *work)
{
    if (work->taken == 0)
        return OK;
    TRY(give_shipping(ctx, work));
    return work->taken_plain > 0 ? keep_fees(ctx, work) : OK;
}

err_t return_pay_back(struct ctx *ctx, const struct return_work *work)
{
    struct refund refund;
    bool is_made;
    str reason = return_number(ctx->arena, work->order.number, &work->rma);
    if (work->policy.refund == REFUND_BY_HAND)
        return OK;
    err_t err = refund_settle(ctx, work->order.id, reason, &refund, &is_made);
    return return_is_refused(err)
               ? return_tell_refused(ctx, "return.refund_refused", &work->rma,
                                     (package_id){0})
               : err;
}

void return_accept(struct return_work *work, enum reception reception)
{
    for (size_t i = 0; i < work->rma.unit_count; i++) {
        struct return_unit *unit = &work->rma.units[i];
        if (unit->reception == reception &&
            unit->acceptance == ACCEPTANCE_PENDING)
            unit->acceptance = ACCEPTANCE_ACCEPTED;
    }
}

/* What earlier returns wrote off: asking one by one gives no more. */
static int64_t worth_given(const struct return_work *work)
{
    int64_t worth = 0;
    for (size_t i = 0; i < work->other_count; i++)
        for (size_t j = 0; j < work->others[i].line_count; j++) {
            const struct return_line *line = &work->others[i].lines[j];
            worth += line->written_off *
                     order_line_unit_worth(&work->order.lines[line->n - 1]);
        }
    return worth;
}

/* As if all of them came back at once. */
bool return_need_not_come(const struct return_work *work)
{
    int64_t worth = worth_given(work);
    if (!is_of(&work->order, work->policy.keep_up_to))
        return false;
    for (size_t i = 0; i < work->rma.line_count; i++) {
        const struct return_line *line = &work->rma.lines[i];
        const struct order_line *of = &work->order.lines[line->n - 1];
        worth += money_share(of->total_now, order_line_left(of), line->qty);
    }
    return worth <= work->policy.keep_up_to.minor;
}
