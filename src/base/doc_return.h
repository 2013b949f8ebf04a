/* doc_return.h - a sheet for the buyer: how to return, and the label. */
#ifndef WHARF_BASE_DOC_RETURN_H
#define WHARF_BASE_DOC_RETURN_H

#include "base/doc.h"
#include "base/doc_label.h"

struct doc_return_item {
    str title, sku;
    int64_t qty;
};

struct doc_return {
    enum doc_paper paper;
    str shop, number, order; /* Of the return; a barcode too. */
    int64_t until;           /* The last day to send it; 0: not said. */
    const struct doc_return_item *items;
    size_t item_count;      /* 1 to DOC_RETURN_ITEMS. */
    str instructions;       /* A step a line; empty: our own four. */
    struct doc_label label; /* `is_return` is taken as set. */
};

enum { DOC_RETURN_ITEMS = 100 };

/* The label stands in its full size at the foot of the first page, to be cut
 * out; items that do not fit above it go to the next. */
MUST_USE err_t doc_return_pdf(struct ctx *ctx, const struct doc_return *back,
                              str *ret);

#endif
