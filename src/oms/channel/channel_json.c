/* channel_json.c - bodies to commands: shapes here, meaning in the rules. */
#include "oms/channel/channel_json.h"

#include "base/str.h"
#include "oms/channel/channel_rules.h"

/* A name of an enum whose values begin at 1; 0 where it is missing. */
static err_t opt_name(struct json_in *in, const char *key,
                      const char *const *names, size_t count, int *ret)
{
    int index = -1;
    TRY(json_opt_enum(in, key, names, count, &index));
    *ret = index + 1;
    return OK;
}

static err_t opt_str(struct json_in *in, const char *key, size_t max,
                     str *value, const str **ret)
{
    TRY(json_opt_str(in, key, 0, max, value));
    *ret = json_has(in, key) ? value : NULL;
    return OK;
}

/* The object "payment". */
static err_t read_payment(struct json_in *in, struct channel_patch *p)
{
    struct channel_change *c = &p->change;
    struct json_in *payment = NULL;
    int release, capture;
    TRY(json_opt_object(in, "payment", &payment));
    if (!payment)
        return OK;
    TRY(opt_name(payment, "release", payment_release_names,
                 COUNT_OF(payment_release_names), &release));
    TRY(opt_name(payment, "capture", payment_capture_names,
                 COUNT_OF(payment_capture_names), &capture));
    p->payment_release = (enum payment_release)release;
    c->payment_release = release ? &p->payment_release : NULL;
    p->payment_capture = (enum payment_capture)capture;
    c->payment_capture = capture ? &p->payment_capture : NULL;
    return json_end(payment);
}

/* "taxes" and the object "tax". */
static err_t read_taxes(struct json_in *in, struct channel_patch *p)
{
    struct channel_change *c = &p->change;
    struct json_in *tax = NULL;
    int source, round = 0;
    TRY(opt_name(in, "taxes", tax_source_names, COUNT_OF(tax_source_names),
                 &source));
    p->taxes = (enum tax_source)source;
    c->taxes = source ? &p->taxes : NULL;
    TRY(json_opt_object(in, "tax", &tax));
    if (!tax)
        return OK;
    TRY(opt_name(tax, "round", tax_round_names, COUNT_OF(tax_round_names),
                 &round));
    p->tax_round = (enum tax_round)round;
    c->tax_round = round ? &p->tax_round : NULL;
    TRY(opt_str(tax, "country", 2, &p->tax_country, &c->tax_country));
    TRY(opt_str(tax, "region", LIMIT_CODE_BYTES, &p->tax_region,
                &c->tax_region));
    TRY(opt_str(tax, "postal_code", CHANNEL_POSTAL_BYTES, &p->tax_postal_code,
                &c->tax_postal_code));
    return json_end(tax);
}

static err_t read_policies(struct json_in *in, struct channel_cmd *cmd)
{
    int type, tax, rounding, stock;
    struct channel_patch own = {0};
    TRY(read_payment(in, &own));
    TRY(read_taxes(in, &own));
    cmd->payment_release = own.payment_release;
    cmd->payment_capture = own.payment_capture;
    cmd->taxes = own.taxes;
    cmd->tax_round = own.tax_round;
    cmd->tax_country = own.tax_country;
    cmd->tax_region = own.tax_region;
    cmd->tax_postal_code = own.tax_postal_code;
    TRY(json_get_enum(in, "type", channel_type_names,
                      COUNT_OF(channel_type_names), &type));
    TRY(opt_name(in, "tax_mode", tax_mode_names, COUNT_OF(tax_mode_names),
                 &tax));
    TRY(opt_name(in, "rounding", rounding_names, COUNT_OF(rounding_names),
                 &rounding));
    TRY(opt_name(in, "stock_policy", stock_policy_names,
                 COUNT_OF(stock_policy_names), &stock));
    cmd->type = (enum channel_type)(type + 1);
    cmd->tax_mode = tax ? (enum tax_mode)tax : TAX_EXCLUSIVE;
    cmd->rounding = rounding ? (enum rounding)rounding : ROUND_HALF_UP;
    cmd->stock_policy = stock ? (enum stock_policy)stock : STOCK_POLICY_REFUSE;
    return OK;
}

