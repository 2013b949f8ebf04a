/* order_decode.c - the JSON body of an order, to a command. */
#include "base/arena.h"
#include "base/check.h"
#include "base/degrees.h"
#include "base/json.h"
#include "base/money.h"
#include "base/str.h"
#include "oms/order/order_edit.h"
#include "oms/order/order_price.h"
#include "oms/order/order_quote.h"
#include "oms/order/order_way.h"

enum {
    RATE_PPM_MAX = 10 * 1000 * 1000,
    DISCOUNT_PPM_MAX = 1000 * 1000,
    POSTAL_CODE_BYTES = 40
};

static const char *const tax_mode_names[] = {"exclusive", "inclusive"};

/* The first amount read says the currency where the body does not. */
static err_t get_amount(struct json_in *in, const char *key,
                        struct order_cmd *cmd, int64_t *ret)
{
    money amount;
    const char *currency = cmd->currency[0] ? cmd->currency : NULL;
    TRY(json_get_money(in, key, currency, &amount));
    if (amount.minor < 0)
        return json_fail(in, key, ERR_INVALID, "number_out_of_range",
                         "must be 0 or more");
    if (!currency)
        memcpy(cmd->currency, amount.currency, sizeof(cmd->currency));
    *ret = amount.minor;
    return OK;
}

static err_t opt_amount(struct json_in *in, const char *key,
                        struct order_cmd *cmd, int64_t *ret)
{
    return json_has(in, key) ? get_amount(in, key, cmd, ret) : OK;
}

static err_t read_taxes(struct ctx *ctx, struct json_in *in,
                        struct order_cmd *cmd, const struct order_tax **ret,
                        size_t *ret_count)
{
    struct json_list list;
    TRY(json_get_list(in, "tax_lines", 0, LIMIT_TAX_LINES, &list));
    struct order_tax *taxes =
        arena_array(ctx->arena, struct order_tax, list.count);
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *at;
        TRY(json_list_object(&list, i, &at));
        TRY(json_get_str(at, "name", 1, LIMIT_NAME_BYTES, &taxes[i].name));
        TRY(json_opt_i64(at, "rate_ppm", 0, RATE_PPM_MAX, &taxes[i].rate_ppm));
        TRY(get_amount(at, "amount", cmd, &taxes[i].amount));
        TRY(json_opt_str(at, "jurisdiction", 0, LIMIT_NAME_BYTES,
                         &taxes[i].jurisdiction));
        TRY(json_opt_str(at, "reason", 0, LIMIT_NAME_BYTES, &taxes[i].reason));
        TRY(json_end(at));
    }
    *ret = taxes;
    *ret_count = list.count;
    return OK;
}

/* A percentage without an amount is for who asks what the order costs. */
static err_t read_discount(struct json_in *in, struct order_cmd *cmd,
                           struct order_discount *ret)
{
    ret->amount = -1;
    TRY(json_get_str(in, "title", 1, LIMIT_TITLE_BYTES, &ret->title));
    TRY(json_opt_i64(in, "rate_ppm", 0, DISCOUNT_PPM_MAX, &ret->rate_ppm));
    TRY(opt_amount(in, "amount", cmd, &ret->amount));
    if (ret->amount == -1 && !(cmd->is_asked && json_has(in, "rate_ppm")))
        return json_fail(in, "amount", ERR_INVALID, "missing_field",
                         "is required");
    return json_end(in);
}

static err_t read_discounts(struct ctx *ctx, struct json_in *in,
                            struct order_cmd *cmd,
                            const struct order_discount **ret,
                            size_t *ret_count)
{
    struct json_list list;
    TRY(json_get_list(in, "discounts", 0, LIMIT_DISCOUNTS, &list));
    if (list.count == 0)
        return OK;
    struct order_discount *at =
        arena_array(ctx->arena, struct order_discount, list.count);
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *item;
        TRY(json_list_object(&list, i, &item));
        TRY(read_discount(item, cmd, &at[i]));
    }
    *ret = at;
    *ret_count = list.count;
    return OK;
}

/* The discount of a line is the sum of its parts, where they are named. */
static err_t sum_discounts(struct json_in *in, const struct order_cmd *cmd,
                           struct order_line_cmd *line)
{
    int64_t sum = 0;
    if (line->discount_count == 0 || cmd->is_asked)
        return OK;
    for (size_t i = 0; i < line->discount_count; i++)
        sum += line->discounts[i].amount; /* Few, LIMIT_MINOR at most. */
    if (json_has(in, "discount") && line->discount != sum)
        return json_fail(in, "discount", ERR_INVALID, "totals_mismatch",
                         "must be %lld, the sum of its discounts",
                         (long long)sum);
    line->discount = sum;
    return OK;
}

