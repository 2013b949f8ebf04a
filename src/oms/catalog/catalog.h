/* catalog.h - the catalog room: products and the SKUs that are sold. */
#ifndef WHARF_OMS_CATALOG_H
#define WHARF_OMS_CATALOG_H

#include "base/base.h"
#include "oms/ids.h"

struct room;

struct sku {
    sku_id id;
    str code, title;
    bool is_tracked; /* Untracked SKUs take no stock. */
    int64_t version;
};

/* Found SKUs of many codes, for a batch; unknown codes are left out. */
MUST_USE err_t sku_list_codes(struct ctx *ctx, const str *codes, size_t count,
                              struct sku **ret, size_t *ret_count);
MUST_USE err_t sku_find(struct ctx *ctx, str code, struct sku *ret,
                        bool *found);
MUST_USE err_t sku_get(struct ctx *ctx, sku_id id, struct sku *ret);

struct sku_cmd {
    str code, title, barcode, hs_code, origin;
    str product_code;  /* Empty: none. */
    bool is_tracked;
    int64_t weight_g, length_mm, width_mm, height_mm; /* 0: not known. */
    str attrs;         /* JSON object. */
};
/* Creates a SKU. ERR_CONFLICT where the code exists. */
MUST_USE err_t sku_create(struct ctx *ctx, const struct sku_cmd *cmd,
                          struct sku *ret);

extern const struct room catalog_room;

#endif
