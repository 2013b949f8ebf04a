/* woocommerce_amounts.c - lines, shipping and fees of a WooCommerce order.
 *
 * Amounts of lines are without tax and for the whole line: `subtotal` before
 * and `total` after discounts, whatever prices_include_tax says of the shop's
 * own entry of prices. So the order is exclusive of tax.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "connect/channel/draft.h"
#include "connect/channel/woocommerce/woocommerce.h"

static const char path_total[] = "total";

static const char *path_of(struct draft *draft, const char *list, size_t i)
{
    struct arena *arena = draft->ctx->arena;
    return str_to_cstr(arena, str_printf(arena, "%s[%zu]", list, i));
}

static str line_attrs(struct draft *draft, json_any line)
{
    static const char *const keys[] = {"id", "product_id", "variation_id",
                                       "tax_class", "meta_data"};
    struct arena *arena = draft->ctx->arena;
    struct buf buf;
    struct json_out out;
    buf_init(&buf, arena, LIMIT_ATTRS_BYTES);
    json_out_init(&out, &buf);
    json_begin(&out, NULL);
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        json_any value = json_any_get(line, keys[i]);
        str raw = json_any_dump(arena, value);
        bool is_empty = json_any_is_blank(value) || str_equal_cstr(raw, "[]");
        if (!is_empty && buf.len + raw.len + 64 < LIMIT_ATTRS_BYTES)
            json_put_raw(&out, keys[i], raw);
    }
    json_end_object(&out);
    return buf_str(&buf);
}

/* The price of a unit times the units is at least the line's value; what is
 * over is a discount, so that no minor unit is lost. */
static void set_price(struct draft *draft, struct draft_line *line,
                      int64_t before, int64_t after)
{
    int64_t value = before > after ? before : after;
    line->unit_price = value / line->qty;
    if (value % line->qty != 0) {
        line->unit_price++;
        draft_note(draft, IMPORT_NOTE_UNIT_PRICE_SPLIT);
    }
    line->discount = line->unit_price * line->qty - after;
}

static err_t read_line(struct draft *draft, json_any from, const char *path,
                       struct draft_line *to)
{
    static const char *const keys[] = {"variation_id", "product_id", NULL};
    struct ctx *ctx = draft->ctx;
    int64_t before = -1, after = 0;
    bool found;
    *to = (struct draft_line){.is_taxed = true};
    TRY(draft_qty(draft, from, path, "quantity", &to->qty));
    TRY(draft_money(draft, from, path, "total", &after, &found));
    if (!found)
        return fail_as(
            ctx, ERR_INVALID, "missing_field",
            str_to_cstr(ctx->arena, str_printf(ctx->arena, "%s.total", path)),
            "is missing");
    TRY(draft_price(draft, from, path, "total", &after));
    before = after;
    TRY(draft_price(draft, from, path, "subtotal", &before));
    if (to->qty > 0)
        set_price(draft, to, before, after);
    to->title = draft_title(draft, from, "name", "Untitled");
    to->sku = draft_sku(draft, from, to->title, "woocommerce", keys);
    to->attrs = line_attrs(draft, from);
    return OK;
}

static err_t read_lines(struct draft *draft)
{
    json_any list = json_any_get(draft->src, "line_items");
    size_t count = json_any_count(list);
    draft->lines = arena_array(draft->ctx->arena, struct draft_line, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct draft_line line;
        TRY(read_line(draft, json_any_at(list, i),
                      path_of(draft, "line_items", i), &line));
        line.src = json_any_at(list, i);
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
    json_any list = json_any_get(draft->src, "shipping_lines");
    size_t count = json_any_count(list);
    draft->shipping =
        arena_array(draft->ctx->arena, struct draft_charge, count + 1);
    for (size_t i = 0; i < count; i++) {
        json_any from = json_any_at(list, i);
        struct draft_charge *to = &draft->shipping[draft->shipping_count++];
        TRY(draft_price(draft, from, path_of(draft, "shipping_lines", i),
                        "total", &to->price));
        to->title = draft_title(draft, from, "method_title", "Shipping");
        to->src = from;
    }
    return OK;
}

/* A fee below zero is how shops write a discount: it is one. */
static err_t read_fees(struct draft *draft)
{
    json_any list = json_any_get(draft->src, "fee_lines");
    size_t count = json_any_count(list);
    draft->fees =
        arena_array(draft->ctx->arena, struct draft_charge, count + 1);
    for (size_t i = 0; i < count; i++) {
        json_any from = json_any_at(list, i);
        const char *path = path_of(draft, "fee_lines", i);
        int64_t amount = 0;
        bool done = false;
        TRY(draft_money(draft, from, path, "total", &amount, NULL));
        if (amount >= 0) {
            struct draft_charge *to = &draft->fees[draft->fee_count++];
            to->price = amount;
            to->title = draft_title(draft, from, "name", "Fee");
            to->src = from;
            continue;
        }
        TRY(draft_spread_discount(draft, -amount, &done));
        if (!done)
            return fail_as(draft->ctx, ERR_INVALID, "number_out_of_range", path,
                           "takes off more than the lines are worth");
        draft_note(draft, IMPORT_NOTE_FEE_AS_DISCOUNT);
    }
    return OK;
}

err_t woocommerce_read_amounts(struct draft *draft)
{
    int64_t total = 0;
    bool found;
    TRY(draft_money(draft, draft->src, "", path_total, &total, &found));
    if (!found)
        return fail_as(draft->ctx, ERR_INVALID, "missing_field", path_total,
                       "is missing");
    TRY(read_lines(draft));
    TRY(read_shipping(draft));
    TRY(read_fees(draft));
    TRY(woocommerce_read_taxes(draft));
    TRY(draft_meet_total(draft, total));
    return draft_finish(draft, path_total, total);
}
