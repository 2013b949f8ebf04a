/* fulfillment_pick_note.c - a task is started, called off or cut. */
#include "oms/fulfillment/fulfillment_pick_note.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/str.h"
#include "oms/fulfillment/fulfillment_leave.h"
#include "oms/fulfillment/fulfillment_picks_sql.h"
#include "oms/fulfillment/fulfillment_pickup.h"
#include "store/event.h"
#include "store/sql.h"

err_t pick_search_fos(struct ctx *ctx, const struct pick_search *what,
                      fulfillment_order_id **ret, size_t *ret_count)
{
    struct sql_rows rows;
    struct sql_arg args[] = {sql_i(what->location.v), sql_i(what->method),
                             sql_i(what->due_by), sql_i(what->is_again),
                             sql_i((int64_t)what->limit)};
    TRY(sql_list(ctx, SQL_PICK_SEARCH, args, COUNT_OF(args), &rows));
    *ret = arena_array(ctx->arena, fulfillment_order_id, rows.count);
    *ret_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*ret)[i].v = sql_int(&rows, i, 0);
    return OK;
}

static int compare_fos(const void *a, const void *b)
{
    const fulfillment_order_id *x = a, *y = b;
    return (x->v > y->v) - (x->v < y->v);
}

void pick_fos_of(struct arena *arena, const struct pick_work *work,
                 fulfillment_order_id **ret, size_t *ret_count)
{
    fulfillment_order_id *ids =
        arena_array(arena, fulfillment_order_id, work->count);
    size_t n = 0;
    for (size_t i = 0; i < work->count; i++)
        ids[i] = work->lines[i].fo;
    if (work->count > 1)
        qsort(ids, work->count, sizeof *ids, compare_fos);
    for (size_t i = 0; i < work->count; i++)
        if (n == 0 || ids[n - 1].v != ids[i].v)
            ids[n++] = ids[i];
    *ret = ids;
    *ret_count = n;
}

/* ---- started ---- */

static bool is_wanted(const struct pick_work *work, fulfillment_order_id fo)
{
    for (size_t i = 0; i < work->count; i++)
        if (work->lines[i].fo.v == fo.v && work->lines[i].qty > 0)
            return true;
    return false;
}

err_t pick_note_started(struct ctx *ctx, struct pick_work *work)
{
    fulfillment_order_id *ids;
    size_t count;
    pick_fos_of(ctx->arena, work, &ids, &count);
    for (size_t i = 0; i < count; i++) {
        struct fulfillment_work fo;
        if (!is_wanted(work, ids[i]))
            continue;
        TRY(fulfillment_lock(ctx, ids[i], &fo));
        TRY(fulfillment_check_pickable(ctx, fo.fo));
        if (fo.fo->status == FULFILLMENT_OPEN)
            TRY(fulfillment_note_started(ctx, &fo));
        TRY(pickup_prepare(ctx, fo.fo));
    }
    return OK;
}

/* ---- called off ---- */

/* Lines of a kit stand once for each component: counted by the first. */
static int64_t whole_units(const struct pick_work *work, size_t first)
{
    const struct pick_line *line = &work->lines[first];
    int64_t whole = INT64_MAX;
    for (size_t i = 0; i < work->count; i++) {
        const struct pick_line *at = &work->lines[i];
        int64_t units = 0;
        if (at->fo.v != line->fo.v || at->fo_n != line->fo_n)
            continue;
        for (size_t j = 0; j < work->count; j++)
            if (work->lines[j].fo.v == at->fo.v &&
                work->lines[j].fo_n == at->fo_n &&
                work->lines[j].sku.v == at->sku.v)
                units += work->lines[j].picked;
        whole = units / at->per < whole ? units / at->per : whole;
    }
    return whole;
}

static bool is_first(const struct pick_work *work, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (work->lines[i].fo.v == work->lines[n].fo.v &&
            work->lines[i].fo_n == work->lines[n].fo_n)
            return false;
    return true;
}

static err_t check_unpacked(struct ctx *ctx, const struct fulfillment_line *at,
                            int64_t qty)
{
    if (qty <= at->picked - at->packed)
        return OK;
    return fail_as(ctx, ERR_STATE, "units_packed", "state",
                   "units of line %lld stand in parcels: take them out first",
                   (long long)at->n);
}

static err_t unpick(struct ctx *ctx, const struct pick_work *work,
                    struct fulfillment_work *fo)
{
    struct fulfillment_units *units =
        arena_array(ctx->arena, struct fulfillment_units, work->count);
    struct fulfillment_note note = {.units = units};
    for (size_t i = 0; i < work->count; i++) {
        const struct pick_line *line = &work->lines[i];
        struct fulfillment_line *at = fulfillment_line_of(fo->fo, line->fo_n);
        if (line->fo.v != fo->fo->id.v || !at || !is_first(work, i))
            continue;
        int64_t qty = whole_units(work, i);
        qty = qty < at->picked ? qty : at->picked;
        TRY(check_unpacked(ctx, at, qty));
        if (qty > 0)
            units[note.count++] =
                (struct fulfillment_units){.n = at->n, .qty = qty};
    }
    if (note.count == 0)
        return OK;
    TRY(pickup_check_unready(ctx, fo->fo));
    return fulfillment_note_unpicked(ctx, fo, &note);
}

