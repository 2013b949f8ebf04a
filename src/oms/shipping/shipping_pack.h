/* shipping_pack.h - units go into parcels, and parcels out of the house.
 * Private to the room.
 *
 * What is packed is told to the fulfillment order at once, so that two people
 * who pack one order do not pack the same units. Of a kit its components are
 * scanned; it counts where all of them are in the same parcel.
 */
#ifndef WHARF_OMS_SHIPPING_PACK_H
#define WHARF_OMS_SHIPPING_PACK_H

#include "oms/fulfillment/fulfillment.h"
#include "oms/shipping/shipping_setup.h"
#include "oms/shipping/shipping_store.h"

struct pack_item {
    int64_t n; /* The line; 0: the first that has room for `sku`. */
    str sku;   /* Code; empty: the line's own. */
    int64_t qty;
    struct unit_names names;
};
struct pack_outside { /* What a parcel is; 0 and empty: as it follows. */
    str box;
    int64_t weight_g;
    struct box_size size;
};
struct pack_cmd {
    fulfillment_order_id fo;
    bool is_suggested; /* Parcels for all that is left, as boxes take it. */
    bool is_picking;   /* What is not picked yet is picked by this. */
    bool is_closed;
    const struct pack_item *items;
    size_t count;
    struct pack_outside outside; /* Not with is_suggested. */
};
/* One parcel, or as many as are suggested. In ctx->arena. */
MUST_USE err_t package_create(struct ctx *ctx, const struct pack_cmd *cmd,
                              package_id **ret, size_t *ret_count);

struct scan_cmd {
    package_id package;
    str code;          /* A barcode or a SKU's code. */
    const char *field; /* As which it was sent. */
    int64_t qty;
    struct unit_names names;
    str scan_id;
};
/* Puts scanned units in. ERR_INVALID wrong_item, over_packed with the limit.
 * A scan_id counts once: *ret_is_new. */
MUST_USE err_t package_scan(struct ctx *ctx, const struct scan_cmd *cmd,
                            bool *ret_is_new);
/* Takes units out again; the package is open then, and weighed anew.
 * ERR_INVALID over_unpacked with what is in it, names_required where units have
 * lots or numbers. */
MUST_USE err_t package_unpack(struct ctx *ctx, package_id id, int64_t version,
                              const struct pack_item *items, size_t count);
/* Changes box, weight or size of one that is not closed. */
MUST_USE err_t package_change(struct ctx *ctx, package_id id, int64_t version,
                              const struct pack_outside *outside);
MUST_USE err_t package_close(struct ctx *ctx, package_id id, int64_t version,
                             const struct pack_outside *outside);
/* Its units are to be packed again. */
MUST_USE err_t package_void(struct ctx *ctx, package_id id, int64_t version);
/* The same for a locked draft. */
MUST_USE err_t package_void_now(struct ctx *ctx, struct package *package);
/* ERR_STATE unless it is labelled, and stays so. */
MUST_USE err_t package_may_ship(struct ctx *ctx, const struct package *package);
/* It is handed over. */
MUST_USE err_t package_ship(struct ctx *ctx, package_id id, int64_t version);
/* A draft in memory, for units of that FO. */
struct package package_new(struct ctx *ctx, const struct fulfillment *fo);
/* A parcel locked after its order, as all do that change both. */
MUST_USE err_t package_begin(struct ctx *ctx, package_id id,
                             struct fulfillment_work *work,
                             struct package *ret);
/* Tells the order what a locked parcel that was in state `before` means for
 * its delivery: units that arrived, and trouble. */
MUST_USE err_t package_tell_order(struct ctx *ctx,
                                  struct fulfillment_work *work,
                                  const struct package *package,
                                  enum package_state before);
/* Ships the units of locked parcels of the FO, before they are moved and
 * saved by the caller. */
MUST_USE err_t package_ship_units(struct ctx *ctx,
                                  struct fulfillment_work *work,
                                  const struct package *const *packages,
                                  size_t count);

#endif
