/* catalog_rules.c - what a product and a SKU must be. Pure. */
#include "oms/catalog/catalog_rules.h"

#include "base/check.h"
#include "base/str.h"

static bool hs_code_is_valid(str code)
{
    return code.len >= 6 && code.len <= 10 && str_is_digits(code);
}

err_t sku_check(struct ctx *ctx, const struct sku_cmd *cmd)
{
    TRY(check_code(ctx, "code", cmd->code));
    TRY(check_line(ctx, "title", cmd->title, 1, LIMIT_TITLE_BYTES));
    if (cmd->barcode.len > 0)
        TRY(check_code(ctx, "barcode", cmd->barcode));
    if (cmd->product_code.len > 0)
        TRY(check_code(ctx, "product_code", cmd->product_code));
    if (cmd->tax_class.len > 0)
        TRY(check_code(ctx, "tax_class", cmd->tax_class));
    if (cmd->hs_code.len > 0 && !hs_code_is_valid(cmd->hs_code))
        return fail_as(ctx, ERR_INVALID, "hs_code_invalid", "hs_code",
                       "must be 6 to 10 digits");
    if (cmd->origin.len > 0)
        TRY(check_country(ctx, "origin", cmd->origin));
    TRY(check_range(ctx, "weight_g", cmd->weight_g, 0, SKU_MAX_G));
    TRY(check_range(ctx, "length_mm", cmd->length_mm, 0, SKU_MAX_MM));
    TRY(check_range(ctx, "width_mm", cmd->width_mm, 0, SKU_MAX_MM));
    TRY(check_range(ctx, "height_mm", cmd->height_mm, 0, SKU_MAX_MM));
    return check_attrs(ctx, "attrs", cmd->attrs);
}

err_t product_check(struct ctx *ctx, const struct product_cmd *cmd)
{
    TRY(check_code(ctx, "code", cmd->code));
    TRY(check_line(ctx, "title", cmd->title, 1, LIMIT_TITLE_BYTES));
    return check_attrs(ctx, "attrs", cmd->attrs);
}
