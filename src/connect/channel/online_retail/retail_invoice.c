/* retail_invoice.c - the rows of one invoice as one command. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/map.h"
#include "base/money.h"
#include "base/str.h"
#include "base/time.h"
#include "connect/channel/online_retail/retail.h"
#include "connect/channel/online_retail/retail_country.h"

__extension__ typedef __int128 wide;

static int64_t power10(int n)
{
    int64_t p = 1;
    while (n-- > 0)
        p *= 10;
    return p;
}

bool retail_amount(int64_t qty, int64_t price, int exponent, int64_t *ret)
{
    ASSERT(exponent >= 0 && exponent <= RETAIL_PRICE_DIGITS);
    int64_t den = power10(RETAIL_PRICE_DIGITS - exponent);
    wide product = (wide)qty * price;
    wide magnitude = product < 0 ? -product : product;
    wide amount = (2 * magnitude + den) / (2 * (wide)den);
    if (amount > LIMIT_MINOR)
        return false;
    *ret = (int64_t)(product < 0 ? -amount : amount);
    return true;
}

/* "0.001" of a price that minor units cannot say. */
static str price_doc(struct arena *arena, int64_t price)
{
    int64_t unit = power10(RETAIL_PRICE_DIGITS);
    str text = str_printf(arena, "%lld.%06lld", (long long)(price / unit),
                          (long long)(price % unit));
    while (text.ptr[text.len - 1] == '0')
        text.len--;
    return str_printf(arena, "{\"unit_price\":\"%.*s\"}", STR_ARG(text));
}

/* A line as it will stand: whole units of price, the rest a discount. */
struct amounts {
    int64_t unit, gross, amount;
    bool is_exact;
};

static err_t amounts_of(struct ctx *ctx, const struct retail_row *row,
                        int exponent, struct amounts *ret)
{
    int64_t qty = row->qty < 0 ? -row->qty : row->qty;
    int64_t den = power10(RETAIL_PRICE_DIGITS - exponent);
    ret->unit = (row->price + den - 1) / den;
    ret->is_exact = row->price % den == 0;
    if (!retail_amount(qty, row->price, exponent, &ret->amount) ||
        !i64_mul(qty, ret->unit, &ret->gross) || ret->gross > LIMIT_MINOR)
        return fail_as(ctx, ERR_INVALID, "number_out_of_range", "UnitPrice",
                       "quantity times price is too large");
    return OK;
}

static void count_row(const struct retail_row *row, struct retail_outcome *ret)
{
    for (int i = 0; i < RETAIL_NOTES; i++)
        ret->notes[i] += (row->notes >> i) & 1u;
}

static void count_repeats(struct ctx *ctx, const struct retail_invoice *invoice,
                          struct retail_outcome *ret)
{
    struct map *seen = map_open(ctx->arena, invoice->count);
    for (size_t i = 0; i < invoice->count; i++) {
        struct map_key key = {.s = invoice->rows[i].sku};
        if (map_find(seen, key))
            ret->notes[RETAIL_SKU_REPEATED]++;
        else
            map_set(seen, key, seen);
    }
}

/* Counts all rows; *ret_at is the earliest time. */
static void look_over(struct ctx *ctx, const struct retail_invoice *invoice,
                      struct retail_outcome *ret, int64_t *ret_at)
{
    const struct retail_row *first = &invoice->rows[0];
    bool is_time = false, is_customer = false, is_country = false;
    *ret = (struct retail_outcome){.lines = 0};
    *ret_at = first->at;
    for (size_t i = 0; i < invoice->count; i++) {
        const struct retail_row *row = &invoice->rows[i];
        enum retail_reason reason = retail_row_reason(row);
        count_row(row, ret);
        ret->reasons[reason]++;
        ret->lines += reason == RETAIL_TAKEN;
        *ret_at = row->at < *ret_at ? row->at : *ret_at;
        is_time = is_time || row->at != first->at;
        is_customer = is_customer || !str_equal(row->customer, first->customer);
        is_country = is_country || !str_equal(row->country, first->country);
    }
    ret->notes[RETAIL_TWO_TIMES] += is_time;
    ret->notes[RETAIL_TWO_CUSTOMERS] += is_customer;
    ret->notes[RETAIL_TWO_COUNTRIES] += is_country;
    ret->notes[RETAIL_REAPPEARED] += invoice->is_apart;
    count_repeats(ctx, invoice, ret);
}

