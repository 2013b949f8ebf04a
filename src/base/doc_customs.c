/* doc_customs.c - what the customs forms share: checks, sums, words. */
#include "base/doc_customs.h"

#include "base/arena.h"
#include "base/check.h"
#include "base/doc_customs_int.h"
#include "base/doc_format.h"
#include "base/money.h"
#include "base/str.h"

#define CROSS_SIDE 7.0
#define REASON_H   11.5
#define SIGN_MIN   17.0
#define SIGN_MAX   32.0

enum {
    HS_DIGITS_MIN = 6,
    HS_DIGITS_MAX = 12,
    HS_BYTES_MAX = 20,
    UNITS_MAX = 1000 * 1000,
    REASONS = DOC_EXPORT_OTHER,
    PACKAGES_MAX = 9999
};

const char *doc_export_english(enum doc_export_reason reason)
{
    switch (reason) {
    case DOC_EXPORT_SALE: return "Sale of goods";
    case DOC_EXPORT_GIFT: return "Gift";
    case DOC_EXPORT_SAMPLE: return "Commercial sample";
    case DOC_EXPORT_DOCUMENTS: return "Documents";
    case DOC_EXPORT_RETURN: return "Returned goods";
    case DOC_EXPORT_OTHER: return "Other";
    }
    UNREACHABLE("doc_export_english: every reason is named above");
}

const char *doc_export_french(enum doc_export_reason reason)
{
    switch (reason) {
    case DOC_EXPORT_SALE: return "Vente de marchandises";
    case DOC_EXPORT_GIFT: return "Cadeau";
    case DOC_EXPORT_SAMPLE:
        return "\xc3\x89"
               "chantillon commercial";
    case DOC_EXPORT_DOCUMENTS: return "Documents";
    case DOC_EXPORT_RETURN: return "Retour de marchandise";
    case DOC_EXPORT_OTHER: return "Autre";
    }
    UNREACHABLE("doc_export_french: every reason is named above");
}

static bool hs_code_is_good(str code)
{
    size_t digits = 0;
    for (size_t i = 0; i < code.len; i++) {
        char c = code.ptr[i];
        if (c >= '0' && c <= '9')
            digits++;
        else if (c != '.' && c != ' ')
            return false;
    }
    return digits >= HS_DIGITS_MIN && digits <= HS_DIGITS_MAX &&
           code.len <= HS_BYTES_MAX;
}

/* lines[n].part */
static const char *field_of(struct ctx *ctx, size_t n, const char *part)
{
    return str_to_cstr(ctx->arena,
                       str_printf(ctx->arena, "lines[%zu].%s", n, part));
}

static err_t check_money(struct ctx *ctx, const char *field, money amount,
                         const char *currency)
{
    if (strcmp(amount.currency, currency) != 0)
        return fail_as(ctx, ERR_INVALID, "currency_mixed", field,
                       "must be in %s as the first line", currency);
    return check_range(ctx, field, amount.minor, 0, LIMIT_MINOR);
}

static err_t check_line_of(struct ctx *ctx, const struct doc_customs *customs,
                           size_t n)
{
    const struct doc_customs_line *line = &customs->lines[n];
    TRY(check_line(ctx, field_of(ctx, n, "title"), line->title, 1,
                   LIMIT_TITLE_BYTES));
    if (!hs_code_is_good(line->hs_code))
        return fail_as(ctx, ERR_INVALID, "hs_code_invalid",
                       field_of(ctx, n, "hs_code"), "must have %d to %d digits",
                       HS_DIGITS_MIN, HS_DIGITS_MAX);
    TRY(check_country(ctx, field_of(ctx, n, "origin"), line->origin));
    TRY(check_range(ctx, field_of(ctx, n, "qty"), line->qty, 1, UNITS_MAX));
    TRY(check_range(ctx, field_of(ctx, n, "weight_g"), line->weight_g, 0,
                    LIMIT_QTY / UNITS_MAX * UNITS_MAX));
    return check_money(ctx, field_of(ctx, n, "unit_price"), line->unit_price,
                       customs->lines[0].unit_price.currency);
}

static err_t check_facts(struct ctx *ctx, const struct doc_customs *customs,
                         int max_lines)
{
    TRY(check_line(ctx, "number", customs->number, 1, LIMIT_CODE_BYTES));
    TRY(doc_address_check(ctx, "from", &customs->from));
    TRY(doc_address_check(ctx, "to", &customs->to));
    if (customs->reason < DOC_EXPORT_SALE || customs->reason > DOC_EXPORT_OTHER)
        return fail(ctx, ERR_INVALID, "reason", "must say why it is exported");
    if (customs->reason == DOC_EXPORT_OTHER && customs->reason_text.len == 0)
        return fail(ctx, ERR_INVALID, "reason_text",
                    "must say in words why it is exported");
    if (customs->incoterm.len && !incoterm_is_known(customs->incoterm))
        return fail_as(ctx, ERR_INVALID, "incoterm_unknown", "incoterm",
                       "must be one of Incoterms 2020, as DDP or DAP");
    TRY(check_range(ctx, "packages", customs->packages, 0, PACKAGES_MAX));
    TRY(check_range(ctx, "gross_weight_g", customs->gross_weight_g, 0,
                    LIMIT_QTY));
    return check_range(ctx, "lines", (int64_t)customs->line_count, 1,
                       max_lines);
}

static err_t add_charge(struct ctx *ctx, const char *field, money charge,
                        money *total)
{
    if (charge.currency[0] == '\0')
        return OK;
    TRY(check_money(ctx, field, charge, total->currency));
    return money_add(ctx, *total, charge, total);
}