/* Nothing leaves before. */
static err_t read_day(struct json_in *in, utc_ms *ret)
{
    TRY(json_opt_time(in, "fulfil_at", ret));
    if (*ret < 0)
        return json_fail(in, "fulfil_at", ERR_INVALID, "time_out_of_range",
                         "must be after 1970-01-01T00:00:00Z");
    return OK;
}

static err_t read_line(struct ctx *ctx, struct json_in *in,
                       struct order_cmd *cmd, struct order_line_cmd *line)
{
    line->total = -1;
    TRY(json_get_str(in, "sku", 1, LIMIT_CODE_BYTES, &line->sku));
    TRY(json_opt_str(in, "title", 1, LIMIT_TITLE_BYTES, &line->title));
    TRY(json_get_i64(in, "quantity", 1, LIMIT_QTY, &line->qty));
    line->unit_price = LINE_UNPRICED;
    if (!cmd->is_listed || json_has(in, "unit_price"))
        TRY(get_amount(in, "unit_price", cmd, &line->unit_price));
    TRY(opt_amount(in, "discount", cmd, &line->discount));
    TRY(read_discounts(ctx, in, cmd, &line->discounts, &line->discount_count));
    TRY(sum_discounts(in, cmd, line));
    TRY(read_taxes(ctx, in, cmd, &line->taxes, &line->tax_count));
    TRY(opt_amount(in, "total", cmd, &line->total));
    TRY(json_opt_raw(in, "attrs", LIMIT_ATTRS_BYTES, &line->attrs));
    TRY(read_day(in, &line->fulfil_at));
    return json_end(in);
}

err_t order_line_from_json(struct ctx *ctx, struct json_in *in,
                           const char *currency, struct order_line_cmd *ret)
{
    struct order_cmd cmd = {.currency = ""};
    struct order_line_cmd line = {0};
    memcpy(cmd.currency, currency, sizeof cmd.currency);
    TRY(read_line(ctx, in, &cmd, &line));
    *ret = line;
    return OK;
}

static err_t read_lines(struct ctx *ctx, struct json_in *in,
                        struct order_cmd *cmd)
{
    struct json_list list;
    TRY(json_get_list(in, "lines", 1, LIMIT_ORDER_LINES, &list));
    cmd->lines = arena_array(ctx->arena, struct order_line_cmd, list.count);
    cmd->line_count = list.count;
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *at;
        TRY(json_list_object(&list, i, &at));
        TRY(read_line(ctx, at, cmd, &cmd->lines[i]));
    }
    return OK;
}

static const char *const fee_names[] = {"duty", "import_tax"};

const char *order_fee_name(enum order_fee kind)
{
    ASSERT(kind > FEE_OTHER && (size_t)kind <= COUNT_OF(fee_names));
    return fee_names[kind - 1];
}

static err_t read_kind(struct json_in *in, enum order_fee *ret)
{
    int kind = -1;
    TRY(json_opt_enum(in, "kind", fee_names, COUNT_OF(fee_names), &kind));
    *ret = (enum order_fee)(kind + 1);
    return OK;
}

/* Shipping lines have a price and perhaps a discount, fees an amount. */
static err_t read_charges(struct ctx *ctx, struct json_in *in, const char *key,
                          struct order_cmd *cmd, size_t *ret_count)
{
    bool is_fee = key[0] == 'f';
    struct json_list list;
    TRY(json_get_list(in, key, 0, LIMIT_ORDER_CHARGES, &list));
    struct order_charge *charges =
        arena_array(ctx->arena, struct order_charge, list.count);
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *at;
        TRY(json_list_object(&list, i, &at));
        TRY(json_get_str(at, "title", 1, LIMIT_TITLE_BYTES, &charges[i].title));
        TRY(get_amount(at, is_fee ? "amount" : "price", cmd,
                       &charges[i].price));
        if (is_fee)
            TRY(read_kind(at, &charges[i].kind));
        else
            TRY(opt_amount(at, "discount", cmd, &charges[i].discount));
        TRY(json_opt_str(at, "tax_class", 1, LIMIT_CODE_BYTES,
                         &charges[i].tax_class));
        TRY(read_taxes(ctx, at, cmd, &charges[i].taxes, &charges[i].tax_count));
        TRY(json_end(at));
    }
    if (is_fee)
        cmd->fees = charges;
    else
        cmd->shipping = charges;
    *ret_count = list.count;
    return OK;
}

