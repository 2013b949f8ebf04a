/* finance_journal_lines.c - which accounts a fact goes to. Pure. */
#include "oms/finance/finance_journal.h"
#include "oms/payment/payment.h"
#include "oms/payment/payment_credit.h"

static void put(struct journal_line *lines, size_t *count, const char *account,
                const char *part, int64_t amount)
{
    if (amount == 0)
        return;
    struct journal_line *line = &lines[(*count)++];
    (void)snprintf(line->account, sizeof line->account, "%s%s", account, part);
    line->amount = amount;
}

/* Where the money of a tender is: with us, or it is what we keep for buyers. */
static void put_tender(struct journal_line *lines, size_t *count,
                       int64_t tender, int64_t amount)
{
    switch ((enum payment_tender)tender) {
    case TENDER_CARD: put(lines, count, "money:", "card", amount); return;
    case TENDER_CASH: put(lines, count, "money:", "cash", amount); return;
    case TENDER_INVOICE: put(lines, count, "money:", "invoice", amount); return;
    case TENDER_EXTERNAL:
        put(lines, count, "money:", "external", amount);
        return;
    case TENDER_GIFT_CARD:
        put(lines, count, "credit:", "gift_card", amount);
        return;
    case TENDER_STORE_CREDIT:
        put(lines, count, "credit:", "store_credit", amount);
        return;
    }
    UNREACHABLE("put_tender: every tender is named above");
}

static size_t of_bill(const struct journal_fact *fact, int64_t sign,
                      struct journal_line *ret)
{
    size_t count = 0;
    put(ret, &count, "receivables", "", sign * fact->total);
    put(ret, &count, "sales", "", -sign * (fact->total - fact->tax));
    put(ret, &count, "taxes", "", -sign * fact->tax);
    return count;
}

/* What a dispute took that was lost is no more owed by the buyer. */
static size_t of_payment(const struct journal_fact *fact,
                         struct journal_line *ret)
{
    size_t count = 0;
    bool is_in = fact->what == PAYMENT_CAPTURE ||
                 fact->what == PAYMENT_CHARGEBACK_REVERSED;
    int64_t amount = is_in ? fact->total : -fact->total;
    if (fact->what == PAYMENT_DISPUTE_LOST && fact->is_lost)
        return 0;
    if (fact->what == PAYMENT_DISPUTE_LOST) {
        put(ret, &count, "losses", "", fact->total);
        put(ret, &count, "receivables", "", -fact->total);
        return count;
    }
    put_tender(ret, &count, fact->tender, amount);
    put(ret, &count, fact->is_lost ? "losses" : "receivables", "", -amount);
    return count;
}

/* What a refund gives as store credit leaves the money where it is: the refund
 * of the payment took it off there. */
static size_t of_credit(const struct journal_fact *fact, const char *account,
                        struct journal_line *ret)
{
    size_t count = 0;
    if (fact->what == CREDIT_REFUNDED && fact->tender)
        put_tender(ret, &count, fact->tender, fact->total);
    else
        put(ret, &count, "credit_given", "", fact->total);
    put(ret, &count, "credit:", account, -fact->total);
    return count;
}

size_t journal_lines_of(const struct journal_fact *fact,
                        struct journal_line ret[JOURNAL_LINES])
{
    switch (fact->kind) {
    case JOURNAL_INVOICE: return of_bill(fact, 1, ret);
    case JOURNAL_CREDIT_NOTE: return of_bill(fact, -1, ret);
    case JOURNAL_PAYMENT: return of_payment(fact, ret);
    case JOURNAL_GIFT_CARD: return of_credit(fact, "gift_card", ret);
    case JOURNAL_STORE_CREDIT: return of_credit(fact, "store_credit", ret);
    }
    UNREACHABLE("journal_lines_of: every kind is named above");
}
