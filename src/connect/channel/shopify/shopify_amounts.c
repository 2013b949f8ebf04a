/* shopify_amounts.c - lines, shipping, taxes and totals of a Shopify order.
 *
 * total_price is the total as placed; current_total_price is what is left
 * after refunds and is kept raw. Amounts are in the shop's currency.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/money.h"
#include "base/str.h"
#include "connect/channel/draft.h"
#include "connect/channel/shopify/shopify.h"

enum { EXTRA_FEES = 3, RATE_MAX_PPM = 10 * MICRO };

static const char path_total[] = "total_price";

/* [{"title", "rate", "price"}] of an order, a line or shipping. */
static err_t read_taxes(struct draft *draft, json_any owner, const char *path,
                        struct order_tax **ret, size_t *ret_count)
{
    struct arena *arena = draft->ctx->arena;
    json_any list = json_any_get(owner, "tax_lines");
    size_t count = json_any_count(list), used = 0;
    *ret = arena_array(arena, struct order_tax, count);
    for (size_t i = 0; i < count; i++) {
        json_any tax = json_any_at(list, i);
        str at = str_printf(arena, "%s%stax_lines[%zu]", path,
                            path[0] ? "." : "", i);
        struct order_tax *to = &(*ret)[used];
        *to = (struct order_tax){.amount = 0};
        TRY(draft_price(draft, tax, str_to_cstr(arena, at), "price",
                        &to->amount));
        to->name = draft_title(draft, tax, "title", "Tax");
        str rate = json_any_get_text(arena, tax, "rate");
        /* 0.06 is 60,000 parts per million: a decimal in millionths. */
        if (!micro_from_text(rate, &to->rate_ppm) || to->rate_ppm < 0 ||
            to->rate_ppm > RATE_MAX_PPM)
            to->rate_ppm = 0;
        used += to->amount > 0 || to->rate_ppm > 0;
    }
    *ret_count = used;
    return OK;
}

/* Allocations where there are any; `fallback` names the older single field. */
static err_t read_discount(struct draft *draft, json_any owner,
                           const char *path, const char *fallback, int64_t *ret)
{
    struct arena *arena = draft->ctx->arena;
    json_any list = json_any_get(owner, "discount_allocations");
    int64_t sum = 0;
    *ret = 0;
    if (json_any_count(list) == 0)
        return fallback ? draft_price(draft, owner, path, fallback, ret) : OK;
    for (size_t i = 0; i < json_any_count(list); i++) {
        int64_t amount = 0;
        str at = str_printf(arena, "%s.discount_allocations[%zu]", path, i);
        TRY(draft_price(draft, json_any_at(list, i), str_to_cstr(arena, at),
                        "amount", &amount));
        sum += amount; /* At most a payload full of LIMIT_MINOR. */
        if (sum > LIMIT_MINOR)
            sum = LIMIT_MINOR;
    }
    *ret = sum;
    return OK;
}

static void put_text(struct arena *arena, struct json_out *out, json_any line,
                     const char *key)
{
    json_any value = json_any_get(line, key);
    if (!json_any_is_blank(value))
        json_put_raw(out, key, json_any_dump(arena, value));
}

