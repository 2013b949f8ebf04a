/* shipping_quote.c - which account and service a parcel goes with. */
#include "oms/shipping/shipping_quote.h"

#include "base/arena.h"
#include "base/str.h"
#include "oms/shipping/shipping_service.h"

static err_t only_account(struct ctx *ctx, struct account *ret)
{
    struct account *rows;
    size_t count, active = 0;
    TRY(account_page(ctx, (carrier_account_id){0}, LIMIT_ACCOUNTS, &rows,
                     &count));
    for (size_t i = 0; i < count; i++)
        if (rows[i].is_active && active++ == 0)
            *ret = rows[i];
    if (active == 1)
        return OK;
    return fail_as(ctx, ERR_INVALID, "account_required", "account",
                   "name one of the %zu active carrier accounts", active);
}

static err_t pick_service(struct ctx *ctx, const struct account *account,
                          str code, str *ret)
{
    struct service *services;
    size_t count;
    TRY(service_list(ctx, account->services, &services, &count));
    if (code.len == 0 && count == 1)
        code = services[0].code;
    if (code.len == 0)
        return fail_as(ctx, ERR_INVALID, "service_required", "service",
                       "name one of the account's %zu services", count);
    if (!service_find(services, count, code))
        return fail_as(ctx, ERR_INVALID, "service_unknown", "service",
                       "the account has no service %.*s", STR_ARG(code));
    *ret = code;
    return OK;
}

err_t quote_choose(struct ctx *ctx, const struct package *package,
                   const struct label_cmd *cmd, struct quote *ret)
{
    (void)package;
    *ret = (struct quote){.choice = STR("{}")};
    if (cmd->account.len)
        TRY(account_by_code(ctx, cmd->account, &ret->account));
    else
        TRY(only_account(ctx, &ret->account));
    return pick_service(ctx, &ret->account, cmd->service, &ret->service);
}

void quote_put(struct package *package, const struct quote *quote)
{
    package->account = quote->account.id;
    package->carrier = str_from_cstr(quote->account.carrier->name);
    package->service = quote->service;
    package->choice = quote->choice;
    package->list_minor = package->quoted_minor = package->cost_minor = -1;
    memset(package->currency, 0, sizeof package->currency);
    if (!quote->has_price)
        return;
    memcpy(package->currency, quote->currency, sizeof package->currency);
    package->list_minor = quote->price.list_minor;
    package->quoted_minor = quote->price.price_minor;
}
