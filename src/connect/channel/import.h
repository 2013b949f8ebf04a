/* import.h - what reading a channel's order payloads gives.
 *
 * A format is a pair of pure functions: walk() finds the orders in a document
 * of any shape and names all else it saw; read() turns one order into the
 * command of the order room. Neither touches a store. Nothing is dropped in
 * silence: what is not mapped is kept in cmd.raw and counted as a part, what
 * had to be bent is counted as a note, and what cannot be read is refused with
 * the path of the field.
 */
#ifndef WHARF_CONNECT_CHANNEL_IMPORT_H
#define WHARF_CONNECT_CHANNEL_IMPORT_H

#include "base/base.h"
#include "base/json_any.h"
#include "oms/order/order.h"

/* Parts without a room of their own yet; kept raw. */
enum import_part {
    IMPORT_PART_PAYMENT = 0,
    IMPORT_PART_REFUND,
    IMPORT_PART_SHIPMENT,
    IMPORT_PART_COUNT
};
const char *import_part_name(enum import_part part);

/* How a payload was bent to fit, each by name in the report. */
enum import_note {
    IMPORT_NOTE_SKU_DERIVED = 0,   /* No SKU: keyed by variant or title. */
    IMPORT_NOTE_ZERO_QTY,          /* A line of no units was left out. */
    IMPORT_NOTE_TAX_SPREAD,        /* Order tax put on the lines. */
    IMPORT_NOTE_TAX_ROUNDED,       /* Line taxes moved to meet the total. */
    IMPORT_NOTE_DISCOUNT_SPREAD,   /* Order discount put on the lines. */
    IMPORT_NOTE_FEE_AS_DISCOUNT,   /* A negative fee. */
    IMPORT_NOTE_UNIT_PRICE_SPLIT,  /* Line value is no multiple of its units. */
    IMPORT_NOTE_AMOUNT_ROUNDED,    /* More digits than the currency has. */
    IMPORT_NOTE_TEXT_CUT,          /* Longer than we take; whole in raw. */
    IMPORT_NOTE_PART_ADDED,        /* Tip, duties or fees met the total. */
    IMPORT_NOTE_CURRENCY_INFERRED, /* From the money of its lines. */
    IMPORT_NOTE_COUNT
};
const char *import_note_name(enum import_note note);

struct import_order {
    struct order_cmd cmd; /* Not sealed; channel is the caller's to set. */
    str name;             /* As people call it: "#1001". */
    bool is_cancelled;
    str cancel_reason;
    size_t parts[IMPORT_PART_COUNT];
    size_t notes[IMPORT_NOTE_COUNT];
};

struct import_sink {
    void *arg;
    err_t (*order)(struct ctx *ctx, json_any order, void *arg);
    /* Something else by name: "draft order", 3. */
    err_t (*skip)(struct ctx *ctx, str kind, size_t count, void *arg);
};

struct import_format {
    const char *name;    /* "shopify-orders" */
    const char *channel; /* The channel where none is named. */
    const char *title;   /* Of a channel that has to be made. */
    err_t (*walk)(struct ctx *ctx, json_any document,
                  const struct import_sink *sink);
    /* Strings live in ctx->arena. Fails with ERR_INVALID and the path. */
    err_t (*read)(struct ctx *ctx, json_any order, struct import_order *ret);
};

extern const struct import_format shopify_orders;
extern const struct import_format woocommerce_orders;
/* All of them, NULL-ended. A new one is a folder and a line here. */
extern const struct import_format *const import_formats[];
const struct import_format *import_format_find(const char *name);

#endif
