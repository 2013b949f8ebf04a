/* list_csv.h - a list as CSV: its own pages, row by row.
 *
 * A route that is a list (`items`, `next`, ?limit, ?after) names its columns;
 * with ?format=csv it is run page after page, with the filters it was asked
 * for, until LIST_CSV_ROWS rows stand there. If there are more, the reply says
 * in X-Next what `after` goes on with; only an answer without `after` begins
 * with the names of the columns, so that answers follow each other in a file.
 */
#ifndef WHARF_NET_LIST_CSV_H
#define WHARF_NET_LIST_CSV_H

#include "base/base.h"

enum { LIST_CSV_ROWS = 5000 };

struct list_table {
    const char *file; /* "orders.csv" */
    /* Members of an item, NULL-ended: "total.amount" is one within another;
     * lists stand in a cell with semicolons. */
    const char *const *columns;
    /* A list in each item, of at most so many members: a row for each of them,
     * which has its own members before those of the item. May be NULL. */
    const char *each;
    size_t most;
};

struct request;
/* Runs the route of the request, which has a table, as it is asked for. */
MUST_USE err_t list_run(struct ctx *ctx, struct request *req);

#endif
