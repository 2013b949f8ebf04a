/* fulfillment_gate.c - what becomes of fulfillment orders when their order's
 * payments are not, or are again, as its channel asks. */
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/fulfillment/fulfillment_command.h"
#include "oms/fulfillment/fulfillment_store.h"
#include "store/event.h"

enum { UNPAID_BYTES = 256 };

bool fulfillment_is_unpaid(const struct fulfillment *fo)
{
    return fo->status == FULFILLMENT_ON_HOLD &&
           str_equal_cstr(fo->hold_reason, FULFILLMENT_UNPAID);
}

static err_t let_go(struct ctx *ctx, struct fulfillment *fo)
{
    if (!fulfillment_is_unpaid(fo))
        return OK;
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

err_t fulfillment_hold_unpaid(struct ctx *ctx, struct fulfillment *fo)
{
    TRY(fulfillment_move(ctx, fo, FULFILLMENT_EVENT_HOLD));
    fo->hold_reason = STR(FULFILLMENT_UNPAID);
    fulfillment_touch(fo, "fulfillment_order.held");
    return OK;
}

static bool is_in_work(const struct fulfillment *fo)
{
    return fo->status == FULFILLMENT_IN_PROGRESS ||
           (fo->status == FULFILLMENT_OPEN && fulfillment_is_elsewhere(fo));
}

err_t fulfillment_gate(struct ctx *ctx, struct fulfillment_work *work,
                       bool may_leave, bool is_news)
{
    for (size_t i = 0; i < work->count; i++) {
        struct fulfillment *fo = work->all[i];
        if (may_leave) {
            TRY(let_go(ctx, fo));
        } else if (is_in_work(fo)) {
            if (is_news)
                TRY(tell_unpaid(ctx, fo));
        } else if (fo->status == FULFILLMENT_OPEN && !fo->is_new) {
            TRY(fulfillment_hold_unpaid(ctx, fo));
        }
    }
    return OK;
}

err_t fulfillment_check_paid(struct ctx *ctx, const struct order *order)
{
    bool may_leave;
    TRY(order_may_leave(ctx, order, &may_leave));
    if (!may_leave)
        return fail_as(ctx, ERR_STATE, "payment_unmet", "status",
                       "the order's payments are not what its channel asks "
                       "for before anything leaves");
    return OK;
}
