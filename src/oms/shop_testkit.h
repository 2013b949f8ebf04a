/* shop_testkit.h - a small shop for tests of orders: channel, places, stock.
 *
 * Everything goes through the commands of the rooms. What should not happen
 * fails the test. Codes are found again by shop_loc(), shop_sku().
 */
#ifndef WHARF_OMS_SHOP_TESTKIT_H
#define WHARF_OMS_SHOP_TESTKIT_H

#include "base/str.h"
#include "oms/channel/channel.h"
#include "oms/inventory/inventory.h"
#include "oms/order/order.h"
#include "oms/room_testkit.h"

struct shop {
    struct testkit *kit;
    struct channel web; /* Code "web", EUR, prices contain the tax. */
};
struct shop *shop_open(enum stock_policy policy);
void shop_close(struct shop *shop);

/* A route of a room. Never fails itself: see ret->err. */
void shop_call(struct shop *shop, const struct room *room,
               const struct testkit_call *call, struct testkit_reply *ret);
/* Text by a format, in the kit's arena. */
#define shop_text(shop, ...)                                                   \
    str_to_cstr((shop)->kit->arena, str_printf((shop)->kit->arena, __VA_ARGS__))
const char *shop_id(struct shop *shop, const char *prefix, int64_t id);

location_id shop_add_location(struct shop *shop, const char *code);
void shop_add_sku(struct shop *shop, const char *code, bool is_tracked);
void shop_set_stock(struct shop *shop, const char *sku, const char *location,
                    int64_t qty);
location_id shop_loc(struct shop *shop, const char *code);
struct stock_level shop_level(struct shop *shop, const char *sku,
                              const char *location);
/* Ranks the locations of "web", codes parted by blanks; "" for none. */
void shop_rank(struct shop *shop, const char *codes);
/* The same, with scenarios: a JSON list. */
void shop_route(struct shop *shop, const char *codes, const char *scenarios);
/* What routing knows of a location: the settings, a JSON object. */
void shop_set_site(struct shop *shop, const char *code, const char *settings);

/* The body of an order: lines as "SKU:qty:unit_price …" in EUR. */
const char *shop_body(struct shop *shop, const char *external_id,
                      const char *lines);
/* Places by POST /v1/orders; the error code or "" in the end. */
const char *shop_place(struct shop *shop, const char *body,
                       struct testkit_reply *ret);
/* A batch of n bodies in one call of order_place_many, as commands come. */
struct shop_result {
    err_t err;
    const char *slug; /* "" where it is OK. */
    bool is_new;
    struct order order; /* Where it is OK; of its texts only number lives. */
};
struct shop_result *shop_place_many(struct shop *shop,
                                    const char *const *bodies, size_t n);
/* All the refunds that an order may have, and of a payment that has one all the
 * transactions; none of them moved money. */
void shop_fill_refunds(struct shop *shop, order_id id);
void shop_fill_payments(struct shop *shop, order_id id);
struct order shop_order(struct shop *shop, order_id id);
order_id shop_order_id(struct shop *shop, struct testkit_reply *reply);

/* Runs the consumers until they have caught up. */
void shop_drain(struct shop *shop);
/* Gives those who wait their turns, and drains. */
void shop_turn(struct shop *shop);
/* Fails the test where any room's invariant is broken. */
void shop_verify(struct shop *shop);

#endif
