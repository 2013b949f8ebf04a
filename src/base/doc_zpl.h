/* doc_zpl.h - a sheet in ZPL II, for printers of 203 dots an inch.
 *
 * Text that every printer has (Latin-1) goes as text, every other line as a
 * picture of it (^GFA), so that all scripts come out as on paper. Nothing of
 * the facts can be a command: '^', '~' and '_' are written in hexadecimal and
 * control characters never reach a sheet.
 */
#ifndef WHARF_BASE_DOC_ZPL_H
#define WHARF_BASE_DOC_ZPL_H

#include "base/buf.h"
#include "base/doc_sheet.h"

enum { DOC_ZPL_DPI = 203 };

/* Adds one label, ^XA to ^XZ. */
void doc_zpl_page(const struct doc_sheet *sheet, struct buf *out);

#endif
