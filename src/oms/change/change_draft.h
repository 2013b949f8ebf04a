/* change_draft.h - orders before they are placed: drafts and quotes.
 *
 * A draft keeps the body of POST /v1/orders, priced, and becomes an order by
 * that one way in, once. It has an id of its own: an order is not there before
 * it is placed. docs/drafts.md, docs/states/draft.md. Private to the room.
 */
#ifndef WHARF_OMS_CHANGE_DRAFT_H
#define WHARF_OMS_CHANGE_DRAFT_H

#include "oms/change/change.h"
#include "oms/customer/customer_company.h"
#include "oms/order/order_quote.h"

struct machine;
/* Stored as numbers: append, never renumber. */
enum draft_state {
    DRAFT_DRAFT = 1,
    DRAFT_REQUESTED = 2, /* Waits for a yes of the house... */
    DRAFT_APPROVED = 3,
    DRAFT_REFUSED = 4,
    DRAFT_SENT = 5, /* and for one of the buyer. */
    DRAFT_ACCEPTED = 6,
    DRAFT_DECLINED = 7,
    DRAFT_EXPIRED = 8,
    DRAFT_CONVERTED = 9,
    DRAFT_DISCARDED = 10
};
enum draft_event {
    DRAFT_EVENT_CREATE = 1,
    DRAFT_EVENT_REVISE,
    DRAFT_EVENT_REQUEST,
    DRAFT_EVENT_APPROVE,
    DRAFT_EVENT_REFUSE,
    DRAFT_EVENT_SEND,
    DRAFT_EVENT_ACCEPT,
    DRAFT_EVENT_DECLINE,
    DRAFT_EVENT_EXPIRE,
    DRAFT_EVENT_CONVERT,
    DRAFT_EVENT_DISCARD
};
extern const struct machine draft_machine;

struct draft {
    draft_id id;
    enum draft_state state;
    company_id company;   /* 0: none; so the next two. */
    customer_id customer; /* Whom it is for. */
    order_id order;       /* That it became. */
    int64_t quote_number; /* 0: not sent yet. */
    str channel;
    char currency[4];
    int64_t total;
    str po_number, answer; /* May be empty. */
    int64_t terms_days;    /* COMPANY_NONE: paid like any order. */
    utc_ms valid_until;    /* 0: not said. */
    str body;              /* Of POST /v1/orders. */
    str company_name;      /* Of draft_list alone. */
    int64_t version;
    utc_ms created_at, updated_at;
};

/* ---- rows ---- */

MUST_USE err_t draft_get(struct ctx *ctx, draft_id id, struct draft *ret);
MUST_USE err_t draft_lock(struct ctx *ctx, draft_id id, struct draft *ret);
struct draft_query {
    enum draft_state state; /* 0: any. */
    company_id company;     /* 0: any; not with a state. */
    draft_id before;
    size_t limit;
};
/* Newest first. */
MUST_USE err_t draft_list(struct ctx *ctx, const struct draft_query *query,
                          struct draft **ret, size_t *ret_count);
/* Of a customer and those merged into it. */
MUST_USE err_t draft_list_customer(struct ctx *ctx, customer_id id,
                                   struct draft **ret, size_t *ret_count);
MUST_USE err_t draft_insert(struct ctx *ctx, const struct draft *draft);
/* Raises the version. */
MUST_USE err_t draft_save(struct ctx *ctx, struct draft *draft);
MUST_USE err_t draft_due(struct ctx *ctx, size_t limit, draft_id **ret,
                         size_t *ret_count);
MUST_USE err_t draft_next_due(struct ctx *ctx, utc_ms *ret);
MUST_USE err_t draft_take_number(struct ctx *ctx, int64_t *ret);
/* What its drafts' orders in its currency still owe, by order_balance(). */
MUST_USE err_t draft_company_owes(struct ctx *ctx,
                                  const struct company *company, int64_t *ret);
/* Those that owe nothing are not looked at again until they change. */
MUST_USE err_t draft_settle(struct ctx *ctx, const struct company *company);

/* ---- commands ---- */

struct draft_qty {  /* Of a line, instead of what the order says. */
    int64_t n, qty; /* 0: the line is left out, some other is not. */
};
struct draft_cmd {
    draft_id id;     /* 0: a new one. */
    int64_t version; /* Of REVISE. */
    company_id company;
    str po_number;
    int64_t terms_days;    /* COMPANY_NONE: the company's. */
    struct json_in *order; /* As for a price; the company may have prices. */
    /* Of releases (change_blanket.h): how much of it, when; whether quantities
     * vary, so that lines have no amounts but prices. */
    const struct draft_qty *qty;
    size_t qty_count;
    utc_ms fulfil_at;
    bool is_sized;
    const struct order_ask *ask; /* As draft_prepare() left it. */
};
MUST_USE err_t draft_head_from_json(struct ctx *ctx, struct json_in *in,
                                    struct draft_cmd *ret);
MUST_USE err_t draft_cmd_from_json(struct ctx *ctx, struct json_in *in,
                                   struct draft_cmd *ret);
MUST_USE err_t draft_prepare(struct ctx *ctx, struct request *req,
                             struct draft_cmd *cmd);
/* Prices it and finds whom it is for; nothing is stored. */
MUST_USE err_t draft_work_out(struct ctx *ctx, const struct draft_cmd *cmd,
                              struct draft *draft);
MUST_USE err_t draft_write_down(struct ctx *ctx, const struct draft_cmd *cmd,
                                struct draft *ret);
struct draft_step {
    draft_id id;
    int64_t version, sent; /* `sent`: of a buyer's link, what he was sent. */
    str answer;            /* Of REFUSE and DECLINE. */
    str po_number;         /* Of ACCEPT; empty: as it is. */
    utc_ms valid_until;    /* Of SEND. */
};
MUST_USE err_t draft_move(struct ctx *ctx, const struct draft_step *step,
                          enum draft_event event, struct draft *ret);
/* 422 credit_limit, 409 approval_needed, or as order_place refuses. */
MUST_USE err_t draft_convert(struct ctx *ctx, const struct draft_step *step,
                             struct draft *ret, struct order *ret_order);
/* Takes out who it is for; what is open is discarded. */
MUST_USE err_t draft_erase(struct ctx *ctx, customer_id id);
/* Between the commands: the move, and its event. */
MUST_USE err_t draft_step_to(struct ctx *ctx, struct draft *draft,
                             enum draft_event event);
MUST_USE err_t draft_tell(struct ctx *ctx, const struct draft *draft,
                          const char *type);
MUST_USE err_t draft_check_approved(struct ctx *ctx, const struct draft *draft,
                                    const struct company *company);
void draft_write(const struct draft *draft, bool is_whole,
                 struct json_out *out);

extern const struct route_list draft_routes;
extern const struct timer_list draft_timers;
extern const struct verify_list draft_verify;

#endif
