/* catalog_json.h - bodies to commands. Private to the room. */
#ifndef WHARF_OMS_CATALOG_JSON_H
#define WHARF_OMS_CATALOG_JSON_H

#include "base/json.h"
#include "oms/catalog/catalog.h"

/* Where the values of a change live. */
struct sku_patch {
    struct sku_change change;
    str title, barcode, hs_code, origin, product_code, attrs;
    str tax_class;
    bool is_tracked;
    int64_t weight_g, length_mm, width_mm, height_mm;
};
struct product_patch {
    struct product_change change;
    str title, attrs;
};

MUST_USE err_t catalog_read_sku(struct json_in *in, struct sku_cmd *ret);
MUST_USE err_t catalog_read_skus(struct ctx *ctx, struct json_in *in,
                                 struct sku_cmd **ret, size_t *ret_count);
MUST_USE err_t catalog_read_sku_change(struct json_in *in,
                                       struct sku_patch *ret);
MUST_USE err_t catalog_read_product(struct json_in *in,
                                    struct product_cmd *ret);
MUST_USE err_t catalog_read_product_change(struct json_in *in,
                                           struct product_patch *ret);

#endif
