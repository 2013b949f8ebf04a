/* returns_receive.c - what came of the goods, and what is said of them. */
#include "base/arena.h"
#include "base/machine.h"
#include "base/str.h"
#include "oms/inventory/inventory_named.h"
#include "oms/returns/returns_command.h"
#include "oms/returns/returns_work.h"

/* ---- receiving ---- */

struct receiving {
    const struct receive_cmd *cmd;
    struct return_work work;
    location_id at;
    struct codes codes;
    struct return_parcel *parcels;
    size_t parcel_count;
};

/* Units that wait, or were given up for lost without money going back. */
static bool may_take(const struct return_unit *unit, enum reception_event event)
{
    if (!machine_next(&reception_machine, unit->reception, event))
        return false;
    return reception_is_awaited(unit->reception) ||
           unit->acceptance == ACCEPTANCE_PENDING ||
           unit->acceptance == ACCEPTANCE_MANUAL;
}

static err_t dispose(struct ctx *ctx, struct return_unit *unit,
                     enum disposition to)
{
    TRY(machine_allow(ctx, &disposition_machine, unit->disposition, to));
    unit->disposition = to;
    return OK;
}

static err_t settle_unit(struct ctx *ctx, struct receiving *r,
                         const struct receive_item *item,
                         struct return_unit *unit)
{
    unit->reception = (enum reception)machine_next(
        &reception_machine, unit->reception, item->event);
    if (unit->reception == RECEPTION_WRONG_ITEM &&
        unit->acceptance == ACCEPTANCE_PENDING)
        unit->acceptance = ACCEPTANCE_MANUAL;
    if (!reception_is_received(unit->reception))
        return OK;
    unit->location = r->at;
    unit->names.lot = item->names.lot;
    if (item->disposition)
        TRY(dispose(ctx, unit, item->disposition));
    return OK;
}

/* Each unit with a number is a row of its own from here on. */
static err_t number_units(struct ctx *ctx, struct receiving *r, size_t at,
                          const struct receive_item *item, size_t *ret_used)
{
    struct rma *rma = &r->work.rma;
    while (rma->units[at].qty > 1) {
        struct return_unit *one;
        TRY(return_split(ctx, rma, at, 1, &one));
        one->names.serials = &item->names.serials[(*ret_used)++];
        one->names.serial_count = 1;
        return_note_move(ctx, &r->work, one, STOCK_OUTSIDE,
                         return_unit_bucket(one));
    }
    rma->units[at].names.serials = &item->names.serials[(*ret_used)++];
    rma->units[at].names.serial_count = 1;
    return OK;
}

static err_t take_row(struct ctx *ctx, struct receiving *r, size_t at,
                      const struct receive_item *item, int64_t qty,
                      size_t *ret_used)
{
    struct rma *rma = &r->work.rma;
    struct return_unit *part;
    TRY(return_split(ctx, rma, at, qty, &part));
    TRY(settle_unit(ctx, r, item, part));
    if (!reception_is_received(part->reception))
        return OK;
    size_t i = (size_t)(part - rma->units);
    if (item->names.serial_count > 0)
        TRY(number_units(ctx, r, i, item, ret_used));
    return_note_move(ctx, &r->work, &rma->units[i], STOCK_OUTSIDE,
                     return_unit_bucket(&rma->units[i]));
    return OK;
}

static err_t fail_over(struct ctx *ctx, int64_t limit)
{
    return fail_as(ctx, ERR_INVALID, "over_received", "quantity",
                   "%lld such units are awaited", (long long)limit);
}

/* Units that may be in the house before those that may not: of a parcel that
 * arrived, on their way, not sent as far as we know, given up. */
static int rank_of(const struct receiving *r, const struct return_unit *unit)
{
    switch (unit->reception) {
    case RECEPTION_IN_TRANSIT:
        for (size_t i = 0; i < r->parcel_count; i++)
            if (r->parcels[i].package.v == unit->package.v &&
                r->parcels[i].state == PARCEL_ARRIVED)
                return 0;
        return 1;
    case RECEPTION_AWAITING: return 2;
    case RECEPTION_LOST: return 3;
    case RECEPTION_SHORT: return 4;
    case RECEPTION_NONE:
    case RECEPTION_RECEIVED:
    case RECEPTION_WRONG_ITEM:
    case RECEPTION_GIVEN_TO_CUSTOMER:
    case RECEPTION_EXPIRED:
    case RECEPTION_CANCELLED: return -1;
    }
    UNREACHABLE("not a reception");
}

