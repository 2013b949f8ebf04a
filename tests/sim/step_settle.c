/* step_settle.c - a gateway says nothing until all that it was asked is stuck;
 * then a person looks into its book, and says what became of each call. */
#define WHARF_UNBANNED
#include <string.h>

#include "base/id.h"
#include "base/json.h"
#include "pay.h"
#include "till.h"

static int stuck_of(const struct m_payment *pay)
{
    for (int i = 0; i < pay->call_count; i++)
        if (strcmp(pay->calls[i].state, "stuck") == 0)
            return i;
    return -1;
}

/* Something of that kind was told as from outside: it may be this call. */
static bool may_be_told(const struct m_payment *pay, const struct m_call *call)
{
    for (int i = 0; i < pay->count; i++)
        if (pay->at[i].is_outside && pay->at[i].type == call->type)
            return true;
    return false;
}

static const char *look_up(struct sim *sim, const struct m_payment *pay,
                           const struct m_call *call)
{
    char reference[ID_TEXT_BYTES + 1];
    reference[id_to_text("gcl", call->id, reference)] = '\0';
    const struct t_deed *deed = till_deed(sim->till, reference);
    if (sim_chance(sim, 30))
        return "ask_again";
    if (!deed || deed->is_refused)
        return "not_done";
    return deed->amount == call->amount && !may_be_told(pay, call)
               ? "done"
               : "ask_again";
}

/* Only of what is stuck. */
static void settle(struct sim *sim, struct m_payment *pay, int at)
{
    struct json_out out;
    const struct m_call *call = &pay->calls[at];
    bool is_stuck = strcmp(call->state, "stuck") == 0;
    bool is_stale = sim_chance(sim, 5);
    const char *truth = look_up(sim, pay, call);
    struct call *ask = sim_begin(sim, "settlePayment", &out);
    sim_path(ask, 0, "pay", pay->id);
    json_put_i64(&out, "version", pay->version + is_stale);
    json_put_id(&out, "call", "gcl", call->id);
    json_put_cstr(&out, "truth", truth);
    sim_body(ask, &out);
    const char *code = is_stale ? "stale" : is_stuck ? "" : "call_not_stuck";
    if (code[0] == '\0' && strcmp(truth, "not_done") == 0)
        till_deny(sim, pay, call);
    sim_call(sim, ask);
    if (sim_ended(sim, ask, code) && code[0] == '\0') {
        till_sync(sim, pay);
        sim->till->settled++;
    }
    call_close(ask);
}

void step_settle(struct sim *sim)
{
    struct till *till = sim->till;
    till_fall_silent(sim);
    for (int i = 0; i < till->payment_count && !sim->is_wrong; i++) {
        struct m_payment *pay = till->payments[i];
        if (m_live_calls(pay) > 0) /* Who gives up tells nobody. */
            till_sync(sim, pay);
        if (stuck_of(pay) >= 0 && sim_chance(sim, 20))
            settle(sim, pay, (int)sim_between(sim, 0, pay->call_count - 1));
        while (!sim->is_wrong && stuck_of(pay) >= 0)
            settle(sim, pay, stuck_of(pay));
    }
}
