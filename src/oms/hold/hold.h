/* hold.h - the hold room: units set aside for a customer for a while.
 *
 * A hold takes available units of SKUs (all of its items or nothing) at the
 * locations the channel ships from; the levels count them as reserved. It ends
 * once: an order confirms it, it is released, or it runs out. From its expiry
 * on it cannot be confirmed or extended, also before the timer gave its units
 * back. Everything works on batches: set reads, decisions in memory in order
 * of arrival, set writes.
 */
#ifndef WHARF_OMS_HOLD_H
#define WHARF_OMS_HOLD_H

#include "oms/channel/channel.h"
#include "oms/inventory/inventory.h"

struct json_in;
struct json_out;
struct room;

/* Stored as numbers: append, never renumber. */
enum hold_state {
    HOLD_NONE = 0, /* Not there yet; also "no such move". */
    HOLD_OPEN = 1,
    HOLD_CONFIRMED = 2, /* Its units belong to an order. */
    HOLD_RELEASED = 3,
    HOLD_EXPIRED = 4
};
enum hold_event {
    HOLD_EVENT_CREATE = 1,
    HOLD_EVENT_EXTEND,
    HOLD_EVENT_CONFIRM,
    HOLD_EVENT_RELEASE,
    HOLD_EVENT_EXPIRE
};
const char *hold_state_name(enum hold_state state); /* "open" */

struct hold {
    hold_id id;
    channel_id channel;
    str channel_code; /* Where it is to be shown. */
    enum hold_state state;
    int64_t version;
    utc_ms created_at, expires_at, ended_at; /* ended_at 0: not yet. */
    order_id order;                          /* 0: none. */
    str customer, reference;                 /* Empty: none. */
    str items;               /* JSON array: sku, quantity, allocations. */
    struct stock_held *held; /* By hold_lock_many: its live rows. */
    size_t held_count;
    int64_t event_id;   /* Of its change in this batch; 0: none. */
    struct actor actor; /* Who made that change. */
};
/* As people see it: an open one past its expiry is expired. */
enum hold_state hold_state_at(const struct hold *hold, utc_ms now);

/* ---- placing ---- */

struct hold_item_cmd {
    str sku;
    int64_t qty;
};
struct hold_cmd {
    str channel;             /* Code. */
    str customer, reference; /* Empty: none. */
    struct hold_item_cmd *items;
    size_t count;
    int64_t ttl_s;
    bool is_offer; /* To who waits: one item, of which less will do. */
};
/* Reads the JSON body of a hold. */
MUST_USE err_t hold_cmd_from_json(struct ctx *ctx, struct json_in *in,
                                  struct hold_cmd *ret);
struct hold_place_item {
    struct ctx *ctx; /* Of this command: its failure, arena, actor. */
    const struct hold_cmd *cmd;
    err_t err;               /* The outcome. Where it is OK: */
    const struct hold *hold; /* In the batch's arena. */
};
/* Refused ones (channel_unknown, sku_unknown, sku_untracked, out_of_stock)
 * have written nothing. What it returns is for the batch as a whole. */
MUST_USE err_t hold_place_many(struct ctx *ctx, struct hold_place_item *items,
                               size_t count);

/* ---- open holds and their end ---- */

/* Many by id, locked in order of id, with the live rows of open ones. Unknown
 * ids are left out, one named twice is found once. Lock them before levels. */
MUST_USE err_t hold_lock_many(struct ctx *ctx, const hold_id *ids, size_t count,
                              struct hold **ret, size_t *ret_count);
/* ERR_STATE hold_not_open, hold_expired where it takes no change any more; the
 * state is that in memory. */
MUST_USE err_t hold_check_open(struct ctx *ctx, const struct hold *hold,
                               utc_ms now);
struct hold_end {
    enum hold_event event; /* CONFIRM, RELEASE or EXPIRE. */
    order_id order;        /* CONFIRM. */
    struct actor actor;
};
/* Ends an open hold in memory: its rows end, what no order line took goes
 * back. The levels of its SKUs are locked and cover it (stock_covers). */
void hold_finish(struct ctx *ctx, struct stock *stock, struct hold *hold,
                 const struct hold_end *end);
/* Writes the holds that changed in memory, with their events; stock_save is
 * the caller's. ERR_RETRY where one changed meanwhile. */
MUST_USE err_t hold_save_many(struct ctx *ctx, const struct hold *const *holds,
                              size_t count);

/* The hold, whole, or ERR_NOT_FOUND. */
MUST_USE err_t hold_get(struct ctx *ctx, hold_id id, struct hold *ret);
/* Ends up to `limit` holds that ran out; *ret gets how many. */
MUST_USE err_t hold_expire(struct ctx *ctx, size_t limit, size_t *ret);

extern const struct room hold_room;

#endif
