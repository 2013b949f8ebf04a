/* routing_types.h - what sites, zones and strategies are. Private to the room.
 *
 * All of it is made once from the stored documents (routing_book.c) and never
 * changed; texts live as long as the book.
 */
#ifndef WHARF_OMS_ROUTING_TYPES_H
#define WHARF_OMS_ROUTING_TYPES_H

#include "base/zone_clock.h"
#include "oms/inventory/inventory_types.h"
#include "oms/routing/routing_zone.h"

enum { CLOSED = -1, DAYS_A_WEEK = 7 };

struct text_list {
    const str *at;
    size_t count;
};
bool text_list_has(const struct text_list *list, str text);

/* Minutes of the local day; open is CLOSED on a day without hours. */
struct routing_hours {
    int open, close;
};
struct routing_calendar {
    struct routing_hours week[DAYS_A_WEEK]; /* Monday first. */
    const int64_t *holidays;                /* Days, rising. */
    size_t holiday_count;
};
struct routing_cutoff {
    str service; /* Empty: every other. */
    int minute;
};
enum routing_cap { /* Per day and per hour; 0: without end. */
                   CAP_DAY_ORDERS,
                   CAP_DAY_UNITS,
                   CAP_HOUR_ORDERS,
                   CAP_HOUR_UNITS,
                   CAP_COUNT
};

struct earth_point { /* On the unit sphere. */
    double x, y, z;
};

/* A location, with what routing knows of it. */
struct routing_site {
    location_id location;
    str code, country, postal_code, market;
    enum location_type type;
    bool is_active, is_shipping, is_pickup, has_point, has_cap;
    struct earth_point point;
    struct text_list groups;
    struct routing_calendar calendar;
    const struct routing_cutoff *cutoffs;
    size_t cutoff_count;
    int64_t handling_days;
    int64_t caps[CAP_COUNT];
    const struct zone_clock *clock;
    const struct routing_zone *zone; /* Where it stands; may be NULL. */
    int64_t version;
};

struct routing_market {
    str code;
    struct text_list countries;
};

/* ---- strategies ---- */

struct routing_attr { /* Some line's SKU has one of these values. */
    size_t key;       /* Index into the strategy's attr_keys. */
    struct text_list values;
};
/* Which orders a scenario is for; what is empty asks for nothing. */
struct routing_filter {
    struct text_list tags, not_tags, countries, markets, services, postal;
    const struct routing_attr *attrs;
    size_t attr_count;
    unsigned methods, channel_types; /* Bits 1 << n. */
    int64_t value_min, value_max;    /* Of `currency`; -1: any. */
    char currency[4];
    int is_cross_border; /* -1: any. */
};

/* Why a candidate falls out; stored by name: append, never rename. */
enum routing_bar {
    BAR_NONE = 0,
    BAR_METHOD,
    BAR_GROUP,
    BAR_TYPE,
    BAR_COUNTRY,
    BAR_MARKET,
    BAR_CLOSED,
    BAR_CAPACITY,
    BAR_DISTANCE,
    BAR_PROMISE,
    BAR_REQUEST,
    BAR_COUNT
};
const char *routing_bar_name(enum routing_bar bar);

/* Rank rules, by name in documents and decisions. */
enum routing_by {
    BY_SPLITS = 1,
    BY_MARKET,
    BY_RANK,
    BY_DISTANCE,
    BY_BALANCE,
    BY_CAPACITY,
    BY_EXPIRY,
    BY_AGE,
    BY_COUNT
};
const char *routing_by_name(enum routing_by by);
enum { ROUTING_RULES_MAX = 8 };
struct routing_by_rule {
    enum routing_by by;
    const int32_t *ranks; /* BY_RANK: per site, from 0. */
};

enum routing_policy {
    POLICY_WHOLE_ORDER = 1,
    POLICY_WHOLE_LINES,
    POLICY_UNITS
};
struct routing_step {
    str name;
    const struct router *router;
    const uint8_t *bars; /* Per site: the filters that never change. */
    bool is_open, is_before_cutoff, has_capacity, is_same_market;
    int64_t max_m, max_days; /* -1: any. */
    int64_t min_left;
    struct routing_by_rule rules[ROUTING_RULES_MAX];
    size_t rule_count;
    enum routing_policy policy;
    int64_t max_packages; /* 0: any. */
    enum routing_after after;
};
struct routing_scenario {
    str name;
    struct routing_filter filter;
    const struct routing_step *steps;
    size_t step_count;
};

#endif
