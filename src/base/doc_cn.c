/* doc_cn.c - the post's customs declarations CN22 and CN23. */
#include "base/doc_customs.h"

#include "base/doc_customs_int.h"
#include "base/doc_format.h"
#include "base/str.h"

/* Points: a label of 4 x 6 inches; A5 across. */
#define CN22_W 288.0
#define CN22_H 432.0
#define CN23_W 595.28
#define CN23_H 419.53

static const char declaration[] =
    "I, the undersigned, whose name and address are given on the item, certify "
    "that the particulars given in this declaration are correct and that this "
    "item does not contain any dangerous article or articles prohibited by "
    "legislation or by postal or customs regulations.";

static const char opened[] =
    "May be opened officially / Peut \xc3\xaatre ouvert d'office";

static err_t put_title(struct doc_report *report, double x, double w,
                       const char *form)
{
    struct doc_text text = {.text = STR("CUSTOMS DECLARATION / D\xc3\x89"
                                        "CLARATION EN DOUANE"),
                            .field = "",
                            .x = x,
                            .y = report->y + 3,
                            .w = w - 52,
                            .size = 11,
                            .size_min = 5,
                            .is_bold = true};
    TRY(doc_put_text(report->sheet, &text, NULL));
    text.text = str_from_cstr(form);
    text.x = x + w - 50;
    text.w = 50;
    text.y = report->y;
    text.size = 13;
    text.align = DOC_RIGHT;
    TRY(doc_put_text(report->sheet, &text, NULL));
    text = (struct doc_text){.text = str_from_cstr(opened),
                             .field = "",
                             .x = x,
                             .y = report->y + 18,
                             .w = w,
                             .size = 7};
    TRY(doc_put_text(report->sheet, &text, NULL));
    report->y += 31;
    return OK;
}

static str line_text(struct doc_report *report,
                     const struct doc_customs_line *line)
{
    return str_printf(report->ctx->arena, "%lld \xc3\x97 %.*s",
                      (long long)line->qty, STR_ARG(line->title));
}

static err_t put_line(struct doc_report *report,
                      const struct doc_customs_sums *sums, size_t i,
                      bool is_cn23)
{
    struct arena *arena = report->ctx->arena;
    const struct doc_customs_line *line = &sums->customs->lines[i];
    const struct doc_cell title =
        doc_cell(is_cn23 ? line->title : line_text(report, line),
                 doc_field(report, "lines", i, "title"));
    const struct doc_cell qty =
        doc_cell(str_printf(arena, "%lld", (long long)line->qty),
                 doc_field(report, "lines", i, "qty"));
    const struct doc_cell weight =
        doc_cell(doc_weight(arena, line->weight_g, DOC_METRIC),
                 doc_field(report, "lines", i, "weight_g"));
    const struct doc_cell value =
        doc_cell(doc_money(arena, sums->amounts[i]),
                 doc_field(report, "lines", i, "unit_price"));
    const struct doc_cell hs =
        doc_cell(line->hs_code, doc_field(report, "lines", i, "hs_code"));
    const struct doc_cell origin =
        doc_cell(line->origin, doc_field(report, "lines", i, "origin"));
    const struct doc_cell cn23[] = {title, qty, weight, value, hs, origin};
    const struct doc_cell cn22[] = {title, weight, value, hs, origin};
    return doc_table_row(report, is_cn23 ? cn23 : cn22);
}

static err_t put_lines(struct doc_report *report,
                       const struct doc_customs_sums *sums, bool is_cn23)
{
    static const struct doc_column cn22[] = {
        {"CONTENTS", 0,  7,   DOC_LEFT,  false},
        {"WEIGHT",   40, 7,   DOC_RIGHT, false},
        {"VALUE",    52, 7,   DOC_RIGHT, false},
        {"HS CODE",  42, 6.5, DOC_LEFT,  false},
        {"ORIGIN",   34, 7,   DOC_LEFT,  false}
    };
    static const struct doc_column cn23[] = {
        {"DETAILED DESCRIPTION OF CONTENTS", 0,  7.5, DOC_LEFT,  false},
        {"QTY",                              36, 7.5, DOC_RIGHT, false},
        {"NET WEIGHT",                       60, 7.5, DOC_RIGHT, false},
        {"VALUE",                            84, 7.5, DOC_RIGHT, false},
        {"HS TARIFF NUMBER",                 84, 7.5, DOC_LEFT,  false},
        {"ORIGIN",                           44, 7.5, DOC_LEFT,  false}
    };
    TRY(doc_table_begin(report, is_cn23 ? cn23 : cn22, is_cn23 ? 6 : 5));
    for (size_t i = 0; i < sums->customs->line_count; i++)
        TRY(put_line(report, sums, i, is_cn23));
    doc_table_end(report);
    report->y -= 4;
    return OK;
}

static err_t put_sums(struct doc_report *report,
                      const struct doc_customs_sums *sums)
{
    str words = str_printf(
        report->ctx->arena, "Total weight %.*s \xc2\xb7 total value %.*s",
        STR_ARG(doc_weight(report->ctx->arena, sums->gross_g, DOC_METRIC)),
        STR_ARG(doc_money(report->ctx->arena, sums->goods)));
    const struct doc_text text = {.text = words,
                                  .field = "lines",
                                  .size = 9,
                                  .size_min = 6,
                                  .is_bold = true};
    TRY(doc_report_text(report, &text));
    report->y += 5;
    return OK;
}

