/* routing_book.h - all that routing keeps in memory. Private to the room.
 *
 * A book belongs to one connection and is made anew when the stamps of the
 * store say so, which are read in every transaction that decides. The one
 * before stays readable until the next is made.
 */
#ifndef WHARF_OMS_ROUTING_BOOK_H
#define WHARF_OMS_ROUTING_BOOK_H

#include "base/map.h"
#include "oms/routing/routing_types.h"

struct json_in;

enum routing_table {
    TABLE_MARKETS = 1,
    TABLE_ZONES,
    TABLE_SERVICES,
    TABLE_TRANSIT,
    TABLE_RATES,
    TABLE_COUNT
};

struct zone_place { /* By (country, prefix). */
    str country, prefix;
    const struct routing_zone *zone;
};
struct routing_service {
    str code, name;
    unsigned days; /* On which it moves: bits 1 << weekday. */
    const int64_t *holidays;
    size_t holiday_count;
    int deliver_by; /* Minute of the buyer's day. */
};
/* From a location, from a zone, or from anywhere (both 0). */
struct lane {
    location_id from;
    const struct routing_zone *from_zone;
    const struct routing_zone *to;
    str service;
};
int lane_compare(const struct lane *x, const struct lane *y);
struct transit_row {
    struct lane lane;
    int64_t days;
};
struct rate_row {
    struct lane lane;
    int64_t up_to_g;
    money amount;
};

struct routing_book {
    struct arena *arena;
    int64_t stamps[2];
    utc_ms made_at;
    struct routing_site *sites; /* By location id. */
    size_t site_count;
    size_t cap_count; /* Sites with a capacity. */
    size_t set_count; /* Sites of which anything was set. */
    struct map *site_codes, *clocks, *zone_codes, *strategies;
    const struct routing_market *markets;
    size_t market_count;
    struct routing_zone *zones;
    size_t zone_count;
    struct zone_place *places;
    size_t place_count, place_room;
    const struct routing_service *services;
    size_t service_count;
    struct transit_row *transit;
    size_t transit_count;
    struct rate_row *rates;
    size_t rate_count;
};

/* The book in force; made anew where the stamps say so. */
MUST_USE err_t book_get(struct ctx *ctx, struct routing_book **ret);
const struct routing_site *book_site(const struct routing_book *book,
                                     location_id location);
const struct routing_site *book_site_code(const struct routing_book *book,
                                          str code);
const struct routing_service *book_service(const struct routing_book *book,
                                           str code);
/* The market that sells to a country; the country itself where none does. */
str book_market(const struct routing_book *book, str country);
/* In the book's arena; one per zone of the world. */
MUST_USE err_t book_clock(struct ctx *ctx, struct routing_book *book, str tz,
                          const struct zone_clock **ret);

/* ---- documents to structures; texts are in the arena of ctx ---- */

MUST_USE err_t site_decode(struct ctx *ctx, struct json_in *in,
                           struct routing_site *ret);
/* Adds the items of a table. Strict: names that the book does not know fail;
 * else such rows are left out. */
MUST_USE err_t table_decode(struct ctx *ctx, struct json_in *in,
                            enum routing_table table, bool is_strict,
                            struct routing_book *book);
/* The scenarios of a strategy. Strict as above. */
MUST_USE err_t scenarios_decode(struct ctx *ctx, struct json_in *in,
                                const struct routing_book *book, bool is_strict,
                                struct routing_strategy *ret);

/* ---- pure: calendars and the promise ---- */

bool calendar_is_open_day(const struct routing_calendar *calendar, int64_t day);
/* Minute of the day until which orders of the service start that day. */
int site_cutoff(const struct routing_site *site, str service);
bool site_is_open(const struct routing_site *site, utc_ms at);
bool site_is_before_cutoff(const struct routing_site *site, str service,
                           utc_ms at);

#endif
