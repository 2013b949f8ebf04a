/* fulfillment_open.c - opens fulfillment orders for what is allocated.
 *
 * What is due of an order is compared with what its FOs cover, so that to look
 * twice opens nothing twice. Events only say which orders to look at.
 */
#include "base/arena.h"
#include "base/map.h"
#include "base/str.h"
#include "oms/fulfillment/fulfillment_closure.h"
#include "oms/fulfillment/fulfillment_leave.h"
#include "oms/fulfillment/fulfillment_rule.h"
#include "oms/fulfillment/fulfillment_store.h"
#include "oms/order/order_due.h"
#include "oms/order/order_then.h"
#include "store/event.h"

/* An order and its FOs. */
struct cover {
    struct fulfillment_key key;
    const struct order_due_unit *units;
    size_t count;
    struct fulfillment_work *work; /* Its FOs alone. */
    struct fulfillment_leave leave;
};

/* Units of a line that FOs have there; untracked ones anywhere. */
static int64_t covered(const struct cover *cover,
                       const struct order_due_unit *unit)
{
    int64_t qty = 0;
    for (size_t i = 0; i < cover->work->count; i++) {
        const struct fulfillment *fo = cover->work->all[i];
        const struct fulfillment_line *line = fulfillment_line_of(fo, unit->n);
        if (line && !fulfillment_is_over(fo) &&
            (!unit->is_tracked || fo->location.v == unit->location.v))
            qty += line->qty - line->shipped;
    }
    return qty;
}

/* Units that may leave go into one that is open, others into one that waits
 * for the same day. */
static bool is_of_day(const struct ctx *ctx, const struct fulfillment *fo,
                      utc_ms day)
{
    return fo->status == FULFILLMENT_SCHEDULED ? fo->fulfil_at == day
                                               : day <= ctx->now;
}

/* One that has not begun and goes the same way. */
static struct fulfillment *joinable(const struct ctx *ctx,
                                    const struct cover *cover,
                                    const struct order_due_unit *unit)
{
    for (size_t i = 0; i < cover->work->count; i++) {
        struct fulfillment *fo = cover->work->all[i];
        if (fo->location.v == unit->location.v &&
            fo->method == cover->key.method &&
            fo->request_status == REQUEST_UNSUBMITTED &&
            is_of_day(ctx, fo, unit->fulfil_at) &&
            fulfillment_next(fo->status, FULFILLMENT_EVENT_EDIT))
            return fo;
    }
    return NULL;
}

/* A place for one more line at `at`, by n. */
static struct fulfillment_line *open_line(struct ctx *ctx,
                                          struct fulfillment *fo, size_t at)
{
    if (fo->line_count >= fo->line_room) {
        size_t room = fo->line_count < 4 ? 4 : fo->line_count * 2;
        struct fulfillment_line *more =
            arena_array(ctx->arena, struct fulfillment_line, room);
        if (fo->line_count > 0)
            memcpy(more, fo->lines, fo->line_count * sizeof *more);
        fo->lines = more;
        fo->line_room = room;
    }
    memmove(fo->lines + at + 1, fo->lines + at,
            (fo->line_count - at) * sizeof *fo->lines);
    fo->line_count++;
    return &fo->lines[at];
}

static void add_units(struct ctx *ctx, struct fulfillment *fo,
                      const struct order_due_unit *unit, int64_t qty)
{
    struct fulfillment_line *line = fulfillment_line_of(fo, unit->n);
    fulfillment_touch(fo, "fulfillment_order.changed");
    fo->is_routed = true;
    if (line) {
        line->qty += qty;
        return;
    }
    *open_line(ctx, fo, fulfillment_place_of(fo, unit->n)) =
        (struct fulfillment_line){.n = unit->n, .sku = unit->sku, .qty = qty};
}

static void cover_order(struct ctx *ctx, struct cover *cover)
{
    for (size_t i = 0; i < cover->count; i++) {
        const struct order_due_unit *unit = &cover->units[i];
        int64_t missing = unit->qty - covered(cover, unit);
        if (missing <= 0 || unit->location.v == 0 ||
            order_is_held(&cover->leave.held, unit->n))
            continue;
        struct fulfillment *fo = joinable(ctx, cover, unit);
        if (!fo) {
            struct fulfillment_key key = cover->key;
            key.location = unit->location;
            key.fulfil_at = unit->fulfil_at;
            fo = fulfillment_make(ctx, &key, 0);
            fulfillment_add_to(ctx, cover->work, fo);
        }
        add_units(ctx, fo, unit, missing);
    }
}

/* ---- one order, in a command ---- */

struct gates { /* Lines that do not leave yet. */
    int64_t *n;
    size_t count;
};

static bool is_gated(const struct gates *gates, int64_t n)
{
    for (size_t i = 0; i < gates->count; i++)
        if (gates->n[i] == n)
            return true;
    return false;
}

/* The allocations of an order, summed by line and location. */
static err_t sum_units(struct ctx *ctx, const struct order *order,
                       const struct gates *gates, utc_ms of_order,
                       struct cover *cover)
{
    struct order_due_unit *ret =
        arena_array(ctx->arena, struct order_due_unit, order->allocation_count);
    utc_ms day = of_order;
    size_t n = 0;
    for (size_t i = 0; i < order->allocation_count; i++) {
        const struct order_allocation *at = &order->allocations[i];
        const struct order_line *line = &order->lines[at->n - 1];
        if (is_gated(gates, at->n))
            continue;
        if (n > 0 && ret[n - 1].n == at->n &&
            ret[n - 1].location.v == at->location.v) {
            ret[n - 1].qty += at->qty;
            continue;
        }
        TRY(order_line_day(ctx, line, of_order, &day));
        ret[n++] = (struct order_due_unit){
            at->n, line->sku, at->location, at->qty, day, line->is_tracked};
    }
    cover->units = ret;
    cover->count = n;
    return OK;
}

