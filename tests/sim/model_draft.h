/* model_draft.h - what the auditor thinks of drafts and who buys on account. */
#ifndef WHARF_SIM_MODEL_DRAFT_H
#define WHARF_SIM_MODEL_DRAFT_H

#include "model.h"

enum { M_COMPANIES = 3, M_DRAFTS = 400 };
enum m_draft_state {
    D_DRAFT,
    D_REQUESTED,
    D_APPROVED,
    D_REFUSED,
    D_SENT,
    D_ACCEPTED,
    D_DECLINED,
    D_CONVERTED,
    D_DISCARDED,
    D_STATES
};
enum m_draft_event {
    D_REQUEST,
    D_APPROVE,
    D_REFUSE,
    D_SEND,
    D_ACCEPT,
    D_DECLINE,
    D_DISCARD,
    D_CONVERT,
    D_EVENTS
};
extern const char *const m_draft_states[D_STATES];

struct m_company {
    int64_t id, limit, approval_over; /* -1: none. */
};
struct m_draft {
    int64_t id, version, total;
    enum m_draft_state state;
    int company; /* From 1; 0: nobody's. */
    struct m_order order;
};
struct m_deals {
    struct m_company companies[M_COMPANIES];
    int company_count;
    struct m_draft *drafts[M_DRAFTS];
    int draft_count;
};
struct m_deals *m_deals_of(struct model *model);

/* Where it goes; D_STATES: it may not. */
enum m_draft_state m_draft_next(enum m_draft_state state,
                                enum m_draft_event event);
/* What all orders of the company's drafts still owe. */
int64_t m_company_owes(const struct model *model, int company);
/* Why the house says no to sending or placing it, or "". */
const char *m_draft_why_not(struct model *model, const struct m_draft *draft,
                            enum m_draft_event event);

#endif
