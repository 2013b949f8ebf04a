/* fulfillment_command.c - fulfillment orders held, released, moved, split,
 * merged and called off. */
#include "oms/fulfillment/fulfillment_command.h"

#include "base/arena.h"
#include "base/check.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/fulfillment/fulfillment_leave.h"
#include "oms/fulfillment/fulfillment_work.h"
#include "store/event.h"

err_t fulfillment_begin(struct ctx *ctx, const struct fulfillment_cmd *cmd,
                        struct fulfillment_work *ret)
{
    TRY(fulfillment_lock(ctx, cmd->id, ret));
    return check_version(ctx, cmd->version, ret->fo->version);
}

/* Not what people wrote: reasons and messages may name the buyer, and stand in
 * the fulfillment order, from which they are erased. */
static void write_cmd(struct json_out *out, const void *arg)
{
    const struct fulfillment_cmd *cmd = arg;
    if (cmd->carrier.len > 0)
        json_put_str(out, "carrier", cmd->carrier);
    if (cmd->tracking.len > 0)
        json_put_str(out, "tracking", cmd->tracking);
}

err_t fulfillment_done(struct ctx *ctx, struct fulfillment_work *work,
                       const struct fulfillment_outcome *outcome,
                       struct fulfillment *ret)
{
    struct fulfillment_end end = {.type = outcome->type,
                                  .event_id = outcome->event_id,
                                  .saying = {.reason = outcome->reason}};
    if (outcome->cmd) {
        end.saying.write = write_cmd;
        end.saying.arg = outcome->cmd;
    }
    TRY(fulfillment_finish(ctx, work, &end));
    if (ret)
        *ret = *work->fo;
    return OK;
}

err_t fulfillment_check_here(struct ctx *ctx, const struct fulfillment *fo)
{
    if (!fulfillment_is_elsewhere(fo))
        return OK;
    return fail_as(ctx, ERR_STATE, "request_state", "request_status",
                   "its request is %s: ask who keeps the stock to cancel it "
                   "first",
                   fulfillment_request_name(fo->request_status));
}

/* ---- on hold ---- */

err_t fulfillment_open(struct ctx *ctx, const struct fulfillment_cmd *cmd,
                       struct fulfillment *ret)
{
    struct fulfillment_work work;
    struct fulfillment_outcome outcome = {.cmd = cmd};
    TRY(fulfillment_begin(ctx, cmd, &work));
    TRY(fulfillment_move(ctx, work.fo, FULFILLMENT_EVENT_OPEN));
    TRY(fulfillment_check_leave(ctx, &work));
    fulfillment_touch(work.fo, "fulfillment_order.opened");
    return fulfillment_done(ctx, &work, &outcome, ret);
}

err_t fulfillment_hold(struct ctx *ctx, const struct fulfillment_cmd *cmd,
                       struct fulfillment *ret)
{
    struct fulfillment_work work;
    struct fulfillment_outcome outcome = {.cmd = cmd};
    TRY(check_line(ctx, "reason", cmd->reason, 1, LIMIT_REASON_BYTES));
    TRY(fulfillment_begin(ctx, cmd, &work));
    TRY(fulfillment_check_here(ctx, work.fo));
    TRY(fulfillment_move(ctx, work.fo, FULFILLMENT_EVENT_HOLD));
    work.fo->hold_reason = cmd->reason;
    fulfillment_touch(work.fo, "fulfillment_order.held");
    return fulfillment_done(ctx, &work, &outcome, ret);
}

err_t fulfillment_release(struct ctx *ctx, const struct fulfillment_cmd *cmd,
                          struct fulfillment *ret)
{
    struct fulfillment_work work;
    struct fulfillment_outcome outcome = {.cmd = cmd};
    TRY(fulfillment_begin(ctx, cmd, &work));
    TRY(fulfillment_move(ctx, work.fo, FULFILLMENT_EVENT_RELEASE));
    TRY(fulfillment_check_leave(ctx, &work));
    work.fo->hold_reason = STR_NONE;
    fulfillment_touch(work.fo, "fulfillment_order.released");
    return fulfillment_done(ctx, &work, &outcome, ret);
}

