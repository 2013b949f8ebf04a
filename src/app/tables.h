/* tables.h - the tables of a store, for export and import of all of it.
 *
 * Made by tools/sqlgen from db/migrations, so that no migration can be
 * forgotten; src/app/export.txt says what is left out and why.
 */
#ifndef WHARF_APP_TABLES_H
#define WHARF_APP_TABLES_H

#include <stdbool.h>
#include <stddef.h>

/* What import makes of a column that was left out. */
enum table_hide {
    TABLE_SHOWN,
    TABLE_HIDE_NULL,
    TABLE_HIDE_ZERO,
    TABLE_HIDE_HEX,   /* 64 random hex digits. */
    TABLE_HIDE_SEALED /* A secret that no key opens. */
};

struct table_column {
    const char *name;
    char type;             /* i, t or j: BIGINT, TEXT, JSONB. */
    const char *otherwise; /* Its DEFAULT, for exports from before it. */
    enum table_hide hide;
};
struct table {
    const char *name;
    int export_stmt;  /* Its shown columns, in the order of its key. */
    int restore_stmt; /* All columns; a row that is there stays. */
    const struct table_column *columns;
    size_t column_count;
    bool is_csv, is_replaced;
};
/* In the order in which they were made: what is pointed to comes first. */
extern const struct table tables[];
extern const size_t table_count;
extern const char *const tables_skipped[]; /* NULL-ended. */

/* The event log and the cursors of its consumers, which differ by engine. */
extern const struct table table_events, table_cursors;

#endif
