/* doc_label_int.h - the label as a part of another sheet. */
#ifndef WHARF_BASE_DOC_LABEL_INT_H
#define WHARF_BASE_DOC_LABEL_INT_H

#include "base/doc_label.h"
#include "base/doc_sheet.h"

#define DOC_LABEL_WIDTH  288.0
#define DOC_LABEL_HEIGHT 432.0

MUST_USE err_t doc_label_check(struct ctx *ctx, const struct doc_label *label);
/* From the sheet's origin on; the label has been checked. */
MUST_USE err_t doc_label_draw(struct doc_sheet *sheet,
                              const struct doc_label *label);

#endif
