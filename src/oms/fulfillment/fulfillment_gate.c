/* fulfillment_gate.c - what becomes of fulfillment orders when their order's
 * payments are not, or are again, as its channel asks; or it is on hold. */
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/fulfillment/fulfillment_command.h"
#include "oms/fulfillment/fulfillment_leave.h"
#include "oms/fulfillment/fulfillment_store.h"
#include "store/event.h"

enum { UNPAID_BYTES = 256 };

err_t fulfillment_leave_ask(struct ctx *ctx, const struct order *order,
                            struct fulfillment_leave *ret)
{
    TRY(order_may_leave(ctx, order, &ret->is_paid));
    return order_held_many(ctx, &order->id, 1, &ret->held);
}

const char *fulfillment_stopped_by(const struct fulfillment_leave *leave,
                                   const struct fulfillment *fo)
{
    if (!leave->is_paid)
        return FULFILLMENT_UNPAID;
    for (size_t i = 0; i < fo->line_count; i++)
        if (order_is_held(&leave->held, fo->lines[i].n))
            return FULFILLMENT_ORDER_HOLD;
    return NULL;
}

/* On hold for a reason of this file. */
static bool is_stopped(const struct fulfillment *fo)
{
    return fo->status == FULFILLMENT_ON_HOLD &&
           (str_equal_cstr(fo->hold_reason, FULFILLMENT_UNPAID) ||
            str_equal_cstr(fo->hold_reason, FULFILLMENT_ORDER_HOLD));
}

/* Lets it go, or says why it still stands. */
static err_t look_again(struct ctx *ctx, struct fulfillment *fo,
                        const char *why)
{
    if (why && str_equal_cstr(fo->hold_reason, why))
        return OK;
    if (why) {
        fo->hold_reason = str_from_cstr(why);
        fulfillment_touch(fo, "fulfillment_order.held");
        return OK;
    }
    TRY(fulfillment_move(ctx, fo, FULFILLMENT_EVENT_RELEASE));
    fo->hold_reason = STR_NONE;
    fulfillment_touch(fo, "fulfillment_order.released");
    return OK;
}

/* Somebody is at it: a person decides. */
static err_t tell_unpaid(struct ctx *ctx, const struct fulfillment *fo)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, UNPAID_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_id(&out, "order", "ord", fo->order.v);
    json_put_id(&out, "location", "loc", fo->location.v);
    json_put_cstr(&out, "status", fulfillment_status_name(fo->status));
    json_end_object(&out);
    return event_add(ctx, "fulfillment_order.unpaid", "fulfillment_order",
                     fo->id.v, buf_str(&buf), NULL);
}

/* Holds an open one for that reason. */
static err_t stop(struct ctx *ctx, struct fulfillment *fo, const char *reason)
{
    TRY(fulfillment_move(ctx, fo, FULFILLMENT_EVENT_HOLD));
    fo->hold_reason = str_from_cstr(reason);
    fulfillment_touch(fo, "fulfillment_order.held");
    return OK;
}

static bool is_in_work(const struct fulfillment *fo)
{
    return fo->status == FULFILLMENT_IN_PROGRESS ||
           (fo->status == FULFILLMENT_OPEN && fulfillment_is_elsewhere(fo));
}

err_t fulfillment_lay_down(struct ctx *ctx, struct fulfillment_work *work)
{
    struct fulfillment_leave leave;
    if (work->fo->status != FULFILLMENT_OPEN || is_in_work(work->fo))
        return OK;
    TRY(fulfillment_leave_ask(ctx, &work->order, &leave));
    const char *why = fulfillment_stopped_by(&leave, work->fo);
    return why ? stop(ctx, work->fo, why) : OK;
}

err_t fulfillment_gate(struct ctx *ctx, struct fulfillment_work *work,
                       const struct fulfillment_leave *leave, bool is_news)
{
    for (size_t i = 0; i < work->count; i++) {
        struct fulfillment *fo = work->all[i];
        const char *why = fulfillment_stopped_by(leave, fo);
        if (is_stopped(fo)) {
            TRY(look_again(ctx, fo, why));
        } else if (why && is_in_work(fo)) {
            if (is_news && !leave->is_paid)
                TRY(tell_unpaid(ctx, fo));
        } else if (why && fo->status == FULFILLMENT_OPEN && !fo->is_new) {
            TRY(stop(ctx, fo, why));
        }
    }
    return OK;
}

err_t fulfillment_check_leave(struct ctx *ctx,
                              const struct fulfillment_work *work)
{
    struct fulfillment_leave leave;
    TRY(fulfillment_leave_ask(ctx, &work->order, &leave));
    if (!leave.is_paid)
        return fail_as(ctx, ERR_STATE, "payment_unmet", "status",
                       "the order's payments are not what its channel asks "
                       "for before anything leaves");
    if (fulfillment_stopped_by(&leave, work->fo))
        return fail_as(ctx, ERR_STATE, "order_held", "status",
                       "the order, or a line of it, is on hold: release that "
                       "first");
    return OK;
}
