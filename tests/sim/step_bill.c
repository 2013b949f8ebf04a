/* step_bill.c - orders are invoiced and credited. */
#define WHARF_UNBANNED
#include "bill.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "goods.h"
#include "pay.h"

enum { SERIES = 2, NUMBERS = 8000, PAGE = 250 };

static const char *const rules[] = {NULL,   "hand", "confirm",
                                    "ship", "paid", "parcel"};

/* ---- rules ---- */

static void add_series(struct sim *sim, int n)
{
    struct json_out out;
    char text[16];
    struct call *call = sim_begin(sim, "createInvoiceSeries", &out);
    snprintf(text, sizeof(text), "S%d", n);
    json_put_cstr(&out, "code", text);
    json_put_cstr(&out, "name", "A series");
    snprintf(text, sizeof(text), "RE%d", n);
    json_put_cstr(&out, "prefix", text);
    snprintf(text, sizeof(text), "GS%d", n);
    json_put_cstr(&out, "credit_prefix", text);
    json_begin(&out, "seller");
    json_put_cstr(&out, "country", "DE");
    json_end_object(&out);
    sim_body(call, &out);
    sim_call(sim, call);
    if (sim_ended(sim, call, ""))
        sim->model.series_count++;
    call_close(call);
}

/* Each channel has one from then on. */
static void put_rule(struct sim *sim, struct m_channel *channel)
{
    struct json_out out;
    char code[8];
    int on = (int)sim_between(sim, M_BY_HAND, M_ON_PART);
    snprintf(code, sizeof(code), "S%d",
             (int)(channel - sim->model.channels) % SERIES);
    struct call *call = sim_begin(sim, "putInvoicing", &out);
    sim_path(call, 0, "chn", channel->id);
    json_put_i64(&out, "version", 0);
    json_put_cstr(&out, "series", code);
    json_put_cstr(&out, "issue_on", rules[on]);
    sim_body(call, &out);
    sim_call(sim, call);
    if (sim_ended(sim, call, ""))
        channel->bill_on = on;
    call_close(call);
}

/* ---- by hand ---- */

static bool is_invoice(struct sim *sim, struct json_in *in,
                       const struct m_order *order, const struct m_doc *doc)
{
    bool is_state = sim_has_text(in, "state", doc->state) ||
                    (doc->is_by_hand && sim_has_text(in, "state", "issued"));
    return sim_expect(sim,
                      sim_id(in, "order_id", "ord") == order->id && is_state &&
                          json_has(in, "number") &&
                          pay_minor(in, "total") == doc->total,
                      "%s: document %d must be an invoice of %lld that is %s, "
                      "and is of %lld",
                      order->external, doc->seq, (long long)doc->total,
                      doc->state, (long long)pay_minor(in, "total"));
}

static void take_draft(struct sim *sim, struct json_in *in,
                       struct m_order *order, int64_t total)
{
    if (!order->billing)
        order->billing = arena_new(sim->model.arena, struct m_billing);
    struct m_billing *billing = order->billing;
    int64_t id = sim_id(in, "id", "inv");
    sim_expect(sim,
               (billing->draft == 0 || billing->draft == id) &&
                   sim_has_text(in, "state", "draft") &&
                   !json_has(in, "number") && pay_minor(in, "total") == total,
               "%s: a draft must come to %lld and comes to %lld",
               order->external, (long long)total,
               (long long)pay_minor(in, "total"));
    billing->draft = id;
    billing->draft_version = sim_i64(in, "version");
}

static void create(struct sim *sim, struct m_order *order)
{
    struct json_out out;
    bool is_draft = sim_chance(sim, 30);
    int64_t total = m_bill_due(order);
    struct call *call = sim_begin(sim, "createInvoice", &out);
    sim_path(call, 0, "ord", order->id);
    if (is_draft)
        json_put_bool(&out, "draft", true);
    sim_body(call, &out);
    const char *code = sim->model.channels[order->channel].bill_on == 0
                           ? "no_invoicing"
                       : total == 0 ? "nothing_to_bill"
                                    : "";
    sim_call(sim, call);
    if (sim_ended(sim, call, code) && code[0] == '\0') {
        if (is_draft)
            take_draft(sim, call->json, order, total);
        else
            is_invoice(sim, call->json, order,
                       m_bill_by_hand(&sim->model, order));
    }
    call_close(call);
}

