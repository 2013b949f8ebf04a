/* fulfillment_work.h - what the commands of the room share. Private to it. */
#ifndef WHARF_OMS_FULFILLMENT_WORK_H
#define WHARF_OMS_FULFILLMENT_WORK_H

#include "oms/fulfillment/fulfillment_command.h"
#include "oms/fulfillment/fulfillment_store.h"

/* Locks the FO and compares the version. */
MUST_USE err_t fulfillment_begin(struct ctx *ctx,
                                 const struct fulfillment_cmd *cmd,
                                 struct fulfillment_work *ret);
/* Saves and shows it; `reason` (may be NULL) stands in the events. */
struct fulfillment_outcome {
    const struct fulfillment_cmd *cmd;
    const char *type; /* Of the order's event; NULL: its units are as before. */
    int64_t event_id;
    const char *reason;
    bool bars; /* fulfillment_leave: never from there again. */
};
MUST_USE err_t fulfillment_done(struct ctx *ctx, struct fulfillment_work *work,
                                const struct fulfillment_outcome *outcome,
                                struct fulfillment *ret);
/* ERR_STATE unless nobody else was asked to do it. */
MUST_USE err_t fulfillment_check_here(struct ctx *ctx,
                                      const struct fulfillment *fo);
/* Its units that are in no hand leave for another location; it ends where
 * nothing is left. ERR_STATE (units_in_work) where some are picked. Saves. */
MUST_USE err_t fulfillment_leave(struct ctx *ctx, struct fulfillment_work *work,
                                 const struct fulfillment_outcome *outcome);

#endif
