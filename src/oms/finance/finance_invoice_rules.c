/* finance_invoice_rules.c - states of an invoice, and what is due of an order.
 * Pure. */
#include "base/machine.h"
#include "base/str.h"
#include "oms/finance/finance_invoice.h"

const char *const invoice_on_names[INVOICE_ON_PARCEL] = {
    "hand", "confirm", "ship", "paid", "parcel"};

static const char *const states[] = {"draft", "issued", "paid", "credited"};
static const char *const events[] = {"draft", "issue", "pay", "credit"};
static const struct machine_move moves[] = {
    {INVOICE_NONE,   INVOICE_EVENT_DRAFT,  INVOICE_DRAFT   },
    {INVOICE_NONE,   INVOICE_EVENT_ISSUE,  INVOICE_ISSUED  },
    {INVOICE_DRAFT,  INVOICE_EVENT_DRAFT,  INVOICE_DRAFT   },
    {INVOICE_DRAFT,  INVOICE_EVENT_ISSUE,  INVOICE_ISSUED  },
    {INVOICE_ISSUED, INVOICE_EVENT_PAY,    INVOICE_PAID    },
    {INVOICE_ISSUED, INVOICE_EVENT_CREDIT, INVOICE_CREDITED},
    {INVOICE_PAID,   INVOICE_EVENT_CREDIT, INVOICE_CREDITED},
};
const struct machine invoice_machine = {
    .states = states,
    .events = events,
    .state_count = COUNT_OF(states),
    .event_count = COUNT_OF(events),
    .moves = moves,
    .move_count = COUNT_OF(moves),
    .slug = "invoice_state",
    .field = "state",
    .noun = "invoice",
    .unasked = 1U << INVOICE_EVENT_PAY | 1U << INVOICE_EVENT_CREDIT,
};

static struct bill_part billed_of(const struct bill_part *billed, size_t count,
                                  int64_t n)
{
    for (size_t i = 0; i < count; i++)
        if (billed[i].n == n)
            return billed[i];
    return (struct bill_part){.n = n};
}

/* Whether a difference goes into an invoice: more is owed, or free units came
 * to it. */
static bool is_more(const struct bill_part *part)
{
    return part->total > 0 || (part->total == 0 && part->qty > 0);
}

static bool is_nothing(const struct bill_part *part)
{
    return part->qty == 0 && part->tax == 0 && part->total == 0;
}

size_t bill_parts_due(const struct bill_part *worth, size_t count,
                      const struct bill_part *billed, size_t billed_count,
                      enum bill_kind kind, struct bill_part *ret)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        struct bill_part had = billed_of(billed, billed_count, worth[i].n);
        struct bill_part due = {worth[i].n, worth[i].qty - had.qty,
                                worth[i].tax - had.tax,
                                worth[i].total - had.total};
        if (is_nothing(&due))
            continue;
        bool is_invoiced = billed_count == 0 || is_more(&due);
        if (is_invoiced != (kind == BILL_INVOICE))
            continue;
        if (kind == BILL_CREDIT)
            due = (struct bill_part){due.n, -due.qty, -due.tax, -due.total};
        ret[n++] = due;
    }
    return n;
}
