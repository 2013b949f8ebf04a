/* returns_parcel.c - labels for goods that come back, and what their carrier
 * says of them. */
#include "base/arena.h"
#include "base/machine.h"
#include "base/str.h"
#include "oms/inventory/inventory.h"
#include "oms/returns/returns_command.h"
#include "oms/returns/returns_work.h"
#include "oms/shipping/shipping_back.h"
#include "store/event.h"

static const char *const parcel_states[PARCEL_VOIDED] = {
    "awaited", "moving", "arrived", "lost", "voided"};

const char *parcel_state_name(enum parcel_state state)
{
    ASSERT(state >= PARCEL_AWAITED && state <= PARCEL_VOIDED);
    return parcel_states[state - 1];
}

/* ---- labels ---- */

/* Units of a line that are still with the buyer; of a kit, whole ones. */
static int64_t awaited_of(const struct rma *rma, const struct return_line *line)
{
    int64_t least = line->qty;
    for (size_t i = 0; i < rma->unit_count; i++) {
        int64_t sum = 0;
        if (rma->units[i].i != line->i)
            continue;
        for (size_t j = 0; j < rma->unit_count; j++)
            if (rma->units[j].i == line->i &&
                rma->units[j].sku.v == rma->units[i].sku.v &&
                rma->units[j].reception == RECEPTION_AWAITING)
                sum += rma->units[j].qty;
        if (sum / rma->units[i].per < least)
            least = sum / rma->units[i].per;
    }
    return least;
}

err_t return_label(struct ctx *ctx, const struct label_ask *ask,
                   struct rma *ret)
{
    struct return_work work;
    struct location to;
    package_id *made = NULL;
    size_t made_count = 0;
    TRY(return_open(ctx, ask->id, ask->version, &work));
    TRY(return_move(ctx, &work.rma, RETURN_EVENT_LABEL));
    struct rma *rma = &work.rma;
    struct back_want *wants =
        arena_array(ctx->arena, struct back_want, rma->line_count);
    struct back_cmd *back = ask->back;
    for (size_t i = 0; i < rma->line_count; i++) {
        int64_t qty = awaited_of(rma, &rma->lines[i]);
        if (qty > 0)
            wants[back->count++] = (struct back_want){rma->lines[i].n, qty};
    }
    TRY(location_get(ctx, rma->location, &to));
    back->order = rma->order;
    back->wants = wants;
    back->location = to.code;
    TRY(shipping_bring_back(ctx, back, &made, &made_count));
    TRY(return_parcel_add(ctx, rma->id, made, made_count));
    TRY(return_finish(ctx, &work, "return.label_requested"));
    *ret = work.rma;
    return OK;
}

/* ---- what their carrier says ---- */

/* What an event of a parcel makes of it; 0: nothing. */
static enum parcel_state state_of(str type)
{
    static const struct {
        const char *type;
        enum parcel_state state;
    } table[] = {
        {"package.in_transit",       PARCEL_MOVING },
        {"package.out_for_delivery", PARCEL_MOVING },
        {"package.delivered",        PARCEL_ARRIVED},
        {"package.lost",             PARCEL_LOST   },
        {"package.voided",           PARCEL_VOIDED },
    };
    for (size_t i = 0; i < COUNT_OF(table); i++)
        if (str_equal_cstr(type, table[i].type))
            return table[i].state;
    return (enum parcel_state)0;
}

/* What an event does with units that are in a parcel, or may be. */
struct parcel_step {
    package_id package;
    enum reception_event event;
    package_id of; /* Units known to be in that parcel; 0: in none. */
};

static bool is_alike(const struct rma *rma, const struct return_unit *unit,
                     const struct back_item *item)
{
    return unit->sku.v == item->sku.v && rma->lines[unit->i - 1].n == item->n;
}

/* As far as they can; *left is what is left of `item`. */
static err_t move_units(struct ctx *ctx, struct rma *rma,
                        const struct back_item *item,
                        const struct parcel_step *step, int64_t *left)
{
    size_t count = rma->unit_count;
    for (size_t i = 0; *left > 0 && i < count; i++) {
        struct return_unit *unit = &rma->units[i];
        int next =
            machine_next(&reception_machine, unit->reception, step->event);
        if (!next || unit->package.v != step->of.v ||
            !is_alike(rma, unit, item))
            continue;
        int64_t qty = unit->qty < *left ? unit->qty : *left;
        TRY(return_split(ctx, rma, i, qty, &unit));
        unit->reception = (enum reception)next;
        unit->package = step->package;
        *left -= qty;
    }
    return OK;
}

/* Units that are here in place of others: who opened another parcel could not
 * know whose they are. */
static int64_t count_here(const struct rma *rma, const struct back_item *item,
                          package_id package)
{
    int64_t qty = 0;
    for (size_t i = 0; i < rma->unit_count; i++)
        if (rma->units[i].package.v == package.v &&
            reception_is_received(rma->units[i].reception) &&
            is_alike(rma, &rma->units[i], item))
            qty += rma->units[i].qty;
    return qty;
}

