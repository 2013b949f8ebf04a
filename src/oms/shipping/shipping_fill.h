/* shipping_fill.h - a parcel while it is being filled. Private to the room. */
#ifndef WHARF_OMS_SHIPPING_FILL_H
#define WHARF_OMS_SHIPPING_FILL_H

#include "oms/order/order_kit.h"
#include "oms/shipping/shipping_pack.h"

enum { PARTS_MAX = LIMIT_KIT_PARTS + 1 };

struct filling {
    struct fulfillment_work *work;
    struct package *package;
    struct package_item *items; /* With room for LIMIT_PACKAGE_ITEMS. */
    size_t count;
    struct package_unit *units; /* New ones. */
    size_t unit_count, unit_room;
    bool is_picking; /* What is not picked yet is picked by packing it. */
};
/* A new parcel (id 0) is empty. */
MUST_USE err_t fill_begin(struct ctx *ctx, struct fulfillment_work *work,
                          struct package *package, struct filling *ret);

/* A parcel in draft, locked after its order. */
struct package_deed {
    package_id id;
    int64_t version;     /* That the caller saw; 0: whatever it is. */
    const char *command; /* As refusals call it. */
};
MUST_USE err_t package_open(struct ctx *ctx, const struct package_deed *deed,
                            struct package *package,
                            struct fulfillment_work *work, struct filling *f);

/* The order's line, or NULL. */
const struct order_line *fill_line(const struct order *order, int64_t n);
/* What a unit of the line is made of: itself, or components. */
size_t fill_parts(const struct order_line *line,
                  struct order_part ret[PARTS_MAX]);
/* Whole units of the line in this parcel. */
int64_t fill_whole(struct filling *f, const struct order_line *line);
/* Tells the fulfillment order of units in (or out, below 0) of parcels. */
MUST_USE err_t fill_tell(struct ctx *ctx, struct filling *f, int64_t n,
                         int64_t delta);

/* Puts units in. part NULL: whole units of the line, all components of a kit.
 * ERR_INVALID over_packed with the limit. */
MUST_USE err_t fill_put(struct ctx *ctx, struct filling *f,
                        const struct order_line *line,
                        const struct order_part *part, int64_t qty,
                        const struct unit_names *names);
struct wanted {
    const sku_id *skus; /* What the code may stand for. */
    size_t count;
    str code;
    const char *field; /* As which it was sent; for errors. */
    int64_t n;         /* 0: any line. */
};
/* Into the first line that has room for it. ERR_INVALID wrong_item. */
MUST_USE err_t fill_wanted(struct ctx *ctx, struct filling *f,
                           const struct wanted *wanted, int64_t qty,
                           const struct unit_names *names);
/* Looks up what its code may stand for, as SKU or barcode; ERR_INVALID
 * wrong_item where there is none. */
MUST_USE err_t fill_code(struct ctx *ctx, struct wanted *wanted);
MUST_USE err_t fill_item(struct ctx *ctx, struct filling *f,
                         const struct pack_item *item);

MUST_USE err_t fill_outside(struct ctx *ctx, struct package *p,
                            const struct pack_outside *outside);
/* Adds the weight up, unless the parcel was weighed. */
MUST_USE err_t fill_weigh(struct ctx *ctx, struct filling *f);
/* ERR_STATE where it is empty or a kit lacks components. */
MUST_USE err_t fill_check(struct ctx *ctx, struct filling *f);

#endif
