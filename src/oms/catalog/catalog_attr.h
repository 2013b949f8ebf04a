/* catalog_attr.h - what SKUs say of themselves, for filters of other rooms. */
#ifndef WHARF_OMS_CATALOG_ATTR_H
#define WHARF_OMS_CATALOG_ATTR_H

#include "oms/catalog/catalog.h"

struct sku_attr {
    sku_id sku;
    str value;
};
/* What many SKUs say under one key of their attributes, as text; those that
 * say nothing are left out. */
MUST_USE err_t sku_attr_list(struct ctx *ctx, str key, const sku_id *ids,
                             size_t count, struct sku_attr **ret,
                             size_t *ret_count);

#endif