static str country_doc(struct arena *arena, str country)
{
    struct buf buf;
    struct json_out out;
    buf_init(&buf, arena, LIMIT_ATTRS_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    json_put_str(&out, "country", country);
    json_end_object(&out);
    return buf_str(&buf);
}

static struct order_party *party_with(struct arena *arena, str external_id,
                                      str country)
{
    if (external_id.len == 0 && country.len == 0)
        return NULL;
    struct order_party *party = arena_new(arena, struct order_party);
    party->external_id = external_id;
    party->country = country;
    return party;
}

static err_t fill_order_lines(struct ctx *ctx,
                              const struct retail_invoice *invoice,
                              int exponent, struct order_cmd *cmd,
                              struct retail_outcome *ret)
{
    cmd->lines = arena_array(ctx->arena, struct order_line_cmd, ret->lines);
    for (size_t i = 0; i < invoice->count; i++) {
        const struct retail_row *row = &invoice->rows[i];
        struct amounts amounts;
        if (retail_row_reason(row) != RETAIL_TAKEN)
            continue;
        TRY(amounts_of(ctx, row, exponent, &amounts));
        ret->notes[RETAIL_SUB_CENT] += !amounts.is_exact;
        cmd->lines[cmd->line_count++] = (struct order_line_cmd){
            .sku = row->sku,
            .title = row->title,
            .qty = row->qty,
            .unit_price = amounts.unit,
            .discount = amounts.gross - amounts.amount,
            .total = amounts.amount,
            .attrs = amounts.is_exact ? STR_NONE
                                      : price_doc(ctx->arena, row->price)};
    }
    ASSERT(cmd->line_count == ret->lines);
    return OK;
}

err_t retail_to_order(struct ctx *ctx, const struct retail_settings *settings,
                      const struct retail_invoice *invoice,
                      struct order_cmd *cmd, struct retail_outcome *ret)
{
    const struct retail_row *first = &invoice->rows[0];
    int64_t at;
    look_over(ctx, invoice, ret, &at);
    str code = retail_country_code(first->country);
    ret->notes[RETAIL_COUNTRY_UNKNOWN] += code.len == 0;
    if (ret->lines == 0)
        return OK;
    *cmd = (struct order_cmd){
        .channel = settings->channel,
        .external_id = invoice->number,
        .tax_mode = TAX_INCLUSIVE,
        .origin = ORDER_ORIGIN_IMPORT,
        .customer = party_with(ctx->arena, first->customer, STR_NONE),
        .shipping_address = party_with(ctx->arena, STR_NONE, code),
        .attrs = country_doc(ctx->arena, first->country),
    };
    memcpy(cmd->currency, settings->currency, sizeof cmd->currency);
    TRY(zone_to_utc(ctx, settings->zone, at, &cmd->placed_at));
    TRY(fill_order_lines(ctx, invoice, currency_exponent(settings->currency),
                         cmd, ret));
    order_cmd_seal(ctx->arena, cmd);
    return OK;
}

static err_t fill_credit_lines(struct ctx *ctx,
                               const struct retail_invoice *invoice,
                               int exponent, struct credit_cmd *cmd,
                               struct retail_outcome *ret)
{
    cmd->lines = arena_array(ctx->arena, struct credit_line_cmd, ret->lines);
    for (size_t i = 0; i < invoice->count; i++) {
        const struct retail_row *row = &invoice->rows[i];
        struct amounts amounts;
        if (retail_row_reason(row) != RETAIL_TAKEN)
            continue;
        TRY(amounts_of(ctx, row, exponent, &amounts));
        ret->notes[RETAIL_SUB_CENT] += !amounts.is_exact;
        cmd->lines[cmd->line_count++] = (struct credit_line_cmd){
            .sku = row->sku,
            .title = row->title,
            .qty = -row->qty,
            .unit_price = amounts.unit,
            .amount = amounts.amount,
            .attrs = amounts.is_exact ? STR_NONE
                                      : price_doc(ctx->arena, row->price)};
    }
    ASSERT(cmd->line_count == ret->lines);
    return OK;
}

err_t retail_to_credit(struct ctx *ctx, const struct retail_settings *settings,
                       const struct retail_invoice *invoice,
                       struct credit_cmd *cmd, struct retail_outcome *ret)
{
    const struct retail_row *first = &invoice->rows[0];
    int64_t at;
    look_over(ctx, invoice, ret, &at);
    ret->notes[RETAIL_COUNTRY_UNKNOWN] +=
        retail_country_code(first->country).len == 0;
    if (ret->lines == 0)
        return OK;
    *cmd = (struct credit_cmd){.channel = settings->channel,
                               .external_id = invoice->number,
                               .buyer = first->customer,
                               .country = first->country};
    memcpy(cmd->currency, settings->currency, sizeof cmd->currency);
    TRY(zone_to_utc(ctx, settings->zone, at, &cmd->issued_at));
    TRY(fill_credit_lines(ctx, invoice, currency_exponent(settings->currency),
                          cmd, ret));
    credit_cmd_seal(ctx->arena, cmd);
    return OK;
}

err_t retail_to_adjustment(struct ctx *ctx,
                           const struct retail_settings *settings,
                           const struct retail_invoice *invoice,
                           struct retail_outcome *ret)
{
    int64_t at;
    look_over(ctx, invoice, ret, &at);
    for (size_t i = 0; i < invoice->count; i++) {
        const struct retail_row *row = &invoice->rows[i];
        int64_t amount;
        if (!retail_amount(row->qty, row->price,
                           currency_exponent(settings->currency), &amount))
            return fail_as(ctx, ERR_INVALID, "number_out_of_range", "UnitPrice",
                           "quantity times price is too large");
        ret->amount += amount;
    }
    return OK;
}
