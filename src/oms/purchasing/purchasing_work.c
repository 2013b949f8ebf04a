/* purchasing_work.c - what all commands on a purchase order share. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/json.h"
#include "base/machine.h"
#include "base/map.h"
#include "base/money.h"
#include "base/str.h"
#include "oms/purchasing/purchasing_store.h"
#include "store/event.h"

enum { EVENT_BYTES = 1024 };

/* What came in by now, whoever posted the receipt. */
static err_t follow(struct ctx *ctx, struct purchase_work *work,
                    bool *ret_is_new)
{
    struct supply *supplies;
    size_t count;
    supply_id *ids = arena_array(ctx->arena, supply_id, work->count);
    for (size_t i = 0; i < work->count; i++)
        ids[i] = work->lines[i].supply;
    TRY(supply_list_ids(ctx, ids, work->count, &supplies, &count));
    struct map *found = map_open(ctx->arena, count);
    for (size_t i = 0; i < count; i++)
        map_set(found, (struct map_key){.a = supplies[i].id.v}, &supplies[i]);
    *ret_is_new = false;
    for (size_t i = 0; i < work->count; i++) {
        struct purchase_line *line = &work->lines[i];
        const struct supply *supply =
            map_find(found, (struct map_key){.a = line->supply.v});
        if (!supply || supply->received == line->received)
            continue;
        ASSERT(supply->received > line->received);
        line->received = supply->received;
        *ret_is_new = true;
    }
    return OK;
}

static const char *event_type(enum purchase_event event)
{
    switch (event) {
    case PURCHASE_EVENT_CREATE: return "purchase_order.created";
    case PURCHASE_EVENT_EDIT: return "purchase_order.changed";
    case PURCHASE_EVENT_APPROVE: return "purchase_order.approved";
    case PURCHASE_EVENT_SEND: return "purchase_order.sent";
    case PURCHASE_EVENT_RESCHEDULE: return "purchase_order.rescheduled";
    case PURCHASE_EVENT_RECEIVE:
    case PURCHASE_EVENT_COMPLETE: return "purchase_order.received";
    case PURCHASE_EVENT_CLOSE: return "purchase_order.closed";
    case PURCHASE_EVENT_CANCEL: return "purchase_order.cancelled";
    }
    UNREACHABLE("not an event of a purchase order");
}

err_t purchase_tell(struct ctx *ctx, enum purchase_event event,
                    const struct purchase_work *work)
{
    const struct purchase_order *order = &work->order;
    int64_t qty = 0, received = 0, open = 0;
    struct buf buf;
    struct json_out out;
    for (size_t i = 0; i < work->count; i++) {
        qty += work->lines[i].qty;
        received += work->lines[i].received;
        open += purchase_open(order->status, &work->lines[i]);
    }
    buf_init(&buf, ctx->arena, EVENT_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_i64(&out, "number", order->number);
    json_put_id(&out, "supplier", "spl", order->supplier.v);
    json_put_id(&out, "location", "loc", order->location.v);
    json_put_cstr(&out, "status", purchase_status_name(order->status));
    json_put_i64(&out, "units", qty);
    json_put_i64(&out, "received", received);
    json_put_i64(&out, "open", open);
    json_put_money(&out, "total", money_make(order->total, order->currency));
    json_put_i64(&out, "version", order->version);
    json_end_object(&out);
    return event_add(ctx, event_type(event), "purchase_order", order->id.v,
                     buf_str(&buf), NULL);
}

err_t purchase_finish(struct ctx *ctx, enum purchase_event event,
                      struct purchase_work *work)
{
    TRY(machine_allow(ctx, &purchase_machine, work->order.status, event));
    work->order.status = purchase_next(work->order.status, event);
    TRY(purchase_save(ctx, &work->order));
    TRY(purchase_line_save(ctx, work->lines, work->count));
    return purchase_tell(ctx, event, work);
}

err_t purchase_note_received(struct ctx *ctx, struct purchase_work *work)
{
    bool is_new;
    TRY(follow(ctx, work, &is_new));
    return is_new ? purchase_finish(
                        ctx, purchase_progress(work->lines, work->count), work)
                  : OK;
}

/* Nothing more comes in on these lines. */
static err_t withdraw(struct ctx *ctx, const struct purchase_work *work)
{
    supply_id *ids = arena_array(ctx->arena, supply_id, work->count);
    for (size_t i = 0; i < work->count; i++)
        ids[i] = work->lines[i].supply;
    return supply_withdraw_many(ctx, ids, work->count);
}

err_t purchase_lock_work(struct ctx *ctx, purchase_order_id id,
                         struct purchase_work *ret)
{
    ASSERT(ctx->tx != NULL);
    TRY(purchase_lock(ctx, id, &ret->order));
    return purchase_line_list(ctx, &id, 1, &ret->lines, &ret->count);
}

err_t purchase_open_work(struct ctx *ctx, purchase_order_id id, int64_t version,
                         enum purchase_event event, struct purchase_work *ret)
{
    TRY(purchase_lock_work(ctx, id, ret));
    TRY(check_version(ctx, version, ret->order.version));
    /* First, so that no receipt is posted between the look and the end. */
    if (event == PURCHASE_EVENT_CLOSE || event == PURCHASE_EVENT_CANCEL)
        TRY(withdraw(ctx, ret));
    TRY(purchase_note_received(ctx, ret));
    return machine_allow(ctx, &purchase_machine, ret->order.status, event);
}
