/* doc_bill.h - an invoice or a credit note on paper. */
#ifndef WHARF_BASE_DOC_BILL_H
#define WHARF_BASE_DOC_BILL_H

#include "base/doc.h"

struct doc_bill_line {
    str title, sku;
    int64_t qty;
    money unit_price, discount; /* Without a currency: none. */
    str tax;                    /* "19 %", "5 % + 9.975 %". */
    money total;                /* As the price is: with or without tax. */
};
struct doc_bill_tax {
    str name; /* With its rate: "VAT 19 %". */
    str reason;
    money net, tax;
};

enum { DOC_BILL_LINES = 4200 };

struct doc_bill {
    enum doc_paper paper;
    bool is_credit, is_draft, is_inclusive;
    str number; /* Empty: a draft. */
    str order;
    int64_t day, order_day;
    struct doc_address from, to; /* What is known of them. */
    str from_tax, to_tax;        /* Tax numbers. */
    str note;                    /* Of the seller: bank, register, terms. */
    const struct doc_bill_line *lines;
    size_t line_count;
    const struct doc_bill_tax *taxes;
    size_t tax_count;
    money net, tax, total;
};

MUST_USE err_t doc_bill_pdf(struct ctx *ctx, const struct doc_bill *bill,
                            str *ret);

#endif