err_t channel_read(struct json_in *in, struct channel_cmd *ret)
{
    struct channel_cmd cmd = {.tz = STR("UTC")};
    str currency;
    TRY(json_get_str(in, "code", 1, LIMIT_CODE_BYTES, &cmd.code));
    TRY(json_get_str(in, "name", 1, LIMIT_NAME_BYTES, &cmd.name));
    TRY(json_get_str(in, "currency", 3, 3, &currency));
    if (!currency_from_str(currency, cmd.currency))
        return json_fail(in, "currency", ERR_INVALID, "currency_unknown",
                         "must be a currency of ISO 4217, as EUR");
    TRY(json_opt_str(in, "brand", 0, LIMIT_NAME_BYTES, &cmd.brand));
    TRY(json_opt_str(in, "tz", 1, LIMIT_CODE_BYTES, &cmd.tz));
    TRY(json_opt_str(in, "number_prefix", 0, CHANNEL_PREFIX_BYTES,
                     &cmd.number_prefix));
    TRY(read_policies(in, &cmd));
    TRY(json_opt_raw(in, "attrs", LIMIT_ATTRS_BYTES, &cmd.attrs));
    TRY(json_end(in));
    *ret = cmd;
    return OK;
}

static err_t read_policy_change(struct json_in *in, struct channel_patch *p)
{
    struct channel_change *c = &p->change;
    int type, tax, rounding, stock;
    TRY(read_payment(in, p));
    TRY(read_taxes(in, p));
    TRY(opt_name(in, "type", channel_type_names, COUNT_OF(channel_type_names),
                 &type));
    TRY(opt_name(in, "tax_mode", tax_mode_names, COUNT_OF(tax_mode_names),
                 &tax));
    TRY(opt_name(in, "rounding", rounding_names, COUNT_OF(rounding_names),
                 &rounding));
    TRY(opt_name(in, "stock_policy", stock_policy_names,
                 COUNT_OF(stock_policy_names), &stock));
    p->type = (enum channel_type)type;
    p->tax_mode = (enum tax_mode)tax;
    p->rounding = (enum rounding)rounding;
    p->stock_policy = (enum stock_policy)stock;
    c->type = type ? &p->type : NULL;
    c->tax_mode = tax ? &p->tax_mode : NULL;
    c->rounding = rounding ? &p->rounding : NULL;
    c->stock_policy = stock ? &p->stock_policy : NULL;
    return OK;
}

err_t channel_read_change(struct json_in *in, struct channel_patch *ret)
{
    struct channel_patch *p = ret;
    struct channel_change *c = &ret->change;
    *ret = (struct channel_patch){0};
    json_refuse_nulls(in);
    TRY(json_get_i64(in, "version", 1, INT64_MAX, &c->version));
    TRY(opt_str(in, "name", LIMIT_NAME_BYTES, &p->name, &c->name));
    TRY(opt_str(in, "brand", LIMIT_NAME_BYTES, &p->brand, &c->brand));
    TRY(opt_str(in, "tz", LIMIT_CODE_BYTES, &p->tz, &c->tz));
    TRY(opt_str(in, "number_prefix", CHANNEL_PREFIX_BYTES, &p->number_prefix,
                &c->number_prefix));
    TRY(read_policy_change(in, p));
    TRY(json_opt_raw(in, "attrs", LIMIT_ATTRS_BYTES, &p->attrs));
    c->attrs = json_has(in, "attrs") ? &p->attrs : NULL;
    TRY(json_opt_bool(in, "is_active", &p->is_active));
    c->is_active = json_has(in, "is_active") ? &p->is_active : NULL;
    return json_end(in);
}
