/* fulfillment_closure.h - locations that closed. Private to the room. */
#ifndef WHARF_OMS_FULFILLMENT_CLOSURE_H
#define WHARF_OMS_FULFILLMENT_CLOSURE_H

#include "base/base.h"

struct event;

/* Notes the locations that are no longer active. */
MUST_USE err_t fulfillment_note_closures(struct ctx *ctx,
                                         const struct event *events,
                                         size_t count);
/* One turn: sends some of what waits there elsewhere. */
MUST_USE err_t fulfillment_work_closures(struct ctx *ctx, bool *ret_is_more);

#endif
