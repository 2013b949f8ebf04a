/* doc_report.c - documents of several pages on paper. */
#include "base/doc_report.h"

#include "base/arena.h"
#include "base/doc_pdf.h"
#include "base/str.h"

#define MARGIN      40.0
#define FORM_MARGIN 14.0
#define FOOTER      24.0
#define CELL_PAD    4.0
#define ROW_PAD     4.0
#define FORM_PAD    2.0
#define SUB_SIZE    7.5
#define BOX_SIDE    14.0
#define BARS_H      30.0
#define RULE_GRAY   0.75
#define HEAD_GRAY   0.91
#define FACT_W      82.0
#define FACT_W_SLIM 50.0
#define FACT_SLIM   210.0 /* Narrower than this is slim. */
#define LINE_HEIGHT 1.36  /* Of Noto Sans, in its size. */

/* Of attributes in one row, so that pages can break; a longer one has its own
 * row. */
#define ATTRS_HEIGHT (8 * SUB_SIZE * LINE_HEIGHT)

enum { PAPER_DOTS = 600, CELL_LINES = 24, COLUMNS_MAX = 8 };

static void paper_size(const struct doc_plan *plan, double *w, double *h)
{
    *w = plan->width;
    *h = plan->height;
    if (plan->paper == DOC_A4) {
        *w = 595.28;
        *h = 841.89;
    } else if (plan->paper == DOC_LETTER) {
        *w = 612;
        *h = 792;
    }
}

static void page_begin(struct doc_report *report)
{
    double w, h;
    paper_size(report->plan, &w, &h);
    double margin = report->plan->is_form ? FORM_MARGIN : MARGIN;
    report->x = margin;
    report->w = w - 2 * margin;
    report->y = margin;
    report->bottom = h - margin - (report->plan->is_form ? 0 : FOOTER);
    report->foot = report->bottom;
    report->page++;
}

static err_t put_footer(struct doc_report *report)
{
    if (report->plan->is_form)
        return OK;
    struct doc_text text = {.text = report->plan->footer,
                            .field = "number",
                            .x = report->x,
                            .y = report->foot + 12,
                            .w = report->w / 2,
                            .size = 7.5,
                            .size_min = 4,
                            .is_note = true};
    doc_put_box(report->sheet, report->x, report->foot + 8, report->w, 0.5,
                RULE_GRAY);
    TRY(doc_put_text(report->sheet, &text, NULL));
    text.text = str_printf(doc_sheet_ctx(report->sheet)->arena,
                           "%s \xc2\xb7 page %d of %d", report->plan->title,
                           report->page, report->pages);
    text.x = report->x + report->w / 2;
    text.align = DOC_RIGHT;
    return doc_put_text(report->sheet, &text, NULL);
}

static err_t page_end(struct doc_report *report)
{
    TRY(put_footer(report));
    if (report->pdf)
        doc_pdf_page(report->pdf, report->sheet);
    doc_sheet_clear(report->sheet);
    if (report->page > LIMIT_DOC_PAGES)
        return fail_as(report->ctx, ERR_INVALID, "text_too_long", "lines",
                       "would take more than %d pages", LIMIT_DOC_PAGES);
    return OK;
}

static err_t run(struct doc_report *report)
{
    report->page = 0;
    report->column_count = 0;
    page_begin(report);
    TRY(report->plan->body(report, report->plan->facts));
    return page_end(report);
}

/* The second time nothing can fail but the sink. */
static err_t draw(struct doc_report *report, struct doc_sink sink)
{
    double w, h;
    paper_size(report->plan, &w, &h);
    report->pages = report->page;
    report->pdf = doc_pdf_open(sink, w, h, report->plan->title);
    err_t err = run(report);
    ASSERT(err != OK || report->page == report->pages);
    if (err == OK)
        return doc_pdf_finish(report->ctx, report->pdf);
    doc_pdf_close(report->pdf);
    return err;
}

err_t doc_report_make(struct ctx *ctx, const struct doc_plan *plan,
                      struct doc_sink sink)
{
    double w, h;
    paper_size(plan, &w, &h);
    if (w <= 0 || h <= 0)
        return fail(ctx, ERR_INVALID, "paper", "must be A4 or letter");
    struct doc_report report = {.ctx = ctx, .plan = plan};
    TRY(doc_sheet_open(ctx, w, h, PAPER_DOTS, &report.sheet));
    err_t err = run(&report);
    if (err == OK)
        err = draw(&report, sink);
    doc_sheet_close(report.sheet);
    return err;
}

