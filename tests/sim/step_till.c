/* step_till.c - payments on the gateway as the house shows them.
 *
 * What the house learnt of one is taken over only where the gateway's book has
 * it, and once.
 */
#define WHARF_UNBANNED
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "model_refund.h"
#include "pay.h"
#include "till.h"

struct m_payment *till_payment(const struct till *till, int64_t id)
{
    for (int i = 0; i < till->payment_count; i++)
        if (till->payments[i]->id == id)
            return till->payments[i];
    return NULL;
}

static void copy(struct json_in *in, const char *key, char *ret, size_t size)
{
    str text = STR_NONE;
    bool is_there = json_opt_str(in, key, 0, 100, &text) == OK;
    snprintf(ret, size, "%.*s", is_there ? (int)text.len : 0,
             text.len ? text.ptr : "");
}

static enum m_type type_of(struct json_in *in)
{
    char name[24];
    copy(in, "type", name, sizeof(name));
    for (int i = 0; i < M_TYPES; i++)
        if (strcmp(name, m_type_names[i]) == 0)
            return (enum m_type)i;
    return M_TYPES;
}

/* ---- transactions ---- */

/* Its key is our reference, or the gateway's own id where nobody asked. */
static bool is_of(const struct till *till, int at, const char *event)
{
    char id[16];
    const struct t_deed *deed = &till->deeds[at];
    snprintf(id, sizeof(id), "D%06d", at + 1);
    return strcmp(event,
                  strcmp(deed->reference, "-") == 0 ? id : deed->reference) ==
           0;
}

/* The deed must be there, and no transaction before this may be of it. */
static bool is_true(const struct till *till, const struct m_payment *pay,
                    const struct m_transaction *tx)
{
    for (int i = 0; i < pay->count; i++)
        if (strcmp(pay->at[i].event, tx->event) == 0)
            return false;
    if (tx->type == M_FAIL && tx->amount != 0)
        return false;
    for (int i = 0; i < till->count; i++) {
        const struct t_deed *deed = &till->deeds[i];
        if (deed->payment != pay->id || !is_of(till, i, tx->event))
            continue;
        if (tx->type == M_FAIL)
            return deed->is_refused;
        return !deed->is_refused && deed->type == tx->type &&
               deed->amount == tx->amount;
    }
    return false;
}

static void take_new(struct sim *sim, struct m_payment *pay, struct json_in *in)
{
    char origin[12];
    struct m_transaction tx = {.type = type_of(in),
                               .amount = pay_minor(in, "amount")};
    copy(in, "origin", origin, sizeof(origin));
    copy(in, "event_id", tx.event, sizeof(tx.event));
    tx.is_outside = strcmp(origin, "outside") == 0;
    if (sim_expect(sim, is_true(sim->till, pay, &tx),
                   "%s: its payment says %s %lld (%s), which its gateway did "
                   "not do, or which it said before",
                   pay->order->external,
                   tx.type < M_TYPES ? m_type_names[tx.type] : "?",
                   (long long)tx.amount, tx.event))
        m_pay_note(&sim->model, pay, &tx);
}

/* ---- calls ---- */

static bool is_live(const char *state)
{
    return strcmp(state, "done") != 0 && strcmp(state, "refused") != 0 &&
           strcmp(state, "cancelled") != 0;
}

/* The part of a refund that it was asked for is over, too. */
static void end_part(struct m_payment *pay, const struct m_call *call)
{
    const char *state = strcmp(call->state, "done") == 0      ? "succeeded"
                        : strcmp(call->state, "refused") == 0 ? "failed"
                                                              : "cancelled";
    int64_t id;
    if (!id_from_text("rfd", str_from_cstr(call->step), &id))
        return;
    for (struct m_refund *at = pay->order->refunds; at; at = at->next)
        for (int i = 0; i < at->part_count && at->id == id; i++)
            if (at->parts[i].pay == pay &&
                strcmp(at->parts[i].state, "pending") == 0) {
                at->parts[i].state = state;
                m_refund_fold(at);
                at->version++;
            }
}

static void take_call(struct sim *sim, struct m_payment *pay, int at,
                      struct json_in *in)
{
    struct m_call now = {.id = sim_id(in, "id", "gcl"),
                         .type = type_of(in),
                         .amount = pay_minor(in, "amount")};
    copy(in, "state", now.state, sizeof(now.state));
    copy(in, "reference", now.step, sizeof(now.step));
    now.is_live = is_live(now.state);
    if (at == pay->call_count)
        m_call_add(&sim->model, pay, &now);
    struct m_call *was = &pay->calls[at];
    bool ends = was->is_live && !now.is_live;
    if (!sim_expect(sim,
                    was->id == now.id && was->type == now.type &&
                        was->amount == now.amount &&
                        (was->is_live || !now.is_live),
                    "%s: a call to %s %lld is another, or begins anew",
                    pay->order->external, m_type_names[was->type],
                    (long long)was->amount))
        return;
    *was = now;
    if (ends)
        end_part(pay, was);
}