static err_t read_customer(struct ctx *ctx, struct json_in *in,
                           const struct order_party **ret)
{
    struct json_in *at;
    TRY(json_opt_object(in, "customer", &at));
    if (!at)
        return OK;
    struct order_party *party = arena_new(ctx->arena, struct order_party);
    TRY(json_opt_str(at, "name", 0, LIMIT_NAME_BYTES, &party->name));
    TRY(json_opt_str(at, "email", 0, LIMIT_EMAIL_BYTES, &party->email));
    TRY(json_opt_str(at, "phone", 0, LIMIT_PHONE_BYTES, &party->phone));
    TRY(json_opt_str(at, "external_id", 0, LIMIT_EXTERNAL_ID_BYTES,
                     &party->external_id));
    TRY(json_opt_str(at, "tax_id", 0, LIMIT_TAX_ID_BYTES, &party->tax_id));
    *ret = party;
    return json_end(at);
}

static err_t read_country(struct json_in *in, str *ret)
{
    TRY(json_get_str(in, "country", 1, LIMIT_CODE_BYTES, ret));
    if (!country_is_known(*ret))
        return json_fail(in, "country", ERR_INVALID, "country_unknown",
                         "must be two capitals by ISO 3166, as DE");
    return OK;
}

/* All parts but the country may be missing. */
err_t order_party_from_json(struct ctx *ctx, struct json_in *in,
                            const char *key, const struct order_party **ret)
{
    struct json_in *at;
    TRY(json_opt_object(in, key, &at));
    if (!at)
        return OK;
    struct order_party *party = arena_new(ctx->arena, struct order_party);
    const struct {
        const char *key;
        size_t max;
        str *ret;
    } parts[] = {
        {"name",        LIMIT_NAME_BYTES,         &party->name       },
        {"company",     LIMIT_NAME_BYTES,         &party->company    },
        {"line1",       LIMIT_ADDRESS_LINE_BYTES, &party->line1      },
        {"line2",       LIMIT_ADDRESS_LINE_BYTES, &party->line2      },
        {"city",        LIMIT_ADDRESS_LINE_BYTES, &party->city       },
        {"region",      LIMIT_ADDRESS_LINE_BYTES, &party->region     },
        {"postal_code", POSTAL_CODE_BYTES,        &party->postal_code},
        {"phone",       LIMIT_PHONE_BYTES,        &party->phone      },
        {"email",       LIMIT_EMAIL_BYTES,        &party->email      },
    };
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        TRY(json_opt_str(at, parts[i].key, 0, parts[i].max, parts[i].ret));
    TRY(read_country(at, &party->country));
    TRY(json_opt_point(at, &party->lat_e6, &party->lon_e6, &party->has_point));
    *ret = party;
    return json_end(at);
}

static err_t read_totals(struct ctx *ctx, struct json_in *in,
                         struct order_cmd *cmd)
{
    struct json_in *at;
    TRY(json_opt_object(in, "totals", &at));
    if (!at)
        return OK;
    struct order_totals *totals = arena_new(ctx->arena, struct order_totals);
    *totals = (struct order_totals){-1, -1, -1, -1, -1, -1};
    TRY(opt_amount(at, "lines", cmd, &totals->lines));
    TRY(opt_amount(at, "discount", cmd, &totals->discount));
    TRY(opt_amount(at, "shipping", cmd, &totals->shipping));
    TRY(opt_amount(at, "fees", cmd, &totals->fees));
    TRY(get_amount(at, "tax", cmd, &totals->tax));
    TRY(get_amount(at, "total", cmd, &totals->total));
    cmd->totals = totals;
    return json_end(at);
}

static err_t read_currency(struct json_in *in, struct order_cmd *cmd)
{
    str text = STR_NONE;
    TRY(json_opt_str(in, "currency", 1, LIMIT_CODE_BYTES, &text));
    cmd->is_currency_default = text.len == 0;
    if (text.len > 0 && !currency_from_str(text, cmd->currency))
        return json_fail(in, "currency", ERR_INVALID, "currency_unknown",
                         "must be a currency by ISO 4217, as EUR");
    return OK;
}

static err_t read_head(struct json_in *in, str idem_key, struct order_cmd *cmd)
{
    int mode = -1;
    TRY(json_get_str(in, "channel", 1, LIMIT_CODE_BYTES, &cmd->channel));
    cmd->external_id = idem_key;
    TRY(json_opt_str(in, "external_id", 1, LIMIT_EXTERNAL_ID_BYTES,
                     &cmd->external_id));
    if (cmd->external_id.len == 0 && !cmd->is_asked)
        return json_fail(in, "external_id", ERR_INVALID, "missing_field",
                         "an order needs the id it has in its channel");
    TRY(read_currency(in, cmd));
    TRY(json_opt_enum(in, "tax_mode", tax_mode_names, COUNT_OF(tax_mode_names),
                      &mode));
    if (mode >= 0)
        cmd->tax_mode = mode == 0 ? TAX_EXCLUSIVE : TAX_INCLUSIVE;
    TRY(json_opt_id(in, "hold", "hld", &cmd->hold.v));
    TRY(json_opt_time(in, "placed_at", &cmd->placed_at));
    /* A command's 0 means now, and nobody who sends the epoch means that. */
    if (json_has(in, "placed_at") && cmd->placed_at == 0)
        return json_fail(in, "placed_at", ERR_INVALID, "time_out_of_range",
                         "must be after 1970-01-01T00:00:00Z; leave it out for "
                         "now");
    return OK;
}

