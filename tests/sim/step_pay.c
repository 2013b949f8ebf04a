/* step_pay.c - orders are paid by hand, and what was done elsewhere is told:
 * late, twice, out of order, and more than there is. */
#define WHARF_UNBANNED
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "goods.h"
#include "pay.h"
#include "till.h"

int64_t pay_minor(struct json_in *in, const char *key)
{
    money amount = {0};
    if (json_get_money(in, key, "EUR", &amount) != OK)
        return INT64_MIN;
    return amount.minor;
}

/* ---- comparing ---- */

bool pay_compare_line(struct sim *sim, struct json_in *in,
                      const struct m_order *order, int at)
{
    const struct m_line *line = &order->lines[at];
    int64_t total = m_line_total(order, line);
    int64_t worth = m_line_worth(order, line);
    return sim_expect(
        sim,
        sim_i64(in, "written_off") == line->written_off &&
            sim_i64(in, "return_requested") == line->return_requested &&
            sim_i64(in, "returned") == line->returned &&
            pay_minor(in, "total") == total &&
            pay_minor(in, "tax") == line->tax &&
            sim_i64(in, "added") == line->added &&
            pay_minor(in, "unit_price_now") == line->price_now &&
            pay_minor(in, "total_now") == worth &&
            pay_minor(in, "tax_now") == line->tax - line->gone.tax &&
            pay_minor(in, "discount_now") ==
                line->discount - line->gone.discount,
        "%s line %d: was sold for %lld and says %lld, is worth %lld now and "
        "says %lld, tax %lld",
        order->external, at + 1, (long long)total,
        (long long)pay_minor(in, "total"), (long long)worth,
        (long long)pay_minor(in, "total_now"),
        (long long)pay_minor(in, "tax_now"));
}

static bool is_money(struct json_in *in, const struct m_money *want)
{
    return pay_minor(in, "pending") == want->pending &&
           pay_minor(in, "authorized") == want->authorized &&
           pay_minor(in, "captured") == want->captured &&
           pay_minor(in, "refunded") == want->refunded &&
           pay_minor(in, "disputed") == want->disputed;
}

bool pay_compare_order(struct sim *sim, struct json_in *in,
                       const struct m_order *order)
{
    struct json_in *pay;
    struct m_money now = m_order_money(order);
    const char *status = m_payment_status(order);
    if (!sim_expect(sim, json_get_object(in, "payment", &pay) == OK,
                    "%s: nothing of its payments", order->external))
        return false;
    return sim_expect(
               sim, is_money(pay, &now),
               "%s: captured must be %lld and is %lld, refunded %lld and is "
               "%lld, disputed %lld and is %lld, authorized %lld and is %lld, "
               "pending %lld and is %lld",
               order->external, (long long)now.captured,
               (long long)pay_minor(pay, "captured"), (long long)now.refunded,
               (long long)pay_minor(pay, "refunded"), (long long)now.disputed,
               (long long)pay_minor(pay, "disputed"), (long long)now.authorized,
               (long long)pay_minor(pay, "authorized"), (long long)now.pending,
               (long long)pay_minor(pay, "pending")) &&
           sim_expect(sim,
                      pay_minor(pay, "total_now") == m_worth(order) &&
                          pay_minor(pay, "balance_due") == m_balance(order),
                      "%s: is worth %lld and says %lld, owes %lld and says "
                      "%lld",
                      order->external, (long long)m_worth(order),
                      (long long)pay_minor(pay, "total_now"),
                      (long long)m_balance(order),
                      (long long)pay_minor(pay, "balance_due")) &&
           sim_expect(sim,
                      sim_has_text(pay, "status", status) &&
                          sim_has_text(in, "payment_status", status),
                      "%s: its payments must be %s", order->external, status);
}

static bool is_transaction(struct json_in *in, const struct m_transaction *at,
                           int n)
{
    const char *origin = at->is_outside ? "outside" : "command";
    str event = STR_NONE;
    return sim_i64(in, "n") == n &&
           sim_has_text(in, "type", m_type_names[at->type]) &&
           sim_has_text(in, "origin", origin) &&
           pay_minor(in, "amount") == at->amount &&
           json_opt_str(in, "event_id", 1, 100, &event) == OK &&
           str_equal_cstr(event, at->event);
}

