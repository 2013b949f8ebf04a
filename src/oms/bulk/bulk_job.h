/* bulk_job.h - jobs as they are asked for, stored and moved. Private. */
#ifndef WHARF_OMS_BULK_JOB_H
#define WHARF_OMS_BULK_JOB_H

#include "oms/bulk/bulk.h"
#include "oms/change/change_hold.h"
#include "oms/order/order_select.h"

struct event_list;
struct machine;
struct route_list;
struct timer_list;
struct verify_list;

/* Stored as numbers: append, never renumber. */
enum order_job_state {
    ORDER_JOB_NONE = 0,
    ORDER_JOB_RUNNING = 1,
    ORDER_JOB_DONE = 2,
    ORDER_JOB_CANCELLED = 3
};
enum order_job_event {
    ORDER_JOB_EVENT_BEGIN = 1,
    ORDER_JOB_EVENT_FINISH,
    ORDER_JOB_EVENT_CANCEL
};
extern const struct machine order_job_machine;
enum bulk_action {
    BULK_TAG = 1,
    BULK_UNTAG = 2,
    BULK_CANCEL = 3,
    BULK_FULFIL = 4,
    BULK_LABEL = 5,
    BULK_INVOICE = 6,
    BULK_HOLD = 7,
    BULK_RELEASE = 8
};
enum { BULK_ACTIONS = BULK_RELEASE };
extern const char *const bulk_action_names[BULK_ACTIONS];
/* How far orders are taken, each step where it is due. */
enum bulk_goal {
    BULK_RELEASED,
    BULK_SUBMITTED,
    BULK_ACCEPTED,
    BULK_PACKED,
    BULK_SHIPPED
};
struct bulk_with { /* What an action needs to know, as far as it is read. */
    const str *tags;
    size_t tag_count;
    str reason;
    enum bulk_goal goal;
    str account, service;
    bool is_draft;
    struct order_hold hold; /* Reason, note, until. */
};
struct order_job {
    order_job_id id;
    enum bulk_action action;
    str params; /* What `with` was; {} when it is over. */
    enum order_job_state state;
    struct actor actor;
    label_job_id labels; /* 0: none were asked for. */
    int64_t total, asked, done, failed;
    int64_t version;
    utc_ms created_at, updated_at;
};
struct order_job_cmd {
    enum bulk_action action;
    struct bulk_with with;
    str params;
    bool is_filtered;
    struct order_filter filter;
    order_id *orders; /* Without a filter; will be sorted. */
    size_t count;
};

MUST_USE err_t bulk_with_from_json(struct ctx *ctx, struct json_in *in,
                                   enum bulk_action action,
                                   struct bulk_with *ret);
MUST_USE err_t order_job_cmd_from_json(struct ctx *ctx, struct json_in *in,
                                       struct order_job_cmd *ret);
void order_job_write(const struct order_job *job, struct json_out *out);
void order_job_item_write(const struct order_job *job,
                          const struct order_job_item *item,
                          struct json_out *out);

MUST_USE err_t order_job_get(struct ctx *ctx, order_job_id id,
                             struct order_job *ret);
MUST_USE err_t order_job_lock(struct ctx *ctx, order_job_id id,
                              struct order_job *ret);
/* Newest first, below `before`. */
MUST_USE err_t order_job_page(struct ctx *ctx, order_job_id before,
                              size_t limit, struct order_job **ret,
                              size_t *ret_count);
struct order_job_item_query {
    order_job_id job;
    enum order_job_item_state state; /* 0: any. */
    int64_t after;
    size_t limit;
};
MUST_USE err_t order_job_items(struct ctx *ctx,
                               const struct order_job_item_query *query,
                               struct order_job_item **ret, size_t *ret_count);
/* *found is false where it is not in that state. */
MUST_USE err_t order_job_item_find(struct ctx *ctx,
                                   const struct order_job_item *item,
                                   enum order_job_item_state state,
                                   struct order_job_item *ret, bool *found);
/* Items that ask for labels of these orders. */
MUST_USE err_t order_job_asked(struct ctx *ctx, const int64_t *orders,
                               size_t count, struct order_job_item **ret,
                               size_t *ret_count);
/* Until the commit no other job begins. */
MUST_USE err_t order_job_running(struct ctx *ctx, size_t max, size_t *ret);
MUST_USE err_t order_job_insert(struct ctx *ctx, const struct order_job *job,
                                const order_id *orders);
/* The job that ended longest ago, before a moment, and its items: one of them
 * at a time is at most LIMIT_ORDER_JOB_ITEMS rows. */
MUST_USE err_t order_job_remove_old(struct ctx *ctx, utc_ms before,
                                    bool *ret_is_removed);
MUST_USE err_t order_job_save(struct ctx *ctx, const struct order_job *job);
MUST_USE err_t order_job_item_save(struct ctx *ctx,
                                   const struct order_job_item *item);

/* Finds whom a filter means: ERR_INVALID no_orders, too_many_orders. Reads
 * much, so in a snapshot. */
MUST_USE err_t order_job_choose(struct ctx *ctx, struct order_job_cmd *cmd);
/* Of one that has chosen. ERR_LIMIT too_many_jobs. */
MUST_USE err_t order_job_create(struct ctx *ctx, struct order_job_cmd *cmd,
                                struct order_job *ret);
/* A locked one. Items under way come to their end. */
MUST_USE err_t order_job_cancel(struct ctx *ctx, struct order_job *job,
                                int64_t version);
/* Labels of an item that asks for some may be there now. */
MUST_USE err_t order_job_item_look(struct ctx *ctx,
                                   const struct order_job_item *item);
/* Does to one order what the job does; *ret_is_asked: its end comes later. May
 * set job->labels. */
MUST_USE err_t bulk_do(struct ctx *ctx, struct order_job *job,
                       const struct bulk_with *with, order_id id,
                       bool *ret_is_asked);

extern const struct event_list bulk_events;
extern const struct route_list bulk_routes;
extern const struct timer_list bulk_timers;
extern const struct verify_list bulk_verify;

#endif
