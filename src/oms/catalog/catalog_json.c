/* catalog_json.c - bodies to commands: shapes here, meaning in the rules. */
#include "oms/catalog/catalog_json.h"

#include "base/arena.h"
#include "oms/catalog/catalog_rules.h"

err_t catalog_read_sku(struct json_in *in, struct sku_cmd *ret)
{
    struct sku_cmd cmd = {.is_tracked = true};
    TRY(json_get_str(in, "code", 1, LIMIT_CODE_BYTES, &cmd.code));
    TRY(json_get_str(in, "title", 1, LIMIT_TITLE_BYTES, &cmd.title));
    TRY(json_opt_str(in, "barcode", 0, LIMIT_CODE_BYTES, &cmd.barcode));
    TRY(json_opt_str(in, "hs_code", 0, LIMIT_CODE_BYTES, &cmd.hs_code));
    TRY(json_opt_str(in, "origin", 0, 2, &cmd.origin));
    TRY(json_opt_str(in, "product_code", 0, LIMIT_CODE_BYTES,
                     &cmd.product_code));
    TRY(json_opt_str(in, "tax_class", 0, LIMIT_CODE_BYTES, &cmd.tax_class));
    TRY(json_opt_bool(in, "is_tracked", &cmd.is_tracked));
    TRY(json_opt_i64(in, "weight_g", 0, SKU_MAX_G, &cmd.weight_g));
    TRY(json_opt_i64(in, "length_mm", 0, SKU_MAX_MM, &cmd.length_mm));
    TRY(json_opt_i64(in, "width_mm", 0, SKU_MAX_MM, &cmd.width_mm));
    TRY(json_opt_i64(in, "height_mm", 0, SKU_MAX_MM, &cmd.height_mm));
    TRY(json_opt_raw(in, "attrs", LIMIT_ATTRS_BYTES, &cmd.attrs));
    TRY(json_end(in));
    *ret = cmd;
    return OK;
}

err_t catalog_read_skus(struct ctx *ctx, struct json_in *in,
                        struct sku_cmd **ret, size_t *ret_count)
{
    struct json_list list;
    TRY(json_get_list(in, "items", 1, LIMIT_BULK_ITEMS, &list));
    TRY(json_end(in));
    struct sku_cmd *cmds = arena_array(ctx->arena, struct sku_cmd, list.count);
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *item;
        TRY(json_list_object(&list, i, &item));
        TRY(catalog_read_sku(item, &cmds[i]));
    }
    *ret = cmds;
    *ret_count = list.count;
    return OK;
}

/* Reads a key and points at it where it was given. */
static err_t opt_str(struct json_in *in, const char *key, size_t max,
                     str *value, const str **ret)
{
    TRY(json_opt_str(in, key, 0, max, value));
    *ret = json_has(in, key) ? value : NULL;
    return OK;
}

static err_t opt_i64(struct json_in *in, const char *key, int64_t max,
                     int64_t *value, const int64_t **ret)
{
    TRY(json_opt_i64(in, key, 0, max, value));
    *ret = json_has(in, key) ? value : NULL;
    return OK;
}

static err_t opt_raw(struct json_in *in, const char *key, str *value,
                     const str **ret)
{
    TRY(json_opt_raw(in, key, LIMIT_ATTRS_BYTES, value));
    *ret = json_has(in, key) ? value : NULL;
    return OK;
}

err_t catalog_read_sku_change(struct json_in *in, struct sku_patch *ret)
{
    struct sku_patch *p = ret;
    struct sku_change *c = &ret->change;
    *ret = (struct sku_patch){0};
    json_refuse_nulls(in);
    TRY(json_get_i64(in, "version", 1, INT64_MAX, &c->version));
    TRY(opt_str(in, "title", LIMIT_TITLE_BYTES, &p->title, &c->title));
    TRY(opt_str(in, "barcode", LIMIT_CODE_BYTES, &p->barcode, &c->barcode));
    TRY(opt_str(in, "hs_code", LIMIT_CODE_BYTES, &p->hs_code, &c->hs_code));
    TRY(opt_str(in, "origin", 2, &p->origin, &c->origin));
    TRY(opt_str(in, "product_code", LIMIT_CODE_BYTES, &p->product_code,
                &c->product_code));
    TRY(opt_str(in, "tax_class", LIMIT_CODE_BYTES, &p->tax_class,
                &c->tax_class));
    TRY(opt_raw(in, "attrs", &p->attrs, &c->attrs));
    TRY(json_opt_bool(in, "is_tracked", &p->is_tracked));
    c->is_tracked = json_has(in, "is_tracked") ? &p->is_tracked : NULL;
    TRY(opt_i64(in, "weight_g", SKU_MAX_G, &p->weight_g, &c->weight_g));
    TRY(opt_i64(in, "length_mm", SKU_MAX_MM, &p->length_mm, &c->length_mm));
    TRY(opt_i64(in, "width_mm", SKU_MAX_MM, &p->width_mm, &c->width_mm));
    TRY(opt_i64(in, "height_mm", SKU_MAX_MM, &p->height_mm, &c->height_mm));
    return json_end(in);
}

err_t catalog_read_product(struct json_in *in, struct product_cmd *ret)
{
    struct product_cmd cmd = {0};
    TRY(json_get_str(in, "code", 1, LIMIT_CODE_BYTES, &cmd.code));
    TRY(json_get_str(in, "title", 1, LIMIT_TITLE_BYTES, &cmd.title));
    TRY(json_opt_raw(in, "attrs", LIMIT_ATTRS_BYTES, &cmd.attrs));
    TRY(json_end(in));
    *ret = cmd;
    return OK;
}

err_t catalog_read_product_change(struct json_in *in, struct product_patch *ret)
{
    struct product_change *c = &ret->change;
    *ret = (struct product_patch){0};
    json_refuse_nulls(in);
    TRY(json_get_i64(in, "version", 1, INT64_MAX, &c->version));
    TRY(opt_str(in, "title", LIMIT_TITLE_BYTES, &ret->title, &c->title));
    TRY(opt_raw(in, "attrs", &ret->attrs, &c->attrs));
    return json_end(in);
}
