/* doc_pdf.h - sheets as the pages of a PDF (cairo), written as they come. */
#ifndef WHARF_BASE_DOC_PDF_H
#define WHARF_BASE_DOC_PDF_H

#include "base/buf.h"
#include "base/doc.h"
#include "base/doc_sheet.h"

struct doc_pdf;

/* `title` stands in the file's properties; no date does. */
struct doc_pdf *doc_pdf_open(struct doc_sink sink, double width, double height,
                             const char *title);
/* Writes the sheet as the next page. Fonts come at the end of the file, so
 * memory grows with the letters used and by 1.5 KiB a page. */
void doc_pdf_page(struct doc_pdf *pdf, const struct doc_sheet *sheet);
/* Ends the file and closes. ERR_TOO_LARGE where the sink took no more. */
MUST_USE err_t doc_pdf_finish(struct ctx *ctx, struct doc_pdf *pdf);
/* Closes after a failure; what was written is no PDF. Takes NULL. */
void doc_pdf_close(struct doc_pdf *pdf);

/* Collects a file in memory, up to the buffer's ceiling. */
struct doc_sink doc_sink_to_buf(struct buf *buf);

#endif