err_t doc_report_pdf(struct ctx *ctx, const struct doc_plan *plan, str *ret)
{
    struct buf out;
    buf_init(&out, ctx->arena, LIMIT_DOC_BYTES);
    TRY(doc_report_make(ctx, plan, doc_sink_to_buf(&out)));
    *ret = buf_str(&out);
    return OK;
}

const char *doc_field(struct doc_report *report, const char *list, size_t n,
                      const char *part)
{
    str field =
        part ? str_printf(report->ctx->arena, "%s[%zu].%s", list, n, part)
             : str_printf(report->ctx->arena, "%s[%zu]", list, n);
    return str_to_cstr(report->ctx->arena, field);
}

/* --- flow --------------------------------------------------------------- */

static err_t put_titles(struct doc_report *report);

err_t doc_report_need(struct doc_report *report, double height)
{
    if (report->y + height <= report->bottom)
        return OK;
    if (report->plan->is_form)
        return fail_as(report->ctx, ERR_INVALID, "text_too_long", "lines",
                       "do not fit on one form");
    TRY(page_end(report));
    page_begin(report);
    return report->column_count ? put_titles(report) : OK;
}

err_t doc_report_text(struct doc_report *report, const struct doc_text *text)
{
    if (text->text.len == 0)
        return OK;
    struct doc_text at = *text;
    if (at.w <= 0) {
        at.x = report->x;
        at.w = report->w;
    }
    double height;
    TRY(doc_measure_text(report->sheet, &at, &height));
    TRY(doc_report_need(report, height));
    at.y = report->y;
    TRY(doc_put_text(report->sheet, &at, &height));
    report->y += height;
    return OK;
}

void doc_report_rule(struct doc_report *report)
{
    doc_put_box(report->sheet, report->x, report->y, report->w, 0.5, RULE_GRAY);
}

struct doc_fact doc_fact(const char *caption, str value, const char *field)
{
    return (struct doc_fact){caption, value, field};
}

err_t doc_report_facts(struct doc_report *report, const struct doc_rect *at,
                       const struct doc_fact *facts, size_t count,
                       double *ret_y)
{
    double y = at->y;
    double caption_w = at->w < FACT_SLIM ? FACT_W_SLIM : FACT_W;
    for (size_t i = 0; i < count; i++) {
        if (facts[i].value.len == 0)
            continue;
        struct doc_text text = {.text = str_from_cstr(facts[i].caption),
                                .field = "",
                                .x = at->x,
                                .y = report->plan->is_form ? y + 0.7 : y + 1.5,
                                .w = caption_w,
                                .size = report->plan->is_form ? 7 : 7.5};
        double height;
        TRY(doc_put_text(report->sheet, &text, NULL));
        text = (struct doc_text){.text = facts[i].value,
                                 .field = facts[i].field,
                                 .x = at->x + caption_w,
                                 .y = y,
                                 .w = at->w - caption_w,
                                 .size = report->plan->is_form ? 7.5 : 9,
                                 .lines = 3,
                                 .is_note = true};
        TRY(doc_put_text(report->sheet, &text, &height));
        y += height + 1;
    }
    *ret_y = y;
    return OK;
}

err_t doc_report_head(struct doc_report *report, const struct doc_head *head)
{
    double half = report->w / 2;
    struct doc_text text = {.text = head->house,
                            .field = head->house_field,
                            .x = report->x,
                            .y = report->y,
                            .w = half - 10,
                            .size = 16,
                            .size_min = 9,
                            .lines = 2,
                            .is_bold = true,
                            .is_note = true};
    double left = 0, right = 0;
    if (text.text.len)
        TRY(doc_put_text(report->sheet, &text, &left));
    text.text = str_from_cstr(report->plan->title);
    text.field = "";
    text.x += half;
    text.w = half;
    text.align = DOC_RIGHT;
    TRY(doc_put_text(report->sheet, &text, &right));
    if (head->code.len) {
        const struct doc_bars bars = {
            .kind = DOC_CODE128,
            .data = head->code,
            .field = head->code_field,
            .at = {text.x, report->y + right + 2, half, 38},
            .align = DOC_RIGHT,
            .text_size = 8
        };
        TRY(doc_put_bars(report->sheet, &bars));
        right += 42;
    }
    report->y += (left > right ? left : right) + 6;
    doc_put_box(report->sheet, report->x, report->y, report->w, 1.5, 0);
    report->y += 10;
    return OK;
}