/* `qty` units of one SKU of the line. */
static err_t take_sku(struct ctx *ctx, struct receiving *r,
                      const struct receive_item *item, sku_id sku, int64_t qty)
{
    enum { RANKS = 5 };
    struct rma *rma = &r->work.rma;
    int64_t there = 0, left = qty;
    size_t used = 0, count = rma->unit_count;
    for (size_t i = 0; i < count; i++)
        if (rma->units[i].i == item->i && rma->units[i].sku.v == sku.v &&
            may_take(&rma->units[i], item->event))
            there += rma->units[i].qty;
    if (qty > there)
        return fail_over(ctx, there);
    for (int rank = 0; rank < RANKS; rank++) {
        for (size_t i = 0; i < count && left > 0; i++) {
            const struct return_unit *unit = &rma->units[i];
            if (unit->i != item->i || unit->sku.v != sku.v ||
                rank_of(r, unit) != rank || !may_take(unit, item->event))
                continue;
            int64_t part = unit->qty < left ? unit->qty : left;
            TRY(take_row(ctx, r, i, item, part, &used));
            left -= part;
        }
    }
    ASSERT(left == 0);
    return OK;
}

static err_t check_item(struct ctx *ctx, const struct receiving *r,
                        const struct receive_item *item)
{
    if (item->i > (int64_t)r->work.rma.line_count)
        return fail_as(ctx, ERR_INVALID, "line_unknown", "n",
                       "the return has lines 1 to %zu", r->work.rma.line_count);
    if (item->event != RECEPTION_EVENT_RECEIVE &&
        (item->disposition || item->names.lot.len > 0 ||
         item->names.serial_count > 0))
        return fail_as(ctx, ERR_INVALID, "not_received", "as",
                       "only units that came have a place, lot or numbers");
    if (item->names.serial_count > 0 &&
        (int64_t)item->names.serial_count != item->qty)
        return fail_as(ctx, ERR_INVALID, "serials_required", "serials",
                       "%lld units come with %lld numbers",
                       (long long)item->qty, (long long)item->qty);
    return OK;
}

/* Distinct SKUs of a line, as they were when it was asked for. */
static size_t skus_of(const struct rma *rma, int64_t i, sku_id *ret,
                      int64_t *ret_per)
{
    size_t n = 0;
    for (size_t j = 0; j < rma->unit_count; j++) {
        size_t k = 0;
        if (rma->units[j].i != i)
            continue;
        while (k < n && ret[k].v != rma->units[j].sku.v)
            k++;
        if (k < n)
            continue;
        ret_per[n] = rma->units[j].per;
        ret[n++] = rma->units[j].sku;
    }
    return n;
}

static err_t take(struct ctx *ctx, struct receiving *r,
                  const struct receive_item *item)
{
    sku_id skus[LIMIT_KIT_PARTS];
    int64_t per[LIMIT_KIT_PARTS];
    TRY(check_item(ctx, r, item));
    size_t count = skus_of(&r->work.rma, item->i, skus, per);
    ASSERT(count > 0 && count <= LIMIT_KIT_PARTS);
    if (item->sku.len > 0) {
        for (size_t i = 0; i < count; i++)
            if (str_equal(code_of_sku(&r->codes, skus[i]), item->sku))
                return take_sku(ctx, r, item, skus[i], item->qty);
        return fail_as(ctx, ERR_INVALID, "sku_unknown", "sku",
                       "the line has no such SKU");
    }
    if (count > 1 && (item->names.lot.len > 0 || item->names.serial_count > 0))
        return fail_as(ctx, ERR_INVALID, "sku_required", "sku",
                       "say which component has this lot or number");
    for (size_t i = 0; i < count; i++)
        TRY(take_sku(ctx, r, item, skus[i], item->qty * per[i]));
    return OK;
}

static err_t take_all(struct ctx *ctx, struct receiving *r)
{
    struct rma *rma = &r->work.rma;
    struct receive_item item = {.event = RECEPTION_EVENT_RECEIVE};
    size_t used = 0, count = rma->unit_count;
    bool is_any = false;
    for (size_t i = 0; i < count; i++) {
        if (!reception_is_awaited(rma->units[i].reception))
            continue;
        is_any = true;
        TRY(take_row(ctx, r, i, &item, rma->units[i].qty, &used));
    }
    return is_any ? OK : fail_over(ctx, 0);
}

static err_t find_place(struct ctx *ctx, struct receiving *r)
{
    struct location at;
    r->at = r->work.rma.location;
    if (r->cmd->location.len == 0)
        return OK;
    TRY(named_location_get(ctx, "location", r->cmd->location, &at));
    r->at = at.id;
    return OK;
}

static err_t find_codes(struct ctx *ctx, struct receiving *r)
{
    const struct rma *rma = &r->work.rma;
    sku_id *skus = arena_array(ctx->arena, sku_id, rma->unit_count);
    for (size_t i = 0; i < rma->unit_count; i++)
        skus[i] = rma->units[i].sku;
    return codes_of_skus(ctx, skus, rma->unit_count, &r->codes);
}

