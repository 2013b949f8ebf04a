/* fulfillment_withdraw.c - cancelled units leave their fulfillment orders.
 *
 * Those that no FO covers yet go first, then those of the latest FO that are
 * in no hand. What somebody else was asked to do stays until they agree.
 */
#include "base/arena.h"
#include "oms/fulfillment/fulfillment_take.h"

struct run {
    struct ctx *ctx;
    const struct order *order;
    struct fulfillment **all;
    size_t count;
    struct fulfillment_cut *out;
    size_t out_count;
    int64_t *stuck; /* Of the cut at hand; NULL: refused. */
    /* Of the line at hand: its allocations, and where its cuts begin. */
    const struct order_allocation *live;
    size_t live_count, out_first;
};

/* Allocations stand in order of n. */
static void find_live(struct run *run, int64_t n)
{
    const struct order_allocation *all = run->order->allocations;
    size_t low = 0, high = run->order->allocation_count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (all[mid].n < n)
            low = mid + 1;
        else
            high = mid;
    }
    run->live = all ? all + low : NULL;
    run->live_count = 0;
    while (low + run->live_count < run->order->allocation_count &&
           run->live[run->live_count].n == n)
        run->live_count++;
    run->out_first = run->out_count;
}

static int64_t live_at(const struct run *run, location_id at)
{
    int64_t qty = 0;
    for (size_t i = 0; i < run->live_count; i++)
        if (run->live[i].location.v == at.v)
            qty += run->live[i].qty;
    return qty;
}

/* Units of the line that FOs have; of an untracked line anywhere. */
static int64_t covered_at(const struct run *run, int64_t n, location_id at)
{
    bool is_tracked = run->order->lines[n - 1].is_tracked;
    int64_t qty = 0;
    for (size_t i = 0; i < run->count; i++) {
        const struct fulfillment *fo = run->all[i];
        const struct fulfillment_line *line = fulfillment_line_of(fo, n);
        if (line && !fulfillment_is_over(fo) &&
            (!is_tracked || fo->location.v == at.v))
            qty += line->qty - line->shipped;
    }
    return qty;
}

/* Those taken before of the same place count as gone. */
static int64_t taken_at(const struct run *run, location_id at)
{
    int64_t qty = 0;
    for (size_t i = run->out_first; i < run->out_count; i++)
        if (run->out[i].location.v == at.v)
            qty += run->out[i].qty;
    return qty;
}

static int64_t take(struct run *run, int64_t n, location_id at, int64_t there,
                    int64_t *wanted)
{
    int64_t qty = there < *wanted ? there : *wanted;
    if (qty <= 0)
        return 0;
    run->out[run->out_count++] = (struct fulfillment_cut){n, qty, at};
    *wanted -= qty;
    return qty;
}

static void take_uncovered(struct run *run, int64_t n, int64_t *wanted)
{
    for (size_t i = run->live_count; i > 0 && *wanted > 0; i--) {
        location_id at = run->live[i - 1].location;
        take(run, n, at,
             live_at(run, at) - covered_at(run, n, at) - taken_at(run, at),
             wanted);
    }
}

/* Untracked units of an order that came before there was a location. */
static void take_nowhere(struct run *run, int64_t n, int64_t *wanted)
{
    int64_t qty = run->order->lines[n - 1].allocated;
    for (size_t i = 0; i < run->live_count; i++)
        qty -= run->live[i].qty;
    take(run, n, (location_id){0}, qty, wanted);
}

static err_t take_covered(struct run *run, int64_t n, int64_t *wanted)
{
    for (size_t i = run->count; i > 0 && *wanted > 0; i--) {
        struct fulfillment *fo = run->all[i - 1];
        struct fulfillment_line *line = fulfillment_line_of(fo, n);
        if (!line || fulfillment_is_elsewhere(fo) ||
            !fulfillment_next(fo->status, FULFILLMENT_EVENT_CUT))
            continue;
        int64_t qty =
            take(run, n, fo->location, line->qty - line->picked, wanted);
        if (qty == 0)
            continue;
        line->qty -= qty;
        fulfillment_touch(fo, "fulfillment_order.cut");
        TRY(fulfillment_settle(run->ctx, fo));
    }
    return OK;
}

static err_t take_line(struct run *run, const struct fulfillment_cut *cut)
{
    int64_t wanted = cut->qty;
    find_live(run, cut->n);
    take_nowhere(run, cut->n, &wanted);
    take_uncovered(run, cut->n, &wanted);
    TRY(take_covered(run, cut->n, &wanted));
    if (run->stuck)
        *run->stuck = wanted;
    if (wanted == 0 || run->stuck)
        return OK;
    return fail_as(run->ctx, ERR_STATE, "units_in_work", "lines",
                   "line %lld has %lld picked, or with somebody who "
                   "was asked to send them: put them back or ask for their "
                   "cancellation first",
                   (long long)cut->n, (long long)wanted);
}

err_t fulfillment_take(struct ctx *ctx, struct fulfillment_taking *taking,
                       const struct fulfillment_cut *cuts, size_t count)
{
    struct run run = {.ctx = ctx,
                      .order = taking->order,
                      .all = taking->all,
                      .count = taking->count};
    run.out =
        arena_array(ctx->arena, struct fulfillment_cut,
                    run.order->allocation_count + count * (run.count + 1));
    for (size_t i = 0; i < count; i++) {
        run.stuck = taking->stuck ? &taking->stuck[i] : NULL;
        TRY(take_line(&run, &cuts[i]));
    }
    taking->cuts = run.out;
    taking->cut_count = run.out_count;
    return OK;
}

err_t fulfillment_withdraw(struct ctx *ctx, struct order *order,
                           const struct fulfillment_cut *cuts, size_t count,
                           struct fulfillment_cut **ret, size_t *ret_count)
{
    struct fulfillment *at;
    struct fulfillment_taking taking = {.order = order};
    struct fulfillment_saying saying = {.reason = "units_cancelled"};
    TRY(fulfillment_list_order(ctx, order->id, &at, &taking.count));
    taking.all = arena_array(ctx->arena, struct fulfillment *, taking.count);
    for (size_t i = 0; i < taking.count; i++)
        taking.all[i] = &at[i];
    TRY(fulfillment_take(ctx, &taking, cuts, count));
    TRY(fulfillment_save_many(ctx, taking.all, taking.count, &saying));
    order->fulfil_flags = fulfillment_flags(taking.all, taking.count);
    *ret = taking.cuts;
    *ret_count = taking.cut_count;
    return OK;
}
