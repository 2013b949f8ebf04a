/* channel_rules.c - what a channel must be, and the names of its policies. */
#include "oms/channel/channel_rules.h"

#include "base/check.h"
#include "base/time.h"

const char *const channel_type_names[6] = {"web",    "marketplace", "pos",
                                           "social", "b2b",         "live"};
const char *const tax_mode_names[2] = {"exclusive", "inclusive"};
const char *const rounding_names[3] = {"half_up", "half_even", "down"};
const char *const stock_policy_names[2] = {"refuse", "backorder"};
const char *const payment_release_names[3] = {"always", "authorized", "paid"};
const char *const payment_capture_names[3] = {"manual", "confirm", "ship"};
const char *const tax_source_names[2] = {"given", "computed"};
const char *const tax_round_names[2] = {"line", "total"};

const char *channel_type_name(enum channel_type type)
{
    ASSERT(type >= CHANNEL_WEB && type <= CHANNEL_LIVE);
    return channel_type_names[type - 1];
}

const char *tax_mode_name(enum tax_mode mode)
{
    ASSERT(mode >= TAX_EXCLUSIVE && mode <= TAX_INCLUSIVE);
    return tax_mode_names[mode - 1];
}

const char *stock_policy_name(enum stock_policy policy)
{
    ASSERT(policy >= STOCK_POLICY_REFUSE && policy <= STOCK_POLICY_BACKORDER);
    return stock_policy_names[policy - 1];
}

static err_t check_enums(struct ctx *ctx, const struct channel *channel)
{
    TRY(check_range(ctx, "type", channel->type, CHANNEL_WEB, CHANNEL_LIVE));
    TRY(check_range(ctx, "tax_mode", channel->tax_mode, TAX_EXCLUSIVE,
                    TAX_INCLUSIVE));
    TRY(check_range(ctx, "rounding", channel->rounding, ROUND_HALF_UP,
                    ROUND_DOWN));
    TRY(check_range(ctx, "payment.release", channel->payment_release,
                    RELEASE_ALWAYS, RELEASE_PAID));
    TRY(check_range(ctx, "payment.capture", channel->payment_capture,
                    CAPTURE_MANUAL, CAPTURE_SHIP));
    TRY(check_range(ctx, "taxes", channel->taxes, TAXES_GIVEN, TAXES_COMPUTED));
    TRY(check_range(ctx, "tax.round", channel->tax_round, TAX_ROUND_LINE,
                    TAX_ROUND_TOTAL));
    return check_range(ctx, "stock_policy", channel->stock_policy,
                       STOCK_POLICY_REFUSE, STOCK_POLICY_BACKORDER);
}

/* Its own place: a region or a postal code stand in a country. */
static err_t check_place(struct ctx *ctx, const struct channel *channel)
{
    if (channel->tax_country.len > 0)
        TRY(check_country(ctx, "tax.country", channel->tax_country));
    else if (channel->tax_region.len > 0 || channel->tax_postal_code.len > 0)
        return fail_as(ctx, ERR_INVALID, "missing_field", "tax.country",
                       "a region or a postal code stands in a country");
    TRY(check_line(ctx, "tax.region", channel->tax_region, 0,
                   LIMIT_CODE_BYTES));
    return check_line(ctx, "tax.postal_code", channel->tax_postal_code, 0,
                      CHANNEL_POSTAL_BYTES);
}

err_t channel_check(struct ctx *ctx, const struct channel *channel)
{
    TRY(check_code(ctx, "code", channel->code));
    TRY(check_line(ctx, "name", channel->name, 1, LIMIT_NAME_BYTES));
    TRY(check_line(ctx, "brand", channel->brand, 0, LIMIT_NAME_BYTES));
    TRY(check_line(ctx, "number_prefix", channel->number_prefix, 0,
                   CHANNEL_PREFIX_BYTES));
    TRY(check_attrs(ctx, "attrs", channel->attrs));
    TRY(channel_check_shop(ctx, channel->attrs));
    TRY(check_enums(ctx, channel));
    TRY(check_place(ctx, channel));
    if (currency_exponent(channel->currency) < 0)
        return fail_as(ctx, ERR_INVALID, "currency_unknown", "currency",
                       "must be a currency of ISO 4217, as EUR");
    if (!zone_is_known(channel->tz))
        return fail_as(ctx, ERR_INVALID, "zone_unknown", "tz",
                       "must be an IANA time zone, as Europe/Berlin");
    return OK;
}
