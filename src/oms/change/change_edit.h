/* change_edit.h - orders changed after they were placed. Private to the room.
 *
 * A change is a list of actions on an order, made for one version of it. It is
 * looked at (preview) and confirmed by the same rules: edit_apply works it out
 * on the order in memory, change_edit_stock.c says what becomes of units. */
#ifndef WHARF_OMS_CHANGE_EDIT_H
#define WHARF_OMS_CHANGE_EDIT_H

#include "oms/change/change_rules.h"
#include "oms/fulfillment/fulfillment_change.h"
#include "oms/order/order_way.h"

struct machine;
/* Stored as numbers: append, never renumber. */
enum edit_state {
    EDIT_DRAFT = 1,
    EDIT_REQUESTED = 2, /* Waits for a yes or no. */
    EDIT_CONFIRMED = 3,
    EDIT_DECLINED = 4,
    EDIT_EXPIRED = 5,
    EDIT_CANCELLED = 6
};
enum edit_event {
    EDIT_EVENT_DRAFT = 1,
    EDIT_EVENT_REQUEST,
    EDIT_EVENT_CONFIRM,
    EDIT_EVENT_DECLINE,
    EDIT_EVENT_EXPIRE,
    EDIT_EVENT_CANCEL
};
extern const struct machine edit_machine;
enum edit_type {
    EDIT_SET_QUANTITY = 1,
    EDIT_REMOVE_LINE,
    EDIT_ADD_LINE,
    EDIT_SET_PRICE,
    EDIT_SET_DISCOUNT,
    EDIT_ORDER_DISCOUNT,
    EDIT_SET_CHARGES,
    EDIT_SET_ADDRESS,
    EDIT_SET_SERVICE,
    EDIT_SET_SHIP_DATE
};
enum { EDIT_TYPES = EDIT_SET_SHIP_DATE, EDIT_TAX_KEPT = -1 };
extern const char *const edit_type_names[EDIT_TYPES];

struct edit_action {
    enum edit_type type;
    int64_t line;   /* 0: of none. */
    int64_t qty;    /* SET_QUANTITY. */
    int64_t amount; /* A price, a discount, what it is to come to. */
    int64_t tax;    /* EDIT_TAX_KEPT: at the rate of before. */
    struct order_line_cmd add;
    struct order_line made; /* Of ADD_LINE, once its SKU is read. */
    struct order_way way;
    bool is_by_tables; /* ADD_LINE: its channel's tax engine gave no answer. */
    str doc;           /* As it is kept. */
};

struct edit {
    order_change_id id;
    order_id order;
    enum edit_state state;
    int64_t order_version;     /* That it was made for. */
    int64_t confirmed_version; /* Of the order, made by it; 0: not yet. */
    char currency[4];
    int64_t total_before, total_after; /* Once it is confirmed. */
    str reason, answer, was; /* was: what it wrote over of the document. */
    utc_ms expires_at, created_at, updated_at; /* expires_at 0: never. */
    int64_t version;
    struct edit_action *actions;
    size_t count;
    bool may_empty; /* The order may have nothing left. */
};

/* ---- rules: pure ---- */

struct edit_units {
    int64_t n, qty;
};
struct edit_plan {       /* What a change comes to on an order. */
    struct order *order; /* As it is changed, in memory. */
    const struct order *before;
    enum rounding rounding; /* Of its channel. */
    struct line_cut *cuts;  /* Units that are given up... */
    size_t cut_count;
    struct edit_units *picked; /* and those that are in a hand: back first. */
    size_t picked_count;
    struct edit_units *adds; /* Units to be found. */
    size_t add_count;
    struct order_way way; /* Where it goes now, and when. */
    bool is_gated;        /* Added lines do not leave before they are let. */
};
/* Works the change out on plan->order. ERR_INVALID naming the action: I12 is
 * below_shipped. */
MUST_USE err_t edit_apply(struct ctx *ctx, const struct edit *edit,
                          struct edit_plan *plan);

/* ---- rows ---- */

MUST_USE err_t edit_order(struct ctx *ctx, order_change_id id, order_id *ret);
MUST_USE err_t edit_get(struct ctx *ctx, order_change_id id, struct edit *ret);
MUST_USE err_t edit_list(struct ctx *ctx, order_id id, struct edit **ret,
                         size_t *ret_count);
MUST_USE err_t edit_count(struct ctx *ctx, order_id id, int64_t *ret);
MUST_USE err_t edit_insert(struct ctx *ctx, const struct edit *edit);
MUST_USE err_t edit_save(struct ctx *ctx, struct edit *edit);
MUST_USE err_t edit_due(struct ctx *ctx, size_t limit, order_change_id **ret,
                        size_t *ret_count);
MUST_USE err_t edit_next_due(struct ctx *ctx, utc_ms *ret);

/* ---- commands ---- */

MUST_USE err_t edit_actions_from_json(struct ctx *ctx, struct json_in *in,
                                      const char *currency, struct edit *edit);
struct edit_outlook {
    struct fulfillment_work work; /* The order, changed in memory. */
    struct edit_plan plan;
    struct fulfillment_left left; /* Where units come from; FOs touched. */
    struct routing_plan found;    /* Where added ones would ship from. */
    struct edit_units *fixed;     /* Added ones that stand where the others */
    size_t fixed_count;           /* of their line stand: no stock. */
    struct edit_units *routed;
    size_t routed_count;
    struct event *since; /* What happened to the order meanwhile. */
    size_t since_count;
};
MUST_USE err_t edit_preview(struct ctx *ctx, struct edit *edit,
                            struct edit_outlook *ret);
/* What happened to the order since it was drafted; the first of it. */
MUST_USE err_t edit_since(struct ctx *ctx, const struct edit *edit,
                          struct event **ret, size_t *ret_count);
struct edit_cmd {
    order_change_id id;
    int64_t version;
    int64_t order_version; /* Of the order that was seen; 0: the draft's. */
    str answer;            /* Why it is declined. */
};
MUST_USE err_t edit_draft(struct ctx *ctx, struct edit *edit);
MUST_USE err_t edit_step(struct ctx *ctx, const struct edit_cmd *cmd,
                         enum edit_event event, struct edit *ret);
MUST_USE err_t edit_confirm(struct ctx *ctx, const struct edit_cmd *cmd,
                            struct edit *ret, struct order *ret_order);

extern const struct route_list edit_routes;
extern const struct timer_list edit_timers;
extern const struct verify_list edit_verify;

#endif
