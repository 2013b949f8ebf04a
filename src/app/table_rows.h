/* table_rows.h - a row of a table as a line of JSON, and back.
 *
 * A line is an object with the columns by name. Numbers past 53 bits are
 * strings, so that no reader loses digits; JSON columns stand as JSON with
 * sorted keys, whatever engine they come from; NULL is null.
 */
#ifndef WHARF_APP_TABLE_ROWS_H
#define WHARF_APP_TABLE_ROWS_H

#include "app/tables.h"
#include "base/base.h"
#include "store/sql.h"

struct buf;

enum { TABLE_COLUMNS_MAX = 64 };

/* Appends the line of a row of table->export_stmt, its line feed too. */
void table_row_put(struct ctx *ctx, const struct table *table,
                   const struct sql_rows *row, struct buf *out);
/* The same as a record of CSV, cells guarded against formulas. */
void table_row_csv(struct ctx *ctx, const struct table *table,
                   const struct sql_rows *row, struct buf *out);
void table_head_csv(const struct table *table, struct buf *out);

/* Reads a line into the parameters of table->restore_stmt: column_count
 * values, those of hidden columns made anew. Strings in ctx->arena. Fails with
 * ERR_INVALID or ERR_MALFORMED. */
MUST_USE err_t table_row_read(struct ctx *ctx, const struct table *table,
                              str line, struct sql_arg *ret);

#endif
