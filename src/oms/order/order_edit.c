/* order_edit.c - see order_edit.h. */
#include "oms/order/order_edit.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/catalog/catalog.h"
#include "oms/order/order_kit.h"
#include "oms/order/order_pay.h"
#include "oms/order/order_store.h"
#include "oms/order/order_worth.h"

int64_t order_line_net(const struct order *order, const struct order_line *line)
{
    return line->total_now -
           (order->tax_mode == TAX_EXCLUSIVE ? line->tax_now : 0);
}

int64_t order_open_units(const struct order_line *line)
{
    return line->unallocated + line->backordered + line->allocated;
}

int64_t order_line_gross(const struct order *order,
                         const struct order_line *line)
{
    return order_line_net(order, line) + line->discount_now;
}

/* part * num / den. */
static err_t share(struct ctx *ctx, const struct order_taxing *by, int64_t part,
                   int64_t num, int64_t den, int64_t *ret)
{
    money amount;
    TRY(money_mul_ratio(ctx, money_make(part, by->order->currency), num, den,
                        by->rounding, &amount));
    *ret = amount.minor;
    return OK;
}

/* The rates of the tax lines that it came with, together. */
static err_t rate_of(struct ctx *ctx, const struct order_line *line,
                     int64_t *ret_ppm)
{
    struct json_in *in;
    struct json_list taxes;
    *ret_ppm = 0;
    if (line->doc.len == 0)
        return OK;
    TRY(json_parse(ctx, line->doc, &in));
    TRY(json_get_list(in, "tax_lines", 0, SIZE_MAX, &taxes));
    for (size_t i = 0; i < taxes.count; i++) {
        struct json_in *tax;
        int64_t ppm;
        TRY(json_list_object(&taxes, i, &tax));
        TRY(json_get_i64(tax, "rate_ppm", 0, INT32_MAX, &ppm));
        *ret_ppm += ppm;
    }
    return OK;
}

err_t order_line_tax_on(struct ctx *ctx, const struct order_taxing *by,
                        const struct order_line *line, int64_t net,
                        int64_t *ret)
{
    enum { WHOLE_PPM = 1000000 };
    bool is_exclusive = by->order->tax_mode == TAX_EXCLUSIVE;
    int64_t base = order_line_net(by->order, line), ppm;
    if (base > 0)
        return share(ctx, by, net, line->tax_now, base, ret);
    base = line->total - (is_exclusive ? line->tax : 0);
    if (base > 0)
        return share(ctx, by, net, line->tax, base, ret);
    TRY(rate_of(ctx, line, &ppm));
    return share(ctx, by, net, ppm, WHOLE_PPM + (is_exclusive ? 0 : ppm), ret);
}

static err_t refuse(struct ctx *ctx, const char *slug, const char *field,
                    const char *member, const char *text)
{
    char path[sizeof ctx->err.field];
    snprintf(path, sizeof path, "%s.%s", field, member);
    return fail_as(ctx, ERR_INVALID, slug, path, "%s", text);
}

static err_t check_price(struct ctx *ctx, const struct order *order,
                         const struct order_price *price, const char *field)
{
    bool is_counted = price->gross >= 0 && price->gross <= LIMIT_MINOR;
    if (is_counted && (price->discount < 0 || price->discount > price->gross))
        return refuse(ctx, "discount_too_large", field, "discount",
                      "must lie between 0 and the price of the whole line");
    if (!is_counted || price->tax < 0 || price->tax > LIMIT_MINOR)
        return refuse(ctx, "number_out_of_range", field, "quantity",
                      "the line would come to more than can be counted");
    if (order->tax_mode != TAX_EXCLUSIVE &&
        price->tax > price->gross - price->discount)
        return refuse(ctx, "tax_too_large", field, "tax",
                      "contained tax is more than the line comes to");
    return OK;
}

static void set_price(const struct order *order,
                      const struct order_price *price, struct order_line *line)
{
    line->discount_now = price->discount;
    line->tax_now = price->tax;
    line->total_now = price->gross - price->discount +
                      (order->tax_mode == TAX_EXCLUSIVE ? price->tax : 0);
    line->base_units = order_line_left(line);
    line->base_total = line->total_now;
}

err_t order_reprice(struct ctx *ctx, struct order *order, int64_t n,
                    const struct order_price *price, const char *field)
{
    ASSERT(n >= 1 && n <= (int64_t)order->line_count);
    TRY(check_price(ctx, order, price, field));
    set_price(order, price, &order->lines[n - 1]);
    return OK;
}

err_t order_set_charges(struct ctx *ctx, const struct order_taxing *by,
                        struct order *order, int64_t amount, int64_t tax,
                        const char *field)
{
    int64_t was = order->charges_now;
    if (tax < 0 && was > 0)
        TRY(share(ctx, by, amount, order->charges_tax_now, was, &tax));
    if (tax < 0)
        tax = 0;
    if (tax > amount)
        return refuse(ctx, "tax_too_large", field, "tax",
                      "is more than what it is to come to");
    order->charges_now = amount;
    order->charges_tax_now = tax;
    return OK;
}