err_t return_receive(struct ctx *ctx, const struct receive_cmd *cmd,
                     struct rma *ret)
{
    struct receiving r = {.cmd = cmd};
    TRY(return_open(ctx, cmd->id, cmd->version, &r.work));
    TRY(machine_allow(ctx, &return_machine, r.work.rma.state,
                      RETURN_EVENT_RECEIVE));
    TRY(find_place(ctx, &r));
    TRY(find_codes(ctx, &r));
    TRY(return_parcel_list(ctx, &r.work.rma, 1, &r.parcels, &r.parcel_count));
    if (cmd->count == 0)
        TRY(take_all(ctx, &r));
    for (size_t i = 0; i < cmd->count; i++) {
        r.work.item = i;
        TRY(fail_in(ctx, take(ctx, &r, &cmd->items[i]), "items", i));
    }
    if (r.work.policy.refund <= REFUND_ON_RECEIPT)
        return_accept(&r.work, RECEPTION_RECEIVED);
    TRY(return_finish(ctx, &r.work, "return.received"));
    *ret = r.work.rma;
    return OK;
}

/* ---- looking at what came ---- */

/* What is the merchant's own was taken back. */
static err_t check_theirs(struct ctx *ctx, enum disposition at)
{
    if (!disposition_is_taking(at))
        return OK;
    return fail_as(ctx, ERR_STATE, "rejected_taken", "disposition",
                   "rejected units stay the buyer's and are not for %s; they "
                   "may be quality_control, damaged, scrap, keep",
                   machine_state_name(&disposition_machine, at));
}

static err_t judge(struct ctx *ctx, struct return_unit *unit,
                   enum acceptance_event event)
{
    if (reception_is_awaited(unit->reception) ||
        reception_is_dropped(unit->reception))
        return fail_as(ctx, ERR_STATE, "not_received", "unit",
                       "units that are %s are not judged",
                       machine_state_name(&reception_machine, unit->reception));
    TRY(machine_allow(ctx, &acceptance_machine, unit->acceptance, event));
    if (event == ACCEPTANCE_EVENT_REJECT)
        TRY(check_theirs(ctx, unit->disposition));
    unit->acceptance = (enum acceptance)machine_next(&acceptance_machine,
                                                     unit->acceptance, event);
    return OK;
}

static err_t place(struct ctx *ctx, struct return_work *work,
                   struct return_unit *unit, enum disposition to)
{
    enum stock_bucket from = return_unit_bucket(unit);
    if (!reception_is_received(unit->reception))
        return fail_as(ctx, ERR_STATE, "not_received", "unit",
                       "units that are %s are not in the house",
                       machine_state_name(&reception_machine, unit->reception));
    if (unit->acceptance == ACCEPTANCE_REJECTED)
        TRY(check_theirs(ctx, to));
    TRY(dispose(ctx, unit, to));
    return_note_move(ctx, work, unit, from, return_unit_bucket(unit));
    return OK;
}

static err_t inspect(struct ctx *ctx, struct return_work *work,
                     const struct inspect_item *item)
{
    struct rma *rma = &work->rma;
    struct return_unit *unit;
    if (item->u > (int64_t)rma->unit_count)
        return fail_as(ctx, ERR_INVALID, "unit_unknown", "unit",
                       "the return has units 1 to %zu", rma->unit_count);
    size_t at = (size_t)item->u - 1;
    ASSERT(rma->units[at].u == item->u);
    if (item->qty > rma->units[at].qty)
        return fail_as(ctx, ERR_INVALID, "over_inspected", "quantity",
                       "there are %lld such units",
                       (long long)rma->units[at].qty);
    TRY(return_split(ctx, rma, at, item->qty ? item->qty : rma->units[at].qty,
                     &unit));
    if (item->event)
        TRY(judge(ctx, unit, item->event));
    return item->disposition ? place(ctx, work, unit, item->disposition) : OK;
}

err_t return_inspect(struct ctx *ctx, const struct inspect_cmd *cmd,
                     struct rma *ret)
{
    struct return_work work;
    TRY(return_open(ctx, cmd->id, cmd->version, &work));
    TRY(return_move(ctx, &work.rma, RETURN_EVENT_INSPECT));
    for (size_t i = 0; i < cmd->count; i++) {
        work.item = i;
        TRY(fail_in(ctx, inspect(ctx, &work, &cmd->items[i]), "items", i));
    }
    TRY(return_finish(ctx, &work, "return.inspected"));
    *ret = work.rma;
    return OK;
}