bool pay_compare(struct sim *sim, struct json_in *in,
                 const struct m_payment *pay)
{
    struct m_money now = m_payment_now(pay);
    const char *tender = m_tender_names[pay->tender];
    struct json_list list;
    if (!sim_expect(sim,
                    sim_id(in, "id", "pay") == pay->id &&
                        sim_id(in, "order_id", "ord") == pay->order->id &&
                        sim_has_text(in, "tender", tender) &&
                        sim_has_text(in, "state", now.state) &&
                        pay_minor(in, "amount") == pay->amount &&
                        sim_i64(in, "version") == pay->version &&
                        is_money(in, &now),
                    "%s: a payment of %lld must be %s at version %lld, %lld "
                    "captured, and has %lld at version %lld",
                    pay->order->external, (long long)pay->amount, now.state,
                    (long long)pay->version, (long long)now.captured,
                    (long long)pay_minor(in, "captured"),
                    (long long)sim_i64(in, "version")) ||
        !sim_expect(
            sim,
            json_get_list(in, "transactions", 0, M_TRANSACTIONS, &list) == OK &&
                list.count == (size_t)pay->count,
            "%s: a payment must have %d transactions", pay->order->external,
            pay->count))
        return false;
    for (int i = 0; i < pay->count; i++) {
        struct json_in *at;
        if (!sim_expect(sim,
                        json_list_object(&list, (size_t)i, &at) == OK &&
                            is_transaction(at, &pay->at[i], i + 1),
                        "%s: transaction %d must be %s %lld",
                        pay->order->external, i + 1,
                        m_type_names[pay->at[i].type],
                        (long long)pay->at[i].amount))
            return false;
    }
    return true;
}

void check_payments(struct sim *sim, const struct m_order *order)
{
    struct json_list list = {0};
    struct call *call = call_open("listPayments");
    const struct m_payment *pay = order->payments;
    sim_path(call, 0, "ord", order->id);
    call->now = sim->now;
    place_calls(sim->place, &call, 1);
    if (sim_ended(sim, call, ""))
        sim_expect(sim,
                   json_get_list(call->json, "items", 0, M_PAYMENTS, &list) ==
                           OK &&
                       list.count == (size_t)m_payment_count(order),
                   "%s: must have %d payments", order->external,
                   m_payment_count(order));
    for (size_t i = 0; i < list.count && !sim->is_wrong; i++) {
        struct json_in *in;
        if (sim_expect(sim, json_list_object(&list, i, &in) == OK,
                       "%s: a payment cannot be read", order->external))
            pay_compare(sim, in, pay);
        pay = pay->next;
    }
    call_close(call);
}

void check_gate(struct sim *sim, struct m_order *order)
{
    static struct g_fos fos;
    bool is_covered = m_is_covered(&sim->model, order);
    struct call *call = call_open("getOrder");
    sim_path(call, 0, "ord", order->id);
    call->now = sim->now;
    place_calls(sim->place, &call, 1);
    bool is_fine = sim_ended(sim, call, "") &&
                   order_compare(sim, call->json, order) &&
                   goods_read(sim, order, &fos);
    call_close(call);
    if (order->is_cancelled || order->is_completed)
        return;
    for (int i = 0; is_fine && i < fos.count; i++) {
        const struct g_fo *fo = &fos.at[i];
        bool is_stopped = g_is_stopped(order, fo);
        bool is_held = fo->is_unpaid || fo->is_stopped;
        is_fine =
            sim_expect(
                sim,
                g_is_elsewhere(fo) ||
                    !(is_covered && !is_stopped ? is_held : g_is(fo, "open")),
                "%s: what is to leave is %s, its payments are "
                "%s what its channel asks for, and it is %s on hold",
                order->external, fo->status, is_covered ? "" : "not",
                is_stopped ? "" : "not") &&
            sim_expect(sim,
                       order->fulfil_at <= sim->latest ||
                           order->is_opened_early || g_is_over(fo) ||
                           g_is(fo, "scheduled"),
                       "%s: what is to leave later is %s", order->external,
                       fo->status);
    }
}

void pay_follow(struct sim *sim, struct m_order *order,
                const struct m_money *before)
{
    struct m_money now = m_order_money(order);
    order->version += now.pending != before->pending ||
                      now.authorized != before->authorized ||
                      now.captured != before->captured ||
                      now.refunded != before->refunded ||
                      now.disputed != before->disputed;
    sim->captured += now.captured - before->captured;
    sim->refunded += now.refunded - before->refunded;
    struct call *call = call_open("getOrder");
    sim_path(call, 0, "ord", order->id);
    call->now = sim->now;
    place_calls(sim->place, &call, 1);
    if (sim_ended(sim, call, ""))
        order_compare(sim, call->json, order);
    call_close(call);
}

