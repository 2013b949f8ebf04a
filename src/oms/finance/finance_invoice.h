/* finance_invoice.h - invoices: what an order is worth, as a document with a
 * number of its own. Private to the room.
 *
 * Whatever an order is worth and was not billed yet goes into an invoice; what
 * was billed and is not owed any more goes into a credit note. All documents of
 * an order come to what it was worth when the last one was issued.
 */
#ifndef WHARF_OMS_FINANCE_INVOICE_H
#define WHARF_OMS_FINANCE_INVOICE_H

#include "oms/finance/finance.h"
#include "oms/order/order.h"

struct event_list;
struct json_out;
struct machine;
struct route_list;
struct verify_list;

/* Stored as numbers: append, never renumber. */
enum invoice_state {
    INVOICE_NONE = 0,
    INVOICE_DRAFT = 1,
    INVOICE_ISSUED = 2,
    INVOICE_PAID = 3,
    INVOICE_CREDITED = 4 /* All that was billed is given back. */
};
enum invoice_event {
    INVOICE_EVENT_DRAFT = 1,
    INVOICE_EVENT_ISSUE,
    INVOICE_EVENT_PAY,
    INVOICE_EVENT_CREDIT
};
enum invoice_on {
    INVOICE_BY_HAND = 1,
    INVOICE_ON_CONFIRM = 2,
    INVOICE_ON_SHIP = 3,
    INVOICE_ON_PAID = 4,
    INVOICE_ON_PARCEL = 5 /* What left, each time something does. */
};
enum bill_kind { BILL_INVOICE = 1, BILL_CREDIT = 2 };

struct invoice_series {
    invoice_series_id id;
    str code, name, prefix, credit_prefix;
    int64_t next, credit_next;
    str seller; /* JSON: who issues. */
    int64_t version;
    utc_ms created_at;
};
struct invoice_rule {
    channel_id channel;
    invoice_series_id series;
    enum invoice_on on;
    int64_t version; /* 0: there is none. */
};
struct invoice {
    invoice_id id;
    order_id order;
    channel_id channel;
    invoice_series_id series;
    str number; /* Empty: a draft. */
    enum invoice_state state;
    char currency[4];
    int64_t tax, total;
    utc_ms issued_at;
    int64_t version;
    utc_ms created_at, updated_at;
    str doc; /* All it says. */
};
/* A part of an order's worth: a line, or one of these. */
enum { PART_CHARGES = 0, PART_ALLOWANCE = -1 };
struct bill_part {
    int64_t n, qty, tax, total;
};

/* ---- rules (pure) ---- */

extern const struct machine invoice_machine;
extern const char *const invoice_on_names[INVOICE_ON_PARCEL];
/* What it is worth now by part, or what of it left; line_count + 2 of them.
 * Shipping, fees and goodwill go with the last that leaves, and stay with it
 * where they were billed. */
size_t bill_parts_of(const struct order *order, bool is_what_left,
                     bool has_charges, struct bill_part *ret);
/* What is to be billed (or credited, positive) of it, where so much was billed
 * before. The first invoice takes all there is, goodwill, too. */
size_t bill_parts_due(const struct bill_part *worth, size_t count,
                      const struct bill_part *billed, size_t billed_count,
                      enum bill_kind kind, struct bill_part *ret);
bool invoice_fires(const struct order *order, enum invoice_on on);
bool invoice_is_paid(const struct order *order);

/* ---- rows ---- */

MUST_USE err_t invoice_series_get(struct ctx *ctx, invoice_series_id id,
                                  struct invoice_series *ret);
MUST_USE err_t invoice_series_find(struct ctx *ctx, str code,
                                   struct invoice_series *ret, bool *found);
MUST_USE err_t invoice_series_list(struct ctx *ctx, int64_t after, size_t limit,
                                   struct invoice_series **ret,
                                   size_t *ret_count);
MUST_USE err_t invoice_rules_all(struct ctx *ctx, struct invoice_rule **ret,
                                 size_t *ret_count);
MUST_USE err_t invoice_rule_get(struct ctx *ctx, channel_id channel,
                                struct invoice_rule *ret);
MUST_USE err_t invoice_get(struct ctx *ctx, invoice_id id, struct invoice *ret);
/* Newest first, below `before`; of one order where that is not 0. */
MUST_USE err_t invoice_list(struct ctx *ctx, order_id order, invoice_id before,
                            size_t limit, struct invoice **ret,
                            size_t *ret_count);
MUST_USE err_t invoice_insert(struct ctx *ctx, const struct invoice *invoice);
/* A draft, written anew or issued; raises the version. */
MUST_USE err_t invoice_save(struct ctx *ctx, struct invoice *invoice);
MUST_USE err_t invoice_save_state(struct ctx *ctx, struct invoice *invoice);
MUST_USE err_t invoice_number(struct ctx *ctx, invoice_series_id series,
                              enum bill_kind kind, int64_t *ret_n,
                              str *ret_number);
MUST_USE err_t bill_sums(struct ctx *ctx, order_id order,
                         struct bill_part **ret, size_t *ret_count);

#endif
