/* returns_work.h - a return, its order and its siblings, locked for one
 * command. Private to the room. */
#ifndef WHARF_OMS_RETURNS_WORK_H
#define WHARF_OMS_RETURNS_WORK_H

#include "oms/inventory/inventory_return.h"
#include "oms/returns/returns_policy.h"
#include "oms/returns/returns_store.h"

struct machine;

struct return_work {
    struct order order, before;
    struct return_policy policy;
    struct rma rma;
    struct rma *others; /* Of the order, without this one. */
    size_t other_count;
    struct stock_back *moves; /* Of stock, with this command. */
    size_t move_count, move_room;
    size_t item;                /* Of the command, at which it is. */
    int64_t taken, taken_plain; /* Off the order; for no fault of ours. */
    bool is_fault;              /* Some of it was ours. */
};
/* The order with its policy and returns; rma is empty. */
MUST_USE err_t return_begin(struct ctx *ctx, order_id order,
                            struct return_work *ret);
/* version 0: whichever it is. */
MUST_USE err_t return_open(struct ctx *ctx, return_id id, int64_t version,
                           struct return_work *ret);
/* ERR_STATE unless it is allowed; in memory. */
MUST_USE err_t return_move(struct ctx *ctx, struct rma *rma,
                           enum return_event event);

/* A row of alike units, from which some part; ERR_STATE (limit_reached). */
MUST_USE err_t return_split(struct ctx *ctx, struct rma *rma, size_t at,
                            int64_t qty, struct return_unit **ret);
/* Units go from one bucket to another where they are. */
void return_note_move(struct ctx *ctx, struct return_work *work,
                      const struct return_unit *unit, enum stock_bucket from,
                      enum stock_bucket to);

/* Ends a command: what became of lines goes to the order, the return follows
 * its units, stock moves, and rows and events are written. */
MUST_USE err_t return_finish(struct ctx *ctx, struct return_work *work,
                             const char *type);

/* The same in two steps: in memory, and in the store. */
MUST_USE err_t return_work_out(struct ctx *ctx, struct return_work *work);
MUST_USE err_t return_carry_out(struct ctx *ctx, struct return_work *work,
                                const char *type);
/* A step that is refused now will be so again. */
bool return_is_refused(err_t err);
/* What follows from facts could not be done: a task for a person. Takes the
 * failure back; package may be 0. */
MUST_USE err_t return_tell_refused(struct ctx *ctx, const char *type,
                                   const struct rma *rma, package_id package);

/* What became of lines goes to the order, in memory, less what is kept. */
MUST_USE err_t return_settle(struct ctx *ctx, struct return_work *work);
/* What is kept of what was taken off, and shipping that goes back; in memory,
 * on the order. */
MUST_USE err_t return_keep(struct ctx *ctx, struct return_work *work);
/* Gives back what the order owes, where the channel says so. Where that is
 * refused, a person has to: goods are taken in all the same. */
MUST_USE err_t return_pay_back(struct ctx *ctx, const struct return_work *work);
/* Units that are received, on their way, or stay, are accepted by the rule. */
void return_accept(struct return_work *work, enum reception reception);
/* What all units would take off is no more than the channel lets go. */
bool return_need_not_come(const struct return_work *work);

/* The first yes: from then on the goods may come. */
MUST_USE err_t return_let_in(struct ctx *ctx, struct return_work *work);
/* All units still awaited come no more. */
void return_drop(struct return_work *work, enum reception_event event);

/* ---- what may come back ---- */

/* One per line of the order, whose returns are given. */
struct return_known {
    const struct order *order;
    const struct return_policy *policy;
    const struct rma *rmas;
    size_t count;
};
MUST_USE err_t return_facts_of(struct ctx *ctx, const struct return_known *of,
                               struct return_facts **ret);
/* The same, with what it reads. */
MUST_USE err_t return_facts_read(struct ctx *ctx, const struct order *order,
                                 struct return_known *ret,
                                 struct return_facts **ret_facts);
/* Where units of the line left from; 0: nobody knows. */
MUST_USE err_t return_left_from(struct ctx *ctx, order_id order, int64_t n,
                                location_id *ret);

#endif
