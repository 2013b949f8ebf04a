/* csv_stream.h - CSV of any length from a source that is read bit by bit.
 *
 * Memory is constant. A record that cannot be read is no end: it comes back as
 * a bad row with its reason, and reading goes on behind its first line, so one
 * quote that is never closed costs one line and not the rest of the file.
 */
#ifndef WHARF_BASE_CSV_STREAM_H
#define WHARF_BASE_CSV_STREAM_H

#include "base/base.h"

struct charset;

/* Reads up to `room` bytes; *ret_len 0 is the end. A failure is remembered and
 * told once all that came before it has been read. */
typedef err_t csv_source_fn(struct ctx *ctx, void *arg, char *to, size_t room,
                            size_t *ret_len);

struct csv_stream_config {
    csv_source_fn *read;
    void *arg;
    char separator; /* 0: a comma. */
    /* NULL: UTF-8, else how the bytes read. */
    const struct charset *charset;
    /* With NULL above: how a record reads that is no UTF-8; NULL: bad. */
    const struct charset *otherwise;
};

struct csv_row {
    int64_t line; /* Its first line, from 1. */
    str raw;      /* As it stands, without its line end; cut at 1 MiB. */
    str *cells;   /* UTF-8; none where it is bad. */
    size_t count; /* 0 and not bad: the end. */
    bool is_bad;  /* Why: */
    bool is_converted;
    bool is_last; /* Nothing follows, and it has no line end. */
    struct err_detail err;
};

struct csv_stream;
struct csv_stream *csv_stream_open(const struct csv_stream_config *config);
void csv_stream_close(struct csv_stream *stream); /* Takes NULL. */
/* The next row, its strings in ctx->arena. Fails, after the last row, where
 * the source has failed: the text is cut there. */
MUST_USE err_t csv_stream_next(struct ctx *ctx, struct csv_stream *stream,
                               struct csv_row *ret);
/* Bytes taken from the source so far. */
int64_t csv_stream_bytes(const struct csv_stream *stream);

#endif
