/* shipping_back.c - see shipping_back.h. */
#include "oms/shipping/shipping_back.h"

#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/shipping/shipping_label.h"
#include "oms/shipping/shipping_pack.h"
#include "oms/shipping/shipping_quote.h"
#include "oms/shipping/shipping_return.h"
#include "oms/shipping/shipping_store.h"

enum { PARCELS_A_PAGE = 250 };

/* What is still to be dealt out, and the parcels made. */
struct dealing {
    const struct back_cmd *cmd;
    int64_t *left; /* Of each want. */
    package_id *made;
    size_t made_count, made_room;
};

static void note_made(struct ctx *ctx, struct dealing *d, package_id id)
{
    if (d->made_count == d->made_room) {
        size_t room = d->made_room * 2 + 8;
        package_id *more = arena_array(ctx->arena, package_id, room);
        if (d->made_count > 0)
            memcpy(more, d->made, d->made_count * sizeof *more);
        d->made = more;
        d->made_room = room;
    }
    d->made[d->made_count++] = id;
}

static err_t bring(struct ctx *ctx, struct dealing *d, package_id from,
                   const struct return_item *items, size_t count)
{
    package_id id;
    struct return_cmd cmd = {
        .package = from,
        .items = items,
        .count = count,
        .location = d->cmd->location,
        .weight_g = d->cmd->weight_g,
        .label = {.account = d->cmd->account,
                  .service = d->cmd->service,
                  .mode = d->cmd->mode},
    };
    TRY(package_return(ctx, &cmd, &id));
    note_made(ctx, d, id);
    return OK;
}

/* What of the wants left in this parcel. */
static err_t deal(struct ctx *ctx, struct dealing *d, package_id from)
{
    struct return_item *there;
    size_t count, n = 0;
    TRY(package_return_left(ctx, from, &there, &count));
    struct return_item *items =
        arena_array(ctx->arena, struct return_item, d->cmd->count);
    for (size_t i = 0; i < d->cmd->count; i++) {
        for (size_t j = 0; j < count && d->left[i] > 0; j++) {
            if (there[j].n != d->cmd->wants[i].n || there[j].qty == 0)
                continue;
            int64_t qty = there[j].qty < d->left[i] ? there[j].qty : d->left[i];
            items[n++] = (struct return_item){there[j].n, qty};
            there[j].qty -= qty;
            d->left[i] -= qty;
        }
    }
    return n > 0 ? bring(ctx, d, from, items, n) : OK;
}

static bool is_done(const struct dealing *d)
{
    for (size_t i = 0; i < d->cmd->count; i++)
        if (d->left[i] > 0)
            return false;
    return true;
}

err_t shipping_bring_back(struct ctx *ctx, const struct back_cmd *cmd,
                          package_id **ret, size_t *ret_count)
{
    struct package_filter filter = {.order = cmd->order,
                                    .limit = PARCELS_A_PAGE};
    struct dealing d = {.cmd = cmd,
                        .left = arena_array(ctx->arena, int64_t, cmd->count)};
    size_t count = PARCELS_A_PAGE;
    for (size_t i = 0; i < cmd->count; i++)
        d.left[i] = cmd->wants[i].qty;
    while (count == PARCELS_A_PAGE && !is_done(&d)) {
        struct package *packages;
        TRY(package_page(ctx, &filter, &packages, &count));
        for (size_t i = 0; i < count && !is_done(&d); i++) {
            filter.after = packages[i].id;
            if (packages[i].returns.v == 0 &&
                package_is_shipped(packages[i].place.state))
                TRY(deal(ctx, &d, packages[i].id));
        }
    }
    if (!is_done(&d))
        return fail_as(ctx, ERR_STATE, "no_parcel", "",
                       "some of the units left in no parcel, or come back in "
                       "one already");
    *ret = d.made;
    *ret_count = d.made_count;
    return OK;
}

err_t shipping_back_void(struct ctx *ctx, package_id id)
{
    struct package package;
    TRY(package_get(ctx, id, &package));
    bool is_draft = package.place.state == PACKAGE_DRAFT;
    if (!is_draft && package.place.state != PACKAGE_LABELLED &&
        package.place.state != PACKAGE_LABEL_PENDING)
        return OK;
    err_t err = is_draft ? package_void(ctx, id, package.version)
                         : label_void(ctx, id, package.version, true);
    if (err != ERR_STATE || strcmp(err_name(&ctx->err), "carrier_cannot") != 0)
        return err;
    err_clear(ctx);
    return OK;
}

err_t back_read(struct json_in *in, struct back_cmd *ret)
{
    int mode = 0;
    ret->account = ret->service = STR("");
    TRY(json_opt_str(in, "account", 1, LIMIT_CODE_BYTES, &ret->account));
    TRY(json_opt_str(in, "service", 1, LIMIT_CODE_BYTES, &ret->service));
    TRY(json_opt_enum(in, "mode", shop_mode_names, SHOP_MODES, &mode));
    TRY(json_opt_i64(in, "weight_g", 1, LIMIT_PACKAGE_G, &ret->weight_g));
    ret->mode = mode + 1;
    return OK;
}

err_t shipping_back_items(struct ctx *ctx, package_id id,
                          struct back_item **ret, size_t *ret_count)
{
    struct package_item *items;
    TRY(package_item_list(ctx, &id, 1, &items, ret_count));
    *ret = arena_array(ctx->arena, struct back_item, *ret_count);
    for (size_t i = 0; i < *ret_count; i++)
        (*ret)[i] = (struct back_item){items[i].n, items[i].sku, items[i].qty};
    return OK;
}
