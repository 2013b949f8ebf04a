/* model_pay.c - what payments come to, and what an order is worth. */
#define WHARF_UNBANNED
#include "model_pay.h"

#include <string.h>

#include "base/arena.h"

const char *const m_type_names[M_TYPES] = {
    "authorize",           "capture", "void", "refund", "chargeback",
    "chargeback_reversed", "expire",  "fail"};
const char *const m_tender_names[M_TENDERS] = {"card", "cash", "invoice",
                                               "external", "gift_card"};

/* ---- payments ---- */

static int64_t sum(const struct m_payment *pay, enum m_type type)
{
    int64_t ret = 0;
    for (int i = 0; i < pay->count; i++)
        ret += pay->at[i].type == type ? pay->at[i].amount : 0;
    return ret;
}

static bool has(const struct m_payment *pay, enum m_type type)
{
    for (int i = 0; i < pay->count; i++)
        if (pay->at[i].type == type)
            return true;
    return false;
}

static int64_t positive(int64_t value)
{
    return value < 0 ? 0 : value;
}

/* Neither taken nor given up; of what is promised, else of what was asked. */
static int64_t open_of(const struct m_payment *pay)
{
    int64_t promised = sum(pay, M_AUTHORIZE);
    int64_t gone = sum(pay, M_CAPTURE) + sum(pay, M_VOID) + sum(pay, M_EXPIRE);
    return positive((promised > 0 ? promised : pay->amount) - gone);
}

struct m_money m_payment_now(const struct m_payment *pay)
{
    int64_t open = open_of(pay);
    bool is_promised = sum(pay, M_AUTHORIZE) > 0;
    struct m_money now = {
        .captured = sum(pay, M_CAPTURE),
        .refunded = sum(pay, M_REFUND),
        .disputed = positive(sum(pay, M_CHARGEBACK) - sum(pay, M_REVERSED))};
    if (now.captured > 0)
        now.state = open > 0 ? "partially_captured" : "captured";
    else if (!is_promised && has(pay, M_FAIL))
        now.state = "failed";
    else if (open > 0)
        now.state = is_promised ? "authorized" : "created";
    else
        now.state = sum(pay, M_VOID) > 0 ? "voided" : "expired";
    if (is_promised)
        now.authorized = open;
    else if (strcmp(now.state, "failed") != 0)
        now.pending = open;
    return now;
}

int64_t m_payment_room(const struct m_payment *pay, enum m_type type)
{
    struct m_money now = m_payment_now(pay);
    bool is_promised = sum(pay, M_AUTHORIZE) > 0;
    switch (type) {
    case M_AUTHORIZE:
        if (!is_promised)
            return now.captured > 0 ? 0 : open_of(pay);
        return positive(pay->amount - now.captured - now.authorized);
    case M_REFUND: return positive(now.captured - now.refunded - now.disputed);
    case M_CHARGEBACK: return positive(now.captured - now.disputed);
    case M_REVERSED: return now.disputed;
    case M_CAPTURE:
    case M_VOID:
    case M_EXPIRE: return open_of(pay);
    case M_FAIL:
    case M_TYPES: break;
    }
    return 0;
}

int m_live_calls(const struct m_payment *pay)
{
    int count = 0;
    for (int i = 0; i < pay->call_count; i++)
        count += pay->calls[i].is_live;
    return count;
}

int64_t m_payment_left(const struct m_payment *pay, enum m_type type)
{
    int64_t left = m_payment_room(pay, type);
    for (int i = 0; i < pay->call_count; i++)
        if (pay->calls[i].is_live && pay->calls[i].type == type)
            left -= pay->calls[i].amount;
    return positive(left);
}

bool m_payment_is_busy(const struct m_payment *pay, enum m_type type,
                       const char *step)
{
    for (int i = 0; i < pay->call_count; i++) {
        const struct m_call *call = &pay->calls[i];
        bool is_same = call->type == type && strcmp(call->step, step) == 0;
        bool is_apart = call->type == M_REFUND || type == M_REFUND ||
                        (call->type == M_CAPTURE && type == M_CAPTURE);
        if (call->is_live && (is_same || !is_apart))
            return true;
    }
    return false;
}

/* As docs/states/payment.md has it. */
static bool is_allowed(const char *state, enum m_type type)
{
    enum { MOST = 4 };
    static const char *const from[M_TYPES][MOST] = {
        [M_AUTHORIZE] = {"created",            "authorized",  "expired",
                         "partially_captured"},
        [M_CAPTURE] = {"created", "authorized",              "partially_captured"},
        [M_VOID] = {"created",        "authorized","partially_captured"},
        [M_REFUND] = {"partially_captured",            "captured"     },
    };
    for (int i = 0; i < MOST; i++)
        if (from[type][i] && strcmp(from[type][i], state) == 0)
            return true;
    return false;
}

const char *m_pay_step(const struct m_payment *pay, enum m_type type,
                       int64_t amount, const char *name, int64_t *ret_amount)
{
    int64_t room = m_payment_left(pay, type);
    *ret_amount = amount ? amount : room;
    if (!is_allowed(m_payment_now(pay).state, type))
        return "payment_state";
    if (m_payment_is_busy(pay, type, name))
        return "payment_busy";
    if (*ret_amount > room || *ret_amount == 0)
        return type == M_AUTHORIZE ? "over_authorized"
               : type == M_CAPTURE ? "over_captured"
                                   : "over_refunded";
    return pay->count + m_live_calls(pay) >= M_TRANSACTIONS
               ? "too_many_transactions"
               : "";
}

