/* tax_json.c - bodies to tax rates: shapes here, meaning in the rules. */
#include "base/json.h"
#include "base/str.h"
#include "oms/order/tax_int.h"

static err_t read_flags(struct json_in *in, struct tax_rate *rate)
{
    int kind = -1;
    TRY(json_opt_i64(in, "layer", 1, LIMIT_TAX_LAYERS, &rate->layer));
    TRY(json_opt_i64(in, "rate_ppm", 0, TAX_RATE_PPM_MAX, &rate->rate_ppm));
    TRY(json_opt_enum(in, "kind", tax_kind_names, COUNT_OF(tax_kind_names),
                      &kind));
    if (kind >= 0)
        rate->kind = (enum tax_kind)(kind + 1);
    TRY(json_opt_bool(in, "is_compound", &rate->is_compound));
    TRY(json_opt_bool(in, "reverse_charge", &rate->is_reversed));
    TRY(json_opt_str(in, "reason", 0, TAX_REASON_BYTES, &rate->reason));
    TRY(json_opt_time(in, "valid_from", &rate->valid_from));
    TRY(json_opt_time(in, "valid_to", &rate->valid_to));
    return json_opt_bool(in, "is_active", &rate->is_active);
}

static err_t read_place(struct json_in *in, struct tax_rate *rate)
{
    TRY(json_opt_str(in, "region", 0, LIMIT_CODE_BYTES, &rate->region));
    return json_opt_str(in, "postal_prefix", 0, TAX_POSTAL_BYTES,
                        &rate->postal_prefix);
}

err_t tax_rate_read(struct json_in *in, struct tax_rate *ret)
{
    struct tax_rate rate = {.tax_class = STR("standard"),
                            .layer = 1,
                            .kind = TAX_DUE,
                            .valid_to = TAX_NO_END,
                            .is_active = true};
    TRY(json_get_str(in, "country", 2, 2, &rate.country));
    TRY(read_place(in, &rate));
    TRY(json_opt_str(in, "tax_class", 1, LIMIT_CODE_BYTES, &rate.tax_class));
    TRY(json_get_str(in, "name", 1, LIMIT_NAME_BYTES, &rate.name));
    TRY(read_flags(in, &rate));
    TRY(json_end(in));
    *ret = rate;
    return OK;
}

err_t tax_rate_read_change(struct json_in *in, struct tax_rate *ret)
{
    json_refuse_nulls(in);
    TRY(json_get_i64(in, "version", 1, INT64_MAX, &ret->version));
    if (json_take_null(in, "valid_to"))
        ret->valid_to = TAX_NO_END;
    TRY(json_opt_str(in, "country", 2, 2, &ret->country));
    TRY(read_place(in, ret));
    TRY(json_opt_str(in, "tax_class", 1, LIMIT_CODE_BYTES, &ret->tax_class));
    TRY(json_opt_str(in, "name", 1, LIMIT_NAME_BYTES, &ret->name));
    TRY(read_flags(in, ret));
    return json_end(in);
}
