/* doc_slip.h - the packing slip that lies in a package. */
#ifndef WHARF_BASE_DOC_SLIP_H
#define WHARF_BASE_DOC_SLIP_H

#include "base/doc.h"

struct doc_slip_line {
    str title, sku;
    int64_t qty;
    const struct doc_attr *attrs;
    size_t attr_count;
    const str *lots; /* "L-2031"; "L-2031, best before 2027-04-01". */
    const str *serials;
    size_t lot_count, serial_count;
    money price; /* Of the line; printed with `with_prices`. */
};

struct doc_slip {
    enum doc_paper paper;
    str shop; /* The house's name, large. */
    struct doc_address from, to;
    str order;   /* Its number. */
    str package; /* Printed as a barcode too. */
    str carrier, service, tracking;
    str link;               /* Of the tracking page; a QR code. */
    int64_t order_day, day; /* 0: not said. */
    int piece, pieces;      /* n of m; both 0: not said. */
    const struct doc_slip_line *lines;
    size_t line_count; /* 1 to LIMIT_ORDER_LINES. */
    str gift_message;  /* In a box of its own. */
    str note;          /* Below: returns, thanks. */
    bool with_prices;  /* A gift has none: off by default. */
};

MUST_USE err_t doc_slip_pdf(struct ctx *ctx, const struct doc_slip *slip,
                            str *ret);

#endif
