/* order_wait_verify.h - checks on what waits. Private. */
#ifndef WHARF_OMS_ORDER_WAIT_VERIFY_H
#define WHARF_OMS_ORDER_WAIT_VERIFY_H

#include "oms/order/order_wait.h"
#include "oms/room.h"

MUST_USE err_t order_wait_verify_pegs(struct ctx *ctx, verify_report_fn *report,
                                      void *arg);
MUST_USE err_t order_wait_verify_promises(struct ctx *ctx,
                                          verify_report_fn *report, void *arg);

#endif