/* What a picker may need to see; the rest is in the order's raw. */
static str line_attrs(struct draft *draft, json_any line)
{
    static const char *const keys[] = {
        "id",     "product_id", "variant_id",       "variant_title",
        "vendor", "gift_card",  "requires_shipping"};
    struct arena *arena = draft->ctx->arena;
    struct buf buf;
    struct json_out out;
    buf_init(&buf, arena, LIMIT_ATTRS_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        put_text(arena, &out, line, keys[i]);
    str properties = json_any_dump(arena, json_any_get(line, "properties"));
    if (json_any_count(json_any_get(line, "properties")) > 0 &&
        buf.len + properties.len + 32 < LIMIT_ATTRS_BYTES)
        json_put_raw(&out, "properties", properties);
    json_end_object(&out);
    return buf.is_full ? STR("{}") : buf_str(&buf);
}

/* {"shop_money": {"amount": "1.00"}} */
static err_t read_set(struct draft *draft, json_any owner, const char *key,
                      int64_t *ret, bool *found)
{
    json_any set = json_any_get(owner, key);
    return draft_money(draft, json_any_get(set, "shop_money"), key, "amount",
                       ret, found);
}

/* The plain amount, or that of its money set where it is left out. */
static err_t read_amount(struct draft *draft, json_any owner, const char *path,
                         const char *key, int64_t *ret)
{
    struct arena *arena = draft->ctx->arena;
    bool found;
    TRY(draft_money(draft, owner, path, key, ret, &found));
    if (!found)
        TRY(read_set(draft, owner,
                     str_to_cstr(arena, str_printf(arena, "%s_set", key)), ret,
                     &found));
    if (found && *ret >= 0)
        return OK;
    str field = str_printf(arena, "%s%s%s", path, path[0] ? "." : "", key);
    return fail_as(draft->ctx, ERR_INVALID,
                   found ? "number_out_of_range" : "missing_field",
                   str_to_cstr(arena, field),
                   found ? "must not be below zero" : "is missing");
}

static err_t read_line(struct draft *draft, json_any line, const char *path,
                       struct draft_line *ret)
{
    static const char *const keys[] = {"variant_id", "product_id", NULL};
    *ret = (struct draft_line){.qty = 0};
    TRY(draft_qty(draft, line, path, "quantity", &ret->qty));
    TRY(read_amount(draft, line, path, "price", &ret->unit_price));
    TRY(read_discount(draft, line, path, "total_discount", &ret->discount));
    TRY(read_taxes(draft, line, path, &ret->taxes, &ret->tax_count));
    ret->title = draft_text(draft, line, "name", LIMIT_TITLE_BYTES);
    if (ret->title.len == 0)
        ret->title = draft_title(draft, line, "title", "Untitled");
    ret->sku = draft_sku(draft, line, ret->title, "shopify", keys);
    ret->attrs = line_attrs(draft, line);
    json_any taxable = json_any_get(line, "taxable");
    ret->is_taxed = json_any_kind(taxable) != JSON_KIND_BOOL ||
                    json_any_is_true(line, "taxable");
    return OK;
}

static err_t read_lines(struct draft *draft)
{
    struct arena *arena = draft->ctx->arena;
    json_any list = json_any_get(draft->src, "line_items");
    size_t count = json_any_count(list);
    draft->lines = arena_array(arena, struct draft_line, count);
    for (size_t i = 0; i < count; i++) {
        str path = str_printf(arena, "line_items[%zu]", i);
        struct draft_line line;
        TRY(read_line(draft, json_any_at(list, i), str_to_cstr(arena, path),
                      &line));
        if (line.qty == 0)
            draft_note(draft, IMPORT_NOTE_ZERO_QTY);
        else
            draft->lines[draft->line_count++] = line;
    }
    if (draft->line_count == 0)
        return fail_as(draft->ctx, ERR_INVALID, "lines_missing", "line_items",
                       "has no line of at least one unit");
    if (draft->line_count > LIMIT_ORDER_LINES)
        return fail_as(draft->ctx, ERR_INVALID, "too_long", "line_items",
                       "has more than %d lines", LIMIT_ORDER_LINES);
    return OK;
}

static err_t read_shipping(struct draft *draft)
{
    struct arena *arena = draft->ctx->arena;
    json_any list = json_any_get(draft->src, "shipping_lines");
    size_t count = json_any_count(list);
    draft->shipping = arena_array(arena, struct draft_charge, count);
    for (size_t i = 0; i < count; i++) {
        json_any from = json_any_at(list, i);
        if (json_any_is_true(from, "is_removed"))
            continue;
        const char *path =
            str_to_cstr(arena, str_printf(arena, "shipping_lines[%zu]", i));
        struct draft_charge *to = &draft->shipping[draft->shipping_count++];
        TRY(draft_price(draft, from, path, "price", &to->price));
        TRY(read_discount(draft, from, path, NULL, &to->discount));
        int64_t discounted = to->price - to->discount;
        TRY(draft_price(draft, from, path, "discounted_price", &discounted));
        if (to->discount == 0 && discounted < to->price)
            to->discount = to->price - discounted;
        TRY(read_taxes(draft, from, path, &to->taxes, &to->tax_count));
        to->title = draft_title(draft, from, "title", "Shipping");
    }
    return OK;
}

/* Taxes of the order that no line carries go to the lines by value. */
static err_t settle_taxes(struct draft *draft)
{
    struct draft_sums sums = {.total = 0};
    struct order_tax *taxes;
    size_t count;
    int64_t target = 0;
    bool found;
    TRY(draft_sum(draft, &sums));
    TRY(draft_money(draft, draft->src, "", "total_tax", &target, &found));
    TRY(read_taxes(draft, draft->src, "", &taxes, &count));
    if (sums.tax == 0) {
        for (size_t i = 0; i < count; i++)
            TRY(draft_spread_tax(draft, taxes[i].name, taxes[i].rate_ppm,
                                 taxes[i].amount));
        if (count == 0 && target > 0)
            TRY(draft_spread_tax(draft, STR("Tax"), 0, target));
        TRY(draft_sum(draft, &sums));
    }
    if (found)
        draft_round_tax(draft, target, sums.tax);
    return OK;
}

static void add_fee(struct draft *draft, const char *title, int64_t amount)
{
    draft->fees[draft->fee_count++] =
        (struct draft_charge){.title = str_from_cstr(title), .price = amount};
    draft_note(draft, IMPORT_NOTE_PART_ADDED);
}

/* Tips, duties and fees are in the total in some versions and shops and not
 * in others: the payload's own total decides which of them belong to it. */
static err_t settle_extras(struct draft *draft, int64_t total)
{
    static const char *const titles[EXTRA_FEES] = {"Tip", "Duties",
                                                   "Additional fees"};
    int64_t extra[EXTRA_FEES] = {0, 0, 0};
    struct draft_sums sums = {.total = 0};
    TRY(draft_price(draft, draft->src, "", "total_tip_received", &extra[0]));
    TRY(read_set(draft, draft->src, "original_total_duties_set", &extra[1],
                 NULL));
    TRY(read_set(draft, draft->src, "original_total_additional_fees_set",
                 &extra[2], NULL));
    TRY(draft_sum(draft, &sums));
    draft->fees =
        arena_array(draft->ctx->arena, struct draft_charge, EXTRA_FEES);
    for (unsigned set = 1; set < 1u << EXTRA_FEES; set++) {
        int64_t sum = sums.total;
        bool is_whole = true;
        for (unsigned i = 0; i < EXTRA_FEES; i++) {
            sum += set >> i & 1 ? extra[i] : 0;
            is_whole &= !(set >> i & 1) || extra[i] > 0;
        }
        if (!is_whole || sum != total || sums.total == total)
            continue;
        for (unsigned i = 0; i < EXTRA_FEES; i++)
            if (set >> i & 1)
                add_fee(draft, titles[i], extra[i]);
        return OK;
    }
    return OK;
}

/* Older versions name a discount of the order and leave the lines alone. */
static err_t settle_discounts(struct draft *draft, int64_t total)
{
    struct draft_sums sums = {.total = 0};
    int64_t discount = 0;
    bool done = false;
    TRY(draft_price(draft, draft->src, "", "total_discounts", &discount));
    TRY(draft_sum(draft, &sums));
    int64_t missing = discount - sums.discount;
    if (missing <= 0 || sums.total - missing != total)
        return OK;
    TRY(draft_spread_discount(draft, missing, &done));
    if (done)
        draft_note(draft, IMPORT_NOTE_DISCOUNT_SPREAD);
    return OK;
}

err_t shopify_read_amounts(struct draft *draft)
{
    int64_t total = 0;
    draft->is_tax_included = json_any_is_true(draft->src, "taxes_included");
    TRY(read_amount(draft, draft->src, "", path_total, &total));
    TRY(read_lines(draft));
    TRY(read_shipping(draft));
    TRY(settle_taxes(draft));
    TRY(settle_discounts(draft, total));
    TRY(settle_extras(draft, total));
    return draft_finish(draft, path_total, total);
}
