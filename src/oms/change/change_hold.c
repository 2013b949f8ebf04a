/* change_hold.c - the commands that put orders on hold and let them go. */
#include "oms/change/change_hold.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/id.h"
#include "base/json.h"
#include "base/machine.h"
#include "base/str.h"
#include "oms/change/change_hold_sql.h"
#include "oms/fulfillment/fulfillment_change.h"
#include "oms/order/order_fulfil.h"
#include "oms/verify.h"
#include "store/event.h"
#include "store/sql.h"

enum { EVENT_BYTES = 512 };
static const utc_ms UNTIL_MOST_MS = (utc_ms)366 * 24 * 60 * 60 * 1000;

err_t order_hold_from_json(struct ctx *ctx, struct json_in *in,
                           struct order_hold *ret)
{
    int reason;
    (void)ctx;
    TRY(json_opt_i64(in, "line", 1, LIMIT_HISTORY_LINES, &ret->line));
    TRY(json_get_enum(in, "reason", order_hold_reasons,
                      COUNT_OF(order_hold_reasons), &reason));
    TRY(json_opt_str(in, "note", 1, LIMIT_REASON_BYTES, &ret->note));
    TRY(json_opt_time(in, "until", &ret->until));
    ret->reason = (enum order_hold_reason)(reason + 1);
    return json_end(in);
}

static void put_what(struct json_out *out, const struct order_hold *hold)
{
    json_put_i64_or_null(out, "line", hold->line);
    json_put_cstr(out, "reason", order_hold_reasons[hold->reason - 1]);
}

void order_hold_write(const struct order_hold *hold, struct json_out *out)
{
    json_put_id(out, "id", "ohd", hold->id.v);
    json_put_id(out, "order_id", "ord", hold->order.v);
    put_what(out, hold);
    json_put_cstr(out, "state",
                  machine_state_name(&order_hold_machine, (int)hold->state));
    json_put_str_or_null(out, "note", hold->note);
    json_put_time_or_null(out, "until", hold->until);
    json_put_i64(out, "version", hold->version);
    json_put_time(out, "created_at", hold->created_at);
    json_put_time(out, "updated_at", hold->updated_at);
}

/* What is written of it names nobody: not its note. */
static err_t tell(struct ctx *ctx, const struct order_hold *hold,
                  const char *type)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, EVENT_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_i64(&out, "version", hold->version);
    json_put_id(&out, "order", "ord", hold->order.v);
    put_what(&out, hold);
    json_put_time_or_null(&out, "until", hold->until);
    if (hold->score > 0)
        json_put_i64(&out, "score", hold->score);
    if (hold->state == ORDER_HOLD_EXPIRED)
        json_put_cstr(&out, "because", "time_over");
    json_end_object(&out);
    return event_add(ctx, type, "order_hold", hold->id.v, buf_str(&buf), NULL);
}

static void write_hold(struct json_out *out, const void *arg)
{
    const struct order_hold *hold = arg;
    json_put_id(out, "hold", "ohd", hold->id.v);
    put_what(out, hold);
}

/* What it means for the order's fulfillment orders, and the order's event. */
static err_t follow(struct ctx *ctx, struct fulfillment_work *work,
                    const struct order_hold *hold, const char *type)
{
    struct order_note note = {.type = type,
                              .event_id = event_id(ctx, hold->order.v),
                              .write = write_hold,
                              .arg = hold};
    TRY(fulfillment_change_leave(ctx, work));
    return fulfillment_change_save(ctx, work, &note, NULL);
}

static err_t check_place(struct ctx *ctx, const struct fulfillment_work *work,
                         const struct order_hold *hold)
{
    const struct order *order = &work->order;
    struct order_hold *others;
    size_t count;
    if (order->status != ORDER_PENDING && order->status != ORDER_CONFIRMED)
        return fail_as(ctx, ERR_STATE, "order_over", "status",
                       "the order is %s; nothing of it is to leave",
                       order_status_name(order->status));
    if (hold->line > (int64_t)order->line_count)
        return fail_as(ctx, ERR_INVALID, "line_unknown", "line",
                       "the order has %zu lines", order->line_count);
    if (hold->until != 0 &&
        (hold->until <= ctx->now || hold->until > ctx->now + UNTIL_MOST_MS))
        return fail_as(ctx, ERR_INVALID, "time_out_of_range", "until",
                       "must lie ahead, within a year");
    TRY(order_hold_list(ctx, order->id, &others, &count));
    if (count >= LIMIT_ORDER_HOLDS)
        return fail_as(ctx, ERR_STATE, "too_many_holds", "id",
                       "an order has %d holds at most", LIMIT_ORDER_HOLDS);
    return OK;
}

