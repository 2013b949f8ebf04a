/* shipping_box.h - which box: cartonization by size, volume and weight.
 * Private to the room, pure.
 *
 * Units are placed one after another, the largest first, each in the smallest
 * free space it fits in any of its six positions; a placed unit leaves up to
 * three free spaces. That never overfills a box; now and then it takes a
 * larger one than a perfect packer would. Units whose size is not known count
 * by weight alone.
 */
#ifndef WHARF_OMS_SHIPPING_BOX_H
#define WHARF_OMS_SHIPPING_BOX_H

#include "base/base.h"

struct box_size { /* Millimetres; 0: not known. */
    int64_t length, width, height;
};

struct box_kind {
    int64_t id;
    str code;
    struct box_size inner;
    int64_t weight_g;     /* Empty. */
    int64_t max_weight_g; /* Of all that is in it; 0: no limit. */
    int64_t cost_minor;
};

/* Units of one kind that have to be packed. */
struct box_item {
    int64_t n; /* The caller's own number. */
    int64_t qty;
    struct box_size size;
    int64_t weight_g; /* Of one; 0: not known. */
};

struct box_content {
    int64_t n, qty;
};
/* One parcel. */
struct box_parcel {
    const struct box_kind *box; /* NULL: goes as it is, it fits no box. */
    struct box_content *contents;
    size_t count;
    int64_t weight_g;  /* With the box. */
    int64_t volume;    /* Of what is in it, mm3. */
    int64_t fill_ppm;  /* Of the box's volume; 0 without a box. */
    bool is_estimated; /* Sizes or weights of some units are not known. */
};

enum { BOX_UNITS_MAX = 2000 }; /* Of one suggestion. */

/* How many of each item go into the box, of qty in all; counts[i] <= qty. Most
 * that it finds, items in the given order. */
void box_fill(struct arena *arena, const struct box_kind *box,
              const struct box_item *items, size_t count, int64_t *counts);
/* Parcels for all units: as few as it finds, each in the smallest box that
 * takes what is in it (of equal ones the cheaper). Without any box one parcel
 * of them all, as it is. Fails with ERR_INVALID over BOX_UNITS_MAX units. In
 * ctx->arena. */
MUST_USE err_t box_suggest(struct ctx *ctx, const struct box_kind *boxes,
                           size_t box_count, const struct box_item *items,
                           size_t count, struct box_parcel **ret,
                           size_t *ret_count);
int64_t box_volume(const struct box_size *size); /* 0: not known. */

#endif
