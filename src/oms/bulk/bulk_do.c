/* bulk_do.c - what a job does to one order: the commands of one order. */
#include "base/arena.h"
#include "base/str.h"
#include "oms/bulk/bulk_job.h"
#include "oms/change/change.h"
#include "oms/finance/finance.h"
#include "oms/fulfillment/fulfillment_command.h"
#include "oms/shipping/shipping_order.h"

static err_t do_tag(struct ctx *ctx, const struct order *order,
                    const struct bulk_with *with, bool is_adding)
{
    struct order now;
    struct tag_cmd cmd = {.id = order->id, .version = order->version};
    if (is_adding) {
        cmd.add = with->tags;
        cmd.add_count = with->tag_count;
    } else {
        cmd.remove = with->tags;
        cmd.remove_count = with->tag_count;
    }
    return change_tag(ctx, &cmd, &now);
}

static err_t do_cancel(struct ctx *ctx, const struct order *order,
                       const struct bulk_with *with)
{
    struct order now;
    struct cancel_cmd cmd = {
        .id = order->id, .version = order->version, .reason = with->reason};
    return change_cancel(ctx, &cmd, &now);
}

static err_t do_hold(struct ctx *ctx, const struct order *order,
                     const struct bulk_with *with)
{
    struct order_hold hold = with->hold;
    hold.order = order->id;
    return order_hold_place(ctx, order->version, &hold);
}

/* Whatever holds it, of the whole order or of lines. */
static err_t do_release(struct ctx *ctx, order_id id)
{
    struct order_hold *all, now;
    size_t count, ended = 0;
    TRY(order_hold_list(ctx, id, &all, &count));
    for (size_t i = 0; i < count; i++) {
        if (all[i].state != ORDER_HOLD_ACTIVE)
            continue;
        TRY(order_hold_end(ctx, all[i].id, all[i].version,
                           ORDER_HOLD_EVENT_RELEASE, &now));
        ended++;
    }
    if (ended == 0)
        return fail_as(ctx, ERR_STATE, "not_on_hold", "",
                       "nothing holds the order");
    return OK;
}

static err_t do_label(struct ctx *ctx, struct order_job *job,
                      const struct bulk_with *with, order_id id,
                      bool *ret_is_asked)
{
    size_t asked;
    struct label_order_cmd cmd = {.order = id,
                                  .account = with->account,
                                  .service = with->service,
                                  .job = job->labels};
    TRY(shipping_label_order(ctx, &cmd, &job->labels, &asked));
    *ret_is_asked = asked > 0;
    return OK;
}

/* ---- fulfilled, as far as is asked ---- */

static err_t release(struct ctx *ctx, const struct fulfillment_cmd *cmd,
                     const struct fulfillment *fo)
{
    struct fulfillment now;
    if (fo->status == FULFILLMENT_SCHEDULED)
        return fulfillment_open(ctx, cmd, &now);
    if (fo->status == FULFILLMENT_ON_HOLD)
        return fulfillment_release(ctx, cmd, &now);
    return OK;
}

static err_t submit(struct ctx *ctx, const struct fulfillment_cmd *cmd,
                    const struct fulfillment *fo)
{
    struct fulfillment now;
    if (fo->request_status == REQUEST_SUBMITTED ||
        fo->request_status == REQUEST_ACCEPTED)
        return OK;
    return fulfillment_submit(ctx, cmd, &now);
}

static err_t accept(struct ctx *ctx, const struct fulfillment_cmd *cmd,
                    const struct fulfillment *fo)
{
    struct fulfillment now;
    if (fo->request_status == REQUEST_ACCEPTED)
        return OK;
    return fulfillment_accept(ctx, cmd, &now);
}

static err_t pack(struct ctx *ctx, const struct fulfillment *fo)
{
    package_id *ids;
    size_t count;
    for (size_t i = 0; i < fo->line_count; i++)
        if (fo->lines[i].qty > fo->lines[i].packed)
            return shipping_pack_fo(ctx, fo->id, &ids, &count);
    return OK;
}

/* In parcels of ours, or as who has it says: all that is left. */
static err_t ship(struct ctx *ctx, struct fulfillment_cmd *cmd,
                  const struct fulfillment *fo)
{
    struct fulfillment now;
    bool is_elsewhere = fo->request_status != REQUEST_UNSUBMITTED;
    if (!is_elsewhere && fo->method != ORDER_DIGITAL) {
        TRY(pack(ctx, fo));
        return shipping_ship_fo(ctx, fo->id);
    }
    struct fulfillment_units *units =
        arena_array(ctx->arena, struct fulfillment_units, fo->line_count);
    for (size_t i = 0; i < fo->line_count; i++)
        if (fo->lines[i].qty > fo->lines[i].shipped)
            units[cmd->count++] = (struct fulfillment_units){
                .n = fo->lines[i].n,
                .qty = fo->lines[i].qty - fo->lines[i].shipped};
    cmd->units = units;
    cmd->carrier = cmd->tracking = STR("");
    return fulfillment_ship(ctx, cmd, &now);
}

static err_t take_on(struct ctx *ctx, enum bulk_goal goal,
                     const struct fulfillment *fo)
{
    struct fulfillment_cmd cmd = {.id = fo->id, .version = fo->version};
    switch (goal) {
    case BULK_RELEASED: return release(ctx, &cmd, fo);
    case BULK_SUBMITTED: return submit(ctx, &cmd, fo);
    case BULK_ACCEPTED: return accept(ctx, &cmd, fo);
    case BULK_PACKED: return pack(ctx, fo);
    case BULK_SHIPPED: return ship(ctx, &cmd, fo);
    }
    UNREACHABLE("not a goal");
}

static err_t do_fulfil(struct ctx *ctx, const struct order *order,
                       enum bulk_goal goal)
{
    struct fulfillment *fos;
    size_t count, seen = 0;
    TRY(fulfillment_list_order(ctx, order->id, &fos, &count));
    for (size_t i = 0; i < count; i++) {
        seen += fos[i].status != FULFILLMENT_CANCELLED;
        if (fos[i].status != FULFILLMENT_CANCELLED &&
            fos[i].status != FULFILLMENT_CLOSED)
            TRY(take_on(ctx, goal, &fos[i]));
    }
    if (seen == 0)
        return fail_as(ctx, ERR_STATE, "nothing_to_fulfil", "",
                       "the order has no fulfillment orders");
    return OK;
}

err_t bulk_do(struct ctx *ctx, struct order_job *job,
              const struct bulk_with *with, order_id id, bool *ret_is_asked)
{
    struct order order;
    invoice_id invoice;
    *ret_is_asked = false;
    TRY(order_lock(ctx, id, &order)); /* Whatever its version is. */
    switch (job->action) {
    case BULK_TAG:
    case BULK_UNTAG: return do_tag(ctx, &order, with, job->action == BULK_TAG);
    case BULK_CANCEL: return do_cancel(ctx, &order, with);
    case BULK_HOLD: return do_hold(ctx, &order, with);
    case BULK_RELEASE: return do_release(ctx, id);
    case BULK_FULFIL: return do_fulfil(ctx, &order, with->goal);
    case BULK_LABEL: return do_label(ctx, job, with, id, ret_is_asked);
    case BULK_INVOICE: return invoice_order(ctx, id, with->is_draft, &invoice);
    }
    UNREACHABLE("not an action");
}
