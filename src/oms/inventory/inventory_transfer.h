/* inventory_transfer.h - units moved from one location to another. Private.
 *
 * What a transfer has shipped is at no location: it is in transit until it is
 * received or given up for lost (I7: shipped = received + lost + in transit).
 * It is expected at the other end meanwhile. Units that wait to be shipped are
 * reserved where they are.
 */
#ifndef WHARF_OMS_INVENTORY_TRANSFER_H
#define WHARF_OMS_INVENTORY_TRANSFER_H

#include "oms/inventory/inventory_command.h"

struct machine;

/* Stored as numbers: append, never renumber. docs/states/transfer.md */
enum transfer_state {
    TRANSFER_DRAFT = 1,
    TRANSFER_READY,
    TRANSFER_IN_TRANSIT,
    TRANSFER_PARTIALLY_RECEIVED,
    TRANSFER_RECEIVED,
    TRANSFER_CANCELLED
};
enum transfer_event {
    TRANSFER_EVENT_CREATE = 1,
    TRANSFER_EVENT_EDIT,
    TRANSFER_EVENT_READY,    /* Its units are reserved at the source. */
    TRANSFER_EVENT_SHIP,     /* Some or all of them leave. */
    TRANSFER_EVENT_RECEIVE,  /* Some arrive, more may. */
    TRANSFER_EVENT_COMPLETE, /* All have arrived. */
    TRANSFER_EVENT_CLOSE,    /* What has not arrived is lost. */
    TRANSFER_EVENT_CANCEL
};
extern const struct machine transfer_machine;
/* The next state, or 0 where the event is refused; from 0: a new one. */
enum transfer_state transfer_next(enum transfer_state from,
                                  enum transfer_event event);
const char *transfer_state_name(enum transfer_state state);
/* ERR_STATE, naming the state, the event and what is allowed instead. */
MUST_USE err_t transfer_allow(struct ctx *ctx, enum transfer_state state,
                              enum transfer_event event);

struct transfer {
    transfer_id id;
    location_id from, to;
    str reference;
    enum transfer_state state;
    utc_ms expected_at; /* 0: not known. */
    int64_t version;
    utc_ms created_at, updated_at;
};
struct transfer_line {
    transfer_id transfer;
    int64_t n;
    sku_id sku;
    int64_t qty, shipped;
    int64_t received; /* Damaged ones too. */
    int64_t damaged, lost;
    supply_id supply; /* What it makes expected; 0: not shipped yet. */
};
struct transfer_lot {
    transfer_id transfer;
    int64_t n;
    lot_id lot;
    int64_t shipped, received;
};

/* ---- commands ---- */

struct transfer_line_cmd {
    str sku; /* Code. */
    int64_t qty;
};
struct transfer_cmd {
    str from, to; /* Codes. */
    str reference;
    utc_ms expected_at; /* 0: not known. */
    const struct transfer_line_cmd *lines;
    size_t count;
};
MUST_USE err_t transfer_create(struct ctx *ctx, const struct transfer_cmd *cmd,
                               transfer_id *ret);
/* What an edit of a draft may name; what is NULL stays. */
struct transfer_edit {
    int64_t version; /* The one the caller saw, here and below. */
    const str *reference;
    const utc_ms *expected_at;
    const struct transfer_line_cmd *lines; /* All of them. */
    size_t count;
};
MUST_USE err_t transfer_edit(struct ctx *ctx, transfer_id id,
                             const struct transfer_edit *edit);
/* Reserves the units, all or none (not_enough_stock). */
MUST_USE err_t transfer_ready(struct ctx *ctx, transfer_id id, int64_t version);
MUST_USE err_t transfer_cancel(struct ctx *ctx, transfer_id id,
                               int64_t version);

struct transfer_item {
    int64_t n; /* The line. */
    int64_t qty;
    enum stock_bucket bucket; /* Where received units go. */
    struct unit_names names;
};
struct transfer_step {
    int64_t version;
    bool has_expected_at; /* On shipping: when it will arrive. */
    utc_ms expected_at;
    const struct transfer_item *items; /* None: all that is left. */
    size_t count;
};
/* ERR_INVALID (over_shipped, over_received) with what is left. */
MUST_USE err_t transfer_ship(struct ctx *ctx, transfer_id id,
                             const struct transfer_step *step);
MUST_USE err_t transfer_receive(struct ctx *ctx, transfer_id id,
                                const struct transfer_step *step);
MUST_USE err_t transfer_close(struct ctx *ctx, transfer_id id, int64_t version);

#endif
