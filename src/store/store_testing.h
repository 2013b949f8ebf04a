/* store_testing.h - a store for one test: own folder or schema, gone after it.
 *
 * On SQLite by default; on PostgreSQL where WHARF_PG_CONNINFO is set, in a
 * schema of its own. Not part of the product: nothing but tests links it.
 */
#ifndef WHARF_STORE_STORE_TESTING_H
#define WHARF_STORE_STORE_TESTING_H

#include "base/base.h"
#include "store/sql.h"
#include "store/store.h"

struct store_testing {
    struct arena *arena;
    struct ctx ctx;
    struct store_config config; /* Change it between init and open. */
    struct store *store;
    char dir[64];
    char path[96];
    char schema[64];
    char conninfo[1024];
};

/* Makes a folder, in TMPDIR where that is a short name, else in /tmp. */
void store_testing_folder(char dir[64]);
/* A name that is new on each call, and defaults. */
void store_testing_init(struct store_testing *t);
/* `extra` statements follow those of the product: the first one's number is
 * sql_all.count. Both live as long as the store. */
void store_testing_add(struct store_testing *t, const struct sql_stmt *extra,
                       size_t count, const struct migration_step *steps,
                       size_t step_count);
/* Opens; asserts that it works. */
void store_testing_open(struct store_testing *t, bool is_started);
/* Closes the store, keeps what it stored. */
void store_testing_shut(struct store_testing *t);
/* Closes and removes everything. */
void store_testing_done(struct store_testing *t);

#endif