/* What the parcel brought is not here: what other parcels brought is. */
static err_t lose_others(struct ctx *ctx, struct rma *rma,
                         const struct back_item *item, package_id package,
                         int64_t left)
{
    struct return_parcel *parcels;
    size_t count;
    int64_t here = count_here(rma, item, package);
    left = left < here ? left : here;
    if (left == 0)
        return OK;
    TRY(return_parcel_list(ctx, rma, 1, &parcels, &count));
    for (size_t i = 0; i < count; i++) {
        struct parcel_step step = {package, RECEPTION_EVENT_LOSE,
                                   parcels[i].package};
        if (parcels[i].package.v != package.v)
            TRY(move_units(ctx, rma, item, &step, &left));
    }
    return OK;
}

static err_t scan_all(struct ctx *ctx, struct rma *rma, package_id package)
{
    struct back_item *items;
    size_t count;
    TRY(shipping_back_items(ctx, package, &items, &count));
    for (size_t i = 0; i < count; i++) {
        int64_t left = items[i].qty;
        struct parcel_step step = {package, RECEPTION_EVENT_SCAN, {0}};
        TRY(move_units(ctx, rma, &items[i], &step, &left));
    }
    return OK;
}

static err_t lose_all(struct ctx *ctx, struct rma *rma, package_id package)
{
    struct back_item *items;
    size_t count;
    TRY(shipping_back_items(ctx, package, &items, &count));
    for (size_t i = 0; i < count; i++) {
        int64_t left = items[i].qty;
        struct parcel_step step = {package, RECEPTION_EVENT_LOSE, package};
        TRY(move_units(ctx, rma, &items[i], &step, &left));
        TRY(lose_others(ctx, rma, &items[i], package, left));
    }
    return OK;
}

/* It is on its way, or was without anybody saying so. */
static err_t leave(struct ctx *ctx, struct return_work *work,
                   package_id package)
{
    TRY(scan_all(ctx, &work->rma, package));
    if (machine_next(&return_machine, work->rma.state, RETURN_EVENT_MOVE))
        TRY(return_move(ctx, &work->rma, RETURN_EVENT_MOVE));
    if (work->policy.refund == REFUND_ON_SCAN)
        return_accept(work, RECEPTION_IN_TRANSIT);
    return OK;
}

static bool is_awaiting(const struct rma *rma)
{
    return rma->state == RETURN_OPEN || rma->state == RETURN_IN_TRANSIT ||
           rma->state == RETURN_PARTIALLY_RECEIVED;
}

/* What the word makes of the units, in memory. */
static err_t hear(struct ctx *ctx, struct return_work *work,
                  const struct return_parcel *parcel, enum parcel_state from)
{
    if (from == PARCEL_AWAITED)
        TRY(leave(ctx, work, parcel->package));
    if (parcel->state == PARCEL_LOST)
        TRY(lose_all(ctx, &work->rma, parcel->package));
    return return_work_out(ctx, work);
}

/* A later word counts, an earlier one does not (I24). One that cannot be
 * carried out holds up no other. */
static err_t follow(struct ctx *ctx, struct return_parcel *parcel,
                    enum parcel_state to)
{
    struct return_work work;
    enum parcel_state from = parcel->state;
    if (to <= from && !(from == PARCEL_LOST && to == PARCEL_ARRIVED))
        return OK;
    parcel->state = to;
    TRY(return_open(ctx, parcel->rma, 0, &work));
    TRY(return_parcel_save(ctx, parcel));
    if (!is_awaiting(&work.rma) || to == PARCEL_VOIDED || from >= PARCEL_LOST ||
        (from == PARCEL_MOVING && to == PARCEL_ARRIVED))
        return OK;
    err_t err = hear(ctx, &work, parcel, from);
    if (return_is_refused(err))
        return return_tell_refused(ctx, "return.parcel_refused", &work.rma,
                                   parcel->package);
    TRY(err);
    return return_carry_out(
        ctx, &work, to == PARCEL_LOST ? "return.lost" : "return.in_transit");
}

static struct return_parcel *find(struct return_parcel *parcels, size_t count,
                                  int64_t id)
{
    for (size_t i = 0; i < count; i++)
        if (parcels[i].package.v == id)
            return &parcels[i];
    return NULL;
}

static err_t consume(struct ctx *ctx, const struct event *events, size_t count)
{
    package_id *ids = arena_array(ctx->arena, package_id, count);
    struct return_parcel *parcels;
    size_t n = 0, found;
    for (size_t i = 0; i < count; i++)
        if (state_of(events[i].type))
            ids[n++].v = events[i].subject_id;
    if (n == 0)
        return OK;
    TRY(return_parcel_find(ctx, ids, n, &parcels, &found));
    for (size_t i = 0; i < count; i++) {
        enum parcel_state to = state_of(events[i].type);
        struct return_parcel *parcel =
            to ? find(parcels, found, events[i].subject_id) : NULL;
        if (parcel)
            TRY(follow(ctx, parcel, to));
    }
    return OK;
}

static const struct event_consumer consumers[] = {
    {.name = "returns", .consume = consume},
};
const struct event_list returns_events = {consumers, COUNT_OF(consumers)};
