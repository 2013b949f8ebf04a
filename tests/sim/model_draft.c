/* model_draft.c - drafts, by the words of docs/drafts.md. */
#define WHARF_UNBANNED
#include "model_draft.h"

#include "base/arena.h"
#include "model_pay.h"

const char *const m_draft_states[D_STATES] = {
    "draft",    "requested", "approved",  "refused",  "sent",
    "accepted", "declined",  "converted", "discarded"};

struct m_deals *m_deals_of(struct model *model)
{
    if (!model->deals)
        model->deals = arena_new(model->arena, struct m_deals);
    return model->deals;
}

enum m_draft_state m_draft_next(enum m_draft_state state,
                                enum m_draft_event event)
{
    bool is_new = state == D_DRAFT, is_fine = is_new || state == D_APPROVED;
    switch (event) {
    case D_REQUEST: return is_new ? D_REQUESTED : D_STATES;
    case D_APPROVE: return state == D_REQUESTED ? D_APPROVED : D_STATES;
    case D_REFUSE: return state == D_REQUESTED ? D_REFUSED : D_STATES;
    case D_SEND: return is_fine ? D_SENT : D_STATES;
    case D_ACCEPT: return state == D_SENT ? D_ACCEPTED : D_STATES;
    case D_DECLINE: return state == D_SENT ? D_DECLINED : D_STATES;
    case D_DISCARD: return state < D_CONVERTED ? D_DISCARDED : D_STATES;
    case D_CONVERT:
        return is_fine || state == D_ACCEPTED ? D_CONVERTED : D_STATES;
    case D_EVENTS: break;
    }
    return D_STATES;
}

int64_t m_company_owes(const struct model *model, int company)
{
    int64_t sum = 0;
    for (size_t i = 0; i < model->order_count; i++) {
        const struct m_order *order = model->orders[i];
        if (order->company == company && m_balance(order) > 0)
            sum += m_balance(order);
    }
    return sum;
}

const char *m_draft_why_not(struct model *model, const struct m_draft *draft,
                            enum m_draft_event event)
{
    if (m_draft_next(draft->state, event) == D_STATES)
        return "draft_state";
    if (draft->company == 0 || (event != D_SEND && event != D_CONVERT))
        return "";
    const struct m_company *at =
        &m_deals_of(model)->companies[draft->company - 1];
    if (draft->state == D_DRAFT && at->approval_over >= 0 &&
        draft->total > at->approval_over)
        return "approval_needed";
    if (event == D_CONVERT && at->limit >= 0 &&
        m_company_owes(model, draft->company) + draft->total > at->limit)
        return "credit_limit";
    return "";
}
