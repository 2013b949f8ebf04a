/* finance_bill.h - the commands that bill orders and credit them. Private to
 * the room. */
#ifndef WHARF_OMS_FINANCE_BILL_H
#define WHARF_OMS_FINANCE_BILL_H

#include "oms/finance/finance_invoice.h"

/* What was billed of an order by now, by part: read once for all that follows
 * from a change of it. */
struct billed {
    struct bill_part *parts;
    size_t count;
    int64_t seq; /* Of the last document; 0: there is none. */
    invoice_series_id series;
    bool is_by_part; /* Only what left was billed, not the whole. */
};
MUST_USE err_t billed_read(struct ctx *ctx, order_id order, struct billed *ret);
int64_t billed_total(const struct billed *billed);

/* A document under way: what it is about and what of it. */
struct bill {
    const struct order *order; /* Locked. */
    struct invoice_series series;
    enum bill_kind kind;
    bool is_by_part;
    struct bill_part *parts;
    size_t part_count;
    int64_t tax, total;
};
/* Collects what is due; part_count 0: nothing. */
void bill_open(struct ctx *ctx, const struct order *order,
               const struct invoice_series *series, const struct billed *billed,
               enum bill_kind kind, bool is_by_part, struct bill *ret);
/* All that the document says, but its number: JSON. */
MUST_USE err_t bill_doc(struct ctx *ctx, const struct bill *bill, str *ret);
/* Takes it into the ledger of documents, as the n-th of its series, and into
 * what was billed. */
MUST_USE err_t bill_record(struct ctx *ctx, const struct bill *bill,
                           struct billed *billed, int64_t document, int64_t n);

MUST_USE err_t invoice_issue(struct ctx *ctx, invoice_id id, int64_t version,
                             struct invoice *ret);
/* What a rule does about an order that changed. */
MUST_USE err_t invoice_follow(struct ctx *ctx, const struct order *order,
                              const struct invoice_rule *rule);

struct invoice_series_cmd {
    str code, name, prefix, credit_prefix, seller;
};
MUST_USE err_t invoice_series_create(struct ctx *ctx,
                                     const struct invoice_series_cmd *cmd,
                                     struct invoice_series *ret);
struct invoice_series_change {
    int64_t version;
    const str *name, *seller;
};
MUST_USE err_t invoice_series_change(struct ctx *ctx, invoice_series_id id,
                                     const struct invoice_series_change *change,
                                     struct invoice_series *ret);
/* Where the values of a change live. */
struct invoice_series_patch {
    struct invoice_series_change change;
    str name, seller;
};
struct json_in;
MUST_USE err_t invoice_series_read(struct ctx *ctx, struct json_in *in,
                                   struct invoice_series_cmd *ret);
MUST_USE err_t invoice_series_read_change(struct ctx *ctx, struct json_in *in,
                                          struct invoice_series_patch *ret);
MUST_USE err_t invoice_rule_read(struct json_in *in, str *ret_series,
                                 struct invoice_rule *ret);
/* At rule->version, which is the one seen. */
MUST_USE err_t invoice_rule_put(struct ctx *ctx,
                                const struct invoice_rule *rule,
                                struct invoice_rule *ret);

/* The document as a PDF; of a draft, too. */
struct bill_face {
    enum bill_kind kind;
    str number, order; /* Empty number: a draft. */
    utc_ms at;
    str doc; /* As bill_doc() made it. */
};
MUST_USE err_t bill_pdf(struct ctx *ctx, const struct bill_face *face,
                        bool is_letter, str *ret);

extern const struct event_list finance_events;
extern const struct route_list invoice_routes;
extern const struct verify_list invoice_verify;

#endif
