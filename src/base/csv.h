/* csv.h - RFC 4180 records from a text in memory, and back. csv_stream.h reads
 * what does not fit there.
 *
 * Accepts LF and CRLF, quoted fields with doubled quotes and line breaks, and
 * a UTF-8 byte order mark; blank lines are skipped. Limits: 256 columns, 1 MiB
 * a record.
 */
#ifndef WHARF_BASE_CSV_H
#define WHARF_BASE_CSV_H

#include "base/base.h"

enum { CSV_MAX_COLUMNS = 256, CSV_MAX_RECORD_BYTES = 1024 * 1024 };

struct buf;
struct csv_in {
    const char *ptr;
    size_t len;
    size_t pos;
    int64_t line; /* Of the record last read, from 1. */
    int64_t next_line;
    char separator; /* ',' */
    bool is_bytes;  /* Takes any encoding; the caller checks the fields. */
};

void csv_in_init(struct csv_in *in, str text);
/* The next record, its fields in the arena. *ret_count is 0 at the end.
 * Fails with ERR_INVALID, slug "csv_…", field "line 12". */
MUST_USE err_t csv_next(struct ctx *ctx, struct csv_in *in, str **ret_fields,
                        size_t *ret_count);
/* Quotes where needed; a cell that a spreadsheet would run as a formula
 * (= + - @ tab CR first) gets a leading apostrophe unless it is a number. The
 * last one ends the record. */
void csv_put(struct buf *buf, str cell, bool is_last);

#endif