/* ---- elsewhere ---- */

/* What of it is in no hand; none of it may be in one. */
static err_t units_left(struct ctx *ctx, const struct fulfillment *fo,
                        struct fulfillment_units **ret, size_t *ret_count)
{
    *ret = arena_array(ctx->arena, struct fulfillment_units, fo->line_count);
    *ret_count = 0;
    for (size_t i = 0; i < fo->line_count; i++) {
        const struct fulfillment_line *line = &fo->lines[i];
        if (line->picked > line->shipped)
            return fail_as(ctx, ERR_STATE, "units_in_work", "status",
                           "line %lld has %lld picked: put that back first",
                           (long long)line->n,
                           (long long)(line->picked - line->shipped));
        if (line->qty > line->picked)
            (*ret)[(*ret_count)++] = (struct fulfillment_units){
                .n = line->n, .qty = line->qty - line->picked};
    }
    return OK;
}

static void drop_units(struct fulfillment *fo)
{
    for (size_t i = 0; i < fo->line_count; i++)
        fo->lines[i].qty = fo->lines[i].picked;
}

err_t fulfillment_leave(struct ctx *ctx, struct fulfillment_work *work,
                        const struct fulfillment_outcome *outcome)
{
    struct fulfillment_outcome out = *outcome;
    struct fulfillment_units *units;
    struct fulfillment_route route = {.from = work->fo->location,
                                      .is_here = true,
                                      .bars = outcome->bars,
                                      .reason = outcome->reason,
                                      .event_id =
                                          event_id(ctx, work->order.id.v)};
    TRY(units_left(ctx, work->fo, &units, &route.count));
    route.units = units;
    ASSERT(route.count > 0);
    drop_units(work->fo);
    TRY(fulfillment_settle(ctx, work->fo));
    TRY(fulfillment_reroute(ctx, work, &route));
    out.type = route.waiting > 0 ? "order.unallocated" : "order.allocated";
    out.event_id = route.event_id;
    return fulfillment_done(ctx, work, &out, NULL);
}

err_t fulfillment_cancel(struct ctx *ctx, const struct fulfillment_cmd *cmd,
                         struct fulfillment *ret)
{
    struct fulfillment_work work;
    struct fulfillment_outcome outcome = {
        .cmd = cmd, .reason = "cancelled_by_hand", .bars = true};
    TRY(check_line(ctx, "reason", cmd->reason, 1, LIMIT_REASON_BYTES));
    TRY(fulfillment_begin(ctx, cmd, &work));
    TRY(fulfillment_check_here(ctx, work.fo));
    struct fulfillment probe = *work.fo;
    TRY(fulfillment_move(ctx, &probe, FULFILLMENT_EVENT_CANCEL));
    if (work.fo->status == FULFILLMENT_IN_PROGRESS)
        return fail_as(ctx, ERR_STATE, "units_in_work", "status",
                       "somebody is at it: call that off first");
    fulfillment_touch(work.fo, "fulfillment_order.cancelled");
    TRY(fulfillment_leave(ctx, &work, &outcome));
    *ret = *work.fo;
    return OK;
}

static err_t check_place(struct ctx *ctx, const struct fulfillment *fo,
                         location_id to)
{
    struct location place;
    err_t err = location_get(ctx, to, &place);
    if (err == ERR_NOT_FOUND) {
        err_clear(ctx);
        return fail_as(ctx, ERR_INVALID, "location_unknown", "location",
                       "there is no location with this id");
    }
    TRY(err);
    if (!place.is_active)
        return fail_as(ctx, ERR_STATE, "location_inactive", "location",
                       "the location is not active");
    if (to.v == fo->location.v)
        return fail_as(ctx, ERR_INVALID, "same_location", "location",
                       "it leaves from there already");
    return OK;
}

/* One that was given up begins anew; of one that has shipped some, the rest
 * gets an FO of its own. */
