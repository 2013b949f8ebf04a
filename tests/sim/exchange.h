/* exchange.h - exchanges as the house shows them. */
#ifndef WHARF_SIM_EXCHANGE_H
#define WHARF_SIM_EXCHANGE_H

#include "model_exchange.h"
#include "sim.h"

/* What comes back of the order is exchanged for other goods: looked at,
 * drafted, confirmed, called off. */
void exchange_work(struct sim *sim, struct m_order *order);
/* The same with whichever order. */
void step_exchange(struct sim *sim);
/* The consumers have caught up: those that wait have gone on. */
void exchanges_due(struct sim *sim);
/* Those say so. */
void exchanges_seen(struct sim *sim);
void check_exchanges(struct sim *sim, const struct m_order *order);
void exchange_tell(const struct sim *sim);

/* The house gives back all that the order owes; NULL: nothing. */
struct m_refund;
struct m_refund *refund_by_house(struct sim *sim, struct m_order *order);
void refund_look(struct sim *sim, const struct m_refund *refund);

#endif
