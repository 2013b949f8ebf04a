/* model_refund.h - what the auditor thinks of money given back. */
#ifndef WHARF_SIM_MODEL_REFUND_H
#define WHARF_SIM_MODEL_REFUND_H

#include "model_pay.h"

enum { M_REFUNDS = 200 };
/* One payment of those that give. */
struct m_part_back {
    struct m_payment *pay; /* NULL: none of the order's. */
    int64_t amount;
    const char *state; /* Once it is made. */
};
struct m_refund {
    struct m_refund *next; /* Of its order, the newer one. */
    int64_t id, version, amount;
    const char *state;
    struct m_part_back *parts;
    int part_count;
};
/* As it is asked for. */
struct m_refund_ask {
    int64_t version;
    int64_t qty[M_LINES + 1]; /* The last is of no line. */
    int twice;                /* A line that is named twice, or -1. */
    int64_t shipping, fees, allowance;
    int64_t amount; /* -1: what is owed. */
    struct m_part_back parts[3];
    int part_count;
    bool is_foreign, is_later;
};
/* What comes of it. */
struct m_refund_plan {
    int64_t amount, owed_after;
    struct m_part_back parts[M_PAYMENTS];
    int part_count;
    int64_t lines[M_LINES]; /* What the units of each came to. */
    bool has_worth;
};

/* What must be answered, "" where it is done; `ret_after` is the order with
 * what is off it. */
const char *m_refund_plan(const struct m_order *order,
                          const struct m_refund_ask *ask,
                          struct m_order *ret_after, struct m_refund_plan *ret);
/* Adds one that is pending. */
struct m_refund *m_refund_add(struct model *model, struct m_order *order,
                              int64_t id, const struct m_refund_plan *plan);
/* Whether all that give still can, "" or a slug. */
const char *m_refund_can(const struct m_refund *refund);
/* A gateway is asked for some of it. */
bool m_refund_is_asked(const struct m_refund *refund);
/* What its parts make of it. */
void m_refund_fold(struct m_refund *refund);
/* It ends so, but for what gateways are asked for; "succeeded" moves the
 * money that is kept by hand. */
void m_refund_end(struct model *model, struct m_refund *refund,
                  const char *state);
int m_refund_count(const struct m_order *order);

#endif
