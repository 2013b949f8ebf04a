/* doc_report.h - documents of several pages on paper: flow, tables, footers.
 *
 * A plan's body is run twice, first to count the pages and to find what is
 * wrong, then to draw: it must put the same both times. Nothing is written
 * before the whole document is known to be good. Strings that outlive a page
 * belong in report->ctx->arena.
 */
#ifndef WHARF_BASE_DOC_REPORT_H
#define WHARF_BASE_DOC_REPORT_H

#include "base/doc.h"
#include "base/doc_sheet.h"

struct doc_report;

struct doc_plan {
    enum doc_paper paper;
    double width, height; /* In place of a paper, if it is 0. */
    const char *title;    /* "Packing slip"; in the footer and the file. */
    str footer;           /* Whose it is, as "Order 10042"; field "number". */
    bool is_form;         /* One page without a footer. */
    err_t (*body)(struct doc_report *report, const void *facts);
    const void *facts;
};

struct doc_column {
    const char *title;
    double w; /* Points; 0 in one column: what the others leave. */
    double size;
    enum doc_align align;
    bool is_bold;
};

enum doc_cell_kind { DOC_CELL_TEXT = 0, DOC_CELL_BOX, DOC_CELL_BARS };
struct doc_cell {
    enum doc_cell_kind kind;
    str text; /* A note: see doc_text. */
    const char *field;
    str sub; /* Smaller, below. */
    const char *sub_field;
};

struct doc_cell doc_cell(str text, const char *field);

struct doc_report {
    struct ctx *ctx;
    struct doc_sheet *sheet;
    const struct doc_plan *plan;
    struct doc_pdf *pdf;              /* NULL while pages are counted. */
    double x, w, y, bottom, foot;     /* Of what may be written on. */
    int page, pages;                  /* From 1; pages is 0 at first. */
    const struct doc_column *columns; /* Of the table under way. */
    size_t column_count;
};

MUST_USE err_t doc_report_make(struct ctx *ctx, const struct doc_plan *plan,
                               struct doc_sink sink);
/* In ctx->arena, up to LIMIT_DOC_BYTES. */
MUST_USE err_t doc_report_pdf(struct ctx *ctx, const struct doc_plan *plan,
                              str *ret);

/* Goes to the next page unless there is so much room. */
MUST_USE err_t doc_report_need(struct doc_report *report, double height);
/* Text at report->y, which moves below it; x and w default to all. */
MUST_USE err_t doc_report_text(struct doc_report *report,
                               const struct doc_text *text);
/* A gray line. */
void doc_report_rule(struct doc_report *report);

/* "caption value" lines from y at x; empty values are left out. *ret_y is
 * below the last. */
struct doc_fact {
    const char *caption;
    str value;
    const char *field;
};
struct doc_fact doc_fact(const char *caption, str value, const char *field);
MUST_USE err_t doc_report_facts(struct doc_report *report,
                                const struct doc_rect *at,
                                const struct doc_fact *facts, size_t count,
                                double *ret_y);

/* The name of the house, the document's title, a code to scan. */
struct doc_head {
    str house;
    const char *house_field;
    str code; /* Code 128 under the title; may be empty. */
    const char *code_field;
};
MUST_USE err_t doc_report_head(struct doc_report *report,
                               const struct doc_head *head);

MUST_USE err_t doc_table_begin(struct doc_report *report,
                               const struct doc_column *columns, size_t count);
MUST_USE err_t doc_table_row(struct doc_report *report,
                             const struct doc_cell *cells);
/* Belongs to the row above: no line between them. */
MUST_USE err_t doc_table_more(struct doc_report *report,
                              const struct doc_cell *cells);
/* Attributes of the row above, smaller and in that column, in as many rows as
 * they take. */
MUST_USE err_t doc_table_attrs(struct doc_report *report, size_t column,
                               const struct doc_attr *attrs, size_t count,
                               const char *field);
void doc_table_end(struct doc_report *report);

/* "lines[3].sku", in report->ctx->arena. */
const char *doc_field(struct doc_report *report, const char *list, size_t n,
                      const char *part);

#endif
