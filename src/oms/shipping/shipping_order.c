/* shipping_order.c - see shipping_order.h. */
#include "oms/shipping/shipping_order.h"

#include "base/arena.h"
#include "base/str.h"
#include "oms/fulfillment/fulfillment.h"
#include "oms/shipping/shipping_job_store.h"
#include "oms/shipping/shipping_pack.h"

/* All parcels that were to bring goods of an order, or of one of its FOs, to
 * the buyer; also those given up. */
static err_t parcels_of(struct ctx *ctx, struct package_filter filter,
                        struct package **ret, size_t *ret_count)
{
    struct package *page;
    size_t count = LIMIT_PAGE, n = 0, room = 0;
    *ret = NULL;
    for (filter.limit = LIMIT_PAGE; count == LIMIT_PAGE;) {
        TRY(package_page(ctx, &filter, &page, &count));
        struct package *all =
            arena_array(ctx->arena, struct package, room + count + 1);
        if (n > 0)
            memcpy(all, *ret, n * sizeof *all);
        room += count;
        for (size_t i = 0; i < count; i++)
            if (page[i].returns.v == 0)
                all[n++] = page[i];
        *ret = all;
        if (count > 0)
            filter.after = page[count - 1].id;
    }
    *ret_count = n;
    return OK;
}

err_t shipping_pack_fo(struct ctx *ctx, fulfillment_order_id id,
                       package_id **ret, size_t *ret_count)
{
    struct pack_cmd pack = {
        .fo = id, .is_suggested = true, .is_picking = true, .is_closed = true};
    return package_create(ctx, &pack, ret, ret_count);
}

err_t shipping_ship_fo(struct ctx *ctx, fulfillment_order_id id)
{
    struct package *parcels;
    size_t count, seen = 0;
    struct package_filter filter = {.fo = id};
    TRY(parcels_of(ctx, filter, &parcels, &count));
    for (size_t i = 0; i < count; i++) {
        enum package_state state = parcels[i].place.state;
        seen += state != PACKAGE_VOIDED;
        if (state != PACKAGE_VOIDED && !package_is_shipped(state))
            TRY(package_ship(ctx, parcels[i].id, parcels[i].version));
    }
    if (seen == 0)
        return fail_as(ctx, ERR_STATE, "nothing_to_ship", "",
                       "the fulfillment order has no packages");
    return OK;
}

/* ---- labels ---- */

static bool is_unpacked(const struct fulfillment *fo)
{
    if (fo->method != ORDER_SHIPPED || fo->status == FULFILLMENT_CLOSED ||
        fo->status == FULFILLMENT_CANCELLED)
        return false;
    for (size_t i = 0; i < fo->line_count; i++)
        if (fo->lines[i].qty > fo->lines[i].packed)
            return true;
    return false;
}

/* What of an order lacks a label: FOs with units to pack, parcels. */
struct lacking {
    struct fulfillment *fos;
    struct package *parcels;
    size_t fo_count, parcel_count, parcels_all;
};

static err_t find_lacking(struct ctx *ctx, order_id order, struct lacking *ret)
{
    struct package_filter filter = {.order = order};
    size_t count, fos = 0;
    *ret = (struct lacking){.fos = NULL};
    TRY(parcels_of(ctx, filter, &ret->parcels, &count));
    for (size_t i = 0; i < count; i++) {
        ret->parcels_all += ret->parcels[i].place.state != PACKAGE_VOIDED;
        if (ret->parcels[i].place.state == PACKAGE_DRAFT)
            ret->parcels[ret->parcel_count++] = ret->parcels[i];
    }
    TRY(fulfillment_list_order(ctx, order, &ret->fos, &count));
    for (size_t i = 0; i < count; i++)
        if (is_unpacked(&ret->fos[i]))
            ret->fos[fos++] = ret->fos[i];
    ret->fo_count = fos;
    return OK;
}

err_t shipping_label_order(struct ctx *ctx, const struct label_order_cmd *cmd,
                           label_job_id *ret_job, size_t *ret_asked)
{
    struct lacking lacking;
    struct order order;
    *ret_job = cmd->job;
    *ret_asked = 0;
    TRY(order_lock(ctx, cmd->order, &order)); /* Guards its FOs. */
    TRY(find_lacking(ctx, cmd->order, &lacking));
    if (lacking.fo_count + lacking.parcels_all == 0)
        return fail_as(ctx, ERR_STATE, "nothing_to_label", "",
                       "nothing of the order leaves here in a package");
    if (lacking.fo_count + lacking.parcel_count == 0)
        return OK;
    struct job_cmd take = {
        .account = cmd->account, .service = cmd->service, .count = 1};
    for (size_t i = 0; i < lacking.parcel_count; i++) {
        take.packages = &lacking.parcels[i].id;
        TRY(job_take(ctx, &take, ret_job, ret_asked));
    }
    take.packages = NULL;
    for (size_t i = 0; i < lacking.fo_count; i++) {
        take.fos = &lacking.fos[i].id;
        TRY(job_take(ctx, &take, ret_job, ret_asked));
    }
    return OK;
}

err_t shipping_label_end(struct ctx *ctx, label_job_id job)
{
    return job_close(ctx, job);
}
