/* place_testkit.h - where the store of a test lies: migrated once, used again.
 *
 * SQLite: a copy of one migrated file in a temporary folder. PostgreSQL: a
 * schema that is emptied after each test and dropped with the process.
 */
#ifndef WHARF_OMS_PLACE_TESTKIT_H
#define WHARF_OMS_PLACE_TESTKIT_H

#include "base/base.h"

struct store_config;

struct place {
    char dir[64];    /* SQLite: the temporary folder. */
    char schema[64]; /* PostgreSQL: the schema; empty on SQLite. */
};
/* Fills config so that store_open finds a migrated store without a row. */
void place_open_sqlite(struct arena *arena, struct place *place,
                       struct store_config *config);
void place_open_postgres(struct arena *arena, struct place *place,
                         struct store_config *config);
/* The store is closed. */
void place_close(struct place *place);
/* Runs a statement on the server; aborts where it fails. */
void place_pg_exec(const char *sql);
/* Ends the process with what went wrong. */
_Noreturn void place_stop(const char *what, const char *why);

#endif
