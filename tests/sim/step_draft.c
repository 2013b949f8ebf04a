/* step_draft.c - drafts become orders, for companies that buy on account. */
#define WHARF_UNBANNED
#include "draft.h"

#include <stdio.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "goods.h"
#include "model_draft.h"
#include "pay.h"

static const char *const operations[D_EVENTS] = {
    "requestDraft", "approveDraft", "refuseDraft",  "sendDraft",
    "acceptDraft",  "declineDraft", "discardDraft", "convertDraft"};

static void put_amount(struct json_out *out, const char *key, int64_t minor)
{
    json_put_money(out, key, (money){minor, "EUR"});
}

static void add_company(struct sim *sim, struct m_deals *deals)
{
    struct json_out out;
    struct m_company company = {
        .limit =
            deals->company_count == 0 ? -1 : sim_between(sim, 50000, 900000),
        .approval_over =
            sim_chance(sim, 50) ? sim_between(sim, 1000, 90000) : -1};
    struct call *call = sim_begin(sim, "createCompany", &out);
    json_put_cstr(&out, "name", "A company");
    json_put_cstr(&out, "currency", "EUR");
    if (company.limit >= 0)
        put_amount(&out, "credit_limit", company.limit);
    if (company.approval_over >= 0)
        put_amount(&out, "approval_over", company.approval_over);
    sim_body(call, &out);
    sim_call(sim, call);
    if (sim_ended(sim, call, "")) {
        company.id = sim_id(call->json, "id", "cmp");
        deals->companies[deals->company_count++] = company;
    }
    call_close(call);
}

static bool compare(struct sim *sim, struct json_in *in,
                    const struct m_draft *draft)
{
    return sim_expect(
        sim,
        sim_id(in, "id", "drf") == draft->id &&
            sim_i64(in, "version") == draft->version &&
            pay_minor(in, "total") == draft->total &&
            sim_has_text(in, "state", m_draft_states[draft->state]),
        "%s: a draft of %lld must be %s at version %lld, and is "
        "of %lld at version %lld",
        draft->order.external, (long long)draft->total,
        m_draft_states[draft->state], (long long)draft->version,
        (long long)pay_minor(in, "total"), (long long)sim_i64(in, "version"));
}

/* ---- written down ---- */

/* An order as anybody's, with nothing wrong in it but for its stock. Whoever
 * asks for a price is told the taxes by the tables, which are empty here. */
static bool make(struct sim *sim, struct m_order *ret)
{
    order_make(sim, -1, ret);
    ret->has_wrong_total = ret->is_pickup = false;
    ret->pickup_at = -1;
    ret->fulfil_at = ret->sent_fulfil_at = 0;
    for (int i = 0; i < ret->line_count; i++) {
        ret->lines[i].tax = 0;
        if (ret->lines[i].sku < 0)
            return false;
    }
    return ret->channel >= 0 && sim->model.channels[ret->channel].is_active;
}

static void create(struct sim *sim, struct m_deals *deals)
{
    struct json_out out;
    struct m_order order;
    int company = (int)sim_between(sim, 0, deals->company_count);
    if (deals->draft_count == M_DRAFTS || !make(sim, &order))
        return;
    order.company = company;
    order.is_drafted = true;
    struct call *placing = order_call(sim, &order);
    struct call *call = sim_begin(sim, "createDraft", &out);
    if (company)
        json_put_id(&out, "company_id", "cmp",
                    deals->companies[company - 1].id);
    json_put_raw(&out, "order", placing->body);
    sim_body(call, &out);
    sim_call(sim, call);
    if (sim_ended(sim, call, "")) {
        struct m_draft *draft = arena_new(sim->model.arena, struct m_draft);
        *draft = (struct m_draft){.id = sim_id(call->json, "id", "drf"),
                                  .version = 1,
                                  .total = m_total(&order),
                                  .company = company,
                                  .order = order};
        draft->order.body = STR("{}");
        deals->drafts[deals->draft_count++] = draft;
        compare(sim, call->json, draft);
    }
    call_close(placing);
    call_close(call);
}

/* ---- steps ---- */

