/* change_exchange_follow.c - exchanges that go on as their order, its payments
 * and its returns do.
 *
 * Events only say which exchanges to look at: each is worked out anew, so that
 * to look twice does nothing twice.
 */
#include "base/arena.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/change/change_exchange.h"
#include "oms/order/order_then.h"
#include "oms/room.h"
#include "store/event.h"

static void count_units(const struct exchange *at, const struct order *order,
                        struct exchange_facts *facts)
{
    facts->open = facts->left = 0;
    for (size_t i = 0; i < at->edit.count; i++) {
        const struct order_line *line = &order->lines[at->first_line - 1 + i];
        facts->open += line->unallocated + line->backordered + line->allocated +
                       line->picked;
        facts->left += line->ordered - line->cancelled;
    }
}

static void write_released(struct json_out *out, const void *arg)
{
    const struct exchange *at = arg;
    json_put_id(out, "exchange", "exc", at->edit.id.v);
    json_put_i64(out, "first_line", at->first_line);
    json_put_i64(out, "lines", (int64_t)at->edit.count);
}

/* Its lines may leave, or are no more: the order says so, and fulfillment looks
 * at it again. */
static err_t lift(struct ctx *ctx, const struct exchange *at,
                  struct order *order)
{
    struct order before = order_keep(ctx->arena, order);
    struct order_note note = {.type = "order.gate_lifted",
                              .event_id = event_id(ctx, order->id.v),
                              .write = write_released,
                              .arg = at};
    TRY(order_gate_drop(ctx, order->id, at->first_line,
                        (int64_t)at->edit.count));
    return order_note(ctx, &before, order, &note);
}

static bool is_waiting(const struct exchange *at)
{
    return at->state == EXCHANGE_AWAITING_PAYMENT ||
           at->state == EXCHANGE_AWAITING_RETURN;
}

/* As far as what is known of it asks. */
static err_t go_on(struct ctx *ctx, struct exchange *at, struct order *order)
{
    struct exchange_outlook look;
    struct exchange_step step = {.count = 0};
    bool was_waiting = is_waiting(at);
    if (!was_waiting && at->state != EXCHANGE_RELEASED)
        return OK;
    TRY(exchange_look(ctx, at, order, &look));
    count_units(at, order, &look.facts);
    if (exchange_next(at->state, &look.facts) == EXCHANGE_EVENT_CANCEL &&
        look.facts.left > 0)
        return exchange_cancel(
            ctx,
            &(struct edit_cmd){.id = at->edit.id, .version = at->edit.version},
            at, order);
    TRY(exchange_advance(ctx, at, &look.facts, &step));
    if (was_waiting && !is_waiting(at))
        TRY(lift(ctx, at, order));
    return exchange_keep(ctx, at, order, &step);
}

/* The order, its return or its payments changed. */
static err_t follow(struct ctx *ctx, exchange_id id)
{
    struct exchange at;
    struct order order;
    ASSERT(ctx->tx && ctx->ids);
    TRY(exchange_get(ctx, id, &at));
    TRY(order_lock(ctx, at.edit.order, &order));
    TRY(exchange_get(ctx, id, &at));
    TRY(go_on(ctx, &at, &order));
    return at.refused.len > 0 ? exchange_refuse(ctx, id, STR("")) : OK;
}

/* ---- the consumer ---- */

static bool is_quiet(str type)
{
    static const char *const quiet[] = {"order.imported", "order.placed",
                                        "order.allocated", "order.picked",
                                        "order.unpicked"};
    for (size_t i = 0; i < COUNT_OF(quiet); i++)
        if (str_equal_cstr(type, quiet[i]))
            return true;
    return false;
}

/* A refusal wrote nothing: a person is told, and the others go on. */
static err_t follow_one(struct ctx *ctx, exchange_id id)
{
    err_t err = follow(ctx, id);
    if (err != ERR_STATE && err != ERR_INVALID)
        return err;
    str code = str_copy(ctx->arena, str_from_cstr(err_name(&ctx->err)));
    err_clear(ctx);
    return exchange_refused(ctx, id, code);
}

static err_t consume(struct ctx *ctx, const struct event *events, size_t count)
{
    int64_t *subjects = arena_array(ctx->arena, int64_t, count);
    struct exchange_key *keys;
    size_t n = 0, key_count;
    for (size_t i = 0; i < count; i++)
        if ((str_equal_cstr(events[i].subject_kind, "order") ||
             str_equal_cstr(events[i].subject_kind, "return")) &&
            !is_quiet(events[i].type))
            subjects[n++] = events[i].subject_id;
    if (n == 0)
        return OK;
    TRY(exchange_find(ctx, subjects, n, &keys, &key_count));
    for (size_t i = 0; i < key_count; i++)
        TRY(follow_one(ctx, (exchange_id){keys[i].id}));
    return OK;
}

static const struct event_consumer consumers[] = {
    {.name = "exchanges", .consume = consume},
};
const struct event_list exchange_events = {consumers, COUNT_OF(consumers)};
