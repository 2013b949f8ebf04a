/* doc_sheet_int.h - the parts of a page, for those who turn it into bytes. */
#ifndef WHARF_BASE_DOC_SHEET_INT_H
#define WHARF_BASE_DOC_SHEET_INT_H

#include "base/doc_lib.h"
#include "base/doc_sheet.h"

enum doc_op_kind { DOC_OP_BOX = 1, DOC_OP_TEXT, DOC_OP_BARS };

struct doc_op {
    enum doc_op_kind kind;
    struct doc_rect at;
    double gray;
    PangoLayout *layout; /* Owned. */
    bool is_white, is_left;
    double size;
    struct doc_barcode barcode;
    double module;        /* Its width, points. */
    struct doc_rect room; /* In which the bars and their margins stand. */
};

struct doc_sheet {
    struct ctx ctx; /* Own arena, reset with the page. */
    struct ctx *caller;
    double width, height, dot, origin_x, origin_y;
    PangoContext *pango;
    struct doc_op *ops;
    size_t count, room;
};

/* The next part, at that place from the origin. */
struct doc_op *doc_op_add(struct doc_sheet *sheet, enum doc_op_kind kind,
                          struct doc_rect at);

#endif
