/* doc_invoice.c - where everything stands on a commercial invoice. */
#include "base/doc_customs.h"

#include "base/doc_customs_int.h"
#include "base/doc_format.h"
#include "base/str.h"

static const char declaration[] =
    "I declare that all the information in this invoice is true and correct, "
    "and that the goods are of the origin stated above.";

static err_t put_side(struct doc_report *report, const struct doc_rect *at,
                      const char *caption, const struct doc_block *block,
                      const struct doc_fact *tax)
{
    const struct doc_text text = {.text = str_from_cstr(caption),
                                  .field = "",
                                  .x = at->x,
                                  .y = at->y,
                                  .w = at->w,
                                  .size = 6.5,
                                  .is_bold = true};
    TRY(doc_put_text(report->sheet, &text, NULL));
    double height, y;
    TRY(doc_put_address(report->sheet, block, &height));
    const struct doc_rect below = {at->x, at->y + 15 + height, at->w, 0};
    TRY(doc_report_facts(report, &below, tax, 2, &y));
    if (y + 10 > report->y)
        report->y = y + 10;
    return OK;
}

static err_t put_parties(struct doc_report *report, const struct doc_customs *c)
{
    double half = report->w / 2, top = report->y;
    const struct doc_rect left = {report->x, top, half - 16, 0};
    const struct doc_rect right = {report->x + half, top, half, 0};
    const struct doc_fact from_tax[] = {
        {"Tax number", c->from_tax, "from_tax"},
        {"",           STR_NONE,    ""        }
    };
    const struct doc_fact to_tax[] = {
        {"Tax number", c->to_tax,   "to_tax"  },
        {"E-mail",     c->to_email, "to_email"}
    };
    struct doc_block block = {
        .address = &c->from,
        .prefix = "from",
        .at = {left.x, top + 11, left.w, 120},
        .size = 9.5,
        .size_min = 6,
        .with_phone = true
    };
    TRY(put_side(report, &left, "EXPORTER", &block, from_tax));
    block.address = &c->to;
    block.prefix = "to";
    block.at.x = right.x;
    block.at.w = right.w;
    return put_side(report, &right, "CONSIGNEE AND IMPORTER", &block, to_tax);
}

static err_t put_facts(struct doc_report *report,
                       const struct doc_customs_sums *sums)
{
    const struct doc_customs *c = sums->customs;
    struct arena *arena = report->ctx->arena;
    str reason = str_from_cstr(doc_export_english(c->reason));
    if (c->reason_text.len)
        reason = str_printf(arena, "%.*s: %.*s", STR_ARG(reason),
                            STR_ARG(c->reason_text));
    const struct doc_fact left[] = {
        {"Invoice", c->number,     "number"     },
        {"Date",    doc_day(arena, c->day),       "day"},
        {"Order",         c->order,                "order"            },
        {"Reason",         reason,               "reason_text" },
        {"Incoterms 2020",         c->incoterm,       "incoterm"}
    };
    str packages = str_printf(arena, "%d", c->packages ? c->packages : 1);
    str net = doc_weight(arena, sums->net_g, DOC_METRIC);
    str gross = doc_weight(arena, sums->gross_g, DOC_METRIC);
    const struct doc_fact right[] = {
        {"Carrier",      c->carrier,  "carrier"       },
        {"Tracking",     c->tracking, "tracking"      },
        {"Packages",     packages,    "packages"      },
        {"Net weight",   net,         "lines"         },
        {"Gross weight", gross,       "gross_weight_g"}
    };
    doc_report_rule(report);
    report->y += 8;
    double half = report->w / 2, y, low;
    struct doc_rect at = {report->x, report->y, half - 16, 0};
    TRY(doc_report_facts(report, &at, left, COUNT_OF(left), &low));
    at.x += half;
    TRY(doc_report_facts(report, &at, right, COUNT_OF(right), &y));
    report->y = (y > low ? y : low) + 10;
    return OK;
}