err_t doc_customs_sum(struct ctx *ctx, const struct doc_customs *customs,
                      int max_lines, struct doc_customs_sums *ret)
{
    TRY(check_facts(ctx, customs, max_lines));
    const char *currency = customs->lines[0].unit_price.currency;
    char known[4];
    if (!currency_from_str(str_from_cstr(currency), known))
        return fail_as(ctx, ERR_INVALID, "currency_unknown",
                       "lines[0].unit_price", "must be in a known currency");
    money *amounts = arena_array(ctx->arena, money, customs->line_count);
    struct doc_customs_sums sums = {.customs = customs, .amounts = amounts};
    sums.goods = money_make(0, currency);
    for (size_t i = 0; i < customs->line_count; i++) {
        const struct doc_customs_line *line = &customs->lines[i];
        TRY(check_line_of(ctx, customs, i));
        if (line->unit_price.minor > LIMIT_MINOR / line->qty)
            return fail_as(ctx, ERR_INVALID, "number_out_of_range",
                           field_of(ctx, i, "unit_price"),
                           "times its quantity is too much");
        TRY(money_mul(ctx, line->unit_price, line->qty, &amounts[i]));
        TRY(money_add(ctx, sums.goods, amounts[i], &sums.goods));
        sums.units += line->qty;
        sums.net_g += line->weight_g;
    }
    sums.total = sums.goods;
    TRY(add_charge(ctx, "shipping", customs->shipping, &sums.total));
    TRY(add_charge(ctx, "insurance", customs->insurance, &sums.total));
    sums.gross_g =
        customs->gross_weight_g ? customs->gross_weight_g : sums.net_g;
    TRY(check_range(ctx, "gross_weight_g", sums.gross_g, sums.net_g,
                    LIMIT_QTY));
    *ret = sums;
    return OK;
}

err_t doc_customs_sign(struct doc_report *report,
                       const struct doc_customs *customs,
                       const char *declaration)
{
    const struct doc_text text = {.text = str_from_cstr(declaration),
                                  .field = "",
                                  .size = report->plan->is_form ? 6 : 8,
                                  .lines = 12};
    TRY(doc_report_text(report, &text));
    double gap = report->bottom - report->y - 64;
    gap = gap < SIGN_MIN ? SIGN_MIN : gap > SIGN_MAX ? SIGN_MAX : gap;
    TRY(doc_report_need(report, gap + 12));
    report->y += gap;
    double half = report->w / 2 - 10;
    const struct {
        const char *caption;
        str value;
        const char *field;
    } sides[] = {
        {"Date", doc_day(report->ctx->arena, customs->day), "day"},
        {"Name and signature",      customs->signatory,             "signatory"  }
    };
    for (size_t i = 0; i < COUNT_OF(sides); i++) {
        double x = report->x + (double)i * (half + 20);
        doc_put_box(report->sheet, x, report->y, half, 0.75, 0);
        struct doc_text line = {.text = sides[i].value,
                                .field = sides[i].field,
                                .x = x,
                                .y = report->y - 12,
                                .w = half,
                                .size = 8.5,
                                .size_min = 5};
        if (line.text.len)
            TRY(doc_put_text(report->sheet, &line, NULL));
        line.text = str_from_cstr(sides[i].caption);
        line.field = "";
        line.y = report->y + 2;
        line.size = 6.5;
        TRY(doc_put_text(report->sheet, &line, NULL));
    }
    report->y += 12;
    return OK;
}

static err_t put_reason(struct doc_report *report,
                        const struct doc_customs *customs,
                        enum doc_export_reason reason,
                        const struct doc_rect *at)
{
    double w = at->w * 2;
    const struct doc_rect box = {at->x, at->y + 1.5, CROSS_SIDE, CROSS_SIDE};
    doc_put_frame(report->sheet, &box, 0.75);
    if (customs->reason == reason)
        doc_put_box(report->sheet, box.x + 1.6, box.y + 1.6, CROSS_SIDE - 3.2,
                    CROSS_SIDE - 3.2, 0);
    const char *english = doc_export_english(reason);
    const char *french = doc_export_french(reason);
    str words = str_from_cstr(english);
    if (strcmp(english, french) != 0)
        words = str_printf(report->ctx->arena, "%s / %s", english, french);
    if (customs->reason == reason && customs->reason_text.len)
        words = str_printf(report->ctx->arena, "%s: %.*s",
                           doc_export_english(reason),
                           STR_ARG(customs->reason_text));
    const struct doc_text text = {.text = words,
                                  .field = "reason_text",
                                  .x = at->x + CROSS_SIDE + 4,
                                  .y = at->y,
                                  .w = at->w - CROSS_SIDE - 6,
                                  .size = report->plan->is_form && w < 300 ? 5.8
                                                                           : 7,
                                  .size_min = 4.5,
                                  .is_bold = customs->reason == reason};
    return doc_put_text(report->sheet, &text, NULL);
}

err_t doc_customs_reasons(struct doc_report *report,
                          const struct doc_customs *customs, double x, double w)
{
    for (int i = 0; i < REASONS; i++) {
        int row = i / 2;
        const struct doc_rect at = {x + (i % 2 ? w / 2 : 0),
                                    report->y + row * REASON_H, w / 2,
                                    REASON_H};
        TRY(put_reason(report, customs, (enum doc_export_reason)(i + 1), &at));
    }
    report->y += 3 * REASON_H + 4;
    return OK;
}
