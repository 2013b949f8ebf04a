/* bill.h - invoices and credit notes as the house shows them. */
#ifndef WHARF_SIM_BILL_H
#define WHARF_SIM_BILL_H

#include "model_bill.h"
#include "sim.h"

/* Channels are invoiced by rules, orders by hand, drafts are issued. */
void step_bill(struct sim *sim);
/* The consumers have caught up: orders were billed as they are now. */
void bills_due(struct sim *sim);
void check_bills(struct sim *sim, const struct m_order *order);
/* All documents: each is known, no number is missing or given twice. */
void check_numbers(struct sim *sim);
void bill_tell(const struct sim *sim);

#endif
