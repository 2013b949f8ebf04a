/* finance_journal_store.h - entries of the journal as they are read. Private to
 * the room. */
#ifndef WHARF_OMS_FINANCE_JOURNAL_STORE_H
#define WHARF_OMS_FINANCE_JOURNAL_STORE_H

#include "oms/finance/finance_journal.h"

struct journal_row {
    str account;
    int64_t debit, credit; /* One of them is 0. */
};
struct journal_entry {
    journal_entry_id id;
    enum journal_kind kind;
    int64_t source, source_n, what;
    order_id order;
    char currency[4];
    utc_ms at;
    struct journal_row *lines;
    size_t line_count;
};
/* "invoice", "capture", "credit_issued", … */
const char *journal_about(const struct journal_entry *entry);

struct journal_query {
    journal_entry_id before; /* 0: the newest. */
    order_id order;          /* 0: all. */
    utc_ms from, to;         /* Of `at`; `to` is not in it. */
    size_t limit;
};
/* Newest first, by `at`. */
MUST_USE err_t journal_list(struct ctx *ctx, const struct journal_query *query,
                            struct journal_entry **ret, size_t *ret_count);

/* What an account was moved by before a moment. */
struct journal_balance {
    char currency[4];
    str account;
    int64_t debit, credit;
};
/* By currency and account; currency "": all. */
MUST_USE err_t journal_balances(struct ctx *ctx, const char *currency,
                                utc_ms at, struct journal_balance **ret,
                                size_t *ret_count);

#endif
