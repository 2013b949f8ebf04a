/* finance_bill_doc.c - what an invoice or a credit note says, as JSON.
 *
 * Made once, when the document is issued, from the order as it is then.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/money.h"
#include "base/str.h"
#include "oms/finance/finance_bill.h"

enum { TAXES_MOST = 64 };

struct rate {
    str name, jurisdiction, reason;
    int64_t rate_ppm, amount;
};
/* Rates that something of the order bears. */
struct rates {
    struct rate *at;
    size_t count;
};
struct piece {                     /* A line, a shipping line or a fee. */
    const struct order_line *line; /* NULL: not a line. */
    str title;
    int64_t qty, tax, total;
    struct rates rates;
};
struct writer {
    struct ctx *ctx;
    const struct bill *bill;
    struct json_in *order; /* Its document. */
    struct json_out *out;
    struct rate *summary; /* amount: the tax. */
    int64_t *nets;        /* Of each. */
    size_t summary_count, summary_most;
};

static void put_amount(const struct writer *w, const char *key, int64_t minor)
{
    json_put_money(w->out, key, money_make(minor, w->bill->order->currency));
}

/* ---- rates ---- */

static err_t read_rates(struct ctx *ctx, struct json_in *in, struct rates *ret)
{
    struct json_list list;
    TRY(json_get_list(in, "tax_lines", 0, SIZE_MAX, &list));
    ret->at = arena_array(ctx->arena, struct rate, list.count);
    ret->count = list.count;
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *at;
        struct rate *rate = &ret->at[i];
        money amount = {0};
        TRY(json_list_object(&list, i, &at));
        TRY(json_opt_str(at, "name", 0, SIZE_MAX, &rate->name));
        TRY(json_opt_str(at, "jurisdiction", 0, SIZE_MAX, &rate->jurisdiction));
        TRY(json_opt_str(at, "reason", 0, SIZE_MAX, &rate->reason));
        TRY(json_opt_i64(at, "rate_ppm", 0, INT64_MAX, &rate->rate_ppm));
        TRY(json_opt_money(at, "amount", NULL, &amount));
        rate->amount = amount.minor;
    }
    return OK;
}

/* Shares `tax` out to the rates as they were when it was placed. */
static err_t share_tax(const struct writer *w, struct rates *rates, int64_t tax)
{
    const char *currency = w->bill->order->currency;
    if (rates->count == 0) {
        if (tax == 0)
            return OK;
        rates->at = arena_new(w->ctx->arena, struct rate);
        *rates->at = (struct rate){.name = STR("Tax"), .amount = tax};
        rates->count = 1;
        return OK;
    }
    int64_t *weights = arena_array(w->ctx->arena, int64_t, rates->count);
    money *parts = arena_array(w->ctx->arena, money, rates->count);
    for (size_t i = 0; i < rates->count; i++)
        weights[i] = rates->at[i].amount;
    TRY(money_split(w->ctx, money_make(tax, currency), weights, rates->count,
                    parts));
    for (size_t i = 0; i < rates->count; i++)
        rates->at[i].amount = parts[i].minor;
    return OK;
}

static bool is_same_rate(const struct rate *a, const struct rate *b)
{
    return a->rate_ppm == b->rate_ppm && str_equal(a->name, b->name) &&
           str_equal(a->jurisdiction, b->jurisdiction) &&
           str_equal(a->reason, b->reason);
}

static void add_summary(struct writer *w, const struct rate *rate, int64_t net)
{
    size_t i = 0;
    while (i < w->summary_count && !is_same_rate(&w->summary[i], rate))
        i++;
    if (i == w->summary_count) {
        if (i == w->summary_most) {
            struct rate *more =
                arena_array(w->ctx->arena, struct rate, i * 2 + TAXES_MOST);
            int64_t *nets =
                arena_array(w->ctx->arena, int64_t, i * 2 + TAXES_MOST);
            if (i > 0) {
                memcpy(more, w->summary, i * sizeof *more);
                memcpy(nets, w->nets, i * sizeof *nets);
            }
            w->summary = more;
            w->nets = nets;
            w->summary_most = i * 2 + TAXES_MOST;
        }
        w->summary[i] = *rate;
        w->summary[i].amount = 0;
        w->nets[i] = 0;
        w->summary_count++;
    }
    w->summary[i].amount += rate->amount;
    w->nets[i] += net;
}

