/* order_then.c - an order as it was known at an instant, from its events. */
#include "oms/order/order_then.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/money.h"
#include "oms/order/order_pay.h"
#include "oms/order/order_rules.h"
#include "oms/order/order_store.h"
#include "store/event.h"

/* ---- into an event ---- */

struct order order_keep(struct arena *arena, const struct order *order)
{
    struct order kept = *order;
    kept.lines = arena_array(arena, struct order_line, order->line_count);
    if (order->line_count > 0)
        memcpy(kept.lines, order->lines,
               order->line_count * sizeof *kept.lines);
    return kept;
}

static bool is_same(const struct order_line *a, const struct order_line *b)
{
    return a->cancelled == b->cancelled && a->unallocated == b->unallocated &&
           a->backordered == b->backordered && a->allocated == b->allocated &&
           a->picked == b->picked && a->shipped == b->shipped &&
           a->delivered == b->delivered && a->added == b->added &&
           a->unit_price_now == b->unit_price_now &&
           a->total_now == b->total_now && a->tax_now == b->tax_now &&
           a->discount_now == b->discount_now &&
           a->return_requested == b->return_requested &&
           a->returned == b->returned && a->written_off == b->written_off;
}

static bool is_paid_same(const struct order_pay *a, const struct order_pay *b)
{
    return a->pending == b->pending && a->authorized == b->authorized &&
           a->captured == b->captured && a->refunded == b->refunded &&
           a->disputed == b->disputed;
}

/* The allocations of a line, from *at on; they stand in order of line. */
static size_t places_of(const struct order *order, int64_t n, size_t *at)
{
    while (*at < order->allocation_count && order->allocations[*at].n < n)
        *at += 1;
    size_t end = *at;
    while (end < order->allocation_count && order->allocations[end].n == n)
        end++;
    return end - *at;
}

/* `count` allocations of a, from i on, and of b, from j on. */
static bool are_same_places(const struct order *a, size_t i,
                            const struct order *b, size_t j, size_t count)
{
    for (; count > 0; i++, j++, count--)
        if (a->allocations[i].location.v != b->allocations[j].location.v ||
            a->allocations[i].qty != b->allocations[j].qty)
            return false;
    return true;
}

/* Nothing where it is nothing. */
static void put_some(struct json_out *out, const char *key, int64_t qty)
{
    if (qty != 0)
        json_put_i64(out, key, qty);
}

/* With its allocations: `count` of them, from `first` on. */
static void put_line(struct json_out *out, const struct order *order,
                     const struct order_line *line, size_t first, size_t count)
{
    json_begin(out, NULL);
    json_put_i64(out, "n", line->n);
    json_put_i64(out, "cancelled", line->cancelled);
    json_put_i64(out, "unallocated", line->unallocated);
    json_put_i64(out, "backordered", line->backordered);
    json_put_i64(out, "allocated", line->allocated);
    json_put_i64(out, "picked", line->picked);
    json_put_i64(out, "shipped", line->shipped);
    json_put_i64(out, "delivered", line->delivered);
    json_put_i64(out, "total_now", line->total_now);
    json_put_i64(out, "tax_now", line->tax_now);
    json_put_i64(out, "discount_now", line->discount_now);
    put_some(out, "return_requested", line->return_requested);
    put_some(out, "returned", line->returned);
    put_some(out, "written_off", line->written_off);
    put_some(out, "added", line->added);
    if (line->unit_price_now != line->unit_price)
        json_put_i64(out, "unit_price_now", line->unit_price_now);
    json_begin_list(out, "allocations");
    for (size_t i = first; i < first + count; i++) {
        const struct order_allocation *at = &order->allocations[i];
        json_begin(out, NULL);
        json_put_id(out, "location", "loc", at->location.v);
        json_put_i64(out, "quantity", at->qty);
        json_end_object(out);
    }
    json_end_list(out);
    json_end_object(out);
}

/* What of its money the change moved, in minor units. */
static void put_money_was(struct json_out *out, const struct order *before,
                          const struct order *after)
{
    if (before->charges_now != after->charges_now ||
        before->charges_tax_now != after->charges_tax_now) {
        json_begin(out, "charges");
        json_put_i64(out, "total_now", before->charges_now);
        json_put_i64(out, "tax_now", before->charges_tax_now);
        put_some(out, "fees_off", before->fees_off);
        put_some(out, "fees_tax_off", before->fees_tax_off);
        json_end_object(out);
    }
    if (before->allowance_now != after->allowance_now)
        json_put_i64(out, "allowance_now", before->allowance_now);
    if (is_paid_same(&before->pay, &after->pay))
        return;
    json_begin(out, "pay");
    json_put_i64(out, "pending", before->pay.pending);
    json_put_i64(out, "authorized", before->pay.authorized);
    json_put_i64(out, "captured", before->pay.captured);
    json_put_i64(out, "refunded", before->pay.refunded);
    json_put_i64(out, "disputed", before->pay.disputed);
    json_end_object(out);
}

