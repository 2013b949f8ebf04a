/* fulfillment_rules.h - the two machines of a fulfillment order. Pure. Private
 * to the room. docs/states/fulfillment_order.md, fulfillment_request.md */
#ifndef WHARF_OMS_FULFILLMENT_RULES_H
#define WHARF_OMS_FULFILLMENT_RULES_H

#include "oms/fulfillment/fulfillment.h"

struct machine;

enum fulfillment_event {
    FULFILLMENT_EVENT_SCHEDULE = 1,
    FULFILLMENT_EVENT_OPEN,
    FULFILLMENT_EVENT_HOLD,
    FULFILLMENT_EVENT_RELEASE,
    FULFILLMENT_EVENT_EDIT, /* Units join it, part from it or go elsewhere. */
    FULFILLMENT_EVENT_CUT,  /* Units of it are no longer wanted. */
    FULFILLMENT_EVENT_START,
    FULFILLMENT_EVENT_STOP, /* Nobody is at it any more, nothing is picked. */
    FULFILLMENT_EVENT_WORK, /* Units are picked, packed, shipped or missing. */
    FULFILLMENT_EVENT_FAIL,
    FULFILLMENT_EVENT_REROUTE,
    FULFILLMENT_EVENT_CLOSE,
    FULFILLMENT_EVENT_CANCEL
};
extern const struct machine fulfillment_machine;
/* The status that follows, or 0 where it is refused; from 0: a new one. */
enum fulfillment_status fulfillment_next(enum fulfillment_status from,
                                         enum fulfillment_event event);
/* Moves it in memory; ERR_STATE names status, event and what is allowed. */
MUST_USE err_t fulfillment_move(struct ctx *ctx, struct fulfillment *fo,
                                enum fulfillment_event event);

enum request_event {
    REQUEST_EVENT_SUBMIT = 1,
    REQUEST_EVENT_ACCEPT,
    REQUEST_EVENT_REJECT,
    REQUEST_EVENT_REQUEST_CANCELLATION,
    REQUEST_EVENT_ACCEPT_CANCELLATION,
    REQUEST_EVENT_REJECT_CANCELLATION,
    REQUEST_EVENT_RESET /* Its units go elsewhere: nobody is asked yet. */
};
extern const struct machine request_machine;
enum fulfillment_request_status
fulfillment_request_next(enum fulfillment_request_status from,
                         enum request_event event);
const char *fulfillment_request_name(enum fulfillment_request_status status);
MUST_USE err_t fulfillment_request_move(struct ctx *ctx, struct fulfillment *fo,
                                        enum request_event event);
/* Whether somebody else was asked to do it and has not said no. */
bool fulfillment_is_elsewhere(const struct fulfillment *fo);

/* Units still to leave; those of them that are in no hand yet. */
int64_t fulfillment_outstanding(const struct fulfillment *fo);
bool fulfillment_is_over(const struct fulfillment *fo);

/* What they say of their order: ORDER_FULFIL_*. */
int64_t fulfillment_flags(struct fulfillment *const *all, size_t count);

#endif
