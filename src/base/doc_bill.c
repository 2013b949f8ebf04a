/* doc_bill.c - where everything stands on an invoice or a credit note. */
#include "base/doc_bill.h"

#include "base/doc_format.h"
#include "base/doc_report.h"
#include "base/str.h"

static err_t put_side(struct doc_report *report, const struct doc_rect *at,
                      const char *caption, const struct doc_address *address,
                      const char *prefix, const struct doc_fact *tax)
{
    const struct doc_text text = {.text = str_from_cstr(caption),
                                  .field = "",
                                  .x = at->x,
                                  .y = at->y,
                                  .w = at->w,
                                  .size = 6.5,
                                  .is_bold = true};
    const struct doc_block block = {
        .address = address,
        .prefix = prefix,
        .at = {at->x, at->y + 11, at->w, 120},
        .size = 9.5,
        .size_min = 6
    };
    double height = 0, y;
    TRY(doc_put_text(report->sheet, &text, NULL));
    if (address->country.len > 0)
        TRY(doc_put_address(report->sheet, &block, &height));
    const struct doc_rect below = {at->x, at->y + 15 + height, at->w, 0};
    TRY(doc_report_facts(report, &below, tax, 1, &y));
    if (y + 10 > report->y)
        report->y = y + 10;
    return OK;
}

static err_t put_parties(struct doc_report *report, const struct doc_bill *bill)
{
    double half = report->w / 2, top = report->y;
    const struct doc_rect left = {report->x, top, half - 16, 0};
    const struct doc_rect right = {report->x + half, top, half, 0};
    const struct doc_fact from = {"Tax number", bill->from_tax, "from_tax"};
    const struct doc_fact to = {"Tax number", bill->to_tax, "to_tax"};
    TRY(put_side(report, &left, "FROM", &bill->from, "from", &from));
    return put_side(report, &right, "TO", &bill->to, "to", &to);
}

static err_t put_facts(struct doc_report *report, const struct doc_bill *bill)
{
    struct arena *arena = report->ctx->arena;
    const char *caption = bill->is_credit ? "Credit note" : "Invoice";
    const struct doc_fact facts[] = {
        {caption,           bill->number.len > 0 ? bill->number : STR("DRAFT"), "number"},
        {            "Date",    doc_day(arena,                                         bill->day),    "day"},
        {            "Order",      bill->order,                                            "order"        },
        { "Order date", doc_day(arena,                                        bill->order_day),         "order_day"},
    };
    const struct doc_rect at = {report->x, report->y + 8, report->w, 0};
    double y;
    doc_report_rule(report);
    TRY(doc_report_facts(report, &at, facts, COUNT_OF(facts), &y));
    report->y = y + 10;
    return OK;
}

static str money_or_none(struct arena *arena, money amount)
{
    return amount.currency[0] ? doc_money(arena, amount) : STR_NONE;
}

static err_t put_lines(struct doc_report *report, const struct doc_bill *bill)
{
    static const struct doc_column columns[] = {
        {"DESCRIPTION", 0,  9,   DOC_LEFT,  true },
        {"QTY",         36, 9,   DOC_RIGHT, false},
        {"UNIT PRICE",  82, 8.5, DOC_RIGHT, false},
        {"DISCOUNT",    74, 8.5, DOC_RIGHT, false},
        {"TAX",         66, 8.5, DOC_RIGHT, false},
        {"AMOUNT",      84, 9,   DOC_RIGHT, true }
    };
    struct arena *arena = report->ctx->arena;
    TRY(doc_table_begin(report, columns, COUNT_OF(columns)));
    for (size_t i = 0; i < bill->line_count; i++) {
        const struct doc_bill_line *line = &bill->lines[i];
        struct doc_cell cells[] = {
            doc_cell(line->title, doc_field(report, "lines", i, "title")),
            doc_cell(str_printf(arena, "%lld", (long long)line->qty),
                     doc_field(report, "lines", i, "qty")),
            doc_cell(money_or_none(arena, line->unit_price),
                     doc_field(report, "lines", i, "unit_price")),
            doc_cell(money_or_none(arena, line->discount),
                     doc_field(report, "lines", i, "discount")),
            doc_cell(line->tax, doc_field(report, "lines", i, "tax")),
            doc_cell(doc_money(arena, line->total),
                     doc_field(report, "lines", i, "total"))};
        cells[0].sub = line->sku;
        cells[0].sub_field = doc_field(report, "lines", i, "sku");
        TRY(doc_table_row(report, cells));
    }
    doc_table_end(report);
    return OK;
}

