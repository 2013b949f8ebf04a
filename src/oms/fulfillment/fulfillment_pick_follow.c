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

static struct tally tally_of(const struct pick_line *lines,
                             const enum pick_state *states, size_t count,
                             const struct pick_line *like)
{
    struct tally ret = {0};
    for (size_t i = 0; i < count; i++) {
        if (lines[i].fo.v != like->fo.v || lines[i].fo_n != like->fo_n ||
            lines[i].sku.v != like->sku.v)
            continue;
        ret.found += lines[i].picked;
        if (pick_is_live(states[i]))
            ret.left += pick_left(&lines[i]);
    }
    return ret;
}

static err_t follow_line(struct ctx *ctx, const struct fulfillment *fo,
                         const struct pick_line *like, struct tally tally)
{
    int64_t wanted = 0, taken;
    for (size_t i = 0; i < fo->line_count; i++)
        if (fo->lines[i].n == like->fo_n)
            wanted = fo->lines[i].qty * like->per;
    bool is_here = may_pick(fo) && like->location.v == fo->location.v;
    int64_t room = is_here && wanted > tally.found ? wanted - tally.found : 0;
    struct pick_cut cut = {.fo = fo->id,
                           .n = like->fo_n,
                           .sku = like->sku,
                           .qty = tally.left - room};
    if (cut.qty <= 0)
        return OK;
    TRY(pick_cut(ctx, &cut, &taken));
    /* Somebody scanned meanwhile: look again. */
    return taken == cut.qty ? OK : ERR_RETRY;
}

/* Units in the hand of somebody who still walks cannot be taken away. */
static err_t check_hands(struct ctx *ctx, const struct fulfillment *fo,
                         const struct pick_line *line, enum pick_state state,
                         struct tally tally)
{
    int64_t wanted = 0;
    if (state != PICK_PICKING || line->picked == 0)
        return OK;
    for (size_t i = 0; i < fo->line_count; i++)
        if (fo->lines[i].n == line->fo_n)
            wanted = fo->lines[i].qty * line->per;
    if (wanted >= tally.found)
        return OK;
    return fail_as(ctx, ERR_STATE, "units_in_work", "quantity",
                   "%lld units of line %lld are in a picker's hand: call the "
                   "task off first",
                   (long long)line->picked, (long long)line->fo_n);
}

/* The first line of a walk that goes on speaks for all of them. */
static bool is_first(const struct pick_line *lines,
                     const enum pick_state *states, size_t n)
{
    if (!pick_is_live(states[n]))
        return false;
    for (size_t i = 0; i < n; i++)
        if (pick_is_live(states[i]) && lines[i].fo.v == lines[n].fo.v &&
            lines[i].fo_n == lines[n].fo_n && lines[i].sku.v == lines[n].sku.v)
            return false;
    return true;
}

err_t pick_reconcile(struct ctx *ctx, struct fulfillment *const *all,
                     size_t count)
{
    struct pick_line *lines;
    enum pick_state *states;
    size_t n = 0, line_count;
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
    TRY(pick_line_list_fos(ctx, ids, n, &lines, &states, &line_count));
    for (size_t i = 0; i < line_count; i++) {
        const struct fulfillment *fo =
            map_find(by_id, (struct map_key){.a = lines[i].fo.v});
        struct tally tally = tally_of(lines, states, line_count, &lines[i]);
        TRY(check_hands(ctx, fo, &lines[i], states[i], tally));
        if (is_first(lines, states, i) && tally.left > 0)
            TRY(follow_line(ctx, fo, &lines[i], tally));
    }
    return OK;
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
    struct pick_line *lines;
    enum pick_state *states;
    size_t n;
    struct map *seen;
    TRY(pick_line_list_fos(ctx, fos, count, &lines, &states, &n));
    seen = map_open(ctx->arena, n);
    for (size_t i = 0; i < n; i++) {
        struct map_key key = {.a = lines[i].task.v};
        if (map_find(seen, key) || !pick_next(states[i], PICK_EVENT_PACK))
            continue;
        map_set(seen, key, &lines[i]);
        TRY(pack_task(ctx, lines[i].task));
    }
    return OK;
}