static err_t set_out(struct ctx *ctx, struct fulfillment *fo, location_id to)
{
    bool has_shipped = false;
    for (size_t i = 0; i < fo->line_count; i++)
        has_shipped |= fo->lines[i].shipped > 0;
    if (fo->request_status != REQUEST_UNSUBMITTED)
        TRY(fulfillment_request_move(ctx, fo, REQUEST_EVENT_RESET));
    fo->request = STR("{}");
    TRY(fulfillment_move(ctx, fo,
                         fo->status == FULFILLMENT_INCOMPLETE
                             ? FULFILLMENT_EVENT_REROUTE
                             : FULFILLMENT_EVENT_EDIT));
    fulfillment_touch(fo, "fulfillment_order.moved");
    if (has_shipped) {
        drop_units(fo);
        return fulfillment_settle(ctx, fo);
    }
    fo->location = to;
    fo->is_sticky = true;
    fo->is_routed = true;
    return OK;
}

err_t fulfillment_relocate(struct ctx *ctx, const struct fulfillment_cmd *cmd,
                           struct fulfillment *ret)
{
    struct fulfillment_work work;
    struct fulfillment_units *units;
    struct fulfillment_outcome outcome = {
        .cmd = cmd, .type = "order.allocated", .reason = "moved_by_hand"};
    struct fulfillment_route route = {
        .to = cmd->to, .is_here = true, .reason = outcome.reason};
    TRY(fulfillment_begin(ctx, cmd, &work));
    TRY(fulfillment_check_here(ctx, work.fo));
    TRY(check_place(ctx, work.fo, cmd->to));
    TRY(units_left(ctx, work.fo, &units, &route.count));
    route.units = units;
    route.from = work.fo->location;
    route.event_id = outcome.event_id = event_id(ctx, work.order.id.v);
    TRY(set_out(ctx, work.fo, cmd->to));
    TRY(fulfillment_reroute(ctx, &work, &route));
    for (size_t i = 0; i < work.count; i++)
        if (work.all[i]->is_new && work.all[i]->location.v == cmd->to.v)
            work.all[i]->is_sticky = true;
    return fulfillment_done(ctx, &work, &outcome, ret);
}

/* ---- apart and together ---- */

static err_t check_editable(struct ctx *ctx, const struct fulfillment *fo)
{
    struct fulfillment probe = *fo;
    TRY(fulfillment_check_here(ctx, fo));
    return fulfillment_move(ctx, &probe, FULFILLMENT_EVENT_EDIT);
}

static err_t part_line(struct ctx *ctx, const struct fulfillment_cmd *cmd,
                       size_t i, struct fulfillment *from,
                       struct fulfillment *to)
{
    const struct fulfillment_units *units = &cmd->units[i];
    struct fulfillment_line *line = fulfillment_line_of(from, units->n);
    if (!line)
        return fail_as(ctx, ERR_INVALID, "line_unknown", "line",
                       "the fulfillment order has no line %lld",
                       (long long)units->n);
    if (fulfillment_line_of(to, units->n))
        return fail_as(ctx, ERR_INVALID, "line_twice", "line",
                       "line %lld is named twice", (long long)units->n);
    if (units->qty > line->qty)
        return fail_as(ctx, ERR_INVALID, "over_split", "quantity",
                       "of line %lld at most %lld can part",
                       (long long)units->n, (long long)line->qty);
    line->qty -= units->qty;
    size_t at = to->line_count++;
    for (; at > 0 && to->lines[at - 1].n > units->n; at--)
        to->lines[at] = to->lines[at - 1];
    to->lines[at] = (struct fulfillment_line){
        .n = units->n, .sku = line->sku, .qty = units->qty};
    return OK;
}