err_t fulfillment_cover(struct ctx *ctx, struct fulfillment_work *work)
{
    struct order_route_facts facts;
    struct gates gates;
    TRY(order_destination(ctx, &work->order, &facts));
    TRY(order_gate_list(ctx, work->order.id, &gates.n, &gates.count));
    struct cover cover = {
        .key = {.order = work->order.id,
                .channel = work->order.channel,
                .method = facts.method},
        .work = work,
    };
    TRY(sum_units(ctx, &work->order, &gates, facts.fulfil_at, &cover));
    TRY(fulfillment_leave_ask(ctx, &work->order, &cover.leave));
    if (cover.leave.is_paid)
        cover_order(ctx, &cover);
    return OK;
}

/* ---- many orders, from the log ---- */

/* After these no unit is allocated that was not before. */
static bool is_quiet(str type)
{
    static const char *const quiet[] = {
        "order.imported",        "order.placed",  "order.picked",
        "order.unpicked",        "order.shipped", "order.delivered",
        "order.delivery_changed"};
    for (size_t i = 0; i < COUNT_OF(quiet); i++)
        if (str_equal_cstr(type, quiet[i]))
            return true;
    return false;
}

static size_t collect(const struct event *events, size_t count, order_id *ret)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        if (str_equal_cstr(events[i].subject_kind, "order") &&
            !is_quiet(events[i].type))
            ret[n++] = (order_id){events[i].subject_id};
    return n;
}

/* Whether its payments changed just now. */
static bool has_payment(const struct event *events, size_t count, order_id id)
{
    for (size_t i = 0; i < count; i++)
        if (events[i].subject_id == id.v &&
            str_equal_cstr(events[i].type, "order.payment_changed"))
            return true;
    return false;
}

/* Gives each order its FOs; both lists stand in order of the order's id. */
static void hand_out(struct ctx *ctx, const struct order_due *dues,
                     size_t count, struct fulfillment *at, size_t at_count,
                     struct fulfillment_work *works)
{
    size_t next = 0;
    for (size_t i = 0; i < count; i++) {
        works[i] = (struct fulfillment_work){0};
        while (next < at_count && at[next].order.v < dues[i].id.v)
            next++;
        while (next < at_count && at[next].order.v == dues[i].id.v)
            fulfillment_add_to(ctx, &works[i], &at[next++]);
    }
}

/* A scheduled FO shows in its order's status. */
static err_t tell_order(struct ctx *ctx, const struct order_due *due,
                        struct fulfillment_work *work)
{
    struct fulfillment_end end = {.type = NULL};
    if (fulfillment_flags(work->all, work->count) == due->fulfil_flags)
        return OK;
    TRY(order_lock(ctx, due->id, &work->order));
    work->before = order_keep(ctx->arena, &work->order);
    return fulfillment_finish(ctx, work, &end);
}

err_t fulfillment_look(struct ctx *ctx, order_id *ids, size_t id_count,
                       const struct event *events, size_t count)
{
    static const struct fulfillment_saying nothing;
    struct order_due *dues;
    struct fulfillment *at;
    size_t due_count, at_count, n = 0, total = 0;
    if (id_count == 0)
        return OK;
    TRY(order_due_list(ctx, ids, id_count, &dues, &due_count));
    for (size_t i = 0; i < due_count; i++)
        ids[i] = dues[i].id;
    TRY(fulfillment_list_orders(ctx, ids, due_count, &at, &at_count));
    struct fulfillment_work *works =
        arena_array(ctx->arena, struct fulfillment_work, due_count);
    hand_out(ctx, dues, due_count, at, at_count, works);
    for (size_t i = 0; i < due_count; i++) {
        struct cover cover = {
            .key = {.order = dues[i].id,
                    .channel = dues[i].channel,
                    .method = dues[i].method},
            .units = dues[i].units,
            .count = dues[i].count,
            .work = &works[i],
            .leave = {dues[i].may_leave,                   dues[i].held       },
        };
        if (cover.leave.is_paid)
            cover_order(ctx, &cover);
        TRY(fulfillment_gate(ctx, &works[i], &cover.leave,
                             has_payment(events, count, dues[i].id)));
        total += works[i].count;
    }
    struct fulfillment **all =
        arena_array(ctx->arena, struct fulfillment *, total);
    for (size_t i = 0; i < due_count; i++)
        for (size_t j = 0; j < works[i].count; j++)
            all[n++] = works[i].all[j];
    TRY(fulfillment_save_many(ctx, all, n, &nothing));
    for (size_t i = 0; i < due_count; i++)
        TRY(tell_order(ctx, &dues[i], &works[i]));
    return OK;
}

static err_t consume(struct ctx *ctx, const struct event *events, size_t count)
{
    order_id *ids = arena_array(ctx->arena, order_id, count);
    TRY(fulfillment_note_closures(ctx, events, count));
    TRY(fulfillment_note_rules(ctx, events, count));
    return fulfillment_look(ctx, ids, collect(events, count, ids), events,
                            count);
}

static const struct event_consumer consumers[] = {
    {.name = FULFILLMENT_CONSUMER, .consume = consume},
};
const struct event_list fulfillment_events = {consumers, COUNT_OF(consumers)};
