/* doc_manifest.h - what a driver signs for: the packages of one hand-over. */
#ifndef WHARF_BASE_DOC_MANIFEST_H
#define WHARF_BASE_DOC_MANIFEST_H

#include "base/doc.h"
#include "base/doc_format.h"

struct doc_manifest_line {
    str tracking, service, reference;
    str postal_code, country; /* Where to; no names are printed. */
    int64_t weight_g;
};

struct doc_manifest {
    enum doc_paper paper;
    str number; /* A barcode too. */
    str carrier, account;
    int64_t day; /* base/time.h */
    struct doc_address from;
    const struct doc_manifest_line *lines;
    size_t line_count; /* 1 to LIMIT_DOC_LINES. */
    enum doc_units units;
};

/* With totals by service, in the order the services first appear. */
MUST_USE err_t doc_manifest_pdf(struct ctx *ctx,
                                const struct doc_manifest *manifest, str *ret);

#endif
