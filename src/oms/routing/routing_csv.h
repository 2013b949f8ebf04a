/* routing_csv.h - tables sent as CSV, turned into the items they stand for. */
#ifndef WHARF_OMS_ROUTING_CSV_H
#define WHARF_OMS_ROUTING_CSV_H

#include "base/base.h"

/* How a column stands in an item. */
enum csv_form { CSV_TEXT, CSV_NUMBER, CSV_MINOR, CSV_CURRENCY };
struct csv_column {
    const char *name;
    enum csv_form form;
};
/* The items, and where each stood; lines NULL: they came as JSON. */
struct csv_items {
    str json;
    int64_t *lines;
    size_t count;
};
/* A JSON list of objects; blank cells are left out, amount and currency join.
 * Fails with slug "csv_column" where the head names none of these. */
MUST_USE err_t csv_to_items(struct ctx *ctx, str text,
                            const struct csv_column *columns, size_t count,
                            struct csv_items *ret);
/* Names line and column instead of "items[3].days" in the failure just
 * recorded. */
err_t csv_fail_in(struct ctx *ctx, err_t err, const struct csv_items *items);

#endif
