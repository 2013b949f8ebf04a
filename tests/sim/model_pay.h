/* model_pay.h - what the auditor thinks of money.
 *
 * Payments are lists of what was told; everything else is added up from them
 * each time it is asked for.
 */
#ifndef WHARF_SIM_MODEL_PAY_H
#define WHARF_SIM_MODEL_PAY_H

#include "model.h"

enum m_type {
    M_AUTHORIZE,
    M_CAPTURE,
    M_VOID,
    M_REFUND,
    M_CHARGEBACK,
    M_REVERSED,
    M_EXPIRE,
    M_FAIL,
    M_TYPES
};
enum { M_GIFT_CARD = 4, M_TENDERS = 5, M_PAYMENTS = 50, M_TRANSACTIONS = 100 };
extern const char *const m_type_names[M_TYPES];
extern const char *const m_tender_names[M_TENDERS];

struct m_transaction {
    enum m_type type;
    bool is_outside;
    int64_t amount;
    char event[32]; /* Who told it called it so; "" where it was a command. */
};
/* What its gateway was asked for. */
struct m_call {
    int64_t id, amount;
    enum m_type type;
    bool is_live; /* May have been done, or will be. */
    char state[12], step[32];
};
struct m_payment {
    struct m_payment *next; /* Of its order, the newer one. */
    struct m_order *order;
    int64_t id, version, amount;
    int tender;
    struct m_card *card; /* That paid, or NULL. */
    struct m_transaction *at;
    int count, room;
    bool is_asked; /* A gateway moves its money. */
    struct m_call *calls;
    int call_count, call_room;
};
/* Units of one line that come back, all one way. */
struct m_return {
    struct m_return *next; /* Of its order, the newer one. */
    int64_t id, version, qty;
    const char *state, *acceptance;
    int line, place, way;
};
/* What is known of a payment, or of all of an order's. */
struct m_money {
    const char *state; /* Of one payment. */
    int64_t pending, authorized, captured, refunded, disputed;
};

struct m_money m_payment_now(const struct m_payment *pay);
/* How much more of it there may be by a command. */
int64_t m_payment_room(const struct m_payment *pay, enum m_type type);
/* The same, less what its gateway is asked for already. */
int64_t m_payment_left(const struct m_payment *pay, enum m_type type);
/* Whether a live call stands in the way of one more: any that promises, takes
 * or gives up, but captures of another name; refunds of the same name. */
bool m_payment_is_busy(const struct m_payment *pay, enum m_type type,
                       const char *step);
int m_live_calls(const struct m_payment *pay);
struct m_money m_order_money(const struct m_order *order);
int m_payment_count(const struct m_order *order);
/* What its units that are left, shipping and fees come to. */
int64_t m_worth(const struct m_order *order);
/* What a line came to when it was placed, and what is left of that. */
int64_t m_line_total(const struct m_order *order, const struct m_line *line);
int64_t m_line_worth(const struct m_order *order, const struct m_line *line);
int64_t m_balance(const struct m_order *order);
const char *m_payment_status(const struct m_order *order);
/* Whether its payments are as its channel asks before anything leaves. */
bool m_is_covered(const struct model *model, const struct m_order *order);
/* Takes what qty units come to off the line's worth, before they go. */
void m_take_off(const struct m_order *order, struct m_line *line, int64_t qty);

/* What must be answered, "" where it is done; *ret_amount is what it comes to.
 * `amount` 0: all there is; `name`: of the step, for its gateway. */
const char *m_pay_step(const struct m_payment *pay, enum m_type type,
                       int64_t amount, const char *name, int64_t *ret_amount);
/* What was told from outside: *ret_is_known where it was told before. */
const char *m_pay_report(const struct m_payment *pay,
                         const struct m_transaction *told, bool *ret_is_known);
struct m_payment *m_pay_add(struct model *model, struct m_order *order,
                            int64_t id, int tender, int64_t amount);
void m_call_add(struct model *model, struct m_payment *pay,
                const struct m_call *call);
void m_pay_note(struct model *model, struct m_payment *pay,
                const struct m_transaction *note);

#endif
