/* doc_join.h - PDF files that others drew, joined into one.
 *
 * The program qpdf (docs/decisions/016) reads them, with bounds on memory and
 * time: whatever stands in a file, the worst it does is to be refused. Equal
 * files give equal bytes. ERR_INTERNAL "documents_unavailable" where qpdf is
 * not installed.
 */
#ifndef WHARF_BASE_DOC_JOIN_H
#define WHARF_BASE_DOC_JOIN_H

#include "base/base.h"

enum {
    DOC_JOIN_FILE_BYTES = 4 * 1024 * 1024,
    DOC_JOIN_BYTES = 32 * 1024 * 1024, /* All files, and what comes of them. */
    DOC_JOIN_TIMEOUT_S = 30
};

/* Pages in the order in which they are to stand. */
struct doc_join_part {
    size_t file; /* Its index. */
    int page;    /* From 1; 0: all of its pages. */
};

/* The file, in ctx->arena. ERR_INVALID "pdf_unreadable" where one of them is no
 * PDF or has no such page; ERR_TOO_LARGE beyond the limits. */
MUST_USE err_t doc_join(struct ctx *ctx, const str *files, size_t file_count,
                        const struct doc_join_part *parts, size_t part_count,
                        str *ret);
/* Refuses a file that doc_join() would not take. */
MUST_USE err_t doc_join_check(struct ctx *ctx, str file);

#endif
