/* fulfillment_request.c - the hand-shake with who keeps the stock for us. */
#include "base/buf.h"
#include "base/check.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/fulfillment/fulfillment_leave.h"
#include "oms/fulfillment/fulfillment_work.h"

/* What was said of it last stands on the FO. */
static str said(struct ctx *ctx, const struct fulfillment_cmd *cmd)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    if (cmd->message.len > 0)
        json_put_str(&out, "message", cmd->message);
    if (cmd->reference.len > 0)
        json_put_str(&out, "reference", cmd->reference);
    if (cmd->ships_at)
        json_put_time(&out, "ships_at", cmd->ships_at);
    if (cmd->reason.len > 0)
        json_put_str(&out, "reason", cmd->reason);
    json_end_object(&out);
    return buf_str(&buf);
}

/* Moves the request, notes what was said and the event. */
static err_t step(struct ctx *ctx, const struct fulfillment_cmd *cmd,
                  struct fulfillment_work *work, enum request_event event,
                  const char *type)
{
    TRY(fulfillment_begin(ctx, cmd, work));
    TRY(fulfillment_request_move(ctx, work->fo, event));
    work->fo->request = said(ctx, cmd);
    fulfillment_touch(work->fo, type);
    return OK;
}

err_t fulfillment_submit(struct ctx *ctx, const struct fulfillment_cmd *cmd,
                         struct fulfillment *ret)
{
    struct fulfillment_work work;
    struct location place;
    struct fulfillment_outcome outcome = {.cmd = cmd};
    TRY(step(ctx, cmd, &work, REQUEST_EVENT_SUBMIT,
             "fulfillment_order.submitted"));
    TRY(location_get(ctx, work.fo->location, &place));
    if (place.type != LOCATION_3PL && place.type != LOCATION_DROPSHIP &&
        place.type != LOCATION_STORE)
        return fail_as(ctx, ERR_STATE, "location_type", "location",
                       "a %s is not asked; it works on what is open",
                       location_type_name(place.type));
    struct fulfillment probe = *work.fo;
    TRY(fulfillment_move(ctx, &probe, FULFILLMENT_EVENT_START));
    return fulfillment_done(ctx, &work, &outcome, ret);
}

err_t fulfillment_accept(struct ctx *ctx, const struct fulfillment_cmd *cmd,
                         struct fulfillment *ret)
{
    struct fulfillment_work work;
    struct fulfillment_outcome outcome = {.cmd = cmd};
    TRY(step(ctx, cmd, &work, REQUEST_EVENT_ACCEPT,
             "fulfillment_order.accepted"));
    TRY(fulfillment_move(ctx, work.fo, FULFILLMENT_EVENT_START));
    return fulfillment_done(ctx, &work, &outcome, ret);
}

err_t fulfillment_reject(struct ctx *ctx, const struct fulfillment_cmd *cmd,
                         struct fulfillment *ret)
{
    struct fulfillment_work work;
    struct fulfillment_outcome outcome = {
        .cmd = cmd, .reason = "rejected", .bars = true};
    TRY(check_line(ctx, "reason", cmd->reason, 1, LIMIT_REASON_BYTES));
    TRY(step(ctx, cmd, &work, REQUEST_EVENT_REJECT,
             "fulfillment_order.rejected"));
    if (work.fo->is_sticky) { /* A person sent it there: a person decides. */
        TRY(fulfillment_lay_down(ctx, &work));
        return fulfillment_done(ctx, &work, &outcome, ret);
    }
    TRY(fulfillment_leave(ctx, &work, &outcome));
    *ret = *work.fo;
    return OK;
}

err_t fulfillment_request_cancellation(struct ctx *ctx,
                                       const struct fulfillment_cmd *cmd,
                                       struct fulfillment *ret)
{
    struct fulfillment_work work;
    struct fulfillment_outcome outcome = {.cmd = cmd};
    TRY(step(ctx, cmd, &work, REQUEST_EVENT_REQUEST_CANCELLATION,
             "fulfillment_order.cancellation_requested"));
    return fulfillment_done(ctx, &work, &outcome, ret);
}

err_t fulfillment_accept_cancellation(struct ctx *ctx,
                                      const struct fulfillment_cmd *cmd,
                                      struct fulfillment *ret)
{
    struct fulfillment_work work;
    struct fulfillment_outcome outcome = {.cmd = cmd};
    TRY(step(ctx, cmd, &work, REQUEST_EVENT_ACCEPT_CANCELLATION,
             "fulfillment_order.cancellation_accepted"));
    TRY(fulfillment_move(ctx, work.fo, FULFILLMENT_EVENT_FAIL));
    return fulfillment_done(ctx, &work, &outcome, ret);
}

err_t fulfillment_reject_cancellation(struct ctx *ctx,
                                      const struct fulfillment_cmd *cmd,
                                      struct fulfillment *ret)
{
    struct fulfillment_work work;
    struct fulfillment_outcome outcome = {.cmd = cmd};
    TRY(step(ctx, cmd, &work, REQUEST_EVENT_REJECT_CANCELLATION,
             "fulfillment_order.cancellation_rejected"));
    return fulfillment_done(ctx, &work, &outcome, ret);
}

/* ---- shipped by others ---- */

static void write_parcel(struct json_out *out, const void *arg)
{
    const struct fulfillment_cmd *cmd = arg;
    if (cmd->carrier.len > 0)
        json_put_str(out, "carrier", cmd->carrier);
    if (cmd->tracking.len > 0)
        json_put_str(out, "tracking", cmd->tracking);
}

/* What is sent over a wire is picked by sending it. */
static err_t pick_digital(struct ctx *ctx, struct fulfillment_work *work,
                          const struct fulfillment_note *note)
{
    if (work->fo->method != ORDER_DIGITAL || fulfillment_is_elsewhere(work->fo))
        return OK;
    return fulfillment_note_picked(ctx, work, note);
}

err_t fulfillment_ship(struct ctx *ctx, const struct fulfillment_cmd *cmd,
                       struct fulfillment *ret)
{
    struct fulfillment_work work;
    struct fulfillment_note note = {.units = cmd->units,
                                    .count = cmd->count,
                                    .write = write_parcel,
                                    .arg = cmd};
    TRY(fulfillment_begin(ctx, cmd, &work));
    if (!fulfillment_is_elsewhere(work.fo) && work.fo->method != ORDER_DIGITAL)
        return fail_as(ctx, ERR_STATE, "ships_in_parcels", "id",
                       "what leaves here leaves in a parcel: make a package");
    TRY(pick_digital(ctx, &work, &note));
    TRY(fulfillment_note_shipped(ctx, &work, &note));
    *ret = *work.fo;
    return OK;
}
