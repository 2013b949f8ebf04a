/* model_bill.h - what the auditor thinks of invoices and credit notes. */
#ifndef WHARF_SIM_MODEL_BILL_H
#define WHARF_SIM_MODEL_BILL_H

#include "model.h"

enum m_bill_on { M_BY_HAND = 1, M_ON_CONFIRM, M_ON_SHIP, M_ON_PAID, M_ON_PART };
enum { M_BILL_PARTS = M_LINES + 2 }; /* Lines, charges, goodwill. */

struct m_doc {
    struct m_doc *next; /* Of its order, the older one. */
    int seq;            /* Among its order's, from 1. */
    int64_t total;
    const char *state;
    bool is_credit, is_by_hand;
};
struct m_billing {
    struct m_doc *docs; /* The newest. */
    int count;
    int64_t parts[M_BILL_PARTS]; /* What was billed of each by now. */
    bool is_by_part;
    int64_t draft, draft_version; /* An invoice that is none yet. */
};

/* What an invoice would say now; 0: there is nothing to bill. */
int64_t m_bill_due(const struct m_order *order);
/* It is issued by hand. */
struct m_doc *m_bill_by_hand(struct model *model, struct m_order *order);
/* What follows from the order as it is now, where that is news. */
void m_bill_follow(struct model *model, struct m_order *order);
/* All that was billed and not credited. */
int64_t m_billed(const struct m_billing *billing);

#endif
