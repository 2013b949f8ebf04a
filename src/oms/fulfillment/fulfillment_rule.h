/* fulfillment_rule.h - channels that ask for other payments than before.
 * Private to the room. */
#ifndef WHARF_OMS_FULFILLMENT_RULE_H
#define WHARF_OMS_FULFILLMENT_RULE_H

#include "base/base.h"

struct event;

/* Notes the channels whose rule is another than it was. */
MUST_USE err_t fulfillment_note_rules(struct ctx *ctx,
                                      const struct event *events, size_t count);
/* One turn: looks at some of their orders again. */
MUST_USE err_t fulfillment_work_rules(struct ctx *ctx, bool *ret_is_more);

#endif
