/* analytics_report.h - the facts, the table of reports, and one of them run. */
#ifndef WHARF_OMS_ANALYTICS_REPORT_H
#define WHARF_OMS_ANALYTICS_REPORT_H

#include "base/base.h"
#include "oms/ids.h"

struct route_list;
struct event_list;
struct verify_list;
extern const struct route_list analytics_routes;
extern const struct event_list analytics_events;
extern const struct verify_list analytics_verify;

/* Stored. `of` is a channel, from FACT_STAGE on a location; 0: none. */
enum report_fact {
    FACT_NONE,
    FACT_ORDER,    /* part country: orders, units, total; when placed. */
    FACT_DISCOUNT, /* part country: orders with one, -, its amount. */
    FACT_SHIPPING, /* part country: orders charged, -, amount. */
    FACT_TAX,      /* part country: orders taxed, -, amount. */
    FACT_SKU,      /* part SKU: lines, units, total; as placed. */
    FACT_CANCEL,   /* part reason: orders, -, their total; when cancelled. */
    FACT_REFUND,   /* part reason: refunds, -, amount; when given. */
    FACT_RETURN,   /* part reason: lines, units; when it was opened. */
    FACT_SPLIT,    /* first parcels, second parcels, parcels; when shipped. */
    FACT_STAGE,    /* part stage: times, -, milliseconds; when it was over. */
    FACT_DELIVERY, /* part carrier and service: parcels with a promise, those
                      late, milliseconds late; when delivered. */
    FACT_PARCEL,   /* part carrier and service: parcels, grams, cost; when
                      shipped. */
    FACT_TROUBLE,  /* part what went wrong: times. */
    FACT_COVER,    /* Not stored: -, units free to sell, milliseconds. */
    FACT_COUNT
};

#define REPORT_CONSUMER   "reports"
#define REPORT_QUARTER_MS ((utc_ms)15 * 60 * 1000)

struct report_sum {
    int64_t n, units, amount;
};
/* Adds; at the greatest number it stays. */
void report_add(struct report_sum *to, const struct report_sum *from);

/* ---- the table of reports ---- */

enum report_group { BY_TIME = 1, BY_CHANNEL, BY_LOCATION, BY_PART };
enum report_field { FIELD_NONE, FIELD_N, FIELD_UNITS, FIELD_AMOUNT };
enum report_type {
    COLUMN_COUNT = 1,
    COLUMN_MONEY,
    COLUMN_SECONDS, /* Of milliseconds. */
    COLUMN_SHARE    /* In basis points: 1/10,000. */
};

/* top, or top / under where that is a field; nothing where under is 0. */
struct report_column {
    const char *name; /* NULL: no more columns. */
    enum report_type type;
    enum report_fact fact;
    enum report_field top;
    enum report_fact under_fact;
    enum report_field under;
    const char *what;
};
enum { REPORT_COLUMNS = 10 };

struct report_query;
struct report_table;
struct report {
    const char *name; /* "sales_over_time" */
    const char *title;
    const char *what;
    enum report_group group;
    const char *key; /* What a row is about: "country". */
    struct report_column columns[REPORT_COLUMNS];
    /* Reports that are not made of sums alone; else NULL. */
    err_t (*run)(struct ctx *ctx, const struct report_query *query,
                 struct report_table *ret);
};
extern const struct report reports[];
extern const size_t report_count;
const struct report *report_find(str name);
size_t report_width(const struct report *report);
/* What its facts are of, and so what it may be narrowed to; nothing where it
 * sets facts of both kinds against each other. */
enum report_of { OF_NOTHING, OF_CHANNEL, OF_LOCATION };
enum report_of report_of(const struct report *report);

/* ---- one run ---- */

enum report_step { STEP_HOUR = 1, STEP_DAY, STEP_WEEK, STEP_MONTH };
enum {
    REPORT_MAX_ROWS = 1000,
    REPORT_MAX_DAYS = 1000,
    REPORT_MAX_GROUPS = 50000 /* Rows before the limit. */
};

struct report_query {
    const struct report *report;
    str zone;                /* IANA name. */
    int64_t from_day, until; /* Days of the zone; until is left out. */
    enum report_step step;   /* BY_TIME */
    int64_t of;              /* Only that channel or location; 0: all. */
    str currency;            /* Only rows of that one; empty: of all. */
    size_t limit;            /* Rows, BY_TIME none. */
    bool has_before;         /* Compare with the days that end at... */
    int64_t before_day;      /* ...or rather begin here: as many. */
};

#define REPORT_NOTHING INT64_MIN /* A value that there is not. */
struct report_row {
    str key;      /* "2026-11-22", "DE", "TEE-M", id of channel or location. */
    int64_t id;   /* BY_CHANNEL, BY_LOCATION, and customers. */
    str currency; /* Empty where nothing is money. */
    int64_t at;   /* BY_TIME: which step, from 0. */
    struct report_sum sums[FACT_COUNT];
    int64_t values[REPORT_COLUMNS];
    bool has_before;
    int64_t before[REPORT_COLUMNS];
};
struct report_table {
    struct report_row *rows;
    size_t count;
    size_t left;               /* Rows that the limit left out. */
    struct report_row *totals; /* One per currency, over all rows. */
    size_t total_count;
};
/* Reads a snapshot. Fails with ERR_INVALID: range_too_long,
 * report_too_large; the zone is a known one. */
MUST_USE err_t report_run(struct ctx *ctx, const struct report_query *query,
                          struct report_table *ret);
/* report->run of stock_cover. */
MUST_USE err_t report_cover(struct ctx *ctx, const struct report_query *query,
                            struct report_table *ret);
/* Sets values from the sums. */
void report_values(const struct report *report, struct report_row *row);

/* The periods of a report by time: their first days, or hours. */
struct report_period {
    utc_ms from;
    str label; /* "2026-11-22" or, by hour, "2026-11-22T14:00". */
};
MUST_USE err_t report_periods(struct ctx *ctx, const struct report_query *query,
                              int64_t from_day, int64_t until,
                              struct report_period **ret, size_t *ret_count);

#endif
