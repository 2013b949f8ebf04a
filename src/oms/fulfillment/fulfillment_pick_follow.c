/* fulfillment_pick_follow.c - tasks follow what happens to their fulfillment
 * orders. */
#include "base/arena.h"
#include "base/map.h"
#include "base/str.h"
#include "oms/fulfillment/fulfillment_pick_note.h"
#include "oms/fulfillment/fulfillment_rules.h"

/* ---- fewer units ---- */

static bool may_pick(const struct fulfillment *fo)
{
    return (fo->status == FULFILLMENT_OPEN ||
            fo->status == FULFILLMENT_IN_PROGRESS) &&
           !fulfillment_is_elsewhere(fo);
}

/* What tasks have or want of one SKU of a line. */
struct tally {
    int64_t found; /* In hands and parcels. */
    int64_t left;  /* Still walked for. */
};

static struct tally tally_of(struct pick_run run)
{
    struct tally ret = {0};
    for (size_t i = 0; i < run.count; i++) {
        ret.found += run.at[i].line.picked;
        if (pick_is_live(run.at[i].state))
            ret.left += pick_left(&run.at[i].line);
    }
    return ret;
}

/* Units of a SKU in the hand of somebody who still walks cannot be taken
 * away. */
static err_t check_hands(struct ctx *ctx, struct pick_run run, int64_t surplus)
{
    for (size_t i = 0; i < run.count && surplus > 0; i++)
        if (run.at[i].state == PICK_PICKING && run.at[i].line.picked > 0)
            return fail_as(ctx, ERR_STATE, "units_in_work", "quantity",
                           "line %lld has %lld in a picker's hand: end that "
                           "walk or call it off first",
                           (long long)run.at[i].line.fo_n,
                           (long long)run.at[i].line.picked);
    return OK;
}

/* Cuts what tasks walk for in vain. The first line of a walk that goes on
 * speaks for all of them. */
static err_t follow_run(struct ctx *ctx, const struct fulfillment *fo,
                        struct pick_run run, struct pick_cut *cuts,
                        size_t *count)
{
    struct tally tally = tally_of(run);
    const struct fulfillment_line *line =
        fulfillment_line_of(fo, run.at->line.fo_n);
    int64_t wanted = line ? line->qty * run.at->line.per : 0;
    size_t live = 0;
    TRY(check_hands(ctx, run, tally.found - wanted));
    while (live < run.count && !pick_is_live(run.at[live].state))
        live++;
    if (live == run.count)
        return OK;
    bool is_here =
        may_pick(fo) && run.at[live].line.location.v == fo->location.v;
    int64_t room = is_here && wanted > tally.found ? wanted - tally.found : 0;
    if (tally.left > room)
        pick_cut_from(run, tally.left - room, (pick_task_id){0}, cuts, count);
    return OK;
}

err_t pick_reconcile(struct ctx *ctx, struct fulfillment *const *all,
                     size_t count)
{
    struct pick_walked *lines;
    size_t n = 0, line_count, cut_count = 0;
    fulfillment_order_id *ids =
        arena_array(ctx->arena, fulfillment_order_id, count);
    struct map *by_id = map_open(ctx->arena, count);
    for (size_t i = 0; i < count; i++) {
        if (!all[i]->told || all[i]->is_new)
            continue;
        ids[n++] = all[i]->id;
        map_set(by_id, (struct map_key){.a = all[i]->id.v}, all[i]);
    }
    if (n == 0)
        return OK;
    TRY(pick_line_list_fos(ctx, ids, n, &lines, &line_count));
    struct pick_cut *cuts =
        arena_array(ctx->arena, struct pick_cut, line_count);
    for (size_t i = 0; i < line_count;) {
        const struct pick_line *at = &lines[i].line;
        struct pick_run run =
            pick_run_of(&lines[i], line_count - i, at->fo, at->fo_n, at->sku);
        TRY(follow_run(ctx, map_find(by_id, (struct map_key){.a = at->fo.v}),
                       run, cuts, &cut_count));
        i += run.count;
    }
    return pick_cut(ctx, cuts, cut_count);
}

/* ---- packed ---- */

static bool is_packed(const struct fulfillment *fo)
{
    for (size_t i = 0; i < fo->line_count; i++)
        if (fo->lines[i].packed < fo->lines[i].picked)
            return false;
    return true;
}

static err_t pack_task(struct ctx *ctx, pick_task_id id)
{
    struct pick_work work;
    struct fulfillment *fos;
    fulfillment_order_id *ids;
    size_t count, found;
    bool is_over;
    /* It may have been called off since it was read. */
    TRY(pick_open_if(ctx, id, PICK_EVENT_PACK, &work, &is_over));
    if (is_over)
        return OK;
    pick_fos_of(ctx->arena, &work, &ids, &count);
    TRY(fulfillment_list_ids(ctx, ids, count, &fos, &found));
    for (size_t i = 0; i < found; i++)
        if (!is_packed(&fos[i]))
            return OK;
    return pick_finish(ctx, PICK_EVENT_PACK, &work, STR(""));
}

err_t pick_note_packed(struct ctx *ctx, const fulfillment_order_id *fos,
                       size_t count)
{
    struct pick_walked *lines;
    size_t n;
    struct map *seen;
    TRY(pick_line_list_fos(ctx, fos, count, &lines, &n));
    seen = map_open(ctx->arena, n);
    for (size_t i = 0; i < n; i++) {
        struct map_key key = {.a = lines[i].line.task.v};
        if (map_find(seen, key) || !pick_next(lines[i].state, PICK_EVENT_PACK))
            continue;
        map_set(seen, key, &lines[i]);
        TRY(pack_task(ctx, lines[i].line.task));
    }
    return OK;
}
