/* analytics_store.h - the kept sums as rows, and what is read as it is. */
#ifndef WHARF_OMS_ANALYTICS_STORE_H
#define WHARF_OMS_ANALYTICS_STORE_H

#include "base/map.h"
#include "oms/analytics/analytics_report.h"

struct report_cell {
    enum report_fact fact;
    int64_t quarter_at, of;
    str part, currency;
    struct report_sum sum;
};
struct map_key report_key(struct arena *arena, const struct report_cell *cell);
/* Adds the cells, of one key each, to what the store has. */
MUST_USE err_t report_sums_add(struct ctx *ctx, struct report_cell *cells,
                               size_t count);

/* The sums of one fact of those days, row by row and in no order; what a row
 * points to is gone after the call. */
typedef err_t report_row_fn(struct ctx *ctx, const struct report_row *row,
                            void *arg);
struct report_reader {
    report_row_fn *fn;
    void *arg;
};
MUST_USE err_t report_read(struct ctx *ctx, const struct report_query *query,
                           enum report_fact fact, int64_t from_day,
                           int64_t until, const struct report_reader *reader);
/* report->run of top_customers. */
MUST_USE err_t report_customers(struct ctx *ctx,
                                const struct report_query *query,
                                struct report_table *ret);

#endif
