/* fulfillment_pick_work.c - what all commands of pick tasks share, and those
 * that give a task to somebody. */
#include "oms/fulfillment/fulfillment_pick_work.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/fulfillment/fulfillment_pick_note.h"
#include "store/event.h"

err_t pick_open(struct ctx *ctx, pick_task_id id, int64_t version,
                enum pick_event event, struct pick_work *ret)
{
    ASSERT(ctx->tx != NULL);
    *ret = (struct pick_work){0};
    TRY(pick_task_lock(ctx, id, &ret->task));
    if (version != 0)
        TRY(check_version(ctx, version, ret->task.version));
    TRY(pick_allow(ctx, ret->task.state, event));
    ret->event_id = event_id(ctx, id.v);
    TRY(pick_line_list(ctx, &id, 1, &ret->lines, &ret->count));
    ret->before = arena_array(ctx->arena, struct pick_line, ret->count);
    if (ret->count > 0)
        memcpy(ret->before, ret->lines, ret->count * sizeof *ret->before);
    return OK;
}

err_t pick_open_if(struct ctx *ctx, pick_task_id id, enum pick_event event,
                   struct pick_work *ret, bool *ret_is_over)
{
    struct pick_task task;
    TRY(pick_task_lock(ctx, id, &task));
    *ret_is_over = pick_next(task.state, event) == 0;
    return *ret_is_over ? OK : pick_open(ctx, id, 0, event, ret);
}

err_t pick_check_hands(struct ctx *ctx, const struct pick_task *task)
{
    const struct actor *has = &task->assignee;
    if (has->kind == 0 ||
        (has->kind == ctx->actor.kind && has->id == ctx->actor.id))
        return OK;
    return fail_as(ctx, ERR_STATE, "task_of_another", "assignee",
                   "somebody else has this task; assign it anew to take it "
                   "over");
}

struct pick_line *pick_line_of(struct pick_work *work, int64_t n)
{
    size_t low = 0, high = work->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (work->lines[mid].n < n)
            low = mid + 1;
        else
            high = mid;
    }
    return low < work->count && work->lines[low].n == n ? &work->lines[low]
                                                        : NULL;
}

int64_t pick_left(const struct pick_line *line)
{
    return line->qty - line->picked - line->missing;
}

static bool is_changed(const struct pick_line *a, const struct pick_line *b)
{
    return a->qty != b->qty || a->picked != b->picked ||
           a->missing != b->missing || !str_equal(a->reason, b->reason) ||
           !str_equal(a->tote, b->tote);
}

err_t pick_save_lines(struct ctx *ctx, struct pick_work *work)
{
    struct pick_line *changed =
        arena_array(ctx->arena, struct pick_line, work->count);
    size_t n = 0;
    for (size_t i = 0; i < work->count; i++)
        if (is_changed(&work->lines[i], &work->before[i])) {
            changed[n++] = work->lines[i];
            work->before[i] = work->lines[i];
        }
    return n > 0 ? pick_line_save(ctx, changed, n) : OK;
}

/* ---- telling ---- */

static str task_text(struct ctx *ctx, const struct pick_work *work, str more)
{
    int64_t qty = 0, picked = 0, missing = 0;
    struct buf buf;
    struct json_out out;
    for (size_t i = 0; i < work->count; i++) {
        qty += work->lines[i].qty;
        picked += work->lines[i].picked;
        missing += work->lines[i].missing;
    }
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_id(&out, "location", "loc", work->task.location.v);
    json_put_cstr(&out, "mode", pick_mode_name(work->task.mode));
    json_put_cstr(&out, "state", pick_state_name(work->task.state));
    json_put_str(&out, "zone", work->task.zone);
    json_put_id(&out, "wave", "pkt", work->task.wave.v);
    json_put_i64(&out, "lines", (int64_t)work->count);
    json_put_i64(&out, "units", qty);
    json_put_i64(&out, "picked", picked);
    json_put_i64(&out, "missing", missing);
    if (more.len > 0)
        json_put_raw(&out, "details", more);
    json_put_i64(&out, "version", work->task.version);
    json_end_object(&out);
    return buf_str(&buf);
}

static const char *event_type(enum pick_event event)
{
    switch (event) {
    case PICK_EVENT_CREATE: return "pick_task.created";
    case PICK_EVENT_ASSIGN: return "pick_task.assigned";
    case PICK_EVENT_UNASSIGN: return "pick_task.unassigned";
    case PICK_EVENT_START: return "pick_task.started";
    case PICK_EVENT_SCAN: return "pick_task.scanned";
    case PICK_EVENT_SHORT: return "pick_task.missing";
    case PICK_EVENT_CUT: return "pick_task.cut";
    case PICK_EVENT_COMPLETE: return "pick_task.picked";
    case PICK_EVENT_COMPLETE_SHORT: return "pick_task.short";
    case PICK_EVENT_PACK: return "pick_task.packed";
    case PICK_EVENT_CANCEL: return "pick_task.cancelled";
    }
    UNREACHABLE("not an event of a pick task");
}

err_t pick_tell(struct ctx *ctx, const char *type, const struct pick_work *work,
                str more)
{
    struct event row = {
        .id = work->event_id,
        .at = ctx->now,
        .type = str_from_cstr(type),
        .subject_kind = STR("pick_task"),
        .subject_id = work->task.id.v,
        .actor = ctx->actor,
        .data = task_text(ctx, work, more),
    };
    return event_add_many(ctx, &row, 1);
}

err_t pick_finish(struct ctx *ctx, enum pick_event event,
                  struct pick_work *work, str more)
{
    enum pick_state next = pick_next(work->task.state, event);
    ASSERT(next != 0);
    if (pick_is_live(work->task.state) && !pick_is_live(next))
        work->task.ended_at = ctx->now;
    work->task.state = next;
    TRY(pick_task_save(ctx, &work->task));
    TRY(pick_save_lines(ctx, work));
    return pick_tell(ctx, event_type(event), work, more);
}

/* ---- who has it ---- */

static str assignee_text(struct ctx *ctx, struct actor who)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, LIMIT_NOTE_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    if (who.kind == 0)
        json_put_null(&out, "assignee");
    else
        json_put_id(&out, "assignee", who.kind == ACTOR_USER ? "usr" : "key",
                    who.id);
    json_end_object(&out);
    return buf_str(&buf);
}

err_t pick_assign(struct ctx *ctx, pick_task_id id, int64_t version,
                  struct actor assignee)
{
    struct pick_work work;
    enum pick_event event =
        assignee.kind == 0 ? PICK_EVENT_UNASSIGN : PICK_EVENT_ASSIGN;
    ASSERT(assignee.kind == 0 || assignee.kind == ACTOR_USER ||
           assignee.kind == ACTOR_KEY);
    TRY(pick_open(ctx, id, version, event, &work));
    work.task.assignee = assignee;
    return pick_finish(ctx, event, &work, assignee_text(ctx, assignee));
}

err_t pick_start(struct ctx *ctx, pick_task_id id, int64_t version)
{
    struct pick_work work;
    TRY(pick_open(ctx, id, version, PICK_EVENT_START, &work));
    TRY(pick_check_hands(ctx, &work.task));
    bool is_somebody =
        ctx->actor.kind == ACTOR_USER || ctx->actor.kind == ACTOR_KEY;
    if (work.task.assignee.kind == 0 && is_somebody)
        work.task.assignee = ctx->actor;
    work.task.started_at = ctx->now;
    TRY(pick_note_started(ctx, &work));
    return pick_finish(ctx, PICK_EVENT_START, &work,
                       assignee_text(ctx, work.task.assignee));
}
