/* fulfillment_pick_done.c - a walk ends: its orders learn what was found. */
#include "base/arena.h"
#include "base/str.h"
#include "oms/fulfillment/fulfillment_pick_note.h"
#include "oms/fulfillment/fulfillment_production.h"

static err_t check_all_found(struct ctx *ctx, const struct pick_work *work,
                             bool *ret_is_short)
{
    *ret_is_short = false;
    for (size_t i = 0; i < work->count; i++) {
        const struct pick_line *line = &work->lines[i];
        *ret_is_short |= line->missing > 0;
        if (pick_left(line) > 0)
            return fail_as(ctx, ERR_STATE, "lines_open", "lines",
                           "line %lld has %lld neither picked nor missing",
                           (long long)line->n, (long long)pick_left(line));
        if (line->qty > 0)
            TRY(production_check_made(ctx, line));
    }
    return OK;
}

err_t pick_complete(struct ctx *ctx, pick_task_id id, int64_t version)
{
    struct pick_work work;
    bool is_short;
    str more;
    TRY(pick_open(ctx, id, version, PICK_EVENT_COMPLETE, &work));
    TRY(pick_check_hands(ctx, &work.task));
    TRY(check_all_found(ctx, &work, &is_short));
    TRY(pick_note_done(ctx, &work, &more));
    return pick_finish(
        ctx, is_short ? PICK_EVENT_COMPLETE_SHORT : PICK_EVENT_COMPLETE, &work,
        more);
}

/* Units in hand are on their shelf again. */
static err_t put_back(struct ctx *ctx, const struct pick_work *work)
{
    struct pick_unit *units;
    size_t count;
    TRY(pick_unit_list(ctx, &work->task.id, 1, &units, &count));
    for (size_t i = 0; i < count; i++)
        units[i].gone = units[i].qty;
    return pick_unit_save(ctx, units, count);
}

err_t pick_cancel(struct ctx *ctx, pick_task_id id, int64_t version)
{
    struct pick_work work;
    TRY(pick_open(ctx, id, version, PICK_EVENT_CANCEL, &work));
    TRY(pick_note_back(ctx, &work));
    TRY(put_back(ctx, &work));
    TRY(pick_finish(ctx, PICK_EVENT_CANCEL, &work, STR("")));
    return pick_note_left(ctx, &work);
}