struct doc_cell doc_cell(str text, const char *field)
{
    return (struct doc_cell){.text = text, .field = field};
}

/* --- tables ------------------------------------------------------------- */

static double column_width(const struct doc_report *report, size_t n)
{
    if (report->columns[n].w > 0)
        return report->columns[n].w;
    double rest = report->w;
    for (size_t i = 0; i < report->column_count; i++)
        rest -= report->columns[i].w;
    return rest;
}

static err_t put_titles(struct doc_report *report)
{
    const double height = 15;
    double x = report->x;
    doc_put_box(report->sheet, report->x, report->y, report->w, height,
                HEAD_GRAY);
    for (size_t i = 0; i < report->column_count; i++) {
        double w = column_width(report, i);
        const struct doc_text text = {
            .text = str_from_cstr(report->columns[i].title),
            .field = "",
            .x = x + CELL_PAD,
            .y = report->y + 2.5,
            .w = w - 2 * CELL_PAD,
            .size = 7,
            .size_min = 4.5,
            .align = report->columns[i].align,
            .is_bold = true};
        if (text.text.len)
            TRY(doc_put_text(report->sheet, &text, NULL));
        x += w;
    }
    report->y += height;
    return OK;
}

err_t doc_table_begin(struct doc_report *report,
                      const struct doc_column *columns, size_t count)
{
    TRY(doc_report_need(report, 60));
    report->columns = columns;
    report->column_count = count;
    return put_titles(report);
}

void doc_table_end(struct doc_report *report)
{
    doc_report_rule(report);
    report->columns = NULL;
    report->column_count = 0;
    report->y += 8;
}

struct cell_place {
    const struct doc_column *column;
    double x, y, w;
};

static struct doc_text cell_text(const struct cell_place *at,
                                 const struct doc_cell *cell, bool is_sub)
{
    return (struct doc_text){.text = is_sub ? cell->sub : cell->text,
                             .field = is_sub ? cell->sub_field : cell->field,
                             .x = at->x,
                             .y = at->y,
                             .w = at->w,
                             .size = is_sub ? SUB_SIZE : at->column->size,
                             .lines = CELL_LINES,
                             .align = at->column->align,
                             .is_bold = at->column->is_bold && !is_sub,
                             .is_note = true,
                             .has_breaks = is_sub};
}

static err_t cell_height(struct doc_report *report, const struct cell_place *at,
                         const struct doc_cell *cell, double *ret)
{
    *ret = cell->kind == DOC_CELL_BOX    ? BOX_SIDE
           : cell->kind == DOC_CELL_BARS ? BARS_H
                                         : 0;
    if (cell->kind != DOC_CELL_TEXT)
        return OK;
    for (int part = 0; part < 2; part++) {
        struct doc_text text = cell_text(at, cell, part == 1);
        double height;
        if (text.text.len == 0)
            continue;
        TRY(doc_measure_text(report->sheet, &text, &height));
        *ret += height;
    }
    return OK;
}

static err_t put_bars(struct doc_report *report, const struct cell_place *at,
                      const struct doc_cell *cell)
{
    if (cell->text.len == 0)
        return OK;
    const struct doc_bars bars = {
        .kind = DOC_CODE128,
        .data = cell->text,
        .field = cell->field,
        .at = {at->x, at->y, at->w, BARS_H},
        .align = at->column->align,
        .text_size = 7
    };
    return doc_put_bars(report->sheet, &bars);
}

static err_t cell_put(struct doc_report *report, const struct cell_place *at,
                      const struct doc_cell *cell)
{
    if (cell->kind == DOC_CELL_BARS)
        return put_bars(report, at, cell);
    if (cell->kind == DOC_CELL_BOX) {
        const struct doc_rect box = {at->x, at->y, BOX_SIDE, BOX_SIDE};
        doc_put_frame(report->sheet, &box, 1);
        return OK;
    }
    struct cell_place below = *at;
    for (int part = 0; part < 2; part++) {
        struct doc_text text = cell_text(&below, cell, part == 1);
        double height;
        if (text.text.len == 0)
            continue;
        TRY(doc_put_text(report->sheet, &text, &height));
        below.y += height;
    }
    return OK;
}