void order_put_was(struct json_out *out, const struct order *before,
                   const struct order *after)
{
    size_t was = 0, is = 0;
    ASSERT(before->line_count <= after->line_count);
    json_begin(out, "was");
    json_put_i64(out, "version", before->version);
    json_put_cstr(out, "status", order_status_name(before->status));
    json_put_time(out, "updated_at", before->updated_at);
    if (before->fulfil_flags != after->fulfil_flags)
        json_put_i64(out, "fulfil_flags", before->fulfil_flags);
    if (before->delivery_flags != after->delivery_flags)
        json_put_i64(out, "delivery_flags", before->delivery_flags);
    if (before->return_flags != after->return_flags)
        json_put_i64(out, "return_flags", before->return_flags);
    put_money_was(out, before, after);
    if (before->line_count != after->line_count)
        json_put_i64(out, "line_count", (int64_t)before->line_count);
    json_begin_list(out, "lines");
    for (size_t i = 0; i < before->line_count; i++) {
        const struct order_line *line = &before->lines[i];
        size_t count = places_of(before, line->n, &was);
        bool is_there = places_of(after, line->n, &is) == count &&
                        are_same_places(before, was, after, is, count);
        if (!is_there || !is_same(line, &after->lines[i]))
            put_line(out, before, line, was, count);
    }
    json_end_list(out);
    json_end_object(out);
}

/* ---- out of the log ---- */

/* An order on its way back; what the first later event said counts. */
struct past {
    struct order *order;
    bool has_head, has_flags, has_delivery, has_charges, has_pay;
    bool has_returns, has_allowance, has_count;
    size_t line_count; /* Of which the last ones were added later. */
    bool is_cancelled; /* As it is now. */
    bool *has_line;
    struct order_allocation *allocations;
    size_t allocation_count, allocation_room;
};

static void add_allocation(struct ctx *ctx, struct past *past,
                           struct order_allocation at)
{
    if (past->allocation_count == past->allocation_room) {
        size_t room = past->allocation_room ? past->allocation_room * 2 : 64;
        struct order_allocation *more =
            arena_array(ctx->arena, struct order_allocation, room);
        if (past->allocation_count > 0)
            memcpy(more, past->allocations,
                   past->allocation_count * sizeof *more);
        past->allocations = more;
        past->allocation_room = room;
    }
    past->allocations[past->allocation_count++] = at;
}

static err_t read_allocations(struct ctx *ctx, struct json_in *in, int64_t n,
                              struct past *past)
{
    struct json_list list;
    TRY(json_get_list(in, "allocations", 0, SIZE_MAX, &list));
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *at;
        struct order_allocation allocation = {.n = n};
        TRY(json_list_object(&list, i, &at));
        TRY(json_get_id(at, "location", "loc", &allocation.location.v));
        TRY(json_get_i64(at, "quantity", 1, INT64_MAX, &allocation.qty));
        add_allocation(ctx, past, allocation);
    }
    return OK;
}

/* Events older than the columns do not say it: then nothing but cancelling had
 * changed what a line is worth. */
static err_t read_line_money(struct json_in *in, struct order_line *line)
{
    if (!json_has(in, "total_now")) {
        int64_t n = line->ordered, off = line->cancelled;
        line->total_now = line->total - money_share(line->total, n, off);
        line->tax_now = line->tax - money_share(line->tax, n, off);
        line->discount_now =
            line->discount - money_share(line->discount, n, off);
        return OK;
    }
    TRY(json_get_i64(in, "total_now", 0, INT64_MAX, &line->total_now));
    TRY(json_get_i64(in, "tax_now", 0, INT64_MAX, &line->tax_now));
    return json_get_i64(in, "discount_now", 0, INT64_MAX, &line->discount_now);
}

/* What changes had made of the line: an event that does not say it was told
 * when there was nothing to say. */
