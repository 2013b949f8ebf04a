/* tax_check_rules.c - what a tax rate must be. Pure. */
#include "base/check.h"
#include "base/str.h"
#include "oms/order/tax_int.h"

const char *const tax_kind_names[2] = {"due", "exempt"};

static err_t check_place(struct ctx *ctx, struct tax_rate *rate)
{
    struct tax_place place = tax_place_of(ctx->arena, rate->country,
                                          rate->region, rate->postal_prefix);
    TRY(check_country(ctx, "country", rate->country));
    TRY(check_line(ctx, "region", rate->region, 0, LIMIT_CODE_BYTES));
    TRY(check_line(ctx, "postal_prefix", rate->postal_prefix, 0,
                   TAX_POSTAL_BYTES));
    rate->region = place.region;
    rate->postal_prefix = place.postal_code;
    return OK;
}

err_t tax_rate_check(struct ctx *ctx, struct tax_rate *rate)
{
    TRY(check_place(ctx, rate));
    TRY(check_code(ctx, "tax_class", rate->tax_class));
    TRY(check_line(ctx, "name", rate->name, 1, LIMIT_NAME_BYTES));
    TRY(check_line(ctx, "reason", rate->reason, 0, TAX_REASON_BYTES));
    TRY(check_range(ctx, "layer", rate->layer, 1, LIMIT_TAX_LAYERS));
    TRY(check_range(ctx, "rate_ppm", rate->rate_ppm, 0, TAX_RATE_PPM_MAX));
    if (rate->kind == TAX_EXEMPT && rate->rate_ppm != 0)
        return fail_as(ctx, ERR_INVALID, "number_out_of_range", "rate_ppm",
                       "what is exempt has no rate");
    if (rate->valid_from < 0 || rate->valid_to > TAX_NO_END ||
        rate->valid_from >= rate->valid_to)
        return fail_as(ctx, ERR_INVALID, "time_out_of_range", "valid_to",
                       "must be after valid_from");
    return OK;
}

bool tax_rate_is_same_key(const struct tax_rate *a, const struct tax_rate *b)
{
    return str_equal(a->country, b->country) &&
           str_equal(a->region, b->region) &&
           str_equal(a->postal_prefix, b->postal_prefix) &&
           str_equal(a->tax_class, b->tax_class) && a->layer == b->layer;
}

bool tax_rate_is_overlap(const struct tax_rate *a, const struct tax_rate *b)
{
    return a->is_active && b->is_active && a->valid_from < b->valid_to &&
           b->valid_from < a->valid_to;
}