/* Of its first line; bars stand by themselves. */
static double first_line(const struct doc_column *column,
                         const struct doc_cell *cell)
{
    switch (cell->kind) {
    case DOC_CELL_TEXT: return cell->text.len ? column->size * LINE_HEIGHT : 0;
    case DOC_CELL_BOX: return BOX_SIDE;
    case DOC_CELL_BARS: return 0;
    }
    UNREACHABLE("first_line: every kind is named above");
}

/* First lines of a row stand on one middle; how far down it begins. */
static double sunk(const struct doc_report *report,
                   const struct doc_cell *cells, size_t n)
{
    double own = first_line(&report->columns[n], &cells[n]), band = 0;
    for (size_t i = 0; i < report->column_count; i++) {
        double height = first_line(&report->columns[i], &cells[i]);
        band = height > band ? height : band;
    }
    return own > 0 ? (band - own) / 2 : 0;
}

static err_t put_row(struct doc_report *report, const struct doc_cell *cells,
                     bool with_rule)
{
    struct cell_place at = {0};
    double tallest = 0;
    for (size_t i = 0; i < report->column_count; i++) {
        at.column = &report->columns[i];
        at.w = column_width(report, i) - 2 * CELL_PAD;
        double height;
        TRY(cell_height(report, &at, &cells[i], &height));
        height += sunk(report, cells, i);
        tallest = height > tallest ? height : tallest;
    }
    double pad = report->plan->is_form ? FORM_PAD : ROW_PAD;
    TRY(doc_report_need(report, tallest + 2 * pad));
    if (with_rule)
        doc_report_rule(report);
    double x = report->x;
    for (size_t i = 0; i < report->column_count; i++) {
        at.column = &report->columns[i];
        at.w = column_width(report, i) - 2 * CELL_PAD;
        at.x = x + CELL_PAD;
        at.y = report->y + (with_rule ? pad : 0) + sunk(report, cells, i);
        TRY(cell_put(report, &at, &cells[i]));
        x += column_width(report, i);
    }
    report->y += tallest + (with_rule ? 2 : 1) * pad;
    return OK;
}

err_t doc_table_row(struct doc_report *report, const struct doc_cell *cells)
{
    return put_row(report, cells, true);
}

err_t doc_table_more(struct doc_report *report, const struct doc_cell *cells)
{
    return put_row(report, cells, false);
}

/* As many as a row takes, one at least, each on lines of its own. */
static err_t attr_lines(struct doc_report *report, const struct cell_place *at,
                        const struct doc_attr *attrs, size_t count,
                        struct doc_cell *ret, size_t *ret_taken)
{
    struct arena *arena = report->ctx->arena;
    double all = 0, height;
    str text = STR_NONE;
    size_t n = 0;
    for (; n < count; n++) {
        struct doc_cell one = *ret;
        one.sub = str_printf(arena, "%.*s: %.*s", STR_ARG(attrs[n].name),
                             STR_ARG(attrs[n].value));
        TRY(cell_height(report, at, &one, &height));
        if (n > 0 && all + height > ATTRS_HEIGHT)
            break;
        all += height;
        text = n == 0 ? one.sub
                      : str_printf(arena, "%.*s\n%.*s", STR_ARG(text),
                                   STR_ARG(one.sub));
    }
    ret->sub = text;
    *ret_taken = n;
    return OK;
}

err_t doc_table_attrs(struct doc_report *report, size_t column,
                      const struct doc_attr *attrs, size_t count,
                      const char *field)
{
    struct doc_cell cells[COLUMNS_MAX] = {0};
    ASSERT(column < report->column_count &&
           report->column_count <= COLUMNS_MAX);
    const struct cell_place at = {.column = &report->columns[column],
                                  .w = column_width(report, column) -
                                       2 * CELL_PAD};
    cells[column].sub_field = field;
    for (size_t i = 0, taken; i < count; i += taken) {
        TRY(attr_lines(report, &at, attrs + i, count - i, &cells[column],
                       &taken));
        TRY(doc_table_more(report, cells));
    }
    return OK;
}
