/* sqlite_copy.h - a copy of a database file while its connection goes on.
 *
 * All calls come from the thread of the source's only writer: so the copy
 * follows every later change and never begins again.
 */
#ifndef WHARF_STORE_SQLITE_COPY_H
#define WHARF_STORE_SQLITE_COPY_H

#include <sqlite3.h>

#include "base/base.h"

struct sqlite_copy;

/* `path` must not be there; made with mode 0600. */
MUST_USE err_t sqlite_copy_open(struct ctx *ctx, sqlite3 *from,
                                const char *path, struct sqlite_copy **ret);
/* *ret_left 0: it is whole. *ret_total: pages of the database. Not inside a
 * transaction that writes. */
MUST_USE err_t sqlite_copy_step(struct ctx *ctx, struct sqlite_copy *copy,
                                int pages, int *ret_left, int *ret_total);
/* Takes NULL. */
void sqlite_copy_close(struct sqlite_copy *copy);

#endif
