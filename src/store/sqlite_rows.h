/* sqlite_rows.h - values into SQLite's statements and out of them; private to
 * engine_sqlite.c.
 */
#ifndef WHARF_STORE_SQLITE_ROWS_H
#define WHARF_STORE_SQLITE_ROWS_H

#include <sqlite3.h>

#include "store/sql.h"

/* Binds one row of parameters; texts must live until the statement resets. */
void sqlite_bind(sqlite3_stmt *stmt, const struct sql_stmt *info,
                 const struct sql_arg *args);
/* A column of the current row; its text lives until the next step. With
 * is_text a number is read as text. */
struct sql_arg sqlite_cell(sqlite3_stmt *stmt, int column, bool is_text);

/* Rows gathered in an arena, texts copied. */
struct sqlite_rows {
    struct sql_rows rows;
    struct arena *arena;
    size_t room;  /* In rows. */
    size_t bytes; /* Of the texts. */
};
void sqlite_rows_init(struct sqlite_rows *out, struct arena *arena,
                      sqlite3_stmt *stmt);
void sqlite_rows_add(struct sqlite_rows *out, sqlite3_stmt *stmt);

#endif