static err_t read_line_change(struct json_in *in, struct order_line *line)
{
    int64_t placed = line->ordered - line->added;
    line->added = 0;
    line->unit_price_now = line->unit_price;
    TRY(json_opt_i64(in, "added", 0, INT64_MAX, &line->added));
    TRY(json_opt_i64(in, "unit_price_now", 0, INT64_MAX,
                     &line->unit_price_now));
    line->ordered = placed + line->added;
    return OK;
}

static err_t read_line(struct ctx *ctx, struct json_in *in, struct past *past)
{
    int64_t n;
    TRY(json_get_i64(in, "n", 1, (int64_t)past->order->line_count, &n));
    if (past->has_line[n - 1])
        return OK;
    struct order_line *line = &past->order->lines[n - 1];
    past->has_line[n - 1] = true;
    TRY(json_get_i64(in, "cancelled", 0, INT64_MAX, &line->cancelled));
    TRY(json_get_i64(in, "unallocated", 0, INT64_MAX, &line->unallocated));
    TRY(json_get_i64(in, "backordered", 0, INT64_MAX, &line->backordered));
    TRY(json_get_i64(in, "allocated", 0, INT64_MAX, &line->allocated));
    TRY(json_get_i64(in, "picked", 0, INT64_MAX, &line->picked));
    TRY(json_get_i64(in, "shipped", 0, INT64_MAX, &line->shipped));
    line->delivered = 0; /* Events from before it was counted. */
    TRY(json_opt_i64(in, "delivered", 0, INT64_MAX, &line->delivered));
    TRY(read_line_money(in, line));
    line->return_requested = line->returned = line->written_off = 0;
    TRY(json_opt_i64(in, "return_requested", 0, INT64_MAX,
                     &line->return_requested));
    TRY(json_opt_i64(in, "returned", 0, INT64_MAX, &line->returned));
    TRY(json_opt_i64(in, "written_off", 0, INT64_MAX, &line->written_off));
    TRY(read_line_change(in, line));
    return read_allocations(ctx, in, n, past);
}

/* A number that only events that changed it say. */
static err_t read_once(struct json_in *in, const char *key, bool *has,
                       int64_t *ret)
{
    if (*has || !json_has(in, key))
        return OK;
    *has = true;
    return json_get_i64(in, key, 0, INT64_MAX, ret);
}

static err_t read_money(struct json_in *in, struct past *past)
{
    struct order *order = past->order;
    struct json_in *charges = NULL, *pay = NULL;
    TRY(json_opt_object(in, "charges", &charges));
    TRY(json_opt_object(in, "pay", &pay));
    if (charges && !past->has_charges) {
        past->has_charges = true;
        TRY(json_get_i64(charges, "total_now", INT64_MIN, INT64_MAX,
                         &order->charges_now));
        TRY(json_get_i64(charges, "tax_now", INT64_MIN, INT64_MAX,
                         &order->charges_tax_now));
        order->fees_off = order->fees_tax_off = 0;
        TRY(json_opt_i64(charges, "fees_off", 0, INT64_MAX, &order->fees_off));
        TRY(json_opt_i64(charges, "fees_tax_off", 0, INT64_MAX,
                         &order->fees_tax_off));
    }
    TRY(read_once(in, "allowance_now", &past->has_allowance,
                  &order->allowance_now));
    if (!pay || past->has_pay)
        return OK;
    past->has_pay = true;
    TRY(json_get_i64(pay, "pending", 0, INT64_MAX, &order->pay.pending));
    TRY(json_get_i64(pay, "authorized", 0, INT64_MAX, &order->pay.authorized));
    TRY(json_get_i64(pay, "captured", 0, INT64_MAX, &order->pay.captured));
    TRY(json_get_i64(pay, "refunded", 0, INT64_MAX, &order->pay.refunded));
    return json_get_i64(pay, "disputed", 0, INT64_MAX, &order->pay.disputed);
}

static err_t read_count(struct json_in *in, struct past *past)
{
    int64_t count;
    if (past->has_count || !json_has(in, "line_count"))
        return OK;
    TRY(json_get_i64(in, "line_count", 1, (int64_t)past->order->line_count,
                     &count));
    past->line_count = (size_t)count;
    past->has_count = true;
    return OK;
}

