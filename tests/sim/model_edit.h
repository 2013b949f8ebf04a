/* model_edit.h - what the auditor thinks of orders that are changed. */
#ifndef WHARF_SIM_MODEL_EDIT_H
#define WHARF_SIM_MODEL_EDIT_H

#include "model_route.h"

enum m_edit_type {
    M_SET_QUANTITY,
    M_REMOVE_LINE,
    M_ADD_LINE,
    M_SET_PRICE,
    M_SET_DISCOUNT,
    M_ORDER_DISCOUNT,
    M_SET_CHARGES,
    M_SET_ADDRESS,
    M_SET_SHIP_DATE,
    M_EDIT_TYPES
};
enum { M_ACTIONS = 5, M_TAX_KEPT = -1 };
struct m_edit_action {
    enum m_edit_type type;
    int line;       /* From 0. */
    int64_t amount; /* Units, or minor units. */
    int64_t tax;    /* M_TAX_KEPT: at the rate of before. */
    struct m_line add;
    utc_ms at;
};
struct m_edit {
    struct m_edit_action at[M_ACTIONS];
    int count;
};
/* What becomes of units; of each line one of them at most. */
struct m_edit_plan {
    int64_t cut[M_LINES];   /* Given up of those in no hand, */
    int64_t hand[M_LINES];  /* and of those that are picked. */
    int64_t added[M_LINES]; /* To be found. */
};

/* What keeps an order, or a line of it (from 0), from leaving. */
struct m_stop {
    struct m_stop *next; /* The older one. */
    int64_t id, version;
    const char *state;
    int line; /* -1: the whole order. */
    utc_ms until;
};
bool m_is_stopped(const struct m_order *order, int line);

/* Units of the line that are still to be paid for. */
int64_t m_line_left(const struct m_line *line);
/* What must be answered, "" where it is possible; `ret_after` is the order with
 * its new prices and counts. Added units are unallocated; freed ones are still
 * where they were. */
const char *m_edit_plan(const struct model *model, const struct m_order *order,
                        const struct m_edit *edit, struct m_order *ret_after,
                        struct m_edit_plan *ret);
/* Some of what is added takes no stock, and no place sends anything: the house
 * says whether it waits. */
bool m_edit_is_unsure(const struct model *model, const struct m_order *after,
                      const struct m_edit_plan *plan);
/* Where the added units go by the stock as it is; the units that wait. */
int64_t m_edit_find(const struct model *model, const struct m_order *after,
                    const struct m_edit_plan *plan, struct m_leaving *ret);
/* Takes them there. */
void m_edit_take(struct model *model, struct m_order *after,
                 const struct m_edit_plan *plan, const struct m_leaving *found);
/* A line as the SKU is now, behind the others, all of it added. */
void m_line_add(const struct model *model, struct m_order *order,
                const struct m_line *want);

#endif