/* ---- commands ---- */

static void put_amount(struct sim *sim, struct json_out *out, int64_t amount,
                       const char **code)
{
    bool is_foreign = amount && sim_chance(sim, 2);
    if (amount)
        json_put_money(out, "amount",
                       is_foreign ? (money){amount, "USD"}
                                  : (money){amount, "EUR"});
    if (is_foreign)
        *code = "currency_mismatch";
}

/* What it owes, some of it, or anything. */
static int64_t some(struct sim *sim, int64_t whole)
{
    if (whole > 0 && sim_chance(sim, 60))
        return whole;
    if (whole > 1 && sim_chance(sim, 70))
        return sim_between(sim, 1, whole);
    return sim_between(sim, 1, 20000);
}

/* What stands in the way of paying with it; `code`: what does before that, of
 * the order and the amount. */
static const char *why_not_card(const struct m_card *card, int64_t amount,
                                const char *code)
{
    if (code[0])
        return code;
    if (card->is_disabled)
        return "gift_card_not_usable";
    return amount > card->balance ? "over_balance" : "";
}

/* The gateway is asked, and nothing is done yet; that the payment is there is
 * news of its order. */
static void take_asked(struct sim *sim, struct m_payment *pay,
                       struct json_in *in, const struct m_money *before)
{
    int done = pay->count;
    pay_follow(sim, pay->order, before);
    if (!sim->is_wrong)
        till_take(sim, pay, in);
    sim_expect(sim, pay->count == done,
               "%s: its gateway did something before it was asked",
               pay->order->external);
}

void pay_create(struct sim *sim, struct m_order *order, bool is_asked)
{
    static const char *const words[] = {NULL, "authorized", "captured"};
    struct json_out out;
    const char *code = "";
    int done = (int)sim_between(sim, 0, 2);
    int tender = (int)sim_between(sim, 0, M_TENDERS - 1);
    tender = is_asked ? 0 : tender;
    int64_t amount = some(sim, m_balance(order));
    struct m_card *card = NULL;
    if (tender == M_GIFT_CARD) { /* Takes the money at once. */
        if (sim->model.card_count == 0)
            return;
        card =
            &sim->model.cards[sim_between(sim, 0, sim->model.card_count - 1)];
        done = 2;
        if (card->balance > 0 && sim_chance(sim, 60))
            amount = sim_between(sim, 1, card->balance);
    }
    struct call *call = sim_begin(sim, "createPayment", &out);
    sim_path(call, 0, "ord", order->id);
    json_put_cstr(&out, "tender", m_tender_names[tender]);
    put_amount(sim, &out, amount, &code);
    if (card)
        json_put_id(&out, "gift_card_id", "gft", card->id);
    else if (words[done])
        json_put_cstr(&out, "done", words[done]);
    if (is_asked) {
        json_put_cstr(&out, "gateway", "TILL");
        json_put_cstr(&out, "token", "tok");
    }
    sim_body(call, &out);
    if (m_payment_count(order) >= M_PAYMENTS)
        code = "too_many_payments";
    if (order->is_cancelled)
        code = "order_not_payable";
    if (card)
        code = why_not_card(card, amount, code);
    sim_call(sim, call);
    if (sim_ended(sim, call, code) && code[0] == '\0') {
        struct m_money before = m_order_money(order);
        struct m_payment *pay =
            m_pay_add(&sim->model, order, sim_id(call->json, "id", "pay"),
                      tender, amount);
        const struct m_transaction note = {
            .type = done == 1 ? M_AUTHORIZE : M_CAPTURE, .amount = amount};
        pay->card = card;
        pay->is_asked = is_asked;
        if (is_asked)
            sim->till->payments[sim->till->payment_count++] = pay;
        else if (done)
            m_pay_note(&sim->model, pay, &note);
        sim->payments++;
        if (is_asked)
            take_asked(sim, pay, call->json, &before);
        else if (pay_compare(sim, call->json, pay))
            pay_follow(sim, order, &before);
    }
    call_close(call);
}