static void issue(struct sim *sim, struct m_order *order)
{
    struct json_out out;
    bool is_stale = sim_chance(sim, 10);
    struct m_billing *billing = order->billing;
    struct call *call = sim_begin(sim, "issueInvoice", &out);
    sim_path(call, 0, "inv", billing->draft);
    json_put_i64(&out, "version", billing->draft_version + is_stale);
    sim_body(call, &out);
    const char *code = is_stale                 ? "stale"
                       : m_bill_due(order) == 0 ? "nothing_to_bill"
                                                : "";
    sim_call(sim, call);
    if (sim_ended(sim, call, code) && code[0] == '\0')
        is_invoice(sim, call->json, order, m_bill_by_hand(&sim->model, order));
    call_close(call);
}

void step_bill(struct sim *sim)
{
    struct model *model = &sim->model;
    step_wait(sim); /* What was before a rule is looked at without it. */
    place_drain(sim->place);
    while (model->series_count < SERIES && !sim->is_wrong)
        add_series(sim, model->series_count);
    for (int i = 0; i < model->channel_count && !sim->is_wrong; i++)
        if (model->channels[i].bill_on == 0)
            put_rule(sim, &model->channels[i]);
    if (sim->is_wrong || model->order_count == 0)
        return;
    struct m_order *order =
        model->orders[sim_between(sim, 0, (int64_t)model->order_count - 1)];
    for (int64_t i = sim_between(sim, 1, 3); i > 0 && !sim->is_wrong; i--) {
        if (order->billing && order->billing->draft && sim_chance(sim, 50))
            issue(sim, order);
        else
            create(sim, order);
    }
    if (!sim->is_wrong)
        check_bills(sim, order);
}

/* ---- by itself ---- */

void bills_due(struct sim *sim)
{
    for (size_t i = 0; i < sim->model.order_count; i++)
        m_bill_follow(&sim->model, sim->model.orders[i]);
}

/* ---- checks ---- */

static struct call *read_page(struct sim *sim, const char *operation,
                              const char *query)
{
    struct call *call = call_open(operation);
    call->query = query;
    call->now = sim->now;
    place_calls(sim->place, &call, 1);
    return call;
}

/* Its invoices, newest first. */
void check_bills(struct sim *sim, const struct m_order *order)
{
    char query[80], id[ID_TEXT_BYTES];
    struct json_list list = {0};
    struct json_in *in;
    const struct m_billing *billing = order->billing;
    const struct m_doc *doc = billing ? billing->docs : NULL;
    int len = (int)id_to_text("ord", order->id, id);
    snprintf(query, sizeof(query), "limit=250&order=%.*s", len, id);
    struct call *call = read_page(sim, "listInvoices", query);
    if (sim_ended(sim, call, ""))
        sim_expect(sim,
                   json_get_list(call->json, "items", 0, PAGE, &list) == OK,
                   "%s: no invoices", order->external);
    for (size_t i = 0; i < list.count && !sim->is_wrong; i++) {
        if (json_list_object(&list, i, &in) != OK ||
            (billing && sim_id(in, "id", "inv") == billing->draft))
            continue;
        while (doc && doc->is_credit)
            doc = doc->next;
        if (sim_expect(sim, doc, "%s: has an invoice of %lld too many",
                       order->external, (long long)pay_minor(in, "total")) &&
            is_invoice(sim, in, order, doc))
            doc = doc->next;
    }
    while (doc && doc->is_credit)
        doc = doc->next;
    if (!sim->is_wrong)
        sim_expect(sim, !doc, "%s: has no invoice of %lld", order->external,
                   (long long)(doc ? doc->total : 0));
    call_close(call);
}