/* Nobody else walks for it, and nothing of it is in a hand. */
static err_t is_left_alone(struct ctx *ctx, const struct pick_work *work,
                           const struct fulfillment *fo, bool *ret)
{
    struct pick_walked *lines;
    size_t count;
    *ret = fo->status == FULFILLMENT_IN_PROGRESS;
    for (size_t i = 0; i < fo->line_count; i++)
        *ret &= fo->lines[i].picked == 0;
    TRY(pick_line_list_fos(ctx, &fo->id, 1, &lines, &count));
    for (size_t i = 0; i < count; i++)
        if (lines[i].line.task.v != work->task.id.v && lines[i].line.qty > 0 &&
            lines[i].state == PICK_PICKING)
            *ret = false;
    return OK;
}

err_t pick_note_back(struct ctx *ctx, struct pick_work *work)
{
    fulfillment_order_id *ids;
    size_t count;
    bool is_alone, is_done = !pick_is_live(work->task.state);
    if (!is_done && work->task.state != PICK_PICKING)
        return OK;
    pick_fos_of(ctx->arena, work, &ids, &count);
    for (size_t i = 0; i < count; i++) {
        struct fulfillment_work fo;
        TRY(fulfillment_lock(ctx, ids[i], &fo));
        if (is_done)
            TRY(unpick(ctx, work, &fo));
        TRY(is_left_alone(ctx, work, fo.fo, &is_alone));
        if (is_alone)
            TRY(fulfillment_note_stopped(ctx, &fo));
    }
    return OK;
}

err_t pick_note_left(struct ctx *ctx, struct pick_work *work)
{
    fulfillment_order_id *ids;
    size_t count;
    pick_fos_of(ctx->arena, work, &ids, &count);
    for (size_t i = 0; i < count; i++) {
        struct fulfillment_work fo;
        TRY(fulfillment_lock(ctx, ids[i], &fo));
        TRY(fulfillment_note_left(ctx, &fo));
    }
    return OK;
}

/* ---- cut ---- */

static bool is_empty(const struct pick_work *work)
{
    for (size_t i = 0; i < work->count; i++)
        if (work->lines[i].qty > 0)
            return false;
    return true;
}

int64_t pick_cut_from(struct pick_run run, int64_t qty, pick_task_id but,
                      struct pick_cut *cuts, size_t *count)
{
    int64_t left = qty;
    for (size_t i = run.count; i > 0 && left > 0; i--) {
        struct pick_walked *at = &run.at[i - 1];
        int64_t there = pick_left(&at->line);
        int64_t take = there < left ? there : left;
        if (!pick_is_live(at->state) || at->line.task.v == but.v || take <= 0)
            continue;
        cuts[(*count)++] = (struct pick_cut){at->line.task, at->line.n, take};
        at->line.qty -= take;
        left -= take;
    }
    return qty - left;
}

static int compare_cuts(const void *a, const void *b)
{
    const struct pick_cut *x = a, *y = b;
    if (x->task.v != y->task.v)
        return x->task.v < y->task.v ? -1 : 1;
    return (x->n > y->n) - (x->n < y->n);
}

/* Those of one task. */
static err_t cut_task(struct ctx *ctx, const struct pick_cut *cuts,
                      size_t count)
{
    struct pick_work work;
    bool is_over;
    TRY(pick_open_if(ctx, cuts->task, PICK_EVENT_CUT, &work, &is_over));
    if (is_over)
        return ERR_RETRY;
    for (size_t i = 0; i < count; i++) {
        struct pick_line *line = pick_line_of(&work, cuts[i].n);
        if (!line || pick_left(line) < cuts[i].qty)
            return ERR_RETRY;
        line->qty -= cuts[i].qty;
    }
    return pick_finish(ctx,
                       is_empty(&work) ? PICK_EVENT_CANCEL : PICK_EVENT_CUT,
                       &work, STR(""));
}

err_t pick_cut(struct ctx *ctx, struct pick_cut *cuts, size_t count)
{
    if (count > 1)
        qsort(cuts, count, sizeof *cuts, compare_cuts);
    for (size_t i = 0; i < count;) {
        size_t to = i;
        while (to < count && cuts[to].task.v == cuts[i].task.v)
            to++;
        TRY(cut_task(ctx, &cuts[i], to - i));
        i = to;
    }
    return OK;
}