err_t order_hold_place(struct ctx *ctx, int64_t version,
                       struct order_hold *hold)
{
    struct fulfillment_work work;
    ASSERT(ctx->tx && ctx->ids);
    TRY(fulfillment_change_begin(ctx, hold->order, &work));
    if (version != ORDER_HOLD_ANY_VERSION)
        TRY(check_version(ctx, version, work.order.version));
    TRY(check_place(ctx, &work, hold));
    hold->id.v = id_next(ctx->ids, ctx->now, id_bucket(hold->order.v));
    hold->state = ORDER_HOLD_ACTIVE;
    hold->version = 1;
    hold->created_at = hold->updated_at = ctx->now;
    hold->actor = ctx->actor;
    TRY(order_hold_insert(ctx, hold));
    TRY(tell(ctx, hold, "order_hold.placed"));
    return follow(ctx, &work, hold, "order.held");
}

/* The order's lock guards its holds. */
static err_t move(struct ctx *ctx, struct order_hold *hold,
                  enum order_hold_event event)
{
    bool is_release = event == ORDER_HOLD_EVENT_RELEASE;
    TRY(machine_allow(ctx, &order_hold_machine, (int)hold->state, (int)event));
    hold->state = is_release ? ORDER_HOLD_RELEASED : ORDER_HOLD_EXPIRED;
    TRY(order_hold_update(ctx, hold));
    return tell(ctx, hold,
                is_release ? "order_hold.released" : "order_hold.expired");
}

static err_t end_hold(struct ctx *ctx, struct fulfillment_work *work,
                      struct order_hold *hold, enum order_hold_event event)
{
    TRY(move(ctx, hold, event));
    return follow(ctx, work, hold, "order.let_go");
}

err_t order_hold_end(struct ctx *ctx, order_hold_id id, int64_t version,
                     enum order_hold_event event, struct order_hold *ret)
{
    struct fulfillment_work work;
    struct order_hold hold;
    ASSERT(ctx->tx);
    TRY(order_hold_get(ctx, id, &hold));
    TRY(fulfillment_change_begin(ctx, hold.order, &work));
    TRY(order_hold_get(ctx, id, &hold));
    TRY(check_version(ctx, version, hold.version));
    TRY(end_hold(ctx, &work, &hold, event));
    *ret = hold;
    return OK;
}

/* ---- expiry ---- */

enum { EXPIRE_EVERY_MS = 5000, EXPIRE_MOST = 50 };

static err_t expire_due(struct ctx *ctx, bool *ret_is_more)
{
    order_hold_id *ids;
    size_t count;
    TRY(order_hold_due(ctx, EXPIRE_MOST, &ids, &count));
    for (size_t i = 0; i < count; i++) {
        struct fulfillment_work work;
        struct order_hold hold;
        TRY(order_hold_get(ctx, ids[i], &hold));
        TRY(fulfillment_change_begin(ctx, hold.order, &work));
        TRY(order_hold_get(ctx, ids[i], &hold));
        if (hold.state == ORDER_HOLD_ACTIVE)
            TRY(end_hold(ctx, &work, &hold, ORDER_HOLD_EVENT_EXPIRE));
    }
    *ret_is_more = count == EXPIRE_MOST;
    return OK;
}

static const struct room_timer timers[] = {
    {.name = "order_holds",
     .period_ms = EXPIRE_EVERY_MS,
     .run = expire_due,
     .next_at = order_hold_next_due},
};
const struct timer_list order_hold_timers = {timers, COUNT_OF(timers)};

/* ---- verify ---- */

static err_t run(struct ctx *ctx, verify_report_fn *report, void *arg)
{
    struct verify order = {report, arg, "holds", "ohd",
                           "is of no such order or line"};
    struct verify open = {report, arg, "holds", "ohd",
                          "what it holds stands open"};
    struct verify over = {report, arg, "holds", "ohd",
                          "its order is over, and it is active"};
    TRY(verify_none(ctx, SQL_ORDER_HOLD_VERIFY_ORDER, order));
    TRY(verify_none(ctx, SQL_ORDER_HOLD_VERIFY_OVER, over));
    return verify_none(ctx, SQL_ORDER_HOLD_VERIFY_OPEN, open);
}

static const struct verify_check checks[] = {
    {"holds", "nothing that is on hold stands open", run},
};
const struct verify_list order_hold_verify = {checks, COUNT_OF(checks)};