static err_t put_total(struct doc_report *report, str caption, money amount,
                       bool is_last)
{
    struct doc_text text = {.text = caption,
                            .field = "taxes",
                            .x = report->x + report->w - 330,
                            .y = report->y,
                            .w = 200,
                            .size = is_last ? 11 : 9,
                            .size_min = 5,
                            .lines = 2,
                            .align = DOC_RIGHT,
                            .is_bold = is_last};
    double height;
    TRY(doc_report_need(report, 30));
    text.y = report->y;
    TRY(doc_put_text(report->sheet, &text, &height));
    text.text = doc_money(report->ctx->arena, amount);
    text.field = "total";
    text.x += 204;
    text.w = 126;
    text.lines = 0;
    TRY(doc_put_text(report->sheet, &text, NULL));
    report->y += height + 2;
    return OK;
}

static err_t put_tax(struct doc_report *report, const struct doc_bill *bill,
                     const struct doc_bill_tax *tax)
{
    struct arena *arena = report->ctx->arena;
    str net = doc_money(arena, tax->net);
    str caption = str_printf(arena, "%s%.*s on %.*s",
                             bill->is_inclusive ? "contains " : "",
                             STR_ARG(tax->name), STR_ARG(net));
    if (tax->reason.len > 0)
        caption = str_printf(arena, "%.*s: %.*s", STR_ARG(caption),
                             STR_ARG(tax->reason));
    return put_total(report, caption, tax->tax, false);
}

static err_t put_sums(struct doc_report *report, const struct doc_bill *bill)
{
    TRY(doc_report_need(report, 80));
    TRY(put_total(report, STR("Net"), bill->net, false));
    for (size_t i = 0; i < bill->tax_count; i++)
        TRY(put_tax(report, bill, &bill->taxes[i]));
    TRY(put_total(report, bill->is_credit ? STR("Credited") : STR("Total"),
                  bill->total, true));
    if (bill->note.len == 0)
        return OK;
    report->y += 14;
    const struct doc_text note = {.text = bill->note,
                                  .field = "note",
                                  .size = 8.5,
                                  .lines = 40,
                                  .is_note = true,
                                  .has_breaks = true};
    return doc_report_text(report, &note);
}

static err_t body(struct doc_report *report, const void *facts)
{
    const struct doc_bill *bill = facts;
    const struct doc_head head = {bill->from.company.len ? bill->from.company
                                                         : bill->from.name,
                                  "from.company", STR_NONE, ""};
    TRY(doc_report_head(report, &head));
    TRY(put_parties(report, bill));
    TRY(put_facts(report, bill));
    TRY(put_lines(report, bill));
    return put_sums(report, bill);
}

err_t doc_bill_pdf(struct ctx *ctx, const struct doc_bill *bill, str *ret)
{
    const char *title = bill->is_credit ? "Credit note" : "Invoice";
    if (bill->line_count > DOC_BILL_LINES)
        return fail_as(ctx, ERR_INVALID, "list_too_long", "lines",
                       "a document has at most %d lines", DOC_BILL_LINES);
    const struct doc_plan plan = {
        .paper = bill->paper,
        .title = title,
        .footer = str_printf(
            ctx->arena, "%s %.*s", title,
            STR_ARG(bill->number.len > 0 ? bill->number : STR("draft"))),
        .body = body,
        .facts = bill};
    return doc_report_pdf(ctx, &plan, ret);
}
