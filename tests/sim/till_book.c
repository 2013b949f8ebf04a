/* till_book.c - what the gateway does when it is asked, and by itself. */
#define WHARF_UNBANNED
#include <stdio.h>
#include <string.h>

#include "base/id.h"
#include "till.h"

int64_t till_sum(const struct till *till, int64_t payment, enum m_type type)
{
    int64_t sum = 0;
    for (int i = 0; i < till->count; i++) {
        const struct t_deed *deed = &till->deeds[i];
        if (deed->payment == payment && deed->type == type && !deed->is_refused)
            sum += deed->amount;
    }
    return sum;
}

/* How much of it there may be; what was never promised is sold as asked. */
static int64_t room_of(const struct till *till, int64_t payment,
                       enum m_type type)
{
    int64_t promised = till_sum(till, payment, M_AUTHORIZE);
    int64_t taken = till_sum(till, payment, M_CAPTURE);
    int64_t disputed = till_sum(till, payment, M_CHARGEBACK) -
                       till_sum(till, payment, M_REVERSED);
    switch (type) {
    case M_CAPTURE:
    case M_VOID:
        if (promised == 0)
            return INT64_MAX;
        return promised - taken - till_sum(till, payment, M_VOID);
    case M_REFUND: return taken - till_sum(till, payment, M_REFUND) - disputed;
    case M_CHARGEBACK: return taken - disputed;
    case M_REVERSED: return disputed;
    case M_AUTHORIZE: return INT64_MAX;
    case M_EXPIRE:
    case M_FAIL:
    case M_TYPES: break;
    }
    return 0;
}

static void put_deed(const struct till *till, int at, bool is_pending,
                     struct buf *ret)
{
    const struct t_deed *deed = &till->deeds[at];
    const char *status = deed->is_refused ? "refused"
                         : is_pending     ? "pending"
                                          : "done";
    buf_addf(ret, "%s %s %s D%06d %lld", status, m_type_names[deed->type],
             deed->reference, at + 1, (long long)deed->amount);
}

void till_tell(const struct till *till, int deed, struct buf *ret)
{
    put_deed(till, deed, false, ret);
    buf_addf(ret, " %lld", (long long)till->deeds[deed].payment);
}

/* Some of what it did it tells by itself: soon, or when nobody waits for it. */
static void tell_later(struct sim *sim, int deed)
{
    struct till *till = sim->till;
    for (int i = 0; i < T_TOLD; i++)
        if (till->told[i].at == 0) {
            till->told[i].deed = deed;
            till->told[i].at = till->wire.now + sim_between(sim, 1, 300000);
            return;
        }
}

static int note(struct sim *sim, struct t_deed deed)
{
    struct till *till = sim->till;
    ASSERT(till->count < T_DEEDS);
    till->deeds[till->count] = deed;
    return till->count++;
}

const struct t_deed *till_deed(const struct till *till, const char *reference)
{
    for (int i = 0; i < till->count; i++)
        if (strcmp(till->deeds[i].reference, reference) == 0)
            return &till->deeds[i];
    return NULL;
}

void till_deny(struct sim *sim, const struct m_payment *pay,
               const struct m_call *call)
{
    struct t_deed deed = {.type = call->type,
                          .is_refused = true,
                          .payment = pay->id,
                          .amount = call->amount};
    deed.reference[id_to_text("gcl", call->id, deed.reference)] = '\0';
    if (!till_deed(sim->till, deed.reference))
        (void)note(sim, deed);
}

static int list(struct sim *sim, int64_t payment, struct buf *ret)
{
    buf_add_cstr(ret, "ok");
    for (int i = 0; i < sim->till->count; i++) {
        if (sim->till->deeds[i].payment != payment)
            continue;
        buf_add_char(ret, '\n');
        put_deed(sim->till, i, sim_chance(sim, 5), ret);
    }
    return 200;
}

static enum m_type type_of(const char *op)
{
    for (int i = 0; i < M_TYPES; i++)
        if (strcmp(m_type_names[i], op) == 0)
            return (enum m_type)i;
    return M_TYPES;
}

int till_house(struct sim *sim, const char *body, bool is_willing,
               struct buf *ret)
{
    char op[24] = "";
    long long payment = 0, amount = 0;
    struct t_deed deed = {.amount = 0};
    (void)sscanf(body, "%23s %31s %lld %lld", op, deed.reference, &payment,
                 &amount);
    if (strcmp(op, "lookup") == 0)
        return list(sim, payment, ret);
    deed.type = type_of(op);
    deed.payment = payment;
    deed.amount = amount;
    for (int i = 0; i < sim->till->count; i++)
        sim_expect(sim,
                   strcmp(sim->till->deeds[i].reference, deed.reference) != 0 ||
                       sim->till->deeds[i].is_refused,
                   "I15: a gateway was asked twice to %s %lld for %s", op,
                   amount, deed.reference);
    deed.is_refused =
        !is_willing || amount > room_of(sim->till, payment, deed.type);
    /* It may take less than it was asked for. */
    if (deed.type == M_CAPTURE && amount > 1 && sim_chance(sim, 4))
        deed.amount = sim_between(sim, 1, amount - 1);
    int at = note(sim, deed);
    if (sim_chance(sim, 40))
        tell_later(sim, at);
    buf_add_cstr(ret, "ok\n");
    put_deed(sim->till, at, false, ret);
    return deed.is_refused ? 422 : 200;
}

void till_outside(struct sim *sim)
{
    static const enum m_type types[] = {M_REFUND, M_CHARGEBACK, M_CHARGEBACK,
                                        M_REVERSED};
    const struct till *till = sim->till;
    if (till->payment_count == 0)
        return;
    struct t_deed deed = {
        .type = types[sim_between(sim, 0, COUNT_OF(types) - 1)],
        .payment =
            till->payments[sim_between(sim, 0, till->payment_count - 1)]->id,
        .reference = "-"};
    int64_t room = room_of(till, deed.payment, deed.type);
    if (room <= 0)
        return;
    deed.amount = sim_chance(sim, 50) ? room : sim_between(sim, 1, room);
    tell_later(sim, note(sim, deed));
}
