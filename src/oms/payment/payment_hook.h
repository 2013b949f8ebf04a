/* payment_hook.h - what gateways tell by themselves.
 *
 * What is signed is stored as it came, once by account and event id (I22),
 * before anything of it is decoded; the gateway gets its answer then. The
 * worker (jobs/gateways.h) makes of it what an answer or a look-up would be
 * made of: each thing counts once, by whichever way and in whatever order it is
 * told. What is of a payment that is not known yet is parked until it is. A
 * public header of the room, for the worker. docs/states/gateway_event.md
 */
#ifndef WHARF_OMS_PAYMENT_HOOK_H
#define WHARF_OMS_PAYMENT_HOOK_H

#include "base/base.h"
#include "oms/ids.h"

struct machine;
struct payment;

/* Stored as numbers: append, never renumber. */
enum gateway_event_state {
    GATEWAY_EVENT_NONE = 0,
    GATEWAY_EVENT_RECEIVED = 1,
    GATEWAY_EVENT_PARKED,
    GATEWAY_EVENT_APPLIED,
    GATEWAY_EVENT_DUPLICATE, /* It tells what is known. */
    GATEWAY_EVENT_DEAD
};
enum gateway_event_move {
    GATEWAY_EVENT_RECEIVE = 1,
    GATEWAY_EVENT_PARK,
    GATEWAY_EVENT_APPLY,
    GATEWAY_EVENT_REPEAT,
    GATEWAY_EVENT_GIVE_UP,
    GATEWAY_EVENT_RETRY /* By hand. */
};
extern const struct machine gateway_event_machine;
extern const char *const *const gateway_event_states; /* Index + 1. */

struct gateway_event {
    gateway_event_id id;
    gateway_account_id account;
    str event_id; /* The gateway's own. */
    enum gateway_event_state state;
    payment_id payment;    /* 0: not known. */
    int64_t transaction_n; /* That came of it; 0: none. */
    str awaits;            /* A payment's id or gateway_ref; empty: none. */
    int64_t tries;
    utc_ms next_at;
    str error;
    utc_ms received_at, ended_at; /* 0: it waits. */
    str body;                     /* As it came; not in lists. */
};

/* Stores it, with an event; *ret_is_known: it was told before. */
MUST_USE err_t gateway_event_take(struct ctx *ctx, gateway_account_id account,
                                  str event_id, str body, bool *ret_is_known);
/* Of an account newest first, before that id (0: from the newest). state NONE:
 * all. */
struct gateway_event_query {
    gateway_account_id account;
    gateway_event_id before;
    enum gateway_event_state state;
    size_t limit;
};
MUST_USE err_t gateway_event_page(struct ctx *ctx,
                                  const struct gateway_event_query *query,
                                  struct gateway_event **ret,
                                  size_t *ret_count);
/* One of the account that is dead is applied anew; ERR_STATE where it is not.
 */
MUST_USE err_t gateway_event_retry(struct ctx *ctx, gateway_account_id account,
                                   gateway_event_id id,
                                   struct gateway_event *ret);
/* Its gateway has answered for that payment: what waits for it is due. */
MUST_USE err_t gateway_event_wake(struct ctx *ctx, const struct payment *pay);

/* ---- for the worker ---- */

MUST_USE err_t gateway_event_due(struct ctx *ctx, size_t limit,
                                 gateway_event_id **ret, size_t *ret_count);
MUST_USE err_t gateway_event_apply(struct ctx *ctx, gateway_event_id id);
/* It could not be applied, for a reason of our own: it is tried again later. */
MUST_USE err_t gateway_event_put_off(struct ctx *ctx, gateway_event_id id,
                                     const struct err_detail *why);
/* When the next is due; 0: none waits. */
MUST_USE err_t gateway_event_next_at(struct ctx *ctx, utc_ms *ret);
/* Forgets what ended long ago; as room_timer. */
MUST_USE err_t gateway_event_forget(struct ctx *ctx, bool *ret_is_more);

#endif