static void step(struct sim *sim, struct m_payment *pay, enum m_type type)
{
    static const char *const operations[] = {[M_AUTHORIZE] = "authorizePayment",
                                             [M_CAPTURE] = "capturePayment",
                                             [M_VOID] = "voidPayment",
                                             [M_REFUND] = "refundPayment"};
    struct json_out out;
    char name[32] = "";
    int64_t room = m_payment_left(pay, type);
    int64_t amount = sim_chance(sim, 40) ? 0 : some(sim, room);
    bool is_stale = sim_chance(sim, 5);
    const char *code = "";
    if (type == M_VOID)
        amount = 0;
    if (amount && sim_chance(sim, 5))
        amount = room + 1;
    struct call *call = sim_begin(sim, operations[type], &out);
    sim_path(call, 0, "pay", pay->id);
    json_put_i64(&out, "version", pay->version + is_stale);
    put_amount(sim, &out, amount, &code);
    if (pay->is_asked && sim_chance(sim, 60)) {
        snprintf(name, sizeof(name), "part-%lld",
                 (long long)sim_between(sim, 1, 3));
        json_put_cstr(&out, "reference", name);
    }
    sim_body(call, &out);
    struct m_transaction note = {.type = type};
    const char *why = m_pay_step(pay, type, amount, name, &note.amount);
    code = is_stale ? "stale" : code[0] != '\0' ? code : why;
    sim_call(sim, call);
    if (sim_ended(sim, call, code) && code[0] == '\0') {
        struct m_money before = m_order_money(pay->order);
        if (pay->is_asked)
            take_asked(sim, pay, call->json, &before);
        else
            m_pay_note(&sim->model, pay, &note);
        if (!pay->is_asked && pay_compare(sim, call->json, pay))
            pay_follow(sim, pay->order, &before);
    }
    call_close(call);
}

/* ---- elsewhere ---- */

/* Something new, or what was told before, or another thing by its name. */
static struct m_transaction tell(struct sim *sim, const struct m_payment *pay)
{
    struct m_transaction told = {
        .type = (enum m_type)sim_between(sim, 0, M_TYPES - 1),
        .is_outside = true};
    if (sim_chance(sim, 40)) /* The bank has more to say than others. */
        told.type = sim_chance(sim, 60) ? M_CHARGEBACK : M_REVERSED;
    if (told.type != M_FAIL && sim_chance(sim, 80))
        told.amount = some(sim, m_payment_room(pay, told.type));
    snprintf(told.event, sizeof(told.event), "evt-%lld",
             (long long)++sim->model.report_count);
    if (pay->count == 0 || sim_chance(sim, 60))
        return told;
    const struct m_transaction *old =
        &pay->at[sim_between(sim, 0, pay->count - 1)];
    if (!old->is_outside)
        return told;
    if (sim_chance(sim, 80))
        return *old;
    memcpy(told.event, old->event, sizeof(told.event));
    return told;
}

static void record(struct sim *sim, struct m_payment *pay)
{
    struct json_out out;
    struct m_transaction told = tell(sim, pay);
    bool is_known, is_early = sim_chance(sim, 3);
    const char *code = "";
    struct call *call = sim_begin(sim, "recordPayment", &out);
    sim_path(call, 0, "pay", pay->id);
    json_put_cstr(&out, "type", m_type_names[told.type]);
    json_put_cstr(&out, "event_id", told.event);
    put_amount(sim, &out, told.amount, &code);
    if (is_early || sim_chance(sim, 50))
        json_put_time(&out, "occurred_at",
                      is_early ? sim->now + 1000
                               : sim->now - sim_between(sim, 0, 86400000));
    sim_body(call, &out);
    const char *why = m_pay_report(pay, &told, &is_known);
    code = is_early ? "time_in_future" : code[0] != '\0' ? code : why;
    if (pay->card && !is_early)
        code = "payment_kept_here";
    sim_call(sim, call);
    if (sim_ended(sim, call, code) && code[0] == '\0') {
        struct m_money before = m_order_money(pay->order);
        if (!told.amount && told.type != M_FAIL)
            told.amount = m_payment_room(pay, told.type);
        if (!is_known)
            m_pay_note(&sim->model, pay, &told);
        if (pay_compare(sim, call->json, pay))
            pay_follow(sim, pay->order, &before);
    }
    call_close(call);
}

/* ---- deeds ---- */

/* Mostly a new one, which may wait for its payment. */
static struct m_order *pick_order(struct sim *sim)
{
    const struct model *model = &sim->model;
    struct m_order *order = NULL;
    int64_t last = (int64_t)model->order_count - 1;
    int64_t least = sim_chance(sim, 80) && last > 30 ? last - 30 : 0;
    for (int tries = 0; tries < 4; tries++) {
        order = model->orders[sim_between(sim, least, last)];
        if (!order->is_cancelled &&
            model->channels[order->channel].release != M_ALWAYS)
            break;
    }
    return order;
}

