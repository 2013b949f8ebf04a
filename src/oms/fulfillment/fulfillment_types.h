/* fulfillment_types.h - the named numbers of fulfillment orders, as stored. */
#ifndef WHARF_OMS_FULFILLMENT_TYPES_H
#define WHARF_OMS_FULFILLMENT_TYPES_H

/* Stored as numbers: append, never renumber. */
enum fulfillment_status {
    FULFILLMENT_SCHEDULED = 1, /* Waits for its time. */
    FULFILLMENT_OPEN = 2,
    FULFILLMENT_ON_HOLD = 3,
    FULFILLMENT_IN_PROGRESS = 4, /* Being picked, or accepted elsewhere. */
    FULFILLMENT_INCOMPLETE = 5,  /* Given up by who had accepted it. */
    FULFILLMENT_CLOSED = 6,      /* All that was left of it was shipped. */
    FULFILLMENT_CANCELLED = 7    /* Nothing of it was shipped. */
};
enum fulfillment_request_status { /* Of who keeps the stock for us. */
                                  REQUEST_UNSUBMITTED = 1,
                                  REQUEST_SUBMITTED = 2,
                                  REQUEST_ACCEPTED = 3,
                                  REQUEST_REJECTED = 4,
                                  REQUEST_CANCELLATION_REQUESTED = 5,
                                  REQUEST_CANCELLATION_ACCEPTED = 6,
                                  REQUEST_CANCELLATION_REJECTED = 7
};
#endif