const char *m_pay_report(const struct m_payment *pay,
                         const struct m_transaction *told, bool *ret_is_known)
{
    *ret_is_known = false;
    for (int i = 0; i < pay->count; i++) {
        const struct m_transaction *at = &pay->at[i];
        if (strcmp(at->event, told->event) != 0)
            continue;
        *ret_is_known = at->type == told->type &&
                        (told->amount == 0 || at->amount == told->amount);
        return *ret_is_known ? "" : "event_id_reused";
    }
    return pay->count >= M_TRANSACTIONS ? "too_many_transactions" : "";
}

struct m_payment *m_pay_add(struct model *model, struct m_order *order,
                            int64_t id, int tender, int64_t amount)
{
    struct m_payment *pay = arena_new(model->arena, struct m_payment);
    struct m_payment **last = &order->payments;
    *pay = (struct m_payment){.order = order,
                              .id = id,
                              .version = 1,
                              .tender = tender,
                              .amount = amount};
    while (*last)
        last = &(*last)->next;
    *last = pay;
    return pay;
}

void m_call_add(struct model *model, struct m_payment *pay,
                const struct m_call *call)
{
    if (pay->call_count == pay->call_room) {
        int room = pay->call_room ? pay->call_room * 2 : 4;
        struct m_call *grown =
            arena_array(model->arena, struct m_call, (size_t)room);
        if (pay->call_count)
            memcpy(grown, pay->calls, (size_t)pay->call_count * sizeof(*grown));
        pay->calls = grown;
        pay->call_room = room;
    }
    pay->calls[pay->call_count++] = *call;
}

void m_pay_note(struct model *model, struct m_payment *pay,
                const struct m_transaction *note)
{
    if (pay->count == pay->room) {
        int room = pay->room ? pay->room * 2 : 4;
        struct m_transaction *grown =
            arena_array(model->arena, struct m_transaction, (size_t)room);
        if (pay->count)
            memcpy(grown, pay->at, (size_t)pay->count * sizeof(*grown));
        pay->at = grown;
        pay->room = room;
    }
    pay->at[pay->count++] = *note;
    pay->version++;
    if (!pay->card)
        return;
    pay->card->balance += note->type == M_REFUND ? note->amount : -note->amount;
    pay->card->version++;
}

/* ---- orders ---- */

int m_payment_count(const struct m_order *order)
{
    int count = 0;
    for (const struct m_payment *at = order->payments; at; at = at->next)
        count++;
    return count;
}

struct m_money m_order_money(const struct m_order *order)
{
    struct m_money all = {.pending = 0};
    for (const struct m_payment *at = order->payments; at; at = at->next) {
        struct m_money now = m_payment_now(at);
        all.pending += now.pending;
        all.authorized += now.authorized;
        all.captured += now.captured;
        all.refunded += now.refunded;
        all.disputed += now.disputed;
    }
    return all;
}

int64_t m_line_total(const struct m_order *order, const struct m_line *line)
{
    return line->qty * line->price - line->discount +
           (order->is_inclusive ? 0 : line->tax);
}

int64_t m_line_worth(const struct m_order *order, const struct m_line *line)
{
    return m_line_total(order, line) - line->gone.total;
}

/* m of n units of what comes to `whole`, rounded down. */
static int64_t part(int64_t whole, int64_t m, int64_t n)
{
    return whole * m / n; /* Orders here come to far less than overflows. */
}

void m_take_off(const struct m_order *order, struct m_line *line, int64_t qty)
{
    int64_t left = line->qty + line->added - line->cancelled -
                   line->written_off - line->returned;
    line->gone.total += part(m_line_worth(order, line), qty, left);
    line->gone.tax += part(line->tax - line->gone.tax, qty, left);
    line->gone.discount +=
        part(line->discount - line->gone.discount, qty, left);
}

int64_t m_worth(const struct m_order *order)
{
    int64_t worth = -order->allowance;
    for (int i = 0; i < order->line_count; i++)
        worth += m_line_worth(order, &order->lines[i]);
    if (!order->is_cancelled)
        worth += order->shipping + order->fee - order->shipping_off;
    return positive(worth);
}

int64_t m_balance(const struct m_order *order)
{
    struct m_money sums = m_order_money(order);
    return m_worth(order) - sums.captured + sums.refunded + sums.disputed;
}

const char *m_payment_status(const struct m_order *order)
{
    struct m_money sums = m_order_money(order);
    int64_t worth = m_worth(order), owed = m_balance(order);
    if (sums.disputed)
        return "disputed";
    if (sums.captured || sums.refunded) {
        if (owed < 0)
            return "overpaid";
        if (sums.refunded)
            return owed >= worth ? "refunded" : "partially_refunded";
        return owed == 0 ? "paid" : "partially_paid";
    }
    if (sums.authorized)
        return sums.authorized < worth ? "partially_authorized" : "authorized";
    if (sums.pending)
        return "pending";
    if (worth)
        return "unpaid";
    return order->total ? "voided" : "not_required";
}

bool m_is_covered(const struct model *model, const struct m_order *order)
{
    struct m_money sums = m_order_money(order);
    int64_t kept = sums.captured - sums.refunded - sums.disputed;
    switch (model->channels[order->channel].release) {
    case M_ALWAYS: return true;
    case M_AUTHORIZED: return kept + sums.authorized >= m_worth(order);
    case M_PAID: break;
    }
    return kept >= m_worth(order);
}