/* Something of it may be given back: it owes, or it shipped. */
static bool may_owe(const struct m_order *order)
{
    for (int i = 0; i < order->line_count; i++)
        if (order->lines[i].shipped > 0)
            return true;
    return order->payments && m_balance(order) < 0;
}

static struct m_order *pick_owing(struct sim *sim)
{
    const struct model *model = &sim->model;
    int64_t last = (int64_t)model->order_count - 1;
    struct m_order *order = model->orders[last];
    for (int tries = 0; tries < 200 && !may_owe(order); tries++)
        order = model->orders[sim_between(sim, 0, last)];
    return order;
}

/* One that its gateway was asked about not long ago; NULL: none. */
static struct m_order *pick_asked(struct sim *sim)
{
    enum { NEWEST = 12 };
    int64_t count = sim->till->payment_count;
    if (count == 0 || count >= T_PAYMENTS || !sim_chance(sim, 70))
        return NULL;
    int64_t least = count > NEWEST ? count - NEWEST : 0;
    return sim->till->payments[sim_between(sim, least, count - 1)]->order;
}

static struct m_payment *pick_payment(struct sim *sim,
                                      const struct m_order *order)
{
    struct m_payment *at = order->payments;
    int64_t count = m_payment_count(order);
    for (int64_t i = count ? sim_between(sim, 0, count - 1) : 0; i > 0; i--)
        at = at->next;
    return at;
}

/* What moves it on. */
static enum m_type likely(struct sim *sim, const struct m_payment *pay)
{
    struct m_money now = m_payment_now(pay);
    if (now.captured > now.refunded && sim_chance(sim, 40))
        return M_REFUND;
    if (now.authorized > 0)
        return sim_chance(sim, 75) ? M_CAPTURE : M_VOID;
    if (strcmp(now.state, "expired") == 0)
        return M_AUTHORIZE;
    return sim_chance(sim, 50) ? M_AUTHORIZE : M_CAPTURE;
}

void step_pay(struct sim *sim)
{
    int64_t deeds = sim_between(sim, 1, 4);
    if (sim_chance(sim, 15))
        card_work(sim);
    if (sim->model.order_count == 0 || sim->is_wrong)
        return;
    bool gives_back = sim_chance(sim, 35);
    struct m_order *order = gives_back ? pick_owing(sim) : pick_order(sim);
    for (int64_t i = 0; i < deeds && !sim->is_wrong; i++) {
        struct m_payment *pay = pick_payment(sim, order);
        if (sim_chance(sim, gives_back ? 80 : 5))
            sim_chance(sim, 50) ? refund_work(sim, order)
                                : return_work(sim, order);
        else if (!pay || sim_chance(sim, 20))
            pay_create(sim, order, sim_chance(sim, 30));
        else if (pay->is_asked && sim_chance(sim, 40))
            till_turn(sim, false);
        else if (!pay->is_asked && sim_chance(sim, 30))
            record(sim, pay);
        else if (sim_chance(sim, 80))
            step(sim, pay, likely(sim, pay));
        else
            step(sim, pay, (enum m_type)sim_between(sim, 0, M_REFUND));
        step_wait(sim);
    }
    if (!sim->is_wrong)
        check_gate(sim, order);
}

void step_asked(struct sim *sim)
{
    if (sim->model.order_count == 0 || sim->is_wrong)
        return;
    struct m_order *order = pick_asked(sim);
    bool is_new = !order && sim->till->payment_count < T_PAYMENTS;
    if (!order)
        order = pick_order(sim);
    if (is_new)
        pay_create(sim, order, true);
    for (int64_t i = sim_between(sim, 1, 5); i > 0 && !sim->is_wrong; i--) {
        struct m_payment *pay = pick_payment(sim, order);
        if (sim_chance(sim, 10))
            till_outside(sim);
        else if (sim_chance(sim, 40))
            till_turn(sim, false);
        else if (pay && pay->is_asked)
            step(sim, pay, likely(sim, pay));
        else if (sim_chance(sim, 20))
            refund_work(sim, order);
    }
    if (sim_chance(sim, 5) && !sim->is_wrong)
        step_settle(sim);
    step_wait(sim);
    if (!sim->is_wrong)
        check_gate(sim, order);
}
