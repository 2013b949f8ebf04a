/* catalog_measure.h - SKUs as whoever packs them or declares them at a border
 * sees them. A public header of the room. */
#ifndef WHARF_OMS_CATALOG_MEASURE_H
#define WHARF_OMS_CATALOG_MEASURE_H

#include "base/base.h"
#include "oms/ids.h"

struct sku_measure {
    sku_id id;
    str code, title, barcode, hs_code, origin;        /* Empty: not known. */
    int64_t weight_g, length_mm, width_mm, height_mm; /* 0: not known. */
};
/* Of many SKUs, in no promised order; missing ones are left out. */
MUST_USE err_t sku_list_measures(struct ctx *ctx, const sku_id *ids,
                                 size_t count, struct sku_measure **ret,
                                 size_t *ret_count);

struct sku_tax {
    str code, tax_class; /* Empty: standard. */
};
/* The same by code. */
MUST_USE err_t sku_list_taxes(struct ctx *ctx, const str *codes, size_t count,
                              struct sku_tax **ret, size_t *ret_count);

#endif
