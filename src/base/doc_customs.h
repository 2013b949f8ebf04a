/* doc_customs.h - what crosses a border: invoice, CN22 and CN23. */
#ifndef WHARF_BASE_DOC_CUSTOMS_H
#define WHARF_BASE_DOC_CUSTOMS_H

#include "base/doc.h"

enum doc_export_reason {
    DOC_EXPORT_SALE = 1,
    DOC_EXPORT_GIFT,
    DOC_EXPORT_SAMPLE,
    DOC_EXPORT_DOCUMENTS,
    DOC_EXPORT_RETURN,
    DOC_EXPORT_OTHER
};

struct doc_customs_line {
    str title;
    str hs_code; /* 6 to 12 digits; dots and blanks between are fine. */
    str origin;  /* ISO 3166-1 alpha-2. */
    int64_t qty;
    money unit_price; /* All lines in one currency; never negative. */
    int64_t weight_g; /* Net, of all units of the line. */
};

enum {
    DOC_CUSTOMS_LINES = 200, /* Of an invoice. */
    DOC_CN22_LINES = 4,
    DOC_CN23_LINES = 8
};

struct doc_customs {
    enum doc_paper paper; /* Of the invoice. */
    str number;           /* Of the invoice. */
    int64_t day;
    struct doc_address from, to;
    str from_tax, to_tax; /* VAT, EORI, IOSS, EIN numbers, as to print. */
    str to_email;
    str incoterm; /* "DDP", "DAP": three capitals of Incoterms 2020. */
    enum doc_export_reason reason;
    str reason_text; /* In words; needed for DOC_EXPORT_OTHER. */
    const struct doc_customs_line *lines;
    size_t line_count;
    money shipping, insurance; /* Without a currency: none. */
    int64_t gross_weight_g;    /* 0: the sum of the lines. */
    int packages;              /* 0: one. */
    str carrier, tracking, order;
    str signatory; /* Who declares. */
};

/* A4 or letter, as many pages as it takes. */
MUST_USE err_t doc_invoice_pdf(struct ctx *ctx,
                               const struct doc_customs *customs, str *ret);
/* 4 x 6 inches, for label stock; up to DOC_CN22_LINES lines. */
MUST_USE err_t doc_cn22_pdf(struct ctx *ctx, const struct doc_customs *customs,
                            str *ret);
/* A5 across; up to DOC_CN23_LINES lines. */
MUST_USE err_t doc_cn23_pdf(struct ctx *ctx, const struct doc_customs *customs,
                            str *ret);

#endif