static err_t read_was(struct ctx *ctx, struct json_in *in, struct past *past)
{
    struct order *order = past->order;
    struct json_list lines;
    str status;
    if (!past->has_head) {
        TRY(json_get_i64(in, "version", 1, INT64_MAX, &order->version));
        TRY(json_get_str(in, "status", 1, LIMIT_CODE_BYTES, &status));
        TRY(json_opt_time(in, "updated_at", &order->updated_at));
        if (!order_status_from_name(status, &order->status))
            return fail(ctx, ERR_INTERNAL, "", "an event names no status");
        past->has_head = true;
    }
    TRY(read_once(in, "fulfil_flags", &past->has_flags, &order->fulfil_flags));
    TRY(read_once(in, "delivery_flags", &past->has_delivery,
                  &order->delivery_flags));
    TRY(read_once(in, "return_flags", &past->has_returns,
                  &order->return_flags));
    TRY(read_money(in, past));
    TRY(read_count(in, past));
    TRY(json_get_list(in, "lines", 0, SIZE_MAX, &lines));
    for (size_t i = 0; i < lines.count; i++) {
        struct json_in *line;
        TRY(json_list_object(&lines, i, &line));
        TRY(read_line(ctx, line, past));
    }
    return OK;
}

static err_t undo(struct ctx *ctx, const struct event *event, struct past *past)
{
    struct json_in *in, *was = NULL;
    TRY(json_parse(ctx, event->data, &in));
    TRY(json_opt_object(in, "was", &was));
    return was ? read_was(ctx, was, past) : OK;
}

static int compare_allocations(const void *a, const void *b)
{
    const struct order_allocation *x = a, *y = b;
    if (x->n != y->n)
        return x->n < y->n ? -1 : 1;
    return (x->location.v > y->location.v) - (x->location.v < y->location.v);
}

/* Lines nobody named stand as they are now. */
static void finish(struct ctx *ctx, struct past *past)
{
    struct order *order = past->order;
    if (past->is_cancelled && order->status != ORDER_CANCELLED &&
        !past->has_charges) { /* The event is older than the columns. */
        order->charges_now = order_charges(order);
        order->charges_tax_now = order_charges_tax(order);
    }
    for (size_t i = 0; i < order->allocation_count; i++)
        if (!past->has_line[order->allocations[i].n - 1])
            add_allocation(ctx, past, order->allocations[i]);
    if (past->allocation_count > 1)
        qsort(past->allocations, past->allocation_count,
              sizeof *past->allocations, compare_allocations);
    order->allocations = past->allocations;
    order->allocation_count = past->allocation_count;
    /* Lines that were added later come last, and so do their allocations. */
    order->line_count = past->line_count;
    while (order->allocation_count > 0 &&
           order->allocations[order->allocation_count - 1].n >
               (int64_t)order->line_count)
        order->allocation_count--;
}

/* All events of an order, oldest first. */
static err_t list_events(struct ctx *ctx, order_id id, struct event **ret,
                         size_t *ret_count)
{
    struct event *all = NULL;
    size_t count = 0, bytes = 0, n = 1;
    struct event_subject subject = {"order", id.v, 0};
    while (n > 0) {
        struct event *page;
        TRY(event_list_subject(ctx, &subject, LIMIT_PAGE, &page, &n));
        for (size_t i = 0; i < n; i++)
            bytes += page[i].data.len;
        if (bytes > LIMIT_EVENTS_BYTES)
            return fail_as(ctx, ERR_STATE, "past_too_large", "at",
                           "the order was changed in too many places to be "
                           "read back; see its timeline");
        struct event *more = arena_array(ctx->arena, struct event, count + n);
        if (count > 0)
            memcpy(more, all, count * sizeof *more);
        if (n > 0)
            memcpy(more + count, page, n * sizeof *more);
        all = more;
        count += n;
        if (count > 0)
            subject.after_id = all[count - 1].id;
    }
    *ret = all;
    *ret_count = count;
    return OK;
}

err_t order_get_at(struct ctx *ctx, order_id id, utc_ms at, struct order *ret)
{
    struct order order;
    struct event *events = NULL;
    size_t count = 0, known = 0;
    TRY(order_get(ctx, id, &order));
    TRY(list_events(ctx, id, &events, &count));
    for (size_t i = 0; i < count; i++)
        if (events[i].at <= at)
            known = i + 1;
    if (known == 0)
        return fail_as(ctx, ERR_NOT_FOUND, "not_known_yet", "at",
                       "the order came later");
    struct past past = {.order = &order,
                        .line_count = order.line_count,
                        .is_cancelled = order.status == ORDER_CANCELLED,
                        .has_line =
                            arena_array(ctx->arena, bool, order.line_count)};
    for (size_t i = known; i < count; i++)
        TRY(undo(ctx, &events[i], &past));
    finish(ctx, &past);
    *ret = order;
    return OK;
}