static const char *const method_names[] = {"ship", "pickup", "digital"};

/* How it leaves, and not before when. */
static err_t read_way(struct json_in *in, struct order_cmd *cmd)
{
    int method = -1;
    TRY(json_opt_enum(in, "method", method_names, COUNT_OF(method_names),
                      &method));
    cmd->method = (enum order_method)(method + 1);
    TRY(read_day(in, &cmd->fulfil_at));
    TRY(json_opt_str(in, "service", 1, LIMIT_CODE_BYTES, &cmd->service));
    TRY(json_opt_str(in, "pickup_location", 1, LIMIT_CODE_BYTES,
                     &cmd->pickup_location));
    if (cmd->pickup_location.len > 0 && cmd->method != ORDER_PICKUP)
        return json_fail(in, "pickup_location", ERR_INVALID, "unknown_field",
                         "only an order with the method pickup is picked up");
    return OK;
}

/* Who pays what customs ask for. Only who ships with duties paid collects them.
 */
static err_t read_incoterm(struct json_in *in, struct order_cmd *cmd)
{
    TRY(json_opt_str(in, "incoterm", 3, 3, &cmd->incoterm));
    if (cmd->incoterm.len > 0 && !incoterm_is_known(cmd->incoterm))
        return json_fail(in, "incoterm", ERR_INVALID, "incoterm_unknown",
                         "must be one of Incoterms 2020, as DDP or DAP");
    for (size_t i = 0; i < cmd->fee_count; i++)
        if (cmd->fees[i].kind != FEE_OTHER &&
            !str_equal_cstr(cmd->incoterm, "DDP"))
            return json_fail(in, "incoterm", ERR_INVALID, "duties_unpaid",
                             "duties and import tax are charged only where "
                             "they are delivered paid (DDP)");
    return OK;
}

static err_t read_order(struct ctx *ctx, struct json_in *in, str idem_key,
                        struct order_cmd *ret)
{
    struct order_cmd cmd = *ret;
    TRY(read_head(in, idem_key, &cmd));
    TRY(read_lines(ctx, in, &cmd));
    TRY(read_charges(ctx, in, "shipping_lines", &cmd, &cmd.shipping_count));
    TRY(read_charges(ctx, in, "fees", &cmd, &cmd.fee_count));
    TRY(read_totals(ctx, in, &cmd));
    TRY(read_customer(ctx, in, &cmd.customer));
    TRY(order_party_from_json(ctx, in, "shipping_address",
                              &cmd.shipping_address));
    TRY(order_party_from_json(ctx, in, "billing_address",
                              &cmd.billing_address));
    TRY(json_get_strs(in, "tags", LIMIT_TAGS, LIMIT_TAG_BYTES, &cmd.tags,
                      &cmd.tag_count));
    TRY(read_way(in, &cmd));
    TRY(read_incoterm(in, &cmd));
    TRY(json_opt_raw(in, "attrs", LIMIT_ATTRS_BYTES, &cmd.attrs));
    TRY(json_opt_str(in, "note", 0, LIMIT_NOTE_BYTES, &cmd.note));
    TRY(json_end(in));
    *ret = cmd;
    return OK;
}

err_t order_cmd_from_json(struct ctx *ctx, struct json_in *in, str idem_key,
                          struct order_cmd *ret)
{
    struct order_cmd cmd = {.origin = ORDER_ORIGIN_API};
    TRY(read_order(ctx, in, idem_key, &cmd));
    order_cmd_seal(ctx->arena, &cmd);
    *ret = cmd;
    return OK;
}

err_t order_asked_from_json(struct ctx *ctx, struct json_in *in,
                            struct order_asked *ret)
{
    struct order_asked asked = {
        .cmd = {.origin = ORDER_ORIGIN_API,
                .is_asked = true,
                .is_listed = ret->cmd.is_listed}
    };
    struct order_cmd *cmd = &asked.cmd;
    /* First, so that amounts of the order's discounts find its currency. */
    TRY(read_currency(in, cmd));
    TRY(read_discounts(ctx, in, cmd, &asked.discounts, &asked.discount_count));
    TRY(read_order(ctx, in, STR_NONE, cmd));
    *ret = asked;
    return OK;
}
