/* doc_pick.h - the list that a picker walks with. */
#ifndef WHARF_BASE_DOC_PICK_H
#define WHARF_BASE_DOC_PICK_H

#include "base/doc.h"

struct doc_pick_line {
    str bin; /* Where it lies: "A-02-10". */
    str sku, title;
    str code; /* What the scanner reads there, as Code 128; empty: the SKU. */
    int64_t qty;
    str lot;  /* The one to take; may be empty. */
    str into; /* Which order or tote it goes to; may be empty. */
    const struct doc_attr *attrs; /* Of a bespoke line. */
    size_t attr_count;
};

struct doc_pick_list {
    enum doc_paper paper;
    str number; /* Of the task; a barcode too. */
    str mode;   /* "Wave 12", "Batch of 8 orders". */
    str location, assignee, tote;
    str deadline; /* "2026-11-22 16:00 CET". */
    const struct doc_pick_line *lines;
    size_t line_count; /* 1 to LIMIT_DOC_LINES. */
};

/* Lines are printed in the order they come in: that of the walk. */
MUST_USE err_t doc_pick_pdf(struct ctx *ctx, const struct doc_pick_list *list,
                            str *ret);

#endif
