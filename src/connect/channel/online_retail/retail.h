/* retail.h - the "online-retail" format: invoices of years, a line a row.
 *
 * InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice,
 * CustomerID, Country, named by a header in any order. What a row is is said
 * by its invoice: C… is a credit note, A… an adjustment, all others are sales.
 * Pure: rows and invoices in, commands and counts out. Nothing is dropped in
 * silence: a row that is no line has a reason, a row that was bent a note.
 */
#ifndef WHARF_CONNECT_CHANNEL_ONLINE_RETAIL_RETAIL_H
#define WHARF_CONNECT_CHANNEL_ONLINE_RETAIL_RETAIL_H

#include "base/base.h"
#include "oms/finance/finance.h"
#include "oms/order/order.h"

enum retail_column {
    RETAIL_INVOICE = 0,
    RETAIL_SKU,
    RETAIL_TITLE,
    RETAIL_QTY,
    RETAIL_AT,
    RETAIL_PRICE,
    RETAIL_CUSTOMER,
    RETAIL_COUNTRY,
    RETAIL_COLUMNS
};
/* Where each column stands. */
struct retail_header {
    size_t at[RETAIL_COLUMNS];
    size_t count; /* Of the file. */
};
/* Fails with ERR_INVALID, slug "header_unknown", naming what is missing. */
MUST_USE err_t retail_header_read(struct ctx *ctx, const str *cells,
                                  size_t count, struct retail_header *ret);

/* What was dirty and how it was taken: one by name in the report. */
enum retail_note {
    RETAIL_NO_CUSTOMER = 0, /* NA or empty: sold to nobody we know. */
    RETAIL_ZERO_PRICE,      /* Kept, worth nothing. */
    RETAIL_SUB_CENT,        /* Price kept exact, the line's sum rounded. */
    RETAIL_NO_TITLE,        /* NA or empty: the SKU's own title. */
    RETAIL_TITLE_CUT,       /* Longer than we take. */
    RETAIL_TITLE_COMMA,     /* Kept as it is. */
    RETAIL_STRAY_BYTES,     /* No UTF-8: read as Windows-1252. */
    RETAIL_CONTROL_BYTES,   /* Control characters left out. */
    RETAIL_NOT_ASCII,       /* Kept as it is. */
    RETAIL_TRIMMED,         /* Blanks around a field left out. */
    RETAIL_TITLE_DIFFERS,   /* From another line of its SKU; kept per line. */
    RETAIL_SKU_REPEATED,    /* In one invoice: lines of their own. */
    RETAIL_TWO_TIMES,       /* Invoices: the earliest counts. */
    RETAIL_TWO_CUSTOMERS,   /* Invoices: the first counts. */
    RETAIL_TWO_COUNTRIES,   /* Invoices: the first counts. */
    RETAIL_REAPPEARED,      /* Invoices whose lines do not stand together. */
    RETAIL_COUNTRY_UNKNOWN, /* Invoices: by name only, no ISO code. */
    RETAIL_NOTES
};
const char *retail_note_name(enum retail_note note);
/* What was done about it, as a sentence for the report. */
const char *retail_note_deed(enum retail_note note);

/* Why a row is no line of anything. */
enum retail_reason {
    RETAIL_TAKEN = 0,
    RETAIL_ADJUSTMENT,      /* Invoice A…: counted, summed, not an order. */
    RETAIL_NEGATIVE_SALE,   /* A negative quantity without C: stock gone. */
    RETAIL_POSITIVE_CREDIT, /* A positive quantity in a credit note. */
    RETAIL_ZERO_QTY,
    RETAIL_NEGATIVE_PRICE,
    RETAIL_BAD_ROW, /* Slug and sentence come with it. */
    RETAIL_REASONS
};
const char *retail_reason_name(enum retail_reason reason);

enum retail_kind { RETAIL_SALE = 1, RETAIL_CREDIT, RETAIL_ADJUST };

struct retail_row {
    int64_t line; /* In its file. */
    int file;     /* The caller's own number of it. */
    str raw;
    str invoice, sku, title, customer, country; /* Cleaned. */
    int64_t qty;
    int64_t price;  /* Times 10^RETAIL_PRICE_DIGITS. */
    int64_t at;     /* Wall clock, as ms since 1970 of no zone. */
    unsigned notes; /* Bits of enum retail_note. */
};
enum { RETAIL_PRICE_DIGITS = 6 };
enum retail_kind retail_kind_of(str invoice);

/* Reads one row; strings in ctx->arena. Fails with ERR_INVALID: row_columns,
 * invoice_invalid, sku_invalid, quantity_invalid, price_invalid,
 * time_invalid, country_invalid. */
MUST_USE err_t retail_row_read(struct ctx *ctx,
                               const struct retail_header *header,
                               const str *cells, size_t count,
                               struct retail_row *ret);
/* What becomes of it in an invoice of its kind. */
enum retail_reason retail_row_reason(const struct retail_row *row);

/* quantity times price in minor units, rounded half up; false on overflow. */
bool retail_amount(int64_t qty, int64_t price, int exponent, int64_t *ret);

struct retail_invoice {
    str number;
    enum retail_kind kind;
    struct retail_row *rows;
    size_t count;
    bool is_too_long; /* Over LIMIT_HISTORY_LINES; not all rows are here. */
    bool is_apart;    /* Rows of others stood between its rows. */
};
struct retail_settings {
    str channel, zone;
    char currency[4];
};
/* What of an invoice became of it, beside the command. */
struct retail_outcome {
    int64_t notes[RETAIL_NOTES];
    int64_t reasons[RETAIL_REASONS]; /* Rows. */
    int64_t amount;                  /* Of an adjustment. */
    size_t lines;                    /* 0: nothing to record. */
};
/* The command for a sale or a credit note: sealed, its strings in ctx->arena
 * or the rows'. Where ret->lines is 0 the command is not made. */
MUST_USE err_t retail_to_order(struct ctx *ctx,
                               const struct retail_settings *settings,
                               const struct retail_invoice *invoice,
                               struct order_cmd *cmd,
                               struct retail_outcome *ret);
MUST_USE err_t retail_to_credit(struct ctx *ctx,
                                const struct retail_settings *settings,
                                const struct retail_invoice *invoice,
                                struct credit_cmd *cmd,
                                struct retail_outcome *ret);
/* Counts alone; ret->amount is the sum. */
MUST_USE err_t retail_to_adjustment(struct ctx *ctx,
                                    const struct retail_settings *settings,
                                    const struct retail_invoice *invoice,
                                    struct retail_outcome *ret);

#endif