/* What was done has its transaction, what was refused or withdrawn has none
 * that moves money. */
static void check_call(struct sim *sim, const struct m_payment *pay,
                       const struct m_call *call)
{
    char reference[ID_TEXT_BYTES + 1];
    bool is_told = false, is_failed = false;
    reference[id_to_text("gcl", call->id, reference)] = '\0';
    for (int i = 0; i < pay->count; i++)
        if (strcmp(pay->at[i].event, reference) == 0) {
            is_told |= pay->at[i].type == call->type;
            is_failed |= pay->at[i].type == M_FAIL;
        }
    sim_expect(sim,
               is_told == (strcmp(call->state, "done") == 0) &&
                   is_failed == (strcmp(call->state, "refused") == 0),
               "%s: a call to %s %lld is %s, and its payment says %s",
               pay->order->external, m_type_names[call->type],
               (long long)call->amount, call->state,
               is_told     ? "that it was done"
               : is_failed ? "that it was refused"
                           : "nothing of it");
}

/* ---- all of it ---- */

static void take_lists(struct sim *sim, struct m_payment *pay,
                       struct json_in *in)
{
    struct json_list done, calls;
    struct json_in *at;
    if (!sim_expect(
            sim,
            json_get_list(in, "transactions", 0, M_TRANSACTIONS * 2, &done) ==
                    OK &&
                json_get_list(in, "calls", 0, M_TRANSACTIONS * 2, &calls) == OK,
            "a payment cannot be read"))
        return;
    for (size_t i = (size_t)pay->count; i < done.count && !sim->is_wrong; i++)
        if (json_list_object(&done, i, &at) == OK)
            take_new(sim, pay, at);
    sim_expect(sim, (int)calls.count >= pay->call_count,
               "%s: its payment forgot what was asked", pay->order->external);
    for (size_t i = 0; i < calls.count && !sim->is_wrong; i++)
        if (json_list_object(&calls, i, &at) == OK)
            take_call(sim, pay, (int)i, at);
    for (int i = 0; i < pay->call_count && !sim->is_wrong; i++)
        check_call(sim, pay, &pay->calls[i]);
}

void till_take(struct sim *sim, struct m_payment *pay, struct json_in *in)
{
    struct m_money before = m_order_money(pay->order);
    int64_t version = sim_i64(in, "version");
    if (!sim_expect(sim, version >= pay->version,
                    "%s: its payment went back from version %lld to %lld",
                    pay->order->external, (long long)pay->version,
                    (long long)version))
        return;
    take_lists(sim, pay, in);
    pay->version = version;
    if (!sim->is_wrong && pay_compare(sim, in, pay))
        pay_follow(sim, pay->order, &before);
}

void till_sync(struct sim *sim, struct m_payment *pay)
{
    if (!sim_expect(sim, pay, "a gateway is asked for a payment of nobody"))
        return;
    struct call *call = call_open("getPayment");
    sim_path(call, 0, "pay", pay->id);
    call->now = sim->now;
    place_calls(sim->place, &call, 1);
    if (sim_ended(sim, call, ""))
        till_take(sim, pay, call->json);
    call_close(call);
}

/* ---- in the end ---- */

static void check_one(struct sim *sim, const struct m_payment *pay)
{
    const struct till *till = sim->till;
    for (int i = 0; i < pay->call_count; i++)
        sim_expect(sim, !pay->calls[i].is_live,
                   "%s: nobody knows yet whether its gateway did %s %lld",
                   pay->order->external, m_type_names[pay->calls[i].type],
                   (long long)pay->calls[i].amount);
    for (int type = 0; type < M_EXPIRE; type++) {
        int64_t booked = till_sum(till, pay->id, (enum m_type)type), said = 0;
        for (int i = 0; i < pay->count; i++)
            said += (int)pay->at[i].type == type ? pay->at[i].amount : 0;
        sim_expect(sim, booked == said,
                   "%s: its gateway did %s %lld, and its payment says %lld",
                   pay->order->external, m_type_names[type], (long long)booked,
                   (long long)said);
    }
}

void check_till(struct sim *sim)
{
    till_turn(sim, true);
    for (int i = 0; i < sim->till->payment_count && !sim->is_wrong; i++)
        check_one(sim, sim->till->payments[i]);
}
