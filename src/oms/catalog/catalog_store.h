/* catalog_store.h - rows of the catalog room. Private to it. */
#ifndef WHARF_OMS_CATALOG_STORE_H
#define WHARF_OMS_CATALOG_STORE_H

#include "oms/catalog/catalog.h"

struct sql_rows;

/* Reads the six columns every SKU statement begins with. */
void sku_read(const struct sql_rows *rows, size_t i, struct sku *ret);

/* All of a SKU. */
struct sku_row {
    struct sku sku;
    product_id product; /* 0: none. */
    str product_code;
    str barcode, hs_code, origin, tax_class;          /* Empty: none. */
    int64_t weight_g, length_mm, width_mm, height_mm; /* 0: not known. */
    str attrs;
    utc_ms created_at;
    const struct kit_part *parts; /* Of a kit, where rows are shown. */
    size_t part_count;
};

struct sku_filter {
    str code, barcode; /* At most one of these three is used. */
    product_id product;
    int64_t after;
    size_t limit;
};

MUST_USE err_t sku_row_get(struct ctx *ctx, sku_id id, struct sku_row *ret);
/* The same, locked for change; product_code stays empty. */
MUST_USE err_t sku_row_lock(struct ctx *ctx, sku_id id, struct sku_row *ret);
MUST_USE err_t sku_row_page(struct ctx *ctx, const struct sku_filter *filter,
                            struct sku_row **ret, size_t *ret_count);
struct word_query;
/* Those whose code, title or barcode meets the words, filter->limit at most.
 * Looks at some thousands at a time: what is found may be few, and *ret_next
 * (0: nowhere) says where to go on. */
MUST_USE err_t sku_search(struct ctx *ctx, const struct word_query *query,
                          const struct sku_filter *filter, struct sku_row **ret,
                          size_t *ret_count, int64_t *ret_next);
/* *ret_added tells how many were new: less than count where another writer
 * was faster with a code. */
MUST_USE err_t sku_row_add(struct ctx *ctx, const struct sku_row *rows,
                           size_t count, int64_t *ret_added);
/* Writes what may change, at row->sku.version, which it then raises. */
MUST_USE err_t sku_row_save(struct ctx *ctx, struct sku_row *row);

/* Whether some kit has it as a component. */
MUST_USE err_t kit_has_part(struct ctx *ctx, sku_id sku, bool *ret);

MUST_USE err_t product_row_lock(struct ctx *ctx, product_id id,
                                struct product *ret);
MUST_USE err_t product_row_page(struct ctx *ctx, str code, int64_t after,
                                size_t limit, struct product **ret,
                                size_t *ret_count);
MUST_USE err_t product_row_add(struct ctx *ctx, const struct product *product,
                               int64_t *ret_added);
MUST_USE err_t product_row_save(struct ctx *ctx, struct product *product);
/* Products of many codes; unknown ones are left out. */
MUST_USE err_t product_list_codes(struct ctx *ctx, const str *codes,
                                  size_t count, struct product **ret,
                                  size_t *ret_count);

#endif