struct tally {
    const char *operation, *prefix;
    bool is_credit;
    bool is_seen[SERIES][NUMBERS];
    int64_t count, sum;
};

/* As "RE1-17". */
static void take_number(struct sim *sim, struct tally *tally,
                        struct json_in *in)
{
    str number = STR_NONE;
    int series = -1;
    long long n = 0;
    char text[40] = "";
    if (json_opt_str(in, "number", 1, 30, &number) != OK || number.len == 0)
        return; /* A draft. */
    snprintf(text, sizeof(text), "%.*s", STR_ARG(number));
    bool is_read = sscanf(text + 2, "%d-%lld", &series, &n) == 2 &&
                   series >= 0 && series < SERIES && n > 0 && n < NUMBERS;
    if (!sim_expect(sim, is_read && !tally->is_seen[series][n],
                    "%s is no number, or is given twice", text))
        return;
    tally->is_seen[series][n] = true;
    tally->count++;
    tally->sum += pay_minor(in, "total");
}

static void read_all(struct sim *sim, struct tally *tally)
{
    char query[80] = "limit=250", id[ID_TEXT_BYTES];
    size_t count = PAGE;
    while (count == PAGE && !sim->is_wrong) {
        struct json_list list = {0};
        struct json_in *in = NULL;
        struct call *call = read_page(sim, tally->operation, query);
        if (sim_ended(sim, call, ""))
            sim_expect(sim,
                       json_get_list(call->json, "items", 0, PAGE, &list) == OK,
                       "%s: no items", tally->operation);
        count = list.count;
        for (size_t i = 0; i < count && !sim->is_wrong; i++)
            if (json_list_object(&list, i, &in) == OK)
                take_number(sim, tally, in);
        if (in) {
            int len = (int)id_to_text(tally->prefix,
                                      sim_id(in, "id", tally->prefix), id);
            snprintf(query, sizeof(query), "limit=250&after=%.*s", len, id);
        }
        call_close(call);
    }
}

static void check_tally(struct sim *sim, struct tally *tally)
{
    int64_t count = 0, sum = 0;
    read_all(sim, tally);
    for (size_t i = 0; i < sim->model.order_count; i++) {
        const struct m_billing *at = sim->model.orders[i]->billing;
        for (const struct m_doc *d = at ? at->docs : NULL; d; d = d->next) {
            count += d->is_credit == tally->is_credit;
            sum += d->is_credit == tally->is_credit ? d->total : 0;
        }
    }
    sim_expect(sim, tally->count == count && tally->sum == sum,
               "%s: %lld documents come to %lld and must be %lld that come to "
               "%lld",
               tally->operation, (long long)tally->count, (long long)tally->sum,
               (long long)count, (long long)sum);
    for (int i = 0; i < SERIES; i++)
        for (int n = 2; n < NUMBERS; n++)
            sim_expect(sim, !tally->is_seen[i][n] || tally->is_seen[i][n - 1],
                       "%s: number %d of a series is missing", tally->operation,
                       n - 1);
}

void check_numbers(struct sim *sim)
{
    static struct tally invoices, notes;
    invoices = (struct tally){.operation = "listInvoices", .prefix = "inv"};
    notes = (struct tally){
        .operation = "listCreditNotes", .prefix = "crn", .is_credit = true};
    check_tally(sim, &invoices);
    if (!sim->is_wrong)
        check_tally(sim, &notes);
}

void bill_tell(const struct sim *sim)
{
    int invoices = 0, notes = 0;
    for (size_t i = 0; i < sim->model.order_count; i++) {
        const struct m_billing *at = sim->model.orders[i]->billing;
        for (const struct m_doc *d = at ? at->docs : NULL; d; d = d->next)
            d->is_credit ? notes++ : invoices++;
    }
    printf("sim: invoices=%d credits=%d\n", invoices, notes);
}
