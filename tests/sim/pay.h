/* pay.h - payments of orders as the house shows them, and what the auditor
 * makes of them. */
#ifndef WHARF_SIM_PAY_H
#define WHARF_SIM_PAY_H

#include "model_pay.h"
#include "sim.h"

/* Orders are paid, right and wrong; what happened elsewhere is told. */
void step_pay(struct sim *sim);
/* One payment of it: of what it owes, of some of that, of anything. */
void pay_create(struct sim *sim, struct m_order *order, bool is_asked);
/* A gateway is asked for what they are paid with. */
void step_asked(struct sim *sim);
/* A gateway falls silent, and a person settles what is stuck. */
void step_settle(struct sim *sim);
/* An order's page, a line of it, and what it lists as its payments. */
bool pay_compare_order(struct sim *sim, struct json_in *in,
                       const struct m_order *order);
bool pay_compare_line(struct sim *sim, struct json_in *in,
                      const struct m_order *order, int at);
/* Once the consumers have caught up: what may not leave is on hold or has no
 * fulfillment order, what may leave is not held for its payments. */
void check_gate(struct sim *sim, struct m_order *order);
void check_refunds(struct sim *sim, const struct m_order *order);
void refund_work(struct sim *sim, struct m_order *order);
/* Gift cards: issued, changed, disabled; as the house shows them. */
void card_work(struct sim *sim);
void check_cards(struct sim *sim);
/* Units of it come back. */
void return_work(struct sim *sim, struct m_order *order);
int64_t pay_minor(struct json_in *in, const char *key);
/* The order after a command on one of its payments: its version has risen
 * where what is known of its payments is something else than before. */
void pay_follow(struct sim *sim, struct m_order *order,
                const struct m_money *before);
/* A payment as it must be. */
bool pay_compare(struct sim *sim, struct json_in *in,
                 const struct m_payment *pay);
void check_payments(struct sim *sim, const struct m_order *order);

#endif
