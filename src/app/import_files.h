/* import_files.h - what the importers of rows share: reading files, keeping
 * what was not taken, and stores for a dry run.
 */
#ifndef WHARF_APP_IMPORT_FILES_H
#define WHARF_APP_IMPORT_FILES_H

#include <stdio.h>

#include "app/cli.h"
#include "base/csv_stream.h"

/* Reads the rows of one file. A file that ends in the middle is not a failure
 * of the reader: ret->is_cut says so, and the rows before were given. */
struct import_file {
    const char *name;
    int64_t bytes; /* Unpacked. */
    bool is_cut;
    struct err_detail err; /* Why it could not be read to its end. */
};
typedef err_t import_row_fn(struct ctx *ctx, void *arg,
                            const struct csv_row *row);
struct import_reader {
    struct cli *cli;
    struct csv_stream_config csv; /* read and arg are set by the reader. */
    import_row_fn *row;           /* ctx->arena is forgotten after each. */
    void *arg;
};
/* Fails only where row() does. */
MUST_USE err_t import_read(const struct import_reader *reader,
                           struct import_file *file);
/* The encodings of --encoding: auto (NULL: UTF-8, else Windows-1252), utf-8,
 * or one of charset.h. */
MUST_USE err_t import_encoding(struct cli *cli, const char *name,
                               struct csv_stream_config *ret);

/* The rejects file: CSV of file, line, code, detail, raw. */
struct import_rejects {
    FILE *file; /* NULL: none wanted. */
    int64_t count;
};
MUST_USE err_t import_rejects_open(struct cli *cli, struct import_rejects *ret);
struct import_reject {
    const char *file;
    int64_t line;
    const char *code, *detail;
    str raw;
};
void import_rejects_put(struct import_rejects *rejects,
                        const struct import_reject *reject);
/* Fails where it could not be written whole. */
MUST_USE err_t import_rejects_close(struct cli *cli,
                                    struct import_rejects *rejects);

/* The store to write to; on a dry run one whose every work is undone, which
 * may be empty and in memory where there is none yet. */
MUST_USE err_t import_store_open(struct cli *cli, struct store **ret);
/* Brings the read models up to date where no server does it. */
MUST_USE err_t import_settle(struct cli *cli, struct store *store);

#endif
