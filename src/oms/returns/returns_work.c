/* returns_work.c - one command on a return: from the lock to the events. */
#include "oms/returns/returns_work.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/json.h"
#include "base/machine.h"
#include "base/str.h"
#include "oms/order/order_fulfil.h"
#include "oms/order/order_then.h"
#include "oms/order/order_worth.h"
#include "oms/returns/returns_view.h"
#include "store/event.h"

err_t return_begin(struct ctx *ctx, order_id order, struct return_work *ret)
{
    ASSERT(ctx->tx != NULL);
    struct return_filter filter = {.order = order, .limit = LIMIT_RETURNS};
    *ret = (struct return_work){.move_count = 0};
    TRY(order_lock(ctx, order, &ret->order));
    ret->before = order_keep(ctx->arena, &ret->order);
    TRY(return_policy_get(ctx, ret->order.channel, &ret->policy));
    return return_page(ctx, &filter, &ret->others, &ret->other_count);
}

err_t return_open(struct ctx *ctx, return_id id, int64_t version,
                  struct return_work *ret)
{
    struct rma seen;
    bool is_found = false;
    TRY(return_head(ctx, id, &seen));
    TRY(return_begin(ctx, seen.order, ret));
    size_t n = 0;
    for (size_t i = 0; i < ret->other_count; i++) {
        if (ret->others[i].id.v == id.v) {
            ret->rma = ret->others[i];
            is_found = true;
        } else {
            ret->others[n++] = ret->others[i];
        }
    }
    ASSERT(is_found);
    ret->other_count = n;
    return version ? check_version(ctx, version, ret->rma.version) : OK;
}

err_t return_move(struct ctx *ctx, struct rma *rma, enum return_event event)
{
    TRY(machine_allow(ctx, &return_machine, rma->state, event));
    rma->state =
        (enum return_state)machine_next(&return_machine, rma->state, event);
    if (rma->state != RETURN_OPEN)
        rma->expires_at = 0;
    return OK;
}

/* ---- rows of units ---- */

static void make_room(struct ctx *ctx, struct rma *rma)
{
    if (rma->unit_count < rma->unit_room)
        return;
    size_t room = rma->unit_room * 2 + 8;
    struct return_unit *more =
        arena_array(ctx->arena, struct return_unit, room);
    if (rma->unit_count > 0)
        memcpy(more, rma->units, rma->unit_count * sizeof *more);
    rma->units = more;
    rma->unit_room = room;
}

err_t return_split(struct ctx *ctx, struct rma *rma, size_t at, int64_t qty,
                   struct return_unit **ret)
{
    ASSERT(at < rma->unit_count && qty > 0 && qty <= rma->units[at].qty);
    if (qty == rma->units[at].qty) {
        *ret = &rma->units[at];
        return OK;
    }
    if (rma->unit_count >= LIMIT_RETURN_UNITS)
        return fail_as(ctx, ERR_STATE, "limit_reached", "items",
                       "units of a return go %d different ways at most",
                       LIMIT_RETURN_UNITS);
    make_room(ctx, rma);
    struct return_unit *part = &rma->units[rma->unit_count];
    *part = rma->units[at];
    part->u = (int64_t)rma->unit_count + 1;
    part->qty = qty;
    rma->units[at].qty -= qty;
    rma->unit_count++;
    *ret = part;
    return OK;
}

void return_drop(struct return_work *work, enum reception_event event)
{
    for (size_t i = 0; i < work->rma.unit_count; i++) {
        struct return_unit *unit = &work->rma.units[i];
        int next = machine_next(&reception_machine, unit->reception, event);
        if (next)
            unit->reception = (enum reception)next;
    }
}

void return_note_move(struct ctx *ctx, struct return_work *work,
                      const struct return_unit *unit, enum stock_bucket from,
                      enum stock_bucket to)
{
    if (from == to)
        return;
    if (work->move_count == work->move_room) {
        size_t room = work->move_room * 2 + 8;
        struct stock_back *more =
            arena_array(ctx->arena, struct stock_back, room);
        if (work->move_count > 0)
            memcpy(more, work->moves, work->move_count * sizeof *more);
        work->moves = more;
        work->move_room = room;
    }
    work->moves[work->move_count++] =
        (struct stock_back){unit->sku, unit->location, unit->qty, from,
                            to,        unit->names,    work->item};
}

/* ---- what follows ---- */

static void note_taken(struct return_work *work, const struct return_line *line,
                       int64_t amount)
{
    const struct return_reason *reason =
        return_policy_reason(&work->policy, line->reason);
    bool is_fault = reason && reason->is_fault;
    ASSERT(amount >= 0);
    work->taken += amount;
    if (is_fault && amount > 0)
        work->is_fault = true;
    if (!is_fault)
        work->taken_plain += amount;
}

/* What became of a line since: the order learns it. Units that come back and
 * units whose money goes back without them are told apart; a kit of which
 * something came is one that came. */
