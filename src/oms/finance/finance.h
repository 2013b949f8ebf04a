/* finance.h - the finance room: documents of money that never change.
 *
 * Its first piece are credit notes. A credit note is issued when it is
 * written and immutable from then on; what was wrong with one is put right by
 * another document. Amounts are minor units of the note's currency and count
 * what went back to the buyer, so they are positive.
 */
#ifndef WHARF_OMS_FINANCE_H
#define WHARF_OMS_FINANCE_H

#include "base/base.h"
#include "oms/ids.h"

struct room;

/* Stored as numbers: append, never renumber. */
enum credit_status { CREDIT_ISSUED = 1 };
enum credit_origin { CREDIT_ORIGIN_API = 1, CREDIT_ORIGIN_IMPORT = 2 };

struct credit_line_cmd {
    str sku, title; /* Empty title: the SKU's. */
    int64_t qty, unit_price, amount;
    str attrs; /* JSON object, or empty. */
};
struct credit_cmd {
    str channel, external_id;
    str buyer;   /* The source's id of the customer; empty: not known. */
    str country; /* As the source names it. */
    str attrs;   /* JSON object, or empty. */
    char currency[4];
    utc_ms issued_at;
    struct credit_line_cmd *lines;
    size_t line_count;
    int64_t body_hash; /* By credit_cmd_seal(). */
};
/* The hash of all that the note says, last. */
void credit_cmd_seal(struct arena *arena, struct credit_cmd *cmd);

struct credit_item {
    struct ctx *ctx; /* Its failure. */
    const struct credit_cmd *cmd;
    err_t err; /* external_id_reused, sku_unknown, channel_unknown, ... */
    credit_note_id id;
    bool is_new; /* Else the same one was recorded before. */
};
/* Records credit notes of the past in set writes, each whole or not at all.
 *
 * A line is linked to the order line it takes back where that can be found:
 * history of the same channel and the same buyer, the same SKU, placed at or
 * before the note was issued, with as many units left uncredited as the line
 * has. Of several the latest is taken; a line without one stays unlinked. */
MUST_USE err_t credit_record_many(struct ctx *ctx, struct credit_item *items,
                                  size_t count);

struct credit_line {
    int64_t n;
    sku_id sku;
    str sku_code, title, doc;
    int64_t qty, unit_price, amount;
    order_id order; /* 0: not linked. */
    int64_t order_n;
};
struct credit_note {
    credit_note_id id;
    channel_id channel;
    str external_id, number, doc;
    enum credit_status status;
    enum credit_origin origin;
    char currency[4];
    int64_t total, version, body_hash;
    utc_ms issued_at, created_at;
    struct credit_line *lines; /* NULL in lists. */
    size_t line_count;
};
/* With its lines. Fails with ERR_NOT_FOUND. */
MUST_USE err_t credit_note_get(struct ctx *ctx, credit_note_id id,
                               struct credit_note *ret);
/* Newest first, below `before`; of one order where that is not 0. */
struct credit_query {
    credit_note_id before; /* INT64_MAX: from the newest. */
    order_id order;
    size_t limit;
};
MUST_USE err_t credit_note_list(struct ctx *ctx,
                                const struct credit_query *query,
                                struct credit_note **ret, size_t *ret_count);

/* What the store has, by country, for the report of an import. */
struct credit_sum {
    str country, currency;
    int64_t notes, lines, linked, total;
};
MUST_USE err_t credit_sums(struct ctx *ctx, const credit_note_id *ids,
                           size_t count, struct credit_sum **ret,
                           size_t *ret_count);
/* A channel's credit notes by id, the first `max` beyond `after`. */
MUST_USE err_t credit_ids(struct ctx *ctx, channel_id channel,
                          credit_note_id after, size_t max,
                          credit_note_id **ret, size_t *ret_count);
/* Buyers of a channel's history, each once, in orders and credit notes. */
MUST_USE err_t credit_buyer_count(struct ctx *ctx, channel_id channel,
                                  int64_t *ret);

/* Bills what is due of an order by the rule of its channel, or makes a draft
 * of it. ERR_STATE no_invoicing, nothing_to_bill. */
MUST_USE err_t invoice_order(struct ctx *ctx, order_id id, bool is_draft,
                             invoice_id *ret);

extern const struct room finance_room;
extern const struct room invoice_room; /* Its second door: invoices. */
extern const struct room journal_room; /* Its third. */

#endif