static err_t put_lines(struct doc_report *report,
                       const struct doc_customs_sums *sums)
{
    static const struct doc_column columns[] = {
        {"DESCRIPTION", 0,  9,   DOC_LEFT,  true },
        {"HS CODE",     74, 8.5, DOC_LEFT,  false},
        {"ORIGIN",      46, 8.5, DOC_LEFT,  false},
        {"QTY",         40, 9,   DOC_RIGHT, true },
        {"NET WEIGHT",  60, 8.5, DOC_RIGHT, false},
        {"UNIT VALUE",  78, 8.5, DOC_RIGHT, false},
        {"AMOUNT",      82, 9,   DOC_RIGHT, true }
    };
    struct arena *arena = report->ctx->arena;
    TRY(doc_table_begin(report, columns, COUNT_OF(columns)));
    for (size_t i = 0; i < sums->customs->line_count; i++) {
        const struct doc_customs_line *line = &sums->customs->lines[i];
        const struct doc_cell cells[] = {
            doc_cell(line->title, doc_field(report, "lines", i, "title")),
            doc_cell(line->hs_code, doc_field(report, "lines", i, "hs_code")),
            doc_cell(line->origin, doc_field(report, "lines", i, "origin")),
            doc_cell(str_printf(arena, "%lld", (long long)line->qty),
                     doc_field(report, "lines", i, "qty")),
            doc_cell(doc_weight(arena, line->weight_g, DOC_METRIC),
                     doc_field(report, "lines", i, "weight_g")),
            doc_cell(doc_money(arena, line->unit_price),
                     doc_field(report, "lines", i, "unit_price")),
            doc_cell(doc_money(arena, sums->amounts[i]),
                     doc_field(report, "lines", i, "unit_price"))};
        TRY(doc_table_row(report, cells));
    }
    doc_table_end(report);
    return OK;
}

static err_t put_total(struct doc_report *report, const char *caption,
                       money amount, bool is_last)
{
    if (amount.currency[0] == '\0')
        return OK;
    struct doc_text text = {.text = str_from_cstr(caption),
                            .field = "",
                            .x = report->x + report->w - 250,
                            .y = report->y,
                            .w = 120,
                            .size = is_last ? 11 : 9,
                            .align = DOC_RIGHT,
                            .is_bold = is_last};
    double height;
    TRY(doc_put_text(report->sheet, &text, &height));
    text.text = doc_money(report->ctx->arena, amount);
    text.x += 124;
    text.w = 122;
    TRY(doc_put_text(report->sheet, &text, NULL));
    report->y += height + 2;
    return OK;
}

static err_t body(struct doc_report *report, const void *facts)
{
    const struct doc_customs_sums *sums = facts;
    const struct doc_customs *c = sums->customs;
    const struct doc_head head = {c->from.company.len ? c->from.company
                                                      : c->from.name,
                                  "from.company", STR_NONE, ""};
    TRY(doc_report_head(report, &head));
    TRY(put_parties(report, c));
    TRY(put_facts(report, sums));
    TRY(put_lines(report, sums));
    TRY(doc_report_need(report, 160)); /* Sums and signature stay together. */
    if (c->shipping.currency[0] || c->insurance.currency[0])
        TRY(put_total(report, "Goods", sums->goods, false));
    TRY(put_total(report, "Shipping", c->shipping, false));
    TRY(put_total(report, "Insurance", c->insurance, false));
    TRY(put_total(report, "Total value", sums->total, true));
    report->y += 14;
    return doc_customs_sign(report, c, declaration);
}

err_t doc_invoice_pdf(struct ctx *ctx, const struct doc_customs *customs,
                      str *ret)
{
    struct doc_customs_sums sums;
    TRY(doc_customs_sum(ctx, customs, DOC_CUSTOMS_LINES, &sums));
    const struct doc_plan plan = {
        .paper = customs->paper,
        .title = "Commercial invoice",
        .footer =
            str_printf(ctx->arena, "Invoice %.*s", STR_ARG(customs->number)),
        .body = body,
        .facts = &sums};
    return doc_report_pdf(ctx, &plan, ret);
}
