/* catalog.h - the catalog room: products and the SKUs that are sold.
 *
 * A SKU is known by its code, which never changes: the bucket of everything
 * that hangs on the SKU is made from it. Products group SKUs and carry no
 * stock. Every change names its event and raises the version.
 */
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
    bool is_drop; /* Has or had a drop; known to sku_list_ and _find alone. */
    bool is_kit;  /* Its components take stock in its place; untracked. */
};

/* Found SKUs of many codes, for a batch; unknown codes are left out, a code
 * named twice is found once, in no promised order. */
MUST_USE err_t sku_list_codes(struct ctx *ctx, const str *codes, size_t count,
                              struct sku **ret, size_t *ret_count);
/* The same by id. */
MUST_USE err_t sku_list_ids(struct ctx *ctx, const sku_id *ids, size_t count,
                            struct sku **ret, size_t *ret_count);
/* Marks the SKU as one that drops are looked up for; no change of the SKU. */
MUST_USE err_t sku_flag_drop(struct ctx *ctx, sku_id id);
MUST_USE err_t sku_find(struct ctx *ctx, str code, struct sku *ret,
                        bool *found);
MUST_USE err_t sku_get(struct ctx *ctx, sku_id id, struct sku *ret);
/* SKUs with that barcode, by id: it may stand on more than one, but on no more
 * than a page of them. */
MUST_USE err_t sku_list_barcode(struct ctx *ctx, str barcode, struct sku **ret,
                                size_t *ret_count);
/* What whoever handles units of a SKU asks. */
struct sku_handling {
    sku_id id;
    str barcode;           /* Empty: none. */
    bool is_made_to_order; /* Its attributes say "made_to_order": true. */
};
/* Of many SKUs; missing ones are left out. */
MUST_USE err_t sku_list_handling(struct ctx *ctx, const sku_id *ids,
                                 size_t count, struct sku_handling **ret,
                                 size_t *ret_count);

struct sku_cmd {
    str code, title, barcode, hs_code, origin;
    str tax_class;    /* Empty: standard. */
    str product_code; /* Empty: none. */
    bool is_tracked;
    int64_t weight_g, length_mm, width_mm, height_mm; /* 0: not known. */
    str attrs;                                        /* JSON object. */
};
/* Creates a SKU. ERR_CONFLICT (code_taken) where the code exists. */
MUST_USE err_t sku_create(struct ctx *ctx, const struct sku_cmd *cmd,
                          struct sku *ret);

struct sku_result {
    bool is_ok;
    struct sku sku;        /* Where it is ok. */
    struct err_detail err; /* Else why not; field is within the item. */
};
/* Creates many in set writes; each succeeds or fails alone. */
MUST_USE err_t sku_create_many(struct ctx *ctx, const struct sku_cmd *cmds,
                               size_t count, struct sku_result *results);

/* What a change may name; what is NULL stays. Empty text and 0 clear. */
struct sku_change {
    int64_t version; /* The one the caller saw. */
    const str *title, *barcode, *hs_code, *origin, *product_code, *attrs;
    const str *tax_class;
    const bool *is_tracked;
    const int64_t *weight_g, *length_mm, *width_mm, *height_mm;
};
/* ERR_STALE where the version is not the current one. */
MUST_USE err_t sku_change(struct ctx *ctx, sku_id id,
                          const struct sku_change *change);

/* ---- kits ---- */

struct kit_part { /* A component. */
    sku_id kit, sku;
    int64_t n; /* Its place in the list, from 1. */
    str code;
    int64_t quantity; /* Units of it in one kit. */
    bool is_drop;     /* As in struct sku. */
};
/* The components of many kits, by (kit, n). */
MUST_USE err_t kit_part_list(struct ctx *ctx, const sku_id *kits, size_t count,
                             struct kit_part **ret, size_t *ret_count);
/* Those of one kit in such a list; may be none. */
size_t kit_parts_of(const struct kit_part *parts, size_t count, sku_id kit,
                    const struct kit_part **ret_first);

struct kit_item {
    str sku; /* Code. */
    int64_t quantity;
};
struct kit_cmd {
    int64_t version; /* Of the SKU, as the caller saw it. */
    const struct kit_item *items;
    size_t count; /* 0: it is a kit no longer. */
};
/* Makes the SKU a kit of these components, or a plain untracked SKU. They must
 * be tracked and no kits, nor may the SKU be a component itself. That it has
 * no stock is for the caller to see to, in the same transaction and after
 * this, which locks the row. */
MUST_USE err_t kit_set(struct ctx *ctx, sku_id id, const struct kit_cmd *cmd);
/* Keeps these SKUs from becoming kits until the commit. ERR_RETRY where one
 * has become one since it was read. */
MUST_USE err_t kit_refuse(struct ctx *ctx, const sku_id *skus, size_t count);
/* The SKU as the API shows it. */
struct json_out;
MUST_USE err_t sku_write(struct ctx *ctx, sku_id id, struct json_out *out);

struct product {
    product_id id;
    str code, title, attrs;
    int64_t version;
    utc_ms created_at;
};
struct product_cmd {
    str code, title, attrs;
};
/* ERR_CONFLICT (code_taken) where the code exists. */
MUST_USE err_t product_create(struct ctx *ctx, const struct product_cmd *cmd,
                              struct product *ret);
MUST_USE err_t product_find(struct ctx *ctx, str code, struct product *ret,
                            bool *found);
MUST_USE err_t product_get(struct ctx *ctx, product_id id, struct product *ret);
struct product_change {
    int64_t version;
    const str *title, *attrs;
};
MUST_USE err_t product_change(struct ctx *ctx, product_id id,
                              const struct product_change *change,
                              struct product *ret);

extern const struct room catalog_room;

#endif
