/* finance_journal.h - the journal: double entry of what was billed, paid, given
 * back and kept for buyers. Private to the room.
 *
 * It follows the event log: each document, transaction and credit entry has one
 * entry, whose debits are its credits (I19), in the order's currency. Entries
 * are only added.
 */
#ifndef WHARF_OMS_FINANCE_JOURNAL_H
#define WHARF_OMS_FINANCE_JOURNAL_H

#include "base/base.h"
#include "oms/ids.h"

struct event_list;
struct route_list;
struct verify_list;

ID_TYPE(journal_entry_id); /* "jrn_"; of what it is about. */

/* What an entry is about. Stored as numbers: append, never renumber. */
enum journal_kind {
    JOURNAL_INVOICE = 1,
    JOURNAL_CREDIT_NOTE = 2,
    JOURNAL_PAYMENT = 3,
    JOURNAL_GIFT_CARD = 4,
    JOURNAL_STORE_CREDIT = 5
};
/* Something that is to be entered. */
struct journal_fact {
    enum journal_kind kind;
    int64_t id, n;  /* Of the document; of the payment or account and which. */
    int64_t what;   /* enum payment_type, or enum credit_entry_kind. */
    order_id order; /* 0: of none. */
    str currency;
    utc_ms at;
    int64_t total, tax;
    int64_t tender; /* enum payment_tender; 0: none. */
    bool is_lost;   /* Its dispute was lost before. */
};
enum {
    JOURNAL_LINES = 3,
    JOURNAL_ACCOUNT_BYTES = 24,
    JOURNAL_DAY_MS = 24 * 60 * 60 * 1000
};
struct journal_line {
    char account[JOURNAL_ACCOUNT_BYTES];
    int64_t amount; /* Above 0 a debit, below a credit. */
};
/* Pure: the lines of a fact, none of 0; they sum to 0. None: there is nothing
 * to enter. */
size_t journal_lines_of(const struct journal_fact *fact,
                        struct journal_line ret[JOURNAL_LINES]);

extern const struct event_list journal_events;
extern const struct route_list journal_routes;
extern const struct verify_list journal_verify;

#define JOURNAL_CONSUMER "journal"

#endif
