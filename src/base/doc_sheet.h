/* doc_sheet.h - one page before it is ink: texts laid out, bars and boxes.
 *
 * Measures are points (1/72 inch) from the top left corner. A sheet holds the
 * page that is being made; doc_pdf.h and doc_zpl.h turn it into bytes and
 * doc_sheet_clear() makes room for the next. One sheet belongs to one thread.
 * Functions that take a sheet report failures in the context it was opened
 * with; memory of a page is the sheet's own, so that ten thousand pages need
 * no more than one.
 */
#ifndef WHARF_BASE_DOC_SHEET_H
#define WHARF_BASE_DOC_SHEET_H

#include "base/doc.h"
#include "base/doc_barcode.h"

struct doc_sheet;

/* `dots` per inch: bars are whole dots wide, so that a thermal printer of that
 * resolution prints them sharp. */
MUST_USE err_t doc_sheet_open(struct ctx *ctx, double width, double height,
                              int dots, struct doc_sheet **ret);
void doc_sheet_close(struct doc_sheet *sheet); /* Takes NULL. */
void doc_sheet_clear(struct doc_sheet *sheet);
/* Memory until the sheet is cleared, and where to report. */
struct ctx *doc_sheet_ctx(struct doc_sheet *sheet);
/* Hands a failure recorded there on to the context of doc_sheet_open(). */
err_t doc_sheet_report(struct doc_sheet *sheet, err_t err);

/* What is put from now on begins there. */
void doc_sheet_origin(struct doc_sheet *sheet, double x, double y);

/* Whether its first strong letter runs from right to left. */
bool doc_is_rtl(str text);

enum doc_align { DOC_LEFT = 0, DOC_CENTER, DOC_RIGHT };

struct doc_text {
    str text;
    const char *field;      /* Of the facts, for refusals. */
    double x, y, w;         /* y: the top of the first line. */
    double size, size_min;  /* Shrinks to the second, if given, to fit. */
    int lines;              /* At most so many; 0: one. */
    int chars;              /* In a line; 0: what the width takes. */
    enum doc_align align;   /* As seen, in right-to-left scripts too. */
    str country;            /* Whose forms of shared CJK letters; may be "". */
    bool is_bold, is_white; /* White: upon a black box. */
    /* A note rather than an address: what no font has is written "[U+1F9FF]"
     * instead of being refused. */
    bool is_note;
    bool has_breaks; /* Line ends are kept instead of being refused. */
};

/* Refuses control characters, overrides of direction, what no font here can
 * draw (slug "glyph_missing") and what does not fit ("text_too_long"). */
MUST_USE err_t doc_put_text(struct doc_sheet *sheet,
                            const struct doc_text *text, double *ret_height);
/* The height it would take; nothing is put. */
MUST_USE err_t doc_measure_text(struct doc_sheet *sheet,
                                const struct doc_text *text,
                                double *ret_height);

/* On one line, however long. */
MUST_USE err_t doc_natural_text(struct doc_sheet *sheet,
                                const struct doc_text *text, double *ret_width,
                                double *ret_height);
/* Does it fit? Its length alone is no error here. */
MUST_USE err_t doc_fit_text(struct doc_sheet *sheet,
                            const struct doc_text *text, double *ret_height,
                            bool *ret_fits);

/* Filled; gray 0 is black, 1 white. */
void doc_put_box(struct doc_sheet *sheet, double x, double y, double w,
                 double h, double gray);
/* The outline, drawn inward. */
struct doc_rect {
    double x, y, w, h;
};
void doc_put_frame(struct doc_sheet *sheet, const struct doc_rect *rect,
                   double thick);

struct doc_bars {
    enum doc_barcode_kind kind;
    str data;
    const char *field;
    struct doc_rect at;   /* With the quiet zone, unless at the left. */
    enum doc_align align; /* DOC_LEFT begins with the first bar. */
    double text_size;     /* Of the line below; 0: none. */
};
MUST_USE err_t doc_put_bars(struct doc_sheet *sheet,
                            const struct doc_bars *bars);

/* A block of at most so many lines, one size for all, the first in bold. */
struct doc_block {
    const struct doc_address *address;
    const char *prefix; /* "to" */
    str home;           /* The country that need not be named. */
    struct doc_rect at; /* h: what there is. */
    double size, size_min;
    bool with_phone, last_bold;
};
MUST_USE err_t doc_address_fits(struct doc_sheet *sheet,
                                const struct doc_block *block, bool *ret);
MUST_USE err_t doc_put_address(struct doc_sheet *sheet,
                               const struct doc_block *block,
                               double *ret_height);

#endif
