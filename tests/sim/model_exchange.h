/* model_exchange.h - what the auditor thinks of goods that come back for other
 * goods. */
#ifndef WHARF_SIM_MODEL_EXCHANGE_H
#define WHARF_SIM_MODEL_EXCHANGE_H

#include "model_edit.h"

struct m_return;

enum m_swap { M_DRAFT, M_CONFIRMED, M_OWES, M_AWAITS, M_FREE, M_CLOSED, M_OFF };
extern const char *const m_swap_names[M_OFF + 1];

struct m_exchange {
    struct m_exchange *next; /* Of its order, the newer one. */
    int64_t id, version, drafted_at;
    enum m_swap state;
    const struct m_return *back;
    struct m_edit lines; /* What goes out for it, */
    int first;           /* from that line on; -1: not yet. */
    bool is_settled, is_unsettled;
};

/* What stands between it and the door. */
struct m_swap_facts {
    int64_t worth;    /* What its return will take off the order. */
    int64_t now, due; /* To be paid, as it is and once all came back. */
    bool may_leave, is_over;
};
struct m_swap_facts m_swap_look(const struct m_order *order,
                                const struct m_exchange *at);
/* Where it goes once it is confirmed, or waits. */
enum m_swap m_swap_then(const struct m_swap_facts *facts);

/* As far as it goes by itself; `is_new`: none of its lines was looked at. */
struct m_swap_step {
    bool is_changed;
    bool is_lifted; /* Its lines are held back no more. */
    bool is_owed;   /* What the order owes is given back now. */
};
struct m_swap_step m_swap_advance(const struct m_order *order,
                                  struct m_exchange *at, bool is_new);
bool m_swap_waits(const struct m_exchange *at);
/* The line waits for an exchange, and has no FO. */
bool m_is_gated(const struct m_order *order, int line);
/* Another that is not called off has its return. */
bool m_swap_is_taken(const struct m_order *order, const struct m_return *back,
                     const struct m_exchange *but);

#endif