err_t order_raise(struct ctx *ctx, struct order *order, int64_t n, int64_t qty,
                  int64_t tax, const char *field)
{
    ASSERT(n >= 1 && n <= (int64_t)order->line_count && qty > 0);
    struct order_line *line = &order->lines[n - 1];
    int64_t more, sum;
    if (!i64_mul(qty, line->unit_price_now, &more) || more > LIMIT_MINOR ||
        !i64_add(line->ordered, qty, &sum) || sum > LIMIT_QTY)
        return refuse(ctx, "number_out_of_range", field, "quantity",
                      "the line would have more than can be counted");
    struct order_price price = {
        .gross = order_line_gross(order, line) + more,
        .discount = line->discount_now,
        .tax = line->tax_now + tax,
    };
    TRY(check_price(ctx, order, &price, field));
    line->ordered += qty;
    line->added += qty;
    line->unallocated += qty;
    set_price(order, &price, line);
    return OK;
}

/* ---- new lines ---- */

static err_t read_parts(struct ctx *ctx, const struct sku *sku,
                        const char *field, struct order_line *line)
{
    struct kit_part *parts;
    size_t count;
    TRY(kit_part_list(ctx, &sku->id, 1, &parts, &count));
    struct order_part *sold = arena_array(ctx->arena, struct order_part, count);
    for (size_t i = 0; i < count; i++) {
        if (parts[i].is_drop)
            return refuse(ctx, "sku_in_drop", field, "sku",
                          "a component is shared out by a drop");
        sold[i] =
            (struct order_part){parts[i].sku, parts[i].code, parts[i].quantity};
    }
    line->parts = sold;
    line->part_count = count;
    return OK;
}

/* The document of a line as placing makes it. */
static str doc_of(struct ctx *ctx, const struct order *order,
                  const struct order_line_cmd *line)
{
    struct order_line_cmd copy = *line;
    struct order_cmd cmd = {.channel = order->channel_code,
                            .external_id = order->external_id,
                            .lines = &copy,
                            .line_count = 1};
    memcpy(cmd.currency, order->currency, sizeof cmd.currency);
    order_cmd_seal(ctx->arena, &cmd);
    return copy.doc;
}

err_t order_line_make(struct ctx *ctx, const struct order *order,
                      const struct order_line_cmd *cmd, const char *field,
                      struct order_line *ret)
{
    struct sku sku;
    bool is_found;
    struct order_price price = {.discount = cmd->discount};
    TRY(sku_find(ctx, cmd->sku, &sku, &is_found));
    if (!is_found)
        return refuse(ctx, "sku_unknown", field, "sku",
                      "there is no SKU with this code");
    if (sku.is_drop)
        return refuse(ctx, "sku_in_drop", field, "sku",
                      "units of this SKU are shared out by a drop");
    if (!i64_mul(cmd->qty, cmd->unit_price, &price.gross))
        price.gross = -1;
    for (size_t i = 0; i < cmd->tax_count; i++)
        if (!i64_add(price.tax, cmd->taxes[i].amount, &price.tax))
            price.gross = -1;
    TRY(check_price(ctx, order, &price, field));
    struct order_line line = {
        .sku = sku.id,
        .sku_code = sku.code,
        .title = cmd->title.len > 0 ? cmd->title : sku.title,
        .doc = doc_of(ctx, order, cmd),
        .is_tracked = sku.is_tracked || sku.is_kit,
        .ordered = cmd->qty,
        .added = cmd->qty,
        .unallocated = cmd->qty,
        .unit_price = cmd->unit_price,
        .unit_price_now = cmd->unit_price,
    };
    set_price(order, &price, &line);
    if (cmd->total >= 0 && cmd->total != line.total_now)
        return refuse(ctx, "totals_mismatch", field, "total",
                      "is not quantity times unit_price less discount, with "
                      "the tax");
    if (sku.is_kit)
        TRY(read_parts(ctx, &sku, field, &line));
    *ret = line;
    return OK;
}

err_t order_append(struct ctx *ctx, struct order *order,
                   const struct order_line *line, const char *field)
{
    size_t count = order->line_count;
    if (count >= LIMIT_ORDER_LINES)
        return fail_as(ctx, ERR_INVALID, "too_many_lines", field,
                       "an order has %d lines at most", LIMIT_ORDER_LINES);
    struct order_line *lines =
        arena_array(ctx->arena, struct order_line, count + 1);
    memcpy(lines, order->lines, count * sizeof *lines);
    lines[count] = *line;
    lines[count].n = (int64_t)count + 1;
    order->lines = lines;
    order->line_count = count + 1;
    return OK;
}

err_t order_lines_add(struct ctx *ctx, const struct order *order, size_t first)
{
    ASSERT(first <= order->line_count);
    struct order fresh = *order;
    const struct order *list = &fresh;
    if (first == order->line_count)
        return OK;
    fresh.lines += first;
    fresh.line_count -= first;
    fresh.allocation_count = 0;
    TRY(order_line_insert_many(ctx, &list, 1));
    return order_part_insert_many(ctx, &list, 1);
}
