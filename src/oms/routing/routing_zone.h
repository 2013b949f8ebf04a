/* routing_zone.h - zones, services, transit times and rate cards.
 *
 * A zone is a set of countries and postal prefixes; the longest prefix wins. A
 * service is what a buyer may choose ("standard"), with the calendar of those
 * who carry it. Shipping reads rates and transit from here.
 */
#ifndef WHARF_OMS_ROUTING_ZONE_H
#define WHARF_OMS_ROUTING_ZONE_H

#include "oms/routing/routing.h"

struct routing_book;
struct zone_clock;
struct json_out;

struct routing_zone {
    str code;
    const struct zone_clock *clock; /* Of its buyers. */
};
/* The book in force in this transaction; read only, good until it ends. */
MUST_USE err_t routing_book_get(struct ctx *ctx,
                                const struct routing_book **ret);
/* The clock of a location; NULL where it is not known. */
const struct zone_clock *routing_site_clock(const struct routing_book *book,
                                            location_id location);
/* NULL: in none. */
const struct routing_zone *routing_zone_find(const struct routing_book *book,
                                             str country, str postal_code);

/* How long a service takes from a location to a zone, in days on which the
 * service moves; the row for the location before the one for the zone it
 * stands in, before the one for any. False where the table has none. */
bool routing_transit_find(const struct routing_book *book, location_id from,
                          const struct routing_zone *to, str service,
                          int64_t *ret_days);

struct routing_rate {
    str service;
    money amount;
    int64_t up_to_g; /* The bracket it was found in. */
};
/* The rate of the least bracket that takes the weight; as above. */
bool routing_rate_find(const struct routing_book *book, location_id from,
                       const struct routing_zone *to, str service,
                       int64_t weight_g, struct routing_rate *ret);

/* When a parcel of a location comes to its buyer, and why then. */
struct routing_promise {
    location_id location;
    bool is_known;
    const char *why_not; /* Where it is not known: a static sentence. */
    str service, zone;
    utc_ms from;      /* When it was computed for. */
    utc_ms cutoff_at; /* The last moment for start_day. */
    int64_t start_day, ship_day, deliver_day; /* Site, site, buyer. */
    int64_t handling_days, transit_days;
    int64_t days; /* From the buyer's today to deliver_day. */
    utc_ms ship_at, promise_at;
};
/* `to` NULL: its zone is not known. service empty: the first of the table. */
void routing_promise_make(const struct routing_book *book, location_id from,
                          const struct routing_destination *to, str service,
                          utc_ms at, struct routing_promise *ret);
/* Members of an open object; the promise is known. */
void routing_promise_put(struct json_out *out,
                         const struct routing_promise *promise);
/* Rows of orders, one per location, which replace what was promised from
 * there; those that are not known are left out. */
struct routing_promise_set {
    order_id order;
    const struct routing_promise *at;
    size_t count;
};
MUST_USE err_t routing_promise_save(struct ctx *ctx,
                                    const struct routing_promise_set *sets,
                                    size_t count);
/* Forgets what was promised from locations that are not in the list. */
MUST_USE err_t routing_promise_keep(struct ctx *ctx, order_id order,
                                    const location_id *locations, size_t count);
struct routing_promised {
    order_id order;
    location_id location;
    utc_ms ship_at, promise_at;
    str doc; /* How it came about, as JSON. */
};
/* Of many orders, each named once, by order and location. */
MUST_USE err_t routing_promise_list(struct ctx *ctx, const order_id *orders,
                                    size_t count, struct routing_promised **ret,
                                    size_t *ret_count);

#endif