static err_t put_tracking(struct doc_report *report,
                          const struct doc_customs *c,
                          const struct doc_rect *at)
{
    if (c->tracking.len == 0)
        return OK;
    const struct doc_bars bars = {.kind = DOC_CODE128,
                                  .data = c->tracking,
                                  .field = "tracking",
                                  .at = *at,
                                  .align = DOC_CENTER,
                                  .text_size = 8};
    return doc_put_bars(report->sheet, &bars);
}

static err_t cn22(struct doc_report *report, const void *facts)
{
    const struct doc_customs_sums *sums = facts;
    const struct doc_customs *c = sums->customs;
    TRY(put_title(report, report->x, report->w, "CN 22"));
    TRY(doc_customs_reasons(report, c, report->x, report->w));
    TRY(put_lines(report, sums, false));
    TRY(put_sums(report, sums));
    TRY(doc_customs_sign(report, c, declaration));
    const double bars_h = 44;
    TRY(doc_report_need(report, c->tracking.len ? bars_h : 0));
    const struct doc_rect at = {report->x, report->bottom - bars_h, report->w,
                                bars_h};
    return put_tracking(report, c, &at);
}

/* A framed address with its caption and a second line for customs. */
static err_t put_party(struct doc_report *report, const struct doc_rect *box,
                       const char *caption, const struct doc_block *party)
{
    doc_put_frame(report->sheet, box, 0.75);
    const struct doc_text text = {.text = str_from_cstr(caption),
                                  .field = "",
                                  .x = box->x + 4,
                                  .y = box->y + 2,
                                  .w = 36,
                                  .size = 6.5,
                                  .is_bold = true};
    TRY(doc_put_text(report->sheet, &text, NULL));
    struct doc_block block = *party;
    block.at =
        (struct doc_rect){box->x + 42, box->y + 2, box->w - 48, box->h - 4};
    block.size = 8.5;
    block.size_min = 5;
    block.with_phone = true;
    double height;
    return doc_put_address(report->sheet, &block, &height);
}

/* Addresses at the left, the rest of the head at the right. */
static err_t cn23_head(struct doc_report *report, const struct doc_customs *c)
{
    const double box_h = 72, box_w = report->w * 0.44;
    double top = report->y, x = report->x + box_w + 10;
    double w = report->w - box_w - 10;
    const struct doc_rect from = {report->x, top, box_w, box_h};
    const struct doc_rect to = {report->x, top + box_h + 4, box_w, box_h};
    const struct doc_block sender = {.address = &c->from, .prefix = "from"};
    const struct doc_block receiver = {.address = &c->to, .prefix = "to"};
    TRY(put_party(report, &from, "FROM / DE", &sender));
    TRY(put_party(report, &to, "TO / \xc3\x80", &receiver));
    TRY(put_title(report, x, w, "CN 23"));
    const struct doc_rect bars = {x, report->y, w, 37};
    TRY(put_tracking(report, c, &bars));
    str charges = STR_NONE;
    if (c->shipping.currency[0])
        charges = doc_money(report->ctx->arena, c->shipping);
    const struct doc_fact facts[] = {
        doc_fact("Sender's tax no.", c->from_tax, "from_tax"),
        doc_fact("Importer's tax no.", c->to_tax, "to_tax"),
        doc_fact("Importer's e-mail", c->to_email, "to_email"),
        doc_fact("Invoice", c->number, "number"),
        doc_fact("Incoterms 2020", c->incoterm, "incoterm"),
        doc_fact("Carrier", c->carrier, "carrier"),
        doc_fact("Postal charges", charges, "shipping")};
    double y = report->y + 39;
    const struct doc_rect at = {x, y, w, 0};
    TRY(doc_report_facts(report, &at, facts, COUNT_OF(facts), &y));
    report->y = to.y + box_h;
    report->y = (y > report->y ? y : report->y) + 6;
    return OK;
}

static err_t cn23(struct doc_report *report, const void *facts)
{
    const struct doc_customs_sums *sums = facts;
    TRY(cn23_head(report, sums->customs));
    TRY(put_lines(report, sums, true));
    TRY(put_sums(report, sums));
    TRY(doc_customs_reasons(report, sums->customs, report->x,
                            report->w * 0.75));
    return doc_customs_sign(report, sums->customs, declaration);
}

err_t doc_cn22_pdf(struct ctx *ctx, const struct doc_customs *customs, str *ret)
{
    struct doc_customs_sums sums;
    TRY(doc_customs_sum(ctx, customs, DOC_CN22_LINES, &sums));
    const struct doc_plan plan = {.width = CN22_W,
                                  .height = CN22_H,
                                  .title = "Customs declaration CN22",
                                  .is_form = true,
                                  .body = cn22,
                                  .facts = &sums};
    return doc_report_pdf(ctx, &plan, ret);
}

err_t doc_cn23_pdf(struct ctx *ctx, const struct doc_customs *customs, str *ret)
{
    struct doc_customs_sums sums;
    TRY(doc_customs_sum(ctx, customs, DOC_CN23_LINES, &sums));
    const struct doc_plan plan = {.width = CN23_W,
                                  .height = CN23_H,
                                  .title = "Customs declaration CN23",
                                  .is_form = true,
                                  .body = cn23,
                                  .facts = &sums};
    return doc_report_pdf(ctx, &plan, ret);
}
