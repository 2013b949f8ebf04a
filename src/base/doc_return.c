/* doc_return.c - where everything stands on a return sheet. */
#include "base/doc_return.h"

#include "base/check.h"
#include "base/doc_label_int.h"
#include "base/doc_report.h"
#include "base/str.h"

#define CUT_DASH 5.0

static const char steps[] =
    "1. Put the goods into a box, if you can the one they came in.\n"
    "2. Lay this upper part of the sheet into the box.\n"
    "3. Cut out the label below and fix it flat on the largest side; cover or "
    "remove older labels.\n"
    "4. Hand the parcel over to the carrier and keep the receipt.";

static void put_cut(struct doc_report *report, const struct doc_rect *at)
{
    for (int i = 0; i < (int)(at->w / CUT_DASH); i += 2) {
        double x = at->x + i * CUT_DASH;
        doc_put_box(report->sheet, x, at->y, CUT_DASH, 0.5, 0.5);
        doc_put_box(report->sheet, x, at->y + at->h, CUT_DASH, 0.5, 0.5);
    }
    for (int i = 0; i < (int)(at->h / CUT_DASH); i += 2) {
        double y = at->y + i * CUT_DASH;
        doc_put_box(report->sheet, at->x, y, 0.5, CUT_DASH, 0.5);
        doc_put_box(report->sheet, at->x + at->w, y, 0.5, CUT_DASH, 0.5);
    }
}

/* At the foot of the page; what follows ends above it. */
static err_t put_label(struct doc_report *report, const struct doc_return *back)
{
    const struct doc_rect at = {report->x + (report->w - DOC_LABEL_WIDTH) / 2,
                                report->bottom - DOC_LABEL_HEIGHT,
                                DOC_LABEL_WIDTH, DOC_LABEL_HEIGHT};
    struct doc_label label = back->label;
    label.is_return = true;
    put_cut(report, &at);
    doc_sheet_origin(report->sheet, at.x, at.y);
    err_t err = doc_label_draw(report->sheet, &label);
    doc_sheet_origin(report->sheet, 0, 0);
    report->bottom = at.y - 8;
    return err;
}

static err_t put_items(struct doc_report *report, const struct doc_return *back)
{
    static const struct doc_column columns[] = {
        {"QTY",  40,  9,   DOC_RIGHT, true },
        {"ITEM", 0,   8.5, DOC_LEFT,  false},
        {"SKU",  120, 8,   DOC_LEFT,  false}
    };
    TRY(doc_table_begin(report, columns, COUNT_OF(columns)));
    for (size_t i = 0; i < back->item_count; i++) {
        const struct doc_return_item *item = &back->items[i];
        const struct doc_cell cells[] = {
            doc_cell(
                str_printf(report->ctx->arena, "%lld", (long long)item->qty),
                doc_field(report, "items", i, "qty")),
            doc_cell(item->title, doc_field(report, "items", i, "title")),
            doc_cell(item->sku, doc_field(report, "items", i, "sku"))};
        TRY(doc_table_row(report, cells));
    }
    doc_table_end(report);
    return OK;
}

static err_t body(struct doc_report *report, const void *facts)
{
    const struct doc_return *back = facts;
    struct arena *arena = report->ctx->arena;
    const struct doc_head head = {back->shop, "shop", back->number, "number"};
    TRY(doc_report_head(report, &head));
    TRY(put_label(report, back));
    str about = back->until
                    ? str_printf(arena, "Order %.*s. Please send it by %.*s.",
                                 STR_ARG(back->order),
                                 STR_ARG(doc_day(arena, back->until)))
                    : str_printf(arena, "Order %.*s.", STR_ARG(back->order));
    struct doc_text text = {.text = about,
                            .field = "order",
                            .size = 9.5,
                            .lines = 3,
                            .is_bold = true,
                            .is_note = true};
    TRY(doc_report_text(report, &text));
    report->y += 4;
    text.text =
        back->instructions.len ? back->instructions : str_from_cstr(steps);
    text.field = "instructions";
    text.size = 8.5;
    text.lines = 40;
    text.has_breaks = true;
    text.is_bold = false;
    TRY(doc_report_text(report, &text));
    report->y += 8;
    return put_items(report, back);
}

static err_t check(struct ctx *ctx, const struct doc_return *back)
{
    TRY(check_code(ctx, "number", back->number));
    TRY(check_line(ctx, "order", back->order, 1, LIMIT_NAME_BYTES));
    TRY(check_range(ctx, "items", (int64_t)back->item_count, 1,
                    DOC_RETURN_ITEMS));
    for (size_t i = 0; i < back->item_count; i++) {
        char field[40];
        (void)snprintf(field, sizeof field, "items[%zu].qty", i);
        TRY(check_range(ctx, field, back->items[i].qty, 1, LIMIT_QTY));
    }
    return doc_label_check(ctx, &back->label);
}

err_t doc_return_pdf(struct ctx *ctx, const struct doc_return *back, str *ret)
{
    TRY(check(ctx, back));
    const struct doc_plan plan = {
        .paper = back->paper,
        .title = "Return",
        .footer = str_printf(ctx->arena, "Return %.*s", STR_ARG(back->number)),
        .body = body,
        .facts = back};
    return doc_report_pdf(ctx, &plan, ret);
}