err_t fulfillment_split(struct ctx *ctx, const struct fulfillment_cmd *cmd,
                        struct fulfillment *ret)
{
    struct fulfillment_work work;
    struct fulfillment_outcome outcome = {.cmd = cmd};
    TRY(fulfillment_begin(ctx, cmd, &work));
    TRY(check_editable(ctx, work.fo));
    struct fulfillment_key key = {work.fo->order, work.fo->channel,
                                  work.fo->location, work.fo->method, 0};
    struct fulfillment *part = fulfillment_make(ctx, &key, cmd->count);
    part->status = work.fo->status;
    part->hold_reason = work.fo->hold_reason;
    part->fulfil_at = work.fo->fulfil_at;
    part->deadline_at = work.fo->deadline_at;
    part->promise_at = work.fo->promise_at;
    part->is_routed = false;
    part->is_sticky = work.fo->is_sticky;
    part->told = "fulfillment_order.split_off";
    for (size_t i = 0; i < cmd->count; i++)
        TRY(part_line(ctx, cmd, i, work.fo, part));
    if (fulfillment_outstanding(work.fo) == 0)
        return fail_as(ctx, ERR_INVALID, "nothing_left", "lines",
                       "some units must stay");
    fulfillment_touch(work.fo, "fulfillment_order.split");
    fulfillment_add_to(ctx, &work, part);
    TRY(fulfillment_done(ctx, &work, &outcome, ret));
    *ret = *part;
    return OK;
}

static err_t find_other(struct ctx *ctx, const struct fulfillment_work *work,
                        const struct fulfillment_seen *seen,
                        struct fulfillment **ret)
{
    *ret = NULL;
    for (size_t i = 0; i < work->count; i++)
        if (work->all[i]->id.v == seen->id.v)
            *ret = work->all[i];
    if (!*ret || *ret == work->fo)
        return fail_as(ctx, ERR_INVALID, "fulfillment_order_unknown", "id",
                       "the order has no other fulfillment order of this id");
    TRY(check_version(ctx, seen->version, (*ret)->version));
    TRY(check_editable(ctx, *ret));
    const struct fulfillment *a = *ret, *b = work->fo;
    if (a->location.v != b->location.v || a->method != b->method ||
        a->status != b->status ||
        (a->status == FULFILLMENT_SCHEDULED && a->fulfil_at != b->fulfil_at))
        return fail_as(ctx, ERR_STATE, "not_alike", "id",
                       "location, method, status and, until it has come, the "
                       "day must be the same");
    return OK;
}

/* What was promised first has to be kept. */
static utc_ms sooner(utc_ms a, utc_ms b)
{
    if (a == 0 || b == 0)
        return a ? a : b;
    return a < b ? a : b;
}

static void join_lines(struct ctx *ctx, struct fulfillment *to,
                       struct fulfillment *from)
{
    struct fulfillment_line *lines = arena_array(
        ctx->arena, struct fulfillment_line, to->line_count + from->line_count);
    size_t n = 0, i = 0, j = 0;
    while (i < to->line_count || j < from->line_count) {
        bool is_ours =
            j == from->line_count ||
            (i < to->line_count && to->lines[i].n <= from->lines[j].n);
        const struct fulfillment_line *line =
            is_ours ? &to->lines[i++] : &from->lines[j++];
        if (n > 0 && lines[n - 1].n == line->n)
            lines[n - 1].qty += line->qty;
        else
            lines[n++] = *line;
    }
    to->lines = lines;
    to->line_count = to->line_room = n;
    for (size_t k = 0; k < from->line_count; k++)
        from->lines[k].qty = 0;
}

err_t fulfillment_merge(struct ctx *ctx, const struct fulfillment_cmd *cmd,
                        struct fulfillment *ret)
{
    struct fulfillment_work work;
    struct fulfillment_outcome outcome = {.cmd = cmd};
    TRY(fulfillment_begin(ctx, cmd, &work));
    TRY(check_editable(ctx, work.fo));
    for (size_t i = 0; i < cmd->other_count; i++) {
        struct fulfillment *other;
        TRY(find_other(ctx, &work, &cmd->others[i], &other));
        join_lines(ctx, work.fo, other);
        work.fo->deadline_at = sooner(work.fo->deadline_at, other->deadline_at);
        work.fo->promise_at = sooner(work.fo->promise_at, other->promise_at);
        fulfillment_touch(other, "fulfillment_order.merged");
        TRY(fulfillment_settle(ctx, other));
    }
    fulfillment_touch(work.fo, "fulfillment_order.joined");
    return fulfillment_done(ctx, &work, &outcome, ret);
}