static err_t settle_line(struct ctx *ctx, struct return_work *work,
                         struct return_line *line)
{
    struct return_count now =
        return_count_line(line, work->rma.units, work->rma.unit_count);
    int64_t accepted = now.accepted - line->returned - line->written_off;
    int64_t dropped = now.dropped - line->dropped;
    int64_t kept = now.has_goods ? 0 : accepted;
    int64_t worth = work->order.lines[line->n - 1].total_now;
    ASSERT(accepted >= 0 && dropped >= 0);
    if (now.is_plain) {
        kept = now.kept - line->written_off;
        kept = kept < 0 ? 0 : kept > accepted ? accepted : kept;
    }
    if (accepted > kept)
        TRY(order_worth_return(ctx, &work->order, line->n, accepted - kept));
    if (dropped + kept > 0)
        TRY(order_worth_return_ask(ctx, &work->order, line->n,
                                   -(dropped + kept)));
    if (kept > 0)
        TRY(order_worth_write_off(ctx, &work->order, line->n, kept));
    note_taken(work, line, worth - work->order.lines[line->n - 1].total_now);
    line->returned += accepted - kept;
    line->written_off += kept;
    line->dropped += dropped;
    return OK;
}

err_t return_settle(struct ctx *ctx, struct return_work *work)
{
    for (size_t i = 0; i < work->rma.line_count; i++)
        TRY(settle_line(ctx, work, &work->rma.lines[i]));
    return return_keep(ctx, work);
}

static err_t follow(struct ctx *ctx, struct rma *rma)
{
    enum return_event event;
    while ((event = return_follow(rma->state, rma->units, rma->unit_count))) {
        TRY(return_move(ctx, rma, event));
        if (rma->state == RETURN_CLOSED)
            rma->closed_at = ctx->now;
    }
    return OK;
}

static bool is_started(const struct rma *rma)
{
    return rma->state == RETURN_IN_TRANSIT ||
           rma->state == RETURN_PARTIALLY_RECEIVED ||
           rma->state == RETURN_RECEIVED;
}

static bool is_same(const struct order *a, const struct order *b)
{
    if (a->return_flags != b->return_flags)
        return false;
    for (size_t i = 0; i < a->line_count; i++)
        if (a->lines[i].return_requested != b->lines[i].return_requested ||
            a->lines[i].returned != b->lines[i].returned ||
            a->lines[i].written_off != b->lines[i].written_off)
            return false;
    return a->charges_now == b->charges_now;
}

static void write_order(struct json_out *out, const void *arg)
{
    const struct rma *rma = arg;
    json_put_id(out, "return", "ret", rma->id.v);
    json_put_cstr(out, "return_state", return_state_name(rma->state));
}

static err_t tell_order(struct ctx *ctx, struct return_work *work)
{
    struct order *order = &work->order;
    struct order_note note = {.type = "order.return_changed",
                              .write = write_order,
                              .arg = &work->rma};
    order->return_flags = is_started(&work->rma) ? ORDER_RETURN_STARTED : 0;
    for (size_t i = 0; i < work->other_count; i++)
        if (is_started(&work->others[i]))
            order->return_flags = ORDER_RETURN_STARTED;
    if (is_same(&work->before, order))
        return OK;
    note.event_id = event_id(ctx, order->id.v);
    return order_note(ctx, &work->before, order, &note);
}

static err_t tell(struct ctx *ctx, const char *type,
                  const struct return_work *work)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, LIMIT_EVENT_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    return_write_facts(&out, &work->order, &work->rma);
    json_end_object(&out);
    return event_add(ctx, type, "return", work->rma.id.v, buf_str(&buf), NULL);
}

static err_t move_stock(struct ctx *ctx, const struct return_work *work)
{
    struct stock_return cmd = {.id = work->rma.id,
                               .reason = STR_NONE,
                               .parts = work->moves,
                               .count = work->move_count};
    return work->move_count > 0 ? inventory_return(ctx, &cmd) : OK;
}

err_t return_work_out(struct ctx *ctx, struct return_work *work)
{
    TRY(return_settle(ctx, work));
    return follow(ctx, &work->rma);
}

err_t return_carry_out(struct ctx *ctx, struct return_work *work,
                       const char *type)
{
    struct rma *rma = &work->rma;
    TRY(move_stock(ctx, work));
    TRY(tell_order(ctx, work));
    if (rma->version == 0) {
        rma->version = 1;
        rma->created_at = rma->updated_at = ctx->now;
        TRY(return_add(ctx, rma));
    } else {
        TRY(return_save(ctx, rma));
    }
    TRY(tell(ctx, type, work));
    return work->taken > 0 ? return_pay_back(ctx, work) : OK;
}

err_t return_finish(struct ctx *ctx, struct return_work *work, const char *type)
{
    TRY(return_work_out(ctx, work));
    return return_carry_out(ctx, work, type);
}

bool return_is_refused(err_t err)
{
    return err == ERR_STATE || err == ERR_INVALID || err == ERR_NOT_FOUND;
}

err_t return_tell_refused(struct ctx *ctx, const char *type,
                          const struct rma *rma, package_id package)
{
    enum { BYTES = 1024 };
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_id(&out, "order_id", "ord", rma->order.v);
    json_put_id_or_null(&out, "package_id", "pkg", package.v);
    json_put_cstr(&out, "code", err_name(&ctx->err));
    json_end_object(&out);
    err_clear(ctx);
    return event_add(ctx, type, "return", rma->id.v, buf_str(&buf), NULL);
}

err_t return_let_in(struct ctx *ctx, struct return_work *work)
{
    TRY(return_move(ctx, &work->rma, RETURN_EVENT_APPROVE));
    work->rma.expires_at = ctx->now + work->policy.expire_days * DAY_MS;
    return OK;
}
