/* inventory_verify.h - the checks of this room that stand in a file of their
 * own, and what they share. Private to it. */
#ifndef WHARF_OMS_INVENTORY_VERIFY_H
#define WHARF_OMS_INVENTORY_VERIFY_H

#include "oms/room.h"

struct sql_rows;

/* Each row of `stmt` is a bad one, `tell` makes its name and what is wrong. */
struct bad_row {
    str row, what;
};
typedef struct bad_row tell_bad_fn(struct ctx *ctx, const struct sql_rows *row);
struct bad_check {
    const char *invariant;
    int stmt;
    tell_bad_fn *tell;
};
MUST_USE err_t verify_bad_rows(struct ctx *ctx, const struct bad_check *check,
                               verify_report_fn *report, void *arg);
/* "sku_… at loc_…" */
str level_text(struct arena *arena, int64_t sku, int64_t location);

MUST_USE err_t verify_lot_sums(struct ctx *ctx, verify_report_fn *report,
                               void *arg);
MUST_USE err_t verify_lot_rows(struct ctx *ctx, verify_report_fn *report,
                               void *arg);
MUST_USE err_t verify_serial_sums(struct ctx *ctx, verify_report_fn *report,
                                  void *arg);
MUST_USE err_t verify_serial_rows(struct ctx *ctx, verify_report_fn *report,
                                  void *arg);
MUST_USE err_t verify_receipts(struct ctx *ctx, verify_report_fn *report,
                               void *arg);
MUST_USE err_t verify_level_marks(struct ctx *ctx, verify_report_fn *report,
                                  void *arg);
MUST_USE err_t verify_incoming(struct ctx *ctx, verify_report_fn *report,
                               void *arg);
MUST_USE err_t verify_backorder_sums(struct ctx *ctx, verify_report_fn *report,
                                     void *arg);
MUST_USE err_t verify_transfers(struct ctx *ctx, verify_report_fn *report,
                                void *arg);
MUST_USE err_t verify_counts(struct ctx *ctx, verify_report_fn *report,
                             void *arg);

#endif