static void put_rate(const struct writer *w, const struct rate *rate,
                     const int64_t *net)
{
    json_begin(w->out, NULL);
    json_put_str(w->out, "name", rate->name);
    json_put_i64(w->out, "rate_ppm", rate->rate_ppm);
    json_put_str_or_null(w->out, "jurisdiction", rate->jurisdiction);
    json_put_str_or_null(w->out, "reason", rate->reason);
    if (net)
        put_amount(w, "net", *net);
    put_amount(w, net ? "tax" : "amount", rate->amount);
    json_end_object(w->out);
}

/* ---- pieces ---- */

static err_t put_piece(struct writer *w, struct piece *piece)
{
    int64_t net = piece->total - piece->tax;
    const struct order *order = w->bill->order;
    json_begin(w->out, NULL);
    json_put_str(w->out, "title", piece->title);
    if (piece->line) {
        int64_t gross = piece->qty * piece->line->unit_price;
        int64_t paid = order->tax_mode == TAX_INCLUSIVE ? piece->total : net;
        json_put_i64(w->out, "order_line", piece->line->n);
        json_put_str(w->out, "sku", piece->line->sku_code);
        put_amount(w, "unit_price", piece->line->unit_price);
        if (gross > paid)
            put_amount(w, "discount", gross - paid);
    }
    json_put_i64(w->out, "quantity", piece->qty);
    put_amount(w, "net", net);
    put_amount(w, "tax", piece->tax);
    put_amount(w, "total", piece->total);
    TRY(share_tax(w, &piece->rates, piece->tax));
    json_begin_list(w->out, "tax_lines");
    for (size_t i = 0; i < piece->rates.count; i++) {
        put_rate(w, &piece->rates.at[i], NULL);
        add_summary(w, &piece->rates.at[i], net);
    }
    json_end_list(w->out);
    json_end_object(w->out);
    return OK;
}

static err_t put_line(struct writer *w, const struct order_line *line,
                      const struct bill_part *part)
{
    struct json_in *doc;
    struct piece piece = {.line = line,
                          .title = line->title,
                          .qty = part->qty,
                          .tax = part->tax,
                          .total = part->total};
    TRY(json_parse(w->ctx, line->doc, &doc));
    TRY(read_rates(w->ctx, doc, &piece.rates));
    return put_piece(w, &piece);
}

/* Shipping lines and fees as placed: what they came to, with their rates. */
static err_t read_charges(const struct writer *w, const char *key,
                          const char *price, struct piece *ret, size_t *count)
{
    struct json_list list;
    TRY(json_get_list(w->order, key, 0, SIZE_MAX, &list));
    for (size_t i = 0; i < list.count; i++) {
        struct piece *to = &ret[(*count)++];
        struct json_in *at;
        money amount = {0}, discount = {0};
        TRY(json_list_object(&list, i, &at));
        TRY(json_opt_str(at, "title", 0, SIZE_MAX, &to->title));
        TRY(json_opt_money(at, price, NULL, &amount));
        TRY(json_opt_money(at, "discount", NULL, &discount));
        TRY(read_rates(w->ctx, at, &to->rates));
        to->qty = 1;
        for (size_t j = 0; j < to->rates.count; j++)
            to->tax += to->rates.at[j].amount;
        to->total = amount.minor - discount.minor;
        if (w->bill->order->tax_mode == TAX_EXCLUSIVE)
            to->total += to->tax;
    }
    return OK;
}

/* Shares what is billed of them out to them. */
static err_t share_charges(const struct writer *w, const struct bill_part *part,
                           struct piece *pieces, size_t count)
{
    const char *currency = w->bill->order->currency;
    int64_t *totals = arena_array(w->ctx->arena, int64_t, count);
    int64_t *taxes = arena_array(w->ctx->arena, int64_t, count);
    money *parts = arena_array(w->ctx->arena, money, count);
    for (size_t i = 0; i < count; i++) {
        totals[i] = pieces[i].total;
        taxes[i] = pieces[i].tax;
    }
    TRY(money_split(w->ctx, money_make(part->total, currency), totals, count,
                    parts));
    for (size_t i = 0; i < count; i++)
        pieces[i].total = parts[i].minor;
    TRY(money_split(w->ctx, money_make(part->tax, currency), taxes, count,
                    parts));
    for (size_t i = 0; i < count; i++)
        pieces[i].tax = parts[i].minor;
    return OK;
}