static void take_order(struct sim *sim, struct call *call,
                       struct m_draft *draft, struct m_order *kept)
{
    struct json_in *in, *page;
    if (!sim_expect(sim,
                    json_get_object(call->json, "draft", &in) == OK &&
                        json_get_object(call->json, "order", &page) == OK,
                    "%s: a draft without its order", draft->order.external))
        return;
    kept->id = sim_id(page, "id", "ord");
    sim_expect(sim, sim_id(in, "order_id", "ord") == kept->id,
               "%s: its draft became another order", kept->external);
    compare(sim, in, draft);
    goods_untracked(page, kept);
    order_compare(sim, page, kept);
    sim->orders++;
}

static void step(struct sim *sim, struct m_draft *draft,
                 enum m_draft_event event)
{
    struct json_out out;
    struct m_order *kept = NULL;
    bool is_new, is_stale = sim_chance(sim, 4);
    struct call *call = sim_begin(sim, operations[event], &out);
    sim_path(call, 0, "drf", draft->id);
    json_put_i64(&out, "version", draft->version + is_stale);
    if (event == D_REFUSE || event == D_DECLINE)
        json_put_cstr(&out, "reason", "too dear");
    if (event == D_SEND)
        json_put_time(&out, "valid_until", sim->now + INT64_C(25000000000));
    sim_body(call, &out);
    const char *code =
        is_stale ? "stale" : m_draft_why_not(&sim->model, draft, event);
    if (code[0] == '\0' && event == D_CONVERT)
        code =
            m_place_order(&sim->model, &draft->order, sim->now, &kept, &is_new);
    sim_call(sim, call);
    if (sim_ended(sim, call, code) && code[0] == '\0') {
        draft->state = m_draft_next(draft->state, event);
        draft->version++;
        if (kept)
            take_order(sim, call, draft, kept);
        else
            compare(sim, call->json, draft);
    }
    call_close(call);
}

/* Mostly one that may be taken. */
static enum m_draft_event pick_event(struct sim *sim,
                                     const struct m_draft *draft)
{
    enum m_draft_event event = D_CONVERT;
    for (int tries = 0; tries < 10; tries++) {
        event = (enum m_draft_event)sim_between(sim, 0, D_EVENTS - 1);
        bool is_end =
            event == D_REFUSE || event == D_DECLINE || event == D_DISCARD;
        if (m_draft_next(draft->state, event) != D_STATES &&
            (!is_end || sim_chance(sim, 20)))
            break;
    }
    return event;
}

void check_credit(struct sim *sim)
{
    struct m_deals *deals = m_deals_of(&sim->model);
    for (int i = 0; i < deals->company_count && !sim->is_wrong; i++) {
        int64_t owed = m_company_owes(&sim->model, i + 1);
        int64_t limit = deals->companies[i].limit;
        struct call *call = call_open("getCompanyCredit");
        sim_path(call, 0, "cmp", deals->companies[i].id);
        call->now = sim->now;
        place_calls(sim->place, &call, 1);
        if (sim_ended(sim, call, ""))
            sim_expect(sim,
                       pay_minor(call->json, "owed") == owed &&
                           (limit < 0 || pay_minor(call->json, "left") ==
                                             (owed < limit ? limit - owed : 0)),
                       "a company owes %lld and says %lld", (long long)owed,
                       (long long)pay_minor(call->json, "owed"));
        call_close(call);
    }
}

void step_draft(struct sim *sim)
{
    struct m_deals *deals = m_deals_of(&sim->model);
    while (deals->company_count < M_COMPANIES && !sim->is_wrong)
        add_company(sim, deals);
    for (int64_t i = sim_between(sim, 1, 6); i > 0 && !sim->is_wrong; i--) {
        int most = deals->draft_count - 1, least = most > 20 ? most - 20 : 0;
        if (most < 0 || sim_chance(sim, 35)) {
            create(sim, deals);
            continue;
        }
        struct m_draft *draft = deals->drafts[sim_between(sim, least, most)];
        step(sim, draft, pick_event(sim, draft));
    }
    if (!sim->is_wrong && sim_chance(sim, 20))
        check_credit(sim);
}

void drafts_tell(const struct sim *sim)
{
    int states[D_STATES] = {0};
    const struct m_deals *deals = sim->model.deals;
    for (int i = 0; deals && i < deals->draft_count; i++)
        states[deals->drafts[i]->state]++;
    printf("sim: drafts");
    for (int i = 0; i < D_STATES; i++)
        printf(" %s=%d", m_draft_states[i], states[i]);
    printf("\n");
}