static err_t put_charges(struct writer *w, const struct bill_part *part)
{
    enum { MOST = 2 * LIMIT_ORDER_CHARGES };
    struct piece *pieces = arena_array(w->ctx->arena, struct piece, MOST);
    struct piece whole = {.title = STR("Shipping and fees"),
                          .qty = 1,
                          .tax = part->tax,
                          .total = part->total};
    size_t count = 0;
    TRY(read_charges(w, "shipping_lines", "price", pieces, &count));
    TRY(read_charges(w, "fees", "amount", pieces, &count));
    if (count == 0) /* They came later. */
        return put_piece(w, &whole);
    TRY(share_charges(w, part, pieces, count));
    for (size_t i = 0; i < count; i++)
        if (pieces[i].total != 0 || pieces[i].tax != 0)
            TRY(put_piece(w, &pieces[i]));
    return OK;
}

static err_t put_part(struct writer *w, const struct bill_part *part)
{
    const struct order *order = w->bill->order;
    struct piece allowance = {.title = STR("Allowance"),
                              .qty = 1,
                              .tax = part->tax,
                              .total = part->total};
    if (part->n == PART_ALLOWANCE)
        return put_piece(w, &allowance);
    if (part->n == PART_CHARGES)
        return put_charges(w, part);
    for (size_t i = 0; i < order->line_count; i++)
        if (order->lines[i].n == part->n)
            return put_line(w, &order->lines[i], part);
    return fail(w->ctx, ERR_INTERNAL, "", "a part of no line");
}

/* ---- the whole ---- */

static err_t put_raw(const struct writer *w, const char *key)
{
    str text;
    TRY(json_any_raw(w->order, key, LIMIT_REPLY_BYTES, &text));
    if (text.len > 0)
        json_put_raw(w->out, key, text);
    else
        json_put_null(w->out, key);
    return OK;
}

static err_t put_head(const struct writer *w)
{
    const struct order *order = w->bill->order;
    json_put_raw(w->out, "seller", w->bill->series.seller);
    TRY(put_raw(w, "customer"));
    TRY(put_raw(w, "billing_address"));
    TRY(put_raw(w, "shipping_address"));
    json_begin(w->out, "order");
    json_put_id(w->out, "id", "ord", order->id.v);
    json_put_str(w->out, "number", order->number);
    json_put_str(w->out, "external_id", order->external_id);
    json_put_time(w->out, "placed_at", order->placed_at);
    json_end_object(w->out);
    json_put_cstr(w->out, "tax_mode", tax_mode_name(order->tax_mode));
    return OK;
}

err_t bill_doc(struct ctx *ctx, const struct bill *bill, str *ret)
{
    struct buf buf;
    struct json_out out;
    struct writer w = {.ctx = ctx, .bill = bill, .out = &out};
    buf_init(&buf, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &buf);
    TRY(json_parse(ctx, bill->order->doc, &w.order));
    json_begin(&out, NULL);
    TRY(put_head(&w));
    json_begin_list(&out, "lines");
    for (size_t i = 0; i < bill->part_count; i++)
        TRY(put_part(&w, &bill->parts[i]));
    json_end_list(&out);
    json_begin_list(&out, "taxes");
    for (size_t i = 0; i < w.summary_count; i++)
        put_rate(&w, &w.summary[i], &w.nets[i]);
    json_end_list(&out);
    put_amount(&w, "net", bill->total - bill->tax);
    put_amount(&w, "tax", bill->tax);
    put_amount(&w, "total", bill->total);
    json_end_object(&out);
    if (buf.is_full)
        return fail_as(ctx, ERR_TOO_LARGE, "document_too_large", "order",
                       "the document is too large");
    *ret = buf_str(&buf);
    return OK;
}
